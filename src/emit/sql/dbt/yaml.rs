//! YAML, written from structured values: nothing that a process says can break it.

use std::fmt::Write;

use serde_json::Value;

/// A document.
pub(super) fn document(value: &Value) -> String {
    let mut out = String::new();
    block(&mut out, value, 0);
    out
}

/// A mapping or a list, each entry on lines of its own.
fn block(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                indent(out, depth);
                out.push_str(&name(key));
                out.push(':');
                entry(out, value, depth + 1);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                indent(out, depth);
                out.push('-');
                if matches!(item, Value::Object(map) if !map.is_empty()) {
                    // Its first key stands beside the dash.
                    let mut inner = String::new();
                    block(&mut inner, item, depth + 1);
                    out.push(' ');
                    out.push_str(inner.trim_start());
                } else {
                    entry(out, item, depth + 1);
                }
            }
        }
        other => {
            indent(out, depth);
            out.push_str(&scalar(other));
            out.push('\n');
        }
    }
}

fn entry(out: &mut String, value: &Value, depth: usize) {
    let nested = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if nested {
        out.push('\n');
        block(out, value, depth);
    } else {
        out.push(' ');
        out.push_str(&scalar(value));
        out.push('\n');
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A key, quoted where YAML could take it for something else.
fn name(key: &str) -> String {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let plain = key.starts_with(|c: char| c.is_ascii_lowercase() || c == '+')
        && key
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '-' | '0'..='9'))
        && !WORDS.contains(&key);
    if plain { key.to_owned() } else { text(key) }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

/// A text between double quotes, in which JSON and YAML agree; YAML wants more signs escaped.
fn text(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        ) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn structures_become_blocks() {
        let value = json!({
            "a": 1, "on": [], "list": ["x: \"y\"", {"k": true, "l": {"m": null}}], "Z z": {},
        });
        let expected = "a: 1\n\"on\": []\nlist:\n  - \"x: \\\"y\\\"\"\n  - k: true\n    l:\n      m: null\n\"Z z\": {}\n";
        assert_eq!(document(&value), expected);
    }
}
