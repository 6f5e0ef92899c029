//! What leans on a part of a process: whatever reads it, names it or is guarded by it, and so what
//! somebody has to look at before it goes.

use crate::diff::Part;
use crate::graph::{LifeLines, Read, Reader};
use crate::model::{
    CriterionId, Expr, ExprKind, FieldId, Measure, NodeRef, Origin, Owner, Process, RecordId,
    ScoreId, Side, StageId, TransitionKind, Value,
};

/// Something that leans on a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lean {
    /// How, as the head of a list: `read by`.
    pub how: &'static str,
    /// What leans on it.
    pub by: Part,
}

/// The parts of this name: `mql`, `lead.email`, `mql.meeting`, or the last part of such a name. A
/// kind before it leaves out the others: `term:mql`.
pub fn named(process: &Process, name: &str) -> Vec<Part> {
    let (kind, name) = match name.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, name),
    };
    let is_kind = |part: &Part| {
        kind.is_none_or(|kind| {
            let word = part.word(process);
            // A criterion need not be told as one of exit or entry.
            word == kind || word.strip_suffix(kind).is_some_and(|rest| rest.ends_with(' '))
        })
    };
    let is_named = |part: &Part| part.key(process) == name || part.name(process) == name;
    all(process).into_iter().filter(|part| is_kind(part) && is_named(part)).collect()
}

/// The parts that bore this name once, by their `was`, or that stand in something that did: `mql`,
/// `lead.email`. A kind before it leaves out the others.
pub fn formerly(process: &Process, name: &str) -> Vec<Part> {
    let (kind, name) = match name.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, name),
    };
    let bore = |part: &Part| {
        let is_kind = kind.is_none_or(|kind| part.word(process) == kind);
        let was = part.was(process);
        let is = |own: &str| part.name(process) == own || was.iter().any(|was| was == own);
        is_kind
            && match name.rsplit_once('.') {
                None => was.iter().any(|was| was == name),
                Some((outer, own)) => {
                    let within = within(process, *part);
                    within.is_some_and(|within| {
                        let was = within.was(process).iter().any(|was| was == outer);
                        (was || within.key(process) == outer) && is(own)
                    })
                }
            }
    };
    all(process).into_iter().filter(bore).collect()
}

/// What the name of a part begins with, where it is inside another.
fn within(process: &Process, part: Part) -> Option<Part> {
    match part {
        Part::Field(id) => Some(Part::Record(process.fields[id].record)),
        Part::Criterion(id) => Some(Part::Stage(process.criteria[id].stage)),
        Part::Option(field, _) => Some(Part::Field(field)),
        _ => None,
    }
}

/// Every part that can be asked about.
pub fn all(process: &Process) -> Vec<Part> {
    let options = |field: FieldId| {
        let count = process.fields[field].ty.options().len();
        (0..count).map(move |at| Part::Option(field, at))
    };
    let stages = process.stages.ids().map(Part::Stage);
    stages
        .chain(process.criteria.ids().map(Part::Criterion))
        .chain(process.records.ids().map(Part::Record))
        .chain(process.fields.ids().map(Part::Field))
        .chain(process.fields.ids().flat_map(options))
        .chain(process.teams.ids().map(Part::Team))
        .chain(process.roles.ids().map(Part::Role))
        .chain(process.goals.ids().map(Part::Goal))
        .chain(process.feedback.ids().map(Part::Feedback))
        .chain(process.scores.ids().map(Part::Score))
        .chain(process.terms.ids().map(Part::Term))
        .chain(process.plays.ids().map(Part::Play))
        .collect()
}

/// What leans on a part, in the order of the source, each once.
pub fn leans(process: &Process, part: Part) -> Vec<Lean> {
    let mut found = Found { process, leans: Vec::new() };
    match part {
        Part::Field(id) => found.field(id),
        Part::Option(field, at) => found.option(field, at),
        Part::Record(id) => found.record(id),
        Part::Stage(id) => found.stage(id),
        Part::Criterion(id) => found.criterion(id),
        Part::Team(id) => {
            for role in &process.teams[id].roles {
                found.add("has the role", Part::Role(*role));
            }
            found.owner(Owner::Team(id));
        }
        Part::Role(id) => found.owner(Owner::Role(id)),
        Part::Score(id) => found.score(id),
        Part::Goal(id) => {
            for (other, goal) in process.goals.iter() {
                if matches!(goal.measure, Some(Measure::Coverage { goal, .. }) if goal == id) {
                    found.add("covered by", Part::Goal(other));
                }
            }
        }
        _ => {}
    }
    found.mentions(part);
    let mut leans: Vec<Lean> = Vec::new();
    for lean in found.leans {
        if !leans.contains(&lean) {
            leans.push(lean);
        }
    }
    leans
}

