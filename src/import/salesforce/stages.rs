//! The stages of each object, and the processes that choose of them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::names::slug;
use super::super::report::code;
use super::super::table::forecast;
use super::super::{
    Imported, MOST_STAGES, Pipeline, Refused, Stage, outcome_by_title, title, too_many,
};
use super::fields::one_line;
use super::line::{Line, StageState};
use super::{Element, Object, Place, Placed, Source, decoded};
use crate::model::Outcome;

/// The pipelines of leads or opportunities.
pub(super) fn standard(
    source: &Source,
    object: &str,
    field: &'static str,
    place: &Place,
    root: &Element,
    imported: &mut Imported,
) -> Result<Vec<Line>, Refused> {
    let values: Vec<&Element> =
        root.children.iter().filter(|child| child.name == "standardValue").collect();
    if values.len() > MOST_STAGES {
        return Err(too_many());
    }
    if values.is_empty() {
        let message = format!("holds no stages: `{}` has no `standardValue`", place.path);
        let set = place.stem().unwrap_or("");
        return Err(Refused::new(message, format!("retrieve `StandardValueSet:{set}` once more")));
    }
    let nothing = Object::default();
    let files = source.objects.get(object).unwrap_or(&nothing);
    let mut chosen: Vec<Chosen> = Vec::new();
    for (at, process) in &files.processes {
        let name = process.child("fullName").or_else(|| at.stem()).map(decoded).unwrap_or_default();
        if process.is("isActive", "false") {
            let kind = if object == "Lead" { "lead" } else { "sales" };
            imported.report.dropped(
                at.to_string(),
                format!("the {kind} process {} is not active", code(&name)),
            );
            continue;
        }
        let of = process.children.iter().filter(|child| child.name == "values");
        let of: Vec<String> = of.filter_map(|value| value.child("fullName")).map(decoded).collect();
        if of.len() > MOST_STAGES {
            return Err(too_many());
        }
        let default =
            process.children.iter().find(|v| v.name == "values" && v.is("default", "true"));
        let default = default.and_then(|value| value.child("fullName")).map(decoded);
        let record_type = record_type(files, &name, imported);
        let place = at.clone();
        chosen.push(Chosen { place, name, is_there: true, of, default, record_type });
    }
    if chosen.is_empty() {
        let kind = if object == "Lead" { "lead" } else { "sales" };
        imported.report.guessed(
            &place.path,
            format!("there is no {kind} process: every stage is in one pipeline"),
        );
        let of = values.iter().filter_map(|value| value.child("fullName")).map(str::to_owned);
        let (place, name) = (place.clone(), object.to_owned());
        let of = of.collect();
        let (is_there, default, record_type) = (false, None, None);
        chosen.push(Chosen { place, name, is_there, of, default, record_type });
    } else {
        let text = "stages stand in the order of the value set, which is the one Salesforce shows";
        imported.report.guessed(&place.path, text);
    }
    if chosen.len() > 1 {
        let text = "stages that several processes share are written once for each";
        imported.report.guessed(&place.path, text);
    }
    // A build calls a process by its record type: so the order stays from then on.
    chosen.sort_by_key(Chosen::called);
    for value in &values {
        let name = value.child("fullName").unwrap_or("");
        if !chosen.iter().any(|process| process.of.iter().any(|other| other == name)) {
            let text = format!("{} is a value that no process has", code(name));
            imported.report.dropped(format!("{} line {}", place.path, value.line), text);
        }
    }
    let mut lines = Vec::new();
    for Chosen { place: at, name, is_there, of, default, record_type } in chosen {
        let process = is_there.then(|| name.clone());
        // The name of the record type is what a build is told; a label that is no ASCII is for people.
        let shown = match &record_type {
            Some((_, label)) if slug(label).is_none() => label.clone(),
            Some((name, _)) => name.replace('_', " "),
            None => name,
        };
        let mut line = Line {
            object: object.to_owned(),
            stage_field: field,
            chosen: chosen_values(files, record_type.as_ref()),
            process,
            record_type,
            pipeline: Pipeline {
                title: title(&shown, &at.path, &mut imported.report),
                record: Some(if object == "Lead" {
                    ("lead", "Lead")
                } else {
                    ("opportunity", "Opportunity")
                }),
                ..Pipeline::default()
            },
            ..Line::default()
        };
        for value in &values {
            let name = value.child("fullName").unwrap_or("");
            if of.iter().any(|other| other == name) {
                let mut stage = stage(value, &place.path, object, imported);
                if let Some(default) = &default {
                    stage.entry = default == name;
                }
                line.add(value, stage);
            }
        }
        for unknown in of.iter().filter(|name| !values.iter().any(|v| v.is("fullName", name))) {
            let text = format!("{} is no value of `{}`", code(unknown), place.path);
            imported.report.dropped(&at.path, text);
        }
        lines.push(line);
    }
    Ok(lines)
}

