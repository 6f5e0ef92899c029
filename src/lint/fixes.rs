//! Which rules have a change to propose.

use crate::diag::Safety;

use super::Rule;

impl Rule {
    /// How far the fixes of this rule can be trusted, if it has any; the most trusted when they
    /// differ. Not every finding of such a rule has one.
    pub fn fix(&self) -> Option<Safety> {
        let listed = |list: &[&str]| list.contains(&self.name);
        if listed(SAFE) {
            Some(Safety::Safe)
        } else if listed(UNSAFE) {
            Some(Safety::Unsafe)
        } else {
            None
        }
    }
}

/// Rules with fixes that keep the meaning. A test compares both lists with the examples of the
/// pages.
const SAFE: &[&str] = &[
    "duplicate-property",
    "forecast-overlap",
    "invalid-literal",
    "invalid-name",
    "probability-outcome",
    "syntax-error",
    "type-mismatch",
    "unknown-property",
    "useless-waiver",
];

/// Rules with fixes that change the meaning, as it was probably meant.
const UNSAFE: &[&str] = &[
    "expired-waiver",
    "field-removed",
    "goal-removed",
    "option-removed",
    "record-removed",
    "stage-removed",
    "timer-after-limit",
    "unknown-name",
];
