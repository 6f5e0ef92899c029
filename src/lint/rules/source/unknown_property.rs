//! `unknown-property`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::UNKNOWN_PROPERTY.name(),
    family: Family::Source,
    summary: "a property that does not belong where it stands",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/unknown-property.md"),
    check: Check::FrontEnd,
};
