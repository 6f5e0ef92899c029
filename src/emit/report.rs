//! Reports as plain text, for a terminal and for mail.

use unicode_width::UnicodeWidthStr;

use super::view::{Ref, SiloBoundary, SiloGap, SiloHandoff, SiloReport, SiloRole, SiloTeam};
use crate::diag::render::one_line;
use crate::report::silos::PART;

/// Titles longer than this are cut in tables.
const WIDEST_TITLE: usize = 28;
/// Things a line names before it says how many more there are.
const FEW: usize = 2;
/// Gaps, and handoffs of a boundary, that are told one by one; the weakest boundary comes first.
const MANY: usize = 20;

/// The silo report as text. What matters most stands first: the numbers, then what to do, then what it
/// is made of.
pub fn silos(report: &SiloReport<'_>) -> String {
    let mut out = format!("Silo report: {}\n", one_line(report.process));
    let Some(number) = report.number else {
        out.push_str("\nNo team hands records over to another: there is no boundary to look at.\n");
        rest(report, &mut out);
        return out;
    };
    let (count, teams) = (report.boundaries.len(), report.teams.len());
    let at = if count == 1 { "1 boundary".to_owned() } else { format!("{count} boundaries") };
    out.push_str(&format!("{number} of 100 points over {at} between {teams} teams\n\n"));
    table(report, &mut out);
    out.push_str(&format!(
        "\nEach column is worth {PART} points: a clock for the receiver, a parcel of facts, terms on which\n\
         the receiver takes it, a goal that both share, feedback to the sender.\n"
    ));
    gaps(report, &mut out);
    for boundary in &report.boundaries {
        let (between, number) = (pair(&boundary.from, &boundary.to), boundary.number);
        out.push_str(&format!("\n{between}: {number} of 100\n"));
        details(boundary, &mut out);
    }
    rest(report, &mut out);
    out
}

fn table(report: &SiloReport<'_>, out: &mut String) {
    let names: Vec<(String, String)> = report
        .boundaries
        .iter()
        .map(|boundary| (short(&boundary.from), short(&boundary.to)))
        .collect();
    let widest = |of: fn(&(String, String)) -> &str, head: &str| {
        names.iter().map(|pair| of(pair).width()).max().unwrap_or(0).max(head.width())
    };
    let (from, to) = (widest(|pair| &pair.0, "from"), widest(|pair| &pair.1, "to"));
    out.push_str(&format!(
        "{}  {}  points  clock  parcel  terms  goal  feedback\n",
        padded("from", from),
        padded("to", to)
    ));
    for (boundary, (giver, taker)) in report.boundaries.iter().zip(&names) {
        let parts = boundary.parts;
        out.push_str(&format!(
            "{}  {}  {:>6}  {:>5}  {:>6}  {:>5}  {:>4}  {:>8}\n",
            padded(giver, from),
            padded(taker, to),
            boundary.number,
            parts.clock,
            parts.parcel,
            parts.terms,
            parts.goal,
            parts.feedback
        ));
    }
}

fn gaps(report: &SiloReport<'_>, out: &mut String) {
    let gaps = || report.boundaries.iter().flat_map(|boundary| &boundary.gaps);
    if gaps().next().is_none() {
        out.push_str("\nNothing is missing at any boundary.\n");
        return;
    }
    out.push_str("\nWhat would close the gaps\n");
    for gap in gaps().take(MANY) {
        out.push_str(&format!("  +{:<3} {}\n", gap.points, advice(gap)));
        let place = match &gap.stage {
            Some(stage) => format!("in stage {}: ", stage.name),
            None => String::new(),
        };
        out.push_str(&format!("       {place}{}\n", gap.clause));
    }
    more(gaps().count(), "", out);
}

/// How many things are left out of a list of so many.
fn more(count: usize, indent: &str, out: &mut String) {
    if let Some(left @ 1..) = count.checked_sub(MANY) {
        out.push_str(&format!("{indent}  and {left} more: `--format json` has them all\n"));
    }
}

fn advice(gap: &SiloGap<'_>) -> String {
    let (team, other) = (title(&gap.team), title(&gap.other));
    let stage = gap.stage.as_ref().map(title).unwrap_or_default();
    match gap.part {
        "clock" => format!("Say how soon {team} acts on what comes from {stage}"),
        "parcel" => format!("Let {team} hand over what it learnt in {stage}"),
        "terms" => format!("Let {team} say on what terms it takes what comes from {stage}"),
        "goal" => format!("Let {team} and {other} share a goal"),
        _ => format!("Let {team} tell {other} what became of its records"),
    }
}

