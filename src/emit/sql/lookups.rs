//! What a value reads from other rows: said by subqueries where a database lets them speak of the
//! row outside, else by joins.

use std::cell::{Cell, RefCell};

use super::dialect::Dialect;
use super::names::Ident;

/// The joins that the values of one query need, found while the values are written.
pub(super) struct Lookups {
    by_joins: bool,
    count: Cell<usize>,
    joins: RefCell<Vec<Join>>,
}

struct Join {
    alias: String,
    /// The join without its alias: two alike are one.
    shape: (String, String),
}

/// Which row [`Lookups::last_row`] looks for.
pub(super) struct Last<'a> {
    pub(super) table: &'a Ident,
    /// The column by which the rows are ordered, of which there is an index.
    pub(super) key: &'a str,
    /// `<` or `<=`.
    pub(super) below: &'a str,
    /// What the key is compared with.
    pub(super) bound: &'a str,
    /// What else holds of the row: a column of it, and a comparison.
    pub(super) when: &'a str,
}

/// A sum over the rows that belong to a record.
pub(super) struct Sum<'a> {
    pub(super) table: &'a Ident,
    /// The column that holds the record's id.
    pub(super) key: &'a str,
    /// The record's id, as the row outside has it.
    pub(super) id: &'a str,
    /// Which of its rows count. Must not speak of the row outside.
    pub(super) when: &'a str,
    /// `COUNT(*)`, `MAX(…)`.
    pub(super) of: &'a str,
}

impl Lookups {
    pub(super) fn new(dialect: &dyn Dialect) -> Self {
        Self { by_joins: !dialect.correlates(), ..Self::closed() }
    }

    /// For values of every row of a long history: a join finds the rows of all of them at once, and a value that is
    /// used in several places is found once.
    pub(super) fn joined() -> Self {
        Self { by_joins: true, ..Self::closed() }
    }

    /// For values that speak of no row outside: a subquery will do in every database.
    pub(super) fn closed() -> Self {
        Self { by_joins: false, count: Cell::new(0), joins: RefCell::default() }
    }

    /// A value of the one row of a table for which a condition holds; null where there is none.
    /// Both are given the table's alias.
    pub(super) fn row(
        &self,
        table: &Ident,
        on: impl Fn(&str) -> String,
        value: impl Fn(&str) -> String,
    ) -> String {
        // Without the row outside, a subquery will do; a join would have nothing to join.
        if !self.by_joins || !self.speaks_of_a_row(&on(OWN)) {
            let alias = self.alias();
            return format!(
                "(SELECT {} FROM {table} AS {alias} WHERE {})",
                value(&alias),
                on(&alias)
            );
        }
        value(&self.join(&table.to_string(), on))
    }

    /// A value of the row with the greatest key of those with a smaller one, or one up to a bound;
    /// null where there is none. Equal to what [`row`](Self::row) finds with `on`, but a subquery
    /// finds it by an index on the key instead of trying all rows.
    pub(super) fn last_row(
        &self,
        last: &Last<'_>,
        on: impl Fn(&str) -> String,
        value: impl Fn(&str) -> String,
    ) -> String {
        if self.by_joins && self.speaks_of_a_row(&on(OWN)) {
            return self.row(last.table, on, value);
        }
        let Last { table, key, below, bound, when } = last;
        let alias = self.alias();
        format!(
            "(SELECT {} FROM {table} AS {alias} WHERE {alias}.{key} {below} {bound} AND {alias}.{when} \
             ORDER BY {alias}.{key} DESC LIMIT 1)",
            value(&alias),
        )
    }

    /// A sum over the rows of a record; null, or zero for a count, where it has none.
    pub(super) fn sum(&self, sum: &Sum<'_>) -> String {
        let Sum { table, key, id, when, of } = sum;
        if !self.by_joins {
            let alias = self.alias();
            // The columns of the inner table hide those outside: the key must name its table.
            return format!(
                "(SELECT {of} FROM {table} AS {alias} WHERE {alias}.{key} = {id} AND {when})"
            );
        }
        let table =
            format!("(SELECT {key} AS k, {of} AS v FROM {table} WHERE {when} GROUP BY {key})");
        let alias = self.join(&table, |alias| format!("{alias}.k = {id}"));
        if of.starts_with("COUNT") {
            return format!("COALESCE({alias}.v, 0)");
        }
        format!("{alias}.v")
    }

    /// The joins found so far, each a line.
    pub(super) fn joins(&self) -> Vec<String> {
        let written = |join: &Join| {
            let (table, on) = &join.shape;
            let alias = &join.alias;
            format!("LEFT JOIN {table} AS {alias} ON {}", on.replace(OWN, alias))
        };
        self.joins.borrow().iter().map(written).collect()
    }

    fn join(&self, table: &str, on: impl Fn(&str) -> String) -> String {
        let shape = (table.to_owned(), on(OWN));
        let known = |joins: &[Join]| {
            joins.iter().find(|join| join.shape == shape).map(|join| join.alias.clone())
        };
        if let Some(alias) = known(&self.joins.borrow()) {
            return alias;
        }
        let alias = self.alias();
        self.joins.borrow_mut().push(Join { alias: alias.clone(), shape });
        alias
    }

    /// Whether a condition names a column of a row outside: of any table but its own, the clock's,
    /// and those within subqueries.
    fn speaks_of_a_row(&self, on: &str) -> bool {
        let joins = self.joins.borrow();
        on.match_indices('.').any(|(at, _)| {
            let before = on.get(..at).unwrap_or_default();
            let start =
                before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
            let name = before.get(start..).unwrap_or_default();
            let number = name.strip_prefix('x').unwrap_or_default();
            let is_ours = number.parse::<usize>().is_ok();
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name != "c"
                && (!is_ours || joins.iter().any(|join| join.alias == name))
        })
    }

    fn alias(&self) -> String {
        self.count.set(self.count.get() + 1);
        format!("x{}", self.count.get())
    }
}

/// Stands for the alias of a join before it has one: no name is written so.
const OWN: &str = "\u{1}";
