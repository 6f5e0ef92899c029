//! The life line of every field: who fills it in, what reads it, which handoffs carry it.

use crate::model::{
    Clock, CriterionId, Expr, ExprKind, FieldId, GoalId, Id, Measure, NodeRef, Origin, Owner,
    PlayId, Process, RouteId, ScoreId, StageId, TeamId, TransitionId,
};
use crate::source::Span;

/// What happens to the fields of a process.
#[derive(Clone, Debug)]
pub struct LifeLines {
    of_field: Vec<LifeLine>,
    /// What reads the points or the grade of each score.
    of_score: Vec<Vec<Read>>,
}

/// What happens to one field.
#[derive(Clone, Debug, Default)]
pub struct LifeLine {
    /// The stages whose owner fills it in, in source order, each with the place in its `collect`.
    pub collected: Vec<(StageId, Span)>,
    /// What reads it. Once for each reader: stages first, then what stands beside them.
    pub read: Vec<Read>,
    /// The moves that hand it over, each with the place in its `carries`.
    pub carried: Vec<(TransitionId, Span)>,
    /// Something speaks of it without reading its value: a term that refers to it, what is retired.
    pub named: bool,
}

/// One reading of a field or a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// What reads.
    pub by: Reader,
    /// Where the name stands in it.
    pub span: Span,
}

/// What reads a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The condition of a criterion, or its `if`.
    Criterion(CriterionId),
    /// The `when` of a move. One that is expanded from `from any open of` reads in every stage.
    When(TransitionId),
    /// The clock of a move, which counts back from the field.
    Clock(TransitionId),
    /// The receiver's terms.
    Accept(TransitionId),
    /// A rule that gives points. Whoever reads the score reads the field through it.
    Points(ScoreId),
    /// A case of a route.
    Route(RouteId),
    /// What a goal measures.
    Goal(GoalId),
    /// A play, whose condition says for which records it is.
    Play(PlayId),
}

impl LifeLine {
    /// Whether nothing at all is done with it.
    pub fn is_idle(&self) -> bool {
        self.collected.is_empty() && self.read.is_empty() && self.carried.is_empty() && !self.named
    }
}

impl LifeLines {
    /// The life lines of a process.
    pub fn new(process: &Process) -> Self {
        let mut lines = Self {
            of_field: vec![LifeLine::default(); process.fields.len()],
            of_score: vec![Vec::new(); process.scores.len()],
        };
        for (id, stage) in process.stages.iter() {
            for field in &stage.collect {
                if let Some(line) = lines.of_field.get_mut(field.value.index()) {
                    line.collected.push((id, field.span));
                }
            }
            for criterion in stage.enter.iter().chain(&stage.exit) {
                let of = &process.criteria[*criterion];
                lines.expr(Reader::Criterion(*criterion), &of.condition);
                of.applies.iter().for_each(|e| lines.expr(Reader::Criterion(*criterion), e));
            }
        }
        lines.moves(process);
        lines.beside(process);
        lines
    }

    /// What happens to a field.
    pub fn of(&self, field: FieldId) -> &LifeLine {
        static NOTHING: LifeLine =
            LifeLine { collected: Vec::new(), read: Vec::new(), carried: Vec::new(), named: false };
        self.of_field.get(field.index()).unwrap_or(&NOTHING)
    }

    /// What reads a score.
    pub fn of_score(&self, score: ScoreId) -> &[Read] {
        self.of_score.get(score.index()).map_or(&[], Vec::as_slice)
    }

