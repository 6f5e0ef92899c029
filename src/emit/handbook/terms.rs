//! The words of the glossary, found where they occur.

use rustc_hash::{FxHashMap, FxHashSet};

use super::prose::plain;
use crate::emit::view::TermView;

/// The words of a glossary and all their other names, as a tree of signs: however many they are, looking
/// at a place of a text takes as long as the word that stands there.
#[derive(Debug, Default)]
pub(in crate::emit) struct Terms {
    entries: Vec<Entry>,
    by_name: FxHashMap<String, usize>,
    /// From a place in the tree, by the next lower-case sign, to another; the root is place 0.
    steps: FxHashMap<(usize, char), usize>,
    /// By place: the term whose word ends there.
    ends: Vec<Option<usize>>,
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

    /// Adds a term with the words it goes by. Of two with the same word the first one has it.
    pub(in crate::emit) fn add(&mut self, name: &str, meaning: &str, words: &[&str]) {
        let index = self.entries.len();
        self.entries.push(Entry { name: name.to_owned(), meaning: meaning.to_owned() });
        self.by_name.entry(name.to_owned()).or_insert(index);
        if self.ends.is_empty() {
            self.ends.push(None);
        }
        for word in words {
            let mut place = 0;
            for sign in word.trim().chars().map(lower) {
                let fresh = self.ends.len();
                place = *self.steps.entry((place, sign)).or_insert(fresh);
                if place == fresh {
                    self.ends.push(None);
                }
            }
            if let Some(end) = self.ends.get_mut(place)
                && place > 0
            {
                end.get_or_insert(index);
            }
        }
    }

    fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The term that stands at this byte as a word of its own, and its length in bytes: the longest one.
    fn at(&self, text: &str, at: usize, before: char) -> Option<(usize, usize)> {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        if goes_on(before, first) || (is_hangul(first) && is_hangul(before)) {
            return None;
        }
        let (mut place, mut found) = (0, None);
        for (start, sign) in rest.char_indices() {
            let Some(next) = self.steps.get(&(place, lower(sign))) else { break };
            place = *next;
            let length = start + sign.len_utf8();
            if let Some(term) = self.ends.get(place).copied().flatten()
                && is_whole(sign, rest.get(length..).unwrap_or(""))
            {
                found = Some((term, length));
            }
        }
        found
    }
}

/// Leads words of the glossary to their meaning, each where it comes first.
pub(in crate::emit) struct Linker<'t> {
    terms: Option<&'t Terms>,
    address: &'t dyn Fn(&str) -> String,
    seen: FxHashSet<usize>,
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
        Self { terms: None, address: &|_: &str| String::new(), seen: FxHashSet::default() }
    }

    /// The word that stands at this byte, if it has not led to its meaning yet.
    pub(in crate::emit) fn at(&mut self, text: &str, at: usize, before: char) -> Option<Led<'t>> {
        let terms = self.terms?;
        let (term, length) = terms.at(text, at, before)?;
        if !self.seen.insert(term) {
            return None;
        }
        let entry = terms.entry(term)?;
        Some(Led { length, address: (self.address)(&entry.name), meaning: &entry.meaning })
    }
}

/// Whether a word that ends with `last` ends there: what follows is none of its letters, and in Korean a
/// particle at most. `리드타임` is not about a `리드`, but `리드를` is.
fn is_whole(last: char, rest: &str) -> bool {
    let Some(next) = rest.chars().next() else { return true };
    if is_hangul(last) && is_hangul(next) {
        let end = rest.find(|c| !is_hangul(c)).unwrap_or(rest.len());
        return is_particle(rest.get(..end).unwrap_or(""));
    }
    !goes_on(last, next)
}

/// Whether two signs beside each other belong to one word, as far as the signs tell: letters of scripts in
/// which words end at spaces, and Katakana. Korean particles and Japanese text follow a word without a space.
fn goes_on(sign: char, next: char) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && u32::from(c) < 0x1100;
    let is_katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    (is_letter(sign) && is_letter(next)) || (is_katakana(sign) && is_katakana(next))
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣')
}

/// What follows a Korean noun without a space: a particle, several of them, or a form of `이다`; before
/// them perhaps the plural.
fn is_particle(end: &str) -> bool {
    let end = end.strip_prefix('들').unwrap_or(end);
    end.is_empty() || PARTICLES.binary_search(&end).is_ok()
}

/// Sorted.
const PARTICLES: &[&str] = &[
    "가",
    "같은",
    "같이",
    "고",
    "과",
    "과는",
    "과의",
    "까지",
    "까지는",
    "까지의",
    "나",
    "는",
    "다",
    "대로",
    "도",
    "라고",
    "라는",
    "라도",
    "라면",
    "란",
    "로",
    "로는",
    "로부터",
    "로서",
    "로써",
    "를",
    "마다",
    "만",
    "만은",
    "만을",
    "만의",
    "만이",
    "며",
    "면",
    "밖에",
    "보다",
    "부터",
    "부터는",
    "뿐",
    "에",
    "에게",
    "에게는",
    "에게서",
    "에는",
    "에도",
    "에만",
    "에서",
    "에서는",
    "에서도",
    "에서의",
    "와",
    "와는",
    "와의",
    "으로",
    "으로는",
    "으로만",
    "으로부터",
    "으로서",
    "으로써",
    "은",
    "을",
    "의",
    "이",
    "이고",
    "이나",
    "이다",
    "이라고",
    "이라는",
    "이라도",
    "이라면",
    "이란",
    "이며",
    "이면",
    "이자",
    "인",
    "인가",
    "인데",
    "인지",
    "일",
    "입니다",
    "처럼",
    "하고",
    "한테",
];

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let mut terms = Terms::default();
        for word in words {
            terms.add(word, "", &[word]);
        }
        let mut linker = Linker::new(&terms, &|name| name.to_owned(), None);
        let mut before = ' ';
        let mut found = Vec::new();
        let mut skip = 0;
        for (at, sign) in text.char_indices() {
            if at >= skip
                && let Some(led) = linker.at(text, at, before)
            {
                skip = at + led.length;
                found.push(format!("{}: {}", led.address, text.get(at..skip).unwrap_or_default()));
            }
            before = sign;
        }
        found
    }

    #[test]
    fn the_longest_word_that_is_whole_is_found_once() {
        let words = ["lead", "lead time", "Lead"];
        assert_eq!(
            found(&words, "leads, a Lead, the lead time, lead"),
            ["lead: Lead", "lead time: lead time"]
        );
        assert_eq!(found(&["sal", "sales"], "salesman sal"), ["sal: sal"]);
        assert_eq!(found(&["lead"], "mislead"), [""; 0]);
    }

    #[test]
    fn particles_follow_korean_words_and_other_words_do_not() {
        assert!(PARTICLES.is_sorted());
        for whole in ["리드", "리드를 본다", "리드들에게", "리드입니다.", "새 리드,", "리드(신규)"]
        {
            assert_eq!(found(&["리드"], whole).len(), 1, "{whole}");
        }
        for part in ["리드타임", "리드하다", "신규리드", "브리드"] {
            assert_eq!(found(&["리드"], part).len(), 0, "{part}");
        }
        // The longer one is a word where the shorter one is not.
        assert_eq!(found(&["리드", "리드타임"], "리드타임은"), ["리드타임: 리드타임"]);
    }

    #[test]
    fn japanese_words_end_where_the_script_does() {
        assert_eq!(found(&["リード"], "新しいリードを").len(), 1);
        assert_eq!(found(&["リード"], "リードタイムを").len(), 0);
        assert_eq!(found(&["商談"], "この商談が").len(), 1);
    }
}
