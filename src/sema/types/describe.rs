//! Types in words.

use crate::model::Type;

use super::super::lower::Lowering;

impl Lowering<'_, '_> {
    /// What a value of this type is, with an article: "an amount of money".
    pub(super) fn describe(&self, ty: Type) -> String {
        match ty {
            Type::Text => "a text".to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Integer => "a whole number".to_owned(),
            Type::Money => "an amount of money".to_owned(),
            Type::Percent => "a percentage".to_owned(),
            Type::Boolean => "a condition".to_owned(),
            Type::Date => "a date".to_owned(),
            Type::DateTime => "a point in time".to_owned(),
            Type::Duration => "a duration".to_owned(),
            Type::User => "a person".to_owned(),
            Type::OneOf(field) => format!("an option of `{}`", self.process.fields[field].name),
            Type::ManyOf(field) => format!("options of `{}`", self.process.fields[field].name),
        }
    }
}

/// The type of the values a field of this type holds.
pub(crate) fn value_type(field: crate::model::FieldId, ty: &crate::model::FieldType) -> Type {
    use crate::model::FieldType;
    match ty {
        FieldType::Text => Type::Text,
        FieldType::Number => Type::Number,
        FieldType::Integer => Type::Integer,
        FieldType::Money => Type::Money,
        FieldType::Percent => Type::Percent,
        FieldType::Boolean => Type::Boolean,
        FieldType::Date => Type::Date,
        FieldType::DateTime => Type::DateTime,
        FieldType::User => Type::User,
        FieldType::OneOf(_) => Type::OneOf(field),
        FieldType::ManyOf(_) => Type::ManyOf(field),
    }
}
