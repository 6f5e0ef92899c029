//! Whether the words are clear.

pub(crate) mod missing_next;
pub(crate) mod missing_purpose;
pub(crate) mod missing_translation;
pub(crate) mod undefined_term;
pub(crate) mod unused_term;
