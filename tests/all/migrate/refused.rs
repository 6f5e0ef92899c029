//! Changes for which no script is written.

use ekiden::diag::Level;
use ekiden::emit::{Setting, SettingValue, Settings, migrate};
use ekiden::source::{FileId, Span, Spanned};

use super::{between, context, source};
use crate::crm_support::process;

/// The databases that a manifest names.
fn naming(dialects: &[&str]) -> Settings {
    let span = Span::start_of(FileId(0));
    let text = |name: &&str| Spanned::new(SettingValue::Text((*name).to_owned()), span);
    let value = Spanned::new(SettingValue::List(dialects.iter().map(text).collect()), span);
    let mut settings = Settings::default();
    settings.values.insert("dialects".to_owned(), Setting { key: span, value });
    settings
}

#[test]
fn the_manifest_names_the_databases() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("wider/new.ekiden")));
    let both = naming(&["sqlite", "clickhouse"]);
    let written = |old, new, named: &[String]| -> Vec<String> {
        let migration = migrate(&context(old, &both), &context(new, &both), named);
        assert_eq!(migration.diagnostics.len(), 0);
        migration.scripts.into_iter().map(|script| script.path.to_string()).collect()
    };
    assert_eq!(written(&old, &new, &[]), ["sqlite.sql", "clickhouse.sql"]);
    // What stays as it is needs no migration.
    assert_eq!(written(&old, &old, &[]), Vec::<String>::new());
    // Named, only the named one counts.
    assert_eq!(written(&old, &new, &["snowflake".to_owned()]), ["snowflake.sql"]);
}

/// Where nothing tells whether a statement has run, a name is dropped as what it was and as what it is:
/// that must be the same.
#[test]
fn a_name_is_no_table_and_then_a_view() {
    let source = source("old.ekiden");
    // The view of what happened to each lead has the name that a record type takes.
    let new = source
        .replace("record deal from", "record ekiden_lead_event { note text }\nrecord deal from");
    let (old, new) = (process(&source), process(&new));
    let none = naming(&["spark"]);
    let told = |old, new| -> Vec<String> {
        let migration = migrate(&context(old, &none), &context(new, &none), &[]);
        assert_eq!(migration.scripts.len(), 0);
        migration.diagnostics.into_iter().map(|found| found.message).collect()
    };
    let way = |was, is| {
        format!(
            "`ekiden_lead_event` was a {was} and is a {is}: Spark cannot put the one in the place of the other"
        )
    };
    assert_eq!(told(&old, &new), [way("view", "table")]);
}

#[test]
fn what_would_be_lost_is_refused() {
    let old = source("old.ekiden");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("  need   text\n", "")], "field `lead.need` is gone, and its values would be lost"),
        (
            &[("[web, event]", "[web]")],
            "option `event` of field `source` is gone, but rows may use it",
        ),
        (
            &[("[price, speed]", "[all was [price, speed]]")],
            "two options of field `topics` would become `all`",
        ),
        (
            &[("need   text", "need   text required")],
            "field `need` is required now, but rows may miss it",
        ),
        (
            &[("need   text", "need   text unique")],
            "field `need` is unique now, but rows may share a value",
        ),
        (
            &[("need   text", "need   date")],
            "field `need` has another type, which cannot hold every value",
        ),
        (
            &[("at most 1000", "at most 999")],
            "field `size` has narrower bounds, which rows may be beyond",
        ),
        (
            &[("at least 1 at", "at least 2 at")],
            "field `size` has narrower bounds, which rows may be beyond",
        ),
        (
            &[("  need   text\n", "  need   text\n  vat text required\n")],
            "field `vat` is required, and no row has it",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "",
                ),
                ("advance to offer", "advance to won"),
            ],
            "stage `offer` is gone, but rows may be in it",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "retired stage offer into talk when amount > 1 EUR since 2026-01-01\n",
                ),
                ("advance to offer", "advance to won"),
            ],
            "stage `offer` is retired, but not every row in it has a stage to go on in",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "retired stage offer into inquiry since 2026-01-01\n",
                ),
                ("advance to offer", "advance to won"),
            ],
            "rows in stage `offer` cannot go on in a stage of another record type",
        ),
    ];
    let before = process(&old);
    for (edits, message) in cases {
        let mut new = old.clone();
        for (was, now) in *edits {
            assert!(new.contains(was), "{was}");
            new = new.replace(was, now);
        }
        let migration = between(&before, &process(&new));
        assert_eq!(migration.scripts.len(), 0, "{message}");
        let told: Vec<&str> = migration
            .diagnostics
            .iter()
            .filter(|found| found.level == Level::Error && found.help.is_some())
            .map(|found| found.message.as_str())
            .collect();
        assert!(matches!(told.as_slice(), [only] if only.contains(message)), "{message}: {told:?}");
    }
}
