//! Writes pages: what a template is given, and what surrounds what it says.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::helpers::{self, address};
use super::markdown;
use crate::emit::Artifact;
use crate::emit::handbook::{HeldView, Medium, Terms, Words, file_stem};
use crate::emit::template::user::Sources;
use crate::emit::template::{Escape, TemplateFault, Templates};
use crate::emit::view::{ChangedView, View};

/// What a page's template is given.
#[derive(Serialize)]
pub(super) struct Page<'p, T> {
    /// Links to the start and to the same page in the other languages.
    pub(super) nav: String,
    /// What is said of it beyond the view.
    #[serde(flatten)]
    pub(super) beyond: Beyond<'p>,
    /// What the page is about.
    pub(super) it: T,
}

/// What a page says beyond the view of what it is about.
#[derive(Default, Serialize)]
pub(super) struct Beyond<'p> {
    /// What has changed since the earlier version.
    pub(super) changed: Option<&'p ChangedView<'p>>,
    /// What is enforced where.
    pub(super) held: Option<HeldView<'p, 'p>>,
}

/// Writes the pages of one folder depth.
pub(super) struct Writer<'w> {
    templates: Templates,
    words: Words,
    language: &'w str,
    title: &'w str,
    tags: &'w [String],
    base: &'w str,
}

impl<'w> Writer<'w> {
    /// For pages that reach the top of the handbook by `base`, and all of whose languages are
    /// `tags`. `terms` are the words of the view's glossary.
    pub(super) fn new(
        view: &'w View<'_>,
        tags: &'w [String],
        base: &'w str,
        terms: &Arc<Terms>,
        sources: &Sources<'_>,
    ) -> Result<Self, TemplateFault> {
        let mut templates = Templates::new(Escape::With(markdown::escape), sources)?;
        helpers::add(&mut templates, view.language, base, terms.clone());
        let (words, title) = (Words::of(view.language), view.process.title);
        Ok(Self { templates, words, language: view.language, title, tags, base })
    }

    /// The path of a file in the folder of this language.
    pub(super) fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.language)
    }

    pub(super) fn page(
        &self,
        template: &str,
        file: &str,
        it: impl Serialize,
    ) -> Result<Artifact, TemplateFault> {
        self.full_page(template, file, Beyond::default(), it)
    }

    /// A page that says more than the view of what it is about.
    pub(super) fn full_page(
        &self,
        template: &str,
        file: &str,
        beyond: Beyond<'_>,
        it: impl Serialize,
    ) -> Result<Artifact, TemplateFault> {
        let page = Page { nav: self.nav(file), beyond, it };
        let text = self.templates.render(template, &page)?;
        Ok(Artifact::text(self.path(file), tidy(&text)))
    }

    /// A page as it is without links to others of its kind.
    pub(super) fn bare_page(
        &self,
        template: &str,
        it: impl Serialize,
    ) -> Result<String, TemplateFault> {
        self.bare_full_page(template, Beyond::default(), it)
    }

    /// The same, of a page that says more than the view of what it is about.
    pub(super) fn bare_full_page(
        &self,
        template: &str,
        beyond: Beyond<'_>,
        it: impl Serialize,
    ) -> Result<String, TemplateFault> {
        let page = Page { nav: String::new(), beyond, it };
        Ok(tidy(&self.templates.render(template, &page)?))
    }

    /// A part of a page, by the name of its template.
    pub(super) fn part(&self, template: &str, it: impl Serialize) -> Result<String, TemplateFault> {
        Ok(tidy(&self.templates.render(template, &it)?))
    }

    /// A page of many things, unless there is none.
    pub(super) fn list<T: Serialize>(
        &self,
        name: &str,
        items: &[T],
    ) -> Result<Option<Artifact>, TemplateFault> {
        match items.is_empty() {
            true => Ok(None),
            false => self.page(name, &format!("{name}.md"), items).map(Some),
        }
    }

    /// A page for each thing.
    pub(super) fn each<T: Serialize + Sync>(
        &self,
        template: &str,
        folder: &str,
        items: &'w [T],
        of: impl Fn(&'w T) -> (&'w str, Beyond<'w>) + Sync,
    ) -> Result<Vec<Artifact>, TemplateFault>
    where
        Self: Sync,
    {
        let write = |item: &'w T| {
            let (name, beyond) = of(item);
            self.full_page(template, &format!("{folder}/{}.md", file_stem(name)), beyond, item)
        };
        items.par_iter().map(write).collect()
    }

    /// The way back to the first page, and across to the other languages.
    fn nav(&self, file: &str) -> String {
        let mut links = Vec::new();
        if file != "README.md" {
            links.push(format!("[{}]({}README.md)", markdown::inline(self.title), self.base));
        }
        for tag in self.tags.iter().filter(|tag| *tag != self.language) {
            let name = markdown::inline(&Words::language_name(tag));
            links.push(format!("[{name}]({}../{tag}/{file})", self.base));
        }
        links.join(" · ")
    }
}

impl Medium for Writer<'_> {
    fn words(&self) -> &Words {
        &self.words
    }

    fn address(&self, kind: &str, name: &str) -> String {
        address(self.base, kind, name)
    }

    /// The ids of headings are made from their words, by each program in its own way.
    fn section(&self, stage: &str, _: &str) -> String {
        self.address("stage", stage)
    }

    fn page(&self, file: &str) -> Option<String> {
        match file {
            "index" => Some(format!("{}README.md", self.base)),
            // The table of stages is on the first page.
            "stages" => None,
            _ => Some(format!("{}{file}.md", self.base)),
        }
    }

    fn escape(&self, text: &str) -> String {
        markdown::inline(text)
    }

    /// In quotes: marks of emphasis do not work beside every sign of every language.
    fn title(&self, text: &str) -> String {
        self.phrase("quoted", &[markdown::inline(text)])
    }

    fn question(&self, finished: String) -> String {
        // It is a heading, which ends without a full stop.
        markdown::heading_of(finished.trim_end_matches(['.', '。']))
    }

    fn link(&self, finished: &str, address: &str) -> String {
        format!("[{finished}]({address})")
    }
}

/// One empty line at most between two lines, none at the ends, no spaces at the end of a line;
/// what stands in a code fence keeps its empty lines.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence = Fence::default();
    let mut blank = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() && !fence.is_open() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push('\n');
        }
        blank = false;
        match !fence.is_open() && line.starts_with('|') {
            // An empty cell has one space like every other gap.
            true => out.push_str(&line.replace("|  |", "| |").replace("|  |", "| |")),
            false => out.push_str(line),
        }
        out.push('\n');
        fence.pass(line);
    }
    out
}

/// Whether lines stand in a code fence, of those that the handbook writes.
#[derive(Default)]
pub(super) struct Fence(Option<usize>);

impl Fence {
    /// Whether the next line stands in a fence, or ends it.
    pub(super) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Goes on behind a line.
    pub(super) fn pass(&mut self, line: &str) {
        let ticks = line.trim_start().chars().take_while(|c| *c == '`').count();
        self.0 = match self.0 {
            None if ticks >= 3 => Some(ticks),
            Some(open) if ticks >= open && line.trim_start().len() == ticks => None,
            other => other,
        };
    }
}
