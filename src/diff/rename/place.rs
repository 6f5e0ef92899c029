//! Where an earlier name is written. It depends on notation and layout: so places are tried, and the
//! first is taken after which the file reads as before, but for that one name.
//!
//! To try is to read the whole file. Where much looks renamed, what is written alike is tried
//! together: as much as fits at once, and less where it does not.

use rustc_hash::FxHashMap;

use crate::diag::Edit;
use crate::diff::Sources;
use crate::source::{FileId, Span};
use crate::syntax::ast::{FieldDecl, FieldType, File, Item, Name};
use crate::syntax::{Parsed, dsl, yaml};

/// For each declaration, by its place, what adds a name to its earlier names, if anything does.
pub(super) fn edits(sources: &Sources, asked: &[(Span, &str)]) -> Vec<Option<Edit>> {
    let mut found: Vec<Option<Edit>> = vec![None; asked.len()];
    let mut files: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
    for (index, (at, _)) in asked.iter().enumerate() {
        files.entry(at.file).or_default().push(index);
    }
    for (file, mut indices) in files {
        let Some(source) = sources.map().get(file) else { continue };
        let trial = Trial::of(file, source.text(), source.name().ends_with(".yaml"));
        // Neighbours are written alike.
        indices.sort_by_key(|index| asked.get(*index).map(|(at, _)| at.range().start));
        let mut declared = trial.before.file.clone();
        let asks = indices.iter().filter_map(|index| asked.get(*index));
        let asks: Vec<Ask<'_>> = asks.map(|ask| trial.ask(&mut declared, *ask)).collect();
        for (index, edit) in indices.into_iter().zip(trial.all(&asks)) {
            if let Some(place) = found.get_mut(index) {
                *place = edit;
            }
        }
    }
    found
}

/// A name that is to be added, and the ways in which that may be written.
struct Ask<'n> {
    at: Span,
    old: &'n str,
    ways: Vec<Edit>,
}

/// A file in which edits are tried.
struct Trial<'t> {
    file: FileId,
    text: &'t str,
    is_yaml: bool,
    before: Parsed,
}

impl<'t> Trial<'t> {
    fn of(file: FileId, text: &'t str, is_yaml: bool) -> Self {
        Self { file, text, is_yaml, before: read(file, text, is_yaml) }
    }

    fn ask<'n>(&self, declared_in: &mut File, (at, old): (Span, &'n str)) -> Ask<'n> {
        let text = self.text;
        let ways = match declared(declared_in, at) {
            None => Vec::new(),
            // A value of YAML may be written as the DSL writes it.
            Some(place) if self.is_yaml => [
                in_yaml(text, &place, old),
                as_mapping(text, &place, old),
                in_dsl(text, &place, old),
            ]
            .concat(),
            Some(place) => in_dsl(text, &place, old),
        };
        Ask { at, old, ways }
    }

    /// For each name the first way that is right.
    fn all(&self, asks: &[Ask<'_>]) -> Vec<Option<Edit>> {
        let mut found: Vec<Option<Edit>> = Vec::with_capacity(asks.len());
        let mut rest = asks;
        while let Some((first, others)) = rest.split_first() {
            let is_right = |(_, edit): &(usize, &Edit)| self.fits(&[(first, *edit)]);
            let way = first.ways.iter().enumerate().find(is_right);
            found.push(way.map(|(_, edit)| edit.clone()));
            rest = others;
            let Some((way, _)) = way else { continue };
            let mut many = 1;
            while let Some((next, others)) = rest.split_at_checked((many * 2).min(rest.len())) {
                let together: Option<Vec<_>> =
                    next.iter().map(|ask| Some((ask, ask.ways.get(way)?))).collect();
                let Some(together) = together.filter(|all| !all.is_empty() && self.fits(all))
                else {
                    break;
                };
                found.extend(together.into_iter().map(|(_, edit)| Some(edit.clone())));
                many *= 2;
                rest = others;
            }
        }
        found
    }

    /// Whether the file reads as before after these edits, but for the names that they add.
    fn fits(&self, edits: &[(&Ask<'_>, &Edit)]) -> bool {
        let Some(changed) = self.applied(edits) else { return false };
        let after = read(self.file, &changed, self.is_yaml);
        if after.diagnostics.len() != self.before.diagnostics.len() {
            return false;
        }
        let mut wanted = self.before.file.clone();
        for (ask, _) in edits {
            let Some(place) = declared(&mut wanted, ask.at) else { return false };
            place.was.push(Name::new(ask.old, ask.at));
        }
        after.file == wanted
    }

    /// The text after edits; nothing when two of them are in each other's way.
    fn applied(&self, edits: &[(&Ask<'_>, &Edit)]) -> Option<String> {
        let mut edits: Vec<&Edit> = edits.iter().map(|(_, edit)| *edit).collect();
        edits.sort_by_key(|edit| edit.span.range().start);
        let (mut out, mut done) = (String::with_capacity(self.text.len()), 0);
        for edit in edits {
            let range = edit.span.range();
            out.push_str(self.text.get(done..range.start)?);
            out.push_str(&edit.replacement);
            done = range.end;
        }
        out.push_str(self.text.get(done..)?);
        Some(out)
    }
}

fn read(file: FileId, text: &str, is_yaml: bool) -> Parsed {
    if is_yaml { yaml::parse(file, text) } else { dsl::parse(file, text) }
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
