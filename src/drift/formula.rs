//! Formulas of Salesforce, without what has no meaning in them.
//!
//! Only what is certain is evened out: white space, comments, the case of functions and of `TRUE`,
//! `FALSE` and `NULL`, the two ways to write "equal" and "not equal", and how a number is written. Two
//! formulas that mean the same in other words are different here.

/// The formula in one form.
pub(crate) fn normal(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, after) = token(first, rest);
        rest = after;
        if let Some(token) = token {
            // Only a function is followed by a parenthesis.
            let is_call = token == "(";
            if let Some(name) = out.last_mut().filter(|name| is_call && is_name(name)) {
                name.make_ascii_uppercase();
            }
            out.push(token);
        }
    }
    out.join(" ")
}

/// The token at the start, if it has a meaning, and what comes behind it.
fn token(first: char, rest: &str) -> (Option<String>, &str) {
    if first.is_whitespace() {
        return (None, rest.trim_start());
    }
    if let Some(behind) = rest.strip_prefix("/*") {
        return (None, behind.split_once("*/").map_or("", |(_, after)| after));
    }
    if first == '"' || first == '\'' {
        let (text, after) = quoted(first, rest);
        return (Some(text.to_owned()), after);
    }
    if first.is_ascii_digit() || (first == '.' && second_is_digit(rest)) {
        let (digits, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let number = digits.parse::<rust_decimal::Decimal>();
        let number = number.map_or_else(|_| digits.to_owned(), |n| n.normalize().to_string());
        return (Some(number), after);
    }
    if is_letter(first) {
        let (name, after) = split(rest, |c| is_letter(c) || c == '.');
        let is_constant = ["TRUE", "FALSE", "NULL"].iter().any(|c| name.eq_ignore_ascii_case(c));
        let name = if is_constant { name.to_ascii_uppercase() } else { name.to_owned() };
        return (Some(name), after);
    }
    for (written, meant) in [
        ("!=", "<>"),
        ("<>", "<>"),
        ("==", "="),
        ("<=", "<="),
        (">=", ">="),
        ("&&", "&&"),
        ("||", "||"),
    ] {
        if let Some(after) = rest.strip_prefix(written) {
            return (Some(meant.to_owned()), after);
        }
    }
    (Some(first.to_string()), rest.strip_prefix(first).unwrap_or(""))
}

/// A text in quotes; a backslash takes the meaning from the character behind it.
fn quoted(quote: char, rest: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return rest.split_at(at + c.len_utf8()),
            _ => {}
        }
    }
    (rest, "")
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn second_is_digit(text: &str) -> bool {
    text.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// A letter of a name: fields may start with `$` and hold colons.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$' || c == ':'
}

fn is_name(token: &str) -> bool {
    token.starts_with(is_letter)
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn layout_case_of_functions_and_spelling_of_operators_have_no_meaning() {
        let written = "AND(\n  NOT($Permission.P_Bypass),\n  ISPICKVAL(StageName, \"A  b\"),\n  Amount <> 0.50\n)";
        let other = "and ( not($Permission.P_Bypass),/* why */ isPickVal( StageName,\"A  b\" ), Amount != .5 )";
        assert_eq!(normal(written), normal(other));
        assert_eq!(normal("a == TRUE"), normal("a=true"));
        assert_eq!(normal("IF(a, \"x\", 'y')"), "IF ( a , \"x\" , 'y' )");
    }

    #[test]
    fn what_has_a_meaning_makes_a_difference() {
        for (one, other) in [
            ("ISPICKVAL(S, \"A b\")", "ISPICKVAL(S, \"A  b\")"),
            ("ISPICKVAL(S, \"a\")", "ISPICKVAL(S, \"A\")"),
            ("a > 1", "a >= 1"),
            ("a = 1", "a = 1.01"),
            ("AND(a, b)", "OR(a, b)"),
            ("NOT(a)", "a"),
            ("\"a\\\"b\" = c", "\"a\" b\" = c"),
            ("Amount__c", "Amount"),
            ("a / b", "a * b"),
        ] {
            assert_ne!(normal(one), normal(other), "{one}");
        }
    }

    #[test]
    fn broken_formulas_are_read_to_their_end() {
        for text in ["\"open", "/* open", "'", "\\", "", "1.2.3", "한국어(", "\"\\"] {
            let _ = normal(text);
        }
        assert_eq!(normal("\"open /*"), "\"open /*");
    }
}
