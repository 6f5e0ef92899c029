//! `score` and `route`.

use crate::syntax::ast::{
    CapDecl, Category, GradeDecl, Name, PointsDecl, RouteCase, RouteDecl, RouteTarget, ScoreDecl,
    WeightDecl,
};

use super::blocks::{ROUTE, SCORE};
use super::builder::{Builder, Seen};
use super::parser::{Pair, Rule, part};

impl Builder<'_> {
    pub(super) fn score(&mut self, pair: Pair<'_>) -> ScoreDecl {
        let span = self.span(&pair);
        let mut score = ScoreDecl {
            name: Name::new("", span),
            title: None,
            of: Name::new("", span),
            points: Vec::new(),
            caps: Vec::new(),
            weights: Vec::new(),
            grades: Vec::new(),
            about: None,
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        let mut named = false;
        for item in self.items(pair, &SCORE) {
            let span = self.span(&item);
            match item.as_rule() {
                Rule::name if !named => {
                    named = true;
                    score.name = self.name(&item);
                }
                Rule::name => score.of = self.name(&item),
                Rule::text => score.title = Some(self.text(item)),
                Rule::points => {
                    let category = part(item.clone(), Rule::category);
                    let category =
                        category.map_or(Category::Fit, |word| category_of(word.as_str()));
                    let points = part(item, Rule::points_terms)
                        .and_then(|terms| self.points_terms(terms, category));
                    score.points.extend(points.map(|points| PointsDecl { span, ..points }));
                }
                Rule::cap => score.caps.extend(self.cap(item)),
                Rule::weight => score.weights.extend(self.weight(item)),
                Rule::grades if self.first(&mut seen, &item) => {
                    score.grades = part(item, Rule::grade_terms)
                        .map(|terms| self.grade_terms(terms))
                        .unwrap_or_default();
                }
                Rule::about if self.first(&mut seen, &item) => score.about = self.text_of(item),
                Rule::was => score.was.extend(self.names_of(item)),
                Rule::waive => score.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        score
    }

    /// `+25 "Webinar" when event webinar_attended halves every 30d`
    pub(super) fn points_terms(
        &mut self,
        pair: Pair<'_>,
        category: Category,
    ) -> Option<PointsDecl> {
        let span = self.span(&pair);
        let (mut points, mut title, mut when) = (None, None, None);
        let (mut halves_every, mut expires_after) = (None, None);
        let mut seen = Seen::default();
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::signed => points = self.number(&item),
                Rule::text => title = Some(self.text(item)),
                Rule::expr => when = self.expr(item),
                Rule::halves if self.first(&mut seen, &item) => {
                    halves_every = self.duration_of(item);
                }
                Rule::expires if self.first(&mut seen, &item) => {
                    expires_after = self.duration_of(item);
                }
                _ => {}
            }
        }
        let (points, when) = (points?, when?);
        Some(PointsDecl { category, points, title, when, halves_every, expires_after, span })
    }

    fn cap(&mut self, pair: Pair<'_>) -> Option<CapDecl> {
        let span = self.span(&pair);
        let (mut category, mut at) = (None, None);
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::category => category = Some(category_of(item.as_str())),
                Rule::number => at = self.number(&item),
                _ => {}
            }
        }
        Some(CapDecl { category, at: at?, span })
    }

    fn weight(&mut self, pair: Pair<'_>) -> Option<WeightDecl> {
        let span = self.span(&pair);
        let (mut category, mut percent) = (None, None);
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::category => category = Some(category_of(item.as_str())),
                Rule::percent => percent = self.number(&item),
                _ => {}
            }
        }
        Some(WeightDecl { category: category?, percent: percent?, span })
    }

    /// `hot at least 60, warm at least 30, cold otherwise`
    pub(super) fn grade_terms(&mut self, pair: Pair<'_>) -> Vec<GradeDecl> {
        let mut grades = Vec::new();
        for band in pair.into_inner() {
            let (mut name, mut title, mut at_least) = (None, None, None);
            let mut whole = true;
            for item in band.into_inner() {
                match item.as_rule() {
                    Rule::name => name = Some(self.name(&item)),
                    Rule::text => title = Some(self.text(item)),
                    Rule::signed => {
                        at_least = self.number(&item);
                        whole = at_least.is_some();
                    }
                    _ => {}
                }
            }
            if whole {
                grades.extend(name.map(|name| GradeDecl { name, title, at_least }));
            }
        }
        grades
    }

    pub(super) fn route(&mut self, pair: Pair<'_>) -> RouteDecl {
        let span = self.span(&pair);
        let mut route = RouteDecl {
            stage: Name::new("", span),
            title: None,
            cases: Vec::new(),
            otherwise: None,
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &ROUTE) {
            match item.as_rule() {
                Rule::name => route.stage = self.name(&item),
                Rule::text => route.title = Some(self.text(item)),
                Rule::route_case => route.cases.extend(self.route_case(item)),
                Rule::otherwise if self.first(&mut seen, &item) => {
                    route.otherwise = self.route_target(item);
                }
                Rule::was => route.was.extend(self.names_of(item)),
                Rule::waive => route.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        route
    }

    /// `when company_size >= 500 to enterprise_pool`
    pub(super) fn route_case(&mut self, pair: Pair<'_>) -> Option<RouteCase> {
        let span = self.span(&pair);
        let when = self.expr_of(pair.clone());
        let to = self.route_target(pair);
        Some(RouteCase { when: when?, to: to?, span })
    }

    fn route_target(&mut self, pair: Pair<'_>) -> Option<RouteTarget> {
        let (mut name, mut title) = (None, None);
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::name => name = Some(self.name(&item)),
                Rule::text => title = Some(self.text(item)),
                _ => {}
            }
        }
        Some(RouteTarget { name: name?, title })
    }
}

/// `behaviour` is `behavior`.
pub(super) fn category_of(word: &str) -> Category {
    if word == "fit" { Category::Fit } else { Category::Behavior }
}
