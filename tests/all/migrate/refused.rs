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

/// One that is asked for by name is refused before; one that the manifest names is passed over, and
/// told where its tables would change.
#[test]
fn a_database_of_the_manifest_that_is_not_migrated_is_told() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("wider/new.ekiden")));
    let both = naming(&["sqlite", "clickhouse", "snowflake"]);
    let from_to = |old, new| migrate(&context(old, &both), &context(new, &both), &[]);
    let migration = from_to(&old, &new);
    let scripts: Vec<&str> = migration.scripts.iter().map(|script| script.path.as_str()).collect();
    assert_eq!(scripts, ["sqlite.sql"]);
    let told: Vec<(Level, &str)> =
        migration.diagnostics.iter().map(|d| (d.level, d.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Level::Warning, "migrations are not written for ClickHouse"),
            (Level::Warning, "migrations are not written for Snowflake"),
        ]
    );
    for found in &migration.diagnostics {
        let help = found.help.as_deref().unwrap_or_default();
        assert!(help.contains("make an empty schema of the new process beside it"), "{help}");
    }
    // What stays as it is needs no migration.
    let none = from_to(&old, &old);
    assert_eq!(none.scripts.len() + none.diagnostics.len(), 0);
    // Named, only the named one counts.
    let named = ["sqlite".to_owned()];
    let migration = migrate(&context(&old, &both), &context(&new, &both), &named);
    assert_eq!((migration.scripts.len(), migration.diagnostics.len()), (1, 0));
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
