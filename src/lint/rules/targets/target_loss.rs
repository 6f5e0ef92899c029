//! `target-loss`: found while a target is compiled.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::TARGET_LOSS.name(),
    family: Family::Targets,
    summary: "something a target cannot carry, so that it is left out or changed",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/target-loss.md"),
    check: Check::Target,
};
