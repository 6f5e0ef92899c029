//! Settings, and processes for which there is no schema.

use super::STORY;
use super::engine::postgres;
use crate::crm_support::{emit, process, text, told, underlined};

#[test]
fn schema_and_prefix_are_as_the_manifest_says() {
    let engine = postgres("settings");
    let story = process(STORY);
    let schema = "Sales \"EMEA\" $guard$ '";
    for prefix in ["", "process_"] {
        let settings = [
            ("dialects", "postgres"),
            ("schema", schema),
            ("prefix", prefix),
            ("conditions", "list"),
        ];
        let output = emit("sql", &story, &settings);
        assert_eq!(told(&output.diagnostics), Vec::<String>::new());
        assert_eq!(output.artifacts.len(), 2);
        let name = schema.replace('"', "\"\"");
        engine.accepts(text(&output, "postgres/schema.sql"));
        // Every statement is a session of its own, which looks elsewhere.
        let run = |sql: &str| engine.accepts(&sql.replace('@', &format!("\"{name}\".")));
        run("INSERT INTO @lead (email, stage) VALUES ('a', 'inquiry')");
        run("UPDATE @lead SET stage = 'mql'");
        run("INSERT INTO @deal (lead_id, stage) VALUES (1, 'problem')");
        let count = format!("SELECT count(*) FROM \"{name}\".{prefix}stage_history");
        assert_eq!(engine.lines(&count), ["3"]);
        engine.accepts(&format!("DROP SCHEMA \"{name}\" CASCADE"));
    }
}

#[test]
fn wrong_settings_are_reported() {
    let story = process(STORY);
    let cases = [
        (
            "dialects",
            "postgresql",
            "error[invalid-manifest]: target `sql` has no dialect `postgresql`",
        ),
        ("schema", "", "error[invalid-manifest]: a schema must have a name"),
        (
            "schema",
            "pg_sales",
            "error[invalid-manifest]: PostgreSQL keeps schemas that begin with `pg_` for itself",
        ),
        (
            "prefix",
            "Process",
            "error[invalid-manifest]: a prefix is made of small letters, digits and `_`, and begins with a letter",
        ),
        (
            "prefix",
            "sqlite_",
            "error[invalid-manifest]: a database keeps names that begin with `sqlite_` for itself",
        ),
        ("dialect", "sqlite", "error[invalid-manifest]: target `sql` has no setting `dialect`"),
    ];
    for (name, value, message) in cases {
        let output = emit("sql", &story, &[(name, value)]);
        assert_eq!(told(&output.diagnostics), [message]);
    }
}

#[test]
fn a_record_for_which_no_table_is_wide_enough_is_reported() {
    let fields: Vec<String> = (0..1597).map(|at| format!("f{at} text")).collect();
    let source = format!("record wide {{ {} }} stage s {{ record wide entry }}", fields.join(" "));
    let output = emit("sql", &process(&source), &[]);
    assert_eq!(
        underlined(&source, &output.diagnostics),
        [("record `wide` would be a table of 1601 columns", "wide")]
    );
    assert!(output.artifacts.is_empty());

    let mut source = String::from("record r0 { }\n");
    for at in 1..80 {
        source.push_str(&format!("record r{at} from r{} {{ }}\n", at - 1));
    }
    let output = emit("sql", &process(&source), &[]);
    assert_eq!(
        underlined(&source, &output.diagnostics),
        [("record `r61` continues more than 60 others", "r61")]
    );
}