/// A sales process or lead process.
struct Chosen {
    place: Place,
    name: String,
    /// Whether it is one of the source, not made up for an object without any.
    is_there: bool,
    of: Vec<String>,
    default: Option<String>,
    record_type: Option<(String, String)>,
}

impl Chosen {
    /// What a build calls it.
    fn called(&self) -> String {
        let own = self.record_type.as_ref().map(|(name, _)| name.replace('_', " "));
        own.unwrap_or_else(|| self.name.clone())
    }
}

/// The one record type that follows a process.
fn record_type(files: &Object, process: &str, imported: &mut Imported) -> Option<(String, String)> {
    let follows = |element: &&Placed| {
        element.1.child("businessProcess").map(decoded).as_deref() == Some(process)
            && !element.1.is("active", "false")
    };
    let found: Vec<&Placed> = files.record_types.iter().filter(follows).collect();
    match found.as_slice() {
        [] => None,
        [(place, only)] => {
            let name = only.child("fullName").or_else(|| place.stem())?.to_owned();
            let label = one_line(only.child("label").unwrap_or(&name));
            Some((name, label))
        }
        [(place, _), ..] => {
            let text = format!(
                "{} record types follow the process {}: they are one here, and rules for one of them are not used",
                found.len(),
                code(process)
            );
            imported.report.guessed(place.to_string(), text);
            None
        }
    }
}

/// The values that a record type has of each picklist.
fn chosen_values(files: &Object, of: Option<&(String, String)>) -> Vec<(String, Vec<String>)> {
    let named = |placed: &&Placed| {
        let own = placed.1.child("fullName").or_else(|| placed.0.stem());
        of.is_some_and(|(name, _)| own == Some(name.as_str()))
    };
    let Some((_, element)) = files.record_types.iter().find(named) else { return Vec::new() };
    let lists = element.children.iter().filter(|child| child.name == "picklistValues");
    lists
        .filter_map(|list| {
            let values = list.children.iter().filter(|child| child.name == "values");
            let values = values.filter_map(|value| value.child("fullName")).map(decoded);
            Some((list.child("picklist")?.to_owned(), values.collect()))
        })
        .collect()
}

/// A part of an object without processes: the record type that it is of, and the stages that this has.
type Part = (Option<(String, String)>, Option<Vec<String>>);

