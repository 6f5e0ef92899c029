//! `impossible-criterion`: a condition that no record can satisfy.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::{Fact, constant, facts, terms};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::Formula;
use crate::model::{
    CriterionId, Expr, ExprKind, Field, Measure, Origin, Process, Side, StageId, TransitionId,
    TransitionKind,
};
use crate::source::{FileId, Span};

pub(crate) static RULE: Rule = Rule {
    name: "impossible-criterion",
    family: Family::Criteria,
    summary: "a condition, or several that must hold together, that no record can satisfy",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/impossible-criterion.md"),
    check: Check::Process(check),
};

/// More conditions than this are not searched for the few that exclude each other.
const MOST_PARTS: usize = 24;

/// Fewer stages than this are not worth a thread.
const STAGES: usize = 64;

fn check<'a>(context: &Context<'a>, findings: &mut Vec<Diagnostic>) {
    let mut search =
        Search { context, findings, alone: FxHashMap::default(), told: FxHashSet::default() };
    search.criteria();
    search.moves();
    search.elsewhere();
}

struct Search<'c, 'a> {
    context: &'c Context<'a>,
    findings: &'c mut Vec<Diagnostic>,
    /// By its place, whether a condition can hold: moves from many stages at once share one.
    alone: FxHashMap<Place, bool>,
    /// Criteria of which something was found: what follows from them is not told again.
    told: FxHashSet<CriterionId>,
}

/// A span as a key.
type Place = (FileId, u32, u32);

/// One of the conditions that must hold together.
struct Part<'a> {
    formula: Formula<'a>,
    span: Span,
    /// What it is, for its label: "the exit criterion `need`".
    what: String,
    /// Something has been found about it already.
    told: bool,
}

