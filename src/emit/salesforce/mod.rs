//! Salesforce: a project in source format, ready for `sf project deploy`.
//!
//! `choices` reads the manifest, `mapping` decides which object and field holds what, `formula` says
//! conditions in Salesforce's language; the rest writes one kind of metadata each.

mod access;
mod choices;
mod count;
mod fields;
mod formula;
mod held;
mod languages;
mod ledger;
mod limits;
mod mapping;
mod messages;
mod names;
mod objects;
mod overdue;
mod package;
mod path;
mod readme;
mod rules;
mod scores;
mod stages;
mod translations;

use std::collections::BTreeSet;

use crate::diag::Diagnostic;
use crate::emit::crm::NAME_NOT_PORTABLE;
use crate::emit::xml::Element;
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::{Process, RecordId};
use crate::source::Span;

use fields::FieldWriter;
use languages::Language;
use mapping::{Kind, Mapping, Object};
use objects::RecordTypeNames;
use overdue::Overdue;
use package::Manifest;
use rules::{Asked, Rules};
use scores::Scores;
use stages::{StageValue, StageValues};
use translations::Translated;

pub(super) use count::count;
pub(super) use held::held;
pub(crate) use languages::tag_of;
pub(crate) use mapping::known_by_title;
pub(crate) use names::is_process_name;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "salesforce",
    summary: "Salesforce project in source format: stages, record types, fields, rules, paths",
    settings: choices::SETTINGS,
    default: true,
    systems: Some(ledger::systems),
    validate: |context| emit(context).diagnostics,
    emit,
};

const ROOT: &str = "force-app/main/default";

fn emit(context: &Context<'_>) -> Output {
    let mut findings = Vec::new();
    let choices = choices::read(context, &mut findings);
    let mapping = mapping::map(context.process, &choices, &mut findings);
    let mut project = Project { asked: Asked::of(context.process), ..Project::default() };
    let mut built = Vec::new();
    for object in &mapping.objects {
        built.push(project.object(&mapping, object, &mut findings));
    }
    limits::check(context.process, choices.edition, &built, &mut findings);
    for language in &choices.languages {
        for built in &built {
            project.translations(&mapping, built, language, &mut findings);
        }
    }
    project.access(&mapping, &built);
    let Project { mut artifacts, manifest, .. } = project;
    if artifacts.is_empty() {
        // A project that deploys nothing is no project.
        return Output { artifacts, diagnostics: findings };
    }
    let name = names::api_name(&context.process.name).to_lowercase().replace('_', "-");
    artifacts
        .push(Artifact::text("sfdx-project.json", package::project(&name, &choices.api_version)));
    artifacts.push(Artifact::text("manifest/package.xml", manifest.write(&choices.api_version)));
    artifacts.push(Artifact::text("README.md", readme::write(&mapping, &built)));
    Output { artifacts, diagnostics: findings }
}

/// What was made of an object, for what is said of all of them.
struct Built<'a> {
    object: &'a Object,
    stages: StageValues,
    scores: Scores,
    overdue: Overdue,
    record_types: Vec<(RecordId, RecordTypeNames)>,
    rules: Rules,
    has_paths: bool,
    /// What paths have no room for.
    no_room: Vec<String>,
}

impl Built<'_> {
    /// Whether records of the object that have no stage are none of the process: of accounts and the
    /// like every org has its own.
    fn may_lack_stage(&self) -> bool {
        self.object.kind == Kind::Standard && !self.stages.by_record.is_empty()
    }
}

#[derive(Default)]
struct Project {
    artifacts: Vec<Artifact>,
    manifest: Manifest,
    asked: Asked,
}

impl Project {
    fn add(&mut self, path: String, element: &Element, origin: Option<Span>) {
        let path = format!("{ROOT}/{path}-meta.xml");
        self.artifacts.push(Artifact::text(path, element.metadata()).made_of(origin));
    }

