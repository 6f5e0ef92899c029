//! Moves that the process does not declare, and records that are not where their history says.

use crate::emit::sql::schema::View;

use super::{Numbers, same};

/// What is against the process.
pub(super) fn violations(numbers: &Numbers<'_>) -> View {
    let no_move = "CASE WHEN 1 = 0 THEN s.move END AS move";
    let moved = same("j", &["record", "record_id", "move", "from_stage"]);
    let place =
        |stage: &str, moved_at: &str| format!("{stage} AS to_stage, {moved_at} AS moved_at");
    let declared = format!(
        "SELECT 'undeclared move' AS violation, {moved}, {},
        'No declared move leads from the one stage to the other.' AS explanation
        FROM {journey} AS j
        LEFT JOIN _ways AS w ON w.from_stage = j.from_stage AND w.to_stage = j.to_stage
        WHERE j.from_stage IS NOT NULL AND w.from_stage IS NULL",
        place("j.to_stage", "j.entered_at"),
        journey = numbers.relation("journey"),
    );
    let begun = format!(
        "SELECT 'undeclared beginning' AS violation, {moved}, {},
        'No record comes into the process in this stage.' AS explanation
        FROM {journey} AS j
        LEFT JOIN _entrances AS g ON g.stage = j.to_stage
        WHERE j.from_stage IS NULL AND g.stage IS NULL",
        place("j.to_stage", "j.entered_at"),
        journey = numbers.relation("journey"),
    );
    let mut all = vec![declared, begun];
    for table in numbers.moving() {
        let Some(position) = &table.position else { continue };
        let title = numbers.text(table.title);
        let (id, stage) = (&table.id, &position.stage);
        let (gone, here) = match &position.left_at {
            Some(left_at) => (format!("r.{left_at} IS NOT NULL"), format!("r.{left_at} IS NULL")),
            None => ("1 = 0".to_owned(), "1 = 1".to_owned()),
        };
        all.push(format!(
            "SELECT CASE WHEN {gone} THEN 'gone without a move'
            WHEN s.record_id IS NULL THEN 'here without a move'
            ELSE 'elsewhere' END AS violation,
            {title} AS record, r.{id} AS record_id, {no_move}, s.stage AS from_stage, {place},
            CASE WHEN {gone} THEN 'It is marked as gone on, and its history does not say where to.'
            WHEN s.record_id IS NULL THEN 'It is in a stage, and its history does not say how it came there.'
            ELSE 'It is in another stage than its history says.' END AS explanation
            FROM {table} AS r
            LEFT JOIN (
            SELECT h.move AS move, h.record_id AS record_id, h.stage AS stage
            FROM {stay} AS h
            WHERE h.record = {title} AND h.left_at IS NULL
            ) AS s ON s.record_id = r.{id}
            WHERE ({gone} AND s.record_id IS NOT NULL)
            OR ({here} AND (s.record_id IS NULL OR s.stage <> r.{stage}))",
            place = place(&format!("r.{stage}"), &format!("r.{}", position.entered_at)),
            table = table.name,
            stay = numbers.relation("stay"),
        ));
    }
    let query = format!(
        "WITH _ways AS (
        SELECT DISTINCT t.from_stage AS from_stage, t.to_stage AS to_stage
        FROM {transition} AS t
        ),
        _entrances AS (
        SELECT g.name AS stage
        FROM {stage} AS g
        WHERE g.is_entry OR g.is_start
        )
        {all}",
        transition = numbers.relation("transition"),
        stage = numbers.relation("stage"),
        all = all.join("\nUNION ALL\n"),
    );
    numbers.view(
        "path_violation",
        "Moves that the process does not declare, and records that are not where their history says; with a clock of another day, the latter tell little",
        vec![
            ("violation", "undeclared move, undeclared beginning, gone without a move, here without a move, elsewhere"),
            ("record", "the record type"),
            ("record_id", "its id"),
            ("move", "the move, as stage_history numbers it; none where it is a record that does not fit"),
            ("from_stage", "the stage it left, or in which its history has it"),
            ("to_stage", "the stage it entered, or in which it is"),
            ("moved_at", "since when, in UTC"),
            ("explanation", "what is wrong"),
        ],
        &query,
    )
}
