//! What a database knows of itself and of the process, to be compared with another.

use std::collections::BTreeSet;

use crate::target_sql::engine::Engine;

/// Everything the database knows of itself. Columns are told by name: those that are added stand
/// behind the others.
pub(super) fn catalogue(engine: &Engine) -> Vec<String> {
    let queries: &[&str] = match engine {
        Engine::Sqlite(_) => &[
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
            "SELECT name FROM sqlite_temp_schema",
        ],
        Engine::Postgres(_) => &[
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
               pg_get_expr(d.adbin, d.adrelid), a.attidentity, col_description(c.oid, a.attnum) \
             FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid \
             LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped \
               AND c.relkind <> 'i' \
             ORDER BY 1, 2",
            "SELECT relname, relkind, obj_description(oid, 'pg_class') FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY 1::text, 2",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
            "SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger \
             WHERE NOT tgisinternal ORDER BY 1::text, 2",
            "SELECT proname, pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
        ],
        // The name of the database stands in views.
        Engine::Mariadb(_) => &[
            "SELECT table_name, table_type, engine, table_collation, table_comment \
             FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
            "SELECT table_name, ordinal_position, column_name, column_type, collation_name, \
               is_nullable, column_default, extra, column_comment, generation_expression \
             FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2",
            "SELECT table_name, constraint_name, check_clause \
             FROM information_schema.check_constraints \
             WHERE constraint_schema = DATABASE() ORDER BY 1, 2",
            "SELECT k.table_name, k.constraint_name, k.ordinal_position, k.column_name, \
               k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule \
             FROM information_schema.key_column_usage AS k \
             LEFT JOIN information_schema.referential_constraints AS r \
               ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name \
               AND r.constraint_name = k.constraint_name \
             WHERE k.table_schema = DATABASE() ORDER BY 1, 2, 3",
            "SELECT table_name, index_name, seq_in_index, column_name, non_unique \
             FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1, 2, 3",
            "SELECT table_name, REPLACE(view_definition, CONCAT('`', DATABASE(), '`.'), '') \
             FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1",
            "SELECT event_object_table, trigger_name, action_timing, event_manipulation, \
               action_statement FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() ORDER BY 1, 2",
            "SELECT routine_name, dtd_identifier, routine_definition \
             FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1",
        ],
    };
    queries.iter().flat_map(|sql| engine.lines(sql)).collect()
}

/// The rows that describe the process.
pub(super) fn described(engine: &Engine) -> Vec<String> {
    let tables = match engine {
        Engine::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
        Engine::Postgres(_) => {
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        }
        Engine::Mariadb(_) => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    let mut rows = Vec::new();
    for table in engine.lines(tables) {
        if table.starts_with("ekiden_")
            && table != "ekiden_stage_history"
            && table != "ekiden_event"
            && table != "ekiden_handoff_answer"
        {
            let mut lines = engine.lines(&format!("SELECT * FROM {table}"));
            lines.sort();
            rows.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
        }
    }
    rows
}

/// Says where two lists first differ: whole ones would fill the screen.
#[track_caller]
pub(super) fn same(what: &str, engine: &Engine, found: &[String], wanted: &[String]) {
    let (there, due): (BTreeSet<&String>, BTreeSet<&String>) =
        (found.iter().collect(), wanted.iter().collect());
    if let Some(line) = there.difference(&due).next() {
        panic!("{what}, {}: should not be there: {line}", engine.dialect());
    }
    if let Some(line) = due.difference(&there).next() {
        panic!("{what}, {}: is missing: {line}", engine.dialect());
    }
    assert_eq!(found.len(), wanted.len(), "{what}, {}", engine.dialect());
}
