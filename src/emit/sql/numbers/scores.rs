//! The points and grades of records, and what gave them.

use crate::emit::sql::expr::Subject;
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::names::Ident;
use crate::emit::sql::reference;
use crate::emit::sql::schema::View;
use crate::model::{Process, Score, ScoreId};

use super::Numbers;

/// The name of the view of a score: another where a table, or what tells the points of another score,
/// has the usual one.
pub(super) fn view_name(process: &Process, score: &Score) -> String {
    let usual = format!("score_{}", score.name);
    let is_points = |other: &Score| points_name(other) == usual;
    if reference::NAMES.contains(&usual.as_str()) || process.scores.values().any(is_points) {
        return format!("score_of_{}", score.name);
    }
    usual
}

/// The name of the view that tells where the points of a score come from.
pub(super) fn points_name(score: &Score) -> String {
    format!("score_points_{}", score.name)
}

/// Two views for every score: what records have, and where they have it from.
pub(super) fn views(numbers: &Numbers<'_>) -> Vec<View> {
    let both = |(id, score): (_, &Score)| {
        let given = points(numbers, score);
        // What one of its rules gives, the database may not be able to tell.
        let is_told = given.is_some() || score.points.is_empty();
        let sum = is_told.then(|| points_and_grade(numbers, id, score)).flatten();
        [given, sum]
    };
    numbers.process().scores.iter().flat_map(both).flatten().collect()
}

/// The functions that tell the points of a record, where the database wants them instead of views:
/// they are called as the views are.
pub(super) fn functions(numbers: &Numbers<'_>) -> Vec<String> {
    if !numbers.dialect().has_functions() {
        return Vec::new();
    }
    let function = |(id, score): (ScoreId, &Score)| {
        let name = numbers.relation(&view_name(numbers.process(), score));
        let table = numbers.table(score.record)?;
        // Spelt out: MariaDB would work out the view of the rules for all records.
        let (points, joins) = score_points(numbers, id, score, None)?;
        let query = format!(
            "SELECT {} FROM {} AS r {} WHERE r.{} = {RECORD}",
            numbers.dialect().round(&points, 6),
            table.name,
            joins.join(" "),
            table.id
        );
        Some(numbers.dialect().function(&name, RECORD, &query))
    };
    numbers.process().scores.iter().filter_map(function).collect()
}

/// The argument of a function; no column is called so.
const RECORD: &str = "ekiden_record";

/// The points of the record in a row `r`, and the joins they need: out of the view of the rules where
/// one is given.
fn score_points(
    numbers: &Numbers<'_>,
    id: ScoreId,
    score: &Score,
    given: Option<&Ident>,
) -> Option<(String, Vec<String>)> {
    let lookups = Lookups::new(numbers.dialect());
    let now = numbers.now();
    let subject = Subject::in_table(numbers.world, &lookups, score.record, "r", &now)?;
    let points = match given {
        Some(given) => subject.score_points_from(id, given),
        None => subject.score_points(id),
    };
    Some((points.ok()?, lookups.joins()))
}

/// The points and the grade of every record; `None` where the database cannot tell them.
fn points_and_grade(numbers: &Numbers<'_>, id: ScoreId, score: &Score) -> Option<View> {
    let dialect = numbers.dialect();
    let table = numbers.table(score.record)?;
    let position = table.position.as_ref()?;
    let name = view_name(numbers.process(), score);
    let (points, joins) = if dialect.has_functions() {
        (format!("{}(r.{})", numbers.relation(&name), table.id), Vec::new())
    } else {
        let given = numbers.relation(&points_name(score));
        let (points, joins) = score_points(numbers, id, score, Some(&given))?;
        let rounded = if dialect.is_exact() { points } else { dialect.round(&points, 6) };
        (rounded, joins)
    };
    let mut cases = String::new();
    let mut otherwise = "NULLIF('', '')".to_owned();
    for grade in &score.grades {
        let name = numbers.text(&grade.name);
        let Some(least) = grade.at_least else {
            otherwise = name;
            break;
        };
        let least = least.normalize();
        cases.push_str(&format!(" WHEN q.points >= {least} THEN {name}"));
    }
    let grade =
        if cases.is_empty() { otherwise } else { format!("CASE{cases} ELSE {otherwise} END") };
    // No common table: conditions ask for points many times in one query, and SQLite expands no
    // common table behind the thousandth table.
    let query = format!(
        "SELECT {} AS record, q.record_id AS record_id, q.stage AS stage,
        {} AS points,
        {grade} AS grade
        FROM (
        SELECT r.{} AS record_id, r.{} AS stage,
        {points} AS points
        FROM {} AS r
        {}
        ) AS q",
        numbers.text(table.title),
        dialect.round("q.points", 6),
        table.id,
        position.stage,
        table.name,
        joins.join("\n"),
    );
    Some(numbers.view(
        &name,
        &format!("{}: points and grade of every {} now", score.title.value, table.title),
        vec![
            ("record", "the record type"),
            ("record_id", "its id"),
            ("stage", "where it is"),
            ("points", "after caps, weights and decay"),
            ("grade", "the first grade whose threshold the points reach; none where the score has no grades, or none is reached"),
        ],
        &query,
    ))
}

/// Which rule gave which points; `None` where the database cannot tell.
fn points(numbers: &Numbers<'_>, score: &Score) -> Option<View> {
    let dialect = numbers.dialect();
    let table = numbers.table(score.record)?;
    let now = numbers.now();
    let mut rules = Vec::with_capacity(score.points.len());
    for (number, rule) in (1_usize..).zip(&score.points) {
        let lookups = Lookups::new(dialect);
        let subject = Subject::in_table(numbers.world, &lookups, score.record, "r", &now)?;
        let points = subject.points(rule).ok()?;
        let condition = numbers.process().expr_source(&rule.when);
        let title = rule.title.as_ref().map_or(condition.as_str(), |title| title.value.as_str());
        rules.push(format!(
            "SELECT r.{} AS record_id, {number} AS ordinal, {} AS category, {} AS rule,
            {points} AS points
            FROM {} AS r
            {}",
            table.id,
            numbers.text(rule.category.word()),
            numbers.text(&title.replace(['\n', '\r'], " ")),
            table.name,
            lookups.joins().join("\n"),
        ));
    }
    if rules.is_empty() {
        return None;
    }
    // No common table: conditions ask for points many times in one query, and SQLite expands no
    // common table behind the thousandth table.
    let query = format!(
        "SELECT {} AS record, g.record_id AS record_id, g.ordinal AS ordinal, g.category AS category, g.rule AS rule,
        {} AS points
        FROM (
        {}
        ) AS g
        WHERE g.points <> 0",
        numbers.text(table.title),
        dialect.round("g.points", 6),
        rules.join("\nUNION ALL\n"),
    );
    Some(numbers.view(
        &points_name(score),
        &format!(
            "{}: the rules that give points to each {} now, before caps and weights",
            score.title.value, table.title
        ),
        vec![
            ("record", "the record type"),
            ("record_id", "its id"),
            ("ordinal", "the number of the rule, as score_rule has it"),
            ("category", "fit or behavior"),
            ("rule", "its title, else its condition in the language of the process"),
            ("points", "after decay"),
        ],
        &query,
    ))
}
