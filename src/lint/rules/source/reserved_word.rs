//! `reserved-word`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::RESERVED_WORD.name(),
    family: Family::Source,
    summary: "a word that is kept for a later version of the language",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/reserved-word.md"),
    check: Check::FrontEnd,
};
