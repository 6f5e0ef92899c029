//! Moves between stages: those declared, those from every open stage, those of refused records.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::model::{
    Acceptance, Clock, Expr, ExprKind, Handoff, Origin, Outcome, RecordId, StageId, Transition,
    TransitionId, TransitionKind, Type,
};
use crate::source::Span;
use crate::syntax::ast::{self, TransitionDecl, TransitionEnds};

use super::super::types::Scope;
use super::Lowering;

/// So many moves between the same two stages are compared with each other.
const MOST_WAYS: usize = 32;

/// What a declared transition says apart from its ends.
struct Terms {
    title: Option<crate::model::Text>,
    when: Option<Expr>,
    after: Option<Clock>,
    at_most: Option<u32>,
    /// Some condition could not be understood: the move is kept, so that graphs stay whole, and
    /// its stage is marked.
    lost: bool,
}

impl Lowering<'_, '_> {
    pub(super) fn transitions(&mut self) {
        let names = self.names;
        let ids: Vec<StageId> = self.process.stages.ids().collect();
        for (stage, decl) in ids.iter().copied().zip(names.stages.values()) {
            let mut known: FxHashMap<&str, Vec<&TransitionDecl>> = FxHashMap::default();
            for transition in &decl.transitions {
                if let TransitionEnds::To(to) = &transition.ends {
                    self.declared(stage, to, transition);
                    let same_way = known.entry(&to.text).or_default();
                    self.check_repeated(same_way, transition);
                    same_way.push(transition);
                }
            }
        }
        for (stage, decl) in ids.iter().copied().zip(names.stages.values()) {
            for transition in &decl.transitions {
                if let TransitionEnds::FromAnyOpen { record, except } = &transition.ends {
                    self.moves_from_any_open(stage, record, except, transition);
                }
            }
        }
        self.link();
    }

    fn declared(&mut self, from: StageId, to: &ast::Name, decl: &TransitionDecl) {
        let record = self.readable_record(from);
        let Some(to_id) = self.stage(to) else {
            // The way out is there, only its end is not known.
            self.process.stages[from].broken = true;
            // Its conditions still have faults of their own to tell.
            self.terms(decl, record, &self.place(from, &to.text));
            return;
        };
        self.check_records(from, to_id, to.span);
        let place = self.place(from, &to.text);
        let terms = self.terms(decl, record, &place);
        if terms.lost {
            self.process.stages[from].broken = true;
        }
        let id = self.process.transitions.push(Transition {
            kind: decl.kind.unwrap_or(TransitionKind::Advance),
            from,
            to: to_id,
            title: terms.title,
            when: terms.when,
            after: terms.after,
            at_most: terms.at_most,
            handoff: None,
            origin: Origin::Declared,
            span: decl.span,
        });
        if let Some(handoff) = &decl.handoff {
            let handoff = self.handoff(id, handoff);
            self.process.transitions[id].handoff = Some(handoff);
        }
    }

    /// A move that is declared twice, word for word.
    fn check_repeated(&mut self, known: &[&TransitionDecl], decl: &TransitionDecl) {
        // Nobody writes more ways to one stage by hand, and comparing all would take too long.
        let Some(first) = known.iter().take(MOST_WAYS).find(|known| **known == decl) else {
            return;
        };
        let finding = Diagnostic::new(
            codes::DUPLICATE_PROPERTY,
            decl.span,
            "the same move is declared twice",
        )
        .label(first.span, "first declared here")
        .help("remove one of them")
        .fix(
            "remove the repetition",
            Safety::Safe,
            vec![Edit { span: decl.span, replacement: String::new() }],
        );
        self.findings.push(finding);
    }

    fn place(&self, from: StageId, to: &str) -> String {
        format!("{}_{to}", self.process.stages[from].name)
    }

    /// A record can only move on as its own type, one that continues it, or one it continues.
    fn check_records(&mut self, from: StageId, to: StageId, span: Span) {
        let (from, to) = (&self.process.stages[from], &self.process.stages[to]);
        if from.broken || to.broken {
            return;
        }
        let unknown =
            |record| self.process.lineage(record).any(|id| self.open_records.contains(&id));
        if unknown(from.record) || unknown(to.record) {
            return;
        }
        let related = self.process.lineage(from.record).any(|id| id == to.record)
            || self.process.lineage(to.record).any(|id| id == from.record);
        if related {
            return;
        }
        let (a, b) =
            (&self.process.records[from.record].name, &self.process.records[to.record].name);
        let finding = Diagnostic::new(
            codes::WRONG_KIND,
            span,
            format!("a `{a}` cannot move to stage `{}`, which holds `{b}`", to.name),
        )
        .label(to.span, "declared here")
        .help(format!(
            "let `{b}` continue it with `record {b} … from {a}`, or create a second record with `starts {b} at {}`",
            to.name
        ));
        self.findings.push(finding);
    }

