//! `ekiden drift`

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};

use super::options::{Format, Source};
use super::pipeline::{self, Checked, Choice};
use super::screen::{Screen, Stream};
use super::{Exit, Failure};
use crate::drift::{Report, Said, System, render, salesforce};
use crate::import::Refused;
use crate::import::xml::File;
use crate::project;

/// The most files of an export that are read.
const MOST_FILES: usize = 50_000;
/// The most bytes of an export that are read: 256 MB.
const MOST_BYTES: usize = 256 << 20;
/// The deepest folder that is looked into.
const DEEPEST: usize = 16;

const AFTER: &str = "\
Examples:
  ekiden drift --target salesforce force-app            the process in this folder
  ekiden drift --target salesforce sales force-app      the one in `sales`
  ekiden drift --target hubspot sales answers           a folder of answers of HubSpot
  ekiden drift --target hubspot sales pipelines-deals.json properties-deals.json
  ekiden drift --target pipedrive sales answers         a folder of answers of Pipedrive
  ekiden drift --target salesforce force-app --format markdown   the body of an issue

An export is what `sf project retrieve start` writes, or answers of HubSpot or Pipedrive as
they came. Nothing is asked of the CRM itself. Layout, order of elements and defaults that a
CRM writes out are no drift, and what the process says nothing of is left alone.
Exit status: 0 no drift; 1 drift; 2 the comparison failed.";

/// Tell where a CRM no longer holds what the process says
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Drift {
    /// The process, when there are several; then the export: a folder, a file, or `-`
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<Utf8PathBuf>,

    /// The CRM that the export comes from
    #[arg(long, short, value_enum, value_name = "TARGET")]
    target: Crm,

    /// The manifest to use instead of `ekiden.yaml` in the folder
    #[arg(long, value_name = "FILE")]
    manifest: Option<Utf8PathBuf>,

    /// What answers of HubSpot are about whose names do not tell, such as `deals`
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,

    /// How the drift is printed
    #[arg(long, value_enum, default_value_t = Shape::Full)]
    format: Shape,
}

/// The CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Crm {
    /// Source of Salesforce, in either format
    Salesforce,
    /// Answers of HubSpot: pipelines, properties, rules
    Hubspot,
    /// Answers of Pipedrive: pipelines, stages, fields
    Pipedrive,
}

/// How drift is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// The worst first, with places and advice
    Full,
    /// One JSON object, described by schemas/drift.schema.json
    Json,
    /// The body of an issue; nothing when there is no drift
    Markdown,
}

