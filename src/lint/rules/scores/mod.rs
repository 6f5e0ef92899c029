//! Whether scores and routes are whole.

pub(crate) mod band_gap;
pub(crate) mod band_overlap;
pub(crate) mod dead_route;
pub(crate) mod dominated_rule;
pub(crate) mod grade_gap;
pub(crate) mod idle_points;
pub(crate) mod no_decay;
pub(crate) mod no_fallback;
pub(crate) mod one_action_grade;
pub(crate) mod route_gap;
pub(crate) mod route_overlap;
pub(crate) mod score_never_used;
pub(crate) mod unreachable_grade;
pub(crate) mod weights_not_whole;
