//! Record types and their fields.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, codes};
use crate::model::{EnumOption, Field, FieldId, FieldType, Id, Record, RecordId, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Literal};

use super::super::names::duplicate;
use super::Lowering;

impl<'a> Lowering<'a, '_> {
    pub(super) fn records(&mut self) {
        let (sorted, circular) = self.sorted_records();
        for decl in sorted {
            let from = decl
                .from
                .as_ref()
                .and_then(|name| self.record_ids.get(name.text.as_str()).copied());
            let title = self.title(decl.title.as_ref(), &decl.name);
            let about = self.maybe_text(decl.about.as_ref());
            let names = self.names;
            let was =
                self.was("record", &decl.was, |name| names.records.get(name).map(|d| d.name.span));
            self.waivers(&decl.waivers, Some(decl.span));
            // A field that seems to be missing may be one of the other declaration, or of a record
            // that this one should have continued.
            let open = decl.broken
                || (decl.from.is_some() && from.is_none())
                || circular.contains(decl.name.text.as_str())
                || names.doubled.contains(&("record", decl.name.text.as_str()));
            let id = self.process.records.push(Record {
                name: decl.name.text.clone(),
                title,
                from,
                about,
                fields: Vec::new(),
                was,
                broken: open,
                span: decl.name.span,
            });
            self.record_ids.insert(&decl.name.text, id);
            self.fields.push(FxHashMap::default());
            if open {
                self.open_records.insert(id);
            }
            for field in &decl.fields {
                self.field(id, decl, field);
            }
        }
        self.check_money_fields();
    }

    /// Every record after the one it continues, and those of circles. A circle is reported and cut.
    fn sorted_records(&mut self) -> (Vec<&'a ast::RecordDecl>, FxHashSet<&'a str>) {
        let names = self.names;
        let mut circular: FxHashSet<&'a str> = FxHashSet::default();
        let mut sorted: Vec<&'a ast::RecordDecl> = Vec::with_capacity(names.records.len());
        // 1: on the way down, 2: done.
        let mut state: FxHashMap<&str, u8> = FxHashMap::default();
        for decl in names.records.values().copied() {
            let mut chain: Vec<&'a ast::RecordDecl> = Vec::new();
            let mut next = Some(decl);
            while let Some(current) = next {
                match state.get(current.name.text.as_str()) {
                    Some(2) => break,
                    Some(_) => {
                        circular.extend(
                            chain
                                .iter()
                                .rev()
                                .map(|decl| decl.name.text.as_str())
                                .take_while(|name| *name != current.name.text),
                        );
                        circular.insert(&current.name.text);
                        let from = chain.last().and_then(|last| last.from.as_ref());
                        let span = from.map_or(current.name.span, |name| name.span);
                        self.findings.push(
                            Diagnostic::new(
                                codes::CYCLIC_RECORD,
                                span,
                                format!("record `{}` continues itself", current.name),
                            )
                            .reason("this closes the circle")
                            .label(current.name.span, "it begins here")
                            .help("a record continues one that came before it: cut the circle at one `from`"),
                        );
                        break;
                    }
                    None => {}
                }
                state.insert(&current.name.text, 1);
                chain.push(current);
                next = match &current.from {
                    None => None,
                    Some(from) => {
                        let parent = names.records.get(from.text.as_str()).copied();
                        if parent.is_none() {
                            let known = names.records.keys().copied();
                            names.unknown("record", from, known, self.findings);
                        }
                        parent
                    }
                };
            }
            while let Some(done) = chain.pop() {
                state.insert(&done.name.text, 2);
                sorted.push(done);
            }
        }
        (sorted, circular)
    }

    fn field(&mut self, record: RecordId, owner: &'a ast::RecordDecl, decl: &'a ast::FieldDecl) {
        if let Some(first) = self.visible_field(record, &decl.name.text) {
            let first = &self.process.fields[first];
            let mut finding = duplicate("field", &decl.name, first.span);
            if first.record != record {
                let other = &self.process.records[first.record].name;
                finding.message = format!(
                    "field `{}` is already a field of `{other}`, which `{}` continues",
                    decl.name, owner.name
                );
                finding = finding.help("remove it: the fields of the earlier record stay visible");
            }
            self.findings.push(finding);
            return;
        }
        let own = |name: &str| {
            owner.fields.iter().find(|field| field.name.text == name).map(|field| field.name.span)
        };
        let id = self.process.fields.next_id();
        let ty = self.field_type(&decl.ty.value);
        let title = self.title(decl.title.as_ref(), &decl.name);
        let help = self.maybe_text(decl.help.as_ref());
        let was = self.was("field", &decl.was, own);
        let at_least = self.bound(&decl.name, &ty, decl.at_least.as_ref());
        let at_most = self.bound(&decl.name, &ty, decl.at_most.as_ref());
        let place = |bound: &Option<Spanned<Literal>>| bound.as_ref().map(|bound| bound.span);
        self.check_bounds(
            at_least.as_ref().zip(place(&decl.at_least)),
            at_most.as_ref().zip(place(&decl.at_most)),
        );
        if !owner.broken
            && let ast::FieldType::OneOf(options) | ast::FieldType::ManyOf(options) = &decl.ty.value
            && options.is_empty()
        {
            self.impossible(
                decl.ty.span,
                format!("field `{}` has no options: it can have no value", decl.name),
                "name what it can be, such as `one of [small, large]`",
            );
        }
        self.process.fields.push(Field {
            name: decl.name.text.clone(),
            title,
            record,
            ty,
            at_least,
            at_most,
            required: decl.required.is_some(),
            unique: decl.unique.is_some(),
            help,
            was,
            span: decl.name.span,
        });
        self.process.records[record].fields.push(id);
        if let Some(own) = self.fields.get_mut(record.index()) {
            own.insert(&decl.name.text, id);
        }
        self.taken_keys.insert(decl.name.text.clone());
    }

    /// The field of that name in a record or those it continues.
    pub(in crate::sema) fn visible_field(&self, record: RecordId, name: &str) -> Option<FieldId> {
        self.process
            .lineage(record)
            .find_map(|id| self.fields.get(id.index()).and_then(|own| own.get(name)).copied())
    }

    fn field_type(&mut self, ty: &ast::FieldType) -> FieldType {
        match ty {
            ast::FieldType::Text => FieldType::Text,
            ast::FieldType::Number => FieldType::Number,
            ast::FieldType::Integer => FieldType::Integer,
            ast::FieldType::Money => FieldType::Money,
            ast::FieldType::Percent => FieldType::Percent,
            ast::FieldType::Boolean => FieldType::Boolean,
            ast::FieldType::Date => FieldType::Date,
            ast::FieldType::DateTime => FieldType::DateTime,
            ast::FieldType::User => FieldType::User,
            ast::FieldType::OneOf(options) => FieldType::OneOf(self.options(options)),
            ast::FieldType::ManyOf(options) => FieldType::ManyOf(self.options(options)),
        }
    }

    fn options(&mut self, decls: &[ast::OptionDecl]) -> Vec<EnumOption> {
        let mut options: Vec<EnumOption> = Vec::with_capacity(decls.len());
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for decl in decls {
            if let Some(first) = seen.insert(&decl.name.text, decl.name.span) {
                self.findings.push(duplicate("option", &decl.name, first));
                continue;
            }
            let title = self.title(decl.title.as_ref(), &decl.name);
            let was = self.was("option", &decl.was, |name| {
                decls.iter().find(|other| other.name.text == name).map(|other| other.name.span)
            });
            options.push(EnumOption {
                name: decl.name.text.clone(),
                title,
                was,
                span: decl.name.span,
            });
        }
        options
    }

    fn bound(
        &mut self,
        field: &ast::Name,
        ty: &FieldType,
        bound: Option<&Spanned<Literal>>,
    ) -> Option<Value> {
        let bound = bound?;
        let value = match (ty, &bound.value) {
            (FieldType::Number, Literal::Number(number)) => Ok(Value::Number(*number)),
            (FieldType::Integer, Literal::Number(number)) if number.is_integer() => {
                Ok(Value::Number(*number))
            }
            (FieldType::Percent, Literal::Percent(percent)) => Ok(Value::Percent(*percent)),
            (FieldType::Money, Literal::Money(money)) => {
                self.check_money(money.currency, bound.span);
                Ok(Value::Money(*money))
            }
            (FieldType::Date, Literal::Date(date)) => Ok(Value::Date(*date)),
            (FieldType::DateTime, Literal::DateTime(at)) => Ok(Value::DateTime(*at)),
            (FieldType::Number, _) => Err("a number, such as `1`"),
            (FieldType::Integer, _) => Err("a whole number, such as `1`"),
            (FieldType::Percent, _) => Err("a percentage, such as `10%`"),
            (FieldType::Money, _) => Err("an amount, such as `1_000 JPY`"),
            (FieldType::Date, _) => Err("a date, such as `2026-04-01`"),
            (FieldType::DateTime, _) => Err("a point in time, such as `2026-04-01T09:00`"),
            _ => Err(""),
        };
        match value {
            Ok(value) => Some(value),
            Err(expected) => {
                let message = if expected.is_empty() {
                    format!("field `{field}` cannot have a least or greatest value")
                } else {
                    format!("the bound of field `{field}` must be {expected}")
                };
                let mut finding = Diagnostic::new(codes::TYPE_MISMATCH, bound.span, message)
                    .label(field.span, "declared here");
                finding.help = match (ty, &bound.value, self.process.currency) {
                    (FieldType::Money, Literal::Number(number), Some(currency)) => {
                        Some(format!("write `{number} {currency}`"))
                    }
                    (FieldType::Percent, Literal::Number(number), _) => {
                        Some(super::percentage_help(*number))
                    }
                    _ => None,
                };
                self.findings.push(finding);
                None
            }
        }
    }

    /// Money needs a currency; said once.
    fn check_money_fields(&mut self) {
        if self.process.currency.is_some() || self.names.process.is_some_and(|p| p.broken) {
            return;
        }
        let money = self.process.fields.values().find(|field| field.ty == FieldType::Money);
        if let Some(field) = money {
            let finding = Diagnostic::new(
                codes::CURRENCY_MISMATCH,
                field.span,
                format!("field `{}` holds money, but the process has no currency", field.name),
            )
            .help("add `currency JPY`, or yours, to the `process` block");
            self.findings.push(finding);
        }
    }
}
