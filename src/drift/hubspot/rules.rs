//! Rules of pipelines: which moves are refused, where records begin, who approves, who edits. Stages are
//! named in them by identifiers, so that pipelines are read and matched first.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::drift::part::{Fact, Key, Kind, Part, Place, Property, SEPARATOR};
use crate::drift::table;

use super::text;

/// The rules of one pipeline, or who edits its stages.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Where it stands.
    pub(crate) place: Place,
    /// The object of the pipeline.
    pub(crate) object: String,
    /// The identifier of the pipeline; a body that is to be sent has none.
    pub(crate) pipeline: Option<String>,
    /// What it says.
    pub(crate) map: Map<String, Value>,
}

/// What the names of a body stand for until ids are known: `stage.talk`, `pipeline.deal`.
pub(crate) type Names = FxHashMap<String, Key>;

/// Whether it is about the rules of a pipeline or about who edits its stages.
pub(super) fn is_rules(map: &Map<String, Value>) -> bool {
    map.contains_key("governanceValidationRules") || is_editors(map)
}

fn is_editors(map: &Map<String, Value>) -> bool {
    let stages = map.get("stages").and_then(Value::as_array);
    stages.is_some_and(|all| all.iter().any(|stage| stage.get("permissionMode").is_some()))
}

/// The names that the plan of a build tells, by the bodies of its pipelines.
pub(crate) fn names(plan: &Value, body: impl Fn(&str) -> Option<Value>) -> Names {
    let mut names = Names::default();
    for call in plan.get("calls").and_then(Value::as_array).into_iter().flatten() {
        let Some(path) = call.get("body").and_then(Value::as_str) else { continue };
        let mut folders = path.split('/');
        let (Some("pipelines"), Some(object)) = (folders.next(), folders.next()) else { continue };
        let Some(body) = body(path) else { continue };
        let id =
            |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let pipeline = format!("{object}/{}", id(body.get("pipelineId")));
        for save in call.get("saves").and_then(Value::as_array).into_iter().flatten() {
            let name = id(save.get("placeholder"));
            let pointer = id(save.get("pointer"));
            let key = match pointer.strip_suffix("/id").filter(|stage| !stage.is_empty()) {
                Some(stage) => {
                    let stage = id(body.pointer(&format!("{stage}/stageId")));
                    (Kind::Stage, format!("{pipeline}/{stage}"))
                }
                None => (Kind::Pipeline, pipeline.clone()),
            };
            names.insert(name, key);
        }
    }
    names
}

/// What identifiers in rules stand for.
pub(crate) struct Ids<'i> {
    /// What the names of bodies stand for.
    pub(crate) names: &'i Names,
    /// What the identifiers of the export have become, where they are others in the process.
    pub(crate) aligned: &'i FxHashMap<Key, Key>,
    /// What people call a pipeline or stage.
    pub(crate) titles: &'i FxHashMap<Key, String>,
}

impl Ids<'_> {
    fn pipeline(&self, answer: &Answer) -> Key {
        // A body lies in a file that is called like the type of record.
        let file = answer.place.path.rsplit('/').next().unwrap_or_default();
        let record = file.strip_suffix(".json").unwrap_or(file);
        let named = || self.names.get(&format!("pipeline.{record}")).cloned();
        match &answer.pipeline {
            Some(id) => self.aligned((Kind::Pipeline, format!("{}/{id}", answer.object))),
            None => named().unwrap_or((Kind::Pipeline, format!("{}/{record}", answer.object))),
        }
    }

    /// `raw` is the pipeline as the export calls it.
    fn stage(&self, raw: &str, id: &str) -> Key {
        let name = id.strip_prefix('{').and_then(|id| id.strip_suffix('}'));
        match name.and_then(|name| self.names.get(name)) {
            Some(key) => key.clone(),
            None => self.aligned((Kind::Stage, format!("{raw}/{id}"))),
        }
    }

    fn aligned(&self, key: Key) -> Key {
        self.aligned.get(&key).cloned().unwrap_or(key)
    }

    fn title(&self, key: &Key) -> String {
        self.titles.get(key).cloned().unwrap_or_else(|| self.of_a_build(key))
    }

    /// What people call a stage that the process does not have, by what another build names it by:
    /// `{stage.parked}`. Its pipeline may tell the title.
    fn of_a_build(&self, key: &Key) -> String {
        let (pipeline, id) = key.1.rsplit_once('/').unwrap_or(("", &key.1));
        let name = id.strip_prefix('{').and_then(|id| id.strip_suffix('}'));
        let Some((_, name)) = name.and_then(|name| name.split_once('.')) else {
            return id.to_owned();
        };
        let mut titles: Vec<&String> = self
            .titles
            .iter()
            .filter(|(other, _)| {
                let id = other.1.strip_prefix(pipeline).and_then(|rest| rest.strip_prefix('/'));
                let is_named = |id: &str| {
                    id.strip_suffix(name)
                        .is_some_and(|before| before.is_empty() || before.ends_with('_'))
                };
                other.0 == key.0 && id.is_some_and(is_named)
            })
            .map(|(_, title)| title)
            .collect();
        titles.dedup();
        match titles.as_slice() {
            [title] => (*title).clone(),
            _ => name.to_owned(),
        }
    }
}

