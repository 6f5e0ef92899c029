//! `cyclic-record`: found while the source is read and understood.

use crate::diag::{Level, codes};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: codes::CYCLIC_RECORD.name(),
    family: Family::Names,
    summary: "records that continue each other in a circle",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/cyclic-record.md"),
    check: Check::FrontEnd,
};
