//! The pages of the handbook.

use std::sync::Arc;

use serde::Serialize;

use super::helpers;
use super::markdown;
use super::writer::{Beyond, Page, Writer, tidy};
use crate::diff::render::markdown::pictures;
use crate::emit::diagram;
use crate::emit::handbook::quiz::{self, QuizPage, Quizzes};
use crate::emit::handbook::{
    Held, Kept, Playbook, RecordShown, Terms, Words, duties, file_stem, marked,
};
use crate::emit::template::user::Sources;
use crate::emit::template::{Escape, TemplateFault, Templates};
use crate::emit::view::{
    ChangesView, Facts, OwnerView, Ref, RoleView, SiloReport, StageView, View, changes,
};
use crate::emit::{Artifact, Since};
use crate::model::{Id, Process};

/// The most boxes of a diagram on a page.
const MAX_NODES: usize = 60;

/// The most lines of a diagram on a page; Mermaid draws 500 arrows at most.
const MAX_LINES: usize = 450;

/// The most bytes of a diagram on a page; Mermaid reads 50 000 characters at most.
const MAX_BYTES: usize = 45_000;

/// The templates by name.
pub(in crate::emit) const SOURCES: &[(&str, &str)] = &[
    ("readme", include_str!("templates/readme.hbs")),
    ("changed", include_str!("templates/changed.hbs")),
    ("stage", include_str!("templates/stage.hbs")),
    ("team", include_str!("templates/team.hbs")),
    ("role", include_str!("templates/role.hbs")),
    ("card", include_str!("templates/card.hbs")),
    ("quiz", include_str!("templates/quiz.hbs")),
    ("handoffs", include_str!("templates/handoffs.hbs")),
    ("silos", include_str!("templates/silos.hbs")),
    ("goals", include_str!("templates/goals.hbs")),
    ("raci", include_str!("templates/raci.hbs")),
    ("records", include_str!("templates/records.hbs")),
    ("scores", include_str!("templates/scores.hbs")),
    ("routes", include_str!("templates/routes.hbs")),
    ("glossary", include_str!("templates/glossary.hbs")),
    ("calendar", include_str!("templates/calendar.hbs")),
    ("plays", include_str!("templates/plays.hbs")),
    ("languages", include_str!("templates/languages.hbs")),
    ("all_stages", include_str!("templates/all_stages.hbs")),
    ("any_open", include_str!("templates/any_open.hbs")),
    ("any_open_text", include_str!("templates/any_open_text.hbs")),
    ("changed_link", include_str!("templates/changed_link.hbs")),
    ("changed_mark", include_str!("templates/changed_mark.hbs")),
    ("criteria", include_str!("templates/criteria.hbs")),
    ("day", include_str!("templates/day.hbs")),
    ("feedback_part", include_str!("templates/feedback_part.hbs")),
    ("goals_table", include_str!("templates/goals_table.hbs")),
    ("handoff_ends", include_str!("templates/handoff_ends.hbs")),
    ("kept_in", include_str!("templates/kept_in.hbs")),
    ("map", include_str!("templates/map.hbs")),
    ("plays_list", include_str!("templates/plays_list.hbs")),
    ("stage_table", include_str!("templates/stage_table.hbs")),
    ("target", include_str!("templates/target.hbs")),
];

/// What the first page shows.
#[derive(Serialize)]
pub(super) struct Overview<'v, 'a> {
    process: &'v crate::emit::view::ProcessView<'a>,
    teams: Vec<OverviewTeam<'v, 'a>>,
    stages: Vec<OverviewStage<'v, 'a>>,
    map: Option<String>,
    map_of_teams: bool,
    map_file: Option<&'static str>,
    has_handoffs: bool,
    has_boundaries: bool,
    /// The points of all boundaries together, of 100.
    silo_number: Option<u32>,
    has_owners: bool,
    has_goals: bool,
    has_plays: bool,
    has_records: bool,
    has_scores: bool,
    has_routes: bool,
    has_terms: bool,
    changes: Option<&'v ChangesView<'a>>,
}