/// The record types of an object without processes. Those that have different stages are pipelines of
/// their own, as a build writes them; else several are one pipeline.
fn parts(name: &str, object: &Object, imported: &mut Imported) -> Vec<Part> {
    let active = |placed: &&Placed| !placed.1.is("active", "false");
    let found: Vec<&Placed> = object.record_types.iter().filter(active).collect();
    let called = |placed: &Placed| {
        let (place, element) = placed;
        let api = element.child("fullName").or_else(|| place.stem())?.to_owned();
        let label = one_line(element.child("label").unwrap_or(&api));
        Some((api, label))
    };
    let (place, only) = match found.as_slice() {
        [] => return vec![(None, None)],
        [only] => (&only.0, called(only)),
        [first, ..] => (&first.0, None),
    };
    if let Some(only) = only {
        let text = format!(
            "all records of {} are taken to be of its only record type that is active, {}",
            code(name),
            code(&only.0)
        );
        imported.report.guessed(place.to_string(), text);
        return vec![(Some(only), None)];
    }
    let of = |record_type: &(String, String)| {
        let lists = chosen_values(object, Some(record_type)).into_iter();
        lists.filter(|(field, _)| field == "Stage__c").flat_map(|(_, values)| values).collect()
    };
    let all: Vec<((String, String), Vec<String>, &Place)> = found
        .iter()
        .filter_map(|placed| {
            let called = called(placed)?;
            let values = of(&called);
            Some((called, values, &placed.0))
        })
        .collect();
    let alike = all.windows(2).all(|pair| {
        matches!(pair, [(_, a, _), (_, b, _)] if {
            let set = |values: &[String]| values.iter().cloned().collect::<BTreeSet<_>>();
            set(a) == set(b)
        })
    });
    if alike {
        let text = format!(
            "{} record types of {} have the same stages: they are one pipeline here, and rules for one of them are not used",
            found.len(),
            code(name)
        );
        imported.report.guessed(place.to_string(), text);
        return vec![(None, None)];
    }
    let mut parts: Vec<Part> = Vec::new();
    for (called, values, place) in all {
        if values.is_empty() {
            let text = format!(
                "the record type {} of {} has no value of `Stage__c`: its records are in no pipeline",
                code(&called.0),
                code(name)
            );
            imported.report.dropped(place.to_string(), text);
        } else {
            parts.push((Some(called), Some(values)));
        }
    }
    // A build writes them in this order from then on.
    parts.sort_by_key(|(called, _)| called.as_ref().map(|(api, _)| api.replace('_', " ")));
    if parts.len() > 1 {
        let text = format!(
            "the record types of {} have stages of their own: each is a pipeline; stages that they share are written once for each",
            code(name)
        );
        imported.report.guessed(place.to_string(), text);
    }
    parts
}

/// The pipelines of another object: the values of its `Stage__c`, which is where `ekiden build` keeps
/// stages.
pub(super) fn custom(
    source: &Source,
    name: &str,
    object: &Object,
    imported: &mut Imported,
) -> Vec<Line> {
    let known = ["Account", "Contact", "Contract", "Asset", "Case", "Order", "Quote"];
    if !known.contains(&name) && !name.ends_with("__c") {
        return Vec::new();
    }
    let is_stage = |field: &&Placed| {
        let own = field.1.child("fullName").or_else(|| field.0.stem());
        own == Some("Stage__c") && field.1.is("type", "Picklist")
    };
    let Some((place, field)) = object.fields.iter().find(is_stage) else { return Vec::new() };
    let Some((of, child)) = stage_values(source, field) else { return Vec::new() };
    let values: Vec<&Element> =
        of.children.iter().filter(|value| value.name == child).take(MOST_STAGES + 1).collect();
    if values.is_empty() {
        return Vec::new();
    }
    let text = format!("the stages of {} are the values of `Stage__c`", code(name));
    imported.report.guessed(place.to_string(), text);
    let parts = parts(name, object, imported);
    for value in &values {
        let value_name = value.child("fullName").unwrap_or("");
        let has = |(_, of): &Part| of.as_ref().is_none_or(|of| of.iter().any(|v| v == value_name));
        if !parts.iter().any(has) {
            let text = format!("{} is a value that no record type has", code(value_name));
            imported.report.dropped(format!("{} line {}", place.path, value.line), text);
        }
    }
    let mut lines = Vec::new();
    for (record_type, chosen) in parts {
        // As of leads and opportunities, the name of the record type is what a build is told.
        let label = match (&record_type, &chosen) {
            (Some((_, label)), Some(_)) if slug(label).is_none() => label.clone(),
            (Some((api, _)), Some(_)) => api.replace('_', " "),
            _ => object
                .label
                .clone()
                .unwrap_or_else(|| name.strip_suffix("__c").unwrap_or(name).replace('_', " ")),
        };
        let mut line = Line {
            object: name.to_owned(),
            stage_field: "Stage__c",
            typed: chosen.is_some(),
            chosen: match &chosen {
                Some(_) => chosen_values(object, record_type.as_ref()),
                None => Vec::new(),
            },
            record_type,
            pipeline: Pipeline {
                title: title(&label, &place.path, &mut imported.report),
                named_by_title: true,
                by_id: true,
                ..Pipeline::default()
            },
            ..Line::default()
        };
        for value in &values {
            let value_name = value.child("fullName").unwrap_or("");
            if chosen.as_ref().is_none_or(|of| of.iter().any(|v| v == value_name)) {
                let stage = stage(value, &place.path, name, imported);
                line.add(value, stage);
            }
        }
        lines.push(line);
    }
    lines.retain(|line| !line.states.is_empty());
    lines
}

