//! Words that a database may take for its own.

/// Whether a name must be quoted: a keyword in one of the databases.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// The keywords of SQLite, those of PostgreSQL that are not "unreserved", and those with which a
/// statement of PL/pgSQL begins; sorted. One list for all dialects, so that a name looks the same
/// in each.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abort", "action", "add", "after", "all", "alter", "always", "analyse", "analyze", "and",
    "any", "array", "as", "asc", "asymmetric", "attach", "authorization", "autoincrement",
    "before", "begin", "between", "bigint", "binary", "bit", "boolean", "both", "by", "cascade",
    "case", "cast", "char", "character", "check", "coalesce", "collate", "collation", "column",
    "commit", "concurrently", "conflict", "constraint", "create", "cross", "current",
    "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "database", "dec", "decimal", "declare", "default",
    "deferrable", "deferred", "delete", "desc", "detach", "distinct", "do", "drop", "each",
    "else", "end", "escape", "except", "exclude", "exclusive", "execute", "exists", "explain",
    "extract", "fail", "false", "fetch", "filter", "first", "float", "following", "for",
    "foreach", "foreign", "freeze", "from", "full", "generated", "glob", "grant", "greatest",
    "group", "grouping", "groups", "having", "if", "ignore", "ilike", "immediate", "in", "index",
    "indexed", "initially", "inner", "inout", "insert", "instead", "int", "integer", "intersect",
    "interval", "into", "is", "isnull", "join", "key", "last", "lateral", "leading", "least",
    "left", "like", "limit", "localtime", "localtimestamp", "loop", "match", "materialized",
    "national", "natural", "nchar", "no", "none", "normalize", "not", "nothing", "notnull",
    "null", "nullif", "nulls", "numeric", "of", "offset", "on", "only", "or", "order", "others",
    "out", "outer", "over", "overlaps", "overlay", "partition", "placing", "plan", "position",
    "pragma", "preceding", "precision", "primary", "query", "raise", "range", "real", "recursive",
    "references", "regexp", "reindex", "release", "rename", "replace", "restrict", "returning",
    "right", "rollback", "row", "rows", "savepoint", "select", "session_user", "set", "setof",
    "similar", "smallint", "some", "strict", "substring", "symmetric", "table", "tablesample",
    "temp", "temporary", "then", "ties", "time", "timestamp", "to", "trailing", "transaction",
    "treat", "trigger", "trim", "true", "unbounded", "union", "unique", "update", "user", "using",
    "vacuum", "values", "varchar", "variadic", "verbose", "view", "virtual", "when", "where",
    "while", "window", "with", "without", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
    "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
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
