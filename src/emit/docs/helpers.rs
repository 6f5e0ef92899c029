//! What the templates of the handbook can call.
//!
//! A helper writes finished Markdown; what it is given is escaped here, once.

use std::sync::Arc;

use serde_json::Value;

use super::markdown;
use crate::emit::handbook::helper::{
    self, arguments, filled, first, first_text, reference, text_at, texts,
};
use crate::emit::handbook::{Linker, Terms, Words, anchor, place};
use crate::emit::template::Templates;

/// Adds every helper, for pages that reach the top of the handbook by `base`.
pub(super) fn add(templates: &mut Templates, language: &str, base: &str, terms: Arc<Terms>) {
    let page = Page { words: Words::of(language), base: base.to_owned(), terms };
    helper::add(templates, page, HELPERS, markdown::inline);
}

/// The names of all helpers.
pub(in crate::emit) fn names() -> Vec<&'static str> {
    HELPERS.iter().map(|(name, _)| *name).collect()
}

/// What every helper knows.
struct Page {
    words: Words,
    base: String,
    /// The glossary.
    terms: Arc<Terms>,
}

const HELPERS: &[(&str, helper::Run<Page>)] = &[
    ("t", phrase),
    ("t_of", phrase_of),
    ("md", embedded),
    ("heading", |_, values| Ok(markdown::heading(first_text(values)?))),
    ("text", |_, values| Ok(markdown::with_links(first_text(values)?))),
    ("linked", |page, values| Ok(line(page, first_text(values)?))),
    ("code", |_, values| Ok(markdown::code(first_text(values)?))),
    ("summary", |_, values| Ok(markdown::with_links(&markdown::plain(first_text(values)?)))),
    ("linked_summary", |page, values| {
        let except = if values.len() > 1 { Some(text_at(values, 1)?) } else { None };
        Ok(line_but(page, &markdown::plain(first_text(values)?), except))
    }),
    ("texts", |page, values| items(page, &texts(values)?)),
    ("semicolons", |page, values| {
        let all: Vec<String> = texts(values)?.into_iter().map(markdown::with_links).collect();
        Ok(all.join(&word(page, "strong_separator", &[])?))
    }),
    ("label", |page, values| {
        let name = phrase(page, values)?;
        word(page, "label", &[name])
    }),
    ("label_of", |page, values| word(page, "label", &[markdown::with_links(first_text(values)?)])),
    ("label_linked", |page, values| word(page, "label", &[line(page, first_text(values)?)])),
    ("paren", |page, values| match first_text(values)? {
        "" => Ok(String::new()),
        inner => word(page, "parenthesis", &[inner.to_owned()]),
    }),
    ("link_as", |page, values| {
        let text = word(page, first_text(values)?, &[])?;
        let (kind, name, _) = reference(values.get(1).copied().unwrap_or(&Value::Null))?;
        Ok(format!("[{text}]({})", address(&page.base, kind, name)))
    }),
    ("link", |page, values| link(page, first(values)?)),
    ("link_to", |page, values| {
        let (kind, name) = (text_at(values, 0)?, text_at(values, 1)?);
        let title = markdown::inline(text_at(values, 2)?);
        Ok(format!("[{title}]({})", address(&page.base, kind, name)))
    }),
    ("links", |page, values| {
        let refs = first(values)?.as_array().ok_or("`links` takes a list")?;
        let all: Result<Vec<String>, String> = refs.iter().map(|one| link(page, one)).collect();
        Ok(list(page, all?.into_iter()))
    }),
    ("url", |page, values| {
        let (kind, name, _) = reference(first(values)?)?;
        Ok(address(&page.base, kind, name))
    }),
    ("file", |page, values| Ok(format!("{}{}", page.base, first_text(values)?))),
    ("anchor", |_, values| Ok(format!("<a id=\"{}\"></a>", anchor("", first_text(values)?)))),
    ("anchor_of", |_, values| {
        let (kind, name) = (text_at(values, 0)?, text_at(values, 1)?);
        Ok(format!("<a id=\"{}\"></a>", anchor(kind, name)))
    }),
    ("earlier", |page, values| {
        helper::earlier(&page.words, first(values)?, markdown::inline, false)
    }),
    ("earlier_dated", |page, values| {
        helper::earlier(&page.words, first(values)?, markdown::inline, true)
    }),
    ("change", |page, values| change(page, first(values)?)),
    ("type", |page, values| field_type(page, first(values)?)),
    ("commas", |page, values| Ok(list(page, filled(values).into_iter()))),
    ("lines", |_, values| Ok(filled(values).join("<br>"))),
    ("only", |_, values| match first(values)? {
        Value::Null | Value::Bool(false) => Ok(String::new()),
        Value::Array(items) if items.is_empty() => Ok(String::new()),
        _ => text_at(values, 1).map(str::to_owned),
    }),
    ("times", |page, values| match first(values)? {
        Value::Null => Ok(String::new()),
        Value::Number(one) if one.as_u64() == Some(1) => word(page, "at_most_once", &[]),
        number => word(page, "at_most_times", &[number.to_string()]),
    }),
];

