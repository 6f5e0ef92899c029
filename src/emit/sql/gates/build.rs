//! What must hold for each move, out of the criteria and conditions of the process.

use indexmap::IndexMap;

use super::needed::{self, needed};
use super::{GateCheck, Gates, StageGate};
use crate::emit::crm::one_line;
use crate::emit::gates::{self, Ask};
use crate::emit::sql::expr::{Subject, Unsaid, World};
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::names::{Ident, Scope};
use crate::emit::sql::reference;
use crate::model::{
    Clock, CriterionId, Expr, ExprKind, FieldId, Id, Process, RecordId, Side, StageId,
    TransitionId, TransitionKind, Value,
};

/// A condition that a database cannot say, and so does not ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emit::sql) struct Unasked {
    /// What it is, for people.
    pub(in crate::emit::sql) what: String,
    /// Which of the demands on moves it is, if it is one.
    pub(in crate::emit::sql) ask: Option<Ask>,
    pub(in crate::emit::sql) why: Unsaid,
}

/// The checks of every move, and what cannot be asked.
#[derive(Default)]
pub(in crate::emit::sql) struct Checks {
    /// By the stage that is left.
    pub(in crate::emit::sql) leave: Vec<(StageId, Vec<GateCheck>)>,
    /// By the stage that is entered.
    pub(in crate::emit::sql) enter: Vec<(StageId, Vec<GateCheck>)>,
    pub(in crate::emit::sql) unasked: Vec<Unasked>,
}

/// Where a moving record's values stand, at either end of the move.
pub(in crate::emit::sql) trait Ends<'a> {
    /// The record that leaves a stage of this type.
    fn leaving(&self, record: RecordId) -> Option<Subject<'a>>;
    /// The record that enters a stage of this type.
    fn entering(&self, record: RecordId) -> Option<Subject<'a>>;
}

/// Works out the checks.
pub(in crate::emit::sql) fn checks<'a>(process: &'a Process, ends: &dyn Ends<'a>) -> Checks {
    let mut checks = Checks::default();
    let mut leave: IndexMap<StageId, Vec<GateCheck>> = IndexMap::new();
    let mut enter: IndexMap<StageId, Vec<GateCheck>> = IndexMap::new();
    for gate in gates::gates(process) {
        let enters = gate.enters(process);
        let (own, other) = if enters { (&gate.to, &gate.from) } else { (&gate.from, &gate.to) };
        let Some(id) = own.first().copied() else { continue };
        let record = process.stages[id].record;
        let subject = if enters { ends.entering(record) } else { ends.leaving(record) };
        let Some(subject) = subject else { continue };
        let others = other.iter().map(|stage| process.stages[*stage].name.clone()).collect();
        let mut asking = Asking { process, checks: &mut checks };
        let found = match &gate.ask {
            Ask::Criterion(id) => asking.criterion(&subject, *id, others),
            Ask::When(id) => asking.when(&subject, *id, others),
            Ask::After(id) => asking.after(&subject, *id, others),
            Ask::OneOf(ways) => asking.one_of(&subject, ends, ways, others),
        };
        if !found.is_empty() {
            let side = if enters { &mut enter } else { &mut leave };
            side.entry(id).or_default().extend(found);
        }
    }
    checks.leave = leave.into_iter().collect();
    checks.enter = enter.into_iter().collect();
    checks
}

/// One condition that a move asks for.
struct Demand<'a> {
    /// The type of the record that stands at this end of the move.
    record: RecordId,
    condition: Result<String, Unsaid>,
    /// To which records it applies, if not to all.
    applies: Option<&'a Expr>,
    /// The fields without which it cannot hold, and whether they are all it asks for.
    needs: (Vec<FieldId>, bool),
    /// What is said when it does not hold.
    message: String,
}

fn needs(condition: &Expr) -> (Vec<FieldId>, bool) {
    (needed(condition), needed::only_presence(condition))
}

/// The type of the record that a transition starts from.
fn record_of(process: &Process, id: TransitionId) -> RecordId {
    process.stages[process.transitions[id].from].record
}

struct Asking<'a, 'c> {
    process: &'a Process,
    checks: &'c mut Checks,
}

impl Asking<'_, '_> {
    /// The checks of one condition, unless the database cannot say it: first those that tell which
    /// field is empty.
    fn ask(
        &mut self,
        subject: &Subject<'_>,
        demand: Demand<'_>,
        others: Vec<String>,
        (ask, what): (Ask, impl Fn() -> String),
    ) -> Vec<GateCheck> {
        let Demand { record, condition, applies, needs, message } = demand;
        let said = condition.and_then(|holds| {
            Ok((holds, applies.map(|applies| subject.condition(applies)).transpose()?))
        });
        let (holds, applies) = match said {
            Ok(said) => said,
            Err(why) => {
                self.checks.unasked.push(Unasked { what: what(), ask: Some(ask), why });
                return Vec::new();
            }
        };
        let unless = |condition: String| match &applies {
            None => condition,
            Some(applies) => format!("(NOT ({applies}) OR {condition})"),
        };
        let (fields, is_all) = needs;
        let mut checks: Vec<GateCheck> = fields
            .into_iter()
            .map(|field| GateCheck {
                others: others.clone(),
                condition: unless(subject.is_filled(field)),
                message: format!("{message}: {}", needed::told(self.process, field, record)),
            })
            .collect();
        if !is_all || checks.is_empty() {
            checks.push(GateCheck { others, condition: unless(holds), message });
        }
        checks
    }

