//! `slower-than-goal`: a promise that the clocks of the process do not keep.

use rust_decimal::prelude::ToPrimitive;

use crate::diag::render::counted;
use crate::diag::{Diagnostic, Level};
use crate::graph::{Edge, Way};
use crate::lint::clock::{Opening, opening};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::duration::{
    average_minutes, certainly_longer, least_minutes, most_minutes, sum, units_like,
};
use crate::model::{Duration, Goal, Id, Measure, StageId, Statistic, Target, TransitionId, Value};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "slower-than-goal",
    family: Family::Time,
    summary: "a goal that promises less time than the waits and limits on the way add up to",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/slower-than-goal.md"),
    check: Check::Process(check),
};

/// Stages on a way that are told one by one.
const MOST_TOLD: usize = 5;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // What is still to be written, or could not be read, may be the shorter way.
    if context.any_unfinished() {
        return;
    }
    let ids = process.transitions.ids();
    let mut clocks = Clocks {
        context,
        openings: ids.map(|id| opening(process, id)).collect(),
        budget: 20 * (process.stages.len() + process.transitions.len()) + 100_000,
    };
    for goal in process.goals.values().filter(|goal| !goal.broken) {
        let (Some(measure), Some(target)) = (&goal.measure, &goal.target) else { continue };
        let finding = match (measure, &target.value) {
            (Measure::Conversion { from, to, within: Some(within) }, Value::Percent(percent))
                if target.at_least && !percent.is_zero() =>
            {
                clocks.impossible(goal, target, (*from, *to), *within)
            }
            (Measure::Cycle { statistic, from, to }, Value::Duration(promised))
                if !target.at_least =>
            {
                let ends = (*from, *to);
                clocks
                    .impossible(goal, target, ends, *promised)
                    .or_else(|| clocks.too_slow(goal, target, *statistic, ends, *promised))
            }
            (Measure::Dwell { stage, .. }, Value::Duration(promised)) if !target.at_least => {
                clocks.stays_too_long(goal, target, *stage, *promised)
            }
            _ => None,
        };
        findings.extend(finding);
    }
}

/// The waits of all moves, and how many of them may still be looked at.
struct Clocks<'c, 'a> {
    context: &'c Context<'a>,
    openings: Vec<Option<Opening>>,
    budget: usize,
}

impl Clocks<'_, '_> {
    fn opening(&self, edge: Edge) -> Option<&Opening> {
        let Edge::Move(id) = edge else { return None };
        self.openings.get(id.index())?.as_ref()
    }