/// What has changed, and the map before and after.
#[derive(Serialize)]
struct Changed<'v, 'a> {
    changes: &'v ChangesView<'a>,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
struct OverviewTeam<'v, 'a> {
    team: Ref<'a>,
    roles: Vec<&'v Ref<'a>>,
    mission: Option<&'a str>,
}

#[derive(Serialize)]
struct OverviewStage<'v, 'a> {
    stage: Ref<'a>,
    record: &'v Ref<'a>,
    owner: Option<&'v Ref<'a>>,
    limit: Option<&'v str>,
    is_entry: bool,
    outcome: Option<&'static str>,
    draft: bool,
}

/// Handoffs and feedback stand on one page.
#[derive(Serialize)]
pub(super) struct Exchange<'v, 'a> {
    pub(super) handoffs: &'v [crate::emit::view::HandoffView<'a>],
    pub(super) feedback: &'v [crate::emit::view::FeedbackView<'a>],
    pub(super) in_business_time: bool,
}

/// The silo report.
#[derive(Serialize)]
pub(super) struct Boundaries<'v, 'a> {
    report: &'v SiloReport<'a>,
    has_gaps: bool,
    map: Option<String>,
}

/// A role, and what its playbook says beyond it.
#[derive(Serialize)]
pub(super) struct RolePage<'v, 'a> {
    #[serde(flatten)]
    role: &'v RoleView<'a>,
    #[serde(flatten)]
    playbook: Playbook<'v, 'a>,
}

impl<'v, 'a> RolePage<'v, 'a> {
    /// What the pages of a role show; `quizzes` tell whether one of them is its quiz.
    pub(super) fn of(
        view: &'v View<'a>,
        role: &'v RoleView<'a>,
        quizzes: &Quizzes,
        writer: &Writer<'_>,
    ) -> Self {
        Self { role, playbook: Playbook::of(view, role, quizzes.has(role.name), writer) }
    }
}

/// A list of languages to choose from.
#[derive(Serialize)]
struct Languages<'v> {
    title: &'v str,
    languages: Vec<LanguageEntry<'v>>,
}

#[derive(Serialize)]
struct LanguageEntry<'v> {
    tag: &'v str,
    name: String,
    title: &'v str,
}

/// The page that leads to the handbook in each language.
pub(super) fn index(
    tags: &[String],
    titles: &[&str],
    sources: &Sources<'_>,
) -> Result<Artifact, TemplateFault> {
    let mut templates = Templates::new(Escape::With(markdown::escape), sources)?;
    helpers::add(&mut templates, "en", "", Arc::new(Terms::default()));
    let entries = tags.iter().zip(titles).map(|(tag, title)| LanguageEntry {
        tag,
        name: Words::language_name(tag),
        title,
    });
    let it =
        Languages { title: titles.first().copied().unwrap_or(""), languages: entries.collect() };
    let text = templates
        .render("languages", &Page { nav: String::new(), beyond: Beyond::default(), it })?;
    Ok(Artifact::text("README.md", tidy(&text)))
}

/// What the pages of one language are made of.
pub(super) struct Book<'a> {
    pub(super) process: &'a Process,
    pub(super) facts: &'a Facts,
    pub(super) view: &'a View<'a>,
    pub(super) silos: &'a SiloReport<'a>,
    pub(super) quizzes: &'a Quizzes,
    /// The earlier version, if one is given.
    pub(super) since: Option<&'a Since<'a>>,
    /// What systems hold people to, if any are built.
    pub(super) held: Option<&'a Held>,
    /// Where fields are kept.
    pub(super) kept: &'a Kept,
    /// All languages.
    pub(super) tags: &'a [String],
    pub(super) sources: &'a Sources<'a>,
}

