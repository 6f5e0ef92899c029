//! Answers of HubSpot: pipelines, properties and groups of properties, each as one answer, one thing of
//! it, or the body of the request that makes it.

pub(crate) mod rules;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use crate::import::Refused;
use crate::import::report::code;
use crate::import::xml::File;

use super::part::{Fact, Key, Kind, Part, Place, Property, SEPARATOR};
use super::table;

/// What answers hold.
#[derive(Default)]
pub(crate) struct Answers {
    /// Pipelines, properties and groups.
    pub(crate) parts: Vec<Part>,
    /// What the files are answers about: an answer without anything in it is one, too.
    pub(crate) told: FxHashSet<(Kind, String)>,
    /// Rules of pipelines. What they are about is known when pipelines are.
    pub(crate) rules: Vec<rules::Answer>,
}

/// What answers are about.
pub(crate) struct Objects<'a> {
    /// The objects of HubSpot that the process fills.
    pub(crate) known: &'a [String],
    /// The one that was named for answers which do not tell.
    pub(crate) named: Option<&'a str>,
}

/// Reads files into parts. An owner stands before what belongs to it.
pub(crate) fn read(files: &[File], objects: &Objects<'_>) -> Result<Answers, Refused> {
    let mut answers = Answers::default();
    for (path, text) in files {
        let value = super::json(path, text, "HubSpot")?;
        // What `send.sh` has noted beside the bodies.
        if value.get("done").is_some() && value.get("values").is_some() {
            continue;
        }
        Reader { path, objects, answers: &mut answers }.answer(&value)?;
    }
    Ok(answers)
}

/// The object of HubSpot of a path: of the last folder that is called like one, as in
/// `properties/deals/amount.json`; else the one that the name of the file tells, `pipelines-deals.json`.
fn object_of(path: &str, known: &[String]) -> Option<String> {
    let path = path.to_lowercase().replace('\\', "/");
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let named = |folder: &str| known.iter().find(|object| object.eq_ignore_ascii_case(folder));
    if let Some(object) = folders.rsplit('/').find_map(named) {
        return Some(object.clone());
    }
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let at = |object: &String| {
        let name = object.to_lowercase();
        let mut all = file.rmatch_indices(&name).map(|(at, _)| (at, at + name.len()));
        all.find(|(from, to)| {
            let before = file.get(..*from).and_then(|text| text.chars().next_back());
            is_edge(before) && is_edge(file.get(*to..).and_then(|text| text.chars().next()))
        })
    };
    let named = known.iter().filter_map(|object| {
        let (from, to) = at(object)?;
        Some(((to, to - from), object))
    });
    named.max().map(|(_, object)| object.clone())
}

/// What is not compared: a score or an entry of the list of them, for people finish its draft; and a
/// lifecycle stage alone, for the account may have others in any order.
fn is_passed_over(map: &Map<String, Value>) -> bool {
    let is_score = map.contains_key("groupConfigs") || map.contains_key("scoredObjectTypeId");
    is_score || map.contains_key("metadata") && !map.contains_key("stages")
}

struct Reader<'r> {
    path: &'r str,
    objects: &'r Objects<'r>,
    answers: &'r mut Answers,
}

