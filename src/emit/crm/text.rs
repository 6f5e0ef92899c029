//! Texts made to fit.

/// The text on one line: control characters and runs of white space become one space each.
pub(in crate::emit) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Length as the CRMs count it: in UTF-16 units, so that a limit holds whichever way they count.
pub(in crate::emit) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text, cut with `…` to at most `limit` units, at the end of a word where one is near.
pub(in crate::emit) fn shortened(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let mut left = limit.saturating_sub(1);
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    if let Some(space) = cut.rfind(' ').filter(|space| space * 2 > cut.len()) {
        cut.truncate(space);
    }
    cut.truncate(cut.trim_end_matches([' ', ',', ';', ':', '.']).len());
    cut.push('…');
    cut
}

/// The text in a cell of a Markdown table, without a meaning of its own there.
pub(in crate::emit) fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// The text as a code span. Names hold no backticks; a stray one would end the span.
pub(in crate::emit) fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_at_a_word_and_never_inside_a_character() {
        assert_eq!(shortened("Work e-mail", 40), "Work e-mail");
        assert_eq!(shortened("The champion will defend us internally", 20), "The champion will…");
        assert_eq!(shortened("가나다라마", 3), "가나…");
        // An emoji is two UTF-16 units.
        assert_eq!(shortened("🙂🙂🙂", 4), "🙂…");
    }

    #[test]
    fn cells_hold_any_text() {
        assert_eq!(cell("a|b\n<script>`x`"), "a\\|b &lt;script>\\`x\\`");
    }
}
