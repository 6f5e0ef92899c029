//! How strictly a database holds people to the process, for the ledger.

use rustc_hash::FxHashMap;

use super::choices::Choices;
use super::dialect::Dialect;
use super::gates::build::Unasked;
use super::moves::Crossings;
use super::writer::Sql;
use super::{choose, write_schema};
use crate::emit::Context;
use crate::emit::crm::NAME_NOT_PORTABLE;
use crate::emit::enforcement::{Demand, Hold, System, demands};
use crate::emit::gates::Ask;
use crate::model::{FieldType, Process, TransitionId};

/// One system for each database that is written for.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let (choices, diagnostics) = choose(context);
    if diagnostics.iter().any(|found| found.code == NAME_NOT_PORTABLE) {
        return Vec::new();
    }
    let crossings = Crossings::of(context.process);
    let system = |dialect: &&'static dyn Dialect| {
        let mut sql = Sql::new(*dialect);
        let (_, unasked) = write_schema(&mut sql, context, &choices, &crossings);
        let holds = holds(context.process, *dialect, &choices, &unasked);
        System {
            title: dialect.title(),
            holds,
            otherwise: "the database is not told",
            by_hand: Vec::new(),
        }
    };
    choices.dialects.iter().map(system).collect()
}

/// The other moves between the stages of one.
enum Beside {
    Nothing,
    /// Each may be made so often, too.
    Counted,
    /// One of them may be made any number of times.
    Free,
}

fn beside(process: &Process, id: TransitionId) -> Beside {
    let of = &process.transitions[id];
    let others = process.stages[of.from].outgoing.iter().filter(|other| **other != id);
    let others: Vec<_> = others
        .map(|other| &process.transitions[*other])
        .filter(|other| other.to == of.to)
        .collect();
    match others.as_slice() {
        [] => Beside::Nothing,
        all if all.iter().all(|other| other.at_most.is_some()) => Beside::Counted,
        _ => Beside::Free,
    }
}

fn holds(
    process: &Process,
    dialect: &dyn Dialect,
    choices: &Choices,
    unasked: &[Unasked],
) -> FxHashMap<Demand, Hold> {
    let unsaid: FxHashMap<&Ask, &Unasked> =
        unasked.iter().filter_map(|unasked| Some((unasked.ask.as_ref()?, unasked))).collect();
    let refused_or_listed = |refused: bool| {
        if refused { Hold::Enforced { except: None } } else { Hold::Listed }
    };
    let hold = |demand: &Demand| match demand {
        Demand::Gate(ask) => match unsaid.get(ask) {
            Some(unasked) => Hold::Documented(unasked.why.reason().to_owned()),
            None => refused_or_listed(dialect.enforces() && choices.refuse_conditions),
        },
        Demand::Moves(_) | Demand::Start(_) => refused_or_listed(dialect.enforces()),
        // A row of the history does not tell by which of several moves a record came.
        Demand::AtMost(id) => match beside(process, *id) {
            Beside::Nothing => refused_or_listed(dialect.enforces()),
            Beside::Counted if dialect.enforces() => Hold::Enforced {
                except: Some(
                    "who goes by another move between these stages: their numbers are added"
                        .to_owned(),
                ),
            },
            Beside::Counted => Hold::Listed,
            Beside::Free => Hold::Documented(
                "another move between these stages may be made any number of times, \
                 and the database cannot tell which one was made"
                    .to_owned(),
            ),
        },
        Demand::Limit(_) | Demand::Handoff(_) => Hold::Listed,
        Demand::Starts(..) => Hold::Documented("programs make the record".to_owned()),
        Demand::Required(id) if matches!(process.fields[*id].ty, FieldType::ManyOf(_)) => {
            Hold::Documented("its options stand in a table of their own".to_owned())
        }
        Demand::Required(_) | Demand::Unique(_) | Demand::Bounds(_) => {
            if dialect.enforces() {
                Hold::Enforced { except: None }
            } else {
                Hold::Documented("the database checks no values".to_owned())
            }
        }
    };
    demands(process).into_iter().map(|demand| (demand.clone(), hold(&demand))).collect()
}
