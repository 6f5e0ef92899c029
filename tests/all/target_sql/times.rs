//! Time, where it is easily counted wrongly: over a change of clocks, beside what was due then, and on
//! the way there and back.

use super::numbers::plain;
use super::{created_with, process};
use crate::target_sql::engine::Engine;

const PROCESS: &str = include_str!("times.ekiden");

/// Three hotels and the moves of each: stage and the moment, in UTC.
fn after(name: &str, story: &[(usize, &str, &str)]) -> [Engine; 3] {
    let engines = created_with(name, &process(PROCESS), &[("conditions", "list")]);
    for engine in &engines {
        for (hotel, stage, at) in story {
            engine.accepts(&match *stage {
                "asked" => format!(
                    "INSERT INTO hotel (beds, start_on, stage, stage_entered_at) VALUES (20, '2026-12-01', 'asked', '{at}')"
                ),
                _ => format!(
                    "UPDATE hotel SET stage = '{stage}', stage_entered_at = '{at}' WHERE id = {hotel}"
                ),
            });
        }
        let (replace, moment) = match engine.dialect() {
            "sqlite" => ("DROP VIEW ekiden_clock; CREATE VIEW", "'2027-03-01T00:00:00Z'"),
            "mariadb" => ("CREATE OR REPLACE VIEW", "TIMESTAMP'2027-03-01 00:00:00'"),
            _ => ("CREATE OR REPLACE VIEW", "TIMESTAMPTZ '2027-03-01 00:00:00+00'"),
        };
        engine.accepts(&format!("{replace} ekiden_clock AS SELECT {moment} AS now"));
    }
    engines
}

#[track_caller]
fn asked(engines: &[Engine], sql: &str, rows: &[&str]) {
    assert!(!engines.is_empty());
    for engine in engines {
        let found: Vec<String> = engine
            .rows(sql)
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(found, rows, "{}: {sql}", engine.dialect());
    }
}

/// In Berlin the clocks were set back on 25 October 2026. From noon on the 20th to noon on 3 November
/// are 14 days on the wall, and 337 hours.
#[test]
fn a_day_has_24_hours_also_where_the_clocks_are_set_back() {
    let story = [
        (1, "asked", "2026-10-19T10:00:00Z"),
        (1, "sample", "2026-10-20T10:00:00Z"),
        (1, "live", "2026-11-03T11:00:00Z"),
    ];
    let engines = after("times_clocks", &story);
    asked(
        &engines,
        "SELECT goal, value, is_met FROM ekiden_goal_result WHERE base > 0 AND goal IN ('cycle', 'fast', 'quick') ORDER BY goal",
        &["cycle 337 0", "fast 0 0", "quick 337 0"],
    );
    asked(&engines, "SELECT median_hours FROM ekiden_dwell WHERE stage = 'sample'", &["337"]);
}

/// A customer that renews goes there and back; a hotel that comes back to be asked anew was refused.
#[test]
fn what_advances_back_was_not_refused() {
    let story = [
        (1, "asked", "2026-10-01T10:00:00Z"),
        (1, "sample", "2026-10-02T10:00:00Z"),
        (1, "live", "2026-10-05T10:00:00Z"),
        (1, "renewal", "2026-11-05T10:00:00Z"),
        (1, "live", "2026-11-06T10:00:00Z"),
        (1, "renewal", "2026-12-06T10:00:00Z"),
        (2, "asked", "2026-10-01T10:00:00Z"),
        (2, "sample", "2026-10-02T10:00:00Z"),
        (2, "live", "2026-10-05T10:00:00Z"),
        (2, "sample", "2026-10-06T10:00:00Z"),
    ];
    asked(
        &after("times_back", &story),
        "SELECT record_id, from_stage, to_stage, answer FROM ekiden_handoff ORDER BY record_id, handed_at",
        &[
            "1 sample live accepted",
            "1 live renewal accepted",
            "1 renewal live accepted",
            "1 live renewal open",
            "2 sample live refused",
            "2 live sample open",
        ],
    );
}

