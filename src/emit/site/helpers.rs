//! What the templates of the site can call.
//!
//! A helper writes finished HTML; what it is given is escaped here, once. Words of the handbook are HTML already.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::html::{self, escape};
use super::map;
use super::places::Places;
use crate::emit::handbook::helper::{
    self, arguments, filled, first, first_text, reference, text_at, texts,
};
use crate::emit::handbook::prose::plain;
use crate::emit::handbook::{Linker, Terms, Words};
use crate::emit::template::Templates;

/// What every helper knows.
pub(super) struct Shared {
    pub(super) words: Words,
    pub(super) terms: Arc<Terms>,
    pub(super) colours: Arc<Colours>,
    pub(super) places: Places,
}

/// The team whose colour something has, by its kind and name.
#[derive(Debug, Default)]
pub(super) struct Colours(pub(super) FxHashMap<(&'static str, String), usize>);

impl Colours {
    /// The class of something; none for what belongs to no team.
    pub(super) fn class(&self, kind: &str, name: &str) -> Option<String> {
        let kind = ["team", "role", "stage"].into_iter().find(|known| *known == kind)?;
        self.0.get(&(kind, name.to_owned())).map(|team| map::colour(*team))
    }
}

/// The names of all helpers.
pub(in crate::emit) fn names() -> Vec<&'static str> {
    HELPERS.iter().map(|(name, _)| *name).collect()
}

/// Adds every helper.
pub(super) fn add(templates: &mut Templates, shared: Shared) {
    helper::add(templates, shared, HELPERS, escape);
}

const HELPERS: &[(&str, helper::Run<Shared>)] = &[
    ("t", phrase),
    ("t_of", phrase_of),
    ("md", embedded),
    ("escape", |_, values| Ok(escape(first_text(values)?))),
    ("text", |_, values| Ok(html::with_links(first_text(values)?))),
    ("linked", |shared, values| Ok(line(shared, first_text(values)?))),
    ("code", |_, values| Ok(format!("<code>{}</code>", escape(first_text(values)?)))),
    ("summary", |_, values| Ok(html::with_links(&plain(first_text(values)?)))),
    ("linked_summary", |shared, values| {
        let except = if values.len() > 1 { Some(text_at(values, 1)?) } else { None };
        Ok(line_but(shared, &plain(first_text(values)?), except))
    }),
    ("texts", |shared, values| items(shared, &texts(values)?)),
    ("paren", |shared, values| match first_text(values)? {
        "" => Ok(String::new()),
        inner => word(shared, "parenthesis", &[inner.to_owned()]),
    }),
    ("link_as", |shared, values| {
        let text = word(shared, first_text(values)?, &[])?;
        let (kind, name, _) = reference(values.get(1).copied().unwrap_or(&Value::Null))?;
        Ok(format!("<a href=\"{}\">{text}</a>", escape(&shared.places.address(kind, name))))
    }),
    ("link", |shared, values| link(shared, first(values)?)),
    ("link_to", |shared, values| {
        Ok(anchor(shared, text_at(values, 0)?, text_at(values, 1)?, text_at(values, 2)?))
    }),
    ("links", |shared, values| {
        let refs = first(values)?.as_array().ok_or("`links` takes a list")?;
        let all: Result<Vec<String>, String> = refs.iter().map(|one| link(shared, one)).collect();
        Ok(list(shared, &all?))
    }),
    ("url", |shared, values| {
        let (kind, name, _) = reference(first(values)?)?;
        Ok(escape(&shared.places.address(kind, name)))
    }),
    ("page_url", |shared, values| Ok(escape(&shared.places.page(first_text(values)?)))),
    ("id", |shared, values| {
        Ok(attribute(Some(shared.places.id(text_at(values, 0)?, text_at(values, 1)?))))
    }),
    ("page_id", |shared, values| {
        Ok(attribute(shared.places.page_id(text_at(values, 0)?, text_at(values, 1)?)))
    }),
    ("section", |shared, values| {
        let id = first_text(values)?;
        Ok(attribute((!shared.places.is_book()).then(|| id.to_owned())))
    }),
    ("colour", |shared, values| {
        Ok(shared.colours.class("team", first_text(values)?).unwrap_or_default())
    }),
    ("colour_for", |shared, values| {
        let (kind, name, _) = reference(first(values)?)?;
        Ok(shared.colours.class(kind, name).unwrap_or_default())
    }),
    ("colour_of", |shared, values| {
        let owner = first(values)?;
        let team = owner.get("team").filter(|team| !team.is_null()).or_else(|| owner.get("who"));
        let (_, name, _) = reference(team.unwrap_or(&Value::Null))?;
        Ok(shared.colours.class("team", name).unwrap_or_default())
    }),
    ("earlier", |shared, values| helper::earlier(&shared.words, first(values)?, escape, false)),
    ("earlier_dated", |shared, values| {
        helper::earlier(&shared.words, first(values)?, escape, true)
    }),
    ("change", |shared, values| change(shared, first(values)?)),
    ("type", |shared, values| field_type(shared, first(values)?)),
    ("commas", |shared, values| Ok(list(shared, &filled(values)))),
    ("lines", |_, values| Ok(filled(values).join("<br>"))),
    ("only", |_, values| match first(values)? {
        Value::Null | Value::Bool(false) => Ok(String::new()),
        Value::Array(items) if items.is_empty() => Ok(String::new()),
        _ => text_at(values, 1).map(str::to_owned),
    }),
    ("times", |shared, values| match first(values)? {
        Value::Null => Ok(String::new()),
        Value::Number(one) if one.as_u64() == Some(1) => word(shared, "at_most_once", &[]),
        number => word(shared, "at_most_times", &[number.to_string()]),
    }),
];

/// `{{t "key" argument …}}`: arguments are HTML already.
fn phrase(shared: &Shared, values: &[&Value]) -> Result<String, String> {
    word(shared, text_at(values, 0)?, &arguments(values.get(1..).unwrap_or(&[])))
}

/// `{{t_of "outcome_" outcome}}`: the word for one of several values; nothing for none.
fn phrase_of(shared: &Shared, values: &[&Value]) -> Result<String, String> {
    match values.get(1) {
        Some(Value::Null) => Ok(String::new()),
        Some(Value::Number(number)) => {
            word(shared, &format!("{}{number}", text_at(values, 0)?), &[])
        }
        _ => word(shared, &format!("{}{}", text_at(values, 0)?, text_at(values, 1)?), &[]),
    }
}

/// `{{md text level [term]}}`: headings in the text go under one of that level; the term that the
/// text explains does not lead to itself.
fn embedded(shared: &Shared, values: &[&Value]) -> Result<String, String> {
    let under = values.get(1).and_then(|level| level.as_u64()).ok_or("`md` takes a level")?;
    let except = if values.len() > 2 { Some(text_at(values, 2)?) } else { None };
    let address = |name: &str| shared.places.address("term", name);
    let mut linker = Linker::new(&shared.terms, &address, except);
    Ok(html::embed(first_text(values)?, usize::try_from(under).unwrap_or(1), &mut linker))
}

fn line(shared: &Shared, text: &str) -> String {
    line_but(shared, text, None)
}

/// A text on one line, its words led to their meaning but for the term that it explains.
fn line_but(shared: &Shared, text: &str, except: Option<&str>) -> String {
    let address = |name: &str| shared.places.address("term", name);
    html::line(text, &mut Linker::new(&shared.terms, &address, except))
}

fn word(shared: &Shared, key: &str, arguments: &[String]) -> Result<String, String> {
    shared
        .words
        .get(key, arguments)
        .ok_or_else(|| format!("there is no phrase `{key}` with {} places", arguments.len()))
}

fn link(shared: &Shared, value: &Value) -> Result<String, String> {
    if value.is_null() {
        return Ok(String::new());
    }
    let (kind, name, title) = reference(value)?;
    Ok(anchor(shared, kind, name, title))
}

fn anchor(shared: &Shared, kind: &str, name: &str, title: &str) -> String {
    let href = escape(&shared.places.address(kind, name));
    let class = shared.colours.class(kind, name);
    let class = class.map_or_else(String::new, |team| format!(" class=\"{kind} {team}\""));
    format!("<a{class} href=\"{href}\">{}</a>", escape(title))
}

/// A sentence in which the title of what has changed leads to it.
fn change(shared: &Shared, value: &Value) -> Result<String, String> {
    let told = helper::told(value, escape, |code| format!("<code>{}</code>", escape(code)))?;
    let title = match told.place {
        Some((kind, name, _)) => {
            let href = escape(&shared.places.address(kind, name));
            format!("<a href=\"{href}\">{}</a>", told.title)
        }
        None => format!("<strong>{}</strong>", told.title),
    };
    let reason = told.reason.map(|reason| format!("<br><span class=\"small\">{reason}</span>"));
    Ok(format!("{}{title}{}{}", told.before, told.after, reason.unwrap_or_default()))
}

fn attribute(id: Option<String>) -> String {
    id.map_or_else(String::new, |id| format!("id=\"{}\"", escape(&id)))
}

fn field_type(shared: &Shared, value: &Value) -> Result<String, String> {
    let part = |key: &str| value.get(key).unwrap_or(&Value::Null);
    let kind = part("kind").as_str().ok_or("a type has a kind")?;
    let options = items(shared, &texts(&[part("options")])?)?;
    let mut parts = vec![match (kind, part("currency").as_str()) {
        ("one_of" | "many_of", _) => word(shared, &format!("type_{kind}"), &[options])?,
        ("money", Some(currency)) => word(shared, "type_currency", &[escape(currency)])?,
        _ => word(shared, &format!("type_{kind}"), &[])?,
    }];
    for (key, name) in [("at_least", "type_at_least"), ("at_most", "type_at_most")] {
        if let Some(bound) = part(key).as_str() {
            parts.push(word(shared, name, &[escape(bound)])?);
        }
    }
    for (key, name) in [("required", "type_required"), ("unique", "type_unique")] {
        if part(key).as_bool() == Some(true) {
            parts.push(word(shared, name, &[])?);
        }
    }
    // Options are joined by commas already.
    Ok(parts.join(&word(shared, "strong_separator", &[])?))
}

/// A list of texts. One that holds a comma itself is put in quotes.
fn items(shared: &Shared, items: &[&str]) -> Result<String, String> {
    let written: Result<Vec<String>, String> = items
        .iter()
        .map(|item| {
            let text = html::with_links(item);
            match items.len() > 1 && item.contains([',', '、', '，']) {
                true => word(shared, "quoted", &[text]),
                false => Ok(text),
            }
        })
        .collect();
    Ok(list(shared, &written?))
}

fn list(shared: &Shared, items: &[String]) -> String {
    items.join(&shared.words.get("list_separator", &[]).unwrap_or_default())
}
