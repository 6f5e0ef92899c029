//! Writes pages: what a page says, in the frame that all have.

use std::sync::Arc;

use serde::Serialize;

use super::helpers::{self, Colours, Shared};
use super::html::escape;
use super::places::Places;
use super::words_of;
use crate::emit::Artifact;
use crate::emit::handbook::{Medium, Terms, Words};
use crate::emit::template::user::Sources;
use crate::emit::template::{Escape, TemplateFault, Templates};

/// The templates by name.
pub(in crate::emit) const SOURCES: &[(&str, &str)] = &[
    ("layout", include_str!("templates/layout.hbs")),
    ("root", include_str!("templates/root.hbs")),
    ("home", include_str!("templates/home.hbs")),
    ("changed", include_str!("templates/changed.hbs")),
    ("map", include_str!("templates/map.hbs")),
    ("stages", include_str!("templates/stages.hbs")),
    ("stage", include_str!("templates/stage.hbs")),
    ("team", include_str!("templates/team.hbs")),
    ("role", include_str!("templates/role.hbs")),
    ("card", include_str!("templates/card.hbs")),
    ("quiz", include_str!("templates/quiz.hbs")),
    ("handoffs", include_str!("templates/handoffs.hbs")),
    ("goals", include_str!("templates/goals.hbs")),
    ("silos", include_str!("templates/silos.hbs")),
    ("raci", include_str!("templates/raci.hbs")),
    ("records", include_str!("templates/records.hbs")),
    ("scores", include_str!("templates/scores.hbs")),
    ("routes", include_str!("templates/routes.hbs")),
    ("plays", include_str!("templates/plays.hbs")),
    ("glossary", include_str!("templates/glossary.hbs")),
    ("calendar", include_str!("templates/calendar.hbs")),
    ("print", include_str!("templates/print.hbs")),
    ("any_open", include_str!("templates/any_open.hbs")),
    ("find_role", include_str!("templates/find_role.hbs")),
    ("changed_mark", include_str!("templates/changed_mark.hbs")),
    ("changes_list", include_str!("templates/changes_list.hbs")),
    ("criteria", include_str!("templates/criteria.hbs")),
    ("day", include_str!("templates/day.hbs")),
    ("feedback_part", include_str!("templates/feedback_part.hbs")),
    ("goals_table", include_str!("templates/goals_table.hbs")),
    ("handoff_ends", include_str!("templates/handoff_ends.hbs")),
    ("handoff_table", include_str!("templates/handoff_table.hbs")),
    ("kept_in", include_str!("templates/kept_in.hbs")),
    ("plays_list", include_str!("templates/plays_list.hbs")),
    ("stage_table", include_str!("templates/stage_table.hbs")),
    ("target", include_str!("templates/target.hbs")),
];

/// What the template of a page is given.
#[derive(Serialize)]
struct Content<T> {
    /// It is a part of the one page that is printed.
    print: bool,
    it: T,
}

/// The frame of a page.
#[derive(Serialize)]
struct Frame<'f> {
    lang: &'f str,
    title: String,
    process: &'f str,
    kind: &'f str,
    base: &'f str,
    root: String,
    languages: Vec<LanguageLink<'f>>,
    nav: &'f [Group],
    body: String,
}

#[derive(Serialize)]
struct LanguageLink<'f> {
    tag: &'f str,
    name: String,
    href: String,
    current: bool,
}

/// A part of the navigation.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Group {
    pub(super) title: Option<String>,
    pub(super) items: Vec<Item>,
}

/// An entry of the navigation.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item {
    pub(super) title: String,
    /// The file in the folder of the language, then the address from the page.
    pub(super) href: String,
    pub(super) class: Option<String>,
    pub(super) inner: bool,
    pub(super) current: bool,
}

/// What all pages of a language have in common.
pub(super) struct Common<'c> {
    pub(super) language: &'c str,
    pub(super) process: &'c str,
    pub(super) tags: &'c [String],
    pub(super) terms: Arc<Terms>,
    pub(super) colours: Arc<Colours>,
    pub(super) nav: Vec<Group>,
    pub(super) templates: &'c Sources<'c>,
}

/// Writes the pages of one folder depth, or the parts of the one page that is printed.
pub(super) struct Writer<'c> {
    pub(super) common: &'c Common<'c>,
    pub(super) places: Places,
    pub(super) words: Words,
    templates: Templates,
}

