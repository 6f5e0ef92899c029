//! From what the parser expected to what a person would call it.

use std::collections::BTreeSet;

use pest::error::Error;

use super::parser::Rule;

/// What could have stood at the furthest place that was read.
pub(super) struct Expected {
    /// The characters and keywords.
    tokens: BTreeSet<String>,
    /// The rules that failed there.
    rules: Vec<Rule>,
    digit: bool,
    lower: bool,
    upper: bool,
}

/// Words that join or compare, which may follow every operand.
const OPERATORS: &[&str] = &[
    "and", "or", "in", "is", "between", "within", "not", "business", "+", "-", "*", "/", "=", "==",
    "!=", "<>", "<", "<=", ">", ">=", ".", ",",
];

impl Expected {
    /// What `error` says, and the furthest place that was read. `None` when it says nothing: the
    /// parser ran out of stack.
    pub(super) fn new(error: &Error<Rule>) -> Option<(Self, usize)> {
        let attempts = error.parse_attempts()?;
        let mut expected = Self {
            tokens: BTreeSet::new(),
            rules: Vec::new(),
            digit: false,
            lower: false,
            upper: false,
        };
        for token in attempts.expected_tokens() {
            // Keywords and signs give themselves, ranges of characters `a..z`.
            let token = token.to_string();
            match token.as_str() {
                " " | "\t" | "\r" | "\n" | "#" | "\"\"" | "_" | "BUILTIN_RULE" => {}
                "0..9" => expected.digit = true,
                "a..z" => expected.lower = true,
                "A..Z" => expected.upper = true,
                _ => {
                    expected.tokens.insert(token);
                }
            }
        }
        for stack in attempts.call_stacks() {
            expected.rules.extend(stack.deepest.get_rule());
            expected.rules.extend(stack.parent);
        }
        Some((expected, attempts.max_position))
    }

    /// Forgets what would only have continued the word or number that ends there.
    pub(super) fn forget_continuations(&mut self) {
        self.digit = false;
        self.lower = false;
        self.upper = false;
    }

    /// Whether this keyword or sign could have stood there.
    pub(super) fn has(&self, token: &str) -> bool {
        self.tokens.contains(token)
    }

    /// Whether a rule failed there.
    pub(super) fn failed(&self, rules: &[Rule]) -> bool {
        self.rules.iter().any(|rule| rules.contains(rule))
    }

    /// Whether a value or a condition could have begun there.
    pub(super) fn is_operand(&self) -> bool {
        self.has("(") && self.has("today")
    }

    /// Whether a complete operand ended there.
    pub(super) fn is_after_operand(&self) -> bool {
        self.has("+") && self.has("and")
    }

    /// Whether a duration could have begun there.
    pub(super) fn is_duration(&self) -> bool {
        self.digit
            && !self.is_operand()
            && self.failed(&[
                Rule::duration,
                Rule::plain_duration,
                Rule::business_duration,
                Rule::limit_terms,
                Rule::clock,
                Rule::limit,
                Rule::within,
            ])
    }

    /// Whether a text in quotes could have begun there.
    pub(super) fn is_text(&self) -> bool {
        self.has("\"") && !self.is_operand()
    }

    /// Whether only a text in quotes could have begun there.
    pub(super) fn is_only_text(&self) -> bool {
        self.is_text() && !self.lower && !self.digit && self.tokens.len() <= 2
    }

    /// Whether only a currency code could have begun there.
    pub(super) fn is_currency(&self) -> bool {
        self.upper && !self.lower && self.tokens.is_empty()
    }

    /// The keywords, without operators.
    pub(super) fn keywords(&self) -> Vec<&str> {
        self.tokens
            .iter()
            .map(String::as_str)
            .filter(|token| token.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter(|token| !OPERATORS.contains(token) && !is_unit(token))
            .collect()
    }

    /// The alternatives in words, at most three, best first.
    pub(super) fn prose(&self) -> Vec<String> {
        if self.is_operand() {
            let what = if self.has("not") { "a condition" } else { "a value" };
            return vec![what.to_owned()];
        }
        let mut prose: Vec<String> = Vec::new();
        if self.has("boolean") {
            prose.push("a type, such as `text` or `one of […]`".to_owned());
        } else if self.has("conversion") {
            prose.push("a measure, such as `conversion from … to …`".to_owned());
        } else if self.has("mon") {
            prose.push("a day of the week, such as `mon`".to_owned());
        } else if self.has("quarter") {
            prose.push("a period, such as `quarter` or `2w`".to_owned());
        } else if self.has("stage") && self.has("field") {
            prose.push("what is retired, such as `stage` or `field`".to_owned());
        } else if self.has("days") && self.has("hours") {
            prose.push("`minutes`, `hours` or `days`".to_owned());
        } else {
            let bounds: &[&str] = match () {
                () if self.failed(&[Rule::target, Rule::target_terms]) => &["at least", "at most"],
                () if self.failed(&[Rule::grades, Rule::grade_terms, Rule::grade_band]) => {
                    &["at least"]
                }
                () => &["at"],
            };
            for keyword in self.keywords() {
                let words = if keyword == "at" { bounds } else { &[keyword] };
                prose.extend(words.iter().map(|word| format!("`{word}`")));
            }
        }
        if self.is_text() {
            prose.push("a text in quotes".to_owned());
        }
        if self.lower {
            let what = if self.has("[") { "a name, or names in brackets" } else { "a name" };
            prose.push(what.to_owned());
        } else if self.has("[") {
            prose.push("a list in brackets".to_owned());
        }
        if self.digit && !self.has("quarter") {
            prose.push(self.number().to_owned());
        }
        if self.upper && !self.lower && !self.is_after_operand() {
            prose.push("a currency code, such as `JPY`".to_owned());
        }
        for sign in ["{", "]", ")", ":", "%"] {
            // A number may go on with `%`: said only when nothing else is missing.
            if self.has(sign) && (sign != "%" || prose.is_empty()) {
                prose.push(format!("`{sign}`"));
            }
        }
        prose.truncate(3);
        prose
    }

    /// What digits would have begun.
    fn number(&self) -> &'static str {
        if self.is_duration() {
            "a duration, such as `2 business days`"
        } else if self.failed(&[Rule::percent]) && !self.failed(&[Rule::target_terms]) {
            "a percentage, such as `40%`"
        } else if self.failed(&[Rule::date, Rule::dates, Rule::retired_since]) {
            "a date, such as `2026-04-01`"
        } else if self.failed(&[Rule::time, Rule::hours]) {
            "a time, such as `09:00`"
        } else if self.failed(&[Rule::points, Rule::points_terms, Rule::grade_band]) {
            "points, such as `+20`"
        } else if self.failed(&[Rule::target, Rule::target_terms]) {
            "a value, such as `60%` or `14d`"
        } else {
            "a number"
        }
    }
}

fn is_unit(word: &str) -> bool {
    matches!(word, "m" | "h" | "d" | "w" | "mo" | "q" | "y")
}

/// `a, b or c`
pub(super) fn alternatives(prose: &[String]) -> String {
    match prose {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} or {second}"),
        [first, rest @ ..] => format!("{first}, {}", alternatives(rest)),
    }
}
