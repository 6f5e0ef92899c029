//! Migrations of DuckDB, which keeps no history by itself: the rows that triggers write elsewhere are
//! written here.

use ekiden::emit::migrate;
use ekiden::model::Process;

use super::{HISTORY, context, history, source};
use crate::crm_support::{emit, process, settings, text};
use crate::target_sql::lakes::Engines;

/// What `rows.sql` makes of the databases that have triggers.
const ROWS: &str = "
INSERT INTO lead (email, need, size, source, stage, stage_entered_at) VALUES
    ('ann@x.example', 'less work', 5, 'web', 'inquiry', '2026-01-05 10:00:00'),
    ('bob@x.example', NULL, 1000, 'event', 'nurturing', '2026-01-05 10:00:00'),
    ('cyd@x.example', '', NULL, NULL, 'inquiry', '2026-01-05 10:00:00'),
    ('dot@x.example', NULL, NULL, NULL, 'inquiry', '2026-01-05 10:00:00');
UPDATE lead SET confirmed_inquiry_sure = TRUE, stage_left_at = '2026-01-05 10:00:00' WHERE id = 1;
DELETE FROM lead WHERE id = 4;
INSERT INTO lead_topics (lead_id, topics) VALUES (1, 'price'), (1, 'speed'), (2, 'speed');
INSERT INTO deal (lead_id, amount, stage) VALUES (1, 9000, 'offer'), (2, 10, 'offer');
INSERT INTO ekiden_event (record, record_id, name, occurred_at)
    VALUES ('lead', 1, 'visit', '2026-01-05 10:00:00');
INSERT INTO ekiden_stage_history
    (record, record_id, from_record, from_record_id, from_stage, to_stage, transition, entered_at)
VALUES
    ('lead', 1, NULL, NULL, NULL, 'inquiry', NULL, '2026-01-05 10:00:00'),
    ('lead', 2, NULL, NULL, NULL, 'inquiry', NULL, '2026-01-05 10:00:00'),
    ('lead', 3, NULL, NULL, NULL, 'inquiry', NULL, '2026-01-05 10:00:00'),
    ('lead', 2, 'lead', 2, 'inquiry', 'nurturing', 'inquiry_nurturing', '2026-01-05 10:00:00'),
    ('deal', 1, 'lead', 1, 'inquiry', 'talk', 'inquiry_talk', '2026-01-05 10:00:00'),
    ('deal', 1, 'deal', 1, 'talk', 'offer', 'talk_offer', '2026-01-05 10:00:00'),
    ('lead', 4, NULL, NULL, NULL, 'inquiry', NULL, '2026-01-05 10:00:00');";

/// Everything the database knows of itself.
const CATALOGUE: &[&str] = &[
    "SELECT table_name, comment FROM duckdb_tables() ORDER BY 1",
    "SELECT table_name, column_index, column_name, data_type, is_nullable, column_default, comment \
     FROM duckdb_columns() WHERE NOT internal ORDER BY 1, 2",
    "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY 1, 2",
    "SELECT table_name, index_name, is_unique, sql FROM duckdb_indexes() ORDER BY 1, 2",
    "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY 1",
    "SELECT sequence_name FROM duckdb_sequences() ORDER BY 1",
];

pub(super) struct Case {
    pub(super) name: &'static str,
    /// Queries of the migrated database, and what they give.
    pub(super) expected: &'static [(&'static str, &'static [&'static str])],
    /// Lead and its first stage, as they are called now.
    pub(super) called: (&'static str, &'static str),
}

const KEPT: (&str, &[&str]) = (
    "SELECT id, email, need, size, source, stage FROM lead ORDER BY id",
    &[
        "1 ann@x.example less work 5 web inquiry",
        "2 bob@x.example - 1000 event nurturing",
        "3 cyd@x.example  - - inquiry",
    ],
);

