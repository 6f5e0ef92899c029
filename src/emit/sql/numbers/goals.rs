//! What became of goals, period by period.

use rust_decimal::Decimal;

use crate::emit::sql::dialect::{self, Period};
use crate::emit::sql::expr::Unsaid;
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::schema::View;
use crate::logic::duration::average_minutes;
use crate::model::{Duration, Every, Goal, GoalId, Unit};

use super::measures::{Kind, Measured, STAYS, measured};
use super::{Numbers, same};

/// The goals that this database cannot measure.
pub(super) fn unsaid(numbers: &Numbers<'_>) -> Vec<(GoalId, Unsaid)> {
    let goals = numbers.process().goals.iter();
    goals
        .filter_map(|(id, goal)| {
            measured(numbers, goal, period_of(goal)).err().map(|why| (id, why))
        })
        .collect()
}

/// Every goal and period; `None` where there is no goal to measure.
pub(super) fn result(numbers: &Numbers<'_>) -> Option<View> {
    let dialect = numbers.dialect();
    let mut branches = Vec::new();
    let mut periods: Vec<Period> = Vec::new();
    for goal in numbers.process().goals.values() {
        let period = period_of(goal);
        let Ok(Some(measured)) = measured(numbers, goal, period) else { continue };
        branches.push(branch(numbers, goal, period, &measured));
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    if branches.is_empty() {
        return None;
    }
    let spines: Vec<String> = periods.iter().map(|period| spine(numbers, *period)).collect();
    let query = format!(
        "WITH _today AS (
        SELECT {today} AS today, {now} AS now_local
        FROM {clock} AS c
        ),
        _span AS (
        SELECT MIN({day}) AS first_day
        FROM {journey} AS j
        ),
        {STAYS} AS (
        SELECT {stays}
        FROM {stay} AS s
        ),
        {spines},
        _results AS (
        {branches}
        ),
        _judged AS (
        SELECT {results},
        CASE WHEN g.is_at_least THEN 1 ELSE 0 END AS is_at_least,
        CASE WHEN r.is_as_long = 0 THEN NULL
        WHEN g.target_unit = 'minutes' THEN {hours} ELSE {target} END AS target
        FROM _results AS r
        JOIN {goal} AS g ON g.name = r.goal
        )
        SELECT {judged}, q.target AS target, q.is_at_least AS is_at_least,
        CASE WHEN q.value IS NULL OR q.target IS NULL OR q.can_change = 1 THEN NULL
        WHEN q.is_at_least = 1 AND q.value >= q.target THEN 1
        WHEN q.is_at_least = 0 AND q.value <= q.target THEN 1
        ELSE 0 END AS is_met,
        q.is_settled AS is_settled, q.shared_by AS shared_by
        FROM _judged AS q",
        today = numbers.date("c.now"),
        now = numbers.local("c.now"),
        clock = numbers.relation("clock"),
        day = numbers.date("j.entered_at"),
        journey = numbers.relation("journey"),
        stays = same(
            "s",
            &[
                "root_record",
                "root_id",
                "step",
                "record",
                "record_id",
                "stage",
                "entered_at",
                "left_at"
            ]
        ),
        stay = numbers.relation("stay"),
        spines = spines.join(",\n"),
        branches = branches.join("\nUNION ALL\n"),
        results = same(
            "r",
            &[
                "goal",
                "period",
                "period_start",
                "base",
                "value",
                "unit",
                "is_settled",
                "can_change",
                "shared_by"
            ]
        ),
        hours = dialect.round(&format!("{} / 60", dialect.number("g.target_value")), 2),
        target = dialect.number("g.target_value"),
        goal = numbers.relation("goal"),
        judged = same("q", &["goal", "period", "period_start", "base", "value", "unit"]),
    );
    Some(numbers.view(
        "goal_result",
        "What became of every goal in every period, from the first move on",
        vec![
            ("goal", "the goal"),
            ("period", "day, week, month, quarter or year: how often the target is measured; month where the goal does not say"),
            ("period_start", "its first day, in the time zone of the process"),
            ("base", "the records on which the value rests"),
            ("value", "what was measured; none where nothing was"),
            ("unit", "percent, records, money, number, times, hours or working hours: of the value and of the target"),
            ("target", "what was aimed at; none without a target, and where the target is for a length of time that is no such period"),
            ("is_at_least", "1 where more is better, 0 where less is"),
            ("is_met", "1 where the target was met, 0 where it was not; none while it can change, and without a target or a value"),
            ("is_settled", "1 when the period is over, and for a conversion in a given time, when that time has passed for all that entered"),
            ("shared_by", "who reaches it together"),
        ],
        &query,
    ))
}

