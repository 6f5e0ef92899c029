//! `ekiden changelog`

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use super::pipeline::{self, Checked};
use super::screen::Screen;
use super::{Exit, Failure};
use crate::diag::render::counted;
use crate::diag::{Level, closest};
use crate::diff::diff;
use crate::diff::render::markdown::{entry, inline};
use crate::lint::Levels;
use crate::project::{self, Project, Tag};

const AFTER: &str = "\
Examples:
  ekiden changelog                          every tag that has the process, newest first
  ekiden changelog sales --tags 'v*'        only tags of these names
  ekiden changelog --from v1 --to v2        what came after `v1`, up to `v2`

Tags are read from git without a checkout. What the folder holds and no tag does comes
first, as unreleased.";

/// Tell what has changed from tag to tag
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Changelog {
    /// A folder, or a `*.ekiden` or `*.ekiden.yaml` file
    #[arg(default_value = ".")]
    path: Utf8PathBuf,

    /// Begin after this tag
    #[arg(long, value_name = "TAG")]
    from: Option<String>,

    /// End with this tag, and leave out what is unreleased
    #[arg(long, value_name = "TAG")]
    to: Option<String>,

    /// Only tags whose names fit, such as `v*`
    #[arg(long, value_name = "PATTERN")]
    tags: Option<String>,

    /// How the changelog is printed
    #[arg(long, value_enum, default_value_t = Shape::Markdown)]
    format: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// A section for each tag
    Markdown,
    /// One JSON object
    Json,
}

/// What there is to say of a tag, or of what has none.
struct Section {
    tag: Option<Tag>,
    version: Option<String>,
    effective: Option<jiff::civil::Date>,
    state: State,
}

enum State {
    First,
    Unchanged,
    Changed(Vec<String>, usize),
    Broken(String),
}

impl Changelog {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let tags = self.chosen()?;
        let mut sections = Vec::new();
        let mut before: Option<Checked> = None;
        for tag in tags {
            // Where the process is not yet there, there is nothing to tell.
            let Some(project) = project::load_tag(&self.path, &tag)? else { continue };
            let is_base = self.from.as_ref() == Some(&tag.name);
            let section = next(&mut before, project, Some(tag));
            if !is_base {
                sections.push(section);
            } else if let State::Broken(why) = section.state {
                return Err(Failure::new(format!(
                    "the process of `{}` cannot be understood: {why}",
                    self.from.unwrap_or_default()
                ))
                .help("begin with another tag"));
            }
        }
        if self.to.is_none() {
            let section = next(&mut before, project::load(&self.path)?, None);
            // Before the first tag all is unreleased; after a tag, what has changed since.
            if !matches!(section.state, State::Unchanged) {
                sections.push(section);
            }
        }
        sections.reverse();
        screen.data(&match self.format {
            Shape::Markdown => markdown(&sections),
            Shape::Json => format!("{:#}\n", document(&sections)),
        });
        Ok(Exit::Clean)
    }

    /// The tags to walk, the oldest first: that of `--from` stands before those that are told.
    fn chosen(&self) -> Result<Vec<Tag>, Failure> {
        let all = project::tags(&self.path, None)?;
        let position = |name: &String| {
            all.iter().position(|tag| tag.name == *name).ok_or_else(|| {
                let failure = Failure::new(format!(
                    "there is no tag `{name}` that leads up to this revision"
                ));
                match closest(name, all.iter().map(|tag| tag.name.as_str())) {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help("`git tag --merged` lists them"),
                }
            })
        };
        let from = self.from.as_ref().map(position).transpose()?;
        let to = self.to.as_ref().map(position).transpose()?;
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            return Err(Failure::new("the tag of `--from` does not come before that of `--to`")
                .help("`--from` names the earlier tag"));
        }
        let mut fitting: Option<BTreeSet<String>> = None;
        if let Some(pattern) = &self.tags {
            let found = project::tags(&self.path, Some(pattern))?;
            if found.is_empty() {
                return Err(Failure::new(format!("no tag fits `{pattern}`"))
                    .help("`git tag --merged` lists the tags"));
            }
            fitting = Some(found.into_iter().map(|tag| tag.name).collect());
        }
        let fits = |name: &String| fitting.as_ref().is_none_or(|names| names.contains(name));
        let mut chosen = Vec::new();
        for (at, tag) in all.into_iter().enumerate() {
            // The ends are named, so that they need not fit.
            let is_end = from == Some(at) || to == Some(at);
            let is_between = from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to);
            if is_between && (is_end || fits(&tag.name)) {
                chosen.push(tag);
            }
        }
        Ok(chosen)
    }
}

