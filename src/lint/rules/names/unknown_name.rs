//! `unknown-name`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::UNKNOWN_NAME.name(),
    family: Family::Names,
    summary: "a name that nothing bears",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/unknown-name.md"),
    check: Check::FrontEnd,
};
