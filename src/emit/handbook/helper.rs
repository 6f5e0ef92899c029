//! What helpers of templates have in common: how they are called, and what they are given.
//!
//! Each refuses a name that the data does not have, as strict mode does for plain values.

use std::borrow::Cow;
use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason,
};
use serde_json::Value;

use super::Words;
use crate::emit::template::Templates;

/// A helper: what every helper of a page knows, and its arguments, to what it writes or why not.
pub(in crate::emit) type Run<P> = fn(&P, &[&Value]) -> Result<String, String>;

/// The helpers whose arguments are finished text, as other helpers write it. A text of the process that
/// is handed to one of them is escaped first.
const COMPOSING: &[&str] = &["t", "label", "paren", "commas", "lines", "only"];

/// Adds helpers that share what they know. `escape` makes a text of the process safe.
pub(in crate::emit) fn add<P: Send + Sync + 'static>(
    templates: &mut Templates,
    page: P,
    helpers: &[(&str, Run<P>)],
    escape: fn(&str) -> String,
) {
    let page = Arc::new(page);
    for (name, run) in helpers {
        let escape = COMPOSING.contains(name).then_some(escape);
        templates.helper(name, Call { page: page.clone(), run: *run, escape });
    }
}

/// A helper as handlebars calls it.
struct Call<P> {
    page: Arc<P>,
    run: Run<P>,
    /// For texts of the process, where the helper writes its arguments as they are.
    escape: Option<fn(&str) -> String>,
}

impl<P: Send + Sync> HelperDef for Call<P> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let mut values = Vec::with_capacity(helper.params().len());
        for parameter in helper.params() {
            if parameter.is_value_missing() {
                let path = parameter.relative_path().cloned();
                return Err(RenderErrorReason::MissingVariable(path).into());
            }
            // What another helper has written, or the template says itself, comes from no path.
            let escaped = match (self.escape, parameter.value(), parameter.relative_path()) {
                (Some(escape), Value::String(text), Some(_)) => Some(Value::String(escape(text))),
                _ => None,
            };
            values.push(escaped.map_or(Cow::Borrowed(parameter.value()), Cow::Owned));
        }
        let values: Vec<&Value> = values.iter().map(Cow::as_ref).collect();
        let written = (self.run)(&self.page, &values)
            .map_err(|message| RenderError::from(RenderErrorReason::Other(message)))?;
        Ok(out.write(&written)?)
    }
}

/// Kind, name and title of a reference.
pub(in crate::emit) fn reference(value: &Value) -> Result<(&str, &str, &str), String> {
    let part = |key: &str| value.get(key).and_then(Value::as_str);
    match (part("kind"), part("name"), part("title")) {
        (Some(kind), Some(name), Some(title)) => Ok((kind, name, title)),
        _ => Err("a link takes something with a kind, a name and a title".to_owned()),
    }
}

/// The arguments that say something.
pub(in crate::emit) fn filled(values: &[&Value]) -> Vec<String> {
    arguments(values).into_iter().filter(|text| !text.is_empty()).collect()
}

/// The arguments as texts; nothing for a value that is not there.
pub(in crate::emit) fn arguments(values: &[&Value]) -> Vec<String> {
    let text = |value: &&Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    values.iter().map(text).collect()
}

/// The first argument.
pub(in crate::emit) fn first<'v>(values: &[&'v Value]) -> Result<&'v Value, String> {
    values.first().copied().ok_or_else(|| "something to show is missing".to_owned())
}

/// The first argument as text; nothing for a value that is not there.
pub(in crate::emit) fn first_text<'v>(values: &[&'v Value]) -> Result<&'v str, String> {
    text_at(values, 0)
}

/// An argument as text; nothing for a value that is not there.
pub(in crate::emit) fn text_at<'v>(values: &[&'v Value], at: usize) -> Result<&'v str, String> {
    match values.get(at) {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Null) => Ok(""),
        _ => Err(format!("argument {} must be a text", at + 1)),
    }
}

/// The first argument as a list of texts.
pub(in crate::emit) fn texts<'v>(values: &[&'v Value]) -> Result<Vec<&'v str>, String> {
    let list = first(values)?.as_array().ok_or("a list of texts is needed")?;
    list.iter()
        .map(|item| item.as_str().ok_or_else(|| "a list of texts is needed".to_owned()))
        .collect()
}

/// How an earlier version is called: by its version, its tag or its day. `dated` says all that is
/// known of it.
pub(in crate::emit) fn earlier(
    words: &Words,
    value: &Value,
    escape: fn(&str) -> String,
    dated: bool,
) -> Result<String, String> {
    let part = |key: &str| value.get(key).and_then(Value::as_str).map(escape);
    let word = |key: &str, arguments: &[String]| {
        words.get(key, arguments).ok_or_else(|| format!("there is no phrase `{key}`"))
    };
    let version = part("version").map(|version| word("version_named", &[version])).transpose()?;
    let mut known = version.into_iter().chain(part("tag")).chain(part("date"));
    let Some(first) = known.next() else { return word("version_before", &[]) };
    let rest: Vec<String> = known.filter(|_| dated).collect();
    match rest.is_empty() {
        true => Ok(first),
        false => {
            let rest = rest.join(&word("list_separator", &[])?);
            Ok(format!("{first}{}", word("parenthesis", &[rest])?))
        }
    }
}

/// A sentence about a change, its texts escaped.
pub(in crate::emit) struct ToldChange<'v> {
    pub(in crate::emit) before: String,
    pub(in crate::emit) title: String,
    /// Kind, name and title of where it stands.
    pub(in crate::emit) place: Option<(&'v str, &'v str, &'v str)>,
    pub(in crate::emit) after: String,
    pub(in crate::emit) reason: Option<String>,
}

/// Reads a change of the view.
pub(in crate::emit) fn told(
    value: &Value,
    escape: fn(&str) -> String,
    code: fn(&str) -> String,
) -> Result<ToldChange<'_>, String> {
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.ok_or_else(|| "`change` takes a change".to_owned())
    };
    let part = |key: &str| Ok::<_, String>(spaced(text(key)?, escape));
    let place = value.get("place").filter(|place| !place.is_null());
    Ok(ToldChange {
        before: part("before")?,
        title: escape(text("title")?),
        place: place.map(reference).transpose()?,
        after: part("after")?,
        reason: value.get("reason").and_then(Value::as_str).map(|reason| {
            // What stands between backticks is code.
            let pieces = reason.split('`').enumerate();
            let piece = |(at, text): (usize, &str)| match at % 2 {
                0 => spaced(text, escape),
                _ => code(text),
            };
            pieces.map(piece).collect()
        }),
    })
}

/// Escapes a piece of a sentence. Escaping takes spaces from its ends, which here part words.
fn spaced(text: &str, escape: fn(&str) -> String) -> String {
    let lead = if text.starts_with(' ') { " " } else { "" };
    let end = if text.len() > 1 && text.ends_with(' ') { " " } else { "" };
    format!("{lead}{}{end}", escape(text))
}
