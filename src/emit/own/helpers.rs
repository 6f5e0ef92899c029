//! What the templates of a project's own targets can call.
//!
//! Each gives a text, which is escaped as values are; `md` and `json` write what is finished.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason,
};
use serde_json::Value;

use super::escape::Format;
use super::layout::{Place, way};
use crate::emit::handbook::helper::{first, first_text, reference, text_at};
use crate::emit::handbook::prose::plain;
use crate::emit::template::Templates;
use crate::emit::{docs, site};

/// The names of all helpers.
pub(super) const NAMES: &[&str] = &["md", "plain", "json", "join", "url"];

/// What every helper knows.
struct Shared {
    format: Format,
    places: Vec<Place>,
}

/// Adds every helper.
pub(super) fn add(templates: &mut Templates, format: Format, places: &[Place]) {
    let shared = Arc::new(Shared { format, places: places.to_vec() });
    for name in NAMES {
        templates.helper(name, Call { name, shared: shared.clone() });
    }
}

struct Call {
    name: &'static str,
    shared: Arc<Shared>,
}

impl HelperDef for Call {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let mut values = Vec::with_capacity(helper.params().len());
        for parameter in helper.params() {
            if parameter.is_value_missing() {
                let path = parameter.relative_path().cloned();
                return Err(RenderErrorReason::MissingVariable(path).into());
            }
            values.push(parameter.value());
        }
        let written = self
            .write(&values, context.data())
            .map_err(|message| RenderError::from(RenderErrorReason::Other(message)))?;
        Ok(out.write(&written)?)
    }
}

impl Call {
    fn write(&self, values: &[&Value], data: &Value) -> Result<String, String> {
        let escape = self.shared.format.escape();
        match self.name {
            "md" => self.markdown(values),
            "json" => match self.shared.format {
                Format::Json => Ok(first(values)?.to_string()),
                _ => Err("`json` is for files of JSON and YAML".to_owned()),
            },
            "plain" => Ok(escape(&plain(first_text(values)?))),
            "join" => {
                let items = first(values)?.as_array().ok_or("`join` takes a list")?;
                let items: Result<Vec<&str>, String> = items.iter().map(said).collect();
                let between = if values.len() > 1 { text_at(values, 1)? } else { ", " };
                Ok(escape(&items?.join(between)))
            }
            _ => self.address(values, data).map(|address| escape(&address)),
        }
    }

    /// `{{md text [level]}}`: headings in the text go under one of that level.
    fn markdown(&self, values: &[&Value]) -> Result<String, String> {
        let under = values.get(1).map_or(Some(1), |level| level.as_u64());
        let under = under.and_then(|level| usize::try_from(level).ok());
        let under = under.ok_or("the level of `md` is a number")?;
        let text = first_text(values)?;
        match self.shared.format {
            Format::Html => Ok(site::embed_html(text, under)),
            Format::Markdown => Ok(docs::embed_markdown(text, under)),
            _ => Err("`md` is for files of HTML and Markdown; `plain` is for all".to_owned()),
        }
    }

    /// `{{url reference}}` or `{{url kind name}}`: the way to the file about something, from the one
    /// that is written.
    fn address(&self, values: &[&Value], data: &Value) -> Result<String, String> {
        let (kind, name) = match values.len() {
            2 => (text_at(values, 0)?, text_at(values, 1)?),
            _ => reference(first(values)?).map(|(kind, name, _)| (kind, name))?,
        };
        let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
        let (here, language) = (text("file"), text("language"));
        let ending = here.rsplit('.').next().unwrap_or("");
        // A file of the same ending is nearer than one of another.
        let places = &self.shared.places;
        let same = places.iter().filter(|place| place.ending() == ending);
        let file = same.chain(places).find_map(|place| place.file(kind, name, language));
        let file = file.ok_or_else(|| {
            format!("this target writes no file for each {kind}: none is called `[{kind}]`")
        })?;
        Ok(way(here, &file))
    }
}

/// A text, a number, or the title of a reference.
fn said(value: &Value) -> Result<&str, String> {
    let title = || value.get("title").and_then(Value::as_str);
    value.as_str().or_else(title).ok_or_else(|| "`join` takes texts or references".to_owned())
}
