//! Slips that have a message of their own: habits from other languages, forgotten units, quotes of
//! word processors.

mod amounts;
mod bounds;
mod calendar;
mod criteria;
mod dates;
mod durations;
mod lists;
mod signs;
mod values;
mod words;

use crate::diag::Diagnostic;

use super::builder::Builder;
use super::explain::Stop;

pub(super) use dates::foreign_date;
pub(super) use signs::hyphened;

/// Whether the slip at the place where reading stopped began before it, so that what was read so
/// far was taken for something whole and is not.
pub(super) fn goes_on(builder: &Builder<'_>, stop: &Stop<'_>) -> bool {
    amounts::goes_on(builder, stop)
        || signs::goes_on(builder, stop)
        || words::in_words(builder, stop).is_some()
}

/// The finding for the slip at the place where reading stopped, if it is a known one.
pub(super) fn finding(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    signs::full_width(builder, stop)
        .or_else(|| signs::hyphen(builder, stop))
        .or_else(|| words::between(builder, stop))
        .or_else(|| calendar::hours(builder, stop))
        .or_else(|| dates::date(builder, stop))
        .or_else(|| amounts::amount(builder, stop))
        .or_else(|| durations::unit(builder, stop))
        .or_else(|| durations::period(builder, stop))
        .or_else(|| values::percent(builder, stop))
        .or_else(|| values::target(builder, stop))
        .or_else(|| words::destination(builder, stop))
        .or_else(|| values::currency(builder, stop))
        .or_else(|| values::bound_unit(builder, stop))
        .or_else(|| bounds::bound(builder, stop))
        .or_else(|| bounds::condition(builder, stop))
        .or_else(|| bounds::quoted_name(builder, stop))
        .or_else(|| bounds::options(builder, stop))
        .or_else(|| lists::owners(builder, stop))
        .or_else(|| lists::brackets(builder, stop))
        .or_else(|| lists::members(builder, stop))
        .or_else(|| words::in_words(builder, stop))
        .or_else(|| words::flag(builder, stop))
        .or_else(|| words::repeated(builder, stop))
        .or_else(|| words::presence(builder, stop))
        .or_else(|| words::confirm(builder, stop))
        .or_else(|| words::confirmed(builder, stop))
        .or_else(|| words::reason(builder, stop))
        .or_else(|| words::late_title(builder, stop))
        .or_else(|| criteria::block(builder, stop))
        .or_else(|| criteria::title(builder, stop))
        .or_else(|| words::bare_text(builder, stop))
        .or_else(|| signs::sign(builder, stop))
}
