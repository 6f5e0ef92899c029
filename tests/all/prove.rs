//! The prover against brute force: random conditions over a small record, every answer compared with
//! all records of a grid, by the native evaluator.
//!
//! `EKIDEN_PROOFS=1000000` sets the number of conditions, `EKIDEN_SEED` chooses others, and with
//! `EKIDEN_SHOW=1` those are shown that should have been decided and were not.

#![expect(clippy::disallowed_macros, reason = "long runs tell what they have done")]

mod questions;

use ekiden::logic::prove::{Answer, Formula, Prover};
use ekiden::logic::{RecordState, Value};
use ekiden::model::{Currency, Expr, Id, Money, Process, ScoreId};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};
use jiff::ToSpan;
use jiff::civil::{DateTime, datetime};
use rust_decimal::Decimal;

pub(crate) use questions::{FACTS, Random, condition};
use questions::{NUMBERS, question};

/// Tuesday.
pub(crate) const NOW: DateTime = datetime(2026, 11, 24, 12, 0, 0, 0);

/// A process with these conditions, each on a move of its own.
pub(crate) fn process_with(conditions: &[String]) -> (Process, Vec<Expr>) {
    let mut text = String::from(
        "process p { currency JPY }
         team sales { }
         record lead {
           size integer at least 1 at most 6   count integer   level number   ratio number
           must integer required at least 0 at most 3
           kind one of [a, b, c]   twin one of [a, b, c]   tags many of [x, y, z]   vip boolean   hot_one boolean
           need text   other text   due date   start date   seen datetime
           rate percent at least 0% at most 100%   amount money
         }
         score heat of lead {
           fit +20 when size >= 4
           fit +15 when kind = a
           fit -10 when kind = b
           behavior +30 when event viewed
           behavior +25 when event viewed at least 2 times within 14d
           behavior +7 when vip
           cap fit at 30
           weight behavior 60%
           grade hot at least 60, warm at least 30, cool at least 1
         }
         stage b { record lead  owner sales  outcome won }
         stage a { record lead  entry  owner sales\n",
    );
    for clock in CLOCKS {
        text.push_str(&format!("recycle to b after {clock}\n"));
    }
    for (at, condition) in conditions.iter().enumerate() {
        text.push_str(&format!("recycle to b \"{at}\" when {condition}\n"));
    }
    text.push('}');
    let process = read(text);
    let moves = process.transitions.values();
    let conditions_read: Vec<Expr> = moves.filter_map(|t| t.when.clone()).collect();
    assert_eq!(conditions_read.len(), conditions.len());
    (process, conditions_read)
}

fn read(text: String) -> Process {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let findings: Vec<String> = parsed
        .diagnostics
        .iter()
        .chain(&analysis.diagnostics)
        .filter(|d| !d.message.contains("already") && !d.message.contains("twice"))
        .map(|d| format!("`{}` {}", sources.slice(d.primary.span), d.message))
        .collect();
    assert!(findings.is_empty(), "{findings:#?}");
    analysis.process
}

/// Clocks, and what they read.
const CLOCKS: &[&str] = &["14d", "1mo", "2 business days", "14d before due", "1mo before due"];

/// One way to fill in a fact.
type Fill = Box<dyn Fn(&mut RecordState)>;

fn fills(process: &Process, fact: &str) -> Vec<Fill> {
    let id = process.fields.iter().find(|(_, f)| f.name == fact).map(|(id, _)| id);
    let mut fills: Vec<Fill> = Vec::new();
    let mut values: Vec<Option<Value>> = vec![None];
    let number = |x: &str| Value::Number(x.parse::<Decimal>().unwrap());
    let days = |n: i64| NOW.date().checked_add(n.days()).unwrap();
    match fact {
        "size" => values.extend((1..=6).map(|n| Some(number(&n.to_string())))),
        "must" => values = (0..=3).map(|n| Some(number(&n.to_string()))).collect(),
        "count" => values.extend((-3..=12).map(|n| Some(number(&n.to_string())))),
        "level" | "ratio" => {
            values.extend((-6..=22).map(|n| Some(Value::Number(Decimal::new(n * 5, 1)))));
            values.extend(
                ["-100", "0.1", "1.3", "2.4", "2.9", "3.1", "4.9", "100"].map(|x| Some(number(x))),
            );
        }
        "kind" | "twin" => values.extend((0..3).map(|n| Some(Value::Option(id.unwrap(), n)))),
        "tags" => values.extend((1..8_usize).map(|bits| {
            let set = (0..3).filter(|n| bits >> n & 1 == 1).collect();
            Some(Value::Options(id.unwrap(), set))
        })),
        "vip" | "hot_one" => values.extend([true, false].map(|b| Some(Value::Boolean(b)))),
        "need" | "other" => {
            values.extend(["p", "q", "r", "s"].map(|t| Some(Value::Text(t.to_owned()))));
        }
        "due" | "start" => {
            values.extend((-24..=36).map(|n| Some(Value::Date(days(n)))));
            values.extend([-100, 100].map(|n| Some(Value::Date(days(n)))));
        }
        "seen" => values.extend(
            (-80..=80).map(|n: i64| Some(Value::DateTime(NOW.checked_add(n.hours()).unwrap()))),
        ),
        "rate" => values.extend(
            ["0", "10", "25", "30", "50", "70", "100"]
                .map(|x| Some(Value::Percent(x.parse().unwrap()))),
        ),
        "amount" => values.extend((-3..=12).map(|n| {
            let amount = Decimal::new(n * 5, 1);
            Some(Value::Money(Money { amount, currency: Currency::new("JPY").unwrap() }))
        })),
        "stay" => {
            for hours in (0..40).map(|n| n * 19).chain([24, 14 * 24, 14 * 24 + 1, 900]) {
                fills.push(Box::new(move |state| {
                    state.entered_stage_at = NOW.checked_sub(i64::from(hours).hours()).unwrap();
                }));
            }
        }
        "viewed" => {
            let ages: &[&[i64]] = &[
                &[],
                &[1],
                &[10],
                &[20],
                &[50],
                &[1, 1],
                &[1, 10],
                &[10, 10],
                &[10, 20],
                &[20, 20],
                &[1, 50],
                &[50, 50],
                &[1, 1, 1],
                &[1, 10, 20],
                &[10, 10, 50],
                &[20, 20, 20],
                &[50, 50, 50],
                &[1, 20, 20],
                &[1, 1, 20],
                &[10, 10, 10],
                &[10, 20, 50],
            ];
            for ages in ages {
                fills.push(Box::new(move |state| {
                    for age in *ages {
                        state
                            .events
                            .push(("viewed".to_owned(), NOW.checked_sub(age.days()).unwrap()));
                    }
                }));
            }
        }
        "confirmed" => {
            let ids: Vec<_> = process.confirmations.ids().collect();
            fills.push(Box::new(|_| {}));
            fills.push(Box::new(move |state| state.confirmations.extend(ids.iter().copied())));
        }
        _ => {}
    }
    if let Some(id) = id {
        for value in values {
            fills.push(Box::new(move |state| {
                if let Some(value) = &value {
                    state.values.insert(id, value.clone());
                }
            }));
        }
    }
    fills
}

/// A record of the grid for which the formula holds.
pub(crate) fn brute_force(
    prover: &Prover<'_>,
    formula: &Formula<'_>,
    facts: &[&str],
) -> Option<RecordState> {
    let mut read: Vec<&str> = facts.to_vec();
    if facts.contains(&"heat") {
        read.extend(["size", "kind", "viewed", "vip"]);
    }
    for pair in [["need", "other"], ["due", "start"], ["vip", "hot_one"]] {
        if pair.iter().any(|fact| facts.contains(fact)) {
            read.extend(pair);
        }
    }
    read.sort_unstable();
    read.dedup();
    let all: Vec<Vec<Fill>> = read
        .iter()
        .map(|fact| fills(prover.process(), fact))
        .filter(|fills| !fills.is_empty())
        .collect();
    let mut at = vec![0; all.len()];
    loop {
        let mut state = RecordState::new(NOW);
        for (fills, index) in all.iter().zip(&at) {
            fills[*index](&mut state);
        }
        if prover.holds(formula, &state) {
            return Some(state);
        }
        let mut digit = 0;
        loop {
            if digit == at.len() {
                return None;
            }
            at[digit] += 1;
            if at[digit] < all[digit].len() {
                break;
            }
            at[digit] = 0;
            digit += 1;
        }
    }
}

/// What the grid can follow in reasonable time.
pub(crate) fn size_of_grid(process: &Process, facts: &[&str]) -> usize {
    let mut size = 1;
    for fact in facts {
        size *= if *fact == "heat" { 2_000 } else { fills(process, fact).len().max(1) };
    }
    if facts.contains(&"due") != facts.contains(&"start") {
        size *= 60;
    }
    size
}

/// What is decided exactly: no products of fields, no lengths that depend on the day.
fn is_decidable(condition: &str) -> bool {
    let nonlinear = NUMBERS.iter().any(|a| {
        NUMBERS.iter().any(|b| {
            condition.contains(&format!("{a} * {b}")) || condition.contains(&format!("{a} / {b}"))
        })
    });
    !nonlinear && !condition.contains("business") && !condition.contains("1mo")
}

#[test]
fn every_answer_is_that_of_brute_force() {
    let cases: usize =
        std::env::var("EKIDEN_PROOFS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let seed = std::env::var("EKIDEN_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let (mut yes, mut no, mut unknown, mut decidable, mut decided) = (0, 0, 0, 0, 0);
    let mut done = 0;
    while done < cases {
        let questions: Vec<(String, Vec<&str>)> =
            (0..cases.min(200)).map(|_| question(&mut random)).collect();
        let texts: Vec<String> = questions.iter().map(|(text, _)| text.clone()).collect();
        let (process, conditions) = process_with(&texts);
        let prover = Prover::new(&process, NOW);
        for ((text, facts), condition) in questions.iter().zip(&conditions) {
            done += 1;
            let mut formula = Formula::Holds(condition);
            let mut facts = facts.clone();
            let mut decidable_clock = true;
            if random.below(8) == 0 {
                let index = random.below(CLOCKS.len());
                let transitions = prover.process().transitions.values();
                let clock = transitions.filter_map(|t| t.after.as_ref()).nth(index).unwrap();
                let struck = Formula::Struck(clock);
                let struck = if random.below(2) == 0 { struck.negated() } else { struck };
                formula = Formula::All(vec![formula, struck]);
                let read = if CLOCKS[index].contains("due") { "due" } else { "stay" };
                if !facts.contains(&read) {
                    facts.push(read);
                }
                decidable_clock = matches!(index, 0 | 3);
            }
            let answer = prover.possible(&formula);
            assert_eq!(prover.is_impossible(&formula), matches!(answer, Answer::No), "{text}");
            if decidable_clock && is_decidable(text) {
                decidable += 1;
                decided += usize::from(!matches!(answer, Answer::Unknown));
                if matches!(answer, Answer::Unknown) && std::env::var("EKIDEN_SHOW").is_ok() {
                    println!("unknown: {text}");
                }
            }
            match answer {
                Answer::Yes(witness) => {
                    yes += 1;
                    assert!(prover.holds(&formula, &witness.state), "{text}");
                    respects_declarations(&process, &witness.state, text);
                }
                Answer::No => {
                    no += 1;
                    if size_of_grid(&process, &facts) < 30_000
                        && let Some(state) = brute_force(&prover, &formula, &facts)
                    {
                        panic!("{text}: said to be impossible, and holds for {state:#?}");
                    }
                }
                Answer::Unknown => unknown += 1,
            }
        }
    }
    let show = format!(
        "{done} cases: {yes} yes, {no} no, {unknown} unknown; of {decidable} decidable, {decided} decided"
    );
    println!("{show}");
    assert!(yes > done / 4 && no > done / 10, "{show}");
    assert!((decidable - decided) * 100 < decidable, "{show}");
}

fn respects_declarations(process: &Process, state: &RecordState, text: &str) {
    for (id, field) in process.fields.iter() {
        match (field.name.as_str(), state.values.get(&id)) {
            ("size", Some(Value::Number(n))) => {
                assert!(n.is_integer() && (1..=6).any(|x| *n == Decimal::from(x)), "{text}: {n}");
            }
            ("must", Some(Value::Number(n))) => {
                assert!((0..=3).any(|x| *n == Decimal::from(x)), "{text}: {n}");
            }
            ("count", Some(Value::Number(n))) => assert!(n.is_integer(), "{text}: {n}"),
            ("rate", Some(Value::Percent(n))) => {
                assert!(*n >= Decimal::ZERO && *n <= Decimal::ONE_HUNDRED, "{text}: {n}");
            }
            _ => {}
        }
    }
    assert!(state.entered_stage_at <= state.now, "{text}");
    assert!(state.events.iter().all(|(_, at)| *at <= state.now), "{text}");
}

/// What is asked of conditions, each on its own: whether some record satisfies it, and how that
/// record is told; without an answer where none can be given.
#[test]
fn answers_and_their_words() {
    let cases: &[(&str, &str)] = &[
        // Whole numbers and others.
        ("size < 4 and size > 3", "no"),
        ("level < 4 and level > 3", "`level` is 3.5"),
        ("2 * count = 3", "no"),
        ("2 * level = 3", "`level` is 1.5"),
        ("size >= 6", "`size` is 6"),
        ("size > 6", "no"),
        ("must is missing", "no"),
        ("must is present", "`must` is 0"),
        ("amount >= 3_000_000 JPY", "`amount` is 3000000 JPY"),
        ("amount > 0 JPY and amount < 3_000_000 JPY", "`amount` is 1 JPY"),
        ("count < 75", "`count` is 74"),
        ("2 * level - count = 2.5", "`count` is 10 and `level` is 6.25"),
        ("2 * size - must = 5 and must between 2 and 2", "no"),
        ("2 * size - must = 5 and must between 2 and 3", "`size` is 4 and `must` is 3"),
        // What is missing.
        ("not (size > 2) and not (size <= 2)", "`size` is missing"),
        ("size != 3 and size is missing", "no"),
        ("not (must > 2) and not (must <= 2)", "no"),
        ("level + ratio > 3 and ratio is missing", "no"),
        ("not vip and not (vip = false)", "`vip` is missing"),
        ("need = \"\"", "no"),
        ("need is present and need != \"p\"", "`need` is present"),
        ("need = \"p\" and other = need and other != \"p\"", "no"),
        ("kind != a and kind != b and kind is present", "`kind` is `c`"),
        ("kind not in [a, b, c]", "`kind` is missing"),
        ("kind not in [a, b, c] and kind is present", "no"),
        ("kind = twin and kind = a and twin != a", "no"),
        ("kind = twin and kind in [a, b] and twin in [b, c]", "`kind` is `b` and `twin` is `b`"),
        ("kind != twin and kind = a and twin != b", "`kind` is `a` and `twin` is `c`"),
        ("kind != twin and (kind is missing or twin is missing)", "no"),
        // Several options.
        ("tags in [x, y] and not (tags in [x])", "`tags` has `y`"),
        ("tags is present and tags not in [x, y, z]", "no"),
        // Shares between bands.
        ("rate between 0% and 50% and rate between 51% and 100%", "no"),
        ("rate > 50% and rate < 51%", "`rate` is 50.5%"),
        // Chains of numbers that depend on each other.
        ("level < ratio and ratio < count and count < level", "no"),
        ("level + ratio >= 10 and level <= 4 and ratio <= 5.9", "no"),
        ("level + ratio >= 10 and level <= 4 and ratio <= 6", "`level` is 4 and `ratio` is 6"),
        (
            "level + 1 < ratio and ratio < count and count < level + 2 and level > 0 and level < 1",
            "`count` is 2, `level` is 0.5 and `ratio` is 1.75",
        ),
        ("size + count = 3 and size - count = 2", "no"),
        ("2 * count + 2 * size = 5", "no"),
        // Time.
        ("due < today and due > today", "no"),
        ("days since due > 14 and due within last 7d", "no"),
        ("days since due > 14 and due within last 3w", "`due` is 2026-11-09"),
        ("due + 7d < start and start < due", "no"),
        ("due > 2026-12-01 and due < 2026-12-02", "no"),
        ("time in stage > 14d and time in stage < 2w", "no"),
        ("time in stage >= 14d", "it has been in the stage for 14 days"),
        ("time in stage > 1mo and time in stage < 27d", "no"),
        ("hours since seen > 4 and seen > now", "no"),
        ("business hours since seen > 4 and business hours since seen < 4", "no"),
        // Events.
        ("event viewed and not event viewed", "no"),
        (
            "event viewed at least 3 times within 7d and not event viewed at least 2 times within 14d",
            "no",
        ),
        ("event viewed and not event viewed within 1mo", "one `viewed` 45 days ago"),
        ("event viewed at least 2 times within 7d", "2 `viewed` 1 day ago"),
        ("not event viewed", "no `viewed`"),
        ("confirm \"Yes\"", "`Yes` is confirmed"),
        // Points: 20 + 15 are held to 30; behaviour counts for six tenths.
        ("heat is hot", "`size` is 4, `kind` is `a` and 2 `viewed` 1 day ago"),
        ("heat > 67.2", "no"),
        ("heat is hot and size < 4", "no"),
        ("heat is hot and not event viewed", "no"),
        ("heat = 63 and vip", "no"),
        ("heat is warm and not event viewed", "`size` is 4, `kind` is `a` and no `viewed`"),
        ("kind = a and heat is cool and not vip and not event viewed and size >= 4", "no"),
        ("heat < 0 and heat is cool", "no"),
        ("heat < 0", "`kind` is `b`"),
        (
            "size = 1 and not vip and kind in [b, c] and heat is warm",
            "`size` is 1, `kind` is `c`, `vip` is false and 2 `viewed` 1 day ago",
        ),
    ];
    let texts: Vec<String> = cases.iter().map(|(text, _)| (*text).to_owned()).collect();
    let (process, conditions) = process_with(&texts);
    let prover = Prover::new(&process, NOW);
    let mut wrong = Vec::new();
    for ((text, expected), condition) in cases.iter().zip(&conditions) {
        let told = match prover.possible(&Formula::Holds(condition)) {
            Answer::Yes(witness) => witness.tell(&process),
            Answer::No => "no".to_owned(),
            Answer::Unknown => "unknown".to_owned(),
        };
        if told != *expected {
            wrong.push(format!("{text}\n    expected: {expected}\n    found:    {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How long typical questions take: `EKIDEN_TIMES=1 cargo test --test all prove::times -- --nocapture`
#[test]
fn times() {
    if std::env::var("EKIDEN_TIMES").is_err() {
        return;
    }
    let texts: Vec<String> = [
        "size >= 4 and kind = a",
        "size >= 4 and size < 4",
        "not (size > 2) and need is present and kind in [a, b]",
        "days since due > 14 and due within last 7d",
        "level < ratio and ratio < count and count < level",
        "heat is hot and need is present",
        "event viewed at least 2 times within 7d and not event viewed within 1d",
        "time in stage > 14d and vip",
    ]
    .map(str::to_owned)
    .to_vec();
    let (process, conditions) = process_with(&texts);
    let prover = Prover::new(&process, NOW);
    for (text, condition) in texts.iter().zip(&conditions) {
        let formula = Formula::Holds(condition);
        let start = std::time::Instant::now();
        for _ in 0..1_000 {
            std::hint::black_box(prover.possible(&formula));
        }
        println!("{:>8.1} µs  {text}", start.elapsed().as_secs_f64() * 1e3);
    }
}

/// Thirty rules that have nothing in common, and ten of which only one holds at a time.
#[test]
fn large_scores_are_decided() {
    let mut fields = String::new();
    let mut rules = String::new();
    let mut all = 0;
    for n in 1..=30 {
        fields.push_str(&format!("f{n} boolean  "));
        rules.push_str(&format!("fit +{} when f{n}\n", 3 * n));
        all += 3 * n;
    }
    for n in 0..10 {
        let (from, to) = (n * 100, n * 100 + 100);
        rules.push_str(&format!("behavior +{} when size >= {from} and size < {to}\n", 10 + n));
    }
    let text = |grades: &str| {
        format!(
            "team sales {{ }}
             record lead {{ size integer  {fields} }}
             score heat of lead {{ {rules} grade {grades} }}
             stage a {{ record lead  entry  owner sales  advance to b }}
             stage b {{ record lead  owner sales  outcome won }}"
        )
    };
    // The sums of `fit` are the multiples of three, without behaviour or with 10 to 19 points of it.
    let (top, above) = (all + 19, all + 20);
    let cases = [
        (format!("out at least {above}, rest otherwise"), false),
        (format!("top at least {top}, rest otherwise"), true),
        ("high at least 3, one at least 1, rest otherwise".to_owned(), false),
        (format!("high at least {top}, gap at least {}, rest otherwise", top - 1), true),
        ("high at least 701, narrow at least 700, rest otherwise".to_owned(), true),
    ];
    for (grades, reachable) in cases {
        let process = read(text(&grades).replace("rest otherwise", "rest at least -9"));
        let prover = Prover::new(&process, NOW);
        let score = ScoreId::from_index(0);
        let asked = process.scores[score].grades.len() - 2;
        let answer = prover.possible(&Formula::Grade(score, asked));
        match (&answer, reachable) {
            (Answer::Yes(_), true) | (Answer::No, false) => {}
            _ => panic!("{grades}: {answer:?}"),
        }
    }
}
