//! Records in flight: which records stand where a change hurts them, as a question that a database
//! of the earlier process can answer.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;

use crate::model::{
    CompareOp, Expr, ExprKind, Field, FieldId, Id as _, NodeRef, Origin, RecordId, RetiredKind,
    StageId, TransitionId, Type, Value,
};
use crate::sema::value_type;

use super::condition::{Common, guard, guard_before, guard_made};
use super::pair::{Pairs, option_pairs};
use super::values::narrows;
use super::{Aspect, Change, Comparison, Kind, Part};

/// Records that a change finds where they are.
#[derive(Debug)]
pub struct Flight {
    /// Which records: `records in stage \`demo\`, which is gone`.
    pub what: String,
    /// What becomes of them.
    pub goes: Option<String>,
    /// The question, or why it cannot be asked.
    pub(crate) ask: Result<Ask, String>,
    /// For each system that can be asked, the query that counts them, or why there is none.
    pub counts: Vec<Count>,
}

/// How records are counted in one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// `sql:postgres`, `salesforce`
    pub system: String,
    /// The query, or why there is none.
    pub query: Result<Query, String>,
}

/// A query that counts records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The request that it is the body of: `POST /crm/v3/objects/deals/search`; none for a query
    /// that is asked as it is.
    pub request: Option<String>,
    /// The query.
    pub text: String,
    /// Why it may count others too; empty when it counts these only.
    pub wider: Vec<String>,
}

impl Query {
    /// A query that counts these records only.
    pub(crate) fn exact(text: String) -> Self {
        Self { request: None, text, wider: Vec::new() }
    }

    /// That it may count others too, and why, if it may.
    pub fn warning(&self) -> Option<String> {
        let reasons = self.wider.join("; ");
        (!reasons.is_empty()).then(|| format!("may count others too: {reasons}"))
    }
}

impl Flight {
    /// Which records, and what becomes of them, on one line.
    pub fn said(&self) -> String {
        match &self.goes {
            Some(goes) => format!("{}: {goes}", self.what),
            None => self.what.clone(),
        }
    }
}

/// A question about records of the old process, in its terms.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) record: RecordId,
    /// Where they stand; anywhere when it is empty.
    pub(crate) stages: Vec<StageId>,
    /// What all hold for them.
    pub(crate) met: Vec<Condition>,
    /// Of which one does not hold, if there are any.
    pub(crate) unmet: Vec<Condition>,
}

/// A condition, for all records or only for those that satisfy another.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) holds: Expr,
    pub(crate) applies: Option<Expr>,
}

/// Everything that finds records where they are: stages, moves, then fields.
pub(super) fn flights(
    both: &Comparison<'_>,
    changes: &[Change<'_>],
    now: jiff::civil::DateTime,
) -> Vec<Flight> {
    let pairs = Pairs::of(both.new, both.old);
    let back = Common::new(both.new, both.old, &pairs, now);
    let merged = both.pairs.fields.merged().map(|(_, now)| now).collect();
    let finder = Finder { both, changes, back, merged };
    let mut found = Vec::new();
    finder.stages(&mut found);
    finder.moves(&mut found);
    finder.fields(&mut found);
    found
}

struct Finder<'c, 'a> {
    both: &'c Comparison<'a>,
    changes: &'c [Change<'a>],
    /// Conditions of the new process in terms of the old one.
    back: Common<'a>,
    /// Fields that several have become.
    merged: FxHashSet<FieldId>,
}

