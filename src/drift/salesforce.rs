//! Source of Salesforce, in the source format of its tools or in that of the Metadata API: an
//! `*.object` file that holds everything of an object is read like the files it falls into.

mod translations;

use std::collections::BTreeSet;

use crate::import::Refused;
use crate::import::report::code;
use crate::import::xml::{Element, File, decoded, parse_any};

use super::part::{Fact, Kind, Part, Place, Property, SEPARATOR};
use super::table;

/// What is read: the ending of the file, the type in it, and the element of an object that holds
/// the same.
const TYPES: &[(&str, &str, &str)] = &[
    ("standardValueSet", "StandardValueSet", ""),
    ("object", "CustomObject", ""),
    ("field", "CustomField", "fields"),
    ("businessProcess", "BusinessProcess", "businessProcesses"),
    ("recordType", "RecordType", "recordTypes"),
    ("validationRule", "ValidationRule", "validationRules"),
    ("listView", "ListView", "listViews"),
    ("pathAssistant", "PathAssistant", ""),
    ("permissionset", "PermissionSet", ""),
    ("customPermission", "CustomPermission", ""),
    ("objectTranslation", "CustomObjectTranslation", ""),
    ("fieldTranslation", "CustomFieldTranslation", ""),
    ("standardValueSetTranslation", "StandardValueSetTranslation", ""),
];

/// The stage field, the object and what people call a value, of each list of stages.
const STAGE_SETS: &[(&str, &str, &str)] = &[
    ("OpportunityStage", "Opportunity", "Opportunity stage"),
    ("LeadStatus", "Lead", "Lead status"),
];

/// What a file holds, by its path; nothing for files that are not read. The name is the one of the
/// file, the object the one of its folder.
pub(crate) struct Named {
    /// `CustomField`
    metadata: &'static str,
    /// `Lost_Reason__c`
    pub(super) name: String,
    /// `Opportunity`, for what belongs to an object.
    pub(super) object: Option<String>,
    /// `ko`, for translations.
    language: Option<String>,
}

impl Named {
    /// What the file of this path holds.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut parts = path.rsplit(['/', '\\']);
        let file = parts.next()?;
        let file = file.strip_suffix("-meta.xml").unwrap_or(file);
        let (name, ending) = file.rsplit_once('.')?;
        let (_, metadata, within) = TYPES.iter().find(|(known, _, _)| *known == ending)?;
        let name = decoded(name);
        let object = match *metadata {
            "CustomObject" => Some(name.clone()),
            "CustomObjectTranslation" => Some(translations::parts(&name)?.0.to_owned()),
            "CustomFieldTranslation" => Some(translations::parts(parts.next()?)?.0.to_owned()),
            _ if within.is_empty() => None,
            _ => Some(parts.nth(1)?.to_owned()),
        };
        let language = match *metadata {
            "CustomFieldTranslation" => path.rsplit(['/', '\\']).nth(1),
            "CustomObjectTranslation" | "StandardValueSetTranslation" => Some(name.as_str()),
            _ => None,
        };
        let language = language.and_then(translations::parts);
        let language = language.map(|(_, language)| language.to_owned());
        Some(Self { metadata, name, object, language })
    }

    /// Whether the process says anything about such a file.
    pub(crate) fn is_wanted(&self, objects: &BTreeSet<String>) -> bool {
        let set = match self.metadata {
            "StandardValueSet" => Some(self.name.as_str()),
            "StandardValueSetTranslation" => {
                Some(translations::parts(&self.name).map_or("", |(set, _)| set))
            }
            _ => None,
        };
        let of_set = |name| STAGE_SETS.iter().find(|set| set.0 == name).map(|set| set.1);
        match set.map_or(self.object.as_deref(), of_set) {
            Some(object) => objects.iter().any(|known| known.eq_ignore_ascii_case(object)),
            None => set.is_none(),
        }
    }
}

