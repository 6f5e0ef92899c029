//! Conditions as filters of a CRM: tests of one field against what is known before.
//!
//! A filter of a CRM can say less than a condition. What it cannot say it leaves open, so that a
//! filter made here lets through every record for which the condition holds, and tells why it may
//! let through others. To that end a condition is pushed down to its parts, each of which is asked
//! to hold or not to hold: nothing is left to what a CRM makes of a denied test of a blank field.

mod time;

use indexmap::IndexSet;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::logic::{self, Evaluator, RecordState};
use crate::model::{
    CompareOp, ConfirmationId, Direction, ElapsedUnit, Expr, ExprKind, FieldId, FieldType, Process,
    Type, Value,
};

use super::reach::{Reach, can_move, days_of, mirrored, negated};

/// What a CRM is asked.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::emit) enum Filter {
    /// Every record.
    All,
    /// No record.
    Nothing,
    /// All of them hold; two or more.
    Every(Vec<Filter>),
    /// One of them holds; two or more.
    Any(Vec<Filter>),
    /// One test.
    Is(Test),
}

/// A test of one field, by its name in the CRM. Of a blank field all but `There` and `Ticked` are
/// false, whatever the CRM makes of it: a filter asks for that first where it is in doubt.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::emit) enum Test {
    /// It has a value, or has none.
    There(String, bool),
    /// It has one of these values, or another.
    OneOf(String, Vec<String>, bool),
    /// Of the several values it holds one is among these, or none.
    Holds(String, Vec<String>, bool),
    /// The box is ticked, or is not.
    Ticked(String, bool),
    /// It compares with a number.
    Number(String, CompareOp, Decimal),
    /// It compares with a point in time, in the time zone of the process.
    Moment(String, CompareOp, DateTime),
    /// It lies after the end of a day, or not.
    Day {
        /// The field.
        field: String,
        /// Whether it holds points in time, not days.
        moments: bool,
        /// After the day; else on it or before.
        after: bool,
        /// The day.
        day: Day,
    },
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emit) enum Day {
    /// So many days after the one on which it is asked.
    Ahead(i64),
    /// This one.
    On(Date),
}

/// A field of the CRM.
#[derive(Clone, Debug)]
pub(in crate::emit) struct Column {
    /// Its name.
    pub(in crate::emit) name: String,
    /// What can be asked of it.
    pub(in crate::emit) holds: Holding,
}

/// What a field of a CRM holds, as far as filters differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emit) enum Holding {
    /// Text, which CRMs compare without regard to capitals.
    Text,
    /// Something that can only be asked whether it is there, and why.
    Opaque(&'static str),
    /// Something that cannot be asked for at all, and why.
    Unasked(&'static str),
    /// A number.
    Number,
    /// A box, which is not ticked when nobody has touched it.
    Tick,
    /// A day.
    Day,
    /// A point in time.
    Moment,
    /// One option.
    Choice,
    /// Several options.
    Choices,
}

impl Holding {
    /// What a field of a type holds by itself.
    pub(in crate::emit) fn of(ty: &FieldType) -> Self {
        match ty {
            FieldType::Text | FieldType::User => Holding::Text,
            FieldType::Number | FieldType::Integer | FieldType::Money | FieldType::Percent => {
                Holding::Number
            }
            FieldType::Boolean => Holding::Tick,
            FieldType::Date => Holding::Day,
            FieldType::DateTime => Holding::Moment,
            FieldType::OneOf(options) | FieldType::ManyOf(options) if options.is_empty() => {
                Holding::Text
            }
            FieldType::OneOf(_) => Holding::Choice,
            FieldType::ManyOf(_) => Holding::Choices,
        }
    }
}

/// Where a CRM keeps when a record came into its stage.
#[derive(Clone, Debug)]
pub(in crate::emit) struct Entered {
    /// The field.
    pub(in crate::emit) field: String,
    /// The field that holds it when that one is blank.
    pub(in crate::emit) otherwise: Option<String>,
}

/// Where an object of a CRM keeps what conditions read.
#[derive(Clone, Debug)]
pub(in crate::emit) struct Columns {
    /// `SOQL`
    pub(in crate::emit) language: &'static str,
    /// `Opportunity`
    pub(in crate::emit) object: String,
    /// The fields.
    pub(in crate::emit) fields: FxHashMap<FieldId, Column>,
    /// The boxes of what a person confirms.
    pub(in crate::emit) confirmations: FxHashMap<ConfirmationId, String>,
    /// When a record came into its stage, if that can be asked.
    pub(in crate::emit) entered: Option<Entered>,
    /// Whether several options can be asked for what is not among them.
    pub(in crate::emit) excludes: bool,
}

/// Makes filters of conditions.
pub(in crate::emit) struct Filters<'a> {
    process: &'a Process,
    columns: &'a Columns,
    wider: IndexSet<String>,
}

