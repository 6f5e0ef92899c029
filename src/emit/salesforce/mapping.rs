//! Which object holds which record type, and which of its fields holds what.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::emit::Context;
use crate::emit::crm::{NAME_NOT_PORTABLE, as_written, borrowed_fields, journeys};
use crate::model::{ConfirmationId, FieldId, FieldType, Id, Process, RecordId, StageId};
use crate::source::Span;

use super::choices::{self, Choices};
use super::names::{self, CUSTOM_NAME};

/// Every object the process touches.
#[derive(Debug)]
pub(super) struct Mapping<'a> {
    /// The process.
    pub(super) process: &'a Process,
    /// What the manifest chooses.
    pub(super) choices: &'a Choices,
    /// The objects, in the order of the record types.
    pub(super) objects: Vec<Object>,
    /// For each record type, its stages in the order of the journey.
    stages: Vec<Vec<StageId>>,
    /// For each record type, the index of its object.
    object_of: Vec<usize>,
}

/// An object of Salesforce.
#[derive(Debug)]
pub(super) struct Object {
    /// `Opportunity`, `Customer__c`
    pub(super) name: String,
    /// Where its stages are kept, and what has to be declared.
    pub(super) kind: Kind,
    /// The record types it holds.
    pub(super) records: Vec<RecordId>,
    /// The fields the process uses on it, standard ones too.
    pub(super) fields: Vec<MappedField>,
}

/// What kind of object it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Stages are values of `Status`, ordered by lead processes.
    Lead,
    /// Stages are values of `StageName`, ordered by sales processes.
    Opportunity,
    /// Another object that every org has; stages are values of `Stage__c`.
    Standard,
    /// An object of our own; stages are values of `Stage__c`.
    Custom,
}

impl Object {
    /// The field that holds the stage.
    pub(super) fn stage_field(&self) -> &'static str {
        match self.kind {
            Kind::Lead => "Status",
            Kind::Opportunity => "StageName",
            Kind::Standard | Kind::Custom => "Stage__c",
        }
    }

    /// The field that holds this.
    pub(super) fn holding(&self, process: &Process, source: Source) -> Option<&MappedField> {
        let exact = self.fields.iter().find(|field| field.source == source);
        exact.or_else(|| self.fields.iter().find(|f| same_meaning(process, f.source, source)))
    }

    /// Whether record types of it are told apart by Salesforce record types.
    pub(super) fn has_record_types(&self) -> bool {
        matches!(self.kind, Kind::Lead | Kind::Opportunity) || self.records.len() > 1
    }
}

/// A field of an object.
#[derive(Debug)]
pub(super) struct MappedField {
    /// `Amount`, `Company_Size__c`
    pub(super) name: String,
    /// What it holds.
    pub(super) source: Source,
    /// The record types that use it.
    pub(super) records: Vec<RecordId>,
}

impl MappedField {
    /// Whether it has to be created: standard fields are there already.
    pub(super) fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    /// The declaration it is made of.
    pub(super) fn place(&self, process: &Process) -> Option<Span> {
        match self.source {
            Source::Stage => None,
            Source::Continues(id) => Some(process.records[id].span),
            Source::Field(id) => Some(process.fields[id].span),
            Source::Confirmation(id) => Some(process.confirmations[id].span),
        }
    }
}

/// What a field of an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// The stage.
    Stage,
    /// The record that this one continues.
    Continues(RecordId),
    /// A field of the process.
    Field(FieldId),
    /// What a person confirms.
    Confirmation(ConfirmationId),
}

impl<'a> Mapping<'a> {
    /// The stages of a record type, in the order of the journey.
    pub(super) fn stages_of(&self, record: RecordId) -> &[StageId] {
        self.stages.get(record.index()).map_or(&[], Vec::as_slice)
    }

    /// The object that holds a record type.
    pub(super) fn object_of(&self, record: RecordId) -> Option<&Object> {
        self.object_of.get(record.index()).and_then(|at| self.objects.get(*at))
    }
}

/// An API name without `__c`.
pub(super) fn base(name: &str) -> &str {
    name.strip_suffix("__c").unwrap_or(name)
}

