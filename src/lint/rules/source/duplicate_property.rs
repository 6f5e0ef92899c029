//! `duplicate-property`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::DUPLICATE_PROPERTY.name(),
    family: Family::Source,
    summary: "a property given twice in one declaration",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/duplicate-property.md"),
    check: Check::FrontEnd,
};
