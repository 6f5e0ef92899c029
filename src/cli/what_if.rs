//! `ekiden what-if`

use clap::{Args, Subcommand};
use rustc_hash::FxHashSet;

use super::options::{Findings, Source};
use super::screen::{Screen, Stream};
use super::why::wanted;
use super::{Exit, Failure, pipeline};
use crate::diag::{Code, Diagnostic, Level, codes};
use crate::diff::Part;
use crate::model::{Owner, Process, RouteTarget};
use crate::project::Project;
use crate::source::{FileId, Span};

use crate::syntax::ast::{File, Item, TransitionEnds};

const AFTER: &str = "\
Examples:
  ekiden what-if remove email            what would be found without the field of that name
  ekiden what-if remove mql sales        without the stage `mql` of the process in `sales`
  ekiden what-if remove mql.meeting      without a criterion
  ekiden what-if remove sdr              without a role
  ekiden what-if remove term:mql         without the term, which bears the name of a stage

Nothing is changed. Only what would be found anew is told; the exit code is 1 when an error is among it.
With a stage go the moves to it and its route, with a record type its stages and scores. What
else names the part is told, and what the rules find when it names it no more.
`ekiden why` tells what leans on something, found or not.";

/// Tell what would break if something went, and change nothing
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct WhatIf {
    #[command(subcommand)]
    change: Change,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Leave out a declaration, a role, a field, an option or a criterion
    Remove(Remove),
}

/// Leave out a declaration, a role, a field, an option or a criterion
#[derive(Debug, Args)]
struct Remove {
    /// The name: `mql`, `lead.email`, `mql.meeting`, `term:mql`
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    source: Source,

    #[command(flatten)]
    findings: Findings,
}

impl WhatIf {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let Change::Remove(remove) = self.change;
        let before = remove.findings.check(&remove.source)?;
        let Some(process) = &before.process else {
            screen.findings(
                &before.diagnostics,
                &before.project.sources,
                remove.findings.format,
                Stream::Talk,
            );
            return Ok(Exit::Findings);
        };
        let part = only(process, &remove.name)?;
        let (said, place) = (part.said(process), part.span(process));
        let name = part.name(process);
        let mut known: FxHashSet<Key> = before.diagnostics.iter().map(key).collect();
        let mut project = before.project;
        let baseline = remove.findings.read_baseline(&remove.source, &mut project)?;
        let mut left = project.clone();
        let mut removed = false;
        for file in left.files.iter_mut().filter(|file| file.id == place.file) {
            if let Some(without) = file.without(place) {
                *file = without;
                removed = true;
            }
        }
        if !removed {
            return Err(Failure::new(format!("{said} cannot be left out by itself")));
        }
        let said = match part {
            Part::Stage(_) => with_stages(&mut left.files, &[name], &said),
            Part::Record(_) => with_record(&mut left.files, &name, &said),
            _ => said,
        };
        let mut after = remove.findings.check_against(left.clone(), baseline.clone())?;
        after.diagnostics.retain(|found| !known.contains(&key(found)));
        let names =
            |found: &Diagnostic| [codes::UNKNOWN_NAME, codes::WRONG_KIND].contains(&found.code);
        for found in after.diagnostics.iter_mut().filter(|found| names(found)) {
            names_it(&project, found);
        }
        // What names the part hides what the rules would find. So they are asked without it, too; what
        // is found because that is missing, and not the part, is found with the part as well.
        let faults = after.diagnostics.iter().filter(|found| pipeline::is_of_source(found));
        let places: Vec<Span> = faults.map(|found| found.primary.span).collect();
        if !places.is_empty() {
            // A list without the name, a stage without its owner: that is what it would be.
            let mut places = places;
            if drop_named(&mut left.files, &places) {
                let rest = remove.findings.check_against(left.clone(), baseline.clone())?;
                let faults = rest.diagnostics.iter().filter(|found| pipeline::is_of_source(found));
                let faults = faults.filter(|found| !known.contains(&key(found)));
                places = faults.map(|found| found.primary.span).collect();
            }
            drop_around(&mut left.files, &places);
            drop_around(&mut project.files, &places);
            let with_it = remove.findings.check_against(project, baseline.clone())?;
            known.extend(with_it.diagnostics.iter().chain(&after.diagnostics).map(key));
            let further = remove.findings.check_against(left, baseline)?.diagnostics;
            after
                .diagnostics
                .extend(further.into_iter().filter(|found| !known.contains(&key(found))));
        }
        if let Part::Team(_) | Part::Role(_) = part {
            after.diagnostics.extend(queues(process, part));
        }
        if after.diagnostics.is_empty() {
            screen.talk(&format!("without {said} nothing new is found"));
            return Ok(Exit::Clean);
        }
        screen.talk(&format!("without {said}:"));
        let (found, sources) = (&after.diagnostics, &after.project.sources);
        screen.findings(found, sources, remove.findings.format, Stream::Data);
        Ok(Exit::findings(after.has_errors()))
    }
}

