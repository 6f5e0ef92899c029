//! `type-mismatch`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::TYPE_MISMATCH.name(),
    family: Family::Types,
    summary: "an operation on values it is not for",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/type-mismatch.md"),
    check: Check::FrontEnd,
};
