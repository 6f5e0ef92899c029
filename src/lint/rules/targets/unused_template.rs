//! `unused-template`: found while the templates of the project are read.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::UNUSED_TEMPLATE.name(),
    family: Family::Targets,
    summary: "a file among the templates that nothing uses",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unused-template.md"),
    check: Check::Target,
};
