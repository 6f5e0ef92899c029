//! The words of the glossary, found where they occur.

use rustc_hash::FxHashMap;

use super::prose::plain;
use crate::emit::view::TermView;

/// The words of a glossary and all their other names, by their first sign.
#[derive(Debug, Default)]
pub(in crate::emit) struct Terms {
    entries: Vec<Entry>,
    /// Lower-case words by their first sign, the longest first.
    words: FxHashMap<char, Vec<(Vec<char>, usize)>>,
}

/// A word that has a place in the glossary.
#[derive(Debug)]
struct Entry {
    name: String,
    /// Its meaning in one paragraph of plain words.
    meaning: String,
}

impl Terms {
    pub(in crate::emit) fn of(terms: &[TermView<'_>]) -> Self {
        let mut all = Self::default();
        for term in terms {
            let meaning = term.means.map_or_else(String::new, plain);
            let mut words = vec![term.title];
            words.extend(&term.also);
            all.add(term.name, &meaning, &words);
        }
        all
    }

    /// Adds a term with the words it goes by.
    pub(in crate::emit) fn add(&mut self, name: &str, meaning: &str, words: &[&str]) {
        let index = self.entries.len();
        self.entries.push(Entry { name: name.to_owned(), meaning: meaning.to_owned() });
        for word in words {
            let word: Vec<char> = word.trim().chars().map(lower).collect();
            let Some(first) = word.first() else { continue };
            let list = self.words.entry(*first).or_default();
            let at = list.partition_point(|(known, _)| known.len() >= word.len());
            list.insert(at, (word, index));
        }
    }

    fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name == name)
    }

    /// The term that stands at this byte as a word of its own, and its length in bytes.
    fn at(&self, text: &str, at: usize, before: char) -> Option<(usize, usize)> {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        if (is_letter(first) && is_letter(before)) || (is_hangul(first) && is_hangul(before)) {
            return None;
        }
        let candidates = self.words.get(&lower(first))?;
        candidates.iter().find_map(|(word, term)| {
            let mut length = 0;
            let mut signs = rest.chars();
            for wanted in word {
                let sign = signs.next().filter(|sign| lower(*sign) == *wanted)?;
                length += sign.len_utf8();
            }
            let last = rest.get(..length)?.chars().last()?;
            let goes_on = signs.next().is_some_and(|next| is_letter(last) && is_letter(next));
            (!goes_on).then_some((*term, length))
        })
    }
}

/// Leads words of the glossary to their meaning, each where it comes first.
pub(in crate::emit) struct Linker<'t> {
    terms: Option<&'t Terms>,
    address: &'t dyn Fn(&str) -> String,
    seen: Vec<usize>,
}

/// A word that leads to its meaning.
pub(in crate::emit) struct Led<'t> {
    /// Its length in bytes.
    pub(in crate::emit) length: usize,
    pub(in crate::emit) address: String,
    /// Empty when the glossary does not say it.
    pub(in crate::emit) meaning: &'t str,
}

impl<'t> Linker<'t> {
    /// `address` gives the place of a term by its name. `except` is the term that the text itself
    /// explains.
    pub(in crate::emit) fn new(
        terms: &'t Terms,
        address: &'t dyn Fn(&str) -> String,
        except: Option<&str>,
    ) -> Self {
        let seen = except.and_then(|name| terms.index(name)).into_iter().collect();
        Self { terms: Some(terms), address, seen }
    }

    /// One that leads nowhere.
    pub(in crate::emit) fn none() -> Self {
        Self { terms: None, address: &|_: &str| String::new(), seen: Vec::new() }
    }

    /// The word that stands at this byte, if it has not led to its meaning yet.
    pub(in crate::emit) fn at(&mut self, text: &str, at: usize, before: char) -> Option<Led<'t>> {
        let terms = self.terms?;
        let (term, length) = terms.at(text, at, before)?;
        if self.seen.contains(&term) {
            return None;
        }
        self.seen.push(term);
        let entry = terms.entry(term)?;
        Some(Led { length, address: (self.address)(&entry.name), meaning: &entry.meaning })
    }
}

/// A letter of a script in which words end at spaces and never take endings written onto them.
/// Korean particles and Japanese text follow a word without a space.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && u32::from(c) < 0x1100
}

/// In the middle of a Korean word no other one begins.
fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣')
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
