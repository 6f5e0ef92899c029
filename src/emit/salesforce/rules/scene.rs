//! Which saves a rule is about: of which records, and what becomes of them.
//!
//! A rule must ask the records of the process only. On leads and opportunities, and where an object
//! holds several record types, the record type of Salesforce tells them. Of another object that every
//! org has, such as accounts, most records may have nothing to do with the process: those are its
//! records that have a stage, so that a stage is never given by default there.

use crate::model::{RecordId, StageId};

use super::super::formula::{any, not, picked, text};
use super::Writer;

impl<'a> Writer<'a> {
    /// Whom and what a rule is for.
    pub(super) fn scope(&self, record: RecordId) -> Vec<String> {
        let mut parts = vec![self.bypassed()];
        parts.extend(self.is_of_type(record));
        parts
    }

    pub(super) fn bypassed(&self) -> String {
        format!("NOT($Permission.{})", self.bypass)
    }

    /// That the record is of the record type; none when Salesforce does not tell those apart.
    pub(super) fn is_of_type(&self, record: RecordId) -> Option<String> {
        let (_, names) = self.built.record_types.iter().find(|(of, _)| *of == record)?;
        Some(format!("RecordType.DeveloperName = {}", text(&names.api)))
    }

    /// That the record has a stage, where not all records of the object have one.
    pub(super) fn has_stage(&self) -> Option<String> {
        self.built.may_lack_stage().then(|| not(&self.is([""])))
    }

    /// That the record has a stage or had one, where a record without one may get another record type:
    /// one that has a stage is not to lose it by the same save.
    pub(super) fn keeps_stage(&self) -> Option<String> {
        let has_stage = self.has_stage().filter(|_| !self.built.record_types.is_empty())?;
        let field = self.built.object.stage_field();
        let had_stage = not(&format!("ISPICKVAL(PRIORVALUE({field}), \"\")"));
        Some(any(vec![has_stage, had_stage]))
    }

    /// That the record becomes one of its type with this save. Who gives a record another record
    /// type, or its first stage, makes it one as who makes it anew.
    pub(super) fn joins(&self) -> String {
        any(self.ways_to_join())
    }

    pub(super) fn ways_to_join(&self) -> Vec<String> {
        let mut ways = vec!["ISNEW()".to_owned()];
        if !self.built.record_types.is_empty() {
            ways.push(CHANGES_TYPE.to_owned());
        }
        if self.built.may_lack_stage() {
            let field = self.built.object.stage_field();
            ways.push(format!("ISPICKVAL(PRIORVALUE({field}), \"\")"));
        }
        ways
    }

    /// That the record leaves one of these stages. The stage before is that of another record type
    /// when the record had another, whatever its title.
    pub(super) fn comes_from(&self, stages: &[StageId]) -> Vec<String> {
        let field = self.built.object.stage_field();
        let mut parts = vec![format!("ISCHANGED({field})")];
        if !self.built.record_types.is_empty() {
            parts.push(not(CHANGES_TYPE));
        }
        let values = stages.iter().filter_map(|stage| self.value(*stage));
        parts.push(picked(&format!("PRIORVALUE({field})"), values));
        parts
    }

    /// That the record is in one of these stages.
    pub(super) fn is<'v>(&self, values: impl IntoIterator<Item = &'v str>) -> String {
        picked(self.built.object.stage_field(), values)
    }
}

/// That the record gets another record type.
const CHANGES_TYPE: &str = "ISCHANGED(RecordTypeId)";
