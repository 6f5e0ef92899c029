//! Pipelines of HubSpot: the answer of `GET /crm/v3/pipelines/{objectType}`, one pipeline of it, or
//! the body of a request that creates one, as `ekiden build` writes it.

mod sent;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::model::Outcome;

use super::report::{Report, code};
use super::{
    Imported, MOST_STAGES, Pipeline, Refused, Stage, must_be_text, outcome_by_title, settled,
    title, too_many, word,
};

/// Reads pipelines. `object` is what they are of, if somebody has said it.
pub(crate) fn read(text: &str, object: Option<&str>) -> Result<Imported, Refused> {
    must_be_text(text)?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let message = format!("is no JSON: {error}");
        Refused::new(message, "save the whole answer of `GET /crm/v3/pipelines/{objectType}`")
    })?;
    let pipelines = pipelines(&value)?;
    let mut imported = Imported::default();
    if value.get("paging").and_then(|paging| paging.get("next")).is_some() {
        imported.report.dropped("paging", "the answer has more pages, which are not in the input");
    }
    let mut sorted = Vec::new();
    for (place, pipeline) in &pipelines {
        let pipeline = table(pipeline, place)?;
        if is_true(pipeline.get("archived")) {
            let label = text_of(pipeline, "label").unwrap_or_default();
            let note = format!("the pipeline {} is archived", code(&label));
            imported.report.dropped(place, note);
            continue;
        }
        let read = self::pipeline(pipeline, place, object, &mut imported.report)?;
        sorted.push((order(pipeline), read));
    }
    // Sorting is stable: where HubSpot has the same place twice, the order of the answer stands.
    sorted.sort_by_key(|(order, _)| *order);
    imported.pipelines = sorted.into_iter().map(|(_, pipeline)| pipeline).collect();
    settled(imported)
}

/// The objects of HubSpot that are called what people call them; name and title of the record type.
const KINDS: &[(&str, &str, &str)] =
    &[("deals", "deal", "Deal"), ("tickets", "ticket", "Ticket"), ("leads", "lead", "Lead")];

/// The object by the name that the manifest knows it by. HubSpot itself has several.
fn usual(object: &str) -> &str {
    match object.to_ascii_lowercase().as_str() {
        "deal" | "0-3" | "deals" => "deals",
        "ticket" | "0-5" | "tickets" => "tickets",
        "lead" | "0-136" | "leads" => "leads",
        _ => object,
    }
}

/// The pipelines, each with its place.
fn pipelines(value: &Value) -> Result<Vec<(String, &Value)>, Refused> {
    let (list, at) = match value {
        Value::Array(_) => (value, ""),
        Value::Object(map) if map.contains_key("results") => {
            (map.get("results").unwrap_or(value), "results")
        }
        Value::Object(map) if map.contains_key("stages") => {
            return Ok(vec![("the pipeline".to_owned(), value)]);
        }
        Value::Object(map) if map.contains_key("message") && map.contains_key("status") => {
            let said = text_of(map, "message").unwrap_or_default();
            let message = format!("is an error of HubSpot: {}", code(&said));
            return Err(Refused::new(message, "ask HubSpot once more"));
        }
        _ => return Err(no_pipelines()),
    };
    let list = list.as_array().ok_or_else(no_pipelines)?;
    Ok(list
        .iter()
        .enumerate()
        .map(|(index, pipeline)| (format!("{at}[{index}]"), pipeline))
        .collect())
}

fn no_pipelines() -> Refused {
    Refused::new(
        "holds no pipelines: there is neither `results` nor `stages`",
        "save the whole answer of `GET /crm/v3/pipelines/{objectType}`",
    )
}

fn table<'v>(value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, Refused> {
    value.as_object().ok_or_else(|| {
        Refused::new(
            format!("is no list of pipelines: {place} is no object"),
            "save the answer unchanged",
        )
    })
}

