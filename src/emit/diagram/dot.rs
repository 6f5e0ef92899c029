//! Graphviz DOT.
//!
//! Every id and label is a quoted string; backslashes and ampersands are doubled and spelled out,
//! because Graphviz reads escapes and entities inside quotes.

use std::fmt::Write;

use super::arrows::{Arrow, Kind, Teams};
use super::short;
use crate::emit::sentence::Sentences;
use crate::model::{Outcome, Process, StageId, TeamId, TransitionKind};

/// `newrank`: without it Graphviz fails on some graphs whose clusters are linked both ways.
const HEAD: &str = "  graph [newrank=\"true\", fontname=\"Helvetica\", labeljust=\"l\"]
  node [shape=\"box\", style=\"rounded,filled\", fillcolor=\"white\", fontname=\"Helvetica\"]
  edge [fontname=\"Helvetica\", fontsize=\"10\"]
";

/// The stages, in a cluster for the team that owns them.
pub(super) fn stages(
    process: &Process,
    arrows: &[Arrow<StageId>],
    words: &Sentences<'_>,
) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=\"TB\"\n{HEAD}", quoted(&process.name));
    let (of_team, alone) = super::arrows::by_team(process);
    for (team, stages) in of_team {
        let team = &process.teams[team];
        let _ = writeln!(out, "  subgraph {} {{", quoted(&format!("cluster_{}", team.name)));
        let _ = writeln!(out, "    label={}", quoted(words.text(&team.title)));
        stages.iter().for_each(|stage| node(&mut out, "    ", process, *stage, words));
        out.push_str("  }\n");
    }
    alone.iter().for_each(|stage| node(&mut out, "  ", process, *stage, words));
    for stage in process.stages.values().filter(|stage| stage.entry.is_some()) {
        let (start, stage) = (format!("e_{}", stage.name), format!("s_{}", stage.name));
        let _ = writeln!(out, "  {} -> {}", quoted(&start), quoted(&stage));
    }
    for arrow in arrows {
        let name = |id: StageId| format!("s_{}", process.stages[id].name);
        edge(&mut out, &name(arrow.from), &name(arrow.to), arrow.kind, &arrow.label);
    }
    out.push_str("}\n");
    out
}

/// The teams, what they hand over and which goals they share.
pub(super) fn teams(process: &Process, teams: &Teams, words: &Sentences<'_>) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=\"LR\"\n{HEAD}", quoted(&process.name));
    let name = |id: TeamId| format!("t_{}", process.teams[id].name);
    for (id, team) in process.teams.iter() {
        let _ =
            writeln!(out, "  {} [label={}]", quoted(&name(id)), quoted(words.text(&team.title)));
    }
    for (goal, _) in &teams.circles {
        let goal = &process.goals[*goal];
        let _ = writeln!(
            out,
            "  {} [label={}, shape=\"ellipse\", style=\"filled\", fillcolor=\"#fff6d6\"]",
            quoted(&format!("g_{}", goal.name)),
            quoted(words.text(&goal.title)),
        );
    }
    for arrow in &teams.handoffs {
        edge(&mut out, &name(arrow.from), &name(arrow.to), arrow.kind, &arrow.label);
    }
    let shared = "dir=\"none\", color=\"#a8862a\", penwidth=\"2\", constraint=\"false\"";
    for (one, other, titles) in &teams.pairs {
        let ends = (quoted(&name(*one)), quoted(&name(*other)));
        let _ = writeln!(out, "  {} -> {} [label={}, {shared}]", ends.0, ends.1, quoted(titles));
    }
    for (goal, members) in &teams.circles {
        let goal = quoted(&format!("g_{}", process.goals[*goal].name));
        for member in members {
            let _ = writeln!(out, "  {} -> {goal} [{shared}]", quoted(&name(*member)));
        }
    }
    out.push_str("}\n");
    out
}

fn node(out: &mut String, indent: &str, process: &Process, id: StageId, words: &Sentences<'_>) {
    let stage = &process.stages[id];
    if stage.entry.is_some() {
        let start = quoted(&format!("e_{}", stage.name));
        let _ = writeln!(
            out,
            "{indent}{start} [label=\"\", shape=\"circle\", width=\"0.15\", fillcolor=\"#444444\"]"
        );
    }
    let mut more = String::new();
    match stage.outcome {
        Some(Outcome::Won) => more.push_str(", fillcolor=\"#d9f2e1\", color=\"#2e7d4f\""),
        Some(Outcome::Lost) => more.push_str(", fillcolor=\"#f7dcdc\", color=\"#a33a3a\""),
        Some(Outcome::Void) => more.push_str(", fillcolor=\"#e8e8e8\", color=\"#777777\""),
        None if stage.draft => more.push_str(", style=\"rounded,filled,dashed\""),
        None => {}
    }
    if stage.is_final {
        more.push_str(", peripheries=\"2\"");
    }
    let name = quoted(&format!("s_{}", stage.name));
    let _ = writeln!(out, "{indent}{name} [label={}{more}]", quoted(words.text(&stage.title)));
}

fn edge(out: &mut String, from: &str, to: &str, kind: Kind, label: &str) {
    let mut attributes = Vec::new();
    if !label.is_empty() {
        attributes.push(format!("label={}", quoted(label)));
    }
    match kind {
        Kind::Move(TransitionKind::Advance) => {}
        // Ways back must not turn the layout around.
        Kind::Move(TransitionKind::Recycle) => {
            attributes.push("style=\"dashed\", constraint=\"false\"".to_owned());
        }
        Kind::Move(TransitionKind::Lose) => attributes.push("style=\"dotted\"".to_owned()),
        Kind::Starts => attributes.push("style=\"bold\"".to_owned()),
    }
    let attributes = match attributes.is_empty() {
        true => String::new(),
        false => format!(" [{}]", attributes.join(", ")),
    };
    let _ = writeln!(out, "  {} -> {}{attributes}", quoted(from), quoted(to));
}

/// A quoted string whose text is shown as it is.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in short(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