impl<'a> Filters<'a> {
    pub(in crate::emit) fn new(process: &'a Process, columns: &'a Columns) -> Self {
        Self { process, columns, wider: IndexSet::new() }
    }

    /// Why the filters made so far may let through more than they should.
    pub(in crate::emit) fn wider(self) -> Vec<String> {
        self.wider.into_iter().collect()
    }

    /// Leaves a part open.
    pub(in crate::emit) fn open(&mut self, why: impl Into<String>) -> Filter {
        self.wider.insert(why.into());
        Filter::All
    }

    /// What lets through every record for which the condition holds, or for which it does not.
    pub(in crate::emit) fn filter(&mut self, expr: &Expr, holds: bool) -> Filter {
        if reads_nothing(expr) {
            let state = RecordState::new(DateTime::MIN);
            return constant(Evaluator::new(self.process, &state).holds(expr) == holds);
        }
        match &expr.kind {
            ExprKind::Not(x) => self.filter(x, !holds),
            ExprKind::And(parts) => {
                let parts = parts.iter().map(|part| self.filter(part, holds)).collect();
                if holds { every(parts) } else { any(parts) }
            }
            ExprKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.filter(part, holds)).collect();
                if holds { any(parts) } else { every(parts) }
            }
            ExprKind::Compare(a, op, b) => self.compare(a, *op, b, holds),
            ExprKind::Between(x, low, high) => {
                let parts = vec![
                    self.compare(x, CompareOp::Ge, low, holds),
                    self.compare(x, CompareOp::Le, high, holds),
                ];
                if holds { every(parts) } else { any(parts) }
            }
            ExprKind::In(x, list) => self.is_in(x, list, holds),
            ExprKind::Presence(x, there) => self.presence(x, *there == holds),
            ExprKind::Within(x, direction, window) => {
                if !can_move(&x.ty, *window) {
                    return constant(!holds);
                }
                let reach = days_of(*window).map(|reach| match direction {
                    Direction::Next => reach,
                    Direction::Last => reach.back(),
                });
                let ExprKind::Field(field) = x.kind else { return self.calculates() };
                let Some(far) = reach else { return self.open(WORKING_TIME) };
                let now = Reach::NONE;
                let (from, to) = match direction {
                    Direction::Next => (now, far),
                    Direction::Last => (far, now),
                };
                let parts = vec![
                    self.against_now(field, CompareOp::Ge, from, holds),
                    self.against_now(field, CompareOp::Le, to, holds),
                ];
                if holds { every(parts) } else { any(parts) }
            }
            ExprKind::Confirmed(id) => match self.columns.confirmations.get(id) {
                Some(name) => Filter::Is(Test::Ticked(name.clone(), holds)),
                None => {
                    let key = self.process.confirmations[*id].key.clone();
                    self.unknown(&key)
                }
            },
            ExprKind::Field(id) if expr.ty == Type::Boolean => match self.column(*id) {
                Ok(column) => Filter::Is(Test::Ticked(column.name, holds)),
                Err(open) => open,
            },
            ExprKind::Event { .. } => self.open("it asks for events"),
            ExprKind::IsGrade(..) | ExprKind::Score(_) => self.open("it asks for a score"),
            // Other values are no conditions.
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::TimeInStage
            | ExprKind::Today
            | ExprKind::Now => constant(!holds),
        }
    }

    fn calculates(&mut self) -> Filter {
        let language = self.columns.language;
        self.open(format!("it calculates, and {language} does not"))
    }

    fn unknown(&mut self, name: &str) -> Filter {
        let object = &self.columns.object;
        let why = format!("it reads `{name}`, which `{object}` does not have");
        self.open(why)
    }

    /// The field of the CRM, or the part left open.
    fn column(&mut self, id: FieldId) -> Result<Column, Filter> {
        match self.columns.fields.get(&id) {
            Some(Column { holds: Holding::Unasked(why), .. }) => Err(self.open(*why)),
            Some(column) => Ok(column.clone()),
            None => {
                let name = self.process.fields[id].name.clone();
                Err(self.unknown(&name))
            }
        }
    }

    fn presence(&mut self, x: &Expr, there: bool) -> Filter {
        let id = match &x.kind {
            ExprKind::Field(id) => *id,
            ExprKind::Elapsed { field, business: false, .. } => {
                // Between days nothing smaller is counted.
                if self.process.fields[*field].ty == FieldType::Date
                    && !matches!(
                        x.kind,
                        ExprKind::Elapsed { unit: ElapsedUnit::Days | ElapsedUnit::Weeks, .. }
                    )
                {
                    return constant(!there);
                }
                *field
            }
            ExprKind::Today | ExprKind::Now | ExprKind::TimeInStage => return constant(there),
            ExprKind::Score(_) => return self.open("it asks for a score"),
            _ => return self.calculates(),
        };
        match self.column(id) {
            // Where a box is never blank, one that nobody has touched cannot be told from one
            // that was found not to apply.
            Ok(Column { name, holds: Holding::Tick }) => {
                let why = "a box that is not ticked may be one that nobody has touched";
                self.open(why);
                if there { Filter::All } else { Filter::Is(Test::Ticked(name, false)) }
            }
            Ok(column) => Filter::Is(Test::There(column.name, there)),
            Err(open) => open,
        }
    }

    fn compare(&mut self, a: &Expr, op: CompareOp, b: &Expr, holds: bool) -> Filter {
        if a.ty == Type::Boolean {
            // Never missing: both hold, or neither does.
            let same = (op == CompareOp::Eq) == holds;
            let first = vec![self.filter(a, true), self.filter(b, same)];
            let second = vec![self.filter(a, false), self.filter(b, !same)];
            return any(vec![every(first), every(second)]);
        }
        if a.ty == Type::Duration {
            return self.stay(a, op, b, holds);
        }
        if a.kind == b.kind && matches!(a.kind, ExprKind::Field(_)) {
            let equal = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
            return if equal { self.presence(a, holds) } else { constant(!holds) };
        }
        // What is known stands on the right.
        let (a, op, b) = if is_fixed(a) { (b, mirrored(op), a) } else { (a, op, b) };
        match (a.ty, &a.kind) {
            (Type::Date | Type::DateTime, _) => self.time(a, op, b, holds),
            _ if !reads_nothing(b) => self.open("it compares two fields"),
            (_, ExprKind::Elapsed { unit, business, since, field }) => {
                if *business {
                    return self.open(WORKING_TIME);
                }
                self.elapsed((*unit, *since, *field), op, b, holds)
            }
            (_, ExprKind::Field(id)) => {
                let Some(value) = self.known(b) else { return constant(!holds) };
                self.field(*id, op, &value, holds)
            }
            (_, ExprKind::Score(_)) => self.open("it asks for a score"),
            _ => self.calculates(),
        }
    }

    /// The value of what reads nothing; `None` when it is missing.
    fn known(&self, expr: &Expr) -> Option<logic::Value> {
        let state = RecordState::new(DateTime::MIN);
        Evaluator::new(self.process, &state).value(expr)
    }

    fn field(&mut self, id: FieldId, op: CompareOp, value: &logic::Value, holds: bool) -> Filter {
        let Column { name, holds: column } = match self.column(id) {
            Ok(column) => column,
            Err(open) => return open,
        };
        // Of a missing value no comparison holds, and every denied one does.
        let op = if holds { op } else { negated(op) };
        let blank = |filter: Filter| {
            if holds {
                return filter;
            }
            any(vec![Filter::Is(Test::There(name.clone(), false)), filter])
        };
        let other = |filter: Filter| {
            // What differs has a value.
            if holds && op == CompareOp::Ne {
                return every(vec![Filter::Is(Test::There(name.clone(), true)), filter]);
            }
            filter
        };
        let equal = op == CompareOp::Eq;
        let filter = match (column, value) {
            (Holding::Choice, logic::Value::Option(of, at)) => {
                let Some(option) = self.option(*of, *at) else { return constant(!holds) };
                Filter::Is(Test::OneOf(name.clone(), vec![option], equal))
            }
            (Holding::Text, logic::Value::Text(text) | logic::Value::User(text)) => {
                self.open(CAPITALS);
                if equal {
                    Filter::Is(Test::OneOf(name.clone(), vec![text.clone()], true))
                } else {
                    Filter::Is(Test::There(name.clone(), true))
                }
            }
            (Holding::Number, value) => {
                let Some(number) = number(value) else { return constant(!holds) };
                Filter::Is(Test::Number(name.clone(), op, number))
            }
            (Holding::Opaque(why), _) => {
                self.open(why);
                Filter::Is(Test::There(name.clone(), true))
            }
            _ => return self.calculates(),
        };
        blank(other(filter))
    }

    fn option(&self, field: FieldId, at: usize) -> Option<String> {
        let options = self.process.fields[field].ty.options();
        options.get(at).map(|option| option.name.clone())
    }

    fn is_in(&mut self, x: &Expr, list: &[Expr], holds: bool) -> Filter {
        let options: Option<Vec<String>> = list
            .iter()
            .map(|item| match &item.kind {
                ExprKind::Value(Value::Option(of, at)) => self.option(*of, *at),
                _ => None,
            })
            .collect();
        if let (ExprKind::Field(id), Some(options)) = (&x.kind, options) {
            let column = match self.column(*id) {
                Ok(column) => column,
                Err(open) => return open,
            };
            let test: fn(String, Vec<String>, bool) -> Test = match column.holds {
                Holding::Choice => Test::OneOf,
                Holding::Choices => Test::Holds,
                Holding::Opaque(why) => {
                    return match (self.open(why), holds) {
                        (_, true) => Filter::Is(Test::There(column.name, true)),
                        (open, false) => open,
                    };
                }
                _ => return self.calculates(),
            };
            if holds {
                return Filter::Is(test(column.name, options, true));
            }
            if column.holds == Holding::Choices && !self.columns.excludes {
                let language = self.columns.language;
                let why = format!("{language} cannot ask for options that a record does not have");
                return self.open(why);
            }
            return any(vec![
                Filter::Is(Test::There(column.name.clone(), false)),
                Filter::Is(test(column.name, options, false)),
            ]);
        }
        let each = list.iter().map(|item| self.compare(x, CompareOp::Eq, item, holds)).collect();
        if holds { any(each) } else { every(each) }
    }
}

