//! A report as people and programs read it: one renderer a file. None of them prints.

pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod text;

use crate::diag::render::{counted, one_line};

use super::Report;
use super::compare::{Drift, What, window};
use super::part::{Form, Kind, Weight};

/// Values longer than this stand on lines of their own, from where they part.
const LONG: usize = 60;
/// Characters shown of a long value.
const SHOWN: usize = 160;
/// Characters shown before the place where two values part.
const BEFORE: usize = 30;

/// One line for people: `3 differences: 1 that lets records go wrong, 2 of texts`.
pub(crate) fn summary(report: &Report) -> String {
    let name = report.system.name();
    let compared = counted(report.compared.parts, "part");
    let drifts = &report.compared.drifts;
    if drifts.is_empty() {
        return format!("no drift: {compared} of the process are in {name} as it says");
    }
    let count = |weight: Weight| drifts.iter().filter(|drift| drift.weight == weight).count();
    let words = [
        (Weight::Records, "where records can go wrong"),
        (Weight::Values, "of values"),
        (Weight::Texts, "of texts"),
    ];
    let told: Vec<String> = words
        .into_iter()
        .filter(|(weight, _)| count(*weight) > 0)
        .map(|(weight, word)| format!("{} {word}", count(weight)))
        .collect();
    format!("{} in {compared}: {}", counted(drifts.len(), "difference"), told.join(", "))
}

/// A line for people: one difference, or all parts of a kind of which the export holds none.
enum Line<'r> {
    One(&'r Drift),
    None(Kind, usize),
}

/// The lines of one weight.
fn lines(report: &Report, weight: Weight) -> Vec<Line<'_>> {
    let none = &report.compared.none;
    let mut lines = Vec::new();
    let mut told: Vec<Kind> = Vec::new();
    for drift in report.compared.drifts.iter().filter(|drift| drift.weight == weight) {
        match none.iter().find(|(kind, count)| *kind == drift.kind && *count > 1) {
            Some((kind, _)) if told.contains(kind) => {}
            Some((kind, count)) => {
                told.push(*kind);
                lines.push(Line::None(*kind, *count));
            }
            None => lines.push(Line::One(drift)),
        }
    }
    lines
}

/// The same for a kind of which there is none.
fn say_none(report: &Report, kind: Kind, count: usize) -> String {
    format!("none of the {count} {} is in {}", kind.plural(), report.system.name())
}

/// The difference in one sentence, and both values where they are too long for it.
pub(super) fn say(report: &Report, drift: &Drift) -> (String, Option<(String, String)>) {
    let (name, said) = (report.system.name(), one_line(&drift.said));
    match &drift.what {
        What::Missing => (format!("{said} is missing in {name}"), None),
        What::Extra => {
            let like = drift.like.as_ref().map(|like| {
                format!(": \"{}\", which is missing, has the same label", one_line(like))
            });
            (format!("{said} is in {name}, not in the process{}", like.unwrap_or_default()), None)
        }
        What::Off(why) => (format!("{said} is {why} in {name}"), None),
        What::Order { of, crm, process } => {
            let (crm, process) = window(crm, process);
            let pair = (one_line(&crm), one_line(&process));
            (format!("{said}: another order of {}", of.plural()), Some(pair))
        }
        What::Differs { word, crm: None, process, form } => {
            let process = shown(*form, process);
            let line = format!("{said}: {word} is not set in {name}");
            if process.chars().count() <= LONG {
                return (format!("{line}, {process} in the process"), None);
            }
            (line, Some(("not set".to_owned(), cut(&process, SHOWN))))
        }
        What::Differs { word, crm: Some(crm), process, form } => {
            let (crm, process) = (shown(*form, crm), shown(*form, process));
            let long = |text: &str| text.chars().count() > LONG;
            if *form != Form::Formula && !long(&crm) && !long(&process) {
                let line = format!("{said}: {word} {crm} in {name}, {process} in the process");
                return (line, None);
            }
            (format!("{said}: not the same {word}"), Some(parted(&crm, &process)))
        }
    }
}

/// A value on one line; texts in quotes.
fn shown(form: Form, value: &str) -> String {
    match form {
        Form::Text => format!("\"{}\"", one_line(&form.normal(value))),
        Form::Marked | Form::Formula | Form::Number => one_line(&form.normal(value)),
        Form::Word | Form::Flag | Form::Names => one_line(value.trim()),
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Two values from shortly before where they part.
fn parted(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let from = if one.chars().count().max(other.chars().count()) <= SHOWN {
        0
    } else {
        let from = same.saturating_sub(BEFORE);
        // Not in the middle of a word, where there is another.
        let space = one.chars().take(same).skip(from).position(char::is_whitespace);
        if from > 0 { from + space.map_or(0, |space| space + 1) } else { 0 }
    };
    let part = |text: &str| {
        let rest: String = text.chars().skip(from).collect();
        let lead = if from > 0 { "…" } else { "" };
        format!("{lead}{}", cut(&rest, SHOWN))
    };
    (part(one), part(other))
}

/// What the CRM has beside, in sentences.
fn beside(report: &Report) -> Vec<String> {
    let mut told = Vec::new();
    let name = report.system.name();
    let compared = &report.compared;
    if !compared.none.is_empty() {
        let kinds: Vec<&str> = compared.none.iter().map(|(kind, _)| kind.plural()).collect();
        told.push(format!(
            "the export holds none of these at all, perhaps they were not retrieved: {}",
            kinds.join(", ")
        ));
    }
    if !report.unread.is_empty() {
        told.push(format!(
            "not compared, for the export does not hold it: {}",
            report.unread.join("; ")
        ));
    }
    if !compared.others.is_empty() {
        let titles: Vec<String> =
            compared.others.iter().map(|title| format!("\"{}\"", one_line(title))).collect();
        told.push(format!(
            "only sales processes of which the process says nothing offer {}: a deployment of the list of stages turns them off",
            titles.join(", ")
        ));
    }
    let counts: Vec<String> =
        compared.beside.iter().map(|(kind, count)| kind.counted(*count)).collect();
    if !counts.is_empty() {
        told.push(format!(
            "in {name} beside the process, which says nothing of them: {}",
            counts.join(", ")
        ));
    }
    told
}
