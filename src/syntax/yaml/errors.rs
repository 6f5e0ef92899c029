//! The parser's complaints in plain words.

use granit_parser::{ErrorKind, ScanError};

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::source::{FileId, Span};

/// What a syntax error means to the person who wrote the file. `opener` is where the innermost
/// `[` or `{` stands that was open at the time.
pub(super) fn finding(
    file: FileId,
    text: &str,
    error: &ScanError,
    opener: Option<usize>,
) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let at = tab_behind(error.kind(), text, at).unwrap_or(at);
    let place = Place { text, at };
    if let Some(finding) = [place.line(), place.line_before()]
        .into_iter()
        .find_map(|line| full_width_colon(file, text, line))
        // In a list, texts of a line before may well have such a colon.
        .filter(|_| !text.get(place.line_before()).unwrap_or("").trim_start().starts_with('-'))
    {
        return finding;
    }
    // A bracket that is never closed shows itself on a later line, as something else: point at
    // the bracket.
    // (A pair inside a list, `[a: b]`, opens a mapping that has no bracket of its own.)
    let bracket = |at: usize| text.get(at..at + 1).filter(|sign| matches!(*sign, "[" | "{"));
    if let Some(opener) = opener.filter(|opener| never_closed(error.kind(), &place, *opener))
        && let Some(bracket) = bracket(opener)
    {
        let close = if bracket == "{" { "}" } else { "]" };
        let span = Span::new(file, opener, opener + bracket.len());
        let message = format!("this `{bracket}` is never closed");
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, message)
            .help(format!("add the missing `{close}`"));
        return match at == opener {
            true => finding,
            false => finding.label(place.span(file), "reading stopped here"),
        };
    }
    let (message, help) = words(error, &place);
    let span = match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement
            if !has_colon(place.before()) && !place.before().trim().is_empty() =>
        {
            let key = place.before().trim_start().len();
            Span::new(file, at - key, at)
        }
        ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Span::new(file, at, (at + 1).min(text.len()))
        }
        _ => place.span(file),
    };
    let finding =
        Diagnostic::new(codes::SYNTAX_ERROR, span, message).reason("reading stopped here");
    if help.is_empty() { finding } else { finding.help(help) }
}

/// The finding for a key whose colon is in full width, or has a full-width space behind it, as East
/// Asian keyboards write both, in a line of the text.
pub(super) fn full_width_colon(
    file: FileId,
    text: &str,
    line: std::ops::Range<usize>,
) -> Option<Diagnostic> {
    let written = text.get(line.clone())?;
    // A plain colon, a quote or a comment comes first: what follows is text.
    let end = written.find([':', '"', '\'', '#']).unwrap_or(written.len());
    let (at, len) = match written.get(..end)?.find('：') {
        Some(at) => (at, '：'.len_utf8()),
        None => {
            let behind = written.get(end..)?.strip_prefix(':')?;
            behind.starts_with('\u{3000}').then_some((end, 1))?
        }
    };
    let behind = written.get(at + len..)?;
    let spaces = behind.len() - behind.trim_start_matches([' ', '\u{3000}']).len();
    let (start, end) = (line.start + at, line.start + at + len);
    let (fact, first) = match len {
        1 => ("a full-width space stands behind this colon", end),
        _ => ("`：` is a full-width colon", start),
    };
    let last = match len {
        1 => end + '\u{3000}'.len_utf8(),
        _ => end,
    };
    let is_end = behind.len() == spaces;
    let edit = Edit {
        span: Span::new(file, start, end + spaces),
        replacement: if is_end { ":" } else { ": " }.to_owned(),
    };
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, Span::new(file, first, last), fact)
            .help("write `: `, a plain colon and a plain space")
            .fix("write a plain colon", Safety::Safe, vec![edit]),
    )
}

/// Where the tab stands that the parser complains about: it may have stopped at the value before.
fn tab_behind(kind: &ErrorKind, text: &str, at: usize) -> Option<usize> {
    use ErrorKind as K;
    let is_tab = matches!(
        kind,
        K::TabNotAllowed
            | K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabInPlainScalar
            | K::TabAtBlockScalarStart
    );
    let rest = text.get(at..).filter(|_| is_tab)?;
    rest.find('\t').map(|tab| at + tab)
}

/// A text short enough to be quoted in a message.
pub(super) fn shorten(text: &str) -> String {
    let mut line = text.lines().next().unwrap_or("").chars();
    let short: String = line.by_ref().take(40).collect();
    if line.next().is_some() || text.lines().nth(1).is_some() {
        format!("{short}…")
    } else {
        short
    }
}

/// Where the parser stopped.
struct Place<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Place<'a> {
    /// The rest of the line.
    fn rest(&self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.split(['\n', '\r']).next().unwrap_or("")
    }

    /// The bytes of the line.
    fn line(&self) -> std::ops::Range<usize> {
        self.at - self.before().len()..self.at + self.rest().len()
    }

    /// The bytes of the last line before it that is not blank.
    fn line_before(&self) -> std::ops::Range<usize> {
        let before = self.text.get(..self.line().start).unwrap_or("").trim_end();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        start..before.len()
    }

    /// The line up to the place.
    fn before(&self) -> &'a str {
        let before = self.text.get(..self.at).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("")
    }

    /// The word at the place, or the character, or nothing at the end of a line.
    fn span(&self, file: FileId) -> Span {
        let rest = self.rest();
        let word = rest.find([' ', '\t', ',', ']', '}', ':']).unwrap_or(rest.len());
        let len = word.max(rest.chars().next().map_or(0, char::len_utf8)).min(60);
        let len = (0..=len).rev().find(|len| rest.is_char_boundary(*len)).unwrap_or(0);
        Span::new(file, self.at, self.at + len)
    }
}

