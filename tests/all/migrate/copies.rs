//! Migrations of databases in which nothing is undone and no statement asks for another: ClickHouse and
//! Spark run them, the grammars of the others read them.

use std::process::Command;

use ekiden::emit::migrate;
use ekiden::model::Process;

use super::duckdb::{CASES, Case};
use super::{HISTORY, context, history, source};
use crate::crm_support::{HOSTILE, emit, process, settings, text};
use crate::target_sql::lakes::{Engines, python, script};
use crate::target_sql::logic::moment_for;

/// What `rows.sql` makes of the databases that have triggers; here every value is given. `{at}` is a
/// point in time.
const ROWS: &[&str] = &[
    "INSERT INTO lead (id, email, need, size, source, stage, stage_entered_at, stage_left_at, confirmed_inquiry_sure) VALUES
    (1, 'ann@x.example', 'less work', 5, 'web', 'inquiry', {at}, {at}, TRUE),
    (2, 'bob@x.example', NULL, 1000, 'event', 'nurturing', {at}, NULL, FALSE),
    (3, 'cyd@x.example', '', NULL, NULL, 'inquiry', {at}, NULL, FALSE)",
    "INSERT INTO lead_topics (lead_id, topics) VALUES (1, 'price'), (1, 'speed'), (2, 'speed')",
    "INSERT INTO deal (id, lead_id, stage, stage_entered_at, amount, lost_reason) VALUES
    (1, 1, 'offer', {at}, 9000, NULL), (2, 2, 'offer', {at}, 10, NULL)",
    "INSERT INTO ekiden_event (id, record, record_id, name, occurred_at) VALUES
    (1, 'lead', 1, 'visit', {at})",
    "INSERT INTO ekiden_stage_history
    (id, record, record_id, from_record, from_record_id, from_stage, to_stage, transition, entered_at) VALUES
    (1, 'lead', 1, NULL, NULL, NULL, 'inquiry', NULL, {at}),
    (2, 'lead', 2, NULL, NULL, NULL, 'inquiry', NULL, {at}),
    (3, 'lead', 3, NULL, NULL, NULL, 'inquiry', NULL, {at}),
    (4, 'lead', 2, 'lead', 2, 'inquiry', 'nurturing', 'inquiry_nurturing', {at}),
    (5, 'deal', 1, 'lead', 1, 'inquiry', 'talk', 'inquiry_talk', {at}),
    (6, 'deal', 1, 'deal', 1, 'talk', 'offer', 'talk_offer', {at}),
    (7, 'lead', 4, NULL, NULL, NULL, 'inquiry', NULL, {at})",
];

/// Where the second part begins.
const PART_2: &str = "-- ===== Part 2 =====\n";

/// The databases in one process.
struct Lake {
    engines: Engines,
    engine: &'static str,
}

impl Lake {
    fn start(engine: &'static str) -> Self {
        Self { engines: Engines::start(), engine }
    }

    fn run(&mut self, database: &str, sql: &str) {
        self.engines.run(self.engine, database, sql);
    }

    fn lines(&mut self, database: &str, sql: &str) -> Vec<String> {
        self.engines.lines(self.engine, database, sql)
    }

    /// Runs statements; what is said against the first that is refused.
    fn tries(&mut self, database: &str, all: &[&str]) -> Option<String> {
        let mut waiting = String::new();
        for statement in all {
            let code = statement.lines().filter(|line| !line.starts_with("--"));
            let code: Vec<&str> = code.collect();
            if !code.join("\n").trim_start().starts_with("SELECT") {
                waiting.push_str(statement);
                continue;
            }
            // Spark asks only when somebody wants the rows.
            if !waiting.is_empty() {
                self.run(database, &std::mem::take(&mut waiting));
            }
            if let Some(told) = self.engines.refusal(self.engine, database, statement) {
                return Some(told);
            }
        }
        if !waiting.is_empty() {
            self.run(database, &waiting);
        }
        None
    }

    #[track_caller]
    fn accepts(&mut self, database: &str, sql: &str) {
        assert_eq!(self.tries(database, &statements(sql)), None, "{database}");
    }

    #[track_caller]
    fn refuses(&mut self, database: &str, sql: &str, words: &str) {
        let told = self.tries(database, &statements(sql)).expect(database);
        assert!(told.contains(words), "{database}: no `{words}` in: {told}");
    }

