//! Moves of records: what is written down of them, and what is refused.

use super::{HISTORY, created, story};
use crate::crm_support::process;

#[test]
fn one_story_is_the_same_history_everywhere() {
    for engine in story("one_story") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        let to = |stage: &str| format!("UPDATE lead SET stage = '{stage}' WHERE id = 1");
        for stage in ["mql", "nurturing", "mql", "nurturing", "mql"] {
            engine.accepts(&to(stage));
        }
        // Twice it went back for want of size: that is as often as it may.
        engine.refuses(&to("nurturing"), &["lead: ", "may be"]);
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.refuses(&to("nurturing"), &["set stage_left_at to null"]);
        let back = "UPDATE lead SET stage = 'nurturing', stage_left_at = NULL WHERE id = 1";
        engine.refuses(back, &["lead: ", "back"]);
        engine.accepts("UPDATE deal SET stage = 'lost'");
        engine.accepts(back);
        // From nurturing to nurturing: only the time tells.
        engine.accepts("UPDATE lead SET stage_entered_at = '2030-01-01T00:00:00Z'");
        engine.accepts(&to("mql"));
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.accepts("UPDATE deal SET stage = 'won' WHERE id = 2");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (2, 'onboarding')");
        // Started, not continued: the customer stays where it is.
        engine.accepts("INSERT INTO renewal (customer_id, stage) VALUES (1, 'due')");
        engine.accepts("UPDATE customer SET stage = 'steady'");
        engine.accepts("UPDATE customer SET stage = 'churned'");
        engine.accepts(back);

        assert_eq!(
            engine.lines(HISTORY),
            [
                "lead 1 - - - inquiry -",
                "lead 1 lead 1 inquiry mql inquiry_mql",
                "lead 1 lead 1 mql nurturing mql_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "lead 1 lead 1 mql nurturing mql_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "deal 1 lead 1 mql problem mql_problem",
                "deal 1 deal 1 problem lost problem_lost",
                // Two transitions lead from lost to nurturing: which one it was is not known.
                "lead 1 deal 1 lost nurturing -",
                "lead 1 lead 1 nurturing nurturing nurturing_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "deal 2 lead 1 mql problem mql_problem",
                "deal 2 deal 2 problem won problem_won",
                "customer 1 deal 2 won onboarding won_onboarding",
                "renewal 1 - - - due -",
                "customer 1 customer 1 onboarding steady onboarding_steady",
                "customer 1 customer 1 steady churned steady_churned",
                "lead 1 customer 1 churned nurturing churned_nurturing",
            ]
        );
        // Whoever continues a deal continues the lead of that deal, and so on.
        assert_eq!(engine.lines("SELECT customer_id, deal_id, lead_id FROM renewal"), ["1 2 1"]);
        // Where everything stands now.
        let place =
            "SELECT stage, CASE WHEN stage_left_at IS NULL THEN 'here' ELSE 'left' END FROM";
        assert_eq!(engine.lines(&format!("{place} lead")), ["nurturing here"]);
        assert_eq!(engine.lines(&format!("{place} deal ORDER BY id")), ["lost left", "won left"]);
        assert_eq!(engine.lines(&format!("{place} customer")), ["churned left"]);
        // Row and history tell the same time.
        let apart = "SELECT count(*) FROM lead AS l WHERE l.stage_entered_at <> (SELECT h.entered_at \
             FROM ekiden_stage_history AS h WHERE h.record = 'lead' ORDER BY h.id DESC LIMIT 1)";
        assert_eq!(engine.lines(apart), ["0"]);
    }
}

