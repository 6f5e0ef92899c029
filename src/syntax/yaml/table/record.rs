//! Records, fields and their types.

use super::parts::*;
use super::{Clause, Key, Mode, Shape, Table, key};

pub(crate) static RECORD: Table = Table {
    id: "record",
    what: "a record",
    doc: "A record type: what moves through stages of its own.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("from", Shape::Name("a record"), "The record type it continues.", "lead"),
        ABOUT,
        key(
            "fields",
            Shape::Named("fields", &Shape::Clause(&FIELD)),
            "What is known about it.",
            "{email: text, size: {type: number, at_least: 1}, industry: \"one of [software, finance]\"}",
        ),
        WAS,
        WAIVERS,
    ],
};

pub(crate) static FIELD: Clause = Clause {
    id: "field",
    what: "a field",
    example: "number \"Employees\" at least 1",
    table: Some(&FIELD_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static FIELD_TABLE: Table = Table {
    id: "field-mapping",
    what: "a field",
    doc: "A field: its type, given by `type`, `one_of` or `many_of`, and its rules.",
    mode: Mode::Any,
    keys: &[
        key("type", Shape::Clause(&FIELD_TYPE), "Its type.", "number"),
        ONE_OF,
        MANY_OF,
        TITLE,
        key("at_least", Shape::Clause(&BOUND), "The least value.", "1"),
        key("at_most", Shape::Clause(&BOUND), "The greatest value.", "5_000_000 JPY"),
        key("required", Shape::Flag, "Never missing, from the first stage on.", "true"),
        key("unique", Shape::Flag, "No two records share a value.", "true"),
        key("help", Shape::Text, "Shown beside the field.", "As on the web site"),
        WAS,
    ],
};

const ONE_OF: Key = key("one_of", Shape::Options, "One of these options.", "[software, finance]");
const MANY_OF: Key = key(
    "many_of",
    Shape::Options,
    "Any of these options.",
    "{mail: By mail, phone: {title: By phone}}",
);

pub(crate) static FIELD_TYPE: Clause = Clause {
    id: "field-type",
    what: "a type",
    example: "number",
    table: Some(&FIELD_TYPE_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static FIELD_TYPE_TABLE: Table = Table {
    id: "field-type-mapping",
    what: "a type",
    doc: "An enumeration: exactly one of its keys.",
    mode: Mode::One,
    keys: &[ONE_OF, MANY_OF],
};

pub(crate) static BOUND: Clause = Clause {
    id: "bound",
    what: "a value",
    example: "100",
    table: None,
    flag: false,
    titled: false,
};

pub(crate) static OPTIONS: Shape = Shape::Named("options", &Shape::Clause(&OPTION));

pub(crate) static OPTION: Clause = Clause {
    id: "option",
    what: "the title of an option",
    example: "No need",
    table: Some(&OPTION_TABLE),
    flag: false,
    titled: true,
};

pub(crate) static OPTION_TABLE: Table = Table {
    id: "option-mapping",
    what: "an option",
    doc: "One value of an enumeration.",
    mode: Mode::Any,
    keys: &[TITLE, WAS],
};
