//! From the parser's events to the tree.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::source::{FileId, Span};
use crate::syntax::ast::Comment;

use super::errors;
use super::tree::{Kind, Mapping, Node, NodeId, Scalar, Style, Tree};
use super::values::is_name;

/// How deep lists and mappings may lie in each other, and aliases in aliases.
pub(super) const MAX_DEPTH: usize = 100;
/// How many values the aliases of one file may stand for altogether.
const MAX_ALIASED: u64 = 1_000_000;
/// Above this many keys a mapping is searched for duplicates by hash.
const HASH_FROM: usize = 12;

/// Reads `text` into a tree.
pub(super) fn build<'a>(file: FileId, text: &'a str, findings: &mut Vec<Diagnostic>) -> Tree<'a> {
    let tree = Tree {
        file,
        text,
        nodes: Vec::new(),
        roots: Vec::new(),
        comments: Vec::new(),
        lost: Vec::new(),
    };
    let mut builder = Builder {
        tree,
        findings,
        stack: Vec::new(),
        anchors: FxHashMap::default(),
        names: Vec::new(),
        aliased: 0,
        exploded: false,
    };
    builder.run();
    builder.tree
}

/// A list or mapping whose end has not come yet.
struct Open<'a> {
    id: NodeId,
    content: Content<'a>,
    flow: bool,
    anchor: usize,
    /// Nodes inside, aliases counted as what they stand for.
    expanded: u64,
    /// The deepest nesting inside.
    height: usize,
    start: usize,
    end: usize,
}

enum Content<'a> {
    Sequence(Vec<NodeId>),
    Mapping { mapping: Mapping, keys: FxHashMap<Cow<'a, str>, NodeId>, next: Next },
}

/// What the next node of a mapping is.
enum Next {
    Key,
    Value(NodeId),
    /// The value of a key that was refused.
    Refused,
}

/// What an alias refers to.
struct Anchor {
    node: NodeId,
    /// Size and height once its end was read; before that, an alias to it lies inside itself.
    closed: Option<(u64, usize)>,
}

struct Builder<'a, 'f> {
    tree: Tree<'a>,
    findings: &'f mut Vec<Diagnostic>,
    stack: Vec<Open<'a>>,
    anchors: FxHashMap<usize, Anchor>,
    /// The anchors of this document by name, for suggestions.
    names: Vec<Cow<'a, str>>,
    aliased: u64,
    exploded: bool,
}

