//! `wrong-kind`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::WRONG_KIND.name(),
    family: Family::Names,
    summary: "a name that something else than expected bears",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/wrong-kind.md"),
    check: Check::FrontEnd,
};
