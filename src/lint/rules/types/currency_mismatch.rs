//! `currency-mismatch`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::CURRENCY_MISMATCH.name(),
    family: Family::Types,
    summary: "amounts of different currencies, or of none",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/currency-mismatch.md"),
    check: Check::FrontEnd,
};
