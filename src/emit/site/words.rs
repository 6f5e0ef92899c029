//! The words that only the site has, and those of the handbook that hold markup: one table a language.

pub(super) mod en;
pub(super) mod ja;
pub(super) mod ko;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::emit::site::words_of;
    use crate::emit::site::writer::SOURCES;

    #[test]
    fn every_language_has_the_same_keys_and_places() {
        let keys: Vec<&str> = en::WORDS.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        for table in [ja::WORDS, ko::WORDS] {
            assert_eq!(table.iter().map(|(key, _)| *key).collect::<Vec<_>>(), keys);
            for ((key, english), (_, text)) in en::WORDS.iter().zip(table) {
                for place in ["{0}", "{1}", "{2}", "<a ", "<strong>", "#1", "#2"] {
                    assert_eq!(english.contains(place), text.contains(place), "{key} {place}");
                }
            }
        }
    }

    #[test]
    fn no_english_is_left_in_the_other_languages() {
        let allowed = ["RACI"];
        for table in [ja::WORDS, ko::WORDS] {
            for (key, text) in table {
                let mut bare = String::new();
                let mut markup = false;
                for c in text.chars() {
                    markup = c == '<' || (markup && c != '>');
                    bare.extend((!markup).then_some(c));
                }
                allowed.iter().for_each(|word| bare = bare.replace(word, ""));
                let bare = bare
                    .replace("R · ", "")
                    .replace("A · ", "")
                    .replace("C · ", "")
                    .replace("I · ", "");
                assert!(!bare.contains(|c: char| c.is_ascii_alphabetic()), "{key}: {text}");
            }
        }
    }

    #[test]
    fn every_phrase_that_a_template_asks_for_is_there() {
        for language in ["en", "ja", "ko"] {
            let words = words_of(language);
            for (name, source) in SOURCES {
                for call in source.split("t \"").skip(1).chain(source.split("link_as \"").skip(1)) {
                    let key = call.split('"').next().unwrap_or("");
                    let arguments = vec![String::new(); 3];
                    assert!(words.get(key, &arguments).is_some(), "{name}.hbs asks for `{key}`");
                }
            }
        }
    }

    #[test]
    fn every_word_of_the_site_is_used() {
        let code = [include_str!("pages.rs"), include_str!("nav.rs"), include_str!("search.rs")];
        for (key, _) in en::WORDS {
            let asked = format!("\"{key}\"");
            let found =
                SOURCES.iter().map(|(_, source)| *source).chain(code).any(|t| t.contains(&asked));
            assert!(found, "`{key}` is unused");
        }
    }
}