impl Finder<'_, '_> {
    fn stages(&self, found: &mut Vec<Flight>) {
        let (old, new) = (self.both.old, self.both.new);
        for id in self.both.pairs.stages.removed() {
            let stage = &old.stages[id];
            let name = &stage.name;
            let retired = self.both.retired(RetiredKind::Stage, Part::Stage(id));
            let into = retired.map_or(&[][..], |(_, retired)| retired.into.as_slice());
            let goes = if into.is_empty() {
                format!("nothing says where they go: write `retired stage {name} into …`")
            } else {
                let each = into.iter().map(|(node, when)| {
                    let to = match node {
                        NodeRef::Stage(to) => new.stages[*to].name.as_str(),
                        _ => "something that is no stage",
                    };
                    match when {
                        Some(when) => format!("`{to}` when `{}`", new.expr_source(when)),
                        None => format!("`{to}`"),
                    }
                });
                let each: Vec<String> = each.collect();
                format!("they go into {}; `ekiden migrate` moves them", each.join(", else "))
            };
            let gone = match retired.map(|(_, retired)| retired.since) {
                Some(Some(day)) => format!("retired since {day}"),
                Some(None) => "retired".to_owned(),
                None => "gone".to_owned(),
            };
            let ask = self.standing(stage.record, vec![id]);
            found.push(flight(
                format!("records in `{name}`, which is {gone}"),
                Some(goes),
                Ok(ask),
            ));
            if into.len() > 1 {
                self.successors(id, into, found);
            }
        }
        let shorter = self.changes.iter().filter_map(|change| match change.part.new {
            Some(Part::Stage(now))
                if change.aspect == Aspect::Of("limit")
                    && matches!(change.kind, Kind::Shortened | Kind::Added | Kind::Changed) =>
            {
                Some(now)
            }
            _ => None,
        });
        let shorter: FxHashSet<StageId> = shorter.collect();
        for (was, now) in self.both.pairs.stages.kept() {
            let stage = &old.stages[was];
            let Some(limit) = new.stages[now].limit.as_ref().filter(|_| shorter.contains(&now))
            else {
                continue;
            };
            let what = format!(
                "records that have been in `{}` for more than {}",
                stage.name, limit.duration
            );
            let stay = Expr { kind: ExprKind::TimeInStage, ty: Type::Duration, span: limit.span };
            let most = Value::Duration(limit.duration);
            let most = Expr { kind: ExprKind::Value(most), ty: Type::Duration, span: limit.span };
            let kind = ExprKind::Compare(Box::new(stay), CompareOp::Gt, Box::new(most));
            let late = Expr { kind, ty: Type::Boolean, span: limit.span };
            let mut ask = self.standing(stage.record, vec![was]);
            ask.met.push(Condition { holds: late, applies: None });
            found.push(flight(what, Some("they are late at once".to_owned()), Ok(ask)));
        }
    }

    /// Where the records of a stage that is split go: each into the first whose condition holds.
    fn successors(&self, id: StageId, into: &[(NodeRef, Option<Expr>)], found: &mut Vec<Flight>) {
        let (stage, new) = (&self.both.old.stages[id], self.both.new);
        let mut before: Result<Vec<Expr>, String> = Ok(Vec::new());
        for (node, when) in into {
            let mut ask = before.clone().map(|before| {
                let mut ask = self.standing(stage.record, vec![id]);
                ask.unmet.extend(none_of(before));
                ask
            });
            let goes = match when {
                Some(when) => {
                    format!("those that meet `{}`, and nothing before", new.expr_source(when))
                }
                None => "the rest".to_owned(),
            };
            let holds = when.as_ref().map(|when| self.carried(when)).transpose();
            match (&mut ask, &holds) {
                (Ok(ask), Ok(Some(holds))) => {
                    ask.met.push(Condition { holds: holds.clone(), applies: None });
                }
                (Ok(_), Err(why)) => ask = Err(why.clone()),
                _ => {}
            }
            let what =
                format!("records that go from `{}` into `{}`", stage.name, new.node_name(*node).0);
            found.push(flight(what, Some(goes), ask));
            // What comes behind one that takes all gets nothing.
            match holds {
                Ok(None) => return,
                Ok(Some(holds)) => {
                    if let Ok(before) = &mut before {
                        before.push(holds);
                    }
                }
                Err(why) => before = before.and(Err(why)),
            }
        }
        let ask = before.map(|before| {
            let mut ask = self.standing(stage.record, vec![id]);
            ask.unmet.extend(none_of(before));
            ask
        });
        let what = format!("records in `{}` that meet no condition", stage.name);
        let goes = format!(
            "nothing says where they go: end `retired stage {} into …` with a stage without one",
            stage.name
        );
        found.push(flight(what, Some(goes), ask));
    }

    fn moves(&self, found: &mut Vec<Flight>) {
        let (old, new) = (self.both.old, self.both.new);
        let mut told: FxHashSet<StageId> = FxHashSet::default();
        for id in self.both.moves.removed() {
            let from = old.transitions[id].from;
            let stage = &old.stages[from];
            let Some(now) = self.both.pairs.stages.new_of(from) else { continue };
            let is_stuck = new.stages[now].outgoing.is_empty();
            let is_declared = !matches!(old.transitions[id].origin, Origin::Refusal(_));
            if !is_stuck || !is_declared || !told.insert(from) {
                continue;
            }
            let what = format!("records in `{}`, from which no move leads on any more", stage.name);
            let goes = format!("they stay there: give `{}` a move", new.stages[now].name);
            found.push(flight(what, Some(goes), Ok(self.standing(stage.record, vec![from]))));
        }
        for (was, now) in self.both.guarded() {
            let tighter = self
                .both
                .guard(now)
                .is_some_and(|verdict| matches!(verdict.kind, Kind::Tightened | Kind::Shifted));
            if !tighter {
                continue;
            }
            let what = format!("records kept back by {}", Part::Move(now).said(new));
            let mut goes = "they met what it asked and do not meet what it asks now".to_owned();
            if let Some(rough) = self.left_out(was, now) {
                goes.push_str(&format!("; {rough}"));
            }
            found.push(flight(what, Some(goes), self.kept_back(was, now)));
        }
    }

