//! What the tests of BPMN and DMN share: records as variables of FEEL.

use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Money, Process, RecordId};
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value as Json, json};

fn plain(process: &Process, value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::User(text) => json!(text),
        Value::Number(n) | Value::Percent(n) | Value::Money(Money { amount: n, .. }) => {
            json!(n.to_f64().unwrap())
        }
        Value::Boolean(yes) => json!(yes),
        Value::Date(date) => json!({ "@date": date.to_string() }),
        Value::DateTime(at) => moment(*at),
        Value::Option(field, at) => json!(process.fields[*field].ty.options()[*at].name),
        Value::Options(field, all) => {
            let options = process.fields[*field].ty.options();
            all.iter().map(|at| json!(options[*at].name)).collect()
        }
        Value::Duration(_) => unreachable!("no field is a duration"),
    }
}

fn moment(at: jiff::civil::DateTime) -> Json {
    json!({ "@time": at.strftime("%Y-%m-%dT%H:%M:%S").to_string() })
}

/// What FEEL is given about a record. The names of the records must be free in FEEL.
pub(crate) fn variables(process: &Process, state: &RecordState) -> Map<String, Json> {
    let mut all = Map::new();
    let record = |id: RecordId| process.records[id].name.clone();
    for (id, of) in process.records.iter() {
        // What is missing is told as missing, as an engine would.
        let fields =
            of.fields.iter().map(|field| (process.fields[*field].name.clone(), Json::Null));
        all.insert(record(id), Json::Object(fields.collect()));
    }
    for (id, value) in &state.values {
        let field = &process.fields[*id];
        all[&record(field.record)][&field.name] = plain(process, value);
    }
    all.insert(
        "clock".into(),
        json!({ "now": moment(state.now), "entered": moment(state.entered_stage_at) }),
    );
    let confirmed = process.confirmations.iter().map(|(id, confirmation)| {
        (confirmation.key.clone(), json!(state.confirmations.contains(&id)))
    });
    all.insert("confirmed".into(), Json::Object(confirmed.collect()));
    let events = state.events.iter().map(|(name, at)| json!({ "type": name, "at": moment(*at) }));
    all.insert("events".into(), events.collect());
    all.insert("answers".into(), json!({}));
    all.insert("taken".into(), json!({}));
    all
}

/// The points and the grade of each score, as a table would have decided them.
pub(crate) fn decided(process: &Process, state: &RecordState) -> Map<String, Json> {
    let evaluator = Evaluator::new(process, state);
    let mut all = Map::new();
    for (id, score) in process.scores.iter() {
        let points = evaluator.score(id).and_then(|points| points.to_f64());
        all.insert(score.name.clone(), json!(points));
        if !score.grades.is_empty() {
            let grade = evaluator.grade(id).map(|at| score.grades[at].name.clone());
            all.insert(format!("{}_grade", score.name), json!(grade));
        }
    }
    all
}
