//! `terraform/main.tf.json`: groups, properties and pipelines for a provider of HubSpot that has them.
//!
//! The forms are those of the provider's documentation. Texts of people are templates for Terraform:
//! what would be read as one is escaped.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use crate::emit::crm::one_line;
use crate::model::Process;

use super::Object;
use super::object;
use super::pipelines::Pipeline;

/// The provider, and the versions whose documentation was read.
pub(super) const PROVIDER: (&str, &str) = ("revosai/hubspot", "~> 0.2.0");

/// The configuration.
pub(super) fn configuration(process: &Process, objects: &[Object], group: &str) -> Value {
    let mut writer = Writer::default();
    for object in objects {
        writer.properties(process, object, group);
        for (order, pipeline) in object.pipelines.iter().enumerate() {
            writer.pipeline(process, pipeline, order);
        }
    }
    let (source, version) = PROVIDER;
    let Writer { groups, properties, pipelines, values, .. } = writer;
    let there = |map: Map<String, Value>| (!map.is_empty()).then_some(Value::Object(map));
    let resources = object([
        ("hubspot_property_group", there(groups)),
        ("hubspot_property", there(properties)),
        ("hubspot_pipeline", there(pipelines)),
    ]);
    let sent = json!({
        "description": "What send.sh takes for its sent.json: the ids of pipelines and stages.",
        "value": { "done": [], "values": values },
    });
    json!({
        "terraform": {
            "required_providers": { "hubspot": { "source": source, "version": version } },
        },
        "resource": resources,
        "output": { "sent": sent },
    })
}

#[derive(Default)]
struct Writer {
    groups: Map<String, Value>,
    properties: Map<String, Value>,
    pipelines: Map<String, Value>,
    /// What the plan of requests calls an id, and where Terraform has it.
    values: Map<String, Value>,
    taken: FxHashSet<String>,
}

impl Writer {
    fn properties(&mut self, process: &Process, object: &Object, group: &str) {
        let bodies: Vec<_> =
            object.properties.all.iter().filter_map(|of| Some((of, of.body.as_ref()?))).collect();
        if bodies.is_empty() {
            return;
        }
        let address = self.name("group", &object.name, group);
        let label = match one_line(&process.title.value) {
            title if title.is_empty() => group.to_owned(),
            title => escaped(&title),
        };
        let body = json!({ "object_type": object.name, "name": group, "label": label });
        self.groups.insert(address.clone(), body);
        for (property, body) in bodies {
            let text = |key: &str| body.get(key).and_then(Value::as_str).map(|text| json!(text));
            let spoken =
                |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(escaped);
            let options = body.get("options").and_then(Value::as_array);
            let option = |option: &Value| {
                let (label, value) = (spoken(option, "label"), spoken(option, "value"));
                json!({ "label": label, "value": value })
            };
            let options = options.map(|all| all.iter().map(option).collect::<Value>());
            let name = self.name("property", &object.name, &property.name);
            let resource = super::object([
                ("object_type", Some(json!(object.name))),
                ("name", Some(json!(property.name))),
                ("label", spoken(body, "label").map(Value::from)),
                ("type", text("type")),
                ("field_type", text("fieldType")),
                ("group_name", Some(json!(format!("${{hubspot_property_group.{address}.name}}")))),
                ("description", spoken(body, "description").map(Value::from)),
                ("has_unique_value", body.get("hasUniqueValue").cloned()),
                ("options", options),
            ]);
            self.properties.insert(name, resource);
        }
    }

    fn pipeline(&mut self, process: &Process, pipeline: &Pipeline, order: usize) {
        let record = &process.records[pipeline.record].name;
        let address = self.name("pipeline", &pipeline.object, record);
        let of = format!("hubspot_pipeline.{address}");
        self.values.insert(format!("pipeline.{record}"), json!(format!("${{{of}.pipeline_id}}")));
        let mut stages = Vec::new();
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let name = &process.stages[stage.stage].name;
            let id = format!("${{{of}.stages[{at}].stage_id}}");
            self.values.insert(format!("stage.{name}"), json!(id));
            let state = if stage.closed { "CLOSED" } else { "OPEN" };
            // HubSpot tells from these two what is closed.
            let told = matches!(pipeline.object.as_str(), "deals" | "tickets");
            let metadata = object([
                ("probability", stage.probability.as_ref().map(|text| json!(text))),
                ("ticketState", (pipeline.object == "tickets").then(|| json!(state))),
                ("isClosed", (!told).then(|| json!(stage.closed.to_string()))),
            ]);
            stages.push(json!({
                "stage_id": stage.id,
                "label": escaped(&stage.label),
                "display_order": at,
                "metadata": metadata,
            }));
        }
        let body = json!({
            "object_type": pipeline.object,
            "label": escaped(&pipeline.label),
            "display_order": order,
            "stages": stages,
        });
        self.pipelines.insert(address, body);
    }

    /// A name that no other resource of the kind has: objects and properties are called freely.
    fn name(&mut self, kind: &str, object: &str, name: &str) -> String {
        let fit = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut base: String = format!("{object}_{name}").chars().map(fit).collect();
        // A custom object may be called by its number.
        if base.starts_with(|c: char| c.is_ascii_digit()) {
            base = format!("object_{base}");
        }
        let mut found = base.clone();
        let mut count = 1;
        while !self.taken.insert(format!("{kind} {found}")) {
            count += 1;
            found = format!("{base}_{count}");
        }
        found
    }
}

/// The text as Terraform reads it: `${` and `%{` would begin a template.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = String::new();
    for c in text.chars() {
        if matches!(c, '$' | '%') {
            signs.push(c);
            continue;
        }
        match (c, signs.as_str()) {
            ('{', "$" | "%") => out.push_str(&format!("{signs}{signs}")),
            // Several signs would be read as an escape themselves: they are a text of their own.
            ('{', some) if !some.is_empty() => out.push_str(&format!("${{\"{some}\"}}")),
            (_, some) => out.push_str(some),
        }
        signs.clear();
        out.push(c);
    }
    out.push_str(&signs);
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_would_be_a_template_is_text() {
        for (text, expected) in [
            ("100 % {a} $ {b}", "100 % {a} $ {b}"),
            ("${x} %{y}", "$${x} %%{y}"),
            ("$${x}", r#"${"$$"}{x}"#),
            ("a%${x}$", r#"a${"%$"}{x}$"#),
            ("%%{ if x }", r#"${"%%"}{ if x }"#),
            ("{{deal}} $", "{{deal}} $"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }
}
