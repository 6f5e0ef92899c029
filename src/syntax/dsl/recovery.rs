//! Regions inside a block that the grammar could not read: what to say about them, and how to go
//! on.

use std::ops::Range;

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};

use crate::syntax::habits;

use super::blocks::{Block, DECLARATION_WORDS, blocks_with};
use super::builder::{Builder, listed};
use super::explain::{Fault, shown};
use super::parser::{Pair, Rule};
use super::tokens::{Kind, Token, is_word, tokens};

/// How much text is looked at for the next token.
const MAX_WORD: usize = 256;

/// How far the start of a line is looked for, in bytes: a file may be one line.
const MAX_LINE: usize = 1024;

impl Builder<'_> {
    /// The head and the items of a block. Bad regions and a missing brace are reported; an item
    /// that a bad region would have continued is left out, or marked as spoiled.
    pub(super) fn items<'p>(&mut self, pair: Pair<'p>, block: &'static Block) -> Vec<Pair<'p>> {
        let mut items: Vec<Pair<'p>> = Vec::new();
        let mut follows_bad = false;
        for part in pair.into_inner() {
            let is_first_bad = !std::mem::replace(&mut follows_bad, is_bad(part.as_rule()));
            match part.as_rule() {
                Rule::bad_item | Rule::bad_field | Rule::bad_criterion => {
                    let before =
                        items.last().filter(|item| is_first_bad && !is_head(item.as_rule()));
                    let spoils = self.bad_region(&part, block, before.map(|item| self.range(item)));
                    let spoilt = if spoils { items.pop() } else { None };
                    if let Some(item) = spoilt
                        && is_transition(item.as_rule())
                    {
                        self.spoilt.push(item.as_span().start());
                        items.push(item);
                    }
                }
                Rule::missing_close | Rule::missing_criteria_close => self.unclosed(&part),
                Rule::close_brace => {}
                _ => items.push(part),
            }
        }
        items
    }

    /// The bytes of an item in the text.
    fn range(&self, item: &Pair<'_>) -> Range<usize> {
        let span = item.as_span();
        span.start()..self.trimmed(span.start(), span.end())
    }

    /// Explains a bad region. Gives whether it spoils the item before it, in `before`.
    fn bad_region(
        &mut self,
        pair: &Pair<'_>,
        block: &'static Block,
        before: Option<Range<usize>>,
    ) -> bool {
        let whole = self.range(pair);
        let all = tokens(self.text, whole.clone());
        let mut regions = self.split_lines(&whole, &all, block).into_iter();
        if self.is_full(whole.start) {
            return false;
        }
        let mut spoils = false;
        if let Some(first) = regions.next() {
            let first_end = first.end;
            let continued =
                before.and_then(|before| self.explain_continued(&before, &first, block));
            let fault = match continued {
                Some((fault, taken)) => {
                    spoils = fault.spoils;
                    // What the item before it took for a value begins a fact of its own.
                    let own = taken.and_then(|at| self.explain(at..first_end, block.one));
                    if let Some(own) = own {
                        self.fault(own.finding);
                    }
                    fault
                }
                None => self.explain_alone(first, block),
            };
            self.fault(fault.finding);
        }
        for region in regions {
            if self.is_full(region.start) {
                break;
            }
            let fault = self.explain_alone(region, block);
            self.fault(fault.finding);
        }
        spoils
    }

    /// The facts in a bad region: one a line, but for lines that are indented more, or go on with
    /// a clause.
    fn split_lines(&self, whole: &Range<usize>, all: &[Token], block: &Block) -> Vec<Range<usize>> {
        let limit = self.indentation(whole.start);
        let mut regions = Vec::new();
        let mut start = whole.start;
        let mut end = whole.start;
        let mut depth = 0_usize;
        for token in all {
            let word = token.of(self.text);
            let begins_line =
                self.text.get(end..token.at.start).is_some_and(|gap| gap.contains('\n'));
            let is_fact = depth == 0
                && begins_line
                && (token.kind != Kind::Sign || matches!(word, "//" | "--"))
                && self.indentation(token.at.start) <= limit
                && !block.clauses.contains(&word)
                && !matches!(word, "and" | "or" | "not");
            if is_fact {
                regions.push(start..end);
                start = token.at.start;
            }
            match word {
                "{" | "[" => depth += 1,
                "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if token.kind == Kind::Unclosed && word.starts_with("\"\"\"") {
                // All that follows was meant to be text.
                break;
            }
            end = token.at.end;
        }
        let unclosed =
            all.iter().any(|t| t.kind == Kind::Unclosed && t.of(self.text).starts_with("\"\"\""));
        regions.push(start..if unclosed { whole.end } else { end.max(start) });
        regions
    }

    /// How many bytes of white space begin the line that holds byte `at`.
    fn indentation(&self, at: usize) -> usize {
        let line = self.line_start(at);
        let rest = self.text.get(line..).unwrap_or("");
        rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    /// Where the line that holds byte `at` begins; of a very long line, a place in it.
    fn line_start(&self, at: usize) -> usize {
        let from = at.saturating_sub(MAX_LINE);
        let before = self.text.as_bytes().get(from..at).unwrap_or(&[]);
        let start =
            before.iter().rposition(|byte| *byte == b'\n').map_or(from, |end| from + end + 1);
        (start..=at).find(|start| self.text.is_char_boundary(*start)).unwrap_or(at)
    }

    /// The fault of a region that goes on with the item before it: `advance to x when amount >`.
    /// With it, where a fact of its own begins that this item swallowed the start of.
    fn explain_continued(
        &mut self,
        before: &Range<usize>,
        region: &Range<usize>,
        block: &'static Block,
    ) -> Option<(Fault, Option<usize>)> {
        // The item may have taken the first word of the next line for a value:
        // `when amount >`, line break, `recycle to nurturing`.
        let line = self.line_start(region.start);
        let taken = self.text.get(line..region.start).unwrap_or("").trim();
        let first = tokens(self.text, region.clone()).into_iter().next()?;
        let is_head = match block.items {
            // `name "Title"` begins a criterion.
            [] => first.kind == Kind::Text && taken.chars().all(is_word),
            items => items.contains(&taken),
        };
        if before.start < line && is_head {
            let cut = self.trimmed(before.start, line);
            if let Some(fault) = self.explain(before.start..cut, block.one) {
                return Some((Fault { spoils: true, ..fault }, Some(line)));
            }
        }
        let fault = self.explain(before.start..region.end, block.one)?;
        if fault.at < region.start {
            return None;
        }
        if fault.at > region.start {
            return Some((Fault { spoils: true, ..fault }, None));
        }
        (fault.slip || first.kind != Kind::Word).then_some((fault, None))
    }

    /// The fault of a region by itself.
    fn explain_alone(&mut self, region: Range<usize>, block: &'static Block) -> Fault {
        let all = tokens(self.text, region.clone());
        let Some(first) = all.first() else {
            return self.fault_at(&region, "this cannot be read".to_owned());
        };
        let word = first.of(self.text);
        let at = region.start;
        let is_item = block.items.is_empty() || block.items.contains(&word);
        if first.kind != Kind::Word || is_item {
            let fault = self.explain(region.clone(), block.one);
            return match fault {
                Some(fault) if fault.at > first.at.start || fault.slip => fault,
                _ if first.kind == Kind::Text => {
                    let fact = "this text belongs to no property".to_owned();
                    let mut fault = self.fault_at(&first.at, fact);
                    if block.one == Rule::one_criterion {
                        let help =
                            format!("a criterion has a name before its title: `name {word} …`");
                        fault.finding = fault.finding.help(help);
                    }
                    fault
                }
                _ => self.fault_at(&first.at, format!("unexpected `{}`", shown(word))),
            };
        }
        if DECLARATION_WORDS.contains(&word)
            && all.iter().any(|token| token.of(self.text) == "{")
            && let Some(fault) = self.explain(region, Rule::one_head)
        {
            return fault;
        }
        Fault { at, finding: self.unknown_property(first, block), spoils: false, slip: false }
    }

    fn fault_at(&self, at: &Range<usize>, fact: String) -> Fault {
        let span = self.place(at.start, at.end);
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
        Fault { at: at.start, finding, spoils: false, slip: false }
    }

    fn unknown_property(&self, token: &Token, block: &Block) -> Diagnostic {
        let word = token.of(self.text);
        let span = self.place(token.at.start, token.at.end);
        if block.clauses.contains(&word) {
            return Diagnostic::new(
                codes::SYNTAX_ERROR,
                span,
                format!("`{word}` belongs to nothing here"),
            )
            .help(match (block.word, word) {
                ("goal", "when") => {
                    "of measures, `share of`, `entries into` and `sum of` take a condition"
                        .to_owned()
                }
                _ => format!("write `{word} …` right behind what it belongs to"),
            });
        }
        let fact = format!("unknown property `{word}` in {}", block.article);
        let finding = Diagnostic::new(codes::UNKNOWN_PROPERTY, span, fact);
        if DECLARATION_WORDS.contains(&word) {
            return finding.help(format!("`{word}` begins a declaration of its own"));
        }
        if let Some(meant) = habits::property(block.word, word) {
            return finding.help(format!("write `{meant} …`"));
        }
        let elsewhere = blocks_with(word);
        if !elsewhere.is_empty() {
            return finding.help(format!("`{word}` is a property of {}", elsewhere.join(", ")));
        }
        let known = block.items.iter().chain(block.clauses).copied();
        if let Some(near) = closest(word, known) {
            return finding.help(format!("did you mean `{near}`?")).fix(
                format!("replace `{word}` by `{near}`"),
                Safety::Safe,
                vec![Edit { span, replacement: near.to_owned() }],
            );
        }
        if let Some(advice) = habits::of_manifest(word) {
            return finding.help(advice);
        }
        finding.help(format!("{} has {}", block.article, listed(block.items, "and")))
    }

    /// Reports a block whose `}` is missing, where `pair` stands.
    fn unclosed(&mut self, pair: &Pair<'_>) {
        if self.is_full(pair.as_span().start()) {
            return;
        }
        let start = self.block;
        let head = tokens(self.text, start..pair.as_span().start());
        let brace = head.iter().find(|token| token.of(self.text) == "{");
        let Some(brace) = brace else { return };
        let open = self.place(brace.at.start, brace.at.end);
        let rest = tokens(self.text, self.first_word(pair.as_span().end()));
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, open, "unclosed `{`");
        let finding = match rest.first() {
            Some(next) => {
                let word = next.of(self.text);
                let place = self.place(next.at.start, next.at.end);
                finding.label(place, format!("`{word}` cannot stand inside of it"))
            }
            None => finding.reason("not closed before the end of the file"),
        };
        self.fault(finding.help("close it with `}`"));
    }

    /// A stretch of the text from `start` that holds the next token, if there is one.
    fn first_word(&self, start: usize) -> Range<usize> {
        let mut at = start;
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let is_comment = self.text.get(at..).is_some_and(|rest| rest.starts_with('#'));
            if !is_comment {
                let end = (at + MAX_WORD).min(self.text.len());
                return at..(end..=self.text.len())
                    .find(|end| self.text.is_char_boundary(*end))
                    .unwrap_or(end);
            }
            at = super::split::comment_end(self.text, at);
        }
    }
}

fn is_bad(rule: Rule) -> bool {
    matches!(rule, Rule::bad_item | Rule::bad_field | Rule::bad_criterion)
}

/// What stands before the brace of a declaration.
fn is_head(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::name
            | Rule::text
            | Rule::kw_process
            | Rule::kw_team
            | Rule::kw_record
            | Rule::kw_from
            | Rule::kw_stage
            | Rule::kw_goal
            | Rule::kw_feedback
            | Rule::kw_score
            | Rule::kw_of
            | Rule::kw_route
            | Rule::kw_term
            | Rule::kw_play
    )
}

fn is_transition(rule: Rule) -> bool {
    matches!(rule, Rule::advance | Rule::recycle | Rule::lose | Rule::incoming)
}
