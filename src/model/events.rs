//! Events: conditions name them, and nothing declares them. A term of the same name says what people
//! call one.

use std::collections::BTreeSet;

use super::{Expr, ExprKind, Measure, Process, Text};
use crate::source::Span;

impl Process {
    /// What people call an event: the title of the term of its name, or else its name.
    pub fn event_title(&self, event: &str, span: Span) -> Text {
        let term = self.terms.values().find(|term| term.name == event);
        term.map_or_else(|| Text::from_name(event, span), |term| term.title.clone())
    }

    /// The names of the events that some condition reads.
    pub fn events(&self) -> BTreeSet<&str> {
        let criteria = self.criteria.values();
        let criteria = criteria.flat_map(|one| std::iter::once(&one.condition).chain(&one.applies));
        let moves = self.transitions.values().flat_map(|one| {
            let accept = one.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
            one.when.iter().chain(accept.map(|accept| &accept.when))
        });
        let points = self.scores.values().flat_map(|score| &score.points);
        let cases = self.routes.values().flat_map(|route| &route.cases);
        let measures = self.goals.values().filter_map(|goal| condition_of(goal.measure.as_ref()?));
        let plays = self.plays.values().filter_map(|play| play.when.as_ref());
        let retired = self.retired.iter().flat_map(|retired| &retired.into);
        let all = criteria
            .chain(moves)
            .chain(points.map(|points| &points.when))
            .chain(cases.map(|case| &case.when))
            .chain(measures)
            .chain(plays)
            .chain(retired.filter_map(|(_, when)| when.as_ref()));
        let mut found = BTreeSet::new();
        for condition in all {
            condition.walk(&mut |expr| {
                if let ExprKind::Event { name, .. } = &expr.kind {
                    found.insert(name.as_str());
                }
            });
        }
        found
    }
}

fn condition_of(measure: &Measure) -> Option<&Expr> {
    match measure {
        Measure::Entries { when, .. } | Measure::Sum { when, .. } => when.as_ref(),
        Measure::Share { when, .. } => Some(when),
        _ => None,
    }
}