const WORKING_TIME: &str = "it counts working time";
const CAPITALS: &str = "texts are compared there without regard to capitals";

/// Whether the value is the same for every record and at any time.
fn reads_nothing(expr: &Expr) -> bool {
    let mut nothing = true;
    expr.walk(&mut |part| nothing &= is_plain(part));
    nothing
}

/// Whether the value is the same for every record.
fn is_fixed(expr: &Expr) -> bool {
    let mut fixed = true;
    expr.walk(&mut |part| {
        fixed &= is_plain(part) || matches!(part.kind, ExprKind::Today | ExprKind::Now);
    });
    fixed
}

fn is_plain(part: &Expr) -> bool {
    !matches!(
        part.kind,
        ExprKind::Field(_)
            | ExprKind::Score(_)
            | ExprKind::IsGrade(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::TimeInStage
            | ExprKind::Today
            | ExprKind::Now
            | ExprKind::Event { .. }
            | ExprKind::Confirmed(_)
            | ExprKind::Within(..)
    )
}

fn number(value: &logic::Value) -> Option<Decimal> {
    match value {
        logic::Value::Number(number) | logic::Value::Percent(number) => Some(*number),
        logic::Value::Money(money) => Some(money.amount),
        _ => None,
    }
}

fn constant(value: bool) -> Filter {
    if value { Filter::All } else { Filter::Nothing }
}

/// All of them hold.
pub(in crate::emit) fn every(parts: Vec<Filter>) -> Filter {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Filter::Nothing => return Filter::Nothing,
            Filter::All => {}
            Filter::Every(inner) => {
                kept.extend(
                    inner.into_iter().filter(|part| !kept.contains(part)).collect::<Vec<_>>(),
                );
            }
            part if kept.contains(&part) => {}
            part => kept.push(part),
        }
    }
    one_or(kept, Filter::All, Filter::Every)
}

/// One of them holds.
pub(in crate::emit) fn any(parts: Vec<Filter>) -> Filter {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Filter::All => return Filter::All,
            Filter::Nothing => {}
            Filter::Any(inner) => {
                kept.extend(
                    inner.into_iter().filter(|part| !kept.contains(part)).collect::<Vec<_>>(),
                );
            }
            part if kept.contains(&part) => {}
            part => kept.push(part),
        }
    }
    one_or(kept, Filter::Nothing, Filter::Any)
}

fn one_or(mut kept: Vec<Filter>, none: Filter, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match kept.len() {
        0 => none,
        1 => kept.pop().unwrap_or(none),
        _ => many(kept),
    }
}