    fn terms(&mut self, decl: &TransitionDecl, record: Option<RecordId>, place: &str) -> Terms {
        let scope = Scope::of(record, place);
        let title = self.maybe_text(decl.title.as_ref());
        let when = self.conditions(&decl.when, scope);
        let mut lost = when.is_none() && !decl.when.is_empty();
        let after = decl.after.as_ref().and_then(|clock| {
            let before = match &clock.before {
                None => None,
                Some(path) => match self.time_field(path, scope) {
                    Some(field) => Some(field),
                    None => {
                        lost = true;
                        return None;
                    }
                },
            };
            Some(Clock { duration: clock.duration.value, before, span: clock.span })
        });
        // `after 0d before renews_on` opens on the day itself.
        if let Some(clock) = decl.after.as_ref().filter(|clock| clock.before.is_none()) {
            self.check_clock(clock.duration, "without `after` the move is open at once");
        }
        if let Some(never) = decl.at_most.filter(|count| count.value == 0) {
            let help = "remove the move, or allow it once: `at most 1 time`";
            self.impossible(never.span, "a move that is taken 0 times is none".to_owned(), help);
        }
        Terms { title, when, after, at_most: decl.at_most.map(|count| count.value), lost }
    }

    fn handoff(&mut self, id: TransitionId, decl: &ast::HandoffDecl) -> Handoff {
        let (from, to, span) = {
            let transition = &self.process.transitions[id];
            (transition.from, transition.to, transition.span)
        };
        if let Some(within) = decl.within {
            self.check_clock(
                within,
                "say how soon the receiver acts, such as `within 4 business hours`",
            );
        }
        let sender = self.readable_record(from);
        let carries = self.field_list(&decl.carries, sender);
        let accept = decl.accept.as_ref().and_then(|accept| {
            let receiver = self.readable_record(to).or(sender);
            let place = format!("{}_accepted", self.process.stages[to].name);
            // The receiver reads the record as it arrives: as the later of the two types.
            let record = match (sender, receiver) {
                (Some(a), Some(b)) if self.process.lineage(a).any(|id| id == b) => Some(a),
                (_, b) => b,
            };
            let when = self.condition(&accept.when, Scope::of(record, &place));
            let otherwise = accept.otherwise.as_ref().and_then(|refused| {
                let Some(to) = self.stage(&refused.to) else {
                    self.process.stages[from].broken = true;
                    return None;
                };
                self.check_records(from, to, refused.to.span);
                // As for `from any open of`, the outcome tells what the move is.
                let kind = refused.kind.unwrap_or(match self.process.stages[to].outcome {
                    Some(Outcome::Lost | Outcome::Void) => TransitionKind::Lose,
                    _ => TransitionKind::Recycle,
                });
                Some((kind, to))
            });
            let Some(when) = when else {
                self.process.stages[from].broken = true;
                return None;
            };
            let otherwise = otherwise.map(|(kind, to)| {
                let refusal = Expr {
                    span: when.span,
                    ty: Type::Boolean,
                    kind: ExprKind::Not(Box::new(when.clone())),
                };
                self.process.transitions.push(Transition {
                    kind,
                    from,
                    to,
                    title: None,
                    when: Some(refusal),
                    after: None,
                    at_most: None,
                    handoff: None,
                    origin: Origin::Refusal(id),
                    span,
                })
            });
            Some(Acceptance { when, otherwise })
        });
        Handoff { within: decl.within.map(|within| within.value), carries, accept, span: decl.span }
    }

