//! SQL: a schema that holds the process, its records and every move they make.
//!
//! `reference` describes the process as rows, `records` gives each record type a table, `moves`
//! works out who may go where; a [`dialect::Dialect`] says all that in a database's own words.

mod bounds;
mod choices;
mod columns;
pub(super) mod dbt;
mod dialect;
mod events;
mod expr;
mod flight;
mod gates;
mod history;
mod ledger;
mod lookups;
mod migrate;
mod moves;
mod names;
mod numbers;
mod readme;
mod records;
mod reference;
mod schema;
mod strangers;
mod violations;
mod words;
mod work;
mod work_list;
mod writer;
mod zone;

use crate::diag::Diagnostic;
use crate::emit::crm::{NAME_NOT_PORTABLE, one_line};
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::{Id, Process};

use bounds::Bounds;
use choices::Choices;
use dialect::Dialect;
use expr::World;
use gates::build::Unasked;
use moves::{Crossings, Moves};
use names::{Ident, Scope};
use numbers::Numbers;
use records::RecordTable;
use work::WorkTime;
use writer::{Sql, What};
use zone::Zone;

pub(super) use columns::columns;
pub(super) use flight::{count, dialects};
pub use migrate::{Migration, dialects as migration_dialects, migrate};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "sql",
    summary: "database schema that holds the process and refuses moves it does not declare",
    settings: choices::SETTINGS,
    default: true,
    systems: Some(ledger::systems),
    validate: |context| choose(context).1,
    emit,
};

/// The settings, and what is wrong with them or with the process as tables.
fn choose(context: &Context<'_>) -> (Choices, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let choices = choices::read(context, &mut diagnostics);
    let most = choices.dialects.iter().map(|dialect| dialect.most_columns()).min();
    diagnostics.extend(too_wide(context.process, most.unwrap_or(usize::MAX)));
    (choices, diagnostics)
}

fn emit(context: &Context<'_>) -> Output {
    let (choices, diagnostics) = choose(context);
    if diagnostics.iter().any(|found| found.code == NAME_NOT_PORTABLE) {
        return Output { artifacts: Vec::new(), diagnostics };
    }
    let crossings = Crossings::of(context.process);
    let mut artifacts = Vec::new();
    for dialect in &choices.dialects {
        let (schema, readme) = compile(*dialect, context, &choices, &crossings);
        artifacts.push(Artifact::text(format!("{}/schema.sql", dialect.name()), schema));
        artifacts.push(Artifact::text(format!("{}/README.md", dialect.name()), readme));
    }
    Output { artifacts, diagnostics }
}

/// How many records may be continued one after another: each has a column and an index for every
/// earlier one, and MariaDB has at most 64 indexes on a table.
const LONGEST_CHAIN: usize = 60;

/// Findings about record types for which there is no table wide enough.
fn too_wide(process: &Process, most: usize) -> Vec<Diagnostic> {
    let mut confirmations = vec![0_usize; process.records.len()];
    for confirmation in process.confirmations.values() {
        if let Some(count) = confirmations.get_mut(confirmation.record.index()) {
            *count += 1;
        }
    }
    // A record type comes after the one it continues.
    let mut chain: Vec<usize> = Vec::with_capacity(process.records.len());
    let mut findings = Vec::new();
    for (id, record) in process.records.iter() {
        let earlier = record.from.and_then(|from| chain.get(from.index())).map_or(0, |n| n + 1);
        chain.push(earlier);
        let asked = confirmations.get(id.index()).copied().unwrap_or_default();
        // Id, stage, and the two times.
        let columns = record.fields.len() + asked + earlier + 4;
        let name = &record.name;
        let message = if earlier == LONGEST_CHAIN + 1 {
            format!("record `{name}` continues more than {LONGEST_CHAIN} others")
        } else if columns > most && earlier <= LONGEST_CHAIN {
            format!("record `{name}` would be a table of {columns} columns")
        } else {
            continue;
        };
        let finding = Diagnostic::new(NAME_NOT_PORTABLE, record.span, message)
            .reason(format!(
                "target `sql` writes at most {most} columns a table, and {LONGEST_CHAIN} of links"
            ))
            .help("split the record type, or leave `sql` out of the targets");
        findings.push(finding);
    }
    findings
}

/// The schema and its README.
fn compile(
    dialect: &dyn Dialect,
    context: &Context<'_>,
    choices: &Choices,
    crossings: &Crossings,
) -> (String, String) {
    let mut sql = Sql::new(dialect);
    let (records, unasked) = write_schema(&mut sql, context, choices, crossings);
    let process = context.process;
    let readme = readme::write(dialect, &choices.prefix, process, choices, &records, &unasked);
    (sql.finish(), readme)
}

