//! The sources of both processes as one, so that a finding can point into either.

use crate::source::{FileId, SourceMap, Span};

/// The files of the new process, and behind them those of the old one. A finding about something
/// that is there points at it in the new source; one about something that is gone points at where
/// it stood, in the old.
#[derive(Clone, Debug)]
pub struct Sources {
    map: SourceMap,
    new_files: u32,
    /// The targets that the project of the new process names, if it names any.
    targets: Option<Vec<String>>,
    /// The stages of the new process that Salesforce knows by their titles.
    titled: Vec<String>,
}

impl Sources {
    /// Joins the sources of two processes.
    pub fn new(old: &SourceMap, new: &SourceMap) -> Self {
        let mut map = new.clone();
        let new_files = u32::try_from(new.iter().count()).unwrap_or(u32::MAX);
        for (_, file) in old.iter() {
            map.add(file.clone());
        }
        Self { map, new_files, targets: None, titled: Vec::new() }
    }

    /// Tells which targets the project of the new process names: rules about what CRMs cannot do are
    /// silent where none is made.
    #[must_use]
    pub fn with_targets<'t>(self, targets: Option<impl IntoIterator<Item = &'t str>>) -> Self {
        let targets = targets.map(|all| all.into_iter().map(str::to_owned).collect());
        Self { targets, ..self }
    }

    /// Tells which stages of the new process Salesforce knows by their titles.
    #[must_use]
    pub fn with_titled(self, titled: Vec<String>) -> Self {
        Self { titled, ..self }
    }

    /// The stages that Salesforce knows by their titles.
    pub(super) fn titled(&self) -> &[String] {
        &self.titled
    }

    /// The targets that are named, if any are.
    pub(super) fn targets(&self) -> Option<&[String]> {
        self.targets.as_deref()
    }

    /// All files.
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    /// How many of them are new.
    pub(super) fn new_files(&self) -> u32 {
        self.new_files
    }

    /// A place in the old source as one among all files.
    pub fn old(&self, span: Span) -> Span {
        shifted(span, self.new_files)
    }

    /// File and line of a place of the new process, or else of one of the old.
    pub fn place(&self, old: Option<Span>, new: Option<Span>) -> Option<(&str, usize)> {
        let span = new.or_else(|| old.map(|span| self.old(span)))?;
        let (file, at) = self.map.locate(span);
        Some((file, at.line))
    }
}

/// A place of the old process, behind so many files.
pub(super) fn shifted(span: Span, files: u32) -> Span {
    Span { file: FileId(span.file.0.saturating_add(files)), ..span }
}
