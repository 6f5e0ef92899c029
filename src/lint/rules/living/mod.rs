//! Whether what was accepted for now is still true.

pub(crate) mod baseline_stale;
pub(crate) mod expired_waiver;
pub(crate) mod useless_waiver;
