//! What no call sets, as steps for people.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::emit::Context;
use crate::emit::crm::{TARGET_LOSS, cell, journeys, start_steps};
use crate::emit::sentence::Sentences;
use crate::model::{Category, Duration, Points, Process, RecordId, Score, StageId, TransitionKind};

use super::choices::{Choices, LIFECYCLE};
use super::{Object, bounds};

/// The steps, as sentences in Markdown.
pub(super) fn steps(process: &Process, choices: &Choices, objects: &[Object]) -> Vec<String> {
    let mut steps = Vec::new();
    for (record, stages) in process.records.ids().zip(journeys(process)) {
        if choices.objects.contains_key(&record) {
            asked_in(process, record, &stages, &mut steps);
            limits(process, record, &stages, &mut steps);
        }
    }
    let has = |stage: StageId| choices.objects.contains_key(&process.stages[stage].record);
    let with = |from, at| (has(from) && has(at)).then(String::new);
    steps.extend(start_steps(process, "a workflow", with));
    bounds::steps(process, objects, &mut steps);
    for score in process.scores.values() {
        score_steps(process, choices, score, &mut steps);
    }
    for (stage, lifecycle) in &choices.lifecycle {
        let stage = &process.stages[*stage];
        steps.push(format!(
            "Let a workflow set the lifecycle stage of the contact and the company to `{}` when a record of “{}” enters “{}”.",
            lifecycle.value,
            cell(&process.records[stage.record].title.value),
            cell(&stage.title.value)
        ));
    }
    steps
}

/// The rule that HubSpot calls conditional stage properties.
fn asked_in(process: &Process, record: RecordId, stages: &[StageId], steps: &mut Vec<String>) {
    let title = cell(&process.records[record].title.value);
    for stage in stages {
        let fields = asked(process, *stage);
        if !fields.is_empty() {
            let stage = cell(&process.stages[*stage].title.value);
            steps.push(format!(
                "In the settings of the pipeline of “{title}”, let the stage “{stage}” ask for: {}.",
                fields.join(", ")
            ));
        }
    }
}

/// What a record must bring when it leaves a stage: the fields that are filled in there, and those
/// that its exit criteria read.
fn asked(process: &Process, stage: StageId) -> Vec<String> {
    let stage = &process.stages[stage];
    let read = stage.exit.iter().flat_map(|id| process.criteria[*id].condition.fields());
    let mut fields = Vec::new();
    for field in stage.collect.iter().map(|field| field.value).chain(read) {
        let title = cell(&process.fields[field].title.value);
        if !fields.contains(&title) {
            fields.push(title);
        }
    }
    fields
}

fn limits(process: &Process, record: RecordId, stages: &[StageId], steps: &mut Vec<String>) {
    let title = cell(&process.records[record].title.value);
    let sentences = Sentences::new(process, "en");
    for id in stages {
        let stage = &process.stages[*id];
        let Some(limit) = &stage.limit else { continue };
        let owner = limit.escalate_to.or(stage.owner);
        let who = match owner {
            Some(owner) => format!("“{}”", cell(&process.owner_name(owner).1.value)),
            None => "its owner".to_owned(),
        };
        steps.push(format!(
            "Make a workflow for “{title}” that tells {who} when a record has been in “{}” for more than {}.",
            cell(&stage.title.value),
            sentences.duration(limit.duration)
        ));
    }
}

/// A score: what it is of, a group for each way in which points fade, the grades.
fn score_steps(process: &Process, choices: &Choices, score: &Score, steps: &mut Vec<String>) {
    let title = cell(&score.title.value);
    let of_deals = choices.objects.get(&score.record).is_some_and(|object| object == "deals");
    let object = if of_deals { "deals" } else { "contacts" };
    let limit = score
        .total_cap
        .map_or(String::new(), |cap| format!(" Its limit is {} points.", cap.normalize()));
    let why = if of_deals { "" } else { " HubSpot scores contacts, companies and deals only." };
    steps.push(format!(
        "Under Marketing > Lead Scoring, make a score “{title}” of {object}.{limit}{why}"
    ));
    for category in [Category::Fit, Category::Behavior] {
        groups(process, score, category, &title, steps);
    }
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

fn groups(
    process: &Process,
    score: &Score,
    category: Category,
    title: &str,
    steps: &mut Vec<String>,
) {
    let (kind, word) = match category {
        Category::Fit => ("fit", "fit"),
        Category::Behavior => ("engagement", "behavior"),
    };
    let of = |pairs: &[(Category, Decimal)]| {
        pairs.iter().find(|(of, _)| *of == category).map(|(_, value)| *value)
    };
    // HubSpot has no weights: they go into the points and the limit.
    let weigh = |points: Decimal| match of(&score.weights) {
        Some(weight) => (points * weight / Decimal::ONE_HUNDRED).normalize(),
        None => points.normalize(),
    };
    let mut fading: Vec<Option<Duration>> = Vec::new();
    for rule in score.points.iter().filter(|rule| rule.category == category) {
        if !fading.contains(&rule.halves_every) {
            fading.push(rule.halves_every);
        }
    }
    let several = fading.len() > 1;
    let sentences = Sentences::new(process, "en");
    for half in fading {
        let rules: Vec<&Points> = score
            .points
            .iter()
            .filter(|rule| rule.category == category && rule.halves_every == half)
            .collect();
        let whole = rules.iter().all(|rule| weigh(rule.points).is_integer());
        let mut step = format!("In the score “{title}”, add a group of {kind}");
        if let Some(half) = half {
            step.push_str(&format!(
                " that loses 50% of its points every {}",
                sentences.duration(half)
            ));
        }
        if let Some(cap) = of(&score.caps) {
            let shared = if several { ", together with the other groups of it" } else { "" };
            step.push_str(&format!(", limited to {} points{shared}", weigh(cap)));
        }
        let rules: Vec<String> =
            rules.iter().map(|rule| said(&sentences, rule, weigh(rule.points))).collect();
        step.push_str(&format!(": {}.", rules.join("; ")));
        if let Some(weight) = of(&score.weights) {
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

/// A move that would set a contact back: HubSpot sets the lifecycle stage forward only.
pub(super) fn backwards(context: &Context<'_>, choices: &Choices) -> Vec<Diagnostic> {
    let process = context.process;
    let rank = |stage: StageId| {
        let (_, chosen) = choices.lifecycle.iter().find(|(of, _)| *of == stage)?;
        LIFECYCLE.iter().position(|known| *known == chosen.value)
    };
    let mut findings = Vec::new();
    for transition in process.transitions.values() {
        let ends = (rank(transition.from), rank(transition.to));
        let (Some(from), Some(to)) = ends else { continue };
        if transition.kind == TransitionKind::Advance && to < from {
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            let message = format!(
                "the lifecycle stage of HubSpot stays when a record advances from `{}` to `{}`",
                from.name, to.name
            );
            let finding = Diagnostic::new(TARGET_LOSS, transition.span, message);
            findings.push(
                finding
                    .level(Level::Warning)
                    .reason("it is set forward only, and theirs goes back")
                    .help("let `lifecycle` in the manifest follow the order of the stages"),
            );
        }
    }
    findings
}