    fn schema(&self, process: &Process) -> String {
        let output = emit("sql", process, &[("dialects", self.engine)]);
        text(&output, &format!("{}/schema.sql", self.engine)).to_owned()
    }

    /// The schema, in Spark without views: it takes half a second for each.
    fn tables_of(&self, process: &Process) -> String {
        let schema = self.schema(process);
        let keeps = |part: &&str| self.engine != "spark" || !names_views(part);
        statements(&schema).into_iter().filter(keeps).collect()
    }

    /// A database of a schema with the rows that it begins with.
    fn filled(&mut self, database: &str, schema: &str) {
        self.run(database, schema);
        self.rows(database);
    }

    fn rows(&mut self, database: &str) {
        let at = moment_for(self.engine, "2026-01-05T10:00:00Z");
        for rows in ROWS {
            self.run(database, &rows.replace("{at}", &at));
        }
    }

    /// Everything the database knows of itself; in Spark of its tables only.
    fn catalogue(&mut self, database: &str) -> Vec<String> {
        if self.engine == "clickhouse" {
            return self.lines(
                database,
                "SELECT REPLACE(create_table_query, currentDatabase(), '') FROM system.tables \
                 WHERE database = currentDatabase() ORDER BY name",
            );
        }
        let mut all = Vec::new();
        for table in self.tables(database) {
            let made = self.lines(database, &format!("SHOW CREATE TABLE {table}"));
            let made = made.iter().filter(|made| !made.starts_with("CREATE VIEW"));
            all.extend(made.map(|made| made.replace(database, "")));
        }
        all
    }

    fn tables(&mut self, database: &str) -> Vec<String> {
        if self.engine == "clickhouse" {
            let all =
                "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name";
            return self.lines(database, all);
        }
        let rows = self.lines(database, "SHOW TABLES");
        let mut names: Vec<String> =
            rows.iter().map(|row| row.split(' ').nth(1).unwrap().to_owned()).collect();
        names.sort();
        names
    }

    /// The rows that describe the process: those of every table that no record makes.
    fn described(&mut self, database: &str) -> Vec<String> {
        let mut all = Vec::new();
        for table in DESCRIBE {
            let mut rows = self.lines(database, &format!("SELECT * FROM ekiden_{table}"));
            rows.sort();
            all.push((*table).to_owned());
            all.extend(rows);
        }
        all
    }

    /// The rows of records and of their history.
    fn data(&mut self, database: &str) -> Vec<String> {
        let mut all = Vec::new();
        for table in self.tables(database) {
            if ["lead", "deal", "prospect", "customer"].iter().any(|name| table.starts_with(name)) {
                all.extend(self.lines(database, &format!("SELECT * FROM {table}")));
            }
        }
        all.extend(self.lines(database, HISTORY));
        all.extend(self.lines(database, "SELECT record, record_id, name FROM ekiden_event"));
        all.sort();
        all
    }

    /// Compares a database with one that the new process has made.
    #[track_caller]
    fn same(&mut self, what: &str, database: &str, fresh: &str) {
        let (found, due) = (self.catalogue(database), self.catalogue(fresh));
        assert_eq!(found.len(), due.len(), "{what}: {:?}", self.tables(database));
        for (found, due) in found.iter().zip(&due) {
            assert_eq!(found, due, "{what}");
        }
        assert_eq!(self.described(database), self.described(fresh), "{what}");
    }
}

/// Tables that describe the process.
const DESCRIBE: &[&str] = &[
    "process",
    "team",
    "role",
    "record",
    "field",
    "option",
    "confirmation",
    "stage",
    "stage_label",
    "transition",
    "criterion",
    "goal",
    "goal_owner",
    "former_name",
    "translation",
    "calendar",
];

/// The statements of a script: no text in these ends a line behind a semicolon.
fn statements(script: &str) -> Vec<&str> {
    script.split_inclusive(";\n").filter(|part| !part.trim().is_empty()).collect()
}

fn written(old: &Process, new: &Process, dialect: &str) -> String {
    let settings = settings(&[("dialects", dialect)]);
    let migration = migrate(&context(old, &settings), &context(new, &settings), &[]);
    let script = migration.scripts.first();
    let script = script.unwrap_or_else(|| panic!("{dialect}: {:?}", migration.diagnostics));
    String::from_utf8(script.contents.clone()).unwrap()
}

