//! From files to findings, and from a checked process to artifacts: what `check`, `build` and the
//! other verbs have in common.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rayon::prelude::*;

use crate::diag::{Diagnostic, Level, closest, codes, sort_and_dedup};
use crate::diff::{self, Difference, Sources};
use crate::emit::plan::Built;
use crate::emit::template::user::OwnTarget;
use crate::emit::{self, Context, Settings, Since, TARGETS, TEMPLATES, Target, own};
use crate::lint::baseline::Baseline;
use crate::lint::{self, Check, Levels, Preset};
use crate::model::{Process, StageId};
use crate::project::{Manifest, Project};
use crate::sema;

/// The targets that somebody asked for; none for those of the manifest.
#[derive(Default)]
pub struct Choice {
    /// Targets of the program.
    pub built_in: Vec<&'static Target>,
    /// The names of targets of the project's own.
    pub own: Vec<String>,
}

impl Choice {
    /// Whether nobody asked for any.
    pub fn is_empty(&self) -> bool {
        self.built_in.is_empty() && self.own.is_empty()
    }
}

/// A process and everything that was found in it.
#[derive(Debug)]
pub struct Checked {
    /// The files it was read from.
    pub project: Project,
    /// The process, without the parts that could not be understood. `None` when a file could not
    /// be read, so that what it declares is not known.
    pub process: Option<Process>,
    /// The findings, sorted by place, at their levels; none is at level `allow`.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the text of a file has a fault that reading it met. What follows such a fault may have been
    /// taken for something else, so the rules say nothing: each would speak of what may well be there.
    pub half_read: bool,
    /// The levels it was checked with, for what targets find.
    levels: Levels,
    /// The day it was checked for.
    today: Option<Date>,
    /// The findings that are known, if a baseline is used.
    baseline: Option<Baseline>,
}

impl Checked {
    /// Whether something was found at error level.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Silences the findings that are known, those found so far and those that targets will find.
    pub fn use_baseline(&mut self, mut baseline: Baseline) {
        baseline.silence(&mut self.diagnostics);
        self.baseline = Some(baseline);
    }

    /// How many findings the baseline has silenced.
    pub fn silenced(&self) -> usize {
        self.baseline.as_ref().map_or(0, Baseline::silenced)
    }

    /// Adds the finding that the baseline is out of date, when everything else was found.
    /// `targets` tells whether every target of the manifest was asked.
    pub fn judge_baseline(&mut self, targets: bool) {
        // A fault of the source hides others, which are not gone for that.
        if self.diagnostics.iter().any(is_of_source) {
            return;
        }
        let targets = targets && self.project.manifest.targets.is_some() && !self.has_errors();
        let (Some(baseline), Some(process)) = (&mut self.baseline, &self.process) else { return };
        self.diagnostics.extend(baseline.stale(process, &self.levels, targets));
        settle(&mut self.diagnostics);
    }
}

/// Checks a process that was loaded. `levels` holds what the command line sets; the levels of the
/// manifest come below it. `preset` wins over the one of the manifest. Without `today` the clock is
/// asked, in the time zone of the process.
pub fn check(
    project: Project,
    levels: Levels,
    preset: Option<Preset>,
    today: Option<Date>,
) -> Checked {
    let levels = all_levels(&project.manifest, levels, preset);
    let mut faults = manifest_faults(&project.manifest);
    faults.extend(project.templates.faults(TEMPLATES));
    let mut checked = understand(project);
    checked.diagnostics.extend(faults);
    if let Some(process) = &checked.process {
        let today = today.unwrap_or_else(|| clock(process));
        // Files that nothing uses are found with the sources, and weighed like what targets find.
        let (mut unused, rest) = std::mem::take(&mut checked.diagnostics)
            .into_iter()
            .partition::<Vec<_>, _>(|found| found.code == codes::UNUSED_TEMPLATE);
        lint::settle_target_findings(process, today, &levels, &mut unused);
        checked.diagnostics = rest;
        checked.diagnostics.extend(unused);
        if checked.half_read {
            checked.diagnostics.extend(lint::check_settings(process, &levels));
        } else {
            checked.diagnostics.extend(lint::check(process, today, &levels));
        }
        checked.today = Some(today);
    }
    checked.levels = levels;
    settle(&mut checked.diagnostics);
    checked
}

/// The levels of the command line, and below them those of the manifest.
pub fn all_levels(manifest: &Manifest, mut levels: Levels, preset: Option<Preset>) -> Levels {
    let from_manifest = manifest.preset.as_ref().and_then(|word| Preset::from_word(&word.value));
    levels = levels.preset(preset.or(from_manifest).unwrap_or_default());
    for (rule, level) in &manifest.lints {
        levels.set_in_manifest(rule, level.value);
    }
    levels
}

