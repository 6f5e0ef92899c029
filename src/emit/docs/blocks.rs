//! Parts of the handbook for Markdown files of others: without title and ways to other pages, with
//! headings that fit under those around them.

use serde::Serialize;

use super::pages::{Exchange, Fence, Writer, boundaries, exchange, overview};
use crate::emit::template::TemplateFault;
use crate::emit::template::user::{Sources, UserTemplates};
use crate::emit::view::{Facts, SiloReport, View, build, silo_report};
use crate::model::Process;
use crate::report::silos::{Silos, silos};

/// The deepest heading Markdown has.
const MAX_HEADING: usize = 6;

/// What a block can show whole.
pub(crate) const WHOLE: &[&str] = &[
    "map", "stages", "handoffs", "silos", "goals", "plays", "records", "scores", "routes",
    "glossary", "calendar",
];

/// What a block can show by name.
pub(crate) const BY_NAME: &[&str] =
    &["stage", "team", "role", "handoff", "goal", "play", "record", "score", "route", "term"];

/// A process, ready to be told in any language.
pub(crate) struct Handbook<'a> {
    process: &'a Process,
    facts: Facts,
    silos: Silos,
    templates: &'a UserTemplates,
}

impl<'a> Handbook<'a> {
    /// The handbook of a process without errors, by the templates of its project.
    pub(crate) fn new(process: &'a Process, templates: &'a UserTemplates) -> Self {
        Self { process, facts: Facts::of(process), silos: silos(process), templates }
    }

    /// The handbook in a language.
    pub(crate) fn volume<'v>(&'v self, language: &'v str) -> Volume<'v> {
        let view = build(self.process, &self.facts, language);
        let report = silo_report(self.process, &self.facts, &self.silos, language);
        let sources = self.templates.sources("docs", super::SOURCES);
        Volume { process: self.process, facts: &self.facts, view, report, sources }
    }
}

/// The handbook in one language.
pub(crate) struct Volume<'v> {
    process: &'v Process,
    facts: &'v Facts,
    view: View<'v>,
    report: SiloReport<'v>,
    sources: Sources<'v>,
}

impl Volume<'_> {
    /// The names of everything of a kind, in the order of the handbook.
    pub(crate) fn names(&self, kind: &str) -> Vec<&str> {
        let view = &self.view;
        match kind {
            "stage" => view.stages.iter().map(|stage| stage.name).collect(),
            "team" => view.teams.iter().map(|team| team.name).collect(),
            "role" => view.roles.iter().map(|role| role.name).collect(),
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
        let writer = Writer::new(view, &[], base, &self.sources)?;
        let Some(name) = name else { return self.whole(&writer, kind, under) };
        let page = |template: &str, it: Option<&dyn erased::Item>| match it {
            Some(it) => Ok(below(&it.page(&writer, template)?, 1, under)),
            None => Ok(String::new()),
        };
        let part = |template: &str, it: Option<&dyn erased::Item>| match it {
            Some(it) => Ok(below(&it.list(&writer, template)?, 2, under)),
            None => Ok(String::new()),
        };
        match kind {
            "stage" => page("stage", find(&view.stages, |stage| stage.name == name)),
            "team" => page("team", find(&view.teams, |team| team.name == name)),
            "role" => page("role", find(&view.roles, |role| role.name == name)),
            "goal" => part("goals", find(&view.goals, |goal| goal.name == name)),
            "play" => part("plays", find(&view.plays, |play| play.name == name)),
            "record" => part("records", find(&view.records, |record| record.name == name)),
            "score" => part("scores", find(&view.scores, |score| score.name == name)),
            "route" => part("routes", find(&view.routes, |route| route.stage.name == name)),
            "term" => part("glossary", find(&view.terms, |term| term.name == name)),
            "handoff" => {
                let one = view.handoffs.iter().find(|handoff| handoff.key == name);
                let handoffs = one.map_or(&[][..], std::slice::from_ref);
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
        let page = |template: &str, there: bool, it: &dyn erased::Item| match there {
            true => Ok(below(&it.page(writer, template)?, 1, under)),
            false => Ok(String::new()),
        };
        match kind {
            "map" => writer.part("map", overview()),
            "stages" => match view.stages.is_empty() {
                true => Ok(String::new()),
                false => writer.part("all_stages", overview()),
            },
            "handoffs" => {
                let there = !view.handoffs.is_empty() || !view.feedback.is_empty();
                page("handoffs", there, &exchange(view))
            }
            "silos" => {
                let it = boundaries(self.process, self.facts, view, &self.report);
                page("silos", !self.report.boundaries.is_empty(), &it)
            }
            "goals" => page("goals", !view.goals.is_empty(), &view.goals),
            "plays" => page("plays", !view.plays.is_empty(), &view.plays),
            "records" => page("records", !view.records.is_empty(), &view.records),
            "scores" => page("scores", !view.scores.is_empty(), &view.scores),
            "routes" => page("routes", !view.routes.is_empty(), &view.routes),
            "glossary" => page("glossary", !view.terms.is_empty(), &view.terms),
            "calendar" => page("calendar", true, &view.calendar),
            _ => Ok(String::new()),
        }
    }
}

fn find<T: Serialize>(items: &[T], is_it: impl Fn(&T) -> bool) -> Option<&dyn erased::Item> {
    items.iter().find(|item| is_it(item)).map(|item| item as &dyn erased::Item)
}

/// Things of several types that pages are about.
mod erased {
    use super::{Serialize, TemplateFault, Writer};

    pub(super) trait Item {
        /// The page about it.
        fn page(&self, writer: &Writer<'_>, template: &str) -> Result<String, TemplateFault>;
        /// The page of many, with it alone.
        fn list(&self, writer: &Writer<'_>, template: &str) -> Result<String, TemplateFault>;
    }

    impl<T: Serialize> Item for T {
        fn page(&self, writer: &Writer<'_>, template: &str) -> Result<String, TemplateFault> {
            writer.bare_page(template, self)
        }

        fn list(&self, writer: &Writer<'_>, template: &str) -> Result<String, TemplateFault> {
            writer.bare_page(template, [self])
        }
    }
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
