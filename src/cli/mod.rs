//! The command line: arguments in, exit status out.
//!
//! One file a verb. What a verb produces goes to standard output, everything said about it to
//! standard error. A verb gives an [`Exit`] or a [`Failure`]; printing and exit codes are settled
//! here, once.

#![expect(clippy::disallowed_methods, reason = "this is where the outer world begins")]

mod baseline;
mod build;
mod changelog;
mod check;
mod completions;
mod convert;
mod debug;
mod diff;
mod drift;
mod earlier;
mod embed;
mod explain;
mod files;
mod fix;
mod fmt;
mod graph;
mod import;
mod init;
mod man;
mod migrate;
mod mistakes;
mod options;
pub mod pipeline;
mod renames;
mod rules;
mod sample;
mod screen;
mod snapshot;
mod taken;
mod template;
mod what_if;
mod why;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use options::Color;
use screen::Screen;

const ABOUT: &str = "Ekiden compiles a sales process: it checks a process written as code, and \
turns it into handbooks, SQL and CRM configuration.";

const AFTER: &str = "\
A process is a folder of `*.ekiden` and `*.ekiden.yaml` files, or one such file.

Start:
  ekiden init sales             write a small process to grow
  ekiden check sales            find what is wrong with it
  ekiden build sales            write its handbook, tables and CRM configuration
  ekiden explain silent-handoff read why a rule exists and how to satisfy it

Exit status: 0 clean; 1 findings at error level, or differences with `--check`;
2 the command itself failed.";

/// Everything that can be written after `ekiden`.
#[derive(Debug, Parser)]
#[command(
    name = "ekiden",
    version,
    about = ABOUT,
    after_help = AFTER,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Check),
    Build(build::Build),
    Fmt(fmt::Fmt),
    Convert(convert::Convert),
    Embed(embed::Embed),
    Template(template::Template),
    Diff(diff::Diff),
    Drift(drift::Drift),
    Changelog(changelog::Changelog),
    Snapshot(snapshot::Snapshot),
    Migrate(migrate::Migrate),
    Graph(graph::Graph),
    Why(why::Why),
    WhatIf(what_if::WhatIf),
    Explain(explain::Explain),
    Rules(rules::Rules),
    Init(init::Init),
    Import(import::Import),
    Completions(completions::Completions),
    Man(man::Man),
    Debug(debug::Debug),
}

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing to complain about.
    Clean,
    /// Findings at error level, or differences.
    Findings,
}

impl Exit {
    /// `Findings` when `found`, else `Clean`.
    fn findings(found: bool) -> Self {
        if found { Exit::Findings } else { Exit::Clean }
    }
}

/// Why a verb could not do its work.
#[derive(Debug)]
struct Failure {
    /// What is wrong, on one line.
    message: String,
    /// Things the message is about, one a line.
    list: Vec<String>,
    /// What to do about it.
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), list: Vec::new(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<crate::project::Error> for Failure {
    fn from(error: crate::project::Error) -> Self {
        Self { message: error.message, list: Vec::new(), help: error.help }
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // Worker threads get the room of a main thread: files are parsed on them.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(8 << 20).build_global();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let arguments: Vec<String> = std::env::args_os()
                .skip(1)
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            if let Some(failure) = mistakes::explain(&error, &arguments) {
                Screen::new(Color::Auto).failure(&failure);
                return code(2);
            }
            // Help and version come this way too; a closed pipe is no reason to complain.
            let _ = error.print();
            return code(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut screen = Screen::new(cli.color);
    let verb = std::panic::AssertUnwindSafe(|| run(cli.verb, &mut screen));
    let result = std::panic::catch_unwind(verb).unwrap_or_else(|_| {
        let failure = Failure::new("ekiden itself has failed");
        Err(failure.help("this is a fault of ekiden's: please report it with the files"))
    });
    match result.and_then(|exit| screen.finish().map(|()| exit)) {
        Ok(Exit::Clean) => code(0),
        Ok(Exit::Findings) => code(1),
        Err(failure) => {
            screen.failure(&failure);
            code(2)
        }
    }
}

fn code(code: u8) -> ExitCode {
    ExitCode::from(code)
}

fn run(verb: Verb, screen: &mut Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Check(verb) => verb.run(screen),
        Verb::Build(verb) => verb.run(screen),
        Verb::Fmt(verb) => verb.run(screen),
        Verb::Convert(verb) => verb.run(screen),
        Verb::Embed(verb) => verb.run(screen),
        Verb::Template(verb) => verb.run(screen),
        Verb::Diff(verb) => verb.run(screen),
        Verb::Drift(verb) => verb.run(screen),
        Verb::Changelog(verb) => verb.run(screen),
        Verb::Snapshot(verb) => verb.run(screen),
        Verb::Migrate(verb) => verb.run(screen),
        Verb::Graph(verb) => verb.run(screen),
        Verb::Why(verb) => verb.run(screen),
        Verb::WhatIf(verb) => verb.run(screen),
        Verb::Explain(verb) => verb.run(screen),
        Verb::Rules(verb) => verb.run(screen),
        Verb::Init(verb) => verb.run(screen),
        Verb::Import(verb) => verb.run(screen),
        Verb::Completions(verb) => verb.run(screen),
        Verb::Man(verb) => verb.run(screen),
        Verb::Debug(verb) => verb.run(screen),
    }
}

/// The command line as a value: for completions, man pages, and the test of the documentation.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}
