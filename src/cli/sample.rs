//! A process that has everything, by which the templates of a project are rendered where its own
//! process does not lead: a block that is not rendered is not looked into.

use jiff::civil::date;

use super::pipeline::{Checked, Choice, languages};
use crate::diag::{Diagnostic, codes, sort_and_dedup};
use crate::diff::{self, Sources};
use crate::emit::{Context, Settings, Since, own};
use crate::lint::Levels;
use crate::model::Process;
use crate::source::{SourceFile, SourceMap};
use crate::{sema, syntax};

const TEXT: &str = include_str!("sample.ekiden");

/// What has changed since the earlier version of it.
const EARLIER: &[(&str, &str)] = &[
    ("version \"2\"", "version \"1\""),
    ("limit 2 business days", "limit 3 business days"),
    ("i in [1, 2] or", "i in [1] or"),
    ("  u user\n", ""),
    (" when u is missing }\n", " when n is missing }\n"),
    ("  fit -5 when u is missing\n", ""),
    ("at least 60%", "at least 50%"),
    ("means \"Meaning\"", "means \"Another\""),
    ("stage s6 \"S6\" { record r owner y entry advance to s4 }\n", ""),
];

/// What is wrong with the templates of the project in parts that its own process does not reach.
pub(super) fn faults(checked: &Checked, choice: &Choice) -> Vec<Diagnostic> {
    let Some(process) = &checked.process else { return Vec::new() };
    // Among the sources of the project, so that places in the sample are none in them.
    let mut sources = checked.project.sources.clone();
    let languages = languages(&checked.project.manifest, process);
    let earlier =
        EARLIER.iter().fold(TEXT.to_owned(), |text, (now, was)| text.replacen(now, was, 1));
    let old = read(&mut sources, &earlier, &languages);
    let new = read(&mut sources, TEXT, &languages);
    let told = Sources::new(&sources, &sources);
    let difference = diff::diff(&old, &new, &told, &Levels::default(), date(2026, 3, 2));
    let since = Since { difference: &difference, tag: Some("v1"), date: Some("2026-01-31") };
    let none = Settings::default();
    let systems: Vec<(&str, &Settings)> =
        ["sql", "dbt", "salesforce", "hubspot"].into_iter().map(|name| (name, &none)).collect();
    let mut found = Vec::new();
    for (others, since) in [(&[][..], None), (&systems[..], Some(since))] {
        let context = |target: &str| {
            let all = checked.project.manifest.targets.as_ref();
            let settings = all.and_then(|all| all.get(target));
            let settings = settings.map_or(&none, |(_, settings)| settings);
            let (process, languages) = (&new, languages.as_slice());
            let templates = &checked.project.templates;
            Context { process, languages, settings, others, templates, named: true, since }
        };
        for target in &choice.built_in {
            found.extend((target.emit)(&context(target.name)).diagnostics);
        }
        for target in &checked.project.templates.own {
            found.extend(own::emit(&context(&target.name), target).diagnostics);
        }
    }
    // What else the targets find is about the sample.
    let is_of_project = |fault: &Diagnostic| {
        let name = sources.get(fault.primary.span.file).map(SourceFile::name);
        fault.code == codes::BROKEN_TEMPLATE && name.is_some_and(|name| name != NAME)
    };
    found.retain(is_of_project);
    sort_and_dedup(&mut found);
    let why = "your process does not get here; one that has everything does";
    found.into_iter().map(|fault| fault.reason(why)).collect()
}

/// How the sample is called among the sources. No file of a project is called so.
const NAME: &str = "<sample>";

fn read(sources: &mut SourceMap, text: &str, languages: &[String]) -> Process {
    let file = sources.add(SourceFile::new(NAME, text));
    let parsed = syntax::dsl::parse(file, text);
    let mut process = sema::analyze(&[parsed.file], "sample").process;
    languages.clone_into(&mut process.languages);
    process
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Level;

    #[test]
    fn the_sample_and_its_earlier_version_are_sound_and_differ_everywhere() {
        let mut text = TEXT.to_owned();
        for (now, was) in EARLIER {
            assert!(text.contains(now), "{now}");
            text = text.replacen(now, was, 1);
        }
        for text in [TEXT, &text] {
            let mut sources = SourceMap::new();
            let file = sources.add(SourceFile::new(NAME, text));
            let parsed = syntax::dsl::parse(file, text);
            let analysis = sema::analyze(&[parsed.file], "sample");
            for found in parsed.diagnostics.iter().chain(&analysis.diagnostics) {
                assert!(found.level < Level::Error, "{found:?}");
            }
        }
    }
}
