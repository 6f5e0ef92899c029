//! How strictly Salesforce holds people to the process, for the ledger.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::start_holds;
use crate::emit::enforcement::{Demand, Hold, System};
use crate::emit::gates::Ask;
use crate::model::{FieldType, Process, Side, StageId};

use super::choices;
use super::fields::is_required;
use super::mapping::{self, Mapping, Source};
use super::readme::steps;
use super::rules::Asked;
use super::{Built, Project};

/// The org.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    // What is wrong has been told by the target itself.
    let mut findings = Vec::new();
    let choices = choices::read(context, &mut findings);
    let mapping = mapping::map(context.process, &choices, &mut findings);
    let mut project = Project { asked: Asked::of(context.process), ..Project::default() };
    let built: Vec<Built<'_>> = mapping
        .objects
        .iter()
        .map(|object| project.object(&mapping, object, &mut findings))
        .collect();
    if project.artifacts.is_empty() {
        return Vec::new();
    }
    let process = context.process;
    let is_kept = |stage: StageId| mapping.object_of(process.stages[stage].record).is_some();
    let mut holds: FxHashMap<Demand, Hold> =
        start_holds(process, "a flow", is_kept).into_iter().collect();
    for built in &built {
        rules(process, &choices.bypass, built, &mut holds);
        fields(&mapping, built, &mut holds);
        for stage in &built.overdue.listed {
            let why = "a list has only the records that nobody has touched for longer".to_owned();
            holds.insert(Demand::Limit(*stage), Hold::Documented(why));
        }
        for (stage, why) in &built.overdue.unlisted {
            holds.insert(Demand::Limit(*stage), Hold::Documented(why.clone()));
        }
    }
    // What a criterion asks of moves to several objects is held as well as it is at the worst.
    for built in &built {
        unheld(context.process, built, &mut holds);
    }
    vec![System {
        title: "Salesforce",
        holds,
        otherwise: "Salesforce is not told",
        by_hand: steps(&mapping, &built),
    }]
}

fn rules(process: &Process, bypass: &str, built: &Built<'_>, holds: &mut FxHashMap<Demand, Hold>) {
    for demand in &built.rules.free {
        holds.entry(demand.clone()).or_insert(Hold::Enforced { except: None });
    }
    for rule in &built.rules.rules {
        let mut except = format!("holders of the custom permission `{bypass}`");
        if built.may_lack_stage() {
            let object = built.object;
            let _ = write!(
                except,
                ", nor for records of `{}` whose `{}` is blank",
                object.name,
                object.stage_field()
            );
        }
        if let Demand::Moves(stage) = &rule.demand
            && let Some(back) = built.rules.brought_back.get(stage)
        {
            let names: Vec<String> =
                back.iter().map(|to| format!("`{}`", process.stages[*to].name)).collect();
            let _ =
                write!(except, ", nor for records that are brought back to {}", names.join(", "));
        }
        let except = Some(except);
        holds.insert(rule.demand.clone(), Hold::Enforced { except });
    }
}

fn unheld(process: &Process, built: &Built<'_>, holds: &mut FxHashMap<Demand, Hold>) {
    for unheld in &built.rules.unasked {
        let is_exit = matches!(&unheld.demand, Demand::Gate(Ask::Criterion(id))
            if process.criteria[*id].side == Side::Exit);
        let hold = if is_exit && built.has_paths {
            Hold::Shown
        } else {
            Hold::Documented(unheld.why.clone())
        };
        holds.insert(unheld.demand.clone(), hold);
    }
}

fn fields(mapping: &Mapping<'_>, built: &Built<'_>, holds: &mut FxHashMap<Demand, Hold>) {
    for mapped in built.object.fields.iter().filter(|field| field.is_custom()) {
        let Source::Field(id) = mapped.source else { continue };
        let field = &mapping.process.fields[id];
        if is_required(mapping, built.object, mapped) {
            holds.insert(Demand::Required(id), Hold::Enforced { except: None });
        }
        let own = built.object.records.contains(&field.record);
        let unique = matches!(field.ty, FieldType::Text | FieldType::Number | FieldType::Integer);
        if own && field.unique && unique {
            holds.insert(Demand::Unique(id), Hold::Enforced { except: None });
        }
    }
}
