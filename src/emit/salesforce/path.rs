//! Paths: what the people who work with a record see above it, stage by stage.

use crate::emit::crm::{code, length, one_line, shortened};
use crate::emit::sentence::Sentences;
use crate::emit::xml::Element;
use crate::model::{RecordId, Stage, StageId};

use super::Built;
use super::mapping::{Kind, Mapping, Source};
use super::stages::StageValue;

/// How many fields a step shows.
const FIELDS: usize = 5;
/// Of the guidance of a step, in characters, with its marks.
const GUIDANCE: usize = 1000;

/// A path: the name of its file, and the metadata.
pub(super) struct Path {
    pub(super) name: String,
    /// Whose stages it shows.
    pub(super) record: RecordId,
    pub(super) element: Element,
    /// What it has no room for, for whoever reads the project.
    pub(super) left: Vec<String>,
}

/// The paths of an object: one for each of its record types. Objects that Salesforce ships have
/// none, save for leads and opportunities.
pub(super) fn paths(mapping: &Mapping<'_>, built: &Built<'_>) -> Vec<Path> {
    if built.object.kind == Kind::Standard {
        return Vec::new();
    }
    let paths = built.stages.by_record.iter().filter_map(|(record, indices)| {
        let names = built.record_types.iter().find(|(of, _)| of == record);
        if names.is_none() && built.object.has_record_types() {
            return None;
        }
        let values: Vec<&StageValue> =
            indices.iter().filter_map(|at| built.stages.values.get(*at)).collect();
        path(mapping, built, *record, &values)
    });
    paths.collect()
}

fn path(
    mapping: &Mapping<'_>,
    built: &Built<'_>,
    record: RecordId,
    values: &[&StageValue],
) -> Option<Path> {
    let process = mapping.process;
    let names = built.record_types.iter().find(|(of, _)| *of == record).map(|(_, names)| names);
    let object = built.object;
    let (name, label) = match names {
        Some(names) => (names.api.clone(), names.label.clone()),
        None => {
            let title = one_line(&process.records[record].title.value);
            (super::mapping::base(&object.name).to_owned(), shortened(&title, 80))
        }
    };
    let (mut steps, mut left) = (Vec::new(), Vec::new());
    for (stage, value) in mapping.stages_of(record).iter().zip(values) {
        steps.extend(step(mapping, built, *stage, value, &mut left));
    }
    if steps.is_empty() {
        return None;
    }
    let mut element = Element::new("PathAssistant")
        .flag("active", true)
        .text("entityName", &object.name)
        .text("fieldName", object.stage_field())
        .text("masterLabel", label);
    for step in steps {
        element.push(step);
    }
    let record_type = names.map_or("__Master__", |names| names.api.as_str());
    Some(Path { name, record, element: element.text("recordTypeName", record_type), left })
}

/// A step, when there is anything to say of the stage.
fn step(
    mapping: &Mapping<'_>,
    built: &Built<'_>,
    id: StageId,
    value: &StageValue,
    left: &mut Vec<String>,
) -> Option<Element> {
    let process = mapping.process;
    let stage = &process.stages[id];
    let mut fields: Vec<&str> = Vec::new();
    let collected = stage.collect.iter().map(|field| field.value);
    let read = stage.exit.iter().flat_map(|id| process.criteria[*id].condition.fields());
    for field in collected.chain(read) {
        let mapped = built.object.holding(process, Source::Field(field));
        if let Some(mapped) = mapped.filter(|mapped| !fields.contains(&mapped.name.as_str())) {
            fields.push(&mapped.name);
        }
    }
    let (info, criteria) = guidance(mapping, stage);
    let own = code(&stage.name);
    if let Some(more) = fields.get(FIELDS..).filter(|more| !more.is_empty()) {
        let names: Vec<String> = more.iter().map(|name| code(name)).collect();
        left.push(format!("stage {own}, fields: {}", names.join(", ")));
    }
    if criteria > 0 {
        left.push(format!("stage {own}, exit criteria: {criteria} of {}", stage.exit.len()));
    }
    if fields.is_empty() && info.is_empty() {
        return None;
    }
    let mut element = Element::new("pathAssistantSteps");
    for field in fields.into_iter().take(FIELDS) {
        element = element.text("fieldNames", field);
    }
    if !info.is_empty() {
        element = element.text("info", info);
    }
    Some(element.text("picklistValueName", &value.name))
}

/// What the stage is for, what to do next, and what must hold before a record goes on, as the rich
/// text of Salesforce. Criteria that no longer fit are left out whole; how many these are.
fn guidance(mapping: &Mapping<'_>, stage: &Stage) -> (String, usize) {
    let process = mapping.process;
    let language = process.languages.first().map_or("en", String::as_str);
    let sentences = Sentences::new(process, language);
    let mut out = String::new();
    for text in [&stage.purpose, &stage.next].into_iter().flatten() {
        let said = shortened(&one_line(sentences.text(text)), GUIDANCE / 3);
        let part = format!("<p>{}</p>", escaped(&said));
        if length(&out) + length(&part) <= GUIDANCE {
            out.push_str(&part);
        }
    }
    let (mut items, mut fitting) = (String::new(), 0);
    for id in &stage.exit {
        let title = one_line(sentences.text(&process.criteria[*id].title));
        let item = format!("<li>{}</li>", escaped(&title));
        let room = length(&out) + length(&items) + length(&item) + "<ul></ul>".len();
        if room > GUIDANCE {
            break;
        }
        items.push_str(&item);
        fitting += 1;
    }
    if !items.is_empty() {
        out.push_str(&format!("<ul>{items}</ul>"));
    }
    (out, stage.exit.len() - fitting)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