fn text_of(map: &Map<String, Value>, key: &str) -> Option<String> {
    match map.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// HubSpot writes values of `metadata` as texts.
fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn order(map: &Map<String, Value>) -> i64 {
    map.get("displayOrder").and_then(Value::as_i64).unwrap_or(i64::MAX)
}

fn pipeline(
    map: &Map<String, Value>,
    place: &str,
    said: Option<&str>,
    report: &mut Report,
) -> Result<Pipeline, Refused> {
    let label = text_of(map, "label").unwrap_or_default();
    let Some(stages) = map.get("stages").and_then(Value::as_array) else {
        let message = format!("is cut or changed: {place} has no list `stages`");
        return Err(Refused::new(message, "save the answer unchanged"));
    };
    // A million of them would be refused in the end, too, but not at once.
    if stages.len() > MOST_STAGES {
        return Err(too_many());
    }
    let mut found = Pipeline {
        title: title(&label, place, report),
        id: text_of(map, "id").or_else(|| text_of(map, "pipelineId")),
        ..Pipeline::default()
    };
    let mut sorted = Vec::new();
    let (mut deals, mut tickets) = (false, false);
    for (index, value) in stages.iter().enumerate() {
        let place = match place {
            "the pipeline" => format!("stages[{index}]"),
            place => format!("{place}.stages[{index}]"),
        };
        let map = table(value, &place)?;
        let metadata = map.get("metadata").and_then(Value::as_object);
        deals |= metadata.is_some_and(|metadata| metadata.contains_key("probability"));
        tickets |= metadata.is_some_and(|metadata| metadata.contains_key("ticketState"));
        if is_true(map.get("archived")) {
            let label = text_of(map, "label").unwrap_or_default();
            report.dropped(place, format!("the stage {} is archived", code(&label)));
            continue;
        }
        let stage = self::stage(map, metadata, &place, report);
        sorted.push((order(map), stage));
    }
    sorted.sort_by_key(|(order, _)| *order);
    found.stages = sorted.into_iter().map(|(_, stage)| stage).collect();
    if let Some(said) = said {
        let object = usual(said).to_owned();
        match KINDS.iter().find(|(of, ..)| *of == object) {
            Some((_, name, title)) => found.record = Some((name, title)),
            // An object of its own is called what its pipeline is called.
            None => found.named_by_title = true,
        }
        report.understood(
            place,
            format!("{} is a pipeline of {}", code(&found.title), code(&object)),
        );
        found.object = Some(object);
        sent::tell(&found, report);
        return Ok(found);
    }
    let (object, why) = match (deals, tickets) {
        (_, true) => ("tickets", "its stages have a state of tickets"),
        (true, _) => ("deals", "its stages have probabilities"),
        _ => ("leads", "its stages have neither probabilities nor states of tickets"),
    };
    let kind = KINDS.iter().find(|(of, ..)| *of == object);
    found.record = kind.map(|(_, name, title)| (*name, *title));
    found.object = Some(object.to_owned());
    let text = format!(
        "{} is a pipeline of {object}: {why}; `--object` says another one",
        code(&found.title)
    );
    report.guessed(place, text);
    sent::tell(&found, report);
    Ok(found)
}

fn stage(
    map: &Map<String, Value>,
    metadata: Option<&Map<String, Value>>,
    place: &str,
    report: &mut Report,
) -> Stage {
    let id = text_of(map, "id").or_else(|| text_of(map, "stageId"));
    let mut label = title(&text_of(map, "label").unwrap_or_default(), place, report);
    if label.is_empty() {
        label = id.clone().unwrap_or_else(|| "Stage".to_owned());
        report.guessed(place, format!("a stage without a label is called {}", code(&label)));
    }
    let said = metadata.and_then(|metadata| text_of(metadata, "probability"));
    let probability = said.as_ref().and_then(|said| {
        let read = said.trim().parse::<Decimal>().ok();
        read.filter(|read| (Decimal::ZERO..=Decimal::ONE).contains(read) && read.scale() <= 6)
    });
    if let (Some(said), None) = (&said, probability) {
        report.dropped(place, format!("{} is no probability between 0 and 1", code(said)));
    }
    let read = ["probability", "isClosed", "ticketState"];
    for (key, value) in
        metadata.into_iter().flatten().filter(|(key, _)| !read.contains(&key.as_str()))
    {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        report.dropped(place, format!("{} is {}, which is not read", code(key), code(&value)));
    }
    let state = metadata.and_then(|metadata| text_of(metadata, "ticketState"));
    let closed = metadata.and_then(|metadata| metadata.get("isClosed"));
    let ended = match (closed, state.as_deref()) {
        (Some(closed), _) => is_true(Some(closed)),
        (None, Some(state)) => state.eq_ignore_ascii_case("closed"),
        // Older answers have no `isClosed`: HubSpot takes the two ends for closed.
        (None, None) => probability.is_some_and(|p| p.is_zero() || p == Decimal::ONE),
    };
    let by_title = outcome_by_title(&label);
    let by_name = |outcome, report: &mut Report| {
        report.guessed(place, format!("{} is {}, by its name", code(&label), word(outcome)));
        outcome
    };
    // Tickets and leads have no probabilities; stages of leads do not say that they are closed either.
    let says_nothing = closed.is_none() && state.is_none() && said.is_none();
    let outcome = match (ended, probability, by_title) {
        (true, Some(probability), _) if probability == Decimal::ONE => Some(Outcome::Won),
        (true, Some(probability), _) if probability.is_zero() => Some(Outcome::Lost),
        (true, _, Some(outcome)) => Some(by_name(outcome, report)),
        (true, _, None) => {
            report.guessed(
                place,
                format!("{} is closed, but neither won nor lost: `void`", code(&label)),
            );
            Some(Outcome::Void)
        }
        (false, _, Some(outcome)) if says_nothing => Some(by_name(outcome, report)),
        (false, ..) => None,
    };
    Stage {
        title: label,
        id,
        place: place.to_owned(),
        probability: probability.map(|probability| probability * Decimal::ONE_HUNDRED),
        outcome,
        ..Stage::default()
    }
}
