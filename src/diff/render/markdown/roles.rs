//! What changes for whom, in one language.

use crate::diff::{Change, Difference, Who};
use crate::emit::sentence::in_language;
use crate::model::Owner;

use super::super::tell::{Teller, Told};
use super::inline;

/// A role is told no more than this, or less where there is less room; the rest is counted.
pub(super) const MOST: [usize; 4] = [25, 10, 4, 1];

/// A block for each team and role that works with something that has changed, and one for all.
pub(super) fn section(difference: &Difference<'_>, language: &str, most: usize) -> String {
    let process = difference.new;
    let teller = Teller::new(difference, language, inline);
    let told: Vec<&Change<'_>> = difference
        .told()
        .filter(|change| change.who != Who::Nobody && teller.is_seen(change))
        .collect();
    let mut blocks = String::new();
    for (team, _) in process.teams.iter() {
        let roles = process.teams[team].roles.iter().map(|role| Owner::Role(*role));
        for owner in std::iter::once(Owner::Team(team)).chain(roles) {
            let title = in_language(process.owner_name(owner).1, language);
            let all: Vec<&Change<'_>> =
                told.iter().copied().filter(|change| change.concerns.contains(&owner)).collect();
            let lines: Vec<String> = teller.all(&all, Some(owner)).iter().map(line).collect();
            block(&mut blocks, title, &lines, most, &teller);
        }
    }
    let everybody: Vec<&Change<'_>> =
        told.iter().copied().filter(|change| change.concerns.is_empty()).collect();
    let lines: Vec<String> = teller.all(&everybody, None).iter().map(line).collect();
    block(&mut blocks, teller.everybody(), &lines, most, &teller);
    if blocks.is_empty() { blocks } else { format!("### {}\n{blocks}", teller.for_you()) }
}

fn line(told: &Told) -> String {
    match &told.reason {
        Some(reason) => format!("{}  \n  {reason}", told.whole()),
        None => told.whole(),
    }
}

fn block(out: &mut String, title: &str, lines: &[String], most: usize, teller: &Teller<'_, '_>) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n**{}**\n\n", inline(title)));
    for line in lines.iter().take(most) {
        out.push_str(&format!("* {line}\n"));
    }
    if lines.len() > most {
        out.push_str(&format!("* {}\n", teller.more(lines.len() - most)));
    }
}
