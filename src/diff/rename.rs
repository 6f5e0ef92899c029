//! Proposes that something new was something that is gone: a fix that writes `was [old]` into its
//! declaration.
//!
//! Where a name goes depends on notation and layout. So places are tried, and the first is taken
//! after which the file reads as before, but for that one name.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Edit, Fix, Safety};
use crate::model::{Origin, TransitionId};
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
        let Some(gone) = change.part.old else { continue };
        let is_judged = !change.breaks.is_empty();
        // Rules speak of some kinds of parts only; of those, what is silenced stays so.
        if !is_judged && !matches!(gone, Part::Team(_) | Part::Role(_) | Part::Criterion(_)) {
            continue;
        }
        let Some(edit) = edit(sources, part.span(both.new), &gone.name(both.old)) else { continue };
        let fix = Fix {
            title: format!("write `was [{}]` in {}", gone.name(both.old), part.said(both.new)),
            safety: Safety::Unsafe,
            edits: vec![edit],
        };
        match change.breaks.first_mut() {
            Some(found) => found.fix = Some(fix),
            None => change.rename = Some(fix),
        }
        change.maybe = Some(part);
    }
    tell_once(both, changes);
}

/// What may only be called otherwise is told where it is asked whether it is: not again as something
/// new, and not by the moves to it.
fn tell_once(both: &Comparison<'_>, changes: &mut [Change<'_>]) {
    let maybe: FxHashMap<Part, Part> =
        changes.iter().filter_map(|change| Some((change.part.old?, change.maybe?))).collect();
    if maybe.is_empty() {
        return;
    }
    let new: FxHashSet<Part> = maybe.values().copied().collect();
    // What a move would be if the stage it goes to were the new one.
    let would_be = |id: TransitionId| {
        let gone = &both.old.transitions[id];
        let Some(Part::Stage(to)) = maybe.get(&Part::Stage(gone.to)) else { return None };
        let from = match gone.origin {
            Origin::AnyOpen => None,
            _ => Some(both.pairs.stages.new_of(gone.from)?),
        };
        Some((from, gone.kind, *to))
    };
    let is = |id: TransitionId| {
        let come = &both.new.transitions[id];
        ((come.origin != Origin::AnyOpen).then_some(come.from), come.kind, come.to)
    };
    let whole = |change: &Change<'_>, kind| {
        change.kind == kind && change.aspect == Aspect::Whole && change.breaks.is_empty()
    };
    let gone: FxHashSet<_> = changes
        .iter()
        .filter(|change| whole(change, Kind::Removed))
        .filter_map(|change| match change.part.old? {
            Part::Move(id) => would_be(id),
            _ => None,
        })
        .collect();
    let come: FxHashSet<_> = changes
        .iter()
        .filter(|change| whole(change, Kind::Added))
        .filter_map(|change| match change.part.new? {
            Part::Move(id) => Some(is(id)),
            _ => None,
        })
        .collect();
    for change in changes {
        change.with_another = match (change.part.old, change.part.new) {
            (None, Some(Part::Move(id))) => whole(change, Kind::Added) && gone.contains(&is(id)),
            (None, Some(part)) => whole(change, Kind::Added) && new.contains(&part),
            (Some(Part::Move(id)), None) => {
                whole(change, Kind::Removed) && would_be(id).is_some_and(|one| come.contains(&one))
            }
            _ => false,
        };
    }
}

fn guess(both: &Comparison<'_>, change: &Change<'_>) -> Option<Part> {
    let is_gone =
        change.kind == Kind::Removed && change.aspect == Aspect::Whole && change.part.new.is_none();
    let guess = alike::part(both, change.part.old.filter(|_| is_gone)?)?;
    guess.is_only.then_some(guess.part)
}

/// What adds `old` to the earlier names of the declaration whose place is `at`.
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
    // A value of YAML may be written as the DSL writes it.
    let edits = match is_yaml {
        true => {
            [in_yaml(text, &place, old), as_mapping(text, &place, old), in_dsl(text, &place, old)]
                .concat()
        }
        false => in_dsl(text, &place, old),
    };
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
    /// Of an option, the names of all in its list.
    list: Vec<Name>,
}

