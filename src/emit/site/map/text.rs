//! How wide words are, and where their lines break, without a font at hand.
//!
//! Widths are those of the widest common sans serif, so that what fits here fits on every screen.

use unicode_width::UnicodeWidthChar;

/// The width of a text in pixels, rounded up.
pub(in crate::emit) fn width(text: &str, size: i32) -> i32 {
    let ems: i32 = text.chars().map(thousandths).sum();
    (ems * size + 999) / 1000
}

/// The lines of a text that is at most `room` pixels wide and `most` lines high; what does not fit
/// is left out with an ellipsis.
pub(in crate::emit) fn wrap(text: &str, size: i32, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut full = false;
    for piece in pieces(text) {
        let joined = format!("{line}{piece}");
        if width(joined.trim_end(), size) <= room {
            line = joined;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line).trim().to_owned());
        }
        line.clear();
        // A word that is wider than the box breaks anywhere.
        for c in piece.trim_start().chars() {
            if width(&line, size) + width(&c.to_string(), size) > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
        if lines.len() > most {
            full = true;
            break;
        }
    }
    if !line.trim().is_empty() && !full {
        lines.push(line.trim().to_owned());
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let whole = last.clone();
            while width(last, size) + width("…", size) > room && last.pop().is_some() {}
            // Words are left out whole where there are others: half a word is no part of a name.
            let rest = whole.get(last.len()..).unwrap_or("");
            let in_word = !rest.is_empty() && !rest.starts_with(' ');
            if most > 1
                && in_word
                && let Some(space) = last.rfind(' ')
            {
                last.truncate(space);
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    lines
}

/// The parts between which a line may end: words with the space behind them, and each sign of a
/// script that is written without spaces, with the marks that must not begin a line.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        let may_break =
            (matches!(before, ' ' | '-' | '/') || is_ideographic(before) || is_ideographic(c))
                && !begins_no_line(c)
                && !ends_no_line(before)
                && c != ' ';
        match pieces.last_mut() {
            Some(piece) if !may_break => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = c;
    }
    pieces
}

/// Kana and kanji: between any two of them a line may end. Korean words stay whole.
fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

fn begins_no_line(c: char) -> bool {
    "、。，．・：；？！）」』】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)".contains(c)
}

fn ends_no_line(c: char) -> bool {
    "（「『【(".contains(c)
}

/// The width of a sign in thousandths of the font's size.
fn thousandths(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 310,
        'f' | 't' | 'r' | 'I' | ' ' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 400,
        'm' | 'M' => 920,
        'w' => 800,
        'W' | '@' | '%' | '…' | '—' => 1_020,
        'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '~' => 720,
        'a'..='z' | '0'..='9' => 610,
        c => match c.width() {
            Some(2) => 1_000,
            Some(0) => 0,
            _ => 720,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_say_all_there_is_room_for() {
        assert_eq!(wrap("Evaluation and selection", 13, 120, 3), ["Evaluation and", "selection"]);
        assert_eq!(wrap("Marketing-qualified lead", 13, 120, 3), ["Marketing-", "qualified lead"]);
        let long = "Tender dossier requested from the contracting authority";
        assert_eq!(wrap(long, 13, 110, 3), ["Tender dossier", "requested from", "the…"]);
        assert_eq!(wrap("one two three", 13, 60, 1), ["one tw…"]);
        assert_eq!(wrap("", 13, 120, 3), Vec::<String>::new());
        assert_eq!(wrap("リード以上、商談未満", 10, 52, 3), ["リード以", "上、商談未", "満"]);
        assert_eq!(wrap("영업 기회", 10, 32, 3), ["영업", "기회"]);
    }

    #[test]
    fn nothing_is_ever_wider_than_its_box() {
        let texts = [
            "W".repeat(300),
            "長い題名。".repeat(40),
            "아주긴제목".repeat(40),
            "a ".repeat(200),
            "Evaluation and selection of the best vendor for everything".to_owned(),
        ];
        for text in &texts {
            for most in 1..4 {
                let lines = wrap(text, 13, 100, most);
                assert!(lines.len() <= most && !lines.is_empty(), "{lines:?}");
                for line in &lines {
                    assert!(width(line, 13) <= 100, "{line} is {}", width(line, 13));
                }
            }
            assert!(wrap(text, 13, 100, 1).concat().ends_with('…'), "{text}");
        }
    }
}
