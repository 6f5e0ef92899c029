//! What expressions mean, from source to answer: `docs/reference/expressions.md`, line by line.

use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Currency, Expr, Money, Process};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};
use jiff::civil::{DateTime, date, datetime};
use rust_decimal::Decimal;

/// Monday, in working hours.
const NOW: DateTime = datetime(2026, 1, 12, 10, 0, 0, 0);

/// A process whose first move has this condition.
fn process_with(condition: &str) -> (Process, Expr) {
    let text = format!(
        "process p {{ currency JPY  calendar mon-fri 09:00-18:00 except [2026-01-01] }}
         team sales {{ }}
         record lead {{
           email text  size number  count integer  empty_text text  done boolean  vip boolean
           kind one of [small, large]  need one of [small, large]  unset one of [small, large]
           tags many of [x, y, z]  no_tags many of [x, y]
           seen datetime  due date  unseen datetime  amount money  unpaid money  share percent
           boss user
         }}
         score heat of lead {{
           fit +20 when size > 100
           behavior +40 when event viewed at least 2 times halves every 14d
           cap fit at 15
           grade hot at least 60, warm at least 30, cold otherwise
         }}
         stage a {{ record lead  entry  owner sales  advance to b when {condition} }}
         stage b {{ record lead  owner sales  outcome won }}"
    );
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let findings: Vec<String> = parsed
        .diagnostics
        .iter()
        .chain(&analysis.diagnostics)
        .map(|d| format!("`{}` {}", sources.slice(d.primary.span), d.message))
        .collect();
    assert!(findings.is_empty(), "{condition}: {findings:#?}");
    let first = analysis.process.transitions.ids().next().unwrap();
    let when = analysis.process.transitions[first].when.clone().unwrap();
    (analysis.process, when)
}

/// One record: large, seen on Friday afternoon, due on the 20th, with two views.
fn record(process: &Process) -> RecordState {
    let mut state = RecordState::new(NOW);
    state.entered_stage_at = datetime(2026, 1, 9, 16, 0, 0, 0);
    let mut set = |name: &str, value: Value| {
        let found = process.fields.iter().find(|(_, field)| field.name == name);
        state.values.insert(found.unwrap().0, value);
    };
    let field = |name: &str| process.fields.iter().find(|(_, f)| f.name == name).unwrap().0;
    let yen =
        |n: i64| Value::Money(Money { amount: n.into(), currency: Currency::new("JPY").unwrap() });
    set("email", Value::Text("Ann@example.com".into()));
    set("size", Value::Number(Decimal::from(250)));
    set("count", Value::Number(Decimal::from(3)));
    set("empty_text", Value::Text(String::new()));
    set("done", Value::Boolean(true));
    set("kind", Value::Option(field("kind"), 1));
    set("need", Value::Option(field("need"), 1));
    set("tags", Value::Options(field("tags"), [0, 2].into()));
    set("no_tags", Value::Options(field("no_tags"), [].into()));
    set("seen", Value::DateTime(datetime(2026, 1, 9, 16, 0, 0, 0)));
    set("due", Value::Date(date(2026, 1, 20)));
    set("amount", yen(3_000_000));
    set("share", Value::Percent(Decimal::from(40)));
    for at in [datetime(2025, 11, 1, 9, 0, 0, 0), datetime(2025, 12, 29, 10, 0, 0, 0)] {
        state.events.push(("viewed".to_owned(), at));
    }
    state
}

