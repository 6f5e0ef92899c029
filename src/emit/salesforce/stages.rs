//! Stages: values of a picklist, and the processes that order them.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{
    NAME_NOT_PORTABLE, TARGET_LOSS, endless, first_stage, length, one_line, shortened,
};
use crate::emit::xml::Element;
use crate::model::{Forecast, Outcome, Process, RecordId, Stage, StageId, Text};
use crate::source::Span;

use super::mapping::{Kind, Mapping, Object};

/// The longest value of a picklist.
pub(super) const VALUE_LENGTH: usize = 255;
/// The most stages of an opportunity, and statuses of a lead.
const STANDARD_VALUES: usize = 100;
/// The most values of a restricted custom picklist.
const CUSTOM_VALUES: usize = 1000;

/// The values of an object's stage field.
#[derive(Debug)]
pub(super) struct StageValues {
    /// In the order of the stages.
    pub(super) values: Vec<StageValue>,
    /// For each record type of the object, its values as indices.
    pub(super) by_record: Vec<(RecordId, Vec<usize>)>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StageValue {
    /// What is stored, what formulas compare with.
    pub(super) name: String,
    /// What people see.
    pub(super) label: String,
    /// The stage; none for the status of a converted lead that the process does not name.
    pub(super) stage: Option<StageId>,
    /// Chosen for a new record.
    pub(super) default: bool,
    /// The status of a converted lead.
    pub(super) converted: bool,
    closed: bool,
    won: bool,
    forecast: &'static str,
    probability: u32,
    description: Option<String>,
}

/// The values of the stage field of `object`; empty when its record types have no stages.
pub(super) fn values(
    mapping: &Mapping<'_>,
    object: &Object,
    findings: &mut Vec<Diagnostic>,
) -> StageValues {
    let process = mapping.process;
    let mut builder = Builder {
        process,
        kind: object.kind,
        kept: &mapping.choices.stages,
        values: Vec::new(),
        by_label: FxHashMap::default(),
        by_name: FxHashMap::default(),
        findings,
    };
    let mut by_record = Vec::new();
    for record in &object.records {
        let stages = mapping.stages_of(*record);
        let indices: Vec<usize> = stages.iter().filter_map(|stage| builder.add(*stage)).collect();
        if !indices.is_empty() {
            if object.kind == Kind::Opportunity {
                let stages = stages.iter().map(|stage| &process.stages[*stage]);
                let place = "the sales process of opportunities in Salesforce";
                builder.findings.extend(endless(&process.records[*record], stages, place));
            }
            by_record.push((*record, indices));
        }
    }
    builder.limit();
    // Salesforce has one default for all record types of an object; the first type decides.
    let first = by_record.first().map(|(record, _)| mapping.stages_of(*record));
    let default = first.and_then(|stages| first_stage(process, stages));
    // Accounts and the like are of the process when they have a stage, which nobody but people gives.
    if matches!(object.kind, Kind::Lead | Kind::Custom) {
        for value in &mut builder.values {
            value.default = default.is_some() && value.stage == default;
        }
    }
    let Builder { values, .. } = builder;
    let mut values = merged(values, &mut by_record);
    if object.kind == Kind::Lead && !values.is_empty() {
        let extra = converted(mapping, &mut values);
        if let Some(extra) = extra {
            by_record.iter_mut().for_each(|(_, indices)| indices.push(extra));
        }
    }
    StageValues { values, by_record }
}

/// The values in an order that is right for every record type of the object: what a later type adds
/// stands before the value that follows it there, not behind those where the work has ended.
fn merged(values: Vec<StageValue>, by_record: &mut [(RecordId, Vec<usize>)]) -> Vec<StageValue> {
    let mut order: Vec<usize> = Vec::new();
    for (_, indices) in by_record.iter() {
        for (at, index) in indices.iter().enumerate() {
            if order.contains(index) {
                continue;
            }
            let behind = indices.iter().skip(at + 1);
            let next = behind.filter_map(|next| order.iter().position(|known| known == next)).min();
            order.insert(next.unwrap_or(order.len()), *index);
        }
    }
    for (_, indices) in by_record.iter_mut() {
        for index in indices {
            *index = order.iter().position(|known| known == index).unwrap_or(*index);
        }
    }
    let mut ranked: Vec<(usize, StageValue)> = values
        .into_iter()
        .enumerate()
        .map(|(index, value)| {
            (order.iter().position(|known| *known == index).unwrap_or(usize::MAX), value)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, value)| value).collect()
}

struct Builder<'a, 'f> {
    process: &'a Process,
    kind: Kind,
    /// What the manifest says a stage is kept as.
    kept: &'a FxHashMap<StageId, String>,
    values: Vec<StageValue>,
    by_label: FxHashMap<String, usize>,
    by_name: FxHashMap<String, StageId>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Builder<'_, '_> {
    /// The index of the stage's value; none when it cannot have one.
    fn add(&mut self, id: StageId) -> Option<usize> {
        let value = self.value(id);
        match self.by_label.get(&value.label.to_lowercase()).copied() {
            None => {
                if let Some(other) = self.by_name.insert(value.name.to_lowercase(), id) {
                    let stages = &self.process.stages;
                    let finding = kept_as_one(&stages[id], &stages[other], &value.name);
                    self.findings.push(finding);
                    return None;
                }
                self.by_label.insert(value.label.to_lowercase(), self.values.len());
                self.values.push(value);
                Some(self.values.len() - 1)
            }
            Some(index) => {
                let other = self.values.get(index)?.clone();
                let stages = &self.process.stages;
                let other_stage = other.stage.map(|other| &stages[other]);
                // Two record types of one object may share a stage, if it means the same in both. On objects
                // without a value set of their own it is called as the first is. Nothing is called in two ways.
                let called = !self.kept.contains_key(&id) || value.name == other.name;
                let apart = other_stage.is_some_and(|other| other.record != stages[id].record);
                if apart
                    && called
                    && (StageValue {
                        stage: other.stage,
                        name: other.name.clone(),
                        description: other.description.clone(),
                        ..value
                    } == other)
                {
                    return Some(index);
                }
                let (stage, other) = (&stages[id], other_stage?);
                self.findings.push(duplicate(stage, other));
                None
            }
        }
    }

    fn value(&mut self, id: StageId) -> StageValue {
        let stage = &self.process.stages[id];
        let mut label = one_line(&stage.title.value);
        if label.is_empty() {
            label = Text::from_name(&stage.name, stage.span).value;
        }
        if length(&label) > VALUE_LENGTH {
            let message =
                format!("stage `{}` has a longer title than Salesforce can hold", stage.name);
            self.findings.push(
                Diagnostic::new(NAME_NOT_PORTABLE, stage.title.span, message)
                    .reason(format!("a stage has at most {VALUE_LENGTH} characters"))
                    .help("shorten the title, and say the rest in `purpose`"),
            );
            label = shortened(&label, VALUE_LENGTH);
        }
        let standard = matches!(self.kind, Kind::Lead | Kind::Opportunity);
        let (mut probability, mut forecast) = (0, "Omitted");
        if self.kind == Kind::Opportunity {
            probability = self.probability(stage);
            forecast = self.forecast(stage);
        }
        let own = || if standard { label.clone() } else { stage.name.clone() };
        StageValue {
            name: self.kept.get(&id).cloned().unwrap_or_else(own),
            label,
            stage: Some(id),
            default: false,
            converted: self.kind == Kind::Lead && stage.outcome == Some(Outcome::Won),
            closed: stage.outcome.is_some(),
            won: stage.outcome == Some(Outcome::Won),
            forecast,
            probability,
            description: stage.purpose.as_ref().map(|text| shortened(&one_line(&text.value), 255)),
        }
    }

    /// A whole percentage; that of an outcome is fixed.
    fn probability(&mut self, stage: &Stage) -> u32 {
        let declared = stage.probability.map(|percent| percent.value);
        let whole = match (stage.outcome, declared) {
            (Some(Outcome::Won), _) => 100,
            (Some(Outcome::Lost | Outcome::Void), _) => 0,
            (None, Some(percent)) => percent
                .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
                .to_u32()
                .unwrap_or(0)
                .min(100),
            (None, None) => 0,
        };
        let help = match (stage.outcome, declared) {
            (_, Some(percent)) if percent == Decimal::from(whole) => return whole,
            (Some(_), None) => return whole,
            (Some(Outcome::Won), Some(_)) => "a won stage has 100% there",
            (Some(_), Some(_)) => "a stage that is not won has 0% there when it is closed",
            (None, Some(_)) => "write a whole percentage",
            (None, None) => "every stage of an opportunity has one there: add `probability`",
        };
        let message = match declared {
            Some(percent) => {
                format!("`{}` has probability {percent}%, Salesforce gets {whole}%", stage.name)
            }
            None => format!("`{}` has no probability, Salesforce gets {whole}%", stage.name),
        };
        self.loss(stage.span, message, help);
        whole
    }

    /// The forecast category by its API name: the one people see as "Commit" is `Forecast`.
    fn forecast(&mut self, stage: &Stage) -> &'static str {
        let fixed = match stage.outcome {
            Some(Outcome::Won) => Some(Forecast::Closed),
            Some(Outcome::Lost | Outcome::Void) => Some(Forecast::Omitted),
            None => match stage.forecast {
                Some(Forecast::Closed) => Some(Forecast::Commit),
                _ => None,
            },
        };
        let category = fixed.or(stage.forecast).unwrap_or(Forecast::Pipeline);
        if let Some(declared) = stage.forecast.filter(|declared| *declared != category) {
            let message = format!(
                "`{}` is forecast as `{}`, Salesforce gets `{}`",
                stage.name,
                declared.word(),
                category.word()
            );
            self.loss(
                stage.span,
                message,
                "there a won stage is closed, a lost one is omitted, and no open one is closed",
            );
        }
        match category {
            Forecast::Omitted => "Omitted",
            Forecast::Pipeline => "Pipeline",
            Forecast::BestCase => "BestCase",
            Forecast::MostLikely => "MostLikely",
            Forecast::Commit => "Forecast",
            Forecast::Closed => "Closed",
        }
    }

