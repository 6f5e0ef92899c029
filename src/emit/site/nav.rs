//! The navigation, and the colours of teams.

use super::helpers::Colours;
use super::pages::Site;
use super::writer::{Group, Item};
use crate::emit::handbook::{Words, file_stem};
use crate::emit::view::View;
use crate::model::Id;

/// The most stages that the navigation lists.
const MAX_LISTED: usize = 30;

/// The most teams, and roles, that the navigation lists.
const MAX_PEOPLE: usize = 40;

impl Site<'_, '_> {
    /// The navigation: bounded, whatever the size of the process.
    pub(super) fn nav(&self, words: &Words) -> Vec<Group> {
        let view = self.view;
        let colours = colours(view);
        let word = |key: &str| words.get(key, &[]).unwrap_or_default();
        let page = |key: &str, file: &str| Item {
            title: word(key),
            href: format!("{file}.html"),
            class: None,
            inner: false,
            current: false,
        };
        let thing = |kind: &str, name: &str, title: &str, inner: bool| Item {
            title: title.to_owned(),
            href: format!("{kind}s/{}.html", file_stem(name)),
            class: colours.class(kind, name).map(|team| format!("{kind} {team}")),
            inner,
            current: false,
        };
        let mut first = vec![page("start", "index")];
        if self.changes.is_some() {
            first.push(page("changed", "changed"));
        }
        if !view.stages.is_empty() {
            first.push(page("stages", "stages"));
        }
        if view.stages.len() <= MAX_LISTED {
            let stages = self.facts.order.iter().filter_map(|id| view.stages.get(id.index()));
            first.extend(stages.map(|stage| {
                let item = thing("stage", stage.name, stage.title, true);
                // What nobody owns is listed all the same.
                Item {
                    class: Some(item.class.unwrap_or_else(|| "stage t-none".to_owned())),
                    ..item
                }
            }));
        }
        let mut people = Vec::new();
        if view.teams.len() <= MAX_PEOPLE {
            let with_roles = view.roles.len() <= MAX_PEOPLE;
            for team in &view.teams {
                people.push(thing("team", team.name, team.title, false));
                let roles = team.roles.iter().filter(|_| with_roles);
                people.extend(roles.map(|it| thing("role", &it.role.name, it.role.title, true)));
            }
        }
        let has = [
            ("handoffs", !view.handoffs.is_empty() || !view.feedback.is_empty()),
            ("goals", !view.goals.is_empty()),
            ("silos", !self.silos.boundaries.is_empty()),
            ("raci", !view.stages.is_empty()),
            ("records", !view.records.is_empty()),
            ("scores", !view.scores.is_empty()),
            ("routes", !view.routes.is_empty()),
            ("plays", !view.plays.is_empty()),
            ("glossary", !view.terms.is_empty()),
            ("calendar", true),
        ];
        let mut rest: Vec<Item> =
            has.iter().filter(|(_, has)| *has).map(|(key, _)| page(key, key)).collect();
        rest.push(page("whole", "print"));
        let group = |title: Option<&str>, items| Group { title: title.map(word), items };
        let groups =
            [group(None, first), group(Some("people"), people), group(Some("more_pages"), rest)];
        groups.into_iter().filter(|group| !group.items.is_empty()).collect()
    }
}

/// Teams, their roles and the stages they own have the colour of the team.
pub(super) fn colours(view: &View<'_>) -> Colours {
    let mut colours = Colours::default();
    for (index, team) in view.teams.iter().enumerate() {
        colours.0.insert(("team", team.name.to_owned()), index);
        for role in &team.roles {
            colours.0.insert(("role", role.role.name.clone()), index);
        }
        for brief in &team.stages {
            colours.0.insert(("stage", brief.stage.name.clone()), index);
        }
    }
    colours
}
