//! The search index: a script, for a page that is opened from a folder may load scripts but no data.

use serde::Serialize;

use super::places::Places;
use crate::emit::Artifact;
use crate::emit::handbook::Words;
use crate::emit::handbook::prose::plain;
use crate::emit::view::View;

/// How many characters of a text can be found.
const MAX_TEXT: usize = 240;

/// What can be found: what it is, its title, where it stands, what it says.
#[derive(Serialize)]
struct Entry<'v>(&'v str, &'v str, String, String);

/// The index of everything in the language of the view.
pub(super) fn index(view: &View<'_>, words: &Words, pages: &[(String, String)]) -> Artifact {
    let places = Places::pages("");
    let word = |key: &str| words.get(key, &[]).unwrap_or_default();
    let [stage, team, role, record, field, goal, score, term, play, handoff, page] = [
        "stage", "team", "role", "record", "field", "goal", "score", "term", "play", "handoff",
        "page",
    ]
    .map(word);
    let mut entries = Vec::new();
    let mut add = |kind: &'_ String, key: &str, name: &str, title: &str, texts: &[&str]| {
        let text: String = texts.join(" ").chars().take(MAX_TEXT).collect();
        entries.push((kind.clone(), title.to_owned(), places.address(key, name), text));
    };
    let said = |text: Option<&str>| text.map_or_else(String::new, plain);
    for it in &view.stages {
        let criteria: Vec<&str> = it.enter.iter().chain(&it.exit).map(|c| c.title).collect();
        let (purpose, next, criteria) = (said(it.purpose), said(it.next), criteria.join(" "));
        add(&stage, "stage", it.name, it.title, &[&purpose, &criteria, &next]);
    }
    for it in &view.teams {
        add(&team, "team", it.name, it.title, &[&said(it.mission)]);
    }
    for it in &view.roles {
        add(&role, "role", it.name, it.title, &[it.team.title]);
    }
    for it in &view.records {
        add(&record, "record", it.name, it.title, &[&said(it.about)]);
        for of in &it.fields {
            add(
                &field,
                "field",
                &of.field.name,
                of.field.title,
                &[it.title, of.help.unwrap_or("")],
            );
        }
    }
    for it in &view.goals {
        add(
            &goal,
            "goal",
            it.name,
            it.title,
            &[it.measure.as_deref().unwrap_or(""), &said(it.why)],
        );
    }
    for it in &view.handoffs {
        add(&handoff, "handoff", it.key, &it.heading, &[]);
    }
    for it in &view.scores {
        add(&score, "score", it.name, it.title, &[&said(it.about)]);
    }
    for it in &view.terms {
        add(&term, "term", it.name, it.title, &[&it.also.join(" "), &said(it.means)]);
    }
    for it in &view.plays {
        add(&play, "play", it.name, it.title, &[&said(it.about)]);
    }
    let pages = pages.iter().map(|(title, file)| Entry(&page, title, file.clone(), String::new()));
    let entries = entries
        .iter()
        .map(|(kind, title, href, text)| Entry(kind, title, href.clone(), text.clone()));
    let all: Vec<Entry<'_>> = pages.chain(entries).collect();
    let json = serde_json::to_string(&all).unwrap_or_else(|_| "[]".to_owned());
    // These two end a line in older readings of JavaScript.
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    Artifact::text(format!("{}/search.js", view.language), format!("window.ekidenIndex={json};\n"))
}
