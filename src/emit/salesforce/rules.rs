//! Validation rules: every gate and every move that the process does not declare. A rule whose formula
//! is true refuses the save.
//!
//! Salesforce keeps a record in one object, so only moves inside an object are saves of a stage: a
//! move to another record type makes a new record, which is asked for what the move asks (`births`).
//! The one exception is the lead, whose conversion sets its status to that of a converted lead.

mod back;
mod births;
mod bounds;
mod moves;
mod required;
mod scene;
mod split;

use std::collections::BTreeMap;

use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::emit::crm::shortened;
use crate::emit::enforcement::Demand;
use crate::emit::gates::{Ask, Gate, gates};
use crate::emit::xml::Element;
use crate::model::{CriterionId, Process, RecordId, Side, StageId, TransitionId, TransitionKind};

use super::Built;
use super::formula::{Formulas, Said, Unsaid, all, any, constant, fits, not, too_long};
use super::mapping::{Kind, Mapping};
use super::messages::{Message, Teller};
use super::names::{RULE_NAME, api_name, marked};
use super::stages::StageValues;
use births::{Earlier, Origins};

/// Of an error message, and of a description.
pub(super) const MESSAGE: usize = 255;

/// A validation rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: String,
    /// What it holds people to.
    pub(super) demand: Demand,
    about: String,
    formula: String,
    /// What is said to those it refuses; in other languages it is said anew.
    pub(super) message: Message,
    said: String,
    /// The field at which the message stands; none: the stage.
    field: Option<String>,
}

/// What an object refuses, and what it cannot be asked to.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    pub(super) unasked: Vec<Unheld>,
    /// What nothing can be against.
    pub(super) free: Vec<Demand>,
    /// The moves that are let go because they bring back a record which went on as one of another object:
    /// a rule cannot ask whether one of those stands where a move leads back.
    pub(super) brought_back: FxHashMap<StageId, Vec<StageId>>,
}

/// Something that no rule asks.
#[derive(Debug)]
pub(super) struct Unheld {
    pub(super) demand: Demand,
    /// What it is, for whoever reads the project.
    pub(super) what: String,
    /// Why, as the end of a sentence.
    pub(super) why: String,
}

impl Rule {
    /// The rule as metadata. Where it is about the stage, the message stands there.
    pub(super) fn write(&self, stage_field: &str) -> Element {
        Element::new("ValidationRule")
            .text("fullName", &self.name)
            .flag("active", true)
            .text("description", &self.about)
            .text("errorConditionFormula", &self.formula)
            .text("errorDisplayField", self.field.as_deref().unwrap_or(stage_field))
            .text("errorMessage", &self.said)
    }
}

/// What the process asks of each record type, read once for all objects.
#[derive(Debug, Default)]
pub(super) struct Asked {
    gates: FxHashMap<RecordId, Vec<Gate>>,
    /// What is asked of moves that make a record of the type.
    births: FxHashMap<RecordId, Vec<Gate>>,
    begins: FxHashMap<RecordId, BTreeMap<StageId, Origins>>,
}

impl Asked {
    pub(super) fn of(process: &Process) -> Self {
        let mut asked = Self { begins: births::begins(process), ..Self::default() };
        for gate in gates(process) {
            let enters = gate.enters(process);
            if !enters {
                for (record, part) in births::away(process, &gate) {
                    asked.births.entry(record).or_default().push(part);
                }
            }
            // What a stage asks of those who enter is asked on its own object.
            let ends = if enters { &gate.to } else { &gate.from };
            if let Some(stage) = ends.first() {
                asked.gates.entry(process.stages[*stage].record).or_default().push(gate);
            }
        }
        asked
    }
}

