//! `syntax-error`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::SYNTAX_ERROR.name(),
    family: Family::Source,
    summary: "text that does not follow the notation it is written in",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/syntax-error.md"),
    check: Check::FrontEnd,
};
