//! `duplicate-name`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::DUPLICATE_NAME.name(),
    family: Family::Names,
    summary: "two declarations of one name",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/duplicate-name.md"),
    check: Check::FrontEnd,
};
