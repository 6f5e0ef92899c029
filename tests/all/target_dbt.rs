//! dbt projects, built by dbt on real databases, without a warning.

use std::path::Path;
use std::process::Command;

use ekiden::model::Process;

use crate::crm_support::{HOSTILE, WHOLE, emit, example, process, root, text, told, written};
use crate::target_sql::engine::{postgres, settings};

/// The project of a process, in a folder, as it comes without settings.
fn project(process: &Process) -> tempfile::TempDir {
    project_with(process, &[])
}

/// The same, for a database of which the tests know the schema.
fn built(process: &Process) -> tempfile::TempDir {
    project_with(process, &[("schema", "built")])
}

fn project_with(process: &Process, settings: &[(&str, &str)]) -> tempfile::TempDir {
    let output = emit("dbt", process, settings);
    assert_eq!(told(&output.diagnostics), Vec::<String>::new());
    written(&output)
}

/// Runs dbt; gives what it printed.
fn dbt(
    command: &str,
    project: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
) -> String {
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    dbt.args([command, "--project", project.to_str().unwrap()]).args(arguments);
    dbt.envs(environment.iter().map(|(name, value)| (name, value)));
    let ran = dbt.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let cried = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(
        ran.status.success(),
        "dbt {command} (if it cannot run, run tests/setup):\n{said}\n{cried}"
    );
    said
}

/// The number that dbt gives for a result in its last line: `PASS=12`.
fn count(said: &str, result: &str) -> usize {
    let last = said.lines().rev().find(|line| line.contains("Done. PASS=")).unwrap();
    let mut words = last.split_whitespace();
    words.find_map(|word| word.strip_prefix(result)?.strip_prefix('=')).unwrap().parse().unwrap()
}

/// Everything dbt built must have passed.
fn all_passed(said: &str) {
    for result in ["WARN", "ERROR", "SKIP"] {
        assert_eq!(count(said, result), 0, "{said}");
    }
    assert!(count(said, "PASS") > 60, "{said}");
}

/// Unknown keys, which dbt reads over.
fn yaml_is_known(project: &Path) {
    let python = root().join("target/test-tools/sql/bin/python");
    let script = root().join("tests/tools/python/dbt-yaml.py");
    let ran = Command::new(python).arg(script).arg(project).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    // The form of metrics that dbt 1.11 reads is not in the schema that comes with it.
    let faults: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("ok ") && !line.contains("metrics.yml"))
        .collect();
    assert_eq!(faults, Vec::<&str>::new());
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= 6, "{said}");
}

#[test]
fn everything_is_built_on_duckdb() {
    let project = project(&process(WHOLE));
    yaml_is_known(project.path());
    all_passed(&dbt("build", project.path(), &[], &[]));
}

#[test]
fn texts_break_nothing() {
    let project = project(&process(HOSTILE));
    yaml_is_known(project.path());
    let said = dbt("build", project.path(), &[], &[]);
    assert_eq!((count(&said, "ERROR"), count(&said, "WARN")), (0, 0), "{said}");
}

#[test]
fn the_model_is_built_on_postgres() {
    let process = example("the_model");
    let project = built(&process);
    let name = "dbt_the_model";
    let database = postgres(name);
    all_passed(&dbt("build", project.path(), &["--target", "postgres"], &settings(name)));
    let stages = process.stages.len().to_string();
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_stage"), [stages]);
    // Nothing that the example does is not declared.
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_undeclared_move"), ["0"]);
    assert_ne!(database.lines("SELECT count(*) FROM built.ekiden_stay"), ["0"]);
}

#[test]
fn tables_of_the_sql_target_are_read() {
    let process = example("the_model");
    let name = "dbt_tables";
    let database = postgres(name);
    let schema = emit("sql", &process, &[]);
    database.accepts(text(&schema, "postgres/schema.sql"));
    let project = built(&process);
    let vars = r#"{"ekiden_source": "tables", "ekiden_source_schema": "public"}"#;
    let said =
        dbt("build", project.path(), &["--target", "postgres", "--vars", vars], &settings(name));
    all_passed(&said);
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_stay"), ["0"]);
}

/// Leads are sampled within five days or are late; contracts follow them.
const LABS: &str = r#"
process labs "Labs" { currency CHF  timezone "Europe/Zurich" }
team studio { role sampler }
record lead { mill one of [wet, dry, none] }
record deal from lead { price money }
stage found "Found" { record lead  entry  owner sampler  limit 5d
  advance to sampled  recycle to parked }
stage sampled "Sample sent" { record lead  owner sampler  advance to offer }
stage parked "Parked" { record lead  owner sampler  advance to found after 90d }
stage offer "Offer" { record deal  owner sampler  limit 3w  advance to supplied when price > 0 CHF }
stage supplied "Supplied" { record deal  owner sampler  outcome won final }
"#;