/// The routes that give records to a team or role: without it, its name is that of a queue, which is no
/// fault, and nobody's.
fn queues(process: &Process, part: Part) -> Vec<Diagnostic> {
    // With a team go its roles.
    let owners: Vec<Owner> = match part {
        Part::Team(id) => {
            let roles = process.teams[id].roles.iter().map(|role| Owner::Role(*role));
            std::iter::once(Owner::Team(id)).chain(roles).collect()
        }
        Part::Role(id) => vec![Owner::Role(id)],
        _ => return Vec::new(),
    };
    let mut all = Vec::new();
    for route in process.routes.values() {
        let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
        let gone = |target: &&RouteTarget| target.owner.is_some_and(|to| owners.contains(&to));
        for target in targets.filter(gone) {
            let stage = &process.stages[route.stage].name;
            let message = format!("the route of `{stage}` gives records to `{}`", target.name);
            all.push(
                Diagnostic::new(codes::UNKNOWN_NAME, target.span, message)
                    .level(Level::Warning)
                    .reason("would be a queue of that name, which nobody works"),
            );
        }
    }
    all
}

/// What a finding is known by. Places stay what they were: the texts are the same, only what was read
/// from them is not.
type Key = (Code, (FileId, u32, u32), String);

fn key(found: &Diagnostic) -> Key {
    (found.code, found.primary.span.key(), found.message.clone())
}

/// Says that something uses what is left out, rather than that a name is not known: nobody has
/// misspelt it.
fn names_it(project: &Project, found: &mut Diagnostic) {
    let span = found.primary.span;
    let file = project.files.iter().find(|file| file.id == span.file);
    let Some(user) = file.and_then(|file| user(file, span)) else { return };
    let text = project.sources.get(span.file).and_then(|source| source.text().get(span.range()));
    let text = text.unwrap_or_default();
    found.message = format!("{user} names `{text}`");
    found.primary.message = "would name nothing".to_owned();
    found.labels.clear();
    (found.help, found.fix) = (None, None);
}

/// What of a file a place lies in, as a sentence names it.
fn user(file: &File, place: Span) -> Option<String> {
    let holds = |whole: Span| {
        whole.range().start <= place.range().start && place.range().end <= whole.range().end
    };
    let item = file.items.iter().find(|item| holds(item.span()))?;
    Some(match item {
        Item::Process(_) => "the process".to_owned(),
        Item::Team(decl) => format!("team `{}`", decl.name.text),
        Item::Record(decl) => format!("record `{}`", decl.name.text),
        Item::Goal(decl) => format!("goal `{}`", decl.name.text),
        Item::Feedback(decl) => format!("feedback `{}`", decl.name.text),
        Item::Score(decl) => format!("score `{}`", decl.name.text),
        Item::Route(decl) => format!("the route of `{}`", decl.stage.text),
        Item::Term(decl) => format!("term `{}`", decl.name.text),
        Item::Play(decl) => format!("play `{}`", decl.name.text),
        Item::Retired(_) => "what is retired".to_owned(),
        Item::Stage(decl) => {
            let stage = &decl.name.text;
            let sides = [("exit", &decl.exit), ("entry", &decl.enter)];
            let criterion = sides.into_iter().find_map(|(side, criteria)| {
                let one = criteria.iter().find(|one| holds(one.span))?;
                Some(format!("{side} criterion `{}` of `{stage}`", one.name.text))
            });
            let way = || decl.transitions.iter().find(|one| holds(one.span));
            match (criterion, way().map(|way| &way.ends)) {
                (Some(criterion), _) => criterion,
                (None, Some(TransitionEnds::To(to))) => {
                    format!("the move from `{stage}` to `{}`", to.text)
                }
                (None, Some(TransitionEnds::FromAnyOpen { .. })) => {
                    format!("the move from any open stage to `{stage}`")
                }
                (None, None) => format!("stage `{stage}`"),
            }
        }
    })
}

