//! Scores and routes.

use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    CapDecl, Category, GradeDecl, Name, PointsDecl, RouteCase, RouteDecl, RouteTarget, ScoreDecl,
    WeightDecl,
};
use crate::syntax::dsl::fragment;

use super::super::reader::Reader;
use super::super::table::{
    ANY_POINTS, ANY_POINTS_TABLE, CAP, CATEGORIES, GRADE, GRADE_TABLE, POINTS, POINTS_TABLE, ROUTE,
    ROUTE_CASE, ROUTE_CASE_TABLE, ROUTE_TARGET_TABLE, SCORE, Shape, WEIGHT,
};
use super::super::tree::NodeRef;
use super::Common;
use super::clause::duration;
use super::condition::condition;

pub(super) fn score<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> ScoreDecl {
    let mut common = Common::default();
    let mut of = None;
    let (mut rules, mut caps, mut weights, mut bands) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let subject = format!("score `{name}`");
    for entry in reader.open(&SCORE, node, &subject, name.span).unwrap_or_default() {
        let node = entry.value;
        match entry.key.name {
            "of" => of = reader.name(node),
            "fit" => points(reader, Some(Category::Fit), node, &mut rules),
            "behavior" => points(reader, Some(Category::Behavior), node, &mut rules),
            "points" => points(reader, None, node, &mut rules),
            "cap" => caps = self::caps(reader, node),
            "weight" => weights = self::weights(reader, node),
            "grade" => bands = grades(reader, node),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, about, was, waivers, .. } = common;
    ScoreDecl {
        // A score without its record was reported; an empty name is one that nothing bears.
        of: of.unwrap_or_else(|| Name::new("", name.span)),
        name,
        title,
        points: rules,
        caps,
        weights,
        grades: bands,
        about,
        was,
        waivers,
        broken: reader.broken(),
        span,
    }
}

/// Rules for points; without a category, each tells its own.
fn points<'t>(
    reader: &mut Reader<'t>,
    category: Option<Category>,
    node: NodeRef<'t>,
    rules: &mut Vec<PointsDecl>,
) {
    let shape = Shape::Clause(if category.is_some() { &POINTS } else { &ANY_POINTS });
    for item in reader.list(node, &shape) {
        rules.extend(points_rule(reader, category, item));
    }
}

fn points_rule<'t>(
    reader: &mut Reader<'t>,
    category: Option<Category>,
    node: NodeRef<'t>,
) -> Option<PointsDecl> {
    if let Some(scalar) = node.scalar() {
        let first = scalar.value.split_whitespace().next().unwrap_or("");
        let said = match first {
            "fit" => Some(Category::Fit),
            "behavior" | "behaviour" => Some(Category::Behavior),
            _ => None,
        };
        match (category, said) {
            (None, None) => {
                let expected = "a rule that begins with `fit` or `behavior`";
                reader.wrong_shape(node.span(), "an item of `points`", expected);
                return None;
            }
            (Some(category), Some(said)) if category != said => {
                let message = format!("a rule for `{}` under `{}`", said.word(), category.word());
                let help = format!("move it to `{}`", said.word());
                reader.wrong_literal(node.span(), message, Some(help));
                return None;
            }
            _ => {}
        }
        let points = reader.fragment(node, fragment::points)?;
        return Some(PointsDecl {
            category: category.or(said).unwrap_or(points.category),
            ..points
        });
    }
    let span = node.target().span();
    let table = if category.is_some() { &POINTS_TABLE } else { &ANY_POINTS_TABLE };
    let (mut own, mut worth, mut title, mut when) = (category, None, None, None);
    let (mut halves_every, mut expires_after) = (None, None);
    for entry in reader.open(table, node, "this rule", node.span())? {
        let node = entry.value;
        match entry.key.name {
            "category" => {
                own = reader.word(node, "category", CATEGORIES, category_from).map(|c| c.value)
            }
            "points" => worth = reader.number(node),
            "title" => title = reader.text(node),
            "when" => when = condition(reader, node),
            "halves_every" => halves_every = duration(reader, node),
            _ => expires_after = duration(reader, node),
        }
    }
    Some(PointsDecl {
        category: own?,
        points: worth?,
        title,
        when: when?,
        halves_every,
        expires_after,
        span,
    })
}

