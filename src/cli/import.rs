//! `ekiden import`

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::pipeline::{self, Checked};
use super::screen::Screen;
use super::{Exit, Failure, files};
use crate::diag::Level;
use crate::diag::render::counted;
use crate::import::report::Fate;
use crate::import::{
    Format, Imported, Refused, bpmn, hubspot, mermaid, pipedrive, salesforce, table, write,
};
use crate::lint::Levels;
use crate::lint::baseline::{Entry, is_recordable, record};
use crate::project::{self, baseline};

const AFTER: &str = "\
Examples:
  ekiden import stages.csv -o sales            a table of stages
  ekiden import pipelines.json -o sales        what HubSpot or Pipedrive answers
  ekiden import funnel.mmd -o sales            a state diagram of Mermaid
  ekiden import sales.bpmn -o sales            a diagram of BPMN 2.0
  ekiden import force-app -o sales             source of Salesforce
  ekiden import force-app -o sales --currency USD

Nothing is overwritten, and nothing is made up silently: IMPORT.md lists what was
understood, what was guessed and what was dropped, each with its place.";

/// Write a process from what another system holds
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Import {
    /// A file, a folder of Salesforce or Pipedrive, or `-` for standard input
    input: Utf8PathBuf,

    /// The folder to write the process to
    #[arg(short, long, value_name = "FOLDER")]
    out: Utf8PathBuf,

    /// What the input is; by default told from its name
    #[arg(long, value_enum, value_name = "FORMAT")]
    from: Option<Format>,

    /// The language of the texts, such as `ja`; by default told from the titles
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<String>,

    /// The currency of amounts, such as `USD`: Salesforce and Pipedrive do not say it
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    currency: Option<String>,

    /// The object of HubSpot that the pipelines are of: its answer does not say it
    #[arg(long, value_name = "OBJECT", value_parser = object)]
    object: Option<String>,

    /// Take all fields of Salesforce, not only those that something asks for
    #[arg(long)]
    all_fields: bool,
}

fn language(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or("");
    let good = (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_lowercase())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        });
    if good { Ok(text.to_owned()) } else { Err("write it like `ja` or `pt-BR`".to_owned()) }
}

fn currency(text: &str) -> Result<String, String> {
    if crate::sema::currency::is_known(text) {
        return Ok(text.to_owned());
    }
    let code = text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase());
    Err(if code {
        format!("no currency has the code `{text}`")
    } else {
        "write its three letters, like `USD`".to_owned()
    })
}

fn object(text: &str) -> Result<String, String> {
    let start = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if start && text.len() <= 100 && text.chars().all(inside) {
        Ok(text.to_owned())
    } else {
        Err("write it as HubSpot does: `deals`, `tickets`, `p_contracts`, `2-1234567`".to_owned())
    }
}

impl Import {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let folder = &self.out;
        if folder.is_dir() && project::list(folder).is_ok() {
            let refused = Failure::new(format!("`{folder}` already holds a process"));
            return Err(refused.help("choose another folder"));
        }
        let refused = |refused: Refused| {
            let failure = Failure::new(format!("`{}` {}", self.input, refused.message));
            failure.help(refused.help)
        };
        let from = self.format()?;
        self.options_fit(from)?;
        let mut imported = self.read(from)?.map_err(refused)?;
        imported.language.clone_from(&self.language);
        let count: usize = imported.pipelines.iter().map(|pipeline| pipeline.stages.len()).sum();
        let input = self.input.file_name().unwrap_or("standard input");
        let input = if self.input == "-" { "standard input" } else { input };
        let (texts, tally) = write::write(imported, input, from).map_err(refused)?;
        let mut texts: Vec<(String, String)> =
            texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let known = findings(&texts)?;
        if !known.is_empty() {
            texts.push((project::BASELINE.to_owned(), baseline::write(&known)));
        }

