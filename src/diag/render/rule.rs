//! What renderers need to know about a rule, beyond the name that a finding bears.

use crate::diag::Level;

/// A rule as a report describes it. Findings know the names of their rules alone, because `diag`
/// lies beneath the rules; who renders a report looks the rest up.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// The family it is listed under.
    pub family: &'static str,
    /// What it finds, on one line.
    pub summary: &'static str,
    /// The level of its findings when nothing is configured.
    pub level: Level,
    /// Its page, Markdown.
    pub page: &'static str,
}

/// Looks a rule up by its name.
pub type RuleLookup<'a> = &'a dyn Fn(&str) -> Option<RuleInfo>;
