//! The files that make a folder a project of dbt: settings, profiles, macros, README.

use serde_json::{Map, Value, json};

use super::choices::Choices;
use super::yaml;
use crate::emit::Artifact;
use crate::emit::crm::one_line;
use crate::model::Process;

/// Macros, as they are.
const MACROS: &[(&str, &str)] = &[
    ("ekiden", include_str!("macros/ekiden.sql")),
    ("default", include_str!("macros/default.sql")),
    ("crm", include_str!("macros/crm.sql")),
    ("postgres", include_str!("macros/postgres.sql")),
    ("spark", include_str!("macros/spark.sql")),
    ("snowflake", include_str!("macros/snowflake.sql")),
    ("bigquery", include_str!("macros/bigquery.sql")),
];

/// The test that finds moves which the process does not declare. CRMs let people move records at
/// will, so it warns.
const UNDECLARED: &str = "{{ config(severity = \"warn\") }}

SELECT m.id, m.record, m.record_id, m.from_stage, m.to_stage, m.entered_at
FROM {{ ref(\"ekiden_undeclared_move\") }} AS m
";

/// The test that finds what a CRM stores as a stage and no stage is known by: without a warning the
/// moves to it would be missing in silence. An org may hold records of other processes, so it warns.
const UNKNOWN: &str = "{{ config(severity = \"warn\") }}

SELECT DISTINCT c.record, c.value
FROM {{ ref(\"stg_ekiden_stage_change\") }} AS c
LEFT JOIN {{ ref(\"ekiden_crm_value\") }} AS v
    ON v.crm = '{{ var(\"ekiden_source\") }}' AND v.value = c.value
WHERE v.value IS NULL
";

/// The name of the project: dbt takes letters, digits and `_`.
pub(super) fn name(process: &Process) -> String {
    let name: String = process
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    // Internal packages of dbt are called `dbt` and `dbt_…`.
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.starts_with("dbt");
    if plain { name } else { format!("process_{name}") }
}

/// Everything but models and seeds.
pub(super) fn files(
    process: &Process,
    choices: &Choices,
    example_ends: &str,
    sources: [Value; 2],
) -> Vec<Artifact> {
    let mut files = vec![
        Artifact::text("dbt_project.yml", settings(process, choices, example_ends, sources)),
        Artifact::text("profiles.yml", profiles(choices)),
        Artifact::text("README.md", readme(process, choices)),
        Artifact::text("tests/undeclared_moves.sql", UNDECLARED),
        Artifact::text("tests/unknown_crm_values.sql", UNKNOWN),
    ];
    for (name, text) in MACROS {
        files.push(Artifact::text(format!("macros/{name}.sql"), *text));
    }
    files
}

/// `sources`: what the variables `ekiden_salesforce` and `ekiden_hubspot` say.
fn settings(
    process: &Process,
    choices: &Choices,
    example_ends: &str,
    [salesforce, hubspot]: [Value; 2],
) -> String {
    let name = name(process);
    let of = |value: Value| {
        let mut map = Map::new();
        map.insert(name.clone(), value);
        Value::Object(map)
    };
    let project = json!({
        "name": name,
        "version": "1.0.0",
        "config-version": 2,
        "require-dbt-version": ">=1.10.0",
        "profile": choices.profile,
        "model-paths": ["models"],
        "seed-paths": ["seeds"],
        "macro-paths": ["macros"],
        "test-paths": ["tests"],
        "clean-targets": ["target"],
        "flags": { "send_anonymous_usage_stats": false },
        "vars": {
            "ekiden_source": choices.source,
            "ekiden_example_ends": example_ends,
            "ekiden_salesforce": salesforce,
            "ekiden_hubspot": hubspot,
        },
        "models": of(json!({
            "staging": { "+materialized": "view" },
            "marts": { "+materialized": "table" },
        })),
        "seeds": of(json!({ "+quote_columns": false })),
    });
    format!("# Written by Ekiden. Changes belong into the process.\n{}", yaml::document(&project))
}

/// The file of the DuckDB database.
fn duckdb_file(choices: &Choices) -> String {
    format!("{}_data.duckdb", choices.schema)
}

fn profiles(choices: &Choices) -> String {
    let schema = choices.schema.as_str();
    let env = |name: &str, default: &str| format!("{{{{ env_var('{name}', '{default}') }}}}");
    let outputs = json!({
        // DuckDB calls the database by its file, and cannot tell it from a schema of the same name.
        "duckdb": { "type": "duckdb", "path": duckdb_file(choices), "schema": schema, "threads": 4 },
        "postgres": {
            "type": "postgres",
            "host": env("PGHOST", "localhost"),
            "port": "{{ env_var('PGPORT', '5432') | as_number }}",
            "user": env("PGUSER", "postgres"),
            "password": env("PGPASSWORD", ""),
            "dbname": env("PGDATABASE", "postgres"),
            "schema": schema,
            "threads": 4,
        },
        "spark": {
            "type": "spark",
            "method": "session",
            "host": "localhost",
            "schema": schema,
            "server_side_parameters": { "spark.sql.session.timeZone": "UTC" },
        },
    });
    let unrun = json!({
        "snowflake": {
            "type": "snowflake",
            "account": env("SNOWFLAKE_ACCOUNT", ""),
            "user": env("SNOWFLAKE_USER", ""),
            "password": env("SNOWFLAKE_PASSWORD", ""),
            "role": env("SNOWFLAKE_ROLE", ""),
            "warehouse": env("SNOWFLAKE_WAREHOUSE", ""),
            "database": env("SNOWFLAKE_DATABASE", ""),
            "schema": schema,
            "threads": 4,
        },
        "bigquery": {
            "type": "bigquery",
            "method": "oauth",
            "project": env("BIGQUERY_PROJECT", ""),
            "dataset": schema,
            "threads": 4,
        },
        "databricks": {
            "type": "databricks",
            "host": env("DATABRICKS_HOST", ""),
            "http_path": env("DATABRICKS_HTTP_PATH", ""),
            "token": env("DATABRICKS_TOKEN", ""),
            "schema": schema,
            "threads": 4,
        },
    });
    let indented = |value: &Value| {
        let text = yaml::document(value);
        text.lines().map(|line| format!("    {line}\n")).collect::<String>()
    };
    // The name of the profile was checked to be plain.
    format!(
        "{}:\n  target: duckdb\n  outputs:\n{}    # Ekiden's own tests do not run the ones below.\n{}",
        choices.profile,
        indented(&outputs),
        indented(&unrun)
    )
}

fn readme(process: &Process, choices: &Choices) -> String {
    format!(
        "# {}

A dbt project, written by Ekiden from the process `{}`. Changes belong into the process.

```console
pip install dbt-duckdb
dbt build --profiles-dir .
```

This builds everything in a DuckDB file beside the project, `{}`, from an example that comes with it: records that walk through the
process by declared moves. No server is needed.

## Your data

Set `ekiden_source` to `tables` and dbt reads the tables that Ekiden's `sql` target creates, or tables like them: `models/sources.yml` tells their
columns. They are looked for in the schema that `ekiden_source_schema` names, else in the one that dbt writes to.

```console
dbt build --profiles-dir . --target postgres --vars '{{\"ekiden_source\": \"tables\", \"ekiden_source_schema\": \"sales\"}}'
```

`salesforce` and `hubspot` read an export of the CRM: stages and their history, fields, and which record continues which. The variables `ekiden_salesforce` and
`ekiden_hubspot` in `dbt_project.yml` say in which tables and columns; write names as your tool lands them, `OpportunityId` or `opportunity_id`. The seed `ekiden_crm_value`
tells what the CRM stores for each stage. A column that is not there leaves its field empty, with a warning.

| variable | meaning |
| --- | --- |
| `ekiden_source` | `example`, `tables`, `salesforce` or `hubspot` |
| `ekiden_source_schema` | where the tables are |
| `ekiden_now` | the moment that numbers are told for, in UTC: `2026-04-01 09:00:00`; now when not set. The example is told at its end |

## What is here

| folder | what it holds |
| --- | --- |
| `seeds` | the process as tables, `ekiden_…`; the example, `raw_…` |
| `models/staging` | your tables as everything else reads them, `stg_…`; times are in UTC, ids are texts |
| `models/marts` | working days, stays, flow, conversion, service levels, goals |
| `macros` | what differs between databases |
| `tests` | warnings: of moves that the process does not declare, of values of a CRM that are no stage |

DuckDB and PostgreSQL are run by Ekiden's tests; profiles for Spark, Snowflake, BigQuery and Databricks are there to be tried.
",
        one_line(&process.title.value),
        process.name,
        duckdb_file(choices)
    )
}
