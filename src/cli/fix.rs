//! `ekiden check --fix`

use std::collections::BTreeMap;

use camino::Utf8Path;
use rustc_hash::{FxHashMap, FxHashSet};
use similar::TextDiff;

use super::options::{Findings, Source};
use super::pipeline::{self, Checked};
use super::screen::{Screen, Stream};
use super::taken::Taken;
use super::{Exit, Failure, files};
use crate::diag::apply::Patch;
use crate::diag::{Diagnostic, Fix, Level, Safety};
use crate::lint::baseline::Baseline;
use crate::lint::places::Places;
use crate::lint::{Family, explain};
use crate::project::{self, Project};
use crate::source::FileId;
use crate::syntax::format;

/// Checks of the process before it is left as it is. Most need two or three.
const MOST_CHECKS: usize = 100;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Also fixes that change the meaning.
    pub(super) changing: bool,
    /// Only show what would change.
    pub(super) diff: bool,
}

impl Wish {
    fn fix(self, finding: &Diagnostic) -> Option<&Fix> {
        finding.fix.as_ref().filter(|fix| match fix.safety {
            Safety::Safe => true,
            Safety::Unsafe => self.changing,
            Safety::Display => false,
        })
    }
}

/// Applies fixes until there are none, and writes the files.
pub(super) fn run(
    findings: &Findings,
    source: &Source,
    wish: Wish,
    screen: &mut Screen,
) -> Result<Exit, Failure> {
    if source.is_snapshot() && !wish.diff {
        let message = format!("`--fix` cannot change `{}`: it is a snapshot", source.path);
        let help = "fix the process itself, and write a snapshot of it then";
        return Err(Failure::new(message).help(help));
    }
    let mut project = source.load()?;
    let baseline = findings.read_baseline(source, &mut project)?;
    let before = project.clone();
    let mut fixing = Fixing::new(findings, wish, project, baseline)?;
    fixing.run()?;
    let changed = changes(&before, &fixing.project);
    let to_stdout = source.path == "-";
    if wish.diff {
        show(&changed, screen);
    } else if to_stdout {
        let text = fixing.project.files.first().and_then(|file| text_of(&fixing.project, file.id));
        screen.data(text.unwrap_or(""));
    } else {
        write(&changed)?;
    }
    let mut checked = fixing.checked;
    checked.judge_baseline(true);
    for refused in &fixing.refused {
        screen.talk(refused);
    }
    screen.silenced(checked.silenced());
    if !wish.diff {
        let stream = if to_stdout { Stream::Talk } else { Stream::Data };
        screen.findings(&checked.diagnostics, &checked.project.sources, findings.format, stream);
    }
    screen.talk(&summary(fixing.fixed, &checked, wish));
    Ok(Exit::findings(checked.has_errors() || (wish.diff && !changed.is_empty())))
}

/// `3 fixed, 2 remain; 1 of them with --unsafe`
fn summary(fixed: usize, checked: &Checked, wish: Wish) -> String {
    let verb = if wish.diff { "would be fixed" } else { "fixed" };
    let left = checked.diagnostics.len();
    let remain = if left == 1 { "remains" } else { "remain" };
    let mut said = format!("{fixed} {verb}, {left} {remain}");
    let with = |safety| {
        let fixes = checked.diagnostics.iter().filter_map(|found| found.fix.as_ref());
        fixes.filter(|fix| fix.safety == safety).count()
    };
    if !wish.changing && with(Safety::Unsafe) > 0 {
        said.push_str(&format!("; `--unsafe` has a fix for {}", with(Safety::Unsafe)));
    }
    said
}

/// The new texts, as the formatter lays them out where it had laid out the old ones.
fn laid_out(project: &Project, texts: FxHashMap<FileId, String>) -> FxHashMap<FileId, String> {
    let lay_out = |id: FileId, text: String| {
        let old = project.sources.get(id).filter(|file| !file.is_yaml())?.text();
        let was = format::format(id, old).is_ok_and(|formatted| formatted == old);
        was.then(|| format::format(id, &text).ok()).flatten()
    };
    let each = texts.into_iter().map(|(id, text)| (id, lay_out(id, text.clone()).unwrap_or(text)));
    each.collect()
}

