//! `undefined-term`: an abbreviation that people read and nothing explains.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::render::counted;
use crate::diag::{Diagnostic, Level};
use crate::lint::abbreviations::is_common;
use crate::lint::passages::{self, Passage, Use, in_all_languages};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::Text;
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "undefined-term",
    family: Family::Words,
    summary: "an abbreviation in a text that no term, name or title explains, where there is a glossary",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/undefined-term.md"),
    check: Check::Process(check),
};

/// A process with fewer terms has no glossary to be complete.
const FEWEST_TERMS: usize = 3;
/// Letters of an abbreviation; longer words in capitals are there to be heard.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=6;
/// Words between an abbreviation and what it stands for: `…, called ACV for short`.
const BETWEEN: usize = 3;
/// Words on each side that are looked at: as many as there are letters, small ones among them.
const REACH: usize = 14;
/// Words that initials pass over: `Return on investment`.
const SMALL: [&str; 12] =
    ["a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "the", "to"];

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.terms.len() < FEWEST_TERMS || process.draft || process.broken {
        return;
    }
    let passages = passages::all(process);
    let mut known = Known::default();
    for name in passages::names(process).chain(process.terms.values().map(|t| t.name.as_str())) {
        known.name(name);
    }
    for passage in &passages {
        known.passage(passage);
    }
    let mut uses: FxHashMap<&str, (Span, usize)> = FxHashMap::default();
    for passage in passages.iter().filter(|passage| !passage.unfinished) {
        for (text, of) in &passage.texts {
            if *of == Use::Prose {
                count(text, &mut uses);
            }
        }
    }
    let mut unknown: Vec<(&str, Span, usize)> = uses
        .into_iter()
        .filter(|(word, _)| !is_common(word) && !known.explains(word))
        .map(|(word, (first, count))| (word, first, count))
        .collect();
    unknown.sort_by_key(|(word, first, _)| (first.key(), *word));
    for (word, first, count) in unknown {
        let texts = counted(count, "text");
        let message = format!("`{word}` stands in {texts} and is explained nowhere");
        let name = word.to_ascii_lowercase();
        findings.push(RULE.finding(first, message).help(format!(
            "add `term {name} \"{word}\" {{ means \"…\" }}`, or write out what it stands for"
        )));
    }
}

/// Counts the texts that use each abbreviation, and remembers the first.
fn count<'a>(text: &'a Text, uses: &mut FxHashMap<&'a str, (Span, usize)>) {
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for said in in_all_languages(text) {
        // A text without a small letter is no prose.
        if said.chars().any(|c| c.is_alphabetic() && !c.is_uppercase()) {
            seen.extend(abbreviations(said));
        }
    }
    for word in seen {
        let (first, count) = uses.entry(word).or_insert((text.span, 0));
        if text.span.key() < first.key() {
            *first = text.span;
        }
        *count += 1;
    }
}

/// What people can know a word from.
#[derive(Default)]
struct Known {
    explained: FxHashSet<String>,
    /// Words that are also written with small letters: in capitals they are stressed.
    ordinary: FxHashSet<String>,
}

impl Known {
    fn explains(&self, word: &str) -> bool {
        self.explained.contains(word) || self.ordinary.contains(word)
    }

    /// `sdr` is explained by the role of that name, `icp_fit` explains ICP well enough.
    fn name(&mut self, name: &str) {
        self.explained.insert(name.to_ascii_uppercase());
        self.explained.extend(name.split('_').map(str::to_ascii_uppercase));
    }

    fn passage(&mut self, passage: &Passage<'_>) {
        let names = passage.texts.iter().filter(|(_, of)| *of == Use::Name).map(|(text, _)| *text);
        for text in names.chain(passage.labels.iter().copied()) {
            for said in in_all_languages(text) {
                self.explained.extend(words(said).map(|word| bare(word.text).to_owned()));
                self.initials(said);
            }
        }
        for (text, _) in &passage.texts {
            for said in in_all_languages(text) {
                self.prose(said);
            }
        }
    }

