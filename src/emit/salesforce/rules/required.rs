//! Fields that are never missing. Salesforce can require a field of every record of its object only:
//! where the object holds others, too, a rule asks those of the record type.

use crate::emit::enforcement::Demand;
use crate::model::FieldType;

use super::super::fields::is_required;
use super::super::mapping::{Kind, Source};
use super::super::messages::Message;
use super::{Unheld, Writer};

/// Whether Salesforce takes no record of the object without the field of its own.
fn is_always_filled(kind: Kind, field: &str) -> bool {
    matches!(
        (kind, field),
        (Kind::Lead, "Company" | "LastName")
            | (Kind::Opportunity, "CloseDate" | "Name")
            | (Kind::Standard | Kind::Custom, "Name")
    )
}

impl Writer<'_> {
    /// A rule for each required field that is not required of the whole object.
    pub(super) fn required(&mut self) {
        let (process, object) = (self.mapping.process, self.built.object);
        for (id, field) in process.fields.iter() {
            // A checkbox is never blank.
            let is_asked = field.required && field.ty != FieldType::Boolean;
            if !is_asked || !object.records.contains(&field.record) {
                continue;
            }
            let Some(held) = object.holding(process, Source::Field(id)) else { continue };
            if is_required(self.mapping, object, held) {
                continue;
            }
            if is_always_filled(object.kind, &held.name) {
                self.out.free.push(Demand::Required(id));
                continue;
            }
            let declared = format!("{}.{}", process.records[field.record].name, field.name);
            let about = format!("That field `{declared}` is filled in");
            let demand = Demand::Required(id);
            let Some(has_field) = self.has_field(&[field.record]) else {
                let why = self.not_told_apart();
                self.out.unasked.push(Unheld { demand, what: about, why });
                continue;
            };
            let Ok(missing) = self.formulas.missing(id) else { continue };
            let mut parts = vec![self.bypassed()];
            parts.extend(has_field);
            parts.push(missing);
            let title = format!("{}_{}_required", process.records[field.record].name, field.name);
            match self.rule(&title, demand.clone(), about.clone(), parts, Message::Required(id)) {
                Ok(mut rule) => {
                    rule.field = Some(held.name.clone());
                    self.add(rule);
                }
                Err(why) => {
                    let why = why.reason();
                    self.out.unasked.push(Unheld { demand, what: about, why });
                }
            }
        }
    }
}
