//! Pipeline rules: which moves HubSpot refuses, where records may begin, who approves, who edits.
//!
//! Its rules know an order of stages, not moves. Of two stages that a record goes back between, or
//! that a move leaps over, no rule can speak. A rule is given only where it refuses no declared move.

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use crate::emit::crm::{Use, brought_back};
use crate::model::{CriterionId, Process, StageId};

use super::approvals::{Unapproved, approvals};
use super::choices::Choices;
use super::object;
use super::pipelines::Pipeline;

/// The rules of a pipeline; stages are places in it.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// The stages that no record goes back from.
    pub(super) no_way_back: Vec<usize>,
    /// Those that no record leaps over.
    pub(super) no_leap: Vec<usize>,
    /// Those in which records begin; none: in all.
    pub(super) begins: Vec<usize>,
    /// Who approves that a record moves on.
    pub(super) approvals: Vec<Approval>,
    /// What somebody confirms for whom there are users, and no approval asks for.
    pub(super) unapproved: Vec<Unapproved>,
    /// The teams that alone edit records in a stage, for each stage.
    pub(super) editors: Vec<Vec<String>>,
    /// For each stage, the undeclared moves that stay open all the same.
    pub(super) left_open: Vec<Vec<usize>>,
}

/// Users who approve that a record enters a stage or goes beyond.
#[derive(Debug)]
pub(super) struct Approval {
    /// The place of the stage.
    pub(super) stage: usize,
    /// The users.
    pub(super) users: Vec<String>,
    /// Whether all of them have to approve.
    pub(super) all: bool,
    /// What they approve.
    pub(super) text: String,
    /// The criteria it stands for.
    pub(super) criteria: Vec<CriterionId>,
}

/// How the interface for rules calls an object; none for objects without rules.
pub(super) fn type_id(object: &str) -> Option<&str> {
    match object {
        "deals" => Some("0-3"),
        "tickets" => Some("0-5"),
        "leads" => Some("0-136"),
        custom if custom.starts_with("p_") || custom.starts_with("2-") => Some(custom),
        _ => None,
    }
}

/// The rules of a pipeline, none for an object that has none.
pub(super) fn rules(process: &Process, choices: &Choices, pipeline: &Pipeline) -> Option<Rules> {
    type_id(&pipeline.object)?;
    let stages: Vec<StageId> = pipeline.stages.iter().map(|stage| stage.stage).collect();
    let place = |stage: StageId| stages.iter().position(|other| *other == stage);
    let mut moves: Vec<(usize, usize)> = Vec::new();
    for (from, stage) in stages.iter().enumerate() {
        let outgoing = process.stages[*stage].outgoing.iter();
        let ways = outgoing.filter_map(|way| place(process.transitions[*way].to));
        moves.extend(ways.filter(|to| *to != from).map(|to| (from, to)));
    }
    // One that is brought back is let go, and so is one whose later record still stands.
    let declared: FxHashSet<(usize, usize)> = moves.iter().copied().collect();
    moves.extend(returns(process, &stages));
    let count = stages.len();
    let closes = |to: usize| pipeline.stages.get(to).is_some_and(|stage| stage.closed);
    let leaps = |to: usize| choices.closing_skips || !closes(to);

    let no_way_back: Vec<usize> =
        (1..count).filter(|at| !moves.iter().any(|(from, to)| from == at && to < at)).collect();
    let leapt = |at: &usize| moves.iter().any(|(from, to)| from < at && at < to && leaps(*to));
    let no_leap: Vec<usize> = (1..count.saturating_sub(1)).filter(|at| !leapt(at)).collect();

    // How far a record gets without skipping a stage that may not be skipped: to that stage.
    let mut reach = vec![count; count];
    for from in (0..count.saturating_sub(1)).rev() {
        let held = no_leap.binary_search(&(from + 1)).is_ok();
        let far = if held { from + 1 } else { reach.get(from + 1).copied().unwrap_or(count) };
        reach.get_mut(from).into_iter().for_each(|slot| *slot = far);
    }
    let permits = |from: usize, to: usize| match to < from {
        true => no_way_back.binary_search(&from).is_err(),
        false => !leaps(to) || reach.get(from).is_some_and(|far| to <= *far),
    };
    let left_open = |from: usize| {
        let others = (0..count).filter(|to| *to != from && permits(from, *to));
        others.filter(|to| !declared.contains(&(from, *to))).collect()
    };
    let left_open = (0..count).map(left_open).collect();
    let editors = stages.iter().map(|stage| {
        let owner = process.stages[*stage].owner;
        let teams = owner.and_then(|owner| choices.editors.get(&owner));
        teams.filter(|_| pipeline.object == "deals").cloned().unwrap_or_default()
    });
    let begins = begins(process, &stages);
    let (approvals, unapproved) = approvals(process, choices, pipeline, &stages, &begins);
    Some(Rules {
        begins,
        approvals,
        unapproved,
        editors: editors.collect(),
        no_way_back,
        no_leap,
        left_open,
    })
}