/// The rules of an object. `bypass` is the custom permission whose holders are not stopped.
pub(super) fn rules<'a>(
    mapping: &'a Mapping<'a>,
    asked: &'a Asked,
    built: &'a Built<'a>,
    bypass: &'a str,
) -> Rules {
    let process = mapping.process;
    let mut writer = Writer {
        mapping,
        built,
        bypass,
        formulas: Formulas::new(mapping, built.object, built.scores.points()),
        teller: Teller::first(process),
        values: values(mapping, &built.stages),
        taken: FxHashSet::default(),
        out: Rules::default(),
    };
    for (record, _) in &built.stages.by_record {
        let earlier = writer.earlier(*record);
        for gate in asked.gates.get(record).into_iter().flatten() {
            writer.gate(gate, *record, earlier.as_ref());
        }
        let births = asked.births.get(record).map_or(&[][..], Vec::as_slice);
        writer.births(births, *record, earlier.as_ref());
        if let (Some(earlier), Some(begins)) = (earlier, asked.begins.get(record)) {
            writer.descents(begins, &earlier);
        }
    }
    for (record, _) in &built.stages.by_record {
        for stage in mapping.stages_of(*record) {
            writer.moves(*record, *stage);
        }
        if let Some(begins) = asked.begins.get(record) {
            writer.start(*record, begins);
        }
    }
    writer.bounds();
    writer.required();
    writer.out
}

/// The value of each stage of the object. Stages of several record types may share one; what has
/// none has been reported.
fn values<'a>(mapping: &Mapping<'_>, stages: &'a StageValues) -> FxHashMap<StageId, &'a str> {
    let mut values = FxHashMap::default();
    for (record, indices) in &stages.by_record {
        for (stage, index) in mapping.stages_of(*record).iter().zip(indices) {
            if let Some(value) = stages.values.get(*index) {
                values.insert(*stage, value.name.as_str());
            }
        }
    }
    values
}

/// Why a gate is not asked.
enum Unasked {
    Unsaid(Unsaid),
    /// The move makes a record of another object.
    NewRecord,
    /// The move brings a record back.
    LeadsBack,
    /// So do others, which ask something else.
    BroughtByOthers,
    /// The lead is converted when it comes into the stage, not when it leaves it.
    Converted,
    TooLong,
}

impl Unasked {
    fn reason(&self) -> String {
        match self {
            Unasked::Unsaid(why) => why.reason(),
            Unasked::NewRecord => "the move makes a new record".to_owned(),
            Unasked::LeadsBack => {
                "the move leads back to a record that has no lookup to this one".to_owned()
            }
            Unasked::BroughtByOthers => {
                "other moves lead back to that stage, too, and the record does not know which one"
                    .to_owned()
            }
            Unasked::Converted => "the lead is converted before".to_owned(),
            Unasked::TooLong => too_long(),
        }
    }
}

impl From<Unsaid> for Unasked {
    fn from(why: Unsaid) -> Self {
        Unasked::Unsaid(why)
    }
}

struct Writer<'a> {
    mapping: &'a Mapping<'a>,
    built: &'a Built<'a>,
    bypass: &'a str,
    formulas: Formulas<'a>,
    teller: Teller<'a>,
    values: FxHashMap<StageId, &'a str>,
    /// The names of rules, in small letters: Salesforce does not tell `A` from `a`.
    taken: FxHashSet<String>,
    out: Rules,
}