#[test]
fn a_move_that_is_counted_across_records_is_refused_when_used_up() {
    for engine in story("counted") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        let round = "UPDATE lead SET stage = 'mql' WHERE id = 1;
             INSERT INTO deal (lead_id, stage) VALUES (1, 'problem');
             UPDATE deal SET stage = 'won' WHERE stage = 'problem';
             CREATE TEMPORARY TABLE latest AS SELECT max(id) AS id FROM deal;
             INSERT INTO customer (deal_id, stage) SELECT id, 'onboarding' FROM latest;
             DROP TABLE latest;
             UPDATE customer SET stage = 'churned' WHERE stage = 'onboarding';";
        let back = "UPDATE lead SET stage = 'nurturing', stage_left_at = NULL WHERE id = 1";
        engine.accepts(round);
        engine.accepts(back);
        engine.accepts(round);
        // Another customer, but the same lead.
        engine.refuses(back, &["lead: ", "may be"]);
    }
}

#[test]
fn a_record_comes_back_from_one_that_it_started() {
    for engine in story("started") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        engine.accepts("UPDATE lead SET stage = 'mql'");
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (1, 'onboarding')");
        engine.accepts("UPDATE customer SET stage = 'steady'");
        engine.accepts("INSERT INTO renewal (customer_id, stage) VALUES (1, 'due'), (1, 'due')");
        engine.accepts("UPDATE renewal SET stage = 'renewed' WHERE id = 1");
        engine.accepts("UPDATE customer SET stage = 'churned'");
        // The customer itself may move so, and its own move comes first.
        assert_eq!(
            engine.lines(HISTORY).last().unwrap(),
            "customer 1 customer 1 steady churned steady_churned"
        );
    }
}

