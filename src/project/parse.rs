//! The two notations.

use crate::diag::Diagnostic;
use crate::source::FileId;
use crate::syntax::{ast, dsl, yaml};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `*.ekiden`
    Dsl,
    /// `*.ekiden.yaml`
    Yaml,
}

impl Notation {
    /// The other one.
    pub fn other(self) -> Notation {
        match self {
            Notation::Dsl => Notation::Yaml,
            Notation::Yaml => Notation::Dsl,
        }
    }

    /// The notation that a file name tells.
    pub fn of(name: &str) -> Option<Notation> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        if name.ends_with(".ekiden.yaml") {
            Some(Notation::Yaml)
        } else if name.ends_with(".ekiden") {
            Some(Notation::Dsl)
        } else {
            None
        }
    }
}

/// Parses a text: its tree, and what was wrong with it.
pub fn parse(notation: Notation, file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    let parsed = match notation {
        Notation::Dsl => dsl::parse(file, text),
        Notation::Yaml => yaml::parse(file, text),
    };
    (parsed.file, parsed.diagnostics)
}
