//! The tables, the lowering and the schema must agree: every key is read, every example is right.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::parse;
use super::table::{Clause, FILE, Key, Mode, Shape, Table};
use crate::diag::Diagnostic;
use crate::source::FileId;
use crate::syntax::ast::RetiredKind;

/// Is given a key, the table it is in, and what puts a value for it into a whole file.
type Visit<'a> = &'a mut dyn FnMut(&'static Table, &'static Key, &dyn Fn(&str) -> String);

/// An example as it must be written between braces.
fn flow(example: &str) -> String {
    let text = !example.starts_with(['[', '{', '"']) && example.contains(['[', ',']);
    if text { format!("'{example}'") } else { example.to_owned() }
}

/// Calls `visit` for every key that can be reached, with a function that puts a value for the key
/// into a whole file.
fn each_key(
    table: &'static Table,
    wrap: &dyn Fn(&str) -> String,
    seen: &mut Vec<*const Table>,
    visit: Visit<'_>,
) {
    if seen.contains(&(table as *const Table)) {
        return;
    }
    seen.push(table);
    for key in table.keys {
        // The value among the other keys that must be there.
        let with_others = |value: &str| {
            let mut body = format!("{}: {value}", key.name);
            for other in table.keys.iter().filter(|other| other.required && other.name != key.name)
            {
                body.push_str(&format!(", {}: {}", other.name, flow(other.example)));
            }
            // Where a kind has to be chosen, one is.
            let chosen = |name: &str| table.keys.iter().any(|key| key.name == name);
            if table.id == "field-mapping" && !["type", "one_of", "many_of"].contains(&key.name) {
                body.push_str(", type: number");
            }
            if table.id == "target-mapping" && key.name == "every" {
                body.push_str(", at_least: 1");
            }
            if table.id == "move"
                && !["advance", "recycle", "lose", "from_any_open"].contains(&key.name)
            {
                body.push_str(", advance: won");
            }
            if table.id == "retired" && ["into", "since"].contains(&key.name) && chosen("stage") {
                body.push_str(", stage: old");
            }
            wrap(&format!("{{{body}}}"))
        };
        visit(table, key, &with_others);
        inner(&key.shape, &with_others, seen, visit);
    }
}

fn inner(
    shape: &'static Shape,
    wrap: &dyn Fn(&str) -> String,
    seen: &mut Vec<*const Table>,
    visit: Visit<'_>,
) {
    match shape {
        Shape::Table(table) | Shape::Clause(Clause { table: Some(table), .. }) => {
            each_key(table, wrap, seen, visit);
        }
        Shape::List(_, item) => inner(item, &|value| wrap(&format!("[{value}]")), seen, visit),
        Shape::Named(_, item) => {
            inner(item, &|value| wrap(&format!("{{x: {value}}}")), seen, visit)
        }
        Shape::Or(one, other) => {
            inner(one, wrap, seen, visit);
            inner(other, wrap, seen, visit);
        }
        Shape::Expr => each_key(&super::table::EXPR, wrap, seen, visit),
        Shape::Options => inner(&super::table::OPTIONS, wrap, seen, visit),
        _ => {}
    }
}

fn keys(mut visit: impl FnMut(&'static Table, &'static Key, &dyn Fn(&str) -> String)) {
    each_key(&FILE, &|body| body.to_owned(), &mut Vec::new(), &mut visit);
}

fn findings(text: &str) -> Vec<Diagnostic> {
    parse(FileId(0), text).diagnostics
}

#[test]
fn every_key_is_reached() {
    let mut tables = Vec::new();
    keys(|table, _, _| tables.push(table.id));
    tables.dedup();
    assert!(tables.len() > 45, "{tables:?}");
}

#[test]
fn the_example_of_every_key_is_read_without_findings_and_leaves_a_trace() {
    keys(|table, key, wrap| {
        let example = flow(key.example);
        let text = wrap(&example);
        let parsed = parse(FileId(0), &text);
        assert_eq!(parsed.diagnostics, [], "{} {}: {text}", table.id, key.name);
        // Reading it must change something: a key nobody reads is a promise nobody keeps.
        if key.required || matches!(table.mode, Mode::One) || key.example == "{}" {
            return;
        }
        let default = match key.name {
            "shared_by" | "owner" => "[]".to_owned(),
            _ => String::new(),
        };
        let without = text.replacen(&format!("{}: {example}", key.name), &default, 1);
        let without = without.replacen("{, ", "{", 1).replacen("{[]", "{", 1);
        let other = parse(FileId(0), &without);
        assert!(parsed.file.items != other.file.items, "{} {}: {text}", table.id, key.name);
    });
}

#[test]
fn a_value_of_the_wrong_form_is_a_finding_at_the_value() {
    keys(|table, key, wrap| {
        for (wrong, form) in [
            ("[[Zz zz]]", super::table::Form::List),
            ("{Zz zz: 1}", super::table::Form::Mapping),
            ("zz zz: 1".split(':').next().unwrap(), super::table::Form::Scalar),
        ] {
            let text = wrap(wrong);
            let found = findings(&text);
            let free = matches!(
                key.shape,
                Shape::Text
                    | Shape::Verbatim(_)
                    | Shape::Labels(_)
                    | Shape::Rule
                    | Shape::Or(Shape::Labels(_), _)
            ) || matches!(key.shape, Shape::Clause(clause) if clause.titled);
            if free && form == super::table::Form::Scalar
                || key.name == "entry" && form != super::table::Form::List
            {
                continue;
            }
            let at_value = |finding: &Diagnostic| {
                let under = text.get(finding.primary.span.range()).unwrap();
                wrong.contains(under) || under.contains(wrong.trim_matches(['[', ']', '{', '}']))
            };
            assert!(
                found.iter().any(at_value),
                "{} {} takes {wrong}: {text}: {found:?}",
                table.id,
                key.name
            );
        }
    });
}

#[test]
fn a_key_without_a_value_is_a_finding_or_an_empty_mapping() {
    keys(|table, key, wrap| {
        let found = findings(&wrap(""));
        if matches!(key.shape, Shape::Named(..))
            || matches!(key.shape, Shape::Table(table) if !table.keys.iter().any(|k| k.required))
        {
            assert_eq!(found, [], "{} {}", table.id, key.name);
        } else {
            assert!(!found.is_empty(), "{} {}", table.id, key.name);
        }
    });
}

#[test]
fn the_kinds_of_retired_things_are_keys() {
    let names: Vec<&str> = super::table::RETIRED.keys.iter().map(|key| key.name).collect();
    let kinds: Vec<&str> = RetiredKind::ALL.iter().map(|kind| kind.word()).collect();
    assert_eq!(names.get(..kinds.len()).unwrap(), kinds);
}