/// The moves that bring a record back which went on as another one, and stands where it did so.
fn returns(process: &Process, stages: &[StageId]) -> Vec<(usize, usize)> {
    let elsewhere = |stage: StageId, other: StageId| {
        process.stages[stage].record != process.stages[other].record
    };
    let place = |to: StageId| stages.iter().position(|stage| *stage == to);
    let back = stages.iter().enumerate().flat_map(|(from, stage)| {
        let back = brought_back(process, *stage, stages, elsewhere, |_| true);
        back.into_iter().map(move |to| (from, to))
    });
    back.filter_map(|(from, to)| Some((from, place(to)?))).collect()
}

/// Where records come into the process, from another type of record, or are begun by another one.
fn begins(process: &Process, stages: &[StageId]) -> Vec<usize> {
    let begun: FxHashSet<StageId> =
        process.stages.values().flat_map(|stage| &stage.starts).map(|(_, to)| *to).collect();
    let is_begin = |id: &StageId| {
        let stage = &process.stages[*id];
        let handed = stage.incoming.iter().map(|way| process.transitions[*way].from);
        stage.entry.is_some()
            || handed.into_iter().any(|from| process.stages[from].record != stage.record)
            || begun.contains(id)
    };
    let begins = stages.iter().enumerate().filter(|(_, id)| is_begin(id));
    begins.map(|(at, _)| at).collect()
}

impl Rules {
    /// Whether there is anything to set.
    pub(super) fn is_empty(&self) -> bool {
        self.no_way_back.is_empty()
            && self.no_leap.is_empty()
            && self.begins.is_empty()
            && self.approvals.is_empty()
    }

    /// Whether somebody alone edits records in a stage.
    pub(super) fn has_editors(&self) -> bool {
        self.editors.iter().any(|teams| !teams.is_empty())
    }

    /// The body of the request that sets the rules, and where ids stand in it.
    pub(super) fn body(&self, process: &Process, pipeline: &Pipeline) -> (Value, Vec<Use>) {
        let count = pipeline.stages.len();
        let mut uses = Vec::new();
        let mut ids = |at: &str, stages: &[usize]| -> Value {
            let stages = stages.iter().enumerate();
            let ids = stages.map(|(index, stage)| {
                let stage = Use::stage(process, pipeline, *stage, format!("{at}/{index}"));
                let text = stage.text();
                uses.push(stage);
                text
            });
            Value::Array(ids.map(Value::String).collect())
        };
        // The rule for all stages and the list exclude each other.
        let mut rule = |name: &str, stages: &[usize], most: usize| {
            let all = most > 0 && stages.len() == most;
            let at = format!("/governanceValidationRules/{name}/pipelineStageIds");
            let listed = if all { &[] } else { stages };
            json!({ "enabledForAllStages": all, "pipelineStageIds": ids(&at, listed) })
        };
        let back = rule("noBackwardsMovementRule", &self.no_way_back, count.saturating_sub(1));
        let leap = rule("noSkippingStagesRule", &self.no_leap, count.saturating_sub(2));
        let at = "/governanceValidationRules/objectCreationRule/pipelineStageIds";
        let begins = json!({ "pipelineStageIds": ids(at, &self.begins) });
        let mut approvals = Vec::new();
        for (index, approval) in self.approvals.iter().enumerate() {
            let at = format!("/approvalStageRules/{index}/pipelineStageId");
            let stage = Use::stage(process, pipeline, approval.stage, at);
            approvals.push(json!({
                "pipelineStageId": stage.text(),
                "approverUserIds": approval.users,
                "approvalMode": if approval.all { "ALL" } else { "ANY" },
                "approvalComment": approval.text,
            }));
            uses.push(stage);
        }
        let body = object([
            (
                "governanceValidationRules",
                Some(json!({
                    "noBackwardsMovementRule": back,
                    "noSkippingStagesRule": leap,
                    "objectCreationRule": begins,
                })),
            ),
            ("approvalStageRules", (!approvals.is_empty()).then_some(Value::Array(approvals))),
        ]);
        (body, uses)
    }

    /// The body of the request that says who edits records in each stage.
    pub(super) fn permissions(&self, process: &Process, pipeline: &Pipeline) -> (Value, Vec<Use>) {
        let mut uses = Vec::new();
        let mut stages = Vec::new();
        for (at, teams) in self.editors.iter().enumerate() {
            let stage = Use::stage(process, pipeline, at, format!("/stages/{at}/pipelineStageId"));
            let open = teams.is_empty();
            stages.push(object([
                ("pipelineStageId", Some(json!(stage.text()))),
                ("permissionMode", Some(json!(if open { "OPEN" } else { "RESTRICTED" }))),
                ("teamIds", (!open).then(|| json!(teams))),
            ]));
            uses.push(stage);
        }
        (json!({ "stages": stages }), uses)
    }
}

impl Use {
    /// The id of a stage of a pipeline.
    fn stage(process: &Process, pipeline: &Pipeline, stage: usize, pointer: String) -> Self {
        let name =
            pipeline.stages.get(stage).map(|stage| process.stages[stage.stage].name.as_str());
        Self::value(format!("stage.{}", name.unwrap_or_default()), pointer)
    }
}
