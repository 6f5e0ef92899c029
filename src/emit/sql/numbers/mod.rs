//! The numbers by which a process is steered, as views: flow and balance, conversion, dwell time,
//! service levels, handoffs, recycling, pipeline, goals, and where the bottleneck is.
//!
//! A view is written once for all databases. It says nothing but what every one of them
//! understands: named subqueries, windows, joins by equality, `CASE`, sums; what differs is asked of
//! the [`Dialect`]. Flags are 1 and 0, so that they can be added up. Named subqueries begin with
//! `_`, as no table of a process does.

mod bottleneck;
mod conversion;
mod dictionary;
mod dwell;
mod flow;
mod goals;
mod handoffs;
mod layout;
mod lengths;
mod measures;
mod recycling;
mod scores;
mod service;
mod stays;
mod team_goals;
mod times;
mod violations;
mod worth;

use crate::model::{GoalId, Id, Process, RecordId, Score};

use super::dialect::{Dialect, Period};
use super::expr::{Unsaid, World};
use super::names::{Ident, Scope};
use super::records::RecordTable;
use super::schema::View;

pub(super) use handoffs::answers;

/// The views and the table without prefix, for those who give out names; without those of scores.
pub(super) const NAMES: &[&str] = &[
    "journey",
    "stay",
    "record_value",
    "flow",
    "conversion",
    "funnel",
    "dwell",
    "handoff_answer",
    "handoff",
    "handoff_summary",
    "service_level",
    "service_level_summary",
    "recycling",
    "not_recycled",
    "pipeline",
    "goal_result",
    "team_goal",
    "team_goal_summary",
    "path_violation",
    "bottleneck",
    "stage_dictionary",
];

/// The names of the views of scores, without prefix.
pub(super) fn score_names(process: &Process) -> Vec<String> {
    let names = |score: &Score| [scores::view_name(process, score), scores::points_name(score)];
    process.scores.values().flat_map(names).collect()
}

/// The views of the points of all scores, by their ids.
pub(super) fn score_views(dialect: &dyn Dialect, prefix: &str, process: &Process) -> Vec<Ident> {
    let view = |score| relation(dialect, prefix, &scores::view_name(process, score));
    process.scores.values().map(view).collect()
}

/// A table or view of the process; a score may have a name that is longer than a database allows.
fn relation(dialect: &dyn Dialect, prefix: &str, name: &str) -> Ident {
    Scope::default().claim(dialect, &format!("{prefix}{name}"))
}

/// What the views are made of.
pub(super) struct Numbers<'a> {
    world: &'a World<'a>,
    prefix: &'a str,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(world: &'a World<'a>, prefix: &'a str) -> Self {
        Self { world, prefix }
    }

    /// A table or view of the process. Every view names what it reads through here or through
    /// [`Numbers::table`].
    fn relation(&self, name: &str) -> Ident {
        relation(self.dialect(), self.prefix, name)
    }

    /// The table of a record type.
    fn table(&self, record: RecordId) -> Option<&'a RecordTable<'a>> {
        self.world.tables.get(record.index())
    }

    /// The tables of records that are in stages.
    fn moving(&self) -> impl Iterator<Item = &'a RecordTable<'a>> {
        self.world.tables.iter().filter(|table| table.position.is_some())
    }

    fn dialect(&self) -> &'a dyn Dialect {
        self.world.dialect
    }

    fn process(&self) -> &'a Process {
        self.world.process
    }

    fn text(&self, text: &str) -> String {
        self.dialect().text(text)
    }

    /// A point in time by the clock of the process.
    fn local(&self, instant: &str) -> String {
        self.dialect().local(instant, self.world.zone)
    }

    /// The date of a point in time, where the process is.
    fn date(&self, instant: &str) -> String {
        self.dialect().date_of(&self.local(instant))
    }

    /// The first day of the period in which a point in time lies.
    fn period(&self, instant: &str, period: Period) -> String {
        self.dialect().period_start(&self.date(instant), period)
    }

    /// The moment the numbers are told for, where no row of `clock` is at hand.
    fn now(&self) -> String {
        format!("(SELECT k.now FROM {} AS k)", self.relation("clock"))
    }

    /// Seconds as hours.
    fn hours(&self, seconds: &str) -> String {
        let dialect = self.dialect();
        dialect.round(&format!("{} / 3600", dialect.number(seconds)), 2)
    }

    /// A part in percent; null where the whole is zero.
    fn percent(&self, part: &str, whole: &str) -> String {
        let dialect = self.dialect();
        let part = dialect.number(&format!("100 * {part}"));
        dialect.round(&format!("{part} / NULLIF({whole}, 0)"), 1)
    }

    /// A number that is missing.
    fn no_number(&self) -> String {
        format!("CASE WHEN 1 = 0 THEN {} END", self.dialect().number("0"))
    }

    /// The root of a record's journey, from its row `r`: the earliest record that it continues and
    /// that moves through stages itself. Several records of a type without stages, such as the deals
    /// of an account, are no single journey.
    fn root(&self, table: &RecordTable<'_>) -> (String, String) {
        let mut record = String::new();
        let mut ids = Vec::new();
        for (earlier, link) in table.links.iter().rev() {
            let Some(earlier) = self.table(*earlier) else { continue };
            if earlier.position.is_none() {
                continue;
            }
            let title = self.text(earlier.title);
            record.push_str(&format!(" WHEN r.{link} IS NOT NULL THEN {title}"));
            ids.push(format!("r.{link}"));
        }
        let title = self.text(table.title);
        let own = format!("r.{}", table.id);
        if ids.is_empty() {
            return (title, own);
        }
        (format!("CASE{record} ELSE {title} END"), format!("COALESCE({}, {own})", ids.join(", ")))
    }

    fn view(
        &self,
        name: &str,
        comment: &str,
        columns: Vec<(&'static str, &'static str)>,
        query: &str,
    ) -> View {
        View {
            name: self.relation(name),
            comment: comment.to_owned(),
            columns,
            query: layout::laid_out(query),
        }
    }
}

