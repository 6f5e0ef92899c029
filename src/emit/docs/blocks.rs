//! Parts of the handbook for Markdown files of others: without title and ways to other pages, with
//! headings that fit under those around them.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::pages::{Exchange, RolePage, boundaries, exchange, overview};
use super::writer::{Beyond, Fence, Writer};
use crate::emit::Context;
use crate::emit::handbook::quiz::{QuizPage, Quizzes, quizzes};
use crate::emit::handbook::{Held, Kept, RecordShown, Terms, duties, file_stem, marked};
use crate::emit::template::TemplateFault;
use crate::emit::template::user::{Sources, UserTemplates};
use crate::emit::view::{Facts, SiloReport, View, build, silo_report};
use crate::model::Process;
use crate::report::silos::{Silos, silos};

/// The deepest heading Markdown has.
const MAX_HEADING: usize = 6;

/// What a block can show whole.
pub(crate) const WHOLE: &[&str] = &[
    "map", "stages", "handoffs", "silos", "goals", "plays", "raci", "records", "scores", "routes",
    "glossary", "calendar",
];

/// What a block can show by name.
pub(crate) const BY_NAME: &[&str] = &[
    "stage", "team", "role", "card", "quiz", "handoff", "goal", "play", "record", "score", "route",
    "term",
];

/// A process, ready to be told in any language.
pub(crate) struct Handbook<'a> {
    process: &'a Process,
    facts: Facts,
    silos: Silos,
    held: Option<Held>,
    kept: Kept,
    /// Made when the first block asks for them: few do, and proofs take time.
    quizzes: OnceLock<Quizzes>,
    templates: &'a UserTemplates,
}

impl<'a> Handbook<'a> {
    /// The handbook of a process without errors, as the target would write it.
    pub(crate) fn new(context: &Context<'a>) -> Self {
        let Context { process, templates, .. } = *context;
        Self {
            process,
            facts: Facts::of(process),
            silos: silos(process),
            held: Held::of(context),
            kept: Kept::of(context),
            quizzes: OnceLock::new(),
            templates,
        }
    }

    /// The handbook in a language.
    pub(crate) fn volume<'v>(&'v self, language: &'v str) -> Volume<'v> {
        let view = build(self.process, &self.facts, language);
        let report = silo_report(self.process, &self.facts, &self.silos, language);
        let sources = self.templates.sources("docs", super::SOURCES);
        let Self { process, facts, held, kept, quizzes, .. } = self;
        let (held, terms) = (held.as_ref(), Arc::new(Terms::of(&view.terms)));
        Volume { process, facts, held, kept, quizzes, view, terms, report, sources }
    }
}

/// The handbook in one language.
pub(crate) struct Volume<'v> {
    process: &'v Process,
    facts: &'v Facts,
    held: Option<&'v Held>,
    kept: &'v Kept,
    quizzes: &'v OnceLock<Quizzes>,
    view: View<'v>,
    terms: Arc<Terms>,
    report: SiloReport<'v>,
    sources: Sources<'v>,
}

impl<'v> Volume<'v> {
    /// The names of everything of a kind, in the order of the handbook.
    pub(crate) fn names(&self, kind: &str) -> Vec<&str> {
        let view = &self.view;
        match kind {
            "stage" => view.stages.iter().map(|stage| stage.name).collect(),
            "team" => view.teams.iter().map(|team| team.name).collect(),
            "role" | "card" | "quiz" => view.roles.iter().map(|role| role.name).collect(),
            "handoff" => view.handoffs.iter().map(|handoff| handoff.key).collect(),
            "goal" => view.goals.iter().map(|goal| goal.name).collect(),
            "play" => view.plays.iter().map(|play| play.name).collect(),
            "record" => view.records.iter().map(|record| record.name).collect(),
            "score" => view.scores.iter().map(|score| score.name).collect(),
            "route" => view.routes.iter().map(|route| route.stage.name.as_str()).collect(),
            "term" => view.terms.iter().map(|term| term.name).collect(),
            _ => Vec::new(),
        }
    }

