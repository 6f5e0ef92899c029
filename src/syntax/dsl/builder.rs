//! What every builder of a construct shares: places, names, texts, findings.

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Edit, Safety, closest, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{LabelText, Name, Path, Text, Translation};

use super::explain::shown;
use super::fragment::Offsets;
use super::parser::{Pair, Rule};
use super::place::Places;
use super::strings::{dedent, hidden_fact, is_hidden, unescape};
use super::tokens::tokens;

/// Turns pairs into the syntax tree, and collects what is wrong on the way.
pub(super) struct Builder<'t> {
    /// The text that the pairs are pieces of.
    pub(super) text: &'t str,
    /// Where its bytes lie in the file.
    places: Places<'t>,
    /// The findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether a part of the current declaration had to be left out.
    pub(super) broken: bool,
    /// Whether the findings already say that the current expression is nested too deeply.
    pub(super) too_deep: bool,
    /// Where the block that is read begins, with its first word.
    pub(super) block: usize,
    /// Where the transitions begin whose last clause was read wrongly.
    pub(super) spoilt: Vec<usize>,
    /// Whether the bad region before this one lost its `{`, so that a `}` is to be expected.
    pub(super) expects_close: bool,
}

/// The advice to write the grades of two lines in one.
fn joined_grades(rule: Rule, first: &str, second: &str) -> Option<String> {
    let second = second.trim().strip_prefix("grade").filter(|_| rule == Rule::grades)?.trim();
    let line = format!("{}, {second}", first.trim());
    let line: Vec<&str> = line.split_whitespace().collect();
    Some(match line.join(" ") {
        short if short.chars().count() <= 90 => format!("join the grades by commas: `{short}`"),
        _ => "join the grades by commas: `grade hot at least 60, warm at least 30, cold otherwise`"
            .to_owned(),
    })
}

/// A text with more faults than this is hardly a process.
const MAX_FINDINGS: usize = 500;

/// The single-valued properties met so far in one block or clause list.
#[derive(Default)]
pub(super) struct Seen(Vec<(Rule, Span)>);

impl<'t> Builder<'t> {
    /// A builder for pairs of `text`.
    pub(super) fn new(text: &'t str, places: Places<'t>) -> Self {
        Self {
            text,
            places,
            diagnostics: Vec::new(),
            broken: false,
            too_deep: false,
            block: 0,
            spoilt: Vec::new(),
            expects_close: false,
        }
    }

