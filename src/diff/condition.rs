//! Conditions of two processes, compared by what they let through.
//!
//! The conditions are brought into one space first: the records that either process can hold. It is
//! the new process, with the fields, options and confirmations that only the old one had, and of two
//! declarations of a field the wider. What has changed its type cannot be compared, unless it is
//! still a number or a text, nor what reads a score that is gone; then it is said so, and nothing is
//! proved.

use std::cmp::Ordering;

use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use crate::lint::story;
use crate::logic::prove::{Answer, Formula, Prover};
use crate::model::{
    ArithmeticOp, Confirmation, ConfirmationId, CriterionId, Expr, ExprKind, FieldId, FieldType,
    Id as _, Process, RecordId, ScoreId, TransitionId, TransitionKind, Type, Value,
};

use super::change::Kind;
use super::pair::{Both, Pairs, option_pairs};
use super::reason::{Reason, Story};
use super::values::narrows;

/// A condition, and the one under which it applies, as the process has them.
pub(super) type Guarded<'a> = (Option<&'a Expr>, Option<&'a Expr>);

/// What lets records go from one stage to another: what a move asks for, if there is such a move on
/// this side, and what each of the others between these stages asks for.
#[derive(Default)]
pub(super) struct Way<'a> {
    pub(super) own: Option<Vec<Guarded<'a>>>,
    pub(super) others: Vec<Vec<Guarded<'a>>>,
}

impl<'a> Way<'a> {
    /// A way without others beside it.
    fn only(own: Vec<Guarded<'a>>) -> Self {
        Self { own: Some(own), others: Vec::new() }
    }
}

/// What must hold for a move: its `when`, and for an advance the criteria on both sides.
pub(super) fn guard(process: &Process, id: TransitionId) -> Vec<Guarded<'_>> {
    let mut all = leaving(process, id);
    all.extend(entering(process, id));
    all
}

/// What must hold where a move begins.
fn leaving(process: &Process, id: TransitionId) -> Vec<Guarded<'_>> {
    let transition = &process.transitions[id];
    let mut all = vec![(transition.when.as_ref(), None)];
    if transition.kind == TransitionKind::Advance {
        all.extend(criteria(process, &process.stages[transition.from].exit));
    }
    all
}

/// What must hold where it leads.
fn entering(process: &Process, id: TransitionId) -> Vec<Guarded<'_>> {
    let transition = &process.transitions[id];
    if transition.kind != TransitionKind::Advance {
        return Vec::new();
    }
    criteria(process, &process.stages[transition.to].enter).collect()
}

fn criteria<'p>(process: &'p Process, ids: &'p [CriterionId]) -> impl Iterator<Item = Guarded<'p>> {
    ids.iter().map(|id| {
        let criterion = &process.criteria[*id];
        (Some(&criterion.condition), criterion.applies.as_ref())
    })
}

/// What of the guard of a move that makes another record can be told from the earlier record alone.
pub(super) fn guard_before(process: &Process, id: TransitionId) -> Vec<Guarded<'_>> {
    told_apart(process, id).0
}

/// The rest of that guard: what only the record that the move makes can tell.
pub(super) fn guard_made(process: &Process, id: TransitionId) -> Vec<Guarded<'_>> {
    told_apart(process, id).1
}

fn told_apart(process: &Process, id: TransitionId) -> (Vec<Guarded<'_>>, Vec<Guarded<'_>>) {
    let record = process.stages[process.transitions[id].from].record;
    let reads = |expr: &Expr, is_entry: bool| {
        let mut is_earlier = true;
        expr.walk(&mut |part| {
            let of = match part.kind {
                ExprKind::Field(field) | ExprKind::Elapsed { field, .. } => {
                    process.fields[field].record
                }
                ExprKind::Score(score) | ExprKind::IsGrade(score, _) => {
                    process.scores[score].record
                }
                // Where the move leads they are those of the record that it makes.
                ExprKind::TimeInStage | ExprKind::Event { .. } | ExprKind::Confirmed(_) => {
                    is_earlier &= !is_entry;
                    return;
                }
                _ => return,
            };
            is_earlier &= process.lineage(record).any(|earlier| earlier == of);
        });
        is_earlier
    };
    let told = |(holds, applies): &Guarded<'_>, is_entry: bool| {
        holds.iter().chain(applies).all(|expr| reads(expr, is_entry))
    };
    let (mut before, mut made) = (Vec::new(), Vec::new());
    let sides = [(leaving(process, id), false), (entering(process, id), true)];
    for (parts, is_entry) in sides {
        for part in parts {
            if told(&part, is_entry) { before.push(part) } else { made.push(part) }
        }
    }
    (before, made)
}

