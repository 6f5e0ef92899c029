//! What goals measure, period by period.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::expr::{Subject, Unsaid};
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::writer::texts;
use crate::model::{
    Expr, ExprKind, FieldId, FieldType, Goal, GoalId, Measure, StageId, Type, Value,
};

use super::Numbers;
use super::lengths::Length;

/// How a goal is measured.
pub(super) struct Measured {
    /// A query of `period_start`, `base` and `value`: on how many it rests, and what it is.
    pub(super) rows: String,
    pub(super) unit: &'static str,
    pub(super) kind: Kind,
    /// How long after its end a period is settled.
    pub(super) patience: Option<Length>,
}

/// How the value of a period comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A period without rows is zero.
    Count,
    /// A period without rows has no value.
    Ratio,
    /// What was added in each period; the sum so far is the value.
    Level,
    /// Known for the running period only, where no rows are zero.
    Present,
}

/// How a goal is measured by these periods; nothing when it measures nothing that is known.
pub(super) fn measured(
    numbers: &Numbers<'_>,
    goal: &Goal,
    period: Period,
) -> Result<Option<Measured>, Unsaid> {
    let Some(measure) = &goal.measure else { return Ok(None) };
    let it = Measuring { numbers, period, is_working: is_working(goal) };
    let hours = if it.is_working { "working hours" } else { "hours" };
    let plain = |rows, unit, kind| Some(Measured { rows, unit, kind, patience: None });
    Ok(match measure {
        Measure::Conversion { from, to, within } => {
            let within = within.and_then(|within| Length::of(numbers, within));
            let rows = it.conversion(*from, *to, within);
            Some(Measured { rows, unit: "percent", kind: Kind::Ratio, patience: within })
        }
        Measure::Entries { into, when } => it
            .entering(*into, when.as_ref(), "COUNT(*)", None)?
            .and_then(|rows| plain(rows, "records", Kind::Count)),
        Measure::Balance { of } => plain(it.balance(*of), "records", Kind::Level),
        Measure::Cycle { statistic, from, to } => {
            plain(it.statistic(*statistic, &it.cycle(*from, *to)), hours, Kind::Ratio)
        }
        Measure::Dwell { statistic, stage } => {
            plain(it.statistic(*statistic, &it.dwell(*stage)), hours, Kind::Ratio)
        }
        Measure::Sum { field, entering, when } => {
            let unit = unit_of(numbers, *field);
            it.entering(*entering, when.as_ref(), "SUM(e.amount)", Some(Of::Field(*field)))?
                .and_then(|rows| plain(rows, unit, Kind::Count))
        }
        Measure::Share { of, when } => {
            let percent = numbers.percent("SUM(e.amount)", "COUNT(*)");
            it.entering(*of, None, &percent, Some(Of::Condition(when)))?
                .and_then(|rows| plain(rows, "percent", Kind::Ratio))
        }
        Measure::Coverage { goal, by, entering } => {
            it.coverage(*goal, *by, *entering)?.and_then(|rows| plain(rows, "times", Kind::Present))
        }
    })
}

/// Whether a goal counts working time, as its target says.
fn is_working(goal: &Goal) -> bool {
    matches!(&goal.target, Some(target) if matches!(target.value, Value::Duration(of) if of.unit.is_business()))
}

fn unit_of(numbers: &Numbers<'_>, field: FieldId) -> &'static str {
    if numbers.process().fields[field].ty == FieldType::Money { "money" } else { "number" }
}

/// What is asked of each record that enters.
enum Of<'e> {
    Field(FieldId),
    /// 1 where it holds, else 0.
    Condition(&'e Expr),
}

/// What the visits of stages are called in the query of all goals. It is asked for them once: most
/// databases then work them out once, whatever the number of goals.
pub(super) const STAYS: &str = "_stays";

/// What every measure needs to know.
pub(super) struct Measuring<'n> {
    pub(super) numbers: &'n Numbers<'n>,
    pub(super) period: Period,
    pub(super) is_working: bool,
}

