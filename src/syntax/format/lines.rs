//! The lines of one item: on one, or broken where its clauses begin.

use super::WIDTH;
use super::tokens::{Break, Token};

/// The continuation of an item is indented by this.
pub(super) const HANG: usize = 4;
/// The elements of a list that does not fit are indented by this.
const LIST_INDENT: usize = 2;

/// The lines of an item, each with its indentation relative to the item. `columns` are the widths
/// of its group's columns; every line but the first is indented by `hang`.
pub(super) fn item_lines(
    tokens: &[Token],
    columns: &[usize],
    indent: usize,
    hang: usize,
) -> Vec<(usize, String)> {
    let available = WIDTH.saturating_sub(indent);
    let commented = tokens.iter().any(|token| !token.comments.is_empty());
    let fits = !asks_for_lines(tokens) && padded_width(tokens, columns) <= available && !commented;
    let mut lines = Lines { lines: vec![(0, String::new())], used: 0, available, hang };
    let mut column = 0;
    let mut column_start = 0;
    // Whether the translations of the text at hand all fit behind it.
    let mut beside: Option<bool> = None;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        if token.column {
            let wanted = columns.get(column).copied().unwrap_or(0);
            let have = lines.used.saturating_sub(column_start);
            if wanted > have && !lines.fresh() {
                lines.pad(wanted - have);
            }
            column += 1;
            column_start = lines.used + usize::from(!token.glued && !lines.fresh());
        }
        if !fits && let Some(close) = exploding(tokens, index) {
            lines.push(token);
            lines.elements(tokens.get(index + 1..close).unwrap_or_default());
            if let Some(bracket) = tokens.get(close) {
                lines.push(bracket);
            }
            index = close + 1;
            continue;
        }
        if !fits && index > 0 {
            let room = lines.available.saturating_sub(lines.used + usize::from(!token.glued));
            let breaks = match token.before {
                Break::Never => false,
                Break::Translation => {
                    !*beside.get_or_insert_with(|| translations_width(tokens, index) <= room)
                }
                Break::Clause => true,
                Break::Part => {
                    beside == Some(false) || chunk_width(tokens, index, Break::Part) > room
                }
                Break::Soft | Break::Nested => chunk_width(tokens, index, token.before) > room,
            };
            if matches!(token.before, Break::Clause | Break::Part | Break::Soft | Break::Nested) {
                beside = None;
            }
            if breaks && !lines.fresh() {
                lines.wrap(hang);
            }
        }
        lines.push(token);
        index += 1;
    }
    lines.lines.retain(|(_, line)| !line.is_empty());
    lines.lines
}

/// Whether the author wrote a comma behind the last element of a list: its elements are to stand
/// on a line each, however short they are.
pub(super) fn asks_for_lines(tokens: &[Token]) -> bool {
    tokens.iter().zip(tokens.iter().skip(1)).any(|(a, b)| a.text == "," && b.text == "]")
}

/// The closing bracket of the list that opens at `index`, if its elements get a line each: the
/// author asks for it, or they have translations.
fn exploding(tokens: &[Token], index: usize) -> Option<usize> {
    if tokens.get(index)?.text != "[" {
        return None;
    }
    let mut depth = 0usize;
    let mut exploding = false;
    let mut comma = false;
    for (offset, token) in tokens.iter().skip(index).enumerate() {
        exploding |= token.before == Break::Translation || (comma && token.text == "]");
        comma = token.text == ",";
        match token.text.as_str() {
            "[" => depth += 1,
            "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return exploding.then_some(index + offset);
        }
    }
    None
}

struct Lines {
    lines: Vec<(usize, String)>,
    /// Columns used on the last line, its hanging indentation included.
    used: usize,
    available: usize,
    /// Indentation of every line but the first.
    hang: usize,
}

impl Lines {
    fn fresh(&self) -> bool {
        self.lines.last().is_none_or(|(_, line)| line.is_empty())
    }

    fn pad(&mut self, count: usize) {
        if let Some((_, line)) = self.lines.last_mut() {
            line.extend(std::iter::repeat_n(' ', count));
        }
        self.used += count;
    }

