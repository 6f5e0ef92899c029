//! Where an earlier name is written. It depends on notation and layout: so places are tried, and the
//! first is taken after which the file reads as before, but for that one name.
//!
//! To try is to read the whole file. Where much looks renamed, what is written alike is tried
//! together: as much as fits at once, and less where it does not.

mod list;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::diag::Edit;
use crate::diff::Sources;
use crate::source::{FileId, Span};
use crate::syntax::ast::{FieldType, File, Item, Name, OptionDecl};
use crate::syntax::{Parsed, dsl, yaml};

use list::List;

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
        let asks = trial.asks(indices.iter().filter_map(|index| asked.get(*index)).copied());
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
    ways: Vec<Way>,
}

/// A way in which an earlier name may be written.
enum Way {
    Alone(Edit),
    /// By a list that becomes a mapping; and which of its options it is.
    InList {
        list: Rc<List>,
        form: usize,
        option: usize,
    },
}

impl Way {
    fn edit(&self, old: &str) -> Option<Edit> {
        match self {
            Self::Alone(edit) => Some(edit.clone()),
            Self::InList { list, form, option } => {
                list.edit(*form, &FxHashMap::from_iter([(*option, old)]))
            }
        }
    }
}

/// A file in which edits are tried.
struct Trial<'t> {
    file: FileId,
    text: &'t str,
    is_yaml: bool,
    before: Parsed,
    spots: FxHashMap<(usize, usize), Spot>,
}

impl<'t> Trial<'t> {
    fn of(file: FileId, text: &'t str, is_yaml: bool) -> Self {
        let before = read(file, text, is_yaml);
        let spots = spots(&before.file);
        Self { file, text, is_yaml, before, spots }
    }

