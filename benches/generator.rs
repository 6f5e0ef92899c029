//! Makes processes of any size: for benches, and for trying the tool on something large.

use std::fmt::Write;

/// A sound process of `stages` stages in a chain, each with an owner, a limit, three criteria and
/// two transitions (forward, and back to the pool), split over `teams` teams.
pub(crate) fn process(stages: usize, teams: usize) -> String {
    let teams = teams.max(1);
    let mut out = String::with_capacity(stages * 520 + 1000);
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = out.write_fmt(text);
        out.push('\n');
    };
    line(format_args!(
        "process generated \"Generated\" {{ currency EUR timezone \"Europe/Berlin\" }}"
    ));
    for team in 0..teams {
        line(format_args!(
            "team team_{team} \"Team {team}\" {{ role role_{team} \"Role {team}\" }}"
        ));
    }
    line(format_args!(
        "record deal \"Deal\" {{\n  amount money \"Amount\"\n  contact text \"Contact\"\n  size number \"Employees\" at least 1\n  seen datetime \"Last contact\"\n}}"
    ));
    for stage in 0..stages {
        let team = stage * teams / stages.max(1);
        let next =
            if stage + 1 == stages { "won".to_owned() } else { format!("stage_{}", stage + 1) };
        let entry = if stage == 0 { "\n  entry    from [web]" } else { "" };
        line(format_args!(
            r#"
stage stage_{stage} "Stage number {stage}" {{
  record   deal{entry}
  owner    role_{team}
  purpose  "Bring the deal from step {stage} to the next one."
  next     "Call, and write down what was said."
  collect  [amount, contact, size, seen]
  limit    {limit} business days target 4 business hours escalate to team_{team}

  exit when {{
    amount_known "The amount is firm"      amount > {stage} EUR
    contact_met  "We met the contact"      contact is present  if size >= 100
    recent       "We spoke lately"         days since seen <= 14 and not (size < 1 or amount is missing)
  }}

  advance to {next} when size > {size} handoff within 4 business hours carries [amount, contact]
  recycle to pool after 30d at most 3 times
}}"#,
            limit = stage % 9 + 1,
            size = stage % 7,
        ));
    }
    line(format_args!(
        "stage pool \"Pool\" {{ record deal owner team_0 purpose \"Wait for a better time.\" next \"Write.\" collect [amount, contact, size, seen] limit 90d advance to stage_0 when event came_back after 30d lose to lost after 2y }}"
    ));
    let last = teams - 1;
    line(format_args!("stage won \"Won\" {{ record deal owner team_{last} outcome won final }}"));
    line(format_args!(
        "stage lost \"Lost\" {{ record deal owner team_{last} outcome lost recycle to pool after 90d }}"
    ));
    let shared: Vec<String> = (0..teams).map(|team| format!("team_{team}")).collect();
    line(format_args!(
        "goal all \"All together\" {{ shared by [{}] measure conversion from stage_0 to won within 1y target at least 20% every year }}",
        shared.join(", ")
    ));
    out
}
