//! Fields: what Pipedrive keeps of a deal, a lead, a person and an organization.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{
    AskedWhere, NAME_NOT_PORTABLE, TARGET_LOSS, Use, asked_where, labels, one_line,
};
use crate::model::{
    ConfirmationId, EnumOption, Field, FieldId, FieldType, Process, RecordId, StageId,
};
use crate::source::Span;

use super::choices::{Choices, Object};
use super::pipelines::Pipeline;

/// The fields of all objects.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// In the order of the process.
    pub(super) all: Vec<PipedriveField>,
    by_label: FxHashMap<(&'static str, String), usize>,
}

/// A field.
#[derive(Debug)]
pub(super) struct PipedriveField {
    /// What has it.
    pub(super) object: Object,
    /// What the process calls it.
    pub(super) key: String,
    /// What it holds.
    pub(super) source: Source,
    /// What there is to make; none for a field that is there already.
    new: Option<New>,
    /// The key of the field that is there already.
    pub(super) existing: Option<String>,
    /// In which pipelines it is shown, and where it is asked for.
    pub(super) places: Vec<(RecordId, AskedWhere)>,
    /// Where it is highlighted.
    pub(super) important: Vec<StageId>,
}

#[derive(Debug)]
struct New {
    label: String,
    kind: &'static str,
    options: Option<Vec<String>>,
    help: Option<String>,
    /// Never missing.
    required: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A field of the process.
    Field(FieldId),
    /// What a person confirms.
    Confirmation(ConfirmationId),
}

/// What is common to all fields.
pub(super) struct FieldWriter<'a, 'f> {
    pub(super) process: &'a Process,
    pub(super) choices: &'a Choices,
    pub(super) pipelines: &'a [Pipeline],
    pub(super) findings: &'f mut Vec<Diagnostic>,
}

impl FieldWriter<'_, '_> {
    /// Adds the field as the record type sees it.
    pub(super) fn field(
        &mut self,
        fields: &mut Fields,
        record: RecordId,
        object: Object,
        id: FieldId,
    ) {
        let field = &self.process.fields[id];
        let source = Source::Field(id);
        let pipeline = self.pipelines.iter().find(|pipeline| pipeline.record == record);
        let is_own = field.required && record == field.record && object.fields() == "deals";
        let place = pipeline.map(|pipeline| {
            let mut asked = asked_where(self.process, record, id);
            if is_own {
                asked.stages = pipeline.stages.iter().map(|stage| stage.stage).collect();
            }
            (record, asked)
        });
        let important = self.important(pipeline, id);
        let same = |other: &&mut PipedriveField| {
            other.object.fields() == object.fields() && other.key == field.name
        };
        if let Some(other) = fields.all.iter_mut().find(same) {
            let other_type = match other.source {
                Source::Field(other) => &self.process.fields[other].ty,
                Source::Confirmation(_) => &FieldType::Boolean,
            };
            if *other_type != field.ty {
                let span = other.span(self.process);
                let message = format!(
                    "two fields would be the field `{}` of {}",
                    field.name,
                    object.fields()
                );
                self.findings.push(
                    Diagnostic::new(NAME_NOT_PORTABLE, field.span, message)
                        .label(span, "the other one")
                        .help("give one of them another name, or both the same type"),
                );
                return;
            }
            other.places.extend(place);
            other.important.extend(important);
            return;
        }
        let chosen = self.choices.fields.get(&(record, id)).cloned();
        let existing = chosen.or_else(|| shipped(object, field).map(str::to_owned));
        let new = existing.is_none().then(|| self.new_field(fields, object, field));
        if existing.as_deref() == Some("lost_reason") && !field.ty.options().is_empty() {
            let message = format!("the options of field `{}` are no part of a request", field.name);
            let finding = Diagnostic::new(TARGET_LOSS, field.span, message).level(Level::Note);
            self.findings.push(finding.help("enter them as lost reasons, as the README says"));
        }
        fields.all.push(PipedriveField {
            object,
            key: field.name.clone(),
            source,
            new,
            existing,
            places: place.into_iter().collect(),
            important,
        });
    }

    /// Adds a confirmation: yes or no.
    pub(super) fn confirmation(&mut self, fields: &mut Fields, object: Object, id: ConfirmationId) {
        let confirmation = &self.process.confirmations[id];
        let label = fields.label(object, &one_line(&confirmation.text.value), &confirmation.key);
        let by = confirmation.by.map(|owner| one_line(&self.process.owner_name(owner).1.value));
        let help = match by {
            Some(who) => format!("Confirmed by {who}."),
            None => "Confirmed by the owner of the stage.".to_owned(),
        };
        let pipeline = self.pipelines.iter().find(|of| of.record == confirmation.record);
        fields.all.push(PipedriveField {
            object,
            key: confirmation.key.clone(),
            source: Source::Confirmation(id),
            new: Some(New {
                label,
                kind: "enum",
                options: Some(yes_and_no()),
                help: Some(help),
                required: false,
            }),
            existing: None,
            places: pipeline.map(|of| (of.record, AskedWhere::default())).into_iter().collect(),
            important: Vec::new(),
        });
    }

