//! SQL that dbt completes: macros, names of models and quoted names are Jinja in it.
//!
//! While SQL is put together, what will be Jinja stands between marks that no process contains. So
//! one macro's result can be the argument of another: `x {{ f("y") }} z` becomes
//! `"x " ~ f("y") ~ " z"` there.

use crate::emit::sql::dbt::dialect::JINJA;
use crate::emit::sql::names::Ident;

/// Stands around a name that must be quoted.
pub(super) const QUOTE: char = '\u{e000}';
/// Stand around a Jinja expression.
const OPEN: char = '\u{e001}';
const CLOSE: char = '\u{e002}';
/// Begins the name of a model.
pub(super) const MODEL: char = '\u{e003}';

/// The tables that staging models stand before, and that everything else reads through those.
const STAGED: &[&str] = &["ekiden_stage_history", "ekiden_event", "ekiden_handoff_answer"];

/// A model, where a table's name may stand.
pub(super) fn model(name: &str) -> Ident {
    Ident::new(JINJA, &format!("{MODEL}{name}"))
}

/// The name that dbt knows a model, or the relation of an identifier, by.
pub(super) fn model_name(raw: &str) -> String {
    let name = raw.trim_start_matches(MODEL);
    if STAGED.contains(&name) { format!("stg_{name}") } else { name.to_owned() }
}

/// `ref('stage')`, as YAML asks for it.
pub(super) fn reference(name: &str) -> String {
    format!("ref('{name}')")
}

/// The call of a macro with SQL as arguments.
pub(super) fn call(name: &str, arguments: &[&str]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|sql| expression(sql)).collect();
    format!("{OPEN}{name}({}){CLOSE}", arguments.join(", "))
}

/// The call of a macro with one text, which is no SQL.
pub(super) fn call_with_text(name: &str, text: &str) -> String {
    format!("{OPEN}{name}({}){CLOSE}", string(text))
}

/// A text as Jinja writes it.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // Two of them together could be taken for the end of the expression.
            '{' => out.push_str("\\x7b"),
            '}' => out.push_str("\\x7d"),
            QUOTE..=MODEL => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// SQL as the text of a model.
pub(super) fn template(sql: &str) -> String {
    let mut out = String::new();
    for part in parts(sql) {
        match part {
            Part::Text(text) => out.push_str(&inert(text)),
            Part::Expression(expression) => out.push_str(&format!("{{{{ {expression} }}}}")),
        }
    }
    out
}

/// Text in which Jinja finds nothing to do.
pub(super) fn inert(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '{' && matches!(rest.peek(), Some('{' | '%' | '#')) {
            out.push_str("{{ '{' }}");
        } else {
            out.push(c);
        }
    }
    out
}

/// SQL as a Jinja expression.
fn expression(sql: &str) -> String {
    let all: Vec<String> = parts(sql)
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => string(text),
            Part::Expression(expression) => expression,
        })
        .collect();
    if all.is_empty() { "\"\"".to_owned() } else { all.join(" ~ ") }
}

enum Part<'a> {
    Text(&'a str),
    Expression(String),
}

fn parts(sql: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = sql;
    while let Some((before, mark, after)) = split(rest) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let end = if mark == OPEN { CLOSE } else { QUOTE };
        let (inside, after) = after.split_once(end).unwrap_or((after, ""));
        parts.push(Part::Expression(match (mark, inside.strip_prefix(MODEL)) {
            (OPEN, _) => inside.to_owned(),
            (_, Some(_)) => format!("ref({})", string(&model_name(inside))),
            (_, None) => format!("adapter.quote({})", string(inside)),
        }));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// What stands before the next mark, the mark, and what stands after it.
fn split(sql: &str) -> Option<(&str, char, &str)> {
    let mark = sql.chars().find(|c| matches!(*c, QUOTE | OPEN))?;
    let (before, after) = sql.split_once(mark)?;
    Some((before, mark, after))
}

#[cfg(test)]
mod tests {
    use super::{call, call_with_text, inert, model, string, template};

    #[test]
    fn calls_go_into_calls() {
        let inner = call("f", &["y"]);
        let outer = call("g", &[&format!("x + {inner}"), "\"z\""]);
        assert_eq!(template(&outer), r#"{{ g("x + " ~ f("y"), "\"z\"") }}"#);
        assert_eq!(template(&format!("a {inner}, b")), r#"a {{ f("y") }}, b"#);
    }

    #[test]
    fn models_are_referred_to() {
        assert_eq!(
            template(&format!("FROM {} AS s", model("ekiden_stage"))),
            r#"FROM {{ ref("ekiden_stage") }} AS s"#
        );
        let history = model("ekiden_event").to_string();
        assert_eq!(template(&call("f", &[&history])), r#"{{ f(ref("stg_ekiden_event")) }}"#);
    }

    #[test]
    fn texts_cannot_speak_to_jinja() {
        assert_eq!(inert("{{{ {% {#"), "{{ '{' }}{{ '{' }}{ {{ '{' }}% {{ '{' }}#");
        assert_eq!(string("\u{e001}{\"\\}"), r#""\ue001\x7b\"\\\x7d""#);
        assert_eq!(template(&call_with_text("t", "}}\n")), r#"{{ t("\x7d\x7d\n") }}"#);
    }
}
