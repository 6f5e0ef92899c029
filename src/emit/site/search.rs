//! The search index: a script, for a page that is opened from a folder may load scripts but no data.

use serde::Serialize;

use super::places::Places;
use crate::emit::Artifact;
use crate::emit::handbook::prose::{one_line, whole};
use crate::emit::handbook::quiz::Quizzes;
use crate::emit::handbook::{Words, file_stem};
use crate::emit::view::{CriterionView, Ref, View};

/// How many characters of a text can be found. Of thousands of stages each reader loads all.
const MAX_TEXT: usize = 1000;

/// What can be found: what it is, its title, where it stands, what it says.
#[derive(Serialize)]
struct Entry(String, String, String, String);

/// What is found, as it is collected.
struct Index<'w> {
    words: &'w Words,
    places: Places,
    entries: Vec<Entry>,
}

impl Index<'_> {
    /// Adds something. `kind` is what it is, by the word for it.
    fn add(&mut self, kind: &str, name: &str, title: &str, texts: Vec<String>) {
        let href = self.places.address(kind, name);
        self.entry(kind, title, href, texts);
    }

    fn entry(&mut self, word: &str, title: &str, href: String, texts: Vec<String>) {
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        let text: String = one_line(&texts.join(" ")).chars().take(MAX_TEXT).collect();
        let word = self.words.get(word, &[]).unwrap_or_default();
        self.entries.push(Entry(word, title.to_owned(), href, text));
    }
}

/// The index of everything in the language of the view. `pages` are titles and files of pages that are
/// about many things.
pub(super) fn index(
    view: &View<'_>,
    words: &Words,
    quizzes: &Quizzes,
    pages: &[(String, String)],
) -> Artifact {
    let mut index = Index { words, places: Places::pages(""), entries: Vec::new() };
    for (title, file) in pages {
        index.entry("page", title, file.clone(), Vec::new());
    }
    stages(&mut index, view);
    people(&mut index, view, quizzes);
    things(&mut index, view);
    rules(&mut index, view);
    let json = serde_json::to_string(&index.entries).unwrap_or_else(|_| "[]".to_owned());
    // These two end a line in older readings of JavaScript.
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    Artifact::text(format!("{}/search.js", view.language), format!("window.ekidenIndex={json};\n"))
}

fn stages(index: &mut Index<'_>, view: &View<'_>) {
    let criterion = |it: &CriterionView<'_>| format!("{}: {}", it.title, it.sentence);
    for it in &view.stages {
        let mut texts = vec![said(it.purpose)];
        texts.extend(it.enter.iter().chain(&it.exit).map(criterion));
        texts.extend(it.moves.iter().filter_map(|way| way.title.map(str::to_owned)));
        texts.push(said(it.next));
        let lists = it.channels.iter().chain(&it.content).chain(&it.sources);
        texts.extend(lists.map(|text| (*text).to_owned()));
        index.add("stage", it.name, it.title, texts);
    }
}

fn people(index: &mut Index<'_>, view: &View<'_>, quizzes: &Quizzes) {
    for it in &view.teams {
        index.add("team", it.name, it.title, vec![said(it.mission)]);
    }
    for it in &view.roles {
        index.add("role", it.name, it.title, vec![it.team.title.to_owned()]);
        let (places, stem) = (index.places, file_stem(it.name));
        index.entry("card", it.title, places.page(&format!("cards/{stem}")), Vec::new());
        if quizzes.has(it.name) {
            index.entry("quiz", it.title, places.page(&format!("quiz/{stem}")), Vec::new());
        }
    }
}

fn things(index: &mut Index<'_>, view: &View<'_>) {
    for it in &view.records {
        index.add("record", it.name, it.title, vec![said(it.about)]);
        for of in &it.fields {
            let mut texts = vec![it.title.to_owned(), of.help.unwrap_or("").to_owned()];
            texts.extend(of.ty.options.iter().map(|option| (*option).to_owned()));
            index.add("field", &of.field.name, of.field.title, texts);
        }
    }
    for it in &view.goals {
        let texts = [it.measure.clone(), it.target.clone()].into_iter().flatten();
        index.add("goal", it.name, it.title, texts.chain([said(it.why)]).collect());
    }
    for it in &view.handoffs {
        let mut texts = titles(&it.carries);
        texts.extend(it.accept.clone());
        index.add("handoff", it.key, &it.heading, texts);
    }
    for it in &view.feedback {
        let mut texts = titles(&it.from);
        texts.extend(titles(&it.to));
        texts.push(said(it.about));
        index.add("feedback", it.name, it.title, texts);
    }
    for it in &view.terms {
        index.add("term", it.name, it.title, vec![it.also.join(" "), said(it.means)]);
    }
    for it in &view.plays {
        let when = it.when.clone().unwrap_or_default();
        index.add("play", it.name, it.title, vec![said(it.about), when, said(it.steps)]);
    }
}

fn rules(index: &mut Index<'_>, view: &View<'_>) {
    for it in &view.scores {
        let mut texts = vec![said(it.about)];
        for of in &it.points {
            texts.extend([of.title.unwrap_or("").to_owned(), of.when.clone()]);
        }
        texts.extend(it.grades.iter().map(|grade| grade.title.to_owned()));
        index.add("score", it.name, it.title, texts);
    }
    for it in &view.routes {
        let case = |case: &crate::emit::view::RouteCaseView<'_>| {
            format!("{}: {}", case.when, case.to.title)
        };
        let mut texts: Vec<String> = it.cases.iter().map(case).collect();
        texts.extend(it.otherwise.as_ref().map(|to| to.title.to_owned()));
        let href = index.places.address("route", &it.stage.name);
        index.entry("routes", it.title, href, texts);
    }
}

/// All words of Markdown.
fn said(markdown: Option<&str>) -> String {
    markdown.map_or_else(String::new, whole)
}

fn titles(refs: &[Ref<'_>]) -> Vec<String> {
    refs.iter().map(|it| it.title.to_owned()).collect()
}