    fn criterion(
        &mut self,
        subject: &Subject<'_>,
        id: CriterionId,
        others: Vec<String>,
    ) -> Vec<GateCheck> {
        let process = self.process;
        let criterion = &process.criteria[id];
        let stage = &process.stages[criterion.stage];
        let side = match criterion.side {
            Side::Exit => "exit",
            Side::Enter => "entry",
        };
        let title = one_line(&criterion.title.value);
        let record = &process.records[stage.record].name;
        let message = format!(
            "{record}: {side} criterion \"{title}\" of stage \"{}\" is not met",
            stage.name
        );
        let what = || format!("{side} criterion `{}` of stage `{}`", criterion.name, stage.name);
        let demand = Demand {
            record: stage.record,
            condition: subject.condition(&criterion.condition),
            applies: criterion.applies.as_ref(),
            needs: needs(&criterion.condition),
            message,
        };
        self.ask(subject, demand, others, (Ask::Criterion(id), what))
    }

    /// The condition of a transition.
    fn when(
        &mut self,
        subject: &Subject<'_>,
        id: TransitionId,
        others: Vec<String>,
    ) -> Vec<GateCheck> {
        let process = self.process;
        let Some(when) = &process.transitions[id].when else { return Vec::new() };
        let source = one_line(&process.expr_source(&plainly(when)));
        let demand = Demand {
            record: record_of(process, id),
            condition: subject.condition(when),
            applies: None,
            needs: needs(when),
            message: format!("{} is open only when {source}", moved(process, id)),
        };
        self.ask(subject, demand, others, (Ask::When(id), || conditioned(process, id)))
    }

    /// The clock of a transition.
    fn after(
        &mut self,
        subject: &Subject<'_>,
        id: TransitionId,
        others: Vec<String>,
    ) -> Vec<GateCheck> {
        let process = self.process;
        let Some(clock) = &process.transitions[id].after else { return Vec::new() };
        let demand = Demand {
            record: record_of(process, id),
            condition: subject.has_struck(clock),
            applies: None,
            needs: (clock.before.into_iter().collect(), false),
            message: format!("{} opens only {}", moved(process, id), waited(process, clock)),
        };
        self.ask(subject, demand, others, (Ask::After(id), || conditioned(process, id)))
    }

    /// One of several transitions between the same two stages must be open.
    fn one_of<'a>(
        &mut self,
        subject: &Subject<'_>,
        ends: &dyn Ends<'a>,
        ways: &[TransitionId],
        others: Vec<String>,
    ) -> Vec<GateCheck> {
        let process = self.process;
        let Some(first) = ways.first().map(|way| &process.transitions[*way]) else {
            return Vec::new();
        };
        let (from, to) = (&process.stages[first.from], &process.stages[first.to]);
        let mut open = Vec::new();
        for way in ways {
            match is_open(process, subject, ends, *way) {
                // One that is always open leaves nothing to ask.
                Ok(parts) if parts.is_empty() => return Vec::new(),
                Ok(parts) => open.push(format!("({})", parts.join(" AND "))),
                Err(why) => {
                    let (from, to) = (&from.name, &to.name);
                    let what = format!("the conditions of the moves from `{from}` to `{to}`");
                    let ask = Some(Ask::OneOf(ways.to_vec()));
                    self.checks.unasked.push(Unasked { what, ask, why });
                    return Vec::new();
                }
            }
        }
        let record = &process.records[from.record].name;
        let told: Vec<String> = ways.iter().map(|way| told(process, *way)).collect();
        let message = format!(
            "{record}: no move from stage \"{}\" to \"{}\" is open; it takes {}",
            from.name,
            to.name,
            told.join(", or ")
        );
        vec![GateCheck { others, condition: format!("({})", open.join(" OR ")), message }]
    }
}

/// A move, as the beginning of a sentence.
fn moved(process: &Process, id: TransitionId) -> String {
    let transition = &process.transitions[id];
    let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
    let record = &process.records[from.record].name;
    format!("{record}: the move from stage \"{}\" to \"{}\"", from.name, to.name)
}

/// What a transition asks for itself.
fn conditioned(process: &Process, id: TransitionId) -> String {
    let transition = &process.transitions[id];
    let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
    format!("the condition of the move from `{}` to `{}`", from.name, to.name)
}

/// What a transition asks for, as the end of a sentence.
fn told(process: &Process, id: TransitionId) -> String {
    let transition = &process.transitions[id];
    let mut parts = Vec::new();
    if let Some(when) = &transition.when {
        parts.push(one_line(&process.expr_source(&plainly(when))));
    }
    if let Some(clock) = &transition.after {
        parts.push(waited(process, clock));
    }
    if transition.kind == TransitionKind::Advance {
        parts.push("its criteria".to_owned());
    }
    parts.join(" and ")
}