fn category_from(word: &str) -> Option<Category> {
    match word {
        "fit" => Some(Category::Fit),
        "behavior" | "behaviour" => Some(Category::Behavior),
        _ => None,
    }
}

fn caps<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<CapDecl> {
    let mut caps = Vec::new();
    for entry in reader.open(&CAP, node, "`cap`", node.span()).unwrap_or_default() {
        let span = entry.at.span().to(entry.value.span());
        let category = category_from(entry.key.name);
        caps.extend(reader.number(entry.value).map(|at| CapDecl { category, at, span }));
    }
    caps
}

fn weights<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<WeightDecl> {
    let mut weights = Vec::new();
    for entry in reader.open(&WEIGHT, node, "`weight`", node.span()).unwrap_or_default() {
        let span = entry.at.span().to(entry.value.span());
        let category = category_from(entry.key.name).unwrap_or(Category::Fit);
        let percent = reader.percent(entry.value);
        weights.extend(percent.map(|percent| WeightDecl { category, percent, span }));
    }
    weights
}

/// `hot at least 60, cold otherwise`, or `{hot: 60, cold: otherwise}`.
fn grades<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<GradeDecl> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::grades).unwrap_or_default();
    }
    let mut bands = Vec::new();
    reader.named(node, &Shape::Clause(&GRADE), |reader, name, _, body| {
        let mut grade = GradeDecl { name, title: None, at_least: None };
        if let Some((scalar, span)) = reader.scalar(body) {
            if scalar.value != "otherwise" {
                let number =
                    scalar.value.strip_prefix("at least").map_or(&*scalar.value, str::trim);
                match number.parse() {
                    Ok(number) => grade.at_least = Some(Spanned::new(number, span)),
                    Err(_) => {
                        let message = format!("`{}` is no score", scalar.value);
                        let help = "write the least score, or `otherwise`";
                        reader.wrong_literal(span, message, Some(help.to_owned()));
                        return;
                    }
                }
            }
        } else {
            let subject = format!("grade `{}`", grade.name);
            let at = grade.name.span;
            for entry in reader.open(&GRADE_TABLE, body, &subject, at).unwrap_or_default() {
                match entry.key.name {
                    "title" => grade.title = reader.text(entry.value),
                    _ => grade.at_least = reader.number(entry.value),
                }
            }
        }
        bands.push(grade);
    });
    bands
}

pub(super) fn route<'t>(
    reader: &mut Reader<'t>,
    stage: Name,
    span: Span,
    node: NodeRef<'t>,
) -> RouteDecl {
    let mut common = Common::default();
    let (mut cases, mut otherwise) = (Vec::new(), None);
    let subject = format!("route `{stage}`");
    for entry in reader.open(&ROUTE, node, &subject, stage.span).unwrap_or_default() {
        match entry.key.name {
            "cases" => {
                for item in reader.list(entry.value, &Shape::Clause(&ROUTE_CASE)) {
                    cases.extend(case(reader, item));
                }
            }
            "otherwise" => otherwise = recipient(reader, entry.value),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, was, waivers, .. } = common;
    RouteDecl { stage, title, cases, otherwise, was, waivers, broken: reader.broken(), span }
}

fn case<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<RouteCase> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::route_case);
    }
    let span = node.target().span();
    let (mut when, mut name, mut title) = (None, None, None);
    for entry in reader.open(&ROUTE_CASE_TABLE, node, "this case", node.span())? {
        match entry.key.name {
            "when" => when = condition(reader, entry.value),
            "to" => name = reader.name(entry.value),
            _ => title = reader.text(entry.value),
        }
    }
    Some(RouteCase { when: when?, to: RouteTarget { name: name?, title }, span })
}

fn recipient<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<RouteTarget> {
    if node.scalar().is_some() {
        return Some(RouteTarget { name: reader.name(node)?, title: None });
    }
    let (mut name, mut title) = (None, None);
    for entry in reader.open(&ROUTE_TARGET_TABLE, node, "`otherwise`", node.span())? {
        match entry.key.name {
            "to" => name = reader.name(entry.value),
            _ => title = reader.text(entry.value),
        }
    }
    Some(RouteTarget { name: name?, title })
}
