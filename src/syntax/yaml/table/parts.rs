//! Parts that several declarations share: conditions, durations, waivers.

use super::{Clause, Mode, Shape, Table, key, must};

/// The keys every declaration may have besides its own.
pub(crate) const WAS: super::Key = key(
    "was",
    Shape::Names("earlier names"),
    "Earlier names; records keep their identity.",
    "[old_name]",
);

/// Waivers of a declaration.
pub(crate) const WAIVERS: super::Key = key(
    "waive",
    Shape::List("waivers", &A_WAIVER),
    "Rules that are silenced here, each with a reason.",
    "[{rule: dead-end, reason: Closed by hand until the new system is live}]",
);

/// What people see instead of the name.
pub(crate) const TITLE: super::Key =
    key("title", Shape::Text, "What people see instead of the name.", "{en: A title, ko: 제목}");

/// A remark about the declaration.
pub(crate) const ABOUT: super::Key =
    key("about", Shape::Text, "What it is about, in Markdown.", "What it is about");

static A_WAIVER: Shape = Shape::Table(&WAIVE);

pub(crate) static WAIVE: Table = Table {
    id: "waive",
    what: "a waiver",
    doc: "Silences one rule at one place, with a reason and an end.",
    mode: Mode::Any,
    keys: &[
        must("rule", Shape::Rule, "The rule.", "dead-end"),
        must("reason", Shape::Text, "Why it may be broken here.", "Agreed with the team"),
        key("until", Shape::Date, "The last day the waiver holds.", "2027-01-31"),
    ],
};

pub(crate) static EXPR: Table = Table {
    id: "condition",
    what: "a condition",
    doc: "A condition spread out as a mapping: exactly one of its keys.",
    mode: Mode::One,
    keys: &[
        key(
            "all",
            Shape::List("conditions", &Shape::Expr),
            "Every one of these holds.",
            "[email is present, company_size >= 100]",
        ),
        key(
            "any",
            Shape::List("conditions", &Shape::Expr),
            "At least one of these holds.",
            "[email is present, company_size >= 100]",
        ),
        key("not", Shape::Expr, "This does not hold.", "email is present"),
    ],
};

pub(crate) static DURATION: Clause = Clause {
    id: "duration",
    what: "a duration",
    example: "2 business days",
    table: Some(&DURATION_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static DURATION_TABLE: Table = Table {
    id: "duration-mapping",
    what: "a duration",
    doc: "A duration spread out as a mapping: exactly one unit and how many of it.",
    mode: Mode::One,
    keys: &[
        key("minutes", Shape::Number, "Minutes.", "30"),
        key("hours", Shape::Number, "Hours.", "4"),
        key("days", Shape::Number, "Days.", "2"),
        key("weeks", Shape::Number, "Weeks.", "3"),
        key("months", Shape::Number, "Calendar months.", "6"),
        key("quarters", Shape::Number, "Calendar quarters.", "1"),
        key("years", Shape::Number, "Calendar years.", "1"),
        key("business_minutes", Shape::Number, "Minutes of working time.", "30"),
        key("business_hours", Shape::Number, "Hours of working time.", "4"),
        key("business_days", Shape::Number, "Working days.", "2"),
    ],
};

pub(crate) static CLOCK: Clause = Clause {
    id: "clock",
    what: "a time",
    example: "30d",
    table: Some(&CLOCK_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static CLOCK_TABLE: Table = Table {
    id: "clock-mapping",
    what: "a clock",
    doc: "A time after entering the stage, or before a date.",
    mode: Mode::Any,
    keys: &[
        must("duration", Shape::Clause(&DURATION), "How long.", "120d"),
        key("before", Shape::Path("a date field"), "Counts back from this date.", "renews_on"),
    ],
};

/// A clock or a duration spread out.
pub(crate) static A_CLOCK: Shape = Shape::Clause(&CLOCK);
pub(crate) static A_DURATION: Shape = Shape::Table(&DURATION_TABLE);

pub(crate) static EVERY: Clause = Clause {
    id: "every",
    what: "a period",
    example: "quarter",
    table: Some(&DURATION_TABLE),
    flag: false,
    titled: false,
};
