//! Fields: what they hold, and where Pipedrive asks for them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use crate::model::Side;
use crate::syntax::print::quoted;

use super::super::names::Names;
use super::super::report::{Report, code};
use super::super::{Criterion, Field, Imported, Pipeline, Refused, Says, title};
use super::Found;
use super::answer::{field_key, flag, is_deleted, text_of};

/// What the target takes for fields of Pipedrive's own; those of an account have other names.
const SHIPPED: &[&str] = &[
    "amount",
    "value",
    "close_date",
    "close_on",
    "expected_close_date",
    "lost_reason",
    "loss_reason",
    "title",
];

/// The most options of a field that are read.
const MOST_OPTIONS: usize = 1_000;

/// The fields of the account, not those that Pipedrive ships.
pub(super) fn fields(
    found: &Found,
    ids: &[(String, Vec<String>)],
    currency: Option<&str>,
    imported: &mut Imported,
) -> Result<(), Refused> {
    let Imported { pipelines, report, .. } = imported;
    let mut names = Names::default();
    for (number, shipped) in SHIPPED.iter().enumerate() {
        names.take(shipped, None, "field", number + 1);
    }
    let mut titles: FxHashSet<String> = FxHashSet::default();
    let mut own = 0_usize;
    for (number, (place, id, map)) in found.fields.iter().enumerate() {
        let (key, custom) = field_key(map);
        if !custom {
            own += 1;
            continue;
        }
        let label = text_of(map, "field_name").or_else(|| text_of(map, "name"));
        if is_deleted(map) {
            let label = label.or(key).unwrap_or_default();
            report.dropped(place, format!("the field {} is deleted", code(&label)));
            continue;
        }
        let mut label = title(&label.unwrap_or_default(), place, report);
        if label.is_empty() {
            label = key.clone().unwrap_or_else(|| id.clone());
            report.guessed(place, format!("a field without a name is called {}", code(&label)));
        }
        let first = label.clone();
        let mut count = 1;
        while !titles.insert(label.to_lowercase()) {
            count += 1;
            label = format!("{first} {count}");
        }
        if count > 1 {
            report.odd(
                place,
                format!(
                    "{} is the name of {count} fields: this one is {}",
                    code(&first),
                    code(&label)
                ),
            );
        }
        let name = names.take(&label, key.as_deref().or(Some(id)), "field", number + 1);
        let kind = kind(map, &label, place, currency, report);
        report.understood(place, format!("the field {} is {}", code(&label), code(&name)));
        let required = map.get("required_fields");
        if map.get("mandatory_flag").is_some_and(Value::is_object) && required.is_none() {
            report.dropped(
                place,
                format!("{} is required in some stages, as the older API tells it", code(&label)),
            );
        }
        let on = required.and_then(|required| required.get("enabled")) == Some(&Value::Bool(true));
        let asked = list(required, "stage_ids");
        let statuses = required.and_then(|required| required.get("statuses"));
        let statuses: BTreeMap<String, Vec<String>> = statuses
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(pipeline, words)| (pipeline.clone(), words_of(words)))
            .filter(|(_, words)| !words.is_empty())
            .collect();
        let everywhere = (on && asked.is_empty() && statuses.is_empty())
            || flag(map, &["mandatory_flag"]) == Some(true) && required.is_none();
        let field = Field {
            name: name.clone(),
            title: label.clone(),
            kind,
            bounds: String::new(),
            required: everywhere,
            unique: false,
            help: text_of(map, "description").filter(|help| !help.trim().is_empty()),
        };
        let shown = map.get("ui_visibility").and_then(|all| all.get("show_in_pipelines"));
        let all = shown.is_none_or(|shown| shown.get("show_in_all") != Some(&Value::Bool(false)));
        let shown = list(shown, "pipeline_ids");
        let lit = map.get("important_fields");
        let is_lit = lit.and_then(|lit| lit.get("enabled")) == Some(&Value::Bool(true));
        let lit = if is_lit { list(lit, "stage_ids") } else { Vec::new() };
        let mut taken = false;
        for (pipeline, (id, stages)) in pipelines.iter_mut().zip(ids) {
            if !all && !shown.contains(id) {
                continue;
            }
            taken = true;
            // Asked for wherever a deal may be, it is never missing.
            let throughout = on && !stages.is_empty() && stages.iter().all(|id| asked.contains(id));
            pipeline.fields.push(Field { required: everywhere || throughout, ..field.clone() });
            if throughout {
                let text = format!("{} is asked for in every stage: `required`", code(&label));
                report.understood(place, text);
            }
            let ask = Ask { name: &name, label: &label, place };
            for (stage, id) in stages.iter().enumerate() {
                if lit.contains(id)
                    && let Some(stage) = pipeline.stages.get_mut(stage)
                {
                    stage.collect.push(name.clone());
                }
                if on && asked.contains(id) && !throughout {
                    ask.of(pipeline, stage, report);
                }
            }
            // Whoever has it in every stage has it at the end.
            if !throughout {
                ask.at_the_end(pipeline, statuses.get(id), !asked.is_empty(), report);
            }
        }
        if !taken {
            report.dropped(
                place,
                format!("the field {} is shown in no pipeline of the input", code(&label)),
            );
        }
    }
    if own > 0 {
        report
            .understood("the fields", format!("{own} are Pipedrive's own and are not taken over"));
    }
    if found.fields.is_empty() {
        report.guessed("the whole", "the input has no fields of deals, so the process has none");
    }
    Ok(())
}

