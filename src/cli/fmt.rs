//! `ekiden fmt`

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use similar::TextDiff;

use super::options::Format;
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files};
use crate::diag::render::counted;
use crate::project::{self, Notation};
use crate::source::{SourceFile, SourceMap};
use crate::syntax::format::format;

const AFTER: &str = "\
Examples:
  ekiden fmt                      every `*.ekiden` file in this folder
  ekiden fmt --check              say which files would change, change none
  ekiden fmt --diff sales         show what would change
  ekiden fmt - < stages.ekiden    from standard input to standard output

Comments, blank lines between groups, the order of declarations and the line ends
(LF or CRLF) stay. A file
with syntax errors is not touched. `*.ekiden.yaml` files are left as they are.";

/// Lay out `*.ekiden` files in the one standard way
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Fmt {
    /// Folders and files, or `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<Utf8PathBuf>,

    /// Change nothing; print the names of files that would change and exit with 1 if there are any
    #[arg(long)]
    check: bool,

    /// Change nothing; print what would change and exit with 1 if anything would
    #[arg(long)]
    diff: bool,
}

/// What standard input is called, here as in findings.
const STDIN: &str = "<stdin>";

impl Fmt {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let (mut changed, mut same, mut broken) = (0, 0, 0);
        for path in self.files()? {
            let text = project::read_text(&path)?;
            let mut sources = SourceMap::new();
            let path = if path == "-" { Utf8PathBuf::from(STDIN) } else { path };
            let id = sources.add(SourceFile::new(path.as_str(), text.text.as_str()));
            let formatted = match format(id, &text.text) {
                Ok(formatted) => with_line_ends_of(&text.text, formatted),
                Err(findings) => {
                    screen.findings(&findings, &sources, Format::Full, Stream::Talk);
                    broken += 1;
                    continue;
                }
            };
            let differs = text.mark || formatted != text.text;
            if differs {
                changed += 1;
            } else {
                same += 1;
            }
            if self.diff {
                screen.data(&difference(&path, &text.text, &formatted));
            } else if self.check {
                if differs {
                    screen.data(&format!("{path}\n"));
                }
            } else if path == STDIN {
                screen.data(&formatted);
            } else if differs {
                files::replace(&path, formatted.as_bytes())?;
            }
        }
        let looking = self.check || self.diff;
        let verb = if looking { "would change" } else { "changed" };
        let mut said = format!("{} {verb}, {same} unchanged", counted(changed, "file"));
        if broken > 0 {
            said.push_str(&format!(", {broken} with errors not touched"));
        }
        if self.paths != ["-"] {
            screen.talk(&said);
        }
        Ok(Exit::findings(broken > 0 || (looking && changed > 0)))
    }

    /// The files to lay out. A file in YAML is passed over in a folder, and refused by name.
    fn files(&self) -> Result<Vec<Utf8PathBuf>, Failure> {
        let mut found = Vec::new();
        for path in &self.paths {
            if path == "-" {
                found.push(path.clone());
                continue;
            }
            let files = project::list(path)?;
            if let [(file, Notation::Yaml)] = files.as_slice()
                && file == path
            {
                let refused =
                    Failure::new(format!("`{path}` is YAML, which `fmt` does not lay out"));
                return Err(refused.help("`ekiden convert` turns it into the notation it does"));
            }
            let files = files.into_iter().filter(|(_, notation)| *notation == Notation::Dsl);
            found.extend(files.map(|(path, _)| path));
        }
        Ok(found)
    }
}

/// What is formatted, with the line ends that most lines of the old text have: a checkout with CRLF
/// is as well laid out as one without.
fn with_line_ends_of(old: &str, formatted: String) -> String {
    let all = old.matches('\n').count();
    let crlf = old.matches("\r\n").count();
    if crlf * 2 <= all {
        return formatted;
    }
    formatted.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A unified diff, or nothing when there is no difference.
fn difference(path: &Utf8Path, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().header(&format!("{path}"), &format!("{path} (formatted)")).to_string()
}
