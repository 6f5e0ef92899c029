//! Conditions of points as HubSpot's scores write them.
//!
//! HubSpot joins conditions by AND only, and adds up the points of all rules that hold. So a condition
//! with alternatives becomes several, of which never two hold of one record: `a or b` is `a`, and `b`
//! without `a`.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use serde_json::{Value, json};

use crate::emit::crm::{Columns, Day, Filter, Filters, Test};
use crate::model::{CompareOp, Expr, ExprKind, Process, Type, Value as Constant};

use super::number;

/// The most alternatives that are written out: more are read by nobody.
const MOST: usize = 12;

/// The most parts of a condition that are looked at: of nested alternatives each is asked at every level
/// both whether it holds and whether it does not.
const FUEL: usize = 2_000;

/// Tests that must all hold.
type Case = Vec<Test>;

/// The condition as the values of `whereCondition.conditions`, a list for each alternative; or why it
/// cannot be said.
pub(super) fn cases(
    process: &Process,
    columns: &Columns,
    when: &Expr,
) -> Result<Vec<Vec<Value>>, String> {
    let mut splitter = Splitter { filters: Filters::new(process, columns), columns, fuel: FUEL };
    let cases = splitter.split(when, true)?;
    if let Some(why) = splitter.filters.wider().into_iter().next() {
        return Err(why);
    }
    let zone = &process.timezone;
    let written = |case: &Case| needed(case).map(|test| condition(test, zone)).collect();
    cases.iter().map(written).collect()
}

/// The tests of a case, without those that another of them asks for as well: what compares is there.
fn needed(case: &Case) -> impl Iterator<Item = &Test> {
    case.iter().filter(|test| {
        let Test::There(name, true) = test else { return true };
        let mut others = case.iter().filter(|other| other != test && field(other) == name);
        !others.any(|other| !matches!(other, Test::Ticked(_, false)))
    })
}

struct Splitter<'a> {
    filters: Filters<'a>,
    columns: &'a Columns,
    fuel: usize,
}

impl Splitter<'_> {
    /// The alternatives for which the condition holds, or does not.
    fn split(&mut self, expr: &Expr, holds: bool) -> Result<Vec<Case>, String> {
        self.fuel = self.fuel.checked_sub(1).ok_or_else(too_many)?;
        match (&expr.kind, holds) {
            (ExprKind::Not(x), _) => self.split(x, !holds),
            (ExprKind::And(parts), true) | (ExprKind::Or(parts), false) => {
                let mut all = vec![Case::new()];
                for part in parts {
                    all = both(&all, &self.split(part, holds)?)?;
                }
                Ok(all)
            }
            (ExprKind::And(parts), false) | (ExprKind::Or(parts), true) => {
                // Each part counts only where none before it does.
                let (mut all, mut none_before) = (Vec::new(), vec![Case::new()]);
                for part in parts {
                    all.extend(both(&none_before, &self.split(part, holds)?)?);
                    none_before = both(&none_before, &self.split(part, !holds)?)?;
                }
                few(all)
            }
            _ => {
                if let Some(cases) = self.boxed(expr, holds) {
                    return cases;
                }
                let cases = alternatives(&self.filters.filter(expr, holds))?;
                let mut pairs = cases
                    .iter()
                    .enumerate()
                    .flat_map(|(at, a)| cases.iter().skip(at + 1).map(move |b| (a, b)));
                match pairs.all(|(a, b)| are_apart(a, b)) {
                    true => Ok(cases),
                    false => Err("it has alternatives that may hold at once".to_owned()),
                }
            }
        }
    }

    /// What is asked of a box by name. In HubSpot one that nobody has touched is blank, and then no
    /// comparison holds of it.
    fn boxed(&self, expr: &Expr, holds: bool) -> Option<Result<Vec<Case>, String>> {
        let of = |x: &Expr| match (&x.kind, x.ty) {
            (ExprKind::Field(id), Type::Boolean) => {
                self.columns.fields.get(id).map(|column| column.name.clone())
            }
            _ => None,
        };
        match &expr.kind {
            ExprKind::Presence(x, there) => {
                let name = of(x)?;
                Some(Ok(vec![vec![Test::There(name, *there == holds)]]))
            }
            ExprKind::Compare(a, op, b) if a.ty == Type::Boolean => {
                let value = |x: &Expr| match x.kind {
                    ExprKind::Value(Constant::Boolean(value)) => Some(value),
                    _ => None,
                };
                let asked = of(a).zip(value(b)).or_else(|| of(b).zip(value(a)));
                let Some((name, value)) = asked else {
                    return Some(Err("it compares what may be blank".to_owned()));
                };
                let ticked = |is: bool| Test::Ticked(name.clone(), is);
                let there = |is: bool| Test::There(name.clone(), is);
                Some(Ok(match ((*op == CompareOp::Eq) == value, holds) {
                    (true, _) => vec![vec![ticked(holds)]],
                    (false, true) => vec![vec![there(true), ticked(false)]],
                    (false, false) => vec![vec![there(false)], vec![ticked(true)]],
                }))
            }
            _ => None,
        }
    }
}

