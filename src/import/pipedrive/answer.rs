//! Answers of Pipedrive, whatever they are wrapped in: what they hold, one thing after the other.

use serde_json::{Map, Value};

use super::super::Refused;
use super::super::report::code;

/// The most answers in answers: a file may hold several by name or in a list.
const DEEPEST: usize = 3;
/// The names under which one file holds several answers.
const NAMES: &[&str] = &[
    "pipelines",
    "stages",
    "dealFields",
    "personFields",
    "organizationFields",
    "fields",
    "activityTypes",
];

/// What a thing of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Thing {
    Pipeline,
    Stage,
    Field,
    Activity,
}

/// What has the fields of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Holder {
    /// Deals, and so leads.
    Deals,
    Persons,
    Organizations,
}

impl Holder {
    /// The word of its folder.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Holder::Deals => "deals",
            Holder::Persons => "persons",
            Holder::Organizations => "organizations",
        }
    }

    /// Which one a name tells, if it tells any: `personFields`.
    fn told(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        [
            ("person", Holder::Persons),
            ("organization", Holder::Organizations),
            ("deal", Holder::Deals),
        ]
        .into_iter()
        .find(|(word, _)| name.contains(word))
        .map(|(_, holder)| holder)
    }
}

/// A place in an answer.
#[derive(Clone, Debug)]
pub(crate) struct At {
    /// The file.
    pub(crate) path: String,
    /// The way to it, for people.
    text: String,
    /// The way to it as a JSON Pointer.
    pub(crate) pointer: String,
    /// The names under which it stands.
    pub(crate) names: Vec<String>,
}

impl At {
    /// A file; what people call it, when there are several.
    pub(crate) fn file(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), text, pointer: String::new(), names: Vec::new() }
    }

    /// The place as people read it.
    pub(crate) fn text(&self) -> String {
        if self.text.is_empty() { "the whole".to_owned() } else { self.text.clone() }
    }

    /// What stands in it under a name.
    pub(crate) fn inner(&self, name: &str) -> Self {
        let mut names = self.names.clone();
        names.push(name.to_owned());
        Self { names, ..self.below(name, name) }
    }

    fn element(&self, name: &str, index: usize) -> Self {
        let (text, pointer) = match name {
            "" => (format!("[{index}]"), index.to_string()),
            name => (format!("{name}[{index}]"), format!("{name}/{index}")),
        };
        self.below(&text, &pointer)
    }

    fn below(&self, text: &str, pointer: &str) -> Self {
        let text = match self.text.as_str() {
            "" => text.to_owned(),
            before => format!("{before}: {text}"),
        };
        let pointer = format!("{}/{pointer}", self.pointer);
        Self { path: self.path.clone(), text, pointer, names: self.names.clone() }
    }

    /// What a body is called that was built: `talk` of `stages/deal/002-talk.json`.
    pub(crate) fn stem(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or(&self.path);
        let stem = file.strip_suffix(".json").unwrap_or(file);
        match stem.split_once('-') {
            Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => rest,
            _ => stem,
        }
    }

    /// What has the fields that stand here: the names around them tell, else the folder or the file.
    pub(crate) fn holder(&self) -> Holder {
        let named = self.names.iter().rev().find_map(|name| Holder::told(name));
        named.or_else(|| self.told()).unwrap_or(Holder::Deals)
    }

    /// What the path tells: `fields/persons/age.json` by its folder, `personFields.json` by its name.
    fn told(&self) -> Option<Holder> {
        let (folders, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let all = [Holder::Persons, Holder::Organizations, Holder::Deals];
        let in_folder = |holder: &Holder| folders.ends_with(&format!("fields/{}", holder.word()));
        all.into_iter().find(in_folder).or_else(|| Holder::told(file))
    }
}

/// What is done with what answers hold.
pub(crate) trait Visit {
    /// A thing of an answer.
    fn item(&mut self, at: &At, thing: Thing, map: &Map<String, Value>) -> Result<(), Refused>;

    /// The answer has more pages.
    fn more(&mut self, at: &At) -> Result<(), Refused>;

    /// The answer holds nothing at all.
    fn nothing(&mut self, _at: &At) -> Result<(), Refused> {
        Ok(())
    }
}

/// Goes through answers.
pub(crate) fn walk(value: &Value, at: &At, visit: &mut dyn Visit) -> Result<(), Refused> {
    within(value, at, DEEPEST, visit)
}

