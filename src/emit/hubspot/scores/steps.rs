//! What of scores is left to people, as steps.

use rust_decimal::Decimal;

use crate::emit::crm::{cell, code};
use crate::emit::sentence::Sentences;
use crate::model::{Category, Duration, FieldId, Points, Process, Score, ScoreId, Unit};

use super::super::Object;
use super::super::choices::Choices;
use super::super::properties::Source;
use super::{
    CATEGORIES, Left, Scoring, cap, fields_read, groups, of, scored, scorings, weighed, whole_days,
};

/// The steps of every score.
pub(in super::super) fn steps(
    process: &Process,
    choices: &Choices,
    objects: &[Object],
) -> Vec<String> {
    let mut steps = Vec::new();
    let drafted = scorings(process, choices, objects);
    copies(process, &drafted, objects, &mut steps);
    for (id, score) in process.scores.iter().filter(|(_, score)| !score.broken) {
        let drafted = drafted.iter().find(|one| one.score == id && one.body.is_some());
        match drafted {
            Some(scoring) => finish(process, score, scoring, &mut steps),
            None => whole(process, choices, (id, score), &mut steps),
        }
        let object = scored(process, choices, id).unwrap_or("contacts");
        grades(score, object, &mut steps);
    }
    steps
}

/// A drafted score, as a table of its groups for the README.
pub(in super::super) fn table(process: &Process, scoring: &Scoring) -> Vec<String> {
    let score = &process.scores[scoring.score];
    let is_left =
        |at: &usize| scoring.left.iter().any(|left| matches!(left, Left::Rule(of, _) if of == at));
    let sentences = Sentences::new(process, "en");
    let mut lines = vec!["| group | rules |".to_owned(), "| --- | --- |".to_owned()];
    for category in CATEGORIES {
        for (half, rules) in groups(score, category) {
            let rules = rules.iter().filter(|at| !is_left(at));
            let rules: Vec<&Points> = rules.filter_map(|at| score.points.get(*at)).collect();
            if rules.is_empty() {
                continue;
            }
            let said = rules
                .iter()
                .map(|rule| said(&sentences, rule, weighed(score, category, rule.points)));
            // Where HubSpot counts otherwise than the process says.
            let days = half.and_then(|half| whole_days(process, half)).filter(|days| {
                half.is_some_and(|half| {
                    half.unit != Unit::Day || half.amount != Decimal::from(*days)
                })
            });
            let days = days.map_or(String::new(), |days| format!(" ({days} days in HubSpot)"));
            lines.push(format!(
                "| {}{}{days} | {} |",
                word(category),
                fades(&sentences, half),
                said.collect::<Vec<_>>().join("; ")
            ));
        }
    }
    lines
}

/// What a contact or company is scored by stands on another record: it is copied there.
fn copies(process: &Process, scorings: &[Scoring], objects: &[Object], steps: &mut Vec<String>) {
    for object in objects {
        let read = scorings.iter().filter(|one| one.object == object.name);
        let read: Vec<FieldId> =
            read.flat_map(|one| fields_read(&process.scores[one.score])).collect();
        let properties = object.properties.all.iter().filter(|property| {
            property.body.is_some()
                && matches!(property.source, Source::Field(id) if read.contains(&id)
                    && !object.records.contains(&process.fields[id].record))
        });
        let mut homes: Vec<(&str, Vec<String>)> = Vec::new();
        for property in properties {
            let Source::Field(id) = property.source else { continue };
            let home = process.records[process.fields[id].record].title.value.as_str();
            match homes.iter_mut().find(|(title, _)| *title == home) {
                Some((_, names)) => names.push(code(&property.name)),
                None => homes.push((home, vec![code(&property.name)])),
            }
        }
        let one = match object.name.as_str() {
            "companies" => "company",
            "deals" => "deal",
            _ => "contact",
        };
        for (home, names) in homes {
            steps.push(format!(
                "Make a workflow for “{}” that copies what a score reads to the {one} when it changes: {}. Where you have such properties, name them in `score_fields` instead.",
                cell(home),
                names.join(", ")
            ));
        }
    }
}

