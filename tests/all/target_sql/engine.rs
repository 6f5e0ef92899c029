//! Real databases: the system's SQLite, and databases of one PostgreSQL server and one MariaDB server
//! for all tests.
#![expect(clippy::panic, reason = "a test helper fails by panicking")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::session::Session;
use crate::crm_support::root;

/// A database of any kind.
pub(crate) enum Engine {
    Sqlite(Session),
    Postgres(Session),
    Mariadb(Session),
}

/// One of each, empty. `name` is that of the database: one for each test.
pub(crate) fn engines(name: &str) -> [Engine; 3] {
    [sqlite(), postgres(name), mariadb(name)]
}

/// A new SQLite database.
pub(crate) fn sqlite() -> Engine {
    let folder = TempDir::new().unwrap();
    // A file, which the client holds: one that ends at an error must not take the database along.
    let client = move || {
        let mut command = Command::new("sqlite3");
        command.args(["-batch", "-bail"]).arg(folder.path().join("database"));
        command
    };
    // Nothing need outlive a crash here, so nothing is written through. Quoted, texts differ from
    // numbers, and from nothing.
    let greeting = [
        ".output /dev/null",
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;",
        ".output",
        ".mode quote",
        r#".separator "\035" "\036""#,
    ];
    let mark = |text: &str| format!(".print {text}");
    Engine::Sqlite(Session::new(client, greeting.join("\n"), mark))
}

/// A new, empty MariaDB database.
pub(crate) fn mariadb(name: &str) -> Engine {
    made(&mariadb_session(""), &format!("CREATE DATABASE `{name}`;"));
    Engine::Mariadb(mariadb_session(name))
}

/// A new, empty PostgreSQL database.
pub(crate) fn postgres(name: &str) -> Engine {
    made(&psql_session("postgres"), &format!("CREATE DATABASE {name};"));
    Engine::Postgres(psql_session(name))
}

/// The variables by which other programs find a PostgreSQL database.
pub(crate) fn settings(database: &str) -> Vec<(String, String)> {
    let connection = server().connection.split_whitespace();
    let mut all: Vec<(String, String)> = connection
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (format!("PG{}", name.to_uppercase()), value.to_owned()))
        .collect();
    all.retain(|(name, _)| name != "PGDBNAME");
    all.push(("PGDATABASE".to_owned(), database.to_owned()));
    all
}

fn made(session: &Session, sql: &str) {
    session.run(sql).unwrap_or_else(|told| panic!("{sql} {told}"));
}

impl Engine {
    /// The folder of its dialect.
    pub(crate) fn dialect(&self) -> &'static str {
        match self {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
            Engine::Mariadb(_) => "mariadb",
        }
    }

    /// Runs statements; what the database says against them.
    pub(crate) fn run(&self, sql: &str) -> Result<(), String> {
        match self {
            Engine::Sqlite(session) => session.run(&ended(sql)).map(drop),
            Engine::Postgres(session) => session.run(&ended(sql)).map(drop),
            Engine::Mariadb(session) => {
                let ran = session.run(&ended(&without_zulu(sql)));
                // The statement itself may be told before the error.
                let error = |told: String| match told.find("ERROR") {
                    Some(at) => told[at..].to_owned(),
                    None => told,
                };
                ran.map(drop).map_err(error)
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
            Engine::Sqlite(session) => {
                let text = session.run(&format!("{sql};")).unwrap_or_else(|told| panic!("{told}"));
                quoted_rows(&text)
            }
            Engine::Postgres(session) => {
                let text = session.run(&format!("{sql};")).unwrap_or_else(|told| panic!("{told}"));
                let text = text.strip_suffix('\n').unwrap_or(&text);
                let rows = text.split('\u{1e}').filter(|row| !row.is_empty());
                rows.map(|row| row.split('\u{1d}').map(str::to_owned).collect()).collect()
            }
            Engine::Mariadb(session) => {
                let sql = format!("{};", without_zulu(sql));
                let text = session.run(&sql).unwrap_or_else(|told| panic!("{told}"));
                text.lines().map(|row| row.split('\t').map(mariadb_cell).collect()).collect()
            }
        }
    }

    /// The rows of a query, each as one line.
    #[track_caller]
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        self.rows(sql).iter().map(|row| row.join(" ")).collect()
    }
}