pub(super) const CASES: &[Case] = &[
    Case { name: "words", expected: &[KEPT], called: ("lead", "inquiry") },
    Case { name: "added_field", expected: &[KEPT], called: ("lead", "inquiry") },
    Case { name: "wider", expected: &[KEPT], called: ("lead", "inquiry") },
    Case { name: "new_stage", expected: &[KEPT], called: ("lead", "inquiry") },
    Case { name: "removed_criterion", expected: &[KEPT], called: ("lead", "inquiry") },
    Case {
        name: "new_record",
        expected: &[KEPT, ("SELECT count(*) FROM deal", &["2"])],
        called: ("lead", "inquiry"),
    },
    Case {
        name: "renamed_field",
        expected: &[
            ("SELECT id, pain FROM lead ORDER BY id", &["1 less work", "2 -", "3 "]),
            (
                "SELECT lead_id, themes FROM lead_themes ORDER BY 1, 2",
                &["1 price", "1 speed", "2 speed"],
            ),
        ],
        called: ("lead", "inquiry"),
    },
    Case {
        name: "renamed_option",
        expected: &[
            ("SELECT id, source FROM lead ORDER BY id", &["1 site", "2 event", "3 -"]),
            (
                "SELECT lead_id, topics FROM lead_topics ORDER BY 1, 2",
                &["1 cost", "1 speed", "2 speed"],
            ),
        ],
        called: ("lead", "inquiry"),
    },
    Case {
        name: "renamed_stage",
        expected: &[(
            "SELECT id, stage FROM lead ORDER BY id",
            &["1 request", "2 nurturing", "3 request"],
        )],
        called: ("lead", "request"),
    },
    Case {
        name: "renamed_record",
        expected: &[
            ("SELECT id, prospect_id, stage FROM deal ORDER BY id", &["1 1 offer", "2 2 offer"]),
            ("SELECT record, record_id, name FROM ekiden_event", &["prospect 1 visit"]),
        ],
        called: ("prospect", "inquiry"),
    },
    Case {
        name: "retired_stage",
        expected: &[
            ("SELECT id, stage FROM deal ORDER BY id", &["1 terms", "2 talk"]),
            (
                "SELECT record_id, from_stage, to_stage, transition FROM ekiden_stage_history \
                 WHERE id > 7 ORDER BY id",
                &["1 offer terms -", "2 offer talk -"],
            ),
        ],
        called: ("lead", "inquiry"),
    },
];

fn lines(engines: &mut Engines, database: &str, sql: &str) -> Vec<String> {
    engines.lines("duckdb", database, sql)
}

#[test]
fn tables_are_made_anew_around_their_rows() {
    let mut engines = Engines::start();
    let old = process(&source("old.ekiden"));
    let settings = settings(&[("dialects", "duckdb")]);
    let schema = |process: &Process| {
        let output = emit("sql", process, &[("dialects", "duckdb")]);
        text(&output, "duckdb/schema.sql").to_owned()
    };
    for Case { name, expected, called: (lead, inquiry) } in CASES {
        let new = process(&source(&format!("{name}/new.ekiden")));
        let migration = migrate(&context(&old, &settings), &context(&new, &settings), &[]);
        let script = migration.scripts.iter().find(|script| script.path == "duckdb.sql");
        let script = script.unwrap_or_else(|| panic!("{name}: {:?}", migration.diagnostics));
        engines.run("duckdb", name, &schema(&old));
        engines.run("duckdb", name, ROWS);
        engines.run("duckdb", name, std::str::from_utf8(&script.contents).unwrap());

        let fresh = format!("{name}_fresh");
        engines.run("duckdb", &fresh, &schema(&new));
        for sql in CATALOGUE {
            let (found, due) = (lines(&mut engines, name, sql), lines(&mut engines, &fresh, sql));
            assert_eq!(found, due, "{name}: {sql}");
        }
        let tables = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'ekiden%' \
             AND table_name NOT IN ('ekiden_stage_history', 'ekiden_event', 'ekiden_handoff_answer') ORDER BY 1";
        for table in lines(&mut engines, name, tables) {
            let all = format!("SELECT * FROM {table} ORDER BY ALL");
            let (found, due) = (lines(&mut engines, name, &all), lines(&mut engines, &fresh, &all));
            assert_eq!(found, due, "{name}: {table}");
        }
        for (sql, due) in *expected {
            assert_eq!(lines(&mut engines, name, sql), *due, "{name}: {sql}");
        }
        let told = lines(&mut engines, name, &HISTORY.replace(" ORDER", " WHERE id < 8 ORDER"));
        assert_eq!(told, history(lead, inquiry), "{name}");
        // Ids go on behind those that were given out, also to rows that are gone.
        let one = format!("INSERT INTO {lead} (email, stage) VALUES ('e', '{inquiry}')");
        engines.run("duckdb", name, &one);
        let last = format!("SELECT max(id) FROM {lead}");
        assert_eq!(lines(&mut engines, name, &last), ["5"], "{name}");
    }
}
