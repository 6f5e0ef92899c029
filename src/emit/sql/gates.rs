//! What must hold when a record leaves or enters a stage, ready for triggers on the history: every
//! accepted move is one row there, with the stages at its ends.

pub(super) mod build;

use super::names::Ident;

/// The gates of all stages.
pub(super) struct Gates {
    /// The table of the history.
    pub(super) history: Ident,
    /// Asked of the stage that is left.
    pub(super) leave: Vec<StageGate>,
    /// Asked of the stage that is entered.
    pub(super) enter: Vec<StageGate>,
}

/// What must hold when a record leaves, or enters, a stage.
pub(super) struct StageGate {
    pub(super) trigger: Ident,
    pub(super) function: Ident,
    /// The stage.
    pub(super) stage: String,
    pub(super) checks: Vec<GateCheck>,
}

/// One condition of a gate.
pub(super) struct GateCheck {
    /// The stages at the other end for which it is asked.
    pub(super) others: Vec<String>,
    /// SQL over `NEW`, a row of the history, that must hold. Never null.
    pub(super) condition: String,
    /// What is said when it does not.
    pub(super) message: String,
}
