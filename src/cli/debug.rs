//! `ekiden debug`: everything the compiler knows, printed as Rust sees it. Hidden: the form is for
//! those who work on the compiler and promises nothing.

use clap::{Args, ValueEnum};

use super::options::{Format, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, pipeline};
use crate::model::Process;

/// Print what the compiler knows about a process
#[derive(Debug, Args)]
#[command(hide = true)]
pub(super) struct Debug {
    /// Which representation
    #[arg(value_enum)]
    what: What,

    #[command(flatten)]
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The syntax trees
    Ast,
    /// The model
    Model,
    /// The stages and moves between them
    Graph,
}

impl Debug {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let checked = pipeline::understand(self.source.load()?);
        match (self.what, &checked.process) {
            (What::Ast, _) => {
                for file in &checked.project.files {
                    screen.data(&format!("{file:#?}\n"));
                }
            }
            (What::Model, Some(process)) => screen.data(&format!("{process:#?}\n")),
            (What::Graph, Some(process)) => screen.data(&graph(process)),
            (_, None) => {}
        }
        if !checked.diagnostics.is_empty() {
            let sources = &checked.project.sources;
            screen.findings(&checked.diagnostics, sources, Format::Concise, Stream::Talk);
        }
        Ok(Exit::Clean)
    }
}

/// Every stage with its moves, one a line.
fn graph(process: &Process) -> String {
    let mut out = String::new();
    for (id, stage) in process.stages.iter() {
        out.push_str(&format!("{id:?} {}\n", stage.name));
        for id in &stage.outgoing {
            let move_ = &process.transitions[*id];
            let to = &process.stages[move_.to].name;
            out.push_str(&format!("  {id:?} {:?} {to}\n", move_.kind));
        }
    }
    out
}
