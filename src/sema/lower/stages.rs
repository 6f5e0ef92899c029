//! Stages: heads first, so that anything can refer to them, then what is in them.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::model::{
    Criterion, CriterionId, FieldId, Limit, Record, RecordId, Side, Stage, StageId, Text,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Status};

use super::super::names::duplicate;
use super::super::types::Scope;
use super::Lowering;

/// The words behind `evidence`.
const EVIDENCE: &[&str] = &["buyer", "seller"];

impl Lowering<'_, '_> {
    pub(super) fn declare_stages(&mut self) {
        let names = self.names;
        for (name, decl) in &names.stages {
            let name: &str = name;
            let (record, understood) = self.stage_record(decl);
            let title = self.title(decl.title.as_ref(), &decl.name);
            self.waivers(&decl.waivers, Some(decl.span));
            let was =
                self.was("stage", &decl.was, |name| names.stages.get(name).map(|d| d.name.span));
            self.process.stages.push(Stage {
                name: decl.name.text.clone(),
                title,
                record,
                entry: None,
                owner: None,
                owners: Vec::new(),
                support: Vec::new(),
                purpose: None,
                next: None,
                channels: Vec::new(),
                content: Vec::new(),
                collect: Vec::new(),
                limit: None,
                exit: Vec::new(),
                enter: Vec::new(),
                outgoing: Vec::new(),
                incoming: Vec::new(),
                outcome: decl.outcome.map(|outcome| outcome.value),
                is_final: decl.is_final.is_some(),
                probability: decl.probability,
                forecast: decl.forecast.first().map(|forecast| forecast.value),
                forecasts: decl.forecast.clone(),
                starts: Vec::new(),
                draft: decl.status.is_some_and(|status| status.value == Status::Draft),
                was,
                broken: decl.broken || !understood || names.doubled.contains(&("stage", name)),
                span: decl.name.span,
                body: decl.span,
            });
            self.check_probability(decl);
        }
        self.check_earlier_names();
    }

    /// The record type of a stage, and whether it could be understood. A process with a single
    /// record type need not name it.
    fn stage_record(&mut self, decl: &ast::StageDecl) -> (RecordId, bool) {
        let found = match &decl.record {
            Some(name) => self.record(name),
            None if self.process.records.len() == 1 => self.process.records.ids().next(),
            None => {
                if !decl.broken {
                    let mut finding = Diagnostic::new(
                        codes::MISSING_PROPERTY,
                        decl.name.span,
                        format!("stage `{}` does not say what is in it", decl.name),
                    );
                    let known: Vec<String> =
                        self.names.records.keys().map(|name| format!("`record {name}`")).collect();
                    finding = finding.help(if known.is_empty() {
                        "declare a record type, such as `record deal \"Deal\" { }`, and add `record deal`"
                            .to_owned()
                    } else {
                        format!("add {}", known.join(" or "))
                    });
                    self.findings.push(finding);
                }
                None
            }
        };
        match found {
            Some(record) => (record, true),
            None => (self.unknown_record(decl.name.span), false),
        }
    }

    /// Stands for a record type that could not be understood.
    fn unknown_record(&mut self, span: Span) -> RecordId {
        if let Some(record) = self.process.records.ids().next() {
            return record;
        }
        let id = self.process.records.push(Record {
            name: "record".to_owned(),
            title: Text::from_name("record", span),
            from: None,
            about: None,
            fields: Vec::new(),
            was: Vec::new(),
            broken: true,
            span,
        });
        self.fields.push(FxHashMap::default());
        self.open_records.insert(id);
        id
    }

    fn check_probability(&mut self, decl: &ast::StageDecl) {
        let Some(probability) = decl.probability else { return };
        if probability.value > rust_decimal::Decimal::ONE_HUNDRED {
            self.findings.push(Diagnostic::new(
                codes::INVALID_LITERAL,
                probability.span,
                "a probability is at most 100%",
            ));
        }
    }

    /// Two stages cannot both have been the same one.
    fn check_earlier_names(&mut self) {
        let names = self.names;
        let mut claimed: FxHashMap<&str, &ast::Name> = FxHashMap::default();
        for decl in names.stages.values() {
            for name in &decl.was {
                if let Some(first) =
                    claimed.insert(&name.text, name).filter(|f| f.span.key() != name.span.key())
                {
                    self.findings.push(
                        Diagnostic::new(
                            codes::DUPLICATE_NAME,
                            name.span,
                            format!("two stages claim to have been `{name}`"),
                        )
                        .label(first.span, "claimed here first")
                        .help("keep it at the stage that took its records; retire the other part"),
                    );
                }
            }
        }
    }

    pub(super) fn stage_bodies(&mut self) {
        let names = self.names;
        let ids: Vec<StageId> = self.process.stages.ids().collect();
        for (id, decl) in ids.into_iter().zip(names.stages.values()) {
            self.stage_body(id, decl);
        }
    }

