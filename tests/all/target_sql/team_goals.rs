//! Goals by team, over a history that can be counted by hand, in every database that runs here.

use super::lakes::{Engines, RUN};
use super::logic::moment_for;
use super::numbers::plain;
use super::{created, emit, process, text};

/// One team reaches a goal by two of its roles, one shares it with a role of another, one has it
/// alone; and one goal has no target.
const PROCESS: &str = r#"
process teams "Teams" { currency EUR  timezone "Europe/Berlin" }
team marketing { role sdr role writer }
team sales { role ae }
record lead { need text }
stage inquiry { record lead  owner sdr  entry  advance to won }
stage won { record lead  owner ae  outcome won  final }
goal reach { shared by [sdr, writer] measure entries into inquiry target at least 2 every month }
goal wins { shared by [sales, sdr] measure entries into won target at least 1 every month }
goal slow { shared by [ae] measure p90 time in inquiry target at most 24h every month }
goal volume { shared by [ae, sales] measure entries into inquiry }
"#;

/// Record, stage before, stage, when. By the clock of Berlin the third lead came in February.
const MOVES: &[(u32, &str, &str, &str)] = &[
    (1, "", "inquiry", "2026-01-10T09:00:00Z"),
    (2, "", "inquiry", "2026-01-20T09:00:00Z"),
    (2, "inquiry", "won", "2026-01-21T09:00:00Z"),
    (3, "", "inquiry", "2026-01-31T23:30:00Z"),
    (1, "inquiry", "won", "2026-02-05T09:00:00Z"),
];

const NOW: &str = "2026-03-02T00:00:00Z";

const GOALS: &str = "SELECT team, role, teams, goal, period_start, value, target, is_met \
     FROM ekiden_team_goal ORDER BY team, goal, period_start";

const TOLD: [&str; 15] = [
    "marketing - 1 reach 2026-01-01 2 2 1",
    "marketing - 1 reach 2026-02-01 1 2 0",
    "marketing - 1 reach 2026-03-01 0 2 -",
    "marketing sdr 2 wins 2026-01-01 1 1 1",
    "marketing sdr 2 wins 2026-02-01 1 1 1",
    "marketing sdr 2 wins 2026-03-01 0 1 -",
    "sales ae 1 slow 2026-01-01 24 24 1",
    // Twenty-six days.
    "sales ae 1 slow 2026-02-01 624 24 0",
    "sales ae 1 slow 2026-03-01 - 24 -",
    "sales - 1 volume 2026-01-01 2 - -",
    "sales - 1 volume 2026-02-01 1 - -",
    "sales - 1 volume 2026-03-01 0 - -",
    "sales - 2 wins 2026-01-01 1 1 1",
    "sales - 2 wins 2026-02-01 1 1 1",
    "sales - 2 wins 2026-03-01 0 1 -",
];

const SUMMARY: &str = "SELECT team, period_start, goals, met, missed, not_judged, percent_met \
     FROM ekiden_team_goal_summary ORDER BY team, period_start";

const SUMMED: [&str; 6] = [
    "marketing 2026-01-01 2 2 0 0 100",
    "marketing 2026-02-01 2 1 1 0 50",
    "marketing 2026-03-01 2 0 0 2 -",
    "sales 2026-01-01 2 2 0 0 100",
    "sales 2026-02-01 2 1 1 0 50",
    "sales 2026-03-01 2 0 0 2 -",
];

fn lines(rows: &[Vec<String>]) -> Vec<String> {
    rows.iter()
        .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn goals_are_told_by_team() {
    let process = process(PROCESS);
    for engine in created("team_goals", &process) {
        for (id, before, stage, at) in MOVES {
            engine.accepts(&if before.is_empty() {
                format!("INSERT INTO lead (stage, stage_entered_at) VALUES ('{stage}', '{at}')")
            } else {
                format!(
                    "UPDATE lead SET stage = '{stage}', stage_entered_at = '{at}' WHERE id = {id}"
                )
            });
        }
        engine.accepts(&match engine.dialect() {
            "sqlite" => {
                format!("DROP VIEW ekiden_clock; CREATE VIEW ekiden_clock AS SELECT '{NOW}' AS now")
            }
            "postgres" => {
                format!("CREATE OR REPLACE VIEW ekiden_clock AS SELECT TIMESTAMPTZ '{NOW}' AS now")
            }
            _ => "CREATE OR REPLACE VIEW ekiden_clock AS \
                  SELECT TIMESTAMP '2026-03-02 00:00:00' AS now"
                .to_owned(),
        });
        assert_eq!(lines(&engine.rows(GOALS)), TOLD, "{}", engine.dialect());
        assert_eq!(lines(&engine.rows(SUMMARY)), SUMMED, "{}", engine.dialect());
    }
    let mut lakes = Engines::start();
    for engine in RUN {
        let output = emit("sql", &process, &[("dialects", engine)]);
        lakes.run(engine, "team_goals", text(&output, &format!("{engine}/schema.sql")));
        let now = moment_for(engine, NOW);
        let clock = format!("CREATE OR REPLACE VIEW ekiden_clock AS SELECT {now} AS now");
        lakes.run(engine, "team_goals", &clock);
        let entered = |at| moment_for(engine, at);
        let leads = format!(
            "INSERT INTO lead (id, stage, stage_entered_at) VALUES (1, 'won', {}), (2, 'won', {}), (3, 'inquiry', {})",
            entered(MOVES[4].3),
            entered(MOVES[2].3),
            entered(MOVES[3].3)
        );
        lakes.run(engine, "team_goals", &leads);
        for (number, (id, before, stage, at)) in (1..).zip(MOVES) {
            let at = moment_for(engine, at);
            let from = if before.is_empty() {
                "NULL, NULL, NULL".to_owned()
            } else {
                format!("'lead', {id}, '{before}'")
            };
            lakes.run(
                engine,
                "team_goals",
                &format!(
                    "INSERT INTO ekiden_stage_history (id, record, record_id, from_record, \
                     from_record_id, from_stage, to_stage, entered_at) \
                     VALUES ({number}, 'lead', {id}, {from}, '{stage}', {at})"
                ),
            );
        }
        let mut told = |sql: &str| lines(&lakes.ask(engine, "team_goals", "query", sql));
        assert_eq!(told(GOALS), TOLD, "{engine}");
        assert_eq!(told(SUMMARY), SUMMED, "{engine}");
    }
}