/// The parts of an answer about rules.
pub(crate) fn parts(answer: &Answer, ids: &Ids<'_>) -> Vec<Part> {
    let pipeline = ids.pipeline(answer);
    let raw = match &answer.pipeline {
        Some(id) => format!("{}/{id}", answer.object),
        None => pipeline.1.clone(),
    };
    let of = format!("the pipeline \"{}\" of {}", ids.title(&pipeline), answer.object);
    let within = Within { answer, ids, pipeline, raw, of };
    if is_editors(&answer.map) { within.editors() } else { within.rules() }
}

struct Within<'w> {
    answer: &'w Answer,
    ids: &'w Ids<'w>,
    pipeline: Key,
    raw: String,
    /// What people call the pipeline.
    of: String,
}

impl Within<'_> {
    fn rules(&self) -> Vec<Part> {
        let map = &self.answer.map;
        let place = self.place("");
        let mut part = Part::new(
            Kind::PipelineRules,
            self.pipeline.1.clone(),
            format!("rules of {}", self.of),
            place,
        );
        part.about = Some(self.pipeline.clone());
        let rules = map.get("governanceValidationRules");
        for property in table::PIPELINE_RULES {
            let rule = rules.and_then(|rules| rules.get(property.key));
            let all = rule.and_then(|rule| rule.get("enabledForAllStages"));
            let stages = rule.and_then(|rule| rule.get("pipelineStageIds"));
            let mut stages: Vec<String> =
                list(stages).iter().map(|id| self.ids.title(&self.stage(id))).collect();
            stages.sort();
            // Where no stage is named, records begin in all of them.
            let begins = property.key == "objectCreationRule";
            let value = match () {
                () if all == Some(&Value::Bool(true)) => "all".to_owned(),
                () if stages.is_empty() && begins => "all".to_owned(),
                () if stages.is_empty() => "none".to_owned(),
                () => stages.join(SEPARATOR),
            };
            part.facts.push(fact(property, value));
        }
        let owner = part.key.clone();
        let mut parts = vec![part];
        // Both names are in the reference of the interface.
        let approvals = match (map.get("approvalStageRules"), map.get("approvalStage")) {
            (Some(Value::Array(all)), _) if !all.is_empty() => {
                super::numbered("/approvalStageRules", all)
            }
            (_, Some(one @ Value::Object(_))) => vec![("/approvalStage".to_owned(), one)],
            _ => Vec::new(),
        };
        for (pointer, approval) in approvals {
            let Value::Object(map) = approval else { continue };
            let stage = self.stage(&text(map, "pipelineStageId").unwrap_or_default());
            let said = format!("approval of stage \"{}\" of {}", self.ids.title(&stage), self.of);
            let mut part = Part::new(Kind::Approval, stage.1.clone(), said, self.place(&pointer));
            part.title = self.ids.title(&stage);
            part.owner = Some(owner.clone());
            part.about = Some(stage);
            for property in table::APPROVAL {
                let value = match property.key {
                    "approverUserIds" => {
                        let mut users = list(map.get(property.key));
                        users.sort();
                        Some(users.join(SEPARATOR))
                    }
                    "conditionalApprovalFilterBranch" => {
                        Some(map.get(property.key).is_some_and(|of| !of.is_null()).to_string())
                    }
                    key => text(map, key),
                };
                part.facts.extend(value.map(|value| fact(property, value)));
            }
            parts.push(part);
        }
        parts
    }

    fn editors(&self) -> Vec<Part> {
        let stages = self.answer.map.get("stages").and_then(Value::as_array);
        let stages = stages.map_or(&[][..], Vec::as_slice);
        let mut parts = Vec::new();
        for (pointer, value) in super::numbered("/stages", stages) {
            let Value::Object(map) = value else { continue };
            let stage = self.stage(&text(map, "pipelineStageId").unwrap_or_default());
            let title = self.ids.title(&stage);
            let said = format!("editing in stage \"{title}\" of {}", self.of);
            let mut part = Part::new(Kind::Editors, stage.1.clone(), said, self.place(&pointer));
            part.title = title;
            part.about = Some(stage);
            let mut who = Vec::new();
            for (key, word) in [("teamIds", "team"), ("userIds", "user")] {
                let mut all = list(map.get(key));
                all.sort();
                who.extend(all.into_iter().map(|id| format!("{word} {id}")));
            }
            if map.get("superAdmin") == Some(&Value::Bool(true)) {
                who.push("super admins".to_owned());
            }
            let restricted = text(map, "permissionMode").is_some_and(|mode| mode == "RESTRICTED");
            let value = match () {
                () if !restricted => "everybody".to_owned(),
                () if who.is_empty() => "nobody".to_owned(),
                () => who.join(SEPARATOR),
            };
            part.facts.extend(table::EDITORS.first().map(|property| fact(property, value)));
            parts.push(part);
        }
        parts
    }

    fn stage(&self, id: &str) -> Key {
        self.ids.stage(&self.raw, id)
    }

    fn place(&self, pointer: &str) -> Place {
        let before = self.answer.place.pointer.clone().unwrap_or_default();
        let pointer = Some(format!("{before}{pointer}")).filter(|pointer| !pointer.is_empty());
        Place { pointer, ..self.answer.place.clone() }
    }
}

fn fact(property: &'static Property, value: String) -> Fact {
    Fact { property, value, line: None }
}

/// A list of identifiers: texts, or numbers.
fn list(of: Option<&Value>) -> Vec<String> {
    of.and_then(Value::as_array).into_iter().flatten().filter_map(super::plain).collect()
}
