//! Numbers of a process unlike the examples: names that are reserved words, titles in Korean, a holiday, a stage after
//! the sale at which the process ends. All of it is small enough to be counted by hand.

use super::created_with;
use super::engine::Engine;
use crate::crm_support::process;

/// By the clock of Seoul, nine hours ahead. Monday 2 March is a holiday.
const STORY: &[(&str, &str)] = &[
    (
        "02-27T08:00",
        r#"INSERT INTO "order" ("select", stage, stage_entered_at) VALUES ('용산', 'select', NOW)"#,
    ),
    (
        "03-03T00:00",
        r#"INSERT INTO "order" ("select", "from", stage, stage_entered_at) VALUES ('it''s "Mapo"; --', '2026-04-01', 'select', NOW)"#,
    ),
    ("03-03T01:00", r#"UPDATE "order" SET stage = 'wait', stage_entered_at = NOW WHERE id = 1"#),
    (
        "03-03T03:00",
        r#"INSERT INTO "group" (order_id, "table", "where", stage, stage_entered_at) VALUES (2, 900, 'river', 'check', NOW)"#,
    ),
    ("03-05T03:00", r#"UPDATE "group" SET stage = 'union', stage_entered_at = NOW WHERE id = 1"#),
    (
        "03-06T00:00",
        r#"INSERT INTO "primary" (group_id, "key", stage, stage_entered_at) VALUES (1, 30, 'commit', NOW)"#,
    ),
    (
        "03-09T00:00",
        r#"INSERT INTO "order" ("select", "from", stage, stage_entered_at) VALUES ('강남', '2026-05-01', 'select', NOW)"#,
    ),
    (
        "03-09T05:00",
        r#"INSERT INTO "group" (order_id, "table", stage, stage_entered_at) VALUES (3, 500, 'check', NOW)"#,
    ),
];

/// What has happened by Monday 16 March, 9 o'clock in Seoul.
fn told() -> Vec<Engine> {
    let process = process(include_str!("rental.ekiden"));
    let engines = created_with("rental", &process, &[]);
    // MariaDB quotes names in another way.
    let engines: Vec<Engine> =
        engines.into_iter().filter(|engine| engine.dialect() != "mariadb").collect();
    for engine in &engines {
        for (at, statement) in STORY {
            engine.accepts(&statement.replace("NOW", &format!("'2026-{at}:00Z'")));
        }
        engine.accepts(match engine.dialect() {
            "sqlite" => {
                "DROP VIEW ekiden_clock; \
                 CREATE VIEW ekiden_clock AS SELECT '2026-03-16T00:00:00Z' AS now"
            }
            _ => {
                "CREATE OR REPLACE VIEW ekiden_clock AS \
                 SELECT TIMESTAMPTZ '2026-03-16 00:00:00+00' AS now"
            }
        });
    }
    engines
}

#[test]
fn numbers_of_another_process() {
    let engines = told();
    let asked = |sql: &str, rows: &[&str]| {
        for engine in &engines {
            let found: Vec<String> = engine.rows(sql).iter().map(|row| row.join(" ")).collect();
            assert_eq!(found, rows, "{}: {sql}", engine.dialect());
        }
    };
    asked(
        "SELECT record, record_id, stage, seconds / 3600, working_seconds / 3600, is_over_limit, to_stage FROM ekiden_stay ORDER BY move",
        &[
            // An hour on Friday and one on Tuesday: the days between were free.
            "order 1 select 89 2 0 wait",
            "order 2 select 3 3 0 check",
            "order 1 wait 311 80 0 -",
            "group 1 check 48 18 0 union",
            "group 1 union 21 6 - commit",
            "primary 1 commit 240 54 0 -",
            "order 3 select 5 5 0 check",
            // Five days are allowed.
            "group 2 check 163 40 1 -",
        ],
    );
    // Four working hours were promised.
    asked(
        "SELECT record_id, from_team, to_team, answer, working_seconds / 3600, is_late FROM ekiden_handoff ORDER BY handed_at",
        &["1 north south accepted 18 1", "2 north south open 40 1"],
    );
    // What stands on site is no pipeline: the process ends there.
    asked(
        "SELECT stage, forecast, records, over_limit, CAST(amount AS integer), CAST(weighted_amount AS integer) FROM ekiden_pipeline ORDER BY ordinal",
        &["wait - 1 0 - -", "check pipeline 1 1 500 200"],
    );
    asked(
        "SELECT stage, reason, ways_on, records, with_amount FROM ekiden_not_recycled",
        &["wait pool 1 1 0"],
    );
    asked(
        "SELECT stage, owner_team, reason, CAST(measured AS integer), CAST(compared_with AS integer) FROM ekiden_bottleneck ORDER BY place",
        &["wait north piles up 1 0", "check south piles up 2 1"],
    );
    // As the page says: a goal for each team that shares it.
    asked(
        "SELECT COALESCE(o.owner_team, p.team) AS team, g.goal, g.period_start, CAST(g.value AS integer), CAST(g.target AS integer), g.is_met
         FROM ekiden_goal_result AS g
         JOIN ekiden_goal_owner AS o ON o.goal = g.goal
         LEFT JOIN ekiden_role AS p ON p.name = o.owner_role
         ORDER BY team, g.goal, g.period_start",
        &[
            "north leases 2026-02-01 0 2 0",
            "north leases 2026-03-01 1 2 -",
            "south leases 2026-02-01 0 2 0",
            "south leases 2026-03-01 1 2 -",
        ],
    );
    asked(
        "SELECT translation FROM ekiden_translation WHERE kind = 'stage' AND name = 'select'",
        &["문의 접수"],
    );
    asked(r#"SELECT "select" FROM "order" WHERE id = 2"#, &[r#"it's "Mapo"; --"#]);
    asked("SELECT COUNT(*) FROM ekiden_violation", &["0"]);
    asked("SELECT COUNT(*) FROM ekiden_path_violation", &["0"]);
}