/// What the manifest says that only this version of the program can judge.
fn manifest_faults(manifest: &Manifest) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (name, (span, settings)) in manifest.targets.iter().flatten() {
        if target(name).is_none() && !settings.values.contains_key("templates") {
            let message = format!("there is no target `{name}`");
            let finding = Diagnostic::new(codes::INVALID_MANIFEST, *span, message);
            findings.push(finding.help(target_help(name)));
        }
    }
    findings
}

/// Gives a process that was loaded its meaning, without checking rules: what is found are faults
/// of the source alone.
pub fn understand(mut project: Project) -> Checked {
    let mut diagnostics = std::mem::take(&mut project.diagnostics);
    let is_of_process =
        |found: &Diagnostic| project.files.iter().any(|file| file.id == found.primary.span.file);
    let half_read = project.incomplete
        || diagnostics.iter().any(|found| found.level == Level::Error && is_of_process(found));
    let process = (!project.incomplete).then(|| {
        let analysis = sema::analyze(&project.files, &project.name);
        diagnostics.extend(analysis.diagnostics);
        analysis.process
    });
    settle(&mut diagnostics);
    Checked {
        project,
        process,
        diagnostics,
        half_read,
        levels: Levels::default(),
        today: None,
        baseline: None,
    }
}

/// Adds what the targets that the manifest names find: settings they do not know, names they cannot
/// hold, losses. Nothing is compiled, and nothing is done when there are errors, because targets
/// rely on there being none.
pub fn validate_targets(checked: &mut Checked) {
    if checked.project.manifest.targets.is_none() || checked.has_errors() {
        return;
    }
    let mut findings: Vec<Vec<Diagnostic>> =
        each_target(checked, &Choice::default(), |target, context| (target.validate)(context));
    findings
        .extend(each_own(checked, &Choice::default(), |own, context| own::validate(context, own)));
    add_target_findings(checked, findings.into_iter().flatten().collect());
}

/// Compiles a process for the targets asked for: those named, else those of the manifest, else the
/// default ones. Findings of the targets are added to those of the process. Call it only when there
/// are no errors. Documents tell what has changed since an earlier version, if one is given.
pub fn compile(checked: &mut Checked, choice: &Choice, earlier: Option<&Earlier>) -> Vec<Built> {
    let difference = earlier.and_then(|earlier| earlier.compare(checked));
    let since = earlier.zip(difference.as_ref()).map(|(earlier, difference)| Since {
        difference,
        tag: earlier.tag.as_deref(),
        date: earlier.date.as_deref(),
    });
    let mut outputs = each_target(checked, choice, |target, context| {
        (target.name.to_owned(), (target.emit)(&Context { since, ..*context }))
    });
    outputs.extend(each_own(checked, choice, |own, context| {
        (own.name.clone(), own::emit(context, own))
    }));
    let mut findings = Vec::new();
    let mut built = Vec::new();
    for (target, output) in outputs {
        findings.extend(output.diagnostics);
        built.push(Built { target, artifacts: output.artifacts });
    }
    add_target_findings(checked, findings);
    built
}

/// The targets of the program that are asked for: those named, else those of the manifest, else the default ones.
pub fn chosen(manifest: &Manifest, choice: &Choice) -> Vec<&'static Target> {
    let all = TARGETS.iter().copied();
    match &manifest.targets {
        _ if !choice.is_empty() => choice.built_in.clone(),
        Some(names) => all.filter(|target| names.contains_key(target.name)).collect(),
        None => all.filter(|target| target.default).collect(),
    }
}

/// An earlier version of a process.
#[derive(Debug)]
pub struct Earlier {
    /// The process as it was, understood.
    pub checked: Checked,
    /// The tag it bears.
    pub tag: Option<String>,
    /// The day it was made, as `2026-01-31`.
    pub date: Option<String>,
}

impl Earlier {
    /// What has changed since. The levels are those of the manifest and the day is always the same,
    /// so that a build gives the same bytes tomorrow.
    fn compare<'a>(&'a self, now: &'a Checked) -> Option<Difference<'a>> {
        let (old, new) = (self.checked.process.as_ref()?, now.process.as_ref()?);
        let sources = sources(&self.checked.project, now);
        let levels = all_levels(&now.project.manifest, Levels::default(), None);
        Some(diff::diff(old, new, &sources, &levels, date(2026, 3, 2)))
    }
}

/// The sources of two versions of a project, for their comparison.
pub fn sources(old: &Project, new: &Checked) -> Sources {
    let targets = new.project.manifest.targets.as_ref();
    let targets = targets.map(|all| all.keys().map(String::as_str));
    let titled = with_context(new, &Choice::default(), |context| {
        let salesforce = context("salesforce");
        let name = |id: StageId| salesforce.process.stages[id].name.clone();
        emit::known_by_title(&salesforce).into_iter().map(name).collect()
    });
    Sources::new(&old.sources, &new.project.sources).with_targets(targets).with_titled(titled)
}

