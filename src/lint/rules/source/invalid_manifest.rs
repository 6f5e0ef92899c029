//! `invalid-manifest`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::INVALID_MANIFEST.name(),
    family: Family::Source,
    summary: "a manifest that cannot be used as written",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/invalid-manifest.md"),
    check: Check::FrontEnd,
};
