//! The order of the requests, for people and scripts.

use serde_json::{Value, json};

use crate::emit::crm::Use;
use crate::model::Process;

use super::pipelines::Pipeline;

/// The requests, in the order in which to send them.
#[derive(Debug, Default)]
pub(super) struct Plan {
    calls: Vec<Value>,
}

impl Plan {
    /// A property group. It comes before its properties.
    pub(super) fn group(&mut self, object: &str, name: &str, body: String) {
        let path = format!("/crm/properties/2026-03/{object}/groups");
        let existing = format!("{path}/{name}");
        self.call(
            format!("property group {name} of {object}"),
            path,
            body,
            Some(existing),
            json!([]),
        );
    }

    /// A property.
    pub(super) fn property(&mut self, object: &str, name: &str, body: String) {
        let path = format!("/crm/properties/2026-03/{object}");
        let existing = format!("{path}/{name}");
        self.call(format!("property {name} of {object}"), path, body, Some(existing), json!([]));
    }

    /// A rule of a property that is there. One of the same kind is replaced.
    pub(super) fn property_rule(&mut self, object: &str, name: &str, kind: &str, body: String) {
        let type_id = super::bounds::type_id(object);
        self.calls.push(json!({
            "step": self.calls.len() + 1,
            "makes": format!("rule {kind} of the property {name} of {object}"),
            "method": "PUT",
            "path": format!("/crm/property-validations/2026-03/{type_id}/{name}/rule-type/{kind}"),
            "body": body,
            "uses": [],
            "if_exists": null,
            "saves": [],
        }));
    }

    /// A pipeline with its stages. The answer holds the ids under which HubSpot keeps them.
    pub(super) fn pipeline(&mut self, process: &Process, pipeline: &Pipeline, body: String) {
        let path = format!("/crm/pipelines/2026-03/{}", pipeline.object);
        let record = &process.records[pipeline.record].name;
        let mut saves =
            vec![json!({ "placeholder": format!("pipeline.{record}"), "pointer": "/id" })];
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let name = &process.stages[stage.stage].name;
            saves.push(json!({
                "placeholder": format!("stage.{name}"),
                "pointer": format!("/stages/{at}/id"),
            }));
        }
        let what = format!("pipeline {} of {}", pipeline.id, pipeline.object);
        self.call(what, path, body, None, Value::Array(saves));
    }

    /// What is set for a pipeline that is there: its rules, or who edits its stages. `end` is what
    /// follows the pipeline in the path.
    pub(super) fn set(
        &mut self,
        process: &Process,
        pipeline: &Pipeline,
        (type_id, end, what): (&str, &str, &str),
        body: String,
        uses: &[Use],
    ) {
        let record = &process.records[pipeline.record].name;
        self.calls.push(json!({
            "step": self.calls.len() + 1,
            "makes": format!("{what} of the pipeline {} of {}", pipeline.id, pipeline.object),
            "method": "PUT",
            "path": format!("/crm/pipelines-rules/2026-09/{type_id}/{{pipeline.{record}}}{end}"),
            "body": body,
            "uses": uses.iter().map(Use::json).collect::<Vec<_>>(),
            "if_exists": null,
            "saves": [],
        }));
    }

    /// A lifecycle stage, of contacts and companies alike.
    pub(super) fn lifecycle_stage(&mut self, label: &str, body: String) {
        let path = "/crm/pipelines/2026-03/contacts/contacts-lifecycle-pipeline/stages".to_owned();
        let saves = json!([{ "placeholder": format!("lifecycle.{label}"), "pointer": "/id" }]);
        self.call(format!("lifecycle stage {label}"), path, body, None, saves);
    }

    /// A score, as a draft. Its id is told by the header `Location` alone. The last requests: they need a
    /// subscription that not every account has.
    pub(super) fn score(&mut self, name: &str, object: &str, body: String) {
        self.calls.push(json!({
            "step": self.calls.len() + 1,
            "makes": format!("draft of the score {name} of {object}"),
            "method": "POST",
            "path": "/marketing/lead-scoring/2027-03-beta/scores",
            "body": body,
            "uses": [],
            "if_exists": null,
            "saves": [{ "placeholder": format!("score.{name}"), "header": "Location" }],
        }));
    }

    fn call(
        &mut self,
        makes: String,
        path: String,
        body: String,
        existing: Option<String>,
        saves: Value,
    ) {
        self.calls.push(json!({
            "step": self.calls.len() + 1,
            "makes": makes,
            "method": "POST",
            "path": path,
            "body": body,
            "uses": [],
            "if_exists": existing.map(|path| json!({
                "method": "PATCH",
                "path": path,
                // What a thing is called, and whether its values are unique, is decided once.
                "omit": ["name", "hasUniqueValue"],
            })),
            "saves": saves,
        }));
    }

    /// `plan.json`
    pub(super) fn write(self) -> Value {
        json!({
            "format": "ekiden-hubspot-plan",
            "format_version": 3,
            "base_url": "https://api.hubapi.com",
            "calls": self.calls,
        })
    }
}
