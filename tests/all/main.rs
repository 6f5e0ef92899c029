//! One binary for every integration test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]
#![expect(clippy::disallowed_methods, reason = "tests run the program on real files")]

mod book;
mod changes;
mod cli;
mod convert;
mod counts;
mod crm_starts;
mod crm_support;
mod diff;
mod feel_support;
mod flights;
mod format;
mod grammar;
mod habits;
mod logic;
mod manifest;
mod migrate;
mod model_display;
mod mutations;
mod pairs;
mod prove;
mod real_faults;
mod render;
mod rules;
mod sema;
mod silos;
mod syntax_dsl;
mod syntax_yaml;
mod target_bpmn;
mod target_dbt;
mod target_hubspot;
mod target_json;
mod target_ledger;
mod target_pipedrive;
mod target_pipedrive_required;
mod target_salesforce;
mod target_sql;
mod verdicts;
mod verdicts_criteria;
mod verdicts_data;
mod verdicts_owners;
mod verdicts_scores;
mod verdicts_time;
mod verdicts_words;
mod view_contract;
mod waivers;
mod yaml_advice;

mod target_diagram;
mod target_dmn;
mod target_docs;
mod target_docs_starts;
mod target_site;
mod target_xstate;
