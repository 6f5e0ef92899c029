//! From named declarations to the model: first what has a name, then what refers to it.

mod goals;
mod head;
mod impossible;
mod people;
mod records;
mod scores;
mod stages;
mod texts;
mod transitions;
mod words;

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, codes};
use crate::model::{
    Arena, ConfirmationId, FieldId, Id, NodeRef, Owner, Process, RecordId, RoleId, ScoreId,
    StageId, TeamId, Waiver,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name};
use crate::syntax::habits;

use super::names::Names;

/// What is known while the model is built.
pub(super) struct Lowering<'a, 'f> {
    pub(super) names: &'a Names<'a>,
    pub(super) process: Process,
    pub(super) findings: &'f mut Vec<Diagnostic>,
    /// The id of each record declaration: sorted so that a record comes after the one it continues.
    pub(super) record_ids: FxHashMap<&'a str, RecordId>,
    /// For each record type its own fields by name.
    pub(super) fields: Vec<FxHashMap<&'a str, FieldId>>,
    /// For each field that a condition has named an option of: where each option stands.
    pub(super) option_places: FxHashMap<FieldId, FxHashMap<String, usize>>,
    /// Record types whose fields are not all known, because a part could not be read.
    pub(super) open_records: FxHashSet<RecordId>,
    /// Confirmations by record, text and person, so that one is asked for once.
    pub(super) confirmations: FxHashMap<(RecordId, String, Option<Owner>), ConfirmationId>,
    /// Keys of confirmations, with all field names: neither may hide the other in a table.
    pub(super) taken_keys: FxHashSet<String>,
    /// Whether the currency that the process declares is none: amounts are taken as they are.
    pub(super) unsure_currency: bool,
    /// Languages that texts are translated into, in order of appearance, with the first place.
    pub(super) used_languages: indexmap::IndexMap<String, Span>,
}

pub(super) fn lower(
    names: &Names<'_>,
    fallback_name: &str,
    findings: &mut Vec<Diagnostic>,
) -> Process {
    let process = head::empty_process(names, fallback_name);
    let mut lowering = Lowering {
        names,
        process,
        findings,
        record_ids: FxHashMap::default(),
        fields: Vec::new(),
        option_places: FxHashMap::default(),
        open_records: FxHashSet::default(),
        confirmations: FxHashMap::default(),
        taken_keys: FxHashSet::default(),
        unsure_currency: false,
        used_languages: indexmap::IndexMap::new(),
    };
    lowering.head();
    lowering.people();
    lowering.records();
    // Conditions may speak of any stage's score and any score's record, so both are declared
    // before any condition is read.
    lowering.declare_stages();
    lowering.declare_scores();
    lowering.score_rules();
    lowering.stage_bodies();
    lowering.transitions();
    lowering.goals();
    lowering.routes();
    lowering.words();
    lowering.retired();
    lowering.check_languages();
    lowering.process
}