impl<'a> Search<'_, 'a> {
    fn process(&self) -> &'a Process {
        self.context.process
    }

    fn is_impossible(&self, formula: &Formula<'a>) -> bool {
        self.context.prover.is_impossible(formula)
    }

    /// Criteria by themselves, then those of one list together.
    fn criteria(&mut self) {
        let (context, process) = (self.context, self.process());
        let stages: Vec<StageId> = process.stages.ids().collect();
        let all_at_once = |id: &StageId| may_hold_at_once(context, *id).then_some(*id);
        let sound: FxHashSet<StageId> =
            stages.par_iter().with_min_len(STAGES).filter_map(all_at_once).collect();
        for (id, stage) in process.stages.iter() {
            if sound.contains(&id) {
                self.alone.extend(guards(process, id).map(|guard| (guard.span.key(), true)));
                continue;
            }
            for list in [&stage.exit, &stage.enter] {
                for criterion in list {
                    if !self.criterion(*criterion) {
                        self.told.insert(*criterion);
                    }
                }
                if list.len() > 1 {
                    self.list(id, list);
                }
            }
        }
    }

    /// Whether nothing was found about the criterion.
    fn criterion(&mut self, id: CriterionId) -> bool {
        let process = self.process();
        let criterion = &process.criteria[id];
        let what = format!("the {} `{}`", side(criterion.side), criterion.name);
        let mut sound = self.alone(&criterion.condition, &what);
        let Some(applies) = &criterion.applies else { return sound };
        sound &= self.alone(applies, &format!("the `if` of {what}"));
        let both = Formula::All(vec![(&criterion.condition).into(), applies.into()]);
        if sound && self.is_impossible(&both) {
            sound = false;
            self.findings.push(
                RULE.finding(
                    criterion.condition.span,
                    format!("no record that {what} applies to can satisfy it"),
                )
                .reason("this excludes the records it is asked of")
                .label(applies.span, "only such records are asked")
                .help(
                    "correct one of the two: a record that the `if` selects must be able to pass",
                ),
            );
        }
        sound
    }

    /// Whether a condition can hold. If not, tells so, with the terms that exclude each other.
    fn alone(&mut self, condition: &'a Expr, what: &str) -> bool {
        if let Some(known) = self.alone.get(&condition.span.key()) {
            return *known;
        }
        let sound = !self.is_impossible(&condition.into());
        self.alone.insert(condition.span.key(), sound);
        if sound {
            return true;
        }
        if self.asks_for_unreachable_grade(condition) {
            return false;
        }
        let parts: Vec<Part<'a>> = terms(condition)
            .into_iter()
            .map(|term| Part {
                formula: term.into(),
                span: term.span,
                what: String::new(),
                told: false,
            })
            .collect();
        let core = self.core(&parts);
        let message = format!("no record can satisfy {what}");
        let finding = match core.as_slice() {
            [first, second] => RULE
                .finding(first.span, message)
                .reason("this")
                .label(second.span, "and this exclude each other"),
            [one] => self.by_declaration(RULE.finding(one.span, message), one, condition),
            _ => RULE.finding(condition.span, message).reason("its terms exclude each other"),
        };
        self.findings.push(
            finding
                .help("correct the value or the field; `or` and `in […]` let one of several hold"),
        );
        false
    }

    /// Whether it asks for a grade that no record has: `unreachable-grade` says so where the grade is.
    fn asks_for_unreachable_grade(&self, condition: &'a Expr) -> bool {
        terms(condition).into_iter().any(|term| match term.kind {
            ExprKind::IsGrade(score, grade) => self.is_impossible(&Formula::Grade(score, grade)),
            _ => false,
        })
    }

    /// One term alone is impossible: what its field declares may say why.
    fn by_declaration(
        &self,
        finding: Diagnostic,
        one: &Part<'a>,
        condition: &'a Expr,
    ) -> Diagnostic {
        let process = self.process();
        if constant(process, condition).is_some() {
            return finding.reason("this asks nothing of a record, and never holds");
        }
        let term = terms(condition).into_iter().find(|term| term.span.key() == one.span.key());
        let read = term.map(facts).unwrap_or_default();
        let mut read = read.into_iter();
        match (read.next(), read.next()) {
            (Some(Fact::Field(id)), None) => {
                let field = &process.fields[id];
                let reason = format!("no value of `{}` does", field.name);
                match declared(process, field) {
                    Some(bounds) => finding.reason(reason).label(field.span, bounds),
                    None => finding.reason(reason),
                }
            }
            _ => finding.reason("this never holds"),
        }
    }

    /// The criteria of one side of a stage, which must all hold at the same time.
    fn list(&mut self, stage: StageId, list: &[CriterionId]) {
        let process = self.process();
        let parts = self.parts(list);
        if !self.is_impossible(&all(&parts)) {
            return;
        }
        let name = &process.stages[stage].name;
        let (side, verb) = match list.first().map(|id| process.criteria[*id].side) {
            Some(Side::Enter) => ("entry criteria", "enters"),
            _ => ("exit criteria", "advances from"),
        };
        let message =
            format!("the {side} of `{name}` exclude each other: no record ever {verb} it");
        let story = match verb {
            "enters" => None,
            _ => Some(format!(
                "{} and cannot advance, whatever is filled in",
                story::arrival(self.context, stage)
            )),
        };
        self.excluded(&parts, message, story);
        self.told.extend(list);
    }

    /// The condition of each move by itself, then with everything that guards the move.
    fn moves(&mut self) {
        let process = self.process();
        for (id, transition) in process.transitions.iter() {
            // A refused record goes its way by the word of the receiver.
            if matches!(transition.origin, Origin::Refusal(_)) {
                continue;
            }
            let target = &process.stages[transition.to].name;
            let sound = transition.when.as_ref().is_none_or(|when| {
                self.alone(when, &format!("the condition of the move to `{target}`"))
            });
            let accept = transition.handoff.as_ref().and_then(|terms| terms.accept.as_ref());
            if let Some(accept) = accept {
                self.alone(&accept.when, &format!("the terms on which `{target}` accepts"));
            }
            let declared = transition.origin == Origin::Declared;
            if sound && declared && self.context.conditions().never_open(id) {
                self.never_open(id);
            }
        }
    }

    /// A move whose conditions are possible each by itself, but not together.
    fn never_open(&mut self, id: TransitionId) {
        let process = self.process();
        let transition = &process.transitions[id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        let mut parts = Vec::new();
        if let Some(when) = &transition.when {
            parts.push(Part {
                formula: when.into(),
                span: when.span,
                what: "the condition of the move".into(),
                told: false,
            });
        }
        if let Some(clock) = &transition.after {
            parts.push(Part {
                formula: Formula::Struck(clock),
                span: clock.span,
                what: "its clock".into(),
                told: false,
            });
        }
        if transition.kind == TransitionKind::Advance {
            let criteria: Vec<CriterionId> = from.exit.iter().chain(&to.enter).copied().collect();
            parts.extend(self.parts(&criteria));
        }
        let message = format!("no record can ever move from `{}` to `{}`", from.name, to.name);
        let story = format!(
            "{} and cannot go on to `{}`, whatever is filled in",
            story::arrival(self.context, transition.from),
            to.name
        );
        self.excluded(&parts, message, Some(story));
    }

    fn excluded(&mut self, parts: &[Part<'a>], message: String, story: Option<String>) {
        let core = self.core(parts);
        let Some((first, rest)) = core.split_first() else { return };
        // What excludes each other in one list, or by itself, has been told there.
        if core.iter().any(|part| part.told) {
            return;
        }
        let mut finding = RULE.finding(first.span, message).reason(match rest {
            [] => format!("{} never holds here", first.what),
            _ => format!("{} asks for this", first.what),
        });
        for part in rest {
            finding = finding.label(part.span, format!("{} asks for this", part.what));
        }
        if let Some(story) = story {
            finding = finding.story(story);
        }
        self.findings.push(finding.help(
            "no record can be both: correct one of them, or say with `if` which records it is for",
        ));
    }

    fn parts(&self, criteria: &[CriterionId]) -> Vec<Part<'a>> {
        let process = self.process();
        criteria
            .iter()
            .map(|id| {
                let criterion = &process.criteria[*id];
                let stage = &process.stages[criterion.stage].name;
                let what =
                    format!("the {} `{}` of `{stage}`", side(criterion.side), criterion.name);
                Part {
                    formula: Formula::Passes(*id),
                    span: criterion.condition.span,
                    what,
                    told: self.told.contains(id),
                }
            })
            .collect()
    }

    /// A few of the parts that cannot hold together, such that any fewer can; all of them, when they
    /// are too many to search.
    fn core<'p>(&self, parts: &'p [Part<'a>]) -> Vec<&'p Part<'a>> {
        let mut core: Vec<&Part<'a>> = parts.iter().collect();
        if core.len() > MOST_PARTS {
            return core;
        }
        let mut at = 0;
        while at < core.len() {
            let part = core.remove(at);
            let rest = Formula::All(core.iter().map(|part| part.formula.clone()).collect());
            if !self.is_impossible(&rest) {
                core.insert(at, part);
                at += 1;
            }
        }
        core
    }

    /// Conditions that guard no move: of goals, plays and what is retired.
    fn elsewhere(&mut self) {
        let process = self.process();
        for goal in process.goals.values() {
            let when = match &goal.measure {
                Some(Measure::Share { when, .. }) => Some(when),
                Some(Measure::Entries { when, .. } | Measure::Sum { when, .. }) => when.as_ref(),
                _ => None,
            };
            if let Some(when) = when {
                self.alone(when, &format!("what `{}` measures", goal.name));
            }
        }
        for play in process.plays.values() {
            if let Some(when) = &play.when {
                self.alone(when, &format!("the condition of the play `{}`", play.name));
            }
        }
        for retired in &process.retired {
            for when in retired.into.iter().filter_map(|(_, when)| when.as_ref()) {
                self.alone(when, &format!("the condition on what was in `{}`", retired.name));
            }
        }
    }
}