/// What one test of a field says, as alternatives.
fn alternatives(filter: &Filter) -> Result<Vec<Case>, String> {
    match filter {
        Filter::All => Ok(vec![Case::new()]),
        Filter::Nothing => Ok(Vec::new()),
        Filter::Is(test) => Ok(vec![vec![test.clone()]]),
        Filter::Any(parts) => {
            let parts: Result<Vec<_>, _> = parts.iter().map(alternatives).collect();
            few(parts?.into_iter().flatten().collect())
        }
        Filter::Every(parts) => {
            let mut all = vec![Case::new()];
            for part in parts {
                all = both(&all, &alternatives(part)?)?;
            }
            Ok(all)
        }
    }
}

/// Each of the first with each of the second, as far as some record can satisfy both.
fn both(first: &[Case], second: &[Case]) -> Result<Vec<Case>, String> {
    let mut all = Vec::new();
    for a in first {
        for b in second.iter().filter(|b| !are_apart(a, b)) {
            let more = b.iter().filter(|test| !a.contains(test));
            all.push(a.iter().chain(more).cloned().collect());
        }
    }
    few(all)
}

fn few(cases: Vec<Case>) -> Result<Vec<Case>, String> {
    match cases.len() {
        ..=MOST => Ok(cases),
        _ => Err(too_many()),
    }
}

fn too_many() -> String {
    "it has too many alternatives".to_owned()
}

/// Whether no record satisfies both.
fn are_apart(a: &[Test], b: &[Test]) -> bool {
    a.iter().any(|a| b.iter().any(|b| clash(a, b)))
}

/// Whether two tests of one field never hold together.
fn clash(a: &Test, b: &Test) -> bool {
    if field(a) != field(b) {
        return false;
    }
    match (a, b) {
        // Of a field without a value nothing holds but that, and that a box is not ticked.
        (Test::There(_, false), other) | (other, Test::There(_, false)) => {
            !matches!(other, Test::There(_, false) | Test::Ticked(_, false))
        }
        (Test::Ticked(_, a), Test::Ticked(_, b)) => a != b,
        (Test::OneOf(_, a, true), Test::OneOf(_, b, true)) => !a.iter().any(|one| b.contains(one)),
        (Test::OneOf(_, is, true), Test::OneOf(_, not, false))
        | (Test::OneOf(_, not, false), Test::OneOf(_, is, true)) => {
            is.iter().all(|one| not.contains(one))
        }
        (Test::Holds(_, is, true), Test::Holds(_, not, false))
        | (Test::Holds(_, not, false), Test::Holds(_, is, true)) => {
            is.iter().all(|one| not.contains(one))
        }
        (Test::Number(_, a, x), Test::Number(_, b, y)) => never_both((*a, x), (*b, y)),
        (Test::Moment(_, a, x), Test::Moment(_, b, y)) => never_both((*a, x), (*b, y)),
        (
            Test::Day { after: a, day: Day::On(x), .. },
            Test::Day { after: b, day: Day::On(y), .. },
        ) => never_both((side(*a), x), (side(*b), y)),
        _ => false,
    }
}

fn side(after: bool) -> CompareOp {
    if after { CompareOp::Gt } else { CompareOp::Le }
}

/// Whether nothing compares so with both.
fn never_both<T: Ord>((a, x): (CompareOp, &T), (b, y): (CompareOp, &T)) -> bool {
    use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
    match (a, b) {
        (Eq, Eq) => x != y,
        (Eq, Ne) | (Ne, Eq) => x == y,
        (Ne, _) | (_, Ne) => false,
        (Eq | Lt | Le, Gt) | (Lt, Eq | Ge) => x <= y,
        (Eq | Le, Ge) | (Le, Eq) => x < y,
        (Gt, Eq | Lt | Le) | (Eq | Ge, Lt) => x >= y,
        (Ge, Eq | Le) | (Eq, Le) => x > y,
        (Lt | Le, Lt | Le) | (Gt | Ge, Gt | Ge) => false,
    }
}

