//! Small parts: texts, durations, values, references.
//!
//! Decimal numbers are JSON strings, so that no reader rounds them.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::model::{
    Duration, Every, Field, FieldId, FieldType, Label, Money, NodeRef, Owner, Process, Text, Unit,
    Value,
};

/// A text as a map from language to text, the first language of the process first.
pub(crate) fn text(process: &Process, text: &Text) -> Json {
    let mut map = Map::new();
    let first = process.languages.first().map_or("en", String::as_str);
    map.insert(first.to_owned(), json!(text.value));
    for (language, translation) in &text.translations {
        map.entry(language.clone()).or_insert_with(|| json!(translation));
    }
    Json::Object(map)
}

/// A text, or `null`.
pub(super) fn maybe_text(process: &Process, value: Option<&Text>) -> Json {
    value.map_or(Json::Null, |value| text(process, value))
}

/// A word or text where either will do.
pub(super) fn labels(process: &Process, labels: &[Label]) -> Json {
    let label = |label: &Label| json!({ "name": label.name, "title": text(process, &label.title) });
    labels.iter().map(label).collect()
}

/// A decimal number.
pub(super) fn decimal(number: Decimal) -> Json {
    json!(number.normalize().to_string())
}

/// A length of time. Working time has no ISO 8601 form.
pub(super) fn duration(duration: Duration) -> Json {
    let amount = duration.amount.normalize();
    let (unit, iso) = match duration.unit {
        Unit::Minute => ("minutes", Some(format!("PT{amount}M"))),
        Unit::Hour => ("hours", Some(format!("PT{amount}H"))),
        Unit::Day => ("days", Some(format!("P{amount}D"))),
        Unit::Week => ("weeks", Some(format!("P{amount}W"))),
        Unit::Month => ("months", Some(format!("P{amount}M"))),
        Unit::Quarter => {
            let months = amount.checked_mul(Decimal::from(3));
            ("quarters", months.map(|months| format!("P{}M", months.normalize())))
        }
        Unit::Year => ("years", Some(format!("P{amount}Y"))),
        Unit::BusinessMinute => ("business_minutes", None),
        Unit::BusinessHour => ("business_hours", None),
        Unit::BusinessDay => ("business_days", None),
    };
    // Only whole numbers have an exact form that every reader of ISO 8601 understands.
    let iso = iso.filter(|_| amount.is_integer());
    json!({ "amount": amount.to_string(), "unit": unit, "iso8601": iso })
}

/// A length of time, or `null`.
pub(super) fn maybe_duration(value: Option<Duration>) -> Json {
    value.map_or(Json::Null, duration)
}

/// How often.
pub(super) fn every(every: Option<Every>) -> Json {
    match every {
        None => Json::Null,
        Some(Every::Period(period)) => json!({ "period": period.word(), "duration": null }),
        Some(Every::Duration(time)) => json!({ "period": null, "duration": duration(time) }),
    }
}

/// A constant.
pub(super) fn value(process: &Process, value: &Value) -> Json {
    match value {
        Value::Text(text) => json!({ "type": "text", "value": text }),
        Value::Number(n) => json!({ "type": "number", "value": decimal(*n) }),
        Value::Money(Money { amount, currency }) => {
            json!({ "type": "money", "value": decimal(*amount), "currency": currency.code() })
        }
        Value::Percent(n) => json!({ "type": "percent", "value": decimal(*n) }),
        Value::Boolean(value) => json!({ "type": "boolean", "value": value }),
        Value::Date(date) => json!({ "type": "date", "value": date.to_string() }),
        Value::DateTime(at) => {
            json!({ "type": "datetime", "value": at.strftime("%Y-%m-%dT%H:%M:%S").to_string() })
        }
        Value::Duration(time) => json!({ "type": "duration", "value": duration(*time) }),
        Value::Option(field, index) => {
            let option = process.fields[*field].ty.options().get(*index);
            json!({
                "type": "option",
                "value": option.map(|option| &option.name),
                "field": field_ref(process, *field),
            })
        }
    }
}

/// A constant, or `null`.
pub(super) fn maybe_value(process: &Process, constant: Option<&Value>) -> Json {
    constant.map_or(Json::Null, |constant| value(process, constant))
}

/// A field by its record type and name: `lead.email`.
pub(super) fn field_ref(process: &Process, id: FieldId) -> String {
    let field = &process.fields[id];
    format!("{}.{}", process.records[field.record].name, field.name)
}

/// A team, or a role with its team.
pub(super) fn owner(process: &Process, owner: Owner) -> Json {
    let kind = match owner {
        Owner::Team(_) => "team",
        Owner::Role(_) => "role",
    };
    json!({
        "kind": kind,
        "name": process.owner_name(owner).0,
        "team": process.teams[process.team_of(owner)].name,
    })
}

/// A team or role, or `null`.
pub(super) fn maybe_owner(process: &Process, value: Option<Owner>) -> Json {
    value.map_or(Json::Null, |value| owner(process, value))
}

/// Teams and roles.
pub(super) fn owners(process: &Process, values: impl IntoIterator<Item = Owner>) -> Json {
    values.into_iter().map(|value| owner(process, value)).collect()
}

/// Anything with a name.
pub(super) fn node(process: &Process, node: NodeRef) -> Json {
    let kind = match node {
        NodeRef::Team(_) => "team",
        NodeRef::Role(_) => "role",
        NodeRef::Record(_) => "record",
        NodeRef::Field(id) => return json!({ "kind": "field", "name": field_ref(process, id) }),
        NodeRef::Stage(_) => "stage",
        NodeRef::Goal(_) => "goal",
        NodeRef::Feedback(_) => "feedback",
        NodeRef::Score(_) => "score",
        NodeRef::Term(_) => "term",
        NodeRef::Play(_) => "play",
    };
    json!({ "kind": kind, "name": process.node_name(node).0 })
}

/// The word of a field's type.
pub(super) fn field_type(field: &Field) -> &'static str {
    match field.ty {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Integer => "integer",
        FieldType::Money => "money",
        FieldType::Percent => "percent",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::DateTime => "datetime",
        FieldType::User => "user",
        FieldType::OneOf(_) => "one_of",
        FieldType::ManyOf(_) => "many_of",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(amount: &str, unit: Unit) -> Json {
        let amount = amount.parse().unwrap_or_default();
        duration(Duration { amount, unit }).get("iso8601").cloned().unwrap_or_default()
    }

    #[test]
    fn durations_have_an_iso_form_where_it_is_exact() {
        assert_eq!(iso("30", Unit::Minute), json!("PT30M"));
        assert_eq!(iso("6", Unit::Month), json!("P6M"));
        assert_eq!(iso("2", Unit::Quarter), json!("P6M"));
        assert_eq!(iso("3", Unit::Week), json!("P3W"));
        assert_eq!(iso("2", Unit::BusinessDay), Json::Null);
        assert_eq!(iso("0.5", Unit::Day), Json::Null);
    }
}
