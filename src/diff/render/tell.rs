//! A change in one sentence of a language, for those who work by the process. The brief and the
//! handbook say it in the same words.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::diff::{Aspect, Change, Difference, Fact, Kind, Part, Reason};
use crate::emit::sentence::{Sentences, in_language};
use crate::model::{Origin, Owner, Process, StageId};
use crate::report::why::all;

use super::say::facts;
use super::stories::told;
use super::words::{self, What, Words};

/// Stands for the title of the part while a sentence is put together. No text may hold it.
const TITLE: char = '\u{0}';
/// Stands for the title of the stage that the part belongs to, likewise.
const STAGE: char = '\u{1}';

/// Tells changes in a language.
pub(crate) struct Teller<'d, 'a> {
    difference: &'d Difference<'a>,
    language: &'d str,
    words: &'static dyn Words,
    /// Makes texts of people safe where the sentence goes.
    escape: fn(&str) -> String,
    by_name: OnceLock<FxHashMap<String, Vec<Part>>>,
}

/// A sentence about a part, cut around its title, so that the title can lead to the part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Told {
    /// What stands before the title.
    pub(crate) before: String,
    /// What people call the part.
    pub(crate) title: String,
    /// What stands behind the title.
    pub(crate) after: String,
    /// The story of a record.
    pub(crate) reason: Option<String>,
}

impl Told {
    /// The sentence as a whole.
    pub(crate) fn whole(&self) -> String {
        format!("{}{}{}", self.before, self.title, self.after)
    }
}

impl<'d, 'a> Teller<'d, 'a> {
    /// For texts that `escape` makes safe.
    pub(crate) fn new(
        difference: &'d Difference<'a>,
        language: &'d str,
        escape: fn(&str) -> String,
    ) -> Self {
        let by_name = OnceLock::new();
        Self { difference, language, words: words::of(language), escape, by_name }
    }

    /// "What changes for you"
    pub(crate) fn for_you(&self) -> String {
        match self.difference.takes_effect() {
            Some(day) => self.words.for_you_from(day),
            None => self.words.for_you().to_owned(),
        }
    }

