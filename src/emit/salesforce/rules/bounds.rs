//! Bounds of fields. The types of Salesforce have none, so that rules ask for them: of a new record, and
//! of one whose value changes. What an older record holds already is left alone until then.

use rustc_hash::FxHashMap;

use crate::emit::enforcement::Demand;
use crate::model::{Field, FieldId};

use super::super::formula::{any, not};
use super::super::mapping::Source;
use super::super::messages::Message;
use super::{Unheld, Writer};

fn has_bounds(field: &Field) -> bool {
    field.at_least.is_some() || field.at_most.is_some()
}

impl Writer<'_> {
    /// A rule for each field of the object that has bounds.
    pub(super) fn bounds(&mut self) {
        let process = self.mapping.process;
        if !process.fields.values().any(has_bounds) {
            return;
        }
        let kept = process.fields.ids().filter_map(|id| Some((id, self.kept(id)?)));
        let kept: Vec<(FieldId, String)> = kept.collect();
        let mut holders: FxHashMap<&str, usize> = FxHashMap::default();
        for (_, name) in &kept {
            *holders.entry(name).or_default() += 1;
        }
        for (id, name) in &kept {
            let field = &process.fields[*id];
            if has_bounds(field) {
                // A field that holds those of several record types has the bounds of each.
                let is_shared = holders.get(name.as_str()).is_some_and(|count| *count > 1);
                self.bounded(*id, field, name, is_shared);
            }
        }
    }

    /// The field of the object that holds it; none when the object does not.
    fn kept(&self, id: FieldId) -> Option<String> {
        let (process, object) = (self.mapping.process, self.built.object);
        let source = Source::Field(id);
        let exact = object.fields.iter().any(|field| field.source == source);
        let own = object.records.contains(&process.fields[id].record);
        let held = object.holding(process, source).filter(|_| exact || own);
        held.map(|field| field.name.clone())
    }

    fn bounded(&mut self, id: FieldId, field: &Field, name: &str, is_shared: bool) {
        let process = self.mapping.process;
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
        let mut parts = match is_shared {
            true => self.scope(field.record),
            false => vec![self.bypassed()],
        };
        parts.push(any(vec!["ISNEW()".to_owned(), format!("ISCHANGED({name})")]));
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