/// Reads files into parts. An owner stands before what belongs to it.
pub(crate) fn read(files: &[File]) -> Result<Vec<Part>, Refused> {
    let mut parts = Vec::new();
    // Objects come first: what belongs to one of our own stands behind it.
    let mut named: Vec<(Named, &File)> =
        files.iter().filter_map(|file| Some((Named::of(&file.0)?, file))).collect();
    named.sort_by_key(|(named, _)| named.metadata != "CustomObject");
    for (named, file) in named {
        let root = parse_any(file)?;
        if root.name != named.metadata {
            let (path, found, wanted) = (&file.0, code(&root.name), code(named.metadata));
            let message = format!("cannot be read: `{path}` holds {found}, not {wanted}");
            return Err(Refused::new(message, "retrieve it once more"));
        }
        let name = root.child("fullName").unwrap_or(&named.name).to_owned();
        let mut reader = Reader {
            path: &file.0,
            object: String::new(),
            parts: &mut parts,
            seen: BTreeSet::new(),
        };
        reader.object = named.object.unwrap_or_default();
        let language = named.language.unwrap_or_default();
        match named.metadata {
            "CustomObject" => reader.whole(&root),
            "CustomObjectTranslation" => reader.object_translation(&language, &root),
            "CustomFieldTranslation" => reader.field_translation(&language, &root),
            "StandardValueSetTranslation" => {
                let set = translations::parts(&named.name).map_or("", |(set, _)| set);
                reader.stage_translation(&language, set, &root);
            }
            metadata => reader.component(metadata, &name, &root),
        }
    }
    Ok(parts)
}

/// Adds the objects of which an export has no file, but something that belongs to them: they are
/// there, and nothing is known of themselves.
pub(crate) fn add_objects(parts: &mut Vec<Part>, files: &[File]) {
    let mut seen: BTreeSet<String> = parts
        .iter()
        .filter(|part| part.kind() == Kind::Object)
        .map(|part| part.key.1.clone())
        .collect();
    for (path, _) in files {
        // A translation says nothing of whether what it translates is there.
        let named = Named::of(path).filter(|named| named.language.is_none());
        let Some(object) = named.and_then(|named| named.object) else { continue };
        if seen.insert(object.to_lowercase()) {
            let place = Place { path: path.clone(), line: None, pointer: None };
            let said = format!("object `{object}`");
            let mut part = Part::new(Kind::Object, object.to_lowercase(), said, place);
            part.bare = true;
            parts.push(part);
        }
    }
}

struct Reader<'p> {
    path: &'p str,
    object: String,
    parts: &'p mut Vec<Part>,
    /// The translations of this file.
    seen: BTreeSet<String>,
}

