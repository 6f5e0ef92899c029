//! `unit-mismatch`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::UNIT_MISMATCH.name(),
    family: Family::Types,
    summary: "a duration or clock in a unit that does not fit",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/unit-mismatch.md"),
    check: Check::FrontEnd,
};
