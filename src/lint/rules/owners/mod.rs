//! Whether somebody is responsible, and teams pull together.

pub(crate) mod handoff_mismatch;
pub(crate) mod handoff_without_shared_goal;
pub(crate) mod no_owner;
pub(crate) mod silent_handoff;
pub(crate) mod silo;
pub(crate) mod two_owners;
