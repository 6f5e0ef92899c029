//! Whether clocks and numbers agree.

pub(crate) mod clock_conflict;
pub(crate) mod coverage_below_need;
pub(crate) mod flat_probabilities;
pub(crate) mod forecast_order;
pub(crate) mod forecast_overlap;
pub(crate) mod goal_contradiction;
pub(crate) mod limit_without_escalation;
pub(crate) mod probability_falls;
pub(crate) mod probability_outcome;
pub(crate) mod slower_than_goal;
pub(crate) mod timer_after_limit;