/// A finding apart from its place: the rule, what it is about, and what is said.
type Identity = (&'static str, String, String);

/// A process on its way.
struct Fixing<'a> {
    findings: &'a Findings,
    wish: Wish,
    /// As it was read, with the faults of reading.
    project: Project,
    baseline: Option<Baseline>,
    /// What is found in it.
    checked: Checked,
    fixed: usize,
    checks: usize,
    /// Findings whose fix is of no use.
    useless: FxHashSet<Identity>,
    /// What to say about them.
    refused: Vec<String>,
}

impl<'a> Fixing<'a> {
    fn new(
        findings: &'a Findings,
        wish: Wish,
        project: Project,
        baseline: Option<Baseline>,
    ) -> Result<Self, Failure> {
        let checked = check(findings, &project, baseline.as_ref())?;
        let (useless, refused) = (FxHashSet::default(), Vec::new());
        Ok(Self {
            findings,
            wish,
            project,
            baseline,
            checked,
            fixed: 0,
            checks: 1,
            useless,
            refused,
        })
    }

    fn run(&mut self) -> Result<(), Failure> {
        let mut most = usize::MAX;
        while self.checks < MOST_CHECKS {
            let places = Places::new(&self.project.files);
            let (patch, chosen) = self.choose(&places, most);
            if chosen.is_empty() {
                break;
            }
            let texts = laid_out(&self.project, patch.apply(&self.project.sources));
            let project = self.project.with_texts(&texts);
            let checked = check(self.findings, &project, self.baseline.as_ref())?;
            self.checks += 1;
            match self.harm(&chosen, &checked) {
                None => {
                    self.fixed += chosen.len();
                    self.project = project;
                    self.checked = checked;
                    most = usize::MAX;
                }
                // One of them does it: fewer are tried, until it stands alone.
                Some(_) if chosen.len() > 1 => most = chosen.len() / 2,
                Some(harm) => {
                    self.refuse(chosen, &harm);
                    most = usize::MAX;
                }
            }
        }
        Ok(())
    }

    /// The fixes of the next round, no more than `most`. What keeps the source from being read goes
    /// first: it hides the rest.
    fn choose(&self, places: &Places, most: usize) -> (Patch, Vec<Identity>) {
        let of_process: FxHashSet<FileId> = self.project.files.iter().map(|file| file.id).collect();
        let taken = Taken::of(&self.project, &self.checked.diagnostics);
        let fixable = || {
            self.checked.diagnostics.iter().filter_map(|found| {
                let fix = self.wish.fix(found)?;
                let inside = fix.edits.iter().all(|edit| of_process.contains(&edit.span.file));
                let inside = inside && !taken.forbids(found, fix);
                let identity = identity(found, places);
                (inside && !self.useless.contains(&identity)).then_some((found, fix, identity))
            })
        };
        let depth = fixable().map(|(found, ..)| depth(found)).min();
        let mut patch = Patch::default();
        let mut chosen = Vec::new();
        for (found, fix, identity) in fixable() {
            if chosen.len() == most {
                break;
            }
            if Some(self::depth(found)) == depth && patch.add(fix, &self.project.sources) {
                chosen.push(identity);
            }
        }
        (patch, chosen)
    }

    /// What speaks against a round: an error that was not there, or a finding that is there still.
    fn harm(&self, chosen: &[Identity], after: &Checked) -> Option<String> {
        let depth = chosen.iter().map(|(rule, ..)| depth_of(rule)).min()?;
        let old = Tally::of(&self.checked);
        let new = Tally::of(after);
        for (identity, count) in &new.errors {
            let of = depth_of(identity.0);
            let more = *count > old.errors.get(identity).copied().unwrap_or(0);
            // What the source hid comes to light when it is mended; that is no harm. At its own
            // depth one fault may take the place of another.
            let hidden = depth < RULES && of > depth;
            let instead = depth < RULES && of == depth && new.at(of) <= old.at(of);
            if more && !hidden && !instead {
                return Some(format!("it would bring `{}`: {}", identity.0, identity.2));
            }
        }
        let stays = |identity: &&Identity| {
            new.all.get(*identity).is_some_and(|now| Some(now) >= old.all.get(*identity))
        };
        chosen.iter().find(stays).map(|_| "it would not mend the finding".to_owned())
    }

