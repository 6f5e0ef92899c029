//! What a migration would lose, unless the process says where it goes.

use std::cmp::Ordering;

use jiff::civil::DateTime;

use crate::diag::{Diagnostic, Level};
use crate::diff::pair::{Pairs, options};
use crate::diff::values::{keeps, narrows};
use crate::emit::crm::TARGET_LOSS;
use crate::emit::sql::records::RecordTable;
use crate::logic::prove::{Formula, Prover};
use crate::model::{
    Field, FieldId, FieldType, NodeRef, Process, RecordId, Retired, RetiredKind, StageId,
};
use crate::source::Span;

/// Both processes, and how the one became the other.
pub(super) struct Change<'a> {
    pub(super) old: &'a Process,
    pub(super) new: &'a Process,
    pub(super) pairs: &'a Pairs,
}

impl Change<'_> {
    /// What speaks against the migration. Places are in the new process.
    pub(super) fn judge(
        &self,
        old: &[RecordTable<'_>],
        new: &[RecordTable<'_>],
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.records(old, new, &mut found);
        self.fields(&mut found);
        self.stages(&mut found);
        self.confirmations(&mut found);
        if let (Some(was), Some(now)) = (self.old.currency, self.new.currency)
            && was != now
        {
            let message = format!(
                "the currency was {} and is {}, but amounts stay as they are",
                was.code(),
                now.code()
            );
            let finding = Diagnostic::new(TARGET_LOSS, self.new.span, message);
            found.push(finding.level(Level::Warning).help("convert them before or after"));
        }
        found
    }

    /// What the new process says of something that it no longer has.
    pub(super) fn retired(&self, kind: RetiredKind, name: &str) -> Option<&Retired> {
        self.new.retired.iter().find(|retired| retired.kind == kind && retired.name == name)
    }

    /// The name by which the new process would speak of an old field.
    fn field_name(&self, field: &Field) -> (String, Option<String>) {
        let record = &self.old.records[field.record].name;
        let now = self.pairs.records.new_of(field.record).map(|id| &self.new.records[id].name);
        (format!("{record}.{}", field.name), now.map(|record| format!("{record}.{}", field.name)))
    }

    /// The retirement of a field, by the name of its record now or then.
    fn retired_field(&self, field: &Field) -> Option<&Retired> {
        let (then, now) = self.field_name(field);
        let now = now.and_then(|name| self.retired(RetiredKind::Field, &name));
        now.or_else(|| self.retired(RetiredKind::Field, &then))
    }

    fn records(
        &self,
        old: &[RecordTable<'_>],
        new: &[RecordTable<'_>],
        found: &mut Vec<Diagnostic>,
    ) {
        let mut taken: Vec<(RecordId, &str)> = Vec::new();
        for table in old {
            let was = &self.old.records[table.record];
            let Some(id) = self.pairs.records.new_of(table.record) else {
                self.removed_record(&was.name, found);
                continue;
            };
            let now = &self.new.records[id];
            if let Some((_, other)) = taken.iter().find(|(taken, _)| *taken == id) {
                let message = format!(
                    "records `{other}` and `{}` would both become `{}`",
                    was.name, now.name
                );
                found.push(refuse(now.span, message, "rows of two tables are joined by hand"));
                continue;
            }
            taken.push((id, &was.name));
            let Some(table_now) = new.iter().find(|table| table.record == id) else { continue };
            for (earlier, _) in &table.links {
                let earlier_now = self.pairs.records.new_of(*earlier);
                let kept = |earlier| table_now.links.iter().any(|(other, _)| *other == earlier);
                if earlier_now.is_some_and(|earlier| !kept(earlier)) {
                    let earlier = &self.old.records[*earlier].name;
                    let message = format!(
                        "record `{}` no longer continues `{earlier}`: which one each row continued would be lost",
                        now.name
                    );
                    found.push(refuse(now.span, message, "let it continue that record type"));
                }
            }
            match (&table.position, &table_now.position) {
                (None, Some(_)) => found.push(refuse(
                    now.span,
                    format!("record `{}` has stages now, but its rows are in none", now.name),
                    "migrate by hand: only you know in which stage each row is",
                )),
                (Some(_), None) => found.push(refuse(
                    now.span,
                    format!(
                        "record `{}` has no stages any more: where its rows are would be lost",
                        now.name
                    ),
                    "let it keep a stage",
                )),
                (Some(then), Some(here)) if then.left_at.is_some() && here.left_at.is_none() => {
                    found.push(refuse(
                        now.span,
                        format!(
                            "record `{}` never goes on as another any more: which rows have done so would be lost",
                            now.name
                        ),
                        "let a move lead from it to another record type",
                    ));
                }
                _ => {}
            }
        }
    }

    fn removed_record(&self, name: &str, found: &mut Vec<Diagnostic>) {
        match self.retired(RetiredKind::Record, name) {
            Some(retired) if retired.into.is_empty() => {}
            Some(retired) => found.push(refuse(
                retired.span,
                format!("rows of record `{name}` cannot be turned into rows of another"),
                "move them by hand, then retire the record type without a successor",
            )),
            None => found.push(refuse(
                self.new.span,
                format!("record `{name}` is gone, and its rows would be lost"),
                &format!("write `was [{name}]` in the record it became, or `retired record {name}` to give its rows up"),
            )),
        }
    }

    fn fields(&self, found: &mut Vec<Diagnostic>) {
        let mut taken: Vec<(FieldId, &str)> = Vec::new();
        for (id, was) in self.old.fields.iter() {
            let Some(record) = self.pairs.records.new_of(was.record) else { continue };
            let Some(now) = self.pairs.fields.new_of(id) else {
                self.removed_field(was, record, found);
                continue;
            };
            let field = &self.new.fields[now];
            if let Some((_, other)) = taken.iter().find(|(taken, _)| *taken == now) {
                let message = format!(
                    "fields `{other}` and `{}` would both become `{}`",
                    was.name, field.name
                );
                let help = format!(
                    "retire one of them: `retired field {}.{other}`",
                    self.new.records[record].name
                );
                found.push(refuse(field.span, message, &help));
                continue;
            }
            taken.push((now, &was.name));
            self.changed_field(was, field, found);
        }
        for (id, field) in self.new.fields.iter() {
            let is_new = self.pairs.fields.old_of(id).is_none();
            if is_new && field.required && self.pairs.records.old_of(field.record).is_some() {
                let message = format!("field `{}` is required, and no row has it", field.name);
                let help = "leave `required` out, migrate, fill it in, and require it by hand";
                found.push(refuse(field.span, message, help));
            }
        }
    }

    fn removed_field(&self, was: &Field, record: RecordId, found: &mut Vec<Diagnostic>) {
        let record = &self.new.records[record];
        let name = format!("{}.{}", record.name, was.name);
        match self.retired_field(was) {
            Some(retired) if retired.into.is_empty() => {}
            Some(retired) => found.push(refuse(
                retired.span,
                format!("values of field `{name}` cannot be moved to another"),
                "move them by hand, then retire the field without a successor",
            )),
            None => {
                let help = format!(
                    "write `was [{}]` behind the field it became, or `retired field {name}` to give its values up",
                    was.name
                );
                let message = format!("field `{name}` is gone, and its values would be lost");
                found.push(refuse(record.span, message, &help));
            }
        }
    }

    fn changed_field(&self, was: &Field, now: &Field, found: &mut Vec<Diagnostic>) {
        let name = &now.name;
        let mut refused = |message: String, help: &str| {
            found.push(refuse(now.span, message, help));
        };
        if !keeps(&was.ty, &now.ty) {
            let message = format!("field `{name}` has another type, which cannot hold every value");
            refused(message, "give the new field another name, and retire the old one");
            return;
        }
        let many = matches!(was.ty, FieldType::ManyOf(_));
        let mut kept: Vec<&str> = Vec::new();
        // A text may hold what was once an option.
        let frees = now.ty.options().is_empty();
        for (option, left) in options(&was.ty, &now.ty).filter(|_| !frees) {
            match left {
                Some(left) if many && kept.contains(&left) => {
                    let message = format!(
                        "two options of field `{name}` would become `{left}`, which a row may have chosen both"
                    );
                    refused(message, "give the option one earlier name");
                }
                Some(left) => kept.push(left),
                None => {
                    let message =
                        format!("option `{option}` of field `{name}` is gone, but rows may use it");
                    let help =
                        format!("keep it, or write `was [{option}]` behind the option it became");
                    refused(message, &help);
                }
            }
        }
        if now.required && !was.required {
            let message = format!("field `{name}` is required now, but rows may miss it");
            refused(message, "fill it in everywhere, and require it by hand");
        }
        if now.unique && !was.unique {
            let message = format!("field `{name}` is unique now, but rows may share a value");
            refused(message, "mend the rows, and make it unique by hand");
        }
        let narrower = narrows(was.at_least.as_ref(), now.at_least.as_ref(), Ordering::Greater)
            || narrows(was.at_most.as_ref(), now.at_most.as_ref(), Ordering::Less);
        if narrower {
            let message = format!("field `{name}` has narrower bounds, which rows may be beyond");
            refused(message, "keep the bounds, or mend the rows and change the table by hand");
        }
    }

    fn stages(&self, found: &mut Vec<Diagnostic>) {
        for (id, was) in self.old.stages.iter() {
            let Some(record) = self.pairs.records.new_of(was.record) else { continue };
            let name = &was.name;
            if let Some(now) = self.pairs.stages.new_of(id) {
                let stage = &self.new.stages[now];
                if stage.record != record {
                    let message = format!(
                        "stage `{}` is of another record type: rows in it cannot follow",
                        stage.name
                    );
                    let help = "give the new stage another name, and retire the old one";
                    found.push(refuse(stage.span, message, help));
                }
                continue;
            }
            let Some(retired) = self.retired(RetiredKind::Stage, name) else {
                let message = format!("stage `{name}` is gone, but rows may be in it");
                let help = format!(
                    "write `was [{name}]` in the stage it became, or `retired stage {name} into` the one where they go on"
                );
                found.push(refuse(self.new.records[record].span, message, &help));
                continue;
            };
            let other = retired.into.iter().any(|(node, _)| match node {
                NodeRef::Stage(to) => self.new.stages[*to].record != record,
                _ => false,
            });
            if other {
                let message = format!(
                    "rows in stage `{name}` cannot go on in a stage of another record type"
                );
                let help = "name a stage of the same record type";
                found.push(refuse(retired.span, message, help));
            } else if self.goes_to(id).is_none() {
                let message = format!(
                    "stage `{name}` is retired, but not every row in it has a stage to go on in"
                );
                let help = "end with a stage without condition: `into proposal when amount > 0 EUR, problem`";
                found.push(refuse(retired.span, message, help));
            }
        }
    }

    /// What people confirmed goes when nothing asks for it any more: the language has no word for
    /// that, so the program tells it.
    fn confirmations(&self, found: &mut Vec<Diagnostic>) {
        for (id, was) in self.old.confirmations.iter() {
            let Some(record) = self.pairs.records.new_of(was.record) else { continue };
            if self.pairs.confirmations.new_of(id).is_none() {
                let record = &self.new.records[record];
                let message = format!(
                    "what was confirmed as \"{}\" goes: nothing in `{}` asks for it any more",
                    was.text.value, record.name
                );
                let finding = Diagnostic::new(TARGET_LOSS, record.span, message);
                let help = format!("keep a copy of the column `{}` if you need it", was.key);
                found.push(finding.level(Level::Warning).help(help));
            }
        }
    }

    /// Where the rows of an old stage are put before conditions are asked: in the stage it is, or
    /// in the one that takes what no condition sends elsewhere. Where it is proved that the conditions
    /// take every record, that is the last one.
    pub(super) fn goes_to(&self, stage: StageId) -> Option<StageId> {
        if let Some(now) = self.pairs.stages.new_of(stage) {
            return Some(now);
        }
        let retired = self.retired(RetiredKind::Stage, &self.old.stages[stage].name)?;
        let last = retired.into.iter().find_map(|(node, when)| match (node, when) {
            (NodeRef::Stage(to), None) => Some(*to),
            _ => None,
        });
        last.or_else(|| self.proved_last(retired))
    }

    /// The last of the stages whose conditions are proved to take every record.
    fn proved_last(&self, retired: &Retired) -> Option<StageId> {
        let mut last = None;
        let mut conditions = Vec::new();
        for (node, when) in &retired.into {
            if let (NodeRef::Stage(to), Some(when)) = (node, when) {
                last = Some(*to);
                conditions.push(Formula::Holds(when));
            }
        }
        // A proof holds at any moment.
        let prover = Prover::new(self.new, DateTime::constant(2026, 3, 2, 12, 0, 0, 0));
        last.filter(|_| prover.is_certain(Formula::Any(conditions)))
    }
}

/// A finding that stops the migration.
pub(super) fn refuse(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(TARGET_LOSS, span, message).help(help)
}
