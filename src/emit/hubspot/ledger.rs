//! How strictly HubSpot holds people to the process, for the ledger, and what its settings can do by
//! hand.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::start_holds;
use crate::emit::enforcement::{Demand, Hold, System, demands};
use crate::emit::gates::Ask;
use crate::model::{Process, Side, StageId};

use super::properties::{Source, is_keyed};
use super::rules::{Rules, rules};
use super::{Object, bounds, choices, objects, runbook, slug};

/// For whom the rules of a pipeline are not.
const EXCEPT: &str = "workflows, integrations that name no user, people who may edit the settings of properties, \
                      and a change to another pipeline of the account";
/// The most stages that a reason names.
const NAMED: usize = 3;

/// The account.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let process = context.process;
    // What is wrong has been told by the target itself.
    let mut findings = Vec::new();
    let choices = choices::read(context, &mut findings);
    let (objects, _) = objects(context, &slug(&process.name), &mut findings);
    let mut holds = FxHashMap::default();
    by_kind(process, &mut holds);
    let is_kept = |stage: StageId| choices.objects.contains_key(&process.stages[stage].record);
    holds.extend(start_holds(process, "a workflow", is_kept));
    for object in &objects {
        for pipeline in &object.pipelines {
            match rules(process, &choices, pipeline) {
                Some(rules) => moves(process, object, pipeline, &rules, &mut holds),
                None => {
                    let why = format!("pipelines of {} have no rules", object.name);
                    for stage in &pipeline.stages {
                        holds.insert(Demand::Moves(stage.stage), Hold::Documented(why.clone()));
                    }
                    holds.insert(Demand::Start(pipeline.record), Hold::Documented(why));
                }
            }
        }
        bounds::holds(process, object, &mut holds);
        for property in object.properties.all.iter().filter(|property| property.body.is_some()) {
            let Source::Field(id) = property.source else { continue };
            let field = &process.fields[id];
            if field.unique && is_keyed(&field.ty) && object.records.contains(&field.record) {
                holds.insert(Demand::Unique(id), Hold::Enforced { except: None });
            }
        }
    }
    vec![System {
        title: "HubSpot",
        holds,
        otherwise: "HubSpot is given pipelines, properties and their rules only",
        by_hand: runbook::steps(process, &choices, &objects),
    }]
}

/// What people set up by hand, if they do.
fn by_kind(process: &Process, holds: &mut FxHashMap<Demand, Hold>) {
    for demand in demands(process) {
        let why = match &demand {
            Demand::Gate(Ask::Criterion(id)) => {
                let criterion = &process.criteria[*id];
                let read = !criterion.condition.fields().is_empty();
                (criterion.side == Side::Exit && read).then_some(
                    "no call sets which properties a stage asks for: that is a step by hand, \
                     and it asks that they are filled, not what is in them",
                )
            }
            Demand::Limit(_) => Some("a time limit needs a workflow, which is a step by hand"),
            Demand::Required(_) => Some("no call sets which properties a new record asks for"),
            _ => None,
        };
        if let Some(why) = why {
            holds.insert(demand, Hold::Documented(why.to_owned()));
        }
    }
}

fn moves(
    process: &Process,
    object: &Object,
    pipeline: &super::Pipeline,
    rules: &Rules,
    holds: &mut FxHashMap<Demand, Hold>,
) {
    let enforced = || Hold::Enforced { except: Some(EXCEPT.to_owned()) };
    for (stage, open) in pipeline.stages.iter().zip(&rules.left_open) {
        let hold = if object.pipelines.len() > 1 {
            Hold::Documented(format!(
                "{} have several pipelines here, and a record can change to another one",
                object.name
            ))
        } else if open.is_empty() {
            enforced()
        } else {
            let open = open.iter().filter_map(|at| pipeline.stages.get(*at));
            let names: Vec<String> =
                open.map(|stage| format!("`{}`", process.stages[stage.stage].name)).collect();
            let more = names.len().saturating_sub(NAMED);
            let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            Hold::Documented(format!(
                "rules of a pipeline know an order, not moves: those to {shown}{rest} stay open"
            ))
        };
        holds.insert(Demand::Moves(stage.stage), hold);
    }
    if !rules.begins.is_empty() {
        holds.insert(Demand::Start(pipeline.record), enforced());
    }
    for one in &rules.unapproved {
        let hold = Hold::Documented(one.why().to_owned());
        holds.insert(Demand::Gate(Ask::Criterion(one.criterion)), hold);
    }
    for criterion in rules.approvals.iter().flat_map(|approval| &approval.criteria) {
        let except = Some(format!("what is closed as lost, {EXCEPT}"));
        holds.insert(Demand::Gate(Ask::Criterion(*criterion)), Hold::Enforced { except });
    }
}
