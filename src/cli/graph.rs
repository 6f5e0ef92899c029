//! `ekiden graph`

use clap::{Args, ValueEnum};

use super::options::{Format, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, pipeline};
use crate::emit::diagram;
use crate::model::Process;

const AFTER: &str = "\
Examples:
  ekiden graph                                      Mermaid, as GitHub and many wikis show it
  ekiden graph --format dot | dot -Tsvg > map.svg   a picture by Graphviz

Rules are not checked: a process that is not finished can be looked at, too. What
has faults is left out and told on standard error; the exit status is 1 only when
there is nothing to draw.";

/// Print a map of the stages
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Graph {
    #[command(flatten)]
    source: Source,

    /// The language of the map
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    format: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Mermaid
    Mermaid,
    /// DOT, for Graphviz
    Dot,
}

impl Graph {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let checked = pipeline::understand(self.source.load()?);
        if !checked.diagnostics.is_empty() {
            let sources = &checked.project.sources;
            screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
        }
        // Without stages there is nothing to draw, and an empty map would look like an answer.
        let drawable = |process: &Process| !process.stages.is_empty() || !checked.has_errors();
        let Some(process) = checked.process.as_ref().filter(|process| drawable(process)) else {
            return Ok(Exit::Findings);
        };
        screen.data(&map(process, self.format));
        Ok(Exit::Clean)
    }
}

/// The map, with titles in the first language of the process.
fn map(process: &Process, language: Language) -> String {
    let titles = process.languages.first().map_or("en", String::as_str);
    match language {
        Language::Mermaid => diagram::mermaid(process, titles),
        Language::Dot => diagram::dot(process, titles),
    }
}
