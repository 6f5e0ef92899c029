//! Goals: what they measure, and what they aim at.

use std::cmp::Ordering;

use crate::diff::Comparison;
use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::diff::reason::Reason;
use crate::diff::values::{order, order_of_durations};
use crate::model::{Expr, Measure, RecordId, RetiredKind, StageId, Target, Value};

use super::{Ledger, who_of};

pub(super) fn goals(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let whos = [Who::People, Who::Reports, Who::Reports];
    ledger.existence(&both.pairs.goals, Part::Goal, Some(RetiredKind::Goal), whos);
    for (was, now) in both.pairs.goals.kept() {
        let (old, new) = (&both.old.goals[was], &both.new.goals[now]);
        let mut about = ledger.about(Sides::both(Part::Goal(was), Part::Goal(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        about.owners(
            Who::People,
            "shared by",
            old.shared_by.iter().map(|owner| owner.value),
            new.shared_by.iter().map(|owner| owner.value),
        );
        match (&old.measure, &new.measure) {
            (Some(was), Some(now)) => {
                if let Some((kind, reason)) = measures(both, was, now) {
                    let facts = (Some(Fact::Measure(was)), Some(Fact::Measure(now)));
                    let who = who_of(kind, Who::Reports);
                    about.explained(who, kind, Aspect::Of("measure"), facts, reason);
                }
            }
            (was, now) => {
                about.fact(Who::Reports, "measure", was.as_ref(), now.as_ref(), Fact::Measure);
            }
        }
        match (&old.target, &new.target) {
            (Some(was), Some(now)) => {
                if let Some(kind) = targets(both, was, now) {
                    let (was, now) = (Some(Fact::Target(was)), Some(Fact::Target(now)));
                    about.add(Who::People, kind, Aspect::Of("target"), was, now);
                }
            }
            (was, now) => {
                about.fact(Who::People, "target", was.as_ref(), now.as_ref(), Fact::Target);
            }
        }
        about.text(Who::Nobody, "why", old.why.as_ref(), new.why.as_ref());
    }
}

/// How the target has changed, if it has.
fn targets(both: &Comparison<'_>, was: &Target, now: &Target) -> Option<Kind> {
    let order = match (&was.value, &now.value) {
        (Value::Duration(a), Value::Duration(b)) => order_of_durations(*a, *b, &both.new.calendar),
        (a, b) => order(a, b),
    };
    if was.at_least != now.at_least || was.every != now.every {
        return Some(Kind::Changed);
    }
    match order {
        Some(Ordering::Equal) => None,
        Some(Ordering::Greater) => Some(Kind::Raised),
        Some(Ordering::Less) => Some(Kind::Lowered),
        None => Some(Kind::Changed),
    }
}

/// How the measure has changed, if it has, and why.
fn measures(both: &Comparison<'_>, was: &Measure, now: &Measure) -> Option<(Kind, Option<Reason>)> {
    let stage = |old: &StageId, new: &StageId| both.pairs.stages.new_of(*old) == Some(*new);
    let changed = |same: bool| if same { Ok(None) } else { Err(()) };
    let only = |entered: &StageId, old: Option<&Expr>, new: Option<&Expr>| {
        let record: RecordId = both.new.stages[*entered].record;
        Ok(both.common.compare(old, new, record))
    };
    let verdict = match (was, now) {
        (
            Measure::Conversion { from, to, within },
            Measure::Conversion { from: from_now, to: to_now, within: within_now },
        ) => changed(stage(from, from_now) && stage(to, to_now) && within == within_now),
        (Measure::Entries { into, when }, Measure::Entries { into: now, when: when_now })
            if stage(into, now) =>
        {
            only(now, when.as_ref(), when_now.as_ref())
        }
        (Measure::Balance { of }, Measure::Balance { of: now }) => changed(stage(of, now)),
        (
            Measure::Cycle { statistic, from, to },
            Measure::Cycle { statistic: statistic_now, from: from_now, to: to_now },
        ) => changed(statistic == statistic_now && stage(from, from_now) && stage(to, to_now)),
        (
            Measure::Dwell { statistic, stage: of },
            Measure::Dwell { statistic: statistic_now, stage: of_now },
        ) => changed(statistic == statistic_now && stage(of, of_now)),
        (
            Measure::Sum { field, entering, when },
            Measure::Sum { field: field_now, entering: entering_now, when: when_now },
        ) if both.pairs.fields.new_of(*field) == Some(*field_now)
            && stage(entering, entering_now) =>
        {
            only(entering_now, when.as_ref(), when_now.as_ref())
        }
        (Measure::Share { of, when }, Measure::Share { of: now, when: when_now })
            if stage(of, now) =>
        {
            only(now, Some(when), Some(when_now))
        }
        (
            Measure::Coverage { goal, by, .. },
            Measure::Coverage { goal: goal_now, by: by_now, .. },
        ) => changed(
            both.pairs.goals.new_of(*goal) == Some(*goal_now)
                && both.pairs.fields.new_of(*by) == Some(*by_now),
        ),
        _ => Err(()),
    };
    match verdict {
        Err(()) => Some((Kind::Changed, None)),
        Ok(None) => None,
        // Who is counted is no gate: only whether the same are counted matters.
        Ok(Some(verdict)) if verdict.kind == Kind::Reworded => Some((Kind::Reworded, None)),
        Ok(Some(_)) => Some((Kind::Changed, None)),
    }
}
