//! `term`, `play` and `retired`.

use crate::source::Spanned;
use crate::syntax::ast::{Name, PlayDecl, RetiredDecl, RetiredKind, Successor, TermDecl};

use super::blocks::{PLAY, TERM};
use super::builder::{Builder, Seen};
use super::parser::{Pair, Rule, part};

impl Builder<'_> {
    pub(super) fn term(&mut self, pair: Pair<'_>) -> TermDecl {
        let span = self.span(&pair);
        let mut term = TermDecl {
            name: Name::new("", span),
            title: None,
            means: None,
            see: Vec::new(),
            also: Vec::new(),
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &TERM) {
            match item.as_rule() {
                Rule::name => term.name = self.name(&item),
                Rule::text => term.title = Some(self.text(item)),
                Rule::means if self.first(&mut seen, &item) => term.means = self.text_of(item),
                Rule::see if self.first(&mut seen, &item) => term.see = self.names_of(item),
                Rule::also if self.first(&mut seen, &item) => term.also = self.labels_of(item),
                Rule::was => term.was.extend(self.names_of(item)),
                Rule::waive => term.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        term
    }

    pub(super) fn play(&mut self, pair: Pair<'_>) -> PlayDecl {
        let span = self.span(&pair);
        let mut play = PlayDecl {
            name: Name::new("", span),
            title: None,
            stages: Vec::new(),
            by: Vec::new(),
            when: None,
            steps: None,
            about: None,
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &PLAY) {
            match item.as_rule() {
                Rule::name => play.name = self.name(&item),
                Rule::text => play.title = Some(self.text(item)),
                Rule::play_for if self.first(&mut seen, &item) => {
                    play.stages = self.names_of(item);
                }
                Rule::play_by if self.first(&mut seen, &item) => play.by = self.names_of(item),
                Rule::when if self.first(&mut seen, &item) => play.when = self.expr_of(item),
                Rule::steps if self.first(&mut seen, &item) => play.steps = self.text_of(item),
                Rule::about if self.first(&mut seen, &item) => play.about = self.text_of(item),
                Rule::was => play.was.extend(self.names_of(item)),
                Rule::waive => play.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        play
    }

    pub(super) fn retired(&mut self, pair: Pair<'_>) -> Option<RetiredDecl> {
        let span = self.span(&pair);
        let (mut kind, mut name, mut into, mut since) = (None, None, Vec::new(), None);
        let mut seen = Seen::default();
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::retired_kind => {
                    let span = self.span(&item);
                    kind = RetiredKind::ALL
                        .into_iter()
                        .find(|kind| kind.word() == item.as_str())
                        .map(|kind| Spanned::new(kind, span));
                }
                Rule::path => name = Some(self.path(item)),
                Rule::retired_into if self.first(&mut seen, &item) => {
                    into = self.successors(item.into_inner());
                }
                Rule::retired_since if self.first(&mut seen, &item) => {
                    since = part(item, Rule::date).and_then(|date| self.date(&date));
                }
                _ => {}
            }
        }
        Some(RetiredDecl { kind: kind?, name: name?, into, since, span })
    }

    /// `evaluation when amount is present, inquiry`
    pub(super) fn successors<'p>(
        &mut self,
        pairs: impl Iterator<Item = Pair<'p>>,
    ) -> Vec<Successor> {
        let mut successors = Vec::new();
        for pair in pairs.filter(|pair| pair.as_rule() == Rule::successor) {
            let (mut to, mut when) = (None, None);
            let mut whole = true;
            for item in pair.into_inner() {
                match item.as_rule() {
                    Rule::path => to = Some(self.path(item)),
                    Rule::when => {
                        when = self.expr_of(item);
                        whole = when.is_some();
                    }
                    _ => {}
                }
            }
            if whole {
                successors.extend(to.map(|to| Successor { to, when }));
            }
        }
        successors
    }
}