impl Drift {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let (path, exports) = self.ends();
        let system = match self.target {
            Crm::Salesforce => System::Salesforce,
            Crm::Hubspot => System::Hubspot,
            Crm::Pipedrive => System::Pipedrive,
        };
        if let Some(object) = self.object.as_ref().filter(|_| system != System::Hubspot) {
            let failure = Failure::new(format!("`--object {object}` is for answers of HubSpot"));
            let help = match system {
                System::Pipedrive => "answers of Pipedrive tell by their names what they are about",
                _ => "source of Salesforce tells by itself what it is about",
            };
            return Err(failure.help(help));
        }
        let missing = exports.iter().find(|path| *path != "-" && !path.exists());
        if let Some(missing) = missing {
            return Err(Failure::new(format!("the export `{missing}` does not exist")));
        }
        let checked = understood(&path, self.manifest.clone(), screen).map_err(|failure| {
            // Two exports without a process: the first is taken for it.
            let is_export = exports.len() < self.paths.len() && is_answer(&path);
            if is_export {
                failure.help("the first of several is the process: write `.` before them")
            } else {
                failure
            }
        })?;
        let (checked, said) = self.said(system, checked, &path, screen)?;
        let named = exports.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
        let refused = |refused: Refused| {
            Failure::new(format!("the export {named} {}", refused.message)).help(refused.help)
        };
        let wanted = said.objects.iter().cloned().collect();
        let is_wanted = |path: &str| match system {
            System::Salesforce => {
                salesforce::Named::of(path).is_some_and(|named| named.is_wanted(&wanted))
            }
            // The plan of requests lies beside their bodies.
            System::Hubspot | System::Pipedrive => {
                path.ends_with(".json")
                    && !path.ends_with("/plan.json")
                    && !path.ends_with(".tf.json")
            }
        };
        if let Some(object) = self.object.as_ref().filter(|object| !said.objects.contains(object)) {
            let known: Vec<String> =
                said.objects.iter().map(|object| format!("`{object}`")).collect();
            let failure = Failure::new(format!("the process puts nothing into `{object}`"));
            return Err(failure.help(format!("it is about {}", known.join(", "))));
        }
        let mut files = Vec::new();
        for export in &exports {
            read(export, &is_wanted, &mut files)?;
        }
        if files.is_empty() {
            let (what, help) = match system {
                System::Salesforce => (
                    "holds nothing of Salesforce that the process says anything about",
                    "retrieve what `ekiden build` lists in `manifest/package.xml`: \
                     `sf project retrieve start --manifest manifest/package.xml`",
                ),
                System::Hubspot => (
                    "holds no answers of HubSpot: there is no `*.json`",
                    "save the answers of `GET /crm/v3/pipelines/{objectType}` and \
                     `GET /crm/v3/properties/{objectType}`",
                ),
                System::Pipedrive => (
                    "holds no answers of Pipedrive: there is no `*.json`",
                    "save the answers of `GET /pipelines`, `/stages` and `/dealFields`",
                ),
            };
            return Err(refused(Refused::new(what, help)));
        }
        let report = said.beside(&files, self.object.as_deref()).map_err(refused)?;
        self.print(&report, &checked, screen);
        Ok(Exit::findings(report.has_drift()))
    }

    /// The process, and the export.
    fn ends(&self) -> (Utf8PathBuf, Vec<Utf8PathBuf>) {
        match self.paths.as_slice() {
            [process, exports @ ..] if !exports.is_empty() => (process.clone(), exports.to_vec()),
            only => (Utf8PathBuf::from("."), only.to_vec()),
        }
    }

    /// What the process says, if the target can be built.
    fn said(
        &self,
        system: System,
        mut checked: Checked,
        path: &Utf8Path,
        screen: &mut Screen,
    ) -> Result<(Checked, Said), Failure> {
        let built_in = pipeline::target(system.target()).into_iter().collect();
        let choice = Choice { built_in, ..Choice::default() };
        let built = pipeline::compile(&mut checked, &choice, None);
        if checked.has_errors() {
            let sources = &checked.project.sources;
            screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
            let message = format!("`{path}` cannot be built for {}", system.name());
            return Err(Failure::new(message).help("mend what `ekiden build` finds"));
        }
        let artifacts = built.into_iter().flat_map(|built| built.artifacts).collect::<Vec<_>>();
        let nothing = || {
            let message = format!("`{path}` puts nothing into {}", system.name());
            Failure::new(message)
                .help(format!("set `objects` of the target `{}` in the manifest", system.target()))
        };
        let Some(process) = checked.process.as_ref().filter(|_| !artifacts.is_empty()) else {
            return Err(nothing());
        };
        let said = Said::of(system, process, &artifacts).map_err(|refused| {
            Failure::new(format!("what is built for {} {}", system.name(), refused.message))
                .help("this is a fault of ekiden's: please report it with the files")
        })?;
        Ok((checked, said))
    }

    fn print(&self, report: &Report, checked: &Checked, screen: &mut Screen) {
        let (sources, process) = (&checked.project.sources, &checked.process);
        let Some(process) = process else { return };
        match self.format {
            Shape::Json => return screen.data(&render::json::render(report, process, sources)),
            Shape::Markdown => {
                let title = &process.title.value;
                return screen.data(&render::markdown::render(report, title, sources));
            }
            Shape::Full => screen.data(&render::text::render(report, sources, screen.style())),
        }
        screen.talk(&render::summary(report));
    }
}

/// The process, if it can be understood. Its other faults are for `check`.
fn understood(
    path: &Utf8Path,
    manifest: Option<Utf8PathBuf>,
    screen: &mut Screen,
) -> Result<Checked, Failure> {
    let project = match &manifest {
        None => project::load(path)?,
        Some(_) => Source::at(path.to_owned(), manifest).load()?,
    };
    let checked = pipeline::understand(project);
    if checked.has_errors() || checked.process.is_none() {
        let sources = &checked.project.sources;
        screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
        let message = format!("the process of `{path}` cannot be understood");
        return Err(Failure::new(message).help("mend it: `ekiden check` tells the same"));
    }
    Ok(checked)
}

/// Whether this can be an export, and no process.
fn is_answer(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("json" | "xml"))
}

/// Reads a file, or the wanted files of a folder in the order of their paths.
fn read(
    path: &Utf8Path,
    is_wanted: &dyn Fn(&str) -> bool,
    files: &mut Vec<File>,
) -> Result<(), Failure> {
    let mut paths = Vec::new();
    if path != "-" && path.is_dir() {
        let walk = ignore::WalkBuilder::new(path)
            .git_ignore(false)
            .ignore(false)
            .max_depth(Some(DEEPEST))
            .build();
        for entry in walk {
            let entry = entry.map_err(|error| Failure::new(error.to_string()))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let Some(found) = Utf8Path::from_path(entry.path()).filter(|_| is_file) else {
                continue;
            };
            if is_wanted(&found.as_str().replace('\\', "/")) {
                paths.push(found.to_owned());
            }
        }
        paths.sort();
    } else {
        if path.extension() == Some("zip") {
            let failure = Failure::new(format!("`{path}` is packed"));
            return Err(failure.help("unpack it, and name the folder"));
        }
        paths.push(path.to_owned());
    }
    if paths.len() > MOST_FILES {
        let message = format!("`{path}` holds more than {MOST_FILES} files of the CRM");
        return Err(Failure::new(message).help("name the folder of one package"));
    }
    let mut bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    for path in paths {
        let text = project::read_text(&path)?.text;
        bytes += text.len();
        if bytes > MOST_BYTES {
            let message = format!("the export is larger than {} MB", MOST_BYTES >> 20);
            return Err(Failure::new(message).help("name the folder of one package"));
        }
        files.push((path.as_str().replace('\\', "/"), text));
    }
    Ok(())
}
