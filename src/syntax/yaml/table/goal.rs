//! Goals, feedback, terms, plays, and what is retired.

use super::parts::*;
use super::{Clause, Mode, Shape, Table, key, must};

pub(crate) static GOAL: Table = Table {
    id: "goal",
    what: "a goal",
    doc: "What one or more teams aim at.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key(
            "shared_by",
            Shape::Names("teams"),
            "The teams that reach it together.",
            "[marketing, sales]",
        ),
        key(
            "owner",
            Shape::Names("teams"),
            "The team whose goal it is, if one alone.",
            "marketing",
        ),
        key(
            "measure",
            Shape::Clause(&MEASURE),
            "What is measured.",
            "{conversion: {from: mql, to: problem, within: 14d}}",
        ),
        key(
            "target",
            Shape::Clause(&TARGET),
            "What is to be reached.",
            "at least 60% every quarter",
        ),
        key("why", Shape::Text, "Why it is a goal.", "Leads that talk, not names"),
        WAS,
        WAIVERS,
    ],
};

pub(crate) static MEASURE: Clause = Clause {
    id: "measure",
    what: "a measure",
    example: "conversion from mql to problem within 14d",
    table: Some(&MEASURE_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static MEASURE_TABLE: Table = Table {
    id: "measure-mapping",
    what: "a measure",
    doc: "A measure spread out as a mapping: exactly one of its keys.",
    mode: Mode::One,
    keys: &[
        key(
            "conversion",
            Shape::Table(&CONVERSION),
            "The share of records that get from one stage to another.",
            "{from: mql, to: problem, within: 14d}",
        ),
        key("entries", Shape::Table(&ENTRIES), "Records that enter a stage.", "{into: mql}"),
        key("balance", Shape::Table(&BALANCE), "Records in a stage now.", "{of: mql}"),
        key("cycle", Shape::Table(&CYCLE), "Time between two stages.", "{from: mql, to: won}"),
        key("dwell", Shape::Table(&DWELL), "Time in one stage.", "{in: mql, statistic: p90}"),
        key(
            "sum",
            Shape::Table(&SUM),
            "The sum of a field over records that enter a stage.",
            "{of: amount, entering: won}",
        ),
        key(
            "share",
            Shape::Table(&SHARE),
            "The share of records entering a stage that satisfy a condition.",
            "{of: won, when: amount >= 5_000_000 JPY}",
        ),
        key(
            "coverage",
            Shape::Table(&COVERAGE),
            "What open records are worth, as a multiple of a goal's target.",
            "{of: revenue, by: amount}",
        ),
    ],
};

pub(crate) static CONVERSION: Table = Table {
    id: "conversion",
    what: "a conversion",
    doc: "The share of records that get from one stage to another.",
    mode: Mode::Any,
    keys: &[
        must("from", Shape::Name("a stage"), "The cohort enters here.", "mql"),
        must("to", Shape::Name("a stage"), "And should reach this.", "problem"),
        key("within", Shape::Clause(&DURATION), "In this time.", "14d"),
    ],
};

pub(crate) static ENTRIES: Table = Table {
    id: "entries",
    what: "a number of entries",
    doc: "Records that enter a stage.",
    mode: Mode::Any,
    keys: &[
        must("into", Shape::Name("a stage"), "The stage entered.", "mql"),
        key("when", Shape::Expr, "Only such records.", "email is present"),
    ],
};

pub(crate) static BALANCE: Table = Table {
    id: "balance",
    what: "a balance",
    doc: "Records in a stage now.",
    mode: Mode::Any,
    keys: &[must("of", Shape::Name("a stage"), "The stage.", "mql")],
};

pub(crate) const STATISTICS: &[&str] = &["median", "average", "p90"];

pub(crate) static CYCLE: Table = Table {
    id: "cycle",
    what: "a cycle time",
    doc: "Time between two stages.",
    mode: Mode::Any,
    keys: &[
        must("from", Shape::Name("a stage"), "Entering this stage starts the clock.", "mql"),
        must("to", Shape::Name("a stage"), "Entering this one stops it.", "won"),
        key("statistic", Shape::Word(STATISTICS), "How single times become one.", "median"),
    ],
};

pub(crate) static DWELL: Table = Table {
    id: "dwell",
    what: "a time in a stage",
    doc: "Time in one stage.",
    mode: Mode::Any,
    keys: &[
        must("in", Shape::Name("a stage"), "The stage.", "mql"),
        key("statistic", Shape::Word(STATISTICS), "How single times become one.", "p90"),
    ],
};

pub(crate) static SUM: Table = Table {
    id: "sum",
    what: "a sum",
    doc: "The sum of a field over records that enter a stage.",
    mode: Mode::Any,
    keys: &[
        must("of", Shape::Path("a field"), "The number or money field.", "amount"),
        must("entering", Shape::Name("a stage"), "The stage entered.", "won"),
        key("when", Shape::Expr, "Only such records.", "email is present"),
    ],
};

pub(crate) static SHARE: Table = Table {
    id: "share",
    what: "a share",
    doc: "The share of records entering a stage that satisfy a condition.",
    mode: Mode::Any,
    keys: &[
        must("of", Shape::Name("a stage"), "The stage entered.", "won"),
        must("when", Shape::Expr, "The condition.", "email is present"),
    ],
};

pub(crate) static COVERAGE: Table = Table {
    id: "coverage",
    what: "a coverage",
    doc: "What open records are worth, as a multiple of the target of a goal.",
    mode: Mode::Any,
    keys: &[
        must("of", Shape::Name("a goal"), "A goal that sums a field, with a target.", "revenue"),
        must("by", Shape::Path("a field"), "What an open record is worth.", "amount"),
    ],
};

pub(crate) static TARGET: Clause = Clause {
    id: "target",
    what: "a target",
    example: "at least 60% every quarter",
    table: Some(&TARGET_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static TARGET_TABLE: Table = Table {
    id: "target-mapping",
    what: "a target",
    doc: "What is to be reached: exactly one of `at_least` and `at_most`.",
    mode: Mode::Any,
    keys: &[
        key("at_least", Shape::Clause(&TARGET_VALUE), "Not less than this.", "60%"),
        key("at_most", Shape::Clause(&TARGET_VALUE), "Not more than this.", "30d"),
        key("every", Shape::Clause(&EVERY), "How often it is measured.", "quarter"),
    ],
};

pub(crate) static TARGET_VALUE: Clause = Clause {
    id: "target-value",
    what: "a number, percentage, amount or duration",
    example: "60%",
    table: None,
    flag: false,
    titled: false,
};

pub(crate) static FEEDBACK: Table = Table {
    id: "feedback",
    what: "a feedback",
    doc: "Knowledge that flows against the stream.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("from", Shape::Names("teams"), "Who speaks.", "inside_sales"),
        key("to", Shape::Names("teams"), "Who listens.", "[marketing]"),
        key("every", Shape::Clause(&EVERY), "How often.", "1w"),
        ABOUT,
        WAS,
        WAIVERS,
    ],
};

pub(crate) static TERM: Table = Table {
    id: "term",
    what: "a term",
    doc: "A word of the glossary.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("means", Shape::Text, "What it means.", "A lead whose interest is hot"),
        key("see", Shape::Names("names"), "What has to do with it.", "[mql]"),
        key("also", Shape::Labels("words"), "Other words for the same thing.", "[Qualified lead]"),
        WAS,
        WAIVERS,
    ],
};

pub(crate) static PLAY: Table = Table {
    id: "play",
    what: "a play",
    doc: "How a piece of work is done.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("for", Shape::Names("stages"), "The stages it belongs to.", "mql"),
        key("by", Shape::Names("teams or roles"), "Who plays it.", "[sdr]"),
        key("when", Shape::Expr, "Only for such records.", "email is present"),
        key("steps", Shape::Text, "What to do, in Markdown.", "1. Ask what changed."),
        ABOUT,
        WAS,
        WAIVERS,
    ],
};

/// The first keys are the kinds of `RetiredKind`, which a test compares.
pub(crate) static RETIRED: Table = Table {
    id: "retired",
    what: "a retired thing",
    doc: "Something that is no longer there: exactly one key tells its kind and its old name.",
    mode: Mode::Any,
    keys: &[
        key("stage", Shape::Path("the old stage"), "A stage.", "demo_booked"),
        key("record", Shape::Path("the old record"), "A record type.", "opportunity"),
        key("field", Shape::Path("the old field"), "A field, with its record.", "lead.fax"),
        key("team", Shape::Path("the old team"), "A team.", "telesales"),
        key("role", Shape::Path("the old role"), "A role.", "bdr"),
        key("goal", Shape::Path("the old goal"), "A goal.", "calls"),
        key("term", Shape::Path("the old term"), "A term.", "sal"),
        key("play", Shape::Path("the old play"), "A play.", "cold_call"),
        key("score", Shape::Path("the old score"), "A score.", "heat"),
        key(
            "into",
            Shape::List("successors", &Shape::Clause(&SUCCESSOR)),
            "Where what was in it goes.",
            "[evaluation when amount is present, problem]",
        ),
        key("since", Shape::Date, "Since when.", "2026-10-01"),
    ],
};

pub(crate) static SUCCESSOR: Clause = Clause {
    id: "successor",
    what: "a successor",
    example: "evaluation when amount is present",
    table: Some(&SUCCESSOR_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static SUCCESSOR_TABLE: Table = Table {
    id: "successor-mapping",
    what: "a successor",
    doc: "A new place, for all records or for some.",
    mode: Mode::Any,
    keys: &[
        must("to", Shape::Path("the new place"), "The new place.", "evaluation"),
        key("when", Shape::Expr, "Only for such records.", "amount is present"),
    ],
};