/// What is left of a score that was drafted.
fn finish(process: &Process, score: &Score, scoring: &Scoring, steps: &mut Vec<String>) {
    let title = cell(&score.title.value);
    let parts = score.points.iter().map(|rule| weighed(score, rule.category, rule.points));
    let parts = parts.filter(|points| !points.is_integer()).map(|points| points.to_string());
    let parts: Vec<String> = parts.collect();
    let parts = match parts.as_slice() {
        [] => String::new(),
        parts => {
            format!(" Its editor shows whole points: see what became of {}.", parts.join(", "))
        }
    };
    steps.push(format!(
        "Under Marketing > Lead Scoring, look through the draft “{title}” of {} and turn it on.{}{parts}",
        scoring.object,
        fading(score)
    ));
    let sentences = Sentences::new(process, "en");
    // Rules of one group that are left for one reason are one step.
    let mut rules: Vec<(Category, Option<Duration>, &str, Vec<&Points>)> = Vec::new();
    for left in &scoring.left {
        let Left::Rule(at, why) = left else { continue };
        let Some(rule) = score.points.get(*at) else { continue };
        let alike = rules.iter_mut().find(|(category, half, known, _)| {
            (*category, *half, *known) == (rule.category, rule.halves_every, why)
        });
        match alike {
            Some((.., rules)) => rules.push(rule),
            None => rules.push((rule.category, rule.halves_every, why, vec![rule])),
        }
    }
    for (category, half, why, rules) in rules {
        let said = rules
            .iter()
            .map(|rule| said(&sentences, rule, weighed(score, rule.category, rule.points)));
        let limit = of(&scoring.limits, category);
        let limit = limit.map_or(String::new(), |most| format!(", limited to {most} points"));
        steps.push(format!(
            "In the score “{title}”, add to a group of {}{}{limit}: {}. No request says this: {why}.",
            word(category),
            fades(&sentences, half),
            said.collect::<Vec<_>>().join("; ")
        ));
    }
    for left in &scoring.left {
        steps.push(match left {
            Left::Rule(..) => continue,
            Left::Cap(category, cap) => {
                let of = category.map_or("all groups", |category| match category {
                    Category::Fit => "the groups of fit",
                    Category::Behavior => "the groups of engagement",
                });
                format!(
                    "The score “{title}” counts at most {cap} points of {of} together, and HubSpot limits each group alone: see that its grades bear that."
                )
            }
            Left::Limit => format!(
                "The score “{title}” can give more points than HubSpot counts: lower them all alike."
            ),
        });
    }
}

/// How HubSpot lets points fade, where some do.
fn fading(score: &Score) -> &'static str {
    if score.points.iter().any(|rule| rule.halves_every.is_some()) {
        " Points that halve fade in a straight line there: after twice the time they are gone, where the process leaves a quarter."
    } else {
        ""
    }
}

/// A score of which no request says anything: what it is of, and a group for each way in which points fade.
fn whole(
    process: &Process,
    choices: &Choices,
    (id, score): (ScoreId, &Score),
    steps: &mut Vec<String>,
) {
    let title = cell(&score.title.value);
    let object = scored(process, choices, id).unwrap_or("contacts");
    let limit = score
        .total_cap
        .map_or(String::new(), |cap| format!(" Its limit is {} points.", cap.normalize()));
    let why = match object {
        "deals" => "",
        _ => " HubSpot scores contacts, companies and deals only.",
    };
    steps.push(format!(
        "Under Marketing > Lead Scoring, make a score “{title}” of {object}.{limit}{why}"
    ));
    let sentences = Sentences::new(process, "en");
    for category in CATEGORIES {
        let groups = groups(score, category);
        let several = groups.len() > 1;
        for (half, rules) in groups {
            let rules: Vec<&Points> = rules.iter().filter_map(|at| score.points.get(*at)).collect();
            let mut step = format!(
                "In the score “{title}”, add a group of {}{}",
                word(category),
                fades(&sentences, half)
            );
            if let Some(cap) = cap(score, category) {
                let shared = if several { ", together with the other groups of it" } else { "" };
                step.push_str(&format!(", limited to {cap} points{shared}"));
            }
            let points = |rule: &Points| weighed(score, category, rule.points);
            let whole = rules.iter().all(|rule| points(rule).is_integer());
            let rules = rules.iter().map(|rule| said(&sentences, rule, points(rule)));
            step.push_str(&format!(": {}.", rules.collect::<Vec<_>>().join("; ")));
            if let Some(weight) = of(&score.weights, category) {
                let word = if category == Category::Fit { "fit" } else { "behavior" };
                step.push_str(&format!(
                    " The points are those of the process times the weight of {word}, {}%.",
                    weight.normalize()
                ));
            }
            if !whole {
                step.push_str(
                    " HubSpot takes whole points: round them, or raise all of the score alike.",
                );
            }
            steps.push(step);
        }
    }
}

fn grades(score: &Score, object: &str, steps: &mut Vec<String>) {
    let title = cell(&score.title.value);
    for (at, grade) in score.grades.iter().enumerate() {
        let from = grade.at_least.map(|least| format!("at least {}", least.normalize()));
        let before = at.checked_sub(1).and_then(|before| score.grades.get(before)?.at_least);
        let below = before.map(|before| format!("less than {}", before.normalize()));
        let range: Vec<String> = from.into_iter().chain(below).collect();
        let range = if range.is_empty() { "any".to_owned() } else { range.join(" and ") };
        steps.push(format!(
            "Make a segment “{title}: {}” of {object} whose score “{title}” is {range}.",
            cell(&grade.title.value)
        ));
    }
}

fn word(category: Category) -> &'static str {
    match category {
        Category::Fit => "fit",
        Category::Behavior => "engagement",
    }
}

/// How the points of its group fade.
fn fades(sentences: &Sentences<'_>, half: Option<Duration>) -> String {
    half.map_or(String::new(), |half| {
        format!(" that loses 50% of its points every {}", sentences.duration(half))
    })
}

fn said(sentences: &Sentences<'_>, rule: &Points, points: Decimal) -> String {
    let sign = if points.is_sign_negative() { "" } else { "+" };
    let name = match &rule.title {
        Some(title) => format!(" “{}”", cell(&title.value)),
        None => String::new(),
    };
    let expires = match rule.expires_after {
        Some(after) => format!(", only for events of the last {}", sentences.duration(after)),
        None => String::new(),
    };
    format!("{sign}{points}{name} {}{expires}", cell(&sentences.condition(&rule.when)))
}
