//! Clauses that several declarations share: durations, clocks, periods.

use crate::source::Spanned;
use crate::syntax::ast::{Clock, Duration, Every, Unit};
use crate::syntax::dsl::fragment;

use super::super::reader::Reader;
use super::super::table::{CLOCK_TABLE, DURATION_TABLE};
use super::super::tree::NodeRef;

/// `2 business days`, or `{business_days: 2}`.
pub(super) fn duration<'t>(
    reader: &mut Reader<'t>,
    node: NodeRef<'t>,
) -> Option<Spanned<Duration>> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::duration);
    }
    let span = node.target().span();
    let first = *reader.open(&DURATION_TABLE, node, "this duration", span)?.first()?;
    let unit = match first.key.name {
        "minutes" => Unit::Minute,
        "hours" => Unit::Hour,
        "days" => Unit::Day,
        "weeks" => Unit::Week,
        "months" => Unit::Month,
        "quarters" => Unit::Quarter,
        "years" => Unit::Year,
        "business_minutes" => Unit::BusinessMinute,
        "business_hours" => Unit::BusinessHour,
        _ => Unit::BusinessDay,
    };
    let amount = reader.number(first.value)?;
    if amount.value.is_sign_negative() || !(unit.is_business() || amount.value.is_integer()) {
        let message = format!("`{}: {}` is not a duration", first.key.name, amount.value);
        let help = "write a whole number and a smaller unit";
        reader.wrong_literal(amount.span, message, Some(help.to_owned()));
        return None;
    }
    Some(Spanned::new(Duration { amount: amount.value, unit }, span))
}

/// `30d`, `120d before renews_on`, or `{duration: 120d, before: renews_on}`.
pub(super) fn clock<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Clock> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::clock);
    }
    let span = node.target().span();
    if is_duration(node) {
        return Some(Clock { duration: duration(reader, node)?, before: None, span });
    }
    let (mut length, mut before) = (None, None);
    for entry in reader.open(&CLOCK_TABLE, node, "this clock", node.span())? {
        match entry.key.name {
            "duration" => length = duration(reader, entry.value),
            _ => before = reader.path(entry.value),
        }
    }
    Some(Clock { duration: length?, before, span })
}

/// Whether a mapping is a duration spread out, where one may also stand for more: `after: {days: 30}`.
pub(super) fn is_duration(node: NodeRef<'_>) -> bool {
    node.entries().into_iter().flatten().any(|(key, _)| {
        let known = |name: &str| DURATION_TABLE.keys.iter().any(|key| key.name == name);
        key.scalar().is_some_and(|scalar| known(&scalar.value))
    })
}

/// `quarter`, `2w`, or `{weeks: 2}`.
pub(super) fn every<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<Every>> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::every);
    }
    duration(reader, node).map(|duration| duration.map(Every::Duration))
}