    /// What a block shows, with headings below one of level `under` and links to a handbook at
    /// `base`, which is empty or ends with a slash. Ends with a line break, unless the process has
    /// nothing to show. `name` is one of [`Self::names`], or `None` for a kind that is shown whole.
    pub(crate) fn block(
        &self,
        kind: &str,
        name: Option<&str>,
        base: &str,
        under: usize,
    ) -> Result<String, TemplateFault> {
        let view = &self.view;
        let writer = Writer::new(view, &[], base, &self.terms, &self.sources)?;
        let Some(name) = name else { return self.whole(&writer, kind, under) };
        let block = Block { writer: &writer, under };
        match kind {
            "stage" => {
                let stage = one(&view.stages, |stage| stage.name == name).first();
                let held = self.held.zip(self.process.stage_named(name));
                let held = held.and_then(|(held, id)| held.stage(self.process, view, id));
                block.page("stage", Beyond { held, changed: None }, stage)
            }
            "team" => {
                let team = one(&view.teams, |team| team.name == name).first();
                block.page("team", Beyond::default(), team)
            }
            "role" | "card" => {
                let role = one(&view.roles, |role| role.name == name).first();
                let page = role.map(|role| RolePage::of(view, role, self.quizzes(), &writer));
                block.page(kind, Beyond::default(), page)
            }
            "quiz" => {
                let role = one(&view.roles, |role| role.name == name).first();
                let all = self.quizzes();
                let questions = all.tell(self.process, self.facts, name, view.language, &writer);
                let role = role.filter(|_| !questions.is_empty());
                let csv = format!("{base}quiz/{}.csv", file_stem(name));
                let it = role.map(|role| QuizPage { role, csv, questions: &questions });
                block.page("quiz", Beyond::default(), it)
            }
            "goal" => block.part("goals", one(&view.goals, |goal| goal.name == name)),
            "play" => block.part("plays", one(&view.plays, |play| play.name == name)),
            "record" => {
                let mut records = self.records();
                records.retain(|shown| shown.record.name == name);
                block.list("records", 2, &records)
            }
            "score" => block.part("scores", one(&view.scores, |score| score.name == name)),
            "route" => block.part("routes", one(&view.routes, |route| route.stage.name == name)),
            "term" => block.part("glossary", one(&view.terms, |term| term.name == name)),
            "handoff" => {
                let handoffs = one(&view.handoffs, |handoff| handoff.key == name);
                let it = Exchange { handoffs, feedback: &[], ..exchange(view) };
                Ok(below(&writer.bare_page("handoffs", it)?, 2, under))
            }
            _ => Ok(String::new()),
        }
    }

    fn whole(
        &self,
        writer: &Writer<'_>,
        kind: &str,
        under: usize,
    ) -> Result<String, TemplateFault> {
        let view = &self.view;
        let overview = || overview(self.process, self.facts, view, &self.report);
        let block = Block { writer, under };
        match kind {
            "map" => writer.part("map", overview()),
            "stages" => match view.stages.is_empty() {
                true => Ok(String::new()),
                false => writer.part("all_stages", overview()),
            },
            "handoffs" => {
                let there = !view.handoffs.is_empty() || !view.feedback.is_empty();
                block.page("handoffs", Beyond::default(), there.then(|| exchange(view)))
            }
            "silos" => {
                let it = || boundaries(self.process, self.facts, view, &self.report);
                let there = !self.report.boundaries.is_empty();
                block.page("silos", Beyond::default(), there.then(it))
            }
            "goals" => block.all("goals", &view.goals),
            "plays" => block.all("plays", &view.plays),
            "raci" => block.list("raci", 1, &duties(self.facts, view)),
            "records" => block.list("records", 1, &self.records()),
            "scores" => block.all("scores", &view.scores),
            "routes" => block.all("routes", &view.routes),
            "glossary" => block.all("glossary", &view.terms),
            "calendar" => block.page("calendar", Beyond::default(), Some(&view.calendar)),
            _ => Ok(String::new()),
        }
    }

