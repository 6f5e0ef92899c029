//! Whether data is there when it is read.

pub(crate) mod filled_by_nobody;
pub(crate) mod two_writers;
pub(crate) mod unfilled_field;
pub(crate) mod unused_field;
