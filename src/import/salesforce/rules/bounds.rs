//! Between which values a field lies: a rule that refuses what lies beyond, of every record that is
//! saved, or of new records and of those whose value changes, as `ekiden build` writes it.

use crate::model::CompareOp;

use super::super::super::report::{Report, code};
use super::super::condition::{Cond, translated};
use super::super::fields::{Fields, Kind};
use super::super::formula::Node;
use super::super::line::Line;
use super::super::values::Value;
use super::{Answers, Rule};

/// What lies beyond the bounds of a field.
struct Bounds {
    api: String,
    least: Option<Value>,
    most: Option<Value>,
}

/// Reads a rule as bounds, if it is about nothing else; gives whether it is.
pub(super) fn take(
    line: &mut Line,
    rule: &mut Rule,
    answers: &Answers,
    fields: &Fields,
    report: &mut Report,
) -> bool {
    let Some(Bounds { api, least, most }) = bounds(answers, fields) else { return false };
    let Some(field) = line.fields.0.iter_mut().find(|field| field.api == api) else { return false };
    let has_bounds = matches!(
        field.kind,
        Kind::Number | Kind::Integer | Kind::Money | Kind::Percent | Kind::Date | Kind::DateTime
    );
    // Two rules about one side: the language has one bound.
    let taken = least.is_some() && field.at_least.is_some() && field.at_least != least
        || most.is_some() && field.at_most.is_some() && field.at_most != most;
    if !has_bounds || field.computed || taken {
        return false;
    }
    let low = least.or_else(|| field.at_least.clone());
    let high = most.or_else(|| field.at_most.clone());
    if !sound(field.kind == Kind::Integer, low.as_ref(), high.as_ref()) {
        return false;
    }
    field.at_least = low;
    field.at_most = high;
    field.by_rule = true;
    rule.used = true;
    let text =
        format!("the rule {} says between which values {} lies", code(&rule.name), code(&api));
    report.understood(rule.place.to_string(), text);
    true
}

/// Whether the language takes such bounds: whole ones of a whole number, and some value between them.
fn sound(whole: bool, low: Option<&Value>, high: Option<&Value>) -> bool {
    let number = |value: Option<&Value>| match value {
        Some(Value::Number(number) | Value::Money(number) | Value::Percent(number)) => {
            Some(*number)
        }
        _ => None,
    };
    if whole && [low, high].into_iter().filter_map(number).any(|bound| !bound.is_integer()) {
        return false;
    }
    match (low, high) {
        (Some(Value::Date(low)), Some(Value::Date(high))) => low <= high,
        _ => number(low).zip(number(high)).is_none_or(|(low, high)| low <= high),
    }
}

fn bounds(answers: &Answers, fields: &Fields) -> Option<Bounds> {
    let (new, stay) = (answers.new.first()?, answers.stay.first()?);
    let later = answers.moves.iter().flatten().chain(&answers.stay);
    let same = answers.new.iter().all(|node| node == new) && { later }.all(|node| node == stay);
    if !same || matches!(new, Node::Bool(_)) {
        return None;
    }
    let (mut asked, stays) = (parts(new), parts(stay));
    let changed = |node: &&Node| match node {
        Node::Call(name, of) if name == "ISCHANGED" => of.first().cloned(),
        _ => None,
    };
    let (changes, rest): (Vec<&Node>, Vec<&Node>) =
        stays.into_iter().partition(|node| changed(node).is_some());
    if rest != asked || changes.len() > 1 {
        return None;
    }
    let blank = |node: &&Node| {
        matches!(node, Node::Call(name, of)
        if name == "NOT" && matches!(of.as_slice(), [Node::Call(name, _)] if name == "ISBLANK"))
    };
    let guards: Vec<&Node> = asked.iter().copied().filter(blank).collect();
    asked.retain(|node| !blank(node));
    let [beyond] = asked.as_slice() else { return None };
    let sides = match beyond {
        Node::Call(name, sides) if name == "OR" => sides.iter().collect(),
        side => vec![*side],
    };
    let mut found: Option<Bounds> = None;
    for side in sides {
        let Ok(Cond::Compare(Value::Field(api), op, bound)) = translated(side, fields) else {
            return None;
        };
        if !bound.fields().is_empty() || matches!(bound, Value::Today | Value::Now) {
            return None;
        }
        let bounds = found.get_or_insert(Bounds { api: api.clone(), least: None, most: None });
        let slot = match op {
            CompareOp::Lt => &mut bounds.least,
            CompareOp::Gt => &mut bounds.most,
            _ => return None,
        };
        if bounds.api != api || slot.replace(bound).is_some() {
            return None;
        }
    }
    let found = found?;
    // What changes, and what is not blank, is the field itself.
    let is_it = |node: &Node| match node {
        Node::Field(name) => fields.named(name).is_ok_and(|field| field.api == found.api),
        _ => false,
    };
    let of_it = changes.iter().all(|node| changed(node).is_some_and(|of| is_it(&of)));
    let mut guarded = true;
    for guard in guards {
        guard.walk(&mut |part| guarded &= !matches!(part, Node::Field(_)) || is_it(part));
    }
    (of_it && guarded).then_some(found)
}

/// What must hold together.
fn parts(node: &Node) -> Vec<&Node> {
    match node {
        Node::Call(name, parts) if name == "AND" => parts.iter().collect(),
        node => vec![node],
    }
}
