//! What CRMs cannot do in place.

pub(crate) mod name_changed;