fn within(value: &Value, at: &At, depth: usize, visit: &mut dyn Visit) -> Result<(), Refused> {
    match value {
        Value::Array(all) => {
            if all.is_empty() {
                visit.nothing(at)?;
            }
            for (index, value) in all.iter().enumerate() {
                let at = at.element("", index);
                match value {
                    Value::Object(map) if !is_wrapper(map) => item(map, &at, visit)?,
                    _ if depth > 0 => within(value, &at, depth - 1, visit)?,
                    _ => return Err(unknown()),
                }
            }
            Ok(())
        }
        Value::Object(map) if map.get("success") == Some(&Value::Bool(false)) => {
            let said = text_of(map, "error").unwrap_or_default();
            let message = format!("is an error of Pipedrive: {}", code(&said));
            Err(Refused::new(message, "ask Pipedrive once more"))
        }
        Value::Object(map) if map.contains_key("data") => {
            let more = map.get("additional_data").is_some_and(|more| {
                let pages = more.get("pagination");
                let v1 = pages.and_then(|pages| pages.get("more_items_in_collection"));
                let v2 = more.get("next_cursor").is_some_and(|next| !next.is_null());
                v1 == Some(&Value::Bool(true)) || v2
            });
            if more {
                visit.more(at)?;
            }
            match map.get("data") {
                Some(Value::Array(all)) => {
                    if all.is_empty() {
                        visit.nothing(at)?;
                    }
                    for (index, value) in all.iter().enumerate() {
                        let Value::Object(map) = value else { return Err(unknown()) };
                        item(map, &at.element("data", index), visit)?;
                    }
                    Ok(())
                }
                Some(Value::Object(map)) => item(map, &at.below("data", "data"), visit),
                // Pipedrive answers so when there is nothing.
                Some(Value::Null) | None => visit.nothing(at),
                Some(_) => Err(unknown()),
            }
        }
        // The plan of a build, and what its script has noted.
        Value::Object(map) if map.contains_key("calls") || map.contains_key("done") => Ok(()),
        Value::Object(map) if is_wrapper(map) && depth > 0 => {
            for (name, value) in map {
                if value.is_array() || value.is_object() {
                    within(value, &at.inner(name), depth - 1, visit)?;
                }
            }
            Ok(())
        }
        Value::Object(map) if !is_wrapper(map) => item(map, at, visit),
        _ => Err(unknown()),
    }
}

fn item(map: &Map<String, Value>, at: &At, visit: &mut dyn Visit) -> Result<(), Refused> {
    let thing = match () {
        () if map.contains_key("field_type") => Thing::Field,
        () if map.contains_key("pipeline_id") && map.contains_key("name") => Thing::Stage,
        () if map.contains_key("icon_key") => Thing::Activity,
        () if map.contains_key("name") => Thing::Pipeline,
        () => return Err(unknown()),
    };
    visit.item(at, thing, map)
}

/// An object of answers by their names, or an answer.
fn is_wrapper(map: &Map<String, Value>) -> bool {
    map.contains_key("success") || NAMES.iter().any(|name| map.contains_key(*name))
}

fn unknown() -> Refused {
    Refused::new(
        "holds neither pipelines nor stages nor fields of Pipedrive",
        "save the answers of `GET /pipelines`, `/stages` and `/dealFields` unchanged",
    )
}

/// A text or a number.
pub(crate) fn text_of(map: &Map<String, Value>, key: &str) -> Option<String> {
    match map.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a thing is deleted: the two versions of the interface, and its kinds, say it otherwise.
pub(crate) fn is_deleted(map: &Map<String, Value>) -> bool {
    flag(map, &["is_deleted"]) == Some(true) || flag(map, &["active_flag", "active"]) == Some(false)
}

/// The key of a field, if it has one, and whether it is a field of the account. Without a key it is
/// the body of a request, which makes one.
pub(crate) fn field_key(map: &Map<String, Value>) -> (Option<String>, bool) {
    let key = text_of(map, "field_code").or_else(|| text_of(map, "key"));
    let is_own = |key: &String| key.len() == 40 && key.chars().all(|c| c.is_ascii_hexdigit());
    let own = flag(map, &["is_custom_field"]).unwrap_or(key.as_ref().is_none_or(is_own));
    (key, own)
}

/// After how many days a deal in a stage rots, as it is written; none where it does not.
pub(crate) fn rotting(map: &Map<String, Value>) -> Option<String> {
    let rots = flag(map, &["is_deal_rot_enabled", "rotten_flag"]);
    let days = text_of(map, "days_to_rotten").or_else(|| text_of(map, "rotten_days"));
    days.filter(|_| rots != Some(false))
}

/// The first of several keys: the two versions of the interface differ.
pub(crate) fn flag(map: &Map<String, Value>, keys: &[&str]) -> Option<bool> {
    keys.iter().find_map(|key| match map.get(*key)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_i64() != Some(0)),
        _ => None,
    })
}
