//! English.

use rust_decimal::Decimal;

use crate::model::{Duration, Every, Statistic, Unit};

use super::grammar::{Grammar, MeasureWords, Relation, Span, Statement, joined, reads_as_one};
use super::number::grouped;

/// English.
pub(super) struct English;

/// Titles of more words are put in quotes.
const MAX_PLAIN_WORDS: usize = 3;

impl Grammar for English {
    fn noun(&self, title: &str) -> String {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        match reads_as_one(&title, MAX_PLAIN_WORDS) {
            true => title,
            false => self.quote(&title),
        }
    }

    fn quote(&self, text: &str) -> String {
        format!("“{text}”")
    }

    fn stage(&self, title: &str) -> String {
        match title.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            true => self.quote(&title.split_whitespace().collect::<Vec<_>>().join(" ")),
            false => self.noun(title),
        }
    }

    fn score(&self, title: &str) -> String {
        match title.to_lowercase().ends_with("score") {
            true => title.to_owned(),
            false => format!("{title} score"),
        }
    }

    fn today(&self) -> &'static str {
        "today"
    }

    fn now(&self) -> &'static str {
        "the current time"
    }

    fn time_in_stage(&self) -> &'static str {
        "the time in this stage"
    }

    fn count_of(&self, unit: Unit, since: bool, field: &str) -> String {
        let side = if since { "since" } else { "until" };
        format!("the number of {} {side} {field}", unit_word(unit, false))
    }

    fn truth_value(&self, value: bool) -> &'static str {
        if value { "yes" } else { "no" }
    }

    fn compare(
        &self,
        subject: &str,
        is: Relation,
        object: &str,
        dated: bool,
        negated: bool,
    ) -> Statement {
        let relation = match (is, dated) {
            (Relation::Equal, _) => "",
            (Relation::Other, _) if negated => {
                return Statement::same(format!("{subject} is {object} or empty"));
            }
            (Relation::Other, _) => "something other than ",
            (Relation::Less, false) => "less than ",
            (Relation::AtMost, false) => "at most ",
            (Relation::More, false) => "more than ",
            (Relation::AtLeast, false) => "at least ",
            (Relation::Less, true) => "before ",
            (Relation::AtMost, true) => "on or before ",
            (Relation::More, true) => "after ",
            (Relation::AtLeast, true) => "on or after ",
        };
        Statement::same(format!("{subject} {} {relation}{object}", is_or_not(negated)))
    }

    fn order_or_missing(
        &self,
        subject: &str,
        is: Relation,
        object: &str,
        dated: bool,
    ) -> Option<Statement> {
        let said = self.compare(subject, is, object, dated, false).alone;
        // Two alternatives, like a list.
        Some(Statement::same(format!("{said} or not filled in")).listing(2))
    }

    fn elapsed(
        &self,
        span: Span,
        field: &str,
        is: Relation,
        than: Duration,
        negated: bool,
    ) -> Statement {
        let not = if negated { "not " } else { "" };
        let relation = match is {
            Relation::Equal => "exactly",
            Relation::Other => "anything but",
            Relation::Less => "less than",
            Relation::AtMost => "at most",
            Relation::More => "more than",
            Relation::AtLeast => "at least",
        };
        let duration = self.duration(than);
        let is = is_or_not(negated);
        Statement::same(match span {
            Span::Since => {
                let has = if than.amount == Decimal::ONE { "has" } else { "have" };
                format!("{not}{relation} {duration} {has} passed since {field}")
            }
            Span::Until => format!("{field} {is} {relation} {duration} away"),
            Span::InStage => {
                format!("the record has {not}been in this stage for {relation} {duration}")
            }
        })
    }

    fn one_of(&self, subject: &str, items: &[String], many: bool, negated: bool) -> Statement {
        let choice = self.choice(items);
        let text = match (many, negated, items.len()) {
            (true, false, _) => format!("{subject} includes {choice}"),
            (true, true, _) => format!("{subject} does not include {choice}"),
            (false, false, _) => format!("{subject} is {choice}"),
            (false, true, 0 | 1) => format!("{subject} is not {choice}"),
            (false, true, _) => format!("{subject} is none of {}", self.list(items)),
        };
        Statement::same(text).listing(items.len())
    }

    fn between(
        &self,
        subject: &str,
        low: &str,
        high: &str,
        _dated: bool,
        negated: bool,
    ) -> Statement {
        Statement::same(format!("{subject} {} from {low} to {high}", is_or_not(negated)))
    }

    fn presence(&self, subject: &str, present: bool) -> Statement {
        let state = if present { "filled in" } else { "empty" };
        Statement::same(format!("{subject} is {state}"))
    }

    fn graded(&self, score: &str, grade: &str, negated: bool) -> Statement {
        Statement::same(format!("{score} {} graded {grade}", is_or_not(negated)))
    }

    fn window(&self, subject: &str, next: bool, duration: &str, negated: bool) -> Statement {
        let side = if next { "next" } else { "last" };
        Statement::same(format!("{subject} {} within the {side} {duration}", is_or_not(negated)))
    }

    fn event(&self, name: &str, at_least: u32, within: Option<&str>, negated: bool) -> Statement {
        let not = if negated { "not " } else { "" };
        let often = match at_least {
            0 | 1 => String::new(),
            times => format!(" at least {times} times"),
        };
        let within = within.map_or_else(String::new, |within| format!(" in the last {within}"));
        Statement::same(format!("the event {name} has {not}happened{often}{within}"))
    }

    fn confirmed(&self, by: Option<&str>, text: &str, negated: bool) -> Statement {
        let by = by.unwrap_or("the owner");
        let not = if negated { "not " } else { "" };
        Statement::same(format!("{by} has {not}confirmed {text}"))
    }

    fn truth(&self, subject: &str, value: bool, negated: bool) -> Statement {
        let value = self.truth_value(value);
        Statement::same(format!("{subject} {} {value}", is_or_not(negated)))
    }

    fn constant(&self, value: bool) -> Statement {
        Statement::same(if value { "always" } else { "never" }.to_owned())
    }

    fn join(&self, all: bool, statements: &[&Statement], _before_if: bool) -> String {
        let texts: Vec<&str> = statements.iter().map(|s| s.alone.as_str()).collect();
        // A comma tells the `or` of a list from the one between the statements.
        let lists = statements.iter().any(|statement| statement.has_list);
        match (all, lists) {
            (true, false) => joined(&texts, ", ", " and "),
            (true, true) => joined(&texts, ", ", ", and "),
            (false, false) => format!("either {}", joined(&texts, ", ", " or ")),
            (false, true) => format!("either {}", joined(&texts, ", ", ", or ")),
        }
    }

    fn numbered(&self, all: bool, items: &[String], _before_if: bool) -> String {
        let how_many = if all { "all of these hold" } else { "one of these holds" };
        format!("{how_many}: {}", items.join("; "))
    }

    fn if_clause(&self, condition: &str) -> String {
        format!("if {condition}")
    }

    fn list(&self, items: &[String]) -> String {
        joined(items, ", ", " and ")
    }

    fn choice(&self, items: &[String]) -> String {
        joined(items, ", ", " or ")
    }

    fn duration(&self, duration: Duration) -> String {
        let one = duration.amount == Decimal::ONE;
        format!("{} {}", grouped(duration.amount), unit_word(duration.unit, one))
    }

    fn within(&self, duration: &str) -> String {
        format!("within {duration}")
    }

    fn every(&self, every: Every) -> String {
        match every {
            Every::Period(period) => format!("every {}", period.word()),
            Every::Duration(d) if d.amount == Decimal::ONE => {
                format!("every {}", unit_word(d.unit, true))
            }
            Every::Duration(duration) => format!("every {}", self.duration(duration)),
        }
    }

    fn later(&self, duration: &str) -> String {
        format!("after {duration}")
    }

    fn after(&self, duration: &str) -> String {
        format!("after {duration} in this stage")
    }

    fn before(&self, duration: &str, field: &str) -> String {
        format!("{duration} before {field}")
    }

    fn measure(&self, measure: &MeasureWords) -> String {
        let only = |only: &Option<String>| {
            only.as_ref().map_or_else(String::new, |only| format!(", only those where {only}"))
        };
        match measure {
            MeasureWords::Conversion { from, to, within } => {
                let within =
                    within.as_ref().map_or_else(String::new, |within| format!(" {within}"));
                format!("conversion from {from} to {to}{within}")
            }
            MeasureWords::Entries { into, only: condition } => {
                format!("records that enter {into}{}", only(condition))
            }
            MeasureWords::Balance { of } => format!("records in {of} at any one time"),
            MeasureWords::Cycle { statistic, from, to } => {
                times(*statistic, &format!("from {from} to {to}"))
            }
            MeasureWords::Dwell { statistic, stage } => times(*statistic, &format!("in {stage}")),
            MeasureWords::Sum { field, entering, only: condition } => {
                format!("sum of {field} over the records that enter {entering}{}", only(condition))
            }
            MeasureWords::Share { of, only } => {
                format!("share of the records entering {of} where {only}")
            }
            MeasureWords::Coverage { goal, by } => {
                format!("{by} of all open records as a multiple of the target of {goal}")
            }
        }
    }

    fn target(&self, at_least: bool, value: &str, every: Option<&str>) -> String {
        let bound = if at_least { "at least" } else { "at most" };
        match every {
            Some(every) => format!("{bound} {value} {every}"),
            None => format!("{bound} {value}"),
        }
    }
}

