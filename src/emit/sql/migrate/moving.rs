//! Records in stages that are no more: each goes on in the first stage whose condition holds, and
//! its history tells so.

use crate::diag::Diagnostic;
use crate::emit::sql::dialect::Changes;
use crate::emit::sql::expr::{Subject, World};
use crate::emit::sql::lookups::Lookups;
use crate::emit::sql::names::Ident;
use crate::emit::sql::numbers;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::work::WorkTime;
use crate::emit::sql::writer::Sql;
use crate::emit::sql::zone::Zone;
use crate::model::{NodeRef, RetiredKind, StageId};

use super::judge::{Change, refuse};
use super::parts::Parts;

/// The table that remembers who was there.
pub(super) const TABLE: &str = "ekiden_migration_moving";

/// The records of one type that must move.
pub(super) struct Moving {
    /// What the record type is called now.
    pub(super) record: String,
    /// Who is there, as a query of the old table.
    there: String,
    pub(super) table: Ident,
    pub(super) id: Ident,
    pub(super) stage: Ident,
    pub(super) entered_at: Ident,
    pub(super) left_at: Option<Ident>,
    /// The column of the old table that tells the stage.
    pub(super) old_stage: Ident,
    /// Old stages, and where a condition sends a record from there: condition and stage.
    pub(super) ways: Vec<(String, Vec<(String, String)>)>,
    /// The joins that the conditions need, where no subquery may speak of the row outside.
    pub(super) joins: Vec<String>,
}

/// Everybody who must move; what cannot be asked is a finding.
pub(super) fn moving(
    change: &Change<'_>,
    old: &Parts<'_>,
    new: &Parts<'_>,
    prefix: &str,
    found: &mut Vec<Diagnostic>,
) -> Vec<Moving> {
    let dialect = new.dialect;
    let zone = Zone::of(dialect, prefix, change.new);
    let work = WorkTime::new(dialect, prefix, change.new);
    let scores = numbers::score_views(dialect, prefix, change.new);
    let world = World {
        process: change.new,
        dialect,
        tables: &new.records,
        zone: &zone,
        work: &work,
        scores,
    };
    let mut all = Vec::new();
    for then in &old.records {
        let Some(id) = change.pairs.records.new_of(then.record) else { continue };
        let Some(now) = new.records.iter().find(|table| table.record == id) else { continue };
        let (Some(was), Some(is)) = (&then.position, &now.position) else { continue };
        let gone: Vec<StageId> = then
            .stages()
            .iter()
            .copied()
            .filter(|stage| change.pairs.stages.new_of(*stage).is_none())
            .collect();
        if gone.is_empty() {
            continue;
        }
        let mut ways = Vec::new();
        let joined = Lookups::new(dialect);
        for stage in &gone {
            let name = &change.old.stages[*stage].name;
            let mut conditions = Vec::new();
            let retired = change.retired(RetiredKind::Stage, name);
            for (node, when) in retired.iter().flat_map(|retired| &retired.into) {
                // What stands behind the one that takes all is never reached.
                let (NodeRef::Stage(to), Some(when)) = (node, when) else { break };
                let closed = Lookups::closed();
                let lookups = if dialect.changes() == Changes::Copy { &joined } else { &closed };
                let subject = Subject::in_table(&world, lookups, id, "r", dialect.now());
                match subject.map(|subject| subject.condition(when)) {
                    Some(Ok(condition)) => {
                        conditions.push((condition, change.new.stages[*to].name.clone()));
                    }
                    Some(Err(why)) => {
                        let message = format!(
                            "{} cannot ask where records in stage `{name}` go: {}",
                            dialect.title(),
                            why.reason()
                        );
                        let help = "name a condition without working time";
                        found.extend(retired.map(|retired| refuse(retired.span, message, help)));
                    }
                    None => {}
                }
            }
            ways.push((name.clone(), conditions));
        }
        let names = gone.iter().map(|stage| change.old.stages[*stage].name.as_str());
        let names = crate::emit::sql::writer::texts(dialect, names);
        let here = match &was.left_at {
            Some(left) => format!("CASE WHEN {left} IS NULL THEN 1 ELSE 0 END"),
            None => "1".to_owned(),
        };
        let there = format!(
            "SELECT {} AS record, {} AS record_id, {} AS from_stage, {here} AS is_here FROM {} WHERE {} IN ({names})",
            dialect.text(now.title),
            then.id,
            was.stage,
            then.name,
            was.stage
        );
        all.push(Moving {
            record: now.title.to_owned(),
            there,
            table: now.name.clone(),
            id: now.id.clone(),
            stage: is.stage.clone(),
            entered_at: is.entered_at.clone(),
            left_at: is.left_at.clone(),
            old_stage: was.stage.clone(),
            ways,
            joins: joined.joins(),
        });
    }
    all
}

/// Writes down who must move, before anything is changed.
pub(super) fn remember(sql: &mut Sql<'_>, all: &[Moving]) {
    if all.is_empty() {
        return;
    }
    sql.gap();
    sql.comment("Who is in a stage that is no more.");
    sql.line(format_args!("CREATE TEMPORARY TABLE {TABLE} AS"));
    for (at, moving) in all.iter().enumerate() {
        let end = if at + 1 == all.len() { ";" } else { " UNION ALL" };
        sql.line(format_args!("{}{end}", moving.there));
    }
}

