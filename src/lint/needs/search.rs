//! The search for what is asked for in vain.

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::presence;
use crate::lint::Context;
use crate::lint::bands::turned;
use crate::logic::bounds;
use crate::model::{
    CompareOp, CriterionId, Expr, ExprKind, FieldId, Id, Origin, Points, Process, Score, StageId,
    TransitionId, TransitionKind, Value,
};
use crate::source::{FileId, Span};

use super::{Asker, Modelled, Need};

/// The place of a move from every open stage, and a field.
type AnyOpen = ((FileId, u32, u32), FieldId);

/// A field that is asked for in vain, where, and by what.
type Asked = ((FieldId, Span), Asker);

/// Looks for needs, nearest stage first.
pub(super) struct Search<'c, 'a> {
    context: &'c Context<'a>,
    modelled: &'c Modelled,
    found: Vec<Need>,
    /// What moves from every open stage ask for in vain, once for each stage.
    any_open: FxHashMap<AnyOpen, Vec<Need>>,
}

impl<'c, 'a> Search<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>, modelled: &'c Modelled) -> Self {
        Self { context, modelled, found: Vec::new(), any_open: FxHashMap::default() }
    }

    pub(super) fn run(mut self) -> Vec<Need> {
        let process = self.context.process;
        for stage in self.context.stages.from_entries().stages() {
            let record = process.stages[*stage].record.index();
            let modelled = self.modelled.here.get(record).copied().unwrap_or(false);
            if modelled && !self.context.is_unfinished(*stage) {
                self.look_at(*stage);
            }
        }
        self.count_any_open();
        self.look_at_routes();
        self.found
    }

    /// A move from every open stage that opens in one of them does its work.
    fn count_any_open(&mut self) {
        if self.any_open.is_empty() {
            return;
        }
        let process = self.context.process;
        let mut sources: FxHashMap<(FileId, u32, u32), usize> = FxHashMap::default();
        for transition in process.transitions.values() {
            if transition.origin == Origin::AnyOpen
                && self.context.may_hold_records(transition.from)
            {
                *sources.entry(transition.span.key()).or_default() += 1;
            }
        }
        let mut needs: Vec<(AnyOpen, Vec<Need>)> = self.any_open.drain().collect();
        needs.sort_unstable_by_key(|(key, _)| *key);
        for ((place, _), needs) in needs {
            if sources.get(&place).is_some_and(|count| *count == needs.len()) {
                self.found.extend(needs.first());
            }
        }
    }

    fn look_at(&mut self, stage: StageId) {
        let process = self.context.process;
        let of = &process.stages[stage];
        let missing = |field| self.is_missing(stage, field);
        let advances =
            |id: &&TransitionId| process.transitions[**id].kind == TransitionKind::Advance;
        let mut found = Vec::new();
        if of.outgoing.iter().any(|id| advances(&id)) {
            for id in &of.exit {
                let asked = criterion_in_vain(process, *id, &missing, Asker::Exit(*id));
                let applies = !asked.iter().any(|(_, by)| matches!(by, Asker::Applies(_)));
                found.extend(asked);
                if applies {
                    found.extend(self.detours(stage, *id).map(|at| (at, Asker::Detour(*id))));
                }
            }
        }
        let need = |((field, span), by)| Need { field, stage, by, span };
        self.found.extend(found.into_iter().map(need));
        let by_exit: Vec<FieldId> =
            of.exit.iter().flat_map(|id| presence::guaranteed_by(process, *id)).collect();
        let only_advance = of.outgoing.iter().filter(advances).count() == 1;
        for id in &of.outgoing {
            let transition = &process.transitions[*id];
            if matches!(transition.origin, Origin::Refusal(_)) {
                continue;
            }
            let mut needs: Vec<Need> =
                self.of_move(stage, *id, &by_exit, only_advance).into_iter().map(need).collect();
            if transition.origin == Origin::Declared {
                self.found.append(&mut needs);
                continue;
            }
            let mut told = FxHashSet::default();
            needs.retain(|need| told.insert(need.field));
            for need in needs {
                let key = (transition.span.key(), need.field);
                self.any_open.entry(key).or_default().push(need);
            }
        }
    }

    /// What one move asks for in vain, in the order in which it asks.
    fn of_move(
        &self,
        stage: StageId,
        id: TransitionId,
        by_exit: &[FieldId],
        only_advance: bool,
    ) -> Vec<Asked> {
        let process = self.context.process;
        let transition = &process.transitions[id];
        let mut found: Vec<Asked> = Vec::new();
        let add = |found: &mut Vec<Asked>, asked: Vec<(FieldId, Span)>, by: Asker| {
            found.extend(asked.into_iter().map(|at| (at, by)));
        };
        // What a condition before has asked for is there.
        let mut known: Vec<FieldId> = Vec::new();
        let is_advance = transition.kind == TransitionKind::Advance;
        if is_advance {
            known.extend(by_exit);
        }
        if let Some(when) = &transition.when {
            add(
                &mut found,
                asked_in_vain(process, when, &|f| self.is_missing(stage, f)),
                Asker::Move(id),
            );
            known.extend(presence::guaranteed(when));
        }
        if let Some((field, span)) =
            transition.after.as_ref().and_then(|clock| Some((clock.before?, clock.span)))
        {
            if self.is_missing(stage, field) {
                add(&mut found, vec![(field, span)], Asker::Move(id));
            }
            known.push(field);
        }
        if self.context.is_unfinished(transition.to) {
            return found;
        }
        if is_advance {
            for criterion in &process.stages[transition.to].enter {
                let missing = |f| self.is_missing(stage, f) && !known.contains(&f);
                let by = Asker::Enter(*criterion, id);
                found.extend(criterion_in_vain(process, *criterion, &missing, by));
                let by_choice = transition.when.is_some() || transition.after.is_some();
                if only_advance && !by_choice && transition.origin == Origin::Declared {
                    let detours = self.detours(stage, *criterion);
                    let detours = detours.filter(|(field, _)| !known.contains(field)).collect();
                    add(&mut found, detours, Asker::Detour(*criterion));
                }
                known.extend(presence::guaranteed_by(process, *criterion));
            }
        }
        let Some(handoff) = &transition.handoff else { return found };
        if let Some(accept) = &handoff.accept {
            let missing = |f| self.is_missing(stage, f) && !known.contains(&f);
            add(&mut found, asked_in_vain(process, &accept.when, &missing), Asker::Accept(id));
            known.extend(presence::guaranteed(&accept.when));
        }
        for field in &handoff.carries {
            if self.is_missing(stage, field.value) && !known.contains(&field.value) {
                add(&mut found, vec![(field.value, field.span)], Asker::Parcel(id));
            }
        }
        found
    }

    /// The fields a criterion asks every record for, which nobody can fill in on some way on which
    /// records advance to the stage, nor there.
    fn detours(
        &self,
        stage: StageId,
        criterion: CriterionId,
    ) -> impl Iterator<Item = (FieldId, Span)> {
        let process = self.context.process;
        let assign = self.context.assign();
        let of = &process.criteria[criterion];
        let asked = if of.applies.is_none() { places(&of.condition) } else { Vec::new() };
        asked.into_iter().filter(move |(field, _)| {
            !process.fields[*field].required
                && assign.possible_in(stage, *field)
                && !assign.filled_in(stage, *field)
                && !assign.offered(stage, *field)
                && presence::truth(&of.condition, &|other| other == *field) == Some(false)
                && !self.goes_back_for(stage, *field)
        })
    }

    /// Whether a move out of the stage, other than `advance`, is there for records without the field:
    /// its condition asks about it, or it leads to where the field is filled in.
    fn goes_back_for(&self, stage: StageId, field: FieldId) -> bool {
        let process = self.context.process;
        process.stages[stage].outgoing.iter().any(|id| {
            let of = &process.transitions[*id];
            let asks = || of.when.as_ref().is_some_and(|when| when.fields().contains(&field));
            of.kind != TransitionKind::Advance
                && (self.context.assign().filled_in(of.to, field) || asks())
        })
    }

    fn look_at_routes(&mut self) {
        let process = self.context.process;
        for (id, route) in process.routes.iter() {
            let stage = route.stage;
            let silent = route.broken || self.context.is_unfinished(stage);
            if silent || !self.context.may_hold_records(stage) {
                continue;
            }
            // What is learnt when a record comes into the process is learnt at once.
            let assign = self.context.assign();
            let begins = process.stages[stage].entry.is_some();
            let missing = |field: FieldId| {
                let known = assign.possible(stage, field)
                    || assign.definite(stage, field)
                    || begins && assign.filled_in(stage, field)
                    || process.fields[field].required;
                !known
            };
            for case in &route.cases {
                let asked = asked_in_vain(process, &case.when, &missing);
                self.found.extend(asked.into_iter().map(|(field, span)| Need {
                    field,
                    stage,
                    by: Asker::Route(id),
                    span,
                }));
            }
        }
    }

    /// Whether no record has the field while it is in the stage. Where only those get to that have it,
    /// whatever asked for it before has told.
    fn is_missing(&self, stage: StageId, field: FieldId) -> bool {
        let required = self.context.process.fields[field].required;
        let assign = self.context.assign();
        !required && !assign.definite(stage, field) && !assign.possible_in(stage, field)
    }
}

