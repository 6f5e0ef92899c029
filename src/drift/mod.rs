//! What a CRM holds, beside what the process says: by meaning, not by text.
//!
//! Both sides go through the same readers. What the process says is what its target would build, with
//! the settings of the manifest; what the CRM holds is an export. A reader makes [`part::Part`]s of
//! files, [`compare`] compares them, and `render` tells the result. Nothing here touches files.

mod align;
pub(crate) mod compare;
mod formula;
pub(crate) mod hubspot;
pub(crate) mod part;
mod pipedrive;
pub(crate) mod render;
pub(crate) mod salesforce;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use serde_json::Value;

use crate::emit::Artifact;
use crate::import::xml::File;
use crate::import::{Refused, must_be_text};
use crate::model::{Process, Text};
use crate::source::Span;

use align::align;
use compare::{Compared, Drift, compare};
use hubspot::rules::{self, Ids, Names};
use part::{Key, Kind, Part, one_line};

/// The most parts that are compared. No configuration has as many; an export of records does.
const MOST_PARTS: usize = 200_000;

/// The system that an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Salesforce.
    Salesforce,
    /// HubSpot.
    Hubspot,
    /// Pipedrive.
    Pipedrive,
}

impl System {
    /// The target that is built for it.
    pub(crate) fn target(self) -> &'static str {
        match self {
            System::Salesforce => "salesforce",
            System::Hubspot => "hubspot",
            System::Pipedrive => "pipedrive",
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            System::Salesforce => "Salesforce",
            System::Hubspot => "HubSpot",
            System::Pipedrive => "Pipedrive",
        }
    }
}

/// What a comparison tells.
#[derive(Debug)]
pub(crate) struct Report {
    /// The system.
    pub(crate) system: System,
    /// The differences, and what is beside them.
    pub(crate) compared: Compared,
    /// What the export does not hold, so that it was not compared.
    pub(crate) unread: Vec<String>,
}

impl Report {
    /// Whether there is any difference.
    pub(crate) fn has_drift(&self) -> bool {
        !self.compared.drifts.is_empty()
    }
}

/// What the process says: the parts of what its target builds.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    system: System,
    parts: Vec<Part>,
    /// The objects of the system that hold its records.
    pub(crate) objects: Vec<String>,
    /// What the bodies of rules of HubSpot call pipelines and stages.
    names: Names,
    /// The bodies for Pipedrive, which are read once more when some of its stages are gone.
    bodies: Vec<File>,
}

impl Said {
    /// Reads what the target has built. A fault in it would be one of ours.
    pub(crate) fn of(
        system: System,
        process: &Process,
        artifacts: &[Artifact],
    ) -> Result<Self, Refused> {
        let text = |artifact: &Artifact| {
            let text = String::from_utf8_lossy(&artifact.contents).into_owned();
            (artifact.path.as_str().to_owned(), text)
        };
        let is_body = |artifact: &&Artifact| {
            let path = artifact.path.as_str();
            path.ends_with(".json") && path != "plan.json" && !path.ends_with(".tf.json")
        };
        let mut names = Names::default();
        let mut bodies = Vec::new();
        let (parts, objects) = match system {
            System::Salesforce => {
                let files: Vec<File> = artifacts.iter().map(text).collect();
                let objects: BTreeSet<String> = files
                    .iter()
                    .filter_map(|(path, _)| salesforce::Named::of(path)?.object)
                    .collect();
                (salesforce::read(&files)?, objects.into_iter().collect())
            }
            System::Hubspot => {
                let files: Vec<File> = artifacts.iter().filter(is_body).map(text).collect();
                let folders = files.iter().filter_map(|(path, _)| path.split('/').nth(1));
                let objects: BTreeSet<String> = folders.map(str::to_owned).collect();
                let objects: Vec<String> = objects.into_iter().collect();
                let all = hubspot::Objects { known: &objects, named: None };
                let mut answers = hubspot::read(&files, &all)?;
                let of = |path: &str| artifacts.iter().find(|artifact| artifact.path == path);
                let json = |path: &str| serde_json::from_slice(&of(path)?.contents).ok();
                names = rules::names(&json("plan.json").unwrap_or_default(), json);
                let aligned = FxHashMap::default();
                add_rules(&mut answers, &[], &names, &aligned);
                (answers.parts, objects)
            }
            System::Pipedrive => {
                bodies = artifacts.iter().filter(is_body).map(text).collect();
                let parts = pipedrive::read(&bodies, pipedrive::Beside::Nothing)?.parts;
                let object = |part: &Part| part.key.1.split('/').next().map(str::to_owned);
                let objects: BTreeSet<String> = parts.iter().filter_map(object).collect();
                (parts, objects.into_iter().collect())
            }
        };
        let mut said = Self { system, parts, objects, names, bodies };
        said.find_origins(process, artifacts);
        Ok(said)
    }

