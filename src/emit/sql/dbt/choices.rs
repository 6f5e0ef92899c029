//! The settings of the target.

pub(super) use super::loader::Loader;
use crate::diag::{Diagnostic, codes};
use crate::emit::Context;
use crate::source::{Span, Spanned};

/// Name and meaning of every setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("profile", "the profile that the project uses; `ekiden` when not said"),
    ("schema", "the schema that the profile writes to; `ekiden` when not said"),
    (
        "source",
        "what is read when no variable says otherwise: `example`, the default, `tables`, `salesforce` or `hubspot`",
    ),
    (
        "loader",
        "what loads a CRM into the warehouse, and so names its tables: `fivetran`, the default, or `airbyte`",
    ),
];

/// What the manifest asks for.
pub(super) struct Choices {
    pub(super) profile: String,
    pub(super) schema: String,
    pub(super) source: String,
    pub(super) loader: Loader,
}

/// Reads the settings; what is wrong is reported and replaced by the default.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let settings = context.settings;
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    settings.reject_unknown("dbt", &known, findings);
    let profile = settings.text("profile", findings);
    let profile = profile.and_then(|profile| plain(profile, "profile", findings));
    let schema = settings.text("schema", findings);
    let schema = schema.and_then(|schema| plain(schema, "schema", findings));
    let source =
        settings.text("source", findings).and_then(|source| known_source(source, findings));
    let loader =
        settings.text("loader", findings).and_then(|loader| known_loader(&loader, findings));
    Choices {
        profile: profile.unwrap_or_else(|| "ekiden".to_owned()),
        schema: schema.unwrap_or_else(|| "ekiden".to_owned()),
        source: source.unwrap_or_else(|| "example".to_owned()),
        loader: loader.unwrap_or(Loader::Fivetran),
    }
}

fn plain(name: Spanned<String>, what: &str, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let is_plain = name.value.len() <= 63
        && name.value.starts_with(|c: char| c.is_ascii_lowercase())
        && name.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain {
        return Some(name.value);
    }
    let message =
        format!("a {what} is made of small letters, digits and `_`, and begins with a letter");
    findings.push(invalid(name.span, message, "choose another name, such as `sales`"));
    None
}

fn known_source(source: Spanned<String>, findings: &mut Vec<Diagnostic>) -> Option<String> {
    if matches!(source.value.as_str(), "example" | "tables" | "salesforce" | "hubspot") {
        return Some(source.value);
    }
    let message = format!("target `dbt` cannot read from `{}`", source.value);
    findings.push(invalid(
        source.span,
        message,
        "write `example`, `tables`, `salesforce` or `hubspot`",
    ));
    None
}

fn known_loader(loader: &Spanned<String>, findings: &mut Vec<Diagnostic>) -> Option<Loader> {
    let known = Loader::WORDS.iter().find(|(word, _)| *word == loader.value);
    if known.is_none() {
        let message = format!("target `dbt` does not know how `{}` names tables", loader.value);
        let help = "write `fivetran` or `airbyte`, and change the variables in `dbt_project.yml` for others";
        findings.push(invalid(loader.span, message, help));
    }
    known.map(|(_, loader)| *loader)
}

fn invalid(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(codes::INVALID_MANIFEST, span, message).help(help)
}