    /// Where a pair stands, without the white space and comments that pest counts into a rule
    /// whose last part is optional.
    pub(super) fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.place(span.start(), self.places.trim(self.text, span.start(), span.end()))
    }

    /// The end of bytes `start..end` of the text without white space and comments.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> usize {
        self.places.trim(self.text, start, end)
    }

    /// The offsets of the text from byte `start` on, if it stands in the file as it is.
    pub(super) fn offsets_from(&self, start: usize) -> Option<Offsets> {
        match self.places.offsets {
            Offsets::Shift(shift) => Some(Offsets::Shift(shift + u32::try_from(start).ok()?)),
            Offsets::Table(_) => None,
        }
    }

    /// The places of the text from byte `start` on.
    pub(super) fn places_from<'o>(&'o self, start: usize, offsets: &'o Offsets) -> Places<'o> {
        Places { offsets, shift: self.places.shift + start, ..self.places }
    }

    /// Where bytes `start..end` of the text lie in the file.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        self.places.span(start, end)
    }

    /// Whether the parentheses that begin before byte `start` of the text were blanked.
    pub(super) fn is_blanked(&self, start: usize) -> bool {
        self.places.is_blanked(start)
    }

    /// Reports a finding that costs the declaration a part.
    pub(super) fn fault(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.diagnostics.push(diagnostic);
    }

    /// Whether so much was found that the regions from byte `at` on are not explained any more.
    pub(super) fn is_full(&mut self, at: usize) -> bool {
        if self.diagnostics.len() < MAX_FINDINGS {
            return false;
        }
        self.broken = true;
        if self.diagnostics.len() == MAX_FINDINGS {
            let span = self.place(at, at);
            self.diagnostics.push(
                Diagnostic::new(codes::SYNTAX_ERROR, span, "too many faults")
                    .reason("what cannot be read from here on is not reported"),
            );
        }
        true
    }

    /// Reports a literal that no value can have.
    pub(super) fn invalid(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        let mut diagnostic = Diagnostic::new(codes::INVALID_LITERAL, span, message);
        diagnostic.help = help.map(str::to_owned);
        self.fault(diagnostic);
    }

    /// Whether `pair`, a property that may be given once, is given for the first time. A second
    /// one is reported; the first wins.
    pub(super) fn first(&mut self, seen: &mut Seen, pair: &Pair<'_>) -> bool {
        let span = self.span(pair);
        let rule = pair.as_rule();
        let Some((_, first)) = seen.0.iter().find(|(known, _)| *known == rule) else {
            seen.0.push((rule, span));
            return true;
        };
        let first = *first;
        let word = leading_words(rule, pair.as_str());
        let mut finding =
            Diagnostic::new(codes::DUPLICATE_PROPERTY, span, format!("`{word}` is given twice"))
                .reason("this one is ignored")
                .label(first, "first given here")
                .help("keep one of them");
        let before = self.text.get(first.range()).unwrap_or("");
        if let Some(both) = joined_grades(rule, before, pair.as_str()) {
            finding = finding.help(both);
        }
        if pair.as_str().split_whitespace().eq(before.split_whitespace()) {
            let edits = vec![Edit { span, replacement: String::new() }];
            finding = finding.fix("remove the repetition", Safety::Safe, edits);
        }
        self.fault(finding);
        false
    }

    /// Whether another property stands already in the place of `pair`, of which a block has one of
    /// `words` only. The second is reported; the first wins.
    pub(super) fn excludes(
        &mut self,
        seen: &Seen,
        pair: &Pair<'_>,
        words: &[(Rule, &str)],
    ) -> bool {
        let own = pair.as_rule();
        let Some((_, word)) = words.iter().find(|(rule, _)| *rule == own) else { return false };
        let met = seen.0.iter().find_map(|(rule, first)| {
            let (_, other) = words.iter().find(|(known, _)| known == rule && *rule != own)?;
            Some((*other, *first))
        });
        let Some((other, first)) = met else { return false };
        let span = self.span(pair);
        self.fault(
            Diagnostic::new(
                codes::DUPLICATE_PROPERTY,
                span,
                format!("`{word}` cannot stand beside `{other}`"),
            )
            .reason("this one is ignored")
            .label(first, "given here")
            .help("keep one of them"),
        );
        true
    }

    /// A name. One that is no well-formed name is reported, and goes into the tree as it was
    /// probably meant, so that other places that name it still find it.
    pub(super) fn name(&mut self, pair: &Pair<'_>) -> Name {
        let span = self.span(pair);
        let word = pair.as_str();
        if is_name(word) {
            return Name::new(word, span);
        }
        let proposal = name_like(word);
        let mut finding =
            Diagnostic::new(codes::INVALID_NAME, span, format!("`{word}` is not a name"))
                .reason("a name has lower-case letters `a` to `z`, digits and `_`");
        if let Some(name) = &proposal {
            // `Size-Class` is one name where it is declared, and a difference in a condition.
            let (start, end) = (pair.as_span().start(), pair.as_span().end());
            let glued =
                |rest: Option<&str>, at_start: bool| {
                    rest.is_some_and(|rest| {
                        if at_start { rest.starts_with('-') } else { rest.ends_with('-') }
                    })
                };
            let is_part = word.contains('-')
                || glued(self.text.get(end..), true)
                || glued(self.text.get(..start), false);
            finding = finding.help(format!("write `{name}`")).fix(
                format!("rename to `{name}`"),
                if is_part { Safety::Unsafe } else { Safety::Safe },
                vec![Edit { span, replacement: name.clone() }],
            );
        } else {
            finding = finding.help("give it a plain name and keep the word as its title");
        }
        self.diagnostics.push(finding);
        Name::new(proposal.unwrap_or_else(|| word.to_owned()), span)
    }

    /// The names in `[a, b]`, or the single one.
    pub(super) fn names(&mut self, pair: Pair<'_>) -> Vec<Name> {
        self.list_items(pair)
            .filter(|part| part.as_rule() == Rule::name)
            .map(|part| self.name(&part))
            .collect()
    }

    /// The names of a property such as `was [a, b]`.
    pub(super) fn names_of(&mut self, property: Pair<'_>) -> Vec<Name> {
        property
            .into_inner()
            .filter(|part| part.as_rule() == Rule::names)
            .flat_map(|part| self.names(part))
            .collect()
    }

    /// Names joined by dots.
    pub(super) fn path(&mut self, pair: Pair<'_>) -> Path {
        let span = self.span(&pair);
        Path { parts: pair.into_inner().map(|part| self.name(&part)).collect(), span }
    }

    /// The paths in `[a, b.c]`, or the single one.
    pub(super) fn paths(&mut self, pair: Pair<'_>) -> Vec<Path> {
        self.list_items(pair).map(|part| self.path(part)).collect()
    }

    /// The words and texts of a property such as `channels [web, "Trade fair"]`.
    pub(super) fn labels_of(&mut self, property: Pair<'_>) -> Vec<LabelText> {
        property
            .into_inner()
            .filter(|part| part.as_rule() == Rule::labels)
            .flat_map(|list| self.list_items(list).collect::<Vec<_>>())
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|label| self.label(label))
            .collect()
    }

    fn label(&mut self, pair: Pair<'_>) -> Option<LabelText> {
        let mut halves = pair.into_inner();
        let first = halves.next()?;
        if first.as_rule() == Rule::text {
            return Some(LabelText::Text(self.text(first)));
        }
        let name = self.name(&first);
        Some(match halves.next() {
            Some(title) => LabelText::Titled(name, self.text(title)),
            None => LabelText::Word(name),
        })
    }

    /// The items of the list `pair`. Commas that are missing between them are reported.
    pub(super) fn list_items<'p>(
        &mut self,
        pair: Pair<'p>,
    ) -> impl Iterator<Item = Pair<'p>> + use<'p> {
        let is_list = pair.as_str().starts_with('[');
        self.check_commas(pair.clone().into_inner().filter(|_| is_list));
        pair.into_inner()
    }

    /// Reports the commas that are missing between the items of a list.
    pub(super) fn check_commas<'p>(&mut self, items: impl Iterator<Item = Pair<'p>>) {
        let mut before: Option<Range<usize>> = None;
        for item in items {
            let span = item.as_span();
            let start = span.start();
            let end = self.trimmed(start, span.end());
            if let Some(before) = before.replace(start..end) {
                self.check_comma(before, start..end);
            }
        }
    }

    fn check_comma(&mut self, before: Range<usize>, item: Range<usize>) {
        let gap = self.text.get(before.end..item.start).unwrap_or("");
        let has_comma = match gap.contains('#') {
            true => tokens(gap, 0..gap.len()).iter().any(|token| token.of(gap) == ","),
            false => gap.contains(','),
        };
        if has_comma {
            return;
        }
        let shown = |range: Range<usize>| shown(self.text.get(range).unwrap_or(""));
        let insert = self.place(before.end, before.end);
        let finding = Diagnostic::new(
            codes::SYNTAX_ERROR,
            self.place(item.start, item.end),
            format!("expected `,` or `]`, found `{}`", shown(item)),
        )
        .reason("the items of a list are separated by commas")
        .help(format!("write `,` behind `{}`", shown(before)))
        .fix(
            "insert `,`",
            Safety::Safe,
            vec![Edit { span: insert, replacement: ",".to_owned() }],
        );
        self.fault(finding);
    }

    /// A text with its translations.
    pub(super) fn text(&mut self, pair: Pair<'_>) -> Text {
        let span = self.span(&pair);
        let mut value = String::new();
        let mut translations: Vec<Translation> = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() != Rule::translation {
                value = self.quoted(&part);
                continue;
            }
            let mut language = None;
            let mut text = String::new();
            for piece in part.into_inner() {
                if piece.as_rule() == Rule::language {
                    language = Some(Name::new(piece.as_str(), self.span(&piece)));
                } else {
                    text = self.quoted(&piece);
                }
            }
            let Some(language) = language else { continue };
            if let Some(first) =
                translations.iter().find(|other| other.language.text == language.text)
            {
                let finding = Diagnostic::new(
                    codes::DUPLICATE_PROPERTY,
                    language.span,
                    format!("the text is translated into `{language}` twice"),
                )
                .reason("this one is ignored")
                .label(first.language.span, "first given here");
                self.diagnostics.push(finding);
                continue;
            }
            translations.push(Translation { language, value: text });
        }
        Text { value, translations, span }
    }

    /// The text of a property such as `purpose "…"`.
    pub(super) fn text_of(&mut self, property: Pair<'_>) -> Option<Text> {
        super::parser::part(property, Rule::text).map(|text| self.text(text))
    }

    /// The value of `"…"` or `"""…"""`.
    pub(super) fn quoted(&mut self, pair: &Pair<'_>) -> String {
        let raw = pair.as_str();
        self.check_hidden(raw, pair.as_span().start());
        if pair.as_rule() == Rule::long_string {
            return dedent(raw.trim_start_matches("\"\"\"").trim_end_matches("\"\"\""));
        }
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let (value, faults) = unescape(inner);
        let start = pair.as_span().start() + 1;
        for fault in faults {
            let escape = inner.get(fault.at.clone()).unwrap_or("");
            let span = self.place(start + fault.at.start, start + fault.at.end);
            if let Some(letter) = fault.hidden {
                self.invalid(span, hidden_fact(letter), Some("take it out"));
                continue;
            }
            self.invalid(
                span,
                format!("`{escape}` stands for no character"),
                Some(r#"a text knows `\"`, `\\`, `\n`, `\t`, `\r` and `\u{…}`; write `\\` for a backslash"#),
            );
        }
        value
    }

    /// Reports the first character that nobody can see in `raw`, a text with its quotes that begins at byte `start`.
    fn check_hidden(&mut self, raw: &str, start: usize) {
        if let Some((at, letter)) = raw.char_indices().find(|(_, letter)| is_hidden(*letter)) {
            let span = self.place(start + at, start + at + letter.len_utf8());
            self.invalid(span, hidden_fact(letter), Some("take it out"));
        }
    }

    /// The name in a property such as `record lead`.
    pub(super) fn name_of(&mut self, property: Pair<'_>) -> Option<Name> {
        super::parser::part(property, Rule::name).map(|name| self.name(&name))
    }

    /// The paths in a property such as `collect [email, need]`.
    pub(super) fn paths_of(&mut self, property: Pair<'_>) -> Vec<Path> {
        super::parser::part(property, Rule::paths).map(|list| self.paths(list)).unwrap_or_default()
    }

    /// The word of a property such as `outcome won`; see [`Builder::word`].
    pub(super) fn word_of<T>(
        &mut self,
        property: Pair<'_>,
        what: &str,
        words: &[&'static str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let name = super::parser::part(property, Rule::name)?;
        let value = self.word(&name, what, words, from_word)?;
        Some(Spanned::new(value, self.span(&name)))
    }

    /// One of a fixed set of words. Another one is reported with the words that are allowed.
    pub(super) fn word<T>(
        &mut self,
        pair: &Pair<'_>,
        what: &str,
        words: &[&'static str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = from_word(pair.as_str());
        if value.is_none() {
            let finding =
                unknown_word(codes::UNKNOWN_NAME, self.span(pair), pair.as_str(), what, words);
            self.fault(finding);
        }
        value
    }
}

/// The finding for a word that is none of the allowed ones.
pub(super) fn unknown_word(
    code: Code,
    span: Span,
    word: &str,
    what: &str,
    allowed: &[&'static str],
) -> Diagnostic {
    let finding = Diagnostic::new(code, span, format!("unknown {what} `{word}`"));
    let list = listed(allowed, "or");
    match closest(word, allowed.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`? {what} is one of {list}")),
        None => finding.help(format!("{what} is one of {list}")),
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn listed(words: &[&str], conjunction: &str) -> String {
    let mut list = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            list.push_str(if index + 1 == words.len() { " " } else { ", " });
            if index + 1 == words.len() {
                list.push_str(conjunction);
                list.push(' ');
            }
        }
        list.push('`');
        list.push_str(word);
        list.push('`');
    }
    list
}

/// Whether `word` is `[a-z][a-z0-9_]*`.
pub(super) fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The well-formed name that `word` was probably meant to be: `MyStage` and `my-stage` give
/// `my_stage`. `None` when letters outside ASCII would be lost.
pub(in crate::syntax) fn name_like(word: &str) -> Option<String> {
    let mut name = String::new();
    let mut before = '_';
    for letter in word.chars() {
        if letter.is_ascii_uppercase() {
            if before.is_ascii_lowercase() || before.is_ascii_digit() {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii_alphanumeric() || letter == '_' {
            name.push(letter);
        } else if letter == '-' {
            name.push('_');
        } else {
            return None;
        }
        before = letter;
    }
    let name = name.trim_start_matches('_').to_owned();
    is_name(&name).then_some(name)
}

/// The words by which a property is known.
fn leading_words(rule: Rule, text: &str) -> String {
    let count = match rule {
        Rule::at_least | Rule::at_most | Rule::times | Rule::limit_target | Rule::shared => 2,
        _ => 1,
    };
    let count = if rule == Rule::limit_target { 1 } else { count };
    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}