fn never_closed(kind: &ErrorKind, place: &Place<'_>, opener: usize) -> bool {
    match kind {
        ErrorKind::UnclosedFlowCollection { .. } => true,
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            place.text.get(place.at..).is_none_or(|rest| rest.trim().is_empty())
        }
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidFlowScalarIndent => {
            place.text.get(opener..place.at).is_some_and(|between| between.contains('\n'))
        }
        _ => false,
    }
}

const QUOTE: &str = "between brackets, a text that has `[`, `{` or `,` in it needs quotes";

/// Message and advice.
fn words(error: &ScanError, place: &Place<'_>) -> (String, String) {
    use ErrorKind as K;
    let (message, help): (&str, &str) = match error.kind() {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabInPlainScalar
        | K::TabAtBlockScalarStart => ("YAML cannot be indented with tabs", "use spaces"),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            ("this quote is never closed", "close it, and double a quote that belongs to the text")
        }
        K::UnclosedFlowCollection { open } => {
            return (format!("this `{open}` is never closed"), String::new());
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), String::new());
        }
        K::MisplacedFlowCollectionEnd => {
            ("nothing is open that this bracket could close", "quote it if it belongs to a text")
        }
        K::ExpectedBlockMappingKey if place.rest().starts_with('-') => (
            "a list item stands where a key is expected",
            "indent it below the key whose list it belongs to",
        ),
        K::ExpectedBlockSequenceEntry => {
            ("a key stands where a list item is expected", "begin the line with `- `, or move it")
        }
        K::InvalidIndentation | K::ExpectedBlockMappingKey => (
            "this line does not line up with the lines above",
            "the keys of one mapping begin in the same column",
        ),
        K::InvalidQuotedScalarIndent | K::InvalidFlowScalarIndent | K::InvalidBlockScalarIndent => {
            ("this line must be indented further than the key it belongs to", "")
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement if has_colon(place.before()) => {
            ("a second `:` in one line", "put the text in quotes if the `:` belongs to it")
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement => (
            "this line cannot be a key here",
            "line it up with the keys above, or end the line above it with `:`",
        ),
        K::InvalidMappingValueWhitespace | K::FlowMappingValueAdjacentCollection => {
            ("a space is missing after `:`", "")
        }
        K::UnexpectedCharacter { character } => {
            return (
                format!("a text without quotes cannot begin with `{character}`"),
                "put it in quotes".to_owned(),
            );
        }
        K::PlainScalarStartsWithDashFlowIndicator => {
            ("a text without quotes cannot begin with `-`", "put it in quotes")
        }
        K::InvalidTrailingSingleQuotedScalar => (
            "something follows the closing quote",
            "a `'` that belongs to the text is written twice: `''`",
        ),
        K::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            "if the quotes belong to the text, put all of it in single quotes",
        ),
        K::UnknownQuotedScalarEscape => {
            ("an escape YAML does not know", "write `\\\\` for a backslash, or use single quotes")
        }
        K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => ("this escape is not a character", ""),
        K::CommentNotSeparated => ("a comment needs a space before its `#`", ""),
        K::CommentInterceptedScalar => {
            ("a comment interrupts a text of several lines", "put the text in quotes or after `|`")
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => (
            "this line is neither `key: value` nor a list item",
            "end a key with `:`; indent a line that continues a text",
        ),
        K::RecursionLimitExceeded => {
            return (
                "lists and mappings are nested too deep here".to_owned(),
                format!("at most {} levels are read", super::build::MAX_DEPTH),
            );
        }
        K::ExpectedFlowSequenceSeparator => ("a `,` or `]` is missing here", QUOTE),
        K::ExpectedFlowMappingSeparator => ("a `,` or `}` is missing here", QUOTE),
        K::BlockEntryInFlowCollection => {
            ("`- ` has no meaning between brackets", "separate the items by `,`")
        }
        K::BlockSequenceEntryNotAllowed => {
            ("a list cannot begin here", "put the first `- ` on a line of its own")
        }
        K::InvalidBlockEntryWhitespace => ("a space is missing after `-`", ""),
        K::MappingKeyNotAllowed => ("a key cannot begin here", ""),
        K::ZeroBlockScalarIndent | K::InvalidBlockScalarHeader => {
            ("after `|` or `>` the text begins on the next line", "")
        }
        K::UnexpectedEof | K::UnexpectedEofBlockMapping | K::UnexpectedEofBlockSequence => {
            ("the file ends in the middle of something", "")
        }
        K::ExpectedNodeContent
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping => ("a value is missing here", ""),
        K::BomInsideDocument => {
            ("a byte order mark in the middle of the file", "remove the invisible character")
        }
        K::InvalidDocumentEnd => ("nothing may follow `...` on its line", ""),
        K::UnsupportedYamlMajorVersion => ("only YAML 1 can be read", ""),
        _ => return (format!("not well-formed YAML: {}", error.info()), String::new()),
    };
    (message.to_owned(), help.to_owned())
}

fn has_colon(line: &str) -> bool {
    line.contains(": ")
}
