//! Handoffs: what one team gave to another, what became of it, and how long that took.

use crate::emit::sql::dialect::{Dialect, Period};
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::names::Ident;
use crate::emit::sql::reference;
use crate::emit::sql::schema::{Check, Column, ColumnType, Key, Table, View};

use super::{Numbers, at_rank, same};

/// The table in which the receiver says yes or no, before the next move does.
pub(in crate::emit::sql) fn answers(dialect: &dyn Dialect, prefix: &str) -> Table {
    let column = |name: &str, ty: ColumnType, required: bool, comment: &str| {
        let name = Ident::new(dialect, name);
        let check = dialect.type_check(&ty, &name);
        let mut column = Column::new(name, ty);
        column.required = required;
        column.comment = Some(comment.to_owned());
        if let Some(condition) = check {
            let wanted = format!("{prefix}handoff_answer_{}_type", column.name.raw());
            column.checks.push(Check { name: Ident::new(dialect, &wanted), condition, told: None });
        }
        column
    };
    let history = reference::name(dialect, prefix, "stage_history");
    let mut of = column("move", ColumnType::Reference, true, "The handoff: a row of stage_history");
    of.references = Some((history, Ident::new(dialect, "id")));
    let key = vec![Key::Primary(vec![of.name.clone()])];
    Table {
        name: reference::name(dialect, prefix, "handoff_answer"),
        comment:
            "What the receiver of a handoff said, where it was said before the record moved on"
                .to_owned(),
        columns: vec![
            of,
            column("answered_at", ColumnType::Instant, true, "When, in UTC"),
            column(
                "is_accepted",
                ColumnType::Boolean,
                true,
                "Whether the receiver took the record",
            ),
            column("answered_by", ColumnType::Text, false, "Who said so"),
            column("note", ColumnType::Text, false, "Why"),
        ],
        keys: key,
        rows: Vec::new(),
    }
}

const PLACE: &[&str] = &[
    "move",
    "root_record",
    "root_id",
    "record",
    "record_id",
    "transition",
    "from_stage",
    "to_stage",
    "from_team",
    "to_team",
    "to_role",
];
const TERMS: &[&str] = &["promised_seconds", "is_working_time", "handed_at"];
const ANSWER: &[&str] = &["answered_at", "answer", "answered_by", "note"];