    /// "Everybody"
    pub(crate) fn everybody(&self) -> &'static str {
        self.words.everybody()
    }

    /// "and 3 more"
    pub(crate) fn more(&self, count: usize) -> String {
        self.words.more(count)
    }

    /// Whether people who do not read the source see that something has changed: they call by its
    /// title what is named otherwise.
    pub(crate) fn is_seen(&self, change: &Change<'_>) -> bool {
        match (change.kind, change.aspect) {
            (Kind::Renamed, Aspect::Whole) => self.titles(change).is_some(),
            // A fault of the source.
            (Kind::Unmatched, _) => false,
            _ => true,
        }
    }

    /// What a part that is named otherwise was called and is called, if that is not the same.
    fn titles(&self, change: &Change<'_>) -> Option<(&'d str, &'d str)> {
        let Difference { old, new, .. } = self.difference;
        let was = in_language(change.part.old?.title(old)?, self.language);
        let now = in_language(change.part.new?.title(new)?, self.language);
        (was != now).then_some((was, now))
    }

    /// Changes as one owner sees them, or everybody. What is the same in several stages is told once.
    pub(crate) fn all(&self, changes: &[&Change<'_>], owner: Option<Owner>) -> Vec<Told> {
        let mut all: Vec<(Told, Vec<String>)> = Vec::new();
        // One condition may stand in every stage of a large process.
        let mut places: FxHashMap<Told, usize> = FxHashMap::default();
        for change in changes {
            let taken = owner.and_then(|owner| self.taken_over(change, owner));
            let told = taken.unwrap_or_else(|| self.phrase(change));
            let stage = self.stage_of(change).map(|stage| self.safe(stage));
            let place = match stage {
                Some(_) => *places.entry(told.clone()).or_insert(all.len()),
                None => all.len(),
            };
            match all.get_mut(place) {
                // Two moves of one stage may bear one title.
                Some((_, stages)) => stages.extend(stage.filter(|stage| !stages.contains(stage))),
                None => all.push((told, stage.into_iter().collect())),
            }
        }
        all.into_iter().map(|(told, stages)| self.placed(told, &stages)).collect()
    }

    /// A change as one owner sees it.
    pub(crate) fn for_owner(&self, change: &Change<'_>, owner: Owner) -> Told {
        self.taken_over(change, owner).unwrap_or_else(|| self.sentence(change))
    }

    /// A change in one sentence.
    pub(crate) fn sentence(&self, change: &Change<'_>) -> Told {
        let stage = self.stage_of(change).map(|stage| self.safe(stage));
        self.placed(self.phrase(change), stage.as_slice())
    }

    /// The sentence with the titles of its stages.
    fn placed(&self, told: Told, stages: &[String]) -> Told {
        let stages = stages.join(self.words.between());
        let put = |text: String| text.replace(STAGE, &stages);
        Told { before: put(told.before), after: put(told.after), ..told }
    }

    /// That an owner takes over a stage or hands it over: both are told other things than others.
    fn taken_over(&self, change: &Change<'_>, owner: Owner) -> Option<Told> {
        let Difference { old, new, .. } = self.difference;
        let Some(Part::Stage(id)) = change.part.new else { return None };
        let title = in_language(&new.stages[id].title, self.language);
        if change.aspect == Aspect::Of("support") {
            let name = new.owner_name(owner).0;
            let is_in = |fact: &Option<Fact<'_>>| match fact {
                Some(Fact::Names(names)) => names.iter().any(|one| one == name),
                _ => false,
            };
            let (was, now) = (is_in(&change.old), is_in(&change.new));
            return (was != now)
                .then(|| self.cut(title, None, |title| self.words.helps(title, now)));
        }
        if change.aspect != Aspect::Of("owner") {
            return None;
        }
        let named = |fact: &Option<Fact<'_>>, process: &Process| match fact {
            Some(Fact::Owner(owner)) => {
                Some(self.safe(in_language(process.owner_name(*owner).1, self.language)))
            }
            _ => None,
        };
        let (was, now) = (named(&change.old, old), named(&change.new, new));
        match &change.new {
            Some(Fact::Owner(new)) if *new == owner => {
                Some(self.cut(title, None, |title| self.words.takes_over(title, was.as_deref())))
            }
            _ if matches!(&change.old, Some(Fact::Owner(was))
                if old.owner_name(*was).0 == new.owner_name(owner).0) =>
            {
                Some(self.cut(title, None, |title| self.words.hands_over(title, now.as_deref())))
            }
            _ => None,
        }
    }

    /// A change in one sentence, in which the title of its stage is still left out.
    fn phrase(&self, change: &Change<'_>) -> Told {
        let Difference { old, new, .. } = self.difference;
        let process = if change.part.new.is_some() { new } else { old };
        let part = change.part.new.or(change.part.old);
        let title = self.called(change).map(str::to_owned);
        let title = title.or_else(|| self.ends(process, part?));
        let title = title.unwrap_or_else(|| change.said(old, new).replace('`', ""));
        let say = |fact: &Option<Fact<'_>>, process: &Process, part: Option<Part>| {
            let named = |name: &String| match change.kind {
                // Here it is the name that has changed.
                Kind::Renamed => name.clone(),
                Kind::Merged if change.aspect == Aspect::Whole => self.merged(name, part),
                _ => self.named(name, change.aspect, part, process),
            };
            let said = match fact.as_ref()? {
                Fact::Name(name) | Fact::Plain(name) => named(name),
                Fact::Names(names) => names.iter().map(named).collect::<Vec<_>>().join(", "),
                fact => self.in_words(fact, process),
            };
            Some(self.safe(&said))
        };
        // What has become of something that is gone is named in the new process.
        let is_gone = change.aspect == Aspect::Whole && change.part.new.is_none();
        let into = change.part.old.filter(|_| is_gone);
        let what = What {
            part: part.map_or("process", |part| part.word(process)),
            title: String::new(),
            stage: self.stage_of(change).map(|_| STAGE.to_string()),
            aspect: match (part, change.aspect.word()) {
                // Of a field it is a bound.
                (Some(Part::Move(_)), Some("at most")) => Some("times"),
                (_, word) => word,
            },
            kind: change.kind,
            old: say(&change.old, old, change.part.old),
            new: say(&change.new, new, into.or(change.part.new)),
            of_list: facts(self.difference, change).of_list,
        };
        let maybe = change.maybe.and_then(|part| part.title(new));
        let titles = self.titles(change).filter(|_| change.kind == Kind::Renamed);
        let what = match (self.reads_the_same(change), maybe, titles) {
            (true, ..) => What { old: None, new: None, ..what },
            (_, Some(now), _) => {
                let now = self.safe(in_language(now, self.language));
                What { old: None, new: Some(now), ..what }
            }
            (_, _, Some((was, now))) => {
                What { old: Some(self.safe(was)), new: Some(self.safe(now)), ..what }
            }
            _ => what,
        };
        let reason = change.reason.as_ref().map(|reason| self.story(reason));
        self.cut(&title, reason.as_deref(), |title| {
            self.words.sentence(&What { title: title.to_owned(), ..what })
        })
    }

    /// The stories of records, by titles: who reads them may never see the source.
    fn story(&self, reason: &Reason) -> String {
        let sentences = Sentences::new(self.difference.new, self.language);
        let owner = |name: &str| {
            let Difference { old, new, .. } = self.difference;
            let both = [new, old].into_iter();
            both.map(|process| self.named(name, Aspect::Of("by"), None, process))
                .find(|title| title != name)
                .unwrap_or_else(|| name.to_owned())
        };
        told(reason.stories(), self.words.stories(), &sentences, owner)
    }

    /// The sentence that `say` makes with a title, cut around it.
    fn cut(&self, title: &str, reason: Option<&str>, say: impl FnOnce(&str) -> String) -> Told {
        let text = say(TITLE.encode_utf8(&mut [0; 4]));
        let (before, after) = text.split_once(TITLE).unwrap_or((&text, ""));
        Told {
            before: before.to_owned(),
            title: self.safe(title),
            after: after.to_owned(),
            reason: reason.map(|reason| self.safe(reason)),
        }
    }

    fn safe(&self, text: &str) -> String {
        (self.escape)(&text.replace([TITLE, STAGE], " "))
    }

    /// What a part is called, in the process it is in.
    fn called(&self, change: &Change<'_>) -> Option<&'d str> {
        let Difference { old, new, .. } = self.difference;
        let now = change.part.new.and_then(|part| part.title(new));
        let title = now.or_else(|| change.part.old.and_then(|part| part.title(old)))?;
        Some(in_language(title, self.language))
    }

    /// A move without a title, by the titles of its stages.
    fn ends(&self, process: &Process, part: Part) -> Option<String> {
        let Part::Move(id) = part else { return None };
        let transition = &process.transitions[id];
        let title = |stage: StageId| in_language(&process.stages[stage].title, self.language);
        let from = match transition.origin {
            Origin::AnyOpen => {
                let record = process.stages[transition.from].record;
                let record = in_language(&process.records[record].title, self.language);
                self.words.any_open(record, &[])
            }
            _ => title(transition.from).to_owned(),
        };
        Some(format!("{from} → {}", title(transition.to)))
    }

    /// The stage that a criterion belongs to, or that a move with a title of its own leaves: several
    /// stages have a move of that title.
    fn stage_of(&self, change: &Change<'_>) -> Option<&'d str> {
        let (part, process) = match (change.part.new, change.part.old) {
            (Some(part), _) => (part, self.difference.new),
            (None, Some(part)) => (part, self.difference.old),
            (None, None) => return None,
        };
        let stage = match part {
            Part::Criterion(id) => process.criteria[id].stage,
            Part::Move(id) if process.transitions[id].title.is_some() => {
                match process.transitions[id].origin {
                    Origin::AnyOpen => return None,
                    _ => process.transitions[id].from,
                }
            }
            _ => return None,
        };
        Some(in_language(&process.stages[stage].title, self.language))
    }

    /// Whether a text has changed in other languages only.
    fn reads_the_same(&self, change: &Change<'_>) -> bool {
        match (&change.old, &change.new) {
            (Some(Fact::Text(was)), Some(Fact::Text(now))) => {
                in_language(was, self.language) == in_language(now, self.language)
            }
            _ => false,
        }
    }

    /// What people call something that a fact names; the name itself where it is a word or number.
    fn named(&self, name: &str, aspect: Aspect, part: Option<Part>, process: &Process) -> String {
        let owner = || {
            let role = process.roles.values().find(|role| role.name == name);
            let team = || process.teams.values().find(|team| team.name == name);
            role.map(|role| &role.title).or_else(|| team().map(|team| &team.title))
        };
        let stage = || process.stages.values().find(|stage| stage.name == name);
        let stage = || stage().map(|stage| &stage.title);
        let record = || process.records.values().find(|record| record.name == name);
        let record = || record().map(|record| &record.title);
        let field = || {
            let of = match part? {
                Part::Stage(id) => process.stages[id].record,
                Part::Move(id) => process.stages[process.transitions[id].from].record,
                _ => return None,
            };
            // It may be a field of a record that this one goes on from.
            let fields = process.visible_fields(of).into_iter().rev();
            let mut fields = fields.map(|id| &process.fields[id]);
            fields.find(|field| field.name == name).map(|field| &field.title)
        };
        let title = match (aspect, part) {
            (Aspect::Of("from"), Some(Part::Record(_))) | (Aspect::Of("record"), _) => record(),
            (Aspect::Of("support" | "shared by" | "by" | "from" | "to" | "team"), _) => owner(),
            (Aspect::Of("collect" | "carries"), _) => field(),
            (Aspect::Of("for" | "else" | "exceptions"), _) => stage(),
            // What goes on as something else of its kind.
            (Aspect::Whole, Some(Part::Stage(_))) => stage(),
            (Aspect::Whole, Some(Part::Team(_) | Part::Role(_))) => owner(),
            (Aspect::Whole, Some(Part::Record(_))) => record(),
            _ => None,
        };
        title.map_or_else(|| name.to_owned(), |title| in_language(title, self.language).to_owned())
    }

    /// What people call something that another part, of the old process, has become part of. `name` is
    /// its name in the new one.
    fn merged(&self, name: &str, gone: Option<Part>) -> String {
        let Some(gone) = gone else { return name.to_owned() };
        let (old, new) = (self.difference.old, self.difference.new);
        let was = gone.name(old);
        let is = |part: &&Part| {
            // The others bear a name that nothing else of their kind has.
            let is_inner = matches!(part, Part::Option(..) | Part::Criterion(_));
            let alike = std::mem::discriminant(*part) == std::mem::discriminant(&gone);
            alike && (!is_inner || part.was(new).contains(&was))
        };
        let part = self.by_name().get(name).and_then(|parts| parts.iter().find(is));
        let title = part.and_then(|part| part.title(new));
        title.map_or_else(|| name.to_owned(), |title| in_language(title, self.language).to_owned())
    }

    /// The parts of the new process by their names and keys, put in order when first asked for: much
    /// may have been merged.
    fn by_name(&self) -> &FxHashMap<String, Vec<Part>> {
        self.by_name.get_or_init(|| {
            let new = self.difference.new;
            let mut found: FxHashMap<String, Vec<Part>> = FxHashMap::default();
            for part in all(new) {
                let (name, key) = (part.name(new), part.key(new));
                if name != key {
                    found.entry(key).or_default().push(part);
                }
                found.entry(name).or_default().push(part);
            }
            found
        })
    }

    /// A fact as people say it.
    fn in_words(&self, fact: &Fact<'_>, process: &Process) -> String {
        let language = self.language;
        let sentences = Sentences::new(process, language);
        match fact {
            Fact::Text(text) => format!("“{}”", in_language(text, language)),
            Fact::Condition(expr) => sentences.sentence(expr),
            Fact::Criterion(expr, None) => sentences.sentence(expr),
            Fact::Criterion(expr, Some(only)) => {
                format!("{} ({})", sentences.sentence(expr), sentences.condition(only))
            }
            Fact::Duration(duration) => sentences.duration(*duration),
            Fact::Clock(clock) => sentences.clock(clock),
            Fact::Every(every) => sentences.every(*every),
            Fact::Value(value) => sentences.value(value),
            Fact::Owner(owner) => in_language(process.owner_name(*owner).1, language).to_owned(),
            Fact::Measure(measure) => sentences.measure(measure),
            Fact::Target(target) => sentences.target(target),
            Fact::Name(_) | Fact::Names(_) | Fact::Plain(_) | Fact::Translations(_) => {
                fact.source(process)
            }
        }
    }
}
