//! Answers of Pipedrive: pipelines, stages, fields and types of activities, as one answer each or all in
//! one, or the bodies of the requests that make them.
//!
//! Pipedrive chooses all identifiers. What `send.sh` noted in `sent.json` tells which is which; what it
//! does not tell is matched by its name.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use crate::import::Refused;
use crate::import::pipedrive::answer::{
    self, At, Holder, Thing, Visit, field_key, flag, is_deleted, rotting, text_of,
};
use crate::import::xml::File;

use super::align::align;
use super::part::{Fact, Key, Kind, Part, Place, Property, SEPARATOR};
use super::table;

/// What answers hold.
pub(crate) struct Answers {
    /// Pipelines, stages, fields, types of activities.
    pub(crate) parts: Vec<Part>,
    /// What the files are answers about.
    pub(crate) told: FxHashSet<(Kind, String)>,
    /// The pipelines and stages of the process that are not in them, or deleted.
    pub(crate) gone: FxHashSet<Key>,
}

/// What answers are read beside.
pub(crate) enum Beside<'b> {
    /// They stand alone: what a build has written.
    Nothing,
    /// So do these, but nothing is asked for in pipelines and stages that are gone.
    Gone(FxHashSet<Key>),
    /// A process: identifiers are those that it has for the same things.
    Process(&'b [Part]),
}

/// What holds types of activities, in keys.
pub(super) const ACTIVITIES: &str = "activities";

/// Reads files into parts.
pub(crate) fn read(files: &[File], beside: Beside<'_>) -> Result<Answers, Refused> {
    let mut found = Found::default();
    for (path, text) in files {
        let value = super::json(path, text, "Pipedrive")?;
        found.note(&value);
        answer::walk(&value, &At::file(path, String::new()), &mut found).map_err(|refused| {
            Refused::new(format!("{}: `{path}`", refused.message), refused.help)
        })?;
    }
    Build::of(&found, beside)?.parts(&found)
}

/// What answers hold, before it is known what identifiers stand for.
#[derive(Default)]
struct Found {
    items: Vec<(At, Thing, Map<String, Value>)>,
    told: FxHashSet<(Kind, String)>,
    /// What the process calls an identifier: of a kind, `stage`, and its text.
    sent: FxHashMap<(String, String), String>,
}

impl Found {
    /// Reads what the script of a build has noted: names, and the identifiers that were answered.
    fn note(&mut self, value: &Value) {
        let values = value.get("done").and_then(|_| value.get("values")).and_then(Value::as_object);
        for (name, id) in values.into_iter().flatten() {
            let id = match id {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            let kind = name.split('.').next().unwrap_or_default().to_owned();
            self.sent.insert((kind, id), name.clone());
        }
    }
}

impl Visit for Found {
    fn item(&mut self, at: &At, thing: Thing, map: &Map<String, Value>) -> Result<(), Refused> {
        self.told.insert(subject(thing, at.holder()));
        self.items.push((at.clone(), thing, map.clone()));
        if self.items.len() > super::MOST_PARTS {
            return Err(super::too_many());
        }
        Ok(())
    }

    fn more(&mut self, _at: &At) -> Result<(), Refused> {
        Err(Refused::new(
            "is one page of several",
            "what is on the others would seem to be missing: save all of them",
        ))
    }

    fn nothing(&mut self, at: &At) -> Result<(), Refused> {
        let path = at.path.to_lowercase();
        let file = path.rsplit('/').next().unwrap_or(&path);
        let name = at.names.last().map(|name| name.to_lowercase());
        let name = name.as_deref().unwrap_or(file);
        let thing = match () {
            () if name.contains("field") => Thing::Field,
            () if name.contains("stage") => Thing::Stage,
            () if name.contains("pipeline") => Thing::Pipeline,
            () if name.contains("activit") => Thing::Activity,
            () => {
                let help = "name it after what was asked: `stages.json`";
                return Err(Refused::new(
                    "holds nothing, and its name does not tell what of",
                    help,
                ));
            }
        };
        self.told.insert(subject(thing, at.holder()));
        Ok(())
    }
}

/// What a thing is an answer about.
fn subject(thing: Thing, holder: Holder) -> (Kind, String) {
    let (kind, object) = match thing {
        Thing::Pipeline => (Kind::Pipeline, "deals"),
        Thing::Stage => (Kind::Stage, "deals"),
        Thing::Field => (Kind::Field, holder.word()),
        Thing::Activity => (Kind::ActivityType, ACTIVITIES),
    };
    (kind, object.to_owned())
}

/// Pipelines and stages, by which fields are read.
struct Build<'b> {
    process: Option<&'b [Part]>,
    parts: Vec<Part>,
    /// Which part an identifier of a pipeline or stage is.
    at: FxHashMap<(Kind, String), usize>,
    told: FxHashSet<(Kind, String)>,
    /// Pipelines and stages that are gone: nothing is asked for in them.
    gone: FxHashSet<Key>,
}

