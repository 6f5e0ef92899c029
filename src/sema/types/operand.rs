//! Literals, names, grades and confirmations.

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};
use crate::model::{Confirmation, Expr, ExprKind, FieldId, Owner, RecordId, ScoreId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Literal, Name};

use super::super::lower::Lowering;
use super::super::names::renamed;
use super::Scope;
use super::describe::value_type;

impl Lowering<'_, '_> {
    pub(super) fn literal(&mut self, literal: &Literal, span: Span) -> Option<Expr> {
        let (value, ty) = match literal {
            Literal::Number(number) => {
                let ty = if number.is_integer() { Type::Integer } else { Type::Number };
                (Value::Number(*number), ty)
            }
            Literal::Percent(percent) => (Value::Percent(*percent), Type::Percent),
            Literal::Money(money) => {
                if !self.check_money(money.currency, span) {
                    return None;
                }
                (Value::Money(*money), Type::Money)
            }
            Literal::Text(text) => (Value::Text(text.clone()), Type::Text),
            Literal::Boolean(value) => (Value::Boolean(*value), Type::Boolean),
            Literal::Date(date) => (Value::Date(*date), Type::Date),
            Literal::DateTime(at) => (Value::DateTime(*at), Type::DateTime),
            Literal::Duration(duration) => (Value::Duration(*duration), Type::Duration),
        };
        Some(Expr { kind: ExprKind::Value(value), ty, span })
    }

    /// Whether an amount in this currency can stand in this process; a finding when not.
    pub(in crate::sema) fn check_money(&mut self, currency: ast::Currency, span: Span) -> bool {
        match self.process.currency {
            Some(own) if own == currency || self.unsure_currency => true,
            Some(own) => {
                self.findings.push(
                    Diagnostic::new(
                        codes::CURRENCY_MISMATCH,
                        span,
                        format!("expected an amount in `{own}`, found `{currency}`"),
                    )
                    .help(format!("one process keeps one currency: write the amount in `{own}`")),
                );
                false
            }
            None if self.names.process.is_some_and(|process| process.broken) => true,
            None => {
                self.findings.push(
                    Diagnostic::new(
                        codes::CURRENCY_MISMATCH,
                        span,
                        format!("an amount in `{currency}`, but the process has no currency"),
                    )
                    .help(format!("add `currency {currency}` to the `process` block")),
                );
                false
            }
        }
    }

    /// A name in an expression: a field or a score. Options are found by what they are compared
    /// with, before this is asked.
    pub(super) fn path(&mut self, path: &ast::Path, scope: Scope<'_>) -> Option<Expr> {
        if let Some(score) = self.score_in(path, scope) {
            if !scope.scores {
                self.findings.push(
                    Diagnostic::new(
                        codes::WRONG_KIND,
                        path.span,
                        format!("score `{}` is read inside a score", path.dotted()),
                    )
                    .help("a score rates fields and events; repeat the conditions it needs"),
                );
                return None;
            }
            return Some(Expr { kind: ExprKind::Score(score), ty: Type::Number, span: path.span });
        }
        let field = self.field_at(path, scope.record)?;
        let ty = value_type(field, &self.process.fields[field].ty);
        Some(Expr { kind: ExprKind::Field(field), ty, span: path.span })
    }

    /// The score a path names, unless a visible field of that name hides it.
    fn score_in(&self, path: &ast::Path, scope: Scope<'_>) -> Option<ScoreId> {
        let record = scope.record?;
        let name = match path.parts.as_slice() {
            [name] => name,
            [owner, name] => {
                let owner = self.record_ids.get(owner.text.as_str())?;
                self.process.lineage(record).find(|id| id == owner)?;
                name
            }
            _ => return None,
        };
        if self.visible_field(record, &name.text).is_some() {
            return None;
        }
        let score = self.score_id(&name.text)?;
        let rated = self.process.scores[score].record;
        self.process.lineage(record).any(|id| id == rated).then_some(score)
    }

