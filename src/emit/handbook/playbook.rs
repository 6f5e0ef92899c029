//! What the playbook of a role says beyond its view: the handoffs it takes, its clocks, what to read in the
//! first thirty days.

use serde::Serialize;

use super::{Medium, file_stem};
use crate::emit::view::{HandoffBrief, Ref, RoleView, View};

/// A role's page, beyond the role itself.
#[derive(Serialize)]
pub(in crate::emit) struct Playbook<'v, 'a> {
    process: &'v str,
    /// The handoffs of its team that lead into its own stages and those of the whole team.
    taken: Vec<&'v HandoffBrief<'a>>,
    has_quiz: bool,
    /// The addresses of the quiz and the card.
    quiz: String,
    card: String,
    plan: Vec<Days>,
    clocks: Vec<ClockEntry<'v, 'a>>,
}

/// Some days of the first thirty.
#[derive(Serialize)]
struct Days {
    first: usize,
    last: usize,
    /// What they are for, see the words that begin with `plan_`.
    key: &'static str,
    items: Vec<Reading>,
}

/// Something to read.
#[derive(Serialize)]
struct Reading {
    title: String,
    href: String,
}

/// By when to act on what comes from another team.
#[derive(Serialize)]
struct ClockEntry<'v, 'a> {
    within: &'v str,
    handoff: &'v HandoffBrief<'a>,
    /// None when it may come from any open stage.
    from: Option<&'v Ref<'a>>,
    to: &'v Ref<'a>,
}

/// The most things to read in one stretch of days.
const MAX_ITEMS: usize = 8;

impl<'v, 'a> Playbook<'v, 'a> {
    pub(in crate::emit) fn of(
        view: &'v View<'a>,
        role: &'v RoleView<'a>,
        has_quiz: bool,
        medium: &dyn Medium,
    ) -> Self {
        let team = view.teams.iter().find(|team| team.name == role.team.name);
        let own = |to: &Ref<'_>| {
            let mut stages = role.stages.iter().chain(&role.team_stages);
            stages.any(|brief| brief.stage.name == to.name)
        };
        let taken: Vec<&HandoffBrief<'a>> = team
            .map_or(&[][..], |team| team.taken.as_slice())
            .iter()
            .filter(|h| own(&h.to))
            .collect();
        let clocks = taken.iter().filter_map(|handoff| {
            let within = handoff.within.as_deref()?;
            let from = handoff.from.as_ref();
            Some(ClockEntry { within, handoff, from, to: &handoff.to })
        });
        let stem = file_stem(role.name);
        let page = |file: String| medium.page(&file).unwrap_or_default();
        let quiz = page(format!("quiz/{stem}"));
        Self {
            process: view.process.title,
            clocks: clocks.collect(),
            has_quiz,
            card: page(format!("cards/{stem}")),
            plan: plan(view, role, &taken, has_quiz.then_some(quiz.as_str()), medium),
            quiz,
            taken,
        }
    }
}

/// Thirty days of reading: the whole first, then one's own part, its edges, its measure, and a test.
fn plan(
    view: &View<'_>,
    role: &RoleView<'_>,
    taken: &[&HandoffBrief<'_>],
    quiz: Option<&str>,
    medium: &dyn Medium,
) -> Vec<Days> {
    let to = |it: &Ref<'_>| Reading {
        title: it.title.to_owned(),
        href: medium.address(it.kind, &it.name),
    };
    let page = |title: &str, file: &str| {
        Some(Reading { title: title.to_owned(), href: medium.page(file)? })
    };
    let mut whole = Vec::new();
    whole.extend(page(view.process.title, "index"));
    whole.push(to(&role.team));
    if !view.stages.is_empty() {
        whole.extend(page(&medium.phrase("stages", &[]), "stages"));
    }
    if !view.terms.is_empty() {
        whole.extend(page(&medium.phrase("glossary", &[]), "glossary"));
    }
    let stages =
        role.stages.iter().chain(&role.team_stages).map(|brief| to(&brief.stage)).collect();
    let edge = |handoff: &HandoffBrief<'_>| {
        let from = match (&handoff.from, &handoff.any_open) {
            (Some(from), _) => from.title.to_owned(),
            (None, Some(any)) => medium.phrase("any_open", &[any.record.title.to_owned()]),
            (None, None) => "…".to_owned(),
        };
        Reading {
            title: format!("{from} → {}", handoff.to.title),
            href: medium.address("handoff", &handoff.handoff.name),
        }
    };
    let edges = taken.iter().copied().chain(&role.given).map(edge).collect();
    let plays = role.plays.iter().map(|brief| to(&brief.play)).collect();
    let goals = role.goals.iter().map(|brief| to(&brief.goal)).collect();
    let mut test = Vec::new();
    if let Some(quiz) = quiz {
        test.push(Reading { title: medium.phrase("quiz", &[]), href: quiz.to_owned() });
    }
    let parts: [(&'static str, Vec<Reading>); 6] = [
        ("map", whole),
        ("stages", stages),
        ("handoffs", edges),
        ("plays", plays),
        ("goals", goals),
        ("quiz", test),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|(_, items)| !items.is_empty()).collect();
    let count = parts.len().max(1);
    let mut days = Vec::with_capacity(parts.len());
    for (index, (key, mut items)) in parts.into_iter().enumerate() {
        items.truncate(MAX_ITEMS);
        let (first, last) = (index * 30 / count + 1, (index + 1) * 30 / count);
        days.push(Days { first, last, key, items });
    }
    days
}
