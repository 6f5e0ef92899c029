//! `baseline-stale`: a fault that was known, and is mended.

use crate::diag::Level;
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "baseline-stale",
    family: Family::Living,
    summary: "a baseline that holds findings which are found no more",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/baseline-stale.md"),
    check: Check::Baseline,
};
