//! The words of an item, and what may stand between them.

use super::super::dsl::parser::{Pair, Rule};

/// A word, text or sign, copied from source.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// As written.
    pub(super) text: String,
    /// Byte offset of its end in source.
    pub(super) end: usize,
    /// No space before it.
    pub(super) glued: bool,
    /// Whether a line may end before it.
    pub(super) before: Break,
    /// It begins a column of its group.
    pub(super) column: bool,
    /// A comment that stands behind it, inside the item: the line ends there.
    pub(super) comments: Vec<String>,
}

/// Where a line may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// Nowhere.
    Never,
    /// Inside of parentheses in a condition, where the whole of them is too long for a line.
    Nested,
    /// Inside a list or a condition that is too long for a line of its own.
    Soft,
    /// Before a part of a clause.
    Part,
    /// Before a clause: every one on its own line as soon as they do not all fit.
    Clause,
    /// Before a translation: every one on its own line as soon as they do not all fit.
    Translation,
}

/// The tokens of an item, without its comments.
pub(super) fn tokens(source: &str, pair: &Pair<'_>) -> Vec<Token> {
    let mut collector = Collector {
        source,
        tokens: Vec::new(),
        at: pair.as_span().start(),
        column: false,
        depth: 0,
    };
    collector.pair(pair.clone(), Break::Never);
    collector.signs_until(pair.as_span().end());
    let mut tokens = collector.tokens;
    if is_property(pair.as_rule()) {
        // `shared by` and `for stage` are keywords of two words.
        let words = if matches!(pair.as_rule(), Rule::shared | Rule::play_for) { 2 } else { 1 };
        if let Some(value) = tokens.get_mut(words) {
            value.column = true;
        }
    }
    tokens
}

struct Collector<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    /// Where the last token ended.
    at: usize,
    /// The next token begins a column.
    column: bool,
    /// How many parentheses are open.
    depth: usize,
}

