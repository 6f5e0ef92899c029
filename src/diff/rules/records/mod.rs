//! What hurts records in flight.

pub(crate) mod guard_tightened;
pub(crate) mod limit_shortened;
pub(crate) mod move_removed;
pub(crate) mod stage_half_retired;
pub(crate) mod stage_removed;
pub(crate) mod useless_hint;
