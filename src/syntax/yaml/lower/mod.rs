//! From the tree to declarations: the same `ast::File` the DSL gives.
//!
//! One file a construct. Each reads the entries of its mapping in source order; what may stand
//! where, and what is missing, the reader has already checked against the tables.

mod clause;
mod condition;
mod goal;
mod process;
mod record;
mod score;
mod stage;
mod transition;

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::ast::{File, Item, Name, Text, Waive};

use super::reader::{Codes, Entry, Reader};
use super::table::{FILE, Shape, WAIVE};
use super::tree::{Kind, NodeRef, Tree};

/// Lowers every document of a file.
pub(super) fn lower(tree: &Tree<'_>) -> (File, Vec<Diagnostic>) {
    let mut reader = Reader::new(tree, Codes::NOTATION);
    reader.language = main_language(tree);
    let mut items = Vec::new();
    for root in tree.roots() {
        let start = Span { end: root.span().start, ..root.span() };
        for entry in reader.open(&FILE, root, "the file", start).unwrap_or_default() {
            section(&mut reader, entry, &mut items);
        }
    }
    let mut lost = std::mem::take(&mut reader.lost);
    lost.extend(tree.lost.iter().cloned());
    let file = File { id: tree.file, items, comments: tree.comments().to_vec(), lost };
    (file, reader.findings)
}

/// The first of the process's languages, when this file tells them.
fn main_language<'t>(tree: &'t Tree<'t>) -> Option<&'t str> {
    fn get<'t>(node: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
        let mut entries = node.entries()?;
        entries.find(|(at, _)| at.scalar().is_some_and(|s| s.value == key)).map(|(_, value)| value)
    }
    let mut languages = tree.roots().filter_map(|root| get(get(root, "process")?, "languages"));
    let languages = languages.next()?;
    let first = match languages.items() {
        Some(mut items) => items.next()?,
        None => languages,
    };
    first.scalar().map(|scalar| scalar.value.as_ref())
}

fn section<'t>(reader: &mut Reader<'t>, entry: Entry<'t>, items: &mut Vec<Item>) {
    let (at, node) = (entry.at, entry.value);
    match entry.key.name {
        "process" => items.extend(process::process(reader, at, node).map(Item::Process)),
        "retired" => {
            for item in reader.list(node, &Shape::Table(&super::table::RETIRED)) {
                items.extend(goal::retired(reader, item).map(Item::Retired));
            }
        }
        name => {
            let declaration = Shape::Table(&FILE);
            reader.named(node, &declaration, |reader, key_name, key, body| {
                let span = block_span(reader, key, body);
                reader.begin();
                let item = match name {
                    "teams" => Item::Team(process::team(reader, key_name, span, body)),
                    "records" => Item::Record(record::record(reader, key_name, span, body)),
                    "stages" => Item::Stage(Box::new(stage::stage(reader, key_name, span, body))),
                    "goals" => Item::Goal(goal::goal(reader, key_name, span, body)),
                    "feedback" => Item::Feedback(goal::feedback(reader, key_name, span, body)),
                    "scores" => Item::Score(score::score(reader, key_name, span, body)),
                    "routes" => Item::Route(score::route(reader, key_name, span, body)),
                    "terms" => Item::Term(goal::term(reader, key_name, span, body)),
                    _ => Item::Play(goal::play(reader, key_name, span, body)),
                };
                items.push(item);
            });
        }
    }
}

/// Where a declaration stands: from its name over its body to the end of the comments in it. Those
/// are the one beside its last value, and the lines behind it that are indented more than the name.
fn block_span(reader: &Reader<'_>, key: NodeRef<'_>, body: NodeRef<'_>) -> Span {
    let whole = key.span().to(body.span());
    let text = reader.tree.text;
    let column = |at: u32| {
        let before = text.get(..at as usize).unwrap_or("");
        before.len() - before.rfind('\n').map_or(0, |line| line + 1)
    };
    let comments = reader.tree.comments();
    let behind = comments.partition_point(|comment| comment.span.start < whole.end);
    let mut end = whole.end;
    for comment in comments.iter().skip(behind) {
        let gap = text.get(end as usize..comment.span.start as usize).unwrap_or("");
        let is_next = gap.bytes().all(|byte| byte.is_ascii_whitespace());
        let is_beside = !comment.own_line && !gap.contains('\n');
        if !is_next || !(is_beside || column(comment.span.start) > column(key.span().start)) {
            break;
        }
        end = comment.span.end;
    }
    Span { end, ..whole }
}

/// What nearly every declaration has.
#[derive(Default)]
struct Common {
    title: Option<Text>,
    about: Option<Text>,
    was: Vec<Name>,
    waivers: Vec<Waive>,
}

impl Common {
    /// Takes an entry that many declarations share.
    fn read<'t>(&mut self, reader: &mut Reader<'t>, entry: Entry<'t>) {
        match entry.key.name {
            "title" => self.title = reader.text(entry.value),
            "about" => self.about = reader.text(entry.value),
            "was" => self.was = reader.names(entry.value),
            "waive" => self.waivers = waivers(reader, entry.value),
            other => debug_assert!(false, "nothing reads `{other}`"),
        }
    }
}

fn waivers<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Waive> {
    let items = reader.list(node, &Shape::Table(&WAIVE));
    items.into_iter().filter_map(|item| waive(reader, item)).collect()
}

fn waive<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Waive> {
    let span = node.span();
    let (mut rule, mut reason, mut until) = (None, None, None);
    for entry in reader.open(&WAIVE, node, "this waiver", span)? {
        match entry.key.name {
            "rule" => {
                rule = reader.scalar(entry.value).map(|(s, at)| Name::new(s.value.as_ref(), at));
            }
            "reason" => reason = reader.text(entry.value),
            _ => until = reader.date(entry.value),
        }
    }
    Some(Waive { rule: rule?, reason: reason?, until, span })
}

/// Whether an alias or its target could not be read; said already.
fn is_broken(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), Kind::Broken)
}