    fn stage_body(&mut self, id: StageId, decl: &ast::StageDecl) {
        let record = self.readable_record(id);
        let owners = self.owner_list(&decl.owners);
        let support: Vec<_> = self.owner_list(&decl.support).iter().map(|o| o.value).collect();
        let entry = decl.entry.as_ref().map(|entry| self.labels(&entry.sources));
        let purpose = self.maybe_text(decl.purpose.as_ref());
        let next = self.maybe_text(decl.next.as_ref());
        let channels = self.labels(&decl.channels);
        let content = self.labels(&decl.content);
        let collect = self.field_list(&decl.collect, record);
        if let Some(limit) = &decl.limit {
            self.check_limit(limit);
        }
        let limit = decl.limit.as_ref().map(|limit| Limit {
            duration: limit.duration.value,
            target: limit.target.map(|target| target.value),
            escalate_to: limit.escalate_to.as_ref().and_then(|name| self.owner(name)),
            span: limit.span,
        });
        let exit = self.criteria(id, Side::Exit, &decl.exit, record);
        let enter = self.criteria(id, Side::Enter, &decl.enter, record);
        let starts = decl.starts.iter().filter_map(|starts| self.starts(starts)).collect();
        // An owner that could not be understood is not a missing one.
        let lost_owner = owners.len() < decl.owners.len();

        let stage = &mut self.process.stages[id];
        stage.owner = owners.first().map(|owner| owner.value);
        stage.owners = owners;
        stage.support = support;
        stage.entry = entry;
        stage.purpose = purpose;
        stage.next = next;
        stage.channels = channels;
        stage.content = content;
        stage.collect = collect;
        stage.limit = limit;
        stage.exit = exit;
        stage.enter = enter;
        stage.starts = starts;
        stage.broken |= lost_owner;
    }

    /// The record type whose fields a stage's conditions can read, if it is known.
    pub(super) fn readable_record(&self, stage: StageId) -> Option<RecordId> {
        let decl = self.names.stages.get(self.process.stages[stage].name.as_str())?;
        match &decl.record {
            Some(name) => self.record_ids.get(name.text.as_str()).copied(),
            None => (self.names.records.len() == 1).then_some(self.process.stages[stage].record),
        }
    }

    pub(super) fn field_list(
        &mut self,
        paths: &[ast::Path],
        record: Option<RecordId>,
    ) -> Vec<Spanned<FieldId>> {
        let mut fields: Vec<Spanned<FieldId>> = Vec::with_capacity(paths.len());
        for path in paths {
            let Some(field) = self.field_at(path, record) else { continue };
            match fields.iter().find(|known| known.value == field) {
                Some(first) => {
                    let span = first.span;
                    if let Some(name) = path.parts.last() {
                        self.repeated(name, span);
                    }
                }
                None => fields.push(Spanned::new(field, path.span)),
            }
        }
        fields
    }

    fn criteria(
        &mut self,
        stage: StageId,
        side: Side,
        decls: &[ast::Criterion],
        record: Option<RecordId>,
    ) -> Vec<CriterionId> {
        let mut ids = Vec::with_capacity(decls.len());
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for decl in decls {
            if let Some(first) = seen.insert(&decl.name.text, decl.name.span) {
                self.findings.push(duplicate("criterion", &decl.name, first));
                continue;
            }
            let place = format!("{}_{}", self.process.stages[stage].name, decl.name);
            let scope = Scope::of(record, &place);
            let title = self.text(&decl.title);
            let condition = self.condition(&decl.condition, scope);
            let applies = decl.applies.as_ref().map(|applies| self.condition(applies, scope));
            let was = self.was("criterion", &decl.was, |name| {
                decls.iter().find(|other| other.name.text == name).map(|other| other.name.span)
            });
            // A criterion whose condition, or whose `if`, is lost must not guard more than it did.
            let (Some(condition), false) = (condition, matches!(applies, Some(None))) else {
                self.process.stages[stage].broken = true;
                continue;
            };
            let evidence = decl.evidence.as_ref().and_then(|word| self.evidence(word));
            let id = self.process.criteria.push(Criterion {
                name: decl.name.text.clone(),
                title,
                stage,
                side,
                condition,
                applies: applies.flatten(),
                evidence,
                was,
                span: decl.span,
            });
            ids.push(id);
        }
        ids
    }

    /// Whose word a criterion rests on; a finding for any other word.
    fn evidence(&mut self, word: &ast::Name) -> Option<String> {
        if EVIDENCE.contains(&word.text.as_str()) {
            return Some(word.text.clone());
        }
        let fact = format!("unknown kind of evidence `{word}`");
        let finding = Diagnostic::new(codes::UNKNOWN_NAME, word.span, fact);
        let meant = match word.text.as_str() {
            "customer" | "client" | "prospect" | "customers" | "lead" | "contact" => Some("buyer"),
            "rep" | "sales" | "us" | "vendor" | "supplier" | "owner" | "team" => Some("seller"),
            other => closest(other, EVIDENCE.iter().copied()),
        };
        self.findings.push(match meant {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding.help(
                "write `buyer` if it rests on what the buyer says or does, `seller` if on your own",
            ),
        });
        None
    }

    fn starts(&mut self, starts: &ast::Starts) -> Option<(RecordId, StageId)> {
        let record = self.record(&starts.record);
        let stage = self.stage(&starts.at);
        let (record, stage) = (record?, stage?);
        if self.process.stages[stage].record != record {
            let declared = self.process.stages[stage].span;
            let holds = &self.process.records[self.process.stages[stage].record].name;
            let finding = Diagnostic::new(
                codes::WRONG_KIND,
                starts.at.span,
                format!("stage `{}` holds `{holds}`, not `{}`", starts.at, starts.record),
            )
            .label(declared, "declared here");
            self.findings.push(finding);
            return None;
        }
        Some((record, stage))
    }
}
