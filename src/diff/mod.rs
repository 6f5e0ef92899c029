//! What has changed between two processes, by meaning: which part of the one is which of the other,
//! what that part says now, who is hurt by it, and who is not.
//!
//! Formatting, order, notation and comments are no change. Parts are paired by name and `was`
//! (`pair`), compared kind by kind (`compare`), conditions by what they let through (`condition`).
//! The breaking rules (`rules`) look at one change each and are rules like all others: they have
//! levels, pages and waivers.

mod change;
mod compare;
mod condition;
mod fact;
pub(crate) mod flight;
pub(crate) mod pair;
mod reason;
mod rename;
pub mod render;
pub(crate) mod rules;
mod sources;
pub(crate) mod values;
mod ways;

use std::sync::OnceLock;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diag::Level;
use crate::lint::{Check, Levels, RULES, Settling};
use crate::model::{FieldId, Process, Retired, RetiredKind, StageId, TransitionId, TransitionKind};

pub use change::{Aspect, Change, Fact, Kind, Part, Sides, Who};
pub use flight::{Count, Flight, Query};
pub use reason::Reason;
pub use sources::Sources;

use condition::{Common, Verdict, guard};
use pair::{Both, Pairs};
use rules::alike::News;

/// Two processes, and how the one became the other.
pub struct Comparison<'a> {
    pub(crate) old: &'a Process,
    pub(crate) new: &'a Process,
    pub(crate) pairs: Pairs,
    pub(crate) moves: Both<TransitionId>,
    pub(crate) common: Common<'a>,
    guards: OnceLock<FxHashMap<TransitionId, Verdict>>,
    news: OnceLock<News>,
    /// How many files the new process has: those of the old one are numbered behind them.
    files: u32,
    /// The targets that its project names, if it names any.
    targets: Option<Vec<String>>,
    titled: Vec<String>,
}

impl std::fmt::Debug for Comparison<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparison").field("pairs", &self.pairs).finish_non_exhaustive()
    }
}

/// Everything that has changed.
#[derive(Debug)]
pub struct Difference<'a> {
    /// The process that was.
    pub old: &'a Process,
    /// The process that is.
    pub new: &'a Process,
    /// The changes: by who is hurt, then by what they break, the worst first, then in order.
    pub changes: Vec<Change<'a>>,
    /// Which records the changes find where they are.
    pub flights: Vec<Flight>,
    /// The day on which they were compared.
    pub today: Date,
}

impl Difference<'_> {
    /// The changes that people are told: what may only be called otherwise now is told once.
    pub fn told(&self) -> impl Iterator<Item = &Change<'_>> {
        self.changes.iter().filter(|change| !change.with_another)
    }

    /// Whether something breaks that was not prepared.
    pub fn is_breaking(&self) -> bool {
        self.at(Level::Error) > 0
    }

    /// The day from which people work by the new process, where that is news: the old one does not
    /// name it, or it is still to come.
    pub fn takes_effect(&self) -> Option<Date> {
        let is_news = |day: &Date| self.old.effective != Some(*day) || *day > self.today;
        self.new.effective.filter(is_news)
    }

    /// Takes in how they are counted, in the order of the records in flight.
    pub fn count(&mut self, counts: Vec<Vec<Count>>) {
        for (flight, counts) in self.flights.iter_mut().zip(counts) {
            flight.counts = counts;
        }
    }

    /// The systems for which records in flight are counted.
    pub fn counted_by(&self) -> Vec<&str> {
        let first = self.flights.first().map_or(&[][..], |flight| flight.counts.as_slice());
        first.iter().map(|count| count.system.as_str()).collect()
    }

    /// How many findings there are at a level.
    pub fn at(&self, level: Level) -> usize {
        let breaks = self.changes.iter().flat_map(|change| &change.breaks);
        breaks.filter(|found| found.level == level).count()
    }
}

/// What has changed. Both processes must have been understood; `sources` are those of both, and
/// `today` decides which waivers still hold and when witnesses live.
pub fn diff<'a>(
    old: &'a Process,
    new: &'a Process,
    sources: &Sources,
    levels: &Levels,
    today: Date,
) -> Difference<'a> {
    let pairs = Pairs::of(old, new);
    let common = Common::new(old, new, &pairs, today.at(12, 0, 0, 0));
    let moves = Both::of(Vec::new(), Vec::new(), []);
    let (guards, news) = (OnceLock::new(), OnceLock::new());
    let files = sources.new_files();
    let targets = sources.targets().map(<[String]>::to_vec);
    let titled = sources.titled().to_vec();
    let mut both =
        Comparison { old, new, pairs, moves, common, guards, news, files, targets, titled };
    both.moves = compare::pair_moves(&both);
    let mut changes = compare::changes(&both);
    let settling = Settling::new(new, today, levels);
    for change in &mut changes {
        judge(&both, &settling, change);
    }
    rename::propose(&both, sources, &mut changes);
    // What weighs nothing goes last; what is equal stays in order.
    changes.sort_by_key(|change| {
        let worst = change.breaks.iter().map(|found| found.level).max();
        (change.who, std::cmp::Reverse(worst))
    });
    let flights = flight::flights(&both, &changes, today.at(12, 0, 0, 0));
    Difference { old, new, changes, flights, today }
}

