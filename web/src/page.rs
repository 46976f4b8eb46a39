//! The page at one state of it: its areas in their places, and what belongs to no area.

use crate::browser::{
    Shows, focus, focus_where_lost, go_to, keep_shown, print, scroll, shown_before_reload, tell_presented,
    use_highlight, use_isolated_copies, use_keys, use_link, use_opening, use_paper, use_play, use_presented,
    use_said, use_second, use_theme, use_title, use_told_in_view,
};
use crate::ui::cost::CostArea;
use crate::ui::cost::back::WayBack;
use crate::ui::cost::clock::ClockArea;
use crate::ui::cost::table::{CAME, PLACE};
use crate::ui::dialogs;
use crate::ui::lesson::lesson;
use crate::ui::parts::dispatch::Dispatch;
use crate::ui::parts::navigation::Navigation;
use crate::ui::settings::{SettingsArea, TablesArea};
use crate::ui::shell::footer::footer;
use crate::ui::shell::header::Header;
use crate::ui::shell::tabs::Tabs;
use crate::ui::stage::StageArea;
use crate::ui::texts::TextsArea;
use crate::ui::texts::reading::reading;
use crate::ui::timeline::storyboard::storyboard;
use crate::ui::timeline::{TimelineArea, sentences};
use crate::ui::transport::{next, transport};
use crate::ui::verdict::findings::Findings;
use crate::ui::verdict::strip::strip;
use crate::ui::verdict::wager::wager;
use crate::ui::verdict::{Judged, VerdictArea, use_judged};
use lab::model::address::{Address, Theme};
use lab::model::embed::EmbedPart;
use lab::model::permalink;
use lab::model::player::SPEEDS;
use lab::model::timed::TimedAct;
use lab::view::direction::isolated_text;
use lab::view::highlight::Highlight;
use lab::view::keyboard::{self, Pressed};
use lab::view::page::{Dialog, Tab};
use lab::view::policies;
use lab::view::present::{self, Ask, Mode, Way};
use lab::view::shown::Shown;
use lab::{Act, Lab, Same};
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The page's address.
    pub address: Address,
    /// What to draw.
    pub shown: Rc<Shown>,
    /// Who takes what readers do.
    pub act: Callback<Act>,
}

/// Draws the page, embedded or in full.
#[component]
pub(super) fn Page(props: &Props) -> Html {
    let Props { address, shown, act } = props;
    let lab = &shown.lab;
    let tab = use_state_eq(shown_before_reload);
    use_effect_with((*tab, address.embed), |(tab, embed)| {
        // A frame in somebody else's page leaves nothing behind.
        if !embed {
            keep_shown(*tab);
        }
    });
    let to_tab = {
        let tab = tab.setter();
        use_callback((), move |to: Tab, ()| tab.set(to))
    };
    let on_stage = use_on_stage(act, &to_tab);
    let dialog = use_state_eq(|| None::<Dialog>);
    let onask = {
        let dialog = dialog.setter();
        use_callback((), move |asked: Dialog, ()| dialog.set(Some(asked)))
    };
    let (theme, ontheme) = use_theme(address.theme, !address.embed);
    use_course_in_view(lab, *tab, &to_tab);
    use_comparison_in_view(lab, *tab, &to_tab);
    let judged = use_judged(address, lab);
    // Drawn after the stage and its verdict, and, if that takes not long, after the number of rows of kernels is
    // known: then nothing below moves.
    let awaited = lab.check().silent() || policies::untried(lab.setup(), lab.grid());
    let below = use_second(shown.clone(), lab.session().slug.clone(), awaited);
    let drawn = below.as_ref().is_some_and(|below| Rc::ptr_eq(below, shown));
    let to_costs = use_way_to_costs(lab, act, &to_tab, drawn);
    let navigation = Navigation { tab: *tab, to_tab, to_costs };
    use_machinery(shown, act);
    let (mode, onmode, onspeaker) = use_mode(address, shown, act, &dialog);
    use_shortcuts(act, &dialog, &ontheme, (mode, &onmode, &onspeaker));
    let board = Board::of(address, shown, &judged);
    // A page that is the storyboard already is printed as it is.
    use_paper((mode != Mode::Board).then(|| board.clone()), paper);
    let title = title(lab);
    use_title(format!(
        "{}, step {} of {} \u{2013} TLBscope",
        isolated_text(&title),
        lab.player().cursor(),
        lab.player().trace().len()
    ));
    let layout = Layout { address, shown, judged: &judged, title: &title };
    let page = if address.embed {
        layout.embedded()
    } else if mode == Mode::Board {
        layout.board(&onmode, &board)
    } else {
        let whole = Whole { tab: *tab, dialog, onask, theme, ontheme, mode, onmode, onspeaker, on_stage };
        layout.full(&whole, below)
    };
    html! {
        <ContextProvider<Dispatch> context={Dispatch(act.clone())}>
            <ContextProvider<Navigation> context={navigation}>{ page }</ContextProvider<Navigation>>
        </ContextProvider<Dispatch>>
    }
}

