//! Mermaid flowcharts.
//!
//! Ids are prefixed, so that a stage called `end` or `class` is no keyword; every label is quoted,
//! and the signs that mean something to Mermaid inside quotes are written as entities.

use std::fmt::Write;

use super::arrows::{Arrow, Kind, Teams};
use super::short;
use crate::emit::sentence::Sentences;
use crate::model::{Outcome, Process, StageId, TeamId, TransitionKind};

/// Dashes and dots, which Mermaid itself does not tell apart.
const DASHED: &str = "stroke-dasharray:7 4";
const DOTTED: &str = "stroke-dasharray:2 4";

const CLASSES: &str = "  classDef start fill:#444,stroke:#444,color:#fff
  classDef won fill:#d9f2e1,stroke:#2e7d4f,color:#10331f
  classDef lost fill:#f7dcdc,stroke:#a33a3a,color:#401313
  classDef void fill:#e8e8e8,stroke:#777,color:#333
  classDef draft stroke-dasharray:3 3
";

/// The stages, grouped by the team that owns them.
pub(super) fn stages(
    process: &Process,
    arrows: &[Arrow<StageId>],
    words: &Sentences<'_>,
) -> String {
    let mut out = String::from("flowchart TB\n");
    let (of_team, alone) = super::arrows::by_team(process);
    for (team, stages) in of_team {
        let team = &process.teams[team];
        let title = label(words.text(&team.title));
        let _ = writeln!(out, "  subgraph t_{}[\"{title}\"]", team.name);
        stages.iter().for_each(|stage| node(&mut out, "    ", process, *stage, words));
        out.push_str("  end\n");
    }
    alone.iter().for_each(|stage| node(&mut out, "  ", process, *stage, words));
    let mut drawn = 0usize;
    for stage in process.stages.values().filter(|stage| stage.entry.is_some()) {
        let _ = writeln!(out, "  e_{0} --> s_{0}", stage.name);
        drawn += 1;
    }
    let ends = arrows.iter().map(|arrow| {
        let name = |id: StageId| format!("s_{}", process.stages[id].name);
        (name(arrow.from), name(arrow.to), arrow.kind, arrow.label.as_str())
    });
    edges(&mut out, ends, &mut drawn);
    out.push_str(CLASSES);
    out
}

/// The teams, what they hand over and which goals they share.
pub(super) fn teams(process: &Process, teams: &Teams, words: &Sentences<'_>) -> String {
    let mut out = String::from("flowchart LR\n");
    for team in process.teams.values() {
        let title = label(words.text(&team.title));
        let _ = writeln!(out, "  t_{}[\"{title}\"]", team.name);
    }
    for (goal, _) in &teams.circles {
        let goal = &process.goals[*goal];
        let title = label(words.text(&goal.title));
        let _ = writeln!(out, "  g_{}([\"{title}\"]):::goal", goal.name);
    }
    let name = |id: TeamId| format!("t_{}", process.teams[id].name);
    let mut drawn = 0usize;
    let ends = teams
        .handoffs
        .iter()
        .map(|arrow| (name(arrow.from), name(arrow.to), arrow.kind, arrow.label.as_str()));
    edges(&mut out, ends, &mut drawn);
    for (one, other, titles) in &teams.pairs {
        let _ = writeln!(out, "  {} === |\"{}\"| {}", name(*one), label(titles), name(*other));
    }
    for (goal, members) in &teams.circles {
        for member in members {
            let _ = writeln!(out, "  {} === g_{}", name(*member), process.goals[*goal].name);
        }
    }
    out.push_str("  classDef goal fill:#fff6d6,stroke:#a8862a,color:#3d3110\n");
    out
}

fn node(out: &mut String, indent: &str, process: &Process, id: StageId, words: &Sentences<'_>) {
    let stage = &process.stages[id];
    let title = label(words.text(&stage.title));
    let name = &stage.name;
    if stage.entry.is_some() {
        let _ = writeln!(out, "{indent}e_{name}((\" \")):::start");
    }
    let class = match stage.outcome {
        Some(Outcome::Won) => ":::won",
        Some(Outcome::Lost) => ":::lost",
        Some(Outcome::Void) => ":::void",
        None if stage.draft => ":::draft",
        None => "",
    };
    let _ = match (stage.outcome.is_some(), stage.is_final) {
        (_, true) => writeln!(out, "{indent}s_{name}[[\"{title}\"]]{class}"),
        (true, false) => writeln!(out, "{indent}s_{name}([\"{title}\"]){class}"),
        (false, false) => writeln!(out, "{indent}s_{name}[\"{title}\"]{class}"),
    };
}

/// Draws arrows after `drawn` others, and styles those that Mermaid has no arrow for.
fn edges<'e>(
    out: &mut String,
    arrows: impl Iterator<Item = (String, String, Kind, &'e str)>,
    drawn: &mut usize,
) {
    let (mut dashed, mut dotted) = (Vec::new(), Vec::new());
    for (from, to, kind, text) in arrows {
        let line = match kind {
            Kind::Move(TransitionKind::Advance) => "-->",
            Kind::Move(TransitionKind::Recycle) => {
                dashed.push(drawn.to_string());
                "-.->"
            }
            Kind::Move(TransitionKind::Lose) => {
                dotted.push(drawn.to_string());
                "-.->"
            }
            Kind::Starts => "==>",
        };
        *drawn += 1;
        let _ = match text.is_empty() {
            true => writeln!(out, "  {from} {line} {to}"),
            false => writeln!(out, "  {from} {line} |\"{}\"| {to}", label(text)),
        };
    }
    for (which, style) in [(dashed, DASHED), (dotted, DOTTED)] {
        if !which.is_empty() {
            let _ = writeln!(out, "  linkStyle {} {style}", which.join(","));
        }
    }
}

/// A label that may stand between quotes. Mermaid before 12 reads it as Markdown: what begins like the
/// item of a list is not shown at all.
pub(crate) fn label(text: &str) -> String {
    let text = short(text);
    let bullet = bullet(&text);
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '.' if bullet == Some(at) => out.push_str("#46;"),
            ')' if bullet == Some(at) => out.push_str("#41;"),
            '-' if bullet == Some(at) => out.push_str("#45;"),
            '+' if bullet == Some(at) => out.push_str("#43;"),
            '*' => out.push_str("#42;"),
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            '\\' => out.push_str("#92;"),
            // `%%` would begin a comment or a directive.
            '%' if out.ends_with('%') => out.push_str("#37;"),
            c => out.push(c),
        }
    }
    if out.is_empty() { " ".to_owned() } else { out }
}

/// Where the sign stands that would make a text the item of a list: `1. First`, `- first`.
fn bullet(text: &str) -> Option<usize> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let rest = text.get(digits..)?;
    let sign = rest.chars().next()?;
    let is_sign = if digits == 0 { matches!(sign, '-' | '+') } else { matches!(sign, '.' | ')') };
    (is_sign && rest.get(1..).is_some_and(|rest| rest.starts_with(' '))).then_some(digits)
}