impl Measuring<'_> {
    pub(super) fn stage(&self, stage: StageId) -> String {
        self.numbers.text(&self.numbers.process().stages[stage].name)
    }

    /// What tells that two visits belong together: the record, or the journey where the stages are
    /// of two record types.
    pub(super) fn key(&self, a: StageId, b: StageId) -> [&'static str; 2] {
        let stages = &self.numbers.process().stages;
        if stages[a].record == stages[b].record {
            ["record", "record_id"]
        } else {
            ["root_record", "root_id"]
        }
    }

    fn field(&self, subject: &Subject<'_>, field: FieldId) -> Result<String, Unsaid> {
        let of = &self.numbers.process().fields[field];
        let ty = match of.ty {
            FieldType::Money => Type::Money,
            FieldType::Integer => Type::Integer,
            _ => Type::Number,
        };
        let value = subject.value(&Expr { kind: ExprKind::Field(field), ty, span: of.span })?;
        Ok(self.numbers.dialect().number(&value))
    }

    /// Records that enter a stage. One that enters twice in a period counts once.
    fn entering(
        &self,
        stage: StageId,
        when: Option<&Expr>,
        value: &str,
        of: Option<Of<'_>>,
    ) -> Result<Option<String>, Unsaid> {
        let numbers = self.numbers;
        let record = numbers.process().stages[stage].record;
        let lookups = Lookups::new(numbers.dialect());
        let now = numbers.now();
        let subject = Subject::in_table(numbers.world, &lookups, record, "r", &now);
        let (Some(subject), Some(table)) = (subject, numbers.table(record)) else {
            return Ok(None);
        };
        let only = match when {
            Some(when) => format!("AND {}", subject.condition(when)?),
            None => String::new(),
        };
        let amount = match of {
            None => "1".to_owned(),
            Some(Of::Field(field)) => self.field(&subject, field)?,
            Some(Of::Condition(when)) => {
                format!("CASE WHEN {} THEN 1 ELSE 0 END", subject.condition(when)?)
            }
        };
        Ok(Some(format!(
            "SELECT e.period_start AS period_start, COUNT(*) AS base,
            {value} AS value
            FROM (
            SELECT DISTINCT {period} AS period_start, s.record_id AS record_id,
            {amount} AS amount
            FROM {STAYS} AS s
            JOIN {table} AS r ON r.{id} = s.record_id
            {joins}
            WHERE s.stage = {stage} {only}
            ) AS e
            GROUP BY e.period_start",
            period = numbers.period("s.entered_at", self.period),
            table = table.name,
            id = table.id,
            joins = lookups.joins().join("\n"),
            stage = self.stage(stage),
        )))
    }

    fn balance(&self, stage: StageId) -> String {
        format!(
            "SELECT m.period_start AS period_start, SUM(m.net) AS base, SUM(m.net) AS value
            FROM (
            SELECT {entered} AS period_start, 1 AS net
            FROM {STAYS} AS s
            WHERE s.stage = {stage}
            UNION ALL
            SELECT {left} AS period_start, -1 AS net
            FROM {STAYS} AS s
            WHERE s.stage = {stage} AND s.left_at IS NOT NULL
            ) AS m
            GROUP BY m.period_start",
            entered = self.numbers.period("s.entered_at", self.period),
            left = self.numbers.period("s.left_at", self.period),
            stage = self.stage(stage),
        )
    }

    /// Of the records that entered one stage in a period, how many came to another in time. One that
    /// enters twice in a period counts with its first entry.
    fn conversion(&self, from: StageId, to: StageId, within: Option<Length>) -> String {
        let numbers = self.numbers;
        let lookups = Lookups::new(numbers.dialect());
        let [key, id] = self.key(from, to);
        let in_time = within.map_or(String::new(), |within| {
            let exact = ("f.entered_at", "f.reached_at");
            let local = ("f.entered_local", "f.reached_local");
            format!("AND {}", within.holds(numbers, &lookups, exact, local))
        });
        let percent = numbers.percent("SUM(d.is_reached)", "COUNT(*)");
        format!(
            "SELECT d.period_start AS period_start, COUNT(*) AS base,
            {percent} AS value
            FROM (
            SELECT f.period_start AS period_start,
            CASE WHEN f.reached_local IS NOT NULL {in_time} THEN 1 ELSE 0 END AS is_reached
            FROM (
            SELECT n.period_start AS period_start, n.entered_at AS entered_at, n.reached_at AS reached_at,
            {entered} AS entered_local, {reached} AS reached_local,
            ROW_NUMBER() OVER (PARTITION BY n.i, n.k, n.period_start ORDER BY n.step) AS nth
            FROM (
            SELECT s.{key} AS k, s.{id} AS i, s.stage AS stage, s.step AS step, s.entered_at AS entered_at,
            {period} AS period_start,
            MIN(CASE WHEN s.stage = {to} THEN s.entered_at END) OVER (PARTITION BY s.{id}, s.{key} ORDER BY s.step DESC) AS reached_at
            FROM {STAYS} AS s
            WHERE s.stage IN ({from}, {to})
            ) AS n
            WHERE n.stage = {from}
            ) AS f
            {joins}
            WHERE f.nth = 1
            ) AS d
            GROUP BY d.period_start",
            entered = numbers.local("n.entered_at"),
            reached = numbers.local("n.reached_at"),
            period = numbers.period("s.entered_at", self.period),
            to = self.stage(to),
            from = self.stage(from),
            joins = lookups.joins().join("\n"),
        )
    }

    /// What is open now as a multiple of the target of another goal.
    fn coverage(
        &self,
        goal: GoalId,
        by: FieldId,
        entering: StageId,
    ) -> Result<Option<String>, Unsaid> {
        let numbers = self.numbers;
        let process = numbers.process();
        let target = match process.goals[goal].target.as_ref().map(|target| &target.value) {
            Some(Value::Number(number)) => *number,
            Some(Value::Money(money)) => money.amount,
            _ => return Ok(None),
        };
        let record = process.stages[entering].record;
        let lookups = Lookups::new(numbers.dialect());
        let now = numbers.now();
        let subject = Subject::in_table(numbers.world, &lookups, record, "r", &now);
        let (Some(subject), Some(table)) = (subject, numbers.table(record)) else {
            return Ok(None);
        };
        let stages: Vec<&str> =
            process.covering_stages(entering).map(|id| process.stages[id].name.as_str()).collect();
        if stages.is_empty() || target.is_zero() {
            return Ok(None);
        }
        let amount = self.field(&subject, by)?;
        let dialect = numbers.dialect();
        let value = dialect.round(&format!("SUM(e.amount) / {}", target.normalize()), 2);
        Ok(Some(format!(
            "SELECT e.period_start AS period_start, COUNT(*) AS base,
            {value} AS value
            FROM (
            SELECT {period} AS period_start, {amount} AS amount
            FROM {STAYS} AS s
            CROSS JOIN {clock} AS c
            JOIN {table} AS r ON r.{id} = s.record_id
            {joins}
            WHERE s.left_at IS NULL AND s.stage IN ({stages})
            ) AS e
            GROUP BY e.period_start",
            period = numbers.period("c.now", self.period),
            clock = numbers.relation("clock"),
            table = table.name,
            id = table.id,
            joins = lookups.joins().join("\n"),
            stages = texts(dialect, stages),
        )))
    }
}