/// Maps the process onto objects and fields.
pub(super) fn map<'a>(
    process: &'a Process,
    choices: &'a Choices,
    findings: &mut Vec<Diagnostic>,
) -> Mapping<'a> {
    let stages = if choices.as_written { as_written(process) } else { journeys(process) };
    let mut objects: Vec<Object> = Vec::new();
    let mut object_of: Vec<usize> = Vec::new();
    for record in process.records.ids() {
        let (name, kind) = object_for(process, choices, record, findings);
        let known = objects.iter().position(|object| object.name.eq_ignore_ascii_case(&name));
        let at = known.unwrap_or_else(|| {
            objects.push(Object { name, kind, records: Vec::new(), fields: Vec::new() });
            objects.len() - 1
        });
        if let Some(object) = objects.get_mut(at) {
            object.records.push(record);
        }
        object_of.push(at);
    }
    let mut builder = FieldBuilder {
        process,
        choices,
        object_of: &object_of,
        borrowed: borrowed_fields(process),
        confirmations: confirmations(process),
        has_stages: stages.iter().map(|stages| !stages.is_empty()).collect(),
        findings,
    };
    let names: Vec<String> = objects.iter().map(|object| object.name.clone()).collect();
    for (at, object) in objects.iter_mut().enumerate() {
        builder.fields(at, object, &names);
    }
    Mapping { process, choices, objects, stages, object_of }
}

/// The stages that Salesforce knows by their titles: those of leads and opportunities, whose values have no
/// name beside what people read, as long as the manifest gives them none.
pub(crate) fn known_by_title(context: &Context<'_>) -> Vec<StageId> {
    // What is wrong with the manifest is told where it is built.
    let mut told = Vec::new();
    let choices = choices::read(context, &mut told);
    let is_known = |id: &RecordId| {
        let (_, kind) = object_for(context.process, &choices, *id, &mut told);
        matches!(kind, Kind::Lead | Kind::Opportunity)
    };
    let records: Vec<RecordId> = context.process.records.ids().filter(is_known).collect();
    let stages = context.process.stages.iter();
    let titled = stages
        .filter(|(id, stage)| records.contains(&stage.record) && !choices.stages.contains_key(id));
    titled.map(|(id, _)| id).collect()
}

/// The object of a record type: as chosen; else by its name; else one of our own.
fn object_for(
    process: &Process,
    choices: &Choices,
    record: RecordId,
    findings: &mut Vec<Diagnostic>,
) -> (String, Kind) {
    let name = match choices.objects.get(&record) {
        Some(chosen) => chosen.value.clone(),
        None => match process.records[record].name.as_str() {
            "lead" => "Lead".to_owned(),
            "deal" | "opportunity" => "Opportunity".to_owned(),
            name => {
                let what = format!("record type `{name}`");
                let setting = format!("set `objects: {{{name}: Other__c}}`");
                custom_name(name, &what, &setting, process.records[record].span, findings)
            }
        },
    };
    let kind = match name.as_str() {
        "Lead" => Kind::Lead,
        "Opportunity" => Kind::Opportunity,
        name if name.ends_with("__c") => Kind::Custom,
        _ => Kind::Standard,
    };
    (name, kind)
}

/// A custom API name of at most 40 characters and `__c`; a finding when it had to be cut.
fn custom_name(
    name: &str,
    what: &str,
    setting: &str,
    span: Span,
    findings: &mut Vec<Diagnostic>,
) -> String {
    let full = names::api_name(name);
    let cut = names::cut(&full, CUSTOM_NAME);
    if cut.len() < full.len() {
        let message =
            format!("{what} has a longer name than Salesforce allows and becomes `{cut}__c`");
        findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, span, message)
                .level(Level::Warning)
                .reason(format!("an API name has at most {CUSTOM_NAME} characters"))
                .help(format!("{setting} in the manifest")),
        );
    }
    format!("{cut}__c")
}

fn confirmations(process: &Process) -> Vec<Vec<ConfirmationId>> {
    let mut of = vec![Vec::new(); process.records.len()];
    for (id, confirmation) in process.confirmations.iter() {
        if let Some(list) = of.get_mut(confirmation.record.index()) {
            list.push(id);
        }
    }
    of
}