/// The fields for want of which a criterion never applies or, when it may, never passes.
fn criterion_in_vain(
    process: &Process,
    id: CriterionId,
    missing: &impl Fn(FieldId) -> bool,
    by: Asker,
) -> Vec<Asked> {
    let criterion = &process.criteria[id];
    let applies = criterion.applies.iter();
    let never: Vec<Asked> = applies
        .flat_map(|expr| asked_in_vain(process, expr, missing))
        .map(|at| (at, Asker::Applies(id)))
        .collect();
    if !never.is_empty() {
        return never;
    }
    asked_in_vain(process, &criterion.condition, missing).into_iter().map(|at| (at, by)).collect()
}

/// The fields for want of which a condition never holds: each that is enough by itself, or else the
/// first of those that are missing.
fn asked_in_vain(
    process: &Process,
    expr: &Expr,
    missing: &impl Fn(FieldId) -> bool,
) -> Vec<(FieldId, Span)> {
    if presence::truth(expr, missing) != Some(false) {
        return asked_by_scores(process, expr, missing);
    }
    let mut asked = places(expr);
    asked.retain(|(field, _)| missing(*field));
    let alone = |(field, _): &(FieldId, Span)| {
        presence::truth(expr, &|other| other == *field) == Some(false)
    };
    if asked.iter().any(alone) {
        asked.retain(alone);
    } else {
        asked.truncate(1);
    }
    asked
}

