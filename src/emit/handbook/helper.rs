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