/// Leaves out what goes with stages, and says so.
fn with_stages(files: &mut [File], stages: &[String], said: &str) -> String {
    let (mut moves, mut routes) = (0usize, 0usize);
    for file in files {
        for stage in stages {
            let [of_moves, of_routes] = file.drop_with_stage(stage);
            moves += of_moves;
            routes += of_routes;
        }
    }
    let (it, its) = if stages.len() == 1 { ("it", "its") } else { ("them", "their") };
    let moves = match moves {
        0 => None,
        1 => Some(format!("the move to {it}")),
        several => Some(format!("the {several} moves to {it}")),
    };
    let route = match routes {
        0 => None,
        1 => Some(format!("{its} route")),
        _ => Some(format!("{its} routes")),
    };
    match (moves, route) {
        (Some(moves), Some(route)) => format!("{said}, {moves} and {route}"),
        (Some(one), None) | (None, Some(one)) => format!("{said} and {one}"),
        (None, None) => said.to_owned(),
    }
}

/// Leaves out the stages of a record type with all that goes with them, and its scores, and says so.
fn with_record(files: &mut [File], record: &str, said: &str) -> String {
    let stages: Vec<String> = files.iter().flat_map(|file| file.stages_of(record)).collect();
    for file in files.iter_mut() {
        file.drop_with_record(record);
    }
    let its = match stages.as_slice() {
        [] => return said.to_owned(),
        [_] => "its stage".to_owned(),
        several => format!("its {} stages", several.len()),
    };
    let all = with_stages(files, &stages, &format!("{said}, {its}"));
    // Nothing else goes with them.
    if all.ends_with(&its) { format!("{said} and {its}") } else { all }
}

fn drop_named(files: &mut [File], places: &[Span]) -> bool {
    files.iter_mut().filter_map(|file| file.drop_named(places).then_some(())).count() > 0
}

fn drop_around(files: &mut [File], places: &[Span]) -> bool {
    // Of every file, also behind the first that has something.
    files.iter_mut().filter_map(|file| file.drop_around(places).then_some(())).count() > 0
}

/// The part of this name, when only one has it.
fn only(process: &Process, name: &str) -> Result<Part, Failure> {
    let parts = wanted(process, name)?;
    let whole: Vec<Part> = parts.iter().copied().filter(|part| part.key(process) == name).collect();
    match (whole.as_slice(), parts.as_slice()) {
        ([part], _) | (_, [part]) => Ok(*part),
        (_, several) => {
            let keys = || several.iter().map(|part| part.key(process));
            // A stage and the term that explains it bear one name.
            let alike = keys().collect::<FxHashSet<_>>().len() < several.len();
            let kind = |part: &Part| match part {
                _ if !alike => String::new(),
                Part::Criterion(_) => "criterion:".to_owned(),
                part => format!("{}:", part.word(process)),
            };
            let keys: Vec<String> = several
                .iter()
                .zip(keys())
                .map(|(part, key)| format!("`{}{key}`", kind(part)))
                .collect();
            let failure = Failure::new(format!("several parts are called `{name}`"));
            Err(failure.help(format!("say which: {}", keys.join(", "))))
        }
    }
}
