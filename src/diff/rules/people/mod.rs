//! What hurts those who work by the process.

pub(crate) mod clock_changed;
pub(crate) mod criterion_reworded;
pub(crate) mod owner_changed;
pub(crate) mod target_changed;
