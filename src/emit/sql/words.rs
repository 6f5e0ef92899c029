//! Words that a database may take for its own.

/// Whether a name must be quoted: a keyword in one of the databases.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// The keywords of SQLite, those of PostgreSQL that are not "unreserved", those with which a
/// statement of PL/pgSQL begins, and what MariaDB, DuckDB, Snowflake and BigQuery reserve beyond;
/// sorted. One list for all dialects, so that a name looks the same in each. What only MySQL reserves
/// is not here: `lead` and `rank` are names that people use.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abort", "accessible", "action", "add", "after", "all", "alter", "always", "analyse", "analyze",
    "and", "anti", "any", "array", "as", "asc", "asensitive", "asof", "assert_rows_modified",
    "asymmetric", "at", "attach", "authorization", "autoincrement", "before", "begin", "between",
    "bigint", "binary", "bit", "blob", "boolean", "both", "by", "call", "cascade", "case", "cast",
    "change", "char", "character", "check", "coalesce", "collate", "collation", "column", "columns",
    "commit", "concurrently", "condition", "conflict", "connect", "constraint", "contains",
    "continue", "convert", "create", "cross", "cube", "current", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "cursor",
    "database", "databases", "day_hour", "day_microsecond", "day_minute", "day_second", "dec",
    "decimal", "declare", "default", "deferrable", "deferred", "define", "delayed", "delete",
    "delete_domain_id", "desc", "describe", "detach", "deterministic", "distinct", "distinctrow",
    "div", "do", "do_domain_ids", "double", "drop", "dual", "each", "else", "elseif", "enclosed",
    "end", "enum", "escape", "escaped", "except", "exclude", "exclusive", "execute", "exists",
    "exit", "explain", "extract", "fail", "false", "fetch", "filter", "first", "float", "float4",
    "float8", "following", "for", "force", "foreach", "foreign", "freeze", "from", "full",
    "fulltext", "generated", "glob", "grant", "greatest", "group", "grouping", "groups", "hash",
    "having", "high_priority", "hour_microsecond", "hour_minute", "hour_second", "if", "ignore",
    "ignore_domain_ids", "ilike", "immediate", "in", "increment", "index", "indexed", "infile",
    "initially", "inner", "inout", "insensitive", "insert", "instead", "int", "int1", "int2",
    "int3", "int4", "int8", "integer", "intersect", "interval", "into", "is", "isnull", "iterate",
    "join", "key", "keys", "kill", "lambda", "last", "lateral", "leading", "least", "leave", "left",
    "like", "limit", "linear", "lines", "load", "localtime", "localtimestamp", "lock", "long",
    "longblob", "longtext", "lookup", "loop", "low_priority", "map", "master_demote_to_replica",
    "master_demote_to_slave", "master_ssl_verify_server_cert", "match", "materialized", "maxvalue",
    "mediumblob", "mediumint", "mediumtext", "merge", "middleint", "minus", "minute_microsecond",
    "minute_second", "mod", "modifies", "national", "natural", "nchar", "new", "no",
    "no_write_to_binlog", "none", "normalize", "not", "nothing", "notnull", "null", "nullif",
    "nulls", "numeric", "of", "offset", "on", "only", "optimize", "optionally", "or", "order",
    "others", "out", "outer", "outfile", "over", "overlaps", "overlay", "page_checksum",
    "parse_vcol_expr", "partition", "pivot", "pivot_longer", "pivot_wider", "placing", "plan",
    "portion", "position", "positional", "pragma", "preceding", "precision", "primary", "procedure",
    "proto", "purge", "qualify", "query", "raise", "range", "read", "read_write", "reads", "real",
    "recursive", "ref_system_id", "references", "regexp", "reindex", "release", "rename", "repeat",
    "replace", "require", "resignal", "respect", "restrict", "return", "returning", "revoke",
    "right", "rlike", "rollback", "rollup", "row", "row_number", "rows", "sample", "savepoint",
    "schemas", "second_microsecond", "select", "semi", "sensitive", "separator", "session_user",
    "set", "setof", "show", "signal", "similar", "smallint", "some", "spatial", "specific", "sql",
    "sql_big_result", "sql_buffer_result", "sql_cache", "sql_calc_found_rows", "sql_no_cache",
    "sql_small_result", "sqlexception", "sqlstate", "sqlwarning", "ssl", "start", "starting",
    "stats_auto_recalc", "stats_persistent", "stats_sample_pages", "straight_join", "strict",
    "struct", "substring", "summarize", "symmetric", "table", "tablesample", "temp", "temporary",
    "terminated", "then", "ties", "time", "timestamp", "tinyblob", "tinyint", "tinytext", "to",
    "trailing", "transaction", "treat", "trigger", "trim", "true", "try_cast", "tuple", "unbounded",
    "undo", "union", "unique", "unlock", "unnest", "unpack", "unpivot", "unsigned", "update",
    "usage", "use", "user", "using", "utc_date", "utc_time", "utc_timestamp", "vacuum", "values",
    "varbinary", "varchar", "varcharacter", "variadic", "varying", "verbose", "view", "virtual",
    "when", "whenever", "where", "while", "window", "with", "within", "without", "write",
    "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces",
    "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable", "xor", "year_month", "zerofill",
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