/// Each of these changes, run from its beginning to its end.
fn migrated(engine: &'static str, cases: &[&Case]) {
    let mut lake = Lake::start(engine);
    let old = process(&source("old.ekiden"));
    let before = lake.schema(&old);
    for Case { name, expected, called: (lead, inquiry) } in cases {
        let new = process(&source(&format!("{name}/new.ekiden")));
        let (name, fresh) = (&format!("from_{name}"), format!("made_{name}"));
        lake.filled(name, &before);
        lake.accepts(name, &written(&old, &new, engine));
        let schema = lake.schema(&new);
        lake.run(&fresh, &schema);
        lake.same(name, name, &fresh);
        for (sql, due) in *expected {
            assert_eq!(lake.lines(name, sql), *due, "{name}: {sql}");
        }
        let told = lake.lines(name, &HISTORY.replace(" ORDER", " WHERE id < 8 ORDER"));
        assert_eq!(told, history(lead, inquiry), "{name}");
    }
}

#[test]
fn clickhouse_makes_tables_anew_from_copies() {
    migrated("clickhouse", &CASES.iter().collect::<Vec<_>>());
}

/// All of it in one change.
const TOGETHER: &[(&str, &[&str])] = &[
    (
        "SELECT id, email, pain, size, source, phone, stage FROM prospect ORDER BY id",
        &[
            "1 ann@x.example less work 5 site - request",
            "2 bob@x.example - 1000 event - nurturing",
            "3 cyd@x.example  - - - request",
        ],
    ),
    (
        "SELECT prospect_id, themes FROM prospect_themes ORDER BY 1, 2",
        &["1 cost", "1 speed", "2 speed"],
    ),
    (
        "SELECT id, prospect_id, stage, amount FROM deal ORDER BY id",
        &["1 1 terms 9000", "2 2 talk 10"],
    ),
    ("SELECT count(*) FROM customer", &["0"]),
    ("SELECT record, record_id, name FROM ekiden_event", &["prospect 1 visit"]),
    (
        "SELECT h.id, h.record, h.record_id, h.from_stage, h.to_stage, h.transition FROM ekiden_stage_history AS h \
         JOIN deal AS d ON d.id = h.record_id AND d.stage_entered_at = h.entered_at WHERE h.id > 7 ORDER BY 1",
        &["8 deal 1 offer terms -", "9 deal 2 offer talk -"],
    ),
];

fn names_views(statement: &str) -> bool {
    ["CREATE VIEW", "DROP VIEW"]
        .iter()
        .any(|start| statement.lines().any(|line| line.starts_with(start)))
}

/// A script that stops is run again: in part 1 from its beginning, in part 2 from there. Every `step`th
/// statement it stops, and then it goes through.
fn stopped(engine: &'static str, step: usize) {
    let mut lake = Lake::start(engine);
    let (old, new) = (process(&source("old.ekiden")), process(&source("together/new.ekiden")));
    let script = written(&old, &new, engine);
    let (first, second) = script.split_once(PART_2).unwrap();
    let (database, fresh) = ("stopped", "stopped_fresh");
    let tables = lake.tables_of(&old);
    lake.run(database, &tables);
    lake.rows(database);
    let before = lake.data(database);

    // Part 2 alone has nothing to go on from: it asks a table that is not there.
    lake.refuses(database, second, "ekiden_migration");
    let statements_of_1 = statements(first);
    for end in (step..statements_of_1.len()).step_by(step) {
        assert_eq!(lake.tries(database, &statements_of_1[..end]), None);
        // There may be no table yet that could be asked.
        lake.refuses(database, second, "migration");
        assert_eq!(lake.data(database), before, "after {end} statements of part 1");
    }
    lake.accepts(database, first);
    assert_eq!(lake.data(database), before);
    if engine != "spark" {
        // As long as nothing of part 2 has run, part 1 may run once more.
        lake.accepts(database, first);
    }

    let statements_of_2: Vec<&str> = statements(second);
    let dropped = statements_of_2.iter().position(|s| s.contains("DROP TABLE ekiden_migration;"));
    let dropped = dropped.unwrap();
    let views = statements_of_2.iter().position(|s| s.contains("CREATE VIEW")).unwrap();
    let ends = (3..dropped).step_by(step).filter(|end| engine != "spark" || *end < views);
    for end in ends {
        assert_eq!(lake.tries(database, &statements_of_2[..end]), None);
        lake.refuses(database, &script, "run part 2 again");
    }
    // The server stops between the last statements.
    assert_eq!(lake.tries(database, &statements_of_2[..=dropped]), None);
    lake.refuses(database, second, "ekiden_migration");
    lake.refuses(database, &script, "does not describe the earlier process");
    for table in lake.tables(database) {
        if table.starts_with("ekiden_migration") {
            lake.run(database, &format!("DROP TABLE {table}"));
        }
    }
    let tables = lake.tables_of(&new);
    lake.run(fresh, &tables);
    lake.same("stopped", database, fresh);
    for (sql, due) in TOGETHER {
        assert_eq!(lake.lines(database, sql), *due, "{sql}");
    }
    let told = lake.lines(database, &HISTORY.replace(" ORDER", " WHERE id < 8 ORDER"));
    assert_eq!(told, history("prospect", "request"));
}