    /// `Marketing-qualified lead` explains MQL, `Return on investment` ROI and RI.
    fn initials(&mut self, title: &str) {
        self.explained.extend(initials(title));
    }

    fn prose(&mut self, said: &str) {
        // "Annual contract value, ACV for short": the words stand beside it.
        for sentence in sentences(said) {
            let words: Vec<&str> = spoken(sentence).collect();
            let spelled = words.iter().enumerate().filter(|(at, word)| {
                let word = bare(word);
                LETTERS.contains(&word.len()) && is_capital(word) && is_beside(&words, *at, word)
            });
            self.explained.extend(spelled.map(|(_, word)| bare(word).to_owned()));
        }
        // "A proof of concept is agreed. The POC takes two weeks": three letters are no accident.
        let long = words(said)
            .map(|word| bare(word.text))
            .filter(|word| word.len() > 2 && LETTERS.contains(&word.len()) && is_capital(word));
        let long: FxHashSet<&str> = long.collect();
        if !long.is_empty() {
            for sentence in sentences(said) {
                let [all, large] = initials(sentence);
                let spelled =
                    long.iter().filter(|word| all.contains(**word) || large.contains(**word));
                self.explained.extend(spelled.map(|word| (*word).to_owned()));
            }
        }
        for word in words(said) {
            if word.text.chars().any(|c| c.is_ascii_lowercase()) && !is_capital(bare(word.text)) {
                self.ordinary.insert(word.text.to_ascii_uppercase());
            } else if word.before == Some('(') || word.before == Some('（') || word.is_told(said) {
                self.explained.insert(bare(word.text).to_owned());
            }
        }
    }
}

/// The initials of a text in capitals: of all words, and of those that are not small.
fn initials(said: &str) -> [String; 2] {
    [initials_of(spoken(said)), initials_of(spoken(said).filter(|word| !SMALL.contains(word)))]
}

/// The words of a text in any script.
fn spoken(said: &str) -> impl Iterator<Item = &str> {
    said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The sentences of a text: words of two explain nothing together.
fn sentences(said: &str) -> impl Iterator<Item = &str> {
    said.split(['\n', '!', '?', '。', '！', '？'])
        .flat_map(full_stops)
        .filter(|sentence| !sentence.trim().is_empty())
}

/// The parts between full stops. One behind a single letter, as in `e.g.`, ends nothing.
fn full_stops(part: &str) -> Vec<&str> {
    let (mut all, mut start) = (Vec::new(), 0);
    for (at, stop) in part.match_indices(". ") {
        let head = part.get(..at).unwrap_or("");
        let word = head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        if word.chars().count() > 1 {
            all.extend(part.get(start..at));
            start = at + stop.len();
        }
    }
    all.extend(part.get(start..));
    all
}

/// Whether the initials of the words right before or behind an abbreviation are its letters:
/// `annual contract value, or ACV`. Up to [`BETWEEN`] words may stand between.
fn is_beside(words: &[&str], at: usize, abbreviation: &str) -> bool {
    let before: Vec<&str> = words.iter().take(at).rev().take(REACH).copied().collect();
    let behind: Vec<&str> = words.iter().skip(at + 1).take(REACH).copied().collect();
    let backwards: String = abbreviation.chars().rev().collect();
    let starts = |run: &[&str], letters: &str| {
        (0..=BETWEEN.min(run.len())).any(|gap| {
            let run = run.get(gap..).unwrap_or(&[]).iter().copied();
            initials_of(run.clone()).starts_with(letters)
                || initials_of(run.filter(|word| !SMALL.contains(word))).starts_with(letters)
        })
    };
    starts(&before, &backwards) || starts(&behind, abbreviation)
}

fn initials_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// A run of letters and digits of ASCII.
struct Word<'a> {
    text: &'a str,
    end: usize,
    before: Option<char>,
    after: Option<char>,
    in_code: bool,
}

impl Word<'_> {
    /// `ICP (ideal customer profile)`, `ICP = ideal customer profile`
    fn is_told(&self, said: &str) -> bool {
        let rest = said.get(self.end..).unwrap_or("").trim_start();
        rest.starts_with(['(', '（', '='])
    }
}

