//! What the plain parser gives. Named and used like the pairs of pest.

use std::rc::Rc;

use crate::Rule;

/// A rule that matched, before the nodes of what is inside of it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) rule: Rule,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Index of the first node behind it and its inside.
    pub(crate) next: u32,
}

/// A piece of text and the rule it follows.
#[derive(Clone, Debug)]
pub struct Pair<'t> {
    nodes: Rc<Vec<Node>>,
    text: &'t str,
    index: usize,
}

/// Where a piece of text begins and ends, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    start: usize,
    end: usize,
}

impl Extent {
    /// The first byte.
    #[inline]
    pub fn start(&self) -> usize {
        self.start
    }

    /// One past the last byte.
    #[inline]
    pub fn end(&self) -> usize {
        self.end
    }
}

impl<'t> Pair<'t> {
    #[inline]
    fn node(&self) -> &Node {
        &self.nodes[self.index]
    }

    /// The rule.
    #[inline]
    pub fn as_rule(&self) -> Rule {
        self.node().rule
    }

    /// The place of the text.
    #[inline]
    pub fn as_span(&self) -> Extent {
        let node = self.node();
        Extent { start: node.start as usize, end: node.end as usize }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &'t str {
        let Extent { start, end } = self.as_span();
        self.text.get(start..end).unwrap_or("")
    }

    /// The pairs of the rules inside of this one.
    #[inline]
    pub fn into_inner(self) -> Pairs<'t> {
        let (index, end) = (self.index + 1, self.node().next as usize);
        Pairs { nodes: self.nodes, text: self.text, index, end }
    }
}

/// Pairs that follow each other.
#[derive(Clone, Debug)]
pub struct Pairs<'t> {
    nodes: Rc<Vec<Node>>,
    text: &'t str,
    index: usize,
    end: usize,
}

impl<'t> Pairs<'t> {
    /// All there are.
    pub(crate) fn all(nodes: Rc<Vec<Node>>, text: &'t str) -> Self {
        let end = nodes.len();
        Self { nodes, text, index: 0, end }
    }
}

impl<'t> Iterator for Pairs<'t> {
    type Item = Pair<'t>;

    #[inline]
    fn next(&mut self) -> Option<Pair<'t>> {
        if self.index >= self.end {
            return None;
        }
        let pair = Pair { nodes: Rc::clone(&self.nodes), text: self.text, index: self.index };
        self.index = pair.node().next as usize;
        Some(pair)
    }
}