/// Where the values of a picklist of stages stand, and what each is called there.
fn stage_values<'s>(source: &'s Source, field: &'s Element) -> Option<(&'s Element, &'static str)> {
    let set = field.part("valueSet")?;
    Some(match set.child("valueSetName") {
        Some(name) => (&source.sets.get(name)?.1, "customValue"),
        None => (set.part("valueSetDefinition")?, "value"),
    })
}

fn stage(value: &Element, path: &str, object: &str, imported: &mut Imported) -> Stage {
    let place = format!("{path} line {}", value.line);
    let report = &mut imported.report;
    let name = value.child("fullName").unwrap_or("Stage");
    let shown = value.child("label").unwrap_or(name);
    let probability = value.child("probability").and_then(|text| {
        let read: Option<Decimal> = text.parse().ok();
        let inside =
            read.filter(|p| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(p) && p.scale() <= 6);
        if inside.is_none() {
            report.dropped(&place, format!("{} is no probability from 0 to 100", code(text)));
        }
        inside
    });
    let category = value.child("forecastCategory").and_then(|text| {
        let word = forecast(text);
        if word.is_none() {
            report.dropped(&place, format!("{} is no forecast category that is known", code(text)));
        }
        word
    });
    let outcome = match (value.is("closed", "true"), value.is("won", "true")) {
        (true, true) => Some(Outcome::Won),
        (true, false) => Some(Outcome::Lost),
        (false, true) => {
            report.odd(&place, format!("{} is won but not closed: it is read as open", code(name)));
            None
        }
        // Only opportunities say how a stage ends.
        (false, false) if object == "Opportunity" => None,
        (false, false) if value.is("converted", "true") => Some(Outcome::Won),
        // It is told where the rules are read, which may know better.
        (false, false) => outcome_by_title(shown),
    };
    if let Some(text) = value.child("description") {
        report.understood(
            &place,
            format!("the description of {} is its purpose: {}", code(name), code(text)),
        );
    }
    Stage {
        title: title(shown, &place, report),
        id: Some(name.to_owned()),
        purpose: value.child("description").map(one_line),
        probability,
        forecast: category,
        outcome,
        entry: value.is("default", "true"),
        inactive: value.is("isActive", "false"),
        place,
        ..Stage::default()
    }
}

impl Line {
    fn add(&mut self, value: &Element, stage: Stage) {
        let flags = ["closed", "won", "converted"];
        let says = self.object == "Opportunity" || flags.iter().any(|flag| value.is(flag, "true"));
        if stage.outcome.is_some() && !says {
            self.by_name.push(self.states.len());
        }
        self.states.push(StageState {
            value: value.child("fullName").unwrap_or("").to_owned(),
            closed: value.is("closed", "true"),
            won: value.is("won", "true"),
            converted: value.is("converted", "true"),
        });
        self.pipeline.stages.push(stage);
        self.collect.push(Vec::new());
    }
}