    /// What the count of [`kept_back`](Self::kept_back) leaves out, and which way that bends it.
    fn left_out(&self, was: TransitionId, now: TransitionId) -> Option<&'static str> {
        let (old, new) = (self.both.old, self.both.new);
        let (from, to) = (old.transitions[was].from, old.transitions[was].to);
        let others = (self.both.has_others(was, now))
            .then_some("at most so many: who can go there by another move is not left out");
        if old.stages[to].record == old.stages[from].record {
            return others;
        }
        let (then, is) = (guard_made(old, was), guard_made(new, now));
        let place = new.stages[new.transitions[now].to].record;
        if then.is_empty() && is.is_empty() {
            return others;
        }
        let stays = self.both.common.compare_all(&then, &is, place).is_none();
        Some(if is.is_empty() || stays {
            "at most so many: what is asked of the record that the move makes is left out"
        } else if then.is_empty() {
            "at least so many: what is asked of the record that the move makes is left out"
        } else {
            "it may be more or fewer: what is asked of the record that the move makes is left out"
        })
    }

    /// Records that could make a move and cannot any more.
    fn kept_back(&self, was: TransitionId, now: TransitionId) -> Result<Ask, String> {
        let (old, new) = (self.both.old, self.both.new);
        let (from, to) = (old.transitions[was].from, old.transitions[was].to);
        let record = old.stages[from].record;
        let (then, is) = if old.stages[to].record == record {
            (guard(old, was), guard(new, now))
        } else {
            // The record that the move makes is not there yet.
            let (then, is) = (guard_before(old, was), guard_before(new, now));
            let place = new.stages[new.transitions[now].from].record;
            let verdict = self.both.common.compare_all(&then, &is, place);
            match verdict.map(|verdict| verdict.kind) {
                None => return Err(format!("what is new {MADE}")),
                Some(Kind::Loosened) => {
                    return Err(format!(
                        "of the earlier record less is asked now; what is new {MADE}"
                    ));
                }
                Some(_) => {}
            }
            (then, is)
        };
        let mut ask = self.standing(record, vec![from]);
        for (holds, applies) in then {
            let Some(holds) = holds else { continue };
            ask.met.push(Condition { holds: holds.clone(), applies: applies.cloned() });
        }
        for (holds, applies) in is {
            let Some(holds) = holds else { continue };
            let applies = applies.map(|applies| self.carried(applies)).transpose()?;
            ask.unmet.push(Condition { holds: self.carried(holds)?, applies });
        }
        Ok(ask)
    }

    /// A condition of the new process in terms of the old one, or why there it means nothing.
    fn carried(&self, expr: &Expr) -> Result<Expr, String> {
        let (old, new) = (self.both.old, self.both.new);
        let carried = self.back.carry(expr);
        if let Some(obstacle) = carried.obstacles.first() {
            return Err(obstacle.clone());
        }
        for id in expr.fields() {
            let was = self.both.pairs.fields.old_of(id);
            let merged = was.is_some_and(|was| {
                option_pairs(&old.fields[was].ty, &new.fields[id].ty).merged().next().is_some()
            });
            if merged || self.merged.contains(&id) {
                let name = &new.fields[id].name;
                return Err(format!("several things have become one in `{name}`"));
            }
        }
        let mut reason = None;
        carried.expr.walk(&mut |part| {
            let unknown = match &part.kind {
                ExprKind::Field(id) | ExprKind::Elapsed { field: id, .. }
                    if id.index() >= old.fields.len() =>
                {
                    let name = &self.back.process().fields[*id].name;
                    format!("it reads `{name}`, which the earlier process does not have")
                }
                ExprKind::Value(Value::Option(id, at))
                    if id.index() >= old.fields.len()
                        || *at >= old.fields[*id].ty.options().len() =>
                {
                    "it names an option that the earlier process does not have".to_owned()
                }
                ExprKind::Confirmed(id) if id.index() >= old.confirmations.len() => {
                    "people were not asked to confirm it before".to_owned()
                }
                ExprKind::Score(_) | ExprKind::IsGrade(..) => {
                    "it reads a score, which the earlier database counts by the earlier rules"
                        .to_owned()
                }
                _ => return,
            };
            reason.get_or_insert(unknown);
        });
        reason.map_or(Ok(carried.expr), Err)
    }

    fn fields(&self, found: &mut Vec<Flight>) {
        let (old, new) = (self.both.old, self.both.new);
        let staged = |record: RecordId| old.stages.values().any(|stage| stage.record == record);
        let ask = |field: &Field, holds: Expr| {
            let mut ask = self.standing(field.record, Vec::new());
            ask.met.push(Condition { holds, applies: None });
            Ok(ask)
        };
        let key = |id: FieldId| Part::Field(id).key(old);
        for id in self.both.pairs.fields.removed() {
            let field = &old.fields[id];
            if self.both.pairs.records.new_of(field.record).is_none() || !staged(field.record) {
                continue;
            }
            let what = format!("records with a value in `{}`, which is gone", key(id));
            let goes = "the values go with the field".to_owned();
            found.push(flight(what, Some(goes), ask(field, presence(field, id, true))));
        }
        for id in self.both.pairs.fields.added() {
            let field = &new.fields[id];
            let record = self.both.pairs.records.old_of(field.record);
            let Some(record) = record.filter(|record| field.required && staged(*record)) else {
                continue;
            };
            let what = format!(
                "records of `{}`, which all lack `{}`",
                old.records[record].name, field.name
            );
            let goes = "it is required: fill it in before it is".to_owned();
            found.push(flight(what, Some(goes), Ok(self.standing(record, Vec::new()))));
        }
        for (was, now) in self.both.pairs.fields.kept() {
            let (field, is) = (&old.fields[was], &new.fields[now]);
            if !staged(field.record) {
                continue;
            }
            if is.required && !field.required {
                let what = format!("records without `{}`, which is required now", key(was));
                let goes = "fill it in before the change".to_owned();
                found.push(flight(what, Some(goes), ask(field, presence(field, was, false))));
            }
            let options = option_pairs(&field.ty, &is.ty);
            for at in options.removed() {
                let Some(option) = field.ty.options().get(at) else { continue };
                if is.ty.options().is_empty() {
                    continue;
                }
                let what = format!("records with option `{}` of `{}`", option.name, key(was));
                let goes = "the option is gone: give them another before the change".to_owned();
                let value = ExprKind::Value(Value::Option(was, at));
                let value = Expr { kind: value, ty: Type::OneOf(was), span: field.span };
                let kind = ExprKind::In(Box::new(read(field, was)), vec![value]);
                let holds = Expr { kind, ty: Type::Boolean, span: field.span };
                found.push(flight(what, Some(goes), ask(field, holds)));
            }
            for (then, bound, order, op, word) in [
                (&field.at_least, &is.at_least, Ordering::Greater, CompareOp::Lt, "below"),
                (&field.at_most, &is.at_most, Ordering::Less, CompareOp::Gt, "above"),
            ] {
                let Some(value) = bound else { continue };
                let same = std::mem::discriminant(&field.ty) == std::mem::discriminant(&is.ty);
                if !same || !narrows(then.as_ref(), Some(value), order) {
                    continue;
                }
                let what = format!("records with `{}` {word} its new bound", key(was));
                let own = read(field, was);
                let bound =
                    Expr { kind: ExprKind::Value(value.clone()), ty: own.ty, span: field.span };
                let kind = ExprKind::Compare(Box::new(own), op, Box::new(bound));
                let holds = Expr { kind, ty: Type::Boolean, span: field.span };
                let goes = "mend the values before the change".to_owned();
                found.push(flight(what, Some(goes), ask(field, holds)));
            }
        }
    }

    fn standing(&self, record: RecordId, stages: Vec<StageId>) -> Ask {
        Ask { record, stages, met: Vec::new(), unmet: Vec::new() }
    }
}

fn flight(what: String, goes: Option<String>, ask: Result<Ask, String>) -> Flight {
    Flight { what, goes, ask, counts: Vec::new() }
}

/// Why what is asked anew of a move that makes another record cannot be counted.
const MADE: &str = "is asked of the record that the move makes, whose values are not there before";

/// What does not hold where none of the conditions does, if there are any.
fn none_of(mut conditions: Vec<Expr>) -> Option<Condition> {
    let last = conditions.pop()?;
    let span = last.span;
    let holds = if conditions.is_empty() {
        last
    } else {
        conditions.push(last);
        Expr { kind: ExprKind::Or(conditions), ty: Type::Boolean, span }
    };
    Some(Condition { holds, applies: None })
}

fn presence(field: &Field, id: FieldId, is: bool) -> Expr {
    let kind = ExprKind::Presence(Box::new(read(field, id)), is);
    Expr { kind, ty: Type::Boolean, span: field.span }
}

fn read(field: &Field, id: FieldId) -> Expr {
    Expr { kind: ExprKind::Field(id), ty: value_type(id, &field.ty), span: field.span }
}