/// Columns of a row under their own names. Said in full, because some databases would else call a
/// column by its table as well.
fn same(row: &str, columns: &[&str]) -> String {
    let each = columns.iter().map(|column| format!("{row}.{column} AS {column}"));
    each.collect::<Vec<_>>().join(", ")
}

/// A share of the values in order, by the nearest rank: the least value that so many percent do not
/// exceed. It is a value that occurred, and the same in every database.
fn at_rank(percent: u32, rank: &str, count: &str, value: &str) -> String {
    format!("MIN(CASE WHEN 100 * {rank} >= {percent} * {count} THEN {value} END)")
}

/// The functions that the views call.
pub(super) fn functions(numbers: &Numbers<'_>) -> Vec<String> {
    scores::functions(numbers)
}

/// Every view, in an order in which they can be created.
pub(super) fn views(numbers: &Numbers<'_>) -> Vec<View> {
    let mut all = vec![clock(numbers)];
    if numbers.moving().next().is_none() {
        return all;
    }
    // Conditions ask them.
    all.extend(scores::views(numbers));
    all.extend([
        stays::journey(numbers),
        stays::stay(numbers),
        worth::record_value(numbers),
        flow::flow(numbers),
        conversion::conversion(numbers),
        conversion::funnel(numbers),
        dwell::dwell(numbers),
        handoffs::handoff(numbers),
        handoffs::summary(numbers),
        service::level(numbers),
        service::summary(numbers),
        recycling::recycling(numbers),
        recycling::not_recycled(numbers),
        worth::pipeline(numbers),
    ]);
    if let Some(result) = goals::result(numbers) {
        all.extend([result, team_goals::each(numbers), team_goals::summary(numbers)]);
    }
    all.extend([
        violations::violations(numbers),
        bottleneck::bottleneck(numbers),
        dictionary::stages(numbers),
    ]);
    all
}

/// The goals that a database cannot measure, and why. Their results are left out.
pub(super) fn unsaid_goals(numbers: &Numbers<'_>) -> Vec<(GoalId, Unsaid)> {
    goals::unsaid(numbers)
}

/// The moment for which the numbers are told: now. Whoever wants them as of another day replaces
/// this one view.
fn clock(numbers: &Numbers<'_>) -> View {
    numbers.view(
        "clock",
        "The moment for which numbers are told; replace it to see them as of another day",
        vec![("now", "a point in time, in UTC")],
        &format!("SELECT {} AS now", numbers.dialect().now()),
    )
}
