//! `option-removed`: rows that have it fit no more.

use crate::diag::{Diagnostic, Level};
use crate::diff::rules::alike::{self, Guess};
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "option-removed",
    family: Family::Change,
    summary: "an option of an enumeration is gone",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/option-removed.md"),
    check: Check::Change(Who::Data, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(part @ Part::Option(..))) = (change.kind, change.part.old) else {
        return None;
    };
    let name = part.name(both.old);
    let message = format!("{} is gone, and rows that have it fit no more", part.said(both.old));
    let help = match alike::part(both, part) {
        Some(Guess { name: other, .. }) => {
            format!(
                "is it called `{other}` now? Then write `{other} was [{name}]`; if not, keep it until no row has it"
            )
        }
        None => format!(
            "keep it until no row has it, or write `was [{name}]` behind the option it became"
        ),
    };
    Some(RULE.finding(both.place(change), message).reason("it was here").help(help))
}
