//! Names that a fix must not give: somebody else bears them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Fix, codes};
use crate::project::Project;
use crate::syntax::ast::Item;

/// Who is called what in a process, as it is written.
pub(super) struct Taken<'p> {
    project: &'p Project,
    /// The names of declarations and of their parts.
    declared: FxHashSet<&'p str>,
    /// For each name that a fix gives, the declared ones that it is given instead of.
    given: FxHashMap<&'p str, FxHashSet<&'p str>>,
}

impl<'p> Taken<'p> {
    /// `findings` are all of them.
    pub(super) fn of(project: &'p Project, findings: &'p [Diagnostic]) -> Self {
        let mut taken =
            Self { project, declared: FxHashSet::default(), given: FxHashMap::default() };
        let items = project.files.iter().flat_map(|file| &file.items);
        let names = items.flat_map(Item::names).map(|(name, _)| name);
        taken.declared.extend(names.map(|name| project.sources.slice(name.span)));
        for finding in findings.iter().filter(|finding| finding.code == codes::INVALID_NAME) {
            for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
                let written = project.sources.slice(edit.span);
                if !taken.declared.contains(written) {
                    continue;
                }
                taken.given.entry(edit.replacement.as_str()).or_default().insert(written);
            }
        }
        taken
    }

    /// Whether two things would bear one name: they could not be told apart any more, and no one could
    /// undo it. What only names a thing in a wrong way may be put right.
    pub(super) fn forbids(&self, finding: &Diagnostic, fix: &Fix) -> bool {
        finding.code == codes::INVALID_NAME
            && fix.edits.iter().any(|edit| {
                let name = edit.replacement.as_str();
                let Some(written) = self.given.get(name) else { return false };
                written.contains(self.project.sources.slice(edit.span))
                    && (self.declared.contains(name) || written.len() > 1)
            })
    }
}