/// The declaration of a team, role, stage, criterion, record, goal, field or option by its place in the
/// model.
fn declared(file: &mut File, at: Span) -> Option<Declared<'_>> {
    let is = |name: &Name| name.span.key() == at.key();
    let new = |span: Span, is_block, was| Declared {
        name: at,
        end: span.range().end,
        is_block,
        was,
        list: Vec::new(),
    };
    let block = |span: Span, was| new(span, true, was);
    for item in &mut file.items {
        match item {
            Item::Stage(decl) => {
                if is(&decl.name) {
                    return Some(block(decl.span, &mut decl.was));
                }
                // The place of a criterion is all of it.
                let mut all = decl.exit.iter_mut().chain(&mut decl.enter);
                if let Some(found) = all.find(|criterion| criterion.span.key() == at.key()) {
                    let place = new(found.span, false, &mut found.was);
                    return Some(Declared { name: found.name.span, ..place });
                }
            }
            Item::Team(decl) => {
                if is(&decl.name) {
                    return Some(block(decl.span, &mut decl.was));
                }
                if let Some(found) = decl.roles.iter_mut().find(|role| is(&role.name)) {
                    return Some(new(found.span, false, &mut found.was));
                }
            }
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
        let was = &mut field.was;
        return Some(Declared { name: at, end, is_block: false, was, list: Vec::new() });
    }
    let (FieldType::OneOf(options) | FieldType::ManyOf(options)) = &mut field.ty.value else {
        return None;
    };
    let list = options.iter().map(|option| option.name.clone()).collect();
    let option = options.iter_mut().find(|option| option.name.span.key() == at.key())?;
    let end = option.title.as_ref().map_or(at, |title| title.span).range().end;
    Some(Declared { name: at, end, is_block: false, was: &mut option.was, list })
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
        ["type", "title", "when"].map(|key| Edit {
            span: Span::new(at.file, start, start + short.len()),
            replacement: format!("{{{key}: {short}, was: {old}}}"),
        })
    });
    edits.collect()
}

/// A list of options as a mapping, which has a place for earlier names.
fn as_mapping(text: &str, place: &Declared<'_>, old: &str) -> Vec<Edit> {
    let (Some(first), Some(last)) = (place.list.first(), place.list.last()) else {
        return Vec::new();
    };
    let (start, end) = (first.span.range().start, last.span.range().end);
    let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
    // What people have written besides the names would be lost.
    if text.get(start..end).unwrap_or("").contains('#') {
        return Vec::new();
    }
    let one = |name: &Name| match name.span.key() == place.name.key() {
        true => format!("{}: {{was: {old}}}", name.text),
        false => format!("{}: {{}}", name.text),
    };
    let all: Vec<String> = place.list.iter().map(one).collect();
    let edit = |from: usize, to: usize, replacement: String| Edit {
        span: Span::new(place.name.file, from, to),
        replacement,
    };
    let open = before.trim_end_matches([' ', '"', '\'']);
    let close = after.trim_start_matches([' ', ',', '"', '\'']);
    if open.ends_with('[') && close.starts_with(']') {
        let close = end + (after.len() - close.len()) + 1;
        return vec![edit(open.len() - 1, close, format!("{{{}}}", all.join(", ")))];
    }
    // One on a line, behind a dash.
    let line = before.rfind('\n').map_or(0, |line| line + 1);
    let dash = before.get(line..).unwrap_or("");
    let indent = dash.trim_end_matches(['"', '\'', ' ']).strip_suffix('-').unwrap_or("");
    let is_dash = indent.trim().is_empty() && dash.contains('-');
    if !is_dash {
        return Vec::new();
    }
    let rest = after.len() - after.trim_start_matches(['"', '\'']).len();
    let (from, to) = (line + indent.len(), end + rest);
    vec![
        edit(from, to, all.join(&format!("\n{indent}"))),
        // A list may stand as far left as its key, a mapping may not.
        edit(from, to, format!("  {}", all.join(&format!("\n{indent}  ")))),
    ]
}
