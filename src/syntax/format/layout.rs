//! From blocks and items to lines.

use super::WIDTH;
use super::lines::{HANG, asks_for_lines, item_lines, joined, width};
use super::tokens::{Break, Token};
use super::tree::{Body, Class, Entries, Entry};

/// Deeper nesting of blocks is indented by this.
const INDENT: usize = 2;

/// The file as text; ends with a line break unless it is empty.
pub(super) fn print(file: &Entries) -> String {
    let mut printer = Printer { out: String::new() };
    printer.entries(file, 0);
    printer.out
}

struct Printer {
    out: String,
}

impl Printer {
    fn entries(&mut self, list: &Entries, indent: usize) {
        let groups = groups(&list.entries);
        for (entry, columns) in list.entries.iter().zip(groups) {
            if entry.blank_before {
                self.out.push('\n');
            }
            for (comment, blank) in &entry.leading {
                self.line(indent, comment);
                if *blank {
                    self.out.push('\n');
                }
            }
            self.body(&entry.body, entry.trailing.as_deref(), indent, &columns);
        }
        for (blank, comment) in &list.dangling {
            if *blank {
                self.out.push('\n');
            }
            self.line(indent, comment);
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn body(&mut self, body: &Body, trailing: Option<&str>, indent: usize, columns: &[usize]) {
        match body {
            Body::Item { class, tokens } => {
                // What follows a property's value stands below it.
                let hang = match (class, columns.first()) {
                    (Class::Property, Some(keyword)) => keyword + 1,
                    _ => HANG,
                };
                let lines = item_lines(tokens, columns, indent, hang);
                self.finish(lines, trailing, indent);
            }
            Body::Block { head, opening, beside, entries } => {
                if *beside
                    && opening.is_none()
                    && let Some(line) = one_line(head, entries)
                    && indent + width(&line) <= WIDTH
                {
                    self.finish(vec![(0, line)], trailing, indent);
                    return;
                }
                let mut lines = item_lines(head, &[], indent, HANG);
                let brace = if entries.entries.is_empty()
                    && entries.dangling.is_empty()
                    && opening.is_none()
                {
                    " { }"
                } else {
                    " {"
                };
                if head.last().is_some_and(|token| !token.comments.is_empty()) {
                    lines.push((0, brace.trim_start().to_owned()));
                } else if let Some((_, last)) = lines.last_mut() {
                    last.push_str(brace);
                }
                if brace == " { }" {
                    self.finish(lines, trailing, indent);
                    return;
                }
                self.finish(lines, opening.as_deref(), indent);
                self.entries(entries, indent + INDENT);
                self.finish(vec![(0, "}".to_owned())], trailing, indent);
            }
        }
    }

    fn finish(&mut self, mut lines: Vec<(usize, String)>, trailing: Option<&str>, indent: usize) {
        if let (Some(comment), Some((_, last))) = (trailing, lines.last_mut()) {
            last.push_str("  ");
            last.push_str(comment);
        }
        for (hang, line) in lines {
            self.line(indent + hang, line.trim_end());
        }
    }
}

/// For each entry the widths of the columns of its group.
fn groups(entries: &[Entry]) -> Vec<Vec<usize>> {
    let class = |entry: &Entry| match &entry.body {
        Body::Item { class, .. } => *class,
        Body::Block { .. } => Class::Free,
    };
    let mut widths: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    let mut start = 0;
    while let Some(first) = entries.get(start) {
        let kind = class(first);
        let more = entries.iter().skip(start + 1).take_while(|entry| {
            class(entry) == kind && !entry.blank_before && entry.leading.is_empty()
        });
        let end = start + 1 + more.count();
        let group = entries.get(start..end).unwrap_or_default();
        if kind != Class::Free {
            let columns = column_widths(group, kind);
            widths.iter_mut().take(end).skip(start).for_each(|slot| slot.clone_from(&columns));
        }
        start = end;
    }
    widths
}

fn column_widths(group: &[Entry], class: Class) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    let mut fits = true;
    for entry in group {
        let Body::Item { tokens, .. } = &entry.body else { continue };
        let mut column = 0;
        let mut used = 0;
        let mut total = 0;
        for token in tokens {
            if token.column {
                match columns.get_mut(column) {
                    Some(known) => *known = used.max(*known),
                    None => columns.push(used),
                }
                column += 1;
                used = 0;
            } else if !token.glued && used > 0 {
                used += 1;
            }
            used += width(&token.text);
            total += width(&token.text) + 1;
        }
        fits &=
            total + 24 <= WIDTH && tokens.iter().all(|token| token.before != Break::Translation);
    }
    // Titles are aligned only where whole criteria stand on a line each.
    if class == Class::Criterion && !fits {
        columns.truncate(1);
    }
    columns
}

/// A block on one line, if nothing in it asks for more.
fn one_line(head: &[Token], entries: &Entries) -> Option<String> {
    if !entries.dangling.is_empty() || head.iter().any(|token| !token.comments.is_empty()) {
        return None;
    }
    let mut line = joined(head);
    line.push_str(" {");
    for entry in &entries.entries {
        let Body::Item { tokens, .. } = &entry.body else { return None };
        let commented = !entry.leading.is_empty()
            || entry.trailing.is_some()
            || tokens.iter().any(|token| !token.comments.is_empty() || token.text.contains('\n'));
        if commented || entry.blank_before || asks_for_lines(tokens) {
            return None;
        }
        line.push(' ');
        line.push_str(&joined(tokens));
    }
    line.push_str(" }");
    Some(line)
}
