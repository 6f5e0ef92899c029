//! Scores and routes.

use super::parts::*;
use super::{Clause, Key, Mode, Shape, Table, key, must};

pub(crate) static SCORE: Table = Table {
    id: "score",
    what: "a score",
    doc: "How records are rated: fit, behaviour, decay, grades.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        must("of", Shape::Name("a record"), "The record it rates.", "lead"),
        key(
            "fit",
            Shape::List("points", &Shape::Clause(&POINTS)),
            "Points for who they are.",
            "[+20 when company_size >= 100, {points: 15, when: industry = software}]",
        ),
        key(
            "behavior",
            Shape::List("points", &Shape::Clause(&POINTS)),
            "Points for what they do.",
            "+25 when event webinar_attended halves every 30d",
        ),
        key(
            "points",
            Shape::List("points", &Shape::Clause(&ANY_POINTS)),
            "Points of both categories, where their order matters.",
            "[fit +20 when company_size >= 100]",
        ),
        key("cap", Shape::Table(&CAP), "The most points that count.", "{fit: 35, total: 100}"),
        key(
            "weight",
            Shape::Table(&WEIGHT),
            "How much each category weighs.",
            "{fit: 40%, behavior: 60%}",
        ),
        key(
            "grade",
            Shape::Or(&Shape::Clause(&GRADES), &Shape::Named("grades", &Shape::Clause(&GRADE))),
            "The grades, best first.",
            "{hot: 60, warm: {title: Warm, at_least: 30}, cold: otherwise}",
        ),
        ABOUT,
        WAS,
        WAIVERS,
    ],
};

pub(crate) const CATEGORIES: &[&str] = &["fit", "behavior"];

const WORTH: Key = must("points", Shape::Number, "The points, possibly negative.", "+20");
const WHEN: Key = must("when", Shape::Expr, "For which records.", "company_size >= 100");
const HALVES: Key =
    key("halves_every", Shape::Clause(&DURATION), "The points halve in this time.", "30d");
const EXPIRES: Key =
    key("expires_after", Shape::Clause(&DURATION), "The points are gone after this time.", "90d");

pub(crate) static POINTS: Clause = Clause {
    id: "points",
    what: "points",
    example: "+20 when company_size >= 100",
    table: Some(&POINTS_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static POINTS_TABLE: Table = Table {
    id: "points-mapping",
    what: "a rule for points",
    doc: "Points for some records.",
    mode: Mode::Any,
    keys: &[WORTH, TITLE, WHEN, HALVES, EXPIRES],
};

pub(crate) static ANY_POINTS: Clause = Clause {
    id: "any-points",
    what: "points",
    example: "fit +20 when company_size >= 100",
    table: Some(&ANY_POINTS_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static ANY_POINTS_TABLE: Table = Table {
    id: "any-points-mapping",
    what: "a rule for points",
    doc: "Points of a category for some records.",
    mode: Mode::Any,
    keys: &[
        must("category", Shape::Word(CATEGORIES), "What it rates.", "fit"),
        WORTH,
        TITLE,
        WHEN,
        HALVES,
        EXPIRES,
    ],
};

pub(crate) static CAP: Table = Table {
    id: "cap",
    what: "a cap",
    doc: "The most points that count, by category and in all.",
    mode: Mode::Any,
    keys: &[
        key("fit", Shape::Number, "For who they are.", "35"),
        key("behavior", Shape::Number, "For what they do.", "60"),
        key("total", Shape::Number, "In all.", "100"),
    ],
};

pub(crate) static WEIGHT: Table = Table {
    id: "weight",
    what: "a weight",
    doc: "How much each category weighs.",
    mode: Mode::Any,
    keys: &[
        key("fit", Shape::Percent, "Who they are.", "40%"),
        key("behavior", Shape::Percent, "What they do.", "60%"),
    ],
};

pub(crate) static GRADES: Clause = Clause {
    id: "grades",
    what: "grades",
    example: "hot at least 60, warm at least 30, cold otherwise",
    table: None,
    flag: false,
    titled: false,
};

pub(crate) static GRADE: Clause = Clause {
    id: "grade",
    what: "the least score or `otherwise`",
    example: "60",
    table: Some(&GRADE_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static GRADE_TABLE: Table = Table {
    id: "grade-mapping",
    what: "a grade",
    doc: "A grade; without `at_least` it is the grade of all others.",
    mode: Mode::Any,
    keys: &[TITLE, key("at_least", Shape::Number, "The least score.", "60")],
};

pub(crate) static ROUTE: Table = Table {
    id: "route",
    what: "a route",
    doc: "Who gets the next record that enters a stage.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key(
            "cases",
            Shape::List("cases", &Shape::Clause(&ROUTE_CASE)),
            "Who gets which records.",
            "[when company_size >= 500 to enterprise, {when: company_size < 500, to: smb}]",
        ),
        key("otherwise", Shape::Clause(&ROUTE_TARGET), "Who gets the others.", "triage"),
        WAS,
        WAIVERS,
    ],
};

pub(crate) static ROUTE_CASE: Clause = Clause {
    id: "case",
    what: "a case",
    example: "when company_size >= 500 to enterprise",
    table: Some(&ROUTE_CASE_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static ROUTE_CASE_TABLE: Table = Table {
    id: "case-mapping",
    what: "a case",
    doc: "Who gets which records.",
    mode: Mode::Any,
    keys: &[
        must("when", Shape::Expr, "For which records.", "company_size >= 500"),
        must("to", Shape::Name("a role, team or queue"), "Who gets them.", "enterprise"),
        key("title", Shape::Text, "What people see instead of the name.", "Enterprise pool"),
    ],
};

pub(crate) static ROUTE_TARGET: Clause = Clause {
    id: "recipient",
    what: "the name of a role, team or queue",
    example: "triage",
    table: Some(&ROUTE_TARGET_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static ROUTE_TARGET_TABLE: Table = Table {
    id: "recipient-mapping",
    what: "a recipient",
    doc: "Who gets the record.",
    mode: Mode::Any,
    keys: &[
        must("to", Shape::Name("a role, team or queue"), "Who gets them.", "triage"),
        key("title", Shape::Text, "What people see instead of the name.", "Triage"),
    ],
};
