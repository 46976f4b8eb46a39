//! The run as JSON, for programs: what it is about, each step, and the machine at the moment shown. `docs/json.md` explains
//! each field; a test compares the two.

use crate::{ExportedRun, Told, by_hardware};
use lang::source::{Site, SourceId, Span};
use scene::view::{
    BandView, CacheView, Change, CpuView, HolderView, MessageKind, Scene, TileKind, TileView, Tone,
    VariableView,
};
use serde::Serialize;
use std::collections::BTreeMap;
use x86::Law;

/// The version of this format.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Whole {
    kind: &'static str,
    version: u32,
    model: u16,
    scenario: String,
    case: Option<String>,
    kernel: String,
    options: BTreeMap<String, String>,
    bounds: String,
    link: String,
    length: usize,
    left_out: usize,
    cursor: usize,
    steps: Vec<Taken>,
    messages: Vec<Message>,
    dangers: Vec<Danger>,
    moment: Moment,
}

#[derive(Serialize)]
struct Taken {
    number: u32,
    cpu: u8,
    by: &'static str,
    code: u32,
    sentence: String,
    because: String,
    rules: Vec<String>,
    violates: Vec<&'static str>,
    meaning: Option<&'static str>,
    place: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    text: &'static str,
    extended: Option<String>,
    function: String,
    line: u32,
}

#[derive(Serialize)]
struct Message {
    kind: &'static str,
    from_cpu: u8,
    from_step: u32,
    to_cpu: u8,
    to_step: Option<u32>,
}

#[derive(Serialize)]
struct Danger {
    cpu: u8,
    from_step: u32,
    to_step: u32,
    sentence: String,
}

#[derive(Serialize)]
struct Moment {
    cpus: Vec<Cpu>,
    memory: Vec<Frame>,
    variables: BTreeMap<String, String>,
    free_list: Vec<String>,
    stopped: bool,
}

#[derive(Serialize)]
struct Cpu {
    cpu: u8,
    mode: String,
    handler: Option<String>,
    cr3: Row,
    paging_structure_caches: Vec<Row>,
    tlb: Vec<Row>,
    store_buffer: Vec<Row>,
    pending: Vec<Row>,
    variables: BTreeMap<String, String>,
    place: Option<Place>,
    waits: Option<String>,
    in_danger: bool,
}

#[derive(Serialize)]
struct Row {
    key: String,
    value: String,
    tag: Option<String>,
    usable: bool,
    meaning: Option<&'static str>,
}

#[derive(Serialize)]
struct Frame {
    id: String,
    name: String,
    number: String,
    kind: &'static str,
    owner: String,
    meaning: Option<&'static str>,
    words: Vec<Word>,
    reached_from: Vec<Holder>,
}

#[derive(Serialize)]
struct Word {
    index: String,
    text: String,
    raw: String,
}

#[derive(Serialize)]
struct Holder {
    cpu: u8,
    what: &'static str,
    usable: bool,
    meaning: Option<&'static str>,
}

/// The run as one JSON object.
#[must_use]
pub fn json(run: &ExportedRun<'_>) -> String {
    let program = run.machine.program();
    let told = run.told();
    let timeline = scene::timeline(run.machine, run.trace);
    let cpus = timeline.lanes.len().saturating_sub(1) as u8;
    let chosen = |option: &lang::program::ProgramOption| {
        let choice = option.choices.get(usize::from(option.chosen))?;
        Some((option.name.clone(), choice.clone()))
    };
    let written = u32::try_from(run.written()).unwrap_or(u32::MAX);
    let messages = timeline.arrows.iter().filter(|arrow| arrow.from_step <= written).map(|arrow| {
        let arrived = arrow.to_step > arrow.from_step && arrow.to_step <= written;
        let arrived = arrived.then_some(arrow.to_step);
        let kind = match arrow.kind {
            MessageKind::Ipi => "ipi",
            MessageKind::Done => "handled",
            MessageKind::NotSent => "not_sent",
        };
        let (from_cpu, from_step, to_cpu) = (arrow.from_lane, arrow.from_step, arrow.to_lane);
        Message { kind, from_cpu, from_step, to_cpu, to_step: arrived }
    });
    let shown = |band: &&BandView| band.lane < cpus && (band.from_step < written || band.to_step <= written);
    let dangers = timeline.bands.iter().filter(shown).map(|band| Danger {
        cpu: band.lane,
        from_step: band.from_step,
        to_step: band.to_step.min(written),
        sentence: band.label.clone(),
    });
    let cursor = run.cursor.min(run.trace.len());
    let scene = scene::frame(run.machine, None, None, &run.trace.state(run.machine, cursor));
    let whole = Whole {
        kind: "run",
        version: VERSION,
        model: machine::MODEL,
        scenario: program.name.clone(),
        case: run.case.map(str::to_owned),
        kernel: program.kernel.clone(),
        options: program.options.iter().filter_map(chosen).collect(),
        bounds: scene::bounds(run.machine, false),
        link: format!("#{}", run.link),
        length: run.trace.len(),
        left_out: run.left_out(),
        cursor,
        steps: told.iter().map(|told| taken(run, told)).collect(),
        messages: messages.collect(),
        dangers: dangers.collect(),
        moment: moment(run, &scene),
    };
    // Plain strings, numbers and lists can always be written.
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

/// The word for a tone.
const fn meaning(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain | Tone::Muted => None,
        Tone::Speculative => Some("speculative"),
        Tone::Stale => Some("stale"),
        Tone::Corrupt => Some("corrupt"),
        Tone::Safe => Some("safe"),
    }
}

