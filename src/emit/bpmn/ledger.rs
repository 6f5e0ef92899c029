//! What the diagram carries of what a process asks, for the ledger: an engine that runs it refuses what
//! is against its flows.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::code;
use crate::emit::enforcement::{Demand, Hold, System, demands};
use crate::emit::feel::Feel;
use crate::emit::gates::Ask;
use crate::model::{Process, TransitionId};

use super::graph;

/// The diagram.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let process = context.process;
    let language = context.languages.first().map_or("en", String::as_str);
    let feel = Feel::new(process);
    let graph = graph::graph(process, &feel, language);
    if graph.pools.is_empty() {
        return Vec::new();
    }
    let holds: FxHashMap<Demand, Hold> = demands(process)
        .into_iter()
        .filter_map(|demand| {
            let hold = hold(process, &demand)?;
            Some((demand, hold))
        })
        .collect();
    // Names of answers are those of the file: conditions are read in its order.
    let mut by_hand: Vec<String> = feel
        .asked()
        .into_iter()
        .map(|(question, name)| {
            let name = code(&format!("answers.{name}"));
            format!("Let the engine set {name}: {}.", code(&question))
        })
        .collect();
    for id in &graph.timeless {
        let name = code(&format!("limits.{}", process.stages[*id].name));
        by_hand.push(format!("Let the engine set {name}: how long the limit is, as `PT26H`."));
    }
    by_hand.push(
        "Bind user tasks to forms and people, and messages to records, in the engine.".to_owned(),
    );
    vec![System {
        title: "BPMN",
        holds,
        otherwise: "a diagram says nothing of the values of fields",
        by_hand,
    }]
}

fn hold(process: &Process, demand: &Demand) -> Option<Hold> {
    Some(match demand {
        Demand::Gate(ask) => Hold::Executed { asks: asks(process, ask) },
        Demand::Moves(_) | Demand::Start(_) | Demand::AtMost(_) => {
            Hold::Executed { asks: Vec::new() }
        }
        // A timer tells; nobody is stopped by it.
        Demand::Limit(_) => Hold::Listed,
        // The flow says so in its documentation.
        Demand::Handoff(_) => Hold::Shown,
        // A message flow, which engines do not send by themselves.
        Demand::Starts(..) => Hold::Shown,
        Demand::Required(_) | Demand::Unique(_) | Demand::Bounds(_) => return None,
    })
}

/// What FEEL cannot say of what is asked.
fn asks(process: &Process, ask: &Ask) -> Vec<String> {
    let feel = Feel::new(process);
    let when = |id: &TransitionId| {
        process.transitions[*id].when.iter().flat_map(|when| feel.asks(when)).collect::<Vec<_>>()
    };
    let after = |id: &TransitionId| {
        let clock = process.transitions[*id].after.as_ref();
        clock.map(|clock| feel.asks_of(clock)).unwrap_or_default()
    };
    match ask {
        Ask::Criterion(id) => {
            let criterion = &process.criteria[*id];
            let both = std::iter::once(&criterion.condition).chain(&criterion.applies);
            both.flat_map(|condition| feel.asks(condition)).collect()
        }
        Ask::When(id) => when(id),
        Ask::After(id) => after(id),
        Ask::OneOf(ways) => {
            let mut all: Vec<String> = Vec::new();
            for question in ways.iter().flat_map(|way| feel.guard(*way, "", false).1) {
                if !all.contains(&question) {
                    all.push(question);
                }
            }
            all
        }
    }
}
