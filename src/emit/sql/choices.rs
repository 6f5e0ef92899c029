//! The settings of the target.

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::Context;
use crate::source::{Span, Spanned};

use super::dialect::{ALL, Dialect};

/// Name and meaning of every setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    (
        "dialects",
        "the databases to write for: `postgres`, `sqlite`, `mariadb`, which are written when not said; \
         `duckdb`, `clickhouse`, `spark`, `databricks`, `snowflake`, `bigquery`",
    ),
    ("schema", "the PostgreSQL schema to create everything in; the one in use when not said"),
    (
        "conditions",
        "what becomes of a move whose conditions do not hold: `refuse`, the default, or `list`, which tells it in the view of violations only",
    ),
    ("prefix", "what the names of tables begin with that are not records; `ekiden_` when not said"),
];

const PREFIX: &str = "ekiden_";

/// What the manifest asks for.
pub(super) struct Choices {
    pub(super) dialects: Vec<&'static dyn Dialect>,
    pub(super) schema: Option<String>,
    pub(super) prefix: String,
    /// Whether a move is refused whose conditions do not hold.
    pub(super) refuse_conditions: bool,
}

/// Reads the settings; what is wrong is reported and replaced by the default.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let settings = context.settings;
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    settings.reject_unknown("sql", &known, findings);
    let dialects = settings.texts("dialects", findings).map(|names| dialects(&names, findings));
    let schema =
        settings.text("schema", findings).and_then(|schema| check_schema(schema, findings));
    let prefix =
        settings.text("prefix", findings).and_then(|prefix| check_prefix(prefix, findings));
    let conditions = settings.text("conditions", findings);
    let refuse_conditions =
        conditions.is_none_or(|conditions| refuses_conditions(&conditions, findings));
    Choices {
        refuse_conditions,
        dialects: dialects.filter(|all| !all.is_empty()).unwrap_or_else(usual),
        schema,
        prefix: prefix.unwrap_or_else(|| PREFIX.to_owned()),
    }
}

/// What is written when nothing is said.
fn usual() -> Vec<&'static dyn Dialect> {
    ALL.iter().copied().filter(|dialect| dialect.by_default()).collect()
}

fn dialects(
    names: &[Spanned<String>],
    findings: &mut Vec<Diagnostic>,
) -> Vec<&'static dyn Dialect> {
    let mut chosen: Vec<&'static dyn Dialect> = Vec::new();
    for name in names {
        let known = || ALL.iter().map(|dialect| dialect.name());
        match ALL.iter().find(|dialect| dialect.name() == name.value) {
            Some(dialect) if chosen.iter().any(|other| other.name() == dialect.name()) => {}
            Some(dialect) => chosen.push(*dialect),
            None => {
                let help = match closest(&name.value, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "its dialects are {}",
                        known().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    ),
                };
                let message = format!("target `sql` has no dialect `{}`", name.value);
                findings.push(invalid(name.span, message, &help));
            }
        }
    }
    chosen
}

fn refuses_conditions(setting: &Spanned<String>, findings: &mut Vec<Diagnostic>) -> bool {
    match setting.value.as_str() {
        "refuse" => true,
        "list" => false,
        other => {
            let message = format!("conditions cannot be treated as `{other}`");
            findings.push(invalid(setting.span, message, "write `refuse` or `list`"));
            true
        }
    }
}

fn check_schema(schema: Spanned<String>, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let name = schema.value;
    let fault = if name.is_empty() || name.contains('\0') {
        "a schema must have a name"
    } else if name.len() > 63 {
        "the name of a PostgreSQL schema has at most 63 bytes"
    } else if name.starts_with("pg_") {
        "PostgreSQL keeps schemas that begin with `pg_` for itself"
    } else {
        return Some(name);
    };
    findings.push(invalid(schema.span, fault.to_owned(), "choose another name, such as `sales`"));
    None
}

fn check_prefix(prefix: Spanned<String>, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let name = prefix.value;
    let fault = if name.starts_with("pg_") || name.starts_with("sqlite_") {
        format!("a database keeps names that begin with `{name}` for itself")
    } else if name.len() > 20 {
        "a prefix has at most 20 letters".to_owned()
    } else if name.starts_with(|c: char| !c.is_ascii_lowercase())
        || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        "a prefix is made of small letters, digits and `_`, and begins with a letter".to_owned()
    } else {
        return Some(name);
    };
    findings.push(invalid(prefix.span, fault, "choose another, such as `process_`"));
    None
}

fn invalid(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(codes::INVALID_MANIFEST, span, message).help(help)
}