impl<'b> Build<'b> {
    fn of(found: &Found, beside: Beside<'b>) -> Result<Self, Refused> {
        let (process, gone) = match beside {
            Beside::Nothing => (None, FxHashSet::default()),
            Beside::Gone(gone) => (None, gone),
            Beside::Process(process) => (Some(process), FxHashSet::default()),
        };
        let (parts, at) = (Vec::new(), FxHashMap::default());
        let mut build = Self { process, parts, at, told: found.told.clone(), gone };
        let of = |wanted: Thing| found.items.iter().filter(move |(_, thing, _)| *thing == wanted);
        for (at, _, map) in of(Thing::Pipeline) {
            let name = text_of(map, "name").unwrap_or_default();
            let id = text_of(map, "id").unwrap_or_else(|| format!("{{pipeline.{}}}", at.stem()));
            let key = format!("deals/{}", named(found, "pipeline", &id));
            let mut part =
                Part::new(Kind::Pipeline, key, format!("pipeline \"{name}\""), place(at));
            part.off = deleted(map);
            let weighted = flag(map, &["is_deal_probability_enabled", "deal_probability"]);
            part.facts = facts(table::PIPEDRIVE_PIPELINE, |key| match key {
                "name" => Some(name.clone()),
                _ => weighted.map(|flag| flag.to_string()),
            });
            part.title = name;
            build.push(part, id);
        }
        let mut stages: Vec<_> = of(Thing::Stage).collect();
        // Sorting is stable: bodies have no numbers, and stand in their order.
        stages.sort_by_key(|(.., map)| {
            map.get("order_nr").and_then(Value::as_i64).unwrap_or(i64::MAX)
        });
        for (at, _, map) in stages {
            build.stage(found, at, map)?;
        }
        if let Some(process) = process {
            align(process, &mut build.parts, &[Kind::Pipeline, Kind::Stage]);
            let live = build.parts.iter().filter(|part| part.off.is_none());
            let live: FxHashSet<&Key> = live.map(|part| &part.key).collect();
            let places =
                process.iter().filter(|part| matches!(part.kind(), Kind::Pipeline | Kind::Stage));
            let gone = places.map(|part| &part.key).filter(|key| !live.contains(key));
            build.gone = gone.cloned().collect();
        }
        Ok(build)
    }

    fn push(&mut self, part: Part, id: String) {
        self.at.insert((part.kind(), id), self.parts.len());
        self.parts.push(part);
    }

    fn stage(&mut self, found: &Found, at: &At, map: &Map<String, Value>) -> Result<(), Refused> {
        let of = text_of(map, "pipeline_id").unwrap_or_default();
        let pipeline = (Kind::Pipeline, of.clone());
        if !self.at.contains_key(&pipeline) {
            // Version 1 tells the name of the pipeline with each stage.
            let name = text_of(map, "pipeline_name");
            let asked = found.told.contains(&(Kind::Pipeline, "deals".to_owned()));
            let Some(name) = name.filter(|_| !asked) else {
                if asked {
                    return Ok(());
                }
                let message = format!(
                    "holds a stage of the pipeline {of}, which is not in it: `{}`",
                    at.path
                );
                return Err(Refused::new(message, "save the answer of `GET /pipelines`, too"));
            };
            let key = format!("deals/{}", named(found, "pipeline", &of));
            let mut part =
                Part::new(Kind::Pipeline, key, format!("pipeline \"{name}\""), place(at));
            part.title = name;
            part.bare = true;
            self.told.insert((Kind::Pipeline, "deals".to_owned()));
            self.push(part, of);
        }
        let owner = self.at.get(&pipeline).and_then(|at| self.parts.get(*at));
        let Some(owner) = owner else { return Ok(()) };
        let name = text_of(map, "name").unwrap_or_default();
        let id = text_of(map, "id").unwrap_or_else(|| format!("{{stage.{}}}", at.stem()));
        let key = format!("{}/{}", owner.key.1, named(found, "stage", &id));
        let said = format!("stage \"{name}\" of the {}", owner.said);
        let mut part = Part::new(Kind::Stage, key, said, place(at));
        part.owner = Some(owner.key.clone());
        part.off = deleted(map);
        let days = rotting(map).unwrap_or_else(|| "never".to_owned());
        part.facts = facts(table::PIPEDRIVE_STAGE, |key| match key {
            "name" => Some(name.clone()),
            "days_to_rotten" => Some(days.clone()),
            key => text_of(map, key),
        });
        part.title = name;
        self.push(part, id);
        Ok(())
    }

