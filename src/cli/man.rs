//! `ekiden man`

use camino::Utf8PathBuf;
use clap::Args;

use super::screen::Screen;
use super::{Exit, Failure, files};
use crate::diag::render::counted;

const AFTER: &str = "\
Example:
  ekiden man ~/.local/share/man/man1";

/// Write the man pages: one for `ekiden`, one for every verb
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Man {
    /// The folder to write them to; pages of the same names are replaced
    folder: Utf8PathBuf,
}

impl Man {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        files::create_folder(&self.folder)?;
        let command = super::command();
        let verbs = command
            .get_subcommands()
            .filter(|verb| !verb.is_hide_set() && verb.get_name() != "help");
        let mut pages = 0;
        for page in std::iter::once(&command).chain(verbs) {
            let name = page.get_display_name().unwrap_or_else(|| page.get_name()).to_owned();
            let mut text = Vec::new();
            clap_mangen::Man::new(page.clone()).render(&mut text).map_err(|error| {
                Failure::new(format!("cannot write the page of `{name}`: {error}"))
            })?;
            files::replace(&self.folder.join(format!("{name}.1")), &text)?;
            pages += 1;
        }
        screen.talk(&format!("{} in {}", counted(pages, "man page"), self.folder));
        Ok(Exit::Clean)
    }
}