    fn object<'a>(
        &mut self,
        mapping: &'a Mapping<'a>,
        object: &'a Object,
        findings: &mut Vec<Diagnostic>,
    ) -> Built<'a> {
        let process = mapping.process;
        let stages = stages::values(mapping, object, findings);
        self.value_set(object, &stages.values);
        let history = self.fields(mapping, object, &stages, findings);
        if let Some(element) = objects::object(process, object, history, findings) {
            self.manifest.add("CustomObject", &object.name);
            let origin = object.records.first().map(|record| process.records[*record].span);
            self.add(format!("objects/{0}/{0}.object", object.name), &element, origin);
        }
        let mut record_types = Vec::new();
        if object.has_record_types() {
            let (mut seen, mut processes) = (BTreeSet::new(), BTreeSet::new());
            for (record, values) in &stages.by_record {
                let names = objects::record_type_names(process, mapping.choices, *record, findings);
                if !seen.insert(names.api.to_lowercase()) {
                    findings.push(taken(mapping, *record, &names));
                    continue;
                }
                if !processes.insert(names.process.to_lowercase()) {
                    findings.push(process_taken(mapping, *record, &names));
                    continue;
                }
                let values: Vec<&StageValue> =
                    values.iter().filter_map(|i| stages.values.get(*i)).collect();
                self.record_type(mapping, object, *record, &names, &values);
                record_types.push((*record, names));
            }
        }
        let scores = scores::scores(mapping, object);
        self.scores(process, object, &scores);
        let overdue = overdue::overdue(mapping, object, &stages, &record_types);
        self.overdue(process, object, &overdue);
        let mut built = Built {
            object,
            stages,
            scores,
            overdue,
            record_types,
            rules: Rules::default(),
            has_paths: false,
            no_room: Vec::new(),
        };
        built.rules = self.rules(mapping, &built);
        (built.has_paths, built.no_room) = self.paths(mapping, &built);
        built
    }

    fn rules(&mut self, mapping: &Mapping<'_>, built: &Built<'_>) -> Rules {
        let object = built.object;
        let rules = rules::rules(mapping, &self.asked, built, &mapping.choices.bypass);
        for rule in &rules.rules {
            self.manifest.add("ValidationRule", format!("{}.{}", object.name, rule.name));
            let path =
                format!("objects/{}/validationRules/{}.validationRule", object.name, rule.name);
            let origin = rule.demand.place(mapping.process);
            self.add(path, &rule.write(object.stage_field()), origin);
        }
        rules
    }

    /// Writes the paths; gives whether there is any, and what they have no room for.
    fn paths(&mut self, mapping: &Mapping<'_>, built: &Built<'_>) -> (bool, Vec<String>) {
        let paths = path::paths(mapping, built);
        for path in &paths {
            self.manifest.add("PathAssistant", &path.name);
            let origin = mapping.process.records[path.record].span;
            let name = format!("pathAssistants/{}.pathAssistant", path.name);
            self.add(name, &path.element, Some(origin));
        }
        (!paths.is_empty(), paths.into_iter().flat_map(|path| path.left).collect())
    }

    fn translations(
        &mut self,
        mapping: &Mapping<'_>,
        built: &Built<'_>,
        language: &Language,
        findings: &mut Vec<Diagnostic>,
    ) {
        let Translated { object, fields, values } =
            translations::translations(mapping, built, language, findings);
        if object.is_some() || !fields.is_empty() {
            let name = format!("{}-{}", built.object.name, language.code);
            self.manifest.add("CustomObjectTranslation", &name);
            let folder = format!("objectTranslations/{name}");
            let object = object.unwrap_or_else(|| Element::new("CustomObjectTranslation"));
            self.add(format!("{folder}/{name}.objectTranslation"), &object, None);
            for (field, element, origin) in fields {
                self.add(format!("{folder}/{field}.fieldTranslation"), &element, origin);
            }
        }
        let set = value_set_name(built.object.kind);
        if let (Some(element), Some(set)) = (values, set) {
            let name = format!("{set}-{}", language.code);
            self.manifest.add("StandardValueSetTranslation", &name);
            let path = format!("standardValueSetTranslations/{name}.standardValueSetTranslation");
            self.add(path, &element, None);
        }
    }

    /// Who may work with what the project adds, and who is stopped by no rule.
    fn access(&mut self, mapping: &Mapping<'_>, built: &[Built<'_>]) {
        let process = mapping.process;
        if built
            .iter()
            .all(|built| built.object.fields.is_empty() && built.scores.fields.is_empty())
        {
            return;
        }
        let name = names::users(process);
        self.manifest.add("PermissionSet", &name);
        let element = access::users(mapping, built);
        self.add(format!("permissionsets/{name}.permissionset"), &element, None);
        if built.iter().all(|built| built.rules.rules.is_empty()) {
            return;
        }
        let bypass = &mapping.choices.bypass;
        self.manifest.add("CustomPermission", bypass);
        let element = access::bypass(process);
        self.add(format!("customPermissions/{bypass}.customPermission"), &element, None);
        self.manifest.add("PermissionSet", bypass);
        let element = access::bypassers(process, bypass);
        self.add(format!("permissionsets/{bypass}.permissionset"), &element, None);
    }

    fn value_set(&mut self, object: &Object, values: &[StageValue]) {
        let Some(name) = value_set_name(object.kind) else { return };
        if values.is_empty() {
            return;
        }
        self.manifest.add("StandardValueSet", name);
        let element = stages::standard_value_set(object.kind, values);
        self.add(format!("standardValueSets/{name}.standardValueSet"), &element, None);
    }

    /// Writes the custom fields; gives whether any keeps its history.
    fn fields(
        &mut self,
        mapping: &Mapping<'_>,
        object: &Object,
        stages: &StageValues,
        findings: &mut Vec<Diagnostic>,
    ) -> bool {
        let mut tracked = 0;
        let mut writer = FieldWriter { mapping, object, stages: &stages.values, findings };
        for field in object.fields.iter().filter(|field| field.is_custom()) {
            let history = tracked < mapping.choices.history;
            tracked += usize::from(history);
            let element = writer.write(field, history);
            self.manifest.add("CustomField", format!("{}.{}", object.name, field.name));
            let path = format!("objects/{}/fields/{}.field", object.name, field.name);
            self.add(path, &element, field.place(mapping.process));
        }
        tracked > 0
    }

    fn overdue(&mut self, process: &Process, object: &Object, overdue: &Overdue) {
        if let Some((name, element)) = overdue.field(process) {
            self.manifest.add("CustomField", format!("{}.{name}", object.name));
            self.add(format!("objects/{}/fields/{name}.field", object.name), &element, None);
        }
        if let Some((name, element)) = overdue.list(process, object) {
            self.manifest.add("ListView", format!("{}.{name}", object.name));
            self.add(format!("objects/{}/listViews/{name}.listView", object.name), &element, None);
        }
    }

    fn scores(&mut self, process: &Process, object: &Object, scores: &Scores) {
        for field in &scores.fields {
            self.manifest.add("CustomField", format!("{}.{}", object.name, field.name));
            let path = format!("objects/{}/fields/{}.field", object.name, field.name);
            self.add(path, &field.write(process), Some(process.scores[field.score].span));
        }
    }

    fn record_type(
        &mut self,
        mapping: &Mapping<'_>,
        object: &Object,
        record: RecordId,
        names: &RecordTypeNames,
        values: &[&StageValue],
    ) {
        let origin = Some(mapping.process.records[record].span);
        if matches!(object.kind, Kind::Lead | Kind::Opportunity) {
            let element =
                stages::business_process(&names.process, names.description.clone(), values);
            self.manifest.add("BusinessProcess", format!("{}.{}", object.name, names.process));
            let path = format!(
                "objects/{}/businessProcesses/{}.businessProcess",
                object.name, names.process
            );
            self.add(path, &element, origin);
        }
        let stages: Vec<(String, bool)> =
            values.iter().map(|value| (value.name.clone(), value.default)).collect();
        let element = objects::record_type(mapping.process, object, record, names, &stages);
        self.manifest.add("RecordType", format!("{}.{}", object.name, names.api));
        let path = format!("objects/{}/recordTypes/{}.recordType", object.name, names.api);
        self.add(path, &element, origin);
    }
}

/// The value set that holds the stages of an object that Salesforce has made for them.
fn value_set_name(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Lead => Some("LeadStatus"),
        Kind::Opportunity => Some("OpportunityStage"),
        Kind::Standard | Kind::Custom => None,
    }
}

fn process_taken(mapping: &Mapping<'_>, record: RecordId, names: &RecordTypeNames) -> Diagnostic {
    let record = &mapping.process.records[record];
    let message = format!("two business processes would be `{}`", names.process);
    Diagnostic::new(NAME_NOT_PORTABLE, record.span, message)
        .help(format!("set `business_processes: {{{}: Other}}` in the manifest", record.name))
}

fn taken(mapping: &Mapping<'_>, record: RecordId, names: &RecordTypeNames) -> Diagnostic {
    let record = &mapping.process.records[record];
    let message = format!("two Salesforce record types would be `{}`", names.api);
    Diagnostic::new(NAME_NOT_PORTABLE, record.span, message)
        .help(format!("set `record_types: {{{}: Other}}` in the manifest", record.name))
}