impl Reader<'_> {
    /// An object with all that its file holds.
    fn whole(&mut self, root: &Element) {
        let said = format!("object `{}`", self.object);
        let key = self.object.to_lowercase();
        let mut object = Part::new(Kind::Object, key, said, self.place(root));
        // A file may hold fields and rules that were asked for, and nothing of the object.
        let of_others = |name: &str| TYPES.iter().any(|(_, _, within)| *within == name);
        object.bare = root.children.iter().all(|child| of_others(&child.name));
        self.push(object, root, table::OBJECT);
        for element in &root.children {
            let found = TYPES.iter().find(|(_, _, within)| *within == element.name);
            if let (Some((_, metadata, _)), Some(name)) = (found, element.child("fullName")) {
                let name = name.to_owned();
                self.component(metadata, &name, element);
            }
        }
    }

    fn component(&mut self, metadata: &str, name: &str, root: &Element) {
        match metadata {
            "StandardValueSet" => self.stage_set(name, root),
            "CustomField" => self.field(name, root),
            "BusinessProcess" => self.sales_process(name, root),
            "RecordType" => self.record_type(name, root),
            "ValidationRule" => {
                let said = format!("{} validation rule `{name}`", self.object);
                let mut rule = self.of_object(Kind::Rule, name, said, root);
                rule.off = off(root, "active");
                self.push(rule, root, table::RULE);
            }
            "ListView" => {
                let said = format!("{} list view `{name}`", self.object);
                let list = self.of_object(Kind::List, name, said, root);
                self.push(list, root, table::LIST);
            }
            "PathAssistant" => self.path(root),
            "PermissionSet" => self.permission_set(name, root),
            "CustomPermission" => {
                let said = format!("custom permission `{name}`");
                let key = name.to_lowercase();
                let part = Part::new(Kind::CustomPermission, key, said, self.place(root));
                self.push(part, root, table::CUSTOM_PERMISSION);
            }
            _ => {}
        }
    }

    fn stage_set(&mut self, name: &str, root: &Element) {
        let known = STAGE_SETS.iter().find(|set| set.0 == name);
        let Some((_, object, word)) = known else { return };
        let said = format!("list of the stages of {object}");
        let set = Part::new(Kind::StageSet, name, said, self.place(root));
        let owner = self.push(set, root, table::STAGE_SET);
        for value in root.children.iter().filter(|child| child.name == "standardValue") {
            let Some(full) = value.child("fullName") else { continue };
            let label = value.child("label").unwrap_or(full);
            let key = format!("{object}/{full}");
            let said = format!("{word} \"{full}\"");
            let mut stage = Part::new(Kind::Stage, key, said, self.place(value));
            stage.title = label.to_owned();
            stage.name = full.to_owned();
            stage.owner = Some(owner.clone());
            stage.off = off(value, "isActive");
            stage.facts.extend(own_label(value, full, table::STAGE));
            self.push(stage, value, table::STAGE);
        }
    }

    fn sales_process(&mut self, name: &str, root: &Element) {
        let said = format!("{} sales process `{name}`", self.object);
        let mut process = self.of_object(Kind::SalesProcess, name, said, root);
        process.off = off(root, "isActive");
        let owner = self.push(process, root, table::SALES_PROCESS);
        for value in root.children.iter().filter(|child| child.name == "values") {
            let Some(stage) = value.child("fullName").map(decoded) else { continue };
            let said = format!("stage \"{stage}\" of the sales process `{name}`");
            let key = format!("{}/{stage}", owner.1);
            let mut part = Part::new(Kind::Offered, key, said, self.place(value));
            part.owner = Some(owner.clone());
            part.about = Some((Kind::Stage, format!("{}/{stage}", self.object)));
            part.title = stage;
            self.push(part, value, table::CHOICE);
        }
    }

    fn record_type(&mut self, name: &str, root: &Element) {
        let said = format!("{} record type `{name}`", self.object);
        let mut part = self.of_object(Kind::RecordType, name, said, root);
        part.off = off(root, "active");
        let owner = self.push(part, root, table::RECORD_TYPE);
        for list in root.children.iter().filter(|child| child.name == "picklistValues") {
            let Some(field) = list.child("picklist") else { continue };
            let key = format!("{}/{}", owner.1, field.to_lowercase());
            let said = format!("options of `{field}` in the record type `{name}`");
            let mut part = Part::new(Kind::ChoiceList, key, said, self.place(list));
            part.owner = Some(owner.clone());
            let of = self.key(field);
            part.about = Some((Kind::Field, of.clone()));
            let list_key = self.push(part, list, &[]);
            for value in list.children.iter().filter(|child| child.name == "values") {
                let Some(option) = value.child("fullName").map(decoded) else { continue };
                let said = format!("option \"{option}\" of `{field}` in the record type `{name}`");
                let key = format!("{}/{option}", list_key.1);
                let mut part = Part::new(Kind::Choice, key, said, self.place(value));
                part.owner = Some(list_key.clone());
                part.about = Some((Kind::Option, format!("{of}/{option}")));
                part.title = option;
                self.push(part, value, table::CHOICE);
            }
        }
    }

    fn field(&mut self, name: &str, root: &Element) {
        let said = format!("{} field `{name}`", self.object);
        let mut part = self.of_object(Kind::Field, name, said, root);
        let set = root.part("valueSet");
        if let Some(set) = set {
            let global = set.child("valueSetName");
            let value = global.map_or_else(
                || "of its own".to_owned(),
                |name| format!("the global value set {name}"),
            );
            part.opaque = global.is_some();
            let property = &table::VALUES_FROM;
            part.facts.push(Fact { property, value, line: Some(set.line) });
        }
        let object = self.object.clone();
        let owner = self.push(part, root, table::FIELD);
        let definition = set.and_then(|set| set.part("valueSetDefinition"));
        for value in definition.into_iter().flat_map(|definition| &definition.children) {
            let Some(option) = value.child("fullName").filter(|_| value.name == "value") else {
                continue;
            };
            let key = format!("{}/{option}", owner.1);
            let said = format!("option \"{option}\" of {object} field `{name}`");
            let mut part = Part::new(Kind::Option, key, said, self.place(value));
            part.owner = Some(owner.clone());
            part.title = value.child("label").unwrap_or(option).to_owned();
            part.name = option.to_owned();
            part.off = off(value, "isActive");
            part.facts.extend(own_label(value, option, table::OPTION));
            self.push(part, value, table::OPTION);
        }
    }

    /// A record type has one path, whatever its file is called.
    fn path(&mut self, root: &Element) {
        let object = root.child("entityName").unwrap_or_default();
        let record_type = root.child("recordTypeName").unwrap_or("__Master__");
        let said = match record_type {
            "__Master__" => format!("path of {object}"),
            name => format!("path of the {object} record type `{name}`"),
        };
        let key = format!("{object}/{record_type}").to_lowercase();
        let mut part = Part::new(Kind::Path, key.clone(), said.clone(), self.place(root));
        part.off = off(root, "active");
        part.about = Some(match record_type {
            "__Master__" => (Kind::Object, object.to_lowercase()),
            _ => (Kind::RecordType, key),
        });
        let owner = self.push(part, root, table::PATH);
        for step in root.children.iter().filter(|child| child.name == "pathAssistantSteps") {
            let Some(stage) = step.child("picklistValueName").map(decoded) else { continue };
            let key = format!("{}/{stage}", owner.1);
            let said = format!("step \"{stage}\" of the {said}");
            let mut part = Part::new(Kind::Step, key, said, self.place(step));
            part.owner = Some(owner.clone());
            part.about = Some((Kind::Stage, format!("{object}/{stage}")));
            part.title = stage;
            self.push(part, step, table::STEP);
        }
    }

    fn permission_set(&mut self, name: &str, root: &Element) {
        let said = format!("permission set `{name}`");
        let key = name.to_lowercase();
        let part = Part::new(Kind::PermissionSet, key, said, self.place(root));
        let owner = self.push(part, root, table::PERMISSION_SET);
        for element in &root.children {
            let found = table::PERMISSIONS.iter().find(|(known, _, _)| *known == element.name);
            let Some((_, names, word)) = found else { continue };
            let Some(what) = element.child(names) else { continue };
            let key = format!("{}/{word}/{}", owner.1, what.to_lowercase());
            let said = format!("permission set `{name}`, {word} `{what}`");
            let mut part = Part::new(Kind::Permission, key, said, self.place(element));
            part.owner = Some(owner.clone());
            let about = what.to_lowercase().replacen('.', "/", 1);
            part.about = match *word {
                "field" => Some((Kind::Field, about)),
                "object" => Some((Kind::Object, about)),
                "record type" => Some((Kind::RecordType, about)),
                _ => Some((Kind::CustomPermission, about)),
            };
            self.push(part, element, table::PERMISSION);
        }
    }

    /// A part of the object. What belongs to an object of our own is missing with it.
    fn of_object(&self, kind: Kind, name: &str, said: String, root: &Element) -> Part {
        let mut part = Part::new(kind, self.key(name), said, self.place(root));
        part.title = name.to_owned();
        if self.object.ends_with("__c") {
            part.owner = Some((Kind::Object, self.object.to_lowercase()));
        }
        part
    }

    /// API names are the same whatever their case.
    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.object).to_lowercase()
    }

    fn place(&self, element: &Element) -> Place {
        Place { path: self.path.to_owned(), line: Some(element.line), pointer: None }
    }

    /// Adds the part with the properties its element has; gives its key.
    fn push(
        &mut self,
        mut part: Part,
        element: &Element,
        table: &'static [Property],
    ) -> super::part::Key {
        part.facts.extend(table.iter().filter_map(|property| fact(element, property)));
        let key = part.key.clone();
        self.parts.push(part);
        key
    }
}

/// The property of an element, if it says it.
fn fact(element: &Element, property: &'static Property) -> Option<Fact> {
    let mut within = element;
    let mut steps = property.key.split('/').peekable();
    while let Some(step) = steps.next() {
        if steps.peek().is_some() {
            within = within.part(step)?;
            continue;
        }
        let all: Vec<&Element> =
            within.children.iter().filter(|child| child.name == step).collect();
        let first = all.first()?;
        let values: Vec<&str> = all.iter().map(|child| child.text.trim()).collect();
        let value = values.join(SEPARATOR);
        return (!value.is_empty()).then_some(Fact { property, value, line: Some(first.line) });
    }
    None
}

/// Without a label of its own, the label of a value is its name.
fn own_label(element: &Element, name: &str, table: &'static [Property]) -> Option<Fact> {
    let property = table.iter().find(|property| property.key == "label")?;
    let missing = element.child("label").is_none();
    missing.then(|| Fact { property, value: name.to_owned(), line: Some(element.line) })
}

/// Without the word, a part is active.
fn off(element: &Element, flag: &str) -> Option<&'static str> {
    let said = element.child(flag)?;
    said.eq_ignore_ascii_case("false").then_some("not active")
}
