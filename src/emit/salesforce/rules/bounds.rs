//! Bounds of fields. The types of Salesforce have none, so that rules ask for them: of a new record, and
//! of one whose value changes. What an older record holds already is left alone until then, and what
//! other records of the object hold is none of the process.

use rustc_hash::FxHashMap;

use crate::emit::enforcement::Demand;
use crate::model::{Field, FieldId, RecordId};

use super::super::formula::{any, not};
use super::super::mapping::{Kind, MappedField, Source};
use super::super::messages::Message;
use super::{Unheld, Writer};

fn has_bounds(field: &Field) -> bool {
    field.at_least.is_some() || field.at_most.is_some()
}

impl<'a> Writer<'a> {
    /// A rule for each field of the object that has bounds.
    pub(super) fn bounds(&mut self) {
        let process = self.mapping.process;
        if !process.fields.values().any(has_bounds) {
            return;
        }
        let kept = process.fields.ids().filter_map(|id| Some((id, self.kept(id)?)));
        let kept: Vec<(FieldId, &MappedField)> = kept.collect();
        let mut holders: FxHashMap<&str, usize> = FxHashMap::default();
        for (_, held) in &kept {
            *holders.entry(&held.name).or_default() += 1;
        }
        for (id, held) in &kept {
            let field = &process.fields[*id];
            if has_bounds(field) {
                // A field that holds those of several record types has the bounds of each.
                let is_shared = holders.get(held.name.as_str()).is_some_and(|count| *count > 1);
                let users = if is_shared { &[field.record][..] } else { &held.records };
                self.bounded(*id, field, held, users);
            }
        }
    }

    /// The field of the object that holds it; none when the object does not.
    fn kept(&self, id: FieldId) -> Option<&'a MappedField> {
        let (process, object) = (self.mapping.process, self.built.object);
        let source = Source::Field(id);
        let exact = object.fields.iter().any(|field| field.source == source);
        let own = object.records.contains(&process.fields[id].record);
        object.holding(process, source).filter(|_| exact || own)
    }

    /// Why a rule would ask records of others.
    pub(super) fn not_told_apart(&self) -> String {
        let object = &self.built.object.name;
        format!("nothing tells the records it is for from others of `{object}`")
    }

    /// That the record is one of those that have the field; none when nothing tells it.
    pub(super) fn has_field(&self, users: &[RecordId]) -> Option<Vec<String>> {
        if self.built.object.kind == Kind::Custom && self.built.record_types.is_empty() {
            return Some(Vec::new());
        }
        if self.built.record_types.is_empty() {
            return self.has_stage().map(|has_stage| vec![has_stage]);
        }
        let types: Option<Vec<String>> = users.iter().map(|user| self.is_of_type(*user)).collect();
        Some([any(types?)].into_iter().chain(self.has_stage()).collect())
    }

    fn bounded(&mut self, id: FieldId, field: &Field, held: &MappedField, users: &[RecordId]) {
        let process = self.mapping.process;
        let name = held.name.as_str();
        let declared = format!("{}.{}", process.records[field.record].name, field.name);
        let about = format!("Bounds of field `{declared}`");
        let bounds = [("<", &field.at_least), (">", &field.at_most)];
        let beyond = bounds.into_iter().filter_map(|(sign, bound)| {
            let bound = self.formulas.constant(bound.as_ref()?)?;
            Some(format!("{name} {sign} {bound}"))
        });
        let beyond: Vec<String> = beyond.collect();
        if beyond.is_empty() {
            let why = "its bounds are no values of a formula".to_owned();
            self.out.unasked.push(Unheld { demand: Demand::Bounds(id), what: about, why });
            return;
        }
        let mut parts = vec![self.bypassed()];
        match self.has_field(users) {
            Some(has_field) => parts.extend(has_field),
            // Salesforce's own field is there for every record of the object.
            None if !held.is_custom() => {
                let why = self.not_told_apart();
                self.out.unasked.push(Unheld { demand: Demand::Bounds(id), what: about, why });
                return;
            }
            None => {}
        }
        let mut asked = self.ways_to_join();
        asked.push(format!("ISCHANGED({name})"));
        parts.push(any(asked));
        parts.push(not(&format!("ISBLANK({name})")));
        parts.push(any(beyond));
        let title = format!("{}_{}_bounds", process.records[field.record].name, field.name);
        let demand = Demand::Bounds(id);
        match self.rule(&title, demand.clone(), about.clone(), parts, Message::Bounds(id)) {
            Ok(mut rule) => {
                rule.field = Some(name.to_owned());
                self.add(rule);
            }
            Err(why) => self.out.unasked.push(Unheld { demand, what: about, why: why.reason() }),
        }
    }
}
