//! Time limits of stages: a field that tells which records nobody has touched for longer, and a list of
//! those. Salesforce keeps no date on which a record came into its stage, save for some objects; but
//! a record that was not changed for longer than the limit has been in its stage for longer too.

use crate::emit::crm::shortened;
use crate::emit::sentence::primary_subtag;
use crate::emit::xml::Element;
use crate::model::{Process, RecordId, StageId};

use super::fields::{DESCRIPTION_LENGTH, LABEL_LENGTH};
use super::formula::{all, any, fits, older_than, text, too_long};
use super::mapping::{Kind, Mapping, Object};
use super::names::{CUSTOM_NAME, api_name, cut_unique};
use super::objects::RecordTypeNames;
use super::stages::StageValues;

/// What an object knows of time limits.
#[derive(Debug, Default)]
pub(super) struct Overdue {
    /// The API name of the field and of the list, and the formula.
    pub(super) field: Option<(String, String)>,
    /// The stages it is about.
    pub(super) listed: Vec<StageId>,
    /// The stages it is not about, and why.
    pub(super) unlisted: Vec<(StageId, String)>,
}

/// The time limits of the stages of an object.
pub(super) fn overdue(
    mapping: &Mapping<'_>,
    object: &Object,
    stages: &StageValues,
    record_types: &[(RecordId, RecordTypeNames)],
) -> Overdue {
    let process = mapping.process;
    let mut out = Overdue::default();
    let mut ways = Vec::new();
    for (record, indices) in &stages.by_record {
        let mut of_record = Vec::new();
        for (stage, index) in mapping.stages_of(*record).iter().zip(indices) {
            let Some(limit) = &process.stages[*stage].limit else { continue };
            let Some(value) = stages.values.get(*index) else { continue };
            // Lists of the other objects name their columns each in its own way.
            if object.kind == Kind::Standard {
                out.unlisted.push((*stage, "lists of this object are made by hand".to_owned()));
                continue;
            }
            match older_than("LastModifiedDate", limit.duration) {
                Ok(older) => {
                    let there =
                        format!("ISPICKVAL({}, {})", object.stage_field(), text(&value.name));
                    of_record.push(all(vec![there, older]));
                    out.listed.push(*stage);
                }
                Err(why) => out.unlisted.push((*stage, why.reason())),
            }
        }
        if of_record.is_empty() {
            continue;
        }
        let names = record_types.iter().find(|(of, _)| of == record);
        let scope =
            names.map(|(_, names)| format!("RecordType.DeveloperName = {}", text(&names.api)));
        ways.push(all(scope.into_iter().chain([any(of_record)]).collect()));
    }
    if ways.is_empty() {
        return out;
    }
    let formula = any(ways);
    if !fits(&formula) {
        let lost = std::mem::take(&mut out.listed);
        out.unlisted.extend(lost.into_iter().map(|stage| (stage, too_long())));
        return out;
    }
    let name = cut_unique(&format!("{}_Past_Limit", api_name(&process.name)), CUSTOM_NAME);
    let is_taken = |wanted: &str| {
        object.fields.iter().any(|field| field.name.eq_ignore_ascii_case(&format!("{wanted}__c")))
    };
    let name =
        if is_taken(&name) { cut_unique(&format!("{name}_List"), CUSTOM_NAME) } else { name };
    out.field = Some((name, formula));
    out
}

impl Overdue {
    /// The field as metadata, with its API name.
    pub(super) fn field(&self, process: &Process) -> Option<(String, Element)> {
        let (name, formula) = self.field.as_ref()?;
        let name = format!("{name}__c");
        let about = format!(
            "Whether nobody has touched the record for longer than the limit of its stage in the process {}",
            process.name
        );
        let element = Element::new("CustomField")
            .text("fullName", &name)
            .text("description", shortened(&about, DESCRIPTION_LENGTH))
            .text("formula", formula)
            .text("formulaTreatBlanksAs", "BlankAsBlank")
            .text("label", label(process))
            .text("type", "Checkbox");
        Some((name, element))
    }

    /// The list as metadata, with its API name.
    pub(super) fn list(&self, process: &Process, object: &Object) -> Option<(String, Element)> {
        let (name, _) = self.field.as_ref()?;
        let columns: &[&str] = match object.kind {
            Kind::Lead => &["FULL_NAME", "LEAD.COMPANY", "LEAD.STATUS", "CORE.USERS.ALIAS"],
            Kind::Opportunity => &[
                "OPPORTUNITY.NAME",
                "OPPORTUNITY.STAGE_NAME",
                "OPPORTUNITY.CLOSE_DATE",
                "CORE.USERS.ALIAS",
            ],
            Kind::Standard | Kind::Custom => &["NAME", "Stage__c"],
        };
        let mut element = Element::new("ListView").text("fullName", name);
        for column in columns {
            element = element.text("columns", *column);
        }
        let filter = Element::new("filters")
            .text("field", format!("{name}__c"))
            .text("operation", "equals")
            .text("value", "1");
        let element = element.text("filterScope", "Everything").child(filter);
        Some((name.clone(), element.text("label", label(process))))
    }
}

/// What people call the list, in the first language of the process.
fn label(process: &Process) -> String {
    let language = process.languages.first().map_or("en", String::as_str);
    shortened(word(language), LABEL_LENGTH)
}

/// The label in a language; English for those not known.
pub(super) fn word(language: &str) -> &'static str {
    match primary_subtag(language) {
        "ko" => "기한이 지나도록 변경 없음",
        "ja" => "期限を過ぎて更新なし",
        _ => "Untouched past the limit",
    }
}