/// The names of the tables of records, and all names that are given out so far.
fn named<'a>(
    dialect: &dyn Dialect,
    prefix: &str,
    process: &'a Process,
    crossings: &Crossings,
) -> (Scope, Vec<RecordTable<'a>>) {
    let mut relations = Scope::default();
    let views = numbers::NAMES.iter().map(|name| (*name).to_owned());
    let scores = numbers::score_names(process);
    for name in reference::NAMES.iter().map(|name| (*name).to_owned()).chain(views).chain(scores) {
        relations.claim(dialect, &format!("{prefix}{name}"));
    }
    let records = records::name_tables(dialect, prefix, process, crossings, &mut relations);
    (relations, records)
}

/// Writes the schema; gives the names of the record tables, and what could not be said.
fn write_schema<'a>(
    sql: &mut Sql<'_>,
    context: &Context<'a>,
    choices: &Choices,
    crossings: &Crossings,
) -> (Vec<RecordTable<'a>>, Vec<Unasked>) {
    let Context { process, languages, .. } = *context;
    let dialect = sql.dialect;
    let prefix = choices.prefix.as_str();
    let (mut relations, records) = named(dialect, prefix, process, crossings);
    let title = one_line(&process.title.value);
    sql.comment(&format!(
        "Generated by Ekiden from the process `{}` ({title}). Changes belong into the process.\n\
         {} {}, for an empty {}.{}",
        process.name,
        dialect.title(),
        dialect.notes().versions,
        if choices.schema.is_some() { "schema" } else { "database" },
        if dialect.is_atomic() { " Everything is created, or nothing." } else { "" },
    ));
    sql.gap();
    dialect.begin(sql, choices);
    sql.made(0, || What::Frame);

    heading(sql, "The process");
    for table in reference::tables(dialect, prefix, process, languages, &records) {
        sql.table(&table);
        sql.rows(&table);
    }

    heading(sql, "Records");
    let stage_table = reference::name(dialect, prefix, "stage");
    let mut bounded = Vec::new();
    for record in &records {
        let (tables, unique) =
            record.tables(dialect, process, &stage_table, &records, &mut relations);
        for table in &tables {
            sql.table(table);
        }
        for unique in &unique {
            unique.write(sql, &record.name);
        }
        let position = record.position.iter().map(|position| &position.stage);
        for column in record.links.iter().map(|(_, link)| link).chain(position) {
            let wanted = format!("{}_{}_idx", record.name.raw(), column.raw());
            let name: Ident = relations.claim(dialect, &wanted);
            sql.index(&name, &record.name, &[column]);
        }
        bounded.extend(tables);
    }

    heading(sql, "Time");
    let zone = Zone::of(dialect, prefix, process);
    let work = WorkTime::new(dialect, prefix, process);
    if let Some(table) = zone.table(dialect) {
        sql.table(&table);
        sql.rows(&table);
    }
    work.write(sql, prefix, &mut relations);

    heading(sql, "History");
    sql.table(&history::table(dialect, prefix, &mut relations));
    history::write(sql, prefix, &mut relations);
    let event = reference::name(dialect, prefix, "event");
    events::write(sql, prefix, &event, &records, &mut relations);
    let scores = numbers::score_views(dialect, prefix, process);
    let world = World { process, dialect, tables: &records, zone: &zone, work: &work, scores };

    heading(sql, "Numbers");
    sql.table(&numbers::answers(dialect, prefix));
    let counted = Numbers::new(&world, prefix);
    for function in numbers::functions(&counted) {
        sql.gap();
        sql.line(format_args!("{function}"));
    }
    for view in numbers::views(&counted) {
        sql.view(&view);
    }

    // A migration moves records behind everything that only reads, and before what may refuse.
    heading(sql, "Guards and violations");
    sql.made(sql.mark(), || What::Guards);
    if dialect.enforces() {
        let moves = Moves::new(dialect, prefix, process, crossings, &records, &mut relations);
        dialect.guards(sql, &moves);
        for table in &bounded {
            if let Some(bounds) = Bounds::of(dialect, prefix, table, &mut relations) {
                dialect.bounds(sql, &bounds);
            }
        }
        if choices.refuse_conditions {
            let (gates, _) = gates::build::gates(&world, prefix, &mut relations);
            dialect.gates(sql, &gates);
        }
    }

    let (violations, mut unasked) = violations::view(&world, prefix);
    sql.view(&violations);
    unasked.extend(numbers::unsaid_goals(&counted).into_iter().map(|(goal, why)| {
        let what = format!("the result of goal `{}`", process.goals[goal].name);
        Unasked { what, ask: None, why }
    }));

    heading(sql, "Work lists");
    unasked.extend(work_list::write(sql, &world, prefix, &mut relations));
    let since = sql.mark();
    dialect.end(sql);
    sql.made(since, || What::Frame);
    (records, unasked)
}

fn heading(sql: &mut Sql<'_>, title: &str) {
    let since = sql.mark();
    sql.gap();
    sql.comment(&format!("----- {title} -----"));
    sql.made(since, || What::Frame);
}
