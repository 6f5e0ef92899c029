//! A file as blocks and items, with comments where they belong and blank lines remembered.

use super::super::dsl::parser::{Pair, Rule, read as parse};
use super::super::dsl::split::scan;
use super::tokens::{Token, is_property, tokens};

/// A list of entries: a file, or what stands between braces.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    /// Comments before the closing brace, each with whether a blank line precedes it.
    pub(super) dangling: Vec<(bool, String)>,
}

/// An item with the comments that belong to it.
#[derive(Debug)]
pub(super) struct Entry {
    /// A blank line stands before it and its comments.
    pub(super) blank_before: bool,
    /// Comments above it, each with whether a blank line follows.
    pub(super) leading: Vec<(String, bool)>,
    pub(super) body: Body,
    /// The comment behind it.
    pub(super) trailing: Option<String>,
}

/// What an entry is.
#[derive(Debug)]
pub(super) enum Body {
    /// A single item.
    Item { class: Class, tokens: Vec<Token> },
    /// An item with braces.
    Block {
        head: Vec<Token>,
        /// The comment behind the opening brace.
        opening: Option<String>,
        /// The author wrote the first item beside the brace.
        beside: bool,
        entries: Entries,
    },
}

/// Items of one class are aligned with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Keyword and value.
    Property,
    /// Name, type, the rest.
    Field,
    /// Name, title, condition.
    Criterion,
    /// Not aligned.
    Free,
}

struct Comment {
    text: String,
    start: usize,
    end: usize,
}

struct Reader<'s> {
    source: &'s str,
    comments: std::iter::Peekable<std::vec::IntoIter<Comment>>,
}

/// Reads a file that is known to follow the grammar; `None` if it does not after all.
pub(super) fn read(source: &str) -> Option<Entries> {
    let scan = scan(source);
    let blanked = scan.blank(source);
    let file = parse(Rule::file, &blanked)?.next()?;
    let comments: Vec<Comment> = scan
        .comments
        .iter()
        .map(|range| Comment {
            text: source.get(range.clone()).unwrap_or("").trim_end().to_owned(),
            start: range.start,
            end: range.end,
        })
        .collect();
    let mut reader = Reader { source: &blanked, comments: comments.into_iter().peekable() };
    let items: Vec<Pair<'_>> =
        file.into_inner().filter(|pair| pair.as_rule() != Rule::EOI).collect();
    Some(reader.entries(items, 0, source.len()))
}

impl<'s> Reader<'s> {
    /// The entries of a list that stands in `start..end`.
    fn entries(&mut self, items: Vec<Pair<'s>>, start: usize, end: usize) -> Entries {
        let mut list = Entries::default();
        let mut last = start;
        for item in items {
            let first = item.as_span().start();
            let mut leading: Vec<(String, bool)> = Vec::new();
            let mut blank_before = false;
            while let Some(comment) = self.comments.next_if(|comment| comment.start < first) {
                let blank = self.blank_between(last, comment.start);
                match leading.last_mut() {
                    None => blank_before = blank,
                    Some((_, follows)) => *follows = blank,
                }
                last = comment.end;
                leading.push((comment.text, false));
            }
            let blank = self.blank_between(last, first);
            match leading.last_mut() {
                None => blank_before = blank,
                Some((_, follows)) => *follows = blank,
            }
            let (body, body_end) = self.body(item);
            let trailing = self.trailing(body_end);
            last = trailing.as_ref().map_or(body_end, |(_, end)| *end);
            list.entries.push(Entry {
                blank_before: blank_before && !list.entries.is_empty(),
                leading,
                body,
                trailing: trailing.map(|(text, _)| text),
            });
        }
        while let Some(comment) = self.comments.next_if(|comment| comment.start < end) {
            let blank = self.blank_between(last, comment.start);
            let first = list.entries.is_empty() && list.dangling.is_empty();
            last = comment.end;
            list.dangling.push((blank && !first, comment.text));
        }
        list
    }