/// What the page is called: by the lesson that the reader is in, and by its scenario.
fn title(lab: &Lab) -> String {
    let name = &lab.player().machine().program().name;
    lab::view::lesson::title(lab).map_or_else(|| name.clone(), |lesson| format!("{lesson} ({name})"))
}

/// What the storyboard is made of.
#[derive(Clone)]
struct Board {
    shown: Rc<Shown>,
    verdict: String,
    link: String,
}

impl Board {
    fn of(address: &Address, shown: &Rc<Shown>, judged: &Judged) -> Board {
        let link = address.to(&shown.lab.link());
        Board { shown: shown.clone(), verdict: judged.said.sentence.clone(), link }
    }

    fn draw(&self) -> Html {
        let (run, program) = (&self.shown.run, self.shown.lab.player().machine().program());
        let title = format!("{} on {}", program.name, program.kernel);
        storyboard(&title, &self.verdict, &self.link, &run.captions, &run.timeline)
    }
}

/// The run on paper.
fn paper(board: &Option<Board>) -> Html {
    board.as_ref().map(Board::draw).unwrap_or_default()
}

/// The tour tells of the machine, which a narrow page may have put aside; and what it tells is brought into view.
#[hook]
fn use_course_in_view(lab: &Lab, tab: Tab, to_tab: &Callback<Tab>) {
    let course = lab.lesson().course().map(|course| (course, lab.lesson().entered()));
    let (to_tab, met) = (to_tab.clone(), use_mut_ref(|| false));
    // A page that opens in a course shows what it showed before it was loaded anew.
    use_effect_with(course, move |course| {
        if met.replace(true) {
            course.iter().for_each(|_| to_tab.emit(Tab::Machine));
        }
    });
    // A reader who goes to the costs wants to see them.
    let told = course.filter(|_| tab != Tab::Cost).map(|course| (course, tab));
    // What the page opens with is where the page begins.
    let first = use_mut_ref(|| Some(told));
    if *first.borrow() != Some(told) {
        *first.borrow_mut() = None;
    }
    let told = told.filter(|_| first.borrow().is_none());
    use_told_in_view(".lesson", told);
    // What was clicked may have gone with the moment before, such as the way on to the last one.
    use_effect_with(told, |told| {
        if told.is_some() {
            focus_where_lost(".lesson h2");
            // As much as possible of the picture below it is in view with it.
            if scroll::is_narrow() {
                scroll::turn_to(".lesson");
            }
        }
    });
}

/// A comparison that the reader asks for, wherever that is and whenever again, comes into view; a narrow page turns to the run.
#[hook]
fn use_comparison_in_view(lab: &Lab, tab: Tab, to_tab: &Callback<Tab>) {
    let asked = lab.compared();
    let (to_tab, before) = (to_tab.clone(), use_mut_ref(|| asked));
    use_effect_with(asked, move |&asked| {
        if before.replace(asked) < asked {
            to_tab.emit(Tab::Run);
        }
    });
    let told = lab.counterpart().filter(|_| asked > 0 && tab == Tab::Run);
    use_told_in_view(".compare", told.map(|_| asked));
}

