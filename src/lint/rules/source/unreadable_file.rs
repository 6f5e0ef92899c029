//! `unreadable-file`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::UNREADABLE_FILE.name(),
    family: Family::Source,
    summary: "a file that cannot be read as text",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/unreadable-file.md"),
    check: Check::FrontEnd,
};
