//! `broken-template`: found while the templates of the project are read and rendered.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::BROKEN_TEMPLATE.name(),
    family: Family::Source,
    summary: "a template that cannot be read, or that names what is not there",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/broken-template.md"),
    check: Check::FrontEnd,
};