    /// Finds the declaration of each part: a stage by its title, the others by their file.
    fn find_origins(&mut self, process: &Process, artifacts: &[Artifact]) {
        let files: FxHashMap<&str, Span> = artifacts
            .iter()
            .filter_map(|artifact| Some((artifact.path.as_str(), artifact.origin?)))
            .collect();
        let title = |title: &Text, name: &str| match one_line(&title.value) {
            title if title.is_empty() => name.to_owned(),
            title => title,
        };
        let stages: FxHashMap<String, Span> = process
            .stages
            .values()
            .map(|stage| (title(&stage.title, &stage.name), stage.span))
            .collect();
        for part in &mut self.parts {
            let file = files.get(part.place.path.as_str()).copied();
            let stage = match part.kind() {
                // Each stage has a file there.
                Kind::Stage if self.system == System::Pipedrive => None,
                Kind::Stage | Kind::Offered | Kind::Step => stages.get(&one_line(&part.title)),
                // The stage field of an object that has none of its own.
                Kind::Option if file.is_none() => stages.get(&one_line(&part.title)),
                _ => None,
            };
            part.origin = stage.copied().or(file);
        }
    }

    /// Compares it with an export. `object`: of HubSpot, what answers are about that do not tell.
    pub(crate) fn beside(
        mut self,
        files: &[File],
        object: Option<&str>,
    ) -> Result<Report, Refused> {
        let mut unread = Vec::new();
        let mut crm = match self.system {
            System::Salesforce => {
                let mut crm = salesforce::read(files)?;
                salesforce::add_objects(&mut crm, files);
                self.leave_objects(&crm, &mut unread);
                crm
            }
            System::Hubspot => {
                let objects = hubspot::Objects { known: &self.objects, named: object };
                let mut answers = hubspot::read(files, &objects)?;
                self.leave_unasked(&answers.told, &mut unread)?;
                let before: Vec<Key> = answers.parts.iter().map(|part| part.key.clone()).collect();
                align(&self.parts, &mut answers.parts, &[Kind::Pipeline, Kind::Stage]);
                let after = answers.parts.iter().map(|part| part.key.clone());
                let aligned = before.into_iter().zip(after).collect();
                add_rules(&mut answers, &self.parts, &self.names, &aligned);
                self.leave_rules(&answers.parts, &mut unread);
                answers.parts
            }
            System::Pipedrive => {
                let crm = pipedrive::read(files, pipedrive::Beside::Process(&self.parts))?;
                if crm.told.is_empty() {
                    return Err(Refused::new(
                        "holds nothing of Pipedrive that the process says anything about",
                        "save the answers of `GET /pipelines`, `/stages` and `/dealFields`",
                    ));
                }
                self.leave_gone(crm.gone)?;
                self.leave_unasked(&crm.told, &mut unread)?;
                crm.parts
            }
        };
        // What was deleted and made again is there.
        let there: FxHashSet<Key> =
            crm.iter().filter(|part| part.off.is_none()).map(|part| part.key.clone()).collect();
        crm.retain(|part| part.off.is_none() || !there.contains(&part.key));
        settled(self.system, &crm)?;
        Ok(Report { system: self.system, compared: compare(&self.parts, &crm), unread })
    }

    /// That a field is asked for in a stage which is gone from Pipedrive is told with the stage.
    fn leave_gone(&mut self, gone: FxHashSet<Key>) -> Result<(), Refused> {
        if gone.is_empty() {
            return Ok(());
        }
        let without = pipedrive::read(&self.bodies, pipedrive::Beside::Gone(gone))?.parts;
        let mut facts: FxHashMap<Key, Vec<part::Fact>> = without
            .into_iter()
            .filter(|part| part.kind() == Kind::Field)
            .map(|part| (part.key, part.facts))
            .collect();
        for part in &mut self.parts {
            if let Some(facts) = facts.remove(&part.key) {
                part.facts = facts;
            }
        }
        Ok(())
    }

