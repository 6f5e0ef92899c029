//! What hurts stored data.

pub(crate) mod field_narrowed;
pub(crate) mod field_removed;
pub(crate) mod option_removed;
pub(crate) mod record_removed;
pub(crate) mod type_changed;
