//! `ekiden explain`

use clap::Args;

use super::screen::Screen;
use super::{Exit, Failure};
use crate::lint;

const AFTER: &str = "\
Examples:
  ekiden explain silent-handoff
  ekiden explain dead-end | less

`ekiden rules` lists every rule.";

/// Print the page of a rule: what it finds, why that matters, how to mend it
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Explain {
    /// The rule, as it stands in brackets in a finding
    rule: String,
}

impl Explain {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let name = self.rule.trim_matches(['[', ']', '`']);
        let Some(rule) = lint::explain(name) else {
            let failure = Failure::new(format!("there is no rule `{name}`"));
            return Err(failure.help(match lint::suggest(name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`ekiden rules` lists them all".to_owned(),
            }));
        };
        screen.data(rule.page);
        if !rule.page.ends_with('\n') {
            screen.data("\n");
        }
        Ok(Exit::Clean)
    }
}