    /// A standard object cannot be missing; its file can. Of any object a file may hold only parts.
    fn leave_objects(&mut self, crm: &[Part], unread: &mut Vec<String>) {
        let there: FxHashMap<&part::Key, &Part> =
            crm.iter().map(|part| (&part.key, part)).collect();
        self.parts.retain(|part| {
            if part.kind() != Kind::Object {
                return true;
            }
            let found = there.get(&part.key);
            let is_missing = found.is_none() && part.key.1.ends_with("__c");
            if !is_missing && found.is_none_or(|found| found.bare) {
                unread.push(format!("the settings of the {}", part.said));
            }
            is_missing || found.is_some()
        });
    }

    /// The rules of each pipeline are an answer of their own.
    fn leave_rules(&mut self, crm: &[Part], unread: &mut Vec<String>) {
        let there: FxHashSet<&Key> = crm.iter().map(|part| &part.key).collect();
        let pipeline = |part: &Part| {
            let key = &part.key.1;
            key.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
        };
        let answered: FxHashSet<(Kind, String)> =
            crm.iter().map(|part| (part.kind(), pipeline(part))).collect();
        let mut left: FxHashSet<Key> = FxHashSet::default();
        let mut editors: FxHashSet<String> = FxHashSet::default();
        for part in &self.parts {
            let of = pipeline(part);
            match part.kind() {
                Kind::PipelineRules if !there.contains(&part.key) => {
                    unread.push(format!("the {}", part.said));
                }
                Kind::Editors if !answered.contains(&(Kind::Editors, of.clone())) => {
                    if editors.insert(of.clone()) {
                        let (_, of) = part.said.split_once(" of ").unwrap_or_default();
                        unread.push(format!("who edits in the stages of {of}"));
                    }
                }
                _ => continue,
            }
            left.insert(part.key.clone());
        }
        self.parts.retain(|part| {
            let owner = part.owner.as_ref().is_some_and(|owner| left.contains(owner));
            !owner && !left.contains(&part.key)
        });
    }

    /// Answers that were not given say nothing. Refuses where nothing is left to compare.
    fn leave_unasked(
        &mut self,
        told: &FxHashSet<(Kind, String)>,
        unread: &mut Vec<String>,
    ) -> Result<(), Refused> {
        let some = !self.parts.is_empty();
        let mut left: FxHashSet<(Kind, String)> = FxHashSet::default();
        for kind in ASKED {
            for object in &self.objects {
                let prefix = format!("{}/", object.to_lowercase());
                let of = |part: &Part| {
                    part.kind() == kind && part.key.1.to_lowercase().starts_with(&prefix)
                };
                let asked = told.contains(&(kind, object.clone()));
                if asked || !self.parts.iter().any(of) {
                    continue;
                }
                let pipelines = (Kind::Pipeline, object.clone());
                left.extend(self.parts.iter().filter(|part| of(part)).map(|part| part.key.clone()));
                match (kind, self.system) {
                    // Stages are told with their pipelines.
                    (Kind::Stage, _) if !told.contains(&pipelines) => {}
                    (Kind::ActivityType, _) => unread.push("the activity types".to_owned()),
                    (Kind::Field, System::Hubspot) => {
                        unread.push(format!("the properties of {object}"));
                    }
                    _ => unread.push(format!("the {} of {object}", kind.plural())),
                }
            }
        }
        let mut beside: Vec<String> = Vec::new();
        self.parts.retain(|part| {
            let owner = part.owner.as_ref().is_some_and(|owner| left.contains(owner));
            // Stages of pipelines that were not asked for: HubSpot tells them together.
            if owner && part.kind() == Kind::Stage && self.system == System::Pipedrive {
                let object = part.key.1.split('/').next().unwrap_or_default();
                beside.push(format!("the {} of {object}", part.kind().plural()));
            }
            !owner && !left.contains(&part.key)
        });
        for text in beside {
            if !unread.contains(&text) {
                unread.push(text);
            }
        }
        if some && self.parts.is_empty() {
            return Err(Refused::new(
                format!("answers nothing that can be compared: {} are missing", unread.join(", ")),
                "save these answers, too",
            ));
        }
        Ok(())
    }
}

