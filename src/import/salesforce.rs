//! Source of Salesforce: the stages of opportunities, and the sales processes that choose of them.

use rust_decimal::Decimal;

use crate::model::Outcome;

use super::report::code;
use super::table::forecast;
pub(crate) use super::xml::File;
use super::xml::{Element, decoded, parse};
use super::{Imported, MOST_STAGES, Pipeline, Refused, Stage, settled, title, too_many};

/// Reads the value set of stages and the sales processes.
pub(crate) fn read(stages: &File, processes: &[File]) -> Result<Imported, Refused> {
    let mut imported = Imported::default();
    let root = parse(stages, "StandardValueSet")?;
    let values: Vec<&Element> =
        root.children.iter().filter(|child| child.name == "standardValue").collect();
    if values.len() > MOST_STAGES {
        return Err(too_many());
    }
    if values.is_empty() {
        let message = format!("holds no stages: `{}` has no `standardValue`", stages.0);
        return Err(Refused::new(
            message,
            "retrieve `StandardValueSet:OpportunityStage` once more",
        ));
    }
    let mut chosen: Vec<(String, String, Vec<String>)> = Vec::new();
    for file in processes {
        let root = parse(file, "BusinessProcess")?;
        let from_path = file.0.rsplit('/').next().and_then(|name| name.split('.').next());
        let name = root.child("fullName").or(from_path).unwrap_or("").to_owned();
        if root.is("isActive", "false") {
            imported
                .report
                .dropped(&file.0, format!("the sales process {} is not active", code(&name)));
            continue;
        }
        let values = root.children.iter().filter(|child| child.name == "values");
        let values: Vec<String> =
            values.filter_map(|value| value.child("fullName")).map(decoded).collect();
        if values.len() > MOST_STAGES {
            return Err(too_many());
        }
        chosen.push((file.0.clone(), name, values));
    }
    if chosen.is_empty() {
        imported
            .report
            .guessed(&stages.0, "there is no sales process: every stage is in one pipeline");
        let all = values.iter().filter_map(|value| value.child("fullName")).map(str::to_owned);
        chosen.push((stages.0.clone(), "Opportunity".to_owned(), all.collect()));
    } else {
        let text = "stages stand in the order of the value set, which is the one Salesforce shows";
        imported.report.guessed(&stages.0, text);
    }
    let several = chosen.len() > 1;
    for (path, name, of) in chosen {
        let mut pipeline = Pipeline {
            title: title(&name, &path, &mut imported.report),
            record: Some(("opportunity", "Opportunity")),
            ..Pipeline::default()
        };
        for value in &values {
            let name = value.child("fullName").unwrap_or("");
            if of.iter().any(|other| other == name) {
                pipeline.stages.push(stage(value, &stages.0, &mut imported));
            }
        }
        for unknown in of.iter().filter(|name| !values.iter().any(|v| v.is("fullName", name))) {
            let text = format!("{} is no value of `{}`", code(unknown), stages.0);
            imported.report.dropped(&path, text);
        }
        imported.pipelines.push(pipeline);
    }
    if several {
        let text = "stages that several sales processes share are written once for each";
        imported.report.guessed(&stages.0, text);
    }
    settled(imported)
}

fn stage(value: &Element, path: &str, imported: &mut Imported) -> Stage {
    let place = format!("{path} line {}", value.line);
    let report = &mut imported.report;
    let name = value.child("fullName").unwrap_or("Stage");
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
        (false, false) => None,
    };
    if let Some(text) = value.child("description") {
        report.understood(
            &place,
            format!("the description of {} is its purpose: {}", code(name), code(text)),
        );
    }
    Stage {
        title: title(value.child("label").unwrap_or(name), &place, report),
        id: Some(name.to_owned()),
        purpose: value.child("description").map(str::to_owned),
        probability,
        forecast: category,
        outcome,
        entry: value.is("default", "true"),
        inactive: value.is("isActive", "false"),
        place,
        ..Stage::default()
    }
}