    fn loss(&mut self, span: Span, message: String, help: &str) {
        let finding = Diagnostic::new(TARGET_LOSS, span, message).level(Level::Warning).help(help);
        self.findings.push(finding);
    }

    fn limit(&mut self) {
        let (limit, what) = match self.kind {
            Kind::Lead => (STANDARD_VALUES, "a lead has at most 100 statuses"),
            Kind::Opportunity => (STANDARD_VALUES, "an opportunity has at most 100 stages"),
            Kind::Standard | Kind::Custom => (CUSTOM_VALUES, "a picklist has at most 1000 values"),
        };
        let Some(first) = self.values.get(limit).and_then(|value| value.stage) else { return };
        let message = format!("{} stages are more than Salesforce can hold", self.values.len());
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, self.process.stages[first].span, message)
                .reason(what)
                .help("split the record type, or leave the target `salesforce` out"),
        );
    }
}

fn kept_as_one(stage: &Stage, other: &Stage, name: &str) -> Diagnostic {
    let message = format!(
        "stages `{}` and `{}` with different titles would both be kept as `{name}` in Salesforce",
        other.name, stage.name
    );
    Diagnostic::new(NAME_NOT_PORTABLE, stage.title.span, message)
        .label(other.title.span, "the other one")
        .help("give each a value of its own under `stages` in the manifest; upper and lower case count as the same")
}

