//! Records in flight, counted by real databases that were made from the earlier process.

use ekiden::diff::{Difference, Flight, Sources, diff};
use ekiden::emit::{self, Context};
use ekiden::lint::Levels;
use ekiden::model::Process;
use ekiden::source::SourceMap;

use crate::crm_support::{emit as built, process, settings, text};
use crate::target_sql::engine::{postgres, sqlite};

const OLD: &str = r#"
process small "Small" { currency EUR }
team sales "Sales" { mission "Sell." role ae "Seller" }
record lead "Lead" {
  need text "Need"
  size integer "Size"
  source one of [web, event]
  phone text "Phone"
}
stage new "New" {
  record lead owner ae entry from [web] limit 5d
  advance to won when need is present
  recycle to demo
}
stage demo "Demo" { record lead owner ae recycle to new }
stage won "Won" { record lead owner ae outcome won final }
"#;

const ROWS: &str = "
INSERT INTO lead (need, size, source, phone, stage) VALUES
    ('a', 5, 'web', '1', 'new'),
    ('b', 20, 'web', NULL, 'new'),
    (NULL, 1, 'event', '', 'new'),
    ('d', NULL, NULL, NULL, 'new'),
    ('e', 2, 'event', '5', 'new'),
    ('f', 7, 'web', NULL, 'new');
UPDATE lead SET stage = 'demo' WHERE need IN ('e', 'f');
";

/// The difference, with queries in a dialect.
fn counted<'a>(old: &'a Process, new: &'a Process, dialect: &str) -> Difference<'a> {
    let none = settings(&[]);
    let context = |process: &'a Process| Context {
        process,
        languages: &process.languages,
        settings: &none,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    let sources = Sources::new(&SourceMap::new(), &SourceMap::new());
    let today = jiff::civil::date(2026, 11, 24);
    let mut difference = diff(old, new, &sources, &Levels::default(), today);
    let system = format!("sql:{dialect}");
    let flights = &difference.flights;
    let counts = emit::count(&context(old), &context(new), flights, Some(&system), today);
    difference.count(counts);
    difference
}

/// The query of the only system.
fn query(flight: &Flight) -> Result<&str, &str> {
    let [count] = flight.counts.as_slice() else { panic!("{:#?}", flight.counts) };
    let query = count.query.as_ref().map_err(String::as_str)?;
    assert!(query.wider.is_empty() && query.request.is_none());
    Ok(&query.text)
}

#[test]
fn databases_count_the_records_that_a_change_finds() {
    let old = process(OLD);
    // `demo` is gone, as is `phone`; the rest asks for more.
    let new = OLD
        .replace("limit 5d", "limit 2d")
        .replace("need is present", "need is present and size > 10")
        .replace("integer \"Size\"", "integer \"Size\" at least 3")
        .replace("[web, event]", "[web] required")
        .replace("  phone text \"Phone\"\n", "")
        .replace("  recycle to demo\n", "")
        .replace("stage demo \"Demo\" { record lead owner ae recycle to new }\n", "");
    let new = process(&new);
    // Of those in `new`, `a` and `d` met the old condition and do not meet the new one: 5 and no
    // size at all are not above 10. `b` meets both, and the third met neither.
    let expected = [
        ("records in `demo`, which is gone", "2"),
        ("records that have been in `new` for more than 2d", "0"),
        ("records kept back by", "2"),
        ("records with a value in `lead.phone`, which is gone", "2"),
        ("records with `lead.size` below its new bound", "2"),
        ("records without `lead.source`, which is required now", "1"),
        ("records with option `event` of `lead.source`", "2"),
    ];
    for engine in [sqlite(), postgres("flights")] {
        let dialect = engine.dialect();
        engine.accepts(text(&built("sql", &old, &[]), &format!("{dialect}/schema.sql")));
        engine.accepts(ROWS);
        let difference = counted(&old, &new, dialect);
        assert_eq!(difference.counted_by(), [format!("sql:{dialect}")]);
        let told: Vec<&str> = difference.flights.iter().map(|f| f.what.as_str()).collect();
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (flight, (what, count)) in difference.flights.iter().zip(expected) {
            assert!(flight.what.starts_with(what), "{} is not {what}", flight.what);
            let query = query(flight).unwrap();
            assert_eq!(engine.lines(query), [count], "{dialect}: {what}\n{query}");
        }
        // Three days on, all four in `new` are late; the two in `demo` have another clock.
        engine.accepts(match dialect {
            "sqlite" => {
                "DROP VIEW ekiden_clock; CREATE VIEW ekiden_clock AS
                 SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+3 days') AS now;"
            }
            _ => "CREATE OR REPLACE VIEW ekiden_clock AS SELECT now() + interval '3 days' AS now;",
        });
        let late = query(&difference.flights[1]).unwrap();
        assert_eq!(engine.lines(late), ["4"], "{dialect}\n{late}");
        let nowhere = difference.flights[0].said();
        assert!(nowhere.contains("write `retired stage demo into …`"), "{nowhere}");
    }
}

