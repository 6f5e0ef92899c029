//! Goals and feedback.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, codes};
use crate::model::{FieldType, Goal, GoalId, Id, Measure, StageId, Statistic, Target, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Literal};

use super::super::types::Scope;
use super::Lowering;

/// What kind of value a measure gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Percent,
    Number,
    Money,
    Duration,
}

impl Lowering<'_, '_> {
    pub(super) fn goals(&mut self) {
        let names = self.names;
        for decl in names.goals.values() {
            let title = self.title(decl.title.as_ref(), &decl.name);
            let why = self.maybe_text(decl.why.as_ref());
            self.waivers(&decl.waivers, Some(decl.span));
            let was =
                self.was("goal", &decl.was, |name| names.goals.get(name).map(|d| d.name.span));
            let shared_by = self.owner_list(&decl.shared_by);
            let measure = decl.measure.as_ref().map(|m| self.measure(&m.value, &decl.name.text));
            let lost = matches!(measure, Some(None)) || shared_by.len() < decl.shared_by.len();
            let measure = measure.flatten();
            if !decl.broken {
                self.check_goal(decl);
            }
            // Whose goal it is, or what it measures, may be just what connects two teams.
            let lost = lost || decl.shared_by.is_empty();
            let target = decl.target.as_ref().and_then(|target| {
                self.target(target, measure.as_ref(), decl.measure.as_ref().map(|m| m.span))
            });
            self.process.goals.push(Goal {
                name: decl.name.text.clone(),
                title,
                shared_by,
                measure,
                target,
                why,
                was,
                broken: decl.broken || lost,
                span: decl.name.span,
            });
        }
        for decl in names.feedback.values() {
            let title = self.title(decl.title.as_ref(), &decl.name);
            let about = self.maybe_text(decl.about.as_ref());
            self.waivers(&decl.waivers, Some(decl.span));
            let was = self
                .was("feedback", &decl.was, |name| names.feedback.get(name).map(|d| d.name.span));
            self.check_every(decl.every);
            let from = self.owner_list(&decl.from);
            let to = self.owner_list(&decl.to);
            let lost = from.len() < decl.from.len() || to.len() < decl.to.len();
            if !decl.broken {
                self.check_feedback(decl);
            }
            for (listener, speaker) in to.iter().filter_map(|listener| {
                Some((listener, from.iter().find(|speaker| speaker.value == listener.value)?))
            }) {
                let name = self.process.owner_name(listener.value).0;
                let finding = Diagnostic::new(
                    codes::DUPLICATE_NAME,
                    listener.span,
                    format!("`{name}` gives feedback to itself"),
                )
                .label(speaker.span, "speaks here")
                .help("name who should hear it");
                self.findings.push(finding);
            }
            let (from, to): (Vec<_>, Vec<_>) = (
                from.iter().map(|owner| owner.value).collect(),
                to.iter().map(|owner| owner.value).collect(),
            );
            self.process.feedback.push(crate::model::Feedback {
                name: decl.name.text.clone(),
                title,
                from,
                to,
                every: decl.every.map(|every| every.value),
                about,
                was,
                broken: decl.broken || lost,
                span: decl.name.span,
            });
        }
    }

    fn check_goal(&mut self, decl: &ast::GoalDecl) {
        let name = &decl.name;
        let (message, help) = match (decl.measure.is_none(), decl.shared_by.is_empty()) {
            (true, true) => (
                format!("goal `{name}` says neither what it measures nor whose it is"),
                "add a `measure`, such as `conversion from … to …`, and `shared by […]`",
            ),
            (true, false) => (
                format!("goal `{name}` does not say what it measures"),
                "add a `measure`, such as `conversion from … to …` or `entries into …`",
            ),
            (false, true) => (
                format!("goal `{name}` does not say whose it is"),
                "add `shared by […]` for the teams that reach it together, or `owner …`",
            ),
            (false, false) => return,
        };
        self.lacks(name, message, help);
    }

    fn check_feedback(&mut self, decl: &ast::FeedbackDecl) {
        let name = &decl.name;
        let message = match (decl.from.is_empty(), decl.to.is_empty()) {
            (true, true) => format!("feedback `{name}` says neither who speaks nor who listens"),
            (true, false) => format!("feedback `{name}` does not say who speaks"),
            (false, true) => format!("feedback `{name}` does not say who listens"),
            (false, false) => return,
        };
        self.lacks(name, message, "write `from TEAM to [TEAM]`");
    }

