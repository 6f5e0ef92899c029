//! What a CRM holds, beside what the process says: by meaning, not by text.
//!
//! Both sides go through the same readers. What the process says is what its target would build, with
//! the settings of the manifest; what the CRM holds is an export. A reader makes [`part::Part`]s of
//! files, [`compare`] compares them, and `render` tells the result. Nothing here touches files.

pub(crate) mod compare;
mod formula;
pub(crate) mod hubspot;
pub(crate) mod part;
pub(crate) mod render;
pub(crate) mod salesforce;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::emit::Artifact;
use crate::import::Refused;
use crate::import::xml::File;
use crate::model::{Process, Text};
use crate::source::Span;

use compare::{Compared, Drift, compare};
use part::{Kind, Part, one_line};

/// The most parts that are compared. No configuration has as many; an export of records does.
const MOST_PARTS: usize = 200_000;

/// The system that an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Salesforce.
    Salesforce,
    /// HubSpot.
    Hubspot,
}

impl System {
    /// The target that is built for it.
    pub(crate) fn target(self) -> &'static str {
        match self {
            System::Salesforce => "salesforce",
            System::Hubspot => "hubspot",
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            System::Salesforce => "Salesforce",
            System::Hubspot => "HubSpot",
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
                let is_body = |artifact: &&Artifact| {
                    artifact.path.extension() == Some("json") && artifact.path != "plan.json"
                };
                let files: Vec<File> = artifacts.iter().filter(is_body).map(text).collect();
                let folders = files.iter().filter_map(|(path, _)| path.split('/').nth(1));
                let objects: BTreeSet<String> = folders.map(str::to_owned).collect();
                let objects: Vec<String> = objects.into_iter().collect();
                let all = hubspot::Objects { known: &objects, named: None };
                (hubspot::read(&files, &all)?.0, objects)
            }
        };
        let mut said = Self { system, parts, objects };
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
        let crm = match self.system {
            System::Salesforce => {
                let mut crm = salesforce::read(files)?;
                salesforce::add_objects(&mut crm, files);
                self.leave_objects(&crm, &mut unread);
                crm
            }
            System::Hubspot => {
                let objects = hubspot::Objects { known: &self.objects, named: object };
                let (mut crm, told) = hubspot::read(files, &objects)?;
                self.leave_unasked(&told, &mut unread);
                hubspot::align(&self.parts, &mut crm);
                crm
            }
        };
        settled(self.system, &crm)?;
        Ok(Report { system: self.system, compared: compare(&self.parts, &crm), unread })
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

    /// Answers that were not given say nothing.
    fn leave_unasked(&mut self, told: &FxHashSet<(Kind, String)>, unread: &mut Vec<String>) {
        let mut left: FxHashSet<(Kind, String)> = FxHashSet::default();
        for kind in [Kind::Pipeline, Kind::Field, Kind::Group] {
            for object in &self.objects {
                let prefix = format!("{}/", object.to_lowercase());
                let of = |part: &Part| {
                    part.kind() == kind && part.key.1.to_lowercase().starts_with(&prefix)
                };
                let asked = told.contains(&(kind, object.clone()));
                if asked || !self.parts.iter().any(of) {
                    continue;
                }
                left.extend(self.parts.iter().filter(|part| of(part)).map(|part| part.key.clone()));
                let word = if kind == Kind::Field { "properties" } else { kind.plural() };
                unread.push(format!("the {word} of {object}"));
            }
        }
        self.parts.retain(|part| {
            let owner = part.owner.as_ref().is_some_and(|owner| left.contains(owner));
            !owner && !left.contains(&part.key)
        });
    }
}

/// Refuses an export of something else, of records, and one that says a thing twice.
fn settled(system: System, crm: &[Part]) -> Result<(), Refused> {
    if crm.len() > MOST_PARTS {
        let message = format!("holds more than {MOST_PARTS} things that can be compared");
        return Err(Refused::new(message, "it looks like an export of records, not of settings"));
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

/// What to do about a difference.
pub(crate) fn advice(system: System, drift: &Drift) -> String {
    use compare::What;
    let name = system.name();
    let put = match system {
        System::Salesforce => "deploy what `ekiden build --target salesforce` writes",
        System::Hubspot => {
            "send what `ekiden build --target hubspot` writes, or change it there by hand"
        }
    };
    match (&drift.what, system) {
        (What::Missing, _) => format!("{put}; or take it out of the process"),
        (What::Off(_), System::Salesforce) => {
            "turn it on in Salesforce; or take it out of the process".to_owned()
        }
        (What::Off(_), System::Hubspot) => {
            "bring it back in HubSpot; or take it out of the process".to_owned()
        }
        (What::Extra, System::Salesforce) => {
            "declare it in the process; or turn it off in Salesforce, as the next deployment does"
                .to_owned()
        }
        (What::Extra, System::Hubspot) => {
            "declare it in the process; or remove it in HubSpot".to_owned()
        }
        (What::Differs { .. } | What::Order { .. }, _) => {
            format!("{put}; or say in the process what {name} holds")
        }
    }
}