    fn wrap(&mut self, hang: usize) {
        if self.fresh() {
            self.lines.pop();
        }
        self.lines.push((hang, String::new()));
        self.used = hang;
    }

    /// The elements of a list, one a line, ready for the closing bracket.
    fn elements(&mut self, tokens: &[Token]) {
        let mut depth = 0usize;
        let mut start = 0;
        for (index, token) in tokens.iter().enumerate() {
            match token.text.as_str() {
                "[" => depth += 1,
                "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            let last = index + 1 == tokens.len();
            if (token.text == "," && depth == 0) || last {
                self.element(tokens.get(start..=index).unwrap_or_default());
                // The last one too: an element added later changes one line.
                if last && token.text != "," {
                    self.comma();
                }
                start = index + 1;
            }
        }
        self.wrap(0);
    }

    fn element(&mut self, tokens: &[Token]) {
        self.wrap(LIST_INDENT);
        let comma = usize::from(tokens.last().is_some_and(|last| last.text != ","));
        let fits = LIST_INDENT + padded_width(tokens, &[]) + comma <= self.available;
        for token in tokens {
            if !fits && token.before == Break::Translation {
                self.wrap(LIST_INDENT + HANG);
            }
            self.push(token);
        }
    }

    fn comma(&mut self) {
        if let Some((_, line)) = self.lines.last_mut() {
            line.push(',');
        }
        self.used += 1;
    }

    fn push(&mut self, token: &Token) {
        if !token.glued && !self.fresh() {
            self.pad(1);
        }
        if let Some((_, line)) = self.lines.last_mut() {
            line.push_str(&token.text);
        }
        // A long text ends on a line of its own; what follows it is measured from there.
        match token.text.rsplit_once('\n') {
            Some((_, tail)) => self.used = width(tail),
            None => self.used += width(&token.text),
        }
        for comment in &token.comments {
            if let Some((_, line)) = self.lines.last_mut() {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                line.push_str(comment);
            }
            self.wrap(self.hang);
        }
    }
}

/// The tokens on one line.
pub(super) fn joined(tokens: &[Token]) -> String {
    let mut line = String::new();
    for token in tokens {
        if !token.glued && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&token.text);
    }
    line
}

/// Width of the tokens on one line, columns padded; at least [`WIDTH`] when a text has line breaks
/// before its end.
fn padded_width(tokens: &[Token], columns: &[usize]) -> usize {
    let mut total = 0;
    let mut column = 0;
    let mut column_start = 0;
    for token in tokens {
        if token.column {
            let wanted = columns.get(column).copied().unwrap_or(0);
            total = total.max(column_start + wanted);
            column += 1;
        }
        total += usize::from(!token.glued);
        if token.column {
            column_start = total;
        }
        total += width(token.text.lines().next().unwrap_or(""));
    }
    total
}

/// Width from the translation at `index` to the end of the last one that follows it.
fn translations_width(tokens: &[Token], index: usize) -> usize {
    let more = tokens.iter().skip(index).take_while(|token| {
        !matches!(token.before, Break::Clause | Break::Part | Break::Soft | Break::Nested)
            && !matches!(token.text.as_str(), "]" | ",")
    });
    // A text of several lines stands on lines of its own.
    more.map(|token| {
        let long = if token.text.contains('\n') { WIDTH } else { 0 };
        width(&token.text) + 1 + long
    })
    .sum()
}

/// Width from token `index` to the next place where a line may end as easily.
fn chunk_width(tokens: &[Token], index: usize, at: Break) -> usize {
    let mut total = 0;
    for (offset, token) in tokens.iter().skip(index).enumerate() {
        if offset > 0 {
            let ends = match at {
                Break::Nested => token.before != Break::Never,
                Break::Soft => !matches!(token.before, Break::Never | Break::Nested),
                _ => matches!(token.before, Break::Clause | Break::Part | Break::Translation),
            };
            if ends {
                break;
            }
            total += usize::from(!token.glued);
        }
        total += width(token.text.lines().next().unwrap_or(""));
    }
    total
}

/// Columns a text takes on a terminal: East Asian wide characters take two.
pub(super) fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