impl Reader<'_> {
    fn answer(&mut self, value: &Value) -> Result<(), Refused> {
        let list: Vec<(String, &Value)> = match value {
            Value::Array(all) => numbered("", all),
            Value::Object(map) => {
                if map.contains_key("message") && map.contains_key("status") {
                    let said = text(map, "message").unwrap_or_default();
                    let message = format!("is an error of HubSpot: {}", code(&said));
                    return Err(self.refused(&message, "ask HubSpot once more"));
                }
                let more = map.get("paging").and_then(|paging| paging.get("next"));
                if more.is_some_and(|next| !next.is_null()) {
                    let help = "what is on the others would seem to be missing: save all of them";
                    return Err(self.refused("is one page of several", help));
                }
                match map.get("results") {
                    Some(Value::Array(all)) => numbered("/results", all),
                    Some(_) => return Err(self.unknown()),
                    None => vec![(String::new(), value)],
                }
            }
            _ => return Err(self.unknown()),
        };
        if list.is_empty() {
            return self.nothing();
        }
        self.count(list.len())?;
        for (pointer, value) in list {
            let Value::Object(map) = value else { return Err(self.unknown()) };
            if is_passed_over(map) {
                continue;
            } else if rules::is_rules(map) {
                self.rules(map, &pointer)?;
            } else if map.contains_key("propertyValidationRules") {
                self.rules_of_property(map, &pointer)?;
            } else if map.contains_key("ruleArguments") {
                self.body_of_rule(map)?;
            } else if map.contains_key("stages") {
                self.pipeline(map, &pointer)?;
            } else if map.contains_key("fieldType") {
                self.property(map, &pointer)?;
            } else if map.contains_key("name") && map.contains_key("label") {
                self.group(map, &pointer)?;
            } else {
                return Err(self.unknown());
            }
        }
        Ok(())
    }

    /// An answer without anything in it. What it is about, only its name can tell.
    fn nothing(&mut self) -> Result<(), Refused> {
        let path = self.path.to_lowercase();
        let kind = match () {
            () if path.contains("validation") => Kind::PropertyRule,
            () if path.contains("group") => Kind::Group,
            () if path.contains("propert") => Kind::Field,
            () if path.contains("pipeline") => Kind::Pipeline,
            () => {
                let help = "name it after what was asked: `pipelines-deals.json`";
                return Err(self.refused("holds nothing, and its name does not tell what of", help));
            }
        };
        let object = self.object()?;
        if kind == Kind::Pipeline {
            self.answers.told.insert((Kind::Stage, object.clone()));
        }
        self.answers.told.insert((kind, object));
        Ok(())
    }

    fn refused(&self, what: &str, help: &str) -> Refused {
        Refused::new(format!("{what}: `{}`", self.path), help)
    }

    fn unknown(&self) -> Refused {
        self.refused(
            "holds neither pipelines nor properties",
            "save the answers of `GET /crm/v3/pipelines/{objectType}` and `GET /crm/v3/properties/{objectType}`",
        )
    }

    /// What the answer is about: its path tells, else what was named, else there is but one.
    fn object(&self) -> Result<String, Refused> {
        let known = self.objects.known;
        if let Some(object) = object_of(self.path, known) {
            return Ok(object);
        }
        // What is scored beside has properties for that alone, and no pipeline: it is named.
        let mut main =
            known.iter().filter(|name| !matches!(name.as_str(), "contacts" | "companies"));
        match (self.objects.named, main.next(), main.next()) {
            (Some(named), ..) => Ok(named.to_owned()),
            (None, Some(only), None) => Ok(only.clone()),
            _ => {
                let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                let known = known.join(", ");
                Err(self.refused(
                    &format!("does not tell whether it is about {known}"),
                    "name the file after it, such as `pipelines-deals.json`, or say `--object deals`",
                ))
            }
        }
    }

    fn pipeline(&mut self, map: &Map<String, Value>, pointer: &str) -> Result<(), Refused> {
        let id = text(map, "id").or_else(|| text(map, "pipelineId")).unwrap_or_default();
        // Identifiers of pipelines are told apart without their object.
        let object = self.object()?;
        self.answers.told.insert((Kind::Pipeline, object.clone()));
        self.answers.told.insert((Kind::Stage, object.clone()));
        let label = text(map, "label").unwrap_or_default();
        let said = format!("pipeline \"{label}\" of {object}");
        let key = format!("{object}/{id}");
        let mut part = Part::new(Kind::Pipeline, key, said.clone(), self.place(pointer));
        part.title = label;
        part.off = off(map);
        let owner = self.push(part, map, table::PIPELINE);
        let Some(Value::Array(stages)) = map.get("stages") else { return Err(self.unknown()) };
        self.count(stages.len())?;
        let mut stages = numbered(&format!("{pointer}/stages"), stages);
        // HubSpot shows them by this number, whatever their order in an answer is.
        stages.sort_by_key(|(_, stage)| number(stage, "displayOrder"));
        for (pointer, stage) in stages {
            let Value::Object(map) = stage else { return Err(self.unknown()) };
            let id = text(map, "id").or_else(|| text(map, "stageId")).unwrap_or_default();
            let label = text(map, "label").unwrap_or_default();
            let said = format!("stage \"{label}\" of the {said}");
            let key = format!("{}/{id}", owner.1);
            let mut part = Part::new(Kind::Stage, key, said, self.place(&pointer));
            part.title = label;
            part.owner = Some(owner.clone());
            part.off = off(map);
            self.push(part, map, table::PIPELINE_STAGE);
        }
        Ok(())
    }

    fn property(&mut self, map: &Map<String, Value>, pointer: &str) -> Result<(), Refused> {
        let object = self.object()?;
        self.answers.told.insert((Kind::Field, object.clone()));
        let Some(name) = text(map, "name") else { return Err(self.unknown()) };
        let said = format!("property `{name}` of {object}");
        let key = format!("{object}/{name}").to_lowercase();
        let mut part = Part::new(Kind::Field, key, said.clone(), self.place(pointer));
        part.title = name;
        part.off = off(map).or_else(|| hidden(map));
        let owner = self.push(part, map, table::PROPERTY);
        let Some(Value::Array(options)) = map.get("options") else { return Ok(()) };
        self.count(options.len())?;
        let mut options = numbered(&format!("{pointer}/options"), options);
        options.sort_by_key(|(_, option)| number(option, "displayOrder"));
        for (pointer, option) in options {
            let Value::Object(map) = option else { return Err(self.unknown()) };
            let Some(value) = text(map, "value") else { return Err(self.unknown()) };
            let key = format!("{}/{value}", owner.1);
            let said = format!("option \"{value}\" of the {said}");
            let mut part = Part::new(Kind::Option, key, said, self.place(&pointer));
            part.title = text(map, "label").unwrap_or_else(|| value.clone());
            part.name = value;
            part.owner = Some(owner.clone());
            part.off = hidden(map);
            self.push(part, map, table::PROPERTY_OPTION);
        }
        Ok(())
    }

    /// All rules about the values of a property.
    fn rules_of_property(
        &mut self,
        map: &Map<String, Value>,
        pointer: &str,
    ) -> Result<(), Refused> {
        let object = self.object()?;
        self.answers.told.insert((Kind::PropertyRule, object.clone()));
        let rules = map.get("propertyValidationRules").and_then(Value::as_array);
        let (Some(property), Some(rules)) = (text(map, "propertyName"), rules) else {
            return Err(self.unknown());
        };
        self.count(rules.len())?;
        for (pointer, rule) in numbered(&format!("{pointer}/propertyValidationRules"), rules) {
            let Value::Object(map) = rule else { return Err(self.unknown()) };
            let Some(kind) = text(map, "ruleType") else { return Err(self.unknown()) };
            self.property_rule(&object, (&property, &kind), map, &pointer);
        }
        Ok(())
    }

    /// The body of a request that sets a rule: its file tells which, `size.MIN_NUMBER.json`.
    fn body_of_rule(&mut self, map: &Map<String, Value>) -> Result<(), Refused> {
        let file = self.path.rsplit(['/', '\\']).next().unwrap_or_default();
        let named = file.strip_suffix(".json").and_then(|name| name.rsplit_once('.'));
        let Some((property, kind)) = named.filter(|_| !map.contains_key("ruleType")) else {
            return Err(self.refused(
                "has rules of a property, and does not tell which",
                "save the answer for the whole object: `GET /crm/property-validations/2026-03/{objectTypeId}`",
            ));
        };
        let object = self.object()?;
        self.answers.told.insert((Kind::PropertyRule, object.clone()));
        self.property_rule(&object, (property, kind), map, "");
        Ok(())
    }

    fn property_rule(
        &mut self,
        object: &str,
        (property, kind): (&str, &str),
        map: &Map<String, Value>,
        pointer: &str,
    ) {
        let owner = format!("{object}/{property}").to_lowercase();
        let said = format!("rule {kind} of the property `{property}` of {object}");
        let key = format!("{owner}/{kind}");
        let mut part = Part::new(Kind::PropertyRule, key, said, self.place(pointer));
        part.title = kind.to_owned();
        part.name = kind.to_owned();
        part.owner = Some((Kind::Field, owner));
        let arguments = map.get("ruleArguments").and_then(Value::as_array).into_iter().flatten();
        let arguments: Vec<String> = arguments.filter_map(plain).collect();
        let value = arguments.join(SEPARATOR);
        let fact = |property| Fact { property, value: value.clone(), line: None };
        part.facts = table::PROPERTY_RULE.iter().map(fact).collect();
        self.answers.parts.push(part);
    }

    /// Refuses what is far too much before it is read.
    fn count(&self, more: usize) -> Result<(), Refused> {
        if self.answers.parts.len().saturating_add(more) > super::MOST_PARTS {
            return Err(super::too_many());
        }
        Ok(())
    }

    fn group(&mut self, map: &Map<String, Value>, pointer: &str) -> Result<(), Refused> {
        let object = self.object()?;
        self.answers.told.insert((Kind::Group, object.clone()));
        let name = text(map, "name").unwrap_or_default();
        let said = format!("property group `{name}` of {object}");
        let key = format!("{object}/{name}").to_lowercase();
        let mut part = Part::new(Kind::Group, key, said, self.place(pointer));
        part.off = off(map);
        self.push(part, map, table::GROUP);
        Ok(())
    }

    fn rules(&mut self, map: &Map<String, Value>, pointer: &str) -> Result<(), Refused> {
        let type_id = text(map, "objectTypeId").unwrap_or_default();
        let named = self.objects.known.iter().find(|object| is_type(object, &type_id));
        let object = match named {
            Some(object) => object.clone(),
            None => self.object()?,
        };
        let pipeline = text(map, "pipelineId");
        let place = self.place(pointer);
        self.answers.rules.push(rules::Answer { place, object, pipeline, map: map.clone() });
        Ok(())
    }

    fn place(&self, pointer: &str) -> Place {
        let pointer = Some(pointer.to_owned()).filter(|pointer| !pointer.is_empty());
        Place { path: self.path.to_owned(), line: None, pointer }
    }

    fn push(
        &mut self,
        mut part: Part,
        map: &Map<String, Value>,
        table: &'static [Property],
    ) -> Key {
        part.facts.extend(table.iter().filter_map(|property| fact(map, property)));
        let key = part.key.clone();
        self.answers.parts.push(part);
        key
    }
}