#[test]
fn clickhouse_goes_on_after_a_stop() {
    stopped("clickhouse", 7);
}

#[test]
fn spark_goes_on_after_a_stop() {
    stopped("spark", 40);
}

/// What part 2 would drop, or fill twice, is told before anything has changed.
#[test]
fn another_database_than_the_earlier_one_is_refused() {
    let mut lake = Lake::start("clickhouse");
    let old = process(&source("old.ekiden"));
    let schema = lake.schema(&old);
    let cases = [
        (
            "wider",
            "DELETE FROM ekiden_stage WHERE name = 'lost'",
            "table ekiden_stage does not describe",
        ),
        ("wider", "ALTER TABLE ekiden_option UPDATE title = 'x' WHERE TRUE", ""),
        (
            "wider",
            "ALTER TABLE ekiden_option DELETE WHERE name = 'web'",
            "table ekiden_option does not describe",
        ),
        ("wider", "ALTER TABLE lead ADD COLUMN mine Int64", "UNION"),
        ("wider", "ALTER TABLE lead DROP COLUMN need", "need"),
        ("wider", "ALTER TABLE lead ADD COLUMN mine Int64 ALIAS size * 2", "would be lost"),
        ("wider", "ALTER TABLE lead ADD INDEX mine size TYPE minmax", "would be lost"),
        (
            "wider",
            "ALTER TABLE lead ADD PROJECTION mine (SELECT * ORDER BY email)",
            "would be lost",
        ),
        (
            "wider",
            "CREATE MATERIALIZED VIEW mine ENGINE = MergeTree ORDER BY () AS SELECT id FROM lead",
            "would be lost",
        ),
        (
            "wider",
            "CREATE MATERIALIZED VIEW mine ENGINE = MergeTree ORDER BY () AS SELECT name FROM ekiden_field",
            "would be lost",
        ),
        ("wider", "CREATE VIEW mine AS SELECT id FROM lead", ""),
        (
            "new_record",
            "CREATE TABLE customer (x Int64) ENGINE = MergeTree ORDER BY ()",
            "ekiden_migration",
        ),
        ("new_record", "CREATE VIEW ekiden_at_care AS SELECT 1 AS x", "ekiden_migration"),
        (
            "renamed_record",
            "CREATE TABLE prospect (x Int64) ENGINE = MergeTree ORDER BY ()",
            "ekiden_migration",
        ),
    ];
    for (at, (name, edit, words)) in cases.into_iter().enumerate() {
        let database = format!("other_{at}");
        let script = written(&old, &process(&source(&format!("{name}/new.ekiden"))), "clickhouse");
        lake.filled(&database, &schema);
        lake.run(&database, &format!("SET mutations_sync = 1; {edit}"));
        if words.is_empty() {
            lake.accepts(&database, &script);
            continue;
        }
        let before = lake.catalogue(&database);
        let told = lake.tries(&database, &statements(&script));
        assert!(told.as_ref().is_some_and(|told| told.contains(words)), "{edit}: {told:?}");
        let after = lake.catalogue(&database);
        let lost: Vec<&String> = before.iter().filter(|made| !after.contains(made)).collect();
        assert!(lost.is_empty(), "{edit}: {lost:?}");
    }
}

/// The script without what Snowflake is asked to write itself: a statement that holds another one, whose
/// ids begin where a query says.
fn unfolded(script: &str) -> String {
    let mut parts = script.split("EXECUTE IMMEDIATE $$\n");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (block, rest) = part.split_once("\n$$;\n").unwrap();
        let (asked, made) = block.split_once("statement := '").unwrap();
        let asked = asked.split_once("    SELECT ").unwrap().1.replace(" INTO :first_id", "");
        let made = made.split_once("';\n    EXECUTE IMMEDIATE :statement;").unwrap().0;
        let made = unescaped(&made.replace("' || first_id || '", "5"));
        out.push_str(&format!("SELECT {asked}{made};\n{rest}"));
    }
    out
}

