//! Conditions in databases against the native evaluator: random conditions over random records,
//! one view, every answer compared.
//!
//! `EKIDEN_CONDITIONS` sets the number of conditions, `EKIDEN_SEED` chooses others.

use std::collections::BTreeSet;
use std::fmt::Write;

use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Money, Process};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use super::engine::engines;
use super::lakes::{Engines, RUN};
use crate::crm_support::{emit, process, text};

/// Two days after clocks went forward in New York, on a Tuesday, 11:30 there.
pub(crate) const NOW: &str = "2026-03-10T15:30:00Z";

/// The process of the trial, up to the stages.
pub(crate) const HEAD: &str = r#"process p { currency EUR  timezone "America/New_York"
           calendar mon-thu 09:00-12:30, mon-thu 13:15-18:00, fri 08:00-14:00
             except [2026-02-16, 2026-03-09, 2026-03-13] }
         team sales { role rep }
         record person { email text  born date  seen datetime  vip boolean }
         record lead from person {
           size integer  level number  amount money  rate percent
           kind one of [a, b, c]  tags many of [x, y, z]  boss user
           due date  meeting datetime  done boolean
         }
         score heat of lead {
           fit +20 when size >= 4
           fit +15.5 when kind = a
           fit -10 when vip
           behavior +30 when event viewed             halves every 7d
           behavior +25 when event viewed at least 2 times within 14d
           behavior +12 when event clicked            halves every 5 business hours expires after 30d
           cap fit at 30
           weight behavior 60%
           cap total at 50
           grade hot at least 30, warm at least 10, cool otherwise
         }
"#;

/// A process whose first stage has these exit criteria, `c0`, `c1`, ….
fn process_with(conditions: &[String]) -> Process {
    let mut text = format!(
        "{HEAD}{}",
        r#"
         stage b { record lead owner sales outcome won final }
         stage z { record person owner sales entry  advance to a }
         stage a { record lead owner sales entry  advance to b
           exit when {
"#,
    );
    for (at, condition) in conditions.iter().enumerate() {
        writeln!(text, "c{at} \"Condition {at}\" {condition}").unwrap();
    }
    text.push_str("} }");
    process(&text)
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: i64) -> i64 {
        (self.next() % u64::try_from(n).unwrap()) as i64
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as i64)).unwrap()]
    }

    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

const TEXTS: &[&str] =
    &["x", "X", "x ", "a'b", "\"q\"", "back\\slash", "é", "e\u{301}", "두 줄\n둘"];

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

pub(crate) fn condition(random: &mut Random, depth: u32) -> String {
    if depth > 0 && random.chance(55) {
        let a = condition(random, depth - 1);
        return match random.below(3) {
            0 => format!("not ({a})"),
            1 => format!("({a} and {})", condition(random, depth - 1)),
            _ => format!("({a} or {})", condition(random, depth - 1)),
        };
    }
    let op = random.of(&["=", "!=", "<", "<=", ">", ">="]);
    let eq = random.of(&["=", "!="]);
    let n = random.below(7) - 1;
    let exact = random.of(&["30m", "5h", "1d", "3d", "1w", "2w"]);
    let window = random.of(&[
        "90m",
        "1d",
        "3d",
        "2w",
        "1mo",
        "1q",
        "1y",
        "30 business minutes",
        "5 business hours",
        "1 business day",
        "3 business days",
        "20 business days",
    ]);
    let date_window =
        random.of(&["1d", "2w", "1mo", "1q", "1y", "1 business day", "4 business days"]);
    let direction = random.of(&["next", "last"]);
    match random.below(34) {
        0 => format!("size {op} {n}"),
        1 => format!("level {op} {n}.5"),
        2 => format!("amount {op} {} EUR", n * 10),
        3 => format!("rate {op} {}%", n.abs() * 20),
        4 => format!("kind {eq} {}", random.of(&["a", "b", "c"])),
        5 => "kind in [a, b]".to_owned(),
        6 => format!("tags in [{}]", random.of(&["x", "y, z", "x, z"])),
        7 => {
            let field = random.of(&[
                "size", "level", "amount", "kind", "tags", "boss", "due", "meeting", "done",
                "email", "born", "seen", "vip",
            ]);
            format!("{field} is {}", random.of(&["present", "missing"]))
        }
        8 => format!("email {eq} {}", quoted(random.of(TEXTS))),
        9 => format!("email in [\"x\", {}]", quoted(random.of(TEXTS))),
        10 => random.of(&["done", "vip", "done = false", "vip != true", "done = vip"]).to_owned(),
        11 => format!("due {op} 2026-03-{:02}", 6 + random.below(8)),
        12 => format!("due {op} today"),
        13 => format!("due within {direction} {date_window}"),
        14 => format!("meeting within {direction} {window}"),
        15 => format!("seen within {direction} {window}"),
        16 => format!("days since due {op} {n}"),
        17 => format!("business days since due {op} {n}"),
        18 => format!("hours since seen {op} {}", n * 9),
        19 => format!("business hours since seen {op} {}", n * 4),
        20 => format!("days until meeting {op} {n}"),
        21 => format!("time in stage {op} {window}"),
        22 => format!("heat is {}", random.of(&["hot", "warm", "cool"])),
        23 => format!("heat {op} {}", n * 5),
        24 => format!("event viewed at least {} times within last {window}", n.max(1)),
        25 => "event clicked".to_owned(),
        26 => format!("size * 2 + level {op} {n}"),
        27 => format!("amount / 4 {op} {n} EUR"),
        28 => format!("rate * amount {op} {n} EUR"),
        29 => format!("level / (size - 2) {op} 0.5"),
        30 => format!("due + {date_window} {op} 2026-03-{:02}", 6 + random.below(8)),
        31 => format!("meeting - {window} {op} seen"),
        32 => format!("seen + {exact} between now - {exact} and now"),
        _ => format!("confirm \"{}\" by rep", random.of(&["It is real", "They said so"])),
    }
}