/// Asks every breaking rule about a change.
fn judge(both: &Comparison<'_>, settling: &Settling<'_>, change: &mut Change<'_>) {
    let mut hurt = None;
    for rule in RULES {
        let Check::Change(who, check) = rule.check else { continue };
        let Some(mut finding) = check(both, change) else { continue };
        if settling.settle(&mut finding) {
            hurt = hurt.or(Some(who));
            change.breaks.push(finding);
        }
    }
    change.breaks.sort_by_key(|found| std::cmp::Reverse(found.level));
    if let Some(who) = hurt {
        change.who = change.who.min(who);
    }
}

impl<'a> Comparison<'a> {
    /// What the new process says of something that it no longer has, by its old name or the one that
    /// it would have now.
    pub(crate) fn retired(&self, kind: RetiredKind, part: Part) -> Option<(usize, &'a Retired)> {
        let names = match part {
            Part::Field(id) => self.field_names(id),
            _ => vec![part.name(self.old)],
        };
        let mut all = self.new.retired.iter().enumerate();
        all.find(|(_, retired)| retired.kind == kind && names.contains(&retired.name))
    }

    /// The names by which the new process may speak of an old field.
    pub(crate) fn field_names(&self, id: FieldId) -> Vec<String> {
        let field = &self.old.fields[id];
        let then = &self.old.records[field.record].name;
        let now = self.pairs.records.new_of(field.record).map(|id| &self.new.records[id].name);
        let mut names: Vec<String> = now
            .into_iter()
            .chain([then])
            .map(|record| format!("{record}.{}", field.name))
            .collect();
        names.dedup();
        names
    }

    /// How the whole guard of a move has changed, if it has: its `when`, and for an advance the criteria
    /// on both sides of it, beside the other moves between its stages. The move is on both sides, or
    /// stands in the place of another; `id` is that of the new process.
    pub(crate) fn guard(&self, id: TransitionId) -> Option<&Verdict> {
        self.guards
            .get_or_init(|| {
                let verdict = |(was, now)| Some((now, self.compare_guards(was, now)?));
                self.guarded().filter_map(verdict).collect()
            })
            .get(&id)
    }

    /// The advances out of a stage of the new process, or into it, that ask more than they did.
    pub(crate) fn tightened(&self, stage: StageId, out: bool) -> Option<(TransitionId, &Verdict)> {
        let stage = &self.new.stages[stage];
        let moves = if out { &stage.outgoing } else { &stage.incoming };
        moves.iter().find_map(|id| {
            let is_advance = self.new.transitions[*id].kind == TransitionKind::Advance;
            let verdict = self.guard(*id).filter(|verdict| {
                is_advance && matches!(verdict.kind, Kind::Tightened | Kind::Shifted)
            })?;
            Some((*id, verdict))
        })
    }

    /// Moves of the old process, and what stands in their place: themselves, or what a stage declares
    /// in the place of one from any open stage.
    pub(crate) fn guarded(&self) -> impl Iterator<Item = (TransitionId, TransitionId)> {
        let displaced = self.moves.added().filter_map(|now| Some((self.displaced(now)?, now)));
        self.moves.kept().chain(displaced)
    }

    fn compare_guards(&self, was: TransitionId, now: TransitionId) -> Option<Verdict> {
        if self.has_others(was, now) {
            return self.compare_move(Some(was), Some(now));
        }
        let record = self.new.stages[self.new.transitions[now].from].record;
        self.common.compare_all(&guard(self.old, was), &guard(self.new, now), record)
    }
}

impl Comparison<'_> {
    /// Whether the project makes one of these targets, as far as is known: one that names none may.
    pub(crate) fn may_make(&self, targets: &[&str]) -> bool {
        self.targets
            .as_ref()
            .is_none_or(|all| all.iter().any(|one| targets.contains(&one.as_str())))
    }

    /// Whether Salesforce is among the targets of the project, and knows a stage of the new process by
    /// its title.
    pub(crate) fn is_known_by_title(&self, stage: StageId) -> bool {
        let name = &self.new.stages[stage].name;
        let mut targets = self.targets.iter().flatten();
        targets.any(|one| one == "salesforce") && self.titled.contains(name)
    }

    /// Where a finding about a change points: at the part in the new source, or where it stood in
    /// the old one.
    pub(crate) fn place(&self, change: &Change<'_>) -> crate::source::Span {
        match (change.part.new, change.part.old, change.place) {
            (Some(_), _, Sides { new: Some(span), .. }) => span,
            (None, Some(_), Sides { old: Some(span), .. }) => sources::shifted(span, self.files),
            _ => self.new.span,
        }
    }
}