    /// `from any open of deal`: a move from every stage of that record that has no outcome. A
    /// stage that declares a move to the same target keeps its own.
    fn moves_from_any_open(
        &mut self,
        to: StageId,
        record: &ast::Name,
        except: &[ast::Name],
        decl: &TransitionDecl,
    ) {
        let record_id = self.record(record);
        let mut excluded: Vec<StageId> = Vec::with_capacity(except.len());
        for name in except {
            let Some(stage) = self.stage(name) else { continue };
            self.check_exception(stage, name.span, to, record_id);
            excluded.push(stage);
        }
        let place = format!("any_{}", self.process.stages[to].name);
        let terms = self.terms(decl, record_id, &place);
        let Some(record_id) = record_id else {
            self.process.stages[to].broken = true;
            return;
        };
        if terms.lost {
            self.process.stages[to].broken = true;
        }
        let kind = decl.kind.unwrap_or(match self.process.stages[to].outcome {
            Some(Outcome::Lost | Outcome::Void) => TransitionKind::Lose,
            Some(Outcome::Won) => TransitionKind::Advance,
            None => TransitionKind::Recycle,
        });
        let sources: Vec<StageId> = self
            .process
            .stages_of(record_id)
            .filter(|id| *id != to && self.process.stages[*id].is_open() && !excluded.contains(id))
            .collect();
        if let Some(first) = sources.first() {
            self.check_records(*first, to, record.span);
        }
        let target = self.process.stages[to].name.clone();
        self.check_adds_a_move(&sources, to, record, decl.span);
        for from in sources {
            if self.declares_move(from, &target) {
                continue;
            }
            let id = self.process.transitions.push(Transition {
                kind,
                from,
                to,
                title: terms.title.clone(),
                when: terms.when.clone(),
                after: terms.after.clone(),
                at_most: terms.at_most,
                handoff: None,
                origin: Origin::AnyOpen,
                span: decl.span,
            });
            if let Some(handoff) = &decl.handoff {
                let handoff = self.handoff(id, handoff);
                self.process.transitions[id].handoff = Some(handoff);
            }
        }
    }

    /// Only an open stage of the record type has a move to be spared from.
    fn check_exception(
        &mut self,
        stage: StageId,
        span: Span,
        to: StageId,
        record: Option<RecordId>,
    ) {
        let (of, Some(record)) = (&self.process.stages[stage], record) else { return };
        let name = &self.process.records[record].name;
        let why = if of.broken {
            return;
        } else if stage == to {
            format!("`{}` is the stage that is entered", of.name)
        } else if of.record != record {
            format!("`{}` holds `{}`, not `{name}`", of.name, self.process.records[of.record].name)
        } else if let Some(outcome) = of.outcome {
            format!("`{}` is not open: it has the outcome `{}`", of.name, outcome.word())
        } else {
            return;
        };
        let finding = Diagnostic::new(codes::WRONG_KIND, span, why)
            .reason("no move would come from here anyway")
            .label(of.span, "declared here")
            .help(format!("except open stages of `{name}` only"));
        self.findings.push(finding);
    }

    /// Moves that are declared for many stages and come from none are not what was meant.
    fn check_adds_a_move(
        &mut self,
        sources: &[StageId],
        to: StageId,
        record: &ast::Name,
        span: Span,
    ) {
        // Some stage that could not be read may be an open one of this record.
        let target = &self.process.stages[to].name;
        if self.process.broken || self.process.stages.values().any(|stage| stage.broken) {
            return;
        }
        if sources.is_empty() {
            let finding = Diagnostic::new(
                codes::WRONG_KIND,
                span,
                format!("no open stage of `{record}` is left to move to `{target}`"),
            )
            .help("remove it, or name the record type whose stages are open");
            self.findings.push(finding);
        } else if sources.iter().all(|from| self.declares_move(*from, target)) {
            let finding = Diagnostic::new(
                codes::DUPLICATE_PROPERTY,
                span,
                format!("every open stage of `{record}` has a move of its own to `{target}`"),
            )
            .reason("this adds none: a stage keeps its own")
            .help("remove it, or the moves of the stages that should take these terms");
            self.findings.push(finding);
        }
    }

    fn declares_move(&self, from: StageId, to: &str) -> bool {
        let decl = self.names.stages.get(self.process.stages[from].name.as_str());
        decl.is_some_and(|decl| {
            decl.transitions
                .iter()
                .any(|t| matches!(&t.ends, TransitionEnds::To(name) if name.text == to))
        })
    }

    /// Tells every stage its moves: its own first, then refusals and those from any open stage.
    fn link(&mut self) {
        let rank = |origin: Origin| match origin {
            Origin::Declared => 0,
            Origin::Refusal(_) => 1,
            Origin::AnyOpen => 2,
        };
        let mut order: Vec<TransitionId> = self.process.transitions.ids().collect();
        order.sort_by_key(|id| rank(self.process.transitions[*id].origin));
        for id in order {
            let (from, to) = (self.process.transitions[id].from, self.process.transitions[id].to);
            self.process.stages[from].outgoing.push(id);
            self.process.stages[to].incoming.push(id);
        }
    }
}
