//! The `stage` declaration: properties, criteria, transitions, handoffs.

use crate::source::Spanned;
use crate::syntax::ast::{
    Accept, AcceptElse, Criterion, Entry, Forecast, HandoffDecl, Limit, Name, Outcome, StageDecl,
    Starts, Status, TransitionDecl, TransitionEnds, TransitionKind,
};

use super::blocks::{CRITERIA, STAGE};
use super::builder::{Builder, Seen};
use super::parser::{Pair, Rule, part};

/// The words of [`Outcome`].
pub(super) const OUTCOMES: &[&str] = &["won", "lost", "void"];
/// The words of [`Forecast`].
pub(super) const FORECASTS: &[&str] =
    &["omitted", "pipeline", "best_case", "most_likely", "commit", "closed"];
/// The words of [`Status`].
pub(super) const STATUSES: &[&str] = &["draft", "active"];

impl Builder<'_> {
    pub(super) fn stage(&mut self, pair: Pair<'_>) -> StageDecl {
        let mut stage = empty(self.span(&pair));
        let mut seen = Seen::default();
        for item in self.items(pair, &STAGE) {
            self.stage_item(&mut stage, &mut seen, item);
        }
        stage
    }

    fn stage_item(&mut self, stage: &mut StageDecl, seen: &mut Seen, item: Pair<'_>) {
        let rule = item.as_rule();
        let once = matches!(
            rule,
            Rule::stage_record
                | Rule::entry
                | Rule::support
                | Rule::purpose
                | Rule::next
                | Rule::channels
                | Rule::content
                | Rule::collect
                | Rule::limit
                | Rule::outcome
                | Rule::final_
                | Rule::probability
                | Rule::forecast
                | Rule::status
        );
        if once && !self.first(seen, &item) {
            return;
        }
        match rule {
            Rule::name => stage.name = self.name(&item),
            Rule::text => stage.title = Some(self.text(item)),
            Rule::stage_record => stage.record = self.name_of(item),
            Rule::entry => {
                let span = self.span(&item);
                stage.entry = Some(Entry { sources: self.labels_of(item), span });
            }
            Rule::owner => stage.owners.extend(self.names_of(item)),
            Rule::support => stage.support = self.names_of(item),
            Rule::purpose => stage.purpose = self.text_of(item),
            Rule::next => stage.next = self.text_of(item),
            Rule::channels => stage.channels = self.labels_of(item),
            Rule::content => stage.content = self.labels_of(item),
            Rule::collect => stage.collect = self.paths_of(item),
            Rule::limit => {
                let span = self.span(&item);
                stage.limit = part(item, Rule::limit_terms)
                    .and_then(|terms| self.limit_terms(terms))
                    .map(|limit| Limit { span, ..limit });
            }
            Rule::exit => self.criteria(item, &mut stage.exit),
            Rule::enter => self.criteria(item, &mut stage.enter),
            Rule::advance | Rule::recycle | Rule::lose => {
                let kind = match rule {
                    Rule::advance => TransitionKind::Advance,
                    Rule::recycle => TransitionKind::Recycle,
                    _ => TransitionKind::Lose,
                };
                let span = self.span(&item);
                let parts = self.sound_parts(item);
                stage.transitions.extend(self.transition(parts.into_iter(), Some(kind), span));
            }
            Rule::incoming => {
                let span = self.span(&item);
                let parts = self.sound_parts(item);
                stage.transitions.extend(self.incoming(parts.into_iter(), span));
            }
            Rule::outcome => {
                stage.outcome = self.word_of(item, "outcome", OUTCOMES, Outcome::from_word);
            }
            Rule::final_ => stage.is_final = Some(self.span(&item)),
            Rule::probability => {
                stage.probability = part(item, Rule::percent).and_then(|p| self.number(&p));
            }
            Rule::forecast => {
                let names = part(item, Rule::names).into_iter().flat_map(Pair::into_inner);
                for name in names.filter(|part| part.as_rule() == Rule::name) {
                    let word =
                        self.word(&name, "forecast category", FORECASTS, Forecast::from_word);
                    let span = self.span(&name);
                    stage.forecast.extend(word.map(|word| Spanned::new(word, span)));
                }
            }
            Rule::starts => stage.starts.extend(self.starts(item.into_inner())),
            Rule::status => {
                stage.status = self.word_of(item, "status", STATUSES, Status::from_word);
            }
            Rule::was => stage.was.extend(self.names_of(item)),
            Rule::waive => stage.waivers.extend(self.waive(item)),
            _ => {}
        }
    }

    /// `renewal at open`
    pub(super) fn starts<'p>(&mut self, pairs: impl Iterator<Item = Pair<'p>>) -> Option<Starts> {
        let mut names = pairs.filter(|part| part.as_rule() == Rule::name);
        let record = names.next().map(|name| self.name(&name))?;
        let at = names.next().map(|name| self.name(&name))?;
        Some(Starts { record, at })
    }

    /// `2 business days target 4 business hours escalate to manager`
    pub(super) fn limit_terms(&mut self, pair: Pair<'_>) -> Option<Limit> {
        let span = self.span(&pair);
        let mut seen = Seen::default();
        let (mut duration, mut target, mut escalate_to) = (None, None, None);
        for term in pair.into_inner() {
            match term.as_rule() {
                Rule::duration => duration = self.duration(term),
                Rule::limit_target if self.first(&mut seen, &term) => {
                    target = self.duration_of(term);
                }
                Rule::escalate if self.first(&mut seen, &term) => {
                    escalate_to = self.name_of(term);
                }
                _ => {}
            }
        }
        Some(Limit { duration: duration?, target, escalate_to, span })
    }

    fn criteria(&mut self, pair: Pair<'_>, criteria: &mut Vec<Criterion>) {
        let around = std::mem::replace(&mut self.block, pair.as_span().start());
        let list = part(pair, Rule::criteria).map(|list| self.items(list, &CRITERIA));
        for item in list.unwrap_or_default() {
            if item.as_rule() == Rule::criterion {
                criteria.extend(self.criterion(item));
            }
        }
        self.block = around;
    }

    fn criterion(&mut self, pair: Pair<'_>) -> Option<Criterion> {
        let span = self.span(&pair);
        let mut seen = Seen::default();
        let (mut name, mut title, mut condition) = (None, None, None);
        let (mut applies, mut evidence, mut was) = (None, None, Vec::new());
        let mut whole = true;
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::name => name = Some(self.name(&item)),
                Rule::text => title = Some(self.text(item)),
                Rule::expr => condition = self.expr(item),
                Rule::applies if self.first(&mut seen, &item) => {
                    applies = self.expr_of(item);
                    // Without its `if` the criterion would guard records it is not meant for.
                    whole &= applies.is_some();
                }
                Rule::evidence if self.first(&mut seen, &item) => evidence = self.name_of(item),
                Rule::was => was.extend(self.names_of(item)),
                _ => {}
            }
        }
        let (name, title, condition) = (name?, title?, condition?);
        whole.then_some(Criterion { name, title, condition, applies, evidence, was, span })
    }

    /// The parts of a transition, without its last clause if that was read wrongly.
    fn sound_parts<'p>(&self, item: Pair<'p>) -> Vec<Pair<'p>> {
        let spoilt = self.spoilt.contains(&item.as_span().start());
        let mut parts: Vec<Pair<'p>> = item.into_inner().collect();
        let is_clause = |part: &mut Pair<'p>| {
            matches!(part.as_rule(), Rule::when | Rule::after | Rule::times | Rule::handoff)
        };
        if spoilt {
            let _ = parts.pop_if(is_clause);
        }
        parts
    }

    /// `problem "Hand over" when … after … handoff …`
    pub(super) fn transition<'p>(
        &mut self,
        pairs: impl Iterator<Item = Pair<'p>>,
        kind: Option<TransitionKind>,
        span: crate::source::Span,
    ) -> Option<TransitionDecl> {
        let mut to = None;
        let mut rest = Vec::new();
        for pair in pairs {
            match pair.as_rule() {
                Rule::name => to = Some(self.name(&pair)),
                _ => rest.push(pair),
            }
        }
        let mut transition = TransitionDecl {
            kind,
            ends: TransitionEnds::To(to?),
            title: None,
            when: Vec::new(),
            after: None,
            at_most: None,
            handoff: None,
            span,
        };
        self.clauses(&mut transition, rest);
        Some(transition)
    }

    /// `from any open of deal except [a] when …`
    pub(super) fn incoming<'p>(
        &mut self,
        pairs: impl Iterator<Item = Pair<'p>>,
        span: crate::source::Span,
    ) -> Option<TransitionDecl> {
        let (mut kind, mut record, mut except) = (None, None, Vec::new());
        let mut rest = Vec::new();
        for pair in pairs {
            match pair.as_rule() {
                Rule::kind_word => kind = transition_kind(pair.as_str()),
                Rule::name => record = Some(self.name(&pair)),
                Rule::names => except = self.names(pair),
                _ => rest.push(pair),
            }
        }
        let mut transition = TransitionDecl {
            kind,
            ends: TransitionEnds::FromAnyOpen { record: record?, except },
            title: None,
            when: Vec::new(),
            after: None,
            at_most: None,
            handoff: None,
            span,
        };
        self.clauses(&mut transition, rest);
        Some(transition)
    }

    /// The title and the clauses behind the ends of a transition.
    fn clauses(&mut self, transition: &mut TransitionDecl, pairs: Vec<Pair<'_>>) {
        let mut seen = Seen::default();
        for pair in pairs {
            match pair.as_rule() {
                Rule::text => transition.title = Some(self.text(pair)),
                Rule::when => transition.when.extend(self.expr_of(pair)),
                Rule::after if self.first(&mut seen, &pair) => {
                    transition.after = part(pair, Rule::clock).and_then(|clock| self.clock(clock));
                }
                Rule::times if self.first(&mut seen, &pair) => {
                    transition.at_most =
                        part(pair, Rule::number).and_then(|number| self.count(&number));
                }
                Rule::handoff if self.first(&mut seen, &pair) => {
                    let span = self.span(&pair);
                    let terms = part(pair, Rule::handoff_terms);
                    transition.handoff = terms
                        .map(|terms| self.handoff_terms(terms))
                        .map(|handoff| HandoffDecl { span, ..handoff });
                }
                _ => {}
            }
        }
    }

    /// `within 4 business hours carries [need] accept when … else …`
    pub(super) fn handoff_terms(&mut self, pair: Pair<'_>) -> HandoffDecl {
        let span = self.span(&pair);
        let mut seen = Seen::default();
        let mut handoff = HandoffDecl { within: None, carries: Vec::new(), accept: None, span };
        for term in pair.into_inner() {
            if !self.first(&mut seen, &term) {
                continue;
            }
            match term.as_rule() {
                Rule::within => handoff.within = self.duration_of(term),
                Rule::carries => handoff.carries = self.paths_of(term),
                _ => handoff.accept = self.accept(term),
            }
        }
        handoff
    }

    fn accept(&mut self, pair: Pair<'_>) -> Option<Accept> {
        let (mut when, mut kind, mut otherwise) = (None, None, None);
        for term in pair.into_inner() {
            match term.as_rule() {
                Rule::expr => when = self.expr(term),
                Rule::kind_word => kind = transition_kind(term.as_str()),
                Rule::name => otherwise = Some(self.name(&term)),
                _ => {}
            }
        }
        let otherwise = otherwise.map(|to: Name| AcceptElse { kind, to });
        Some(Accept { when: when?, otherwise })
    }
}

fn transition_kind(word: &str) -> Option<TransitionKind> {
    [TransitionKind::Advance, TransitionKind::Recycle, TransitionKind::Lose]
        .into_iter()
        .find(|kind| kind.word() == word)
}

fn empty(span: crate::source::Span) -> StageDecl {
    StageDecl {
        name: Name::new("", span),
        title: None,
        record: None,
        entry: None,
        owners: Vec::new(),
        support: Vec::new(),
        purpose: None,
        next: None,
        channels: Vec::new(),
        content: Vec::new(),
        collect: Vec::new(),
        limit: None,
        exit: Vec::new(),
        enter: Vec::new(),
        transitions: Vec::new(),
        outcome: None,
        is_final: None,
        probability: None,
        forecast: Vec::new(),
        starts: Vec::new(),
        status: None,
        was: Vec::new(),
        waivers: Vec::new(),
        broken: false,
        span,
    }
}
