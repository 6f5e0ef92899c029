//! What has changed since an earlier version, for whom, and which pages it marks.

use rustc_hash::FxHashMap;

use crate::diff::render::{Teller, Told};
use crate::diff::{Aspect, Change, Difference, Kind, Part, Who};
use crate::emit::Since;
use crate::emit::sentence::in_language;
use crate::model::{Origin, Owner, Process, StageId};

use super::{ChangeView, ChangedView, ChangesView, ConcernedView, EarlierView, HurtView, Ref};

/// Somebody is told no more than this; the rest is counted.
const MOST_TOLD: usize = 40;
/// Of changes for which the same must prepare, no more is listed.
const MOST_LISTED: usize = 200;
/// A mark tells no more than this.
const MOST_MARKED: usize = 12;

/// What has changed, told in `language`.
pub fn changes<'a>(since: &Since<'a>, language: &'a str) -> ChangesView<'a> {
    let difference = since.difference;
    let process = difference.new;
    let teller = Teller::new(difference, language, plain);
    let builder = Builder { difference, language, teller };
    let now = process.version.as_deref();
    let earlier = EarlierView {
        version: difference.old.version.as_deref().filter(|was| Some(*was) != now),
        tag: since.tag,
        date: since.date,
    };
    let told: Vec<&'a Change<'a>> =
        difference.told().filter(|change| change.who != Who::Nobody).collect();
    let told: Vec<&'a Change<'a>> =
        told.into_iter().filter(|change| builder.teller.is_seen(change)).collect();
    let mut marks = builder.parts(&earlier);
    marks.insert("stage", builder.stages(&told, &earlier));
    let mut people = Vec::new();
    for (team, _) in process.teams.iter() {
        let roles = process.teams[team].roles.iter().map(|role| Owner::Role(*role));
        for owner in std::iter::once(Owner::Team(team)).chain(roles) {
            let all = told.iter().copied().filter(|change| change.concerns.contains(&owner));
            let all: Vec<&'a Change<'a>> = all.collect();
            let Some(concerned) = builder.concerned(owner, &all) else { continue };
            let (part, kind) = match owner {
                Owner::Team(id) => (Part::Team(id), "team"),
                Owner::Role(id) => (Part::Role(id), "role"),
            };
            let more = all.len().saturating_sub(MOST_MARKED);
            let mark = ChangedView {
                earlier: earlier.clone(),
                is_new: is_new(&all, part),
                changes: concerned.changes.iter().take(MOST_MARKED).cloned().collect(),
                more: (more > 0).then(|| builder.teller.more(more)),
                id: Some(concerned.id.clone()),
            };
            marks.entry(kind).or_default().insert(process.owner_name(owner).0.to_owned(), mark);
            people.push(concerned);
        }
    }
    people.extend(builder.everybody(&told));
    let hurt = |who: Who| {
        let all = difference.told().filter(|change| change.who == who);
        let all: Vec<&'a Change<'a>> = all.collect();
        let (changes, more) =
            builder.first(MOST_LISTED, &all, |change| builder.teller.sentence(change));
        (!all.is_empty()).then(|| HurtView { who: who.word(), changes, more })
    };
    ChangesView {
        earlier,
        version: now,
        count: difference.told().count(),
        for_you: builder.teller.for_you(),
        people,
        hurt: Who::ALL.into_iter().filter_map(hurt).collect(),
        marks,
    }
}

/// Escaping is the business of templates.
fn plain(text: &str) -> String {
    text.to_owned()
}

/// Marks by kind and name.
type Marks<'a> = FxHashMap<&'static str, FxHashMap<String, ChangedView<'a>>>;

/// What stands on a page with others of its kind.
const LISTED: &[&str] = &["record", "field", "goal", "score", "route", "term", "play"];

struct Builder<'a> {
    difference: &'a Difference<'a>,
    language: &'a str,
    teller: Teller<'a, 'a>,
}

