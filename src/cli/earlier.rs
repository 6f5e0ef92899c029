//! The earlier version that documents tell the changes since: what `--since` or the manifest names.

use camino::Utf8Path;

use super::Failure;
use super::diff::understood;
use super::pipeline::{self, Checked, Choice, Earlier};
use super::screen::Screen;
use crate::diag::{Diagnostic, codes};
use crate::emit::TELL_CHANGES;
use crate::project;

/// The earlier version, if one is named and a target that is built tells of it. What is wrong with
/// the one that the manifest names is a finding there. `path` is that of the process.
pub(super) fn earlier(
    asked: Option<&str>,
    path: &Utf8Path,
    checked: &mut Checked,
    choice: &Choice,
    screen: &mut Screen,
) -> Result<Option<Earlier>, Failure> {
    let manifest = &checked.project.manifest;
    let tells =
        pipeline::chosen(manifest, choice).iter().any(|target| TELL_CHANGES.contains(&target.name));
    if let Some(what) = asked {
        if !tells {
            let all: Vec<String> = TELL_CHANGES.iter().map(|name| format!("`{name}`")).collect();
            let message = "no target that is built tells what has changed";
            let help = format!("`--since` is for {}", all.join(" and "));
            return Err(Failure::new(message).help(help));
        }
        return read(what, Utf8Path::new(what), path, screen).map(Some);
    }
    let Some(since) = manifest.since.clone().filter(|_| tells) else { return Ok(None) };
    let file = checked.project.base.join(&since.value);
    match read(&since.value, &file, path, screen) {
        Ok(earlier) => Ok(Some(earlier)),
        Err(failure) => {
            let finding = Diagnostic::new(codes::INVALID_MANIFEST, since.span, failure.message);
            checked.diagnostics.push(match failure.help {
                Some(help) => finding.help(help),
                None => finding,
            });
            Ok(None)
        }
    }
}

/// A folder, file or snapshot, or else a revision of the process.
fn read(
    what: &str,
    file: &Utf8Path,
    path: &Utf8Path,
    screen: &mut Screen,
) -> Result<Earlier, Failure> {
    if file.exists() {
        let checked = understood(project::load(file)?, what, screen)?;
        return Ok(Earlier { checked, tag: None, date: None });
    }
    let checked = understood(project::load_revision(path, what)?, what, screen)?;
    let (tag, date) = project::known_of(path, what)?;
    Ok(Earlier { checked, tag, date: Some(date) })
}
