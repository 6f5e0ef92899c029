//! Regions at the outermost level that are no declaration: a head that cannot be read, words kept
//! for later, braces too many. What is between the braces is read all the same.

use std::ops::Range;

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};
use crate::syntax::ast::{Item, Name, Text};

use crate::syntax::habits;

use super::blocks::{Block, DECLARATION_WORDS, RESERVED_WORDS, declaration};
use super::builder::{Builder, listed, name_like};
use super::explain::shown;
use super::file::head_of;
use super::parser::{Pair, Rule, read};
use super::strings::string_value;
use super::tokens::{Kind, Token, tokens};

impl Builder<'_> {
    /// A word kept for a later version of the language.
    pub(super) fn reserved(&mut self, start: usize, word: &str) {
        let span = self.place(start, start + word.len());
        self.fault(
            Diagnostic::new(
                codes::RESERVED_WORD,
                span,
                format!("`{word}` is not part of this version of the language"),
            )
            .reason("the word is kept for a later one")
            .help("take the declaration out"),
        );
    }

    /// A region at the outermost level that is no declaration.
    pub(super) fn bad_declaration(&mut self, pair: &Pair<'_>) -> Vec<Item> {
        let span = pair.as_span();
        let end = self.trimmed(span.start(), span.end());
        let all = tokens(self.text, span.start()..end);
        let mut rest = all.as_slice();
        let mut items = Vec::new();
        if let Some((first, more)) = rest.split_first()
            && first.of(self.text) == "}"
        {
            // The region before it may have lost the brace that this one closes.
            if !std::mem::take(&mut self.expects_close) && !self.is_full(first.at.start) {
                let span = self.place(first.at.start, first.at.end);
                self.fault(
                    Diagnostic::new(codes::SYNTAX_ERROR, span, "unexpected `}`")
                        .reason("nothing is open here"),
                );
            }
            rest = more;
        }
        while let Some(next) = rest.first() {
            if self.is_full(next.at.start) {
                break;
            }
            let (region, more) = rest.split_at(self.declaration_length(rest));
            items.extend(self.explain_declaration(region));
            rest = more;
        }
        items
    }

    /// How many tokens belong to the first thing in the region: up to the brace that closes its
    /// first block, or, where there is no block, up to the next line that begins a declaration.
    fn declaration_length(&self, all: &[Token]) -> usize {
        let mut depth = 0_usize;
        for (index, token) in all.iter().enumerate() {
            match token.of(self.text) {
                "{" => depth += 1,
                "}" if depth > 1 => depth -= 1,
                "}" => return index + 1,
                word if depth == 0 && self.begins_line(all, index) => {
                    let is_retired =
                        all.first().is_some_and(|first| first.of(self.text) == "retired");
                    let goes_on = matches!(word, "into" | "since" | "when" | "and" | "or");
                    let is_end = is_retired && token.kind == Kind::Word && !goes_on;
                    if (begins_declaration(word) && !self.is_property(all, index)) || is_end {
                        return index;
                    }
                }
                _ => {}
            }
        }
        all.len()
    }

    /// Whether the declaration word at `index` is a property of what the region begins with, as
    /// `record deal` is in a stage.
    fn is_property(&self, all: &[Token], index: usize) -> bool {
        let word_at = |at: usize| all.get(at).map_or("", |token| token.of(self.text));
        let block = declaration(word_at(0));
        let ends_head = all.get(index + 2).is_some_and(|token| token.kind == Kind::Text)
            || matches!(word_at(index + 2), "{" | "from" | "of");
        block.is_some_and(|block| block.items.contains(&word_at(index))) && !ends_head
    }

    fn explain_declaration(&mut self, all: &[Token]) -> Option<Item> {
        let (first, last) = (all.first()?, all.last()?);
        let word = first.of(self.text);
        let brace = all.iter().position(|token| token.of(self.text) == "{");
        let closed = last.of(self.text) == "}";
        self.expects_close = brace.is_none();
        if RESERVED_WORDS.contains(&word) {
            self.reserved(first.at.start, word);
            return None;
        }
        if word == "retired" {
            let finding = self.explain(first.at.start..last.at.end, Rule::one_head);
            let finding = finding.map(|fault| fault.finding);
            self.fault(finding.unwrap_or_else(|| self.stray(first)));
            return None;
        }
        let span = self.place(first.at.start, first.at.end);
        let Some(block) = declaration(word) else {
            let has_block = brace.is_some() && first.kind == Kind::Word;
            let near = closest(word, DECLARATION_WORDS.iter().copied());
            let (true, Some(near)) = (has_block, near) else {
                let finding =
                    if has_block { self.unknown_declaration(first) } else { self.stray(first) };
                self.fault(finding);
                return None;
            };
            self.fault(
                Diagnostic::new(
                    codes::UNKNOWN_PROPERTY,
                    span,
                    format!("unknown declaration `{word}`"),
                )
                .help(format!("did you mean `{near}`?"))
                .fix(
                    format!("replace `{word}` by `{near}`"),
                    Safety::Safe,
                    vec![Edit { span, replacement: near.to_owned() }],
                ),
            );
            let (head, body) = all.split_at(brace?);
            let body = body.first()?.at.start..last.at.end;
            return self.rebuild(head, body, declaration(near)?);
        };
        if let Some(split) = self.missing_brace(all, block) {
            let (head, body) = all.split_at(split);
            let end = head.last()?.at.end;
            let shown = self.text.get(first.at.start..end).unwrap_or("");
            let insert = Edit { span: self.place(end, end), replacement: " {".to_owned() };
            self.fault(
                Diagnostic::new(
                    codes::SYNTAX_ERROR,
                    self.place(first.at.start, end),
                    format!("the {word} has no `{{`"),
                )
                .help(format!("write `{} {{`", super::explain::shown(shown)))
                .fix("insert `{`", Safety::Safe, vec![insert]),
            );
            self.expects_close = !(closed && brace.is_none());
            let body = body.first()?.at.start..last.at.end;
            return self.rebuild(head, body, block);
        }
        let head_end = brace.map_or(all.len(), |brace| brace + 1);
        let head = all.get(..head_end)?;
        let finding = self.explain_head(head);
        self.fault(finding);
        let brace = brace?;
        let (head, body) = all.split_at(brace);
        let body = body.first()?.at.start..last.at.end;
        self.rebuild(head, body, block)
    }

    /// What is wrong with the head of a declaration, up to its brace.
    fn explain_head(&mut self, head: &[Token]) -> Diagnostic {
        let (Some(first), Some(last)) = (head.first(), head.last()) else {
            return Diagnostic::new(codes::SYNTAX_ERROR, self.place(0, 0), "this cannot be read");
        };
        let fault = self.explain(first.at.start..last.at.end, Rule::one_head);
        let Some(fault) = fault else { return self.stray(first) };
        if let Some(title) = head.get(1).filter(|token| token.kind == Kind::Text)
            && title.at.start == fault.at
        {
            let (kind, title) = (first.of(self.text), title.of(self.text));
            let name = name_from(title).unwrap_or_else(|| "name".to_owned());
            return fault.finding.help(format!(
                "the name comes before the title: `{kind} {name} {}`",
                shown(title)
            ));
        }
        let index = head.iter().position(|token| token.at.start == fault.at);
        let title: &[Token] = match (head.get(1), head.get(2)) {
            // A title without quotes runs up to the brace.
            (Some(name), Some(title))
                if name.kind == Kind::Word && title.kind == Kind::Word && index == Some(2) =>
            {
                let end = head.len() - usize::from(last.of(self.text) == "{");
                head.get(2..end).unwrap_or(&[])
            }
            _ => &[],
        };
        let all_words = title.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Number));
        let (Some(from), Some(to), true) = (title.first(), title.last(), all_words) else {
            return fault.finding;
        };
        let words = self.text.get(from.at.start..to.at.end).unwrap_or("");
        let edit = |at: usize| Edit { span: self.place(at, at), replacement: "\"".to_owned() };
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            self.place(from.at.start, to.at.end),
            "the title is not in quotes",
        )
        .help(format!("write `\"{}\"`", shown(words)))
        .fix(
            "put the title in quotes",
            Safety::Safe,
            vec![edit(from.at.start), edit(to.at.end)],
        )
    }

    /// Where the items begin, if the brace before them was left out: the head is complete, and the
    /// next line begins an item.
    fn missing_brace(&self, all: &[Token], block: &Block) -> Option<usize> {
        let mut at = 1;
        let word_at = |at: usize| all.get(at).filter(|token| token.kind == Kind::Word);
        word_at(at)?;
        at += 1;
        loop {
            let token = all.get(at)?;
            let word = token.of(self.text);
            let is_translated =
                word.len() == 2 && all.get(at + 1).is_some_and(|next| next.kind == Kind::Text);
            let is_origin = matches!(word, "from" | "of") && word_at(at + 1).is_some();
            if token.kind == Kind::Text {
                at += 1;
            } else if (is_translated || is_origin) && !self.begins_line(all, at) {
                at += 2;
            } else {
                break;
            }
        }
        let token = word_at(at)?;
        let begins_item = block.items.is_empty() || block.items.contains(&token.of(self.text));
        (begins_item && self.begins_line(all, at)).then_some(at)
    }

    fn begins_line(&self, all: &[Token], index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| all.get(before));
        let (Some(before), Some(token)) = (before, all.get(index)) else { return false };
        self.text.get(before.at.end..token.at.start).is_some_and(|gap| gap.contains('\n'))
    }

    /// A declaration from what could be made out of its head, and the braces behind it.
    fn rebuild(
        &mut self,
        head: &[Token],
        body: Range<usize>,
        block: &'static Block,
    ) -> Option<Item> {
        let mut item = self.body(body, block)?;
        let first = head.first()?;
        let name = head.get(1)?;
        let word = name.of(self.text);
        let text = match name.kind {
            Kind::Word => name_like(word).unwrap_or_else(|| word.to_owned()),
            // The name was left out; others will call it by its title.
            _ => name_from(word)?,
        };
        let name = Name::new(text, self.place(name.at.start, name.at.end));
        let title = head.iter().find(|token| token.kind == Kind::Text).map(|token| Text {
            value: string_value(token.of(self.text)),
            translations: Vec::new(),
            span: self.place(token.at.start, token.at.end),
        });
        let behind = |keyword: &str| {
            let at = head.iter().position(|token| token.of(self.text) == keyword)?;
            let token = head.get(at + 1).filter(|token| token.kind == Kind::Word)?;
            Some(Name::new(token.of(self.text), self.place(token.at.start, token.at.end)))
        };
        match &mut item {
            Item::Record(record) => record.from = behind("from"),
            // A score of nothing would only give more findings.
            Item::Score(score) => score.of = behind("of")?,
            _ => {}
        }
        let whole = self.place(first.at.start, first.at.end);
        if let Some(parts) = head_of(&mut item) {
            *parts.name = name;
            *parts.title = title;
            *parts.broken = true;
            *parts.span = whole.to(*parts.span);
        }
        Some(item)
    }

    /// The items between braces, without the head.
    fn body(&mut self, range: Range<usize>, block: &'static Block) -> Option<Item> {
        let slice = self.text.get(range.clone())?;
        let pair = read(block.body, slice)?.next()?;
        let offsets = self.offsets_from(range.start)?;
        let mut inner = Builder::new(slice, self.places_from(range.start, &offsets));
        let item = inner.declaration(pair).pop();
        self.diagnostics.append(&mut inner.diagnostics);
        item
    }

    fn unknown_declaration(&self, first: &Token) -> Diagnostic {
        let word = first.of(self.text);
        Diagnostic::new(
            codes::UNKNOWN_PROPERTY,
            self.place(first.at.start, first.at.end),
            format!("unknown declaration `{}`", shown(word)),
        )
        .help(habits::of_manifest(word).unwrap_or_else(|| {
            if let Some(meant) = habits::declaration(word) {
                return format!("write `{meant} name \"Title\" {{ … }}`");
            }
            format!("a declaration begins with {}", listed(DECLARATION_WORDS, "or"))
        }))
    }

    /// Something that is no declaration at all.
    fn stray(&self, first: &Token) -> Diagnostic {
        let word = first.of(self.text);
        let span = self.place(first.at.start, first.at.end);
        if first.kind == Kind::Unclosed {
            return Diagnostic::new(codes::SYNTAX_ERROR, span, "the text has no closing quote");
        }
        let finding = Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("expected a declaration, found `{}`", shown(word)),
        );
        let homes = super::blocks::blocks_with(word);
        if !homes.is_empty() {
            return finding.reason(format!("this is a property of {}", homes.join(", ")));
        }
        match word {
            ";" => finding.help("remove it; declarations end with their `}`"),
            "//" | "--" | "/" => finding.help("comments begin with `#`"),
            _ => finding
                .help(format!("a declaration begins with {}", listed(DECLARATION_WORDS, "or"))),
        }
    }
}

/// The name that a title in quotes suggests.
fn name_from(title: &str) -> Option<String> {
    name_like(&title.trim_matches('"').replace(' ', "_")).map(|name| name.to_ascii_lowercase())
}

fn begins_declaration(word: &str) -> bool {
    DECLARATION_WORDS.contains(&word) || RESERVED_WORDS.contains(&word)
}
