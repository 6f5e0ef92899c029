//! `ekiden template`

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};

use super::options::{Findings, Source};
use super::pipeline::{self, Choice};
use super::sample;
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files};
use crate::diag::closest;
use crate::diag::render::counted;
use crate::emit::template::user::{ENDING, FOLDER, OwnContents, TemplateSet, with_header};
use crate::emit::{TARGETS, TEMPLATES};

/// The most files that are named one by one.
const NAMED: usize = 5;

const AFTER: &str = "\
Examples:
  ekiden template list                  which templates there are, and which are yours
  ekiden template eject docs stage      write one into `templates/docs` to change it
  ekiden template eject site            all of a target
  ekiden template check                 render all of yours in all parts, write nothing

A file in `templates/docs` or `templates/site` beside the manifest is used instead of the
template of that name. docs/reference/templates.md tells what templates can use.";

/// Write out the templates of the handbook to change them, and check changed ones
#[derive(Debug, Args)]
#[command(after_help = AFTER, subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Template {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(List),
    Eject(Eject),
    Check(Check),
}

impl Template {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        match self.verb {
            Verb::List(verb) => verb.run(screen),
            Verb::Eject(verb) => verb.run(screen),
            Verb::Check(verb) => verb.run(screen),
        }
    }
}

/// Name the templates that can be replaced, and the files that do so
#[derive(Debug, Args)]
struct List {
    /// Only those of this target
    target: Option<String>,

    #[command(flatten)]
    place: Place,
}

/// Write templates into `templates/TARGET` beside the manifest; files that are there stay
#[derive(Debug, Args)]
struct Eject {
    /// The target, `docs` or `site`
    target: String,

    /// The templates; by default all of the target
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    #[command(flatten)]
    place: Place,
}

/// Render every template of the project, for its process and for one that has everything, and write nothing
#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    source: Source,

    #[command(flatten)]
    findings: Findings,
}

/// The process that the templates belong to.
#[derive(Debug, Args)]
struct Place {
    /// The process: the folder that holds it
    #[arg(long, short, value_name = "PATH", default_value = ".")]
    process: Utf8PathBuf,

    /// The manifest to use instead of `ekiden.yaml` in the folder; templates lie beside it
    #[arg(long, value_name = "FILE")]
    manifest: Option<Utf8PathBuf>,
}

impl Place {
    fn source(&self) -> Result<Source, Failure> {
        if !self.process.is_dir() && self.manifest.is_none() && self.process.exists() {
            let failure = Failure::new(format!("`{}` is no folder", self.process));
            return Err(failure.help("templates lie beside a manifest: give its folder"));
        }
        Ok(Source::at(self.process.clone(), self.manifest.clone()))
    }
}

impl List {
    fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let mut project = self.place.source()?.load()?;
        project.read_templates(TEMPLATES);
        let own = &project.templates.own;
        let asked = |target: &str| self.target.as_deref().is_none_or(|only| only == target);
        if let Some(target) = &self.target
            && own.iter().all(|own| own.name != *target)
        {
            set(target)?;
        }
        let file = |id| project.sources.get(id).map_or("", |file| file.name());
        let mut rows: Vec<(String, &str)> = Vec::new();
        for set in TEMPLATES.iter().filter(|set| asked(set.target)) {
            let mine = project.templates.of(set.target);
            for name in set.names() {
                let place = mine.iter().find(|template| template.name == name);
                let place = place.map_or("", |template| file(template.file));
                rows.push((format!("{}/{name}", set.target), place));
            }
            for template in mine.iter().filter(|template| set.text(&template.name).is_none()) {
                rows.push((format!("{}/{}", set.target, template.name), file(template.file)));
            }
        }
        for own in own.iter().filter(|own| asked(&own.name)) {
            for template in &own.files {
                let place = match &template.contents {
                    OwnContents::Template(template) => file(template.file),
                    OwnContents::Copy(_) => "copied",
                };
                let path = template.path.as_str();
                let path = path.strip_suffix(ENDING).unwrap_or(path);
                rows.push((format!("{}/{path}", own.name), place));
            }
        }
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let lines: String = rows
            .iter()
            .map(|(name, place)| match place.is_empty() {
                true => format!("{name}\n"),
                false => format!("{name:width$}  {place}\n"),
            })
            .collect();
        screen.data(&lines);
        Ok(Exit::Clean)
    }
}