impl<'c> Writer<'c> {
    pub(super) fn new(common: &'c Common<'c>, places: Places) -> Result<Self, TemplateFault> {
        let mut templates = Templates::new(Escape::With(escape), common.templates)?;
        let shared = Shared {
            words: words_of(common.language),
            terms: common.terms.clone(),
            colours: common.colours.clone(),
            places,
        };
        helpers::add(&mut templates, shared);
        Ok(Self { common, places, words: words_of(common.language), templates })
    }

    /// A word of the handbook.
    pub(super) fn word(&self, key: &str) -> String {
        self.words.get(key, &[]).unwrap_or_default()
    }

    /// What a page says. On the page that is printed its headings stand one level lower.
    pub(super) fn body(&self, template: &str, it: impl Serialize) -> Result<String, TemplateFault> {
        let print = self.places.is_book();
        let body = self.templates.render(template, &Content { print, it })?;
        Ok(if print { lowered(&body) } else { tidy(&body) })
    }

    /// A whole page. `title` is what it is about; none for the first page.
    pub(super) fn page(
        &self,
        template: &str,
        file: &str,
        title: Option<&str>,
        it: impl Serialize,
    ) -> Result<Artifact, TemplateFault> {
        let body = self.body(template, it)?;
        self.framed(template, file, title, body)
    }

    /// A page with this in its frame.
    pub(super) fn framed(
        &self,
        kind: &str,
        file: &str,
        title: Option<&str>,
        body: String,
    ) -> Result<Artifact, TemplateFault> {
        let Common { language, process, tags, nav, .. } = self.common;
        let (base, root) = (self.places.base(), format!("{}../", self.places.base()));
        let languages = tags.iter().filter(|_| tags.len() > 1).map(|tag| LanguageLink {
            tag,
            name: Words::language_name(tag),
            href: format!("{root}{tag}/{file}"),
            current: tag == language,
        });
        let here = |group: &Group| Group {
            title: group.title.clone(),
            items: group
                .items
                .iter()
                .map(|item| Item {
                    current: item.href == file,
                    href: format!("{base}{}", item.href),
                    ..item.clone()
                })
                .collect(),
        };
        let nav: Vec<Group> = nav.iter().map(here).collect();
        let frame = Frame {
            lang: language,
            title: title
                .map_or_else(|| (*process).to_owned(), |title| format!("{title} · {process}")),
            process,
            kind,
            base,
            languages: languages.collect(),
            root,
            nav: &nav,
            body,
        };
        let text = tidy(&self.templates.render("layout", &frame)?);
        Ok(Artifact::text(format!("{language}/{file}"), text))
    }
}

impl Medium for Writer<'_> {
    fn words(&self) -> &Words {
        &self.words
    }

    fn address(&self, kind: &str, name: &str) -> String {
        self.places.address(kind, name)
    }

    fn section(&self, stage: &str, id: &str) -> String {
        format!("{}#{id}", self.places.address("stage", stage))
    }

    fn page(&self, file: &str) -> Option<String> {
        Some(self.places.page(file))
    }

    fn escape(&self, text: &str) -> String {
        escape(text)
    }

    fn title(&self, text: &str) -> String {
        format!("<strong>{}</strong>", escape(text))
    }

    fn link(&self, finished: &str, address: &str) -> String {
        format!("<a href=\"{}\">{finished}</a>", escape(address))
    }
}

/// The page that leads to the site in each language.
pub(super) fn root(it: impl Serialize, templates: &Sources<'_>) -> Result<Artifact, TemplateFault> {
    let templates = Templates::new(Escape::With(escape), templates)?;
    Ok(Artifact::text("index.html", tidy(&templates.render("root", &it)?)))
}

/// Headings one level lower. Texts are escaped, so these signs are headings only.
fn lowered(body: &str) -> String {
    let mut body = body.to_owned();
    for level in (1..6).rev() {
        let next = level + 1;
        body = body.replace(&format!("<h{level}>"), &format!("<h{next}>"));
        body = body.replace(&format!("</h{level}>"), &format!("</h{next}>"));
    }
    tidy(&body)
}

/// No empty lines, but in code, where `<pre>` holds them.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    for line in text.lines() {
        if !line.trim().is_empty() || code {
            out.push_str(line);
            out.push('\n');
        }
        code = match (line.rfind("<pre"), line.rfind("</pre>")) {
            (Some(open), Some(close)) => open > close,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => code,
        };
    }
    out
}