/// The way to the costs: they are opened, and come into view as soon as they are `drawn` as they are now.
#[hook]
fn use_way_to_costs(lab: &Lab, act: &Callback<Act>, to_tab: &Callback<Tab>, drawn: bool) -> Callback<bool> {
    let (asked, gone) = (use_state_eq(|| (0_u32, false)), use_mut_ref(|| 0_u32));
    // After a narrow page has turned to them.
    use_effect_with((*asked, drawn), move |&((asked, back), drawn)| {
        if drawn && gone.replace(asked) < asked && !(back && focus(CAME)) {
            focus(PLACE);
            scroll::turn_to(".cost");
        }
    });
    let (next, setter) = (asked.0 + 1, asked.setter());
    use_callback(
        (act.clone(), to_tab.clone(), next, lab.timed().is_open()),
        move |back, (act, to_tab, next, open)| {
            to_tab.emit(Tab::Cost);
            if !open {
                act.emit(Act::Timed(TimedAct::Open));
            }
            setter.set((*next, back));
        },
    )
}

/// Takes actions that a reader takes elsewhere and whose result is on the stage: a narrow page turns to it.
#[hook]
fn use_on_stage(act: &Callback<Act>, to_tab: &Callback<Tab>) -> Callback<Act> {
    let asked = use_mut_ref(|| false);
    let on_stage = {
        let (to_tab, asked) = (to_tab.clone(), asked.clone());
        use_callback(act.clone(), move |what: Act, act| {
            to_tab.emit(Tab::Machine);
            act.emit(what);
            *asked.borrow_mut() = true;
        })
    };
    // Once it is drawn. On a phone the story above it may be as high as the screen.
    use_effect(move || {
        if asked.replace(false) && scroll::is_narrow() {
            scroll::turn_to(".stage");
        }
    });
    on_stage
}

/// What happens apart from drawing: time passes, links are followed, related things are highlighted.
#[hook]
fn use_machinery(shown: &Shown, act: &Callback<Act>) {
    let (lab, player) = (&shown.lab, shown.lab.player());
    let texts = [&player.setup().session.experiment.scenario, &player.setup().kernel].map(Arc::clone);
    use_highlight(Highlight { touches: shown.run.touches.clone(), cursor: player.cursor(), texts });
    use_play(player.playing(), SPEEDS[player.speed()], act.clone());
    use_opening(lab.opening().cloned(), act.clone());
    use_isolated_copies();
}

/// How the page is shown, what changes that, and what takes what a speaker asks for.
#[hook]
fn use_mode(
    address: &Address,
    shown: &Shown,
    act: &Callback<Act>,
    dialog: &UseStateHandle<Option<Dialog>>,
) -> (Mode, Callback<Mode>, Callback<Ask>) {
    let begins = if address.present { Mode::Presented { black: false } } else { Mode::Whole };
    let mode = use_state_eq(|| if address.embed { Mode::Whole } else { begins });
    let presented = matches!(*mode, Mode::Presented { .. });
    use_presented(presented, Same(shown.run.slots.clone()));
    let lesson = shown.lab.lesson();
    let answered = (lesson.entered(), lesson.answered(), lesson.bet(), shown.lab.check().report().is_some());
    use_said(presented, (Same(shown.run.captions.clone()), shown.lab.player().cursor(), answered));
    let onmode = {
        let (page, setter) = (address.clone(), mode.setter());
        Callback::from(move |to: Mode| {
            tell_presented(&page, matches!(to, Mode::Presented { .. }));
            setter.set(to);
        })
    };
    {
        // An address of the page that the reader goes to, perhaps by the browser's Back, says how it is shown.
        let (act, now, setter, embed) = (act.clone(), *mode, mode.setter(), address.embed);
        let dialog = dialog.setter();
        let course = lesson.address().filter(|_| lesson.wandered() && !embed);
        use_link(
            Shows { presented, course },
            Callback::from(move |to: Address| {
                match now {
                    Mode::Presented { .. } if to.present => {}
                    _ if embed => {}
                    _ if to.present => setter.set(Mode::Presented { black: false }),
                    _ => setter.set(Mode::Whole),
                }
                dialog.set(None);
                act.emit(to.link.map_or(Act::Home, Act::Follow));
            }),
        );
    }
    let (now, act, lab, turn) = (*mode, act.clone(), shown.lab.clone(), onmode.clone());
    let onspeaker = Callback::from(move |ask: Ask| match ask {
        Ask::Leave => turn.emit(Mode::Whole),
        // Whatever is asked for while it is black brings the picture back.
        _ if now == Mode::Presented { black: true } => turn.emit(Mode::Presented { black: false }),
        Ask::Blank => turn.emit(Mode::Presented { black: true }),
        _ => match present::way(&lab, ask) {
            Some(Way::Act(what)) => act.emit(what),
            Some(Way::To(link)) => go_to(&link),
            None => {}
        },
    });
    (*mode, onmode, onspeaker)
}

