//! Warehouses: DuckDB and ClickHouse run what is written for them; the grammars of the others read it.
#![expect(clippy::panic, reason = "a test helper fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::logic::{moment_for, quoted_for};
use super::names::hostile_names;
use crate::crm_support::{HOSTILE, WHOLE, emit, example, process, root, text, told};

/// The databases that run here.
pub(super) const RUN: [&str; 2] = ["duckdb", "clickhouse"];

/// Those that are only read.
const READ: [&str; 4] = ["spark", "snowflake", "bigquery", "databricks"];

/// Words that one of these databases reserves, as names of fields.
const WORDS: &str = "anti array at begin case cast columns cross cube current date default \
     describe distinct end enum exists extract fetch first from full group grouping hash having if \
     ilike interval join lambda lateral left limit lookup map merge minus natural new null offset \
     order over partition pivot positional proto qualify range record regexp respect right rlike \
     rollup row rows sample schema select semi show stage start struct summarize table then time \
     timestamp to trigger try_cast tuple union unnest unpivot user using values view when \
     where window with";

pub(crate) fn python() -> PathBuf {
    root().join("target/test-tools/sql/bin/python")
}

pub(crate) fn script() -> PathBuf {
    root().join("tests/tools/python/sql-engines.py")
}

/// The engines, in one process.
pub(crate) struct Engines {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Engines {
    pub(crate) fn start() -> Self {
        let child = Command::new(python())
            .arg(script())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{error}: run tests/setup"));
        let asked = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, asked, answers }
    }

    /// Runs a script, a query or both; gives the rows, with `-` for null.
    #[track_caller]
    pub(super) fn ask(
        &mut self,
        engine: &str,
        database: &str,
        what: &str,
        sql: &str,
    ) -> Vec<Vec<String>> {
        let answer = self.answer(engine, database, what, sql);
        let start: String = sql.chars().take(300).collect();
        assert_eq!(answer["ok"], true, "{engine}: {}\n{start}", answer["error"]);
        let cell = |cell: &Value| cell.as_str().unwrap_or("-").to_owned();
        let rows = answer["rows"].as_array().unwrap();
        rows.iter().map(|row| row.as_array().unwrap().iter().map(cell).collect()).collect()
    }

    /// What is said against a query, if anything is.
    pub(crate) fn refusal(&mut self, engine: &str, database: &str, query: &str) -> Option<String> {
        let answer = self.answer(engine, database, "query", query);
        answer["error"].as_str().map(str::to_owned)
    }