#[test]
fn what_the_process_does_not_allow_is_refused() {
    for engine in story("refused") {
        let dialect = engine.dialect();
        // In SQLite, the message of a trigger cannot name the stage that was asked for.
        let told = |sqlite: &'static str, others: &'static [&'static str]| -> Vec<&'static str> {
            if dialect == "sqlite" { vec![sqlite] } else { others.to_vec() }
        };
        // What a database says by itself, it says in its own words.
        let own =
            |sqlite: &'static str, postgres: &'static str, mariadb: &'static str| match dialect {
                "sqlite" => [sqlite],
                "postgres" => [postgres],
                _ => [mariadb],
            };
        engine.accepts(
            "INSERT INTO lead (email, stage, boss, size, due, seen) \
             VALUES ('a@b.c', 'inquiry', '', 5, '2026-04-01', '2026-01-01T08:00:00Z')",
        );
        engine.accepts("INSERT INTO lead (email, stage, boss) VALUES ('x@y.z', 'inquiry', '')");

        // Moves.
        engine.refuses(
            "UPDATE lead SET stage = 'nurturing' WHERE id = 1",
            &told(
                "lead: this move is not declared; from stage \"inquiry\" a record may go to: \"mql\", \"disqualified\"",
                &[
                    "lead: no move from stage \"inquiry\" to \"nurturing\" is declared",
                    "from stage \"inquiry\" a record may go to: \"mql\", \"disqualified\"",
                ],
            ),
        );
        engine.refuses(
            "INSERT INTO lead (email, stage) VALUES ('c', 'mql')",
            &[
                "lead: ",
                "a record that continues no other by a declared move begins in: \"inquiry\"",
            ],
        );
        engine.refuses(
            "INSERT INTO deal (stage) VALUES ('problem')",
            &["records of this type begin by continuing another, by a declared move: \
                 give in lead_id the id of a lead that is now in \"mql\""],
        );
        engine.refuses(
            "INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')",
            &told(
                "begin by continuing another",
                &["no move from stage \"inquiry\" of its lead to \"problem\" is declared"],
            ),
        );
        engine.refuses(
            "INSERT INTO deal (lead_id, stage) VALUES (99, 'problem')",
            &told("deal: ", &["foreign key"]),
        );
        engine.refuses("UPDATE lead SET stage_entered_at = '2001-01-01T00:00:00Z'", &["lead: "]);
        engine.accepts("UPDATE lead SET stage = 'disqualified' WHERE id = 2");
        engine.refuses("UPDATE lead SET stage = 'inquiry' WHERE id = 2", &["may go to: nowhere"]);

        // Values.
        let set = |what: &str| format!("UPDATE lead SET {what} WHERE id = 1");
        for (value, words) in [
            ("kind = 'medium'", "(kind) must be one of: "),
            ("size = 0", "(size) must be at least 1"),
            ("size = 1001", "(size) must be at most 1000"),
            ("due = '2020-02-28'", "(due) must be at least 2020-02-29"),
            ("seen = '2026-01-01T07:59:59Z'", "(seen) must be at least 2026-01-01T"),
            ("share = 100.5", "(share) must be at most 100%"),
            ("index_ = 0.1", "(index) must be at least 0"),
            ("email = ''", "(email) must not be empty"),
        ] {
            let value = value.replace("index_", "\"index\"");
            engine.refuses(&set(&value), &[words]);
        }
        engine.refuses(&set("email = NULL"), &["(email) must be given"]);
        engine.refuses(&set("email = 'x@y.z'"), &told("UNIQUE", &["lead_email_key"]));
        let many = own("cannot store TEXT", "bigint", "Incorrect integer value");
        engine.refuses(&set("size = 'many'"), &many);
        let date = own("must be a day that exists", "out of range", "Incorrect date value");
        engine.refuses(&set("due = '2026-02-30'"), &date);
        let time = own("must be a time in UTC", "invalid input", "Incorrect datetime value");
        engine.refuses(&set("seen = 'tomorrow-ish'"), &time);
        engine.refuses(&set("done = 2"), &own("must be 0 or 1", "boolean", "must be 0 or 1"));
        engine.accepts(&set("kind = 'large', size = 1000, share = 100, boss = 'ae@b.c'"));
        engine.accepts("INSERT INTO lead_topics VALUES (1, 'price'), (1, 'speed')");
        engine.refuses("INSERT INTO lead_topics VALUES (2, 'looks')", &["must be one of: "]);
        engine.refuses(
            "INSERT INTO lead_topics VALUES (1, 'price')",
            &own("UNIQUE", "duplicate key", "Duplicate entry"),
        );
        assert_eq!(engine.lines("SELECT count(*) FROM lead WHERE confirmed_inquiry_sure"), ["0"]);

        // What has happened stays.
        let before = engine.lines(HISTORY);
        let kept = &["the history of stages is only ever added to"];
        engine.refuses("UPDATE ekiden_stage_history SET to_stage = 'won'", kept);
        engine.refuses("DELETE FROM ekiden_stage_history", kept);
        let replace = |verb: &str| {
            format!(
                "{verb} INTO ekiden_stage_history (id, record, record_id, to_stage, entered_at) \
                 VALUES (1, 'lead', 1, 'mql', '2026-01-01T00:00:00Z')"
            )
        };
        match dialect {
            "sqlite" => engine.refuses(&replace("INSERT OR REPLACE"), kept),
            // No trigger of MariaDB is asked about TRUNCATE.
            "mariadb" => engine.refuses(&replace("REPLACE"), kept),
            _ => engine.refuses("TRUNCATE ekiden_stage_history CASCADE", kept),
        }
        let id = "the id of a record never changes";
        engine.refuses(&set("id = 7"), &own(id, "\"id\"", id));
        assert_eq!(engine.lines(HISTORY), before);
        assert_eq!(before.len(), 3);
    }
}

#[test]
fn what_a_record_continues_stays() {
    for engine in story("links") {
        for email in ["a", "b"] {
            engine
                .accepts(&format!("INSERT INTO lead (email, stage) VALUES ('{email}', 'inquiry')"));
        }
        engine.accepts("UPDATE lead SET stage = 'mql'");
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.refuses("UPDATE deal SET lead_id = 2", &["what a record continues never changes"]);
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.refuses(
            "INSERT INTO customer (deal_id, lead_id, stage) VALUES (1, 2, 'onboarding')",
            &["what a record continues never changes"],
        );
        engine
            .accepts("INSERT INTO customer (deal_id, lead_id, stage) VALUES (1, 1, 'onboarding')");
        // A lead that has gone on as a deal cannot do so again before it is back.
        let gone = "deal: the lead in lead_id has gone on as another record already";
        engine.refuses("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')", &[gone]);
        // One that is where it may not be continued is told so.
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('c', 'inquiry')");
        let Err(told) = engine.run("INSERT INTO deal (lead_id, stage) VALUES (3, 'problem')")
        else {
            panic!("{}", engine.dialect());
        };
        assert!(!told.contains("gone on"), "{told}");
    }
}