/// All pages in the language of the view. They stand in a folder of that language, also when it is
/// the only one: a second one moves no page.
pub(super) fn write(book: &Book<'_>) -> Result<Vec<Artifact>, TemplateFault> {
    let Book { process, facts, view, silos, quizzes, since, held, kept, tags, sources } = *book;
    let terms = Arc::new(Terms::of(&view.terms));
    let top = Writer::new(view, tags, "", &terms, sources)?;
    let inner = Writer::new(view, tags, "../", &terms, sources)?;
    let changes = since.map(|since| changes(since, view.language));
    let changes = changes.as_ref();
    let it = Overview { changes, ..overview(process, facts, view, silos) };
    let mut pages = vec![top.page("readme", "README.md", it)?];
    if let (Some(since), Some(changes)) = (since, changes) {
        let drawn = pictures(since.difference, view.language);
        let drawn = drawn.filter(|drawn| drawn.iter().all(|map| fits(map)));
        let [before, after] =
            drawn.map_or([None, None], |drawn| drawn.map(|map| Some(fenced(&map))));
        pages.push(top.page("changed", "CHANGED.md", Changed { changes, before, after })?);
    }
    // The whole map has a file of its own, when it is too large for the first page.
    let map = diagram::mermaid(process, view.language);
    if !fits(&map) {
        pages.push(Artifact::text(top.path(MAP_FILE), map));
    }
    let beyond = |kind: &str, name: &str| Beyond {
        changed: changes.and_then(|changes| changes.mark(kind, name)),
        held: None,
    };
    pages.extend(inner.each("stage", "stages", &view.stages, |stage| {
        let id = process.stage_named(stage.name);
        let held = held.zip(id).and_then(|(held, id)| held.stage(process, view, id));
        (stage.name, Beyond { held, ..beyond("stage", stage.name) })
    })?);
    let teams =
        inner.each("team", "teams", &view.teams, |team| (team.name, beyond("team", team.name)))?;
    pages.extend(teams);
    let roles: Vec<RolePage<'_, '_>> =
        view.roles.iter().map(|role| RolePage::of(view, role, quizzes, &inner)).collect();
    pages.extend(
        inner.each("role", "roles", &roles, |page| {
            (page.role.name, beyond("role", page.role.name))
        })?,
    );
    pages.extend(inner.each("card", "cards", &roles, |page| (page.role.name, Beyond::default()))?);
    for role in &view.roles {
        pages.extend(quiz_of(book, role, &inner)?);
    }
    if !view.handoffs.is_empty() || !view.feedback.is_empty() {
        pages.push(top.page("handoffs", "handoffs.md", exchange(view))?);
    }
    if !silos.boundaries.is_empty() {
        pages.push(top.page("silos", "silos.md", boundaries(process, facts, view, silos))?);
    }
    let goals = marked("goal", &view.goals, |goal| goal.name, changes);
    pages.extend(top.list("goals", &goals)?);
    let plays = marked("play", &view.plays, |play| play.name, changes);
    pages.extend(top.list("plays", &plays)?);
    if has_owners(view) {
        pages.extend(top.list("raci", &duties(facts, view))?);
    }
    let records = RecordShown::all(process, view, kept, changes);
    pages.extend(top.list("records", &records)?);
    let scores = marked("score", &view.scores, |score| score.name, changes);
    pages.extend(top.list("scores", &scores)?);
    let routes = marked("route", &view.routes, |route| &route.stage.name, changes);
    pages.extend(top.list("routes", &routes)?);
    let terms = marked("term", &view.terms, |term| term.name, changes);
    pages.extend(top.list("glossary", &terms)?);
    pages.push(top.page("calendar", "calendar.md", &view.calendar)?);
    Ok(pages)
}

/// The quiz of a role, and the same as flash cards, unless there is nothing to ask.
fn quiz_of(
    book: &Book<'_>,
    role: &RoleView<'_>,
    writer: &Writer<'_>,
) -> Result<Vec<Artifact>, TemplateFault> {
    let Book { process, facts, quizzes, view, .. } = *book;
    let questions = quizzes.tell(process, facts, role.name, view.language, writer);
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let stem = file_stem(role.name);
    let it = QuizPage { role, csv: format!("{stem}.csv"), questions: &questions };
    let page = writer.page("quiz", &format!("quiz/{stem}.md"), it)?;
    let cards =
        Artifact::text(writer.path(&format!("quiz/{stem}.csv")), quiz::csv(&questions, writer));
    Ok(vec![page, cards])
}

