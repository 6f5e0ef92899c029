//! Scores and routes.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, codes};
use crate::model::{
    Category, Grade, Id, Points, RecordId, Route, RouteCase, RouteTarget, Score, ScoreId,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

use super::super::names::duplicate;
use super::super::types::Scope;
use super::Lowering;

impl Lowering<'_, '_> {
    pub(super) fn declare_scores(&mut self) {
        let names = self.names;
        for decl in names.scores.values() {
            let record = self.record(&decl.of);
            let title = self.title(decl.title.as_ref(), &decl.name);
            let about = self.maybe_text(decl.about.as_ref());
            self.waivers(&decl.waivers, Some(decl.span));
            let was =
                self.was("score", &decl.was, |name| names.scores.get(name).map(|d| d.name.span));
            if decl.points.is_empty() && !decl.broken {
                let message = format!("score `{}` gives no points", decl.name);
                self.lacks(&decl.name, message, "add a rule, such as `fit +20 when …`");
            }
            self.check_grades(&decl.grades);
            self.check_weights(&decl.weights);
            let grades = self.grades(&decl.grades);
            if let Some(field) =
                record.and_then(|record| self.visible_field(record, &decl.name.text))
            {
                let mut finding = duplicate("score", &decl.name, self.process.fields[field].span);
                finding.message = format!("`{}` is a field of the record it rates", decl.name);
                self.findings.push(finding);
            }
            self.process.scores.push(Score {
                name: decl.name.text.clone(),
                title,
                record: record.unwrap_or(RecordId::from_index(0)),
                points: Vec::new(),
                caps: Vec::new(),
                total_cap: None,
                weights: Vec::new(),
                grades,
                about,
                was,
                broken: decl.broken || record.is_none(),
                span: decl.name.span,
            });
        }
    }

    fn grades(&mut self, decls: &[ast::GradeDecl]) -> Vec<Grade> {
        let mut grades: Vec<Grade> = Vec::with_capacity(decls.len());
        let mut otherwise: Option<Span> = None;
        for decl in decls {
            if let Some(first) = grades.iter().find(|grade| grade.name == decl.name.text) {
                self.findings.push(duplicate("grade", &decl.name, first.span));
                continue;
            }
            if decl.at_least.is_none() {
                if let Some(first) = otherwise {
                    self.findings.push(
                        Diagnostic::new(
                            codes::DUPLICATE_PROPERTY,
                            decl.name.span,
                            "only one grade can take all others",
                        )
                        .label(first, "this one does already")
                        .help("give it a least score with `at least`"),
                    );
                    continue;
                }
                otherwise = Some(decl.name.span);
            }
            let title = self.title(decl.title.as_ref(), &decl.name);
            grades.push(Grade {
                name: decl.name.text.clone(),
                title,
                at_least: decl.at_least.map(|least| least.value),
                span: decl.name.span,
            });
        }
        grades
    }

    pub(super) fn score_rules(&mut self) {
        let names = self.names;
        let ids: Vec<ScoreId> = self.process.scores.ids().collect();
        for (id, decl) in ids.into_iter().zip(names.scores.values()) {
            let record = self.record_ids.get(decl.of.text.as_str()).copied();
            let mut rules = Vec::with_capacity(decl.points.len());
            for (index, points) in decl.points.iter().enumerate() {
                let place = format!("{}_{}", decl.name, index + 1);
                let scope = Scope { record, place: &place, scores: false };
                let title = self.maybe_text(points.title.as_ref());
                for clock in [points.halves_every, points.expires_after].into_iter().flatten() {
                    self.check_clock(clock, "say how long points last, such as `30d`");
                }
                let Some(when) = self.condition(&points.when, scope) else {
                    self.process.scores[id].broken = true;
                    continue;
                };
                rules.push(Points {
                    category: points.category,
                    points: points.points.value,
                    title,
                    when,
                    halves_every: points.halves_every.map(|duration| duration.value),
                    expires_after: points.expires_after.map(|duration| duration.value),
                    span: points.span,
                });
            }
            let caps: Vec<(Option<Category>, Spanned<Decimal>, Span)> =
                decl.caps.iter().map(|cap| (cap.category, cap.at, cap.span)).collect();
            for (_, cap, _) in caps.iter().filter(|(_, cap, _)| cap.value <= Decimal::ZERO) {
                let message = format!("no point counts under a cap of {}", cap.value);
                self.impossible(cap.span, message, "say how many points count at most");
            }
            let caps = self.once_each("cap", caps);
            let weights: Vec<(Option<Category>, Spanned<Decimal>, Span)> =
                decl.weights.iter().map(|w| (Some(w.category), w.percent, w.span)).collect();
            let weights = self.once_each("weight", weights);

            let score = &mut self.process.scores[id];
            score.points = rules;
            score.total_cap =
                caps.iter().find(|(category, _)| category.is_none()).map(|(_, at)| *at);
            score.caps =
                caps.iter().filter_map(|(category, at)| Some(((*category)?, *at))).collect();
            score.weights =
                weights.iter().filter_map(|(category, at)| Some(((*category)?, *at))).collect();
        }
    }

    /// A cap or weight a category; a second one is reported.
    fn once_each(
        &mut self,
        what: &str,
        given: Vec<(Option<Category>, Spanned<Decimal>, Span)>,
    ) -> Vec<(Option<Category>, Decimal)> {
        let mut kept: Vec<(Option<Category>, Decimal)> = Vec::new();
        let mut places: FxHashMap<Option<Category>, Span> = FxHashMap::default();
        for (category, value, span) in given {
            let name = category.map_or("the total", Category::word);
            if let Some(first) = places.insert(category, span) {
                self.findings.push(
                    Diagnostic::new(
                        codes::DUPLICATE_PROPERTY,
                        span,
                        format!("a second {what} for {name}"),
                    )
                    .label(first, "the first is here"),
                );
                continue;
            }
            kept.push((category, value.value));
        }
        kept
    }

    pub(super) fn routes(&mut self) {
        let names = self.names;
        for decl in names.routes.values() {
            self.waivers(&decl.waivers, Some(decl.span));
            let Some(stage) = self.stage(&decl.stage) else { continue };
            let record = self.readable_record(stage);
            let title = self.title(decl.title.as_ref(), &decl.stage);
            let mut broken = decl.broken;
            let mut cases = Vec::with_capacity(decl.cases.len());
            for (index, case) in decl.cases.iter().enumerate() {
                let place = format!("{}_route_{}", decl.stage, index + 1);
                let when = self.condition(&case.when, Scope::of(record, &place));
                let to = self.route_target(&case.to);
                match when {
                    Some(when) => cases.push(RouteCase { when, to, span: case.span }),
                    None => broken = true,
                }
            }
            let otherwise = decl.otherwise.as_ref().map(|target| self.route_target(target));
            self.process.routes.push(Route {
                stage,
                title,
                cases,
                otherwise,
                broken,
                span: decl.stage.span,
            });
        }
    }

    fn route_target(&mut self, target: &ast::RouteTarget) -> RouteTarget {
        let owner = self.find_owner(&target.name.text);
        let title = match (&target.title, owner) {
            (None, Some(owner)) => self.process.owner_name(owner).1.clone(),
            (title, _) => self.title(title.as_ref(), &target.name),
        };
        RouteTarget { name: target.name.text.clone(), title, owner, span: target.name.span }
    }
}
