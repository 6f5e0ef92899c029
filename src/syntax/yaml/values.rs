//! Reads single values: names, texts, numbers, and clauses written as in the DSL.

use jiff::civil;
use rust_decimal::Decimal;

use crate::diag::{Diagnostic, closest, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{LabelText, Name, Path, Text, Translation};
use crate::syntax::dsl::builder::name_like;
use crate::syntax::dsl::fragment::{self, Fragment, Offsets};
use crate::syntax::dsl::strings::{hidden_fact, is_hidden};
use crate::syntax::habits::{self, part_of_one};

use super::errors::shorten;
use super::offsets::{offsets, span_within};
use super::reader::{Reader, full_width};
use super::table::{Shape, one_of};
use super::tree::{Kind, NodeRef, Scalar, Style};

impl<'t> Reader<'t> {
    /// The scalar and the place of its value, without quotes.
    pub(crate) fn scalar(&self, node: NodeRef<'t>) -> Option<(&'t Scalar<'t>, Span)> {
        let scalar = node.scalar()?;
        let span = node.target().span();
        let inner = match scalar.style {
            Style::SingleQuoted | Style::DoubleQuoted if span.len() >= 2 => {
                Span { start: span.start + 1, end: span.end - 1, ..span }
            }
            _ => span,
        };
        Some((scalar, inner))
    }

    /// Parses the value of a scalar as the DSL does.
    pub(crate) fn fragment<T>(
        &mut self,
        node: NodeRef<'t>,
        parse: impl FnOnce(&Fragment<'_>, &mut Vec<Diagnostic>) -> Option<T>,
    ) -> Option<T> {
        let scalar = node.scalar()?;
        let file = self.tree.file;
        let fragment = Fragment { file, text: &scalar.value, offsets: offsets(node, scalar) };
        self.parse(&fragment, parse)
    }

    /// Parses `prefix` and the value of a scalar as the DSL does: for clauses whose first words
    /// the key already says. Whatever is found in the prefix is reported at the value's start.
    pub(crate) fn fragment_after<T>(
        &mut self,
        prefix: &str,
        node: NodeRef<'t>,
        parse: impl FnOnce(&Fragment<'_>, &mut Vec<Diagnostic>) -> Option<T>,
    ) -> Option<T> {
        let scalar = node.scalar()?;
        let text = format!("{prefix}{}", scalar.value);
        let own = offsets(node, scalar);
        let at = |index: usize| span_within(node.target(), &own, index, index).start;
        let mut table = vec![at(0); prefix.len()];
        table.extend((0..=scalar.value.len()).map(at));
        let offsets = Offsets::Table(table);
        self.parse(&Fragment { file: self.tree.file, text: &text, offsets }, parse)
    }

    fn parse<T>(
        &mut self,
        fragment: &Fragment<'_>,
        parse: impl FnOnce(&Fragment<'_>, &mut Vec<Diagnostic>) -> Option<T>,
    ) -> Option<T> {
        let before = self.findings.len();
        let value = parse(fragment, &mut self.findings);
        self.faults += usize::from(value.is_none() || self.findings.len() > before);
        value
    }

    /// A name.
    pub(crate) fn name(&mut self, node: NodeRef<'t>) -> Option<Name> {
        let (scalar, span) = self.scalar(node)?;
        if is_name(&scalar.value) {
            return Some(Name::new(scalar.value.as_ref(), span));
        }
        let mut read = Vec::new();
        let name = self.fragment(node, |fragment, _| fragment::name(fragment, &mut read));
        if name.is_none() {
            // What is no word at all: `bad name`.
            let fact = format!("`{}` is not a name", shorten(&scalar.value));
            let finding = Diagnostic::new(codes::INVALID_NAME, span, fact)
                .reason("a name has lower-case letters `a` to `z`, digits and `_`");
            let meant = name_like(&scalar.value.trim().replace(' ', "_"));
            self.findings.push(match &meant {
                Some(meant) => finding.help(format!("write `{meant}`")),
                None => match scalar.value.rsplit_once('.') {
                    Some((team, role)) if is_name(team) && is_name(role) => finding.help(format!(
                        "a name has no dot: a role is called by its own name, `{role}`, without its team"
                    )),
                    _ => finding.help("give it a plain name and keep the words as its title"),
                },
            });
            return meant.map(|meant| Name::new(meant, span));
        }
        self.faults += usize::from(!read.is_empty());
        self.findings.append(&mut read);
        name
    }

    /// A list of names, or one.
    pub(crate) fn names(&mut self, node: NodeRef<'t>) -> Vec<Name> {
        let nodes = self.list(node, &Shape::Name("one thing"));
        nodes.into_iter().filter_map(|node| self.name(node)).collect()
    }

    /// Names joined by dots.
    pub(crate) fn path(&mut self, node: NodeRef<'t>) -> Option<Path> {
        let (scalar, span) = self.scalar(node)?;
        if is_name(&scalar.value) {
            return Some(Path { parts: vec![Name::new(scalar.value.as_ref(), span)], span });
        }
        self.fragment(node, fragment::path)
    }

    /// A list of paths, or one.
    pub(crate) fn paths(&mut self, node: NodeRef<'t>) -> Vec<Path> {
        let nodes = self.list(node, &Shape::Name("one field"));
        nodes.into_iter().filter_map(|node| self.path(node)).collect()
    }

    /// A text, alone or as a mapping from languages to texts.
    pub(crate) fn text(&mut self, node: NodeRef<'t>) -> Option<Text> {
        let span = node.target().span();
        let faults = self.faults;
        if let Some(scalar) = node.scalar() {
            self.check_hidden(node, scalar);
            return Some(Text { value: text_of(scalar), translations: Vec::new(), span });
        }
        let mut texts: Vec<Translation> = Vec::new();
        for (key, value) in node.entries()? {
            let Some((tag, at)) = self.scalar(key) else { continue };
            if !is_language(&tag.value) {
                let message = format!("`{}` is not a language", shorten(&tag.value));
                let help = habits::language_help(&tag.value);
                self.report(Diagnostic::new(self.codes.unknown, key.span(), message).help(help));
                continue;
            }
            match value.kind() {
                Kind::Scalar(scalar) => {
                    self.check_hidden(value, scalar);
                    texts.push(Translation {
                        language: Name::new(tag.value.as_ref(), at),
                        value: text_of(scalar),
                    });
                }
                Kind::Broken => self.faults += 1,
                _ => {
                    let subject = format!("the text in `{}`", tag.value);
                    self.wrong_shape(value.span(), &subject, "a single text");
                }
            }
        }
        let main =
            self.language.and_then(|main| texts.iter().position(|t| t.language.text == main));
        let main = main.unwrap_or(0);
        if main >= texts.len() {
            if self.faults == faults {
                self.wrong_shape(span, "this mapping", "a text for at least one language");
            }
            return None;
        }
        let value = texts.remove(main).value;
        Some(Text { value, translations: texts, span })
    }

    /// The title that stands for a whole thing, as in `sdr: Caller` or `sdr: {en: Caller, ko: 담당}`;
    /// nothing where the thing is spread out.
    pub(crate) fn title_alone(&mut self, node: NodeRef<'t>) -> Option<Option<Text>> {
        let mut tags = node.entries().into_iter().flatten().peekable();
        let by_language = tags.peek().is_some()
            && tags.all(|(key, _)| key.scalar().is_some_and(|tag| is_language(&tag.value)));
        (by_language || node.scalar().is_some()).then(|| self.text(node))
    }

    /// Reports the first character of a text that nobody can see.
    fn check_hidden(&mut self, node: NodeRef<'t>, scalar: &Scalar<'_>) {
        let hidden = scalar.value.char_indices().find(|(_, letter)| is_hidden(*letter));
        if let Some((at, letter)) = hidden {
            let span =
                span_within(node.target(), &offsets(node, scalar), at, at + letter.len_utf8());
            self.wrong_literal(span, hidden_fact(letter), Some("take it out".to_owned()));
        }
    }

    /// Words and texts: what is written like a name without quotes is a word.
    pub(crate) fn labels(&mut self, node: NodeRef<'t>) -> Vec<LabelText> {
        let nodes = self.list(node, &Shape::Text);
        nodes.into_iter().filter_map(|node| self.label(node)).collect()
    }

    /// A word, a text, or `{name: …, title: …}` for both.
    fn label(&mut self, node: NodeRef<'t>) -> Option<LabelText> {
        let entry = |word: &str| {
            let mut entries = node.entries()?;
            entries.find(|(key, _)| key.scalar().is_some_and(|key| key.value == word))
        };
        if let (Some((_, name)), Some((_, title)), Some(2)) =
            (entry("name"), entry("title"), node.entries().map(|entries| entries.len()))
            && name.scalar().is_some()
        {
            return Some(LabelText::Titled(self.name(name)?, self.text(title)?));
        }
        match self.scalar(node) {
            Some((scalar, span)) if scalar.style == Style::Plain && is_name(&scalar.value) => {
                Some(LabelText::Word(Name::new(scalar.value.as_ref(), span)))
            }
            _ => self.text(node).map(LabelText::Text),
        }
    }

    /// A string as it is.
    pub(crate) fn verbatim(&mut self, node: NodeRef<'t>) -> Option<Spanned<String>> {
        let (scalar, span) = self.scalar(node)?;
        self.check_hidden(node, scalar);
        Some(Spanned::new(scalar.value.trim_end_matches('\n').to_owned(), span))
    }

    /// `true` or `false`; the place when it is `true`.
    pub(crate) fn flag(&mut self, node: NodeRef<'t>) -> Option<Span> {
        let (scalar, span) = self.scalar(node)?;
        match as_bool(scalar) {
            Some(true) => Some(span),
            Some(false) => None,
            None => {
                self.neither(scalar, span);
                None
            }
        }
    }

    /// A finding for a word that is neither `true` nor `false`.
    fn neither(&mut self, scalar: &Scalar<'_>, span: Span) {
        let message = format!("`{}` is neither `true` nor `false`", shorten(&scalar.value));
        let right = answer(scalar).map(|yes| format!("write `{yes}`"));
        self.wrong_literal(span, message, right);
    }

    /// `entry: no`, where a word may stand that is the name of something: older YAML takes it for
    /// `false`. Whether that was told.
    pub(crate) fn is_answer(&mut self, node: NodeRef<'t>) -> bool {
        // In quotes it is the name that it seems to be.
        let plain = node.scalar().filter(|scalar| scalar.style == Style::Plain);
        let Some(scalar) = plain.filter(|scalar| answer(scalar).is_some()) else { return false };
        self.neither(scalar, node.target().span());
        true
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, node: NodeRef<'t>) -> Option<Spanned<u32>> {
        let (scalar, span) = self.scalar(node)?;
        match scalar.value.replace('_', "").parse() {
            Ok(number) => Some(Spanned::new(number, span)),
            Err(_) => {
                let message = format!("`{}` is not a whole number", shorten(&scalar.value));
                self.wrong_literal(span, message, full_width(&scalar.value));
                None
            }
        }
    }

    /// A number, possibly with a sign.
    pub(crate) fn number(&mut self, node: NodeRef<'t>) -> Option<Spanned<Decimal>> {
        let (scalar, span) = self.scalar(node)?;
        match decimal(&scalar.value) {
            Some(number) => Some(Spanned::new(number, span)),
            None => {
                let message = format!("`{}` is not a number", shorten(&scalar.value));
                self.wrong_literal(span, message, full_width(&scalar.value));
                None
            }
        }
    }

    /// `40%`, or `40`.
    pub(crate) fn percent(&mut self, node: NodeRef<'t>) -> Option<Spanned<Decimal>> {
        let (scalar, span) = self.scalar(node)?;
        let Some(number) = decimal(&scalar.value) else {
            return self.fragment(node, fragment::percent);
        };
        // `0.4` is how spreadsheets write 40 %.
        if number > Decimal::ZERO && number < Decimal::ONE {
            let message = format!("`{}` is less than one percent", scalar.value);
            self.wrong_literal(span, message, part_of_one(number));
            return None;
        }
        Some(Spanned::new(number, span))
    }

    /// A day.
    pub(crate) fn date(&mut self, node: NodeRef<'t>) -> Option<Spanned<civil::Date>> {
        self.fragment(node, fragment::date)
    }

    /// One of a few words; `what` they are is for the message.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: NodeRef<'t>,
        what: &str,
        words: &'static [&'static str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let (scalar, span) = self.scalar(node)?;
        if let Some(value) = from_word(&scalar.value) {
            return Some(Spanned::new(value, span));
        }
        let message = format!("unknown {what} `{}`", shorten(&scalar.value));
        let help = match closest(&scalar.value, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", one_of(words)),
        };
        self.report(Diagnostic::new(self.codes.word, span, message).help(help));
        None
    }
}

/// Whether this is written as a name should be.
pub(crate) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether this is a language tag: two letters, then subtags.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or("");
    primary.len() == 2
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// What a word means that older versions of YAML take for `true` or `false`.
fn answer(scalar: &Scalar<'_>) -> Option<bool> {
    match scalar.value.to_lowercase().as_str() {
        "yes" | "y" | "on" => Some(true),
        "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// `true` and `false` as YAML 1.2 writes them.
pub(crate) fn as_bool(scalar: &Scalar<'_>) -> Option<bool> {
    match scalar.value.as_ref() {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
    let edges = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    if plain && edges { text.replace('_', "").parse().ok() } else { None }
}

/// A text for people: a block scalar's last line feed is not part of it.
fn text_of(scalar: &Scalar<'_>) -> String {
    match scalar.style {
        Style::Literal | Style::Folded => scalar.value.trim_end_matches('\n').to_owned(),
        _ => scalar.value.as_ref().to_owned(),
    }
}