fn duplicate(stage: &Stage, other: &Stage) -> Diagnostic {
    let message = if stage.record == other.record {
        format!(
            "stages `{}` and `{}` have one title, which is their identity in Salesforce",
            other.name, stage.name
        )
    } else {
        format!(
            "stages `{}` and `{}` are one value in Salesforce, but not alike",
            other.name, stage.name
        )
    };
    Diagnostic::new(NAME_NOT_PORTABLE, stage.title.span, message)
        .label(other.title.span, "the other one")
        .help("give one of them another title; upper and lower case count as the same")
}

/// Makes sure that some status is that of a converted lead: the one the manifest names; else every
/// won stage; else one called `Converted`. Gives the index of a value that had to be added.
fn converted(mapping: &Mapping<'_>, values: &mut Vec<StageValue>) -> Option<usize> {
    let chosen = mapping.choices.converted_status.as_ref();
    if chosen.is_some() {
        values.iter_mut().for_each(|value| value.converted = false);
    } else if values.iter().any(|value| value.converted) {
        return None;
    }
    let label = chosen.map_or_else(
        || "Converted".to_owned(),
        |chosen| shortened(&one_line(&chosen.value), VALUE_LENGTH),
    );
    let is_it = |text: &str| text.to_lowercase() == label.to_lowercase();
    let same = |value: &&mut StageValue| is_it(&value.label) || is_it(&value.name);
    if let Some(value) = values.iter_mut().find(same) {
        value.converted = true;
        return None;
    }
    values.push(StageValue {
        name: label.clone(),
        label,
        stage: None,
        default: false,
        converted: true,
        closed: true,
        won: false,
        forecast: "Omitted",
        probability: 0,
        description: None,
    });
    Some(values.len() - 1)
}

/// The value set of `StageName` or `Status`.
pub(super) fn standard_value_set(kind: Kind, values: &[StageValue]) -> Element {
    let mut set = Element::new("StandardValueSet").flag("sorted", false);
    for value in values {
        let element = Element::new("standardValue")
            .text("fullName", &value.name)
            .flag("default", value.default)
            .text("label", &value.label);
        set.push(match kind {
            Kind::Opportunity => element
                .flag("closed", value.closed)
                .maybe("description", value.description.clone())
                .text("forecastCategory", value.forecast)
                .text("probability", value.probability.to_string())
                .flag("won", value.won),
            _ => element.flag("converted", value.converted),
        });
    }
    set
}

/// The stages of one record type, in order.
pub(super) fn business_process(name: &str, description: String, values: &[&StageValue]) -> Element {
    let mut process = Element::new("BusinessProcess")
        .text("fullName", name)
        .text("description", description)
        .flag("isActive", true);
    for value in values {
        process.push(
            Element::new("values").text("fullName", &value.name).flag("default", value.default),
        );
    }
    process
}
