//! What templates are given: the page that lists it and its schema are those of the types.
//!
//! To write both anew: `EKIDEN_WRITE_BOOK=1 cargo test --test all view_contract`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ekiden::emit::TEMPLATES;
use ekiden::emit::view::{Facts, VIEW_VERSION, build, silo_report};
use ekiden::report::silos::silos;
use serde_json::{Map, Value, json};

use crate::crm_support::{WHOLE, check, example, process, root};

const PAGE: &str = "docs/reference/templates.md";
const SCHEMA: &str = "schemas/view.schema.json";
const BEGIN: &str = "<!-- view: written by tests/all/view_contract.rs -->\n";
const END: &str = "<!-- /view -->";

/// A type of the view, as its source says.
struct Shape {
    name: String,
    about: String,
    fields: Vec<(String, String, String)>,
}

/// The types in the source, and the one of the silo report that lies elsewhere.
fn shapes() -> Vec<Shape> {
    let folder = root().join("src/emit/view/types");
    let mut files: Vec<PathBuf> = ["mod", "stages", "people", "parts", "calendar", "silos"]
        .iter()
        .map(|name| folder.join(format!("{name}.rs")))
        .collect();
    // What has changed is handed to pages that tell of it, and is not in the view.
    let others = ["changes"];
    let known = files.len() + others.len();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), known, "a new file of types");
    files.push(root().join("src/report/silos.rs"));
    let mut shapes = Vec::new();
    for file in &files {
        read(&std::fs::read_to_string(file).unwrap(), &mut shapes);
    }
    flatten(&mut shapes);
    let at = |name: &str| shapes.iter().position(|shape: &Shape| shape.name == name).unwrap();
    // Of the report only what the view is made of.
    let reached = reach(&shapes, at("View"), at("SiloReport"));
    let mut index = 0;
    shapes.retain(|_| {
        index += 1;
        reached.contains(&(index - 1))
    });
    shapes
}

fn read(text: &str, shapes: &mut Vec<Shape>) {
    let (mut docs, mut open, mut flat) = (Vec::new(), None::<Shape>, false);
    for line in text.lines() {
        let line = line.trim();
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc.to_owned());
        } else if let (None, Some(head)) = (&open, line.strip_prefix("pub struct ")) {
            let name = head.split(['<', ' ', '{', '(', ';']).next().unwrap().to_owned();
            if line.ends_with('{') {
                open = Some(Shape { name, about: docs.join(" "), fields: Vec::new() });
            }
            docs.clear();
        } else if let Some(shape) = &mut open {
            let is_flat = line == "#[serde(flatten)]";
            assert!(is_flat || !line.contains("serde("), "{line}: the page would not know it");
            if is_flat {
                flat = true;
            } else if line == "}" {
                shapes.extend(open.take());
            } else if let Some((name, ty)) = line
                .strip_prefix("pub ")
                .and_then(|field| field.trim_end_matches(',').split_once(": "))
            {
                let name = if std::mem::take(&mut flat) { FLAT } else { name };
                shape.fields.push((name.to_owned(), ty.to_owned(), docs.join(" ")));
                docs.clear();
            }
        } else if !line.starts_with("#[") {
            docs.clear();
        }
    }
}

/// In the place of a field whose own fields stand in its place.
const FLAT: &str = "";

/// Puts the fields of what is flattened in its place.
fn flatten(shapes: &mut [Shape]) {
    let fields_of = |name: &str| {
        let shape = shapes.iter().find(|shape| shape.name == name).unwrap();
        assert!(shape.fields.iter().all(|(name, ..)| name != FLAT), "{name}: one in another");
        shape.fields.clone()
    };
    let expand = |(name, ty, about): (String, String, String)| match name.as_str() {
        FLAT => fields_of(bare(&ty)),
        _ => vec![(name, ty, about)],
    };
    let whole: Vec<Vec<(String, String, String)>> = shapes
        .iter()
        .map(|shape| shape.fields.iter().cloned().flat_map(expand).collect())
        .collect();
    for (shape, fields) in shapes.iter_mut().zip(whole) {
        shape.fields = fields;
    }
}

/// What is inside of `Option` and `Vec`, without lifetimes.
fn bare(ty: &str) -> &str {
    let ty = ty.trim_start_matches("Option<").trim_start_matches("Vec<").trim_start_matches('&');
    let ty = ty.trim_start_matches("'a ").trim_start_matches("'static ");
    ty.split(['<', '>']).next().unwrap()
}

fn reach(shapes: &[Shape], first: usize, second: usize) -> Vec<usize> {
    let (mut reached, mut todo) = (vec![first, second], vec![first, second]);
    while let Some(shape) = todo.pop() {
        for (_, ty, _) in &shapes[shape].fields {
            let found = shapes.iter().position(|other| other.name == bare(ty));
            if let Some(found) = found.filter(|found| !reached.contains(found)) {
                reached.push(found);
                todo.push(found);
            }
        }
    }
    reached
}

/// The type as the page says it.
fn said(ty: &str) -> String {
    let inner = match bare(ty) {
        "str" | "String" => "text".to_owned(),
        "bool" => "true or false".to_owned(),
        "u32" | "usize" | "i8" | "i16" => "number".to_owned(),
        name => format!("[{name}](#{})", name.to_lowercase()),
    };
    match ty {
        _ if ty.starts_with("Option<") => format!("{inner}, or nothing"),
        _ if ty.starts_with("Vec<") => format!("list of {inner}"),
        _ => inner,
    }
}

