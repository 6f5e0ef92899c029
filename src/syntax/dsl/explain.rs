//! Why a region does not parse: where exactly, what was expected, what may have been meant.

use std::ops::Range;
use std::sync::Once;

use pest::Parser;

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};
use crate::source::Span;
use crate::syntax::habits::language_help;

use super::blocks::is_keyword;
use super::builder::{Builder, unknown_word};
use super::expected::{Expected, alternatives};
use super::expr::too_deep;
use super::goal::STATISTICS;
use super::parser::{Grammar, Rule, read};
use super::slips;
use super::tokens::{Kind, Token, tokens};

/// No longer text is parsed again for an explanation.
const MAX_REGION: usize = 16 * 1024;

/// A place where reading stopped.
pub(super) struct Fault {
    /// The byte of the text.
    pub(super) at: usize,
    /// What is said about it.
    pub(super) finding: Diagnostic,
    /// Whether the finding names a known slip.
    pub(super) slip: bool,
    /// Whether the item before the region was read wrongly.
    pub(super) spoils: bool,
}

/// All that is known about the place where reading stopped.
pub(super) struct Stop<'a> {
    /// The tokens of the region.
    pub(super) tokens: &'a [Token],
    /// Index of the token that could not be read; the number of tokens at the end.
    pub(super) index: usize,
    /// What could have stood there.
    pub(super) expected: Expected,
    /// The region and the rule it was parsed by.
    region: Range<usize>,
    rule: Rule,
}

impl Stop<'_> {
    /// The token that could not be read.
    pub(super) fn found(&self) -> Option<&Token> {
        self.tokens.get(self.index)
    }

    /// The rule by which the region was parsed.
    pub(super) fn rule(&self) -> Rule {
        self.rule
    }

    /// The token before it.
    pub(super) fn before(&self) -> Option<&Token> {
        self.tokens.get(self.index.checked_sub(1)?)
    }

    /// The token so many places before it.
    pub(super) fn back(&self, places: usize) -> Option<&Token> {
        self.tokens.get(self.index.checked_sub(places)?)
    }

    /// The token after it.
    pub(super) fn after(&self) -> Option<&Token> {
        self.tokens.get(self.index + 1)
    }
}