#[test]
fn what_the_earlier_database_lacks_is_told() {
    let old = process(OLD);
    let new = OLD
        .replace("phone text", "budget integer \"Budget\" phone text")
        .replace("need is present", "need is present and budget > 5")
        .replace("  recycle to demo\n", "")
        .replace(
            "stage demo \"Demo\" { record lead owner ae recycle to new }",
            "retired stage demo into won when size > 5, new",
        );
    let new = process(&new);
    let difference = counted(&old, &new, "sqlite");
    let [demo, won, rest, kept_back] = difference.flights.as_slice() else {
        panic!("{:#?}", difference.flights);
    };
    assert_eq!(
        demo.said(),
        "records in `demo`, which is retired: they go into `won` when `size > 5`, else `new`; \
         `ekiden migrate` moves them"
    );
    let said = "SELECT COUNT(*) AS records\nFROM lead AS r\nWHERE r.stage IN ('demo');";
    assert_eq!(query(demo), Ok(said));
    let said =
        "records that go from `demo` into `won`: those that meet `size > 5`, and nothing before";
    assert_eq!(won.said(), said);
    assert_eq!(rest.said(), "records that go from `demo` into `new`: the rest");
    let why = "it reads `budget`, which the earlier process does not have";
    assert_eq!(query(kept_back), Err(why));
}

/// A stage that is split: the counts of its successors, in order, and of what is left.
#[test]
fn a_split_is_counted_by_where_the_records_go() {
    let old = process(OLD);
    let split = |into: &str| {
        let new = OLD
            .replace("  recycle to demo\n", "")
            .replace("stage demo \"Demo\" { record lead owner ae recycle to new }", into);
        process(&new)
    };
    let rows = "INSERT INTO lead (need, size, source, stage) VALUES
        ('a', 50, 'web', 'new'), ('b', 50, 'event', 'new'), ('c', 5, 'web', 'new'),
        ('d', 5, NULL, 'new'), ('e', NULL, 'web', 'new'), ('f', NULL, NULL, 'new'),
        ('g', 50, 'web', 'new');
        UPDATE lead SET stage = 'demo' WHERE need <> 'g';";
    // Six stand there. Above ten: a and b. Then from the web: c and e. The rest: d and f.
    let all = "retired stage demo into won when size > 10, new when source = web, won";
    let open = "retired stage demo into won when size > 10, new when source = web";
    for engine in [sqlite(), postgres("split")] {
        let dialect = engine.dialect();
        engine.accepts(text(&built("sql", &old, &[]), &format!("{dialect}/schema.sql")));
        engine.accepts(rows);
        for (into, last) in
            [(all, "into `won`: the rest"), (open, "that meet no condition: nothing")]
        {
            let new = split(into);
            let difference = counted(&old, &new, dialect);
            let counts: Vec<String> = difference
                .flights
                .iter()
                .flat_map(|flight| engine.lines(query(flight).unwrap()))
                .collect();
            assert_eq!(counts, ["6", "2", "2", "2"], "{dialect} {into}");
            let said = difference.flights[3].said();
            assert!(said.contains(last), "{said}");
        }
    }
}

