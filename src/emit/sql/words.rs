//! Words that a database may take for its own.

/// Whether a name must be quoted: a keyword in one of the databases.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// The keywords of SQLite, those of PostgreSQL that are not "unreserved", those with which a
/// statement of PL/pgSQL begins, and what DuckDB, Snowflake and BigQuery reserve beyond; sorted. One list for all dialects, so that a name looks the same
/// in each.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abort", "action", "add", "after", "all", "alter", "always", "analyse", "analyze", "and",
    "anti", "any", "array", "as", "asc", "asof", "assert_rows_modified", "asymmetric", "at",
    "attach", "authorization", "autoincrement", "before", "begin", "between", "bigint", "binary",
    "bit", "boolean", "both", "by", "cascade", "case", "cast", "char", "character", "check",
    "coalesce", "collate", "collation", "column", "columns", "commit", "concurrently", "conflict",
    "connect", "constraint", "contains", "create", "cross", "cube", "current", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
    "current_user", "database", "dec", "decimal", "declare", "default", "deferrable", "deferred",
    "define", "delete", "desc", "describe", "detach", "distinct", "do", "drop", "each", "else",
    "end", "enum", "escape", "except", "exclude", "exclusive", "execute", "exists", "explain",
    "extract", "fail", "false", "fetch", "filter", "first", "float", "following", "for", "foreach",
    "foreign", "freeze", "from", "full", "generated", "glob", "grant", "greatest", "group",
    "grouping", "groups", "hash", "having", "if", "ignore", "ilike", "immediate", "in", "increment",
    "index", "indexed", "initially", "inner", "inout", "insert", "instead", "int", "integer",
    "intersect", "interval", "into", "is", "isnull", "join", "key", "lambda", "last", "lateral",
    "leading", "least", "left", "like", "limit", "localtime", "localtimestamp", "lookup", "loop",
    "map", "match", "materialized", "merge", "minus", "national", "natural", "nchar", "new", "no",
    "none", "normalize", "not", "nothing", "notnull", "null", "nullif", "nulls", "numeric", "of",
    "offset", "on", "only", "or", "order", "others", "out", "outer", "over", "overlaps", "overlay",
    "partition", "pivot", "pivot_longer", "pivot_wider", "placing", "plan", "position",
    "positional", "pragma", "preceding", "precision", "primary", "proto", "qualify", "query",
    "raise", "range", "real", "recursive", "references", "regexp", "reindex", "release", "rename",
    "replace", "respect", "restrict", "returning", "revoke", "right", "rlike", "rollback", "rollup",
    "row", "rows", "sample", "savepoint", "select", "semi", "session_user", "set", "setof", "show",
    "similar", "smallint", "some", "start", "strict", "struct", "substring", "summarize",
    "symmetric", "table", "tablesample", "temp", "temporary", "then", "ties", "time", "timestamp",
    "to", "trailing", "transaction", "treat", "trigger", "trim", "true", "try_cast", "tuple",
    "unbounded", "union", "unique", "unnest", "unpack", "unpivot", "update", "user", "using",
    "vacuum", "values", "varchar", "variadic", "verbose", "view", "virtual", "when", "whenever",
    "where", "while", "window", "with", "within", "without", "xmlattributes", "xmlconcat",
    "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot",
    "xmlserialize", "xmltable",
];

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, is_keyword};

    #[test]
    fn the_list_is_sorted_and_searchable() {
        assert!(KEYWORDS.is_sorted());
        assert!(is_keyword("order") && is_keyword("end") && is_keyword("user"));
        assert!(!is_keyword("stage") && !is_keyword("deal"));
    }
}
