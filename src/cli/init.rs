//! `ekiden init`

use camino::Utf8PathBuf;
use clap::Args;

use super::screen::Screen;
use super::{Exit, Failure, files};
use crate::project;

const AFTER: &str = "\
Examples:
  ekiden init           in this folder
  ekiden init sales     in a new folder `sales`

Nothing is overwritten: a folder that already holds a process is refused.";

/// What is written. Two files, so that one sees that a process is a folder.
const FILES: [(&str, &str); 3] = [
    ("process.ekiden", include_str!("init/process.ekiden")),
    ("stages.ekiden", include_str!("init/stages.ekiden")),
    ("ekiden.yaml", include_str!("init/ekiden.yaml")),
];

/// Write a small process to grow: two teams, six stages
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Init {
    /// The folder to write it to
    #[arg(default_value = ".")]
    folder: Utf8PathBuf,
}

/// A path as a shell takes it: in single quotes when it holds anything a shell might read.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    if path.chars().all(plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    if path.chars().all(plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

impl Init {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let folder = &self.folder;
        if folder.is_dir() && project::list(folder).is_ok() {
            let refused = Failure::new(format!("`{folder}` already holds a process"));
            return Err(refused.help("choose another folder, or grow the one that is there"));
        }
        files::create_folder(folder)?;
        let texts = FILES.map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()));
        files::create(&texts)?;
        for (path, _) in &texts {
            let path = path.strip_prefix(".").unwrap_or(path);
            screen.talk(&format!("wrote {path}"));
        }
        let path =
            if folder == "." { String::new() } else { format!(" {}", quoted(folder.as_str())) };
        screen.talk(&format!("next: `ekiden check{path}`, then `ekiden build{path}`"));
        Ok(Exit::Clean)
    }
}
