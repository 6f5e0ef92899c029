//! Whether what was accepted for now is still true.

pub(crate) mod expired_waiver;
pub(crate) mod useless_waiver;