/// A move that makes another record: what is asked of the earlier one is counted, with what the
/// later stage asks of it; what only the later one can tell is left out.
#[test]
fn a_move_that_makes_another_record_is_counted_by_the_earlier_one() {
    let source = |when: &str, enter: &str| {
        format!(
            r#"
process small "Small" {{ currency EUR }}
team sales "Sales" {{ mission "Sell." role ae "Seller" }}
record lead "Lead" {{ need text "Need"  size integer "Size" }}
record deal "Deal" from lead {{ amount money "Amount" }}
stage new "New" {{ record lead owner ae entry from [web]  advance to talk when {when} }}
stage talk "Talk" {{
  record deal owner ae  enter when {{ fits "It fits" {enter} }}
  advance to won
}}
stage won "Won" {{ record deal owner ae outcome won final }}
"#
        )
    };
    let rows = "INSERT INTO lead (need, size, stage) VALUES
        ('a', 5, 'new'), ('b', 20, 'new'), (NULL, 1, 'new'), ('d', NULL, 'new'), ('e', 7, 'new');
        INSERT INTO deal (lead_id, amount, stage) SELECT id, 9, 'talk' FROM lead WHERE need = 'e';";
    // Of the three that stand there with a need, `a` and `d` are not above ten; `e` has gone on.
    let cases = [
        ("need is present and size > 10", "size > 3 or amount > 5 EUR", Ok("2"), "at most so many"),
        // The other reads the deal; this one, on the other side, reads the lead alone.
        ("need is present", "size > 10", Ok("2"), "at most so many"),
        // What is asked of the deal has changed as well.
        (
            "need is present and size > 10",
            "size > 3 or amount > 50 EUR",
            Ok("2"),
            "it may be more or fewer",
        ),
        // Less is asked of the lead, more of the deal.
        (
            "need is present or size > 3",
            "size > 3 or amount > 50 EUR",
            Err(
                "of the earlier record less is asked now; what is new is asked of the record that \
                 the move makes, whose values are not there before",
            ),
            "it may be more or fewer",
        ),
        (
            "need is present",
            "size > 3 or amount > 50 EUR",
            Err(
                "what is new is asked of the record that the move makes, whose values are not there \
                 before",
            ),
            "it may be more or fewer",
        ),
    ];
    // Nothing was asked of the deal, and now its amount is: of `a` and `b`, whom the earlier process
    // let through, `a` is not above ten; of `b` nobody knows.
    let more = [("need is present and size > 10", "amount > 5 EUR", Ok("1"), "at least so many")];
    let all = [("made", "size > 3 or amount > 5 EUR", &cases[..]), ("asked", "size > 3", &more)];
    let engines = all.iter().flat_map(|(name, then, cases)| {
        [sqlite(), postgres(name)].map(|engine| (engine, *then, *cases))
    });
    for (engine, then, cases) in engines {
        let old = process(&source("need is present", then));
        let dialect = engine.dialect();
        engine.accepts(text(&built("sql", &old, &[]), &format!("{dialect}/schema.sql")));
        engine.accepts(rows);
        for (when, enter, count, rough) in cases.iter().copied() {
            let new = process(&source(when, enter));
            let difference = counted(&old, &new, dialect);
            let [flight] = difference.flights.as_slice() else {
                panic!("{:#?}", difference.flights);
            };
            let goes = flight.goes.as_deref().unwrap_or_default();
            assert!(goes.contains(&format!("; {rough}")), "{when}, {enter}: {goes}");
            match count {
                Ok(count) => assert_eq!(engine.lines(query(flight).unwrap()), [count], "{dialect}"),
                Err(why) => assert_eq!(query(flight), Err(why)),
            }
        }
    }
}
