//! What hurts those who read numbers.

pub(crate) mod forecast_changed;
pub(crate) mod goal_removed;
pub(crate) mod measure_changed;