/// Every handoff.
pub(super) fn handoff(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let lookups = Lookups::joined();
    let seconds = dialect.seconds_between("u.handed_at", "u.until_at");
    let working = numbers.world.work.between(&lookups, "u.handed_local", "u.until_local");
    let all = |row: &str| [same(row, PLACE), same(row, TERMS), same(row, ANSWER)].join(",\n");
    let no_text = "NULLIF('', '')";
    let query = format!(
        "WITH _ordered AS (
        SELECT t.from_stage AS from_stage, t.to_stage AS to_stage, t.name AS name, t.within_minutes AS within_minutes,
        CASE WHEN t.within_is_working_time THEN 1 ELSE 0 END AS within_is_working,
        ROW_NUMBER() OVER (PARTITION BY t.from_stage, t.to_stage ORDER BY COALESCE(t.within_minutes, 2147483647) DESC, t.ordinal) AS nth
        FROM {transition} AS t
        WHERE t.refusal_of IS NULL
        ),
        _refusals AS (
        SELECT DISTINCT t.refusal_of AS refusal_of, t.to_stage AS to_stage
        FROM {transition} AS t
        WHERE t.refusal_of IS NOT NULL
        ),
        _ways AS (
        SELECT DISTINCT t.from_stage AS stage
        FROM {transition} AS t
        WHERE t.refusal_of IS NULL
        ),
        _said AS (
        SELECT x.move AS move, x.answered_at AS answered_at, x.answered_by AS answered_by, x.note AS note,
        CASE WHEN x.is_accepted THEN 'accepted' ELSE 'refused' END AS answer
        FROM {answer} AS x
        CROSS JOIN {clock} AS c
        WHERE x.answered_at <= c.now
        ),
        _handed AS (
        SELECT s.move AS move, s.root_record AS root_record, s.root_id AS root_id, s.record AS record, s.record_id AS record_id,
        COALESCE(s.entered_by, w.name) AS transition, s.from_stage AS from_stage, s.stage AS to_stage,
        a.owner_team AS from_team, b.owner_team AS to_team, b.owner_role AS to_role,
        60 * CASE WHEN t.name IS NULL THEN w.within_minutes ELSE t.within_minutes END AS promised_seconds,
        CASE WHEN t.name IS NULL THEN COALESCE(w.within_is_working, 0)
        WHEN t.within_is_working_time THEN 1 ELSE 0 END AS is_working_time,
        s.entered_at AS handed_at, s.left_at AS left_at, s.to_stage AS next_stage, s.left_kind AS next_kind,
        CASE WHEN y.stage IS NULL THEN 1 ELSE 0 END AS is_end
        FROM {stay} AS s
        JOIN {stage} AS a ON a.name = s.from_stage
        JOIN {stage} AS b ON b.name = s.stage
        LEFT JOIN {transition} AS t ON t.name = s.entered_by
        LEFT JOIN _ways AS y ON y.stage = s.stage
        LEFT JOIN _ordered AS w ON w.from_stage = s.from_stage AND w.to_stage = s.stage AND w.nth = 1
        WHERE a.owner_team <> b.owner_team AND t.refusal_of IS NULL AND COALESCE(s.entered_kind, 'advance') <> 'lose'
        ),
        _answered AS (
        SELECT {place},
        CASE WHEN x.move IS NULL AND h.is_end = 1 THEN NULL ELSE h.promised_seconds END AS promised_seconds,
        h.is_working_time AS is_working_time, h.handed_at AS handed_at,
        CASE WHEN x.move IS NOT NULL THEN x.answered_at ELSE h.left_at END AS answered_at,
        CASE WHEN x.move IS NOT NULL THEN x.answer
        WHEN h.left_at IS NULL THEN 'open'
        WHEN r.refusal_of IS NOT NULL THEN 'refused'
        WHEN h.next_stage = h.from_stage AND COALESCE(h.next_kind, 'recycle') <> 'advance' THEN 'refused'
        ELSE 'accepted' END AS answer,
        x.answered_by AS answered_by, x.note AS note
        FROM _handed AS h
        LEFT JOIN _said AS x ON x.move = h.move
        LEFT JOIN _refusals AS r ON r.refusal_of = h.transition AND r.to_stage = h.next_stage
        UNION ALL
        SELECT s.move AS move, s.root_record AS root_record, s.root_id AS root_id, s.record AS record, s.record_id AS record_id,
        o.name AS transition, o.from_stage AS from_stage, o.to_stage AS to_stage,
        a.owner_team AS from_team, b.owner_team AS to_team, b.owner_role AS to_role,
        CASE WHEN 1 = 0 THEN o.within_minutes END AS promised_seconds, 0 AS is_working_time, s.entered_at AS handed_at,
        s.entered_at AS answered_at, 'refused' AS answer, {no_text} AS answered_by, {no_text} AS note
        FROM {stay} AS s
        JOIN {transition} AS t ON t.name = s.entered_by
        JOIN {transition} AS o ON o.name = t.refusal_of
        JOIN {stage} AS a ON a.name = o.from_stage
        JOIN {stage} AS b ON b.name = o.to_stage
        WHERE a.owner_team <> b.owner_team
        ),
        _until AS (
        SELECT {answered},
        COALESCE(q.answered_at, c.now) AS until_at,
        {handed_local} AS handed_local,
        {until_local} AS until_local
        FROM _answered AS q
        CROSS JOIN {clock} AS c
        ),
        _timed AS (
        SELECT {until},
        {seconds} AS seconds,
        {working} AS working_seconds
        FROM _until AS u
        {joins}
        )
        SELECT {timed},
        d.seconds AS seconds, d.working_seconds AS working_seconds,
        CASE WHEN d.promised_seconds IS NULL THEN NULL
        WHEN d.is_working_time = 1 AND d.working_seconds > d.promised_seconds THEN 1
        WHEN d.is_working_time = 0 AND d.seconds > d.promised_seconds THEN 1
        ELSE 0 END AS is_late
        FROM _timed AS d",
        transition = numbers.relation("transition"),
        answer = numbers.relation("handoff_answer"),
        clock = numbers.relation("clock"),
        stay = numbers.relation("stay"),
        stage = numbers.relation("stage"),
        place = same("h", PLACE),
        answered = all("q"),
        handed_local = numbers.local("q.handed_at"),
        until_local = numbers.local("COALESCE(q.answered_at, c.now)"),
        until = all("u"),
        joins = lookups.joins().join("\n"),
        timed = all("d"),
    );
    numbers.view(
        "handoff",
        "Every handoff from one team to another, and its answer: what the receiver said in handoff_answer, else what became of the record. Moves that lose a record are none",
        vec![
            ("move", "the move, as stage_history numbers it"),
            ("root_record", "the record type the journey began as"),
            ("root_id", "the id of the record the journey began as"),
            ("record", "the type of the record that was handed over"),
            ("record_id", "its id"),
            ("transition", "the declared move; where several could be meant, the most patient of them"),
            ("from_stage", "the stage it was handed over from"),
            ("to_stage", "the stage it was handed over to"),
            ("from_team", "who handed it over"),
            ("to_team", "who was to take it"),
            ("to_role", "the role that was to take it; none where the team as a whole is"),
            ("promised_seconds", "in what time the receiver acts; none where the process sets no clock, and where nothing tells the answer: no move leaves the stage, and handoff_answer is silent"),
            ("is_working_time", "1 where the clock counts working time only, else 0"),
            ("handed_at", "when it was handed over, in UTC"),
            ("answered_at", "when it was answered, in UTC; none while it is open"),
            ("answer", "accepted, refused or open. Back to where it came from, other than by an advance, or to where the process sends what is refused, is refused; any other next move is accepted"),
            ("answered_by", "who answered, where handoff_answer tells"),
            ("note", "why, where handoff_answer tells"),
            ("seconds", "from handing over to the answer, or until now"),
            ("working_seconds", "how much of that people were at work"),
            ("is_late", "1 where the answer took longer than promised, or is due; else 0; none without a clock"),
        ],
        &query,
    )
}

