//! `unmeasured-stage`: a part of the way that no number sees.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::graph::{Between, Edge};
use crate::lint::{Check, Context, Family, Rule, goals, story};
use crate::model::{Id, Measure, Outcome, RecordId, StageId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "unmeasured-stage",
    family: Family::Owners,
    summary: "open stages on the way to a win that no goal measures",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/unmeasured-stage.md"),
    check: Check::Process(check),
};

/// So many goals show that the way is meant to be measured; one alone is a number somebody picked.
const MEASURED_AT_ALL: usize = 2;

/// One finding for the whole process.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if goals::are_unfinished(context) {
        return;
    }
    let measures: Vec<&Measure> =
        process.goals.values().filter_map(|goal| goal.measure.as_ref()).collect();
    if measures.len() < MEASURED_AT_ALL {
        return;
    }
    let mut unmeasured = vec![false; process.stages.len()];
    let mut left = 0_usize;
    for stage in on_the_way(context) {
        // Whose owner takes part in no goal at all, `unmeasured-team` tells.
        let team = process.stage_team(stage);
        if team.is_none_or(|team| goals::is_unmeasured(context, team)) {
            continue;
        }
        if let Some(slot) = unmeasured.get_mut(stage.index()) {
            *slot = true;
            left += 1;
        }
    }
    let mut measure_at = |stage: StageId, left: &mut usize| {
        if let Some(slot) = unmeasured.get_mut(stage.index())
            && std::mem::take(slot)
        {
            *left -= 1;
        }
    };
    for (from, to) in measures.iter().filter_map(|measure| goals::ends(process, measure)) {
        measure_at(from, &mut left);
        measure_at(to, &mut left);
    }
    // What is open counts for a coverage, wherever it stands.
    let mut covered: FxHashSet<RecordId> = FxHashSet::default();
    for measure in &measures {
        let Measure::Coverage { entering, .. } = measure else { continue };
        if covered.insert(process.stages[*entering].record) {
            process.covering_stages(*entering).for_each(|stage| measure_at(stage, &mut left));
        }
    }
    let mut between = Between::new(&context.stages, process.stages.len());
    for (from, to) in measures.iter().filter_map(|measure| goals::ends(process, measure)) {
        if left == 0 {
            return;
        }
        // What is too large to be looked through is not judged.
        let Some(stages) = between.stages(from, to) else { return };
        stages.into_iter().for_each(|stage| measure_at(stage, &mut left));
    }
    let is_left = |stage: &StageId| unmeasured.get(stage.index()) == Some(&true);
    let stages: Vec<StageId> = process.stages.ids().filter(is_left).collect();
    let Some((first, others)) = stages.split_first() else { return };
    let names = story::names(stages.iter().map(|stage| process.stages[*stage].name.as_str()));
    let mut finding = RULE
        .finding(process.stages[*first].span, format!("no goal measures {names}"))
        .reason("no measure begins, ends or passes here")
        .help(format!(
            "let a goal span it, `conversion from … to …`, or watch it alone, `median time in {}`",
            process.stages[*first].name
        ));
    for other in others.iter().take(3) {
        finding = finding.label(process.stages[*other].span, "nor here");
    }
    findings.push(finding);
}

/// The open stages that a record may pass, forwards, between its entry and a win.
fn on_the_way(context: &Context<'_>) -> Vec<StageId> {
    let process = context.process;
    let forwards = |_: StageId, edge: Edge, _: StageId| match edge {
        Edge::Move(id) => process.transitions[id].kind == TransitionKind::Advance,
        Edge::Starts => true,
    };
    let won = process.stages.ids().filter(|id| process.stages[*id].outcome == Some(Outcome::Won));
    let to_won = context.stages.reach_back(won, forwards);
    let from_entry = context.stages.from_entries();
    let meant = |stage: &StageId| {
        process.stages[*stage].is_open()
            && !context.is_unfinished(*stage)
            && to_won.contains(*stage)
            && from_entry.contains(*stage)
    };
    process.stages.ids().filter(meant).collect()
}
