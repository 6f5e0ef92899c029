//! The glossary, plays, and what things were called before.

use super::{Builder, column, columns, integer, ordinal, ordinals, owner, row, text};
use crate::emit::sql::schema::{Cell, ColumnType};
use crate::model::{NodeRef, Process};

impl Builder<'_> {
    pub(super) fn words(&mut self) {
        self.terms();
        self.plays();
        self.former_names();
    }

    fn terms(&mut self) {
        let process = self.process;
        let specs =
            columns![text("name").required(), text("title").required(), text("means"), ordinal(),];
        let mut rows = Vec::with_capacity(process.terms.len());
        let (mut also, mut see) = (Vec::new(), Vec::new());
        for (ordinal, term) in ordinals().zip(process.terms.values()) {
            let name = term.name.as_str();
            rows.push(row![
                name,
                self.say("term", name, "title", &term.title),
                self.say_maybe("term", name, "means", term.means.as_ref()),
                ordinal,
            ]);
            for (number, label) in (1_usize..).zip(&term.also) {
                let key = format!("{name}.{number}");
                let title = self.say("term_also", &key, "title", &label.title);
                also.push(row![name, number, label.name.as_deref(), title]);
            }
            for (ordinal, node) in ordinals().zip(&term.see) {
                see.push(row![name, ordinal, node_kind(*node), node_key(process, *node)]);
            }
        }
        self.table("term", "The glossary", specs, &["name"], rows);
        let specs = columns![
            text("term").required().refers("term"),
            ordinal(),
            text("name"),
            text("title").required(),
        ];
        let key = &["term", "ordinal"];
        self.table("term_also", "Other words for the same thing", specs, key, also);
        let specs = columns![
            text("term").required().refers("term"),
            ordinal(),
            text("kind").required().about("the table, without its prefix"),
            text("name").required(),
        ];
        self.table("term_see", "What to look at besides a term", specs, key, see);
    }

    fn plays(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("condition").about("for which records; in the language of the process"),
            text("steps").about("Markdown"),
            text("about"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.plays.len());
        let (mut stages, mut owners) = (Vec::new(), Vec::new());
        for (ordinal, play) in ordinals().zip(process.plays.values()) {
            let name = play.name.as_str();
            rows.push(row![
                name,
                self.say("play", name, "title", &play.title),
                play.when.as_ref().map(|when| process.expr_source(when)),
                self.say_maybe("play", name, "steps", play.steps.as_ref()),
                self.say_maybe("play", name, "about", play.about.as_ref()),
                ordinal,
            ]);
            for (ordinal, stage) in ordinals().zip(&play.stages) {
                stages.push(row![name, ordinal, process.stages[*stage].name.as_str()]);
            }
            for (ordinal, owner) in ordinals().zip(&play.by) {
                owners.push(row![name, ordinal, self.owner(Some(*owner))]);
            }
        }
        self.table("play", "How things are done", specs, &["name"], rows);
        let key = &["play", "ordinal"];
        let specs = columns![
            text("play").required().refers("play"),
            ordinal(),
            text("stage").required().refers("stage"),
        ];
        self.table("play_stage", "The stages a play is for", specs, key, stages);
        let specs = columns![text("play").required().refers("play"), ordinal(), owner("owner")];
        self.table("play_owner", "Who does a play", specs, key, owners);
    }

    fn former_names(&mut self) {
        let specs = columns![
            integer("ordinal").required(),
            text("kind").required().about("the table, without its prefix"),
            text("old_name").required(),
            text("new_kind"),
            text("new_name").about("none: it has no successor"),
            text("condition").about("only for such records; the first row that holds decides"),
            text("reason").required().one_of(&["renamed", "retired"]),
            column("since", ColumnType::Date),
        ];
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for (kind, old, new) in renamed(self.process) {
            rows.push(row![kind, old, kind, new, Cell::Null, "renamed", Cell::Null]);
        }
        for retired in &self.process.retired {
            let (kind, since) = (retired.kind.word(), retired.since);
            let name = retired.name.as_str();
            if retired.into.is_empty() {
                let none = [Cell::Null, Cell::Null, Cell::Null];
                rows.push(row![kind, name, none, "retired", since]);
            }
            for (node, when) in &retired.into {
                let condition = when.as_ref().map(|when| self.process.expr_source(when));
                let new = node_key(self.process, *node);
                rows.push(row![kind, name, node_kind(*node), new, condition, "retired", since]);
            }
        }
        let numbered = ordinals().zip(rows).map(|(ordinal, row)| {
            let mut numbered = vec![ordinal];
            numbered.extend(row);
            numbered
        });
        let rows = numbered.collect();
        let comment = "Earlier names, and what took the place of what is no more";
        self.table("former_name", comment, specs, &["ordinal"], rows);
    }
}

/// Kind, old and new key of everything that was renamed.
fn renamed(process: &Process) -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    let mut add = |kind: &'static str, scope: &str, was: &[String], name: &str| {
        for old in was {
            all.push((kind, format!("{scope}{old}"), format!("{scope}{name}")));
        }
    };
    for team in process.teams.values() {
        add("team", "", &team.was, &team.name);
    }
    for role in process.roles.values() {
        add("role", "", &role.was, &role.name);
    }
    for record in process.records.values() {
        add("record", "", &record.was, &record.name);
    }
    for field in process.fields.values() {
        let record = &process.records[field.record].name;
        add("field", &format!("{record}."), &field.was, &field.name);
        for option in field.ty.options() {
            add("option", &format!("{record}.{}.", field.name), &option.was, &option.name);
        }
    }
    for stage in process.stages.values() {
        add("stage", "", &stage.was, &stage.name);
        for (side, criteria) in [("enter", &stage.enter), ("exit", &stage.exit)] {
            for id in criteria {
                let criterion = &process.criteria[*id];
                let scope = format!("{}.{side}.", stage.name);
                add("criterion", &scope, &criterion.was, &criterion.name);
            }
        }
    }
    for goal in process.goals.values() {
        add("goal", "", &goal.was, &goal.name);
    }
    for feedback in process.feedback.values() {
        add("feedback", "", &feedback.was, &feedback.name);
    }
    for score in process.scores.values() {
        add("score", "", &score.was, &score.name);
    }
    for term in process.terms.values() {
        add("term", "", &term.was, &term.name);
    }
    for play in process.plays.values() {
        add("play", "", &play.was, &play.name);
    }
    all
}

fn node_kind(node: NodeRef) -> &'static str {
    match node {
        NodeRef::Team(_) => "team",
        NodeRef::Role(_) => "role",
        NodeRef::Record(_) => "record",
        NodeRef::Field(_) => "field",
        NodeRef::Stage(_) => "stage",
        NodeRef::Goal(_) => "goal",
        NodeRef::Feedback(_) => "feedback",
        NodeRef::Score(_) => "score",
        NodeRef::Term(_) => "term",
        NodeRef::Play(_) => "play",
    }
}

/// The key of its row: a field is known by its record and its name.
fn node_key(process: &Process, node: NodeRef) -> String {
    let name = process.node_name(node).0;
    match node {
        NodeRef::Field(id) => {
            format!("{}.{name}", process.records[process.fields[id].record].name)
        }
        _ => name.to_owned(),
    }
}