    fn refuse(&mut self, chosen: Vec<Identity>, harm: &str) {
        for identity in chosen {
            let (rule, at, message) = &identity;
            self.refused.push(format!("not fixed, for {harm}\n  `{rule}` in {at}: {message}"));
            self.useless.insert(identity);
        }
    }
}

/// Where rules begin; below it the source is read and understood.
const RULES: u8 = 2;

/// How early a fault is found.
fn depth(found: &Diagnostic) -> u8 {
    depth_of(found.code.name())
}

fn depth_of(rule: &str) -> u8 {
    match explain(rule).map(|rule| rule.family) {
        Some(Family::Source) => 0,
        Some(Family::Names | Family::Types) => 1,
        _ => RULES,
    }
}

fn identity(found: &Diagnostic, places: &Places) -> Identity {
    (found.code.name(), places.path(found.primary.span), found.message.clone())
}

/// Findings, counted.
struct Tally {
    all: BTreeMap<Identity, usize>,
    errors: BTreeMap<Identity, usize>,
}

impl Tally {
    fn of(checked: &Checked) -> Self {
        let places = Places::new(&checked.project.files);
        let mut tally = Self { all: BTreeMap::new(), errors: BTreeMap::new() };
        for found in &checked.diagnostics {
            let identity = identity(found, &places);
            if found.level == Level::Error {
                *tally.errors.entry(identity.clone()).or_insert(0) += 1;
            }
            *tally.all.entry(identity).or_insert(0) += 1;
        }
        tally
    }

    /// The errors of one depth.
    fn at(&self, depth: u8) -> usize {
        let of = self.errors.iter().filter(|((rule, ..), _)| depth_of(rule) == depth);
        of.map(|(_, count)| count).sum()
    }
}

fn check(
    findings: &Findings,
    project: &Project,
    baseline: Option<&Baseline>,
) -> Result<Checked, Failure> {
    let baseline = baseline.map(|baseline| baseline.renewed(&project.files));
    let mut checked = findings.check_against(project.clone(), baseline)?;
    pipeline::validate_targets(&mut checked);
    Ok(checked)
}

fn text_of(project: &Project, file: FileId) -> Option<&str> {
    project.sources.get(file).map(|file| file.text())
}

/// The files that differ: name, old text and new.
pub(super) fn changes<'a>(
    before: &'a Project,
    after: &'a Project,
) -> Vec<(&'a str, &'a str, &'a str)> {
    let pairs = before.sources.iter().zip(after.sources.iter());
    let texts = pairs.map(|((_, old), (_, new))| (old.name(), old.text(), new.text()));
    texts.filter(|(_, old, new)| old != new).collect()
}

/// Shows how the files would change.
pub(super) fn show(changed: &[(&str, &str, &str)], screen: &mut Screen) {
    for (name, old, new) in changed {
        screen.data(&difference(name, old, new));
    }
}

/// Writes every file, or none: what can be known to fail is tried before the first is written.
pub(super) fn write(changed: &[(&str, &str, &str)]) -> Result<(), Failure> {
    let mut all = Vec::new();
    for (name, old, new) in changed {
        let path = Utf8Path::new(name);
        let on_disk = project::read_text(path)?;
        if on_disk.text != *old {
            let failure = Failure::new(format!("`{name}` was changed meanwhile"));
            return Err(failure.help("run the command again; nothing was written"));
        }
        let mark = if on_disk.mark { "\u{feff}" } else { "" };
        all.push((path, format!("{mark}{new}").into_bytes()));
    }
    files::replace_all(&all)
}

fn difference(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().header(name, &format!("{name} (fixed)")).to_string()
}
