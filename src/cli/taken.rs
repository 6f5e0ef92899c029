//! Names that a fix must not give: somebody else bears them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Fix, codes};
use crate::project::Project;
use crate::syntax::ast::{FieldType, Item, Name};

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
        let mut names: Vec<&Name> = Vec::new();
        for item in project.files.iter().flat_map(|file| &file.items) {
            names_of(item, &mut names);
        }
        taken.declared.extend(names.into_iter().map(|name| project.sources.slice(name.span)));
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

fn names_of<'p>(item: &'p Item, names: &mut Vec<&'p Name>) {
    match item {
        Item::Team(team) => {
            names.push(&team.name);
            names.extend(team.roles.iter().map(|role| &role.name));
        }
        Item::Record(record) => {
            names.push(&record.name);
            for field in &record.fields {
                names.push(&field.name);
                if let FieldType::OneOf(options) | FieldType::ManyOf(options) = &field.ty.value {
                    names.extend(options.iter().map(|option| &option.name));
                }
            }
        }
        Item::Stage(stage) => {
            names.push(&stage.name);
            names.extend(stage.exit.iter().chain(&stage.enter).map(|criterion| &criterion.name));
        }
        Item::Goal(goal) => names.push(&goal.name),
        Item::Feedback(feedback) => names.push(&feedback.name),
        Item::Score(score) => names.push(&score.name),
        Item::Term(term) => names.push(&term.name),
        Item::Play(play) => names.push(&play.name),
        Item::Process(_) | Item::Route(_) | Item::Retired(_) => {}
    }
}