/// Both processes in one space.
pub(crate) struct Common<'a> {
    old: &'a Process,
    /// The new process, and what only the old one had.
    process: Process,
    now: DateTime,
    fields: FxHashMap<FieldId, FieldId>,
    /// Where the options of an old field are among those of the common one.
    options: FxHashMap<FieldId, Vec<usize>>,
    confirmations: FxHashMap<ConfirmationId, ConfirmationId>,
    scores: Both<ScoreId>,
    /// Where the grades of an old score are among those of the new one.
    grades: FxHashMap<ScoreId, Both<usize>>,
    /// Old fields whose type has changed so that their values cannot be compared.
    retyped: FxHashMap<FieldId, FieldId>,
    /// Fields of the new process whose type has changed otherwise, and the new type.
    like: FxHashMap<FieldId, Type>,
}

/// What the comparison of two conditions has shown.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    /// Why: stories of records, or what stood in the way.
    pub(crate) reason: Option<Reason>,
}

/// A condition of the old process in the common space, or why it cannot be brought there.
pub(crate) struct Carried {
    pub(crate) expr: Expr,
    pub(crate) obstacles: Vec<String>,
}

impl<'a> Common<'a> {
    pub(crate) fn new(old: &'a Process, new: &'a Process, pairs: &Pairs, now: DateTime) -> Self {
        let mut common = Self {
            old,
            process: new.clone(),
            now,
            fields: FxHashMap::default(),
            options: FxHashMap::default(),
            confirmations: FxHashMap::default(),
            scores: pairs.scores.clone(),
            grades: FxHashMap::default(),
            retyped: FxHashMap::default(),
            like: FxHashMap::default(),
        };
        for (id, _) in old.fields.iter() {
            common.field(id, pairs);
        }
        for (id, confirmation) in old.confirmations.iter() {
            let now = pairs.confirmations.new_of(id).unwrap_or_else(|| {
                let kept = Confirmation { by: None, ..confirmation.clone() };
                common.process.confirmations.push(kept)
            });
            common.confirmations.insert(id, now);
        }
        for (was, now) in pairs.scores.kept() {
            let names = |process: &Process, id: ScoreId| -> Vec<String> {
                process.scores[id].grades.iter().map(|grade| grade.name.clone()).collect()
            };
            let (olds, news) = (names(old, was), names(new, now));
            let same = olds.iter().enumerate().filter_map(|(at, name)| {
                news.iter().position(|other| other == name).map(|now| (at, now))
            });
            let same: Vec<(usize, usize)> = same.collect();
            let both = Both::of((0..olds.len()).collect(), (0..news.len()).collect(), same);
            common.grades.insert(was, both);
        }
        common
    }

    fn field(&mut self, id: FieldId, pairs: &Pairs) {
        let was = &self.old.fields[id];
        let record = pairs.records.new_of(was.record).unwrap_or(RecordId::from_index(0));
        let Some(now) = pairs.fields.new_of(id) else {
            let mut kept = was.clone();
            kept.record = record;
            self.options.insert(id, (0..was.ty.options().len()).collect());
            let now = self.process.fields.push(kept);
            self.fields.insert(id, now);
            return;
        };
        let field = &mut self.process.fields[now];
        let seen = match (&was.ty, &field.ty) {
            (FieldType::Integer, FieldType::Number) => Some(Type::Number),
            (FieldType::Number, FieldType::Integer) => {
                field.ty = FieldType::Number;
                Some(Type::Integer)
            }
            (FieldType::User, FieldType::Text) => Some(Type::Text),
            (FieldType::Text, FieldType::User) => Some(Type::User),
            _ => None,
        };
        match seen {
            Some(ty) => drop(self.like.insert(now, ty)),
            None if std::mem::discriminant(&was.ty) != std::mem::discriminant(&field.ty) => {
                self.retyped.insert(id, now);
            }
            None => {}
        }
        field.required &= was.required;
        if narrows(was.at_least.as_ref(), field.at_least.as_ref(), Ordering::Greater) {
            field.at_least.clone_from(&was.at_least);
        }
        if narrows(was.at_most.as_ref(), field.at_most.as_ref(), Ordering::Less) {
            field.at_most.clone_from(&was.at_most);
        }
        let pairs = option_pairs(&was.ty, &field.ty);
        let mut places = Vec::with_capacity(was.ty.options().len());
        if let FieldType::OneOf(options) | FieldType::ManyOf(options) = &mut field.ty {
            for (at, option) in was.ty.options().iter().enumerate() {
                places.push(pairs.new_of(at).unwrap_or_else(|| {
                    options.push(option.clone());
                    options.len() - 1
                }));
            }
        }
        self.fields.insert(id, now);
        self.options.insert(id, places);
    }

