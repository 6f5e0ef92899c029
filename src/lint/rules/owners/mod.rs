//! Whether somebody is responsible, and teams pull together.

pub(crate) mod blind_handoff;
pub(crate) mod conflicting_goals;
pub(crate) mod goal_beyond_reach;
pub(crate) mod handoff_mismatch;
pub(crate) mod handoff_within_team;
pub(crate) mod handoff_without_shared_goal;
pub(crate) mod idle_team;
pub(crate) mod lonely_goal;
pub(crate) mod no_owner;
pub(crate) mod no_way_back;
pub(crate) mod silent_handoff;
pub(crate) mod silo;
pub(crate) mod single_point;
pub(crate) mod two_owners;
pub(crate) mod unmeasured_stage;
pub(crate) mod unmeasured_team;
pub(crate) mod volume_only_goal;
