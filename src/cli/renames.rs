//! `ekiden diff --fix`

use camino::Utf8Path;

use super::pipeline::{self, Checked};
use super::screen::Screen;
use super::{Failure, fix};
use crate::diag::apply::Patch;
use crate::diag::{Diagnostic, Fix, Level, Safety};
use crate::diff::Difference;
use crate::project;

/// Rounds before the process is left as it is: what is renamed inside something that is renamed
/// itself comes to light in the next.
const MOST_ROUNDS: usize = 10;

/// Refuses a process that is no text on disk.
pub(super) fn writable(new: &str) -> Result<(), Failure> {
    let path = Utf8Path::new(new);
    let what = match (path.exists(), project::is_snapshot(path)) {
        (true, false) => return Ok(()),
        (true, true) => "a snapshot",
        (false, _) => "a revision, or not there",
    };
    let failure = Failure::new(format!("`--fix` cannot change `{new}`: it is {what}"));
    Err(failure.help("fixes are written into the later process: name its folder or file"))
}

/// The fixes of a difference that can be applied.
pub(super) fn fixes<'d>(difference: &'d Difference<'_>) -> impl Iterator<Item = &'d Fix> {
    let found = difference.changes.iter().flat_map(|change| {
        let judged = change.breaks.iter().filter_map(|found: &Diagnostic| found.fix.as_ref());
        judged.chain(&change.rename)
    });
    found.filter(|fix| {
        // There are none that keep the meaning: that two things are one is a claim.
        fix.safety == Safety::Unsafe
    })
}

/// The process with every renaming written down, and how many there are. `next` gives the fixes for
/// a process. They are written, or only shown.
pub(super) fn apply(
    new: Checked,
    show: Option<&mut Screen>,
    next: impl Fn(&Checked) -> Result<Vec<Fix>, Failure>,
) -> Result<(Checked, usize), Failure> {
    let before = new.project.clone();
    let (mut now, mut count) = (new, 0);
    for _ in 0..MOST_ROUNDS {
        let mut patch = Patch::default();
        let mut titles = Vec::new();
        for fix in next(&now)? {
            if patch.add(&fix, &now.project.sources) {
                titles.push(fix.title);
            }
        }
        if titles.is_empty() {
            break;
        }
        let texts = patch.apply(&now.project.sources);
        let changed = pipeline::understand(now.project.with_texts(&texts));
        let error = changed.diagnostics.iter().find(|found| found.level == Level::Error);
        if let Some(error) = error {
            let message = format!("nothing was written: a fix would bring `{}`", error.code.name());
            let failure = Failure::new(message);
            return Err(failure.help(format!(
                "{}\nthe fixes: {}",
                error.message,
                titles.join("; ")
            )));
        }
        count += titles.len();
        now = changed;
    }
    let changes = fix::changes(&before, &now.project);
    match show {
        Some(screen) => fix::show(&changes, screen),
        None => fix::write(&changes)?,
    }
    Ok((now, count))
}