#[test]
fn conditions_mean_what_the_reference_says() {
    let cases: &[(&str, bool)] = &[
        // Values that are there, values that are missing.
        ("size > 100", true),
        ("size >= 250 and size <= 250", true),
        ("email = \"ann@example.com\"", false),
        ("email = \"Ann@example.com\"", true),
        ("empty_text is missing", true),
        ("no_tags is missing", true),
        ("unpaid > 0 JPY", false),
        ("unpaid != 0 JPY", false),
        ("not (unpaid > 0 JPY)", true),
        ("unpaid is missing and unseen is missing", true),
        ("unpaid + amount > 0 JPY", false),
        ("done", true),
        ("vip", false),
        ("not vip", true),
        ("vip = false", false),
        ("done = true", true),
        // Options.
        ("kind = large", true),
        ("kind in [small]", false),
        ("kind not in [small]", true),
        ("kind = need", true),
        ("need != kind", false),
        ("kind = unset", false),
        ("kind != unset", false),
        ("tags in [y]", false),
        ("tags in [y, z]", true),
        ("not (no_tags in [x])", true),
        // Arithmetic.
        ("count / 2 = 1.5", true),
        ("size / (count - 3) > 0", false),
        ("not (size / (count - 3) > 0)", true),
        ("0.1 + 0.2 = 0.3", true),
        ("amount * 40% = 1200000 JPY", true),
        ("share * amount = 1200000 JPY", true),
        ("share * 50 = 20", true),
        ("share + 20% = 60%", true),
        ("amount / 1_500_000 JPY = 2", true),
        ("amount / 3 = 1_000_000 JPY", true),
        ("-size < 0", true),
        ("size between 250 and 300", true),
        ("size not between 0 and 250", false),
        ("unpaid not between 0 JPY and 1 JPY", true),
        // Time.
        ("due > today", true),
        ("due - 8d = today", true),
        ("due - 6 business days = today", true),
        ("due + 1mo = 2026-02-20", true),
        ("seen + 3 business hours = now", true),
        ("due within next 8d", true),
        ("due within next 7d", false),
        ("due within next 6 business days", true),
        ("seen within last 66h", true),
        ("seen within last 65h", false),
        ("unseen within last 1y", false),
        ("days since seen = 2.75", true),
        ("business hours since seen = 3", true),
        ("days until due = 8", true),
        ("business days until due = 6", true),
        ("weeks since unseen > 0", false),
        ("time in stage > 2d", true),
        ("time in stage > 66h", false),
        ("time in stage >= 66h", true),
        ("time in stage > 3 business hours", false),
        ("time in stage >= 3 business hours", true),
        ("time in stage < 1mo", true),
        // Events, scores.
        ("event viewed", true),
        ("event viewed at least 3 times", false),
        ("event viewed at least 2 times within 30d", false),
        ("event viewed within last 14d", true),
        ("event viewed within last 13d", false),
        ("heat = 35", true),
        ("heat is warm", true),
        ("heat is not hot", true),
        // What nobody has confirmed yet.
        ("confirm \"They will sign\"", false),
        ("not confirm \"They will sign\"", true),
    ];
    for (condition, expected) in cases {
        let (process, expr) = process_with(condition);
        let state = record(&process);
        assert_eq!(Evaluator::new(&process, &state).holds(&expr), *expected, "{condition}");
    }
}

#[test]
fn what_is_confirmed_holds() {
    let (process, expr) = process_with("confirm \"They will sign\" and done");
    let mut state = record(&process);
    state.confirmations.extend(process.confirmations.ids());
    assert!(Evaluator::new(&process, &state).holds(&expr));
}

#[test]
fn notation_gives_back_what_was_written() {
    for condition in [
        "(size > 100 or done) and not vip",
        "not (done and vip)",
        "size - (count - 1) * 2 > -3",
        "size / (count / 2) = 1.5",
        "kind not in [small] and tags in [x, y]",
        "size not between 0 and 250",
        "amount * 40% >= 1200000 JPY",
        "email = \"a \\\"b\\\" c\"",
        "due within next 6 business days",
        "business hours since seen >= 3",
        "event viewed at least 2 times within 30d",
        "heat is hot or heat is not cold",
        "time in stage > 1mo",
        "seen > 2026-01-09T16:00 and due = 2026-01-20",
        "confirm \"They will sign\"",
    ] {
        let (process, expr) = process_with(condition);
        assert_eq!(process.expr_source(&expr), condition);
    }
}

#[test]
fn a_transition_is_open_when_everything_that_guards_it_lets_it_pass() {
    let source = |exit: &str, when: &str| {
        format!(
            "team sales {{ }}
             record lead {{ size number  due date }}
             stage a {{
               record lead  entry  owner sales
               exit when {{ one \"One\" {exit} }}
               advance to b {when}
               lose to c {when}
             }}
             stage b {{ record lead  owner sales  outcome won  enter when {{ two \"Two\" size < 9 }} }}
             stage c {{ record lead  owner sales  outcome lost }}"
        )
    };
    let open = |exit: &str, when: &str, size: i64| {
        let text = source(exit, when);
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
        let process = sema::analyze(&[syntax::dsl::parse(file, &text).file], "p").process;
        let mut state = RecordState::new(NOW);
        state.entered_stage_at = datetime(2026, 1, 7, 10, 0, 0, 0);
        let fields: Vec<_> = process.fields.ids().collect();
        state.values.insert(fields[0], Value::Number(size.into()));
        state.values.insert(fields[1], Value::Date(date(2026, 1, 20)));
        let evaluator = Evaluator::new(&process, &state);
        process.transitions.ids().map(|id| evaluator.is_open(id)).collect::<Vec<bool>>()
    };
    // [advance, lose]: criteria guard the way forwards only.
    assert_eq!(open("size > 3", "", 5), [true, true]);
    assert_eq!(open("size > 3", "", 1), [false, true]);
    assert_eq!(open("size > 3", "", 10), [false, true]);
    assert_eq!(open("size > 3 if size > 1", "", 1), [true, true]);
    assert_eq!(open("size > 3", "when size = 5", 6), [false, false]);
    assert_eq!(open("size > 3", "after 5d", 5), [true, true]);
    assert_eq!(open("size > 3", "after 6d", 5), [false, false]);
    assert_eq!(open("size > 3", "after 8d before due", 5), [true, true]);
    assert_eq!(open("size > 3", "after 1w before due", 5), [false, false]);
}
