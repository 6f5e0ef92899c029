//! dbt projects, built by dbt on real databases, without a warning.

use std::path::Path;
use std::process::Command;

use ekiden::model::Process;

use crate::crm_support::{HOSTILE, WHOLE, emit, example, process, root, text, told, written};
use crate::target_sql::engine::{postgres, settings};

/// The project of a process, in a folder.
fn project(process: &Process) -> tempfile::TempDir {
    let output = emit("dbt", process, &[("schema", "built")]);
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
    let project = project(&process);
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
    let project = project(&process);
    let vars = r#"{"ekiden_source": "tables", "ekiden_source_schema": "public"}"#;
    let said =
        dbt("build", project.path(), &["--target", "postgres", "--vars", vars], &settings(name));
    all_passed(&said);
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_stay"), ["0"]);
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
