//! Whether names lead somewhere.

pub(crate) mod cyclic_record;
pub(crate) mod duplicate_name;
pub(crate) mod field_not_visible;
pub(crate) mod renamed_alive;
pub(crate) mod unknown_name;
pub(crate) mod wrong_kind;