    /// The teams that see a field in the course of their work, in ascending order: those that fill
    /// it in, are held up by a condition that reads it, are given it in a handoff, or share a goal
    /// or have a play that asks for it. A team that merely could look it up is not among them.
    pub fn teams(&self, process: &Process, field: FieldId) -> Vec<TeamId> {
        let line = self.of(field);
        let mut teams: Vec<TeamId> =
            line.collected.iter().filter_map(|(stage, _)| process.stage_team(*stage)).collect();
        for (transition, _) in &line.carried {
            let ends = &process.transitions[*transition];
            teams.extend([ends.from, ends.to].iter().filter_map(|s| process.stage_team(*s)));
        }
        for read in &line.read {
            match read.by {
                Reader::Points(score) => {
                    for read in self.of_score(score) {
                        teams_of(process, read.by, &mut teams);
                    }
                }
                reader => teams_of(process, reader, &mut teams),
            }
        }
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    fn moves(&mut self, process: &Process) {
        for (id, transition) in process.transitions.iter() {
            // What a refusal asks is what the acceptance asked.
            if !matches!(transition.origin, Origin::Refusal(_)) {
                transition.when.iter().for_each(|when| self.expr(Reader::When(id), when));
            }
            if let Some(Clock { before: Some(field), span, .. }) = transition.after {
                self.field(Reader::Clock(id), field, span);
            }
            let Some(handoff) = &transition.handoff else { continue };
            for field in &handoff.carries {
                if let Some(line) = self.of_field.get_mut(field.value.index()) {
                    line.carried.push((id, field.span));
                }
            }
            handoff.accept.iter().for_each(|accept| self.expr(Reader::Accept(id), &accept.when));
        }
    }

    /// What is not part of a stage.
    fn beside(&mut self, process: &Process) {
        for (id, score) in process.scores.iter() {
            score.points.iter().for_each(|points| self.expr(Reader::Points(id), &points.when));
        }
        for (id, route) in process.routes.iter() {
            route.cases.iter().for_each(|case| self.expr(Reader::Route(id), &case.when));
        }
        for (id, goal) in process.goals.iter() {
            match &goal.measure {
                Some(Measure::Share { when, .. }) => self.expr(Reader::Goal(id), when),
                Some(Measure::Entries { when, .. }) => {
                    when.iter().for_each(|when| self.expr(Reader::Goal(id), when));
                }
                Some(Measure::Coverage { by, .. }) => {
                    self.field(Reader::Goal(id), *by, goal.span);
                }
                Some(Measure::Sum { field, when, .. }) => {
                    self.field(Reader::Goal(id), *field, goal.span);
                    when.iter().for_each(|when| self.expr(Reader::Goal(id), when));
                }
                _ => {}
            }
        }
        for (id, play) in process.plays.iter() {
            play.when.iter().for_each(|when| self.expr(Reader::Play(id), when));
        }
        let see = process.terms.values().flat_map(|term| &term.see);
        let into = process.retired.iter().flat_map(|retired| &retired.into);
        for node in see.chain(into.clone().map(|(node, _)| node)) {
            if let NodeRef::Field(field) = node {
                self.name(*field);
            }
        }
        for condition in into.filter_map(|(_, condition)| condition.as_ref()) {
            condition.fields().into_iter().for_each(|field| self.name(field));
        }
    }

    fn expr(&mut self, by: Reader, expr: &Expr) {
        expr.walk(&mut |part| match part.kind {
            ExprKind::Field(field) | ExprKind::Elapsed { field, .. } => {
                self.field(by, field, part.span);
            }
            ExprKind::Score(score) | ExprKind::IsGrade(score, _) => {
                if let Some(reads) = self.of_score.get_mut(score.index()) {
                    push(reads, Read { by, span: part.span });
                }
            }
            _ => {}
        });
    }

    fn field(&mut self, by: Reader, field: FieldId, span: Span) {
        if let Some(line) = self.of_field.get_mut(field.index()) {
            push(&mut line.read, Read { by, span });
        }
    }

    fn name(&mut self, field: FieldId) {
        if let Some(line) = self.of_field.get_mut(field.index()) {
            line.named = true;
        }
    }
}

/// A reader reads in one go: what it reads twice is told once.
fn push(reads: &mut Vec<Read>, read: Read) {
    if reads.last().is_none_or(|last| last.by != read.by) {
        reads.push(read);
    }
}

impl Reader {
    /// The stage in which a record is while it is read; for a route, the one it comes into. `None`
    /// for what looks at records wherever they are.
    pub fn stage(self, process: &Process) -> Option<StageId> {
        match self {
            Reader::Criterion(id) => Some(process.criteria[id].stage),
            Reader::When(id) | Reader::Clock(id) | Reader::Accept(id) => {
                Some(process.transitions[id].from)
            }
            Reader::Route(id) => Some(process.routes[id].stage),
            Reader::Points(_) | Reader::Goal(_) | Reader::Play(_) => None,
        }
    }
}

/// The teams that something which reads concerns.
fn teams_of(process: &Process, reader: Reader, teams: &mut Vec<TeamId>) {
    let of_owner = |owner: &Owner| process.team_of(*owner);
    match reader {
        Reader::Criterion(_) | Reader::When(_) | Reader::Clock(_) | Reader::Route(_) => {
            teams.extend(reader.stage(process).and_then(|stage| process.stage_team(stage)));
        }
        Reader::Accept(id) => teams.extend(process.stage_team(process.transitions[id].to)),
        Reader::Goal(id) => {
            teams.extend(process.goals[id].shared_by.iter().map(|owner| of_owner(&owner.value)));
        }
        Reader::Play(id) => {
            let play = &process.plays[id];
            teams.extend(play.by.iter().map(of_owner));
            teams.extend(play.stages.iter().filter_map(|stage| process.stage_team(*stage)));
        }
        Reader::Points(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{Builder, expr};
    use crate::model::{FieldType, Handoff, Type};
    use crate::source::Spanned;

    #[test]
    fn a_field_is_seen_by_those_who_fill_read_or_receive_it() {
        let mut b = Builder::new();
        let [marketing, sales, success] = ["marketing", "sales", "success"].map(|n| b.team(n));
        let (need, budget) = (b.field("need", FieldType::Text), b.field("budget", FieldType::Text));
        let idle = b.field("idle", FieldType::Text);
        let (first, talk, won) = (b.entry("first"), b.stage("talk"), b.stage("won"));
        b.own(first, marketing);
        b.own(talk, sales);
        b.own(won, success);
        let span = b.span();
        b.process.stages[first].collect =
            vec![Spanned::new(need, span), Spanned::new(budget, span)];
        let handoff = b.advance(first, talk);
        b.process.transitions[handoff].handoff = Some(Handoff {
            within: None,
            carries: vec![Spanned::new(need, span)],
            accept: None,
            span,
        });
        let on = b.advance(talk, won);
        let reads = expr(ExprKind::Field(budget), Type::Text);
        b.process.transitions[on].when =
            Some(expr(ExprKind::Presence(Box::new(reads), true), Type::Boolean));
        let lines = LifeLines::new(&b.process);
        assert_eq!(lines.of(need).collected, [(first, span)]);
        assert_eq!(lines.of(need).carried, [(handoff, span)]);
        assert_eq!(lines.of(budget).read.first().map(|read| read.by), Some(Reader::When(on)));
        assert_eq!(lines.teams(&b.process, need), [marketing, sales]);
        assert_eq!(lines.teams(&b.process, budget), [marketing, sales]);
        assert!(lines.of(idle).is_idle() && !lines.of(need).is_idle());
    }
}
