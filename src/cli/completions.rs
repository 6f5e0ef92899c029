//! `ekiden completions`

use clap::Args;
use clap_complete::Shell;

use super::screen::Screen;
use super::{Exit, Failure};

const AFTER: &str = "\
Examples:
  ekiden completions bash > ~/.local/share/bash-completion/completions/ekiden
  ekiden completions zsh > ~/.zfunc/_ekiden
  ekiden completions fish > ~/.config/fish/completions/ekiden.fish";

/// Print a script that lets your shell complete `ekiden`
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "ekiden", &mut script);
        screen.data(&String::from_utf8_lossy(&script));
        Ok(Exit::Clean)
    }
}
