//! Gates: what must hold when a record leaves a stage or enters one. Every accepted move is one row
//! of the history, so the gates stand there, in one place for moves of every kind.

pub(super) mod build;
mod needed;

use super::names::Ident;

/// The gates of all stages.
pub(super) struct Gates {
    pub(super) history: Ident,
    pub(super) leave: Vec<StageGate>,
    pub(super) enter: Vec<StageGate>,
}

/// What must hold when a record leaves (or enters) a stage.
pub(super) struct StageGate {
    pub(super) trigger: Ident,
    /// The function behind the trigger, for databases that need one.
    pub(super) function: Ident,
    pub(super) stage: String,
    pub(super) checks: Vec<GateCheck>,
}

/// One thing that must hold.
pub(super) struct GateCheck {
    /// The stages at the other end for which it is asked.
    pub(super) others: Vec<String>,
    /// SQL over `NEW`, a row of the history, that must hold. It is never null.
    pub(super) condition: String,
    /// What is said when it does not.
    pub(super) message: String,
}

/// On which side of a move a gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Leave,
    Enter,
}

impl Gates {
    /// Every gate: those that are left through before those that are entered by.
    pub(super) fn all(&self) -> impl Iterator<Item = (Side, &StageGate)> {
        let leave = self.leave.iter().map(|gate| (Side::Leave, gate));
        leave.chain(self.enter.iter().map(|gate| (Side::Enter, gate)))
    }
}

impl Side {
    /// The column of the history that holds the stage of the gate.
    pub(super) fn own(self) -> &'static str {
        match self {
            Side::Leave => "from_stage",
            Side::Enter => "to_stage",
        }
    }

    /// The column that holds the stage at the other end.
    pub(super) fn other(self) -> &'static str {
        match self {
            Side::Leave => "to_stage",
            Side::Enter => "from_stage",
        }
    }
}

impl StageGate {
    /// What the gate is for, as a comment.
    pub(super) fn about(&self, side: Side) -> String {
        match side {
            Side::Leave => {
                format!("What must hold when a record leaves the stage \"{}\".", self.stage)
            }
            Side::Enter => {
                format!("What must hold when a record enters the stage \"{}\".", self.stage)
            }
        }
    }
}