impl<'a> Lowering<'a, '_> {
    pub(super) fn team_id(&self, name: &str) -> Option<TeamId> {
        self.names.teams.get_index_of(name).map(TeamId::from_index)
    }

    pub(super) fn role_id(&self, name: &str) -> Option<RoleId> {
        self.names.roles.get_index_of(name).map(RoleId::from_index)
    }

    pub(super) fn stage_id(&self, name: &str) -> Option<StageId> {
        self.names.stages.get_index_of(name).map(StageId::from_index)
    }

    pub(super) fn score_id(&self, name: &str) -> Option<ScoreId> {
        self.names.scores.get_index_of(name).map(ScoreId::from_index)
    }

    /// The team or role of that name; a finding when there is none.
    pub(super) fn owner(&mut self, name: &Name) -> Option<Owner> {
        let owner = self.find_owner(&name.text);
        if owner.is_none() {
            let names = self.names;
            let known = names.teams.keys().chain(names.roles.keys()).copied();
            names.unknown("team or role", name, known, self.findings);
        }
        owner
    }

    pub(super) fn find_owner(&self, name: &str) -> Option<Owner> {
        self.team_id(name).map(Owner::Team).or_else(|| self.role_id(name).map(Owner::Role))
    }

    /// Several owners; one named twice is reported.
    pub(super) fn owner_list(&mut self, names: &[Name]) -> Vec<Spanned<Owner>> {
        let mut owners: Vec<Spanned<Owner>> = Vec::new();
        for name in names {
            let Some(owner) = self.owner(name) else { continue };
            match owners.iter().find(|known| known.value == owner) {
                Some(first) => self.repeated(name, first.span),
                None => owners.push(Spanned::new(owner, name.span)),
            }
        }
        owners
    }

    /// The stage of that name; a finding when there is none.
    pub(super) fn stage(&mut self, name: &Name) -> Option<StageId> {
        let stage = self.stage_id(&name.text);
        if stage.is_none() {
            let names = self.names;
            names.unknown("stage", name, names.stages.keys().copied(), self.findings);
        }
        stage
    }

    /// The record type of that name; a finding when there is none.
    pub(super) fn record(&mut self, name: &Name) -> Option<RecordId> {
        let record = self.record_ids.get(name.text.as_str()).copied();
        if record.is_none() {
            let names = self.names;
            names.unknown("record", name, names.records.keys().copied(), self.findings);
        }
        record
    }

    /// A finding for a declaration that says too little to be understood.
    pub(super) fn lacks(&mut self, name: &Name, message: String, help: &str) {
        self.findings.push(Diagnostic::new(codes::MISSING_PROPERTY, name.span, message).help(help));
    }

    /// A finding for a name that stands twice in one list.
    pub(super) fn repeated(&mut self, name: &Name, first: Span) {
        self.findings.push(
            Diagnostic::new(
                codes::DUPLICATE_NAME,
                name.span,
                format!("`{name}` stands twice in this list"),
            )
            .label(first, "first here"),
        );
    }

    pub(super) fn waivers(&mut self, waivers: &[ast::Waive], scope: Option<Span>) {
        for waive in waivers {
            let reason = self.text(&waive.reason);
            self.process.waivers.push(Waiver {
                rule: Spanned::new(waive.rule.text.clone(), waive.rule.span),
                reason,
                until: waive.until.map(|date| date.value),
                scope,
                span: waive.span,
            });
        }
    }

    /// Earlier names: what still lives under such a name is reported.
    pub(super) fn was(
        &mut self,
        kind: &str,
        was: &[Name],
        alive: impl Fn(&str) -> Option<Span>,
    ) -> Vec<String> {
        let mut earlier: Vec<String> = Vec::new();
        for name in was {
            match alive(&name.text) {
                Some(span) => self.findings.push(renamed_alive(kind, name, span)),
                None if earlier.contains(&name.text) => {
                    let first =
                        was.iter().find(|n| n.text == name.text).map_or(name.span, |n| n.span);
                    self.repeated(name, first);
                }
                None => earlier.push(name.text.clone()),
            }
        }
        earlier
    }

    /// Anything that is called so: stages first, then records, people, and the rest.
    pub(super) fn node(&self, name: &str) -> Option<NodeRef> {
        let index = |index: Option<usize>| index;
        self.stage_id(name)
            .map(NodeRef::Stage)
            .or_else(|| self.record_ids.get(name).copied().map(NodeRef::Record))
            .or_else(|| self.team_id(name).map(NodeRef::Team))
            .or_else(|| self.role_id(name).map(NodeRef::Role))
            .or_else(|| {
                index(self.names.goals.get_index_of(name)).map(|i| NodeRef::Goal(Id::from_index(i)))
            })
            .or_else(|| self.score_id(name).map(NodeRef::Score))
            .or_else(|| {
                index(self.names.feedback.get_index_of(name))
                    .map(|i| NodeRef::Feedback(Id::from_index(i)))
            })
            .or_else(|| {
                index(self.names.plays.get_index_of(name)).map(|i| NodeRef::Play(Id::from_index(i)))
            })
            .or_else(|| {
                index(self.names.terms.get_index_of(name)).map(|i| NodeRef::Term(Id::from_index(i)))
            })
            .or_else(|| {
                self.fields.iter().find_map(|own| own.get(name)).copied().map(NodeRef::Field)
            })
    }
}

/// A finding for an earlier name that something still bears.
pub(super) fn renamed_alive(kind: &str, name: &Name, alive: Span) -> Diagnostic {
    Diagnostic::new(
        codes::RENAMED_ALIVE,
        name.span,
        format!("`{name}` is given as an earlier name, but a {kind} of that name exists"),
    )
    .label(alive, "it lives here")
    .help("remove one of the two: a name cannot be past and present at once")
}

/// The advice for a number where a percentage is expected.
pub(super) fn percentage_help(number: Decimal) -> String {
    habits::part_of_one(number).unwrap_or_else(|| format!("write `{number}%`"))
}

/// An arena with no entries, where inference needs a hand.
pub(super) fn empty<I: Id, T>() -> Arena<I, T> {
    Arena::new()
}