/// `{{t "key" argument …}}`: arguments are Markdown already.
fn phrase(page: &Page, values: &[&Value]) -> Result<String, String> {
    let key = text_at(values, 0)?;
    word(page, key, &arguments(values.get(1..).unwrap_or(&[])))
}

/// `{{t_of "outcome_" outcome}}`: the word for one of several values; nothing for none.
fn phrase_of(page: &Page, values: &[&Value]) -> Result<String, String> {
    match values.get(1) {
        Some(Value::Null) => Ok(String::new()),
        Some(Value::Number(number)) => word(page, &format!("{}{number}", text_at(values, 0)?), &[]),
        _ => word(page, &format!("{}{}", text_at(values, 0)?, text_at(values, 1)?), &[]),
    }
}

/// `{{md text level [term]}}`: headings in the text go under one of that level; the term that the
/// text explains does not lead to itself.
fn embedded(page: &Page, values: &[&Value]) -> Result<String, String> {
    let under = values.get(1).and_then(|level| level.as_u64()).ok_or("`md` takes a level")?;
    let except = if values.len() > 2 { Some(text_at(values, 2)?) } else { None };
    let place = |name: &str| address(&page.base, "term", name);
    let mut linker = Linker::new(&page.terms, &place, except);
    let under = usize::try_from(under).unwrap_or(1);
    Ok(markdown::embed_with(first_text(values)?, under, &mut linker))
}

/// A text on one line, its words of the glossary led to their meaning.
fn line(page: &Page, text: &str) -> String {
    line_but(page, text, None)
}

/// The same, but for the term that it explains.
fn line_but(page: &Page, text: &str, except: Option<&str>) -> String {
    let place = |name: &str| address(&page.base, "term", name);
    markdown::line(text, &mut Linker::new(&page.terms, &place, except))
}

fn word(page: &Page, key: &str, arguments: &[String]) -> Result<String, String> {
    page.words
        .get(key, arguments)
        .ok_or_else(|| format!("there is no phrase `{key}` with {} places", arguments.len()))
}

/// The address of something, from a page that reaches the top of the handbook by `base`.
pub(super) fn address(base: &str, kind: &str, name: &str) -> String {
    match place(kind, name) {
        (file, _) if file.is_empty() => format!("{base}README.md"),
        (file, None) => format!("{base}{file}.md"),
        (file, Some(id)) => format!("{base}{file}.md#{id}"),
    }
}

fn link(page: &Page, value: &Value) -> Result<String, String> {
    if value.is_null() {
        return Ok(String::new());
    }
    let (kind, name, title) = reference(value)?;
    Ok(format!("[{}]({})", markdown::inline(title), address(&page.base, kind, name)))
}

/// A sentence in which the title of what has changed leads to it.
fn change(page: &Page, value: &Value) -> Result<String, String> {
    let told = helper::told(value, markdown::inline, markdown::code)?;
    let title = match told.place {
        Some((kind, name, _)) => format!("[{}]({})", told.title, address(&page.base, kind, name)),
        None => told.title,
    };
    let reason = told.reason.map_or_else(String::new, |reason| format!("<br>{reason}"));
    Ok(format!("{}{title}{}{reason}", told.before, told.after))
}

fn field_type(page: &Page, value: &Value) -> Result<String, String> {
    let part = |key: &str| value.get(key).unwrap_or(&Value::Null);
    let kind = part("kind").as_str().ok_or("a type has a kind")?;
    let options = texts(&[part("options")])?;
    let options = items(page, &options)?;
    let mut parts = vec![match (kind, part("currency").as_str()) {
        ("one_of" | "many_of", _) => word(page, &format!("type_{kind}"), &[options])?,
        ("money", Some(currency)) => word(page, "type_currency", &[markdown::inline(currency)])?,
        _ => word(page, &format!("type_{kind}"), &[])?,
    }];
    for (key, name) in [("at_least", "type_at_least"), ("at_most", "type_at_most")] {
        if let Some(bound) = part(key).as_str() {
            parts.push(word(page, name, &[markdown::inline(bound)])?);
        }
    }
    for (key, name) in [("required", "type_required"), ("unique", "type_unique")] {
        if part(key).as_bool() == Some(true) {
            parts.push(word(page, name, &[])?);
        }
    }
    // Options are joined by commas already.
    Ok(parts.join(&word(page, "strong_separator", &[])?))
}

/// A list of texts. One that holds a comma itself is put in quotes.
fn items(page: &Page, items: &[&str]) -> Result<String, String> {
    let written: Result<Vec<String>, String> = items
        .iter()
        .map(|item| {
            let text = markdown::with_links(item);
            match items.len() > 1 && item.contains([',', '、', '，']) {
                true => word(page, "quoted", &[text]),
                false => Ok(text),
            }
        })
        .collect();
    Ok(list(page, written?.into_iter()))
}

fn list(page: &Page, items: impl Iterator<Item = String>) -> String {
    let separator = page.words.get("list_separator", &[]).unwrap_or_default();
    items.collect::<Vec<_>>().join(&separator)
}