impl Collector<'_> {
    fn pair(&mut self, pair: Pair<'_>, before: Break) {
        let rule = pair.as_rule();
        let before = break_before(rule, before);
        let (start, end) = (pair.as_span().start(), pair.as_span().end());
        // A path is one word, whatever white space stands around its dots.
        if rule == Rule::path {
            self.signs_until(start);
            let text: String = pair.as_str().split_whitespace().collect();
            if !text.contains('#') {
                let end = start + pair.as_str().trim_end().len();
                self.push(text, start, end, before);
                return;
            }
        }
        let mut inner = pair.into_inner().peekable();
        if inner.peek().is_none() {
            self.signs_until(start);
            let text = self.source.get(start..end).unwrap_or("").trim_end();
            if !text.is_empty() {
                self.push(text.to_owned(), start, start + text.len(), before);
            }
            return;
        }
        let mut before = before;
        let first = self.tokens.len();
        let announces = matches!(rule, Rule::points_terms | Rule::route_case);
        for part in inner {
            let part_of_clause = (announces && part.as_rule() == Rule::kw_when)
                || (rule == Rule::waive && part.as_rule() == Rule::kw_until)
                || (rule == Rule::criterion && part.as_rule() == Rule::expr);
            let inherited = match self.tokens.len() == first {
                _ if part_of_clause => Break::Part,
                true => before,
                false => Break::Never,
            };
            let (child, start) = (part.as_rule(), self.tokens.len());
            self.pair(part, inherited);
            let single = self.tokens.len() == start + 1;
            self.column = match (rule, child) {
                (Rule::field, Rule::name) | (Rule::criterion, Rule::name | Rule::text) => true,
                // Enumerations are as long as they are: nothing is aligned behind them.
                (Rule::field, Rule::field_type) => single,
                _ => false,
            };
            if self.tokens.len() > first {
                before = Break::Never;
            }
        }
    }

    /// The signs that the grammar gives no pair: brackets, commas, dots, dashes.
    fn signs_until(&mut self, end: usize) {
        let gap = self.source.get(self.at..end).unwrap_or("");
        let mut comment = false;
        let offset = self.at;
        for (index, sign) in gap.char_indices() {
            match sign {
                '\n' | '\r' => comment = false,
                '#' => comment = true,
                _ if comment || sign.is_whitespace() => {}
                _ => {
                    let start = offset + index;
                    self.push(sign.to_string(), start, start + sign.len_utf8(), Break::Never);
                }
            }
        }
        self.at = self.at.max(end);
    }

    fn push(&mut self, text: String, start: usize, end: usize, before: Break) {
        let previous = self.tokens.last();
        let opened = previous.is_some_and(|last| matches!(last.text.as_str(), "[" | "("));
        let dashed = previous.is_some_and(|last| last.text == "-" && last.glued);
        let minus = previous.is_some_and(|last| {
            last.text == "-" && matches!(last.before, Break::Soft | Break::Nested)
        });
        let closes = matches!(text.as_str(), "]" | ")" | "," | ".");
        // A dash between days or times; a minus sign has a pair of its own.
        let dash = text == "-" && self.in_range(start);
        let after_comma = previous.is_some_and(|last| last.text == ",");
        let mut before = if after_comma && before == Break::Never { Break::Soft } else { before };
        match text.as_str() {
            "(" => self.depth += 1,
            ")" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > 0 && before == Break::Soft {
            before = Break::Nested;
        }
        // A line ends before a parenthesis, never behind it.
        if before == Break::Part {
            let opening = self.tokens.iter_mut().rev().take_while(|token| token.text == "(");
            if let Some(first) = opening.last() {
                first.before = std::mem::replace(&mut before, Break::Never);
            }
        }
        let glued = self.tokens.is_empty() || opened || closes || dash || dashed || minus;
        self.tokens.push(Token {
            text,
            end,
            glued,
            before,
            column: std::mem::take(&mut self.column),
            comments: Vec::new(),
        });
        self.at = end;
    }

    /// Whether the dash at `start` joins two days or two times: it touches or follows a word of
    /// one. Arithmetic has its own pairs, so such a dash stands in a calendar only.
    fn in_range(&self, start: usize) -> bool {
        let after = self.source.get(start + 1..).unwrap_or("").trim_start();
        let before = self.tokens.last().map_or("", |last| last.text.as_str());
        let weekday = |word: &str| {
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .any(|day| word.starts_with(day))
        };
        (before.contains(':') && after.starts_with(|c: char| c.is_ascii_digit()))
            || (weekday(before) && weekday(after))
    }
}

/// Items that are a keyword and a value, aligned as a table.
pub(super) fn is_property(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::version
            | Rule::effective
            | Rule::process_currency
            | Rule::timezone
            | Rule::calendar
            | Rule::languages
            | Rule::about
            | Rule::status
            | Rule::was
            | Rule::mission
            | Rule::stage_record
            | Rule::entry
            | Rule::owner
            | Rule::support
            | Rule::purpose
            | Rule::next
            | Rule::channels
            | Rule::content
            | Rule::collect
            | Rule::limit
            | Rule::outcome
            | Rule::final_
            | Rule::probability
            | Rule::forecast
            | Rule::starts
            | Rule::measure
            | Rule::target
            | Rule::why
            | Rule::means
            | Rule::see
            | Rule::also
            | Rule::steps
            | Rule::shared
            | Rule::feedback_from
            | Rule::feedback_to
            | Rule::every
            | Rule::play_for
            | Rule::play_by
            | Rule::when
    )
}

/// What may end a line before this construct; else what its parent said.
fn break_before(rule: Rule, inherited: Break) -> Break {
    match rule {
        Rule::translation => Break::Translation,
        Rule::when | Rule::after | Rule::times | Rule::handoff => Break::Clause,
        Rule::carries
        | Rule::accept
        | Rule::applies
        | Rule::evidence
        | Rule::limit_target
        | Rule::escalate
        | Rule::halves
        | Rule::expires
        | Rule::every
        | Rule::retired_into
        | Rule::retired_since
        | Rule::at_least
        | Rule::at_most
        | Rule::required
        | Rule::unique
        | Rule::help
        | Rule::headcount
        | Rule::kw_except => Break::Part,
        Rule::kw_and | Rule::kw_or | Rule::kw_else | Rule::minus => Break::Soft,
        // A condition may begin a line, unless a keyword has just announced it.
        _ => inherited,
    }
}