/// Two labs and a contract as Fivetran lands them: of Salesforce a row for each change, of any field; of
/// HubSpot a column for each stage. 1 took a sample after three days, 3 was parked after eight.
const EXPORTS: &str = "
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.lead (id text, status text, created_date timestamptz);
INSERT INTO salesforce.lead VALUES ('1', 'Sample sent', '2026-03-02 08:00Z'), ('3', 'Parked', '2026-03-04 08:00Z');
CREATE TABLE salesforce.lead_history (lead_id text, field text, old_value text, new_value text, created_date timestamptz);
INSERT INTO salesforce.lead_history VALUES
  ('1', 'Status', 'Found', 'Sample sent', '2026-03-05 10:00Z'),
  ('1', 'Owner', 'Found', 'Parked', '2026-03-05 11:00Z'),
  ('3', 'Status', 'Found', 'Parked', '2026-03-12 08:00Z');
CREATE TABLE salesforce.opportunity (id text, stage_name text, created_date timestamptz);
INSERT INTO salesforce.opportunity VALUES ('1', 'Offer', '2026-03-10 09:00Z');
CREATE TABLE salesforce.opportunity_field_history
  (opportunity_id text, field text, old_value text, new_value text, created_date timestamptz);
CREATE SCHEMA hubspot;
CREATE TABLE hubspot.lead (lead_id bigint, hs_v2_date_entered_labs_found timestamp,
  hs_v2_date_entered_labs_sampled timestamp, hs_v2_date_entered_labs_parked timestamp);
INSERT INTO hubspot.lead VALUES
  (1, '2026-03-02 08:00', '2026-03-05 10:00', NULL), (3, '2026-03-04 08:00', NULL, '2026-03-12 08:00');
CREATE TABLE hubspot.deal (deal_id bigint, hs_v2_date_entered_labs_offer timestamp, hs_v2_date_entered_labs_supplied timestamp);
INSERT INTO hubspot.deal VALUES (1, '2026-03-10 09:00', NULL);
";

#[test]
fn exports_of_crms_are_read() {
    let name = "dbt_exports";
    let database = postgres(name);
    database.accepts(EXPORTS);
    let project = built(&process(LABS));
    let select = [
        "--target",
        "postgres",
        "--select",
        "+ekiden_stay",
        "unknown_crm_values",
        "--indirect-selection",
        "cautious",
    ];
    for crm in ["salesforce", "hubspot"] {
        let vars = format!(
            r#"{{"ekiden_source": "{crm}", "ekiden_source_schema": "{crm}", "ekiden_now": "2026-04-01 00:00:00"}}"#
        );
        let said = dbt(
            "build",
            project.path(),
            &[&select[..], &["--vars", &vars]].concat(),
            &settings(name),
        );
        assert_eq!((count(&said, "ERROR"), count(&said, "SKIP")), (0, 0), "{said}");
        let stays = "SELECT concat_ws(' ', record, record_id, stage, entered_at, to_stage, is_over_limit) \
             FROM built.ekiden_stay ORDER BY entered_at, record";
        assert_eq!(
            database.lines(stays),
            [
                "lead 1 found 2026-03-02 08:00:00 sampled 0",
                "lead 3 found 2026-03-04 08:00:00 parked 1",
                "lead 1 sampled 2026-03-05 10:00:00",
                "deal 1 offer 2026-03-10 09:00:00 1",
                "lead 3 parked 2026-03-12 08:00:00",
            ],
            "{crm}"
        );
    }
    // A status that the process does not know is told, not dropped in silence.
    database
        .accepts("UPDATE salesforce.lead_history SET new_value = 'On hold' WHERE lead_id = '3';");
    let vars = r#"{"ekiden_source": "salesforce", "ekiden_source_schema": "salesforce"}"#;
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    dbt.args(["build", "--project", project.path().to_str().unwrap(), "--target", "postgres"]);
    dbt.args(["--select", "+unknown_crm_values", "--vars", vars]).envs(settings(name));
    let ran = dbt.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(!ran.status.success() && said.contains("Got 1 result"), "{said}");
}

#[test]
fn undeclared_moves_are_found() {
    let project = project(&example("the_model"));
    let history = project.path().join("seeds/raw_ekiden_stage_history.csv");
    let rows = std::fs::read_to_string(&history).unwrap();
    // The first move of all comes from nowhere; said to come from the stage it enters, it is declared
    // by nothing.
    let (head, rest) = rows.split_once('\n').unwrap();
    let (first, rest) = rest.split_once('\n').unwrap();
    let cells: Vec<&str> = first.split(',').collect();
    let wrong =
        [cells[0], cells[1], cells[2], cells[1], cells[2], cells[6], cells[6], "", cells[8]]
            .join(",");
    std::fs::write(&history, format!("{head}\n{wrong}\n{rest}")).unwrap();
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    let select = ["--select", "+undeclared_moves"];
    let ran = dbt
        .args(["build", "--project", project.path().to_str().unwrap()])
        .args(select)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(!ran.status.success() && said.contains("undeclared_moves"), "{said}");
}
