//! Proposes that something new was something that is gone: a fix that writes `was [old]` into its
//! declaration.
//!
//! Where a name goes depends on notation and layout. So places are tried, and the first is taken
//! after which the file reads as before, but for that one name.

use rustc_hash::FxHashMap;

use crate::diag::{Edit, Fix, Safety};
use crate::source::Span;
use crate::syntax::ast::{FieldDecl, FieldType, File, Item, Name};
use crate::syntax::{Parsed, dsl, yaml};

use super::rules::alike;
use super::{Aspect, Change, Comparison, Kind, Part, Sources};

/// Gives each finding about something that is gone the fix it may have. What is like several new
/// things, or is not the only one that is like a new thing, has none.
pub(super) fn propose(both: &Comparison<'_>, sources: &Sources, changes: &mut [Change<'_>]) {
    let guesses: Vec<Option<Part>> = changes.iter().map(|change| guess(both, change)).collect();
    let mut wanted: FxHashMap<Part, usize> = FxHashMap::default();
    for part in guesses.iter().flatten() {
        *wanted.entry(*part).or_default() += 1;
    }
    for (change, guess) in changes.iter_mut().zip(&guesses) {
        let Some(part) = guess.filter(|part| wanted.get(part) == Some(&1)) else { continue };
        let (Some(gone), Some(found)) = (change.part.old, change.breaks.first_mut()) else {
            continue;
        };
        if let Some(edit) = edit(sources, part.span(both.new), &gone.name(both.old)) {
            found.fix = Some(Fix {
                title: format!("write `was [{}]` in {}", gone.name(both.old), part.said(both.new)),
                safety: Safety::Unsafe,
                edits: vec![edit],
            });
        }
    }
}

fn guess(both: &Comparison<'_>, change: &Change<'_>) -> Option<Part> {
    let is_gone =
        change.kind == Kind::Removed && change.aspect == Aspect::Whole && change.part.new.is_none();
    let guess = alike::part(both, change.part.old.filter(|_| is_gone)?)?;
    guess.is_only.then_some(guess.part)
}

/// What adds `old` to the earlier names of the declaration whose name stands at `at`.
fn edit(sources: &Sources, at: Span, old: &str) -> Option<Edit> {
    let file = sources.map().get(at.file)?;
    let text = file.text();
    let is_yaml = file.name().ends_with(".yaml");
    let read = |text: &str| {
        if is_yaml { yaml::parse(at.file, text) } else { dsl::parse(at.file, text) }
    };
    let before = read(text);
    let mut wanted = before.file.clone();
    let place = declared(&mut wanted, at)?;
    let edits = if is_yaml { in_yaml(text, &place, old) } else { in_dsl(text, &place, old) };
    place.was.push(Name::new(old, at));
    edits.into_iter().find(|edit| {
        let Some(changed) = applied(text, edit) else { return false };
        is_as_wanted(&read(&changed), &wanted, before.diagnostics.len())
    })
}

fn is_as_wanted(after: &Parsed, wanted: &File, findings: usize) -> bool {
    after.diagnostics.len() == findings && after.file == *wanted
}

fn applied(text: &str, edit: &Edit) -> Option<String> {
    let range = edit.span.range();
    let (head, tail) = (text.get(..range.start)?, text.get(range.end..)?);
    Some(format!("{head}{}{tail}", edit.replacement))
}

/// A declaration, as far as earlier names are concerned.
struct Declared<'f> {
    name: Span,
    /// To its end; of an option, to the end of its title.
    end: usize,
    /// Whether it has a block with properties of its own.
    is_block: bool,
    was: &'f mut Vec<Name>,
}

/// The declaration of a stage, record, goal, field or option by the place of its name.
fn declared(file: &mut File, at: Span) -> Option<Declared<'_>> {
    let is = |name: &Name| name.span.key() == at.key();
    let block = |span: Span, was| Declared { name: at, end: span.range().end, is_block: true, was };
    for item in &mut file.items {
        match item {
            Item::Stage(decl) if is(&decl.name) => return Some(block(decl.span, &mut decl.was)),
            Item::Goal(decl) if is(&decl.name) => return Some(block(decl.span, &mut decl.was)),
            Item::Record(decl) => {
                if is(&decl.name) {
                    return Some(block(decl.span, &mut decl.was));
                }
                let found = decl.fields.iter_mut().find_map(|field| in_field(field, at));
                if found.is_some() {
                    return found;
                }
            }
            _ => {}
        }
    }
    None
}

