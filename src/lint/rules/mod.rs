//! Every rule, one a file, by family. Adding one is a file, its page, and one line here.

mod data;
mod flow;
mod living;
mod names;
mod owners;
mod scores;
mod source;
mod targets;
mod types;

use super::Rule;

/// Every rule, in the order of the book.
pub static RULES: &[&Rule] = &[
    &source::unreadable_file::RULE,
    &source::syntax_error::RULE,
    &source::invalid_name::RULE,
    &source::invalid_literal::RULE,
    &source::reserved_word::RULE,
    &source::duplicate_property::RULE,
    &source::unknown_property::RULE,
    &source::missing_property::RULE,
    &source::invalid_manifest::RULE,
    &names::duplicate_name::RULE,
    &names::unknown_name::RULE,
    &names::wrong_kind::RULE,
    &names::field_not_visible::RULE,
    &names::cyclic_record::RULE,
    &names::renamed_alive::RULE,
    &types::type_mismatch::RULE,
    &types::currency_mismatch::RULE,
    &types::unit_mismatch::RULE,
    &flow::no_entry::RULE,
    &flow::unreachable_stage::RULE,
    &flow::wrong_move::RULE,
    &flow::self_advance::RULE,
    &flow::dead_end::RULE,
    &flow::final_with_exit::RULE,
    &flow::trap::RULE,
    &flow::no_path_to_won::RULE,
    &flow::no_lost_outcome::RULE,
    &flow::one_way_loss::RULE,
    &flow::endless_recycle::RULE,
    &flow::ping_pong::RULE,
    &flow::unbounded_wait::RULE,
    &flow::skippable_measure::RULE,
    &data::unfilled_field::RULE,
    &data::filled_by_nobody::RULE,
    &data::unused_field::RULE,
    &data::two_writers::RULE,
    &owners::no_owner::RULE,
    &owners::two_owners::RULE,
    &owners::idle_team::RULE,
    &owners::single_point::RULE,
    &owners::silent_handoff::RULE,
    &owners::handoff_mismatch::RULE,
    &owners::blind_handoff::RULE,
    &owners::no_way_back::RULE,
    &owners::handoff_without_shared_goal::RULE,
    &owners::silo::RULE,
    &owners::lonely_goal::RULE,
    &owners::volume_only_goal::RULE,
    &owners::goal_beyond_reach::RULE,
    &owners::conflicting_goals::RULE,
    &owners::unmeasured_stage::RULE,
    &owners::unmeasured_team::RULE,
    &scores::unreachable_grade::RULE,
    &scores::one_action_grade::RULE,
    &scores::grade_gap::RULE,
    &scores::idle_points::RULE,
    &scores::dominated_rule::RULE,
    &scores::band_overlap::RULE,
    &scores::band_gap::RULE,
    &scores::weights_not_whole::RULE,
    &scores::no_decay::RULE,
    &scores::score_never_used::RULE,
    &scores::route_gap::RULE,
    &scores::route_overlap::RULE,
    &scores::dead_route::RULE,
    &scores::no_fallback::RULE,
    &targets::name_not_portable::RULE,
    &targets::target_loss::RULE,
    &living::expired_waiver::RULE,
    &living::useless_waiver::RULE,
];
