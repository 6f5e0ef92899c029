//! `trap`: a region one can enter but never leave to an outcome.

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Id, Outcome, StageId};

pub(crate) static RULE: Rule = Rule {
    name: "trap",
    family: Family::Flow,
    summary: "stages that move records among themselves for ever, without an outcome",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/trap.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let graph = &context.stages;
    // Where records begin: where they come in, and where other records start them.
    let begun = graph
        .from_entries()
        .stages()
        .iter()
        .flat_map(|stage| process.stages[*stage].starts.iter().map(|(_, target)| *target));
    let sources = graph.entries().iter().copied().chain(begun);
    // A customer who circles between use and renewal has been won: what lies behind a win is no
    // trap.
    let moves_before_winning = |from: StageId, edge: Edge, _| {
        edge != Edge::Starts && process.stages[from].outcome != Some(Outcome::Won)
    };
    let reached = graph.reach(sources, moves_before_winning);
    // A stage that is not finished may yet get a way out.
    let ends = process
        .stages
        .iter()
        .filter(|(id, stage)| !stage.is_open() || stage.is_final || context.is_unfinished(*id));
    let escapes = graph.reach_back(ends.map(|(id, _)| id), |_, edge, _| edge != Edge::Starts);
    let stuck = |stage: StageId| reached.contains(stage) && !escapes.contains(stage);
    if !reached.stages().iter().any(|stage| stuck(*stage)) {
        return;
    }
    let inside = |from, edge, to| edge != Edge::Starts && stuck(from) && stuck(to);
    for component in graph.components(inside) {
        // One stage alone is a dead end, or leads to one.
        let ([first, _, ..], true) = (component.as_slice(), component.iter().all(|s| stuck(*s)))
        else {
            continue;
        };
        let leaves = |stage: &StageId| {
            graph
                .successors(*stage)
                .any(|(to, edge)| edge != Edge::Starts && component.binary_search(&to).is_err())
        };
        // The cause lies where it leads.
        if component.iter().any(leaves) {
            continue;
        }
        let nearest = component.iter().min_by_key(|stage| {
            (reached.arrival(**stage).map_or(u32::MAX, |arrival| arrival.steps), stage.index())
        });
        let gate = *nearest.unwrap_or(first);
        let around = graph.reach([gate], inside);
        // The nearest stage that leads back; there is one, or this were no component.
        let closing = component
            .iter()
            .flat_map(|stage| graph.successors(*stage).map(|(to, edge)| (*stage, edge, to)))
            .filter(|(_, edge, to)| *to == gate && *edge != Edge::Starts)
            .min_by_key(|(stage, ..)| around.arrival(*stage).map_or(u32::MAX, |a| a.steps));
        let Some((last, edge, _)) = closing else { continue };
        let round = story::round(context, &around, gate, (last, edge));
        let name = |stage: &StageId| process.stages[*stage].name.as_str();
        let region = story::names(component.iter().map(name));
        let mut finding = RULE
            .finding(
                process.stages[gate].span,
                format!("records that get to {region} never reach an outcome"),
            )
            .reason("they come in here")
            .story(format!(
                "{}, {round}, and so on for ever: no way leads from {region} to an outcome",
                story::along(context, &reached, gate)
            ))
            .help(
                "let one of these stages move on to a stage with an `outcome`, or mark one `final`",
            );
        for other in component.iter().filter(|stage| **stage != gate).take(3) {
            finding = finding.label(process.stages[*other].span, "and circle through here");
        }
        findings.push(finding);
    }
}
