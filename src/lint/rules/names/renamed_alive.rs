//! `renamed-alive`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::RENAMED_ALIVE.name(),
    family: Family::Names,
    summary: "an earlier name that something alive still bears",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/renamed-alive.md"),
    check: Check::FrontEnd,
};
