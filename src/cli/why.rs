//! `ekiden why`

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use super::options::{Format, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, pipeline};
use crate::diag::closest;
use crate::diff::Part;
use crate::model::Process;
use crate::report::why::{all, formerly, leans, named};
use crate::source::SourceMap;

const AFTER: &str = "\
Examples:
  ekiden why email             what leans on the field of that name
  ekiden why mql sales         what leans on the stage `mql` of the process in `sales`
  ekiden why mql.meeting       what asks for a criterion
  ekiden why sdr               what somebody owns, shares and does

Look here before you remove or rename something; `ekiden diff` tells afterwards.";

/// Tell what leans on a field, a stage, a criterion or anything else that has a name
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Why {
    /// The name: `mql`, `lead.email`, `mql.meeting`, `term:mql`
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    source: Source,

    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// For people
    Text,
    /// One JSON object
    Json,
}

impl Why {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let checked = pipeline::understand(self.source.load()?);
        let sources = &checked.project.sources;
        if !checked.diagnostics.is_empty() {
            screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
        }
        let Some(process) = &checked.process else { return Ok(Exit::Findings) };
        let mut parts = named(process, &self.name);
        if parts.is_empty() {
            parts = formerly(process, &self.name);
            for part in &parts {
                screen.talk(&format!("{} is what was called `{}`", part.said(process), self.name));
            }
        }
        if parts.is_empty() {
            return Err(nothing(process, &self.name));
        }
        let text = match self.format {
            Shape::Text => {
                let told = parts.iter().map(|part| told(process, sources, *part));
                told.collect::<Vec<_>>().join("\n")
            }
            Shape::Json => {
                let parts = parts.iter().map(|part| data(process, sources, *part));
                let answer = json!({ "version": 1, "parts": parts.collect::<Json>() });
                format!("{answer:#}\n")
            }
        };
        screen.data(&text);
        Ok(Exit::Clean)
    }
}

/// The parts of this name; there is at least one.
pub(super) fn wanted(process: &Process, name: &str) -> Result<Vec<Part>, Failure> {
    let parts = named(process, name);
    if parts.is_empty() { Err(nothing(process, name)) } else { Ok(parts) }
}

/// That nothing is called so; what is meant may bear another name now.
fn nothing(process: &Process, name: &str) -> Failure {
    let failure = Failure::new(format!("the process has nothing called `{name}`"));
    if let [part, ..] = formerly(process, name).as_slice() {
        let (said, key) = (part.said(process), part.key(process));
        return failure.help(format!("{said} is what was called `{name}`: name it `{key}`"));
    }
    if let Some(gone) = process.retired.iter().find(|gone| gone.name == name) {
        let since = gone.since.map_or(String::new(), |day| format!(" since {day}"));
        let into: Vec<String> =
            gone.into.iter().map(|(node, _)| format!("`{}`", process.node_name(*node).0)).collect();
        let into = match into.is_empty() {
            true => String::new(),
            false => format!(", and goes on as {}", into.join(", ")),
        };
        return failure.help(format!("the {} is retired{since}{into}", gone.kind.word()));
    }
    let names: Vec<String> = all(process).iter().map(|part| part.name(process)).collect();
    match closest(name, names.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure,
    }
}

/// The part, and below it what leans on it, by how it does.
fn told(process: &Process, sources: &SourceMap, part: Part) -> String {
    let place = |part: Part| {
        let (file, at) = sources.locate(part.span(process));
        format!("{file}:{}", at.line)
    };
    let title = part.title(process).filter(|title| !title.derived);
    let title = title.map_or(String::new(), |title| format!(" \"{}\"", title.value));
    let mut out = format!("{}{title}  ({})\n", part.said(process), place(part));
    let leans = leans(process, part);
    if leans.is_empty() {
        out.push_str("  nothing leans on it\n");
    }
    let mut hows: Vec<&str> = leans.iter().map(|lean| lean.how).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    hows.retain(|how| seen.insert(*how));
    for how in hows {
        out.push_str(&format!("  {how}\n"));
        for lean in leans.iter().filter(|lean| lean.how == how) {
            let (said, place) = (lean.by.said(process), place(lean.by));
            out.push_str(&format!("    {said}  ({place})\n"));
        }
    }
    out
}

fn data(process: &Process, sources: &SourceMap, part: Part) -> Json {
    let about = |part: Part| {
        let (path, at) = sources.locate(part.span(process));
        (part.word(process), part.key(process), path.to_owned(), at.line)
    };
    let (kind, name, path, line) = about(part);
    let leans = leans(process, part).into_iter().map(|lean| {
        let (kind, name, path, line) = about(lean.by);
        json!({ "how": lean.how, "kind": kind, "name": name, "path": path, "line": line })
    });
    json!({ "kind": kind, "name": name, "path": path, "line": line, "leans": leans.collect::<Json>() })
}
