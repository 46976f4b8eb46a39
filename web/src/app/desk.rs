//! The desk: all parts of the page at one state of it.

use super::below::{self, Below};
use crate::browser::{
    Lightable, use_address, use_held_for, use_in_view, use_keys, use_link, use_lit, use_opening, use_play,
    use_printing, use_rate, use_second, use_theme, use_title, use_told_height, use_told_in_view,
};
use crate::ui::dialogs;
use crate::ui::lesson::story::Story;
use crate::ui::lesson::told as lesson;
use crate::ui::settings::toggles::Toggles;
use crate::ui::shell::footer::Footer;
use crate::ui::shell::header::{Asked, Header};
use crate::ui::shell::tabs::{Part, Tabs};
use crate::ui::stage::picture::Stage;
use crate::ui::texts::code;
use crate::ui::timeline::compare::Compare;
use crate::ui::timeline::diagram::{TimelineDiagram, use_lens};
use crate::ui::timeline::storyboard::Storyboard;
use crate::ui::timeline::trace_list::TraceList;
use crate::ui::transport::caption::CaptionText;
use crate::ui::transport::choose::Choose;
use crate::ui::transport::controls::Transport;
use crate::ui::transport::notice::NoticeBar;
use crate::ui::transport::opening::OpeningBar;
use crate::ui::transport::why::Why;
use crate::ui::verdict::panel::{Strip, Verdict};
use lab::Same;
use lab::model::cases::Cases;
use lab::model::comparison::{self, Beside};
use lab::model::lab::Notice;
use lab::model::opening::Opening;
use lab::model::permalink;
use lab::model::place::Place;
use lab::model::player::SPEEDS;
use lab::view::answer::Answer;
use lab::view::keyboard;
use lab::view::keyboard::Pressed;
use lab::view::moment::{self, Said, Showing};
use lab::view::quote::quote;
use lab::view::run::{self, Film};
use lab::view::why::Grounds;
use lab::{Act, Lab};
use scene::view::Acted;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Desk`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The page's address.
    pub place: Place,
    /// What there is to show.
    pub lab: Same<Lab>,
    /// What readers do.
    pub act: Callback<Act>,
}

/// How long a verdict stays while the next one is awaited, in milliseconds.
const STEADY: u32 = 250;

/// Draws the page, embedded or in full.
#[component]
pub(super) fn Desk(props: &Props) -> Html {
    let Props { place, lab: Same(lab), act } = props;
    let part = use_state_eq(Part::default);
    let onturn = {
        let part = part.setter();
        use_callback((), move |to: Part, ()| part.set(to))
    };
    // What is asked for elsewhere and then looked at on the stage.
    let act_on_stage = {
        let onturn = onturn.clone();
        use_callback(act.clone(), move |what: Act, act| {
            onturn.emit(Part::Machine);
            act.emit(what);
        })
    };
    let dialog = use_state(|| None::<Asked>);
    let (theme, next_theme) = use_theme(place.theme, !place.embed);
    let player = lab.player().clone();
    let lens = use_lens(player.trace().len());

    let film = use_memo((Same(player.trace().clone()), Same(player.setup().clone())), |(trace, setup)| {
        let Film { timeline, captions, slots, touches, kinds, fences } =
            Film::new(&setup.0.machine, &trace.0);
        (
            Rc::new(timeline),
            Rc::new(captions),
            Rc::new(slots),
            Rc::new(touches),
            Rc::new(kinds),
            Rc::new(fences),
        )
    });
    let (timeline, captions, slots, touches, kinds, fences) = (*film).clone();
    let texts = [&player.setup().session.scenario, &player.setup().kernel].map(Rc::clone);
    let changed = player.cursor().checked_sub(1).and_then(|step| touches.get(step));
    let changed = changed.map(|touch| touch.cells.clone()).unwrap_or_default();
    let acted_on = lab.touched().then(|| Same(player.setup().clone()));
    use_in_view(acted_on, (Same(player.trace().clone()), player.cursor()), changed);
    // The tour tells of the machine, which a narrow page may have put aside.
    let course = lab.learn().course();
    {
        let onturn = onturn.clone();
        use_effect_with(course, move |course| course.iter().for_each(|_| onturn.emit(Part::Machine)));
    }
    use_told_in_view(".lesson", course.filter(|_| lab.touched()).map(|course| (course, *part)));
    use_lit(Lightable { touches: touches.clone(), cursor: player.cursor(), texts });
    let moment = (Same(player.trace().clone()), Same(player.setup().clone()), player.cursor());
    let showing = {
        let player = player.clone();
        use_memo(moment, move |_| Showing::of(&player))
    };
    let Showing { scene, lines, choices, blocked } = (*showing).clone();
    let rate = use_rate(lab.check().job, lab.check().states());
    let read = use_memo(lab.session().clone(), |session| (moment::sources(session), moment::cases(session)));
    let (sources, cases) = (*read).clone();
    let quoted = {
        let (lab, said, place) = (lab.clone(), Said::of(lab), place.clone());
        use_memo((lab.check().clone(), Same(player.setup().clone()), lab.stale()), move |_| {
            AttrValue::from(quote(&lab, &said, |link| place.address(link)).unwrap_or_default())
        })
    };
    // A verdict stays until there is another one, if that does not take long: nothing flashes while somebody writes.
    let awaited = lab.check().awaited().then_some(lab.check().job);
    let scenario = lab.session().slug.clone();
    let judged = (lab.check().job, scenario, Said::of(lab), (*quoted).clone());
    let (check, _, said, quoted) = use_held_for(STEADY, judged, awaited, |shown, now| shown.1 == now.1);
    let scenario = lab.setup().session.scenario.clone();
    let asked = use_state(|| None::<Rc<str>>);
    let kernels = asked.as_ref() == Some(&scenario) || matches!(lab.beside(), Some(Beside::Kernel(_)));
    let offered = use_memo((Same(player.setup().clone()), kernels), |(setup, kernels)| {
        Rc::new(comparison::offered(&setup.0, *kernels))
    });
    let onask_beside = Callback::from(move |()| asked.set(Some(scenario.clone())));
    let followed = {
        let (player, of) = (player.clone(), (Same(player.trace().clone()), lab.beside().cloned()));
        use_memo((Same(player.setup().clone()), of), move |(_, (_, beside))| {
            beside.as_ref().map(|beside: &Beside| Rc::new(comparison::follow(&player, beside)))
        })
    };
    let grounds = {
        let player = player.clone();
        let run = (Same(player.trace().clone()), Same(player.setup().clone()), lab.why());
        use_memo(run, move |&(_, _, step)| step.map(|step| Rc::new(Grounds::of(&player, step))))
    };
    let grounds = (*grounds).clone();
    // Drawn after the stage and its verdict.
    let below = below::Props {
        setup: Same(player.setup().clone()),
        cells: Same(lab.grid().cells().clone()),
        beside: lab.beside().cloned(),
        code: code::Props {
            sources,
            diagnostics: lab.diagnostics().clone(),
            positions: scene.cpus.iter().map(|cpu| cpu.position.clone()).collect(),
            current: !lab.stale(),
            acted: scene.cpus.iter().find(|cpu| cpu.acted != Acted::No).map(|cpu| cpu.cpu),
            act: act.clone(),
        },
        act: act.clone(),
    };
    let below = use_second(below, lab.session().slug.clone(), lab.check().awaited());

    use_play(player.playing(), SPEEDS[player.speed()], act.clone());
    use_link(act.clone());
    use_address(place, &props.lab);
    {
        let (act, dialog, next_theme) = (act.clone(), dialog.clone(), next_theme.clone());
        use_keys(Callback::from(move |pressed: Pressed| match keyboard::asked(&pressed) {
            Some(keyboard::Asked::Act(what)) => {
                act.emit(what);
                true
            }
            Some(keyboard::Asked::Escape) => {
                act.emit(Act::EndWhy);
                act.emit(Act::Dismiss);
                false
            }
            Some(keyboard::Asked::Theme) => {
                next_theme.emit(());
                true
            }
            Some(keyboard::Asked::Help) => {
                dialog.set(Some(Asked::Help));
                true
            }
            None => false,
        }));
    }

    let sealed = lesson::sealed(lab);
    let along = {
        let distances = lab.distances().clone();
        use_memo((lab.distances().known(), sealed), move |&(_, sealed)| {
            Rc::new(if sealed { Vec::new() } else { distances.along() })
        })
    };
    let along = (*along).clone();
    let away = lab.distances().at(player.cursor()).filter(|_| !sealed);
    let settled = use_memo(Same(player.setup().clone()), |setup| Cases::of(&setup.0));
    let Cases { here: case, changed } = (*settled).clone();
    let answer = {
        let before = lab.before().cloned().map(Same);
        let (run, job) =
            ((Same(player.trace().clone()), player.cursor()), lab.check().report().cloned().map(Same));
        let lab = lab.clone();
        use_memo((before, run, job), move |(before, ..)| {
            before.as_ref().and_then(|before| Answer::of(&before.0, &lab)).map(Rc::new)
        })
    };
    let answer = (*answer).clone();
    use_told_in_view(".answer ul", lab.before().cloned().map(Same).filter(|_| answer.is_some()));
    let unknown = lab.distances().refused().filter(|_| !sealed).map(|why| AttrValue::from(why.to_owned()));
    let printing = use_printing();
    let caption = player.cursor().checked_sub(1).and_then(|step| captions.get(step)).cloned();
    let speculative = scene.cpus.iter().any(|cpu| cpu.acted == Acted::Speculatively);
    let program = player.machine().program();
    use_opening(lab.opening().cloned(), act.clone());
    let opening = lab.opening().map(Opening::sentence);
    let notice = moment::broken(lab).map(|sentence| Notice { warning: true, sentence });
    let notice = notice.or_else(|| lab.notice().cloned());
    let moving = player.forward().then_some(player.cursor());

    let name = &program.name;
    let title = lesson::title(lab).map_or_else(|| name.clone(), |lesson| format!("{lesson} ({name})"));
    use_told_height(place.embed);
    use_title(format!("{title}, step {} of {} \u{2013} TLBscope", player.cursor(), player.trace().len()));
    let story = lesson::told(lab, &said, act).unwrap_or_else(|| {
        html! { <Story about={program.about.clone()} cites={program.cites.clone()}
        tour={lab.learn().tour_of(&lab.session().slug)} /> }
    });
    let storyboard = printing.then(|| {
        html! {
            <Storyboard title={format!("{} on {}", program.name, program.kernel)} verdict={said.sentence.clone()}
                captions={captions.clone()} timeline={timeline.clone()} />
        }
    });
    let shown = said.headline.and_then(|headline| lab.check().report()?.witness(headline.mark()));
    let shown = shown.filter(|(_, way)| *way == player.trace().schedule()).map(|_| player.playing());
    let strip = html! { <Strip mood={said.mood} title={said.title.clone()} about={said.about.clone()} was={said.was.clone()} /> };
    let verdict = html! {
        <Verdict check={check} mood={said.mood} title={said.title} sentence={said.sentence} headline={said.headline} {shown}
            others={said.others} expectations={said.expectations} figures={said.figures} about={said.about.clone()} was={said.was} search={said.search} {rate} quote={quoted} act={act_on_stage} />
    };
    let onorigin = {
        let cursor = player.cursor();
        act.reform(move |cell: String| {
            Act::Origin(run::origin(&touches, cursor, &cell).and_then(|step| u32::try_from(step).ok()))
        })
    };
    let stage = html! { <Stage scene={scene.clone()} {slots} {lines} {moving} choices={choices.clone()} {onorigin} act={act.clone()} /> };
    let time = html! {
        <div class="time">
            <OpeningBar sentence={opening} act={act.clone()} />
            <NoticeBar {notice} act={act.clone()} />
            <Transport cursor={player.cursor()} steps={player.trace().len()} violations={player.violations()} {kinds}
                playing={player.playing()} speed={player.speed()} explained={grounds.is_some()} reduced={lab.reduced()} can_go_on={!choices.is_empty()}
                sentence={caption.as_ref().map(|caption| caption.sentence.clone()).unwrap_or_default()} act={act.clone()} />
            <CaptionText {caption} {speculative} steps={player.trace().len()} />
            if let Some(grounds) = &grounds {
                <Why grounds={grounds.clone()} captions={captions.clone()} cursor={player.cursor()} act={act.clone()} />
            }
        </div>
    };
    if place.embed {
        let full = place.address(&permalink::encode_beside(&player, lab.beside()));
        return html! {
            <main class="embed">
                <h1 class="visually-hidden">{ &title }</h1>
                { verdict }<div class="scene">{ stage }</div>{ time }{ storyboard }
                <p class="full"><a href={full} target="_blank" rel="noopener" data-testid="open-in-full">{ "Open in full" }</a></p>
            </main>
        };
    }
    let onask = {
        let (dialog, next_theme) = (dialog.clone(), next_theme.clone());
        Callback::from(move |asked: Asked| match asked {
            Asked::Theme => next_theme.emit(()),
            other => dialog.set(Some(other)),
        })
    };
    html! {
        <div class="page" data-part={part.name()}>
            <Header scenario={program.name.clone()} kernel={program.kernel.clone()} about={said.about} tour={lab.learn().tour_address()} {theme} {onask} />
            <main id="main" tabindex="-1">
                <h1 class="visually-hidden">{ &title }</h1>
                <div class="left">
                    { story }{ stage }{ time }<Tabs part={*part} {onturn} />
                    <TimelineDiagram {timeline} {grounds} {along} lens={lens.clone()} cursor={player.cursor()} act={act.clone()} />
                    <Compare {lens} offered={(*offered).clone()} beside={lab.beside().cloned()} followed={(*followed).clone()} cursor={player.cursor()} onask={onask_beside} act={act.clone()} />
                    if let Some(below) = below { <Below ..below /> }
                </div>
                <div class="right">
                    if !sealed { { verdict }{ strip } }
                    <Toggles options={program.options.clone()} {cases} {case} {changed} {answer} act={act.clone()} />
                    <Choose {choices} {blocked} {away} {unknown} kept={player.kept().map(|kept| kept.trace.len())} at_end={player.at_end()} act={act.clone()} />
                    <TraceList {captions} {fences} steps={player.trace().len()} cursor={player.cursor()} act={act.clone()} />
                </div>
            </main>
            { storyboard }
            <Footer laws={x86::Law::ALL.len()} model={machine::MODEL} />
            { dialogs::dialogs(&dialog, place, &player, lab, act) }
        </div>
    }
}