fn taken(run: &ExportedRun<'_>, told: &Told<'_>) -> Taken {
    let caption = &told.caption;
    let laws = caption.laws.iter().filter_map(|&number| Law::from_number(number));
    Taken {
        number: told.number,
        cpu: told.step.action.cpu(),
        by: if by_hardware(told.step.action) { "hardware" } else { "software" },
        code: told.step.action.code(),
        sentence: caption.sentence.clone(),
        because: caption.because.clone(),
        rules: laws.map(|law| law.to_string()).collect(),
        violates: caption.violations.clone(),
        meaning: meaning(caption.tone),
        place: told.site.map(|site: &Site| place(run, site.source, site.span, &site.function)),
    }
}

fn place(run: &ExportedRun<'_>, source: SourceId, span: Span, function: &str) -> Place {
    Place {
        text: if source == SourceId::KERNEL { "kernel" } else { "scenario" },
        extended: run.sources.extended(source, span).map(str::to_owned),
        function: function.to_owned(),
        line: run.sources.line(source, span),
    }
}

fn moment(run: &ExportedRun<'_>, scene: &Scene) -> Moment {
    Moment {
        cpus: scene.cpus.iter().map(|view| cpu(run, view)).collect(),
        memory: scene.memory.tiles.iter().map(frame).collect(),
        variables: variables(&scene.variables),
        free_list: scene.free_list.clone(),
        stopped: scene.stopped,
    }
}

fn variables(views: &[VariableView]) -> BTreeMap<String, String> {
    views.iter().map(|view| (view.name.clone(), view.value.clone())).collect()
}

fn cpu(run: &ExportedRun<'_>, view: &CpuView) -> Cpu {
    let rows =
        |rows: &[CacheView]| rows.iter().filter(|row| row.change != Change::Removed).map(row).collect();
    let position = &view.position;
    let span = Span { start: position.start, end: position.end };
    let at = || place(run, SourceId(position.source), span, &position.function);
    Cpu {
        cpu: view.cpu,
        mode: view.mode.clone(),
        handler: view.handler.clone(),
        cr3: Row {
            key: "CR3".to_owned(),
            value: view.cr3.value.clone(),
            tag: view.cr3.tag.clone(),
            usable: true,
            meaning: meaning(view.cr3.tone),
        },
        paging_structure_caches: rows(&view.psc),
        tlb: rows(&view.tlb),
        store_buffer: rows(&view.buffer),
        pending: rows(&view.pending),
        variables: variables(&view.variables),
        place: (!position.ended).then(at),
        waits: position.waits.clone(),
        in_danger: view.danger.is_some(),
    }
}

fn row(view: &CacheView) -> Row {
    Row {
        key: view.key.clone(),
        value: view.value.clone(),
        tag: view.tag.clone(),
        usable: view.usable,
        meaning: meaning(view.tone),
    }
}

fn frame(tile: &TileView) -> Frame {
    let holder = |holder: &HolderView| Holder {
        cpu: holder.cpu,
        what: holder.what,
        usable: holder.usable,
        meaning: meaning(holder.tone),
    };
    let words = tile.words.iter().map(|word| {
        let index = word.index.trim_matches(['[', ']']).to_owned();
        Word { index, text: word.text.clone(), raw: word.raw.clone() }
    });
    Frame {
        id: tile.id.clone(),
        name: tile.name.clone(),
        number: tile.number.clone(),
        kind: match tile.kind {
            TileKind::Table => "table",
            TileKind::User => "user",
            TileKind::Data => "data",
            TileKind::Free => "free",
            TileKind::Device => "device",
        },
        owner: tile.owner.clone(),
        meaning: meaning(tile.tone),
        words: words.collect(),
        reached_from: tile.holders.iter().map(holder).collect(),
    }
}
