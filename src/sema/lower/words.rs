//! The glossary, plays, and what is retired.

use crate::diag::{Diagnostic, closest, codes};
use crate::model::{NodeRef, Play, RecordId, Retired, StageId, Term};
use crate::source::Span;
use crate::syntax::ast::{self, Name, RetiredKind};

use super::super::types::Scope;
use super::{Lowering, renamed_alive};

impl Lowering<'_, '_> {
    pub(super) fn words(&mut self) {
        let names = self.names;
        for decl in names.terms.values() {
            let title = self.title(decl.title.as_ref(), &decl.name);
            let means = self.maybe_text(decl.means.as_ref());
            let also = self.labels(&decl.also);
            if decl.means.is_none() && !decl.broken {
                let message = format!("term `{}` does not say what it means", decl.name);
                self.lacks(&decl.name, message, "add `means \"…\"`");
            }
            self.waivers(&decl.waivers, Some(decl.span));
            let was =
                self.was("term", &decl.was, |name| names.terms.get(name).map(|d| d.name.span));
            let see = decl.see.iter().filter_map(|name| self.anything(name)).collect();
            self.process.terms.push(Term {
                name: decl.name.text.clone(),
                title,
                means,
                see,
                also,
                was,
                broken: decl.broken,
                span: decl.name.span,
            });
        }
        for decl in names.plays.values() {
            self.play(decl);
        }
    }

    fn play(&mut self, decl: &ast::PlayDecl) {
        let names = self.names;
        self.check_play(decl);
        let title = self.title(decl.title.as_ref(), &decl.name);
        let steps = self.maybe_text(decl.steps.as_ref());
        let about = self.maybe_text(decl.about.as_ref());
        self.waivers(&decl.waivers, Some(decl.span));
        let was = self.was("play", &decl.was, |name| names.plays.get(name).map(|d| d.name.span));
        let stages: Vec<StageId> = decl.stages.iter().filter_map(|name| self.stage(name)).collect();
        let by: Vec<_> = self.owner_list(&decl.by).iter().map(|owner| owner.value).collect();
        let place = format!("play_{}", decl.name);
        let record = self.common_record(&stages);
        let when = decl.when.as_ref().map(|when| self.condition(when, Scope::of(record, &place)));
        let lost = stages.len() < decl.stages.len()
            || by.len() < decl.by.len()
            || matches!(when, Some(None));
        self.process.plays.push(Play {
            name: decl.name.text.clone(),
            title,
            stages,
            by,
            when: when.flatten(),
            steps,
            about,
            was,
            broken: decl.broken || lost,
            span: decl.name.span,
        });
    }

    fn check_play(&mut self, decl: &ast::PlayDecl) {
        let name = &decl.name;
        let message = match (decl.stages.is_empty(), decl.steps.is_none()) {
            _ if decl.broken => return,
            (true, true) => {
                format!("play `{name}` says neither for which stage it is nor what to do")
            }
            (true, false) => format!("play `{name}` does not say for which stage it is"),
            (false, true) => format!("play `{name}` does not say what to do"),
            (false, false) => return,
        };
        self.lacks(name, message, "write `for stage STAGE` and `steps \"…\"`");
    }

    /// The record type that every one of the stages can read: the earliest of one lineage.
    fn common_record(&self, stages: &[StageId]) -> Option<RecordId> {
        let mut records = stages.iter().map(|stage| self.readable_record(*stage));
        let first = records.next()??;
        records.try_fold(first, |known, record| {
            let record = record?;
            if self.process.lineage(known).any(|id| id == record) {
                Some(record)
            } else {
                self.process.lineage(record).any(|id| id == known).then_some(known)
            }
        })
    }

    fn anything(&mut self, name: &Name) -> Option<NodeRef> {
        let node = self.node(&name.text);
        if node.is_none() && !self.names.lost.contains(name.text.as_str()) {
            let names = self.names;
            let known = names
                .stages
                .keys()
                .chain(names.records.keys())
                .chain(names.teams.keys())
                .chain(names.roles.keys())
                .chain(names.goals.keys())
                .chain(names.scores.keys())
                .chain(names.feedback.keys())
                .chain(names.plays.keys())
                .chain(names.terms.keys())
                .copied();
            let mut finding = Diagnostic::new(
                codes::UNKNOWN_NAME,
                name.span,
                format!("nothing is called `{name}`"),
            );
            if let Some(near) = closest(&name.text, known) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.findings.push(finding);
        }
        node
    }

