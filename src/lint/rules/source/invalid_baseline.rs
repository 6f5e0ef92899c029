//! `invalid-baseline`: found while the baseline is read.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::INVALID_BASELINE.name(),
    family: Family::Source,
    summary: "a baseline that cannot be used as written",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/invalid-baseline.md"),
    check: Check::FrontEnd,
};
