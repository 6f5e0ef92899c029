//! A difference as people and programs read it: one renderer a file. None of them prints.

pub mod concise;
pub mod json;
pub mod markdown;
mod say;
mod stories;
mod tell;
pub mod text;
mod words;

pub(crate) use tell::{Teller, Told};

use crate::diag::Level;
use crate::diag::render::counted;

use super::Difference;

/// One line for people: `9 changes: 2 errors, 1 warning`.
pub fn summary(difference: &Difference<'_>) -> String {
    let all = match difference.told().count() {
        0 => return "no changes".to_owned(),
        count => counted(count, "change"),
    };
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
    let breaks: Vec<String> = levels
        .into_iter()
        .map(|(level, word)| (difference.at(level), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let told = if breaks.is_empty() {
        format!("{all}, none that breaks anything")
    } else {
        format!("{all}: {}", breaks.join(", "))
    };
    match difference.takes_effect() {
        Some(day) => format!("{told}; in force from {}", words::in_english(day)),
        None => told,
    }
}
