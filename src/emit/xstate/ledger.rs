//! What the machines carry of what a process asks, for the ledger: a program that runs them cannot make a
//! move that is against it.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::code;
use crate::emit::enforcement::{Demand, Hold, System, demands};
use crate::emit::gates::Ask;
use crate::model::{Process, TransitionId, TransitionKind};

use super::Names;
use super::expr::{Compiler, length};

/// The machines.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let process = context.process;
    if process.stages.is_empty() {
        return Vec::new();
    }
    let asking = Asking { process, names: Names::of(process), compiler: Compiler::new(process) };
    let mut holds: FxHashMap<Demand, Hold> = FxHashMap::default();
    let mut by_hand: Vec<String> = Vec::new();
    for demand in demands(process) {
        let hold = asking.hold(&demand);
        if let Hold::Executed { asks } = &hold {
            for question in asks {
                let step = format!("Let the program answer {}.", code(question));
                if !by_hand.contains(&step) {
                    by_hand.push(step);
                }
            }
        }
        holds.insert(demand, hold);
    }
    vec![System { title: "XState", holds, otherwise: "a machine knows stages and moves", by_hand }]
}

struct Asking<'a> {
    process: &'a Process,
    names: Names,
    compiler: Compiler<'a>,
}

impl Asking<'_> {
    fn hold(&self, demand: &Demand) -> Hold {
        match demand {
            Demand::Gate(ask) => Hold::Executed { asks: self.asks(ask) },
            Demand::Moves(_) | Demand::Start(_) | Demand::AtMost(_) => {
                Hold::Executed { asks: Vec::new() }
            }
            Demand::Limit(id) => {
                let limit = self.process.stages[*id].limit.as_ref();
                match limit.is_some_and(|limit| length(limit.duration, 1, false).is_ok()) {
                    // A timer tells; nobody is stopped by it.
                    true => Hold::Listed,
                    false => Hold::Documented("a timer has no working time".to_owned()),
                }
            }
            Demand::Handoff(_) => Hold::Documented(
                "a machine has no clock that begins before a move is accepted".to_owned(),
            ),
            Demand::Starts(..) => {
                Hold::Documented("the program begins the machine of the record".to_owned())
            }
            Demand::Required(_) | Demand::Unique(_) | Demand::Bounds(_) => {
                Hold::Documented("a machine takes any value of the type of a field".to_owned())
            }
        }
    }

    /// What the program answers of what is asked.
    fn asks(&self, ask: &Ask) -> Vec<String> {
        match ask {
            Ask::Criterion(id) => self.criterion(*id),
            Ask::When(id) => self.when(*id),
            Ask::After(id) => self.after(*id),
            Ask::OneOf(ways) => {
                let mut all: Vec<String> = Vec::new();
                for way in ways {
                    let transition = &self.process.transitions[*way];
                    let mut asks = self.when(*way);
                    asks.extend(self.after(*way));
                    if transition.kind == TransitionKind::Advance {
                        let exit = &self.process.stages[transition.from].exit;
                        let criteria = exit.iter().chain(&self.process.stages[transition.to].enter);
                        asks.extend(criteria.flat_map(|id| self.criterion(*id)));
                    }
                    for question in asks {
                        if !all.contains(&question) {
                            all.push(question);
                        }
                    }
                }
                all
            }
        }
    }

    fn criterion(&self, id: crate::model::CriterionId) -> Vec<String> {
        let criterion = &self.process.criteria[id];
        let both = std::iter::once(&criterion.condition).chain(&criterion.applies);
        both.flat_map(|of| self.compiler.asking(|| self.compiler.holds(of)).1).collect()
    }

    fn when(&self, id: TransitionId) -> Vec<String> {
        let when = self.process.transitions[id].when.as_ref();
        when.map(|when| self.compiler.asking(|| self.compiler.holds(when)).1).unwrap_or_default()
    }

    fn after(&self, id: TransitionId) -> Vec<String> {
        let clock = self.process.transitions[id].after.as_ref();
        let question = format!("clock {}", self.names.key(id));
        let asked =
            clock.map(|clock| self.compiler.asking(|| self.compiler.struck(clock, &question)).1);
        asked.unwrap_or_default()
    }
}
