//! Exports that are made of what is built, and changed by hand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panic"
)]

mod hubspot;
mod laws;
mod pipedrive;
mod rules;
mod salesforce;

use crate::diag::Level;
use crate::emit::{Artifact, Context, Setting, SettingValue, Settings};
use crate::import::xml::File;
use crate::model::Process;
use crate::sema;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::dsl;

use super::{Report, Said, System, render};

/// Every construct of the language at least once.
const WHOLE: &str = include_str!("../../../tests/crm/whole.ekiden");

fn process(text: &str) -> Process {
    let parsed = dsl::parse(FileId(0), text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let all = parsed.diagnostics.into_iter().chain(analysis.diagnostics);
    let errors: Vec<String> =
        all.filter(|found| found.level == Level::Error).map(|found| found.message).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    analysis.process
}

/// Settings of the manifest: `("objects.thing", "deals")`.
fn settings(pairs: &[(&str, &str)]) -> Settings {
    let at = Span::start_of(FileId(0));
    let setting = |value| Setting { key: at, value: Spanned::new(value, at) };
    let mut all = Settings::default();
    for (path, value) in pairs {
        let (name, key) = path.split_once('.').unwrap();
        let map = all
            .values
            .entry(name.to_owned())
            .or_insert_with(|| setting(SettingValue::Map(Settings::default())));
        let SettingValue::Map(map) = &mut map.value.value else { panic!("{name}") };
        map.values.insert(key.to_owned(), setting(SettingValue::Text((*value).to_owned())));
    }
    all
}

fn built(system: System, process: &Process, settings: &Settings) -> Vec<Artifact> {
    let targets = crate::emit::TARGETS;
    let target = targets.iter().find(|target| target.name == system.target()).unwrap();
    let languages = &process.languages;
    let context = Context {
        process,
        languages,
        settings,
        others: &[],
        templates: &crate::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    (target.emit)(&context).artifacts
}

/// A process and what an export of it would be, if nobody had touched the CRM.
#[derive(Clone)]
struct Pair {
    said: Said,
    files: Vec<File>,
}

impl Pair {
    fn of(system: System, text: &str) -> Self {
        Self::with(system, text, &[])
    }

    fn with(system: System, text: &str, pairs: &[(&str, &str)]) -> Self {
        let process = process(text);
        let artifacts = built(system, &process, &settings(pairs));
        let wanted = match system {
            System::Salesforce => "-meta.xml",
            System::Hubspot | System::Pipedrive => ".json",
        };
        let files = artifacts
            .iter()
            .filter(|artifact| {
                let path = artifact.path.as_str();
                path.ends_with(wanted) && path != "plan.json" && !path.ends_with(".tf.json")
            })
            .map(|artifact| {
                let text = String::from_utf8(artifact.contents.clone()).unwrap();
                (artifact.path.as_str().to_owned(), text)
            })
            .collect();
        Self { said: Said::of(system, &process, &artifacts).unwrap(), files }
    }

    fn report(&self) -> Report {
        self.said.clone().beside(&self.files, None).unwrap()
    }

    fn refused(&self) -> String {
        match self.said.clone().beside(&self.files, None) {
            Ok(report) => panic!("{:?}", told(&report)),
            Err(refused) => format!("{}; {}", refused.message, refused.help),
        }
    }

    /// The files whose path holds `part`; `from` in them becomes `to`. Without `from` they go.
    #[track_caller]
    fn change(&mut self, part: &str, from: &str, to: &str) -> &mut Self {
        let count = self.files.len();
        if from.is_empty() {
            self.files.retain(|(path, _)| !path.contains(part));
            assert!(self.files.len() < count, "no file {part}");
            return self;
        }
        let mut found = false;
        for (path, text) in &mut self.files {
            if path.contains(part) && text.contains(from) {
                *text = text.replacen(from, to, 1);
                found = true;
            }
        }
        assert!(found, "no {from:?} in {part}");
        self
    }
}

/// The differences as `weight: sentence`, values that are too long for it behind it.
fn told(report: &Report) -> Vec<String> {
    let line = |drift: &super::compare::Drift| {
        let (line, values) = render::say(report, drift);
        let values = values.map(|(crm, process)| format!(" [{crm} | {process}]"));
        format!("{}: {line}{}", drift.weight.word(), values.unwrap_or_default())
    };
    report.compared.drifts.iter().map(line).collect()
}