    fn answer(&mut self, engine: &str, database: &str, what: &str, sql: &str) -> Value {
        let request = json!({ "engine": engine, "database": database, what: sql });
        writeln!(self.asked, "{request}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("{engine} said `{line}`: run tests/setup"))
    }

    #[track_caller]
    pub(crate) fn run(&mut self, engine: &str, database: &str, sql: &str) {
        self.ask(engine, database, "script", sql);
    }

    /// The rows of a query, each as one line.
    #[track_caller]
    pub(crate) fn lines(&mut self, engine: &str, database: &str, sql: &str) -> Vec<String> {
        let rows = self.ask(engine, database, "query", sql);
        rows.iter().map(|row| row.join(" ")).collect()
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        // Only when nothing more is asked does it end; a test that failed has no use for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The schema for one database.
fn schema(process: &ekiden::model::Process, dialect: &str) -> String {
    let output = emit("sql", process, &[("dialects", dialect)]);
    assert_eq!(told(&output.diagnostics), Vec::<String>::new());
    text(&output, &format!("{dialect}/schema.sql")).to_owned()
}

fn keywords() -> ekiden::model::Process {
    let words: Vec<String> = WORDS.split_whitespace().map(str::to_owned).collect();
    process(&hostile_names(&words))
}

#[test]
fn warehouses_take_what_is_written_for_them() {
    let mut engines = Engines::start();
    let (model, whole, hostile) = (example("the_model"), process(WHOLE), process(HOSTILE));
    let (words, nothing, moments) = (keywords(), process("process p { }"), process(MOMENTS));
    for engine in RUN {
        for (name, process) in [("model", &model), ("whole", &whole), ("words", &words)] {
            engines.run(engine, name, &schema(process, engine));
            let count = |table: &str| format!("SELECT count(*) FROM ekiden_{table}");
            assert_eq!(
                engines.lines(engine, name, &count("stage")),
                [process.stages.len().to_string()]
            );
            assert_eq!(
                engines.lines(engine, name, &count("field")),
                [process.fields.len().to_string()]
            );
        }
        engines.run(engine, "nothing", &schema(&nothing, engine));
        assert_eq!(engines.lines(engine, "nothing", "SELECT name FROM ekiden_process"), ["p"]);

        // Texts come back byte for byte.
        engines.run(engine, "hostile", &schema(&hostile, engine));
        let asked = "SELECT title FROM ekiden_process";
        assert_eq!(engines.lines(engine, "hostile", asked), ["'; drop table leads; --"]);
        let asked = "SELECT title, purpose FROM ekiden_stage ORDER BY ordinal";
        let stages: Vec<Vec<String>> = hostile
            .stages
            .values()
            .map(|stage| {
                let purpose = stage.purpose.as_ref().map_or("-", |text| text.value.as_str());
                vec![stage.title.value.clone(), purpose.to_owned()]
            })
            .collect();
        assert_eq!(engines.ask(engine, "hostile", "query", asked), stages);
        let asked = "SELECT title FROM ekiden_record ORDER BY name";
        assert_eq!(
            engines.lines(engine, "hostile", asked),
            ["{{deal}} ${x} %s", "리드 | `code` **bold** [link](x)", "'; drop table"]
        );
        times_are_told(&mut engines, engine, &moments);
    }
}

/// Every criterion of `a` holds for the first record of the test: see there.
const MOMENTS: &str = r#"
process p { currency EUR  timezone "Europe/Berlin"
  calendar mon-fri 09:00-17:00 }
team sales { role rep }
record lead { email text  due date  seen datetime  amount money }
stage a { record lead owner sales entry  advance to b
  exit when {
    c0 "The clocks went forward" today = 2026-04-01
    c1 "The last day of a shorter month" due + 1mo = 2026-02-28
    c2 "Weeks" due + 4w = 2026-02-28
    c3 "Hours by the clock on the wall" hours since seen between 70 and 71
    c4 "Working days" business days since due = 43
    c5 "Working hours" business hours since seen = 16
    c6 "Fractions" amount / 4 = 2.5 EUR and amount / 3 > 3 EUR
    c7 "Quotes" email = "it's a \\ \"b\""
    c8 "A month" time in stage >= 1mo and not (time in stage > 1mo)
    c9 "A window" due within last 3mo and not (due within last 2mo)
  } }
stage b { record lead owner sales outcome won final }
"#;

/// It is 2026-04-01 00:30 in Berlin, a Wednesday, three days after clocks went forward there.
fn times_are_told(engines: &mut Engines, engine: &str, process: &ekiden::model::Process) {
    let at = |at: &str| moment_for(engine, at);
    let date = |date: &str| format!("DATE '{date}'");
    let email = quoted_for(engine, r#"it's a \ "b""#);
    engines.run(engine, "moments", &schema(process, engine));
    let now = at("2026-03-31T22:30:00Z");
    let clock = format!("CREATE OR REPLACE VIEW ekiden_clock AS SELECT {now} AS now");
    engines.run(engine, "moments", &clock);
    let insert = "INSERT INTO lead (id, email, due, seen, amount, stage, stage_entered_at) VALUES";
    // A Saturday, and the last second of winter on a Sunday night.
    let (due, seen) = (date("2026-01-31"), at("2026-03-29T00:59:59Z"));
    let entered = at("2026-02-28T23:30:00Z");
    engines.run(
        engine,
        "moments",
        &format!(
            "{insert} (1, {email}, {due}, {seen}, 10, 'a', {entered}),
             (2, NULL, NULL, NULL, NULL, 'a', {now}), (3, NULL, NULL, NULL, NULL, 'b', {now})"
        ),
    );
    let columns = (0..10).map(|at| format!("c{at}")).collect::<Vec<_>>().join(", ");
    let asked = format!("SELECT {columns} FROM ekiden_at_a ORDER BY record_id");
    let told: Vec<Vec<bool>> = engines
        .ask(engine, "moments", "query", &asked)
        .iter()
        .map(|row| row.iter().map(|cell| cell == "true").collect())
        .collect();
    let second: Vec<bool> = (0..10).map(|at| at == 0).collect();
    assert_eq!(told, [vec![true; 10], second], "{engine}");

    // The third came to its stage without meeting the criteria of the one before.
    let history = "INSERT INTO ekiden_stage_history \
         (id, record, record_id, from_record, from_record_id, from_stage, to_stage, entered_at) VALUES";
    engines.run(
        engine,
        "moments",
        &format!(
            "{history} (1, 'lead', 3, NULL, NULL, NULL, 'a', {entered}), \
             (2, 'lead', 3, 'lead', 3, 'a', 'b', {now})"
        ),
    );
    let asked = "SELECT record, record_id, from_stage, stage FROM ekiden_violation";
    assert_eq!(engines.lines(engine, "moments", asked), ["lead 3 a b"], "{engine}");
}

#[test]
fn grammars_of_warehouses_read_what_is_written_for_them() {
    let processes = [
        ("model", example("the_model")),
        ("whole", process(WHOLE)),
        ("hostile", process(HOSTILE)),
        ("words", keywords()),
        ("moments", process(MOMENTS)),
        ("nothing", process("process p { }")),
    ];
    for dialect in READ {
        let folder = tempfile::tempdir().unwrap();
        for (name, process) in &processes {
            std::fs::write(folder.path().join(format!("{name}.sql")), schema(process, dialect))
                .unwrap();
        }
        let ran = Command::new(python())
            .arg(script())
            .args(["--grammar", dialect])
            .arg(folder.path())
            .output()
            .unwrap_or_else(|error| panic!("{error}: run tests/setup"));
        let said = String::from_utf8_lossy(&ran.stdout);
        let faults: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
        assert!(ran.status.success(), "{dialect}: {}", faults.join("\n"));
        assert_eq!(said.lines().count(), processes.len());
    }
}

#[test]
fn warehouses_are_written_when_asked_for() {
    let process = process("process p { }");
    let usual = emit("sql", &process, &[]);
    for dialect in RUN.into_iter().chain(READ) {
        assert!(usual.artifacts.iter().all(|artifact| !artifact.path.starts_with(dialect)));
        let asked = emit("sql", &process, &[("dialects", dialect)]);
        let readme = text(&asked, &format!("{dialect}/README.md"));
        assert!(readme.contains("## Loading records"), "{readme}");
    }
}
