//! `unused-field`: declared and forgotten.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::Id;

pub(crate) static RULE: Rule = Rule {
    name: "unused-field",
    family: Family::Data,
    summary: "a field that is neither filled in nor asked for",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/unused-field.md"),
    check: Check::Process(check),
};

/// To collect a field is to use it: people read what the process does not ask for. A field that is
/// always there is the record's name or key, and no stage need speak of it. Where no stage says what
/// it collects, nothing can be said of fields that nobody mentions.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.draft || context.any_broken() {
        return;
    }
    // By record type: whether some stage collects, and none is still being written.
    let mut speaks = vec![(false, true); process.records.len()];
    for (id, stage) in process.stages.iter() {
        if let Some((collects, finished)) = speaks.get_mut(stage.record.index()) {
            *collects |= !stage.collect.is_empty();
            *finished &= !context.is_unfinished(id);
        }
    }
    for (id, record) in process.records.iter().rev() {
        // Later stages see the fields of what their records continue.
        let of = speaks.get(id.index()).copied().unwrap_or((false, false));
        if let Some((collects, finished)) =
            record.from.and_then(|from| speaks.get_mut(from.index()))
        {
            *collects |= of.0;
            *finished &= of.1;
        }
        if of != (true, true) || record.broken {
            continue;
        }
        for field in &record.fields {
            let declared = &process.fields[*field];
            let is_key = declared.required || declared.unique;
            if is_key || !context.fields().of(*field).is_idle() {
                continue;
            }
            findings.push(
                RULE.finding(
                    declared.span,
                    format!("nothing fills in or asks for `{}`", declared.name),
                )
                .reason("declared, and mentioned nowhere else")
                .help(format!(
                    "let a stage collect it, or remove it; if it was used once, keep its memory: `retired field {}.{}`",
                    record.name, declared.name
                )),
            );
        }
    }
}
