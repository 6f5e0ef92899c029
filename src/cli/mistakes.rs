//! Command lines that cannot be read, told in the words of what was probably meant.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use super::{Failure, command};
use crate::diag::closest;

/// What is said of a command line that clap refuses, where clap itself says too little.
pub(super) fn explain(error: &Error, arguments: &[String]) -> Option<Failure> {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            Some(unknown_verb(&context(error, ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::UnknownArgument => {
            one_too_many(&context(error, ContextKind::InvalidArg)?, arguments)
        }
        ErrorKind::ValueValidation => {
            let option = context(error, ContextKind::InvalidArg)?;
            let value = context(error, ContextKind::InvalidValue)?;
            option.starts_with("--today").then(|| bad_day(&value, arguments))
        }
        _ => None,
    }
}

fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// What other tools call it, and what it is called here.
const MEANT: &[(&[&str], &str)] = &[
    (
        &["lint", "validate", "verify", "test", "analyze", "analyse", "prove", "status", "report"],
        "check",
    ),
    (&["fix", "repair"], "check --fix"),
    (
        &[
            "compile",
            "generate",
            "gen",
            "make",
            "export",
            "render",
            "publish",
            "deploy",
            "run",
            "emit",
            "docs",
            "doc",
            "handbook",
            "site",
            "sql",
            "dbt",
            "hubspot",
            "salesforce",
            "pipedrive",
            "bpmn",
            "dmn",
        ],
        "build",
    ),
    (&["brief", "summary", "review", "compare", "changes", "breaking"], "diff"),
    (&["format", "pretty", "tidy", "beautify"], "fmt"),
    (&["new", "create", "start", "scaffold", "quickstart"], "init"),
    (&["map", "diagram", "draw", "flow", "chart", "visualize"], "graph"),
    (&["impact", "remove", "whatif"], "what-if"),
    (&["uses", "references", "usages", "refs", "trace"], "why"),
    (&["load", "pull", "fetch", "read"], "import"),
    (&["upgrade", "migration", "migrations"], "migrate"),
    (&["history", "log", "releases"], "changelog"),
    (&["freeze", "save", "pack", "bundle"], "snapshot"),
    (&["rule", "describe", "doctor"], "explain"),
    (&["yaml", "translate", "transform", "to-yaml"], "convert"),
];

fn unknown_verb(word: &str) -> Failure {
    let failure = Failure::new(format!("there is no command `{word}`"));
    if word.contains(['/', '.']) || std::path::Path::new(word).exists() {
        return failure.help(format!("a path stands behind a command: `ekiden check {word}`"));
    }
    let lower = word.to_lowercase();
    let meant = MEANT.iter().find(|(words, _)| words.contains(&lower.as_str()));
    if let Some((words, verb)) = meant {
        let is_target = *verb == "build"
            && crate::emit::TARGETS
                .iter()
                .any(|target| words.contains(&target.name) && target.name == lower);
        return failure.help(if is_target {
            format!("write `ekiden build --target {lower}`")
        } else {
            format!("write `ekiden {verb}`")
        });
    }
    let command = command();
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    failure.help(match closest(&lower, verbs.map(Command::get_name)) {
        Some(verb) => format!("did you mean `ekiden {verb}`?"),
        None => "`ekiden --help` lists the commands".to_owned(),
    })
}

/// A path more than the verb takes.
fn one_too_many(word: &str, arguments: &[String]) -> Option<Failure> {
    if word.starts_with('-') {
        return None;
    }
    let command = command();
    let verb = arguments.iter().find_map(|word| command.find_subcommand(word))?;
    let takes: Vec<&str> = verb
        .get_positionals()
        .flat_map(|argument| argument.get_value_names().unwrap_or_default())
        .map(|name| name.as_str())
        .collect();
    let name = verb.get_name();
    let failure = Failure::new(match takes.as_slice() {
        [] => format!("`ekiden {name}` takes no paths, and finds `{word}`"),
        ["PATH"] => format!("`ekiden {name}` takes one path, and `{word}` is another one"),
        takes => format!("`ekiden {name}` takes {}, and `{word}` is one too many", takes.join(" ")),
    });
    Some(match takes.as_slice() {
        ["PATH"] => failure.help(
            "a process of several files is a folder: give the folder; run the command once for \
             each process",
        ),
        _ => failure.help(format!("see `ekiden {name} --help`")),
    })
}

/// A wrong day, which may come from the environment.
fn bad_day(value: &str, arguments: &[String]) -> Failure {
    let written = arguments.iter().any(|word| word.split('=').next() == Some("--today"));
    let what = if written { "`--today`" } else { "the environment variable `EKIDEN_TODAY`" };
    let help = "write a day as `2026-06-01`";
    Failure::new(format!("{what} is `{value}`, which is no date")).help(match written {
        true => help.to_owned(),
        false => format!("{help}, or unset the variable to judge by today's date"),
    })
}