        let new: Vec<_> = texts
            .iter()
            .map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()))
            .collect();
        if let Some((path, _)) = new.iter().find(|(path, _)| path.exists()) {
            return Err(Failure::new(format!("`{path}` exists already; nothing was written")));
        }
        files::create_folder(folder)?;
        files::create(&new)?;
        for (path, _) in &new {
            screen.talk(&format!("wrote {}", path.strip_prefix(".").unwrap_or(path)));
        }
        screen.talk(&format!(
            "{}; {} guessed, {} dropped, {} odd: read IMPORT.md",
            counted(count, "stage"),
            tally.count(Fate::Guessed),
            tally.count(Fate::Dropped),
            tally.count(Fate::Odd),
        ));
        Ok(Exit::Clean)
    }

    /// An option that says nothing about the input would be ignored in silence.
    fn options_fit(&self, from: Format) -> Result<(), Failure> {
        let salesforce = from == Format::Salesforce;
        let with_currency = salesforce || from == Format::Pipedrive;
        for (given, fits, option, whose) in [
            (self.currency.is_some(), with_currency, "--currency", "Salesforce or Pipedrive"),
            (self.all_fields, salesforce, "--all-fields", "Salesforce"),
            (self.object.is_some(), from == Format::Hubspot, "--object", "HubSpot"),
        ] {
            if given && !fits {
                let failure = Failure::new(format!("`{option}` is for an import of {whose}"));
                return Err(failure.help(format!("leave `{option}` out")));
            }
        }
        Ok(())
    }

    fn format(&self) -> Result<Format, Failure> {
        if let Some(from) = self.from {
            return Ok(from);
        }
        if self.input.is_dir() {
            return Ok(Format::Salesforce);
        }
        let format = Format::of(self.input.as_str()).ok_or_else(|| {
            let failure =
                Failure::new(format!("the name of `{}` does not tell what it is", self.input));
            failure.help(
                "say it: `--from table`, `hubspot`, `pipedrive`, `mermaid`, `bpmn` or `salesforce`",
            )
        })?;
        // JSON may be of either CRM; answers of Pipedrive say that they are a success.
        if format == Format::Hubspot
            && pipedrive::is_answer(&project::read_foreign(&self.input)?.text)
        {
            return Ok(Format::Pipedrive);
        }
        Ok(format)
    }

    fn read(&self, from: Format) -> Result<Result<Imported, Refused>, Failure> {
        if from == Format::Salesforce {
            let options = salesforce::Options {
                currency: self.currency.as_deref(),
                language: self.language.as_deref(),
                all_fields: self.all_fields,
            };
            return Ok(salesforce::read(&self.files(salesforce::is_read)?, options));
        }
        if from == Format::Pipedrive {
            let files = self.files(|path| path.ends_with(".json"))?;
            return Ok(pipedrive::read(&files, self.currency.as_deref()));
        }
        let text = project::read_foreign(&self.input)?.text;
        Ok(match from {
            Format::Table => table::read(&text),
            Format::Mermaid => mermaid::read(&text),
            Format::Bpmn => bpmn::read(&text),
            Format::Hubspot | Format::Pipedrive | Format::Salesforce => {
                hubspot::read(&text, self.object.as_deref())
            }
        })
    }

    /// The files of a source folder that are read, in order.
    fn files(&self, is_read: impl Fn(&str) -> bool) -> Result<Vec<salesforce::File>, Failure> {
        let file = |path: &Utf8Path| -> Result<salesforce::File, Failure> {
            let shown = path.strip_prefix(&self.input).ok().filter(|path| *path != "");
            let shown = shown.unwrap_or(path).as_str().replace('\\', "/");
            Ok((shown, project::read_foreign(path)?.text))
        };
        if !self.input.is_dir() {
            return Ok(vec![file(&self.input)?]);
        }
        let mut paths = Vec::new();
        let walk =
            ignore::WalkBuilder::new(&self.input).git_ignore(false).max_depth(Some(12)).build();
        for entry in walk {
            let entry = entry.map_err(|error| Failure::new(error.to_string()))?;
            let Some(path) = Utf8Path::from_path(entry.path()) else { continue };
            if path.is_file() && is_read(path.as_str()) {
                paths.push(path.to_owned());
            }
        }
        if paths.len() > MOST_FILES {
            let failure = Failure::new(format!(
                "`{}` holds {} files of objects, more than {MOST_FILES}",
                self.input,
                paths.len()
            ));
            return Err(failure.help("name the folder of one project"));
        }
        paths.sort();
        paths.iter().map(|path| file(path)).collect()
    }
}

/// The most files of a source folder that are read.
const MOST_FILES: usize = 20_000;

/// What is found in the new process, for its baseline: it starts green. Written to a place of its
/// own first, so that what was imported is checked as any process is, before anything is there.
fn findings(texts: &[(String, String)]) -> Result<Vec<Entry>, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot check what was imported: {}", project::reason(&error)))
    };
    let place = tempfile::tempdir().map_err(cannot)?;
    for (name, text) in texts {
        fs::write(place.path().join(name), text).map_err(cannot)?;
    }
    let Some(root) = Utf8Path::from_path(place.path()) else {
        return Err(Failure::new("the folder for temporary files has a name that is not UTF-8"));
    };
    let mut checked = pipeline::check(project::load(root)?, Levels::default(), None, None);
    let mut entries = take(&mut checked);
    pipeline::validate_targets(&mut checked);
    entries.extend(take(&mut checked));
    if let Some(fault) = checked.diagnostics.iter().find(|found| found.level == Level::Error) {
        let failure = Failure::new(format!("what was imported is no process: {}", fault.message));
        return Err(failure.help("this is a fault of ekiden's: please report it with the file"));
    }
    entries.sort();
    Ok(entries)
}

fn take(checked: &mut Checked) -> Vec<Entry> {
    let entries = record(&checked.diagnostics, &checked.project.files);
    checked.diagnostics.retain(|found| !is_recordable(found.code));
    entries
}
