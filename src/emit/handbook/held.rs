//! What is enforced where: for everything that a stage asks, how strictly each system that is built
//! from the process holds people to it.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::emit::Context;
use crate::emit::enforcement::{Demand, System, demands};
use crate::emit::gates::Ask;
use crate::emit::ledger::systems;
use crate::emit::view::{Ref, View};
use crate::model::{Id, Process, Side, StageId, TransitionId};

/// The systems, and what each stage asks.
#[derive(Debug)]
pub(in crate::emit) struct Held {
    systems: Vec<System>,
    of_stage: FxHashMap<StageId, Vec<Demand>>,
}

/// What a stage asks.
#[derive(Serialize)]
pub(in crate::emit) struct HeldView<'v, 'a> {
    systems: Vec<&'static str>,
    rows: Vec<Row<'v, 'a>>,
}

/// One thing that a stage asks.
#[derive(Serialize)]
struct Row<'v, 'a> {
    /// What it is, see the words that begin with `held_`.
    key: &'static str,
    /// The title of a criterion.
    title: Option<&'v str>,
    /// Where the move leads that is asked for it.
    to: Option<Ref<'a>>,
    /// `enforced`, `shown`, `listed` or `documented`, system by system.
    holds: Vec<&'static str>,
}

impl Held {
    /// None when the manifest names no target that makes a system: what is built by default is not
    /// what people work in.
    pub(in crate::emit) fn of(context: &Context<'_>) -> Option<Self> {
        if context.others.is_empty() {
            return None;
        }
        // A diagram is nothing that people work in.
        let worked_in = |system: &System| !system.is_model();
        let systems: Vec<System> = systems(context).into_iter().filter(worked_in).collect();
        if systems.is_empty() {
            return None;
        }
        let process = context.process;
        let mut of_stage: FxHashMap<StageId, Vec<Demand>> = FxHashMap::default();
        for demand in demands(process) {
            if let Some(stage) = stage_of(process, &demand) {
                of_stage.entry(stage).or_default().push(demand);
            }
        }
        Some(Self { systems, of_stage })
    }

    /// What a stage asks, and who holds people to it.
    pub(in crate::emit) fn stage<'v, 'a>(
        &self,
        process: &Process,
        view: &'v View<'a>,
        stage: StageId,
    ) -> Option<HeldView<'v, 'a>> {
        let demands = self.of_stage.get(&stage)?;
        let row = |demand: &Demand| {
            let (key, title, to) = told(process, view, demand)?;
            let to = to.and_then(|to: StageId| {
                let to = view.stages.get(to.index())?;
                Some(Ref { kind: "stage", name: to.name.to_owned(), title: to.title })
            });
            let holds = self.systems.iter().map(|system| system.hold(demand).word()).collect();
            Some(Row { key, title, to, holds })
        };
        Some(HeldView {
            systems: self.systems.iter().map(|system| system.title).collect(),
            rows: demands.iter().filter_map(row).collect(),
        })
    }
}

/// The stage whose page tells of a demand; none for what is asked of fields.
fn stage_of(process: &Process, demand: &Demand) -> Option<StageId> {
    let from = |way: &TransitionId| process.transitions[*way].from;
    Some(match demand {
        Demand::Gate(Ask::Criterion(id)) => process.criteria[*id].stage,
        Demand::Gate(Ask::When(way) | Ask::After(way))
        | Demand::AtMost(way)
        | Demand::Handoff(way) => from(way),
        Demand::Gate(Ask::OneOf(ways)) => from(ways.first()?),
        Demand::Moves(stage) | Demand::Limit(stage) | Demand::Starts(stage, _) => *stage,
        Demand::Start(_) | Demand::Required(_) | Demand::Unique(_) | Demand::Bounds(_) => {
            return None;
        }
    })
}

/// What kind of demand it is, the title of a criterion, and where the move leads that it is asked of.
fn told<'v>(
    process: &Process,
    view: &'v View<'_>,
    demand: &Demand,
) -> Option<(&'static str, Option<&'v str>, Option<StageId>)> {
    let to = |way: TransitionId| process.transitions[way].to;
    Some(match demand {
        Demand::Gate(Ask::Criterion(id)) => {
            let criterion = &process.criteria[*id];
            let stage = view.stages.get(criterion.stage.index())?;
            let model = &process.stages[criterion.stage];
            let (ids, views, key) = match criterion.side {
                Side::Exit => (&model.exit, &stage.exit, "exit"),
                Side::Enter => (&model.enter, &stage.enter, "enter"),
            };
            let at = ids.iter().position(|other| other == id)?;
            (key, Some(views.get(at)?.title), None)
        }
        Demand::Gate(Ask::When(way)) => ("when", None, Some(to(*way))),
        Demand::Gate(Ask::OneOf(ways)) => ("when", None, ways.first().map(|way| to(*way))),
        Demand::Gate(Ask::After(way)) => ("after", None, Some(to(*way))),
        Demand::AtMost(way) => ("at_most", None, Some(to(*way))),
        Demand::Handoff(way) => ("handoff", None, Some(to(*way))),
        Demand::Starts(_, at) => ("starts", None, Some(*at)),
        Demand::Moves(_) => ("moves", None, None),
        Demand::Limit(_) => ("limit", None, None),
        Demand::Start(_) | Demand::Required(_) | Demand::Unique(_) | Demand::Bounds(_) => {
            return None;
        }
    })
}
