//! Names from titles: ASCII, stable, each once.

use rustc_hash::FxHashSet;

/// The longest name that is made.
const LONGEST: usize = 48;

/// Words with a meaning of their own where a name may stand. Most are allowed as names; a reader
/// is spared to find out which.
const WORDS: &[&str] = &[
    "accept", "active", "advance", "after", "and", "any", "at", "before", "between", "by",
    "carries", "collect", "confirm", "content", "draft", "else", "enter", "entry", "every",
    "except", "exit", "false", "final", "for", "forecast", "from", "handoff", "if", "in", "into",
    "is", "limit", "lose", "metric", "missing", "next", "not", "now", "of", "open", "or",
    "outcome", "owner", "plan", "policy", "present", "process", "purpose", "record", "recycle",
    "retired", "scenario", "stage", "starts", "status", "support", "target", "team", "to", "today",
    "true", "variant", "waive", "was", "when", "with", "within",
];

/// Names that are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(FxHashSet<String>);

impl Names {
    /// A name for a title: from its letters, else from an identifier, else from its number among
    /// its kind, `stage_3`. `kind` also tells names from words of the language: `limit_stage`.
    pub(crate) fn take(
        &mut self,
        title: &str,
        id: Option<&str>,
        kind: &str,
        number: usize,
    ) -> String {
        let stem = slug(title)
            .or_else(|| id.and_then(|id| slug(id).or_else(|| slug(&format!("{kind} {id}")))))
            .unwrap_or_else(|| format!("{kind}_{number}"));
        let stem = if WORDS.contains(&stem.as_str()) { format!("{stem}_{kind}") } else { stem };
        let mut name = stem.clone();
        let mut count = 1;
        while !self.0.insert(name.clone()) {
            count += 1;
            name = format!("{stem}_{count}");
        }
        name
    }
}

/// `Réunion n° 2` as `reunion_n_2`. None when letters are left over that have no ASCII form, or
/// nothing is left: half a title would be a wrong name. A leading number moves behind: `2. Demo` is
/// `demo`, `1st call` is `call`.
pub(crate) fn slug(title: &str) -> Option<String> {
    let mut out = String::new();
    for letter in title.chars() {
        match ascii(letter) {
            Some(text) => out.push_str(text),
            None if letter.is_ascii_alphanumeric() => out.push(letter.to_ascii_lowercase()),
            None if wide(letter).is_some() => out.extend(wide(letter)),
            // Marks that combine with the letter before, as some systems write accents.
            None if ('\u{300}'..='\u{36f}').contains(&letter) => {}
            None if letter == '\'' || letter == '’' => {}
            None if letter.is_alphanumeric() => return None,
            None => out.push('_'),
        }
    }
    let mut name = String::new();
    for part in out.split('_').filter(|part| !part.is_empty()) {
        let numbers = part.starts_with(|c: char| c.is_ascii_digit());
        if name.is_empty() && numbers {
            continue;
        }
        if name.len() + part.len() >= LONGEST {
            if name.is_empty() {
                name = part.chars().take(LONGEST).collect();
            }
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(part);
    }
    (!name.is_empty()).then_some(name)
}

/// Full-width letters and digits of East Asian keyboards.
fn wide(letter: char) -> Option<char> {
    if !('\u{ff01}'..='\u{ff5e}').contains(&letter) {
        return None;
    }
    let plain = char::from_u32(u32::from(letter) - 0xfee0)?;
    Some(if plain.is_ascii_alphanumeric() { plain.to_ascii_lowercase() } else { '_' })
}

/// Letters of Europe that have a plain form everybody reads.
fn ascii(letter: char) -> Option<&'static str> {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    Some(match lower {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ü' => "ue",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Names, slug};

    #[test]
    fn titles_become_names() {
        let of = |title: &str| slug(title).unwrap_or_default();
        assert_eq!(of("Appointment Scheduled"), "appointment_scheduled");
        assert_eq!(of("2. Réunion – Größe"), "reunion_groesse");
        assert_eq!(of("ＭＱＬ"), "mql");
        assert_eq!(of("Buyer's choice"), "buyers_choice");
        assert_eq!(of("Cafe\u{301}"), "cafe");
        for none in ["", "商談", "MQL 商談", "12", "🎉", "<>"] {
            assert_eq!(of(none), "", "{none}");
        }
        assert_eq!(of(&"x".repeat(5_000)).len(), 48);
    }

    #[test]
    fn names_are_taken_once() {
        let mut names = Names::default();
        let mut take = |title: &str, id: Option<&str>, n| names.take(title, id, "stage", n);
        assert_eq!(take("Demo", None, 1), "demo");
        assert_eq!(take("demo", None, 2), "demo_2");
        assert_eq!(take("Demo 2", None, 3), "demo_2_2");
        assert_eq!(take("商談", Some("closedwon"), 4), "closedwon");
        assert_eq!(take("商談", Some("12345"), 5), "stage_12345");
        assert_eq!(take("商談", None, 6), "stage_6");
        assert_eq!(take("Limit", None, 7), "limit_stage");
    }
}
