//! What changes for whom, in one language.

use crate::diff::{Aspect, Change, Difference, Fact, Part, Who};
use crate::emit::sentence::{Sentences, in_language};
use crate::model::{Origin, Owner, Process, StageId};

use super::super::say::facts;
use super::words::{self, What, Words};
use super::{called, inline};

/// A role is told no more than this; the rest is counted.
const MOST: usize = 25;

/// A block for each team and role that works with something that has changed, and one for all.
pub(super) fn section(difference: &Difference<'_>, language: &str) -> String {
    let process = difference.new;
    let words = words::of(language);
    let told: Vec<&Change<'_>> =
        difference.changes.iter().filter(|change| change.who != Who::Nobody).collect();
    let mut blocks = String::new();
    for (team, _) in process.teams.iter() {
        let roles = process.teams[team].roles.iter().map(|role| Owner::Role(*role));
        for owner in std::iter::once(Owner::Team(team)).chain(roles) {
            let title = in_language(process.owner_name(owner).1, language);
            let all = told.iter().filter(|change| change.concerns.contains(&owner));
            let lines: Vec<String> =
                all.map(|change| for_owner(difference, change, owner, words, language)).collect();
            block(&mut blocks, title, &lines, words);
        }
    }
    let everybody = told.iter().filter(|change| change.concerns.is_empty());
    let lines: Vec<String> =
        everybody.map(|change| sentence(difference, change, words, language)).collect();
    block(&mut blocks, words.everybody(), &lines, words);
    if blocks.is_empty() { blocks } else { format!("### {}\n{blocks}", words.for_you()) }
}

fn block(out: &mut String, title: &str, lines: &[String], words: &dyn Words) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n**{}**\n\n", inline(title)));
    for line in lines.iter().take(MOST) {
        out.push_str(&format!("* {line}\n"));
    }
    if lines.len() > MOST {
        out.push_str(&format!("* {}\n", words.more(lines.len() - MOST)));
    }
}

/// A change as one owner sees it: who owns a stage now and who did are told other things.
fn for_owner(
    difference: &Difference<'_>,
    change: &Change<'_>,
    owner: Owner,
    words: &dyn Words,
    language: &str,
) -> String {
    let is_owner = change.aspect == Aspect::Of("owner");
    let (Some(Part::Stage(id)), true) = (change.part.new, is_owner) else {
        return sentence(difference, change, words, language);
    };
    let title = inline(in_language(&difference.new.stages[id].title, language));
    let named = |fact: &Option<Fact<'_>>, process: &Process| match fact {
        Some(Fact::Owner(owner)) => {
            Some(inline(in_language(process.owner_name(*owner).1, language)))
        }
        _ => None,
    };
    let (was, now) = (named(&change.old, difference.old), named(&change.new, difference.new));
    match &change.new {
        Some(Fact::Owner(new)) if *new == owner => words.takes_over(&title, was.as_deref()),
        _ if matches!(&change.old, Some(Fact::Owner(old))
            if difference.old.owner_name(*old).0 == difference.new.owner_name(owner).0) =>
        {
            words.hands_over(&title, now.as_deref())
        }
        _ => sentence(difference, change, words, language),
    }
}

/// A change in one sentence of a language.
fn sentence(
    difference: &Difference<'_>,
    change: &Change<'_>,
    words: &dyn Words,
    language: &str,
) -> String {
    let process = if change.part.new.is_some() { difference.new } else { difference.old };
    let part = change.part.new.or(change.part.old);
    let title = called(difference, change, language).map(str::to_owned);
    let title = title.or_else(|| ends(process, part?, language));
    let title =
        title.unwrap_or_else(|| change.said(difference.old, difference.new).replace('`', ""));
    let listed = facts(difference, change).of_list;
    let say = |fact: &Option<Fact<'_>>, process: &Process| {
        fact.as_ref().map(|fact| inline(&in_words(fact, process, language)))
    };
    let what = What {
        part: part.map_or("process", |part| part.word(process)),
        title: inline(&title),
        stage: stage_of(difference, change, language).map(inline),
        aspect: change.aspect.word(),
        kind: change.kind,
        old: say(&change.old, difference.old),
        new: say(&change.new, difference.new),
        of_list: listed,
    };
    let told = words.sentence(&what);
    // Stories are told in English only.
    match change.reason.as_ref().filter(|_| words.tells_stories()) {
        Some(reason) => format!("{told}  \n  {}", inline(reason)),
        None => told,
    }
}

/// A move without a title, by the titles of its stages.
fn ends(process: &Process, part: Part, language: &str) -> Option<String> {
    let Part::Move(id) = part else { return None };
    let transition = &process.transitions[id];
    let title = |stage: StageId| in_language(&process.stages[stage].title, language);
    let from = match transition.origin {
        Origin::AnyOpen => "…",
        _ => title(transition.from),
    };
    Some(format!("{from} → {}", title(transition.to)))
}

/// The stage that a criterion belongs to.
fn stage_of<'p>(
    difference: &'p Difference<'_>,
    change: &Change<'_>,
    language: &str,
) -> Option<&'p str> {
    let (part, process) = match (change.part.new, change.part.old) {
        (Some(part), _) => (part, difference.new),
        (None, Some(part)) => (part, difference.old),
        (None, None) => return None,
    };
    let stage = match part {
        Part::Criterion(id) => process.criteria[id].stage,
        _ => return None,
    };
    Some(in_language(&process.stages[stage].title, language))
}

/// A fact as people say it.
fn in_words(fact: &Fact<'_>, process: &Process, language: &str) -> String {
    let sentences = Sentences::new(process, language);
    match fact {
        Fact::Text(text) => format!("“{}”", in_language(text, language)),
        Fact::Condition(expr) => sentences.sentence(expr),
        Fact::Criterion(expr, None) => sentences.sentence(expr),
        Fact::Criterion(expr, Some(only)) => {
            format!("{} ({})", sentences.sentence(expr), sentences.condition(only))
        }
        Fact::Duration(duration) => sentences.duration(*duration),
        Fact::Clock(clock) => sentences.clock(clock),
        Fact::Every(every) => sentences.every(*every),
        Fact::Value(value) => sentences.value(value),
        Fact::Owner(owner) => in_language(process.owner_name(*owner).1, language).to_owned(),
        Fact::Measure(measure) => sentences.measure(measure),
        Fact::Target(target) => sentences.target(target),
        Fact::Name(_) | Fact::Names(_) | Fact::Plain(_) | Fact::Translations(_) => {
            fact.source(process)
        }
    }
}
