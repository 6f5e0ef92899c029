//! Scores, grades and routes.

use super::{Builder, columns, decimal, duration, integer, ordinal, ordinals, owner, row, text};
use crate::model::{Category, Route, RouteTarget};

const CATEGORIES: &[&str] = &["fit", "behavior"];

impl Builder<'_> {
    pub(super) fn scores(&mut self) {
        self.score_rows();
        self.score_rules();
        self.grades();
        self.routes();
    }

    fn score_rows(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("record").required().refers("record"),
            decimal("fit_cap"),
            decimal("behavior_cap"),
            decimal("total_cap"),
            decimal("fit_weight").about("40 is 40%"),
            decimal("behavior_weight").about("40 is 40%"),
            text("about"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.scores.len());
        for (ordinal, score) in ordinals().zip(process.scores.values()) {
            let of = |all: &[(Category, _)], category| {
                all.iter().find(|(of, _)| *of == category).map(|(_, value)| *value)
            };
            rows.push(row![
                score.name.as_str(),
                self.say("score", &score.name, "title", &score.title),
                process.records[score.record].name.as_str(),
                of(&score.caps, Category::Fit),
                of(&score.caps, Category::Behavior),
                score.total_cap,
                of(&score.weights, Category::Fit),
                of(&score.weights, Category::Behavior),
                self.say_maybe("score", &score.name, "about", score.about.as_ref()),
                ordinal,
            ]);
        }
        self.table("score", "Scores", specs, &["name"], rows);
    }

    fn score_rules(&mut self) {
        let process = self.process;
        let specs = columns![
            text("score").required().refers("score"),
            integer("ordinal").required(),
            text("category").required().one_of(CATEGORIES),
            decimal("points").required(),
            text("title"),
            text("condition").required().about("in the language of the process"),
            duration("halves_every"),
            duration("expires_after"),
        ];
        let mut rows = Vec::new();
        for score in process.scores.values() {
            for (number, points) in (1_usize..).zip(&score.points) {
                let key = format!("{}.{number}", score.name);
                rows.push(row![
                    score.name.as_str(),
                    number,
                    points.category.word(),
                    points.points,
                    self.say_maybe("score_rule", &key, "title", points.title.as_ref()),
                    process.expr_source(&points.when),
                    self.duration(points.halves_every.as_ref()),
                    self.duration(points.expires_after.as_ref()),
                ]);
            }
        }
        let key = &["score", "ordinal"];
        self.table("score_rule", "What gives points", specs, key, rows);
    }

    fn grades(&mut self) {
        let specs = columns![
            text("score").required().refers("score"),
            ordinal(),
            text("name").required(),
            text("title").required(),
            decimal("at_least").about("none: every record that has no other grade"),
        ];
        let mut rows = Vec::new();
        for score in self.process.scores.values() {
            for (ordinal, grade) in ordinals().zip(&score.grades) {
                let key = format!("{}.{}", score.name, grade.name);
                rows.push(row![
                    score.name.as_str(),
                    ordinal,
                    grade.name.as_str(),
                    self.say("grade", &key, "title", &grade.title),
                    grade.at_least,
                ]);
            }
        }
        let comment = "Grades: a record has the first whose points it reaches";
        self.table("grade", comment, specs, &["score", "ordinal"], rows);
    }

    fn routes(&mut self) {
        let process = self.process;
        let specs = columns![
            text("stage").required().refers("stage"),
            integer("ordinal").required(),
            text("condition").about("none: every record that no other row took"),
            text("target").required(),
            text("target_title").required(),
            owner("target"),
        ];
        let mut rows = Vec::new();
        for route in process.routes.values() {
            let stage = process.stages[route.stage].name.as_str();
            for (number, (condition, target)) in (1_usize..).zip(targets(route)) {
                let condition = condition.map(|when| process.expr_source(when));
                let key = format!("{stage}.{number}");
                rows.push(row![
                    stage,
                    number,
                    condition,
                    target.name.as_str(),
                    self.say("route", &key, "target_title", &target.title),
                    self.owner(target.owner),
                ]);
            }
        }
        let comment =
            "Who gets the records that enter a stage: the first row whose condition holds";
        self.table("route", comment, specs, &["stage", "ordinal"], rows);
    }
}

/// The cases of a route, what is left last.
fn targets(route: &Route) -> impl Iterator<Item = (Option<&crate::model::Expr>, &RouteTarget)> {
    let cases = route.cases.iter().map(|case| (Some(&case.when), &case.to));
    cases.chain(route.otherwise.iter().map(|target| (None, target)))
}
