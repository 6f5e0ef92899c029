//! dbt: a project with the process as seeds, operational tables as staging models, and the numbers
//! as marts, for every database that its macros know.
//!
//! It stands inside the SQL target, whose tables and views it says in other words: [`dialect`] leaves
//! what differs between databases to macros, [`jinja`] keeps texts and macros apart.

mod choices;
mod crm;
mod dialect;
mod example;
mod exported;
mod jinja;
mod loader;
mod marts;
mod people;
mod project;
mod seeds;
mod staging;
mod yaml;

use jiff::Timestamp;
use serde_json::{Value, json};

use self::dialect::JINJA;
use self::example::Example;
use self::exported::Told;
use self::jinja::{MODEL, model};
use self::staging::Staged;
use super::columns::columns_of;
use super::expr::World;
use super::moves::Crossings;
use super::names::Scope;
use super::records::RecordTable;
use super::work::WorkTime;
use super::zone::Zone;
use super::{history, numbers, records, reference, too_wide};
use crate::diag::Diagnostic;
use crate::emit::crm::NAME_NOT_PORTABLE;
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::{FieldId, FieldType, Process};

/// The target.
pub(in crate::emit) static TARGET: Target = Target {
    name: "dbt",
    summary: "dbt project: the process as seeds, staging models, and numbers as marts",
    settings: choices::SETTINGS,
    default: false,
    systems: None,
    validate: |context| choose(context).1,
    emit,
};

/// What the tables that describe the process begin with.
const PREFIX: &str = "ekiden_";

fn choose(context: &Context<'_>) -> (choices::Choices, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let choices = choices::read(context, &mut diagnostics);
    diagnostics.extend(too_wide(context.process, JINJA.most_columns()));
    (choices, diagnostics)
}

fn emit(context: &Context<'_>) -> Output {
    let (choices, diagnostics) = choose(context);
    if diagnostics.iter().any(|found| found.code == NAME_NOT_PORTABLE) {
        return Output { artifacts: Vec::new(), diagnostics };
    }
    Output { artifacts: compile(context, &choices), diagnostics }
}

fn compile(context: &Context<'_>, choices: &choices::Choices) -> Vec<Artifact> {
    let Context { process, languages, .. } = *context;
    let crms = crm::Crms::of(context);
    // Names are those of the SQL target, so that its tables can be read.
    let mut relations = Scope::default();
    let views = numbers::NAMES.iter().map(|name| (*name).to_owned());
    let scores = numbers::score_names(process);
    for name in reference::NAMES.iter().map(|name| (*name).to_owned()).chain(views).chain(scores) {
        relations.claim(JINJA, &format!("{PREFIX}{name}"));
    }
    let crossings = Crossings::of(process);
    let mut records = records::name_tables(JINJA, PREFIX, process, &crossings, &mut relations);
    let example = example::example(process, &records);
    let exports = [
        crms.salesforce(process, &records, choices.loader),
        crms.hubspot(process, &records, choices.loader),
    ];
    let described = reference::tables(JINJA, PREFIX, process, languages, &records);
    let operational = operational(process, &records, &example, &mut relations);
    // From here on a record's table is the model in front of it.
    for record in &mut records {
        record.name = model(&format!("stg_{}", record.name.raw()));
        record.events = model(record.events.raw());
        for many in record.fields.iter_mut().filter_map(|column| column.many.as_mut()) {
            many.table = model(&format!("stg_{}", many.table.raw()));
        }
    }

    let mut files = Vec::new();
    let mut seeds = Vec::new();
    for table in &described {
        let name = table.name.raw();
        let tests = matches!(name, "ekiden_stage" | "ekiden_transition");
        files.push(seeds::file(name, table));
        seeds.push(seeds::properties(name, table, tests));
    }
    let values = crms.values(process);
    files.push(seeds::file(values.name.raw(), &values));
    seeds.push(seeds::properties(values.name.raw(), &values, false));
    let changes = "{{ ekiden_changes() }}\n";
    files.push(Artifact::text("models/staging/stg_ekiden_stage_change.sql", changes));
    let links = "{{ ekiden_links() }}\n";
    files.push(Artifact::text("models/staging/stg_ekiden_link.sql", links));
    for staged in &operational {
        let name = format!("raw_{}", staged.table.name.raw());
        files.push(seeds::file(&name, &staged.table));
        seeds.push(seeds::properties(&name, &staged.table, false));
        files.push(staged.model());
    }
    let prefix = format!("{MODEL}{PREFIX}");
    let zone = Zone::of(JINJA, &prefix, process);
    let work = WorkTime::new(JINJA, &prefix, process);
    let world = World {
        process,
        dialect: JINJA,
        tables: &records,
        zone: &zone,
        work: &work,
        scores: numbers::score_views(JINJA, &prefix, process),
    };
    let marts = marts::all(&world, &prefix);
    files.extend(marts.iter().map(marts::Mart::model));
    let has = |name: &str| marts.iter().any(|mart| mart.name == name);
    let goals_in = has("ekiden_goal_result").then_some("ekiden_goal_result");
    let has_stays = has("ekiden_stay");

    let mut yaml =
        |path: &str, value: &Value| files.push(Artifact::text(path, yaml::document(value)));
    yaml("seeds/seeds.yml", &json!({ "version": 2, "seeds": seeds }));
    let mut all: Vec<Value> = operational.iter().map(Staged::properties).collect();
    all.push(json!({
        "name": "stg_ekiden_stage_change",
        "description": "What a CRM says of the stages of records, as it stores it; empty for other sources",
    }));
    all.push(json!({
        "name": "stg_ekiden_link",
        "description": "Which record continues which, as a CRM tells it; empty for other sources",
    }));
    yaml("models/staging/staging.yml", &json!({ "version": 2, "models": all }));
    let all: Vec<Value> = marts.iter().map(marts::Mart::properties).collect();
    yaml("models/marts/marts.yml", &json!({ "version": 2, "models": all }));
    yaml("models/sources.yml", &sources(&operational));
    yaml("models/groups.yml", &people::groups(process));
    yaml("models/exposures.yml", &people::exposures(process, goals_in));
    if let Some(tests) = people::unit_tests(process, has_stays) {
        yaml("models/unit_tests.yml", &tests);
    }
    if has_stays {
        yaml("models/metrics.yml", &people::metrics());
    }
    files.push(Artifact::text("models/overview.md", people::overview(process)));
    let ends = written(example.ends);
    files.extend(project::files(process, choices, &ends, exports));
    files
}