    /// A condition of the old process, in the common space.
    pub(crate) fn carry(&self, expr: &Expr) -> Carried {
        let mut obstacles = Vec::new();
        let expr = self.translated(expr, &mut obstacles);
        Carried { expr, obstacles }
    }

    /// Compares two conditions; none lets everything through. `record` is what they are about.
    pub(crate) fn compare(
        &self,
        old: Option<&Expr>,
        new: Option<&Expr>,
        record: RecordId,
    ) -> Option<Verdict> {
        self.compare_all(&[(old, None)], &[(new, None)], record)
    }

    /// Compares lists of conditions that must all hold, each for all records, or only for those that
    /// satisfy another. `None` when there is no change.
    pub(crate) fn compare_all(
        &self,
        old: &[Guarded<'_>],
        new: &[Guarded<'_>],
        record: RecordId,
    ) -> Option<Verdict> {
        self.compare_ways(&Way::only(old.to_vec()), &Way::only(new.to_vec()), record)
    }

    /// Compares what lets records go one way, beside what else lets them: who can go by another does
    /// not lose the way, and does not win it.
    pub(super) fn compare_ways(
        &self,
        old: &Way<'_>,
        new: &Way<'_>,
        record: RecordId,
    ) -> Option<Verdict> {
        let mut obstacles = Vec::new();
        let mut carry = |expr: Option<&Expr>| {
            expr.map(|expr| {
                let carried = self.carry(expr);
                obstacles.extend(carried.obstacles);
                carried.expr
            })
        };
        let mut carry_all = |list: &[Guarded<'_>]| -> Vec<(Option<Expr>, Option<Expr>)> {
            list.iter().map(|(holds, applies)| (carry(*holds), carry(*applies))).collect()
        };
        let own = old.own.as_deref().map(&mut carry_all);
        let others: Vec<Vec<(Option<Expr>, Option<Expr>)>> =
            old.others.iter().map(|list| carry_all(list)).collect();
        if let (Some(own), Some(new)) = (&own, &new.own) {
            let alike = own.len() == new.len()
                && own.iter().zip(new).all(|((a, only_a), (b, only_b))| {
                    let clear = obstacles.is_empty();
                    self.same(a.as_ref(), *b, clear) && self.same(only_a.as_ref(), *only_b, clear)
                });
            if alike {
                return None;
            }
        }
        if !obstacles.is_empty() {
            obstacles.sort();
            obstacles.dedup();
            return Some(Verdict {
                kind: Kind::Changed,
                reason: Some(Reason::new(
                    format!("What this lets through cannot be compared: {}.", obstacles.join("; ")),
                    vec![Story::NotCompared],
                )),
            });
        }
        let was = own.as_deref().map(all_carried);
        let was_others: Vec<Formula<'_>> = others.iter().map(|list| all_carried(list)).collect();
        let is = new.own.as_deref().map(|list| all(list.iter().copied()));
        let others = new.others.iter().map(|list| all(list.iter().copied()));
        Some(self.judge((was, was_others), (is, others.collect()), record))
    }

    /// A prover for the common space.
    pub(crate) fn prover(&self) -> Prover<'_> {
        Prover::new(&self.process, self.now)
    }

    /// The common space: what a witness is told by.
    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    fn judge(&self, was: Side<'_>, is: Side<'_>, record: RecordId) -> Verdict {
        let prover = self.prover();
        let only = |own: &Option<Formula<'_>>, others| match own {
            Some(own) => prover.overlap(own.clone(), any(others).negated()),
            None => Answer::No,
        };
        let shut = only(&was.0, &is);
        let opened = only(&is.0, &was);
        let kind = match (&shut, &opened) {
            (Answer::Yes(_), Answer::No) => Kind::Tightened,
            (Answer::No, Answer::Yes(_)) => Kind::Loosened,
            (Answer::Yes(_), Answer::Yes(_)) => Kind::Shifted,
            (Answer::No, Answer::No) => Kind::Reworded,
            _ => Kind::Changed,
        };
        let a_record = story::a_record_named(&self.process.records[record].name);
        let (mut reasons, mut stories) = (Vec::new(), Vec::new());
        if let Answer::Yes(witness) = &shut {
            stories.push(Story::Shut(witness.known(&self.process)));
            reasons.push(match witness.tell(&self.process).as_str() {
                "" => format!("Before, {a_record} could always pass; now none does."),
                told => format!("Where {told}, {a_record} passed before, and does not now."),
            });
        }
        if let Answer::Yes(witness) = &opened {
            stories.push(Story::Opened(witness.known(&self.process)));
            reasons.push(match witness.tell(&self.process).as_str() {
                "" => format!("Before, {a_record} never passed; now every one does."),
                told => format!("Where {told}, {a_record} did not pass before, and does now."),
            });
        }
        if matches!((&shut, &opened), (Answer::Unknown, _) | (_, Answer::Unknown)) {
            let (reason, story) = match (&shut, &opened) {
                (Answer::Unknown, Answer::Unknown) => (
                    "Whom this lets through, and whom it does not, cannot be told by proof.",
                    Story::Unknown,
                ),
                (Answer::Unknown, _) => (
                    "Whether it keeps out records that passed cannot be told by proof.",
                    Story::ShutUnknown,
                ),
                _ => (
                    "Whether it lets through records that did not pass cannot be told by proof.",
                    Story::OpenedUnknown,
                ),
            };
            reasons.push(reason.to_owned());
            stories.push(story);
        }
        Verdict {
            kind,
            reason: (!reasons.is_empty()).then(|| Reason::new(reasons.join(" "), stories)),
        }
    }

