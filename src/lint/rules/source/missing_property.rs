//! `missing-property`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::MISSING_PROPERTY.name(),
    family: Family::Source,
    summary: "a declaration without a property it cannot be understood without",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/missing-property.md"),
    check: Check::FrontEnd,
};