impl Eject {
    fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let set = set(&self.target)?;
        let mut names: Vec<&str> = Vec::new();
        for asked in &self.names {
            let asked = asked.strip_suffix(ENDING).unwrap_or(asked);
            let Some(name) = set.names().find(|name| *name == asked) else {
                let failure =
                    Failure::new(format!("target `{}` has no template `{asked}`", set.target));
                return Err(failure.help(match closest(asked, set.names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("`ekiden template list {}` names them", set.target),
                }));
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.extend(set.names());
        }
        let project = self.place.source()?.load()?;
        let base = project.base.strip_prefix(".").map_or(project.base.clone(), Utf8Path::to_owned);
        let folder = base.join(FOLDER).join(set.target);
        let (mut new, mut kept) = (Vec::new(), Vec::new());
        for name in names {
            let path = folder.join(format!("{name}{ENDING}"));
            let text = with_header(set.target, name, set.text(name).unwrap_or(""));
            // A link that leads nowhere is in the way all the same.
            if path.symlink_metadata().is_ok() {
                kept.push(path);
            } else {
                new.push((path, text.into_bytes()));
            }
        }
        if !new.is_empty() {
            files::create_folder(&folder)?;
            files::create(&new)?;
        }
        if new.len() <= NAMED {
            new.iter().for_each(|(path, _)| screen.talk(&format!("wrote {path}")));
        } else {
            screen.talk(&format!("wrote {} to {folder}", counted(new.len(), "template")));
        }
        match kept.len() {
            0 => {}
            few if few <= NAMED => {
                kept.iter().for_each(|path| screen.talk(&format!("left {path} as it is")));
            }
            many => screen.talk(&format!("left {} as they are", counted(many, "file"))),
        }
        Ok(Exit::Clean)
    }
}

impl Check {
    fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let mut checked = self.findings.check(&self.source)?;
        let templates = &checked.project.templates;
        let is_mine = |target: &str| !templates.of(target).is_empty();
        let choice = Choice {
            built_in: TARGETS.iter().copied().filter(|target| is_mine(target.name)).collect(),
            own: templates.own.iter().map(|own| own.name.clone()).collect(),
        };
        let files = templates.overrides.iter().map(|(_, files)| files.len()).sum::<usize>()
            + templates.own.iter().map(|own| own.files.len()).sum::<usize>();
        let mut written = 0;
        if !checked.has_errors() && !choice.is_empty() {
            let built = pipeline::compile(&mut checked, &choice, None);
            written = built.iter().map(|built| built.artifacts.len()).sum();
            // A fault that the process has shown would be told once more.
            if !checked.has_errors() {
                let found = sample::faults(&checked, &choice);
                checked.diagnostics.extend(found);
            }
        }
        screen.silenced(checked.silenced());
        let format = self.findings.format;
        if !checked.diagnostics.is_empty() || format.is_document() {
            screen.findings(&checked.diagnostics, &checked.project.sources, format, Stream::Data);
        }
        if !checked.has_errors() {
            let (files, written) = (counted(files, "template"), counted(written, "file"));
            screen.talk(&format!("{files} checked, which write {written}"));
        }
        Ok(Exit::findings(checked.has_errors()))
    }
}

/// The templates of a target, by its name.
fn set(target: &str) -> Result<&'static TemplateSet, Failure> {
    TEMPLATES.iter().find(|set| set.target == target).ok_or_else(|| {
        let is_target = TARGETS.iter().any(|known| known.name == target);
        let failure = Failure::new(match is_target {
            true => format!("target `{target}` has no templates"),
            false => format!("there is no target `{target}`"),
        });
        let names: Vec<String> = TEMPLATES.iter().map(|set| format!("`{}`", set.target)).collect();
        failure.help(match closest(target, TEMPLATES.iter().map(|set| set.target)) {
            Some(near) if !is_target => format!("did you mean `{near}`?"),
            _ => format!("the targets with templates are {}", names.join(" and ")),
        })
    })
}