impl<'a> Builder<'a, '_> {
    fn run(&mut self) {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            max_buffered_comment_events: 1_000_000,
        };
        let mut parser = Parser::new_from_str_with_options(self.tree.text, options);
        // Where the parser stopped last, to be sure that it moves on after an error.
        let mut last_error = None;
        loop {
            match parser.next() {
                None => break,
                Some(Ok((event, span))) => self.event(event, &span),
                Some(Err(error)) => {
                    let at = error.marker().byte_offset();
                    let opener = self.stack.iter().rev().find(|open| open.flow).map(|o| o.start);
                    self.findings.push(errors::finding(
                        self.tree.file,
                        self.tree.text,
                        &error,
                        opener,
                    ));
                    self.abandon();
                    self.distrust_last();
                    self.lose(at.unwrap_or(0));
                    if at == last_error || !matches!(parser.proceed_next_document(), Ok(true)) {
                        break;
                    }
                    last_error = at;
                }
            }
        }
        self.abandon();
    }

    fn event(&mut self, event: Event<'a>, span: &granit_parser::Span) {
        let range = span.byte_range().unwrap_or(0..0);
        match event {
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.names.clear();
            }
            Event::Scalar(value, style, anchor, tag) => {
                self.reject_tag(tag.as_deref(), span);
                let kind = scalar(value, style, span, tag.as_deref());
                let mut end = range.end;
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    // A block scalar ends with the last character that says something.
                    let inside = self.tree.text.get(range.clone()).unwrap_or("");
                    end = range.start + inside.trim_end().len();
                }
                let id = self.add(kind, range.start, end);
                self.anchor(anchor, id, Some((1, 0)));
                self.attach(id, 1, 0);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.reject_tag(tag.as_deref(), span);
                self.open(Content::Sequence(Vec::new()), style, anchor, range.start);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.reject_tag(tag.as_deref(), span);
                let content = Content::Mapping {
                    mapping: Mapping::default(),
                    keys: FxHashMap::default(),
                    next: Next::Key,
                };
                self.open(content, style, anchor, range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end, false),
            Event::Alias(target) => self.alias(target, range.start, range.end),
            Event::UnresolvedAlias(name) => {
                let at = self.span(range.start, range.end);
                let message = format!("no anchor `&{name}` before this alias");
                let mut finding = Diagnostic::new(codes::UNKNOWN_NAME, at, message);
                if let Some(near) = closest(&name, self.names.iter().map(AsRef::as_ref)) {
                    finding = finding.help(format!("did you mean `*{near}`?"));
                }
                self.findings.push(finding);
                self.broken(range.start, range.end);
            }
            Event::Anchor(_, name) => self.names.push(name),
            Event::Comment(text, _) => self.comment(&text, range.start, range.end),
            _ => {}
        }
    }

    fn comment(&mut self, text: &str, start: usize, end: usize) {
        let before = self.tree.text.get(..start).unwrap_or("");
        let line = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or(""));
        let text = text.strip_prefix(' ').unwrap_or(text).trim_end();
        self.tree.comments.push(Comment {
            text: text.to_owned(),
            own_line: line.trim().is_empty(),
            opens: line.trim_end().ends_with(':'),
            span: Span::new(self.tree.file, start, start + self.trimmed_len(start, end)),
        });
    }

    fn trimmed_len(&self, start: usize, end: usize) -> usize {
        self.tree.text.get(start..end).map_or(0, |text| text.trim_end().len())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.tree.file, start, end)
    }

    fn add(&mut self, kind: Kind<'a>, start: usize, end: usize) -> NodeId {
        let id = NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        let span = self.span(start, end);
        self.tree.nodes.push(Node { kind, span, cut: false });
        id
    }

    fn anchor(&mut self, anchor: usize, node: NodeId, closed: Option<(u64, usize)>) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node, closed });
        }
    }

    fn open(&mut self, content: Content<'a>, style: StructureStyle, anchor: usize, start: usize) {
        let id = self.add(Kind::Broken, start, start);
        self.anchor(anchor, id, None);
        let flow = style == StructureStyle::Flow;
        self.stack.push(Open {
            id,
            content,
            flow,
            anchor,
            expanded: 1,
            height: 0,
            start,
            end: start,
        });
    }

    fn close(&mut self, end: usize, cut: bool) {
        let Some(open) = self.stack.pop() else { return };
        // The end of a block is only noticed at the next token: its last child tells better.
        let end = if open.flow { end } else { open.end };
        let kind = match open.content {
            Content::Sequence(items) => Kind::Sequence(items),
            Content::Mapping { mapping, .. } => Kind::Mapping(mapping),
        };
        let span = self.span(open.start, end);
        if let Some(node) = self.tree.nodes.get_mut(open.id.0 as usize) {
            *node = Node { kind, span, cut };
        }
        self.anchor(open.anchor, open.id, Some((open.expanded, open.height)));
        self.attach(open.id, open.expanded, open.height);
    }

    /// What was read just before an error may be half of something: nothing is to be said of it.
    fn distrust_last(&mut self) {
        if let Some(node) = self.tree.nodes.last_mut()
            && matches!(node.kind, Kind::Scalar(_) | Kind::Null)
        {
            node.kind = Kind::Broken;
        }
    }

    /// Ends a document in the middle: what was read stays, marked as incomplete.
    fn abandon(&mut self) {
        while let Some(open) = self.stack.last_mut() {
            let end = open.end;
            if let Content::Mapping { mapping, next, .. } = &mut open.content {
                mapping.damaged = true;
                if let Next::Value(key) = next
                    && let Some(Node { kind: Kind::Scalar(key), .. }) =
                        self.tree.nodes.get(key.0 as usize)
                {
                    self.tree.lost.push(key.value.to_string());
                }
            }
            self.close(end, true);
        }
    }

    /// Remembers the keys from `at` to the end of the document, which is not read.
    fn lose(&mut self, at: usize) {
        let rest = self.tree.text.get(at..).unwrap_or("");
        let rest = rest.split("\n---").next().unwrap_or("");
        for line in rest.lines() {
            let mut parts = line.split(':').peekable();
            while let Some(part) = parts.next() {
                let word = part.rsplit([' ', '{', ',', '\t']).next().unwrap_or("");
                if parts.peek().is_some() && is_name(word) {
                    self.tree.lost.push(word.to_owned());
                }
            }
        }
    }

    fn alias(&mut self, target: usize, start: usize, end: usize) {
        let Some(Anchor { node, closed }) = self.anchors.get(&target) else {
            return self.broken(start, end);
        };
        let node = *node;
        let Some((expanded, height)) = *closed else {
            let message = "this alias stands inside the value it stands for";
            self.refuse(start, end, message, "give the inner value its own text");
            return self.broken(start, end);
        };
        self.aliased = self.aliased.saturating_add(expanded);
        let too_many = self.aliased > MAX_ALIASED;
        if too_many || self.stack.len() + height > MAX_DEPTH * 2 {
            if !self.exploded {
                self.exploded = true;
                let message = if too_many {
                    "the aliases of this file stand for more than a million values"
                } else {
                    "the aliases of this file are nested too deep"
                };
                self.refuse(start, end, message, "write the values out, or refer to fewer of them");
            }
            return self.broken(start, end);
        }
        let id = self.add(Kind::Alias(node), start, end);
        self.attach(id, expanded, height);
    }

    fn refuse(&mut self, start: usize, end: usize, message: &str, help: &str) {
        let span = self.span(start, end);
        self.findings.push(Diagnostic::new(codes::SYNTAX_ERROR, span, message).help(help));
    }

    fn broken(&mut self, start: usize, end: usize) {
        let id = self.add(Kind::Broken, start, end);
        self.attach(id, 1, 0);
    }

    fn reject_tag(&mut self, tag: Option<&Tag>, span: &granit_parser::Span) {
        let Some(tag) = tag else { return };
        if tag.is_yaml_core_schema() || tag.suffix().is_empty() || tag.suffix() == "!" {
            return;
        }
        let at = span.tag_span().and_then(|at| at.byte_range());
        let at = at.or_else(|| span.byte_range()).unwrap_or(0..0);
        let message = format!("the tag `{}` means nothing here", tag.original());
        self.refuse(at.start, at.end, &message, "remove it");
    }

    /// Puts a finished node where it belongs.
    fn attach(&mut self, id: NodeId, expanded: u64, height: usize) {
        let span = self.tree.nodes.get(id.0 as usize).map(|node| node.span);
        let Some(open) = self.stack.last_mut() else {
            self.tree.roots.push(id);
            return;
        };
        open.expanded = open.expanded.saturating_add(expanded);
        open.height = open.height.max(height + 1);
        open.end = open.end.max(span.map_or(0, |span| span.end as usize));
        match &mut open.content {
            Content::Sequence(items) => items.push(id),
            Content::Mapping { mapping, keys, next } => {
                *next = match std::mem::replace(next, Next::Key) {
                    Next::Key => match key(&self.tree, mapping, keys, id, self.findings) {
                        true => Next::Value(id),
                        false => {
                            mapping.damaged = true;
                            Next::Refused
                        }
                    },
                    Next::Value(key) => {
                        mapping.entries.push((key, id));
                        Next::Key
                    }
                    Next::Refused => Next::Key,
                };
            }
        }
    }
}