/// Likewise, where a condition asks a score for more points than it can come to without the fields. That
/// nobody comes to as many with them, `unreachable-grade` tells.
fn asked_by_scores(
    process: &Process,
    expr: &Expr,
    missing: &impl Fn(FieldId) -> bool,
) -> Vec<(FieldId, Span)> {
    let all = match &expr.kind {
        ExprKind::And(all) => all.as_slice(),
        _ => std::slice::from_ref(expr),
    };
    let mut found: Vec<(FieldId, Span)> = Vec::new();
    for part in all {
        let Some((score, enough)) = asks_score(process, part) else { continue };
        let falls_short = |is_missing: &dyn Fn(FieldId) -> bool| {
            let counts =
                |rule: &Points| presence::truth(&rule.when, &|f| is_missing(f)) != Some(false);
            bounds::of_rules(score, counts).is_some_and(|bounds| !enough(bounds.most))
        };
        if falls_short(&|_| false) || !falls_short(&|field| missing(field)) {
            continue;
        }
        let given = score.points.iter().filter(|rule| rule.points.is_sign_positive());
        let mut fields: Vec<FieldId> = Vec::new();
        for field in given.flat_map(|rule| rule.when.fields()) {
            if missing(field) && !fields.contains(&field) {
                fields.push(field);
            }
        }
        let alone = |field: &FieldId| falls_short(&|other| other == *field);
        match fields.iter().any(alone) {
            true => fields.retain(alone),
            false => fields.truncate(1),
        }
        found.extend(fields.into_iter().map(|field| (field, part.span)));
    }
    found
}

/// A score, and whether so many points are enough, where a condition asks it for some at least.
fn asks_score<'p>(
    process: &'p Process,
    condition: &Expr,
) -> Option<(&'p Score, impl Fn(Decimal) -> bool)> {
    let (score, least, included) = match &condition.kind {
        ExprKind::IsGrade(id, index) => {
            (*id, process.scores[*id].grades.get(*index)?.at_least?, true)
        }
        ExprKind::Compare(left, op, right) => {
            let (id, number, op) = match (&left.kind, &right.kind) {
                (ExprKind::Score(id), ExprKind::Value(Value::Number(number))) => (id, number, *op),
                (ExprKind::Value(Value::Number(number)), ExprKind::Score(id)) => {
                    (id, number, turned(*op))
                }
                _ => return None,
            };
            match op {
                CompareOp::Ge => (*id, *number, true),
                CompareOp::Gt => (*id, *number, false),
                _ => return None,
            }
        }
        _ => return None,
    };
    let enough = move |points: Decimal| points > least || (included && points == least);
    Some((&process.scores[score], enough))
}

/// The fields that a condition reads, each with the first place where it does.
fn places(expr: &Expr) -> Vec<(FieldId, Span)> {
    let mut places: Vec<(FieldId, Span)> = Vec::new();
    expr.walk(&mut |part| {
        if let ExprKind::Field(field) | ExprKind::Elapsed { field, .. } = part.kind
            && !places.iter().any(|(known, _)| *known == field)
        {
            places.push((field, part.span));
        }
    });
    places
}
