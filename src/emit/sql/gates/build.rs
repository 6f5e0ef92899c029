//! What must hold for each move, out of the criteria and conditions of the process.

use indexmap::IndexMap;

use super::{GateCheck, Gates, StageGate};
use crate::emit::crm::one_line;
use crate::emit::sql::expr::{Subject, Unsaid, World};
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::names::{Ident, Scope};
use crate::emit::sql::reference;
use crate::model::{
    Clock, CriterionId, Id, Process, RecordId, Side, StageId, TransitionId, TransitionKind, Value,
};

/// A condition that a database cannot say, and so does not ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emit::sql) struct Unasked {
    /// What it is, for people.
    pub(in crate::emit::sql) what: String,
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

/// Works out the checks. A pair of stages that one transition joins is checked part by part, so
/// that a refusal tells what is missing; where several join them, one of them must be open.
pub(in crate::emit::sql) fn checks<'a>(process: &'a Process, ends: &dyn Ends<'a>) -> Checks {
    let mut checks = Checks::default();
    let mut sources: IndexMap<StageId, Vec<&str>> = IndexMap::new();
    for (id, stage) in process.stages.iter() {
        let mut targets: IndexMap<StageId, Vec<TransitionId>> = IndexMap::new();
        for transition in &stage.outgoing {
            targets.entry(process.transitions[*transition].to).or_default().push(*transition);
        }
        let Some(subject) = ends.leaving(stage.record) else { continue };
        let mut found = Vec::new();
        let mut asking = Asking { process, checks: &mut checks };
        let advances = targets.iter().filter_map(|(to, ways)| match ways.as_slice() {
            [only] if process.transitions[*only].kind == TransitionKind::Advance => Some(*to),
            _ => None,
        });
        let advances: Vec<StageId> = advances.collect();
        for to in &advances {
            sources.entry(*to).or_default().push(&stage.name);
        }
        if !advances.is_empty() {
            for criterion in &stage.exit {
                let others = advances.iter().map(|to| process.stages[*to].name.clone()).collect();
                found.extend(asking.criterion(&subject, *criterion, others));
            }
        }
        for (to, ways) in &targets {
            match ways.as_slice() {
                [only] => found.extend(asking.transition(&subject, *only)),
                several => found.extend(asking.one_of(&subject, ends, id, *to, several)),
            }
        }
        if !found.is_empty() {
            checks.leave.push((id, found));
        }
    }
    for (to, from) in sources {
        let stage = &process.stages[to];
        if stage.enter.is_empty() {
            continue;
        }
        let Some(subject) = ends.entering(stage.record) else { continue };
        let mut found = Vec::new();
        for criterion in &stage.enter {
            let others = from.iter().map(|name| (*name).to_owned()).collect();
            let mut asking = Asking { process, checks: &mut checks };
            found.extend(asking.criterion(&subject, *criterion, others));
        }
        if !found.is_empty() {
            checks.enter.push((to, found));
        }
    }
    checks
}

struct Asking<'a, 'c> {
    process: &'a Process,
    checks: &'c mut Checks,
}

impl Asking<'_, '_> {
    /// A check, unless the database cannot say it.
    fn ask(
        &mut self,
        condition: Result<String, Unsaid>,
        others: Vec<String>,
        what: impl Fn() -> String,
        message: String,
    ) -> Option<GateCheck> {
        match condition {
            Ok(condition) => Some(GateCheck { others, condition, message }),
            Err(why) => {
                self.checks.unasked.push(Unasked { what: what(), why });
                None
            }
        }
    }

    fn criterion(
        &mut self,
        subject: &Subject<'_>,
        id: CriterionId,
        others: Vec<String>,
    ) -> Option<GateCheck> {
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
        self.ask(passes(process, subject, id), others, what, message)
    }

    /// What a transition asks for besides the criteria.
    fn transition(&mut self, subject: &Subject<'_>, id: TransitionId) -> Vec<GateCheck> {
        let process = self.process;
        let transition = &process.transitions[id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        let record = &process.records[from.record].name;
        let what = || format!("the condition of the move from `{}` to `{}`", from.name, to.name);
        let moves = format!("{record}: the move from stage \"{}\" to \"{}\"", from.name, to.name);
        let mut found = Vec::new();
        if let Some(when) = &transition.when {
            let source = one_line(&process.expr_source(when));
            let message = format!("{moves} is open only when {source}");
            let others = vec![to.name.clone()];
            found.extend(self.ask(subject.condition(when), others, what, message));
        }
        if let Some(clock) = &transition.after {
            let message = format!("{moves} opens only {}", waited(process, clock));
            let others = vec![to.name.clone()];
            found.extend(self.ask(subject.has_struck(clock), others, what, message));
        }
        found
    }

    /// One of several transitions between the same two stages must be open.
    fn one_of<'a>(
        &mut self,
        subject: &Subject<'_>,
        ends: &dyn Ends<'a>,
        from: StageId,
        to: StageId,
        ways: &[TransitionId],
    ) -> Option<GateCheck> {
        let process = self.process;
        let target = &process.stages[to];
        let mut open = Vec::new();
        for way in ways {
            match is_open(process, subject, ends, *way) {
                // One that is always open leaves nothing to ask.
                Ok(parts) if parts.is_empty() => return None,
                Ok(parts) => open.push(format!("({})", parts.join(" AND "))),
                Err(why) => {
                    let from = &process.stages[from].name;
                    let what =
                        format!("the conditions of the moves from `{from}` to `{}`", target.name);
                    self.checks.unasked.push(Unasked { what, why });
                    return None;
                }
            }
        }
        let from = &process.stages[from];
        let record = &process.records[from.record].name;
        let told: Vec<String> = ways.iter().map(|way| told(process, *way)).collect();
        let message = format!(
            "{record}: no move from stage \"{}\" to \"{}\" is open; it takes {}",
            from.name,
            target.name,
            told.join(", or ")
        );
        let condition = format!("({})", open.join(" OR "));
        Some(GateCheck { others: vec![target.name.clone()], condition, message })
    }
}

/// What a transition asks for, as the end of a sentence.
fn told(process: &Process, id: TransitionId) -> String {
    let transition = &process.transitions[id];
    let mut parts = Vec::new();
    if let Some(when) = &transition.when {
        parts.push(one_line(&process.expr_source(when)));
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
