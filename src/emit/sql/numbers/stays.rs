//! The ground all other numbers stand on: whose journey a move belongs to, and how long each visit
//! of a stage lasted.

use crate::emit::sql::history::ends;
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::schema::View;

use super::{Numbers, same};

/// Every move, with the journey it belongs to.
pub(super) fn journey(numbers: &Numbers<'_>) -> View {
    let roots: Vec<String> = numbers
        .moving()
        .map(|table| {
            let (record, id) = numbers.root(table);
            format!(
                "SELECT {} AS record, r.{} AS record_id, {record} AS root_record, {id} AS root_id
                FROM {} AS r",
                numbers.text(table.title),
                table.id,
                table.name
            )
        })
        .collect();
    let moves = same("h", &ends());
    let placed = same("p", &ends());
    let query = format!(
        "WITH _roots AS (
        {roots}
        ),
        _ways AS (
        SELECT t.from_stage AS from_stage, t.to_stage AS to_stage,
        CASE WHEN MIN(t.kind) = MAX(t.kind) THEN MIN(t.kind) END AS kind
        FROM {transition} AS t
        GROUP BY t.from_stage, t.to_stage
        ),
        _placed AS (
        SELECT h.id AS move, COALESCE(r.root_record, h.record) AS root_record,
        COALESCE(r.root_id, h.record_id) AS root_id,
        {moves},
        h.transition AS transition, COALESCE(t.kind, w.kind) AS kind, h.entered_at AS entered_at
        FROM {history} AS h
        CROSS JOIN {clock} AS c
        LEFT JOIN _roots AS r ON r.record = h.record AND r.record_id = h.record_id
        LEFT JOIN {transition} AS t ON t.name = h.transition
        LEFT JOIN _ways AS w ON w.from_stage = h.from_stage AND w.to_stage = h.to_stage
        WHERE h.entered_at <= c.now
        )
        SELECT p.move AS move, p.root_record AS root_record, p.root_id AS root_id,
        ROW_NUMBER() OVER (PARTITION BY p.root_id, p.root_record ORDER BY p.entered_at, p.move) AS step,
        {placed},
        p.transition AS transition, p.kind AS kind, p.entered_at AS entered_at
        FROM _placed AS p",
        roots = roots.join("\nUNION ALL\n"),
        transition = numbers.relation("transition"),
        history = numbers.relation("stage_history"),
        clock = numbers.relation("clock"),
    );
    numbers.view(
        "journey",
        "Every move up to the moment of the clock, and the journey it belongs to: the whole way of one customer, across record types",
        vec![
            ("move", "the move, as stage_history numbers it"),
            ("root_record", "the record type the journey began as"),
            ("root_id", "the id of the record the journey began as; with root_record, the journey"),
            ("step", "the number of the move in its journey, from 1"),
            ("record", "the type of the record that moved"),
            ("record_id", "its id"),
            ("from_record", "what it was before; none where it came into the process"),
            ("from_record_id", "the id of what it was before"),
            ("from_stage", "the stage it left"),
            ("to_stage", "the stage it entered"),
            ("transition", "the declared move; none where several lead from the one stage to the other"),
            ("kind", "advance, recycle or lose; none where it came in, where the move is not declared, or where it could be of two kinds"),
            ("entered_at", "when, in UTC"),
        ],
        &query,
    )
}

