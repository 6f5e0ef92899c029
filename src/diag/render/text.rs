//! Text made fit for a terminal: nothing that steers it, and lines that fit.

use std::borrow::Cow;

/// Replaces characters that would steer the terminal or reorder what is shown: control characters
/// become their pictures (`␛`), bidirectional overrides become `�`. Tabs stay. A finding quotes
/// what stands in somebody's file, and that must not be able to repaint the report.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| visible(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(visible).collect())
}

/// The same for text that must stay on one line: line breaks and tabs become spaces.
pub(crate) fn one_line(text: &str) -> String {
    let spaced = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    clean(&spaced).into_owned()
}

fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}

/// Breaks paragraphs (separated by line breaks) at spaces so that no line is wider than `width`
/// columns, as far as words allow. The first line starts with `first`, the others with as many
/// spaces as `first` is wide.
pub(crate) fn wrap(text: &str, first: &str, width: usize) -> String {
    let indent = columns(first);
    let room = width.saturating_sub(indent).max(20);
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut used = room + 1;
        for word in paragraph.split_whitespace() {
            let word = clean(word);
            let wide = columns(&word);
            if used + 1 + wide > room {
                out.push_str(if out.is_empty() { "" } else { "\n" });
                let spaces = if out.is_empty() { 0 } else { indent };
                out.extend(std::iter::repeat_n(' ', spaces));
                used = wide;
            } else {
                out.push(' ');
                used += 1 + wide;
            }
            out.push_str(&word);
        }
    }
    out
}

/// Columns a text takes in a terminal: two for the wide scripts of East Asia and for emoji.
fn columns(text: &str) -> usize {
    let wide = |c: char| {
        matches!(u32::from(c),
            0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff
            | 0x20000..=0x3fffd)
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::{clean, one_line, wrap};

    #[test]
    fn what_steers_a_terminal_is_made_visible() {
        assert_eq!(clean("a\u{1b}[31mb\tc\u{7f}"), "a␛[31mb\tc␡");
        assert_eq!(clean("\u{202e}gnp.exe"), "\u{fffd}gnp.exe");
        assert_eq!(one_line("a\r\nb\tc\nd"), "a b c d");
    }

    #[test]
    fn paragraphs_are_wrapped_under_their_first_word() {
        let text = "one two three four five six seven";
        assert_eq!(wrap(text, "  help: ", 28), "one two three four\n        five six seven");
        assert_eq!(wrap("first\nsecond", "> ", 80), "first\n  second");
        assert_eq!(wrap("", "> ", 80), "");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        // 20 columns of room: ten characters of two columns fill a line.
        assert_eq!(wrap("漢字漢字漢字漢字漢字 漢字", "", 20), "漢字漢字漢字漢字漢字\n漢字");
    }
}