impl Builder<'_> {
    /// Parses `region` of the text by `rule` to learn where reading stops. `None` when it does not.
    pub(super) fn explain(&mut self, region: Range<usize>, rule: Rule) -> Option<Fault> {
        let region = self.shorten(region);
        let slice = self.text.get(region.clone())?;
        // Costs every parse some time, so it is switched on by the first fault only. It stays on:
        // another thread may be parsing.
        static DETAIL: Once = Once::new();
        DETAIL.call_once(|| pest::set_error_detail(true));
        let error = Grammar::parse(rule, slice).err()?;
        let all = tokens(self.text, region.clone());
        let Some((mut expected, furthest)) = Expected::new(&error) else {
            let span = self.place(region.start, region.end);
            return Some(Fault {
                at: region.start,
                finding: too_deep(span),
                slip: true,
                spoils: false,
            });
        };
        let mut at = region.start + furthest;
        if let Some(open) =
            all.iter().find(|token| token.kind == Kind::Unclosed && token.at.start <= at)
        {
            let finding = self.unclosed_text(open);
            return Some(Fault { at: open.at.start, finding, slip: true, spoils: false });
        }
        // The parser may have stopped inside a word, having read it for the start of another.
        if let Some(token) = all.iter().find(|token| token.at.start < at && at < token.at.end) {
            at = token.at.start;
        }
        let index = all.partition_point(|token| token.at.start < at);
        if let Some(before) = index.checked_sub(1).and_then(|before| all.get(before)) {
            let may_continue = before.at.end == at && !is_keyword(before.of(self.text));
            if may_continue || before.kind == Kind::Text {
                // A word may go on, and a language may follow a text: neither was missed.
                expected.forget_continuations();
            }
        }
        let stop = Stop { tokens: &all, index, expected, region: region.clone(), rule };
        let place = stop.found().map_or(region.end, |token| token.at.start);
        let slip = slips::finding(self, &stop);
        let is_operator = stop.expected.is_after_operand()
            && stop
                .found()
                .is_some_and(|found| !matches!(found.of(self.text), ";" | "//" | "--" | ","));
        let spoils = slip.is_some() && (is_operator || slips::goes_on(self, &stop));
        let is_slip = slip.is_some();
        let finding = slip.unwrap_or_else(|| self.plain(&stop));
        Some(Fault { at: place, finding, slip: is_slip, spoils })
    }

    /// `region` without what is too long to be parsed again.
    fn shorten(&self, region: Range<usize>) -> Range<usize> {
        let mut end = region.end.min(region.start + MAX_REGION);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        region.start..end
    }

    /// What is said when no particular slip was recognised.
    fn plain(&self, stop: &Stop<'_>) -> Diagnostic {
        let expected = &stop.expected;
        let prose = alternatives(&expected.prose());
        if let Some(open) = unclosed_bracket(self.text, stop) {
            let place = self.place(open.at.start, open.at.end);
            let fact = format!("unclosed `{}`", open.of(self.text));
            let finding = Diagnostic::new(codes::SYNTAX_ERROR, place, fact);
            return match stop.found() {
                Some(found) => finding.label(
                    self.place(found.at.start, found.at.end),
                    "this cannot stand inside of it",
                ),
                None => finding,
            };
        }
        let Some(found) = stop.found() else {
            let last = stop.before();
            let span = last.map_or(self.place(0, 0), |last| self.place(last.at.start, last.at.end));
            let last = last.map_or("", |last| last.of(self.text));
            let fact = match prose.as_str() {
                "" => format!("something is missing after `{}`", shown(last)),
                prose => format!("expected {prose} after `{}`", shown(last)),
            };
            return Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
        };
        let span = self.place(found.at.start, found.at.end);
        let word = found.of(self.text);
        let keywords = expected.keywords();
        // Of `percentage` the parser has read `percent`, and expects nothing any more.
        let is_type = match stop.rule {
            Rule::one_record => stop.index == 1,
            Rule::only_field | Rule::only_field_type => stop.index == 0,
            _ => false,
        };
        if expected.has("boolean")
            && let Some(before) = stop.before().filter(|before| before.of(self.text) == "default")
        {
            let span = self.place(before.at.start, before.at.end);
            return Diagnostic::new(codes::SYNTAX_ERROR, span, "a field has no default")
                .reason("what nobody has filled in is missing")
                .help("take it out");
        }
        if (expected.has("boolean") || is_type) && found.kind == Kind::Word {
            return unknown_type(span, word);
        }
        if expected.has("conversion") && found.kind == Kind::Word {
            let is_statistic = stop.after().is_some_and(|next| next.of(self.text) == "time");
            return if is_statistic {
                unknown_word(codes::UNKNOWN_NAME, span, word, "statistic", STATISTICS)
            } else {
                unknown_word(codes::UNKNOWN_NAME, span, word, "measure", MEASURES)
            };
        }
        if expected.has("mon") && found.kind == Kind::Word {
            let days = super::process::WEEKDAYS;
            return unknown_word(codes::INVALID_LITERAL, span, word, "day of the week", days);
        }
        let is_tag = stop.tokens.first().is_some_and(|t| t.of(self.text) == "languages");
        if is_tag && found.kind == Kind::Word && stop.rule == Rule::one_process {
            let fact = format!("`{}` is not a language", shown(word));
            return Diagnostic::new(codes::INVALID_LITERAL, span, fact).help(language_help(word));
        }
        let fact = match prose.as_str() {
            "" => format!("unexpected `{}`", shown(word)),
            prose => format!("expected {prose}, found `{}`", shown(word)),
        };
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        if found.kind == Kind::Number && prose == "a name" && !letters.is_empty() {
            let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
            return finding.help(format!("a name begins with a letter: `{letters}_{digits}`"));
        }
        let near = closest(word, keywords.iter().copied());
        if let Some(near) = near.filter(|_| found.kind == Kind::Word) {
            let finding = finding.help(format!("did you mean `{near}`?"));
            return self.mended(finding, stop, found.at.clone(), near, "replace");
        }
        if expected.is_after_operand() && prose.is_empty() {
            return finding.help("join two conditions with `and` or `or`");
        }
        // The one word that was expected was left out, or another one stands in its place.
        let [only] = keywords.as_slice() else { return finding };
        let before = found.at.start..found.at.start;
        let finding = self.mended(finding, stop, before, &format!("{only} "), "insert");
        if finding.fix.is_some() {
            return finding.help(format!("write `{only}` before it"));
        }
        if found.kind != Kind::Word {
            return finding;
        }
        let finding = self.mended(finding, stop, found.at.clone(), only, "replace");
        if finding.fix.is_some() {
            return finding.help(format!("write `{only}` instead"));
        }
        finding
    }

    /// The finding with a fix that puts `text` in the place of bytes `at`, if that mends the
    /// region.
    fn mended(
        &self,
        finding: Diagnostic,
        stop: &Stop<'_>,
        at: Range<usize>,
        text: &str,
        verb: &str,
    ) -> Diagnostic {
        let part = |range: Range<usize>| self.text.get(range).unwrap_or("");
        let (before, after) = (part(stop.region.start..at.start), part(at.end..stop.region.end));
        if read(stop.rule, &format!("{before}{text}{after}")).is_none() {
            return finding;
        }
        let title = match verb {
            "replace" => format!("replace `{}` by `{text}`", part(at.clone())),
            _ => format!("{verb} `{}`", text.trim_end()),
        };
        let edit = Edit { span: self.place(at.start, at.end), replacement: text.to_owned() };
        finding.fix(title, Safety::Safe, vec![edit])
    }

    fn unclosed_text(&self, open: &Token) -> Diagnostic {
        let text = open.of(self.text);
        let end = open.at.start + text.trim_end().len();
        let span = self.place(open.at.start, end);
        if text.starts_with("\"\"\"") {
            return Diagnostic::new(codes::SYNTAX_ERROR, span, "the long text is never closed")
                .help("end it with `\"\"\"`");
        }
        Diagnostic::new(codes::SYNTAX_ERROR, span, "the text has no closing quote")
            .reason("a text in quotes ends on the line it begins on")
            .help("close it with `\"`, or write a longer text between `\"\"\"` and `\"\"\"`")
    }
}

