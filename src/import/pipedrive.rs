//! Pipelines of Pipedrive: the answers of `GET /pipelines`, `/stages` and `/dealFields` of either
//! version of its interface, each in a file or all in one, or what `ekiden build` writes.

pub(crate) mod answer;
mod fields;

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use crate::model::Outcome;

use super::report::{Report, code};
use super::xml::File;
use super::{Imported, Pipeline, Refused, Stage};
use super::{must_be_text, outcome_by_title, settled, title, too_many, word};
use answer::{At, Holder, Thing, Visit, flag, is_deleted, rotting, text_of};

/// The most fields that are read. No account has as many.
const MOST_FIELDS: usize = 5_000;
/// The most pipelines and stages that are looked at.
const MOST_FOUND: usize = 20_000;

/// Whether a text is an answer of Pipedrive: it says whether it was a success, and holds data.
pub(crate) fn is_answer(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let answers = |value: &Value| value.get("success").is_some() && value.get("data").is_some();
    let named = |key: &str| value.get(key).is_some_and(answers);
    answers(&value) || ["stages", "pipelines", "dealFields"].into_iter().any(named)
}

/// Reads answers. Without a currency amounts are numbers.
pub(crate) fn read(files: &[File], currency: Option<&str>) -> Result<Imported, Refused> {
    let mut found = Found::default();
    let mut imported = Imported { pipedrive: true, ..Imported::default() };
    for (path, text) in in_order(files) {
        must_be_text(text).map_err(|refused| in_file(refused, path, files))?;
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let refused = Refused::new(
                format!("is no JSON: {error}"),
                "save the whole answers of `GET /pipelines`, `/stages` and `/dealFields`",
            );
            in_file(refused, path, files)
        })?;
        let place = if files.len() > 1 { path.clone() } else { String::new() };
        let mut reading = Reading { found: &mut found, report: &mut imported.report };
        answer::walk(&value, &At::file(path, place), &mut reading)
            .map_err(|refused| in_file(refused, path, files))?;
    }
    if found.stages.is_empty() {
        return Err(Refused::new(
            "holds no stages of Pipedrive",
            "save the answers of `GET /pipelines` and `GET /stages`, and of `/dealFields` for the fields",
        ));
    }
    let ids = pipelines(&mut found, &mut imported);
    fields::fields(&found, &ids, currency, &mut imported)?;
    ends(&mut imported);
    imported.currency = currency.map(str::to_owned);
    settled(imported)
}

/// The files of a build stand in the order of its plan, as they are sent; others in that of their
/// names.
fn in_order(files: &[File]) -> Vec<&File> {
    let mut sorted: Vec<&File> = files.iter().collect();
    let plan = files.iter().find(|(path, _)| path.rsplit('/').next() == Some("plan.json"));
    let Some((path, text)) = plan else { return sorted };
    let folder = path.strip_suffix("plan.json").unwrap_or_default();
    let plan: Value = serde_json::from_str(text).unwrap_or_default();
    let calls = plan.get("calls").and_then(Value::as_array).into_iter().flatten();
    let bodies = calls.filter_map(|call| call.get("body")?.as_str());
    let steps: FxHashMap<&str, usize> = bodies.enumerate().map(|(at, body)| (body, at)).collect();
    sorted.sort_by_key(|(path, _)| {
        let body = path.strip_prefix(folder).unwrap_or(path);
        steps.get(body).copied().unwrap_or(usize::MAX)
    });
    sorted
}

fn in_file(refused: Refused, path: &str, files: &[File]) -> Refused {
    if files.len() < 2 {
        return refused;
    }
    Refused { message: format!("cannot be read: `{path}` {}", refused.message), ..refused }
}

/// A thing of an answer: its place, its identifier where the answer has none, and what it says.
type Item = (String, String, Map<String, Value>);

#[derive(Default)]
struct Found {
    pipelines: Vec<Item>,
    stages: Vec<Item>,
    fields: Vec<Item>,
}

/// What is found, and what is told of it.
struct Reading<'r> {
    found: &'r mut Found,
    report: &'r mut Report,
}

impl Visit for Reading<'_> {
    fn item(&mut self, at: &At, thing: Thing, map: &Map<String, Value>) -> Result<(), Refused> {
        let place = at.text();
        match thing {
            // Fields of persons and organizations are no fields of deals.
            Thing::Field if at.holder() != Holder::Deals => {
                self.report.dropped(place, "a field of persons or organizations");
            }
            Thing::Field => self.found.fields.push((place, at.stem().to_owned(), map.clone())),
            Thing::Stage => {
                self.found.stages.push((place, format!("{{stage.{}}}", at.stem()), map.clone()));
            }
            Thing::Activity => {
                let name = text_of(map, "name").unwrap_or_default();
                self.report.dropped(place, format!("the activity type {}", code(&name)));
            }
            Thing::Pipeline => {
                let id = format!("{{pipeline.{}}}", at.stem());
                self.found.pipelines.push((place, id, map.clone()));
            }
        }
        // Those that are deleted count here, too: no account has as many.
        if self.found.stages.len() > MOST_FOUND || self.found.pipelines.len() > MOST_FOUND {
            return Err(too_many());
        }
        if self.found.fields.len() > MOST_FIELDS {
            let message = format!("holds more than {MOST_FIELDS} fields");
            return Err(Refused::new(
                message,
                "it looks like an export of records, not of settings",
            ));
        }
        Ok(())
    }

    fn more(&mut self, at: &At) -> Result<(), Refused> {
        let place = at.inner("additional_data").text();
        self.report.dropped(place, "the answer has more pages, which are not in the input");
        Ok(())
    }
}

