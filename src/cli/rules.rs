//! `ekiden rules`

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::screen::Screen;
use super::{Exit, Failure};
use crate::diag::{Level, Safety};
use crate::lint::{Check, Family, RULES, Rule};

const AFTER: &str = "\
Examples:
  ekiden rules
  ekiden rules --format json

The level of a rule is set by `lints` in the manifest, or by `--deny`, `--warn`
and `--allow`. A rule marked `fixed` guards the reading of the source and is
always an error. `check --fix` mends what rules marked `fix` find, where it can;
those marked `unsafe` need `--unsafe` too.";

/// List every rule with its level and what it finds
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Rules {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for people
    Table,
    /// One JSON object
    Json,
}

#[derive(Serialize)]
struct List {
    version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    family: &'static str,
    level: Level,
    fixed: bool,
    fix: Option<Safety>,
    summary: &'static str,
    page: String,
}

impl Rules {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let text = match self.format {
            Form::Table => table(),
            Form::Json => {
                let list = List { version: 1, rules: sorted().map(entry).collect() };
                // Strings alone: there is nothing in it that cannot be written.
                format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default())
            }
        };
        screen.data(&text);
        Ok(Exit::Clean)
    }
}

/// The rules by family, in the order of the book, and by name.
fn sorted() -> impl Iterator<Item = &'static Rule> {
    let mut rules: Vec<&Rule> = RULES.to_vec();
    rules.sort_by_key(|rule| (rule.family, rule.name));
    rules.into_iter()
}

fn entry(rule: &'static Rule) -> Entry {
    let fixed = matches!(rule.check, Check::FrontEnd);
    let Rule { name, summary, level, .. } = *rule;
    let page = format!("docs/rules/{name}.md");
    Entry { name, family: rule.family.word(), level, fixed, fix: rule.fix(), summary, page }
}

fn table() -> String {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut family: Option<Family> = None;
    for rule in sorted() {
        if family != Some(rule.family) {
            out.push_str(if family.is_some() { "\n" } else { "" });
            out.push_str(&format!("{}\n", rule.family.word()));
            family = Some(rule.family);
        }
        let entry = entry(rule);
        let level = if entry.fixed { "fixed" } else { entry.level.word() };
        let fix = match entry.fix {
            Some(Safety::Safe) => "fix",
            Some(_) => "unsafe",
            None => "",
        };
        let Entry { name, summary, .. } = entry;
        out.push_str(&format!("  {name:width$}  {level:7}  {fix:6}  {summary}\n"));
    }
    out
}