fn is_or_not(negated: bool) -> &'static str {
    if negated { "is not" } else { "is" }
}

fn times(statistic: Statistic, of: &str) -> String {
    match statistic {
        Statistic::Median => format!("median time {of}"),
        Statistic::Average => format!("average time {of}"),
        Statistic::P90 => format!("time {of} that nine in ten records keep to"),
    }
}

fn unit_word(unit: Unit, one: bool) -> &'static str {
    match (unit, one) {
        (Unit::Minute, true) => "minute",
        (Unit::Minute, false) => "minutes",
        (Unit::Hour, true) => "hour",
        (Unit::Hour, false) => "hours",
        (Unit::Day, true) => "day",
        (Unit::Day, false) => "days",
        (Unit::Week, true) => "week",
        (Unit::Week, false) => "weeks",
        (Unit::Month, true) => "month",
        (Unit::Month, false) => "months",
        (Unit::Quarter, true) => "quarter",
        (Unit::Quarter, false) => "quarters",
        (Unit::Year, true) => "year",
        (Unit::Year, false) => "years",
        (Unit::BusinessMinute, true) => "business minute",
        (Unit::BusinessMinute, false) => "business minutes",
        (Unit::BusinessHour, true) => "business hour",
        (Unit::BusinessHour, false) => "business hours",
        (Unit::BusinessDay, true) => "business day",
        (Unit::BusinessDay, false) => "business days",
    }
}