/// What answers are about.
const ASKED: [Kind; 6] =
    [Kind::Pipeline, Kind::Stage, Kind::Field, Kind::PropertyRule, Kind::Group, Kind::ActivityType];

/// The JSON of an answer.
fn json(path: &str, text: &str, crm: &str) -> Result<Value, Refused> {
    let wrong = |what: String, help: &str| Refused::new(format!("{what}: `{path}`"), help);
    must_be_text(text).map_err(|refused| wrong(refused.message, &refused.help))?;
    serde_json::from_str(text).map_err(|error| {
        let what = format!("cannot be read, for it is no JSON ({error})");
        wrong(what, &format!("save the whole answer of {crm}"))
    })
}

/// Reads rules of pipelines, now that it is known what their identifiers stand for.
fn add_rules(
    answers: &mut hubspot::Answers,
    process: &[Part],
    names: &Names,
    aligned: &FxHashMap<Key, Key>,
) {
    let mut titles: FxHashMap<Key, String> = FxHashMap::default();
    let named = |part: &&Part| matches!(part.kind(), Kind::Pipeline | Kind::Stage);
    // What the process calls it comes last, and so stands.
    for part in answers.parts.iter().chain(process).filter(named) {
        titles.insert(part.key.clone(), part.title.clone());
    }
    let ids = Ids { names, aligned, titles: &titles };
    let parts: Vec<Part> =
        answers.rules.iter().flat_map(|answer| rules::parts(answer, &ids)).collect();
    answers.parts.extend(parts);
}

/// Refuses an export of something else, of records, and one that says a thing twice.
fn settled(system: System, crm: &[Part]) -> Result<(), Refused> {
    if crm.len() > MOST_PARTS {
        return Err(too_many());
    }
    let mut seen: FxHashMap<&part::Key, &Part> = FxHashMap::default();
    for part in crm {
        if let Some(other) = seen.insert(&part.key, part) {
            let message = format!(
                "says twice what the {} is: `{}` and `{}`",
                part.said, other.place, part.place
            );
            let help = "name one export: the folder of one package, or one answer of each kind";
            return Err(Refused::new(message, help));
        }
    }
    if crm.is_empty() && system == System::Salesforce {
        return Err(Refused::new(
            "holds nothing of Salesforce that the process says anything about",
            "retrieve what `ekiden build` lists in `manifest/package.xml`: \
             `sf project retrieve start --manifest manifest/package.xml`",
        ));
    }
    Ok(())
}

fn too_many() -> Refused {
    let message = format!("holds more than {MOST_PARTS} things that can be compared");
    Refused::new(message, "it looks like an export of records, not of settings")
}

/// What to do about a difference.
pub(crate) fn advice(system: System, drift: &Drift) -> String {
    use compare::What;
    let name = system.name();
    let put = match system {
        System::Salesforce => "deploy what `ekiden build --target salesforce` writes",
        System::Hubspot => {
            "send what `ekiden build --target hubspot` writes, or change it there by hand"
        }
        // What has been made is not sent again.
        System::Pipedrive => "change it in Pipedrive by hand",
    };
    match (&drift.what, system) {
        // The script sends a field once, and so never again with an option more.
        (What::Missing, System::Pipedrive) if drift.kind == Kind::Option => {
            "add it to its field in Pipedrive by hand; or take it out of the process".to_owned()
        }
        // Nor does it make again what it has made and somebody deleted.
        (What::Missing, System::Pipedrive) => {
            "make it in Pipedrive by hand and write its id into `sent.json`, or run `send.sh` beside that file \
             if it was never sent; or take it out of the process"
                .to_owned()
        }
        (What::Missing, _) => format!("{put}; or take it out of the process"),
        (What::Off(_), System::Salesforce) => {
            "turn it on in Salesforce; or take it out of the process".to_owned()
        }
        (What::Off(_), System::Hubspot | System::Pipedrive) => {
            format!("bring it back in {name}; or take it out of the process")
        }
        (What::Extra, System::Salesforce) => {
            "declare it in the process; or turn it off in Salesforce, as the next deployment does"
                .to_owned()
        }
        (What::Extra, System::Hubspot | System::Pipedrive) => {
            format!("declare it in the process; or remove it in {name}")
        }
        (What::Differs { .. } | What::Order { .. }, _) => {
            format!("{put}; or say in the process what {name} holds")
        }
    }
}
