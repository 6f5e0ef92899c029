//! The stages before and after, with what has changed marked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::diff::{Aspect, Change, Difference, Kind, Part};
use crate::emit::diagram::label;
use crate::emit::sentence::in_language;
use crate::model::{Origin, Process, StageId, TransitionId, TransitionKind};

use crate::diff::render::words;

/// Of more stages than this only those that have changed are drawn, and their neighbours.
const MOST_STAGES: usize = 20;
/// More than this is no picture any more.
const MOST_DRAWN: usize = 40;

/// How something is drawn; the strongest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Changed,
    Added,
    Removed,
}

impl Mark {
    fn of(kind: Kind, whole: bool) -> Self {
        match kind {
            Kind::Added if whole => Mark::Added,
            Kind::Removed | Kind::Retired | Kind::Merged if whole => Mark::Removed,
            _ => Mark::Changed,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Mark::Changed => "changed",
            Mark::Added => "added",
            Mark::Removed => "removed",
        }
    }

    fn color(self) -> &'static str {
        match self {
            Mark::Changed => "#b8860b",
            Mark::Added => "#2e7d4f",
            Mark::Removed => "#a33a3a",
        }
    }
}

const CLASSES: &str = "  classDef changed fill:#fff3cd,stroke:#b8860b,color:#3d3110
  classDef added fill:#d9f2e1,stroke:#2e7d4f,color:#10331f
  classDef removed fill:#f7dcdc,stroke:#a33a3a,color:#401313,stroke-dasharray:5 4
";

/// What is marked in one of the two pictures.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) stages: BTreeMap<StageId, Mark>,
    pub(crate) moves: BTreeMap<TransitionId, Mark>,
}

impl Marks {
    fn add(&mut self, part: Option<Part>, mark: Mark, process: &Process) {
        let stage = match part {
            Some(Part::Stage(id)) => id,
            Some(Part::Criterion(id)) => process.criteria[id].stage,
            Some(Part::Move(id)) => {
                let known = self.moves.entry(id).or_insert(mark);
                *known = (*known).max(mark);
                return;
            }
            _ => return,
        };
        // A criterion that came or went changes its stage.
        let mark = if matches!(part, Some(Part::Stage(_))) { mark } else { Mark::Changed };
        let known = self.stages.entry(stage).or_insert(mark);
        *known = (*known).max(mark);
    }
}

/// Both pictures, when the map has changed; else nothing.
pub(super) fn maps(difference: &Difference<'_>, language: &str) -> String {
    let Some([before, after]) = pictures(difference, language) else { return String::new() };
    let shown = |heading: &str, drawn: &str| format!("**{heading}**\n\n```mermaid\n{drawn}```\n");
    format!("### The map\n\n{}\n{}", shown("Before", &before), shown("After", &after))
}

/// The stages before and after as Mermaid draws them, when the map has changed and is no larger
/// than a picture can be.
pub(crate) fn pictures(difference: &Difference<'_>, language: &str) -> Option<[String; 2]> {
    let moves_the_map = |change: &Change<'_>| {
        let of = change.part.new.or(change.part.old);
        matches!(of, Some(Part::Stage(_) | Part::Move(_)))
            && matches!(change.aspect, Aspect::Whole | Aspect::Of("kind" | "exceptions"))
    };
    if !difference.changes.iter().any(moves_the_map) {
        return None;
    }
    let [before, after] = marks(difference);
    let (old, new) = (difference.old, difference.new);
    // Both show as much as the larger one can.
    let whole = old.stages.len().max(new.stages.len()) <= MOST_STAGES;
    Some([picture(old, &before, whole, language)?, picture(new, &after, whole, language)?])
}

/// What is marked in the old process, and in the new one.
pub(crate) fn marks(difference: &Difference<'_>) -> [Marks; 2] {
    let (mut before, mut after) = (Marks::default(), Marks::default());
    for change in &difference.changes {
        let is_drawn = change.kind != Kind::Reworded && change.kind != Kind::Unmatched;
        if !is_drawn || change.aspect.word().is_some_and(|word| !DRAWN.contains(&word)) {
            continue;
        }
        let mark = Mark::of(change.kind, change.aspect == Aspect::Whole);
        before.add(change.part.old, mark, difference.old);
        after.add(change.part.new, mark, difference.new);
    }
    [before, after]
}

/// Properties whose change marks a stage or move.
const DRAWN: [&str; 10] = [
    "condition",
    "when",
    "kind",
    "owner",
    "limit",
    "after",
    "record",
    "entry",
    "outcome",
    "exceptions",
];

