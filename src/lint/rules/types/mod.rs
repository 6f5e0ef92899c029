//! Whether values fit together.

pub(crate) mod currency_mismatch;
pub(crate) mod type_mismatch;
pub(crate) mod unit_mismatch;