/// What `work` gives for each of the targets asked for, in parallel and in the order of targets.
fn each_target<T: Send>(
    checked: &Checked,
    choice: &Choice,
    work: impl Fn(&'static Target, &Context<'_>) -> T + Sync,
) -> Vec<T> {
    let chosen = chosen(&checked.project.manifest, choice);
    with_context(checked, choice, |context| {
        let one = |target: &&'static Target| work(target, &context(target.name));
        chosen.par_iter().map(one).collect()
    })
}

/// What `work` gives for each of the project's own targets asked for, in the order of the manifest.
fn each_own<T: Send>(
    checked: &Checked,
    choice: &Choice,
    work: impl Fn(&OwnTarget, &Context<'_>) -> T + Sync,
) -> Vec<T> {
    let own = &checked.project.templates.own;
    let chosen: Vec<&OwnTarget> =
        own.iter().filter(|own| choice.is_empty() || choice.own.contains(&own.name)).collect();
    with_context(checked, choice, |context| {
        chosen.par_iter().map(|own| work(own, &context(&own.name))).collect()
    })
}

/// The languages of documents: those of the manifest, else those of the process.
pub fn languages(manifest: &Manifest, process: &Process) -> Vec<String> {
    match manifest.languages.as_slice() {
        [] => process.languages.clone(),
        chosen => chosen.iter().map(|language| language.value.clone()).collect(),
    }
}

/// What `work` makes of the context of the handbook; nothing for a process with errors.
pub fn handbook<T>(checked: &Checked, work: impl FnOnce(&Context<'_>) -> T) -> Option<T> {
    if checked.has_errors() {
        return None;
    }
    let choice = Choice { built_in: Vec::new(), own: Vec::new() };
    with_context(checked, &choice, |context| vec![work(&context("docs"))]).pop()
}

/// What `work` gives, to which the context of a target is handed by its name.
fn with_context<T>(
    checked: &Checked,
    choice: &Choice,
    work: impl for<'c> FnOnce(&(dyn Fn(&str) -> Context<'c> + Sync + 'c)) -> Vec<T>,
) -> Vec<T> {
    let Some(process) = &checked.process else { return Vec::new() };
    let manifest = &checked.project.manifest;
    let none = Settings::default();
    let languages = languages(manifest, process);
    let named = !choice.is_empty() || manifest.targets.is_some();
    let all = manifest.targets.iter().flatten();
    let others: Vec<(&str, &Settings)> =
        all.map(|(name, (_, settings))| (name.as_str(), settings)).collect();
    let templates = &checked.project.templates;
    work(&|name: &str| {
        let all = manifest.targets.as_ref();
        let settings = all.and_then(|all| all.get(name)).map_or(&none, |(_, settings)| settings);
        let (languages, others) = (&languages, &others);
        Context { process, languages, settings, others, templates, named, since: None }
    })
}

/// What `work` gives for two processes, each with the settings that its manifest has for the target
/// of databases. Call it only when neither has errors.
pub fn between<T: Default + Send>(
    old: &Checked,
    new: &Checked,
    work: impl Fn(&Context<'_>, &Context<'_>) -> T + Sync,
) -> T {
    let Some(target) = target("sql") else { return T::default() };
    let choice = Choice { built_in: vec![target], own: Vec::new() };
    let both = each_target(old, &choice, |_, old| {
        each_target(new, &choice, |_, new| work(old, new)).pop()
    });
    both.into_iter().next().flatten().unwrap_or_default()
}

fn add_target_findings(checked: &mut Checked, mut findings: Vec<Diagnostic>) {
    let Some(process) = &checked.process else { return };
    let today = checked.today.unwrap_or_else(|| clock(process));
    lint::settle_target_findings(process, today, &checked.levels, &mut findings);
    if let Some(baseline) = &mut checked.baseline {
        baseline.silence(&mut findings);
    }
    checked.diagnostics.extend(findings);
    settle(&mut checked.diagnostics);
}

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

/// What to say to somebody who asked for a target that does not exist.
pub fn target_help(name: &str) -> String {
    let names = || TARGETS.iter().map(|target| target.name);
    match closest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            format!("the targets are {}", names.join(", "))
        }
    }
}

/// Whether a finding keeps the source from being understood.
pub fn is_of_source(found: &Diagnostic) -> bool {
    lint::explain(found.code.name()).is_none_or(|rule| matches!(rule.check, Check::FrontEnd))
}

/// Whether something was found at error level.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|found| found.level == Level::Error)
}

fn settle(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.retain(|found| found.level > Level::Allow);
    sort_and_dedup(diagnostics);
}

/// Today, where the process is at home.
pub fn clock(process: &Process) -> Date {
    let zone = TimeZone::get(&process.timezone).unwrap_or(TimeZone::UTC);
    jiff::Timestamp::now().to_zoned(zone).date()
}