impl<'a> Builder<'a> {
    /// What changes for a team or role, if anything does.
    fn concerned(&self, owner: Owner, all: &[&'a Change<'a>]) -> Option<ConcernedView<'a>> {
        let (name, title) = self.difference.new.owner_name(owner);
        let title = in_language(title, self.language);
        let kind = match owner {
            Owner::Team(_) => "team",
            Owner::Role(_) => "role",
        };
        let (changes, more) =
            self.first(MOST_TOLD, all, |change| self.teller.for_owner(change, owner));
        (!all.is_empty()).then(|| ConcernedView {
            who: Some(Ref { kind, name: name.to_owned(), title }),
            title,
            id: format!("for-{kind}-{name}"),
            changes,
            more,
        })
    }

    /// What concerns no team or role.
    fn everybody(&self, told: &[&'a Change<'a>]) -> Option<ConcernedView<'a>> {
        let all = told.iter().copied().filter(|change| change.concerns.is_empty());
        let all: Vec<&'a Change<'a>> = all.collect();
        let (changes, more) = self.first(MOST_TOLD, &all, |change| self.teller.sentence(change));
        (!all.is_empty()).then(|| ConcernedView {
            who: None,
            title: self.teller.everybody(),
            id: "for-everybody".to_owned(),
            changes,
            more,
        })
    }

    /// The marks of the stages.
    fn stages(
        &self,
        told: &[&'a Change<'a>],
        earlier: &EarlierView<'a>,
    ) -> FxHashMap<String, ChangedView<'a>> {
        let process = self.difference.new;
        let mut of_stage: FxHashMap<StageId, Vec<&'a Change<'a>>> = FxHashMap::default();
        for change in told {
            for stage in self.stages_of(change) {
                let all = of_stage.entry(stage).or_default();
                if !all.iter().any(|known| std::ptr::eq(*known, *change)) {
                    all.push(change);
                }
            }
        }
        let mark = |(stage, all): (StageId, Vec<&'a Change<'a>>)| {
            let (changes, more) =
                self.first(MOST_MARKED, &all, |change| self.teller.sentence(change));
            let is_new = is_new(&all, Part::Stage(stage));
            let earlier = earlier.clone();
            let mark = ChangedView { earlier, is_new, changes, more, id: None };
            (process.stages[stage].name.clone(), mark)
        };
        of_stage.into_iter().map(mark).collect()
    }

    /// The marks of what stands on a page with others of its kind. Words count there, too: a term is
    /// nothing else.
    fn parts(&self, earlier: &EarlierView<'a>) -> Marks<'a> {
        let mut of_part: FxHashMap<(&'static str, String), Vec<&'a Change<'a>>> =
            FxHashMap::default();
        for change in &self.difference.changes {
            if change.part.new.is_none() {
                continue;
            }
            if let Some(place) = self.place(change).filter(|place| LISTED.contains(&place.kind)) {
                of_part.entry((place.kind, place.name)).or_default().push(change);
            }
        }
        let mut marks = Marks::default();
        for ((kind, name), all) in of_part {
            let (changes, more) =
                self.first(MOST_MARKED, &all, |change| self.teller.sentence(change));
            let is_new = all.iter().any(|change| came(change, kind));
            let mark = ChangedView { earlier: earlier.clone(), is_new, changes, more, id: None };
            marks.entry(kind).or_default().insert(name, mark);
        }
        marks
    }

    /// The first changes as sentences, and how many more there are.
    fn first(
        &self,
        most: usize,
        all: &[&'a Change<'a>],
        tell: impl Fn(&Change<'a>) -> Told,
    ) -> (Vec<ChangeView<'a>>, Option<String>) {
        let view = |change: &&'a Change<'a>| {
            let Told { before, title, after, reason } = tell(change);
            ChangeView { before, title, place: self.place(change), after, reason }
        };
        let more = all.len().saturating_sub(most);
        let changes = all.iter().take(most).map(view).collect();
        (changes, (more > 0).then(|| self.teller.more(more)))
    }

    /// The stages whose pages tell of a change. What is gone is told where it was.
    fn stages_of(&self, change: &Change<'_>) -> Vec<StageId> {
        let Difference { old, new, .. } = self.difference;
        if let Some(part) = change.part.new {
            return stages(new, part);
        }
        let Some(part) = change.part.old else { return Vec::new() };
        let now = |stage: StageId| self.stage_now(&old.stages[stage].name);
        stages(old, part).into_iter().filter_map(now).collect()
    }

    /// The stage that is called so, or was.
    fn stage_now(&self, name: &str) -> Option<StageId> {
        let new = self.difference.new;
        let renamed = || {
            let mut all = new.stages.iter();
            all.find(|(_, stage)| stage.was.iter().any(|was| was == name)).map(|(id, _)| id)
        };
        new.stage_named(name).or_else(renamed)
    }

    /// Where a part stands in the documents. Of what is gone, the stage it belonged to.
    fn place(&self, change: &Change<'_>) -> Option<Ref<'a>> {
        let new = self.difference.new;
        let stage = |id: StageId| self.reference("stage", Part::Stage(id), Part::Stage(id));
        let Some(part) = change.part.new else {
            let id = match change.part.old? {
                Part::Stage(_) => None,
                _ => self.stages_of(change).first().copied(),
            };
            return stage(id?);
        };
        match part {
            Part::Team(_) => self.reference("team", part, part),
            Part::Role(_) => self.reference("role", part, part),
            Part::Record(_) => self.reference("record", part, part),
            Part::Field(_) => self.reference("field", part, part),
            Part::Option(field, _) => self.reference("field", Part::Field(field), part),
            Part::Stage(_) | Part::Criterion(_) | Part::Move(_) => {
                stage(stages(new, part).first().copied()?)
            }
            Part::Goal(_) => self.reference("goal", part, part),
            Part::Feedback(_) => self.reference("feedback", part, part),
            Part::Score(_) => self.reference("score", part, part),
            Part::Grade(score, _) | Part::Points(score, _) => {
                self.reference("score", Part::Score(score), part)
            }
            Part::Route(_) => self.reference("route", part, part),
            Part::Term(_) => self.reference("term", part, part),
            Part::Play(_) => self.reference("play", part, part),
            Part::Process | Part::Confirmation(_) | Part::Waiver(_) | Part::Retired(_) => None,
        }
    }

    fn reference(&self, kind: &'static str, part: Part, titled: Part) -> Option<Ref<'a>> {
        let new = self.difference.new;
        let title = titled.title(new).or_else(|| part.title(new))?;
        Some(Ref { kind, name: part.key(new), title: in_language(title, self.language) })
    }
}

/// Whether what is of this kind came as a whole, and not an option, a grade or points of it.
fn came(change: &Change<'_>, kind: &str) -> bool {
    let is_part = matches!(
        (change.part.new, kind),
        (Some(Part::Option(..)), "field") | (Some(Part::Grade(..) | Part::Points(..)), "score")
    );
    change.kind == Kind::Added && change.aspect == Aspect::Whole && !is_part
}

/// Whether a part is one of those that came.
fn is_new(all: &[&Change<'_>], part: Part) -> bool {
    let came = |change: &&Change<'_>| {
        change.kind == Kind::Added
            && change.aspect == Aspect::Whole
            && change.part.new == Some(part)
    };
    all.iter().any(came)
}

/// The stages that a part belongs to: of a move those on both of its ends, the first the one that
/// tells most of it.
fn stages(process: &Process, part: Part) -> Vec<StageId> {
    match part {
        Part::Stage(id) => vec![id],
        Part::Criterion(id) => vec![process.criteria[id].stage],
        Part::Move(id) => {
            let transition = &process.transitions[id];
            match transition.origin {
                Origin::AnyOpen => vec![transition.to],
                _ => vec![transition.from, transition.to],
            }
        }
        Part::Route(id) => vec![process.routes[id].stage],
        _ => Vec::new(),
    }
}