    fn body(&mut self, item: Pair<'s>) -> (Body, usize) {
        let rule = item.as_rule();
        let is_block = matches!(
            rule,
            Rule::process
                | Rule::team
                | Rule::record
                | Rule::stage
                | Rule::goal
                | Rule::feedback
                | Rule::score
                | Rule::route
                | Rule::term
                | Rule::play
                | Rule::exit
                | Rule::enter
        );
        if is_block {
            return self.block(item);
        }
        let mut tokens = tokens(self.source, &item);
        let end = tokens.last().map_or(item.as_span().end(), |token| token.end);
        // Comments inside the item stay behind the word they follow.
        while let Some(comment) = self.comments.next_if(|comment| comment.start < end) {
            if let Some(token) = tokens.iter_mut().rev().find(|token| token.end <= comment.start) {
                token.comments.push(comment.text);
            }
        }
        let class = match rule {
            Rule::field => Class::Field,
            Rule::criterion => Class::Criterion,
            _ if is_property(rule) => Class::Property,
            _ => Class::Free,
        };
        (Body::Item { class, tokens }, end)
    }

    fn block(&mut self, item: Pair<'s>) -> (Body, usize) {
        let mut head: Vec<Token> = Vec::new();
        let mut items: Vec<Pair<'s>> = Vec::new();
        let mut close = item.as_span().end();
        let mut parts: Vec<Pair<'s>> = Vec::new();
        for part in item.into_inner() {
            match part.as_rule() {
                Rule::criteria => parts.extend(part.into_inner()),
                _ => parts.push(part),
            }
        }
        for part in parts {
            match part.as_rule() {
                Rule::close_brace => close = part.as_span().start(),
                rule if items.is_empty() && is_head(rule) => {
                    let mut own = tokens(self.source, &part);
                    if let Some(token) = own.first_mut() {
                        token.glued = head.is_empty();
                    }
                    head.extend(own);
                }
                _ => items.push(part),
            }
        }
        let head_end = head.last().map_or(0, |token| token.end);
        let open = self.find_brace(head_end, close);
        // Comments between the head and its brace go above what they were written beside.
        while let Some(comment) = self.comments.next_if(|comment| comment.start < open) {
            if let Some(token) = head.iter_mut().rev().find(|token| token.end <= comment.start) {
                token.comments.push(comment.text);
            }
        }
        let beside = items.first().is_some_and(|first| {
            let gap = self.source.get(open..first.as_span().start()).unwrap_or("");
            !gap.contains(['\n', '\r'])
        });
        let opening = self.trailing(open + 1);
        let start = opening.as_ref().map_or(open + 1, |(_, end)| *end);
        let entries = self.entries(items, start, close);
        let body = Body::Block { head, opening: opening.map(|(text, _)| text), beside, entries };
        (body, close + 1)
    }

    /// Where the `{` behind a head stands.
    fn find_brace(&self, from: usize, to: usize) -> usize {
        let gap = self.source.get(from..to).unwrap_or("");
        let mut comment = false;
        for (index, sign) in gap.char_indices() {
            match sign {
                '\n' | '\r' => comment = false,
                '#' => comment = true,
                '{' if !comment => return from + index,
                _ => {}
            }
        }
        from
    }

    /// The comment that stands behind `end` on the same line, and where it ends.
    fn trailing(&mut self, end: usize) -> Option<(String, usize)> {
        let source = self.source;
        let comment = self.comments.next_if(|comment| {
            comment.start >= end
                && source
                    .get(end..comment.start)
                    .is_some_and(|gap| gap.chars().all(|c| matches!(c, ' ' | '\t')))
        })?;
        Some((comment.text, comment.end))
    }

    /// Whether a blank line stands between two places.
    fn blank_between(&self, from: usize, to: usize) -> bool {
        self.source.get(from..to).is_some_and(|gap| {
            // Whichever of the two ends lines here.
            ['\n', '\r'].into_iter().any(|end| gap.matches(end).count() > 1)
        })
    }
}

/// Parts of a block before its brace.
fn is_head(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::name
            | Rule::text
            | Rule::kw_process
            | Rule::kw_team
            | Rule::kw_record
            | Rule::kw_stage
            | Rule::kw_goal
            | Rule::kw_feedback
            | Rule::kw_score
            | Rule::kw_route
            | Rule::kw_term
            | Rule::kw_play
            | Rule::kw_from
            | Rule::kw_of
            | Rule::kw_exit
            | Rule::kw_enter
            | Rule::kw_when
    )
}