/// Compares a process with the one before it, whose place it takes if it can be understood.
fn next(before: &mut Option<Checked>, project: Project, tag: Option<Tag>) -> Section {
    let checked = pipeline::understand(project);
    let process = checked.process.as_ref().filter(|_| !checked.has_errors());
    let Some(new) = process else {
        let worst = checked.diagnostics.iter().find(|found| found.level == Level::Error);
        let why = worst.map_or_else(
            || "a file cannot be read".to_owned(),
            |found| {
                let (file, at) = checked.project.sources.locate(found.primary.span);
                format!("{file}:{}: {}", at.line, found.message)
            },
        );
        return Section { tag, version: None, effective: None, state: State::Broken(why) };
    };
    let (version, effective) = (new.version.clone(), new.effective);
    let state = match before.as_ref().and_then(|old| Some((old, old.process.as_ref()?))) {
        None => State::First,
        Some((old, process)) => {
            let sources = pipeline::sources(&old.project, &checked);
            let today = pipeline::clock(new);
            let difference = diff(process, new, &sources, &Levels::default(), today);
            match entry(&difference) {
                (lines, 0) if lines.is_empty() => State::Unchanged,
                (lines, words) => State::Changed(lines, words),
            }
        }
    };
    *before = Some(checked);
    Section { tag, version, effective, state }
}

fn markdown(sections: &[Section]) -> String {
    let mut out = String::from("# Changelog\n");
    for Section { tag, version, effective, state } in sections {
        let name = tag.as_ref().map_or("Unreleased", |tag| &tag.name);
        if let State::Unchanged = state {
            out.push_str(&format!("\n_{} changes nothing in the process._\n", inline(name)));
            continue;
        }
        let mut about: Vec<String> = Vec::new();
        about.extend(version.as_ref().map(|version| format!("version {}", inline(version))));
        about.extend(effective.map(|day| format!("in force from {day}")));
        about.extend(tag.as_ref().map(|tag| tag.date.clone()));
        out.push_str(&format!("\n## {}", inline(name)));
        if !about.is_empty() {
            out.push_str(&format!(" ({})", about.join(", ")));
        }
        out.push_str("\n\n");
        match state {
            State::Unchanged => {}
            State::First => out.push_str("The first version of the process.\n"),
            State::Broken(why) => {
                out.push_str(&format!("The process cannot be understood here: {}\n", inline(why)));
            }
            State::Changed(lines, words) => {
                for line in lines {
                    out.push_str(&format!("* {}\n", inline(line)));
                }
                if *words > 0 {
                    out.push_str(&format!("* {} of words only\n", counted(*words, "change")));
                }
            }
        }
    }
    if sections.is_empty() {
        out.push_str("\nNothing has changed.\n");
    }
    out
}

fn document(sections: &[Section]) -> Json {
    let section = |section: &Section| {
        let none: &[String] = &[];
        let (state, changes, words, why) = match &section.state {
            State::First => ("first", none, 0, None),
            State::Unchanged => ("unchanged", none, 0, None),
            State::Changed(lines, words) => ("changed", lines.as_slice(), *words, None),
            State::Broken(why) => ("broken", none, 0, Some(why)),
        };
        json!({
            "tag": section.tag.as_ref().map(|tag| &tag.name),
            "commit": section.tag.as_ref().map(|tag| &tag.commit),
            "date": section.tag.as_ref().map(|tag| &tag.date),
            "version": section.version,
            "effective": section.effective.map(|day| day.to_string()),
            "state": state,
            "changes": changes,
            "changes_of_words": words,
            "reason": why,
        })
    };
    json!({
        "format": "ekiden-changelog",
        "format_version": 1,
        "sections": sections.iter().map(section).collect::<Json>(),
    })
}
