//! Whether records get through.

pub(crate) mod dead_end;
pub(crate) mod endless_recycle;
pub(crate) mod final_with_exit;
pub(crate) mod no_entry;
pub(crate) mod no_lost_outcome;
pub(crate) mod no_path_to_won;
pub(crate) mod one_way_loss;
pub(crate) mod ping_pong;
pub(crate) mod self_advance;
pub(crate) mod skippable_measure;
pub(crate) mod trap;
pub(crate) mod unbounded_wait;
pub(crate) mod unreachable_stage;
pub(crate) mod wrong_move;