    fn quizzes(&self) -> &'v Quizzes {
        self.quizzes.get_or_init(|| quizzes(self.process, self.facts))
    }

    fn records(&self) -> Vec<RecordShown<'_, 'v>> {
        RecordShown::all(self.process, &self.view, self.kept, None)
    }
}

/// What writes a block: its pages' texts, with headings under one of level `under`.
struct Block<'b> {
    writer: &'b Writer<'b>,
    under: usize,
}

impl Block<'_> {
    /// What a page holds, if there is something.
    fn page(
        &self,
        template: &str,
        beyond: Beyond<'_>,
        it: Option<impl Serialize>,
    ) -> Result<String, TemplateFault> {
        let Some(it) = it else { return Ok(String::new()) };
        Ok(below(&self.writer.bare_full_page(template, beyond, it)?, 1, self.under))
    }

    /// All things of a kind.
    fn all<T: Serialize>(&self, template: &str, items: &[T]) -> Result<String, TemplateFault> {
        self.list(template, 1, &marked("", items, |_| "", None))
    }

    /// One thing of a kind.
    fn part<T: Serialize>(&self, template: &str, items: &[T]) -> Result<String, TemplateFault> {
        self.list(template, 2, &marked("", items, |_| "", None))
    }

    /// What a page of many things holds below its heading of level `from`.
    fn list<T: Serialize>(
        &self,
        template: &str,
        from: usize,
        items: &[T],
    ) -> Result<String, TemplateFault> {
        match items.is_empty() {
            true => Ok(String::new()),
            false => Ok(below(&self.writer.bare_page(template, items)?, from, self.under)),
        }
    }
}

/// The first of its kind that is looked for, alone.
fn one<T>(items: &[T], is_it: impl Fn(&T) -> bool) -> &[T] {
    let found = items.iter().find(|item| is_it(item));
    found.map_or(&[][..], std::slice::from_ref)
}

/// What stands under the first heading of level `from` on a page, with its headings under one of
/// level `under`. A page has its title before anything else, and a list of things one heading of
/// level 2 for each.
fn below(page: &str, from: usize, under: usize) -> String {
    let mut out = String::with_capacity(page.len());
    let mut fence = Fence::default();
    let mut begun = false;
    for line in page.lines() {
        let level = match fence.is_open() {
            true => 0,
            false => heading_level(line),
        };
        fence.pass(line);
        if !begun {
            begun = level == from;
            continue;
        }
        if out.is_empty() && line.is_empty() {
            continue;
        }
        if level > 0 {
            let level = (level.saturating_sub(from) + under.max(1)).min(MAX_HEADING);
            out.push_str(&"#".repeat(level));
            out.push_str(line.trim_start_matches('#'));
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// The level of a heading; 0 for a line that is none.
fn heading_level(line: &str) -> usize {
    let signs = line.bytes().take_while(|sign| *sign == b'#').count();
    let is_heading = (1..=MAX_HEADING).contains(&signs)
        && line.get(signs..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if is_heading { signs } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_under_those_around_them() {
        let page = "# Title\n\ntext\n\n## Part\n\n````text\n# no heading\n```\n````\n\n### Deeper\n\n###### Deepest\n\n#hash\n";
        let two = "text\n\n### Part\n\n````text\n# no heading\n```\n````\n\n#### Deeper\n\n###### Deepest\n\n#hash\n";
        assert_eq!(below(page, 1, 2), two);
        assert!(below(page, 1, 0).contains("\n## Part\n"));
        assert!(below(page, 1, 6).contains("\n###### Part\n"));
    }

    #[test]
    fn one_of_a_list_loses_the_list() {
        let page = "# Goals\n\nWhat goals are.\n\n## One <a id=\"one\"></a>\n\n- a\n\n### Why\n";
        assert_eq!(below(page, 2, 3), "- a\n\n#### Why\n");
        assert_eq!(below(page, 3, 3), "");
    }
}