fn in_field(field: &mut FieldDecl, at: Span) -> Option<Declared<'_>> {
    if field.name.span.key() == at.key() {
        let end = field.span.range().end;
        return Some(Declared { name: at, end, is_block: false, was: &mut field.was });
    }
    let (FieldType::OneOf(options) | FieldType::ManyOf(options)) = &mut field.ty.value else {
        return None;
    };
    let option = options.iter_mut().find(|option| option.name.span.key() == at.key())?;
    let end = option.title.as_ref().map_or(at, |title| title.span).range().end;
    Some(Declared { name: at, end, is_block: false, was: &mut option.was })
}

fn insert(at: Span, byte: usize, replacement: String) -> Edit {
    Edit { span: Span::new(at.file, byte, byte), replacement }
}

fn in_dsl(text: &str, place: &Declared<'_>, old: &str) -> Vec<Edit> {
    let at = place.name;
    if let Some(last) = place.was.last() {
        return vec![insert(at, last.span.range().end, format!(", {old}"))];
    }
    if !place.is_block {
        return vec![insert(at, place.end, format!(" was [{old}]"))];
    }
    // A brace may stand in the title as well.
    let from = at.range().end;
    let head = text.get(from..place.end).unwrap_or("");
    let braces = head.match_indices('{').map(|(brace, _)| from + brace + 1);
    let edits = braces.map(|inside| {
        let line = indent_below(text, inside);
        let word = match line {
            Some((_, indent)) => format!("\n{indent}was [{old}]"),
            None => format!(" was [{old}]"),
        };
        insert(at, inside, word)
    });
    edits.collect()
}

/// When nothing but a comment follows on the line: where the next line begins that holds anything
/// else, and its indentation.
fn indent_below(text: &str, from: usize) -> Option<(usize, &str)> {
    let mut start = from;
    for (n, line) in text.get(from..)?.split_inclusive('\n').enumerate() {
        let inner = line.trim_start();
        let is_empty = inner.trim().is_empty() || inner.starts_with('#');
        if n == 0 && !is_empty {
            return None;
        }
        if n > 0 && !is_empty {
            return Some((start, line.get(..line.len() - inner.len())?));
        }
        start += line.len();
    }
    None
}

fn in_yaml(text: &str, place: &Declared<'_>, old: &str) -> Vec<Edit> {
    let at = place.name;
    if let (Some(first), Some(last)) = (place.was.first(), place.was.last()) {
        let (start, end) = (first.span.range().start, last.span.range().end);
        let names: Vec<&str> = place.was.iter().map(|name| name.text.as_str()).collect();
        let list = format!("[{}, {old}]", names.join(", "));
        let dash = text.get(..start).unwrap_or("").rfind('\n').map_or(0, |line| line + 1);
        let dash = text.get(dash..start).unwrap_or("");
        return vec![
            insert(at, end, format!(", {old}")),
            Edit { span: Span::new(at.file, start, end), replacement: list },
            insert(at, end, format!("\n{dash}{old}")),
        ];
    }
    // Behind the name, and behind its quote if it is in quotes.
    let end = at.range().end;
    let rest = text.get(end..).unwrap_or("");
    let colon = rest.find(':').filter(|colon| *colon <= 1);
    let Some(colon) = colon else {
        let replacement = format!("{}: {{was: {old}}}", text.get(at.range()).unwrap_or(""));
        return vec![Edit { span: at, replacement }];
    };
    let value = end + colon + 1;
    if let Some((line, indent)) = indent_below(text, value) {
        return vec![insert(at, line, format!("{indent}was: {old}\n"))];
    }
    let after = text.get(value..).unwrap_or("");
    let start = value + after.len() - after.trim_start_matches(' ').len();
    let after = text.get(start..).unwrap_or("");
    if after.starts_with('{') {
        let inside = |separator: &str| insert(at, start + 1, format!("was: {old}{separator}"));
        return vec![inside(", "), inside("")];
    }
    // `need: text` is short for `need: {type: text}`; of an option the short form is its title.
    let ends = [after.find(['\n', '\r']), after.find([',', '}'])];
    let ends = ends.into_iter().map(|end| end.unwrap_or(after.len()));
    let edits = ends.flat_map(|end| {
        let short = after.get(..end).unwrap_or("").trim_end();
        ["type", "title"].map(|key| Edit {
            span: Span::new(at.file, start, start + short.len()),
            replacement: format!("{{{key}: {short}, was: {old}}}"),
        })
    });
    edits.collect()
}