    fn parts(mut self, found: &Found) -> Result<Answers, Refused> {
        let places = self.places();
        for (at, _, map) in found.items.iter().filter(|(_, thing, _)| *thing == Thing::Field) {
            self.field(found, at, map, &places);
        }
        for (at, _, map) in found.items.iter().filter(|(_, thing, _)| *thing == Thing::Activity) {
            let name = text_of(map, "name").unwrap_or_default();
            let id = text_of(map, "id").unwrap_or_else(|| format!("{{activity.{}}}", at.stem()));
            let key = format!("{ACTIVITIES}/{}", named(found, "activity", &id));
            let said = format!("activity type \"{name}\"");
            let mut part = Part::new(Kind::ActivityType, key, said, place(at));
            part.off = deleted(map);
            part.facts = facts(table::ACTIVITY_TYPE, |key| text_of(map, key));
            part.title = name;
            self.parts.push(part);
        }
        if let Some(process) = self.process {
            align(process, &mut self.parts, &[Kind::Field, Kind::ActivityType]);
        }
        Ok(Answers { parts: self.parts, told: self.told, gone: self.gone })
    }

    /// What people call the pipelines and stages of the process, by the identifiers of the answers. Of
    /// other pipelines the process says nothing.
    fn places(&self) -> Places {
        let base = self.process.unwrap_or(&self.parts);
        let known: FxHashMap<&Key, &Part> = base.iter().map(|part| (&part.key, part)).collect();
        let there = |part: &&Part| part.kind() == Kind::Pipeline && !self.gone.contains(&part.key);
        let pipelines: Vec<&Part> = base.iter().filter(there).collect();
        let several = base.iter().filter(|part| part.kind() == Kind::Pipeline).count() > 1;
        let title = |part: &Part| {
            let owner = part.owner.as_ref().and_then(|owner| known.get(owner));
            match owner.filter(|_| several) {
                Some(owner) => format!("{} ({})", part.title, owner.title),
                None => part.title.clone(),
            }
        };
        let titles = self.at.iter().filter_map(|(id, at)| {
            let key = &self.parts.get(*at)?.key;
            let part = known.get(key).filter(|_| !self.gone.contains(key))?;
            Some((id.clone(), title(part)))
        });
        Places {
            titles: titles.collect(),
            stages: known.keys().filter(|(kind, _)| *kind == Kind::Stage).count(),
            pipelines: pipelines.iter().map(|part| part.title.clone()).collect(),
            several,
        }
    }

    fn field(&mut self, found: &Found, at: &At, map: &Map<String, Value>, places: &Places) {
        let (code, custom) = field_key(map);
        if !custom {
            return;
        }
        let holder = at.holder();
        let object = holder.word();
        let id = code.unwrap_or_else(|| format!("{{field.{object}.{}}}", at.stem()));
        let label = text_of(map, "field_name").or_else(|| text_of(map, "name")).unwrap_or_default();
        let key = format!("{object}/{}", named(found, "field", &id));
        let said = format!("field \"{label}\" of {object}");
        let mut part = Part::new(Kind::Field, key, said.clone(), place(at));
        part.off = deleted(map);
        let of_deals = holder == Holder::Deals;
        part.facts = facts(table::PIPEDRIVE_FIELD, |key| match key {
            "field_name" => Some(label.clone()),
            "required_fields" => Some(places.required(map)),
            "important_fields" => of_deals.then(|| places.highlighted(map)),
            "ui_visibility" => of_deals.then(|| places.shown(map)),
            key => text_of(map, key).filter(|text| !text.trim().is_empty()),
        });
        part.title = label;
        let owner = part.key.clone();
        self.parts.push(part);
        let options = map.get("options").and_then(Value::as_array).into_iter().flatten();
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        for (index, option) in options.enumerate() {
            let Some(label) = option.as_object().and_then(|option| text_of(option, "label")) else {
                continue;
            };
            let count = seen.entry(label.clone()).or_default();
            *count += 1;
            // Of two options of one name the second is another one.
            let key = match count {
                1 => format!("{}/{label}", owner.1),
                count => format!("{}/{label}/{count}", owner.1),
            };
            let mut place = place(at);
            place.pointer = Some(format!("{}/options/{index}", at.pointer));
            let said = format!("option \"{label}\" of the {said}");
            let mut part = Part::new(Kind::Option, key, said, place);
            part.name.clone_from(&label);
            part.title = label;
            part.owner = Some(owner.clone());
            self.parts.push(part);
        }
    }
}

