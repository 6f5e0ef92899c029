//! A quiz as cards for programs that teach with flash cards: RFC 4180, one card a line.

use super::Told;
use crate::emit::handbook::Medium;

/// The cards: question, answer, and the page that says why.
pub(in crate::emit) fn csv(questions: &[Told], medium: &dyn Medium) -> String {
    let between = medium.phrase("strong_separator", &[]);
    let mut out = String::from("question,answer,page\r\n");
    for question in questions {
        let told =
            |name: &String, value: &String| medium.phrase("titled", &[name.clone(), value.clone()]);
        let facts: Vec<String> =
            question.facts.iter().map(|fact| told(&fact.name, &fact.value)).collect();
        let front = match facts.is_empty() {
            true => question.plain_ask.clone(),
            false => format!("{} {}", question.plain_ask, facts.join(&between)),
        };
        let cells = [front.as_str(), &question.answer, question.href.trim_start_matches("../")];
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell in quotes. A text that a table program would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("-5"), "\"'-5\"");
        assert_eq!(cell("1-5"), "\"1-5\"");
    }
}
