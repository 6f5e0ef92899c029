//! What a handbook is made of, whether it is written in Markdown or in HTML: its words, where
//! everything stands, how texts of others are read, and how templates call helpers.

mod duties;
mod held;
pub(super) mod helper;
mod kept;
mod links;
mod marked;
mod medium;
mod playbook;
pub(super) mod prose;
pub(super) mod quiz;
mod terms;
mod words;

pub(super) use duties::duties;
pub(super) use held::{Held, HeldView};
pub(super) use kept::{Kept, KeptIn};
pub(super) use links::{anchor, file_stem, fnv_1a, place};
pub(super) use marked::{FieldShown, Marked, RecordShown, marked};
pub(super) use medium::Medium;
pub(super) use playbook::Playbook;
pub(super) use terms::{Linker, Terms};
pub(super) use words::Words;
