//! The rules: what is checked on the finished model, at which level, and what was waived.
//!
//! A rule is a static in a file of its own under `rules/<family>/`, with a page under `docs/rules/`.
//! Two laws hold for all of them: **no false alarm**, a rule that cannot decide says nothing; and
//! **a witness**, a rule that claims something about a record tells the story of one.

mod abbreviations;
mod bands;
pub mod baseline;
mod check;
mod clock;
mod conditions;
mod context;
mod fixes;
#[cfg(test)]
mod flow_tests;
mod goals;
mod guard;
mod levels;
mod needs;
mod passages;
pub(crate) mod places;
mod rule;
mod rules;
pub(crate) mod story;
#[cfg(test)]
pub(crate) mod testing;
mod waivers;

pub(crate) use check::Settling;
pub use check::{check, check_settings, settle_target_findings};
pub use levels::{LevelError, Levels, Preset};
pub use rule::{Check, Family, Rule};
pub use rules::RULES;

pub(crate) use context::Context;
pub(crate) use guard::Guard;
pub(crate) use needs::{Asker, Gap, Need, Verdict, handed_over, with_labels};

use crate::diag::closest;

/// The rule with this name: its summary, its default level and its page.
pub fn explain(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// The name of a rule that `name` may have been meant for.
pub fn suggest(name: &str) -> Option<&'static str> {
    closest(name, RULES.iter().map(|rule| rule.name))
}
