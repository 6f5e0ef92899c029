//! What to say to those who give a value that its field does not take: beyond its bounds, none of
//! its options, no date, none at all. A constraint refuses it, too, but gives only its own name.

use super::dialect::Dialect;
use super::names::{Ident, Scope};
use super::schema::Table;

/// What must hold for the values of one table.
pub(super) struct Bounds {
    pub(super) table: Ident,
    /// The trigger of new rows, or of all; the function behind it is called as it.
    pub(super) insert: Ident,
    /// The trigger of changed rows, for databases that need two.
    pub(super) update: Ident,
    pub(super) checks: Vec<Bound>,
}

/// One thing that must hold.
pub(super) struct Bound {
    pub(super) column: Ident,
    /// The constraint that says the same; none where a value must be given at all.
    pub(super) constraint: Option<Ident>,
    /// SQL over `NEW`. As in a constraint, a value that is missing is allowed.
    pub(super) condition: String,
    /// What is said when it does not hold.
    pub(super) message: String,
}

impl Bounds {
    /// Those of a table; nothing where it takes every value.
    pub(super) fn of(
        dialect: &dyn Dialect,
        prefix: &str,
        table: &Table,
        relations: &mut Scope,
    ) -> Option<Self> {
        let mut checks = Vec::new();
        for column in &table.columns {
            checks.extend(column.told_missing.iter().map(|told| Bound {
                column: column.name.clone(),
                constraint: None,
                condition: told.condition.clone(),
                message: told.message.clone(),
            }));
            for check in &column.checks {
                let Some(told) = &check.told else { continue };
                checks.push(Bound {
                    column: column.name.clone(),
                    constraint: Some(check.name.clone()),
                    condition: told.condition.clone(),
                    message: told.message.clone(),
                });
            }
        }
        if checks.is_empty() {
            return None;
        }
        let mut name = |event: &str| {
            let wanted = format!("{prefix}{}_values_{event}", table.name.raw());
            relations.claim(dialect, &wanted)
        };
        Some(Self {
            table: table.name.clone(),
            insert: name("insert"),
            update: name("update"),
            checks,
        })
    }
}
