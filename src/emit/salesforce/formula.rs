//! Conditions as Salesforce formulas, with the two-valued logic of `logic::eval`: a formula made here
//! is true or false for every record, because whatever may be blank is asked for first.
//!
//! Formulas are kept to functions that mean the same on every edition: no `REGEX`, no comments.
//! `ISBLANK` does not take picklists, so a blank one is asked for with `ISPICKVAL(…, "")`.

mod parts;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::emit::operator;
use crate::logic::duration;
use crate::model::{
    ArithmeticOp, Clock, CompareOp, CriterionId, Direction, Duration, ElapsedUnit, Expr, ExprKind,
    FieldId, FieldType, Process, ScoreId, Type, Value,
};

use super::mapping::{Mapping, Object, Source};
use super::messages::filled;
pub(super) use parts::{
    all, any, constant, decimal, fits, not, older_than, picked, text, too_long,
};
use parts::{moved_date, seconds, seconds_between};

/// Why a condition cannot be said in a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// It asks for events, of which Salesforce keeps no count.
    Event,
    /// It asks for a score.
    Score,
    /// It asks how long a record has been in its stage.
    TimeInStage,
    /// It counts working time.
    WorkingTime,
    /// It adds months to a point in time.
    Months,
    /// It compares lengths of time.
    Length,
    /// It reads a field that the object does not have.
    Field(String),
}

impl Unsaid {
    /// The reason, as the end of a sentence.
    pub(super) fn reason(&self) -> String {
        match self {
            Unsaid::Event => "it asks for events".to_owned(),
            Unsaid::Score => "it asks for a score".to_owned(),
            Unsaid::TimeInStage => "it asks how long the record has been in its stage".to_owned(),
            Unsaid::WorkingTime => "it counts working time".to_owned(),
            Unsaid::Months => "it adds months to a point in time".to_owned(),
            Unsaid::Length => "it compares lengths of time".to_owned(),
            Unsaid::Field(name) => format!("it reads `{name}`, which the object does not have"),
        }
    }
}

/// A formula.
pub(super) type Said = Result<String, Unsaid>;

/// Formulas that must all hold.
type Parts = Result<Vec<String>, Unsaid>;

/// A value, and what must hold for it to be there.
struct Present {
    formula: String,
    guards: Vec<String>,
}

/// `None`: it is missing for every record.
type Valued = Result<Option<Present>, Unsaid>;

/// The formulas of one object.
pub(super) struct Formulas<'a> {
    process: &'a Process,
    object: &'a Object,
    names: FxHashMap<Source, &'a str>,
    /// The fields that hold all points of a score.
    scores: FxHashMap<ScoreId, String>,
    /// What leads from the record with the formula to the one it speaks of: `Lead__r.`, or nothing.
    relation: String,
}

impl<'a> Formulas<'a> {
    pub(super) fn new<'s>(
        mapping: &Mapping<'a>,
        object: &'a Object,
        scores: impl Iterator<Item = (ScoreId, &'s str)>,
    ) -> Self {
        let scores = scores.map(|(score, name)| (score, name.to_owned())).collect();
        Self { scores, ..Self::through(mapping, object, String::new()) }
    }

    /// Formulas of another object, which a lookup leads from to this one. They know no scores.
    pub(super) fn through(mapping: &Mapping<'a>, object: &'a Object, relation: String) -> Self {
        let names = object.fields.iter().map(|field| (field.source, field.name.as_str()));
        Self {
            process: mapping.process,
            object,
            names: names.collect(),
            scores: FxHashMap::default(),
            relation,
        }
    }

    /// Whether a criterion lets the record pass: it does not apply to it, or holds.
    pub(super) fn passes(&self, id: CriterionId) -> Said {
        let criterion = &self.process.criteria[id];
        let holds = self.condition(&criterion.condition)?;
        Ok(match &criterion.applies {
            None => holds,
            Some(applies) => any(vec![not(&self.condition(applies)?), holds]),
        })
    }