/// Every visit of a stage.
pub(super) fn stay(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let lookups = Lookups::joined();
    let seconds = dialect.seconds_between("v.entered_at", "v.until_at");
    let working = numbers.world.work.between(&lookups, "v.entered_local", "v.until_local");
    let identity: &[&str] =
        &["move", "root_record", "root_id", "step", "visit", "record", "record_id", "from_stage"];
    let ways: &[&str] = &["entered_by", "entered_kind", "stage", "entered_at", "left_at"];
    let exits: &[&str] = &["left_by", "left_kind", "to_stage", "left_move"];
    let promises: &[&str] =
        &["limit_is_working", "limit_seconds", "target_is_working", "target_seconds"];
    let each = |row: &str| [same(row, identity), same(row, ways), same(row, exits)].join(",\n");
    // The case makes a value one that may be missing: where a column never is, ClickHouse takes the
    // zero of its type for what comes after the last row.
    let next = |column: &str, alias: &str| {
        format!(
            "LEAD(CASE WHEN t.arrives >= 0 THEN t.{column} END) OVER (PARTITION BY t.record_id, t.record ORDER BY t.entered_at, t.move) AS {alias}"
        )
    };
    let touch = same(
        "j",
        &[
            "move",
            "root_record",
            "root_id",
            "step",
            "visit",
            "from_stage",
            "to_stage",
            "transition",
            "kind",
            "entered_at",
        ],
    );
    let of_journey = ["move", "root_record", "root_id", "step"].into_iter().chain(ends());
    let moves: Vec<&str> = of_journey.chain(["transition", "kind", "entered_at"]).collect();
    let moves = same("j", &moves);
    let over = |what: &str| {
        format!(
            "CASE WHEN m.{what}_seconds IS NULL THEN NULL
            WHEN m.{what}_is_working = 1 AND m.working_seconds > m.{what}_seconds THEN 1
            WHEN m.{what}_is_working = 0 AND m.seconds > m.{what}_seconds THEN 1
            ELSE 0 END AS is_over_{what}"
        )
    };
    let promise = |what: &str| {
        format!(
            "60 * g.{what}_minutes AS {what}_seconds,
            CASE WHEN g.{what}_is_working_time THEN 1 ELSE 0 END AS {what}_is_working"
        )
    };
    // Visits are counted while the moves of a journey still stand together, and partitions begin with a
    // number, which is compared sooner than a text: sorting is what a long history costs.
    // A move touches the record that arrives and, where that is another, the one it came from. Each move is
    // written twice rather than read twice: journeys are dear, and Spark 4.3 cannot plan a union of the two.
    let query = format!(
        "WITH _sides AS (
        SELECT 1 AS arrives
        UNION ALL
        SELECT 0 AS arrives
        ),
        _counted AS (
        SELECT {moves},
        ROW_NUMBER() OVER (PARTITION BY j.root_id, j.root_record, j.to_stage ORDER BY j.step) AS visit
        FROM {journey} AS j
        ),
        _touches AS (
        SELECT s.arrives AS arrives,
        CASE WHEN s.arrives = 1 THEN j.record ELSE j.from_record END AS record,
        CASE WHEN s.arrives = 1 THEN j.record_id ELSE j.from_record_id END AS record_id,
        {touch}
        FROM _counted AS j
        CROSS JOIN _sides AS s
        WHERE s.arrives = 1 OR j.from_record <> j.record OR j.from_record_id <> j.record_id
        ),
        _turns AS (
        SELECT t.arrives AS arrives, {turn},
        t.to_stage AS stage, t.transition AS entered_by, t.kind AS entered_kind,
        {next}
        FROM _touches AS t
        ),
        _visits AS (
        SELECT {visits},
        {limit},
        {target},
        COALESCE(t.left_at, c.now) AS until_at,
        {entered_local} AS entered_local,
        {until_local} AS until_local
        FROM _turns AS t
        CROSS JOIN {clock} AS c
        LEFT JOIN {stage} AS g ON g.name = t.stage
        WHERE t.arrives = 1 {apart}
        ),
        _measured AS (
        SELECT {measured},
        {promises},
        {seconds} AS seconds,
        {working} AS working_seconds
        FROM _visits AS v
        {joins} {apart}
        )
        SELECT {each},
        m.seconds AS seconds, m.working_seconds AS working_seconds,
        {limits},
        {over_limit},
        {over_target}
        FROM _measured AS m",
        journey = numbers.relation("journey"),
        clock = numbers.relation("clock"),
        stage = numbers.relation("stage"),
        turn = same(
            "t",
            &["move", "root_record", "root_id", "step", "visit", "record", "record_id", "from_stage", "entered_at"]
        ),
        next = [
            next("entered_at", "left_at"),
            next("to_stage", "to_stage"),
            next("transition", "left_by"),
            next("kind", "left_kind"),
            next("move", "left_move"),
        ]
        .join(",\n"),
        visits = each("t"),
        limit = promise("limit"),
        target = promise("target"),
        entered_local = numbers.local("t.entered_at"),
        until_local = numbers.local("COALESCE(t.left_at, c.now)"),
        measured = each("v"),
        promises = same("v", promises),
        joins = lookups.joins().join("\n"),
        apart = dialect.apart(),
        each = each("m"),
        limits = same("m", promises),
        over_limit = over("limit"),
        over_target = over("target"),
    );
    numbers.view(
        "stay",
        "Every visit of a stage, from entering it to leaving it; a visit that goes on is counted until the moment of the clock",
        vec![
            ("move", "the move by which it began, as stage_history numbers it"),
            ("root_record", "the record type the journey began as"),
            ("root_id", "the id of the record the journey began as"),
            ("step", "the number of that move in the journey"),
            ("visit", "how often the journey has been in this stage, this time included"),
            ("record", "the record type"),
            ("record_id", "its id"),
            ("from_stage", "where it came from; none where it came into the process"),
            ("entered_by", "the declared move by which it came, where only one can be meant"),
            ("entered_kind", "advance, recycle or lose"),
            ("stage", "the stage"),
            ("entered_at", "when it came, in UTC"),
            ("left_at", "when it left, in UTC; none while it is there"),
            ("left_by", "the declared move by which it left, where only one can be meant"),
            ("left_kind", "advance, recycle or lose"),
            ("to_stage", "where it went"),
            ("left_move", "the move by which it left, as stage_history numbers it"),
            ("seconds", "how long it was there by the clock on the wall"),
            ("working_seconds", "how much of that people were at work"),
            ("limit_is_working", "1 where the limit counts working time only, else 0"),
            ("limit_seconds", "how long a record may stay; none without a limit"),
            ("target_is_working", "1 where the target counts working time only, else 0"),
            ("target_seconds", "how long a record should stay at most; none without a target"),
            ("is_over_limit", "1 where it stayed longer than it may, else 0; none without a limit"),
            ("is_over_target", "1 where it stayed longer than it should, else 0; none without a target"),
        ],
        &query,
    )
}
