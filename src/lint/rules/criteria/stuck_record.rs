//! `stuck-record`: a record that no way out of its stage is for.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::{Fact, facts, terms};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic;
use crate::logic::prove::{Answer, Formula, Prover, Witness};
use crate::model::{
    CompareOp, CriterionId, Expr, ExprKind, Field, FieldId, FieldType, Id, Origin, Process,
    StageId, Transition, TransitionId, TransitionKind, Type, Value,
};
use crate::source::FileId;

pub(crate) static RULE: Rule = Rule {
    name: "stuck-record",
    family: Family::Criteria,
    summary: "a record that can never leave a stage, though the stage has ways out",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/stuck-record.md"),
    check: Check::Process(check),
};

/// Of a stage with more ways in than this it is not asked what they let in; nor of one with so many
/// ways out whether their entry criteria are a table.
const MOST_WAYS_IN: usize = 16;

/// Words in the name or title of a field that says why something ends: whoever fills it in has decided
/// that the record does not go on.
const REASONS: &[&str] = &[
    "reason",
    "reject",
    "disqualif",
    "unqualif",
    "lost",
    "loss",
    "churn",
    "cancel",
    "declin",
    "refus",
    "because",
    "why ",
    "drop_out",
    "opt_out",
    "사유",
    "이유",
    "理由",
    "grund",
    "raison",
    "motif",
    "motivo",
    "razón",
];

/// Options of which nothing follows yet.
const WAITING: &[&str] = &[
    "open",
    "pending",
    "in_progress",
    "waiting",
    "wait",
    "on_hold",
    "hold",
    "unknown",
    "undecided",
    "undetermined",
    "not_decided",
    "not_started",
    "new",
    "none",
    "no",
    "na",
    "n_a",
    "not_applicable",
    "ok",
    "planned",
    "scheduled",
    "requested",
    "in_review",
    "under_review",
    "review",
    "maybe",
    "later",
    "todo",
    "tbd",
    "draft",
    "ongoing",
    "running",
    "started",
    "sent",
    "submitted",
    "asked",
    "unclear",
    "not_yet",
    "to_be_checked",
    "unchecked",
];

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let questions = Questions::new(process);
    let prover = Prover::new(process, context.today.at(12, 0, 0, 0));
    let mut search = Search {
        context,
        prover,
        questions: &questions,
        lets_out: FxHashMap::default(),
        told: FxHashSet::default(),
        findings,
    };
    for stage in process.stages.ids() {
        let of = &process.stages[stage];
        if of.is_open() && !context.is_unfinished(stage) && context.may_hold_records(stage) {
            search.stage(stage);
        }
    }
}

/// Conditions that no process contains, made for asking.
struct Questions {
    /// By field: that it has a value.
    present: Vec<Expr>,
    /// By field and option: that it has this option.
    is: FxHashMap<(FieldId, usize), Expr>,
}

impl Questions {
    fn new(process: &Process) -> Self {
        let mut questions = Self { present: Vec::new(), is: FxHashMap::default() };
        for (id, field) in process.fields.iter() {
            let expr = |kind, ty| Expr { kind, ty, span: field.span };
            let ty = type_of(id, &field.ty);
            let read = || Box::new(expr(ExprKind::Field(id), ty));
            questions.present.push(expr(ExprKind::Presence(read(), true), Type::Boolean));
            if let FieldType::OneOf(options) = &field.ty {
                for option in 0..options.len() {
                    let value = expr(ExprKind::Value(Value::Option(id, option)), ty);
                    let is = ExprKind::Compare(read(), CompareOp::Eq, Box::new(value));
                    questions.is.insert((id, option), expr(is, Type::Boolean));
                }
            }
        }
        questions
    }
}