fn scalar<'a>(
    value: Cow<'a, str>,
    style: ScalarStyle,
    span: &granit_parser::Span,
    tag: Option<&Tag>,
) -> Kind<'a> {
    let style = match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    };
    let null = matches!(value.as_ref(), "" | "~" | "null" | "Null" | "NULL");
    if style == Style::Plain && null && !tag.is_some_and(|t| t.is_yaml_core_schema_tag("str")) {
        return Kind::Null;
    }
    let block = matches!(style, Style::Literal | Style::Folded);
    let indent = if block { span.indent.unwrap_or(0) } else { 0 };
    Kind::Scalar(Scalar { value, style, indent: u32::try_from(indent).unwrap_or(0) })
}

/// Whether a node may be the next key of a mapping; if not, says why.
fn key<'a>(
    tree: &Tree<'a>,
    mapping: &Mapping,
    keys: &mut FxHashMap<Cow<'a, str>, NodeId>,
    id: NodeId,
    findings: &mut Vec<Diagnostic>,
) -> bool {
    let Some(node) = tree.nodes.get(id.0 as usize) else { return false };
    let scalar = match &node.kind {
        Kind::Scalar(scalar) => scalar,
        Kind::Broken => return false,
        _ => {
            let finding = Diagnostic::new(codes::SYNTAX_ERROR, node.span, "a key must be a word");
            findings.push(finding.help("a text with `{` or `[` in it needs quotes"));
            return false;
        }
    };
    if scalar.value == "<<" && scalar.style == Style::Plain {
        let message = "the merge key `<<` is not supported";
        findings.push(
            Diagnostic::new(codes::UNKNOWN_PROPERTY, node.span, message).help(
                "write the keys out, or let one key stand for a whole value: `exit: *common`",
            ),
        );
        return false;
    }
    let value_of = |id: NodeId| match tree.nodes.get(id.0 as usize).map(|node| &node.kind) {
        Some(Kind::Scalar(scalar)) => Some(&scalar.value),
        _ => None,
    };
    let first = if mapping.entries.len() < HASH_FROM {
        let mut entries = mapping.entries.iter();
        entries.find(|(key, _)| value_of(*key) == Some(&scalar.value)).map(|(key, _)| *key)
    } else {
        if keys.is_empty() {
            for (key, _) in &mapping.entries {
                keys.extend(value_of(*key).map(|value| (value.clone(), *key)));
            }
        }
        let first = keys.get(&scalar.value).copied();
        if first.is_none() {
            keys.insert(scalar.value.clone(), id);
        }
        first
    };
    let Some(first) = first else { return true };
    let message = format!("`{}` is given twice", errors::shorten(&scalar.value));
    let mut finding = Diagnostic::new(codes::DUPLICATE_PROPERTY, node.span, message);
    if let Some(first) = tree.nodes.get(first.0 as usize) {
        finding = finding.label(first.span, "first given here");
    }
    findings.push(finding.help("keep one of them"));
    false
}