    /// The stages that collect a field, and those whose exit criteria read it.
    fn important(&self, pipeline: Option<&Pipeline>, id: FieldId) -> Vec<StageId> {
        let stages = pipeline.into_iter().flat_map(|pipeline| &pipeline.stages);
        let wants = |stage: &StageId| {
            let stage = &self.process.stages[*stage];
            let reads = |id_of: &crate::model::CriterionId| {
                self.process.criteria[*id_of].condition.fields().contains(&id)
            };
            stage.collect.iter().any(|field| field.value == id) || stage.exit.iter().any(reads)
        };
        stages.map(|stage| stage.stage).filter(wants).collect()
    }

    fn new_field(&mut self, fields: &mut Fields, object: Object, field: &Field) -> New {
        let label = fields.label(object, &one_line(&field.title.value), &field.name);
        let (kind, options) = match &field.ty {
            FieldType::Text => ("varchar", None),
            FieldType::User => ("user", None),
            FieldType::Number | FieldType::Integer | FieldType::Percent => ("double", None),
            FieldType::Money => ("monetary", None),
            FieldType::Boolean => ("enum", Some(yes_and_no())),
            FieldType::Date => ("date", None),
            FieldType::DateTime => {
                let message =
                    format!("field `{}` is a day without its time in Pipedrive", field.name);
                let finding = Diagnostic::new(TARGET_LOSS, field.span, message);
                self.findings.push(
                    finding.level(Level::Warning).help("make it a `date`, if the day is enough"),
                );
                ("date", None)
            }
            FieldType::OneOf(options) | FieldType::ManyOf(options) if options.is_empty() => {
                ("varchar", None)
            }
            FieldType::OneOf(options) => ("enum", Some(self.labels(field, options))),
            FieldType::ManyOf(options) => ("set", Some(self.labels(field, options))),
        };
        if field.unique {
            let message = format!("values of field `{}` may repeat in Pipedrive", field.name);
            let finding = Diagnostic::new(TARGET_LOSS, field.span, message).level(Level::Note);
            self.findings.push(finding.help("it has no fields with unique values"));
        }
        let unit = match field.ty {
            FieldType::Percent => Some("In percent: 60 means 60%."),
            _ => None,
        };
        let help = field.help.as_ref().map(|text| one_line(&text.value));
        let help = match (help, unit) {
            (Some(help), Some(unit)) => Some(format!("{help} {unit}")),
            (help, unit) => help.or(unit.map(str::to_owned)),
        };
        // What is required of all deals would be required in every other pipeline of the account, and
        // leads have the fields of deals: a deal is asked in the stages of its own pipeline.
        let required = field.required && object.fields() != "deals";
        New { label, kind, options, help, required }
    }

    /// Options are known by their labels there.
    fn labels(&mut self, field: &Field, options: &[EnumOption]) -> Vec<String> {
        let labels = labels("Pipedrive", field, options, self.findings);
        labels.into_iter().map(|(label, _)| label).collect()
    }
}

impl Fields {
    /// A label that no other field of the object has: people tell fields apart by nothing else.
    fn label(&mut self, object: Object, title: &str, name: &str) -> String {
        let mut label = if title.is_empty() { name.to_owned() } else { title.to_owned() };
        if self.by_label.contains_key(&(object.fields(), label.to_lowercase())) {
            label = format!("{label} ({name})");
        }
        self.by_label.insert((object.fields(), label.to_lowercase()), self.all.len());
        label
    }
}

impl PipedriveField {
    /// Whether a request makes it.
    pub(super) fn is_new(&self) -> bool {
        self.new.is_some()
    }

    /// The key of a field that is there already, else what people see.
    pub(super) fn called(&self) -> Option<&str> {
        self.existing.as_deref().or_else(|| Some(self.new.as_ref()?.label.as_str()))
    }

    /// Where it is declared.
    pub(super) fn span(&self, process: &Process) -> Span {
        match self.source {
            Source::Field(id) => process.fields[id].span,
            Source::Confirmation(id) => process.confirmations[id].span,
        }
    }

    /// Whether every record of its object must have it.
    pub(super) fn is_required(&self) -> bool {
        self.new.as_ref().is_some_and(|new| new.required)
    }

    /// The body of the request that creates it, and where ids stand in it.
    pub(super) fn body(&self, process: &Process, pipelines: &[Pipeline]) -> (Value, Vec<Use>) {
        let mut body = Map::new();
        let mut uses = Vec::new();
        let Some(new) = &self.new else { return (Value::Object(body), uses) };
        body.insert("field_name".to_owned(), json!(new.label));
        body.insert("field_type".to_owned(), json!(new.kind));
        if let Some(options) = &new.options {
            let options: Vec<Value> =
                options.iter().map(|label| json!({ "label": label })).collect();
            body.insert("options".to_owned(), Value::Array(options));
        }
        if self.object.fields() == "deals" {
            if let Some(help) = &new.help {
                body.insert("description".to_owned(), json!(help));
            }
            self.shown(process, pipelines, &mut body, &mut uses);
        }
        if new.required {
            body.insert("required_fields".to_owned(), json!({ "enabled": true }));
        } else {
            self.asked_for(process, &mut body, &mut uses);
        }
        (Value::Object(body), uses)
    }