fn details(boundary: &SiloBoundary<'_>, out: &mut String) {
    for handoff in boundary.handoffs.iter().take(MANY) {
        out.push_str(&format!("  handoff   {}\n", pair(&handoff.from, &handoff.to)));
        out.push_str(&format!("            {}\n", terms(handoff)));
    }
    more(boundary.handoffs.len(), "        ", out);
    let goals: Vec<String> = boundary.goals.iter().map(title).collect();
    out.push_str(&format!("  goals     {}\n", some(&goals, "none is shared")));
    let told: Vec<String> = boundary
        .feedback
        .iter()
        .map(|told| match &told.every {
            Some(every) => format!("{} ({})", title(&told.feedback), one_line(every)),
            None => title(&told.feedback),
        })
        .collect();
    let none = match boundary.returns {
        true => "none, but records come back with a reason",
        false => "none: a one-way street",
    };
    out.push_str(&format!("  feedback  {}\n", some(&told, none)));
}

/// "within 4 business hours, carries 3 fields, accepted on terms"
fn terms(handoff: &SiloHandoff<'_>) -> String {
    let clock = match (&handoff.within, &handoff.limit) {
        (Some(within), _) => format!("within {}", one_line(within)),
        (None, Some(limit)) => format!("at most {} in the stage", one_line(limit)),
        (None, None) if handoff.clock => "the end of the line".to_owned(),
        (None, None) => "no clock".to_owned(),
    };
    let parcel = match handoff.carries.as_slice() {
        [] => "carries nothing".to_owned(),
        [one] => format!("carries {}", title(one)),
        many => format!("carries {} fields", many.len()),
    };
    let agreed = match (&handoff.accept, handoff.enter.len()) {
        (Some(_), _) => "accepted on terms".to_owned(),
        (None, 0) => "no terms".to_owned(),
        (None, 1) => "1 entry criterion".to_owned(),
        (None, count) => format!("{count} entry criteria"),
    };
    format!("{clock}; {parcel}; {agreed}")
}

/// What is no matter of one boundary.
fn rest(report: &SiloReport<'_>, out: &mut String) {
    out.push('\n');
    let pairs: Vec<String> = report.one_way.iter().map(|way| pair(&way.from, &way.to)).collect();
    out.push_str(&format!("One-way streets       {}\n", all(&pairs)));
    let backs: Vec<String> = report
        .other_moves
        .iter()
        .map(|way| {
            let (count, moves) = (way.moves, if way.moves == 1 { "move" } else { "moves" });
            format!("{}, {count} {moves}", pair(&way.from, &way.to))
        })
        .collect();
    out.push_str(&format!("Other moves           {}\n", all(&backs)));
    let people: Vec<String> = report
        .people
        .iter()
        .map(|person| {
            let stages: Vec<String> = person.stages.iter().map(title).collect();
            format!("{}, in {}", title(&person.role), some(&stages, ""))
        })
        .chain(report.bridges.iter().map(|team| {
            format!("{}, through which alone shared goals connect the others", title(team))
        }))
        .collect();
    out.push_str(&format!("Single points         {}\n", all(&people)));
    let fields: Vec<String> = report
        .own_fields
        .iter()
        .map(|own| {
            let fields: Vec<String> = own.fields.iter().map(title).collect();
            format!("{}: {}", title(&own.team), some(&fields, ""))
        })
        .collect();
    out.push_str(&format!("Seen by one team only {}\n", all(&fields)));
    let teams: Vec<String> = report.teams.iter().map(team).collect();
    out.push_str(&format!("Teams                 {}\n", all(&teams)));
}

/// "Sales (Account executive 5, Sales manager 1)"
fn team(of: &SiloTeam<'_>) -> String {
    let role = |role: &SiloRole<'_>| match role.headcount {
        Some(count) => format!("{} {count}", title(&role.role)),
        None => title(&role.role),
    };
    let roles: Vec<String> = of.roles.iter().map(role).collect();
    match roles.is_empty() {
        true => title(&of.team),
        false => format!("{} ({})", title(&of.team), roles.join(", ")),
    }
}

/// Items one below the other, under the second column.
fn all(items: &[String]) -> String {
    match items {
        [] => "none".to_owned(),
        items => items.join("\n                      "),
    }
}

fn some(items: &[String], none: &str) -> String {
    match items.split_at_checked(FEW) {
        Some((first, rest @ [_, ..])) => format!("{} and {} more", first.join(", "), rest.len()),
        _ if items.is_empty() => none.to_owned(),
        _ => items.join(", "),
    }
}

fn pair(from: &Ref<'_>, to: &Ref<'_>) -> String {
    format!("{} → {}", title(from), title(to))
}

fn title(of: &Ref<'_>) -> String {
    one_line(of.title)
}

fn short(of: &Ref<'_>) -> String {
    let title = title(of);
    let mut kept = String::new();
    for c in title.chars() {
        kept.push(c);
        if kept.width() > WIDEST_TITLE {
            kept.pop();
            kept.push('…');
            break;
        }
    }
    kept
}

fn padded(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(spaces))
}