struct Found<'a> {
    process: &'a Process,
    leans: Vec<Lean>,
}

impl<'a> Found<'a> {
    fn add(&mut self, how: &'static str, by: Part) {
        // A way of refused records is part of its handoff; moves from any open stage are one.
        let by = match by {
            Part::Move(id) => match self.process.transitions[id].origin {
                Origin::Refusal(of) => Part::Move(of),
                Origin::AnyOpen => {
                    let place = self.process.transitions[id].span.key();
                    let same = self.process.transitions.iter().find(|(_, other)| {
                        other.origin == Origin::AnyOpen && other.span.key() == place
                    });
                    Part::Move(same.map_or(id, |(first, _)| first))
                }
                Origin::Declared => by,
            },
            other => other,
        };
        self.leans.push(Lean { how, by });
    }

    fn reads(&mut self, reads: &[Read]) {
        for read in reads {
            let (how, by) = match read.by {
                Reader::Criterion(id) => ("read by", Part::Criterion(id)),
                Reader::When(id) => ("read by", Part::Move(id)),
                Reader::Clock(id) => ("starts the timer of", Part::Move(id)),
                Reader::Accept(id) => ("decides the acceptance of", Part::Move(id)),
                Reader::Points(id) => ("gives points to", Part::Score(id)),
                Reader::Route(id) => ("decides", Part::Route(id)),
                Reader::Goal(id) => ("measured by", Part::Goal(id)),
                Reader::Play(id) => ("read by", Part::Play(id)),
            };
            self.add(how, by);
        }
    }

    fn field(&mut self, id: FieldId) {
        let lines = LifeLines::new(self.process);
        let line = lines.of(id);
        for (stage, _) in &line.collected {
            self.add("filled in at", Part::Stage(*stage));
        }
        self.reads(&line.read);
        for (transition, _) in &line.carried {
            self.add("handed over by", Part::Move(*transition));
        }
    }

    fn option(&mut self, field: FieldId, at: usize) {
        for (by, condition) in self.conditions() {
            let mut is_named = false;
            condition.walk(&mut |expr| {
                let option = ExprKind::Value(Value::Option(field, at));
                is_named |= expr.kind == option;
            });
            if is_named {
                self.add("named by", by);
            }
        }
    }

    fn record(&mut self, id: RecordId) {
        for (other, record) in self.process.records.iter() {
            if record.from == Some(id) {
                self.add("continued by", Part::Record(other));
            }
        }
        for stage in self.process.stages_of(id) {
            self.add("goes through", Part::Stage(stage));
        }
        for (other, stage) in self.process.stages.iter() {
            if stage.starts.iter().any(|(started, _)| *started == id) {
                self.add("started by", Part::Stage(other));
            }
        }
        for (score, of) in self.process.scores.iter() {
            if of.record == id {
                self.add("rated by", Part::Score(score));
            }
        }
    }

    fn stage(&mut self, id: StageId) {
        let stage = &self.process.stages[id];
        for transition in &stage.incoming {
            self.add("entered by", Part::Move(*transition));
        }
        for transition in &stage.outgoing {
            self.add("left by", Part::Move(*transition));
        }
        for (other, stage) in self.process.stages.iter() {
            if stage.starts.iter().any(|(_, started)| *started == id) {
                self.add("started by", Part::Stage(other));
            }
        }
        for (goal, of) in self.process.goals.iter() {
            if of.measure.as_ref().is_some_and(|measure| measures(self.process, measure, id)) {
                self.add("measured by", Part::Goal(goal));
            }
        }
        for (route, of) in self.process.routes.iter() {
            if of.stage == id {
                self.add("assigned by", Part::Route(route));
            }
        }
        for (play, of) in self.process.plays.iter() {
            if of.stages.contains(&id) {
                self.add("played by", Part::Play(play));
            }
        }
    }

    /// The moves that ask for a criterion.
    fn criterion(&mut self, id: CriterionId) {
        let criterion = &self.process.criteria[id];
        let stage = &self.process.stages[criterion.stage];
        let moves = match criterion.side {
            Side::Exit => &stage.outgoing,
            Side::Enter => &stage.incoming,
        };
        for transition in moves {
            if self.process.transitions[*transition].kind == TransitionKind::Advance {
                self.add("asked for by", Part::Move(*transition));
            }
        }
    }

    fn score(&mut self, id: ScoreId) {
        let lines = LifeLines::new(self.process);
        self.reads(lines.of_score(id));
    }