/// Statements of which the last has its semicolon: a client that stays open waits for it.
fn ended(sql: &str) -> String {
    let sql = sql.trim_end();
    let last = sql.lines().last().unwrap_or_default();
    let is_ended = last.is_empty()
        || last.ends_with(';')
        || ["--", "DELIMITER", "\\"].iter().any(|start| last.starts_with(start));
    if is_ended { sql.to_owned() } else { format!("{sql};") }
}

/// Points in time as MariaDB takes them: it knows no `Z`, its times are in UTC anyway.
fn without_zulu(sql: &str) -> String {
    let is_time = |text: &str| {
        let shape: String =
            text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        shape == "0000-00-00T00:00:00Z"
    };
    let parts = sql.split('\'').map(|part| {
        if is_time(part) { part.replace('T', " ").replace('Z', "") } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("'")
}

/// A cell as the client prints it in batch mode, without its escapes and without the zeros that end
/// a decimal.
fn mariadb_cell(cell: &str) -> String {
    if cell == "NULL" {
        return "-".to_owned();
    }
    if let Some((whole, decimals)) = cell.split_once('.')
        && whole.parse::<i64>().is_ok()
        && decimals.len() >= 9
        && decimals.bytes().all(|b| b.is_ascii_digit())
    {
        return cell.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let mut out = String::new();
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    out
}

/// The rows that SQLite's client prints in its mode `quote`.
fn quoted_rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut is_text = false;
    for letter in text.chars() {
        match letter {
            '\u{1d}' | '\u{1e}' if !is_text => {
                row.push(sqlite_cell(&std::mem::take(&mut cell)));
                if letter == '\u{1e}' {
                    rows.push(std::mem::take(&mut row));
                }
            }
            _ => {
                // A quote within a text is doubled: it ends the text and begins it again.
                is_text ^= letter == '\'';
                cell.push(letter);
            }
        }
    }
    rows
}

/// A value as SQLite's client quotes it.
fn sqlite_cell(cell: &str) -> String {
    if let Some(text) = cell.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return text.replace("''", "'");
    }
    match cell.parse::<f64>() {
        _ if cell == "NULL" => "-".to_owned(),
        Ok(number) if cell.contains(['.', 'e']) => number.to_string(),
        _ => cell.to_owned(),
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
        let bin = tool("postgres", &["bin"]);
        let connection = tool("postgres", &["start", notes, "--until", &pid]);
        Server { psql: PathBuf::from(bin.trim()).join("psql"), connection }
    })
}

/// The MariaDB server of all tests: the folder of its notes. It stops by itself when they end.
fn mariadb_server() -> &'static PathBuf {
    static SERVER: OnceLock<PathBuf> = OnceLock::new();
    SERVER.get_or_init(|| {
        let pid = std::process::id().to_string();
        let notes = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mariadb-{pid}"));
        tool("mariadb", &["start", notes.to_str().unwrap(), "--until", &pid]);
        notes
    })
}

/// Runs a script of `tests/tools` that keeps a server; gives what it prints.
fn tool(name: &str, arguments: &[&str]) -> String {
    let ran = Command::new(root().join("tests/tools").join(name)).args(arguments).output();
    let ran = ran.unwrap_or_else(|error| panic!("no {name} ({error}): run tests/setup"));
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "no {name}, run tests/setup: {told}");
    String::from_utf8(ran.stdout).unwrap()
}

/// A client of the MariaDB server, in a database of it.
fn mariadb_session(database: &str) -> Session {
    let database = database.to_owned();
    let client = move || {
        let mut command = Command::new(root().join("tests/tools/mariadb"));
        command.arg("sql").arg(mariadb_server()).args(["--unbuffered", "--skip-column-names"]);
        if !database.is_empty() {
            command.arg(&database);
        }
        command
    };
    // So that names may stand between double quotes, as everywhere else.
    let mode = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,PIPES_AS_CONCAT');";
    Session::new(client, mode.to_owned(), |text| format!("SELECT '{text}';"))
}

/// A client of the PostgreSQL server, in a database of it.
fn psql_session(database: &str) -> Session {
    let client = || {
        let Server { psql, connection } = server();
        let mut command = Command::new(psql);
        command
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", connection.trim()])
            .args(["-At", "-F", "\u{1d}", "-R", "\u{1e}", "-P", "null=-"])
            .args(["-f", "-"]);
        command
    };
    Session::new(client, format!("\\c {database}"), |text| format!("\\echo '{text}'"))
}