/// Keys pressed anywhere on the page. A speaker has others.
#[hook]
fn use_shortcuts(
    act: &Callback<Act>,
    dialog: &UseStateHandle<Option<Dialog>>,
    ontheme: &Callback<()>,
    asked: (Mode, &Callback<Mode>, &Callback<Ask>),
) {
    let (act, dialog, ontheme) = (act.clone(), dialog.setter(), ontheme.clone());
    let (mode, onmode, onspeaker) = (asked.0, asked.1.clone(), asked.2.clone());
    use_keys(Callback::from(move |pressed: Pressed| match keyboard::command(&pressed) {
        _ if mode != Mode::Whole => {
            let ask = present::asked(&pressed.key, pressed.on_control);
            // The run on paper has all of its steps.
            let ask = ask.filter(|ask| mode != Mode::Board || *ask == Ask::Leave);
            ask.iter().for_each(|ask| onspeaker.emit(*ask));
            ask.is_some()
        }
        Some(keyboard::Command::Present) => {
            onmode.emit(Mode::Presented { black: false });
            true
        }
        Some(keyboard::Command::Act(what)) => {
            act.emit(what);
            true
        }
        Some(keyboard::Command::Escape) => {
            act.emit(Act::EndWhy);
            act.emit(Act::Dismiss);
            false
        }
        Some(keyboard::Command::Theme) => {
            ontheme.emit(());
            true
        }
        Some(keyboard::Command::Help) => {
            dialog.set(Some(Dialog::Help));
            true
        }
        None => false,
    }));
}

/// What both ways of drawing the page have.
struct Layout<'a> {
    address: &'a Address,
    shown: &'a Rc<Shown>,
    judged: &'a Judged,
    title: &'a str,
}

/// What only the page in full has.
struct Whole {
    tab: Tab,
    dialog: UseStateHandle<Option<Dialog>>,
    onask: Callback<Dialog>,
    theme: Theme,
    ontheme: Callback<()>,
    mode: Mode,
    onmode: Callback<Mode>,
    onspeaker: Callback<Ask>,
    on_stage: Callback<Act>,
}

