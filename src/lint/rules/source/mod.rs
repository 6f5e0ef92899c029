//! Whether the text can be read.

pub(crate) mod broken_template;
pub(crate) mod duplicate_property;
pub(crate) mod invalid_baseline;
pub(crate) mod invalid_literal;
pub(crate) mod invalid_manifest;
pub(crate) mod invalid_name;
pub(crate) mod missing_property;
pub(crate) mod reserved_word;
pub(crate) mod syntax_error;
pub(crate) mod unknown_property;
pub(crate) mod unreadable_file;
