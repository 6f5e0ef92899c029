//! A record found by a proof, and how it is told.

use crate::logic::RecordState;
use crate::model::Process;

/// A record that satisfies what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// What is known of it. Fields that do not matter to the question are missing.
    pub state: RecordState,
}

impl Witness {
    /// What matters about it, in the words of the source and a fixed order: "`company_size` is 70 and
    /// `email` is missing". Empty when nothing matters.
    pub fn tell(&self, _process: &Process) -> String {
        String::new()
    }
}