/// Whether anybody does anything that a table of duties could tell.
fn has_owners(view: &View<'_>) -> bool {
    view.stages.iter().any(|stage| stage.owner.is_some())
}

/// What the page of handoffs shows.
pub(super) fn exchange<'v, 'a>(view: &'v View<'a>) -> Exchange<'v, 'a> {
    Exchange {
        handoffs: &view.handoffs,
        feedback: &view.feedback,
        in_business_time: view.stages.iter().any(|stage| stage.in_business_time),
    }
}

/// What the page of boundaries shows.
pub(super) fn boundaries<'v, 'a>(
    process: &Process,
    facts: &Facts,
    view: &View<'_>,
    silos: &'v SiloReport<'a>,
) -> Boundaries<'v, 'a> {
    let map = diagram::teams_mermaid(process, facts, view.language, false);
    Boundaries {
        report: silos,
        has_gaps: silos.boundaries.iter().any(|boundary| !boundary.gaps.is_empty()),
        map: fits(&map).then(|| fenced(&map)),
    }
}

/// What the first page shows.
pub(super) fn overview<'v, 'a>(
    process: &Process,
    facts: &Facts,
    view: &'v View<'a>,
    silos: &SiloReport<'_>,
) -> Overview<'v, 'a> {
    let stages = diagram::mermaid(process, view.language);
    let (map, map_of_teams, map_file) = match fits(&stages) {
        true => (Some(stages), false, None),
        false => {
            let teams = diagram::teams_mermaid(process, facts, view.language, false);
            (fits(&teams).then_some(teams), true, Some(MAP_FILE))
        }
    };
    let map = map.filter(|_| !view.stages.is_empty());
    Overview {
        process: &view.process,
        teams: view
            .teams
            .iter()
            .map(|team| OverviewTeam {
                team: Ref { kind: "team", name: team.name.to_owned(), title: team.title },
                roles: team.roles.iter().map(|role| &role.role).collect(),
                mission: team.mission,
            })
            .collect(),
        stages: facts
            .order
            .iter()
            .filter_map(|stage| view.stages.get(stage.index()))
            .map(overview_stage)
            .collect(),
        map: map.map(|map| fenced(&map)),
        map_of_teams,
        map_file,
        has_handoffs: !view.handoffs.is_empty() || !view.feedback.is_empty(),
        has_boundaries: !silos.boundaries.is_empty(),
        silo_number: silos.number,
        has_owners: has_owners(view),
        has_goals: !view.goals.is_empty(),
        has_plays: !view.plays.is_empty(),
        has_records: !view.records.is_empty(),
        has_scores: !view.scores.is_empty(),
        has_routes: !view.routes.is_empty(),
        has_terms: !view.terms.is_empty(),
        changes: None,
    }
}

/// A diagram as a block of a page.
fn fenced(diagram: &str) -> String {
    format!("```mermaid\n{}\n```", diagram.trim_end())
}

const MAP_FILE: &str = "stages.mmd";

/// Whether a diagram can be shown on a page: renderers refuse larger ones, and nobody could read
/// them.
fn fits(diagram: &str) -> bool {
    let nodes = diagram.lines().filter(|line| line.contains("[\"") && !line.contains("subgraph"));
    diagram.len() <= MAX_BYTES && diagram.lines().count() <= MAX_LINES && nodes.count() <= MAX_NODES
}

fn overview_stage<'v, 'a>(stage: &'v StageView<'a>) -> OverviewStage<'v, 'a> {
    OverviewStage {
        stage: Ref { kind: "stage", name: stage.name.to_owned(), title: stage.title },
        record: &stage.record,
        owner: stage.owner.as_ref().map(|owner: &OwnerView<'a>| &owner.who),
        limit: stage.limit.as_ref().map(|limit| limit.longest.as_str()),
        is_entry: stage.is_entry,
        outcome: stage.outcome,
        draft: stage.draft,
    }
}
