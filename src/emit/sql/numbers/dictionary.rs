//! Every name a stage has had, so that old reports still find their stage.

use crate::emit::sql::schema::View;

use super::Numbers;

/// Every stage name, past and present.
pub(super) fn stages(numbers: &Numbers<'_>) -> View {
    let text = |text: &str| numbers.text(text);
    let query = format!(
        "WITH _former AS (
        SELECT f.old_name AS name, MIN(f.reason) AS reason, MAX(f.since) AS valid_until, COUNT(*) AS ways,
        CASE WHEN COUNT(*) = COUNT(f.new_name) AND MIN(f.new_name) = MAX(f.new_name) AND MIN(f.new_kind) = {stage_kind} THEN MIN(f.new_name) END AS current_name
        FROM {former} AS f
        WHERE f.kind = {stage_kind}
        GROUP BY f.old_name
        ),
        _names AS (
        SELECT g.name AS name, g.name AS current_name, {current} AS status, 1 AS is_current, 1 AS ways,
        CASE WHEN 1 = 0 THEN f.valid_until END AS valid_until
        FROM {stage} AS g
        LEFT JOIN _former AS f ON f.name = g.name
        UNION ALL
        SELECT f.name AS name, f.current_name AS current_name, f.reason AS status, 0 AS is_current, f.ways AS ways,
        f.valid_until AS valid_until
        FROM _former AS f
        LEFT JOIN {stage} AS g ON g.name = f.name
        WHERE g.name IS NULL
        ),
        _seen AS (
        SELECT h.to_stage AS name, MIN(h.entered_at) AS first_entered_at, MAX(h.entered_at) AS last_entered_at
        FROM {history} AS h
        GROUP BY h.to_stage
        )
        SELECT n.name AS name, n.current_name AS current_name, g.title AS title, n.status AS status,
        n.is_current AS is_current, n.ways AS ways, n.valid_until AS valid_until,
        e.first_entered_at AS first_entered_at, e.last_entered_at AS last_entered_at
        FROM _names AS n
        LEFT JOIN {stage} AS g ON g.name = n.current_name
        LEFT JOIN _seen AS e ON e.name = n.name",
        stage_kind = text("stage"),
        current = text("current"),
        former = numbers.relation("former_name"),
        stage = numbers.relation("stage"),
        history = numbers.relation("stage_history"),
    );
    numbers.view(
        "stage_dictionary",
        "Every name a stage has or had, one row each, and what it is called today: join old reports through it",
        vec![
            ("name", "the name, past or present"),
            ("current_name", "what the stage is called today; none where it has no successor, or several"),
            ("title", "its title today"),
            ("status", "current, renamed or retired"),
            ("is_current", "1 where the name is in use, else 0"),
            ("ways", "into how many it went: more than one where the process decides by record, see former_name"),
            ("valid_until", "since when it is retired; none where the process does not say"),
            ("first_entered_at", "when a record first entered it under this name, in UTC"),
            ("last_entered_at", "when a record last did"),
        ],
        &query,
    )
}