fn type_of(id: FieldId, ty: &FieldType) -> Type {
    match ty {
        FieldType::Text => Type::Text,
        FieldType::Number => Type::Number,
        FieldType::Integer => Type::Integer,
        FieldType::Money => Type::Money,
        FieldType::Percent => Type::Percent,
        FieldType::Boolean => Type::Boolean,
        FieldType::Date => Type::Date,
        FieldType::DateTime => Type::DateTime,
        FieldType::User => Type::User,
        FieldType::OneOf(_) => Type::OneOf(id),
        FieldType::ManyOf(_) => Type::ManyOf(id),
    }
}

/// The conditions that let records out, by their places.
type Places = Vec<(FileId, u32, u32)>;

/// A condition by its place, a field, and one of its options.
type Asked = ((FileId, u32, u32), FieldId, usize);

struct Search<'s, 'c> {
    context: &'s Context<'c>,
    prover: Prover<'s>,
    questions: &'s Questions,
    /// Whether a condition, by its place, may hold with this option of the field.
    lets_out: FxHashMap<Asked, bool>,
    /// The same ways out of many stages leave the same records in each: once is enough.
    told: FxHashSet<(Places, FieldId)>,
    findings: &'s mut Vec<Diagnostic>,
}

impl<'s> Search<'s, '_> {
    fn process(&self) -> &'s Process {
        self.context.process
    }

    /// A refused record goes back only after it could advance: that is no way of its own.
    fn stage(&mut self, stage: StageId) {
        let process = self.process();
        let ways: Vec<(TransitionId, &'s Transition)> = process.stages[stage]
            .outgoing
            .iter()
            .map(|id| (*id, &process.transitions[*id]))
            .filter(|(_, way)| !matches!(way.origin, Origin::Refusal(_)))
            .collect();
        // What the conditions leave out is left out whatever the stages behind them ask for; where the
        // conditions leave nothing out, these may.
        let found = self
            .sorted_by_one_thing(stage, &ways, |_| &[])
            .or_else(|| self.sorted_by_one_thing(stage, &ways, |way| entry_criteria(process, way)));
        if found != Some(true) {
            self.rejected(stage, &ways);
        }
    }

    /// Every way out asks for the same facts, and some values of theirs are in none: `size >= 100`
    /// here, `size < 50` there. Of a way its condition is looked at, and those criteria of where it
    /// leads that `entry` gives. Whether something was found; `None` where they do not sort so.
    fn sorted_by_one_thing(
        &mut self,
        stage: StageId,
        ways: &[(TransitionId, &'s Transition)],
        entry: impl Fn(&Transition) -> &'s [CriterionId],
    ) -> Option<bool> {
        let process = self.process();
        let asked: Vec<Vec<&'s Expr>> =
            ways.iter().map(|(_, way)| self.asked(way, entry(way))).collect();
        if asked.len() < 2 || asked.iter().any(Vec::is_empty) {
            return None;
        }
        let mut read = asked.iter().map(|of| of.iter().flat_map(|asked| facts(asked)).collect());
        let first = read.next().filter(|first: &BTreeSet<Fact<'_>>| !first.is_empty())?;
        if read.any(|other| other != first) {
            return None;
        }
        let branch = ways.iter().all(|(_, way)| way.kind == TransitionKind::Advance);
        let mut fields = Vec::new();
        for fact in first {
            // A tick, an event, a score and a date that draws near can still come.
            let Fact::Field(field) = fact else { return None };
            let sorts = match process.fields[field].ty {
                FieldType::Number
                | FieldType::Integer
                | FieldType::Money
                | FieldType::Percent
                | FieldType::Date
                | FieldType::DateTime => true,
                // What is neither let on nor let go is often what one waits for.
                FieldType::OneOf(_) => branch,
                // A list may still grow.
                _ => false,
            };
            if !sorts {
                return None;
            }
            fields.push(field);
        }
        let open: Vec<Formula<'s>> = ways.iter().map(|(_, way)| lets_on(way, entry(way))).collect();
        if ways.iter().any(|(_, way)| !entry(way).is_empty()) && !self.is_table(&open) {
            return None;
        }
        let filled_in = fields.iter().filter_map(|id| self.questions.present.get(id.index()));
        let mut all: Vec<Formula<'s>> = filled_in.map(Formula::from).collect();
        all.extend(open.into_iter().map(Formula::negated));
        let gap = Formula::All(all);
        let Answer::Yes(witness) = self.prover.possible(&gap) else { return Some(false) };
        let waits = fields.iter().any(|id| {
            let state = witness.state.values.get(id);
            state.and_then(option_of).is_some_and(|option| is_waiting(&process.fields[*id], option))
        });
        let asked: Vec<&Expr> = asked.concat();
        let known = fields.first().is_none_or(|id| !self.told.insert((places(&asked), *id)));
        if waits || known || !self.may_come(stage, gap, &fields) {
            return Some(false);
        }
        let shut: Vec<&Expr> =
            ways.iter().flat_map(|(_, way)| self.shut(way, entry(way), &witness)).collect();
        self.findings.push(gap_between(self.context, stage, &shut, &witness));
        Some(true)
    }

    /// What a way asks for besides the exit criteria, which are worked for: its condition and the entry
    /// criteria of where it leads.
    fn asked(&self, way: &'s Transition, entry: &[CriterionId]) -> Vec<&'s Expr> {
        let mut asked: Vec<&Expr> = way.when.iter().collect();
        for id in entry {
            let criterion = &self.process().criteria[*id];
            asked.push(&criterion.condition);
            asked.extend(&criterion.applies);
        }
        asked
    }

    /// The conditions that do not let this record onto the way.
    fn shut(&self, way: &'s Transition, entry: &[CriterionId], witness: &Witness) -> Vec<&'s Expr> {
        let holds = |formula: Formula<'s>| self.prover.holds(&formula, &witness.state);
        let mut shut: Vec<&Expr> =
            way.when.iter().filter(|when| !holds(Formula::from(*when))).collect();
        let criteria = entry.iter().filter(|id| !holds(Formula::Passes(**id)));
        shut.extend(criteria.map(|id| &self.process().criteria[*id].condition));
        shut
    }

    /// Whether ways that entry criteria are on are the lines of a table. These may ask for what is
    /// still to come, an amount that is firm; where each excludes another, they sort.
    fn is_table(&self, open: &[Formula<'s>]) -> bool {
        open.len() <= MOST_WAYS_IN
            && open.iter().enumerate().all(|(index, one)| {
                open.iter().enumerate().any(|(other, two)| {
                    let both = || Formula::All(vec![one.clone(), two.clone()]);
                    other != index && self.prover.is_impossible(&both())
                })
            })
    }

    /// The ways back and to a loss decide on the reason why a record does not go on, and one of the
    /// reasons is in none of them.
    fn rejected(&mut self, stage: StageId, ways: &[(TransitionId, &'s Transition)]) {
        let process = self.process();
        let (on, aside): (Vec<_>, Vec<_>) =
            ways.iter().copied().partition(|(_, way)| way.kind == TransitionKind::Advance);
        let whens: Option<Vec<&'s Expr>> = aside.iter().map(|(_, way)| way.when.as_ref()).collect();
        // What time lets out does not stay for ever, and neither does what nothing holds back.
        let Some(whens) = whens.filter(|whens| !whens.is_empty()) else { return };
        if on.iter().any(|(id, _)| self.context.guards.strikes(*id)) {
            return;
        }
        let read = |id: FieldId| move |when: &&Expr| facts(when).contains(&Fact::Field(id));
        let candidates = whens.first().map(|when| when.fields()).unwrap_or_default();
        for id in candidates {
            let field = &process.fields[id];
            let FieldType::OneOf(options) = &field.ty else { continue };
            if !whens.iter().all(|when| read(id)(when)) || !self.holds_back(stage, id, &on) {
                continue;
            }
            let (out, rest): (Vec<usize>, Vec<usize>) =
                (0..options.len()).partition(|option| self.is_let_out(&whens, id, *option));
            let left: Vec<(usize, Box<Witness>)> = rest
                .into_iter()
                .filter(|option| !is_waiting(field, *option))
                .filter_map(|option| Some((option, self.witness(stage, &on, id, option)?)))
                .collect();
            if !out.is_empty() && !left.is_empty() && self.told.insert((places(&whens), id)) {
                self.findings.push(reason(self.context, stage, &whens, id, &left));
            }
        }
    }

    /// Whether the field is filled in here; one that no stage fills in may be anywhere.
    fn is_given_in(&self, stage: StageId, id: FieldId) -> bool {
        let collected = &self.context.fields().of(id).collected;
        collected.is_empty() || collected.iter().any(|(by, _)| *by == stage)
    }

    /// Whether a value of the field means that the record does not go on: the ways on ask that it
    /// be missing, or do not speak of it and it is called a reason.
    fn holds_back(
        &self,
        stage: StageId,
        id: FieldId,
        on: &[(TransitionId, &'s Transition)],
    ) -> bool {
        let process = self.process();
        let mut asked = Vec::new();
        for (_, way) in on {
            asked.extend(way.when.iter());
            for criterion in self.guards(way) {
                asked.push(&process.criteria[criterion].condition);
                asked.extend(process.criteria[criterion].applies.iter());
            }
        }
        let about: Vec<&Expr> = asked
            .into_iter()
            .flat_map(terms)
            .filter(|term| facts(term).contains(&Fact::Field(id)))
            .collect();
        let all_absent = about.iter().all(|term| asks_absence(term, id));
        // Given elsewhere, a reason has decided what it was given for: that the record is here.
        all_absent
            && (!about.is_empty() || is_reason(&process.fields[id]) && self.is_given_in(stage, id))
    }

    fn guards(&self, way: &Transition) -> Vec<CriterionId> {
        let process = self.process();
        let (from, to) = (&process.stages[way.from], &process.stages[way.to]);
        from.exit.iter().chain(&to.enter).copied().collect()
    }

    /// Whether one of the conditions may hold with this option; also when it cannot be told.
    fn is_let_out(&mut self, whens: &[&'s Expr], id: FieldId, option: usize) -> bool {
        let Some(is) = self.questions.is.get(&(id, option)) else { return true };
        let (prover, known) = (&self.prover, &mut self.lets_out);
        whens.iter().any(|when| {
            *known.entry((when.span.key(), id, option)).or_insert_with(|| {
                !prover.is_impossible(&Formula::All(vec![is.into(), (*when).into()]))
            })
        })
    }

    /// A record with this option that no way on is open for, if there is one.
    fn witness(
        &self,
        stage: StageId,
        on: &[(TransitionId, &'s Transition)],
        id: FieldId,
        option: usize,
    ) -> Option<Box<Witness>> {
        let is = self.questions.is.get(&(id, option))?;
        if !self.may_come(stage, is.into(), &[id]) {
            return None;
        }
        let shut = on.iter().map(|(way, _)| Formula::Open(*way).negated());
        match self.prover.possible(&Formula::All(std::iter::once(is.into()).chain(shut).collect()))
        {
            Answer::Yes(witness) => Some(witness),
            Answer::No | Answer::Unknown => None,
        }
    }

    /// Whether a record in the stage may be like this: it came in so, or without one of the fields,
    /// which is then filled in here.
    fn may_come(&self, stage: StageId, so: Formula<'s>, fields: &[FieldId]) -> bool {
        let of = &self.process().stages[stage];
        if of.entry.is_some() || of.incoming.is_empty() || self.context.any_broken() {
            return true;
        }
        if of.incoming.len() > MOST_WAYS_IN {
            return false;
        }
        let came = Formula::Any(of.incoming.iter().map(|id| Formula::Open(*id)).collect());
        let present = fields.iter().filter_map(|id| self.questions.present.get(id.index()));
        let without = Formula::All(present.map(Formula::from).collect()).negated();
        matches!(self.prover.overlap(came, Formula::Any(vec![so, without])), Answer::Yes(_))
    }
}

/// The records that meet the condition of the way, and these criteria of where it leads.
fn lets_on<'s>(way: &'s Transition, entry: &[CriterionId]) -> Formula<'s> {
    let entry = entry.iter().map(|id| Formula::Passes(*id));
    Formula::All(way.when.iter().map(Formula::from).chain(entry).collect())
}

/// The criteria of the stage that a way forward leads to.
fn entry_criteria<'p>(process: &'p Process, way: &Transition) -> &'p [CriterionId] {
    match way.kind {
        TransitionKind::Advance => &process.stages[way.to].enter,
        _ => &[],
    }
}

fn places(whens: &[&Expr]) -> Places {
    whens.iter().map(|when| when.span.key()).collect()
}

fn option_of(value: &logic::Value) -> Option<usize> {
    match value {
        logic::Value::Option(_, option) => Some(*option),
        _ => None,
    }
}

fn is_waiting(field: &Field, option: usize) -> bool {
    field.ty.options().get(option).is_some_and(|option| WAITING.contains(&option.name.as_str()))
}

fn is_reason(field: &Field) -> bool {
    let texts = [field.name.to_lowercase(), field.title.value.to_lowercase()];
    REASONS.iter().any(|word| texts.iter().any(|text| text.contains(word)))
}

/// `f is missing`, or `not f is present`.
fn asks_absence(term: &Expr, id: FieldId) -> bool {
    let reads = |expr: &Expr| matches!(expr.kind, ExprKind::Field(field) if field == id);
    match &term.kind {
        ExprKind::Presence(of, present) => reads(of) && !present,
        ExprKind::Not(inner) => {
            matches!(&inner.kind, ExprKind::Presence(of, true) if reads(of))
        }
        _ => false,
    }
}

fn gap_between(
    context: &Context<'_>,
    stage: StageId,
    whens: &[&Expr],
    witness: &Witness,
) -> Diagnostic {
    let process = context.process;
    let name = &process.stages[stage].name;
    let told = witness.tell(process);
    let mut finding = RULE
        .finding(process.stages[stage].span, format!("no way out of `{name}` is open where {told}"))
        .reason("its ways out leave a gap");
    for when in whens.iter().take(4) {
        finding = finding.label(when.span, "not here");
    }
    finding
        .story(story::stays(process, stage, witness))
        .help("let the conditions meet, or give the stage a way out for all others: `recycle to … after 30d`")
}

fn reason(
    context: &Context<'_>,
    stage: StageId,
    whens: &[&Expr],
    id: FieldId,
    left: &[(usize, Box<Witness>)],
) -> Diagnostic {
    let process = context.process;
    let (name, field) = (&process.stages[stage].name, &process.fields[id]);
    let options = field.ty.options();
    let names = left.iter().filter_map(|(option, _)| options.get(*option));
    let names = story::names(names.map(|option| option.name.as_str()));
    let mut finding = RULE
        .finding(
            process.stages[stage].span,
            format!("no way out of `{name}` is for `{}` = {names}", field.name),
        )
        .reason("its ways out do not have it");
    if let Some((option, witness)) = left.first() {
        if let Some(option) = options.get(*option) {
            finding = finding.label(option.span, "who is given this has nowhere to go");
        }
        finding = finding.story(story::stays(process, stage, witness));
    }
    for when in whens.iter().take(3) {
        finding = finding.label(when.span, "lets out others");
    }
    finding.help("add it to one of the conditions, or give the stage a way out by the clock: `recycle to … after 30d`")
}