/// What people call the pipelines and stages of the process.
struct Places {
    /// By kind and identifier.
    titles: FxHashMap<(Kind, String), String>,
    /// How many stages it has.
    stages: usize,
    /// All pipelines that are there.
    pipelines: Vec<String>,
    /// Whether the process has several.
    several: bool,
}

impl Places {
    fn all(&self, kind: Kind, of: Option<&Value>, key: &str) -> Vec<String> {
        let ids = of.and_then(|of| of.get(key)).and_then(Value::as_array).into_iter().flatten();
        let title = |id: &Value| {
            let id = match id {
                Value::String(text) => text.clone(),
                id => id.to_string(),
            };
            self.titles.get(&(kind, id)).cloned()
        };
        let mut all: Vec<String> = ids.filter_map(title).collect();
        all.sort();
        all
    }

    /// Where a deal cannot be without the field.
    fn required(&self, map: &Map<String, Value>) -> String {
        let required = map.get("required_fields");
        let Some(required) = required.filter(|required| !required.is_null()) else {
            let everywhere = flag(map, &["mandatory_flag"]) == Some(true);
            return if everywhere { "everywhere" } else { "no" }.to_owned();
        };
        let statuses: BTreeMap<&String, &Value> =
            required.get("statuses").and_then(Value::as_object).into_iter().flatten().collect();
        let words = |words: &Value| words.as_array().is_some_and(|words| !words.is_empty());
        let ends = statuses.values().any(|list| words(list));
        let stages = required.get("stage_ids").and_then(Value::as_array);
        let in_stages = stages.is_some_and(|stages| !stages.is_empty());
        match (required.get("enabled") == Some(&Value::Bool(true)), in_stages, ends) {
            (false, ..) => return "no".to_owned(),
            (_, false, false) => return "everywhere".to_owned(),
            // No request says so: that a field is asked for at the end only is left to people.
            (_, false, true) => return "no".to_owned(),
            (_, true, _) => {}
        }
        let stages = self.all(Kind::Stage, Some(required), "stage_ids");
        // In every stage that the process has a deal is never without it: so asks "everywhere".
        if !stages.is_empty() && stages.len() == self.stages {
            return "everywhere".to_owned();
        }
        let mut all: Vec<String> = stages.iter().map(|title| format!("in {title}")).collect();
        for (pipeline, words) in statuses {
            let id = (Kind::Pipeline, pipeline.clone());
            let Some(title) = self.titles.get(&id) else { continue };
            let title = if self.several { format!(" ({title})") } else { String::new() };
            let words = words.as_array().into_iter().flatten().filter_map(Value::as_str);
            all.extend(words.map(|word| format!("when {word}{title}")));
        }
        all.sort();
        if all.is_empty() { "no".to_owned() } else { all.join(SEPARATOR) }
    }

    fn highlighted(&self, map: &Map<String, Value>) -> String {
        let lit = map.get("important_fields");
        let on = lit.and_then(|lit| lit.get("enabled")) == Some(&Value::Bool(true));
        let all = self.all(Kind::Stage, lit.filter(|_| on), "stage_ids");
        if all.is_empty() { "nowhere".to_owned() } else { format!("in {}", all.join(SEPARATOR)) }
    }

    fn shown(&self, map: &Map<String, Value>) -> String {
        let shown = map.get("ui_visibility").and_then(|all| all.get("show_in_pipelines"));
        let some = shown.is_some_and(|of| of.get("show_in_all") == Some(&Value::Bool(false)));
        let mut all = match some {
            true => self.all(Kind::Pipeline, shown, "pipeline_ids"),
            false => self.pipelines.clone(),
        };
        all.sort();
        if all.is_empty() { "none".to_owned() } else { all.join(SEPARATOR) }
    }
}

/// What the process calls an identifier: by its own name, by what was noted, else by none.
fn named(found: &Found, kind: &str, id: &str) -> String {
    if let Some(name) = id.strip_prefix('{').and_then(|id| id.strip_suffix('}')) {
        return name.to_owned();
    }
    let noted = found.sent.get(&(kind.to_owned(), id.to_owned()));
    noted.cloned().unwrap_or_else(|| format!("#{id}"))
}

fn place(at: &At) -> Place {
    let pointer = Some(at.pointer.clone()).filter(|pointer| !pointer.is_empty());
    Place { path: at.path.clone(), line: None, pointer }
}

fn deleted(map: &Map<String, Value>) -> Option<&'static str> {
    is_deleted(map).then_some("deleted")
}

fn facts(table: &'static [Property], value: impl Fn(&str) -> Option<String>) -> Vec<Fact> {
    let fact = |property: &'static Property| {
        Some(Fact { property, value: value(property.key)?, line: None })
    };
    table.iter().filter_map(fact).collect()
}
