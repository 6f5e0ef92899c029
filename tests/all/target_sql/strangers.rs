//! Stages that are not one of a record's type: refused in words by every database that refuses.

use super::{created, process, story};

/// Each says what the record is, what the stage is, and what to do.
#[test]
fn a_stage_of_another_record_type_is_refused_in_words() {
    for engine in story("strangers") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        // In SQLite, the message of a trigger cannot name the record.
        let place = |place: &'static str| match engine.dialect() {
            "sqlite" => "",
            _ => place,
        };
        let to = |stage: &str| format!("UPDATE lead SET stage = '{stage}'");
        // It goes on as a row of its own.
        engine.refuses(
            &to("problem"),
            &[
                "lead: \"problem\" is a stage of deal, and a record never changes its type",
                place(" (lead 1 is in \"inquiry\")"),
                "from \"mql\" it goes on as a row of its own: \
                 INSERT INTO deal (lead_id, stage, …) VALUES (<id of the lead>, 'problem', …)",
            ],
        );
        // There is no way at all.
        engine.refuses(
            &to("won"),
            &[
                "lead: \"won\" is a stage of deal, and a record never changes its type",
                place("(lead 1 is in \"inquiry\")"),
                "the process has no move from lead to there",
            ],
        );
        // Another type begins there by itself.
        engine.refuses(
            &to("due"),
            &[
                "\"due\" is a stage of renewal",
                "a new renewal may begin there: INSERT INTO renewal (stage, …) VALUES ('due', …)",
            ],
        );
        let lists = "the stages of lead are: \"inquiry\", \"mql\", \"nurturing\", \"disqualified\"";
        engine.refuses(
            &to("nowhere"),
            &["lead: the process has no such stage", place(": \"nowhere\""), lists],
        );
        engine.refuses(&to(""), &["lead: the process has no such stage", lists]);
        // Names are told apart to the letter.
        engine.refuses(&to("MQL"), &["lead: the process has no such stage", lists]);
        engine.refuses(
            "INSERT INTO lead (email, stage) VALUES ('x', 'problem')",
            &["lead: \"problem\" is a stage of deal", "INSERT INTO deal (lead_id, stage, …)"],
        );
        engine.refuses(
            "INSERT INTO lead (email, stage) VALUES ('x', 'no''where')",
            &["lead: the process has no such stage", lists],
        );
        let null = "INSERT INTO lead (email, stage) VALUES ('x', NULL)";
        engine.refuses(null, &["lead: \"stage\" must be given"]);

        // Back, and beside.
        engine.accepts("UPDATE lead SET stage = 'mql'");
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.refuses(
            "UPDATE deal SET stage = 'nurturing'",
            &[
                "deal: \"nurturing\" is a stage of lead",
                place("(deal 1 is in \"problem\")"),
                "from \"lost\" it brings its lead back: UPDATE lead SET stage = 'nurturing', \
                 stage_left_at = NULL WHERE id = <lead_id of the deal>",
            ],
        );
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (1, 'onboarding')");
        engine.refuses(
            "UPDATE customer SET stage = 'due'",
            &[
                "customer: \"due\" is a stage of renewal",
                "from \"onboarding\" it starts a renewal beside it: \
                 INSERT INTO renewal (customer_id, stage, …) VALUES (<id of the customer>, 'due', …)",
            ],
        );
        // What the message says is what works.
        engine.accepts("INSERT INTO renewal (customer_id, stage) VALUES (1, 'due')");
        assert_eq!(engine.lines("SELECT stage FROM lead"), ["mql"]);
        assert_eq!(engine.lines("SELECT count(*) FROM ekiden_stage_history"), ["6"]);
    }
}

#[test]
fn a_former_name_of_a_stage_is_refused_with_the_present_one() {
    let source = "process p { currency EUR }
        team t { role r }
        record lead { need text }
        record deal from lead { }
        stage fresh { record lead  owner t  entry  was [new_, raw]  advance to talk }
        stage talk { record lead  owner t  advance to signed }
        stage signed { record deal  owner t  outcome won  final  was [won_] }
        retired stage chat into talk when need is present, fresh";
    for engine in created("former", &process(source)) {
        engine.accepts("INSERT INTO lead (stage) VALUES ('fresh')");
        engine.refuses(
            "INSERT INTO lead (stage) VALUES ('raw')",
            &["lead: the stage \"raw\" has another name now", "write \"fresh\""],
        );
        engine.refuses(
            "UPDATE lead SET stage = 'chat'",
            &["lead: the stage \"chat\" is retired", "its records went to \"talk\" or \"fresh\""],
        );
        engine.refuses(
            "UPDATE lead SET stage = 'signed'",
            &["lead: \"signed\" is a stage of deal", "from \"talk\" it goes on"],
        );
        engine.refuses(
            "UPDATE lead SET stage = 'won_'",
            &["lead: the process has no such stage", "the stages of lead are: \"fresh\", \"talk\""],
        );
    }
}