    /// In which pipelines it is shown, and in which stages highlighted.
    fn shown(
        &self,
        process: &Process,
        pipelines: &[Pipeline],
        body: &mut Map<String, Value>,
        uses: &mut Vec<Use>,
    ) {
        if self.places.len() < pipelines.len() && !self.places.is_empty() {
            let ids = self.places.iter().enumerate().map(|(at, (record, _))| {
                let name = format!("pipeline.{}", process.records[*record].name);
                Use::value(name, format!("/ui_visibility/show_in_pipelines/pipeline_ids/{at}"))
            });
            let ids: Vec<Use> = ids.collect();
            let texts: Vec<String> = ids.iter().map(Use::text).collect();
            let shown = json!({ "show_in_all": false, "pipeline_ids": texts });
            body.insert("ui_visibility".to_owned(), json!({ "show_in_pipelines": shown }));
            uses.extend(ids);
        }
        if !self.important.is_empty() {
            let (ids, texts) = stage_ids(process, &self.important, "/important_fields/stage_ids");
            let value = json!({ "enabled": true, "stage_ids": texts });
            body.insert("important_fields".to_owned(), value);
            uses.extend(ids);
        }
    }

    /// Where it is asked for.
    fn asked_for(&self, process: &Process, body: &mut Map<String, Value>, uses: &mut Vec<Use>) {
        let stages: Vec<StageId> =
            self.places.iter().flat_map(|(_, asked)| asked.stages.iter().copied()).collect();
        let mut statuses = Map::new();
        let mut keys = Vec::new();
        for (record, asked) in &self.places {
            let words = [(asked.won, "won"), (asked.lost, "lost")];
            let words: Vec<&str> =
                words.into_iter().filter(|(asks, _)| *asks).map(|(_, word)| word).collect();
            if !words.is_empty() {
                let name = format!("pipeline.{}", process.records[*record].name);
                let key = Use::key(name, "/required_fields/statuses".to_owned());
                statuses.insert(key.text(), json!(words));
                keys.push(key);
            }
        }
        // Enabled without stages means everywhere, even with statuses: there it is left to people.
        if stages.is_empty() {
            return;
        }
        let (ids, texts) = stage_ids(process, &stages, "/required_fields/stage_ids");
        let mut required = Map::new();
        required.insert("enabled".to_owned(), json!(true));
        required.insert("stage_ids".to_owned(), json!(texts));
        if !statuses.is_empty() {
            required.insert("statuses".to_owned(), Value::Object(statuses));
        }
        body.insert("required_fields".to_owned(), Value::Object(required));
        uses.extend(ids);
        uses.extend(keys);
    }

    /// Whether a request asks for it where a deal enters the stage, or ends.
    pub(super) fn is_asked(
        &self,
        record: RecordId,
        at: crate::model::StageId,
        process: &Process,
    ) -> bool {
        if !self.is_new() {
            return false;
        }
        if self.is_required() {
            return true;
        }
        let some = self.places.iter().any(|(_, asked)| !asked.stages.is_empty());
        let place = self.places.iter().find(|(of, _)| *of == record);
        some && place.is_some_and(|(_, asked)| match process.stages[at].outcome {
            None => asked.stages.contains(&at),
            Some(crate::model::Outcome::Won) => asked.won,
            Some(_) => asked.lost,
        })
    }
}

fn stage_ids(process: &Process, stages: &[StageId], at: &str) -> (Vec<Use>, Vec<String>) {
    let ids = stages.iter().enumerate().map(|(index, stage)| {
        Use::value(format!("stage.{}", process.stages[*stage].name), format!("{at}/{index}"))
    });
    let ids: Vec<Use> = ids.collect();
    let texts = ids.iter().map(Use::text).collect();
    (ids, texts)
}

fn yes_and_no() -> Vec<String> {
    vec!["Yes".to_owned(), "No".to_owned()]
}

/// The key of a field that Pipedrive ships and that holds the same.
fn shipped(object: Object, field: &Field) -> Option<&'static str> {
    let text = field.ty == FieldType::Text;
    let words = text || matches!(field.ty, FieldType::OneOf(_));
    let date = matches!(field.ty, FieldType::Date | FieldType::DateTime);
    match (object, field.name.as_str()) {
        (Object::Deals | Object::Leads, "amount" | "value") if field.ty == FieldType::Money => {
            Some("value")
        }
        (Object::Deals | Object::Leads, "close_date" | "close_on" | "expected_close_date")
            if date =>
        {
            Some("expected_close_date")
        }
        (Object::Deals, "lost_reason" | "loss_reason") if words => Some("lost_reason"),
        (Object::Deals | Object::Leads, "title") if text => Some("title"),
        (Object::Persons | Object::Organizations, "name") if text => Some("name"),
        (Object::Persons, "email") if text => Some("email"),
        (Object::Persons, "phone") if text => Some("phone"),
        (Object::Organizations, "address") if text => Some("address"),
        _ => None,
    }
}