/// Whether one record may meet every condition of a stage and of its own moves: most stages are sound,
/// and are done with one question.
fn may_hold_at_once(context: &Context<'_>, id: StageId) -> bool {
    let process = context.process;
    let stage = &process.stages[id];
    let criteria = stage.exit.iter().chain(&stage.enter).map(|id| &process.criteria[*id]);
    let asked = criteria
        .flat_map(|criterion| std::iter::once(&criterion.condition).chain(&criterion.applies));
    let all: Vec<Formula<'_>> = asked.chain(guards(process, id)).map(Formula::from).collect();
    (2..=MOST_PARTS).contains(&all.len()) && context.prover.may_hold(&Formula::All(all))
}

/// The conditions of the moves that a stage declares.
fn guards(process: &Process, id: StageId) -> impl Iterator<Item = &Expr> {
    let moves = process.stages[id].outgoing.iter().map(|id| &process.transitions[*id]);
    let declared = moves.filter(|transition| transition.origin == Origin::Declared);
    declared.filter_map(|transition| transition.when.as_ref())
}

fn all<'a>(parts: &[Part<'a>]) -> Formula<'a> {
    Formula::All(parts.iter().map(|part| part.formula.clone()).collect())
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Exit => "exit criterion",
        Side::Enter => "entry criterion",
    }
}

/// The bounds that a field declares, as it declares them.
fn declared(process: &Process, field: &Field) -> Option<String> {
    let low =
        field.at_least.as_ref().map(|value| format!("at least {}", process.value_source(value)));
    let high =
        field.at_most.as_ref().map(|value| format!("at most {}", process.value_source(value)));
    let required = field.required.then(|| "required".to_owned());
    let bounds: Vec<String> = [required, low, high].into_iter().flatten().collect();
    (!bounds.is_empty()).then(|| format!("declared `{}`", bounds.join(" ")))
}
