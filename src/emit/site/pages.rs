//! The pages of the site.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::helpers::Colours;
use super::lives::lives;
use super::map::{self, Pen};
use super::nav::colours;
use super::places::Places;
use super::search;
use super::words_of;
use super::writer::{self, Common, Writer};
use crate::diff::render::markdown::Marks;
use crate::emit::Artifact;
use crate::emit::handbook::Medium as _;
use crate::emit::handbook::quiz::{self, QuizPage, Quizzes};
use crate::emit::handbook::{
    Held, HeldView, Kept, Marked, Playbook, Terms, Words, duties, file_stem, marked,
};
use crate::emit::template::TemplateFault;
use crate::emit::template::user::Sources;
use crate::emit::view::{
    ChangedView, ChangesView, CriterionView, Facts, FeedbackView, HandoffView, ProcessView, Ref,
    RoleView, SiloReport, StageView, TeamView, View,
};
use crate::model::{ExprKind, Id, Process, Stage, StageId};

/// What the site is made from, in one language.
pub(super) struct Site<'s, 'a> {
    pub(super) process: &'a Process,
    pub(super) facts: &'a Facts,
    pub(super) view: &'s View<'a>,
    pub(super) silos: &'s SiloReport<'a>,
    pub(super) quizzes: &'s Quizzes,
    /// What is enforced where.
    pub(super) held: Option<&'s Held>,
    /// Where fields are kept.
    pub(super) kept: &'s Kept,
    /// What has changed since an earlier version, and what the map marks of it.
    pub(super) changes: Option<(&'s ChangesView<'a>, &'s Marks)>,
    pub(super) tags: &'s [String],
    pub(super) templates: &'s Sources<'s>,
}

/// The first page.
#[derive(Serialize)]
struct Home<'v, 'a> {
    process: &'v ProcessView<'a>,
    teams: &'v [TeamView<'a>],
    silo_number: Option<u32>,
    silo_page: bool,
    goals_page: bool,
    handoffs_page: bool,
    changes: bool,
    #[serde(flatten)]
    map: Map,
}

/// A map and what its legend says.
#[derive(Default, Serialize)]
struct Map {
    map: String,
    map_of_teams: bool,
    has_way: bool,
    has_added: bool,
    has_changed: bool,
}

/// What has changed, and where on the map.
#[derive(Serialize)]
struct Changed<'v, 'a> {
    changes: &'v ChangesView<'a>,
    #[serde(flatten)]
    map: Map,
}

/// A team, and what has changed for it.
#[derive(Serialize)]
struct TeamPage<'v, 'a> {
    #[serde(flatten)]
    team: &'v TeamView<'a>,
    changed: Option<&'v ChangedView<'a>>,
}

/// The list of stages.
#[derive(Serialize)]
struct Stages<'v, 'a> {
    stages: Vec<StageRow<'v, 'a>>,
    #[serde(flatten)]
    map: Map,
}

#[derive(Serialize)]
struct StageRow<'v, 'a> {
    stage: Ref<'a>,
    record: &'v Ref<'a>,
    owner: Option<&'v Ref<'a>>,
    limit: Option<&'v str>,
    is_entry: bool,
    outcome: Option<&'static str>,
    draft: bool,
}

/// A stage, its neighbours, and who can tell whether its criteria hold.
#[derive(Serialize)]
struct StagePage<'v, 'a> {
    before: Option<Ref<'a>>,
    after: Option<Ref<'a>>,
    stage: StageShown<'v, 'a>,
    changed: Option<&'v ChangedView<'a>>,
    held: Option<HeldView<'v, 'a>>,
    colour: String,
}

/// A stage whose criteria say who can tell.
#[derive(Serialize)]
struct StageShown<'v, 'a> {
    #[serde(flatten)]
    stage: &'v StageView<'a>,
    enter: Vec<Check<'v, 'a>>,
    exit: Vec<Check<'v, 'a>>,
}

#[derive(Serialize)]
struct Check<'v, 'a> {
    criterion: &'v CriterionView<'a>,
    /// No field can tell it: a person confirms it.
    by_person: bool,
}