    /// Whether two conditions are the same but for the order of what is joined. `clear` tells that
    /// nothing stood in the way of carrying the first over: else it may speak of what is not there.
    fn same(&self, a: Option<&Expr>, b: Option<&Expr>, clear: bool) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                a.kind == b.kind || clear && self.ordered(a).kind == self.ordered(b).kind
            }
            _ => false,
        }
    }

    /// The condition with everything that is joined in one fixed order.
    fn ordered(&self, expr: &Expr) -> Expr {
        let list = |all: &[Expr]| {
            let mut all: Vec<Expr> = all.iter().map(|x| self.ordered(x)).collect();
            all.sort_by_cached_key(|x| self.process.expr_source(x));
            all
        };
        let one = |x: &Expr| Box::new(self.ordered(x));
        let kind = match &expr.kind {
            ExprKind::And(all) => ExprKind::And(list(all)),
            ExprKind::Or(all) => ExprKind::Or(list(all)),
            ExprKind::In(x, all) => ExprKind::In(one(x), list(all)),
            ExprKind::Not(x) => ExprKind::Not(one(x)),
            other => other.clone(),
        };
        Expr { kind, ty: expr.ty, span: expr.span }
    }

    fn translated(&self, expr: &Expr, obstacles: &mut Vec<String>) -> Expr {
        let mut list = |all: &[Expr]| -> Vec<Expr> {
            all.iter().map(|x| self.translated(x, obstacles)).collect()
        };
        let kind = match &expr.kind {
            ExprKind::And(all) => ExprKind::And(list(all)),
            ExprKind::Or(all) => ExprKind::Or(list(all)),
            ExprKind::In(x, all) => {
                let all = list(all);
                ExprKind::In(self.boxed(x, obstacles), all)
            }
            ExprKind::Not(x) => ExprKind::Not(self.boxed(x, obstacles)),
            ExprKind::Negate(x) => ExprKind::Negate(self.boxed(x, obstacles)),
            ExprKind::Presence(x, is) => ExprKind::Presence(self.boxed(x, obstacles), *is),
            ExprKind::Within(x, way, window) => {
                ExprKind::Within(self.boxed(x, obstacles), *way, *window)
            }
            ExprKind::Compare(a, op, b) => {
                let a = self.boxed(a, obstacles);
                ExprKind::Compare(a, *op, self.boxed(b, obstacles))
            }
            ExprKind::Arithmetic(a, op, b) => {
                let a = self.boxed(a, obstacles);
                ExprKind::Arithmetic(a, *op, self.boxed(b, obstacles))
            }
            ExprKind::Between(x, low, high) => {
                let x = self.boxed(x, obstacles);
                let low = self.boxed(low, obstacles);
                ExprKind::Between(x, low, self.boxed(high, obstacles))
            }
            ExprKind::Value(value) => ExprKind::Value(match value {
                Value::Option(field, at) => {
                    let places = self.options.get(field);
                    let now = places.and_then(|places| places.get(*at)).copied();
                    Value::Option(self.field_now(*field, obstacles), now.unwrap_or(*at))
                }
                other => other.clone(),
            }),
            ExprKind::Field(field) => ExprKind::Field(self.field_now(*field, obstacles)),
            ExprKind::Elapsed { unit, business, since, field } => ExprKind::Elapsed {
                unit: *unit,
                business: *business,
                since: *since,
                field: self.field_now(*field, obstacles),
            },
            ExprKind::Score(score) => ExprKind::Score(self.score_now(*score, obstacles)),
            ExprKind::IsGrade(score, grade) => {
                let now = self.grades.get(score).and_then(|grades| grades.new_of(*grade));
                if now.is_none() && self.scores.new_of(*score).is_some() {
                    let score = &self.old.scores[*score];
                    let name = score.grades.get(*grade).map_or("", |grade| grade.name.as_str());
                    obstacles.push(format!("grade `{name}` of `{}` is no more", score.name));
                }
                ExprKind::IsGrade(self.score_now(*score, obstacles), now.unwrap_or(usize::MAX))
            }
            ExprKind::Confirmed(id) => {
                ExprKind::Confirmed(self.confirmations.get(id).copied().unwrap_or(*id))
            }
            ExprKind::TimeInStage | ExprKind::Today | ExprKind::Now | ExprKind::Event { .. } => {
                expr.kind.clone()
            }
        };
        let ty = match expr.ty {
            Type::OneOf(field) => Type::OneOf(self.field_now(field, obstacles)),
            Type::ManyOf(field) => Type::ManyOf(self.field_now(field, obstacles)),
            other => match &kind {
                ExprKind::Field(now) => self.like.get(now).copied().unwrap_or(other),
                ExprKind::Negate(x) => x.ty,
                ExprKind::Arithmetic(a, op, b) => match (a.ty, b.ty) {
                    (Type::Integer, Type::Integer) if *op != ArithmeticOp::Div => Type::Integer,
                    (Type::Integer | Type::Number, Type::Integer | Type::Number) => Type::Number,
                    _ => other,
                },
                _ => other,
            },
        };
        Expr { kind, ty, span: expr.span }
    }

    fn boxed(&self, expr: &Expr, obstacles: &mut Vec<String>) -> Box<Expr> {
        Box::new(self.translated(expr, obstacles))
    }

    fn field_now(&self, old: FieldId, obstacles: &mut Vec<String>) -> FieldId {
        if let Some(now) = self.retyped.get(&old) {
            let name = &self.process.fields[*now].name;
            obstacles.push(format!("`{name}` is of another type now"));
        }
        self.fields.get(&old).copied().unwrap_or(old)
    }

    fn score_now(&self, old: ScoreId, obstacles: &mut Vec<String>) -> ScoreId {
        self.scores.new_of(old).unwrap_or_else(|| {
            obstacles.push(format!("score `{}` is no more", self.old.scores[old].name));
            // Nothing is proved about it, and it is like no other.
            ScoreId::from_index(usize::MAX)
        })
    }
}

/// What a move asks for, if there is one, and what the others beside it do.
type Side<'e> = (Option<Formula<'e>>, Vec<Formula<'e>>);

/// One of the moves is open.
fn any<'e>((own, others): &Side<'e>) -> Formula<'e> {
    match (own, others.as_slice()) {
        (Some(own), []) => own.clone(),
        _ => Formula::Any(own.iter().chain(others).cloned().collect()),
    }
}

fn all_carried(list: &[(Option<Expr>, Option<Expr>)]) -> Formula<'_> {
    all(list.iter().map(|(holds, applies)| (holds.as_ref(), applies.as_ref())))
}

/// All of these hold; one that applies to some records only holds for all others.
fn all<'e>(list: impl Iterator<Item = (Option<&'e Expr>, Option<&'e Expr>)>) -> Formula<'e> {
    let one = |(holds, applies): (Option<&'e Expr>, Option<&'e Expr>)| {
        let holds = holds.map(Formula::Holds)?;
        Some(match applies {
            None => holds,
            Some(only) => Formula::Any(vec![Formula::Holds(only).negated(), holds]),
        })
    };
    Formula::All(list.filter_map(one).collect())
}