/// A random record, natively and as the statements that insert it.
pub(crate) struct Case {
    pub(crate) state: RecordState,
    id: i64,
    person: Vec<(String, Cell)>,
    lead: Vec<(String, Cell)>,
    tags: Vec<&'static str>,
    events: Vec<(&'static str, Timestamp, bool)>,
}

#[derive(Clone)]
enum Cell {
    Text(String),
    Number(Decimal),
    Boolean(bool),
    Date(Date),
    Instant(Timestamp),
}

fn local(at: Timestamp) -> jiff::civil::DateTime {
    at.to_zoned(TimeZone::get("America/New_York").unwrap()).datetime()
}

/// A moment within a few weeks of now, often just now or a whole number of hours away.
fn moment(random: &mut Random, now: Timestamp) -> Timestamp {
    let span = match random.below(5) {
        0 => 0.seconds(),
        1 => (3600 * (random.below(49) - 24)).seconds(),
        2 => (86_400 * (random.below(21) - 10)).seconds(),
        3 => (60 * (random.below(20_000) - 10_000)).seconds(),
        _ => (random.below(8_000_000) - 4_000_000).seconds(),
    };
    now.checked_add(span).unwrap()
}

pub(crate) fn case(random: &mut Random, process: &Process, id: i64, now: Timestamp) -> Case {
    let field = |name: &str| process.fields.iter().find(|(_, f)| f.name == name).unwrap().0;
    let mut state = RecordState::new(local(now));
    let mut columns = [Vec::new(), Vec::new()];
    let today = local(now).date();
    for (at, name) in [
        (0, "email"),
        (0, "born"),
        (0, "seen"),
        (0, "vip"),
        (1, "size"),
        (1, "level"),
        (1, "amount"),
        (1, "rate"),
        (1, "kind"),
        (1, "boss"),
        (1, "due"),
        (1, "meeting"),
        (1, "done"),
    ] {
        if random.chance(25) {
            continue;
        }
        let decimal = |number: i64, scale| Decimal::new(number, scale);
        let day = |random: &mut Random| today.checked_add((random.below(41) - 20).days()).unwrap();
        let (cell, value) = match name {
            "email" | "boss" => {
                let text = if random.chance(10) { "" } else { random.of(TEXTS) }.to_owned();
                let value = if name == "boss" {
                    Value::User(text.clone())
                } else {
                    Value::Text(text.clone())
                };
                (Cell::Text(text), value)
            }
            "born" | "due" => {
                let day = day(random);
                (Cell::Date(day), Value::Date(day))
            }
            "seen" | "meeting" => {
                let at = moment(random, now);
                (Cell::Instant(at), Value::DateTime(local(at)))
            }
            "vip" | "done" => {
                let yes = random.chance(50);
                (Cell::Boolean(yes), Value::Boolean(yes))
            }
            "kind" => {
                let index = usize::try_from(random.below(3)).unwrap();
                let name = ["a", "b", "c"][index];
                (Cell::Text(name.to_owned()), Value::Option(field("kind"), index))
            }
            "size" => {
                let n = decimal(random.below(8), 0);
                (Cell::Number(n), Value::Number(n))
            }
            "level" => {
                let n = decimal(random.below(80) - 20, 1);
                (Cell::Number(n), Value::Number(n))
            }
            "amount" => {
                let amount = decimal(random.below(40) * 25, 1);
                let currency = process.currency.unwrap();
                (Cell::Number(amount), Value::Money(Money { amount, currency }))
            }
            _ => {
                let n = decimal(random.below(11) * 10, 0);
                (Cell::Number(n), Value::Percent(n))
            }
        };
        columns[at].push((name.to_owned(), cell));
        state.values.insert(field(name), value);
    }
    let mut tags = Vec::new();
    let mut chosen = BTreeSet::new();
    for (index, name) in ["x", "y", "z"].into_iter().enumerate() {
        if random.chance(40) {
            tags.push(name);
            chosen.insert(index);
        }
    }
    state.values.insert(field("tags"), Value::Options(field("tags"), chosen));
    for (what, confirmation) in process.confirmations.iter() {
        let is_confirmed = random.chance(50);
        if is_confirmed {
            state.confirmations.insert(what);
        }
        columns[1].push((confirmation.key.clone(), Cell::Boolean(is_confirmed)));
    }
    let mut events = Vec::new();
    for _ in 0..random.below(5) {
        let name = ["viewed", "clicked", "other"][usize::try_from(random.below(3)).unwrap()];
        let at = moment(random, now);
        events.push((name, at, random.chance(30)));
        state.events.push((name.to_owned(), local(at)));
    }
    let entered = moment(random, now).min(now);
    state.entered_stage_at = local(entered);
    columns[1].push(("stage_entered_at".to_owned(), Cell::Instant(entered)));
    let [person, lead] = columns;
    Case { state, id, person, lead, tags, events }
}

/// The columns and values of a row.
type Row = Vec<(String, String)>;

/// Rows to insert, for each table in order.
#[derive(Default)]
struct Rows(Vec<(&'static str, Vec<Row>)>);

impl Rows {
    fn add(&mut self, table: &'static str, row: Row) {
        match self.0.iter_mut().find(|(name, _)| *name == table) {
            Some((_, rows)) => rows.push(row),
            None => self.0.push((table, vec![row])),
        }
    }

    /// One statement a table: some engines take as long for a row as for a thousand.
    fn statements(&self) -> String {
        let mut sql = String::new();
        for (table, rows) in &self.0 {
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in rows.iter().flatten() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            let value = |row: &[(String, String)], name: &str| {
                let cell = row.iter().find(|(of, _)| of == name);
                cell.map_or("NULL".to_owned(), |(_, value)| value.clone())
            };
            let written: Vec<String> = rows
                .iter()
                .map(|row| {
                    let values: Vec<String> = names.iter().map(|name| value(row, name)).collect();
                    format!("({})", values.join(", "))
                })
                .collect();
            let names = names.join(", ");
            writeln!(sql, "INSERT INTO {table} ({names}) VALUES\n{};", written.join(",\n"))
                .unwrap();
        }
        sql
    }
}

impl Case {
    fn insert(&self, dialect: &str, rows: &mut Rows) {
        let id = self.id.to_string();
        let text = |text: &str| quoted_for(dialect, text);
        let row = |fixed: &[(&str, &str)], cells: &[(String, Cell)]| {
            let fixed = fixed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let cells = cells.iter().map(|(name, cell)| (name.clone(), cell.for_dialect(dialect)));
            fixed.chain(cells).collect::<Vec<_>>()
        };
        // What counts ids itself takes none; it counts the same.
        let own = if counts_ids(dialect) { None } else { Some(("id", id.as_str())) };
        let own = own.as_slice();
        rows.add("person", row(&[own, &[("stage", text("z").as_str())]].concat(), &self.person));
        let fixed = [("person_id", id.as_str()), ("stage", &text("a"))];
        rows.add("lead", row(&[own, &fixed].concat(), &self.lead));
        for tag in &self.tags {
            rows.add("lead_tags", row(&[("lead_id", id.as_str()), ("tags", &text(tag))], &[]));
        }
        for (at, (name, moment, of_person)) in self.events.iter().enumerate() {
            let event = format!("{id}{at}");
            let own = if counts_ids(dialect) { None } else { Some(("id", event.as_str())) };
            let record = if *of_person { "person" } else { "lead" };
            let fixed = [
                ("record", text(record)),
                ("record_id", id.clone()),
                ("name", text(name)),
                ("occurred_at", moment_for(dialect, &moment.to_string())),
            ];
            let fixed: Vec<(&str, &str)> =
                fixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
            rows.add("ekiden_event", row(&[own.as_slice(), &fixed].concat(), &[]));
        }
    }
}

/// Whether ids are made by the database.
fn counts_ids(dialect: &str) -> bool {
    matches!(dialect, "postgres" | "sqlite" | "mariadb")
}

/// A text as a database reads it.
pub(super) fn quoted_for(dialect: &str, text: &str) -> String {
    // MariaDB reads backslashes, unless its session says otherwise; Spark takes two quotes for two
    // texts.
    let escapes = matches!(dialect, "mariadb" | "clickhouse" | "spark");
    let text = if escapes { text.replace('\\', "\\\\") } else { text.to_owned() };
    let quote = if dialect == "spark" { "\\'" } else { "''" };
    format!("'{}'", text.replace('\'', quote))
}

/// A moment, given as `2026-03-10T15:30:00Z`.
pub(crate) fn moment_for(dialect: &str, at: &str) -> String {
    let plain = at.replace('T', " ").trim_end_matches('Z').to_owned();
    match dialect {
        "postgres" => format!("TIMESTAMPTZ '{at}'"),
        "sqlite" => format!("'{at}'"),
        // Its `TIMESTAMP` begins in 1970 and is of the zone of the machine.
        "clickhouse" => format!("toDateTime64('{plain}', 0, 'UTC')"),
        "spark" => format!("TIMESTAMP_NTZ '{plain}'"),
        _ => format!("TIMESTAMP '{plain}'"),
    }
}

/// What makes it this moment for all views.
fn clock_for(dialect: &str, at: &str) -> String {
    let at = moment_for(dialect, at);
    match dialect {
        "sqlite" => {
            format!("DROP VIEW ekiden_clock; CREATE VIEW ekiden_clock AS SELECT {at} AS now;")
        }
        _ => format!("CREATE OR REPLACE VIEW ekiden_clock AS SELECT {at} AS now;"),
    }
}

impl Cell {
    fn for_dialect(&self, dialect: &str) -> String {
        match self {
            Cell::Text(text) => quoted_for(dialect, text),
            Cell::Number(number) => number.to_string(),
            Cell::Boolean(value) if matches!(dialect, "sqlite" | "mariadb") => {
                u8::from(*value).to_string()
            }
            Cell::Boolean(value) => value.to_string(),
            Cell::Date(date) if counts_ids(dialect) => format!("'{date}'"),
            Cell::Date(date) => format!("DATE '{date}'"),
            Cell::Instant(at) => moment_for(dialect, &at.to_string()),
        }
    }
}

/// Conditions and records, and what natively becomes of them.
struct Trial {
    conditions: Vec<String>,
    process: Process,
    cases: Vec<Case>,
}

impl Trial {
    fn new() -> Self {
        let count = |name: &str, usual: i64| {
            std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
        };
        let mut random = Random(count("EKIDEN_SEED", 7) as u64);
        let now: Timestamp = NOW.parse().unwrap();
        let conditions: Vec<String> =
            (0..count("EKIDEN_CONDITIONS", 48)).map(|_| condition(&mut random, 2)).collect();
        let process = process_with(&conditions);
        let cases = (1..=60).map(|id| case(&mut random, &process, id, now)).collect();
        Self { conditions, process, cases }
    }

    fn rows(&self, dialect: &str) -> String {
        let mut rows = Rows::default();
        self.cases.iter().for_each(|case| case.insert(dialect, &mut rows));
        rows.statements()
    }

    /// The rows of the work list. Some columns at a time: SQLite counts the views in a query.
    fn told(&self, ask: &mut dyn FnMut(&str) -> Vec<Vec<String>>) -> Vec<Vec<String>> {
        let names: Vec<String> = (0..self.conditions.len()).map(|at| format!("c{at}")).collect();
        let mut rows = vec![Vec::new(); self.cases.len()];
        for names in names.chunks(20) {
            let query = format!("SELECT {} FROM ekiden_at_a ORDER BY record_id", names.join(", "));
            let part = ask(&query);
            assert_eq!(part.len(), rows.len());
            for (row, part) in rows.iter_mut().zip(part) {
                row.extend(part);
            }
        }
        rows
    }

    /// Compares what a database tells of every condition and record.
    fn compare(&self, dialect: &str, rows: &[Vec<String>]) {
        assert_eq!(rows.len(), self.cases.len());
        let stage = self.process.stage_named("a").unwrap();
        let criteria = &self.process.stages[stage].exit;
        let (mut held, mut asked) = (0, 0);
        let mut faults = Vec::new();
        for (case, row) in self.cases.iter().zip(rows) {
            let evaluator = Evaluator::new(&self.process, &case.state);
            for (at, told) in row.iter().enumerate() {
                let natively = evaluator.passes(criteria[at]);
                held += usize::from(natively);
                asked += 1;
                let told = matches!(told.as_str(), "1" | "t" | "true");
                if told != natively {
                    let (condition, id) = (&self.conditions[at], case.id);
                    faults.push(format!("record {id}: {natively}, not {told}: {condition}"));
                }
            }
        }
        let first: Vec<&String> = faults.iter().take(30).collect();
        assert!(faults.is_empty(), "{dialect}: {} of {asked}: {first:#?}", faults.len());
        // Conditions that nearly all hold, or nearly none, would compare little.
        let share = held * 100 / asked;
        assert!((20..80).contains(&share), "{share} % hold");
    }
}

#[test]
fn conditions_mean_the_same_in_databases_that_enforce() {
    let trial = Trial::new();
    // As many conditions as this in one trigger are more than SQLite nests.
    let output = emit("sql", &trial.process, &[("conditions", "list")]);
    for engine in engines("logic") {
        let dialect = engine.dialect();
        engine.accepts(text(&output, &format!("{dialect}/schema.sql")));
        engine.accepts(&clock_for(dialect, NOW));
        engine.accepts(&trial.rows(dialect));
        trial.compare(dialect, &trial.told(&mut |query| engine.rows(query)));
    }
}

#[test]
fn conditions_mean_the_same_in_warehouses() {
    let trial = Trial::new();
    let mut engines = Engines::start();
    for dialect in RUN {
        let output = emit("sql", &trial.process, &[("dialects", dialect)]);
        engines.run(dialect, "logic", text(&output, &format!("{dialect}/schema.sql")));
        engines.run(dialect, "logic", &clock_for(dialect, NOW));
        engines.run(dialect, "logic", &trial.rows(dialect));
        let rows = trial.told(&mut |query| engines.ask(dialect, "logic", "query", query));
        trial.compare(dialect, &rows);
    }
}

/// Spark plans and runs a job for the smallest of questions: so it is asked once, and of the same
/// process tells all that it has a view for.
#[test]
fn conditions_mean_the_same_in_spark() {
    let trial = Trial::new();
    let mut engines = Engines::start();
    let output = emit("sql", &trial.process, &[("dialects", "spark")]);
    let schema = text(&output, "spark/schema.sql");
    engines.run("spark", "logic", schema);
    engines.run("spark", "logic", &clock_for("spark", NOW));
    engines.run("spark", "logic", &trial.rows("spark"));
    let rows = trial.told(&mut |query| engines.ask("spark", "logic", "query", query));
    trial.compare("spark", &rows);

    let views = schema.lines().filter_map(|line| line.strip_prefix("CREATE VIEW "));
    let views: Vec<&str> = views.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(views.contains(&"ekiden_bottleneck"), "{views:?}");
    // It plans a query as a whole, so one that is planned has no unknown column and no wrong type.
    for view in views {
        let plan = engines.ask("spark", "logic", "query", &format!("EXPLAIN SELECT * FROM {view}"));
        assert!(plan[0][0].contains("== Physical Plan =="), "{view}: {}", plan[0][0]);
    }
    // The records stand in the stage that they came to, with no move behind them.
    let lying = engines.ask("spark", "logic", "query", "SELECT COUNT(*) FROM ekiden_stay");
    assert_eq!(lying, [["0"]]);
}