fn words(said: &str) -> impl Iterator<Item = Word<'_>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut at = 0;
    let mut in_code = false;
    std::iter::from_fn(move || {
        let rest = said.get(at..)?;
        let start = at + rest.find(is_part)?;
        let gap = said.get(at..start).unwrap_or("");
        // Code is what stands between two rows of backticks.
        in_code ^= gap.chars().filter(|c| *c == '`').count() % 2 == 1;
        let before = said.get(..start).and_then(|head| head.chars().next_back());
        let rest = said.get(start..).unwrap_or("");
        let end = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let after = said.get(end..).and_then(|tail| tail.chars().next());
        at = end;
        Some(Word { text: said.get(start..end).unwrap_or(""), end, before, after, in_code })
    })
}

/// `MQLs` is more than one MQL.
fn bare(word: &str) -> &str {
    word.strip_suffix('s').filter(|bare| bare.len() > 1 && is_capital(bare)).unwrap_or(word)
}

fn is_capital(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase())
}

/// The abbreviations in a text: not parts of names, addresses and code, and not one of several words
/// in capitals.
fn abbreviations(said: &str) -> impl Iterator<Item = &str> {
    let mut words = words(said).peekable();
    let mut loud_before: Option<usize> = None;
    let mut part_before: Option<usize> = None;
    std::iter::from_fn(move || {
        loop {
            let word = words.next()?;
            let text = bare(word.text);
            let capital = is_capital(text) && text.len() > 1;
            let next = words.peek();
            let joins = |from: usize, to: usize| said.get(from..to) == Some(" ");
            let start = word.end - word.text.len();
            let after_loud = loud_before.is_some_and(|end| joins(end, start));
            let before_loud = next.is_some_and(|next| {
                is_capital(next.text)
                    && next.text.len() > 1
                    && joins(word.end, next.end - next.text.len())
            });
            loud_before = capital.then_some(word.end);
            let next_at_once = next.is_some_and(|next| word.end + 1 == next.end - next.text.len());
            // `X-ray` and `XR-2000` are names of things; `SQL-Quote` is a word with an abbreviation in it.
            let is_part = |text: &str| text.len() == 1 || text.bytes().all(|b| b.is_ascii_digit());
            let of_model = next_at_once
                && word.after == Some('-')
                && next.is_some_and(|next| is_part(next.text))
                || part_before.is_some_and(|end| said.get(end..start) == Some("-"));
            part_before = is_part(word.text).then_some(word.end);
            let in_name = of_model
                || matches!(word.after, Some('.' | '/' | '@' | ':')) && next_at_once
                || matches!(word.after, Some('&' | '\'' | '’' | '}' | '>'))
                || matches!(
                    word.before,
                    Some('.' | '/' | '@' | '&' | '#' | '$' | '{' | '<' | '%' | '\'' | '’')
                );
            let alone = !after_loud && !before_loud && !in_name && !word.in_code;
            if capital && LETTERS.contains(&text.len()) && alone {
                return Some(text);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::abbreviations;

    fn found(text: &str) -> Vec<&str> {
        abbreviations(text).collect()
    }

    #[test]
    fn abbreviations_are_told_from_names_code_and_loud_words() {
        assert_eq!(found("The MQL goes to the SDR, then ICPs."), ["MQL", "SDR", "ICP"]);
        assert_eq!(found("MQL을 SDR이 본다。SQLとBANTを確認"), ["MQL", "SDR", "SQL", "BANT"]);
        assert_eq!(found("DO NOT CALL, read README.md, see `ICP` and $NAME, AT&T"), [""; 0]);
        assert_eq!(found("B2B Q1 MQL_2 x@ABC.com {NAME} COMPETITORS"), [""; 0]);
        assert_eq!(found("ICP/BANT. SAL's"), [""; 0]);
        assert_eq!(found("X-RAY, model XR-2000, 3-ABC"), [""; 0]);
        assert_eq!(found("SQL-Quote und MQL-based"), ["SQL", "MQL"]);
        assert_eq!(found("(MEDDIC) and ICP."), ["MEDDIC", "ICP"]);
    }
}