fn order(map: &Map<String, Value>) -> i64 {
    map.get("order_nr").and_then(Value::as_i64).unwrap_or(i64::MAX)
}

/// Makes pipelines; gives for each the identifier it has there, and those of its stages.
fn pipelines(found: &mut Found, imported: &mut Imported) -> Vec<(String, Vec<String>)> {
    let Imported { pipelines, report, .. } = imported;
    // Sorting is stable: without numbers, the order of the input stands.
    found.pipelines.sort_by_key(|(.., map)| order(map));
    found.stages.sort_by_key(|(.., map)| order(map));
    let mut ids: Vec<(String, Vec<String>)> = Vec::new();
    let mut weighted: Vec<Option<bool>> = Vec::new();
    let mut gone: FxHashSet<String> = FxHashSet::default();
    for (place, id, map) in &found.pipelines {
        let name = text_of(map, "name").unwrap_or_default();
        let id = text_of(map, "id").unwrap_or_else(|| id.clone());
        if is_deleted(map) {
            report.dropped(place, format!("the pipeline {} is deleted", code(&name)));
            gone.insert(id);
            continue;
        }
        pipelines.push(Pipeline { title: title(&name, place, report), ..empty() });
        weighted.push(flag(map, &["is_deal_probability_enabled", "deal_probability"]));
        ids.push((id, Vec::new()));
    }
    for (place, id, map) in &found.stages {
        let of = text_of(map, "pipeline_id").unwrap_or_default();
        let id = text_of(map, "id").unwrap_or_else(|| id.clone());
        let name = text_of(map, "name").unwrap_or_default();
        if is_deleted(map) || gone.contains(&of) {
            report.dropped(place, format!("the stage {} is deleted", code(&name)));
            continue;
        }
        let at = ids.iter().position(|(known, _)| *known == of).unwrap_or_else(|| {
            let name = text_of(map, "pipeline_name").unwrap_or_default();
            let text = format!(
                "the pipeline {} is not in the input: it is called {}",
                code(&of),
                code(&name)
            );
            report.guessed(place, text);
            pipelines.push(Pipeline { title: title(&name, place, report), ..empty() });
            weighted.push(flag(map, &["pipeline_deal_probability"]));
            ids.push((of, Vec::new()));
            ids.len() - 1
        });
        let weighted = weighted.get(at).copied().flatten();
        let stage = stage(map, &id, place, weighted != Some(false), report);
        if let (Some(pipeline), Some((_, stages))) = (pipelines.get_mut(at), ids.get_mut(at)) {
            pipeline.stages.push(stage);
            stages.push(id);
        }
    }
    ids
}

fn empty() -> Pipeline {
    Pipeline {
        record: Some(("deal", "Deal")),
        object: Some("deals".to_owned()),
        ..Pipeline::default()
    }
}

fn stage(
    map: &Map<String, Value>,
    id: &str,
    place: &str,
    weighted: bool,
    report: &mut Report,
) -> Stage {
    let mut name = title(&text_of(map, "name").unwrap_or_default(), place, report);
    if name.is_empty() {
        name = format!("Stage {id}");
        report.guessed(place, format!("a stage without a name is called {}", code(&name)));
    }
    let said = text_of(map, "deal_probability");
    let percent = said.as_ref().and_then(|said| said.trim().parse::<Decimal>().ok());
    let percent =
        percent.filter(|p| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(p) && p.scale() <= 4);
    if let (Some(said), None) = (&said, percent) {
        report.dropped(place, format!("{} is no probability between 0 and 100", code(said)));
    }
    if let (Some(percent), false) = (percent, weighted)
        && percent != Decimal::ONE_HUNDRED
    {
        let text = format!(
            "the probability {}% of {} does not count in its pipeline",
            percent.normalize(),
            code(&name)
        );
        report.dropped(place, text);
    }
    let days = rotting(map);
    let read = days.as_ref().and_then(|days| days.parse::<u32>().ok()).filter(|days| *days > 0);
    if let (None, Some(days)) = (read, &days) {
        report.dropped(place, format!("{} is no number of days", code(days)));
    }
    let limit = read.map(|days| format!("{days}d"));
    if let Some(outcome) = outcome_by_title(&name) {
        let (name, word) = (code(&name), word(outcome));
        let text = format!("{name} sounds {word}, and is an open stage: deals in it are open");
        report.odd(place, text);
    }
    Stage {
        title: name,
        place: place.to_owned(),
        probability: percent.filter(|_| weighted),
        limit,
        ..Stage::default()
    }
}

/// Won and lost are no stages there; here they are.
fn ends(imported: &mut Imported) {
    let Imported { pipelines, report, .. } = imported;
    for pipeline in pipelines.iter_mut().filter(|pipeline| !pipeline.stages.is_empty()) {
        let place = pipeline.stages.first().map(|stage| stage.place.clone()).unwrap_or_default();
        report.understood(
            &place,
            format!("deals of {} are won or lost: both become stages", code(&pipeline.title)),
        );
        let end = |title: &str, outcome| Stage {
            title: title.to_owned(),
            place: place.clone(),
            outcome: Some(outcome),
            ..Stage::default()
        };
        let won = Stage { criteria: std::mem::take(&mut pipeline.won), ..end("Won", Outcome::Won) };
        pipeline.stages.push(won);
        pipeline.stages.push(end("Lost", Outcome::Lost));
    }
}