    /// A condition, true or false for every record.
    pub(super) fn condition(&self, expr: &Expr) -> Said {
        Ok(match &expr.kind {
            ExprKind::Not(x) => not(&self.condition(x)?),
            ExprKind::And(_)
            | ExprKind::Compare(..)
            | ExprKind::Between(..)
            | ExprKind::Within(..) => all(self.conjuncts(expr)?),
            ExprKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.condition(part));
                any(parts.collect::<Result<_, _>>()?)
            }
            ExprKind::In(x, list) => self.is_in(x, list)?,
            ExprKind::Presence(x, present) => {
                let there = self.presence(x)?;
                if *present { there } else { not(&there) }
            }
            ExprKind::Confirmed(id) => self
                .name(Source::Confirmation(*id), || self.process.confirmations[*id].key.clone())?,
            ExprKind::Field(field) if expr.ty == Type::Boolean => self.field(*field)?,
            ExprKind::Value(Value::Boolean(value)) => constant(*value),
            ExprKind::Event { .. } => return Err(Unsaid::Event),
            ExprKind::IsGrade(score, grade) => self.is_grade(*score, *grade)?,
            ExprKind::Score(_) => return Err(Unsaid::Score),
            ExprKind::TimeInStage => return Err(Unsaid::TimeInStage),
            // Other values are no conditions.
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::Today
            | ExprKind::Now => constant(false),
        })
    }

    /// Whether a clock that counts back from a field has struck.
    pub(super) fn has_struck(&self, clock: &Clock) -> Said {
        let Some(field) = clock.before else { return Err(Unsaid::TimeInStage) };
        let name = self.field(field)?;
        let guard = not(&format!("ISBLANK({name})"));
        let back = duration::negate(clock.duration);
        let struck = if matches!(self.process.fields[field].ty, FieldType::Date) {
            match moved_date(&name, back)? {
                Some(date) => format!("{date} <= TODAY()"),
                None => return Ok(constant(false)),
            }
        } else {
            format!("{} <= {}", seconds_between("NOW()", &name), seconds(clock.duration)?)
        };
        Ok(all(vec![guard, struck]))
    }

    /// What must hold together for a condition, flat: what several parts guard is asked once.
    fn conjuncts(&self, expr: &Expr) -> Parts {
        match &expr.kind {
            ExprKind::And(parts) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|x| self.conjuncts(x)).collect();
                Ok(parts?.into_iter().flatten().collect())
            }
            ExprKind::Compare(a, op, b) => self.compare(a, *op, b),
            ExprKind::Between(x, low, high) => {
                let mut parts = self.compare(low, CompareOp::Le, x)?;
                parts.extend(self.compare(x, CompareOp::Le, high)?);
                Ok(parts)
            }
            ExprKind::Within(x, direction, window) => self.within(x, *direction, *window),
            _ => Ok(vec![self.condition(expr)?]),
        }
    }

    fn name(&self, source: Source, said: impl Fn() -> String) -> Said {
        if let Some(name) = self.names.get(&source) {
            return Ok(format!("{}{name}", self.relation));
        }
        // One field may hold those of several record types.
        match self.object.holding(self.process, source) {
            Some(field) => Ok(format!("{}{}", self.relation, field.name)),
            None => Err(Unsaid::Field(said())),
        }
    }

    fn field(&self, id: FieldId) -> Said {
        self.name(Source::Field(id), || self.process.fields[id].name.clone())
    }

    fn option(&self, field: FieldId, index: usize) -> String {
        let options = self.process.fields[field].ty.options();
        text(options.get(index).map_or("", |option| option.name.as_str()))
    }

    /// That a field of the object is blank.
    pub(super) fn missing(&self, id: FieldId) -> Said {
        self.condition(&filled(self.process, id, false))
    }

    fn presence(&self, x: &Expr) -> Said {
        let ExprKind::Field(id) = x.kind else {
            return Ok(self.value(x)?.map_or(constant(false), |value| all(value.guards)));
        };
        let name = self.field(id)?;
        Ok(match &self.process.fields[id].ty {
            // A checkbox is never blank.
            FieldType::Boolean => constant(true),
            FieldType::OneOf(options) if !options.is_empty() => {
                not(&format!("ISPICKVAL({name}, \"\")"))
            }
            FieldType::ManyOf(options) if !options.is_empty() => any(options
                .iter()
                .map(|option| format!("INCLUDES({name}, {})", text(&option.name)))
                .collect()),
            _ => not(&format!("ISBLANK({name})")),
        })
    }

    fn compare(&self, a: &Expr, op: CompareOp, b: &Expr) -> Parts {
        match a.ty {
            Type::Duration => {
                let asks = [a, b].iter().any(|side| side.kind == ExprKind::TimeInStage);
                return Err(if asks { Unsaid::TimeInStage } else { Unsaid::Length });
            }
            Type::Boolean => {
                let (a, b) = (self.condition(a)?, self.condition(b)?);
                let same = format!("IF({a}, {b}, {})", not(&b));
                return Ok(vec![if op == CompareOp::Ne { not(&same) } else { same }]);
            }
            Type::OneOf(_) => return self.compare_options(a, op, b),
            _ => {}
        }
        let (Some(left), Some(right)) = (self.value(a)?, self.value(b)?) else {
            return Ok(vec![constant(false)]);
        };
        let computed = [a, b].iter().any(|side| matches!(side.kind, ExprKind::Arithmetic(..)));
        let mut parts = left.guards;
        parts.extend(right.guards);
        let sign = operator(op);
        parts.push(if a.ty == Type::DateTime && computed {
            // A broken part of a day is no whole number of seconds.
            format!("{} {sign} 0", seconds_between(&right.formula, &left.formula))
        } else {
            format!("{} {sign} {}", left.formula, right.formula)
        });
        Ok(parts)
    }

    fn compare_options(&self, a: &Expr, op: CompareOp, b: &Expr) -> Parts {
        let equal = op == CompareOp::Eq;
        let (a, b) = if matches!(a.kind, ExprKind::Value(_)) { (b, a) } else { (a, b) };
        match (&a.kind, &b.kind) {
            (ExprKind::Field(id), ExprKind::Value(Value::Option(of, index))) => {
                let name = self.field(*id)?;
                let is = format!("ISPICKVAL({name}, {})", self.option(*of, *index));
                Ok(if equal {
                    vec![is]
                } else {
                    vec![not(&format!("ISPICKVAL({name}, \"\")")), not(&is)]
                })
            }
            (ExprKind::Field(first), ExprKind::Field(second)) => {
                let (first, second) = (self.field(*first)?, self.field(*second)?);
                let sign = operator(op);
                Ok(vec![
                    not(&format!("ISPICKVAL({first}, \"\")")),
                    not(&format!("ISPICKVAL({second}, \"\")")),
                    format!("TEXT({first}) {sign} TEXT({second})"),
                ])
            }
            (a, b) => Ok(vec![constant((a == b) == equal)]),
        }
    }

    fn is_in(&self, x: &Expr, list: &[Expr]) -> Said {
        if let (Type::ManyOf(_), ExprKind::Field(id)) = (x.ty, &x.kind) {
            let name = self.field(*id)?;
            let each = list.iter().filter_map(|item| match &item.kind {
                ExprKind::Value(Value::Option(of, index)) => {
                    Some(format!("INCLUDES({name}, {})", self.option(*of, *index)))
                }
                _ => None,
            });
            return Ok(any(each.collect()));
        }
        let each = list.iter().map(|item| self.compare(x, CompareOp::Eq, item).map(all));
        Ok(any(each.collect::<Result<_, _>>()?))
    }

    /// The field that holds the points of a score.
    fn points(&self, id: ScoreId) -> Said {
        self.scores.get(&id).cloned().ok_or(Unsaid::Score)
    }

    /// Whether the points reach this grade and none before it.
    fn is_grade(&self, id: ScoreId, grade: usize) -> Said {
        let points = self.points(id)?;
        let grades = &self.process.scores[id].grades;
        let before = grades.get(..grade).unwrap_or_default();
        let Some(own) = grades.get(grade) else { return Ok(constant(false)) };
        if before.iter().any(|grade| grade.at_least.is_none()) {
            // Every record has a grade told before this one.
            return Ok(constant(false));
        }
        let least = own.at_least.map(|least| format!("{points} >= {}", decimal(least)));
        let ceiling = before.iter().filter_map(|grade| grade.at_least).min();
        let below = ceiling.map(|most| format!("{points} < {}", decimal(most)));
        Ok(all(least.into_iter().chain(below).collect()))
    }

    fn within(&self, x: &Expr, direction: Direction, window: Duration) -> Parts {
        let Some(value) = self.value(x)? else { return Ok(vec![constant(false)]) };
        let (mut parts, at) = (value.guards, value.formula);
        if x.ty == Type::Date {
            let reach = match direction {
                Direction::Next => window,
                Direction::Last => duration::negate(window),
            };
            let Some(far) = moved_date("TODAY()", reach)? else {
                return Ok(vec![constant(false)]);
            };
            let (from, to) = match direction {
                Direction::Next => ("TODAY()".to_owned(), far),
                Direction::Last => (far, "TODAY()".to_owned()),
            };
            parts.push(format!("{at} >= {from}"));
            parts.push(format!("{at} <= {to}"));
            return Ok(parts);
        }
        let away = match direction {
            Direction::Next => seconds_between("NOW()", &at),
            Direction::Last => seconds_between(&at, "NOW()"),
        };
        parts.push(format!("{away} >= 0"));
        parts.push(format!("{away} <= {}", seconds(window)?));
        Ok(parts)
    }

    /// A value of any type but boolean, option and duration.
    fn value(&self, expr: &Expr) -> Valued {
        let sure = |formula: String| Ok(Some(Present { formula, guards: Vec::new() }));
        match &expr.kind {
            ExprKind::Value(value) => {
                Ok(self.constant(value).map(|formula| Present { formula, guards: Vec::new() }))
            }
            ExprKind::Field(id) => {
                let name = self.field(*id)?;
                let guards = vec![not(&format!("ISBLANK({name})"))];
                Ok(Some(Present { formula: name, guards }))
            }
            ExprKind::Negate(x) => Ok(self
                .value(x)?
                .map(|x| Present { formula: format!("(0 - {})", x.formula), guards: x.guards })),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, *op, b),
            ExprKind::Elapsed { business: true, .. } => Err(Unsaid::WorkingTime),
            ExprKind::Elapsed { unit, since, field, .. } => self.elapsed(*unit, *since, *field),
            ExprKind::Today => sure("TODAY()".to_owned()),
            ExprKind::Now => sure("NOW()".to_owned()),
            ExprKind::Score(id) => sure(self.points(*id)?),
            ExprKind::IsGrade(..) => Err(Unsaid::Score),
            ExprKind::TimeInStage => Err(Unsaid::TimeInStage),
            ExprKind::Event { .. } => Err(Unsaid::Event),
            // Conditions are no values of these types.
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Between(..)
            | ExprKind::Presence(..)
            | ExprKind::Within(..)
            | ExprKind::Confirmed(_) => Ok(None),
        }
    }

    /// A constant; `None` when it counts as missing or is no value of a formula.
    pub(super) fn constant(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Text(said) if said.is_empty() => return None,
            Value::Text(said) => text(said),
            Value::Number(number) => decimal(*number),
            Value::Money(money) => decimal(money.amount),
            // A formula sees 60% as 0.6.
            Value::Percent(percent) => decimal(*percent / Decimal::ONE_HUNDRED),
            Value::Date(date) => format!("DATE({}, {}, {})", date.year(), date.month(), date.day()),
            Value::DateTime(at) => {
                let zone = TimeZone::get(&self.process.timezone).unwrap_or(TimeZone::UTC);
                let utc = at.to_zoned(zone).ok()?.with_time_zone(TimeZone::UTC).datetime();
                format!("DATETIMEVALUE(\"{}\")", utc.strftime("%Y-%m-%d %H:%M:%S"))
            }
            Value::Option(field, index) => self.option(*field, *index),
            Value::Boolean(value) => constant(*value),
            Value::Duration(_) => return None,
        })
    }

    fn arithmetic(&self, a: &Expr, op: ArithmeticOp, b: &Expr) -> Valued {
        let Some(left) = self.value(a)? else { return Ok(None) };
        if matches!(a.ty, Type::Date | Type::DateTime) {
            let ExprKind::Value(Value::Duration(by)) = b.kind else { return Err(Unsaid::Length) };
            let by = if op == ArithmeticOp::Sub { duration::negate(by) } else { by };
            let formula = if a.ty == Type::Date {
                moved_date(&left.formula, by)?
            } else {
                Some(format!("({} + {} / 86400)", left.formula, seconds(by)?))
            };
            return Ok(formula.map(|formula| Present { formula, guards: left.guards }));
        }
        let Some(right) = self.value(b)? else { return Ok(None) };
        let (left, right, mut guards) = {
            let mut guards = left.guards;
            guards.extend(right.guards);
            (left.formula, right.formula, guards)
        };
        let formula = match op {
            ArithmeticOp::Add => format!("({left} + {right})"),
            ArithmeticOp::Sub => format!("({left} - {right})"),
            // A percentage is a fraction here already.
            ArithmeticOp::Mul => format!("({left} * {right})"),
            ArithmeticOp::Div => {
                guards.push(format!("{right} <> 0"));
                // Nothing says that what a guard excludes is not calculated.
                format!("({left} / IF({right} = 0, 1, {right}))")
            }
        };
        Ok(Some(Present { formula, guards }))
    }

    /// Units from a field to now, or from now to it.
    fn elapsed(&self, unit: ElapsedUnit, since: bool, field: FieldId) -> Valued {
        let name = self.field(field)?;
        let (amount, per_unit) = if matches!(self.process.fields[field].ty, FieldType::Date) {
            let days =
                if since { format!("(TODAY() - {name})") } else { format!("({name} - TODAY())") };
            match unit {
                ElapsedUnit::Days => (days, 1),
                ElapsedUnit::Weeks => (days, 7),
                ElapsedUnit::Minutes | ElapsedUnit::Hours => return Ok(None),
            }
        } else {
            let seconds = if since {
                seconds_between(&name, "NOW()")
            } else {
                seconds_between("NOW()", &name)
            };
            let per_unit = match unit {
                ElapsedUnit::Minutes => 60,
                ElapsedUnit::Hours => 60 * 60,
                ElapsedUnit::Days => 24 * 60 * 60,
                ElapsedUnit::Weeks => 7 * 24 * 60 * 60,
            };
            (seconds, per_unit)
        };
        let formula = if per_unit == 1 { amount } else { format!("({amount} / {per_unit})") };
        Ok(Some(Present { formula, guards: vec![not(&format!("ISBLANK({name})"))] }))
    }
}
