//! `unused-term`: a word of the glossary that is read nowhere.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::lint::passages::{self, in_all_languages};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{Id, NodeRef, Process};

pub(crate) static RULE: Rule = Rule {
    name: "unused-term",
    family: Family::Words,
    summary: "a term that no text of the process uses and that nothing refers to",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/unused-term.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // What is still missing may use the word.
    if process.terms.is_empty() || context.any_unfinished() {
        return;
    }
    let used = used(process);
    for (id, term) in process.terms.iter().filter(|(_, term)| !term.broken) {
        if used.contains(&id.index()) {
            continue;
        }
        findings.push(
            RULE.finding(term.span, format!("no text uses the term `{}`", term.title.value))
                .reason("explained here, and read nowhere")
                .help("remove it, or say with `see [stage]` what it is about"),
        );
    }
}

/// The terms that a text of another declaration uses, that are about something, or that are named
/// as something else is.
fn used(process: &Process) -> FxHashSet<usize> {
    let mut used: FxHashSet<usize> = FxHashSet::default();
    let names: FxHashSet<&str> = passages::names(process).collect();
    let mut forms = Forms::default();
    for (id, term) in process.terms.iter() {
        let index = id.index();
        if !term.see.is_empty() || names.contains(term.name.as_str()) {
            used.insert(index);
        }
        used.extend(term.see.iter().filter_map(|node| match node {
            NodeRef::Term(other) => Some(other.index()),
            _ => None,
        }));
        forms.add(&term.name.replace('_', " "), index);
        for text in std::iter::once(&term.title).chain(term.also.iter().map(|also| &also.title)) {
            in_all_languages(text).for_each(|form| forms.add(form, index));
        }
    }
    for passage in passages::all(process) {
        let texts = passage.texts.iter().map(|(text, _)| *text);
        for text in texts.chain(passage.labels.iter().copied()) {
            for said in in_all_languages(text) {
                forms.find(said, |term| {
                    if passage.term != Some(term) {
                        used.insert(term);
                    }
                });
            }
        }
    }
    used
}

/// The first two letters of a word, or its only one.
type Start = (char, Option<char>);

/// What terms are called, by how they begin, so that a text is read once for all of them.
#[derive(Default)]
struct Forms {
    /// Of scripts with spaces: by the first word, how many words there may be.
    lengths: FxHashMap<String, BTreeSet<usize>>,
    /// By all of their words, the terms.
    words: FxHashMap<Vec<String>, Vec<usize>>,
    /// Of scripts without, where a word may stand inside of a longer one: by the first two letters,
    /// or the only one.
    letters: FxHashMap<Start, Vec<(String, usize)>>,
}

impl Forms {
    fn add(&mut self, form: &str, term: usize) {
        let form = form.trim();
        if form.chars().any(is_joined) {
            let mut letters = form.chars();
            let Some(first) = letters.next() else { return };
            let list = self.letters.entry((first, letters.next())).or_default();
            list.push((form.to_owned(), term));
        } else {
            let words: Vec<String> = split(form).collect();
            let Some(first) = words.first() else { return };
            self.lengths.entry(first.clone()).or_default().insert(words.len());
            self.words.entry(words).or_default().push(term);
        }
    }

    /// Calls `found` for every term that a text names.
    fn find(&self, said: &str, mut found: impl FnMut(usize)) {
        let words: Vec<String> = split(said).collect();
        for at in 0..words.len() {
            let Some(rest) = words.get(at..) else { continue };
            let lengths = rest.first().and_then(|first| self.lengths.get(first));
            for length in lengths.into_iter().flatten() {
                let terms = rest.get(..*length).and_then(|words| self.words.get(words));
                terms.into_iter().flatten().for_each(|term| found(*term));
            }
        }
        if self.letters.is_empty() {
            return;
        }
        for (at, first) in said.char_indices() {
            let Some(rest) = said.get(at..) else { continue };
            let second = rest.chars().nth(1);
            let single = second.is_some().then_some((first, None));
            for key in std::iter::once((first, second)).chain(single) {
                for (form, term) in self.letters.get(&key).into_iter().flatten() {
                    if rest.starts_with(form.as_str()) {
                        found(*term);
                    }
                }
            }
        }
    }
}

/// The words of a text in small letters, without their endings. Letters of scripts without spaces
/// stand between words.
fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() || is_joined(c))
        .filter(|word| !word.is_empty())
        .map(|word| stem(&word.to_lowercase()).to_owned())
}

/// The endings by which European languages inflect nouns, but for the `s` of a plural; the longer before
/// those that they end in.
const ENDINGS: [&str; 13] =
    ["ien", "ern", "ie", "en", "er", "em", "e", "n", "y", "i", "a", "o", "x"];

/// A word without its endings: `companies` and `company`, `Angebote` and `Angebot`. Two words may be
/// taken for one; then less is said.
fn stem(word: &str) -> &str {
    let is_long = |rest: &&str, least: usize| rest.chars().count() >= least;
    // First the plural, so that the same ending is left of one and of several.
    let plural = word.strip_suffix('s').filter(|rest| is_long(rest, 2) && !rest.ends_with('s'));
    let word = plural.unwrap_or(word);
    let mut shorter = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
    shorter.find(|rest| is_long(rest, 4)).unwrap_or(word)
}

/// Whether words of this letter's script stand without spaces, or with endings joined to them:
/// Chinese, Japanese, Korean, Thai and their neighbours.
fn is_joined(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0fff}' | '\u{1000}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3130}'..='\u{318f}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::Forms;

    #[test]
    fn terms_are_found_in_every_script() {
        let mut forms = Forms::default();
        for (term, form) in
            ["Qualified lead", "MQL", "引き継ぎ", "리드", "核", "Champion"].iter().enumerate()
        {
            forms.add(form, term);
        }
        let found = |text: &str| {
            let mut found = Vec::new();
            forms.find(text, |term| found.push(term));
            found
        };
        assert_eq!(found("Two qualified leads, and MQLs"), [0, 1]);
        assert_eq!(found("leads that are qualified"), [0; 0]);
        assert_eq!(found("営業に引き継ぎします"), [2]);
        assert_eq!(found("MQL을 리드로"), [1, 3]);
        assert_eq!(found("中核"), [4]);
        assert_eq!(found("our champion's view, championship"), [5]);
    }

    #[test]
    fn inflected_words_are_the_term() {
        for (term, said) in [
            ("Company", "Two companies"),
            ("Angebot", "Die Angebote prüfen, des Angebotes"),
            ("Praxis", "Praxen finden"),
            ("Kunde", "für den Kunden"),
            ("Besuch", "bei Besuchen"),
            ("SAL", "SALs"),
            ("Visite", "les visites"),
            ("Lead", "Leads"),
            ("Champion", "our champions"),
            ("Partner", "with partners"),
            ("Persona", "two personas"),
            ("Region", "in all regions"),
            ("Process", "the processes"),
            ("Analysis", "after analyses"),
            ("Kind", "mit Kindern"),
        ] {
            let mut forms = Forms::default();
            forms.add(term, 0);
            let mut is_found = false;
            forms.find(said, |_| is_found = true);
            assert!(is_found, "{term}: {said}");
        }
        let mut forms = Forms::default();
        forms.add("Pain", 0);
        let mut is_found = false;
        forms.find("in Spain, plain, painting", |_| is_found = true);
        assert!(!is_found);
    }
}