/// Handoffs by month.
pub(super) fn summary(numbers: &Numbers<'_>) -> View {
    let parts = ["month", "from_team", "to_team", "from_stage", "to_stage"];
    let groups = |row: &str| parts.map(|part| format!("{row}.{part}")).join(", ");
    let count = |when: &str| format!("SUM(CASE WHEN {when} THEN 1 ELSE 0 END)");
    let accepted = count("r.answer = 'accepted'");
    let answered = count("r.answer <> 'open'");
    let late = "SUM(r.is_late)";
    let query = format!(
        "WITH _handed AS (
        SELECT {month} AS month, h.move AS move, h.answer AS answer, h.is_late AS is_late,
        h.from_team AS from_team, h.to_team AS to_team, h.from_stage AS from_stage, h.to_stage AS to_stage,
        h.seconds AS seconds, h.working_seconds AS working_seconds,
        CASE WHEN h.answer = 'open' THEN 0 ELSE 1 END AS is_answered
        FROM {handoff} AS h
        ),
        _ranked AS (
        SELECT {columns}, r.answer AS answer, r.is_late AS is_late, r.is_answered AS is_answered,
        r.seconds AS seconds, r.working_seconds AS working_seconds,
        ROW_NUMBER() OVER (PARTITION BY {groups}, r.is_answered ORDER BY r.seconds, r.move) AS by_time,
        ROW_NUMBER() OVER (PARTITION BY {groups}, r.is_answered ORDER BY r.working_seconds, r.move) AS by_work,
        COUNT(*) OVER (PARTITION BY {groups}, r.is_answered) AS number
        FROM _handed AS r
        )
        SELECT {columns}, COUNT(*) AS handed,
        {accepted} AS accepted,
        {refused} AS refused,
        {open} AS still_open,
        {late} AS late,
        {percent_accepted} AS percent_accepted,
        {percent_in_time} AS percent_in_time,
        {median} AS median_hours,
        {median_work} AS median_working_hours
        FROM _ranked AS r
        GROUP BY {groups}",
        month = numbers.period("h.handed_at", Period::Month),
        handoff = numbers.relation("handoff"),
        columns = same("r", &parts),
        groups = groups("r"),
        refused = count("r.answer = 'refused'"),
        open = count("r.answer = 'open'"),
        percent_accepted = numbers.percent(&accepted, &answered),
        percent_in_time = numbers.percent(&format!("(COUNT(r.is_late) - {late})"), "COUNT(r.is_late)"),
        median = numbers.hours(&at_rank(50, "r.by_time", "r.number", "CASE WHEN r.is_answered = 1 THEN r.seconds END")),
        median_work = numbers.hours(&at_rank(
            50,
            "r.by_work",
            "r.number",
            "CASE WHEN r.is_answered = 1 THEN r.working_seconds END"
        )),
    );
    numbers.view(
        "handoff_summary",
        "Handoffs by the month in which they were made: a low share accepted says that the two teams do not agree on what is worth handing over",
        vec![
            ("month", "the first day of the month in which they were made"),
            ("from_team", "who handed over"),
            ("to_team", "who was to take"),
            ("from_stage", "the stage they came from"),
            ("to_stage", "the stage they went to"),
            ("handed", "how many"),
            ("accepted", "how many were taken"),
            ("refused", "how many were not"),
            ("still_open", "how many have no answer yet"),
            ("late", "how many were answered later than promised, or are due; none without a clock"),
            ("percent_accepted", "accepted, of those answered"),
            ("percent_in_time", "not late, of those with a clock"),
            ("median_hours", "half of the answers took at most so long"),
            ("median_working_hours", "half of the answers took at most so much working time"),
        ],
        &query,
    )
}