/// Nothing keeps ids apart: a deal that was loaded twice is there twice afterwards, and has gone on once.
#[test]
fn rows_that_are_there_twice_stay_two() {
    let mut lake = Lake::start("clickhouse");
    let (old, new) = (process(&source("old.ekiden")), process(&source("retired_stage/new.ekiden")));
    let schema = lake.schema(&old);
    lake.filled("doubled", &schema);
    lake.run("doubled", "INSERT INTO deal SELECT * FROM deal WHERE id = 1");
    lake.accepts("doubled", &written(&old, &new, "clickhouse"));
    let deals = "SELECT id, stage, amount FROM deal ORDER BY id";
    assert_eq!(lake.lines("doubled", deals), ["1 terms 9000", "1 terms 9000", "2 talk 10"]);
    let told = "SELECT id, record_id, to_stage FROM ekiden_stage_history WHERE id > 7 ORDER BY id";
    assert_eq!(lake.lines("doubled", told), ["8 1 terms", "9 2 talk"]);
}

/// What a text of Snowflake holds.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        if let Some(after) = escape.strip_prefix("u0024") {
            out.push('$');
            rest = after;
        } else {
            let escaped = escape.chars().next().unwrap();
            assert!(escaped == '\'' || escaped == '\\', "{escape}");
            out.push(escaped);
            rest = &escape[1..];
        }
    }
    out + rest
}

/// Names and texts that nobody expects, and a change in them.
fn hostile() -> (Process, Process) {
    let was = "  name    text \"Name\"\n";
    assert_eq!(HOSTILE.matches(was).count(), 1);
    let now =
        format!("{was}  note text \"$$ it's \\\\ $$; --\" help \"AUTOINCREMENT\"\n  where text\n");
    (process(HOSTILE), process(&HOSTILE.replace(was, &now)))
}

#[test]
fn hostile_names_and_texts_are_migrated() {
    let mut lake = Lake::start("clickhouse");
    let (old, new) = hostile();
    let (before, after) = (lake.schema(&old), lake.schema(&new));
    lake.run("hostile", &before);
    lake.run(
        "hostile",
        "INSERT INTO lead (id, email, stage) VALUES (1, 'it\\'s', 'new'), (1, 'again', 'select')",
    );
    lake.accepts("hostile", &written(&old, &new, "clickhouse"));
    lake.run("hostile_fresh", &after);
    lake.same("hostile", "hostile", "hostile_fresh");
    let rows = "SELECT email, stage, note FROM lead ORDER BY email";
    assert_eq!(lake.lines("hostile", rows), ["again select -", "it's new -"]);
}

#[test]
fn grammars_read_every_statement() {
    let old = process(&source("old.ekiden"));
    for dialect in ["databricks", "snowflake", "bigquery", "spark"] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["together", "retired_stage", "words", "name_taken"] {
            let new = process(&source(&format!("{name}/new.ekiden")));
            let script = unfolded(&written(&old, &new, dialect));
            std::fs::write(folder.path().join(format!("{name}.sql")), script).unwrap();
        }
        let (was, now) = hostile();
        let hostile = unfolded(&written(&was, &now, dialect));
        std::fs::write(folder.path().join("hostile.sql"), hostile).unwrap();
        let ran = Command::new(python())
            .arg(script())
            .args(["--grammar", dialect])
            .arg(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), 5, "{said}");
    }
}

/// An id that was given out to a row that is gone is told by the history.
#[test]
fn snowflake_counts_on_behind_ids_that_were_given_out() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("added_field/new.ekiden")));
    let script = written(&old, &new, "snowflake");
    let made = script
        .split("statement := '")
        .find(|made| made.starts_with("CREATE OR REPLACE TABLE lead ("));
    let made = made.unwrap();
    assert!(made.contains(
        "id NUMBER(38, 0) AUTOINCREMENT START ' || first_id || ' INCREMENT 1 PRIMARY KEY"
    ));
    let asked = "(SELECT MAX(id) AS n FROM ekiden_migration_1 UNION ALL \
         SELECT MAX(record_id) AS n FROM ekiden_migration_3 WHERE record = 'lead') AS q;";
    assert!(script.contains(asked));
}