impl<'a> Writer<'a> {
    fn process(&self) -> &'a Process {
        self.mapping.process
    }

    fn gate(&mut self, gate: &Gate, record: RecordId, earlier: Option<&Earlier<'_>>) {
        let enters = gate.enters(self.process());
        let scene = if enters { self.entering(gate, earlier) } else { self.leaving(gate) };
        // What leaves for another object is asked of the record that is made there.
        if enters || !matches!(scene, Err(Unasked::NewRecord)) {
            let rule = self.refusal(gate, record, &self.formulas, scene);
            self.take(gate, rule);
        }
    }

    fn take(&mut self, gate: &Gate, rule: Result<Option<Rule>, Unasked>) {
        if let (Ok(rule), Ask::When(id) | Ask::After(id)) = (&rule, &gate.ask)
            && self.conversions(*id).len() > 1
        {
            let demand = Demand::Gate(gate.ask.clone());
            let what = self.named(&gate.ask);
            let why = match rule {
                Some(_) => {
                    "a conversion does not tell into which stage it leads: only that one of the conditions of those ways holds is asked"
                }
                None => {
                    "a conversion does not tell into which stage it leads, and one of those ways asks for nothing"
                }
            };
            self.out.unasked.push(Unheld { demand, what, why: why.to_owned() });
            if rule.is_none() {
                return;
            }
        }
        match rule {
            Ok(None) => self.out.free.push(Demand::Gate(gate.ask.clone())),
            Ok(Some(rule)) => self.add(rule),
            Err(why) => {
                let demand = Demand::Gate(gate.ask.clone());
                let what = self.named(&gate.ask);
                self.out.unasked.push(Unheld { demand, what, why: why.reason() });
            }
        }
    }

    /// The rule of a gate; none when it is always open. `scene` says which saves are asked.
    fn refusal(
        &self,
        gate: &Gate,
        record: RecordId,
        formulas: &Formulas<'_>,
        scene: Result<Vec<String>, Unasked>,
    ) -> Result<Option<Rule>, Unasked> {
        let refused = not(&self.holds(&gate.ask, formulas)?);
        if refused == constant(false) {
            return Ok(None);
        }
        let mut parts = self.scope(record);
        parts.extend(scene?);
        parts.push(refused);
        let (name, about) = self.titles(&gate.ask);
        let demand = Demand::Gate(gate.ask.clone());
        self.rule(&name, demand, about, parts, Message::Gate(gate.ask.clone())).map(Some)
    }

    /// What a gate asks for, of a record whose fields `formulas` names.
    fn holds(&self, ask: &Ask, formulas: &Formulas<'_>) -> Said {
        Ok(match ask {
            Ask::Criterion(id) => formulas.passes(*id)?,
            Ask::When(id) | Ask::After(id) if self.conversions(*id).len() > 1 => {
                let ways = self.conversions(*id).into_iter().map(|way| self.may(way, formulas));
                any(ways.collect::<Result<_, _>>()?)
            }
            Ask::When(id) => match &self.process().transitions[*id].when {
                Some(when) => formulas.condition(when)?,
                None => constant(true),
            },
            Ask::After(id) => match &self.process().transitions[*id].after {
                Some(clock) => formulas.has_struck(clock)?,
                None => constant(true),
            },
            Ask::OneOf(ways) => {
                let open = ways.iter().map(|way| self.is_open(*way, formulas));
                any(open.collect::<Result<_, _>>()?)
            }
        })
    }

    fn leaving(&self, gate: &Gate) -> Result<Vec<String>, Unasked> {
        let mut targets = Vec::new();
        let mut why = None;
        for from in &gate.from {
            for to in &gate.to {
                match self.arrivals(*from, *to) {
                    Ok(values) => targets.extend(values),
                    Err(not_here) => why = Some(not_here),
                }
            }
        }
        if targets.is_empty() {
            return Err(why.unwrap_or(Unasked::NewRecord));
        }
        let mut scene = self.comes_from(&gate.from);
        scene.push(self.is(targets));
        Ok(scene)
    }

    /// Coming from a stage of the same record type, or made for a record that goes on as this one.
    fn entering(&self, gate: &Gate, earlier: Option<&Earlier<'_>>) -> Result<Vec<String>, Unasked> {
        let process = self.process();
        let Some(to) = gate.to.first() else { return Err(Unasked::NewRecord) };
        let record = process.stages[*to].record;
        let (here, away): (Vec<StageId>, Vec<StageId>) =
            gate.from.iter().partition(|from| process.stages[**from].record == record);
        let mut ways = Vec::new();
        if !here.is_empty() {
            ways.push(all(self.comes_from(&here)));
        }
        let back = self.stands_for(*to, &away);
        if !back.is_empty() {
            ways.push(all(self.comes_from(&back)));
        }
        // Where records also begin, only a lookup tells those from the ones that come from elsewhere.
        if !away.is_empty() && process.stages[*to].entry.is_none() {
            ways.push(self.joins());
        } else if let Some(earlier) = earlier {
            let away = away.iter().filter(|from| process.stages[**from].record == earlier.record);
            ways.push(all(vec![self.joins(), earlier.is_in(away)]));
        }
        if ways.is_empty() {
            return Err(Unasked::NewRecord);
        }
        Ok(vec![self.is(self.value(*to)), any(ways)])
    }

    /// Every new record in a stage in which none begins.
    fn start(&mut self, record: RecordId, begins: &BTreeMap<StageId, Origins>) {
        let process = self.mapping.process;
        let stages = self.mapping.stages_of(record).iter().copied();
        let kind = self.built.object.kind;
        let begins: Vec<StageId> = stages
            .filter(|stage| begins.get(stage).is_some_and(|origins| origins.may_begin(kind)))
            .collect();
        let values: IndexSet<&str> = begins.iter().filter_map(|stage| self.value(*stage)).collect();
        let may_begin = self.values_here().all(|value| values.contains(value));
        if begins.is_empty() || may_begin && self.keeps_stage().is_none() {
            self.out.free.push(Demand::Start(record));
            return;
        }
        let mut parts = self.scope(record);
        parts.push(self.joins());
        parts.extend(self.keeps_stage().or_else(|| self.has_stage()));
        parts.push(not(&self.is(values)));
        let message = Message::Start(begins);
        let declared = &process.records[record].name;
        let about = format!("Where records of type `{declared}` begin");
        self.push(&format!("{declared}_Start"), Demand::Start(record), about, parts, message);
    }

    fn push(
        &mut self,
        name: &str,
        demand: Demand,
        about: String,
        parts: Vec<String>,
        message: Message,
    ) {
        let what = about.clone();
        match self.rule(name, demand.clone(), about, parts, message) {
            Ok(rule) => self.add(rule),
            Err(why) => self.out.unasked.push(Unheld { demand, what, why: why.reason() }),
        }
    }

    /// Takes a rule up, under a name that no other has: `a_exit` may be left as `a` is entered.
    fn add(&mut self, mut rule: Rule) {
        if !self.taken.insert(rule.name.to_lowercase()) {
            rule.name = marked(&rule.name, &rule.about, RULE_NAME);
            self.taken.insert(rule.name.to_lowercase());
        }
        self.out.rules.push(rule);
    }

    fn rule(
        &self,
        name: &str,
        demand: Demand,
        about: String,
        parts: Vec<String>,
        message: Message,
    ) -> Result<Rule, Unasked> {
        let formula = formula(parts);
        if !fits(&formula) {
            return Err(Unasked::TooLong);
        }
        let process = self.process();
        Ok(Rule {
            name: rule_name(&api_name(&process.name), &api_name(name)),
            demand,
            about: shortened(&format!("{about} of the process {}", process.name), MESSAGE),
            formula,
            said: shortened(&self.teller.say(&message), MESSAGE),
            message,
            field: None,
        })
    }

    /// The values that the stage field takes when a record moves.
    fn arrivals(&self, from: StageId, to: StageId) -> Result<Vec<&'a str>, Unasked> {
        let stages = &self.process().stages;
        if stages[from].record == stages[to].record {
            return Ok(self.value(to).into_iter().collect());
        }
        let other = self.mapping.object_of(stages[to].record).map(|object| object.kind);
        if self.built.object.kind != Kind::Lead || other != Some(Kind::Opportunity) {
            return Err(Unasked::NewRecord);
        }
        let values = || self.built.stages.values.iter();
        if values().any(|value| value.converted && value.stage == Some(from)) {
            return Err(Unasked::Converted);
        }
        Ok(values().filter(|value| value.converted).map(|value| value.name.as_str()).collect())
    }

    /// The value of a stage; none when it has none.
    fn value(&self, stage: StageId) -> Option<&'a str> {
        self.values.get(&stage).copied()
    }

    /// All values of the stage field.
    fn values_here(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.built.stages.values.iter().map(|value| value.name.as_str())
    }

    /// The moves that a lead makes by being converted, as this one: they arrive at one status, so what
    /// one of them asks cannot be asked of all.
    fn conversions(&self, id: TransitionId) -> Vec<TransitionId> {
        let process = self.process();
        let from = process.transitions[id].from;
        let converts = |id: &TransitionId| {
            let to = process.transitions[*id].to;
            let away = process.stages[to].record != process.stages[from].record;
            away && self.arrivals(from, to).is_ok()
        };
        if !converts(&id) {
            return Vec::new();
        }
        process.stages[from].outgoing.iter().copied().filter(converts).collect()
    }

    /// The condition and the clock of a transition.
    fn may(&self, id: TransitionId, formulas: &Formulas<'_>) -> Said {
        let transition = &self.process().transitions[id];
        let mut parts = Vec::new();
        if let Some(when) = &transition.when {
            parts.push(formulas.condition(when)?);
        }
        if let Some(clock) = &transition.after {
            parts.push(formulas.has_struck(clock)?);
        }
        Ok(all(parts))
    }

    /// Everything that must hold for a transition to be open, as far as it stays in the object.
    fn is_open(&self, id: TransitionId, formulas: &Formulas<'_>) -> Said {
        let process = self.process();
        let transition = &process.transitions[id];
        let mut parts = vec![self.may(id, formulas)?];
        if transition.kind == TransitionKind::Advance {
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            for criterion in &from.exit {
                parts.push(formulas.passes(*criterion)?);
            }
            if from.record == to.record {
                for criterion in &to.enter {
                    parts.push(formulas.passes(*criterion)?);
                }
            }
        }
        Ok(all(parts))
    }

    /// The name of the rule, and what it is about.
    fn titles(&self, ask: &Ask) -> (String, String) {
        let process = self.process();
        let between = |id: TransitionId| {
            let transition = &process.transitions[id];
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            format!("{}_to_{}", from.name, to.name)
        };
        let name = match ask {
            Ask::Criterion(id) => {
                let criterion = &process.criteria[*id];
                let side = side(process, *id);
                format!("{}_{side}_{}", process.stages[criterion.stage].name, criterion.name)
            }
            Ask::When(id) => format!("{}_when", between(*id)),
            Ask::After(id) => format!("{}_after", between(*id)),
            Ask::OneOf(ways) => {
                ways.first().map(|way| format!("{}_open", between(*way))).unwrap_or_default()
            }
        };
        let said = self.named(ask);
        let mut chars = said.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        (name, first.into_iter().chain(chars).collect())
    }

    /// What a gate is, for whoever reads the project.
    fn named(&self, ask: &Ask) -> String {
        let process = self.process();
        let ends = |id: TransitionId| {
            let transition = &process.transitions[id];
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            format!("from `{}` to `{}`", from.name, to.name)
        };
        match ask {
            Ask::Criterion(id) => {
                let criterion = &process.criteria[*id];
                let stage = &process.stages[criterion.stage].name;
                let side = side(process, *id);
                format!("{side} criterion `{}` of stage `{stage}`", criterion.name)
            }
            Ask::When(id) => format!("condition of the move {}", ends(*id)),
            Ask::After(id) => format!("clock of the move {}", ends(*id)),
            Ask::OneOf(ways) => {
                let ends = ways.first().map(|way| ends(*way)).unwrap_or_default();
                format!("conditions of the moves {ends}")
            }
        }
    }
}

/// The name of a rule, the process in front. Where both are too long the process gives way first: what a
/// rule is about tells it from the others. Nine characters tell it from those of a process whose name
/// begins alike.
fn rule_name(process: &str, about: &str) -> String {
    let full = format!("{process}_{about}");
    if full.len() <= RULE_NAME {
        return full;
    }
    let room = RULE_NAME.saturating_sub(MARK + about.len() + 1).max(LEAST_PROCESS);
    let short: String = process.chars().take(room).collect();
    let short = short.trim_end_matches('_');
    marked(&format!("{short}_{about}"), &full, RULE_NAME)
}

/// The length of an underscore and a checksum.
const MARK: usize = 9;

/// How much of the name of a process is left of it in the name of a rule.
const LEAST_PROCESS: usize = 6;

/// The formula of a rule: all of these must hold for it to refuse.
fn formula(mut parts: Vec<String>) -> String {
    parts.retain(|part| *part != constant(true));
    format!("AND(\n  {}\n)", parts.join(",\n  "))
}

fn side(process: &Process, id: CriterionId) -> &'static str {
    match process.criteria[id].side {
        Side::Exit => "exit",
        Side::Enter => "entry",
    }
}