/// A field that somebody asks for.
struct Ask<'a> {
    name: &'a str,
    label: &'a str,
    place: &'a str,
}

impl Ask<'_> {
    /// Pipedrive asks for it where a deal arrives.
    fn of(&self, pipeline: &mut Pipeline, stage: usize, report: &mut Report) {
        if stage == 0 {
            let first = pipeline.stages.first().map(|stage| code(&stage.title)).unwrap_or_default();
            report.dropped(
                self.place,
                format!(
                    "{} is asked for in {first}, where deals begin: no move leads there",
                    code(self.label)
                ),
            );
            return;
        }
        if let Some(stage) = pipeline.stages.get_mut(stage) {
            stage.criteria.push(self.criterion());
        }
    }

    fn criterion(&self) -> Criterion {
        Criterion {
            name: Some(self.name.to_owned()),
            text: format!("{} is filled in", self.label),
            side: Side::Enter,
            says: Says::Holds { holds: format!("{} is present", self.name), only: None },
        }
    }

    fn at_the_end(
        &self,
        pipeline: &mut Pipeline,
        words: Option<&Vec<String>>,
        stages: bool,
        report: &mut Report,
    ) {
        for word in words.into_iter().flatten() {
            if word == "won" && stages {
                pipeline.won.push(self.criterion());
                continue;
            }
            let text = format!("{} is asked for when a deal is {}", code(self.label), code(word));
            report.dropped(self.place, text);
        }
    }
}

fn words_of(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// A list of identifiers, which are numbers, or placeholders in a body.
fn list(of: Option<&Value>, key: &str) -> Vec<String> {
    let all = of.and_then(|of| of.get(key)).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|id| match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
    .collect()
}

/// The type in the notation of the language.
fn kind(
    map: &Map<String, Value>,
    label: &str,
    place: &str,
    currency: Option<&str>,
    report: &mut Report,
) -> String {
    let word = text_of(map, "field_type").unwrap_or_default();
    match word.as_str() {
        "varchar" | "varchar_auto" | "text" => "text".to_owned(),
        "double" => "number".to_owned(),
        "int" => "integer".to_owned(),
        "monetary" if currency.is_some() => "money".to_owned(),
        "monetary" => {
            let text =
                format!("{} is a number: say the currency with `--currency USD`", code(label));
            report.guessed(place, text);
            "number".to_owned()
        }
        "date" => "date".to_owned(),
        "user" => "user".to_owned(),
        "enum" | "set" => options(map, &word, label, place, report),
        "phone" | "address" => {
            report.dropped(place, format!("{} is {}, here a text", code(label), code(&word)));
            "text".to_owned()
        }
        other => {
            let text = format!("{} is of the type {}: it is a text", code(label), code(other));
            report.guessed(place, text);
            "text".to_owned()
        }
    }
}

fn options(
    map: &Map<String, Value>,
    word: &str,
    label: &str,
    place: &str,
    report: &mut Report,
) -> String {
    let all = map.get("options").and_then(Value::as_array).into_iter().flatten();
    let all = all.filter_map(Value::as_object);
    let labels: Vec<String> = all
        .take(MOST_OPTIONS + 1)
        .map(|option| title(&text_of(option, "label").unwrap_or_default(), place, report))
        .collect();
    let yes_and_no = |labels: &[String]| matches!(labels, [yes, no] if yes == "Yes" && no == "No");
    if word == "enum" && yes_and_no(&labels) {
        return "boolean".to_owned();
    }
    if labels.len() > MOST_OPTIONS {
        let text = format!("{} has more than {MOST_OPTIONS} options: it is a text", code(label));
        report.dropped(place, text);
        return "text".to_owned();
    }
    let mut names = Names::default();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut options = Vec::new();
    for (at, label) in labels.iter().enumerate().filter(|(_, label)| !label.is_empty()) {
        if !seen.insert(label.to_lowercase()) {
            report.dropped(place, format!("the option {} stands twice", code(label)));
            continue;
        }
        let name = names.take(label, None, "option", at + 1);
        options.push(format!("{name} {}", quoted(label)));
    }
    if options.is_empty() {
        report.guessed(place, format!("{} has no options: it is a text", code(label)));
        return "text".to_owned();
    }
    let word = if word == "set" { "many of" } else { "one of" };
    format!("{word} [{}]", options.join(", "))
}
