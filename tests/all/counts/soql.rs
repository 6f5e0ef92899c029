//! What a query in SOQL lets through, by its published meaning: texts without regard to capitals; a
//! literal for days is the span from its first moment to its last, and `>` and `<=` compare with the
//! last; `AND` and `OR` do not stand side by side without parentheses.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::{Held, Row};

/// Whether the query counts the record. `blank`: whether a denied test of a blank field holds.
pub(super) fn lets_through(query: &str, row: &Row, now: DateTime, blank: bool) -> bool {
    let (_, filter) = query.split_once("\nWHERE ").unwrap();
    assert!(query.starts_with("SELECT COUNT() FROM Opportunity\n"), "{query}");
    let mut reader = Reader { tokens: tokens(filter), at: 0, row, now, blank };
    let found = reader.expression();
    assert_eq!(reader.at, reader.tokens.len(), "{query}");
    found
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '\'' => {
                let mut said = String::new();
                loop {
                    match chars.next().expect("a text ends") {
                        '\'' => break,
                        '\\' => said.push(match chars.next().unwrap() {
                            'n' => '\n',
                            c => c,
                        }),
                        c => said.push(c),
                    }
                }
                out.push(Token::Text(said));
            }
            '(' | ')' | ',' | '=' => out.push(Token::Mark(c.to_string())),
            '!' | '<' | '>' => {
                let mut mark = c.to_string();
                if chars.next_if_eq(&'=').is_some() {
                    mark.push('=');
                }
                out.push(Token::Mark(mark));
            }
            c => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || "_.:-".contains(*c)) {
                    word.push(c);
                }
                out.push(Token::Word(word));
            }
        }
    }
    out
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    row: &'a Row,
    now: DateTime,
    blank: bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Token {
        self.at += 1;
        self.tokens[self.at - 1].clone()
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(is);
        is
    }

    fn expression(&mut self) -> bool {
        let mut found = self.part();
        let mut joint = None;
        while let Some(Token::Word(word)) = self.tokens.get(self.at).cloned() {
            assert!(word == "AND" || word == "OR", "{word}");
            assert_eq!(joint.get_or_insert(word.clone()), &word, "AND beside OR");
            self.at += 1;
            let next = self.part();
            found = if word == "AND" { found & next } else { found | next };
        }
        found
    }

    fn part(&mut self) -> bool {
        if self.takes(&Token::Mark("(".to_owned())) {
            let found = self.expression();
            assert!(self.takes(&Token::Mark(")".to_owned())));
            return found;
        }
        let Token::Word(field) = self.next() else { panic!("a field") };
        let value = self.row.get(&field).cloned();
        match self.next() {
            Token::Mark(op) => {
                let than = self.next();
                self.compare(value, &op, &than)
            }
            Token::Word(word) => {
                let (word, denied) = match word.as_str() {
                    "NOT" => (self.next(), true),
                    "EXCLUDES" => (Token::Word("INCLUDES".to_owned()), true),
                    _ => (Token::Word(word), false),
                };
                let list = self.list();
                let has = |held: &str| list.iter().any(|known| known.eq_ignore_ascii_case(held));
                let is = match (word, value) {
                    (_, None) => return denied && self.blank,
                    (Token::Word(word), Some(Held::Text(held))) if word == "IN" => has(&held),
                    (Token::Word(word), Some(Held::Options(held))) if word == "INCLUDES" => {
                        held.iter().any(|held| has(held))
                    }
                    (word, value) => panic!("{word:?} of {value:?}"),
                };
                is != denied
            }
            token => panic!("{token:?}"),
        }
    }

    fn list(&mut self) -> Vec<String> {
        assert!(self.takes(&Token::Mark("(".to_owned())));
        let mut all = Vec::new();
        loop {
            let Token::Text(text) = self.next() else { panic!("a text") };
            all.push(text);
            if self.takes(&Token::Mark(")".to_owned())) {
                return all;
            }
            assert!(self.takes(&Token::Mark(",".to_owned())));
        }
    }

    fn compare(&self, value: Option<Held>, op: &str, than: &Token) -> bool {
        if *than == Token::Word("null".to_owned()) {
            return match op {
                "=" => value.is_none(),
                "!=" => value.is_some(),
                _ => panic!("{op} null"),
            };
        }
        let Some(value) = value else { return op == "!=" && self.blank };
        match (value, than) {
            (Held::Text(held), Token::Text(than)) => {
                let same = held.to_lowercase() == than.to_lowercase();
                match op {
                    "=" => same,
                    "!=" => !same,
                    _ => panic!("{op} of a text"),
                }
            }
            (Held::Ticked(held), Token::Word(than)) => {
                assert_eq!(op, "=");
                held.to_string() == *than
            }
            (Held::Number(held), Token::Word(than)) => {
                let than: Decimal = than.parse().unwrap();
                ordered(op, &held, &than, &than)
            }
            (Held::Day(held), Token::Word(than)) => {
                let (first, last) = self.days(than);
                ordered(op, &held, &first, &last)
            }
            (Held::Moment(held), Token::Word(than)) => {
                if let Some(than) = than.strip_suffix('Z') {
                    let than: DateTime = than.parse().unwrap();
                    return ordered(op, &held, &than, &than);
                }
                // A day without a time compares with no point in time.
                assert!(than.parse::<Date>().is_err(), "{than}");
                let (first, last) = self.days(than);
                ordered(op, &held.date(), &first, &last)
            }
            (value, than) => panic!("{value:?} {op} {than:?}"),
        }
    }

    /// The first and the last day of a literal.
    fn days(&self, said: &str) -> (Date, Date) {
        let today = self.now.date();
        let many = |rest: &str| rest.parse::<i64>().unwrap();
        if said == "TODAY" {
            (today, today)
        } else if let Some(rest) = said.strip_prefix("N_DAYS_AGO:") {
            let day = today.saturating_sub(many(rest).days());
            (day, day)
        } else if let Some(rest) = said.strip_prefix("NEXT_N_DAYS:") {
            // It starts tomorrow.
            (today.saturating_add(1.day()), today.saturating_add(many(rest).days()))
        } else {
            let day = said.parse().unwrap();
            (day, day)
        }
    }
}

fn ordered<T: Ord>(op: &str, held: &T, first: &T, last: &T) -> bool {
    match op {
        "=" => first <= held && held <= last,
        "!=" => held < first || held > last,
        "<" => held < first,
        "<=" => held <= last,
        ">" => held > last,
        ">=" => held >= first,
        _ => panic!("{op}"),
    }
}
