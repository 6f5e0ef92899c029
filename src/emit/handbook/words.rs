//! The words of the handbook, whatever it is written in: one table a language.

mod en;
mod ja;
mod ko;

use rustc_hash::FxHashMap;

use crate::emit::sentence::primary_subtag;

/// Keys and texts; `{0}` and `{1}` are replaced.
pub(in crate::emit) type Table = &'static [(&'static str, &'static str)];

/// The table of a language out of those in English, Japanese and Korean.
fn pick(language: &str, [en, ja, ko]: [Table; 3]) -> Table {
    match primary_subtag(language).to_ascii_lowercase().as_str() {
        "ko" => ko,
        "ja" => ja,
        _ => en,
    }
}

/// The words of one language.
#[derive(Debug)]
pub(in crate::emit) struct Words {
    words: FxHashMap<&'static str, &'static str>,
}

impl Words {
    /// The words for a language tag; English for a language that has no table.
    pub(in crate::emit) fn of(language: &str) -> Self {
        Self { words: pick(language, [en::WORDS, ja::WORDS, ko::WORDS]).iter().copied().collect() }
    }

    /// The same words and those of one more set of tables, in the order English, Japanese, Korean,
    /// which may say some of them anew.
    pub(in crate::emit) fn with(language: &str, tables: [Table; 3]) -> Self {
        let mut words = Self::of(language);
        words.words.extend(pick(language, tables).iter().copied());
        words
    }

    /// A word or phrase with its places filled, if there is one of this key with no more places.
    pub(in crate::emit) fn get(&self, key: &str, arguments: &[String]) -> Option<String> {
        let mut rest = *self.words.get(key)?;
        let mut text = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (place, after) = after.split_once('}')?;
            let argument = place.parse::<usize>().ok().and_then(|index| arguments.get(index));
            text.push_str(argument?);
            rest = after;
        }
        text.push_str(rest);
        Some(text)
    }

    /// How people call a language in that language itself.
    pub(in crate::emit) fn language_name(language: &str) -> String {
        let known =
            matches!(primary_subtag(language).to_ascii_lowercase().as_str(), "en" | "ko" | "ja");
        let name = Self::of(language).get("language_name", &[]).filter(|_| known);
        name.unwrap_or_else(|| language.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(table: &[(&'static str, &str)]) -> Vec<&'static str> {
        table.iter().map(|(key, _)| *key).collect()
    }

    #[test]
    fn every_language_has_the_same_keys_each_once() {
        let english = keys(en::WORDS);
        let distinct: BTreeSet<_> = english.iter().collect();
        assert_eq!(distinct.len(), english.len());
        assert_eq!(keys(ko::WORDS), english);
        assert_eq!(keys(ja::WORDS), english);
    }

    /// Every phrase a template asks for by name, and those that helpers and values ask for.
    #[test]
    fn templates_and_words_fit_each_other() {
        let known: BTreeSet<&str> = keys(en::WORDS).into_iter().collect();
        let mut asked = BTreeSet::new();
        let mut prefixes = vec!["type_"];
        for (name, source) in crate::emit::docs::SOURCES {
            for tag in ["t \"", "label \"", "link_as \""] {
                for call in source.split(tag).skip(1) {
                    let key = call.split('"').next().unwrap_or("");
                    assert!(known.contains(key), "{name}.hbs asks for `{key}`");
                    asked.insert(key);
                }
            }
            let families = source.split("t_of \"").skip(1);
            prefixes.extend(families.filter_map(|call| call.split('"').next()));
        }
        let helpers = [
            "language_name",
            "list_separator",
            "strong_separator",
            "label",
            "parenthesis",
            "quoted",
            "at_most_once",
            "at_most_times",
            "version_named",
            "version_before",
        ];
        // A quiz is made and told in code.
        let told = include_str!("quiz/tell.rs");
        for key in known {
            let family = prefixes.iter().any(|prefix| key.starts_with(prefix));
            let found = helpers.contains(&key) || told.contains(&format!("\"{key}\""));
            assert!(asked.contains(key) || found || family, "`{key}` is unused");
        }
    }

    #[test]
    fn every_value_has_its_word() {
        use crate::model::{Category, Forecast, Outcome, TransitionKind};
        let words = Words::of("en");
        let forecasts = [
            Forecast::Omitted,
            Forecast::Pipeline,
            Forecast::BestCase,
            Forecast::MostLikely,
            Forecast::Commit,
            Forecast::Closed,
        ];
        let kinds = [TransitionKind::Advance, TransitionKind::Recycle, TransitionKind::Lose];
        let keys = forecasts
            .map(|forecast| format!("forecast_{}", forecast.word()))
            .into_iter()
            .chain(
                [Outcome::Won, Outcome::Lost, Outcome::Void]
                    .map(|o| format!("outcome_{}", o.word())),
            )
            .chain(kinds.map(|kind| format!("kind_{}", kind.word())))
            .chain(["kind_start".to_owned()])
            .chain([Category::Fit, Category::Behavior].map(|c| format!("category_{}", c.word())));
        for key in keys {
            assert!(words.get(&key, &[]).is_some(), "{key}");
        }
    }

    #[test]
    fn every_language_fills_the_same_places() {
        for table in [ko::WORDS, ja::WORDS] {
            for ((key, english), (_, text)) in en::WORDS.iter().zip(table) {
                for place in ["{0}", "{1}"] {
                    assert_eq!(english.contains(place), text.contains(place), "{key} {place}");
                }
            }
        }
    }

    #[test]
    fn no_english_is_left_in_the_other_languages() {
        for table in [ko::WORDS, ja::WORDS] {
            for (key, text) in table {
                // The letters of RACI are what people everywhere call it, and so are those of CSV.
                let raci = ["RACI", "R · ", "A · ", "C · ", "I · ", "CSV"];
                let bare = raci.iter().fold(text.to_string(), |text, word| text.replace(word, ""));
                assert!(!bare.contains(|c: char| c.is_ascii_alphabetic()), "{key}: {text}");
                assert!(!text.trim().is_empty(), "{key}");
            }
        }
        let hangul = |c: char| matches!(c, '가'..='힣');
        let kana_or_kanji = |c: char| matches!(c, 'ぁ'..='ヿ' | '一'..='龯');
        let signs = [
            "list_separator",
            "strong_separator",
            "label",
            "parenthesis",
            "quoted",
            "titled",
            "applies",
            "day_range",
        ];
        for (key, text) in ko::WORDS.iter().filter(|(key, _)| !signs.contains(key)) {
            assert!(text.contains(hangul), "{key}");
            assert!(!text.contains(kana_or_kanji), "{key}");
        }
        for (key, text) in ja::WORDS.iter().filter(|(key, _)| !signs.contains(key)) {
            assert!(text.contains(kana_or_kanji) && !text.contains(hangul), "{key}");
        }
    }
}
