//! Names of tables, columns and triggers: quoted where a database asks for it, short enough, and
//! each given out once.

use std::fmt;

use rustc_hash::FxHashSet;

use super::dialect::Dialect;
use super::words::is_keyword;

/// A name that is ready to stand in SQL. Only [`Ident::new`] makes one, so none is left unquoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ident {
    raw: String,
    quoted: String,
}

impl Ident {
    /// A name as it is.
    pub(super) fn new(dialect: &dyn Dialect, raw: &str) -> Self {
        Self { raw: raw.to_owned(), quoted: quoted(dialect, raw) }
    }

    /// The name without quotes: for comments, and for rows that speak of it.
    pub(super) fn raw(&self) -> &str {
        &self.raw
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.quoted)
    }
}

fn quoted(dialect: &dyn Dialect, raw: &str) -> String {
    let plain = raw.starts_with(|c: char| c.is_ascii_lowercase())
        && raw.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !is_keyword(raw);
    if plain {
        return raw.to_owned();
    }
    let quote = dialect.name_quote();
    let doubled = format!("{quote}{quote}");
    format!("{quote}{}{quote}", raw.replace(quote, &doubled))
}

/// Names that must differ: the relations of a schema, or the columns of a table.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: FxHashSet<String>,
}

/// Columns that a database adds to every table by itself.
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Beginnings that a database keeps for its own tables. A table in the search path cannot hide
/// those of PostgreSQL.
const SYSTEM_TABLES: &[&str] = &["pg_", "sqlite_"];

impl Scope {
    /// The columns of one table.
    pub(super) fn of_columns() -> Self {
        Self { taken: SYSTEM_COLUMNS.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Whether the name is still free.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// Gives out `wanted`, made to fit; with a number when it is taken.
    pub(super) fn claim(&mut self, dialect: &dyn Dialect, wanted: &str) -> Ident {
        let longest = dialect.longest_name();
        let mut name = fitted(wanted, longest);
        let mut count = 1;
        while self.taken.contains(&name) {
            count += 1;
            name = fitted(&format!("{wanted}_{count}"), longest);
        }
        self.taken.insert(name.clone());
        Ident::new(dialect, &name)
    }

    /// Gives out a name for a record's table: `record_…` when the plain name is taken, or is one
    /// of the database's own.
    pub(super) fn claim_table(&mut self, dialect: &dyn Dialect, wanted: &str) -> Ident {
        let system = SYSTEM_TABLES.iter().any(|prefix| wanted.starts_with(prefix));
        if system || !self.is_free(&fitted(wanted, dialect.longest_name())) {
            return self.claim(dialect, &format!("record_{wanted}"));
        }
        self.claim(dialect, wanted)
    }
}

/// The name itself, or its beginning and a hash of the whole. Databases cut long names silently,
/// which makes two that begin alike the same.
fn fitted(name: &str, longest: usize) -> String {
    const HASH: usize = 9;
    if name.len() <= longest {
        return name.to_owned();
    }
    let kept = name.get(..longest.saturating_sub(HASH)).unwrap_or_default();
    format!("{kept}_{:08x}", fnv1a(name))
}

/// FNV-1a, 32 bits: the same in every version of everything.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::super::dialect::POSTGRES;
    use super::{Ident, Scope, fnv1a};

    #[test]
    fn names_are_quoted_only_where_needed() {
        let quoted = |raw: &str| Ident::new(POSTGRES, raw).to_string();
        assert_eq!(quoted("deal"), "deal");
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Sales \"EMEA\""), "\"Sales \"\"EMEA\"\"\"");
        assert_eq!(quoted(""), "\"\"");
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the algorithm's authors.
        assert_eq!(fnv1a(""), 0x811c_9dc5);
        assert_eq!(fnv1a("a"), 0xe40c_292c);
        assert_eq!(fnv1a("foobar"), 0xbf9c_f968);
    }

    #[test]
    fn long_names_that_begin_alike_stay_apart() {
        let mut scope = Scope::default();
        let stem = "x".repeat(80);
        let a = scope.claim(POSTGRES, &format!("{stem}_a"));
        let b = scope.claim(POSTGRES, &format!("{stem}_b"));
        let again = scope.claim(POSTGRES, &format!("{stem}_a"));
        assert!(a != b && a != again && b != again);
        for name in [a, b, again] {
            assert_eq!(name.raw().len(), 63);
        }
    }

    #[test]
    fn the_names_of_a_database_stay_its_own() {
        let mut scope = Scope::of_columns();
        assert_eq!(scope.claim(POSTGRES, "xmin").raw(), "xmin_2");
        assert_eq!(scope.claim_table(POSTGRES, "sqlite_master").raw(), "record_sqlite_master");
        assert_eq!(scope.claim_table(POSTGRES, "pg_class").raw(), "record_pg_class");
        assert_eq!(scope.claim_table(POSTGRES, "pgadmin").raw(), "pgadmin");
        assert_eq!(scope.claim_table(POSTGRES, "pgadmin").raw(), "record_pgadmin");
    }
}
