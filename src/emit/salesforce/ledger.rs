//! How strictly Salesforce holds people to the process, for the ledger.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::start_holds;
use crate::emit::enforcement::{Demand, Hold, System};
use crate::emit::gates::Ask;
use crate::model::{ExprKind, FieldType, Process, Side, StageId};

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
    let mut unheld_for = FxHashMap::default();
    for built in &built {
        rules(process, built, &choices.bypass, &mut holds, &mut unheld_for);
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

/// What is enforced, and for whom it is not, beside those who may bypass it. What several objects enforce
/// has the exceptions of all.
fn rules(
    process: &Process,
    built: &Built<'_>,
    bypass: &str,
    holds: &mut FxHashMap<Demand, Hold>,
    unheld_for: &mut FxHashMap<Demand, IndexSet<String>>,
) {
    for demand in &built.rules.free {
        holds.entry(demand.clone()).or_insert(Hold::Enforced { except: None });
    }
    for rule in &built.rules.rules {
        let but = unheld_for.entry(rule.demand.clone()).or_default();
        if built.may_lack_stage() {
            let object = built.object;
            but.insert(format!(
                "nor for records of `{}` whose `{}` is blank",
                object.name,
                object.stage_field()
            ));
        }
        match &rule.demand {
            Demand::Moves(stage) => {
                if let Some(back) = built.rules.brought_back.get(stage) {
                    let names: Vec<String> =
                        back.iter().map(|to| format!("`{}`", process.stages[*to].name)).collect();
                    let names = names.join(", ");
                    but.insert(format!("nor for records that are brought back to {names}"));
                }
            }
            Demand::Gate(Ask::Criterion(id)) => {
                let mut by = IndexSet::new();
                process.criteria[*id].condition.walk(&mut |part| {
                    if let ExprKind::Confirmed(id) = part.kind {
                        by.extend(process.confirmations[id].by);
                    }
                });
                if !by.is_empty() {
                    let names: Vec<String> = by
                        .into_iter()
                        .map(|by| format!("`{}`", process.owner_name(by).0))
                        .collect();
                    let names = names.join(", ");
                    but.insert(format!("nor is it asked whether {names} ticks the box"));
                }
            }
            _ => {}
        }
        let but: Vec<&str> = but.iter().map(String::as_str).collect();
        let bypass = format!("holders of the custom permission `{bypass}`");
        let except = std::iter::once(bypass.as_str()).chain(but).collect::<Vec<_>>().join(", ");
        holds.insert(rule.demand.clone(), Hold::Enforced { except: Some(except) });
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
