//! The file, the process and its teams.

use super::goal::{FEEDBACK, GOAL, PLAY, RETIRED, TERM};
use super::parts::*;
use super::record::RECORD;
use super::score::{ROUTE, SCORE};
use super::stage::{STAGE, STATUSES};
use super::{Clause, Mode, Shape, Table, key, must};

pub(crate) static FILE: Table = Table {
    id: "file",
    what: "a process file",
    doc: "One file of a process: declarations by kind and name.",
    mode: Mode::Any,
    keys: &[
        key("process", Shape::Table(&PROCESS), "The process as a whole.", "{name: the_model}"),
        key(
            "teams",
            Shape::Named("teams", &Shape::Table(&TEAM)),
            "Who does the work.",
            "{sales: {}}",
        ),
        key(
            "records",
            Shape::Named("records", &Shape::Table(&RECORD)),
            "What moves, and what is known about it.",
            "{lead: {fields: {email: text}}}",
        ),
        key(
            "stages",
            Shape::Named("stages", &Shape::Table(&STAGE)),
            "Where a record can be.",
            "{inquiry: {record: lead, entry: true}}",
        ),
        key(
            "goals",
            Shape::Named("goals", &Shape::Table(&GOAL)),
            "What teams aim at.",
            "{growth: {}}",
        ),
        key(
            "feedback",
            Shape::Named("feedback", &Shape::Table(&FEEDBACK)),
            "Knowledge that flows against the stream.",
            "{market_voice: {from: sales, to: marketing, every: 1w}}",
        ),
        key(
            "scores",
            Shape::Named("scores", &Shape::Table(&SCORE)),
            "How records are rated.",
            "{interest: {of: lead}}",
        ),
        key(
            "routes",
            Shape::Named("routes", &Shape::Table(&ROUTE)),
            "Who gets the next record, by the stage it enters.",
            "{mql: {otherwise: triage}}",
        ),
        key("terms", Shape::Named("terms", &Shape::Table(&TERM)), "The glossary.", "{mql: {}}"),
        key(
            "plays",
            Shape::Named("plays", &Shape::Table(&PLAY)),
            "How work is done.",
            "{call: {}}",
        ),
        key(
            "retired",
            Shape::List("retired things", &Shape::Table(&RETIRED)),
            "What is no longer there, and where its records go.",
            "[{stage: demo, into: evaluation, since: 2026-10-01}]",
        ),
    ],
};

pub(crate) static PROCESS: Table = Table {
    id: "process",
    what: "a process",
    doc: "The process as a whole.",
    mode: Mode::Any,
    keys: &[
        must("name", Shape::Name("the process"), "Its name.", "the_model"),
        TITLE,
        key("version", Shape::Verbatim("a version"), "Its version.", "\"2026.1\""),
        key("effective", Shape::Date, "The day from which people work by it.", "2026-12-01"),
        key("currency", Shape::Verbatim("a currency"), "The currency of money fields.", "JPY"),
        key(
            "timezone",
            Shape::Verbatim("a time zone"),
            "The time zone of its dates.",
            "Asia/Tokyo",
        ),
        key(
            "calendar",
            Shape::Clause(&CALENDAR),
            "Working hours and holidays.",
            "mon-fri 09:00-18:00 except [2026-01-01]",
        ),
        key(
            "languages",
            Shape::Languages,
            "Languages of its texts, the main one first.",
            "[en, ko]",
        ),
        ABOUT,
        key("status", Shape::Word(STATUSES), "How far along the process is.", "draft"),
        WAIVERS,
    ],
};

pub(crate) static CALENDAR: Clause = Clause {
    id: "calendar",
    what: "working hours",
    example: "mon-fri 09:00-18:00 except [2026-01-01]",
    table: Some(&CALENDAR_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static CALENDAR_TABLE: Table = Table {
    id: "calendar-mapping",
    what: "a calendar",
    doc: "Working hours and holidays.",
    mode: Mode::Any,
    keys: &[
        must(
            "hours",
            Shape::List("working hours", &Shape::Clause(&HOURS)),
            "When people work.",
            "[mon-thu 09:00-18:00, fri 09:00-16:00]",
        ),
        key("except", Shape::Dates, "Days on which nobody works.", "[2026-01-01, 2026-01-12]"),
    ],
};

pub(crate) static HOURS: Clause = Clause {
    id: "hours",
    what: "working hours",
    example: "mon-fri 09:00-18:00",
    table: None,
    flag: false,
    titled: false,
};

pub(crate) static TEAM: Table = Table {
    id: "team",
    what: "a team",
    doc: "A team and the roles in it.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("mission", Shape::Text, "What the team is there for.", "Carry the whole journey"),
        key(
            "roles",
            Shape::Named("roles", &Shape::Clause(&ROLE)),
            "The roles in the team: a title each, or more.",
            "{ae: Account executive, sdr: {headcount: 4}}",
        ),
        WAS,
        WAIVERS,
    ],
};

pub(crate) static ROLE: Clause = Clause {
    id: "role",
    what: "the title of a role",
    example: "Account executive",
    table: Some(&ROLE_TABLE),
    flag: false,
    titled: true,
};

pub(crate) static ROLE_TABLE: Table = Table {
    id: "role-mapping",
    what: "a role",
    doc: "What one person does.",
    mode: Mode::Any,
    keys: &[TITLE, key("headcount", Shape::Whole, "How many people.", "4"), WAS],
};
