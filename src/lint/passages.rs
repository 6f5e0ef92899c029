//! What a process says to people: every text of it, by the declaration it stands in.

use crate::model::{
    CriterionId, Label, NodeRef, Origin, Owner, Process, StageId, Text, TransitionId,
};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// What something is called: a title of a team, a stage, an option, a channel.
    Name,
    /// What is said about it: a purpose, a criterion, a step. The titles of goals and plays, too.
    Prose,
}

/// A declaration and what it says.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    /// What kind of declaration it is: `stage`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: &'a str,
    /// The term it declares, if it is one.
    pub(crate) term: Option<usize>,
    /// Still being written, or partly not readable.
    pub(crate) unfinished: bool,
    /// Its texts.
    pub(crate) texts: Vec<(&'a Text, Use)>,
    /// Texts that stay as they are in other languages, as often as not: channels, other words.
    pub(crate) labels: Vec<&'a Text>,
}

impl<'a> Passage<'a> {
    fn new(kind: &'static str, name: &'a str) -> Self {
        let (texts, labels) = (Vec::new(), Vec::new());
        Self { kind, name, term: None, unfinished: false, texts, labels }
    }

    fn called(mut self, text: &'a Text) -> Self {
        self.texts.push((text, Use::Name));
        self
    }

    fn says(mut self, texts: impl IntoIterator<Item = &'a Text>) -> Self {
        self.texts.extend(texts.into_iter().map(|text| (text, Use::Prose)));
        self
    }

    fn labelled(mut self, labels: &'a [Label]) -> Self {
        self.labels.extend(labels.iter().map(|label| &label.title));
        self
    }

    fn open(mut self, unfinished: bool) -> Self {
        self.unfinished = unfinished;
        self
    }
}

/// Every declaration with its texts. Titles that were made from names are among them.
pub(crate) fn all(process: &Process) -> Vec<Passage<'_>> {
    let p = process;
    let mut all = Vec::new();
    all.push(Passage::new("process", &p.name).called(&p.title).says(&p.about));
    for team in p.teams.values() {
        let mut passage = Passage::new("team", &team.name).called(&team.title);
        for role in &team.roles {
            passage = passage.called(&p.roles[*role].title);
        }
        all.push(passage.says(&team.mission).open(team.broken));
    }
    for record in p.records.values() {
        let mut passage = Passage::new("record", &record.name).called(&record.title);
        for field in &record.fields {
            let field = &p.fields[*field];
            passage = passage.called(&field.title).says(&field.help);
            for option in field.ty.options() {
                passage = passage.called(&option.title);
            }
        }
        all.push(passage.says(&record.about).open(record.broken));
    }
    all.extend(p.stages.ids().map(|stage| of_stage(p, stage)));
    for confirmation in p.confirmations.values() {
        let passage = Passage::new("confirmation", &confirmation.key);
        all.push(passage.says([&confirmation.text]));
    }
    for goal in p.goals.values() {
        let passage = Passage::new("goal", &goal.name);
        all.push(passage.says([&goal.title]).says(&goal.why).open(goal.broken));
    }
    for feedback in p.feedback.values() {
        let passage = Passage::new("feedback", &feedback.name);
        all.push(passage.says([&feedback.title]).says(&feedback.about).open(feedback.broken));
    }
    for score in p.scores.values() {
        let mut passage = Passage::new("score", &score.name).called(&score.title);
        passage = passage.says(score.points.iter().filter_map(|points| points.title.as_ref()));
        for grade in &score.grades {
            passage = passage.called(&grade.title);
        }
        all.push(passage.says(&score.about).open(score.broken));
    }
    for route in p.routes.values() {
        let mut passage = Passage::new("route", &p.stages[route.stage].name);
        passage = passage.says([&route.title]);
        for target in route.cases.iter().map(|case| &case.to).chain(&route.otherwise) {
            // The title of a role or team is told where that is declared.
            if target.owner.is_none() {
                passage = passage.called(&target.title);
            }
        }
        all.push(passage.open(route.broken));
    }
    for (index, term) in p.terms.values().enumerate() {
        let mut passage = Passage::new("term", &term.name).called(&term.title);
        passage.term = Some(index);
        all.push(passage.says(&term.means).labelled(&term.also).open(term.broken));
    }
    for play in p.plays.values() {
        let passage = Passage::new("play", &play.name).says([&play.title]);
        all.push(passage.says(&play.steps).says(&play.about).open(play.broken));
    }
    all
}

fn of_stage(process: &Process, id: StageId) -> Passage<'_> {
    let stage = &process.stages[id];
    let criterion = |id: &CriterionId| &process.criteria[*id].title;
    let title = |id: &TransitionId| {
        let transition = &process.transitions[*id];
        transition.title.as_ref().filter(|_| transition.origin == Origin::Declared)
    };
    let mut passage = Passage::new("stage", &stage.name)
        .called(&stage.title)
        .says(&stage.purpose)
        .says(&stage.next)
        .says(stage.exit.iter().map(criterion))
        .says(stage.enter.iter().map(criterion))
        .says(stage.outgoing.iter().filter_map(title))
        .labelled(&stage.channels)
        .labelled(&stage.content)
        .open(stage.draft || stage.broken);
    if let Some(entry) = &stage.entry {
        passage = passage.labelled(entry);
    }
    passage
}

/// Everything that has a name, but terms; events, too, whose title is that of the term of their name.
pub(crate) fn names(process: &Process) -> impl Iterator<Item = &str> {
    let p = process;
    let owners = p.teams.ids().map(Owner::Team).chain(p.roles.ids().map(Owner::Role));
    let owners = owners.map(|owner| p.owner_name(owner).0);
    let nodes = (p.records.ids().map(NodeRef::Record))
        .chain(p.fields.ids().map(NodeRef::Field))
        .chain(p.stages.ids().map(NodeRef::Stage))
        .chain(p.goals.ids().map(NodeRef::Goal))
        .chain(p.feedback.ids().map(NodeRef::Feedback))
        .chain(p.scores.ids().map(NodeRef::Score))
        .chain(p.plays.ids().map(NodeRef::Play));
    let options = p.fields.values().flat_map(|field| field.ty.options());
    let nodes = nodes.map(|node| p.node_name(node).0);
    owners.chain(nodes).chain(options.map(|o| o.name.as_str())).chain(p.events())
}

/// A text in every language it is written in.
pub(crate) fn in_all_languages(text: &Text) -> impl Iterator<Item = &str> {
    let translations = text.translations.iter().map(|(_, text)| text.as_str());
    std::iter::once(text.value.as_str()).chain(translations)
}