/// The words of field types.
const TYPES: &[&str] = &[
    "text", "number", "integer", "money", "percent", "boolean", "date", "datetime", "user",
    "one of", "many of",
];

/// The finding for a word that is no type of a field.
fn unknown_type(span: Span, word: &str) -> Diagnostic {
    let finding = unknown_word(codes::UNKNOWN_NAME, span, word, "type", TYPES);
    let Some(meant) = meant_type(word) else { return finding };
    let known = super::builder::listed(TYPES, "or");
    finding.help(format!("write `{meant}`; a type is one of {known}"))
}

/// The type that is meant by a word of other tools.
pub(in crate::syntax) fn meant_type(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "string" | "str" | "varchar" | "char" | "email" | "phone" | "url" | "textarea"
        | "longtext" | "richtext" | "multiline" | "memo" => "text",
        "percentage" | "pct" => "percent",
        "bool" | "checkbox" | "flag" | "yesno" | "yes_no" => "boolean",
        "int" | "count" => "integer",
        "decimal" | "float" | "double" | "numeric" | "real" => "number",
        "currency" | "amount" | "price" => "money",
        "timestamp" | "date_time" => "datetime",
        "person" | "owner" | "employee" => "user",
        "one_of" | "oneof" | "enum" | "enumeration" | "picklist" | "pick_list" | "select"
        | "choice" | "option" | "options" | "dropdown" | "radio" => "one of […]",
        "many_of" | "manyof" | "multiselect" | "multi_select" | "multipicklist" | "set"
        | "tags" | "checkboxes" => "many of […]",
        _ => return None,
    })
}

/// The words that begin a measure.
const MEASURES: &[&str] = &[
    "conversion",
    "entries",
    "balance",
    "sum",
    "share",
    "coverage",
    "median",
    "average",
    "p90",
    "time",
];

/// The innermost bracket or parenthesis that is open where reading stopped, if closing it was
/// expected and what was found can hardly belong to it.
fn unclosed_bracket<'a>(text: &str, stop: &'a Stop<'_>) -> Option<&'a Token> {
    let mut open = Vec::new();
    for token in stop.tokens.get(..stop.index)? {
        match token.of(text) {
            "[" | "(" => open.push(token),
            "]" | ")" => {
                open.pop();
            }
            _ => {}
        }
    }
    let open = open.pop()?;
    let closing = if open.of(text) == "[" { "]" } else { ")" };
    let is_far = stop.found().is_none_or(|found| {
        text.get(open.at.end..found.at.start).is_some_and(|between| between.contains('\n'))
    });
    (stop.expected.has(closing) && is_far).then_some(open)
}

/// A token as it is shown in a message: on one line, not too long.
pub(super) fn shown(token: &str) -> String {
    let line = token.lines().next().unwrap_or("").trim_end();
    if line.chars().count() <= 40 && line.len() == token.len() {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(39).collect();
    short.push('…');
    short
}

/// Reports why the text of a fragment does not follow `rule`.
pub(super) fn explain_fragment(builder: &mut Builder<'_>, rule: Rule) {
    let end = builder.text.len();
    let finding = match builder.explain(0..end, rule) {
        Some(fault) => fault.finding,
        None => Diagnostic::new(codes::SYNTAX_ERROR, builder.place(0, end), "this cannot be read"),
    };
    builder.fault(finding);
}
