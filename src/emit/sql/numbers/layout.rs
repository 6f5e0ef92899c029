//! SQL laid out for reading: a line for a line, as deep as its parentheses.

/// The lines of a query, each indented by the parentheses that are open where it begins.
pub(super) fn laid_out(query: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    for line in query.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        let closing = line.chars().take_while(|c| *c == ')').count();
        for _ in 0..depth.saturating_sub(closing) {
            out.push_str("    ");
        }
        out.push_str(line);
        for c in line.chars() {
            match (quote, c) {
                (Some(open), _) if open == c => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"' | '`') => quote = Some(c),
                (None, '(') => depth += 1,
                (None, ')') => depth = depth.saturating_sub(1),
                (None, _) => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn lines_are_as_deep_as_their_parentheses() {
        let query = "WITH _a AS (\n SELECT ')' AS x,\n COALESCE(1,\n 2) AS y\n)\n  SELECT 1";
        let said =
            "WITH _a AS (\n    SELECT ')' AS x,\n    COALESCE(1,\n        2) AS y\n)\nSELECT 1";
        assert_eq!(laid_out(query), said);
    }
}