/// Where fields are kept: the model in front of each record's table, and the column.
pub(in crate::emit) fn columns(context: &Context<'_>) -> Vec<(FieldId, String)> {
    columns_of(JINJA, PREFIX, "stg_", context.process)
}

fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn sources(operational: &[Staged]) -> Value {
    let tables: Vec<Value> = operational.iter().map(Staged::source).collect();
    json!({
        "version": 2,
        "sources": [{
            "name": "ekiden",
            "description": "The tables that Ekiden's `sql` target creates, or tables like them.",
            "schema": "{{ var('ekiden_source_schema', target.schema) }}",
            "tables": tables,
        }],
    })
}

/// The tables in which work is done, with the rows of the example.
fn operational(
    process: &Process,
    records: &[RecordTable<'_>],
    example: &Example,
    relations: &mut Scope,
) -> Vec<Staged> {
    let stage = model("ekiden_stage");
    let mut all = Vec::new();
    for (record, (rows, many)) in records.iter().zip(example.records.iter().zip(&example.many)) {
        let (tables, _) = record.tables(JINJA, process, &stage, records, relations);
        let known = known(process, record);
        let team = record.stages().iter().find_map(|id| process.stage_team(*id));
        let group = team.map(|team| process.teams[team].name.clone());
        let rows = std::iter::once(rows).chain(many);
        for (at, (mut table, rows)) in tables.into_iter().zip(rows).enumerate() {
            table.rows.clone_from(rows);
            let key = (at == 0).then(|| record.id.raw().to_owned());
            let known = if at == 0 { known.clone() } else { Vec::new() };
            let told = match at.checked_sub(1) {
                None => Told::records(process, record, records),
                Some(at) => chosen(process, record, at),
            };
            all.push(Staged { table, key, known, group: group.clone(), told });
        }
    }
    let mut history = history::table(JINJA, PREFIX, relations);
    history.rows.clone_from(&example.history);
    let answers = numbers::answers(JINJA, PREFIX);
    let others = [
        (history, "id", Told::History),
        (staging::events(), "id", Told::Events),
        (answers, "move", Told::Nothing),
    ];
    for (table, key, told) in others {
        all.push(Staged { table, key: Some(key.to_owned()), known: Vec::new(), group: None, told });
    }
    all
}

/// The nth table of chosen options of a record type.
fn chosen(process: &Process, record: &RecordTable<'_>, nth: usize) -> Told {
    let many = record.fields.iter().filter_map(|column| Some((column, column.many.as_ref()?)));
    let Some((column, many)) = many.clone().nth(nth) else { return Told::Nothing };
    let all = process.fields[column.field].ty.options();
    let options = all.iter().map(|option| (option.name.clone(), exported::title_of(option, all)));
    Told::Chosen {
        record: record.title.to_owned(),
        owner: many.owner().raw().to_owned(),
        column: column.name.raw().to_owned(),
        options: options.collect(),
    }
}

/// The values that columns of a record's table may hold.
fn known(process: &Process, record: &RecordTable<'_>) -> Vec<(String, Vec<String>)> {
    let mut known = Vec::new();
    if let Some(position) = &record.position {
        let names = record.stages().iter().map(|id| process.stages[*id].name.clone());
        known.push((position.stage.raw().to_owned(), names.collect()));
    }
    for column in &record.fields {
        if let FieldType::OneOf(options) = &process.fields[column.field].ty
            && !options.is_empty()
        {
            let names = options.iter().map(|option| option.name.clone()).collect();
            known.push((column.name.raw().to_owned(), names));
        }
    }
    known
}
