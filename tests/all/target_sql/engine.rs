//! Real databases: an SQLite in memory, and databases of one PostgreSQL server and one MariaDB
//! server for all tests.
#![expect(clippy::panic, reason = "a test helper fails by panicking")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::crm_support::root;

/// A database of any kind.
pub(crate) enum Engine {
    Sqlite(Connection),
    Postgres(String),
    Mariadb(String),
}

/// One of each, empty. `name` is that of the database: one for each test.
pub(crate) fn engines(name: &str) -> [Engine; 3] {
    [sqlite(), postgres(name), mariadb(name)]
}

/// A new SQLite database.
pub(crate) fn sqlite() -> Engine {
    Engine::Sqlite(Connection::open_in_memory().unwrap())
}

/// A new, empty MariaDB database.
pub(crate) fn mariadb(name: &str) -> Engine {
    let made = mariadb_client("", &format!("CREATE DATABASE `{name}`;"), &[]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Engine::Mariadb(name.to_owned())
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
            Engine::Mariadb(_) => "mariadb",
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
            Engine::Mariadb(name) => {
                let ran = mariadb_client(name, &without_zulu(sql), &[]);
                let told = String::from_utf8_lossy(&ran.stderr);
                // The statement itself may be told before the error.
                let told = told.find("ERROR").map_or(&*told, |at| &told[at..]).to_owned();
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
            Engine::Mariadb(name) => {
                let sql = format!("{};", without_zulu(sql));
                let ran = mariadb_client(name, &sql, &["--skip-column-names"]);
                assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
                let text = String::from_utf8(ran.stdout).unwrap();
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

fn mariadb_client(database: &str, sql: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(root().join("tests/tools/mariadb"));
    command.arg("sql").arg(mariadb_server()).args(arguments);
    if !database.is_empty() {
        command.arg(database);
    }
    // So that names may stand between double quotes, as everywhere else.
    let mode = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,PIPES_AS_CONCAT');";
    fed(&mut command, format!("{mode}\n{sql}\n"))
}

fn psql(database: &str, sql: &str, arguments: &[&str]) -> Output {
    let Server { psql, connection } = server();
    let mut command = Command::new(psql);
    command
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", connection.trim()])
        .args(arguments)
        .args(["-f", "-"]);
    fed(&mut command, format!("\\c {database}\n{sql}\n"))
}

/// Runs a program on a script.
fn fed(command: &mut Command, script: String) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Beside the reading: with much said on both sides, neither may wait for the other.
    let writer = std::thread::spawn(move || {
        // The program may end at the first error, without reading the rest.
        let _ = stdin.write_all(script.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}
