//! `invalid-literal`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::INVALID_LITERAL.name(),
    family: Family::Source,
    summary: "a value that cannot exist, such as 31 February",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/invalid-literal.md"),
    check: Check::FrontEnd,
};