/// A move is judged at its own time: what was soon then is past now, and what came too early stays so.
#[test]
fn a_move_is_judged_at_its_own_time() {
    let story = [
        (1, "asked", "2026-10-01T10:00:00Z"),
        (1, "sample", "2026-10-02T10:00:00Z"),
        // 1 December is soon.
        (1, "live", "2026-10-05T10:00:00Z"),
        (2, "asked", "2026-08-01T10:00:00Z"),
        (2, "sample", "2026-08-02T10:00:00Z"),
        // It is 119 days off.
        (2, "live", "2026-08-04T10:00:00Z"),
        (3, "asked", "2026-10-01T10:00:00Z"),
        (3, "sleeping", "2026-10-02T10:00:00Z"),
        // After two days in place of thirty.
        (3, "sample", "2026-10-04T10:00:00Z"),
        (4, "asked", "2026-10-01T10:00:00Z"),
        (4, "sleeping", "2026-10-02T10:00:00Z"),
        (4, "sample", "2026-11-02T10:00:00Z"),
    ];
    asked(
        &after("times_violations", &story),
        "SELECT record_id, from_stage, stage FROM ekiden_violation ORDER BY record_id",
        &["2 sample live", "3 sleeping sample"],
    );
    // What has been written since the move is no fault of it.
    let engines = after(
        "times_written_since",
        &[
            (1, "asked", "2026-10-01T10:00:00Z"),
            (1, "sample", "2026-10-02T10:00:00Z"),
            (1, "live", "2026-10-05T10:00:00Z"),
        ],
    );
    for engine in &engines {
        engine.accepts("UPDATE hotel SET start_on = '2027-04-01'");
    }
    asked(&engines, "SELECT record_id FROM ekiden_violation", &[]);
}

/// Three samples in the half-year are what was aimed at, whatever each quarter of it had.
#[test]
fn a_target_is_held_against_periods_of_its_length() {
    let story = [
        (1, "asked", "2026-01-10T10:00:00Z"),
        (1, "sample", "2026-02-01T10:00:00Z"),
        (2, "asked", "2026-01-10T10:00:00Z"),
        (2, "sample", "2026-02-01T10:00:00Z"),
        (3, "asked", "2026-01-10T10:00:00Z"),
        (3, "sample", "2026-05-01T10:00:00Z"),
    ];
    asked(
        &after("times_periods", &story),
        "SELECT goal, period, period_start, value, target, is_met FROM ekiden_goal_result \
         WHERE goal IN ('half', 'held', 'twelve') AND period_start < '2026-06-01' ORDER BY goal, period_start",
        &[
            "half quarter 2026-01-01 2 - -",
            "half quarter 2026-04-01 1 - -",
            "held quarter 2026-01-01 2 3 1",
            "held quarter 2026-04-01 3 3 1",
            "twelve year 2026-01-01 3 3 1",
        ],
    );
}

/// Where nothing leaves a stage no move tells that the record was taken.
#[test]
fn no_clock_is_held_against_what_cannot_be_answered() {
    let story = [
        (1, "asked", "2026-10-01T10:00:00Z"),
        (1, "sample", "2026-10-02T10:00:00Z"),
        (1, "live", "2026-10-05T10:00:00Z"),
        (1, "renewal", "2026-10-06T10:00:00Z"),
        (1, "archive", "2026-10-07T10:00:00Z"),
        (2, "asked", "2026-10-01T10:00:00Z"),
        (2, "sample", "2026-10-02T10:00:00Z"),
        (2, "live", "2026-10-05T10:00:00Z"),
        (2, "renewal", "2026-10-06T10:00:00Z"),
        (2, "archive", "2026-10-07T10:00:00Z"),
    ];
    let engines = after("times_ends", &story);
    for engine in &engines {
        engine.accepts(
            "INSERT INTO ekiden_handoff_answer (move, answered_at, is_accepted) \
             SELECT h.move, '2026-10-09T10:00:00Z', 1 = 1 FROM ekiden_handoff AS h WHERE h.record_id = 2 AND h.to_stage = 'archive'",
        );
    }
    asked(
        &engines,
        "SELECT record_id, answer, promised_seconds, is_late FROM ekiden_handoff WHERE to_stage = 'archive' ORDER BY record_id",
        &["1 open - -", "2 accepted 86400 1"],
    );
}
