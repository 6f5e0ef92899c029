//! One pipeline of an object: its stages, and what the rules have told of it.

use std::cell::OnceCell;
use std::cmp::Ordering;

use super::super::report::{Report, code};
use super::super::translated::Said;
use super::super::{Move, Pipeline, Stage};
use super::condition::Cond;
use super::fields::Fields;
use super::formula::Node;
use super::reduce::State;
use super::rules::Placed;
use super::rules::births::Born;
use crate::diag::render::counted;
use crate::model::Outcome;
use rustc_hash::FxHashMap;

/// A pipeline, as it is put together.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// `Opportunity`
    pub(super) object: String,
    /// `StageName`
    pub(super) stage_field: &'static str,
    /// The stages, in the order of those of the pipeline.
    pub(super) states: Vec<StageState>,
    pub(super) pipeline: Pipeline,
    /// Name and label of the record type.
    pub(super) record_type: Option<(String, String)>,
    /// The name of its sales process or lead process.
    pub(super) process: Option<String>,
    /// Whether other record types of the object, which is no lead and no opportunity, have other stages.
    pub(super) typed: bool,
    /// The values of picklists that the record type has, by the API names of the fields.
    pub(super) chosen: Vec<(String, Vec<String>)>,
    /// The pipeline whose records go on in this one.
    pub(super) parent: Option<usize>,
    /// Where records begin by default, once it was asked for.
    pub(super) default: OnceCell<usize>,
    /// The moves, by the places of the stages.
    pub(super) moves: Vec<(usize, usize)>,
    /// The stages whose outcome is one by their names, as long as nothing else says it.
    pub(super) by_name: Vec<usize>,
    /// The stages of which the source says how they end.
    pub(super) told: Vec<usize>,
    /// The stages whose moves the source says.
    pub(super) known: Vec<usize>,
    /// Where records begin, if a rule says so.
    pub(super) begins: Option<Vec<usize>>,
    /// The stages that ask something of new records.
    pub(super) asks_new: Vec<usize>,
    pub(super) placed: Vec<Placed>,
    /// The stages that continue records of another pipeline, each with the stages those may be in.
    pub(super) origins: Vec<(usize, Vec<usize>)>,
    /// Those of them in which no record begins on its own.
    pub(super) bound: Vec<usize>,
    /// What is asked of the records that are continued.
    pub(super) born: Vec<Born>,
    /// The moves into other pipelines that an exit criterion guards, by its name.
    pub(super) guarded_ways: Vec<(String, (usize, usize, usize))>,
    /// Conditions of moves into other pipelines: from a stage, into a pipeline, into a stage of it.
    pub(super) ways: Vec<((usize, usize, usize), Cond)>,
    /// Whether criteria guard a move, where the rules tell: only moves forward are guarded.
    pub(super) guarded: FxHashMap<(usize, usize), bool>,
    /// The custom permission whose holders no rule stops.
    pub(super) permission: Option<String>,
    /// The fields that each stage collects, by their API names.
    pub(super) collect: Vec<Vec<String>>,
    pub(super) fields: Fields,
    /// The title of each stage in other languages.
    pub(super) titles: Vec<Said>,
    /// The name of the object in other languages.
    pub(super) names: Said,
}

/// The value of a stage, and what the flags of the object say in it.
#[derive(Debug)]
pub(super) struct StageState {
    pub(super) value: String,
    pub(super) closed: bool,
    pub(super) won: bool,
    pub(super) converted: bool,
}

impl StageState {
    pub(super) fn state(&self) -> State<'_> {
        let Self { value, closed, won, converted } = self;
        State { value, closed: *closed, won: *won, converted: *converted }
    }
}

impl Line {
    fn stage(&self, at: usize) -> Option<&Stage> {
        self.pipeline.stages.get(at)
    }

    pub(super) fn title(&self, at: usize) -> &str {
        self.stage(at).map_or("", |stage| &stage.title)
    }

    fn converts(&self, at: usize) -> bool {
        self.states.get(at).is_some_and(|state| state.converted)
    }

    fn ended(&self, at: usize) -> bool {
        self.stage(at).is_some_and(|stage| stage.outcome.is_some())
    }

    fn in_use(&self, at: usize) -> bool {
        self.stage(at).is_some_and(|stage| !stage.inactive)
    }