    fn measure(&mut self, measure: &ast::Measure, goal: &str) -> Option<Measure> {
        let place = format!("goal_{goal}");
        Some(match measure {
            ast::Measure::Conversion { from, to, within } => {
                if let Some(within) = within {
                    self.check_clock(*within, "say in what time, such as `within 14d`");
                }
                let place = to.span;
                let (from, to) = (self.stage(from), self.stage(to));
                self.check_ends(from, to, place);
                Measure::Conversion { from: from?, to: to?, within: within.map(|d| d.value) }
            }
            ast::Measure::Entries { into, when } => {
                let into = self.stage(into);
                let when = self.measured(into, when.as_ref(), &place)?;
                Measure::Entries { into: into?, when }
            }
            ast::Measure::Balance { of } => Measure::Balance { of: self.stage(of)? },
            ast::Measure::Cycle { statistic, from, to } => {
                let place = to.span;
                let (from, to) = (self.stage(from), self.stage(to));
                self.check_ends(from, to, place);
                Measure::Cycle {
                    statistic: statistic.unwrap_or(Statistic::Median),
                    from: from?,
                    to: to?,
                }
            }
            ast::Measure::Dwell { statistic, stage } => Measure::Dwell {
                statistic: statistic.unwrap_or(Statistic::Median),
                stage: self.stage(stage)?,
            },
            ast::Measure::Sum { field, entering, when } => {
                let entering = self.stage(entering);
                let record = entering.and_then(|stage| self.readable_record(stage));
                let id = self.field_at(field, record);
                let when = self.measured(entering, when.as_ref(), &place)?;
                let id = self.summable(id?, field)?;
                Measure::Sum { field: id, entering: entering?, when }
            }
            ast::Measure::Share { of, when } => {
                let of = self.stage(of);
                let when = self.measured(of, Some(when), &place)??;
                Measure::Share { of: of?, when }
            }
            ast::Measure::Coverage { goal, by } => self.coverage(goal, by)?,
        })
    }

