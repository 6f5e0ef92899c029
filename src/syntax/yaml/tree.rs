//! YAML as a tree that knows the place of every key and value.
//!
//! The nodes live in one arena, so that an alias is a reference and never a copy: a file whose
//! anchors multiply to billions of values is refused by counting, not by running out of memory.

use std::borrow::Cow;

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::ast::Comment;

use super::build;

/// A whole file: its documents and comments.
#[derive(Debug)]
pub struct Tree<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) roots: Vec<NodeId>,
    pub(super) comments: Vec<Comment>,
    /// Keys in the parts of the file that could not be read.
    pub(super) lost: Vec<String>,
}

/// Index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(pub(super) u32);

/// A value, key or list, and where it stands.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) span: Span,
    /// Whether a syntax error came before its end.
    pub(super) cut: bool,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// A single value.
    Scalar(Scalar<'a>),
    /// A list.
    Sequence(Vec<NodeId>),
    /// Keys and values.
    Mapping(Mapping),
    /// Stands for the node it names.
    Alias(NodeId),
    /// Something that was reported already; nothing more is to be said about it.
    Broken,
}

/// A single value.
#[derive(Debug)]
pub struct Scalar<'a> {
    /// The value after folding and unescaping.
    pub value: Cow<'a, str>,
    /// How it is written.
    pub style: Style,
    /// How many columns a block scalar is indented; 0 for the other styles.
    pub(super) indent: u32,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// Keys and values in source order; every key is a scalar and stands once.
#[derive(Debug, Default)]
pub struct Mapping {
    pub(super) entries: Vec<(NodeId, NodeId)>,
    /// Whether an entry was left out because something was wrong with it.
    pub damaged: bool,
}

impl<'a> Tree<'a> {
    /// Reads `text`. What is wrong with it is added to `findings`; everything else is in the tree.
    pub fn read(file: FileId, text: &'a str, findings: &mut Vec<Diagnostic>) -> Self {
        build::build(file, text, findings)
    }

    /// The top node of each document.
    pub fn roots(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.roots.iter().map(|id| self.node(*id))
    }

    /// The comments, in source order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    pub(super) fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { tree: self, id }
    }
}

/// A node and the tree it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'t> {
    pub(super) tree: &'t Tree<'t>,
    id: NodeId,
}

impl<'t> NodeRef<'t> {
    /// Where it stands: for an alias, the alias itself.
    pub fn span(self) -> Span {
        self.raw().map_or(Span::start_of(self.tree.file), |node| node.span)
    }

    /// Whether it stands for another node.
    pub fn is_alias(self) -> bool {
        matches!(self.raw().map(|node| &node.kind), Some(Kind::Alias(_)))
    }

    /// The node an alias stands for; any other node is its own.
    pub fn target(self) -> NodeRef<'t> {
        // An alias never stands for another alias, so one step is enough.
        match self.raw().map(|node| &node.kind) {
            Some(Kind::Alias(id)) => self.tree.node(*id),
            _ => self,
        }
    }

    /// What it is, aliases followed.
    pub fn kind(self) -> &'t Kind<'t> {
        self.target().raw().map_or(&Kind::Broken, |node| &node.kind)
    }

    /// Whether it is incomplete because of a syntax error, so that it may look like something it
    /// is not.
    pub fn is_cut(self) -> bool {
        self.target().raw().is_some_and(|node| node.cut)
    }

    /// The scalar, if it is one.
    pub fn scalar(self) -> Option<&'t Scalar<'t>> {
        match self.kind() {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(self) -> Option<impl ExactSizeIterator<Item = NodeRef<'t>>> {
        match self.kind() {
            Kind::Sequence(items) => Some(items.iter().map(move |id| self.tree.node(*id))),
            _ => None,
        }
    }

    /// The keys and values of a mapping.
    pub fn entries(self) -> Option<impl ExactSizeIterator<Item = (NodeRef<'t>, NodeRef<'t>)>> {
        match self.kind() {
            Kind::Mapping(mapping) => Some(
                mapping
                    .entries
                    .iter()
                    .map(move |(key, value)| (self.tree.node(*key), self.tree.node(*value))),
            ),
            _ => None,
        }
    }

    fn raw(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.id.0 as usize)
    }
}