    /// The word of the language for a move.
    pub(super) fn word(&self, from: usize, to: usize) -> &'static str {
        let outcome = self.stage(to).and_then(|stage| stage.outcome);
        if self.converts(to) || outcome == Some(Outcome::Won) {
            "advance"
        } else if outcome.is_some() {
            "lose"
        } else {
            let usual = !self.ended(from) && self.rank(to) > self.rank(from);
            let forward = self.guarded.get(&(from, to)).copied().unwrap_or(usual);
            if forward { "advance" } else { "recycle" }
        }
    }

    /// How far on a stage is: values stand in their order. Records may begin by default in one that stands
    /// behind others; of these the likelier to be won come behind it, too.
    fn rank(&self, at: usize) -> (u8, usize) {
        let is_entry = |stage: &Stage| stage.entry;
        let entry = *self
            .default
            .get_or_init(|| self.pipeline.stages.iter().position(is_entry).unwrap_or(0));
        let chance = |at: usize| self.stage(at).and_then(|stage| stage.probability);
        let is_likelier = || match (chance(at), chance(entry)) {
            (Some(one), Some(other)) => one > other,
            _ => false,
        };
        let group = match at.cmp(&entry) {
            Ordering::Less if is_likelier() => 2,
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater => 2,
        };
        (group, at)
    }

    /// Where the object does not say how a stage ends: records are lost in one that no move leaves, and
    /// that no criterion guards the way to.
    pub(super) fn lost(&mut self, report: &mut Report) {
        if self.object == "Opportunity" {
            return;
        }
        for at in 0..self.states.len() {
            let leaves = self.moves.iter().any(|(from, _)| *from == at);
            let open = self.moves.iter().filter(|(_, to)| *to == at);
            let mut ways = open.filter_map(|way| self.guarded.get(way)).peekable();
            let unguarded = ways.peek().is_some() && ways.all(|guarded| !guarded);
            let told = self.told.contains(&at);
            let known = self.known.contains(&at) && !self.converts(at) && !self.ended(at) && !told;
            if let Some(stage) = self.pipeline.stages.get_mut(at)
                && known
                && !leaves
                && unguarded
            {
                stage.outcome = Some(Outcome::Lost);
                let text = format!(
                    "{} is lost: no move leaves it, and no criterion guards the way to it",
                    code(&stage.title)
                );
                report.guessed(&stage.place, text);
            }
        }
    }

    pub(super) fn advances(&self, (from, to): (Option<usize>, usize)) -> bool {
        from.is_none_or(|from| self.word(from, to) == "advance")
    }

    fn first(&self) -> Option<usize> {
        let open = |at: &usize| !self.ended(*at) && self.in_use(*at);
        let default = |at: &usize| self.stage(*at).is_some_and(|stage| stage.entry);
        let all = 0..self.states.len();
        all.clone().find(default).or_else(|| all.clone().find(open)).or(Some(0))
    }

    /// Where records begin: as a rule says, else at the first stage.
    pub(super) fn beginnings(&self) -> Vec<usize> {
        match &self.begins {
            Some(begins) => begins.clone(),
            None => self.first().into_iter().collect(),
        }
    }

    pub(super) fn may_begin(&self, to: usize) -> bool {
        self.beginnings().contains(&to)
    }

    /// Whether records come into the stage from another pipeline, and from there only.
    pub(super) fn comes_from_elsewhere(&self, to: usize) -> bool {
        let known = self.origins.iter().any(|(stage, _)| *stage == to);
        self.parent.is_some() && self.asks_new.contains(&to) && (known || self.may_begin(to))
    }

    /// The stages from which records go on into another pipeline.
    pub(super) fn leave(&self) -> Vec<usize> {
        let leaves = |at: &usize| match self.object.as_str() {
            "Lead" => self.converts(*at),
            _ => self.stage(*at).is_some_and(|stage| stage.outcome == Some(Outcome::Won)),
        };
        (0..self.states.len()).filter(leaves).collect()
    }

    /// The usual moves out of a stage, for one of which the source says nothing: on to the next, the
    /// last to those that are won; and any open record may be lost. Where a rule refuses the next one,
    /// it is the one behind it.
    pub(super) fn usual(
        &self,
        from: usize,
        blocked: &dyn Fn(usize) -> bool,
        report: &mut Report,
    ) -> Vec<usize> {
        let Some(stage) = self.stage(from).filter(|stage| stage.outcome.is_none()) else {
            return Vec::new();
        };
        let all = 0..self.states.len();
        let mut to: Vec<usize> = Vec::new();
        if !stage.inactive {
            let open = |at: &usize| !self.ended(*at) && self.in_use(*at);
            for next in all.clone().filter(|at| self.rank(*at) > self.rank(from) && open(at)) {
                if !blocked(next) {
                    to.push(next);
                    break;
                }
                self.report_blocked(from, next, report);
            }
            if to.is_empty() {
                let good = |at: &usize| self.ended(*at) && self.word(from, *at) == "advance";
                to.extend(all.clone().filter(good).filter(|at| self.in_use(*at)));
                to.retain(|to| {
                    if blocked(*to) {
                        self.report_blocked(from, *to, report);
                    }
                    !blocked(*to)
                });
            }
            for to in &to {
                let text = format!("{} moves on to {}", code(&stage.title), code(self.title(*to)));
                report.guessed(&stage.place, text);
            }
        }
        let lost = |at: &usize| self.ended(*at) && self.word(from, *at) == "lose";
        for to_lost in all.filter(lost).filter(|at| self.in_use(*at)) {
            if blocked(to_lost) {
                self.report_blocked(from, to_lost, report);
            } else {
                to.push(to_lost);
            }
        }
        to
    }

    /// From where records are lost though no rule says so: `guessed` are the moves that are usual.
    pub(super) fn report_lost(&self, guessed: &[(usize, usize)], report: &mut Report) {
        let open = |at: &usize| !self.ended(*at);
        for to in 0..self.states.len() {
            let is_lost = |way: &&(usize, usize)| way.1 == to && self.word(way.0, to) == "lose";
            let from: Vec<usize> = guessed.iter().filter(is_lost).map(|way| way.0).collect();
            let Some(stage) = self.stage(to).filter(|_| !from.is_empty()) else { continue };
            let all = (0..self.states.len()).filter(open).all(|at| from.contains(&at));
            let text = if all {
                format!("any open record may move to {}", code(&stage.title))
            } else {
                let from: Vec<String> = from.iter().map(|at| code(self.title(*at))).collect();
                format!("records in {} may move to {}", from.join(", "), code(&stage.title))
            };
            report.guessed(&stage.place, text);
        }
    }

    /// Where no rule speaks, Salesforce lets people set any stage. What the usual moves leave out is
    /// told: a process that is built back refuses it.
    pub(super) fn report_unsaid(&self, report: &mut Report) {
        let open = |at: &usize| !self.known.contains(at) && !self.ended(*at) && self.in_use(*at);
        let unsaid: Vec<usize> = (0..self.states.len()).filter(open).collect();
        let (Some(first), true) = (unsaid.first(), self.states.len() > 2) else { return };
        let Some(stage) = self.stage(*first) else { return };
        let text = format!(
            "no rule says where records go from {}: moves back, and those that leap over a stage, are \
             possible there; they are not written, and what is built refuses them",
            counted(unsaid.len(), "stage")
        );
        report.dropped(&stage.place, text);
    }

    /// A move that is usual, and that a rule refuses.
    fn report_blocked(&self, from: usize, to: usize, report: &mut Report) {
        let Some(stage) = self.stage(from) else { return };
        let text = format!(
            "a rule refuses the move from {} to {}: there is none",
            code(&stage.title),
            code(self.title(to))
        );
        report.understood(&stage.place, text);
    }

    /// Notes the stages that ask something of new records.
    pub(super) fn comes_in(&mut self, asked: impl Iterator<Item = bool>) {
        for (at, asked) in asked.enumerate().take(self.states.len()) {
            if asked && !self.asks_new.contains(&at) {
                self.asks_new.push(at);
            }
        }
    }

    /// Notes the permission that a rule names.
    pub(super) fn bypass(&mut self, node: &Node) {
        node.walk(&mut |part| {
            if let Node::Field(name) = part
                && let Some((start, permission)) = name.split_once('.')
                && start.eq_ignore_ascii_case("$permission")
            {
                self.permission.get_or_insert_with(|| permission.to_owned());
            }
        });
    }

    /// The error message without the stage that `ekiden build` puts before it.
    pub(super) fn message(&self, message: &str) -> String {
        let rest = self.pipeline.stages.iter().find_map(|stage| {
            message.strip_prefix(stage.title.as_str()).and_then(|rest| rest.strip_prefix(": "))
        });
        rest.filter(|rest| !rest.is_empty()).unwrap_or(message).to_owned()
    }

    /// The same in another language.
    pub(super) fn message_in(&self, tag: &str, message: &str) -> String {
        let said =
            self.titles.iter().filter_map(|said| said.iter().find(|(known, _)| known == tag));
        let rest = said
            .filter_map(|(_, title)| message.strip_prefix(title.as_str())?.strip_prefix(": "))
            .find(|rest| !rest.is_empty());
        rest.map_or_else(|| self.message(message), str::to_owned)
    }

    /// The API names of the fields that it uses.
    pub(super) fn used(&self) -> Vec<&str> {
        let read = self.placed.iter().filter_map(|placed| placed.cond.as_ref());
        let collected = self.collect.iter().flatten().map(String::as_str);
        let ways = self.ways.iter().map(|(_, cond)| cond);
        read.chain(ways).flat_map(Cond::fields).chain(collected).collect()
    }

    /// The moves as they are written.
    pub(super) fn written(&self) -> Vec<Move> {
        self.moves
            .iter()
            .map(|(from, to)| Move {
                from: *from,
                to: *to,
                title: None,
                word: Some(self.word(*from, *to)),
                when: None,
                after: None,
            })
            .collect()
    }
}