    /// Open value is worth something only against a goal that sums what is won.
    fn coverage(&mut self, goal: &ast::Name, by: &ast::Path) -> Option<Measure> {
        let names = self.names;
        let Some((index, _, decl)) = names.goals.get_full(goal.text.as_str()) else {
            names.unknown("goal", goal, names.goals.keys().copied(), self.findings);
            return None;
        };
        // What the goal measures is read, and reported, with the goal itself.
        let measure = decl.measure.as_ref()?;
        let ast::Measure::Sum { field, entering, .. } = &measure.value else {
            self.findings.push(
                Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    goal.span,
                    format!("`{goal}` does not sum anything that could be covered"),
                )
                .label(measure.span, "measured here")
                .help("name a goal that measures `sum of … entering …`"),
            );
            return None;
        };
        if decl.target.is_none() && !decl.broken {
            self.findings.push(
                Diagnostic::new(
                    codes::MISSING_PROPERTY,
                    goal.span,
                    format!("`{goal}` has no target that could be covered"),
                )
                .label(decl.name.span, "declared here")
                .help("give it one: `target at least … every quarter`"),
            );
        }
        let stage = self.stage_id(&entering.text)?;
        let record = self.readable_record(stage);
        let value = self.field_at(by, record)?;
        let value = self.summable(value, by)?;
        let summed = record.zip(field.parts.last());
        let summed = summed.and_then(|(record, name)| self.visible_field(record, &name.text));
        if let Some(summed) = summed {
            let is_money = |field| self.process.fields[field].ty == FieldType::Money;
            if is_money(summed) != is_money(value) {
                let declared = self.process.fields[summed].span;
                self.findings.push(
                    Diagnostic::new(
                        codes::TYPE_MISMATCH,
                        by.span,
                        format!("`{}` and what `{goal}` sums are of different kinds", by.dotted()),
                    )
                    .label(declared, "summed there")
                    .help(
                        "count open records by the field that the goal sums, or by one of its kind",
                    ),
                );
                return None;
            }
        }
        Some(Measure::Coverage { goal: GoalId::from_index(index), by: value, entering: stage })
    }

    /// What is measured from one stage to another needs two of them.
    fn check_ends(&mut self, from: Option<StageId>, to: Option<StageId>, place: Span) {
        let (Some(from), true) = (from, from == to) else { return };
        let name = &self.process.stages[from].name;
        let message = format!("nothing is measured from `{name}` to `{name}`");
        self.impossible(place, message, "name the stage that records should reach");
    }

    /// The condition of a measure over the records that enter a stage: `None` when it was lost.
    #[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
    fn measured(
        &mut self,
        stage: Option<StageId>,
        when: Option<&ast::Expr>,
        place: &str,
    ) -> Option<Option<crate::model::Expr>> {
        let Some(when) = when else { return Some(None) };
        let record = stage.and_then(|stage| self.readable_record(stage));
        self.condition(when, Scope::of(record, place)).map(Some)
    }

    fn summable(
        &mut self,
        field: crate::model::FieldId,
        path: &ast::Path,
    ) -> Option<crate::model::FieldId> {
        if matches!(
            self.process.fields[field].ty,
            FieldType::Money | FieldType::Number | FieldType::Integer
        ) {
            return Some(field);
        }
        let declared = self.process.fields[field].span;
        self.findings.push(
            Diagnostic::new(
                codes::TYPE_MISMATCH,
                path.span,
                format!("`{}` cannot be summed", path.dotted()),
            )
            .label(declared, "declared here")
            .help("sum a number or an amount of money"),
        );
        None
    }

    fn target(
        &mut self,
        decl: &ast::TargetDecl,
        measure: Option<&Measure>,
        measure_span: Option<Span>,
    ) -> Option<Target> {
        let (value, quantity) = match &decl.value.value {
            Literal::Number(number) => (Value::Number(*number), Quantity::Number),
            Literal::Percent(percent) => (Value::Percent(*percent), Quantity::Percent),
            Literal::Money(money) => {
                if !self.check_money(money.currency, decl.value.span) {
                    return None;
                }
                (Value::Money(*money), Quantity::Money)
            }
            Literal::Duration(duration) => (Value::Duration(*duration), Quantity::Duration),
            _ => return None,
        };
        let expected = measure.map(|measure| self.quantity(measure));
        if let Some(expected) = expected.filter(|expected| *expected != quantity) {
            let (what, example) = match expected {
                Quantity::Percent => ("a percentage", example(&decl.value.value)),
                Quantity::Number => ("a number", None),
                Quantity::Money => ("an amount of money", None),
                Quantity::Duration => ("a duration", None),
            };
            let mut finding = Diagnostic::new(
                codes::TYPE_MISMATCH,
                decl.value.span,
                format!("this goal measures {what}: its target must be one"),
            );
            if let Some(span) = measure_span {
                finding = finding.label(span, "measured here");
            }
            if let Some(example) = example {
                finding = finding.help(example);
            }
            self.findings.push(finding);
            return None;
        }
        if let (Value::Percent(percent), Some(Quantity::Percent)) = (&value, expected)
            && *percent > Decimal::ONE_HUNDRED
        {
            let message = format!("`{percent}%` is more than all records");
            self.impossible(decl.value.span, message, "a share of records is at most 100%");
        }
        self.check_every(decl.every);
        Some(Target {
            at_least: decl.at_least,
            value,
            every: decl.every.map(|every| every.value),
            span: decl.span,
        })
    }

    fn quantity(&self, measure: &Measure) -> Quantity {
        match measure {
            Measure::Conversion { .. } | Measure::Share { .. } => Quantity::Percent,
            Measure::Entries { .. } | Measure::Balance { .. } | Measure::Coverage { .. } => {
                Quantity::Number
            }
            Measure::Cycle { .. } | Measure::Dwell { .. } => Quantity::Duration,
            Measure::Sum { field, .. } => match self.process.fields[*field].ty {
                FieldType::Money => Quantity::Money,
                _ => Quantity::Number,
            },
        }
    }
}

/// The advice for a number where a percentage is expected.
fn example(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Number(number) if *number <= Decimal::ONE_HUNDRED => {
            Some(super::percentage_help(*number))
        }
        _ => None,
    }
}