    /// The field a path names, read from a record type; a finding when there is none.
    pub(in crate::sema) fn field_at(
        &mut self,
        path: &ast::Path,
        record: Option<RecordId>,
    ) -> Option<FieldId> {
        let record = record?;
        match path.parts.as_slice() {
            [name] => match self.visible_field(record, &name.text) {
                Some(field) => Some(field),
                None => {
                    self.unknown_field(name, record);
                    None
                }
            },
            [owner, name] => {
                let owner_id = self.record(owner)?;
                if !self.process.lineage(record).any(|id| id == owner_id) {
                    self.not_visible(owner_id, path, record);
                    return None;
                }
                match self.visible_field(owner_id, &name.text) {
                    Some(field) => Some(field),
                    None => {
                        self.unknown_field(name, owner_id);
                        None
                    }
                }
            }
            _ => {
                self.findings.push(
                    Diagnostic::new(
                        codes::UNKNOWN_NAME,
                        path.span,
                        format!("`{}` is not a field", path.dotted()),
                    )
                    .help("a field is `name` or `record.name`"),
                );
                None
            }
        }
    }

    fn unknown_field(&mut self, name: &Name, record: RecordId) {
        if self.names.lost.contains(name.text.as_str())
            || self.process.lineage(record).any(|id| self.open_records.contains(&id))
        {
            return;
        }
        let elsewhere = self.process.records.ids().find(|id| {
            self.process.records[*id]
                .fields
                .iter()
                .any(|f| self.process.fields[*f].name == name.text)
        });
        if let Some(other) = elsewhere {
            let path = ast::Path { parts: vec![name.clone()], span: name.span };
            self.not_visible(other, &path, record);
            return;
        }
        let mut known: Vec<&str> = self
            .process
            .lineage(record)
            .flat_map(|id| self.process.records[id].fields.iter())
            .map(|field| self.process.fields[*field].name.as_str())
            .collect();
        known.extend(self.names.scores.keys().copied());
        let mut finding = Diagnostic::new(
            codes::UNKNOWN_NAME,
            name.span,
            format!("record `{}` has no field `{name}`", self.process.records[record].name),
        );
        let value = match name.text.as_str() {
            "yes" => Some("a condition that holds is `true`"),
            "no" => Some("a condition that does not hold is `false`"),
            "yesterday" => Some("write `today - 1d`"),
            "tomorrow" => Some("write `today + 1d`"),
            "null" | "none" | "nil" => Some("what has no value `is missing`"),
            _ => None,
        };
        if let Some(advice) = value {
            self.findings.push(finding.help(advice));
            return;
        }
        let fields = self.process.lineage(record).flat_map(|id| &self.process.records[id].fields);
        let mut fields = fields.map(|field| &self.process.fields[*field]);
        if let Some(field) = fields.find(|field| field.was.contains(&name.text)) {
            let finding = renamed(finding, name.span, &field.name);
            self.findings.push(finding);
            return;
        }
        let dotted = format!("{}.{name}", self.process.records[record].name);
        let mut retired = self.names.retired.iter();
        if let Some(retired) = retired.find(|of| of.name.dotted() == dotted) {
            let finding = finding.label(retired.name.span, "it is retired here");
            self.findings.push(finding.help("ask for something that is still there"));
            return;
        }
        finding = match closest(&name.text, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
                format!("replace by `{near}`"),
                Safety::Unsafe,
                vec![Edit { span: name.span, replacement: near.to_owned() }],
            ),
            None => finding
                .label(self.process.records[record].span, "its fields are declared here")
                .help(format!("add the field to record `{}`", self.process.records[record].name)),
        };
        self.findings.push(finding);
    }

    /// A field of a record that this stage's record neither is nor continues.
    fn not_visible(&mut self, owner: RecordId, path: &ast::Path, reader: RecordId) {
        // What the record continues is not known.
        if self.process.lineage(reader).any(|id| self.open_records.contains(&id)) {
            return;
        }
        let owner_record = &self.process.records[owner];
        let reader_record = &self.process.records[reader];
        let name = path.parts.last().map_or("", |name| name.text.as_str());
        let later = self.process.lineage(owner).any(|id| id == reader);
        let help = if later {
            format!("`{}` begins later: ask for it there", owner_record.name)
        } else {
            format!(
                "only fields of `{}` and of the records it continues can be read here",
                reader_record.name
            )
        };
        let place = owner_record
            .fields
            .iter()
            .find(|field| self.process.fields[**field].name == name)
            .map_or(owner_record.span, |field| self.process.fields[*field].span);
        let finding = Diagnostic::new(
            codes::FIELD_NOT_VISIBLE,
            path.span,
            format!(
                "`{name}` is a field of `{}`, which a `{}` does not have",
                owner_record.name, reader_record.name
            ),
        )
        .label(place, "declared here")
        .help(help);
        self.findings.push(finding);
    }

    pub(super) fn is_grade(
        &mut self,
        value: &ast::Expr,
        grade: &Name,
        scope: Scope<'_>,
        depth: usize,
        span: Span,
    ) -> Option<Expr> {
        let value = self.expr(value, scope, depth)?;
        if let ExprKind::Score(score) = value.kind {
            let grades = &self.process.scores[score].grades;
            if let Some(index) = grades.iter().position(|known| known.name == grade.text) {
                return Some(Expr {
                    kind: ExprKind::IsGrade(score, index),
                    ty: Type::Boolean,
                    span,
                });
            }
            if self.process.scores[score].broken {
                return None;
            }
            let mut finding = Diagnostic::new(
                codes::UNKNOWN_NAME,
                grade.span,
                format!("score `{}` has no grade `{grade}`", self.process.scores[score].name),
            )
            .label(self.process.scores[score].span, "the score is declared here");
            finding = match closest(&grade.text, grades.iter().map(|known| known.name.as_str())) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None if grades.is_empty() => finding.help("add a `grade` line to the score"),
                None => {
                    let known: Vec<String> =
                        grades.iter().map(|known| format!("`{}`", known.name)).collect();
                    finding.help(format!("its grades are {}", known.join(", ")))
                }
            };
            self.findings.push(finding);
            return None;
        }
        let meant = match grade.text.as_str() {
            "absent" | "blank" | "empty" | "null" | "none" | "nil" | "unset" => Some("missing"),
            "set" | "filled" | "given" | "known" | "filled_in" | "available" | "entered" => {
                Some("present")
            }
            word => closest(word, ["present", "missing"]),
        };
        if let Some(near) = meant {
            let replacement = near.to_owned();
            self.findings.push(
                Diagnostic::new(
                    codes::UNKNOWN_NAME,
                    grade.span,
                    format!("a field is `present` or `missing`, not `{grade}`"),
                )
                .help(format!("did you mean `{near}`?"))
                .fix(
                    format!("replace by `{near}`"),
                    Safety::Safe,
                    vec![Edit { span: grade.span, replacement }],
                ),
            );
            return None;
        }
        let what = self.describe(value.ty);
        let mut finding = Diagnostic::new(
            codes::TYPE_MISMATCH,
            value.span,
            format!("only a score has grades, and this is {what}"),
        );
        if let Type::OneOf(field) = value.ty {
            let options = self.process.fields[field].ty.options();
            if options.iter().any(|option| option.name == grade.text) {
                let between =
                    Span { file: span.file, start: value.span.end, end: grade.span.start };
                finding = finding.help(format!("write `= {grade}`")).fix(
                    "compare with `=`",
                    Safety::Safe,
                    vec![Edit { span: between, replacement: " = ".to_owned() }],
                );
            }
        } else if value.ty == Type::Boolean {
            finding =
                finding.help("a condition needs no comparison: write it alone, or after `not`");
        } else {
            finding = finding.help("compare with `=`, or ask whether it `is present`");
        }
        self.findings.push(finding);
        None
    }

    pub(super) fn confirm(
        &mut self,
        text: &ast::Text,
        by: Option<&Name>,
        scope: Scope<'_>,
        span: Span,
    ) -> Option<Expr> {
        let by = match by {
            None => None,
            Some(name) => Some(self.owner(name)?),
        };
        let record = scope.record?;
        let identity: (RecordId, String, Option<Owner>) = (record, text.value.clone(), by);
        let id = match self.confirmations.get(&identity) {
            Some(id) => *id,
            None => {
                let key = self.free_key(&format!("confirmed_{}", scope.place));
                let text = self.text(text);
                let id =
                    self.process.confirmations.push(Confirmation { key, text, by, record, span });
                self.confirmations.insert(identity, id);
                id
            }
        };
        Some(Expr { kind: ExprKind::Confirmed(id), ty: Type::Boolean, span })
    }

    /// `stem`, or `stem_2` and so on when a field or confirmation is called so already.
    fn free_key(&mut self, stem: &str) -> String {
        let mut key = stem.to_owned();
        let mut count = 1;
        while !self.taken_keys.insert(key.clone()) {
            count += 1;
            key = format!("{stem}_{count}");
        }
        key
    }
}