struct FieldBuilder<'a, 'f> {
    process: &'a Process,
    choices: &'a Choices,
    object_of: &'a [usize],
    borrowed: Vec<BTreeSet<FieldId>>,
    confirmations: Vec<Vec<ConfirmationId>>,
    has_stages: Vec<bool>,
    findings: &'f mut Vec<Diagnostic>,
}

/// The fields of one object, and which names are taken.
#[derive(Default)]
struct Taken {
    by_name: FxHashMap<String, usize>,
    by_source: FxHashMap<Source, usize>,
}

impl FieldBuilder<'_, '_> {
    fn object(&self, record: RecordId) -> Option<usize> {
        self.object_of.get(record.index()).copied()
    }

    fn fields(&mut self, at: usize, object: &mut Object, names: &[String]) {
        let mut taken = Taken::default();
        let records = object.records.clone();
        let staged = |r: &RecordId| self.has_stages.get(r.index()).copied().unwrap_or_default();
        let staged: Vec<RecordId> = records.iter().copied().filter(staged).collect();
        for record in staged {
            let name = object.stage_field().to_owned();
            self.add(object, &mut taken, record, Source::Stage, name);
        }
        for record in records {
            self.link(at, object, &mut taken, record, names);
            let borrowed = self.borrowed.get(record.index()).cloned().unwrap_or_default();
            for field in self.process.visible_fields(record) {
                let home = self.process.fields[field].record;
                // What is kept on this object anyway needs no copy; a field of another object is
                // copied when it is used here.
                if self.object(home) == Some(at) || borrowed.contains(&field) {
                    let name = self.field_name(object, &taken, record, field);
                    self.add(object, &mut taken, record, Source::Field(field), name);
                }
            }
            for confirmation in self.confirmations.get(record.index()).cloned().unwrap_or_default()
            {
                let key = &self.process.confirmations[confirmation].key;
                let name = confirmation_name(key);
                self.add(object, &mut taken, record, Source::Confirmation(confirmation), name);
            }
        }
    }

    /// A lookup to the record that this one continues. Salesforce links a converted lead and its
    /// opportunity itself.
    fn link(
        &mut self,
        at: usize,
        object: &mut Object,
        taken: &mut Taken,
        record: RecordId,
        names: &[String],
    ) {
        let Some(from) = self.process.records[record].from else { return };
        let Some(other) = self.object(from).filter(|other| *other != at) else { return };
        let Some(target) = names.get(other) else { return };
        if target == "Lead" && object.kind == Kind::Opportunity {
            return;
        }
        let name = format!("{}__c", base(target));
        self.add(object, taken, record, Source::Continues(from), name);
    }

    fn field_name(
        &mut self,
        object: &Object,
        taken: &Taken,
        record: RecordId,
        id: FieldId,
    ) -> String {
        if let Some(index) = taken.by_source.get(&Source::Field(id))
            && let Some(field) = object.fields.get(*index)
        {
            return field.name.clone();
        }
        let field = &self.process.fields[id];
        if let Some(chosen) = self.choices.fields.get(&(record, id)) {
            return chosen.value.clone();
        }
        let standard = standard_field(object.kind, &field.name, &field.ty);
        // Another record type of the object may keep the same there already.
        let is_free = |name: &&str| {
            let other = taken.by_name.get(&name.to_lowercase());
            other
                .and_then(|index| object.fields.get(*index))
                .is_none_or(|other| same_meaning(self.process, other.source, Source::Field(id)))
        };
        if let Some(name) = standard.filter(is_free) {
            return name.to_owned();
        }
        let path = format!("{}.{}", self.process.records[record].name, field.name);
        let setting = format!("set `fields: {{{path}: Other__c}}`");
        custom_name(
            &field.name,
            &format!("field `{}`", field.name),
            &setting,
            field.span,
            self.findings,
        )
    }