impl Layout<'_> {
    /// The compact view, inside another page.
    fn embedded(&self) -> Html {
        let Layout { address, shown, judged, title, .. } = self;
        let full = address.to(&permalink::encode_compared(shown.lab.player(), shown.lab.counterpart()));
        let (shown, judged) = ((*shown).clone(), (*judged).clone());
        let (lab, choices) = (&shown.lab, &address.choices);
        let class = classes!(
            "embed",
            (!choices.shows(EmbedPart::Caption)).then_some("mute"),
            lab.counterpart().map(|_| "compares")
        );
        html! {
            <main {class}>
                <h1 class="visually-hidden">{ *title }</h1>
                if choices.shows(EmbedPart::Verdict) {
                    if choices.bet { { wager(lab.check().job, judged.said.mood) } }
                    <VerdictArea shown={shown.clone()} {judged} />
                }
                if choices.shows(EmbedPart::Switches) {
                    <fieldset class="sets" disabled={choices.locked}><SettingsArea shown={shown.clone()} /></fieldset>
                }
                if choices.shows(EmbedPart::Stage) { <div class="scene"><StageArea shown={shown.clone()} /></div> }
                if choices.shows(EmbedPart::Timeline) { <TimelineArea shown={shown.clone()} /> }
                if choices.shows_a_moment() { { transport(&shown, html! {}) } }
                if choices.shows(EmbedPart::Code) { { reading(&shown) } }
                <p class="full"><a href={full} target="_blank" rel="noopener" data-testid="open-in-full">{ "Open in full" }</a></p>
            </main>
        }
    }

    /// The run as on paper, with its link, and the way back.
    fn board(&self, onmode: &Callback<Mode>, board: &Board) -> Html {
        html! {
            <main class="board" data-testid="board">
                <p class="ways">
                    <button type="button" data-testid="board-back" onclick={onmode.reform(|_: MouseEvent| Mode::Whole)}>{ "Back to the page" }</button>
                    <button type="button" onclick={|_: MouseEvent| print()}>{ "Print" }</button>
                </p>
                { board.draw() }
            </main>
        }
    }

    /// What a speaker has beside the keys.
    fn speaker(onspeaker: &Callback<Ask>) -> Html {
        let button = |ask: Ask, name: &'static str, id: &'static str| {
            html! { <button type="button" data-testid={id} onclick={onspeaker.reform(move |_: MouseEvent| ask)}>{ name }</button> }
        };
        html! {
            <nav class="speaker" aria-label="Presenting">
                { button(Ask::Back, "Back", "present-back") }
                { button(Ask::On, "Next", "present-on") }
                { button(Ask::Blank, "Black", "present-black") }
                { button(Ask::Leave, "Leave", "present-leave") }
            </nav>
        }
    }

    fn full(&self, whole: &Whole, below: Option<Rc<Shown>>) -> Html {
        let Layout { address, shown, judged, title, .. } = self;
        let (lab, shown, judged) = (&shown.lab, (*shown).clone(), (*judged).clone());
        let Whole { tab, dialog, onask, theme, ontheme, mode, onmode, onspeaker, on_stage: _ } = whole;
        let program = lab.player().machine().program();
        let presented = matches!(mode, Mode::Presented { .. });
        let onclose = {
            let dialog = dialog.setter();
            Callback::from(move |()| dialog.set(None))
        };
        let back = html! { <WayBack shown={shown.clone()} /> };
        html! {
            <div class={classes!("page", presented.then_some("presented"))} data-part={tab.name()}>
                <Header scenario={program.name.clone()} kernel={program.kernel.clone()} about={lab.about().beside_a_name()}
                    tour={lab.lesson().tour_address()} theme={*theme} onask={onask.clone()} ontheme={ontheme.clone()} onmode={onmode.clone()} />
                <main id="main" tabindex="-1">
                    <h1 class="visually-hidden">{ *title }</h1>
                    if presented { { Layout::speaker(onspeaker) } }
                    { lesson(&shown, &judged.said) }
                    <div class="left">
                        <StageArea shown={shown.clone()} />
                        { transport(&shown, back) }
                        <ClockArea shown={shown.clone()} />
                        <Tabs />
                        <TimelineArea shown={shown.clone()} />
                        if let Some(shown) = below {
                            <TablesArea shown={shown.clone()} />
                            <CostArea shown={shown.clone()} />
                            <TextsArea {shown} />
                        }
                    </div>
                    <div class="right">
                        { self.verdict(whole) }
                        <SettingsArea shown={shown.clone()} />
                        { next(&shown) }
                        { sentences(&shown) }
                        { self.findings(whole) }
                    </div>
                </main>
                if *mode == (Mode::Presented { black: true }) {
                    <div class="black" data-testid="black" onclick={onspeaker.reform(|_: MouseEvent| Ask::Blank)} />
                }
                { footer(x86::Law::ALL.len(), machine::MODEL) }
                if let Some(dialog) = **dialog { { dialogs::open(dialog, lab, address, onclose) } }
            </div>
        }
    }

    /// The verdict, unless it would give a challenge away.
    fn verdict(&self, whole: &Whole) -> Html {
        if lab::view::lesson::sealed(&self.shown.lab) {
            return html! {};
        }
        html! {
            <>
                <ContextProvider<Dispatch> context={Dispatch(whole.on_stage.clone())}>
                    <VerdictArea shown={self.shown.clone()} judged={self.judged.clone()} />
                </ContextProvider<Dispatch>>
                { strip(&self.judged.said, self.shown.lab.stale()) }
            </>
        }
    }

    /// What else there is to say about the verdict.
    fn findings(&self, whole: &Whole) -> Html {
        if lab::view::lesson::sealed(&self.shown.lab) {
            return html! {};
        }
        let Judged { said, unreached, next, .. } = self.judged.clone();
        html! {
            <ContextProvider<Dispatch> context={Dispatch(whole.on_stage.clone())}>
                <Findings {said} {unreached} {next} />
            </ContextProvider<Dispatch>>
        }
    }
}