fn picture(process: &Process, marks: &Marks, whole: bool, language: &str) -> Option<String> {
    let all: Vec<StageId> = if whole {
        process.stages.ids().collect()
    } else {
        let mut near: Vec<StageId> = marks.stages.keys().copied().collect();
        for stage in marks.stages.keys() {
            let stage = &process.stages[*stage];
            let ends = |id: &TransitionId| {
                let transition = &process.transitions[*id];
                (transition.origin == Origin::Declared).then_some([transition.from, transition.to])
            };
            near.extend(stage.outgoing.iter().chain(&stage.incoming).filter_map(ends).flatten());
        }
        for id in marks.moves.keys() {
            let transition = &process.transitions[*id];
            near.extend((transition.origin != Origin::AnyOpen).then_some(transition.from));
            near.push(transition.to);
        }
        near.sort_unstable();
        near.dedup();
        near
    };
    if all.len() > MOST_DRAWN {
        return None;
    }
    let mut out = String::from("flowchart LR\n");
    for id in &all {
        let stage = &process.stages[*id];
        let title = label(in_language(&stage.title, language));
        let mark = marks.stages.get(id).map_or(String::new(), |mark| format!(":::{}", mark.word()));
        let _ = match stage.outcome {
            Some(_) => writeln!(out, "  s_{}([\"{title}\"]){mark}", stage.name),
            None => writeln!(out, "  s_{}[\"{title}\"]{mark}", stage.name),
        };
    }
    let ways = any_open(process, marks, &all);
    for (number, way) in ways.iter().enumerate() {
        let title = label(&way.title(process, language));
        let _ = writeln!(out, "  any_{number}([\"{title}\"])");
    }
    let mut drawn = 0usize;
    let mut styles = String::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for (id, transition) in process.transitions.iter() {
        let mark = marks.moves.get(&id);
        let is_shown = transition.origin == Origin::Declared
            || (mark.is_some() && transition.origin != Origin::AnyOpen);
        if !is_shown || !all.contains(&transition.from) || !all.contains(&transition.to) {
            continue;
        }
        let line = line(transition.kind);
        let (from, to) =
            (&process.stages[transition.from].name, &process.stages[transition.to].name);
        // Moves that look the same are one arrow, unless one of them is marked.
        if !seen.insert((from, to, line)) && mark.is_none() {
            continue;
        }
        let _ = writeln!(out, "  s_{from} {line} s_{to}");
        if let Some(mark) = mark {
            let color = mark.color();
            let _ = writeln!(styles, "  linkStyle {drawn} stroke:{color},stroke-width:3px");
        }
        drawn += 1;
    }
    for (number, way) in ways.iter().enumerate() {
        let (line, to) = (line(way.kind), &process.stages[way.to].name);
        let _ = writeln!(out, "  any_{number} {line} s_{to}");
        if let Some(mark) = way.mark {
            let color = mark.color();
            let _ = writeln!(styles, "  linkStyle {drawn} stroke:{color},stroke-width:3px");
        }
        drawn += 1;
    }
    out.push_str(&styles);
    out.push_str(CLASSES);
    Some(out)
}

fn line(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Advance => "-->",
        _ => "-.->",
    }
}

/// The moves of one `from any open of`: an arrow from each stage would hide the others.
struct AnyOpen {
    from: Vec<StageId>,
    to: StageId,
    kind: TransitionKind,
    mark: Option<Mark>,
}

impl AnyOpen {
    /// `any open stage of Deal, except Held`
    fn title(&self, process: &Process, language: &str) -> String {
        let Some(first) = self.from.first() else { return String::new() };
        let record = process.stages[*first].record;
        let of = |id: StageId| in_language(&process.stages[id].title, language);
        let spared = process.stages_of(record).filter(|id| {
            *id != self.to && process.stages[*id].is_open() && !self.from.contains(id)
        });
        let spared: Vec<&str> = spared.map(of).collect();
        let record = in_language(&process.records[record].title, language);
        words::of(language).any_open(record, &spared)
    }
}

/// Those that lead to one of the stages that are drawn, in order.
fn any_open(process: &Process, marks: &Marks, drawn: &[StageId]) -> Vec<AnyOpen> {
    let mut all: Vec<AnyOpen> = Vec::new();
    let mut places = FxHashMap::default();
    for (id, transition) in process.transitions.iter() {
        if transition.origin != Origin::AnyOpen || !drawn.contains(&transition.to) {
            continue;
        }
        let (to, kind) = (transition.to, transition.kind);
        let place = *places.entry((to, transition.span.key())).or_insert(all.len());
        if place == all.len() {
            all.push(AnyOpen { from: Vec::new(), to, kind, mark: None });
        }
        if let Some(way) = all.get_mut(place) {
            way.from.push(transition.from);
            way.mark = way.mark.max(marks.moves.get(&id).copied());
        }
    }
    all
}
