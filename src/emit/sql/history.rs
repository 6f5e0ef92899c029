//! The table that every move is written to, and the view by which moves are allowed.
//!
//! Its names refer to no other table: what has happened stays told when the stage it happened in
//! is no more. `former_name` tells what became of it.

use super::dialect::Dialect;
use super::names::{Ident, Scope};
use super::reference;
use super::schema::{Check, Column, ColumnType, Table};
use super::writer::Sql;

/// The columns of a move, behind its id: what moved, from where to where, how and when.
pub(super) const MOVED: [&str; 8] = [
    "record",
    "record_id",
    "from_record",
    "from_record_id",
    "from_stage",
    "to_stage",
    "transition",
    "entered_at",
];

/// Those that say what moved, and from where to where.
pub(super) fn ends() -> Vec<&'static str> {
    MOVED.into_iter().take_while(|column| *column != "transition").collect()
}

/// The table of all moves of all records, oldest first.
pub(super) fn table(dialect: &dyn Dialect, prefix: &str, relations: &mut Scope) -> Table {
    let name = reference::name(dialect, prefix, "stage_history");
    let ident = |raw: &str| Ident::new(dialect, raw);
    let column = |name: &str, ty| Column::new(ident(name), ty);
    let implied = |relations: &mut Scope, ending: &str| {
        let usual = format!("{}_{ending}", name.raw());
        let given = relations.claim(dialect, &usual);
        (given.raw() != usual).then_some(given)
    };
    let sequence = implied(relations, "id_seq");
    let key = implied(relations, "pkey");
    let id = column("id", ColumnType::Id { sequence, key });

    let [
        record,
        record_id,
        from_record,
        from_record_id,
        from_stage,
        to_stage,
        transition,
        entered_at,
    ] = MOVED;
    let mut record = column(record, ColumnType::NAME);
    record.required = true;
    let mut record_id = column(record_id, ColumnType::Reference);
    record_id.required = true;
    record_id.comment = Some("The id in the table of the record type".to_owned());
    let mut from_record = column(from_record, ColumnType::NAME);
    from_record.comment =
        Some("What it was before the move; none where it came into the process".to_owned());
    let from_record_id = column(from_record_id, ColumnType::Reference);
    let from_stage = column(from_stage, ColumnType::NAME);
    let mut to_stage = column(to_stage, ColumnType::NAME);
    to_stage.required = true;
    let mut transition = column(transition, ColumnType::NAME);
    transition.comment =
        Some("None where several transitions lead from the one stage to the other".to_owned());
    let mut entered_at = column(entered_at, ColumnType::Instant);
    entered_at.required = true;
    if let Some(condition) = dialect.type_check(&entered_at.ty, &entered_at.name) {
        let name = ident(&format!("{prefix}stage_history_entered_at_type"));
        entered_at.checks.push(Check { name, condition, told: None });
    }
    let by = if dialect.enforces() { "; written by triggers, never changed" } else { "" };
    Table {
        name,
        comment: format!("Every move of every record, in order{by}"),
        columns: vec![
            id,
            record,
            record_id,
            from_record,
            from_record_id,
            from_stage,
            to_stage,
            transition,
            entered_at,
        ],
        keys: Vec::new(),
        rows: Vec::new(),
    }
}

/// Indexes of the history, and the view.
pub(super) fn write(sql: &mut Sql<'_>, prefix: &str, relations: &mut Scope) {
    let dialect = sql.dialect;
    let table = |name: &str| reference::name(dialect, prefix, name);
    let history = table("stage_history");
    let ident = |raw: &str| Ident::new(dialect, raw);
    let mut index = |sql: &mut Sql<'_>, of: &Ident, ending: &str, columns: [&str; 2]| {
        let name = relations.claim(dialect, &format!("{}_{ending}", of.raw()));
        let columns = columns.map(ident);
        sql.index(&name, of, &columns.each_ref());
    };
    index(sql, &history, "record_idx", ["record", "record_id"]);
    index(sql, &history, "from_record_idx", ["from_record", "from_record_id"]);
    index(sql, &history, "to_stage_idx", ["to_stage", "entered_at"]);
    index(sql, &table("transition"), "stages_idx", ["from_stage", "to_stage"]);
    sql.gap();
    sql.comment(
        "From where to where a record may move; by which transition, where there is only one; how\n\
         often, where every one is limited.",
    );
    let query = format!(
        "SELECT from_stage, to_stage,\n\
         CASE WHEN count(*) = 1 THEN min(name) END AS transition,\n\
         CASE WHEN count(*) = count(at_most) THEN sum(at_most) END AS at_most\n\
         FROM {}\n\
         GROUP BY from_stage, to_stage",
        table("transition")
    );
    sql.create_view(&table("move"), &query);
}
