//! Whether criteria decide.

pub(crate) mod ambiguous_exit;
pub(crate) mod idle_criterion;
pub(crate) mod impossible_criterion;
pub(crate) mod no_exit_criteria;
pub(crate) mod placeholder_criterion;
pub(crate) mod seller_only_evidence;
pub(crate) mod shadowed_transition;
pub(crate) mod stuck_record;
pub(crate) mod subjective_criterion;
