//! How much an edition of Salesforce allows on one object.

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::TARGET_LOSS;
use crate::model::Process;

use super::Built;

/// An edition, with what its documentation allows. Packages and other processes of the org count too.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edition {
    /// The word in the manifest.
    pub(super) name: &'static str,
    title: &'static str,
    /// The most active validation rules of an object.
    rules: usize,
    /// The most custom fields of an object.
    fields: usize,
}

/// The editions, the smallest first.
pub(super) static EDITIONS: &[Edition] = &[
    Edition { name: "starter", title: "Starter", rules: 20, fields: 25 },
    Edition { name: "professional", title: "Professional", rules: 100, fields: 100 },
    Edition { name: "developer", title: "Developer", rules: 100, fields: 500 },
    Edition { name: "enterprise", title: "Enterprise", rules: 100, fields: 500 },
    Edition { name: "unlimited", title: "Unlimited", rules: 500, fields: 800 },
];

/// The edition of this name.
pub(super) fn edition(name: &str) -> Option<&'static Edition> {
    EDITIONS.iter().find(|edition| edition.name == name)
}

/// The edition when the manifest names none: most orgs have it.
pub(super) static USUAL: &Edition =
    &Edition { name: "enterprise", title: "Enterprise", rules: 100, fields: 500 };

/// Tells where an object gets more than the edition allows.
pub(super) fn check(
    process: &Process,
    edition: &Edition,
    built: &[Built<'_>],
    findings: &mut Vec<Diagnostic>,
) {
    for built in built {
        let object = built.object;
        let Some(record) = object.records.first().map(|record| &process.records[*record]) else {
            continue;
        };
        let custom = object.fields.iter().filter(|field| field.is_custom()).count();
        let custom =
            custom + built.scores.fields.len() + usize::from(built.overdue.field.is_some());
        let rules: fn(&Edition) -> usize = |edition| edition.rules;
        let fields: fn(&Edition) -> usize = |edition| edition.fields;
        let counts = [
            (
                built.rules.rules.len(),
                rules,
                "validation rules",
                "active ones",
                "join criteria of one stage with `and`, or turn off rules that are of little use",
            ),
            (
                custom,
                fields,
                "custom fields",
                "of them",
                "map fields to standard ones with `fields`, or split the record type",
            ),
        ];
        for (count, allows, what, of, how) in counts {
            let limit = allows(edition);
            if count <= limit {
                continue;
            }
            let message = format!(
                "`{}` gets {count} {what}, {} Edition allows {limit} {of} on an object",
                object.name, edition.title
            );
            let larger = EDITIONS.iter().find(|other| allows(other) >= count);
            let larger = larger.map(|other| {
                format!("; if the org has a larger edition, set `edition: {}`", other.name)
            });
            findings.push(
                Diagnostic::new(TARGET_LOSS, record.span, message)
                    .level(Level::Warning)
                    .reason("Salesforce refuses the deployment then")
                    .help(format!("{how}{}", larger.unwrap_or_default())),
            );
        }
    }
}
