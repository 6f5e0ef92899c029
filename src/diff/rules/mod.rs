//! The breaking rules, one a file, in folders by who is hurt. Each looks at one change and says
//! whether it breaks something, or nothing: a change that was declared breaks nothing. Adding one is
//! a file, its page, and one line in the list of all rules.

pub(super) mod alike;
pub(crate) mod config;
pub(crate) mod data;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod reports;