#[test]
fn what_must_be_missing_is_said_so() {
    let small = process(
        "process small \"Small\" { currency EUR }
         team sales { role ae }
         record lead { blocker text  note text }
         stage open_ { record lead owner ae entry advance to won when not blocker is present and not (note is missing) }
         stage won { record lead owner ae outcome won final }",
    );
    for engine in created("missing", &small) {
        engine.accepts("INSERT INTO lead (blocker, stage) VALUES ('law', 'open_')");
        engine.refuses(
            "UPDATE lead SET stage = 'won'",
            &["is open only when blocker is missing and note is present"],
        );
        engine.accepts("UPDATE lead SET blocker = NULL, note = 'x'");
        engine.accepts("UPDATE lead SET stage = 'won'");
    }
}

/// A date that is missing is not a date that is too late.
#[test]
fn a_field_that_is_empty_is_named() {
    let rent = process(
        "process rent \"Rent\" { currency EUR }
         team sales { role ae }
         record lead {
           visit_on date \"Visit\"  size integer \"Size\"  note text  parts many of [lid, pump] \"Parts\"
           kind one of [small, large]
         }
         record deal from lead { ends_on date \"End\" }
         stage asked {
           record lead owner ae entry
           exit when {
             visited \"We were there\" visit_on <= 2026-06-30
             known \"We know how much\" size * 2 > 10 or note is present
             planned \"Parts are known\" parts in [pump] and size <= 100 if kind = large
           }
           advance to lent
         }
         stage lent {
           record deal owner ae
           exit when { seen \"It is seen again\" visit_on >= 2026-02-01 }
           advance to back when ends_on <= 2026-12-31
           recycle to talk after 14d before ends_on
         }
         stage talk { record deal owner ae advance to back }
         stage back { record deal owner ae outcome won final }",
    );
    for engine in created("empty", &rent) {
        let go = "INSERT INTO deal (lead_id, stage) VALUES (1, 'lent')";
        let told = |sql: &str| engine.run(sql).expect_err(engine.dialect());
        let says = |sql: &str, end: &str| {
            let told = told(sql);
            assert!(told.contains(end), "{}: no `{end}` in {told}", engine.dialect());
        };
        let says_not_empty = |sql: &str, end: &str| {
            says(sql, end);
            assert!(!told(sql).contains("empty"), "{}", told(sql));
        };
        let set = |what: &str| engine.accepts(&format!("UPDATE lead SET {what}"));
        engine.accepts("INSERT INTO lead (stage, kind) VALUES ('asked', 'small')");
        let visited = "lead: exit criterion \"We were there\" of stage \"asked\" is not met";
        says(go, &format!("{visited}: \"Visit\" (visit_on) is empty"));
        set("visit_on = '2026-07-01'");
        says_not_empty(go, visited);
        set("visit_on = '2026-01-31'");
        // Either would do: none of them is asked for.
        let known = "lead: exit criterion \"We know how much\" of stage \"asked\" is not met";
        says_not_empty(go, known);
        set("note = 'much', kind = 'large'");
        let planned = "lead: exit criterion \"Parts are known\" of stage \"asked\" is not met";
        says(go, &format!("{planned}: \"Parts\" (parts) is empty"));
        engine.accepts("INSERT INTO lead_parts VALUES (1, 'lid')");
        says(go, &format!("{planned}: \"Size\" (size) is empty"));
        set("size = 100");
        says_not_empty(go, planned);
        // It asks for large ones only.
        set("kind = 'small', size = NULL");
        engine.accepts(go);

        // A field of the record that this one continues.
        set("visit_on = NULL");
        let back = "UPDATE deal SET stage = 'back'";
        let seen = "deal: exit criterion \"It is seen again\" of stage \"lent\" is not met";
        says(back, &format!("{seen}: \"Visit\" (lead.visit_on) is empty"));
        set("visit_on = '2026-02-01'");
        let open = "deal: the move from stage \"lent\" to \"back\" is open only when ends_on <= 2026-12-31";
        says(back, &format!("{open}: \"End\" (ends_on) is empty"));
        let talk = "UPDATE deal SET stage = 'talk'";
        let opens = "deal: the move from stage \"lent\" to \"talk\" opens only 14d before ends_on";
        says(talk, &format!("{opens}: \"End\" (ends_on) is empty"));
        engine.accepts("UPDATE deal SET ends_on = '2999-01-01'");
        says_not_empty(back, open);
        says_not_empty(talk, opens);
        engine.accepts("UPDATE deal SET ends_on = '2026-02-02'");
        engine.accepts(back);
        // The list of what is wrong says so, too.
        engine.accepts("UPDATE deal SET ends_on = NULL");
        assert_eq!(
            engine.lines("SELECT violation FROM ekiden_violation WHERE record = 'deal'"),
            [format!("{open}: \"End\" (ends_on) is empty")]
        );
    }
}

#[test]
fn a_program_that_replays_the_past_gives_the_times() {
    for engine in story("replay") {
        engine.accepts(
            "INSERT INTO lead (email, stage, stage_entered_at) VALUES ('a', 'inquiry', '2026-01-05T10:00:00Z')",
        );
        engine.accepts("UPDATE lead SET stage = 'mql', stage_entered_at = '2026-01-07T11:30:00Z'");
        let times = match engine.dialect() {
            "sqlite" => "SELECT entered_at FROM ekiden_stage_history ORDER BY id",
            "mariadb" => {
                "SELECT DATE_FORMAT(entered_at, '%Y-%m-%dT%H:%i:%sZ') FROM ekiden_stage_history ORDER BY id"
            }
            _ => {
                "SELECT to_char(entered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') \
                 FROM ekiden_stage_history ORDER BY id"
            }
        };
        assert_eq!(engine.lines(times), ["2026-01-05T10:00:00Z", "2026-01-07T11:30:00Z"]);
    }
}

#[test]
fn an_upsert_is_no_move_unless_it_moves() {
    for engine in story("upsert") {
        let upsert = |stage: &str| {
            let known = match engine.dialect() {
                "mariadb" => "ON DUPLICATE KEY UPDATE stage = VALUES(stage)",
                _ => "ON CONFLICT (email) WHERE email <> '' DO UPDATE SET stage = excluded.stage",
            };
            format!("INSERT INTO lead (email, stage) VALUES ('a', '{stage}') {known}")
        };
        for stage in ["inquiry", "inquiry", "mql"] {
            engine.accepts(&upsert(stage));
        }
        engine.refuses(&upsert("disqualified"), &["lead: "]);
        assert_eq!(
            engine.lines("SELECT from_stage, to_stage FROM ekiden_stage_history ORDER BY id"),
            ["- inquiry", "inquiry mql"]
        );
    }
}

#[test]
fn sqlite_guards_hold_with_recursive_triggers_too() {
    let [engine, ..] = story("recursive");
    engine.accepts("PRAGMA recursive_triggers = ON");
    engine.accepts("INSERT INTO lead (email, stage) VALUES ('a', 'inquiry')");
    engine.accepts("UPDATE lead SET stage = 'mql'");
    engine
        .accepts("UPDATE lead SET stage = 'nurturing', stage_entered_at = '2030-01-01T00:00:00Z'");
    assert_eq!(engine.lines(HISTORY).len(), 3);
}