/// Handoffs and feedback stand on one page.
#[derive(Serialize)]
struct Exchange<'v, 'a> {
    handoffs: &'v [HandoffView<'a>],
    feedback: &'v [FeedbackView<'a>],
    in_business_time: bool,
}

/// The silo report.
#[derive(Serialize)]
struct Boundaries<'v, 'a> {
    report: &'v SiloReport<'a>,
    has_gaps: bool,
    #[serde(flatten)]
    map: Map,
}

/// A role's page.
#[derive(Serialize)]
struct RolePage<'v, 'a> {
    role: &'v RoleView<'a>,
    changed: Option<&'v ChangedView<'a>>,
    #[serde(flatten)]
    playbook: Playbook<'v, 'a>,
}

/// A list of languages to choose from.
#[derive(Serialize)]
struct Languages<'v> {
    lang: &'v str,
    title: &'v str,
    languages: Vec<LanguageEntry<'v>>,
}

#[derive(Serialize)]
struct LanguageEntry<'v> {
    tag: &'v str,
    name: String,
    title: &'v str,
}

/// The page that leads to the site in each language.
pub(super) fn root(
    tags: &[String],
    titles: &[&str],
    templates: &Sources<'_>,
) -> Result<Artifact, TemplateFault> {
    let entries = tags.iter().zip(titles).map(|(tag, title)| LanguageEntry {
        tag,
        name: Words::language_name(tag),
        title,
    });
    let (lang, title) = (tags.first().map_or("en", String::as_str), titles.first().copied());
    let it = Languages { lang, title: title.unwrap_or(""), languages: entries.collect() };
    writer::root(it, templates)
}

/// Pages as they are written, each also as a part of the one page that is printed.
struct Pages<'w> {
    top: &'w Writer<'w>,
    book: &'w Writer<'w>,
    pages: Vec<Artifact>,
    parts: Vec<Part>,
}

/// The one page that is printed.
#[derive(Serialize)]
struct Book<'v, 'a> {
    process: &'v ProcessView<'a>,
    parts: &'v [Part],
}

/// A page as a part of the one that is printed.
#[derive(Serialize)]
struct Part {
    title: String,
    href: String,
    /// It is one of several of its kind, and stands in the contents below that.
    inner: bool,
    body: String,
}

impl Pages<'_> {
    /// A page at the top, whose content may depend on where it stands.
    fn add<T: Serialize>(
        &mut self,
        template: &str,
        file: &str,
        title: Option<&str>,
        it: impl Fn(&Writer<'_>) -> T,
    ) -> Result<(), TemplateFault> {
        self.pages.push(self.top.page(template, &format!("{file}.html"), title, it(self.top))?);
        self.parts.push(Part {
            title: title.map_or_else(|| self.top.common.process.to_owned(), str::to_owned),
            href: self.book.places.page(file),
            inner: false,
            body: self.book.body(template, it(self.book))?,
        });
        Ok(())
    }
}

