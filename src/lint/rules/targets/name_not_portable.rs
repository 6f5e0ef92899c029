//! `name-not-portable`: found while a target is compiled.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::NAME_NOT_PORTABLE.name(),
    family: Family::Targets,
    summary: "a name or title that a target cannot hold",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/name-not-portable.md"),
    check: Check::Target,
};
