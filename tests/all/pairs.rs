//! One process in both notations: the same model, the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::Utf8Path;
use ekiden::model::Process;
use ekiden::{project, sema};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

fn model(name: &str) -> Process {
    let folder = example(name);
    let project = project::load(Utf8Path::from_path(&folder).unwrap()).unwrap();
    assert!(project.diagnostics.is_empty(), "{:?}", project.diagnostics);
    let analysis = sema::analyze(&project.files, "process");
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
    analysis.process
}

fn ekiden(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ekiden")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn files(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, root, found);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_model_means_the_same_in_yaml() {
    assert_eq!(model("the_model"), model("the_model_yaml"));
}

#[test]
fn the_model_compiles_to_the_same_bytes() {
    let built = |name: &str| {
        let out = tempfile::tempdir().unwrap();
        let folder = example(name);
        ekiden(&["build", folder.to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
        let mut found = BTreeMap::new();
        files(out.path(), out.path(), &mut found);
        found
    };
    let (dsl, yaml) = (built("the_model"), built("the_model_yaml"));
    assert!(dsl.len() > 200, "all targets were built");
    assert_eq!(dsl.keys().collect::<Vec<_>>(), yaml.keys().collect::<Vec<_>>());
    for (name, bytes) in &dsl {
        assert!(yaml[name] == *bytes, "{name} differs");
    }
}

/// `the_model_yaml` is made by `ekiden convert`; this says when it must be made again.
#[test]
fn the_yaml_example_is_what_convert_gives() {
    let mut sources = BTreeMap::new();
    files(&example("the_model"), &example("the_model"), &mut sources);
    let mut count = 0;
    for name in
        sources.keys().filter(|name| name.ends_with(".ekiden") && !name.starts_with("build/"))
    {
        let source = example("the_model").join(name);
        let converted = ekiden(&["convert", "--to", "yaml", source.to_str().unwrap()]);
        let kept =
            fs::read_to_string(example("the_model_yaml").join(format!("{name}.yaml"))).unwrap();
        assert!(
            converted == kept,
            "{name}.yaml is stale: copy examples/the_model and convert it again"
        );
        count += 1;
    }
    assert!(count > 5);
}

/// A reader of YAML 1.1 must take the example for the same data as one of YAML 1.2.
#[test]
fn yaml_1_1_reads_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/test-tools/venv/bin/python");
    assert!(python.exists(), "PyYAML is missing: run tests/setup");
    let mut sources = BTreeMap::new();
    files(&example("the_model_yaml"), &example("the_model_yaml"), &mut sources);
    for name in sources.keys().filter(|name| name.ends_with(".ekiden.yaml")) {
        let path = example("the_model_yaml").join(name);
        let output = Command::new(&python)
            .arg(root.join("tests/tools/python/yaml-1-1.py"))
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        only_texts(&read, name);
    }
}

/// Every leaf is a text, a number where we write one, or `true`: no date, no `no`, no sexagesimal.
fn only_texts(value: &serde_json::Value, at: &str) {
    match value {
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(key, value)| only_texts(value, &format!("{at}/{key}")));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| only_texts(value, at)),
        serde_json::Value::Null => panic!("{at}: read as nothing"),
        serde_json::Value::Bool(value) => assert!(*value, "{at}: read as `false`"),
        serde_json::Value::Number(_) => {
            let numeric = ["headcount", "at_least", "at_most", "fit", "behavior", "total"];
            assert!(numeric.iter().any(|key| at.ends_with(key)), "{at}: read as a number");
        }
        serde_json::Value::String(_) => {}
    }
}
