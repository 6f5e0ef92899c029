//! What the CRM targets share: findings, texts that fit, settings by record type and field, and the
//! fields that a record type needs of others.

mod ask;
mod back;
mod choices;
mod filter;
mod held;
mod journey;
mod options;
mod presence;
mod reach;
mod send;
mod starts;
mod text;

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Level};
use crate::model::{
    Currency, Expr, FieldId, FieldType, Id, Outcome, Process, Record, RecordId, Stage, Transition,
};

pub(super) use ask::{asked, gone_on};
pub(super) use back::{brought_back, continues};
pub(super) use choices::{ids, per_event, per_field, per_owner, per_record, per_score, per_stage};
pub(super) use filter::{Column, Columns, Day, Entered, Filter, Filters, Holding, Test, every};
pub(super) use held::{Held, Origin, context_of};
pub(super) use journey::{as_written, first_stage, journeys};
pub(super) use options::{Labels, labels};
pub(super) use presence::{AskedWhere, asked_where, only_wants};
pub(super) use send::{Access, Use, script};
pub(super) use starts::{start_holds, start_steps};
pub(super) use text::{cell, code, length, one_line, shortened};

pub(crate) use crate::diag::codes::{NAME_NOT_PORTABLE, TARGET_LOSS};

/// What a process may say and a CRM is not told, one line for each kind that is there; without the
/// kinds that this CRM is told.
pub(super) fn unheard(process: &Process, told: &[&str]) -> Vec<String> {
    let limits = process.stages.values().filter(|stage| stage.limit.is_some()).count();
    let handoffs = process.transitions.values().filter(|t| t.handoff.is_some()).count();
    let starts = process.stages.values().map(|stage| stage.starts.len()).sum();
    let kinds = [
        (process.criteria.len(), "entry and exit criteria", "a record can be moved without them"),
        (process.transitions.len(), "moves", "a record can go from any stage to any other"),
        (starts, "records that entering a stage starts", "nothing makes them by itself"),
        (limits, "time limits of stages", "nobody is told when one has passed"),
        (handoffs, "handoffs", "their clocks, parcels and terms of acceptance"),
        (process.scores.len(), "scores", "their rules and grades"),
        (process.routes.len(), "routes", "who gets a new record"),
        (process.goals.len(), "goals", "their measures and targets"),
        (process.feedback.len(), "feedback", "who tells whom, and how often"),
        (process.plays.len(), "plays", "their steps"),
    ];
    let there = kinds.into_iter().filter(|(count, kind, _)| *count > 0 && !told.contains(kind));
    there.map(|(count, kind, what)| format!("{kind} ({count}): {what}")).collect()
}

/// A sentence about the currency, when amounts are kept.
pub(super) fn currency_note(process: &Process) -> Option<String> {
    let money = process.fields.values().any(|field| field.ty == FieldType::Money);
    let currency = process.currency.filter(|_| money)?;
    Some(format!("Amounts are in {currency}; the CRM must have this as its currency."))
}

/// Findings about ends that the deals of `record` lack in a CRM: there a deal ends in a stage of its
/// own record type, as won or as lost. `place` names what lacks the stage.
pub(super) fn endless<'a>(
    record: &Record,
    stages: impl Iterator<Item = &'a Stage>,
    place: &str,
) -> Vec<Diagnostic> {
    let outcomes: Vec<Outcome> = stages.filter_map(|stage| stage.outcome).collect();
    let won = outcomes.contains(&Outcome::Won);
    // What is void is closed without being won, and that is what lost means there.
    let lost = outcomes.iter().any(|outcome| *outcome != Outcome::Won);
    let missing = [(won, "won"), (lost, "lost")].into_iter().filter(|(there, _)| !there);
    missing
        .map(|(_, outcome)| {
            let name = &record.name;
            let message = format!("`{name}` has no {outcome} stage in {place}");
            Diagnostic::new(TARGET_LOSS, record.span, message)
                .level(Level::Warning)
                .help(format!("add a stage with `record {name}` and `outcome {outcome}`"))
        })
        .collect()
}

/// Decimal places of a currency (ISO 4217), as far as they are not two.
pub(crate) fn minor_units(currency: Currency) -> u32 {
    match currency.code() {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// For each record type, the fields of *other* record types that its stages collect, read in a
/// condition, or receive in a handoff.
pub(crate) fn borrowed_fields(process: &Process) -> Vec<BTreeSet<FieldId>> {
    let mut borrowed = Borrowed { process, fields: vec![BTreeSet::new(); process.records.len()] };
    for stage in process.stages.values() {
        for field in &stage.collect {
            borrowed.field(stage.record, field.value);
        }
        for criterion in stage.exit.iter().chain(&stage.enter) {
            let criterion = &process.criteria[*criterion];
            borrowed.expr(stage.record, Some(&criterion.condition));
            borrowed.expr(stage.record, criterion.applies.as_ref());
        }
    }
    for transition in process.transitions.values() {
        borrowed.transition(transition);
    }
    for route in process.routes.values() {
        let record = process.stages[route.stage].record;
        for case in &route.cases {
            borrowed.expr(record, Some(&case.when));
        }
    }
    borrowed.fields
}

struct Borrowed<'a> {
    process: &'a Process,
    fields: Vec<BTreeSet<FieldId>>,
}

impl Borrowed<'_> {
    fn field(&mut self, record: RecordId, field: FieldId) {
        if self.process.fields[field].record != record
            && let Some(fields) = self.fields.get_mut(record.index())
        {
            fields.insert(field);
        }
    }

    fn expr(&mut self, record: RecordId, expr: Option<&Expr>) {
        for field in expr.map(Expr::fields).unwrap_or_default() {
            self.field(record, field);
        }
    }

    fn transition(&mut self, transition: &Transition) {
        let from = self.process.stages[transition.from].record;
        let to = self.process.stages[transition.to].record;
        self.expr(from, transition.when.as_ref());
        if let Some(field) = transition.after.as_ref().and_then(|clock| clock.before) {
            self.field(from, field);
        }
        if let Some(handoff) = &transition.handoff {
            for field in &handoff.carries {
                self.field(to, field.value);
            }
            self.expr(to, handoff.accept.as_ref().map(|accept| &accept.when));
        }
    }
}