    fn owner(&mut self, owner: Owner) {
        let process = self.process;
        for (id, stage) in process.stages.iter() {
            let part = Part::Stage(id);
            if stage.owners.iter().any(|other| other.value == owner) {
                self.add("owns", part);
            }
            if stage.support.contains(&owner) {
                self.add("helps in", part);
            }
            if stage.limit.as_ref().is_some_and(|limit| limit.escalate_to == Some(owner)) {
                self.add("hears when time is up in", part);
            }
        }
        for (id, goal) in process.goals.iter() {
            if goal.shared_by.iter().any(|other| other.value == owner) {
                self.add("shares", Part::Goal(id));
            }
        }
        for (id, feedback) in process.feedback.iter() {
            if feedback.from.contains(&owner) {
                self.add("gives", Part::Feedback(id));
            }
            if feedback.to.contains(&owner) {
                self.add("gets", Part::Feedback(id));
            }
        }
        for (id, route) in process.routes.iter() {
            let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
            if targets.filter_map(|to| to.owner).any(|other| other == owner) {
                self.add("is given records by", Part::Route(id));
            }
        }
        for (id, play) in process.plays.iter() {
            if play.by.contains(&owner) {
                self.add("plays", Part::Play(id));
            }
        }
        for (id, confirmation) in process.confirmations.iter() {
            if confirmation.by == Some(owner) {
                self.add("confirms", Part::Confirmation(id));
            }
        }
    }

    /// Terms that refer to it, and what goes on in it since it was retired.
    fn mentions(&mut self, part: Part) {
        let node = match part {
            Part::Team(id) => NodeRef::Team(id),
            Part::Role(id) => NodeRef::Role(id),
            Part::Record(id) => NodeRef::Record(id),
            Part::Field(id) => NodeRef::Field(id),
            Part::Stage(id) => NodeRef::Stage(id),
            Part::Goal(id) => NodeRef::Goal(id),
            Part::Feedback(id) => NodeRef::Feedback(id),
            Part::Score(id) => NodeRef::Score(id),
            Part::Term(id) => NodeRef::Term(id),
            Part::Play(id) => NodeRef::Play(id),
            _ => return,
        };
        for (id, term) in self.process.terms.iter() {
            if term.see.contains(&node) {
                self.add("referred to by", Part::Term(id));
            }
        }
        for (at, retired) in self.process.retired.iter().enumerate() {
            if retired.into.iter().any(|(into, _)| *into == node) {
                self.add("succeeds", Part::Retired(at));
            }
        }
    }

    /// Every condition, and the part it belongs to.
    fn conditions(&self) -> Vec<(Part, &'a Expr)> {
        let process = self.process;
        let mut all: Vec<(Part, &'a Expr)> = Vec::new();
        for (id, criterion) in process.criteria.iter() {
            all.push((Part::Criterion(id), &criterion.condition));
            all.extend(criterion.applies.iter().map(|only| (Part::Criterion(id), only)));
        }
        for (id, transition) in process.transitions.iter() {
            all.extend(transition.when.iter().map(|when| (Part::Move(id), when)));
            let handoff = transition.handoff.as_ref();
            let accept = handoff.and_then(|handoff| handoff.accept.as_ref());
            all.extend(accept.map(|accept| (Part::Move(id), &accept.when)));
        }
        for (id, score) in process.scores.iter() {
            all.extend(score.points.iter().map(|points| (Part::Score(id), &points.when)));
        }
        for (id, route) in process.routes.iter() {
            all.extend(route.cases.iter().map(|case| (Part::Route(id), &case.when)));
        }
        for (id, goal) in process.goals.iter() {
            all.extend(
                goal.measure.as_ref().and_then(condition_of).map(|when| (Part::Goal(id), when)),
            );
        }
        for (id, play) in process.plays.iter() {
            all.extend(play.when.iter().map(|when| (Part::Play(id), when)));
        }
        all
    }
}

fn condition_of(measure: &Measure) -> Option<&Expr> {
    match measure {
        Measure::Entries { when, .. } | Measure::Sum { when, .. } => when.as_ref(),
        Measure::Share { when, .. } => Some(when),
        _ => None,
    }
}

fn measures(process: &Process, measure: &Measure, stage: StageId) -> bool {
    match measure {
        Measure::Coverage { entering, .. } => process.covers(stage, *entering),
        Measure::Conversion { from, to, .. } | Measure::Cycle { from, to, .. } => {
            *from == stage || *to == stage
        }
        Measure::Entries { into: of, .. }
        | Measure::Balance { of }
        | Measure::Dwell { stage: of, .. }
        | Measure::Sum { entering: of, .. }
        | Measure::Share { of, .. } => *of == stage,
    }
}