/// Whether this is how the interface for rules calls an object.
fn is_type(object: &str, id: &str) -> bool {
    let known = match object {
        "deals" => "0-3",
        "tickets" => "0-5",
        "leads" => "0-136",
        custom => custom,
    };
    known == id
}

fn numbered<'v>(at: &str, all: &'v [Value]) -> Vec<(String, &'v Value)> {
    all.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)).collect()
}

/// A place in an order; what has none, or -1, comes last.
fn number(value: &Value, key: &str) -> i64 {
    let number = value.get(key).and_then(Value::as_i64);
    number.filter(|number| *number >= 0).unwrap_or(i64::MAX)
}

fn fact(map: &Map<String, Value>, property: &'static Property) -> Option<Fact> {
    let mut steps = property.key.split('/');
    let mut value = map.get(steps.next()?)?;
    for step in steps {
        value = value.get(step)?;
    }
    Some(Fact { property, value: plain(value)?, line: None })
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    plain(map.get(key)?)
}

/// Values of `metadata` are texts, whatever they mean.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn off(map: &Map<String, Value>) -> Option<&'static str> {
    (map.get("archived") == Some(&Value::Bool(true))).then_some("archived")
}

fn hidden(map: &Map<String, Value>) -> Option<&'static str> {
    (map.get("hidden") == Some(&Value::Bool(true))).then_some("hidden")
}
