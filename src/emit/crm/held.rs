//! Where a CRM keeps what the process speaks of, as the target for that CRM writes it. For those who
//! read what the CRM holds.

use crate::emit::{Context, Settings};
use crate::model::{ConfirmationId, FieldId, RecordId, StageId};

/// Where a CRM keeps the records of one type. All names are those of the CRM.
#[derive(Debug)]
pub(in crate::emit) struct Held {
    /// The record type.
    pub(in crate::emit) record: RecordId,
    /// `Opportunity`, `Customer__c`, `deals`
    pub(in crate::emit) object: String,
    /// The Salesforce record type that tells these records from others of the object; none where
    /// the object holds no others.
    pub(in crate::emit) apart: Option<String>,
    /// The field that holds the stage.
    pub(in crate::emit) stage: &'static str,
    /// What that field holds for each stage.
    pub(in crate::emit) stages: Vec<(StageId, String)>,
    /// What else the target lets it hold, that is no stage: the status of a converted lead.
    pub(in crate::emit) others: Vec<String>,
    /// The fields that hold those of the record type itself.
    pub(in crate::emit) fields: Vec<(FieldId, String)>,
    /// The fields that hold what a person confirms.
    pub(in crate::emit) confirmations: Vec<(ConfirmationId, String)>,
    /// How to find the record that this one continues.
    pub(in crate::emit) origin: Option<Origin>,
}

/// How a CRM links a record to the one that it continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emit) enum Origin {
    /// The earlier record is the same one.
    Same,
    /// This field of the later record holds the id of the earlier one.
    Lookup(String),
    /// This field of the earlier record, which is of this object, holds the id of the later one.
    Converted {
        /// `Lead`
        object: String,
        /// `ConvertedOpportunityId`
        field: &'static str,
    },
}

/// The context of another target: the settings that the manifest gives it, or none.
pub(in crate::emit) fn context_of<'a>(context: &Context<'a>, target: &str) -> Context<'a> {
    static NONE: std::sync::LazyLock<Settings> = std::sync::LazyLock::new(Settings::default);
    let named = context.others.iter().find(|(name, _)| *name == target);
    Context { settings: named.map_or(&NONE, |(_, settings)| *settings), ..*context }
}