    fn add(
        &mut self,
        object: &mut Object,
        taken: &mut Taken,
        record: RecordId,
        source: Source,
        name: String,
    ) {
        if let Some(index) = taken.by_source.get(&source)
            && let Some(field) = object.fields.get_mut(*index)
        {
            if !field.records.contains(&record) {
                field.records.push(record);
            }
            return;
        }
        if let Some(index) = taken.by_name.get(&name.to_lowercase()).copied()
            && let Some(other) = object.fields.get_mut(index)
        {
            if same_meaning(self.process, other.source, source) {
                other.records.push(record);
                taken.by_source.insert(source, index);
            } else {
                let finding = collision(self.process, object, index, record, source, &name);
                self.findings.push(finding);
            }
            return;
        }
        taken.by_name.insert(name.to_lowercase(), object.fields.len());
        taken.by_source.insert(source, object.fields.len());
        object.fields.push(MappedField { name, source, records: vec![record] });
    }
}

/// The keys of confirmations are made up, so a cut needs no finding; but it must stay unique.
fn confirmation_name(key: &str) -> String {
    format!("{}__c", names::cut_unique(&names::api_name(key), CUSTOM_NAME))
}

/// Whether two fields of unrelated record types on one object can be one field there: they have one
/// name and one type.
fn same_meaning(process: &Process, a: Source, b: Source) -> bool {
    match (a, b) {
        (Source::Field(a), Source::Field(b)) => {
            let (a, b) = (&process.fields[a], &process.fields[b]);
            a.name == b.name && a.ty == b.ty
        }
        (a, b) => a == b,
    }
}

fn collision(
    process: &Process,
    object: &Object,
    index: usize,
    record: RecordId,
    source: Source,
    name: &str,
) -> Diagnostic {
    let describe = |source: Source| match source {
        Source::Stage => ("the stage".to_owned(), None),
        Source::Continues(from) => (format!("the link to `{}`", process.records[from].name), None),
        Source::Field(id) => {
            let field = &process.fields[id];
            (format!("field `{}`", field.name), Some(field.span))
        }
        Source::Confirmation(id) => {
            let confirmation = &process.confirmations[id];
            (format!("confirmation `{}`", confirmation.key), Some(confirmation.span))
        }
    };
    let other = object.fields.get(index).map_or(Source::Stage, |field| field.source);
    let (first, first_span) = describe(other);
    let (second, second_span) = describe(source);
    let span = second_span.or(first_span).unwrap_or(process.records[record].span);
    let message =
        format!("{second} and {first} would both be `{name}` on `{}` in Salesforce", object.name);
    let mut finding = Diagnostic::new(NAME_NOT_PORTABLE, span, message);
    if let Some(first_span) = first_span.filter(|_| second_span.is_some()) {
        finding = finding.label(first_span, "the other one");
    }
    let field = [source, other].into_iter().find_map(|source| match source {
        Source::Field(id) => Some(id),
        _ => None,
    });
    match field {
        Some(id) => finding.help(format!(
            "set `fields: {{{}.{}: Other__c}}` in the manifest",
            process.records[record].name, process.fields[id].name
        )),
        None => finding.help("give one of them another name"),
    }
}

/// The standard field that holds this by default: same meaning and type.
fn standard_field(kind: Kind, name: &str, ty: &FieldType) -> Option<&'static str> {
    Some(match (kind, name, ty) {
        (Kind::Opportunity, "amount", FieldType::Money) => "Amount",
        (Kind::Opportunity, "close_date" | "close_on", FieldType::Date) => "CloseDate",
        (Kind::Opportunity, "next_step", FieldType::Text) => "NextStep",
        (Kind::Lead, "email", FieldType::Text) => "Email",
        (Kind::Lead, "phone", FieldType::Text) => "Phone",
        (Kind::Lead, "mobile", FieldType::Text) => "MobilePhone",
        (Kind::Lead, "company", FieldType::Text) => "Company",
        (Kind::Lead, "website", FieldType::Text) => "Website",
        (Kind::Lead, "first_name", FieldType::Text) => "FirstName",
        (Kind::Lead, "last_name", FieldType::Text) => "LastName",
        (Kind::Lead, "job_title", FieldType::Text) => "Title",
        (Kind::Lead, "employees", FieldType::Integer) => "NumberOfEmployees",
        _ => return None,
    })
}
