//! Real databases: an SQLite in memory, and databases of one PostgreSQL server for all tests.
#![expect(clippy::panic, reason = "a test helper fails by panicking")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::crm_support::root;

/// A database of either kind.
pub(crate) enum Engine {
    Sqlite(Connection),
    Postgres(String),
}

/// Both, empty. `name` is that of the database: one for each test.
pub(crate) fn engines(name: &str) -> [Engine; 2] {
    [Engine::Sqlite(Connection::open_in_memory().unwrap()), postgres(name)]
}

/// A new, empty PostgreSQL database.
pub(crate) fn postgres(name: &str) -> Engine {
    server();
    let made = psql("postgres", &format!("CREATE DATABASE {name};"), &[]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Engine::Postgres(name.to_owned())
}

impl Engine {
    /// The folder of its dialect.
    pub(crate) fn dialect(&self) -> &'static str {
        match self {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Runs statements; what the database says against them.
    pub(crate) fn run(&self, sql: &str) -> Result<(), String> {
        match self {
            Engine::Sqlite(connection) => {
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            Engine::Postgres(name) => {
                let ran = psql(name, sql, &[]);
                let told = String::from_utf8_lossy(&ran.stderr).into_owned();
                if ran.status.success() { Ok(()) } else { Err(told) }
            }
        }
    }

    /// Runs statements that must be accepted.
    #[track_caller]
    pub(crate) fn accepts(&self, sql: &str) {
        if let Err(told) = self.run(sql) {
            panic!("{} refused `{}`: {told}", self.dialect(), shortened(sql));
        }
    }

    /// Runs a statement that must be refused, with these words.
    #[track_caller]
    pub(crate) fn refuses(&self, sql: &str, words: &[&str]) {
        let Err(told) = self.run(sql) else {
            panic!("{} accepted `{sql}`", self.dialect());
        };
        for word in words {
            assert!(told.contains(word), "{}: `{sql}`: no `{word}` in: {told}", self.dialect());
        }
    }

    /// The rows of a query, as texts; `-` for none.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare(sql).unwrap();
                let width = statement.column_count();
                let mut rows = statement.query([]).unwrap();
                let mut all = Vec::new();
                while let Some(row) = rows.next().unwrap() {
                    let cell = |at| match row.get_ref(at).unwrap() {
                        ValueRef::Null => "-".to_owned(),
                        ValueRef::Integer(number) => number.to_string(),
                        ValueRef::Real(number) => number.to_string(),
                        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                        ValueRef::Blob(_) => panic!("a blob"),
                    };
                    all.push((0..width).map(cell).collect());
                }
                all
            }
            Engine::Postgres(name) => {
                let arguments = ["-At", "-F", "\u{1d}", "-R", "\u{1e}", "-P", "null=-"];
                let ran = psql(name, &format!("{sql};"), &arguments);
                assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
                let text = String::from_utf8(ran.stdout).unwrap();
                let text = text.strip_suffix('\n').unwrap_or(&text);
                let rows = text.split('\u{1e}').filter(|row| !row.is_empty());
                rows.map(|row| row.split('\u{1d}').map(str::to_owned).collect()).collect()
            }
        }
    }

    /// The rows of a query, each as one line.
    #[track_caller]
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        self.rows(sql).iter().map(|row| row.join(" ")).collect()
    }
}

fn shortened(sql: &str) -> String {
    sql.chars().take(200).collect()
}

/// A running server.
struct Server {
    /// The client program.
    psql: PathBuf,
    /// How to connect to it.
    connection: String,
}

/// The server of all tests. It stops by itself when they end.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let pid = std::process::id().to_string();
        let notes = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{pid}"));
        let notes = notes.to_str().unwrap();
        let bin = tool(&["bin"]);
        let connection = tool(&["start", notes, "--until", &pid]);
        Server { psql: PathBuf::from(bin.trim()).join("psql"), connection }
    })
}

/// How programs other than `psql` find a database: as environment variables.
pub(crate) fn settings(database: &str) -> Vec<(String, String)> {
    let known = server().connection.trim().split_whitespace();
    let mut all: Vec<(String, String)> = known
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, _)| *name != "dbname")
        .map(|(name, value)| (format!("PG{}", name.to_uppercase()), value.to_owned()))
        .collect();
    all.push(("PGDATABASE".to_owned(), database.to_owned()));
    all
}

/// Runs `tests/tools/postgres`; gives what it prints.
fn tool(arguments: &[&str]) -> String {
    let ran = Command::new(root().join("tests/tools/postgres")).args(arguments).output();
    let ran = ran.unwrap_or_else(|error| panic!("no PostgreSQL ({error}): run tests/setup"));
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "no PostgreSQL, run tests/setup: {told}");
    String::from_utf8(ran.stdout).unwrap()
}

fn psql(database: &str, sql: &str, arguments: &[&str]) -> Output {
    let Server { psql, connection } = server();
    let mut child = Command::new(psql)
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", connection.trim()])
        .args(arguments)
        .args(["-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let script = format!("\\c {database}\n{sql}\n");
    // Beside the reading: with much said on both sides, neither may wait for the other.
    let writer = std::thread::spawn(move || {
        // The program may end at the first error, without reading the rest.
        let _ = stdin.write_all(script.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}