fn branch(numbers: &Numbers<'_>, goal: &Goal, period: Period, measured: &Measured) -> String {
    let dialect = numbers.dialect();
    let lookups = Lookups::new(dialect);
    let process = numbers.process();
    let owners: Vec<&str> =
        goal.shared_by.iter().map(|owner| process.owner_name(owner.value).0).collect();
    let settled = match measured.patience {
        Some(patience) => {
            let end = dialect.midnight("p.next_start");
            patience.has_passed(numbers, &lookups, &end, "p.now_local")
        }
        None => "p.next_start <= p.today".to_owned(),
    };
    let over = format!("CASE WHEN {settled} THEN 1 ELSE 0 END");
    let (base, value, can_change) = match measured.kind {
        Kind::Count => ("COALESCE(v.base, 0)", "COALESCE(v.value, 0)".to_owned(), None),
        Kind::Ratio => ("COALESCE(v.base, 0)", "v.value".to_owned(), None),
        Kind::Level => {
            let sum = "SUM(COALESCE(v.value, 0)) OVER (ORDER BY p.period_start)";
            (sum, sum.to_owned(), Some("0"))
        }
        Kind::Present => ("COALESCE(v.base, 0)", "COALESCE(v.value, 0)".to_owned(), Some("0")),
    };
    let can_change =
        can_change.map_or_else(|| format!("CASE WHEN {settled} THEN 0 ELSE 1 END"), str::to_owned);
    // Nobody knows what open records were worth in a period that is over. In the running one nothing
    // that is open is worth nothing.
    let only = if measured.kind == Kind::Present { "\nWHERE p.next_start > p.today" } else { "" };
    format!(
        "SELECT {goal} AS goal, {word} AS period, p.period_start AS period_start, {base} AS base,
        {value} AS value, {unit} AS unit,
        {over} AS is_settled,
        {can_change} AS can_change,
        {is_as_long} AS is_as_long,
        {owners} AS shared_by
        FROM {spine} AS p
        LEFT JOIN (
        {rows}
        ) AS v ON v.period_start = p.period_start
        {joins}{only}",
        goal = numbers.text(&goal.name),
        word = numbers.text(word(period)),
        value = dialect.number(&value),
        unit = numbers.text(measured.unit),
        is_as_long = u8::from(is_as_long(numbers, goal, measured.kind)),
        owners = numbers.text(&owners.join(", ")),
        spine = spine_name(period),
        rows = measured.rows,
        joins = lookups.joins().join("\n"),
    )
}

/// Every period from the first move to now.
fn spine(numbers: &Numbers<'_>, period: Period) -> String {
    let dialect = numbers.dialect();
    let next = match period {
        Period::Day => dialect.add_days("k.day", "1"),
        Period::Week => dialect.add_days("k.day", "7"),
        Period::Month => dialect.add_date_months("k.day", 1),
        Period::Quarter => dialect.add_date_months("k.day", 3),
        Period::Year => dialect.add_date_months("k.day", 12),
    };
    format!(
        "{name} AS (
        SELECT k.day AS period_start, {next} AS next_start, t.today AS today, t.now_local AS now_local
        FROM {calendar} AS k
        CROSS JOIN _span AS s
        CROSS JOIN _today AS t
        WHERE k.day = {start} AND k.day >= {first} AND k.day <= t.today
        )",
        name = spine_name(period),
        calendar = numbers.relation("calendar"),
        start = dialect.period_start("k.day", period),
        first = dialect.period_start("s.first_day", period),
    )
}

fn spine_name(period: Period) -> String {
    format!("_{}s", word(period))
}

fn word(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

/// How often a goal is measured: the calendar period that its target names, or the one nearest to
/// the length it names.
fn period_of(goal: &Goal) -> dialect::Period {
    use crate::model::Period as Named;
    match goal.target.as_ref().and_then(|target| target.every) {
        None | Some(Every::Period(Named::Month)) => Period::Month,
        Some(Every::Period(Named::Day)) => Period::Day,
        Some(Every::Period(Named::Week)) => Period::Week,
        Some(Every::Period(Named::Quarter)) => Period::Quarter,
        Some(Every::Period(Named::Year)) => Period::Year,
        Some(Every::Duration(length)) => nearest(length),
    }
}

/// Whether a target is for periods as long as those that are measured: of half a year none is met or
/// missed in a quarter. Thirty days are a month, five business days a week. What is asked of a moment,
/// such as how many are in a stage, holds in any.
fn is_as_long(numbers: &Numbers<'_>, goal: &Goal, kind: Kind) -> bool {
    let Some(Every::Duration(length)) = goal.target.as_ref().and_then(|target| target.every) else {
        return true;
    };
    if matches!(kind, Kind::Level | Kind::Present) {
        return true;
    }
    let (amount, unit) = match nearest(length) {
        Period::Day => (1, Unit::Day),
        Period::Week => (1, Unit::Week),
        Period::Month => (1, Unit::Month),
        Period::Quarter => (1, Unit::Quarter),
        Period::Year => (1, Unit::Year),
    };
    let period = Duration { amount: Decimal::from(amount), unit };
    let minutes = |of: Duration| average_minutes(of, &numbers.process().calendar);
    let (Some(asked), Some(measured)) = (minutes(length), minutes(period)) else { return false };
    // A month has 30.4 days on average.
    (asked - measured).abs() * Decimal::from(50) <= measured
}

fn nearest(length: Duration) -> Period {
    use rust_decimal::prelude::ToPrimitive;
    let hours = match length.unit {
        Unit::Minute | Unit::BusinessMinute | Unit::Hour | Unit::BusinessHour => 1,
        Unit::Day | Unit::BusinessDay => 24,
        Unit::Week => 7 * 24,
        Unit::Month => 30 * 24,
        Unit::Quarter => 91 * 24,
        Unit::Year => 365 * 24,
    };
    let hours = length.amount.to_i64().unwrap_or(i64::MAX).saturating_mul(hours);
    match hours / 24 {
        ..4 => Period::Day,
        4..15 => Period::Week,
        15..60 => Period::Month,
        60..200 => Period::Quarter,
        _ => Period::Year,
    }
}