fn field(test: &Test) -> &str {
    match test {
        Test::There(field, _)
        | Test::OneOf(field, ..)
        | Test::Holds(field, ..)
        | Test::Ticked(field, _)
        | Test::Number(field, ..)
        | Test::Moment(field, ..)
        | Test::Day { field, .. } => field,
    }
}

/// A condition of HubSpot. The words are those of its guide to the filters of lists, whose operations
/// scores share.
fn condition(test: &Test, zone: &str) -> Result<Value, String> {
    let operation = |kind: &str, operator: &str, blank: bool| json!({ "operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": blank });
    let with = |mut operation: Value, key: &str, value: Value| {
        if let Value::Object(map) = &mut operation {
            map.insert(key.to_owned(), value);
        }
        operation
    };
    let operation = match test {
        Test::There(_, true) => operation("ALL_PROPERTY", "IS_KNOWN", false),
        Test::There(_, false) => operation("ALL_PROPERTY", "IS_UNKNOWN", true),
        Test::OneOf(_, values, is) | Test::Holds(_, values, is) => {
            let word = if *is { "IS_ANY_OF" } else { "IS_NONE_OF" };
            with(operation("ENUMERATION", word, false), "values", json!(values))
        }
        Test::Ticked(_, is) => with(operation("BOOL", "IS_EQUAL_TO", !is), "value", json!(is)),
        Test::Number(_, op, than) => {
            with(operation("NUMBER", word_of(*op), false), "value", number(*than))
        }
        Test::Moment(_, op, at) => moment(*op, *at, zone)?,
        Test::Day { day: Day::Ahead(_), .. } => {
            return Err("it counts from today".to_owned());
        }
        Test::Day { moments, after, day: Day::On(day), .. } => {
            // HubSpot keeps a date as its midnight in UTC.
            let zone = if *moments { zone } else { "UTC" };
            let next = day.tomorrow().unwrap_or(*day).to_datetime(Time::midnight());
            match after {
                true => moment(CompareOp::Ge, next, zone)?,
                false => moment(CompareOp::Lt, next, zone)?,
            }
        }
    };
    Ok(json!({ "type": "SINGLE", "property": field(test), "operation": operation }))
}

fn word_of(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "IS_EQUAL_TO",
        CompareOp::Ne => "IS_NOT_EQUAL_TO",
        CompareOp::Lt => "IS_LESS_THAN",
        CompareOp::Le => "IS_LESS_THAN_OR_EQUAL_TO",
        CompareOp::Gt => "IS_GREATER_THAN",
        CompareOp::Ge => "IS_GREATER_THAN_OR_EQUAL_TO",
    }
}

/// Before or after a point in time. HubSpot knows no "at or after": that is after the millisecond before.
fn moment(op: CompareOp, at: DateTime, zone: &str) -> Result<Value, String> {
    let beside = |milliseconds: i64| at.checked_add(Span::new().milliseconds(milliseconds));
    let (word, at) = match op {
        CompareOp::Gt => ("IS_AFTER", Ok(at)),
        CompareOp::Ge => ("IS_AFTER", beside(-1)),
        CompareOp::Lt => ("IS_BEFORE", Ok(at)),
        CompareOp::Le => ("IS_BEFORE", beside(1)),
        CompareOp::Eq | CompareOp::Ne => return Err("it asks for one point in time".to_owned()),
    };
    let Ok(at) = at else { return Err("it asks for a time that HubSpot does not know".to_owned()) };
    let day: Date = at.date();
    Ok(json!({
        "operationType": "TIME_POINT",
        "type": "TIME_POINT",
        "operator": word,
        "includeObjectsWithNoValueSet": false,
        "endpointBehavior": "EXCLUSIVE",
        "propertyParser": "VALUE",
        "timePoint": {
            "timeType": "DATE",
            "timezoneSource": "CUSTOM",
            "zoneId": zone,
            "year": day.year(),
            "month": day.month(),
            "day": day.day(),
            "hour": at.hour(),
            "minute": at.minute(),
            "second": at.second(),
            "millisecond": at.millisecond(),
        },
    }))
}