impl<'a> Site<'_, 'a> {
    /// All pages in the language of the view, in a folder of that language.
    pub(super) fn write(&self) -> Result<Vec<Artifact>, TemplateFault> {
        let view = self.view;
        let words = words_of(view.language);
        let common = Common {
            language: view.language,
            process: view.process.title,
            tags: self.tags,
            terms: Arc::new(Terms::of(&view.terms)),
            colours: Arc::new(colours(view)),
            nav: self.nav(&words),
            templates: self.templates,
        };
        let top = Writer::new(&common, Places::pages(""))?;
        let inner = Writer::new(&common, Places::pages("../"))?;
        let book = Writer::new(&common, Places::book())?;
        let mut pages = Pages { top: &top, book: &book, pages: Vec::new(), parts: Vec::new() };
        pages.add("home", "index", None, |writer| self.home(writer))?;
        if let Some((changes, marks)) = self.changes {
            let title = top.word("changed");
            pages.add("changed", "changed", Some(&title), |writer| {
                let map = match marks.stages.is_empty() && marks.moves.is_empty() {
                    true => Map::default(),
                    false => self.map_of_changes(writer, marks),
                };
                Changed { changes, map }
            })?;
        }
        if !view.stages.is_empty() {
            pages
                .add("stages", "stages", Some(&top.word("stages")), |writer| self.stages(writer))?;
        }
        // In the order in which a record meets them, as everywhere on the site.
        let order = self.facts.order.iter();
        let stages: Vec<&StageView<'a>> =
            order.filter_map(|id| view.stages.get(id.index())).collect();
        self.each(&mut pages, &inner, "stage", "stages", &stages, |stage, _| {
            (stage.name, stage.title, self.stage(stage, &common.colours))
        })?;
        self.each(&mut pages, &inner, "team", "teams", &view.teams, |team, _| {
            let changed = self.changed("team", team.name);
            (team.name, team.title, TeamPage { team, changed })
        })?;
        self.each(&mut pages, &inner, "role", "roles", &view.roles, |role, writer| {
            let quiz = self.quizzes.has(role.name);
            let changed = self.changed("role", role.name);
            let playbook = Playbook::of(view, role, quiz, writer);
            let it = RolePage { role, changed, playbook };
            (role.name, role.title, it)
        })?;
        if !view.handoffs.is_empty() || !view.feedback.is_empty() {
            pages.add("handoffs", "handoffs", Some(&top.word("handoffs")), |_| self.exchange())?;
        }
        self.list(&mut pages, "goals", "goal", &view.goals, |goal| goal.name)?;
        if !self.silos.boundaries.is_empty() {
            pages.add("silos", "silos", Some(&top.word("silos")), |writer| {
                self.boundaries(writer)
            })?;
        }
        if !view.stages.is_empty() {
            let duties = duties(self.facts, view);
            pages.add("raci", "raci", Some(&top.word("raci")), |_| &duties)?;
        }
        if !view.records.is_empty() {
            pages.add("records", "records", Some(&top.word("records")), |writer| {
                lives(self, self.marks(writer))
            })?;
        }
        self.list(&mut pages, "scores", "score", &view.scores, |score| score.name)?;
        self.list(&mut pages, "routes", "route", &view.routes, |route| &route.stage.name)?;
        self.list(&mut pages, "plays", "play", &view.plays, |play| play.name)?;
        self.list(&mut pages, "glossary", "term", &view.terms, |term| term.name)?;
        pages.add("calendar", "calendar", Some(&top.word("calendar")), |_| &view.calendar)?;

        let Pages { mut pages, parts, .. } = pages;
        let it = Book { process: &view.process, parts: &parts };
        pages.push(top.page("print", "print.html", Some(&top.word("whole")), it)?);
        pages.extend(self.cards(&inner)?);
        pages.extend(self.quiz_pages(&inner)?);
        let found: Vec<(String, String)> = common
            .nav
            .iter()
            .flat_map(|group| &group.items)
            .filter(|item| item.class.is_none())
            .map(|item| (item.title.clone(), item.href.clone()))
            .collect();
        pages.push(search::index(view, &words, self.quizzes, &found));
        Ok(pages)
    }

    /// A page of many things, each with a mark if it has changed, unless there is none.
    fn list<'v, T: Serialize>(
        &'v self,
        pages: &mut Pages<'_>,
        file: &str,
        kind: &str,
        items: &'v [T],
        name: impl Fn(&'v T) -> &'v str,
    ) -> Result<(), TemplateFault> {
        if items.is_empty() {
            return Ok(());
        }
        let title = pages.top.word(file);
        pages.add(file, file, Some(&title), |writer| -> Vec<Marked<'v, T>> {
            marked(kind, items, &name, self.marks(writer))
        })
    }

    /// What bears marks: not what is printed, which is no page that somebody comes back to.
    fn marks(&self, writer: &Writer<'_>) -> Option<&ChangesView<'a>> {
        self.changes.filter(|_| !writer.places.is_book()).map(|(changes, _)| changes)
    }

    /// A page for each thing, and its part of the one that is printed.
    fn each<'v, T: Sync, P: Serialize>(
        &self,
        pages: &mut Pages<'_>,
        inner: &Writer<'_>,
        template: &str,
        folder: &str,
        items: &'v [T],
        of: impl Fn(&'v T, &Writer<'_>) -> (&'v str, &'v str, P) + Sync,
    ) -> Result<(), TemplateFault> {
        let book = pages.book;
        let write = |item: &'v T| -> Result<(Artifact, Part), TemplateFault> {
            let (name, title, it) = of(item, inner);
            let file = format!("{folder}/{}.html", file_stem(name));
            let page = inner.page(template, &file, Some(title), it)?;
            let part = Part {
                title: title.to_owned(),
                href: book.places.address(template, name),
                inner: template == "stage",
                body: book.body(template, of(item, book).2)?,
            };
            Ok((page, part))
        };
        let written: Result<Vec<(Artifact, Part)>, TemplateFault> =
            items.par_iter().map(write).collect();
        for (page, part) in written? {
            pages.pages.push(page);
            pages.parts.push(part);
        }
        Ok(())
    }

    fn home(&self, writer: &Writer<'_>) -> Home<'_, 'a> {
        let view = self.view;
        Home {
            process: &view.process,
            teams: &view.teams,
            silo_number: self.silos.number,
            silo_page: !self.silos.boundaries.is_empty(),
            goals_page: !view.goals.is_empty(),
            handoffs_page: !view.handoffs.is_empty() || !view.feedback.is_empty(),
            changes: self.changes.is_some(),
            map: match map::is_small(self.process) {
                true => self.stage_map(writer),
                false => self.team_map(writer),
            },
        }
    }

    /// What has changed of what a page is about.
    fn changed(&self, kind: &str, name: &str) -> Option<&ChangedView<'a>> {
        self.changes.and_then(|(changes, _)| changes.mark(kind, name))
    }

    /// The map with what has changed marked; of a process too large to be taken in, none.
    fn map_of_changes(&self, writer: &Writer<'_>, marks: &Marks) -> Map {
        if !map::is_small(self.process) {
            return Map::default();
        }
        let draw = |pen: &Pen<'_>| map::changed(self.process, self.facts, self.view, marks, pen);
        let map = self.drawn(writer, draw, false);
        let has = |sign: &str| map.map.contains(sign);
        let (has_added, has_changed) = (has(" is-added"), has(" is-changed"));
        // The way of a record is shown on the first page.
        Map { has_way: false, has_added, has_changed, ..map }
    }

    fn stage_map(&self, writer: &Writer<'_>) -> Map {
        self.drawn(writer, |pen| map::stages(self.process, self.facts, self.view, pen), false)
    }

    fn team_map(&self, writer: &Writer<'_>) -> Map {
        self.drawn(writer, |pen| map::teams(self.process, self.facts, self.view, pen), true)
    }

    fn drawn(
        &self,
        writer: &Writer<'_>,
        draw: impl Fn(&Pen<'_>) -> String,
        map_of_teams: bool,
    ) -> Map {
        let pen = Pen {
            href: &|kind: &str, name: &str| writer.places.address(kind, name),
            word: &|key: &str| writer.word(key),
            aside: &|text: String| writer.phrase("parenthesis", &[text]),
        };
        let map = draw(&pen);
        let has_way = map.contains(" data-way=");
        Map { map, map_of_teams, has_way, has_added: false, has_changed: false }
    }

    fn stages(&self, writer: &Writer<'_>) -> Stages<'_, 'a> {
        let view = self.view;
        let row = |stage: &'_ StageId| {
            let stage = view.stages.get(stage.index())?;
            Some(StageRow {
                stage: stage_ref(stage),
                record: &stage.record,
                owner: stage.owner.as_ref().map(|owner| &owner.who),
                limit: stage.limit.as_ref().map(|limit| limit.longest.as_str()),
                is_entry: stage.is_entry,
                outcome: stage.outcome,
                draft: stage.draft,
            })
        };
        // In the book, and on the first page of a small process, it has been drawn before.
        let map = match writer.places.is_book() && map::is_small(self.process) {
            true => Map::default(),
            false => self.stage_map(writer),
        };
        Stages { stages: self.facts.order.iter().filter_map(row).collect(), map }
    }

    fn stage<'v>(&'v self, stage: &'v StageView<'a>, colours: &Colours) -> StagePage<'v, 'a> {
        let id = self.process.stage_named(stage.name);
        let at = id.map(|id| self.facts.rank(id));
        let neighbour = |place: Option<usize>| {
            let id = self.facts.order.get(place?)?;
            self.view.stages.get(id.index()).map(stage_ref)
        };
        let model = id.map(|id| &self.process.stages[id]);
        let checks = |views: &'v [CriterionView<'a>], enter: bool| -> Vec<Check<'v, 'a>> {
            let list = |stage: &'v Stage| if enter { &stage.enter } else { &stage.exit };
            let ids = model.map(list).map_or(&[][..], Vec::as_slice);
            let by_person = |index: usize| {
                ids.get(index).is_some_and(|id| {
                    let mut found = false;
                    self.process.criteria[*id].condition.walk(&mut |expr| {
                        found |= matches!(expr.kind, ExprKind::Confirmed(_));
                    });
                    found
                })
            };
            let check = |(index, criterion)| Check { criterion, by_person: by_person(index) };
            views.iter().enumerate().map(check).collect()
        };
        StagePage {
            before: neighbour(at.and_then(|at| at.checked_sub(1))),
            after: neighbour(at.map(|at| at + 1)),
            changed: self.changed("stage", stage.name),
            held: self.held.zip(id).and_then(|(held, id)| held.stage(self.process, self.view, id)),
            colour: colours.class("stage", stage.name).unwrap_or_default(),
            stage: StageShown {
                stage,
                enter: checks(&stage.enter, true),
                exit: checks(&stage.exit, false),
            },
        }
    }

    fn exchange(&self) -> Exchange<'_, 'a> {
        Exchange {
            handoffs: &self.view.handoffs,
            feedback: &self.view.feedback,
            in_business_time: self.view.stages.iter().any(|stage| stage.in_business_time),
        }
    }

    fn boundaries(&self, writer: &Writer<'_>) -> Boundaries<'_, 'a> {
        Boundaries {
            report: self.silos,
            has_gaps: self.silos.boundaries.iter().any(|boundary| !boundary.gaps.is_empty()),
            map: self.team_map(writer),
        }
    }

    fn cards(&self, inner: &Writer<'_>) -> Result<Vec<Artifact>, TemplateFault> {
        let write = |role: &RoleView<'a>| {
            let file = format!("cards/{}.html", file_stem(role.name));
            let playbook = Playbook::of(self.view, role, false, inner);
            let it = RolePage { role, changed: None, playbook };
            let title = format!("{} · {}", role.title, inner.word("card"));
            inner.page("card", &file, Some(&title), it)
        };
        self.view.roles.par_iter().map(write).collect()
    }

    fn quiz_pages(&self, inner: &Writer<'_>) -> Result<Vec<Artifact>, TemplateFault> {
        let mut files = Vec::new();
        for role in &self.view.roles {
            let told =
                self.quizzes.tell(self.process, self.facts, role.name, self.view.language, inner);
            if told.is_empty() {
                continue;
            }
            let stem = file_stem(role.name);
            let it = QuizPage { role, csv: format!("{stem}.csv"), questions: &told };
            let title = format!("{} · {}", role.title, inner.word("quiz"));
            files.push(inner.page("quiz", &format!("quiz/{stem}.html"), Some(&title), it)?);
            let csv = quiz::csv(&told, inner);
            files.push(Artifact::text(format!("{}/quiz/{stem}.csv", self.view.language), csv));
        }
        Ok(files)
    }
}

fn stage_ref<'a>(stage: &StageView<'a>) -> Ref<'a> {
    Ref { kind: "stage", name: stage.name.to_owned(), title: stage.title }
}