/// The same in a table that outlives the session, with room for where each of them goes.
pub(super) fn remember_on_disk(sql: &mut Sql<'_>, all: &[Moving]) {
    if all.is_empty() {
        return;
    }
    sql.line(format_args!("DROP TABLE IF EXISTS {TABLE};"));
    sql.line(format_args!("CREATE TABLE {TABLE} AS"));
    sql.line(format_args!("SELECT w.*, w.from_stage AS to_stage FROM ("));
    sql.indented(|sql| {
        for (at, moving) in all.iter().enumerate() {
            let end = if at + 1 == all.len() { "" } else { " UNION ALL" };
            sql.line(format_args!("{}{end}", moving.there));
        }
    });
    sql.line(format_args!(") AS w;"));
    let name = sql.dialect.column_type(&ColumnType::NAME);
    sql.line(format_args!("ALTER TABLE {TABLE} MODIFY to_stage {name} NULL;"));
    sql.line(format_args!("UPDATE {TABLE} SET to_stage = NULL;"));
}

/// How it is told who of a table must move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// By a subquery of the list.
    Apart,
    /// By a join with the list, where no statement may change a table and read it by a subquery:
    /// where each goes is written to the list first. Whoever has gone on is forgotten in the same
    /// transaction.
    Joined,
}

/// Moves them, while no trigger is there to refuse it. All are in the stage by now that takes those
/// for whom no condition holds.
pub(super) fn write(sql: &mut Sql<'_>, all: &[Moving], history: &Ident, how: How) {
    let dialect = sql.dialect;
    for moving in all {
        let Moving { record, table, id, stage, ways, .. } = moving;
        let me = dialect.text(record);
        sql.gap();
        sql.comment(&format!("Each {record} that must move goes on, and its history tells so."));
        let joined = format!("{TABLE} AS m JOIN {table} AS r ON r.{id} = m.record_id");
        let there =
            format!("SELECT 1 FROM {TABLE} AS m WHERE m.record = {me} AND m.record_id = r.{id}");
        if how == How::Joined {
            sql.line(format_args!("START TRANSACTION;"));
        }
        for (from, conditions) in ways.iter().filter(|(_, conditions)| !conditions.is_empty()) {
            match how {
                How::Apart => sql.line(format_args!("UPDATE {table} AS r SET {stage} = CASE")),
                How::Joined => {
                    sql.line(format_args!("UPDATE {joined}"));
                    sql.line(format_args!("SET m.to_stage = CASE"));
                }
            }
            sql.indented(|sql| {
                for (condition, to) in conditions {
                    sql.line(format_args!("WHEN {condition} THEN {}", dialect.text(to)));
                }
                if how == How::Apart {
                    sql.line(format_args!("ELSE r.{stage}"));
                }
            });
            let from = dialect.text(from);
            match how {
                How::Apart => {
                    sql.line(format_args!("END WHERE EXISTS ({there} AND m.from_stage = {from});"))
                }
                How::Joined => {
                    sql.line(format_args!("END WHERE m.record = {me} AND m.from_stage = {from};"))
                }
            }
        }
        arrive(sql, moving, how, &joined, &there);
        tell(sql, moving, history);
        if how == How::Joined {
            sql.line(format_args!("DELETE FROM {TABLE} WHERE record = {me};"));
            sql.line(format_args!("COMMIT;"));
        }
    }
}

/// Whoever is there arrives now, and where the list says so.
fn arrive(sql: &mut Sql<'_>, moving: &Moving, how: How, joined: &str, there: &str) {
    let Moving { record, table, stage, entered_at, .. } = moving;
    let now = sql.dialect.now();
    match how {
        How::Apart => {
            sql.line(format_args!("UPDATE {table} AS r SET {entered_at} = {now}"));
            sql.line(format_args!("WHERE EXISTS ({there} AND m.is_here = 1);"));
        }
        How::Joined => {
            sql.line(format_args!("UPDATE {joined}"));
            sql.line(format_args!("SET r.{stage} = COALESCE(m.to_stage, r.{stage}),"));
            sql.line(format_args!(
                "    r.{entered_at} = CASE m.is_here WHEN 1 THEN {now} ELSE r.{entered_at} END"
            ));
            sql.line(format_args!("WHERE m.record = {};", sql.dialect.text(record)));
        }
    }
}

/// Writes down who has moved.
fn tell(sql: &mut Sql<'_>, moving: &Moving, history: &Ident) {
    let Moving { record, table, id, stage, entered_at, .. } = moving;
    let me = sql.dialect.text(record);
    sql.line(format_args!("INSERT INTO {history}"));
    sql.line(format_args!(
        "    (record, record_id, from_record, from_record_id, from_stage, to_stage, entered_at)"
    ));
    sql.line(format_args!(
        "SELECT m.record, m.record_id, m.record, m.record_id, m.from_stage, r.{stage}, r.{entered_at}"
    ));
    sql.line(format_args!("FROM {TABLE} AS m JOIN {table} AS r ON r.{id} = m.record_id"));
    sql.line(format_args!("WHERE m.record = {me} AND m.is_here = 1 ORDER BY m.record_id;"));
}

/// The table that remembers who had to move, where there is one.
pub(super) fn table(all: &[Moving]) -> Option<&'static str> {
    (!all.is_empty()).then_some(TABLE)
}

/// Forgets who had to move.
pub(super) fn forget(sql: &mut Sql<'_>, all: &[Moving]) {
    if !all.is_empty() {
        sql.line(format_args!("DROP TABLE {TABLE};"));
    }
}
