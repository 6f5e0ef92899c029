//! The declarations of a file.

use crate::source::Span;
use crate::syntax::ast::{Item, Name, Text};

use super::builder::Builder;
use super::parser::{Pair, Rule};

impl Builder<'_> {
    /// The declarations in a pair of `Rule::file`.
    pub(super) fn file_items(&mut self, file: Pair<'_>) -> Vec<Item> {
        let mut items = Vec::new();
        for pair in file.into_inner() {
            items.append(&mut self.declaration(pair));
        }
        items
    }

    /// A declaration. A region that is none may hold several that can be made out, or none.
    pub(super) fn declaration(&mut self, pair: Pair<'_>) -> Vec<Item> {
        self.broken = false;
        self.spoilt.clear();
        self.block = pair.as_span().start();
        let rule = pair.as_rule();
        if rule == Rule::bad_declaration {
            return self.bad_declaration(&pair);
        }
        self.expects_close = false;
        let mut item = match rule {
            Rule::process | Rule::body_process => Item::Process(self.process(pair)),
            Rule::team | Rule::body_team => Item::Team(self.team(pair)),
            Rule::record | Rule::body_record => Item::Record(self.record(pair)),
            Rule::stage | Rule::body_stage => Item::Stage(Box::new(self.stage(pair))),
            Rule::goal | Rule::body_goal => Item::Goal(self.goal(pair)),
            Rule::feedback | Rule::body_feedback => Item::Feedback(self.feedback(pair)),
            Rule::score | Rule::body_score => Item::Score(self.score(pair)),
            Rule::route | Rule::body_route => Item::Route(self.route(pair)),
            Rule::term | Rule::body_term => Item::Term(self.term(pair)),
            Rule::play | Rule::body_play => Item::Play(self.play(pair)),
            Rule::retired => return self.retired(pair).map(Item::Retired).into_iter().collect(),
            Rule::reserved => {
                let word = pair.as_str().split(|c: char| !c.is_ascii_lowercase()).next();
                self.reserved(pair.as_span().start(), word.unwrap_or(""));
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        if self.broken
            && let Some(head) = head_of(&mut item)
        {
            *head.broken = true;
        }
        vec![item]
    }
}

/// What every declaration with a block has.
pub(super) struct Head<'i> {
    pub(super) name: &'i mut Name,
    pub(super) title: &'i mut Option<Text>,
    pub(super) broken: &'i mut bool,
    pub(super) span: &'i mut Span,
}

/// Name, title, mark and span of a declaration; `retired` has no block.
pub(super) fn head_of(item: &mut Item) -> Option<Head<'_>> {
    macro_rules! head {
        ($declaration:ident, $name:ident) => {
            Some(Head {
                name: &mut $declaration.$name,
                title: &mut $declaration.title,
                broken: &mut $declaration.broken,
                span: &mut $declaration.span,
            })
        };
    }
    match item {
        Item::Process(d) => head!(d, name),
        Item::Team(d) => head!(d, name),
        Item::Record(d) => head!(d, name),
        Item::Stage(d) => head!(d, name),
        Item::Goal(d) => head!(d, name),
        Item::Feedback(d) => head!(d, name),
        Item::Score(d) => head!(d, name),
        Item::Route(d) => head!(d, stage),
        Item::Term(d) => head!(d, name),
        Item::Play(d) => head!(d, name),
        Item::Retired(_) => None,
    }
}