    pub(super) fn retired(&mut self) {
        let names = self.names;
        let mut seen: Vec<(RetiredKind, String, Span)> = Vec::new();
        for decl in &names.retired {
            let name = decl.name.dotted();
            if let Some(alive) = self.alive(decl.kind.value, &decl.name) {
                let last = Name::new(name.clone(), decl.name.span);
                let mut finding = renamed_alive(decl.kind.value.word(), &last, alive);
                finding.message =
                    format!("{} `{name}` is retired, but it exists", decl.kind.value.word());
                self.findings.push(finding);
                continue;
            }
            if let Some((_, _, first)) =
                seen.iter().find(|(kind, known, _)| *kind == decl.kind.value && *known == name)
            {
                let finding = Diagnostic::new(
                    codes::DUPLICATE_NAME,
                    decl.name.span,
                    format!("{} `{name}` is retired twice", decl.kind.value.word()),
                )
                .label(*first, "first retired here");
                self.findings.push(finding);
                continue;
            }
            seen.push((decl.kind.value, name.clone(), decl.name.span));
            let into =
                decl.into
                    .iter()
                    .filter_map(|successor| {
                        let node = self.successor(decl.kind.value, &successor.to)?;
                        let when = match &successor.when {
                            None => None,
                            Some(when) => {
                                let record = match node {
                                    NodeRef::Stage(stage) => self.readable_record(stage),
                                    _ => None,
                                };
                                Some(self.condition(
                                    when,
                                    Scope::of(record, &format!("retired_{name}")),
                                )?)
                            }
                        };
                        Some((node, when))
                    })
                    .collect();
            self.process.retired.push(Retired {
                kind: decl.kind.value,
                name,
                into,
                since: decl.since.map(|date| date.value),
                span: decl.name.span,
            });
        }
    }

    /// Where something of that kind and name lives, if it does.
    fn alive(&self, kind: RetiredKind, path: &ast::Path) -> Option<Span> {
        let names = self.names;
        let name = path.parts.last()?.text.as_str();
        match kind {
            RetiredKind::Stage => names.stages.get(name).map(|d| d.name.span),
            RetiredKind::Record => names.records.get(name).map(|d| d.name.span),
            RetiredKind::Field => {
                let [record, field] = path.parts.as_slice() else { return None };
                let decl = names.records.get(record.text.as_str())?;
                decl.fields.iter().find(|f| f.name.text == field.text).map(|f| f.name.span)
            }
            RetiredKind::Team => names.teams.get(name).map(|d| d.name.span),
            RetiredKind::Role => names.roles.get(name).map(|(_, d)| d.name.span),
            RetiredKind::Goal => names.goals.get(name).map(|d| d.name.span),
            RetiredKind::Term => names.terms.get(name).map(|d| d.name.span),
            RetiredKind::Play => names.plays.get(name).map(|d| d.name.span),
            RetiredKind::Score => names.scores.get(name).map(|d| d.name.span),
        }
    }

    /// What takes the place of something retired: of the same kind.
    fn successor(&mut self, kind: RetiredKind, path: &ast::Path) -> Option<NodeRef> {
        let name = path.parts.last()?;
        match kind {
            RetiredKind::Stage => self.stage(name).map(NodeRef::Stage),
            RetiredKind::Record => self.record(name).map(NodeRef::Record),
            RetiredKind::Field => {
                let [record, _] = path.parts.as_slice() else {
                    self.findings.push(
                        Diagnostic::new(
                            codes::UNKNOWN_NAME,
                            path.span,
                            format!(
                                "`{}` does not say of which record it is a field",
                                path.dotted()
                            ),
                        )
                        .help("write `record.field`"),
                    );
                    return None;
                };
                let record = self.record(record)?;
                self.field_at(path, Some(record)).map(NodeRef::Field)
            }
            RetiredKind::Team | RetiredKind::Role => self.owner(name).map(|owner| match owner {
                crate::model::Owner::Team(team) => NodeRef::Team(team),
                crate::model::Owner::Role(role) => NodeRef::Role(role),
            }),
            RetiredKind::Goal | RetiredKind::Term | RetiredKind::Play | RetiredKind::Score => {
                self.anything(name)
            }
        }
    }
}
