//! `invalid-name`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::INVALID_NAME.name(),
    family: Family::Source,
    summary: "a name that is not made of lower-case letters, digits and `_`",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/invalid-name.md"),
    check: Check::FrontEnd,
};