fn schema_of(ty: &str) -> Value {
    let inner = match bare(ty) {
        "str" | "String" => json!({"type": "string"}),
        "bool" => json!({"type": "boolean"}),
        "u32" | "usize" | "i8" | "i16" => json!({"type": "integer"}),
        name => json!({"$ref": format!("#/$defs/{name}")}),
    };
    match ty {
        _ if ty.starts_with("Option<") => json!({"anyOf": [inner, {"type": "null"}]}),
        _ if ty.starts_with("Vec<") => json!({"type": "array", "items": inner}),
        _ => inner,
    }
}

fn page(shapes: &[Shape]) -> String {
    let mut out = format!("The view has version {VIEW_VERSION}.\n");
    for Shape { name, about, fields } in shapes {
        let _ = write!(
            out,
            "\n### {name}\n\n{about}\n\n| name | what | meaning |\n| --- | --- | --- |\n"
        );
        for (name, ty, about) in fields {
            // Links of the source lead nowhere on the page.
            let about = about.replace("See [`super::VIEW_VERSION`].", "The version of the view.");
            assert!(!about.contains("[`"), "{name}: a link of the source would lead nowhere");
            let _ = writeln!(out, "| `{name}` | {} | {} |", said(ty), about.replace('|', "\\|"));
        }
    }
    out
}

fn schema(shapes: &[Shape]) -> String {
    let mut defs = Map::new();
    for Shape { name, about, fields } in shapes {
        let mut properties = Map::new();
        for (name, ty, _) in fields {
            properties.insert(name.clone(), schema_of(ty));
        }
        let required: Vec<&str> = fields.iter().map(|(name, ..)| name.as_str()).collect();
        let shape = json!({
            "description": about,
            "type": "object",
            "additionalProperties": false,
            "required": required,
            "properties": properties,
        });
        defs.insert(name.clone(), shape);
    }
    // What a template of one's own is given: the view, and more beside it.
    let mut top = defs["View"].clone();
    top["properties"]["silos"] = json!({"$ref": "#/$defs/SiloReport"});
    top["properties"]["languages"] = json!({"type": "array", "items": {"type": "string"}});
    top["properties"]["file"] = json!({"type": "string"});
    top["properties"]["it"] = json!({"type": "object"});
    top["properties"]["view_version"] = json!({"const": VIEW_VERSION});
    let mut document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the templates of Ekiden are given",
    });
    for (key, value) in top.as_object().unwrap() {
        document[key] = value.clone();
    }
    document["$defs"] = Value::Object(defs);
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap())
}

#[test]
fn the_page_and_the_schema_are_those_of_the_types() {
    let shapes = shapes();
    let (page, schema) = (page(&shapes), schema(&shapes));
    let path = root().join(PAGE);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (kept, after) = rest.split_once(END).unwrap();
    if std::env::var_os("EKIDEN_WRITE_BOOK").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}\n{page}\n{END}{after}")).unwrap();
        std::fs::write(root().join(SCHEMA), schema).unwrap();
        return;
    }
    assert!(kept.trim() == page.trim(), "{PAGE} is not that of the types: write it anew");
    let kept = std::fs::read_to_string(root().join(SCHEMA)).unwrap();
    assert!(kept == schema, "{SCHEMA} is not that of the types: write it anew");
}

#[test]
fn the_view_of_every_process_follows_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let processes = [process(WHOLE), example("the_model"), example("salesforce_default")];
    let mut files = Vec::new();
    for (index, process) in processes.iter().enumerate() {
        let facts = Facts::of(process);
        let silos = silos(process);
        for language in &process.languages {
            let mut data = serde_json::to_value(build(process, &facts, language)).unwrap();
            let report = silo_report(process, &facts, &silos, language);
            data["silos"] = serde_json::to_value(report).unwrap();
            let path = folder.path().join(format!("{index}-{language}.json"));
            std::fs::write(&path, data.to_string()).unwrap();
            files.push(path);
        }
    }
    assert!(files.len() > 3, "some speak several languages");
    let schema = root().join(SCHEMA);
    let mut arguments: Vec<&Path> = vec![&schema];
    arguments.extend(files.iter().map(PathBuf::as_path));
    check("json-schema.mjs", &arguments);
}

#[test]
fn the_page_lists_every_template_and_helper() {
    let text = std::fs::read_to_string(root().join(PAGE)).unwrap();
    for set in TEMPLATES {
        let heading = format!("\n### Target `{}`\n", set.target);
        let section = text.split(heading.as_str()).nth(1).expect("a section for each target");
        let section = section.split("\n### ").next().unwrap().split("\n## ").next().unwrap();
        let listed = |name: &str| section.contains(&format!("`{name}`"));
        let lacking: Vec<&str> = set.names().filter(|name| !listed(name)).collect();
        assert_eq!(lacking, Vec::<&str>::new(), "templates of {}", set.target);
        let section = text.split("\n## Helpers of the handbook\n").nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let lacking: Vec<&str> = (set.helpers)()
            .into_iter()
            .filter(|name| !section.contains(&format!("| `{name}")))
            .collect();
        assert_eq!(lacking, Vec::<&str>::new(), "helpers of {}", set.target);
    }
}
