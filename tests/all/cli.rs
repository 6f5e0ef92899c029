//! The program as people run it: real processes, real folders, exit codes.

mod bad_input;
mod build;
mod ci;
mod diff;
mod drift;
mod embed;
mod formats;
mod history;
mod import;
mod import_bpmn;
mod import_pipedrive;
mod import_salesforce;
mod living;
mod migrate;
mod mistakes;
mod rewrite;
mod sandbox;
mod snapshot;
mod targets;
mod template;
mod verbs;
mod what_if;
mod why;
