//! `goal` and `feedback`.

use crate::source::Spanned;
use crate::syntax::ast::{
    Expr, FeedbackDecl, GoalDecl, Measure, Name, Path, Statistic, TargetDecl,
};

use super::blocks::{FEEDBACK, GOAL};
use super::builder::{Builder, Seen};
use super::parser::{Pair, Rule, part};

/// The words of [`Statistic`].
pub(super) const STATISTICS: &[&str] = &["median", "average", "p90"];

/// A goal is one team's, or shared by several.
const OWNERS: &[(Rule, &str)] = &[(Rule::owner, "owner"), (Rule::shared, "shared by")];

impl Builder<'_> {
    pub(super) fn goal(&mut self, pair: Pair<'_>) -> GoalDecl {
        let span = self.span(&pair);
        let mut goal = GoalDecl {
            name: Name::new("", span),
            title: None,
            shared_by: Vec::new(),
            measure: None,
            target: None,
            why: None,
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &GOAL) {
            match item.as_rule() {
                Rule::name => goal.name = self.name(&item),
                Rule::text => goal.title = Some(self.text(item)),
                Rule::owner | Rule::shared if self.excludes(&seen, &item, OWNERS) => {}
                Rule::owner | Rule::shared if self.first(&mut seen, &item) => {
                    goal.shared_by.extend(self.names_of(item));
                }
                Rule::measure if self.first(&mut seen, &item) => {
                    let terms = part(item, Rule::measure_terms);
                    goal.measure = terms.and_then(|terms| self.measure_terms(terms));
                }
                Rule::target if self.first(&mut seen, &item) => {
                    let terms = part(item, Rule::target_terms);
                    goal.target = terms.and_then(|terms| self.target_terms(terms));
                }
                Rule::why if self.first(&mut seen, &item) => goal.why = self.text_of(item),
                Rule::was => goal.was.extend(self.names_of(item)),
                Rule::waive => goal.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        goal
    }

    /// `conversion from mql to problem within 14d`
    pub(super) fn measure_terms(&mut self, pair: Pair<'_>) -> Option<Spanned<Measure>> {
        let span = self.span(&pair);
        let form = pair.into_inner().next()?;
        let rule = form.as_rule();
        let mut names: Vec<Name> = Vec::new();
        let mut path: Option<Path> = None;
        let mut when: Option<Option<Expr>> = None;
        let (mut within, mut statistic) = (None, None);
        for item in form.into_inner() {
            match item.as_rule() {
                Rule::name => names.push(self.name(&item)),
                Rule::path => path = Some(self.path(item)),
                Rule::when => when = Some(self.expr_of(item)),
                Rule::duration => within = Some(self.duration(item)),
                Rule::statistic => {
                    statistic = Some(self.word(&item, "statistic", STATISTICS, statistic_of)?);
                }
                _ => {}
            }
        }
        let mut names = names.into_iter();
        // A clause that was written but has no meaning takes the measure with it.
        let when = match when {
            Some(condition) => Some(condition?),
            None => None,
        };
        let within = match within {
            Some(duration) => Some(duration?),
            None => None,
        };
        let measure = match rule {
            Rule::conversion => {
                Measure::Conversion { from: names.next()?, to: names.next()?, within }
            }
            Rule::entries => Measure::Entries { into: names.next()?, when },
            Rule::balance => Measure::Balance { of: names.next()? },
            Rule::cycle => Measure::Cycle { statistic, from: names.next()?, to: names.next()? },
            Rule::dwell => Measure::Dwell { statistic, stage: names.next()? },
            Rule::total => Measure::Sum { field: path?, entering: names.next()?, when },
            Rule::coverage => Measure::Coverage { goal: names.next()?, by: path? },
            _ => Measure::Share { of: names.next()?, when: when? },
        };
        Some(Spanned::new(measure, span))
    }

    /// `at least 60% every quarter`
    pub(super) fn target_terms(&mut self, pair: Pair<'_>) -> Option<TargetDecl> {
        let span = self.span(&pair);
        let (mut at_least, mut value, mut every) = (true, None, None);
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::kw_most => at_least = false,
                Rule::every => every = self.every(item),
                Rule::duration | Rule::percent | Rule::money | Rule::number => {
                    value = self.literal(item);
                }
                _ => {}
            }
        }
        Some(TargetDecl { at_least, value: value?, every, span })
    }

    pub(super) fn feedback(&mut self, pair: Pair<'_>) -> FeedbackDecl {
        let span = self.span(&pair);
        let mut feedback = FeedbackDecl {
            name: Name::new("", span),
            title: None,
            from: Vec::new(),
            to: Vec::new(),
            every: None,
            about: None,
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &FEEDBACK) {
            match item.as_rule() {
                Rule::name => feedback.name = self.name(&item),
                Rule::text => feedback.title = Some(self.text(item)),
                Rule::feedback_from if self.first(&mut seen, &item) => {
                    feedback.from = self.names_of(item);
                }
                Rule::feedback_to if self.first(&mut seen, &item) => {
                    feedback.to = self.names_of(item);
                }
                Rule::every if self.first(&mut seen, &item) => feedback.every = self.every(item),
                Rule::about if self.first(&mut seen, &item) => feedback.about = self.text_of(item),
                Rule::was => feedback.was.extend(self.names_of(item)),
                Rule::waive => feedback.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        feedback
    }
}

fn statistic_of(word: &str) -> Option<Statistic> {
    [Statistic::Median, Statistic::Average, Statistic::P90]
        .into_iter()
        .find(|statistic| statistic.word() == word)
}
