//! Values that a field does not take: refused in words by every database that refuses.

use super::created;
use super::engine::Engine;
use crate::crm_support::process;

const SOURCE: &str = r#"process p { currency EUR }
    team t { role r }
    record order {
      amount  money    "It's 100% of \\ the; drop table \"order\"; -- %s $guard$" at least 0.5 EUR at most 1_000 EUR
      share   percent  "Share" at most 100%
      size    integer  at least 1
      due     date     "Due" at least 2020-02-29
      kind    one of [small, large]
      topics  many of [price, speed]
      email   text     required
    }
    stage fresh { record order  owner t  entry  advance to signed }
    stage signed { record order  owner t  outcome won  final }"#;

/// What a database gives besides: SQLite has fixed messages only.
fn given(engine: &Engine, value: &str) -> String {
    match engine {
        Engine::Sqlite(_) => String::new(),
        _ => format!("; given: \"{value}"),
    }
}

#[test]
fn a_value_beyond_its_bounds_is_refused_by_title_and_bound() {
    for engine in created("bounds", &process(SOURCE)) {
        let add = |what: &str| format!("INSERT INTO \"order\" (email, {what}, 'fresh')");
        let amount = |value: &str| add(&format!("amount, stage) VALUES ('a', {value}"));
        let title = r#"order: "It's 100% of \ the; drop table "order"; -- %s $guard$" (amount) "#;
        // The bounds themselves, and none at all, are taken.
        for value in ["0.5", "1000", "NULL"] {
            engine.accepts(&amount(value));
        }
        for (value, bound) in [
            ("0.49", "must be at least 0.5 EUR"),
            ("-1000000", "must be at least 0.5 EUR"),
            ("1000.01", "must be at most 1000 EUR"),
        ] {
            let words = [&format!("{title}{bound}"), &given(&engine, value)];
            engine.refuses(&amount(value), &words.map(String::as_str));
        }
        assert_eq!(engine.lines("SELECT count(*) FROM \"order\""), ["3"]);

        // Rows that change: whatever else changes with them.
        let set = |what: &str| format!("UPDATE \"order\" SET {what} WHERE id = 1");
        for (value, words, told) in [
            ("amount = 0", "(amount) must be at least 0.5 EUR", "0"),
            ("share = 100.5", "order: \"Share\" (share) must be at most 100%", "100.5"),
            ("size = 0, share = 50", "(size) must be at least 1", "0\""),
            (
                "due = '2020-02-28'",
                "order: \"Due\" (due) must be at least 2020-02-29",
                "2020-02-28\"",
            ),
            ("kind = 'it''s'", "(kind) must be one of: small, large", "it's\""),
            ("kind = ''", "(kind) must be one of: small, large", "\""),
            ("email = '', stage = 'signed'", "(email) must not be empty", "\""),
        ] {
            engine.refuses(&set(value), &[words, &given(&engine, told)]);
        }
        // What is missing altogether, of a row that is there and of a new one.
        engine.refuses(&set("email = NULL"), &["order: \"Email\" (email) must be given"]);
        engine.refuses(&set("stage = NULL"), &["order: \"stage\" must be given"]);
        engine.refuses(
            "INSERT INTO \"order\" (email) VALUES ('a@b.c')",
            &["\"stage\" must be given"],
        );
        engine
            .refuses("INSERT INTO \"order\" (stage) VALUES ('fresh')", &["(email) must be given"]);
        engine.refuses(
            "INSERT INTO order_topics VALUES (1, 'looks')",
            &["(topics) must be one of: price, speed", &given(&engine, "looks\"")],
        );
        engine.accepts("INSERT INTO order_topics VALUES (1, 'price')");
        engine.refuses("UPDATE order_topics SET topics = 'looks'", &["must be one of: price"]);
        engine.accepts(&set("amount = NULL, share = NULL, size = NULL, due = NULL, kind = NULL"));
        // One of many rows is enough, and then none is changed.
        engine.refuses("UPDATE \"order\" SET amount = id - 1", &["must be at least 0.5 EUR"]);
        assert_eq!(
            engine.lines("SELECT id FROM \"order\" WHERE amount IS NULL ORDER BY id"),
            ["1", "3"]
        );
        // A program finds the constraint where the database has a place for it.
        if let Engine::Postgres(_) = engine {
            engine.accepts(
                "DO $$ DECLARE c text; k text; BEGIN UPDATE \"order\" SET size = 0; \
                 EXCEPTION WHEN check_violation THEN \
                 GET STACKED DIAGNOSTICS c = CONSTRAINT_NAME, k = COLUMN_NAME; \
                 ASSERT c = 'order_size_at_least' AND k = 'size', c; END $$",
            );
        }
        // The constraints are there as well: nothing depends on the triggers.
        let constraints = match engine {
            Engine::Sqlite(_) => {
                "SELECT count(*) FROM sqlite_schema WHERE name = 'order' AND sql LIKE '%order_amount_at_most CHECK%'"
            }
            Engine::Postgres(_) => {
                "SELECT count(*) FROM pg_constraint WHERE conname = 'order_amount_at_most'"
            }
            Engine::Mariadb(_) => {
                "SELECT count(*) FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() AND constraint_name = 'order_amount_at_most'"
            }
        };
        assert_eq!(engine.lines(constraints), ["1"]);
    }
}

#[test]
fn many_fields_and_long_titles_are_no_obstacle() {
    let long = "길".repeat(400);
    let fields: String = (0..300)
        .map(|n| {
            let title = if n == 299 { long.as_str() } else { "Any" };
            format!("      f{n} integer \"{title}\" at least {n}\n")
        })
        .collect();
    let options = (0..20).map(|n| format!("o{n}")).collect::<Vec<_>>().join(", ");
    let source = format!(
        "process p {{ currency EUR }}
        team t {{ role r }}
        record deal {{
{fields}      kind one of [{options}]
    }}
        stage fresh {{ record deal  owner t  entry  advance to signed }}
        stage signed {{ record deal  owner t  outcome won  final }}"
    );
    for engine in created("bounds_many", &process(&source)) {
        engine.accepts("INSERT INTO deal (f0, f299, stage) VALUES (0, 299, 'fresh')");
        let words = format!("deal: \"{}…\" (f299) must be at least 299", "길".repeat(80));
        engine.refuses("UPDATE deal SET f299 = 298", &[&words]);
        // What is given may be long as well, in letters of four bytes.
        let kind = "🧭".repeat(60);
        engine.refuses(
            &format!("UPDATE deal SET kind = '{kind}'"),
            &["deal: \"Kind\" (kind) must be one of: o0, o1, o2, o3, o4, o5, o6, o7, o8, o9, o10, o11, …"],
        );
    }
}
