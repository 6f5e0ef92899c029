//! `ekiden check --write-baseline`

use camino::Utf8Path;

use super::options::{Findings, Source};
use super::pipeline::{self, Checked};
use super::screen::Screen;
use super::{Failure, files};
use crate::diag::render::counted;
use crate::lint::baseline::{Entry, is_recordable, record};
use crate::project::baseline::{is_baseline, write};
use crate::project::{self, Notation};

/// Records what is found in a process. Gives what cannot be recorded: the findings that still count.
pub(super) fn record_findings(
    findings: &Findings,
    source: &Source,
    named: Option<&Utf8Path>,
    screen: &mut Screen,
) -> Result<Checked, Failure> {
    let project = source.load()?;
    let path = named.map(Utf8Path::to_owned).or_else(|| findings.baseline_path(source, &project));
    let Some(path) = path else {
        let failure = Failure::new("a process that is a single file has no baseline of its own");
        let help = "name one, and read it with `--baseline`: `--write-baseline=FILE`";
        return Err(failure.help(help));
    };
    let mut checked = findings.check_against(project, None)?;
    if checked.diagnostics.iter().any(pipeline::is_of_source) {
        screen.talk("nothing was recorded: a process that cannot be understood hides findings");
        return Ok(checked);
    }
    let old = existing(&path)?;
    // What targets find can be told only when nothing else is an error.
    let mut entries = take(&mut checked);
    pipeline::validate_targets(&mut checked);
    entries.extend(take(&mut checked));
    entries.sort();
    let count = entries.iter().map(|entry| entry.count as usize).sum();
    let in_manifest = checked.project.manifest.baseline.is_some();
    match old {
        Some(_) if count == 0 && !in_manifest => {
            files::remove(&path)?;
            screen.talk(&format!("nothing to record: removed {path}"));
        }
        None if count == 0 && !in_manifest => screen.talk("nothing to record"),
        old => {
            let text = write(&entries);
            if old.as_deref() != Some(text.as_str()) {
                files::replace(&path, text.as_bytes())?;
            }
            screen.talk(&format!("recorded {} in {path}", counted(count, "finding")));
        }
    }
    Ok(checked)
}

/// The entries for what was found and can be recorded, which then counts no more.
fn take(checked: &mut Checked) -> Vec<Entry> {
    let entries = record(&checked.diagnostics, &checked.project.files);
    checked.diagnostics.retain(|found| !is_recordable(found.code));
    entries
}

/// What is in the file now. One that is no baseline is left alone.
fn existing(path: &Utf8Path) -> Result<Option<String>, Failure> {
    if Notation::of(path.as_str()).is_some() {
        let failure = Failure::new(format!("`{path}` is named as a file of a process"));
        return Err(failure.help(format!("call it `{}`, for instance", project::BASELINE)));
    }
    if !path.exists() {
        return Ok(None);
    }
    let text = project::read_text(path)?.text;
    if text.trim().is_empty() || is_baseline(&text) {
        return Ok(Some(text));
    }
    let failure = Failure::new(format!("`{path}` is not a baseline of ekiden: it was not touched"));
    Err(failure.help("name another file: `--write-baseline=FILE`"))
}