/// When a clock strikes: `after 30d`, `14d before renews_on`.
fn waited(process: &Process, clock: &Clock) -> String {
    let length = process.value_source(&Value::Duration(clock.duration));
    match clock.before {
        None => format!("after {length}"),
        Some(field) => format!("{length} before {}", process.fields[field].name),
    }
}

/// Everything that must hold for a transition to be open.
pub(in crate::emit::sql) fn is_open<'a>(
    process: &Process,
    subject: &Subject<'_>,
    ends: &dyn Ends<'a>,
    id: TransitionId,
) -> Result<Vec<String>, Unsaid> {
    let transition = &process.transitions[id];
    let mut parts = Vec::new();
    if let Some(when) = &transition.when {
        parts.push(subject.condition(when)?);
    }
    if let Some(clock) = &transition.after {
        parts.push(subject.has_struck(clock)?);
    }
    if transition.kind == TransitionKind::Advance {
        for criterion in &process.stages[transition.from].exit {
            parts.push(passes(process, subject, *criterion)?);
        }
        let target = &process.stages[transition.to];
        if let Some(entering) = ends.entering(target.record) {
            for criterion in &target.enter {
                parts.push(passes(process, &entering, *criterion)?);
            }
        }
    }
    Ok(parts)
}

/// Whether a criterion lets the record pass: it does not apply to it, or holds.
pub(in crate::emit::sql) fn passes(
    process: &Process,
    subject: &Subject<'_>,
    id: CriterionId,
) -> Result<String, Unsaid> {
    let criterion = &process.criteria[id];
    let holds = subject.condition(&criterion.condition)?;
    Ok(match &criterion.applies {
        None => holds,
        Some(applies) => format!("(NOT ({}) OR {holds})", subject.condition(applies)?),
    })
}

/// The ends of a move that has just been written to the history, as its row `NEW`.
pub(in crate::emit::sql) struct InHistory<'a> {
    pub(in crate::emit::sql) world: &'a World<'a>,
    pub(in crate::emit::sql) lookups: &'a Lookups,
    pub(in crate::emit::sql) history: &'a Ident,
}

impl<'a> InHistory<'a> {
    fn subject(&self, record: RecordId, id: &str, entered: String) -> Option<Subject<'a>> {
        let table = self.world.tables.get(record.index())?;
        let mut ids = vec![(record, id.to_owned())];
        for (earlier, link) in &table.links {
            let on = |row: &str| format!("{row}.{} = {id}", table.id);
            ids.push((*earlier, self.lookups.row(&table.name, on, |row| format!("{row}.{link}"))));
        }
        Some(Subject {
            world: self.world,
            lookups: self.lookups,
            row: None,
            ids,
            entered,
            now: "NEW.entered_at".to_owned(),
            heard: "NEW.entered_at".to_owned(),
        })
    }
}

impl<'a> Ends<'a> for InHistory<'a> {
    fn leaving(&self, record: RecordId) -> Option<Subject<'a>> {
        let before = format!(
            "(SELECT h.entered_at FROM {} AS h WHERE h.record = NEW.from_record AND h.record_id = NEW.from_record_id AND h.id < NEW.id ORDER BY h.id DESC LIMIT 1)",
            self.history
        );
        self.subject(record, "NEW.from_record_id", before)
    }

    fn entering(&self, record: RecordId) -> Option<Subject<'a>> {
        self.subject(record, "NEW.record_id", "NEW.entered_at".to_owned())
    }
}

/// The gates of a database that enforces them.
pub(in crate::emit::sql) fn gates(
    world: &World<'_>,
    prefix: &str,
    relations: &mut Scope,
) -> (Gates, Vec<Unasked>) {
    let World { process, dialect, .. } = world;
    let history = reference::name(*dialect, prefix, "stage_history");
    let lookups = Lookups::new(*dialect);
    let ends = InHistory { world, lookups: &lookups, history: &history };
    let Checks { leave, enter, unasked } = checks(process, &ends);
    let mut gate = |side: &str, (id, checks): (StageId, Vec<GateCheck>)| {
        let stage = process.stages[id].name.clone();
        let trigger = relations.claim(*dialect, &format!("{prefix}{side}_{stage}"));
        StageGate { function: trigger.clone(), trigger, stage, checks }
    };
    let leave = leave.into_iter().map(|stage| gate("leave", stage)).collect();
    let enter = enter.into_iter().map(|stage| gate("enter", stage)).collect();
    (Gates { history, leave, enter }, unasked)
}

/// A condition as people say it: `x is missing` for `not x is present`.
fn plainly(expr: &Expr) -> Expr {
    let all = |operands: &[Expr]| operands.iter().map(plainly).collect();
    let kind = match &expr.kind {
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::Presence(of, present) => ExprKind::Presence(of.clone(), !present),
            _ => ExprKind::Not(Box::new(plainly(inner))),
        },
        ExprKind::And(operands) => ExprKind::And(all(operands)),
        ExprKind::Or(operands) => ExprKind::Or(all(operands)),
        _ => return expr.clone(),
    };
    Expr { kind, ..expr.clone() }
}