    fn asks<'n>(&self, asked: impl Iterator<Item = (Span, &'n str)>) -> Vec<Ask<'n>> {
        let mut file = self.before.file.clone();
        let mut lists = FxHashMap::default();
        asked.map(|ask| self.ask(&mut file, &mut lists, ask)).collect()
    }

    /// The declaration at a place.
    fn spot(&self, at: Span) -> Option<Spot> {
        self.spots.get(&key(at)).copied()
    }

    fn ask<'n>(
        &self,
        file: &mut File,
        lists: &mut FxHashMap<(usize, usize), Rc<List>>,
        (at, old): (Span, &'n str),
    ) -> Ask<'n> {
        let text = self.text;
        let Some(spot) = self.spot(at) else { return Ask { at, old, ways: Vec::new() } };
        let mut in_list = Vec::new();
        if let Spot::Option(item, field, option) = spot
            && self.is_yaml
        {
            let list = lists.entry((item, field)).or_insert_with(|| {
                let names = options(file, item, field).iter().map(|option| option.name.clone());
                Rc::new(List::of(text, self.file, &names.collect::<Vec<_>>()))
            });
            let way = |form| Way::InList { list: Rc::clone(list), form, option };
            in_list.extend((0..list.forms()).map(way));
        }
        let Some(place) = declared(file, spot, at) else {
            return Ask { at, old, ways: Vec::new() };
        };
        let alone = |edits: Vec<Edit>| edits.into_iter().map(Way::Alone).collect();
        let ways: Vec<Way> = match self.is_yaml {
            // A value of YAML may be written as the DSL writes it.
            true => {
                let first: Vec<Way> = alone(in_yaml(text, &place, old));
                let last: Vec<Way> = alone(in_dsl(text, &place, old));
                first.into_iter().chain(in_list).chain(last).collect()
            }
            false => alone(in_dsl(text, &place, old)),
        };
        Ask { at, old, ways }
    }

    /// For each name the first way that is right.
    fn all(&self, asks: &[Ask<'_>]) -> Vec<Option<Edit>> {
        let mut found: Vec<Option<Edit>> = Vec::with_capacity(asks.len());
        let mut rest = asks;
        while let Some((first, others)) = rest.split_first() {
            let is_right = |(_, way): &(usize, &Way)| self.fits(&[(first, *way)]);
            let way = first.ways.iter().enumerate().find(is_right);
            found.push(way.and_then(|(_, way)| way.edit(first.old)));
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
                found.extend(together.into_iter().map(|(ask, way)| way.edit(ask.old)));
                many *= 2;
                rest = others;
            }
        }
        found
    }

    /// Whether the file reads as before after these edits, but for the names that they add.
    fn fits(&self, ways: &[(&Ask<'_>, &Way)]) -> bool {
        let Some(changed) = self.applied(ways) else { return false };
        let after = read(self.file, &changed, self.is_yaml);
        if after.diagnostics.len() != self.before.diagnostics.len() {
            return false;
        }
        let mut wanted = self.before.file.clone();
        for (ask, _) in ways {
            let spot = self.spot(ask.at);
            let Some(place) = spot.and_then(|spot| declared(&mut wanted, spot, ask.at)) else {
                return false;
            };
            place.was.push(Name::new(ask.old, ask.at));
        }
        after.file == wanted
    }

    /// The text after edits; nothing when two of them are in each other's way.
    fn applied(&self, ways: &[(&Ask<'_>, &Way)]) -> Option<String> {
        let mut edits = Vec::new();
        // The options of a list are changed by one edit.
        let mut lists: FxHashMap<_, (&List, FxHashMap<usize, &str>)> = FxHashMap::default();
        for (ask, way) in ways {
            match way {
                Way::Alone(edit) => edits.push(edit.clone()),
                Way::InList { list, form, option } => {
                    let known = lists.entry((Rc::as_ptr(list), *form));
                    let (_, was) = known.or_insert_with(|| (list, FxHashMap::default()));
                    was.insert(*option, ask.old);
                }
            }
        }
        for ((_, form), (list, was)) in lists {
            edits.push(list.edit(form, &was)?);
        }
        edits.sort_by_key(|edit| edit.span.range().start);
        let (mut out, mut done) = (String::with_capacity(self.text.len()), 0);
        for edit in &edits {
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
}

/// Where a declaration stands in a file: the place of its item, and its place in that.
#[derive(Clone, Copy)]
enum Spot {
    Item(usize),
    Role(usize, usize),
    Exit(usize, usize),
    Enter(usize, usize),
    Field(usize, usize),
    Option(usize, usize, usize),
}

fn key(at: Span) -> (usize, usize) {
    (at.range().start, at.range().end)
}

/// The teams, roles, stages, criteria, records, goals, fields and options of a file by their places in
/// the model.
fn spots(file: &File) -> FxHashMap<(usize, usize), Spot> {
    let mut spots = FxHashMap::default();
    for (at, item) in file.items.iter().enumerate() {
        let mut add = |span: Span, spot| {
            spots.entry(key(span)).or_insert(spot);
        };
        match item {
            Item::Stage(decl) => {
                add(decl.name.span, Spot::Item(at));
                // The place of a criterion is all of it.
                let exit = decl.exit.iter().enumerate();
                exit.for_each(|(n, criterion)| add(criterion.span, Spot::Exit(at, n)));
                let enter = decl.enter.iter().enumerate();
                enter.for_each(|(n, criterion)| add(criterion.span, Spot::Enter(at, n)));
            }
            Item::Team(decl) => {
                add(decl.name.span, Spot::Item(at));
                let roles = decl.roles.iter().enumerate();
                roles.for_each(|(n, role)| add(role.name.span, Spot::Role(at, n)));
            }
            Item::Goal(decl) => add(decl.name.span, Spot::Item(at)),
            Item::Record(decl) => {
                add(decl.name.span, Spot::Item(at));
                for (n, field) in decl.fields.iter().enumerate() {
                    add(field.name.span, Spot::Field(at, n));
                    let (FieldType::OneOf(options) | FieldType::ManyOf(options)) = &field.ty.value
                    else {
                        continue;
                    };
                    let options = options.iter().enumerate();
                    options.for_each(|(m, option)| add(option.name.span, Spot::Option(at, n, m)));
                }
            }
            _ => {}
        }
    }
    spots
}

/// The options of a field.
fn options(file: &File, item: usize, field: usize) -> &[OptionDecl] {
    let Some(Item::Record(decl)) = file.items.get(item) else { return &[] };
    match decl.fields.get(field).map(|field| &field.ty.value) {
        Some(FieldType::OneOf(options) | FieldType::ManyOf(options)) => options,
        _ => &[],
    }
}

/// The declaration at a spot, which is at this place in the model.
fn declared(file: &mut File, spot: Spot, at: Span) -> Option<Declared<'_>> {
    let (Spot::Item(item)
    | Spot::Role(item, _)
    | Spot::Exit(item, _)
    | Spot::Enter(item, _)
    | Spot::Field(item, _)
    | Spot::Option(item, ..)) = spot;
    let new = |name: Span, span: Span, was| {
        Some(Declared { name, end: span.range().end, is_block: false, was })
    };
    let block =
        |span: Span, was| Some(Declared { name: at, end: span.range().end, is_block: true, was });
    match (file.items.get_mut(item)?, spot) {
        (Item::Stage(decl), Spot::Item(_)) => block(decl.span, &mut decl.was),
        (Item::Stage(decl), Spot::Exit(_, n)) => {
            let found = decl.exit.get_mut(n)?;
            new(found.name.span, found.span, &mut found.was)
        }
        (Item::Stage(decl), Spot::Enter(_, n)) => {
            let found = decl.enter.get_mut(n)?;
            new(found.name.span, found.span, &mut found.was)
        }
        (Item::Team(decl), Spot::Item(_)) => block(decl.span, &mut decl.was),
        (Item::Team(decl), Spot::Role(_, n)) => {
            let found = decl.roles.get_mut(n)?;
            new(at, found.span, &mut found.was)
        }
        (Item::Goal(decl), _) => block(decl.span, &mut decl.was),
        (Item::Record(decl), Spot::Item(_)) => block(decl.span, &mut decl.was),
        (Item::Record(decl), Spot::Field(_, n)) => {
            let found = decl.fields.get_mut(n)?;
            new(at, found.span, &mut found.was)
        }
        (Item::Record(decl), Spot::Option(_, n, m)) => {
            let ty = &mut decl.fields.get_mut(n)?.ty.value;
            let (FieldType::OneOf(options) | FieldType::ManyOf(options)) = ty else { return None };
            let option = options.get_mut(m)?;
            let span = option.title.as_ref().map_or(at, |title| title.span);
            new(at, span, &mut option.was)
        }
        _ => None,
    }
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
