//! Whether a target can carry what the process says.

pub(crate) mod name_not_portable;
pub(crate) mod target_loss;
pub(crate) mod unused_template;
