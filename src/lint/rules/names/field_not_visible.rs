//! `field-not-visible`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::FIELD_NOT_VISIBLE.name(),
    family: Family::Names,
    summary: "a field that the record in this stage does not have",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/field-not-visible.md"),
    check: Check::FrontEnd,
};
