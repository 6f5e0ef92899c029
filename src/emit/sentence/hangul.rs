//! Korean particles, which follow the last sound of the word before them.

/// The last sound of a word, as far as particles care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// The consonant `ㄹ`, after which `로` stands as after a vowel.
    Rieul,
    Consonant,
    /// A script whose reading is not known.
    Unknown,
}

/// The word with the subject particle `이` or `가`.
pub(super) fn subject(word: &str) -> String {
    let particle = match ending(word) {
        Ending::Consonant | Ending::Rieul => "이",
        Ending::Vowel => "가",
        Ending::Unknown => "이(가)",
    };
    format!("{word}{particle}")
}

/// The word with the direction particle `으로` or `로`.
pub(super) fn direction(word: &str) -> String {
    let particle = match ending(word) {
        Ending::Consonant => "으로",
        Ending::Vowel | Ending::Rieul => "로",
        Ending::Unknown => "(으)로",
    };
    format!("{word}{particle}")
}

/// The sound a word ends with. Closing quotes and brackets are not spoken; `%` is read 퍼센트.
fn ending(word: &str) -> Ending {
    let spoken = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
    let mut backwards = spoken.chars().rev();
    let Some(last) = backwards.next() else { return Ending::Unknown };
    match last {
        '가'..='힣' => match (u32::from(last) - u32::from('가')) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        },
        '%' => Ending::Vowel,
        // 일, 칠, 팔; 영 (and 십, 백, 천, 만), 삼, 육; 이, 사, 오, 구.
        '1' | '7' | '8' => Ending::Rieul,
        '0' | '3' | '6' => Ending::Consonant,
        '2' | '4' | '5' | '9' => Ending::Vowel,
        'A'..='Z' | 'a'..='z' => latin(last, backwards.next(), backwards.next()),
        _ => Ending::Unknown,
    }
}

/// How a Latin word ends when it is read aloud in Korean: capitals are spelled (엘, 엠, 엔, 알),
/// words follow their sound (이메일, 팀, 플랜, 슬랙, 챗).
fn latin(last: char, before: Option<char>, earlier: Option<char>) -> Ending {
    let spelled = last.is_ascii_uppercase() && before.is_none_or(|c| !c.is_ascii_lowercase());
    if spelled {
        return match last {
            'L' | 'R' => Ending::Rieul,
            'M' | 'N' => Ending::Consonant,
            _ => Ending::Vowel,
        };
    }
    let vowel = |c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    match (last.to_ascii_lowercase(), before.map(|c| c.to_ascii_lowercase())) {
        ('l', _) => Ending::Rieul,
        ('m' | 'n', _) | ('g', Some('n')) | ('k', Some('c')) => Ending::Consonant,
        // A short vowel before the stop: 웹, 챗, 팁. After a long one the stop has its own vowel.
        ('b' | 'k' | 'p' | 't', Some(c)) if vowel(c) && !earlier.is_some_and(vowel) => {
            Ending::Consonant
        }
        _ => Ending::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_words_follow_their_final_consonant() {
        assert_eq!(subject("금액"), "금액이");
        assert_eq!(subject("탈락 사유"), "탈락 사유가");
        assert_eq!(subject("이메일"), "이메일이");
        assert_eq!(subject("“회의”"), "“회의”가");
        assert_eq!(direction("제안"), "제안으로");
        assert_eq!(direction("메일"), "메일로");
        assert_eq!(direction("기회"), "기회로");
    }

    #[test]
    fn digits_are_read_in_korean() {
        assert_eq!(subject("단계 1"), "단계 1이");
        assert_eq!(subject("단계 2"), "단계 2가");
        assert_eq!(subject("100"), "100이");
        assert_eq!(direction("단계 1"), "단계 1로");
        assert_eq!(direction("단계 3"), "단계 3으로");
        assert_eq!(subject("40%"), "40%가");
    }

    #[test]
    fn latin_words_follow_their_sound() {
        let cases = [
            ("MQL", "MQL이"),
            ("SDR", "SDR이"),
            ("CSM", "CSM이"),
            ("JPY", "JPY가"),
            ("BANT", "BANT가"),
            ("Email", "Email이"),
            ("Team", "Team이"),
            ("Lead", "Lead가"),
            ("Slack", "Slack이"),
            ("Web", "Web이"),
            ("Closing", "Closing이"),
            ("Budget", "Budget이"),
            ("Contact", "Contact가"),
            ("Score", "Score가"),
        ];
        for (word, with_particle) in cases {
            assert_eq!(subject(word), with_particle);
        }
        assert_eq!(direction("MQL"), "MQL로");
    }

    #[test]
    fn what_cannot_be_read_gets_both_particles() {
        assert_eq!(subject("商談"), "商談이(가)");
        assert_eq!(direction("リード"), "リード(으)로");
        assert_eq!(subject("!"), "!이(가)");
    }
}