    /// Even the way with the shortest waits takes longer.
    fn impossible(
        &mut self,
        goal: &Goal,
        target: &Target,
        (from, to): (StageId, StageId),
        promised: Duration,
    ) -> Option<Diagnostic> {
        if self.openings.iter().all(Option::is_none) {
            return None;
        }
        let process = self.context.process;
        let calendar = &process.calendar;
        let (graph, mut budget) = (&self.context.stages, self.budget);
        // Exactly, by the waits that are counted as the goal counts; else by the fewest minutes that
        // any wait can take against the most that the promised time can take.
        let alike = |wait: Duration| units_like(wait, promised, calendar);
        let least = |wait: Duration| least_minutes(wait, calendar);
        let found = {
            let mut longer = |units: &dyn Fn(Duration) -> Option<i64>, most: Option<i64>| {
                let most = u64::try_from(most?).ok()?;
                let cost = |_, edge, _| {
                    let wait = self.opening(edge).and_then(|clock| units(clock.wait));
                    wait.and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0)
                };
                graph.cheapest(from, to, cost, &mut budget).filter(|way| way.cost > most)
            };
            longer(&alike, alike(promised))
                .or_else(|| longer(&least, most_minutes(promised, calendar)))
        };
        self.budget = budget;
        let way = found?;
        let waits: Vec<(StageId, Opening)> = way
            .steps
            .iter()
            .filter_map(|(stage, edge, _)| Some((*stage, *self.opening(*edge)?)))
            .collect();
        let names = |stage: StageId| process.stages[stage].name.as_str();
        let (start, end) = (names(from), names(to));
        let told = self.told(waits.iter().map(|(stage, clock)| (*stage, clock.wait)));
        let total = match waits.as_slice() {
            [_] => String::new(),
            _ => {
                let total = total(self.context, waits.iter().map(|(_, clock)| clock.wait));
                format!(", {total} at the least")
            }
        };
        let mut finding = RULE
            .finding(
                target.span,
                format!("no record gets from `{start}` to `{end}` within {promised}"),
            )
            .reason(format!("`{}` promises it", goal.name));
        for (_, clock) in waits.iter().take(MOST_TOLD) {
            finding = finding.label(clock.span, format!("not before {}", clock.wait));
        }
        let record = story::a_record(process, from);
        Some(
            finding
                .story(format!(
                    "{record} enters `{start}` and takes the fastest way to `{end}`: it waits {told}{total}, and the goal allows {promised}"
                ))
                .help("open the moves on the way earlier, or promise what they allow"),
        )
    }

    /// Even the way with the smallest sum of what its stages aim at takes longer.
    fn too_slow(
        &mut self,
        goal: &Goal,
        target: &Target,
        statistic: Statistic,
        (from, to): (StageId, StageId),
        promised: Duration,
    ) -> Option<Diagnostic> {
        let process = self.context.process;
        let most = minutes(self.context, promised)?;
        let mut budget = self.budget;
        let cost = |stage, _, _| {
            let stay = self.stay(stage, statistic);
            stay.and_then(|(stay, _)| minutes(self.context, stay)).unwrap_or(0)
        };
        let way = self.context.stages.cheapest(from, to, cost, &mut budget);
        self.budget = budget;
        let way: Way = way.filter(|way| way.cost > most)?;
        let stays: Vec<(StageId, Duration, Span)> = way
            .steps
            .iter()
            .filter_map(|(stage, ..)| {
                let (stay, span) = self.stay(*stage, statistic)?;
                Some((*stage, stay, span))
            })
            .collect();
        // Found by average lengths; told only when it is so from whatever day one counts.
        if !self.certainly_exceed(stays.iter().map(|(_, stay, _)| *stay), promised) {
            return None;
        }
        let total = total(self.context, stays.iter().map(|(_, stay, _)| *stay));
        let told = self.told(stays.iter().map(|(stage, stay, _)| (*stage, *stay)));
        let names = |stage: StageId| process.stages[stage].name.as_str();
        let (start, end) = (names(from), names(to));
        let aims = |stage: &StageId| {
            let limit = process.stages[*stage].limit.as_ref();
            limit.is_some_and(|limit| limit.target.is_some()) && statistic != Statistic::P90
        };
        let what = if stays.iter().any(|(stage, ..)| aims(stage)) {
            "targets and limits"
        } else {
            "limits"
        };
        let mut finding = RULE
            .finding(
                target.span,
                format!("`{}` promises {promised}, and the {what} from `{start}` to `{end}` add up to {total}", goal.name),
            )
            .reason("kept only by records that beat them");
        for (_, stay, span) in stays.iter().take(MOST_TOLD) {
            finding = finding.label(*span, format!("allows {stay}"));
        }
        let record = story::a_record(process, from);
        Some(
            finding
                .story(format!(
                    "{record} enters `{start}`, takes the fastest way, and stays {told}: it is late nowhere, and reaches `{end}` after {total} instead of {promised}"
                ))
                .help("tighten the limits on the way, give its stages a `target`, or promise what they allow"),
        )
    }

    /// Whether these add up to more than was promised, however long months and working weeks are.
    fn certainly_exceed(
        &self,
        stays: impl Iterator<Item = Duration> + Clone,
        promised: Duration,
    ) -> bool {
        let calendar = &self.context.process.calendar;
        let mut rest = stays.clone();
        let first = rest.next();
        let exact =
            first.and_then(|first| rest.try_fold(first, |all, next| sum(all, next, calendar)));
        match exact {
            Some(total) if total.unit.is_business() => {
                // Over whole weeks the average is exact, and holidays only add to it; where in the
                // week one starts matters by the days on which nobody works, and one.
                let free = calendar.week.iter().filter(|hours| hours.is_empty()).count();
                let spread = i64::try_from(free + 1).unwrap_or(7).saturating_mul(24 * 60);
                let average = average_minutes(total, calendar).and_then(|m| m.floor().to_i64());
                let most = most_minutes(promised, calendar);
                certainly_longer(total, promised, calendar) == Some(true)
                    || average.zip(most).is_some_and(|(average, most)| average - spread > most)
            }
            Some(total) => certainly_longer(total, promised, calendar) == Some(true),
            None => {
                let mut least = stays.map(|stay| least_minutes(stay, calendar));
                let least = least.try_fold(0_i64, |all, stay| all.checked_add(stay?));
                least
                    .zip(most_minutes(promised, calendar))
                    .is_some_and(|(least, most)| least > most)
            }
        }
    }

    /// A goal for one stage, against its waits and what the stage itself aims at.
    fn stays_too_long(
        &self,
        goal: &Goal,
        target: &Target,
        id: StageId,
        promised: Duration,
    ) -> Option<Diagnostic> {
        let process = self.context.process;
        let stage = &process.stages[id];
        let longer = |time| certainly_longer(time, promised, &process.calendar) == Some(true);
        let wait = |id: &TransitionId| {
            let clock = self.opening(Edge::Move(*id))?;
            longer(clock.wait).then_some(*clock)
        };
        let waits: Option<Vec<Opening>> = stage.outgoing.iter().map(wait).collect();
        let name = &stage.name;
        let record = story::a_record(process, id);
        if let Some(first) = waits.as_ref().and_then(|waits| waits.first()) {
            let finding = RULE
                .finding(target.span, format!("no record leaves `{name}` within {promised}"))
                .reason(format!("`{}` promises it", goal.name))
                .label(first.span, format!("not before {}", first.wait))
                .story(format!(
                    "{record} enters `{name}`; no way out opens before {}, and the goal allows {promised}",
                    first.wait
                ));
            return Some(finding.help("open a way out earlier, or promise what the clocks allow"));
        }
        let limit = stage.limit.as_ref()?;
        let aim = limit.target.filter(|aim| longer(*aim))?;
        Some(
            RULE.finding(
                target.span,
                format!("`{}` promises {promised} in `{name}`, which itself aims at {aim}", goal.name),
            )
            .reason("less time than the stage aims at")
            .label(limit.span, format!("aims at {aim}"))
            .story(format!("{record} enters `{name}` and leaves it after {aim}: on time there, and too late for the goal"))
            .help("give the stage and the goal the same time"),
        )
    }

    /// The longest that a record stays when all goes as the stage asks: its target; its limit where
    /// it has none, or where the goal speaks of the slowest. Nobody stays longer than until a clock
    /// takes every record away.
    fn stay(&self, id: StageId, statistic: Statistic) -> Option<(Duration, Span)> {
        let stage = &self.context.process.stages[id];
        let limit = stage.limit.as_ref()?;
        let aim = limit.target.filter(|_| statistic != Statistic::P90).unwrap_or(limit.duration);
        let swept = stage.outgoing.iter().filter_map(|id| self.opening(Edge::Move(*id)));
        let swept = swept.filter(|clock| clock.takes_all).map(|clock| clock.wait);
        // A target past the limit, and a clock before it, are told by themselves.
        let all = swept.chain([limit.duration]);
        let shortest = all.fold(aim, |shortest, other| {
            if certainly_longer(shortest, other, &self.context.process.calendar) == Some(false) {
                shortest
            } else {
                other
            }
        });
        Some((shortest, limit.span))
    }

    /// "10d in `a`, 20d in `b` and so on in 3 others".
    fn told(&self, stays: impl Iterator<Item = (StageId, Duration)>) -> String {
        let stays: Vec<String> = stays
            .map(|(stage, stay)| format!("{stay} in `{}`", self.context.process.stages[stage].name))
            .collect();
        match stays.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] if stays.len() <= MOST_TOLD => {
                format!("{} and {last}", first.join(", "))
            }
            all => {
                let told: Vec<&str> = all.iter().take(MOST_TOLD).map(String::as_str).collect();
                format!("{} and so on in {} others", told.join(", "), all.len() - told.len())
            }
        }
    }
}

/// The average length in whole minutes.
fn minutes(context: &Context<'_>, duration: Duration) -> Option<u64> {
    let minutes = average_minutes(duration, &context.process.calendar)?;
    minutes.round().to_u64()
}

/// The sum as a person would say it; about so many days where the parts are counted differently.
fn total(context: &Context<'_>, all: impl Iterator<Item = Duration> + Clone) -> String {
    let calendar = &context.process.calendar;
    let mut exact = all.clone();
    let first = exact.next();
    let exact =
        first.and_then(|first| exact.try_fold(first, |so_far, next| sum(so_far, next, calendar)));
    exact.map_or_else(
        || {
            let minutes: u64 = all.filter_map(|time| minutes(context, time)).sum();
            const DAY: u64 = 24 * 60;
            match (minutes / DAY, minutes % DAY) {
                (days, 0) => format!("about {days} days"),
                (days, _) => {
                    format!("more than {}", counted(usize::try_from(days).unwrap_or(0), "day"))
                }
            }
        },
        |total| Duration { amount: total.amount.normalize(), ..total }.to_string(),
    )
}
