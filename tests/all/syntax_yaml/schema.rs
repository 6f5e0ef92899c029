//! The JSON Schemas that editors read.

use std::fmt::Write as _;

use ekiden::project::{baseline, manifest};
use ekiden::syntax::yaml;
use serde_json::Value;

/// To write it anew: `EKIDEN_WRITE_SCHEMA=1 cargo test --test all schema`.
#[test]
fn the_schema_on_disk_is_the_one_the_tables_give() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
    for (name, schema) in [
        ("ekiden.schema.json", yaml::schema()),
        ("manifest.schema.json", manifest::schema()),
        ("baseline.schema.json", baseline::schema()),
    ] {
        let path = format!("{root}/{name}");
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("EKIDEN_WRITE_SCHEMA").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored == text, "{name} is out of date; see above this test");
    }
}

/// The page that lists every key is printed from the schema, in the same way as it.
#[test]
fn the_page_of_all_keys_is_the_one_the_tables_give() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/yaml-keys.md");
    let page = keys(&yaml::schema());
    if std::env::var_os("EKIDEN_WRITE_SCHEMA").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap();
    assert!(stored == page, "yaml-keys.md is out of date; see the other test of this file");
}

fn keys(schema: &Value) -> String {
    let mut page = String::from(
        "# Every key of the YAML notation\n\n\
         Printed from the tables that the compiler reads by. How the notation works: [yaml.md](yaml.md).\n",
    );
    let mut section = |title: &str, table: &Value| {
        let Some(properties) = table["properties"].as_object() else { return };
        let required = table["required"].as_array();
        let _ = write!(page, "\n## {title}\n\n{}\n\n", table["description"].as_str().unwrap());
        page.push_str("| key | | example |\n| --- | --- | --- |\n");
        for (key, property) in properties {
            let must = required.is_some_and(|required| required.iter().any(|name| name == key));
            let must = if must { " Required." } else { "" };
            let doc = property["description"].as_str().unwrap();
            let example = yaml_of(&property["examples"][0]).replace('|', "\\|");
            let _ = writeln!(page, "| `{key}` | {doc}{must} | `{example}` |");
        }
    };
    section("The file", schema);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let title = name.trim_end_matches("-mapping").replace('-', " ");
        let mut letters = title.chars();
        let first = letters.next().unwrap().to_uppercase();
        section(&format!("{first}{}", letters.as_str()), definition);
    }
    page
}

/// A value on one line, with quotes only where they are needed.
fn yaml_of(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", list(items.iter().map(yaml_of).collect())),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", yaml_of(value)));
            format!("{{{}}}", list(entries.collect()))
        }
        Value::String(text) if text.contains(['[', '{', ',']) => format!("'{text}'"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
