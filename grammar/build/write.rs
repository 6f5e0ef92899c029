//! The text of the parser: one function for each rule and each way it is asked for.
//!
//! A function tells whether its rule matches where the parser is. If it does, the parser stands
//! behind it; if not, it stands where it stood, and has the pairs that it had.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr as Expr, OptimizedRule};

use crate::first::{Bytes, END, First};

/// How a rule is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// With white space between its parts, giving pairs.
    Pairs,
    /// With white space, to look ahead.
    Look,
    /// Within an atomic rule: neither white space nor pairs.
    Token,
}

impl Mode {
    fn prefix(self) -> &'static str {
        match self {
            Mode::Pairs => "pairs",
            Mode::Look => "look",
            Mode::Token => "token",
        }
    }
}

/// Choices of more alternatives than this ask each in turn.
const MAX_CHOICE: usize = 32;

struct Writer<'g> {
    rules: &'g BTreeMap<&'g str, &'g OptimizedRule>,
    first: First<'g>,
    /// What is still to be written.
    wanted: Vec<(String, Mode)>,
    seen: BTreeSet<(String, Mode)>,
    out: String,
}

/// The parser for these rules.
pub(crate) fn parser(all: &[OptimizedRule]) -> String {
    let rules: BTreeMap<&str, &OptimizedRule> =
        all.iter().map(|rule| (rule.name.as_str(), rule)).collect();
    let mut used = BTreeSet::new();
    for rule in all {
        names(&rule.expr, &mut used);
    }
    let mut writer = Writer {
        rules: &rules,
        first: First::new(&rules),
        wanted: Vec::new(),
        seen: BTreeSet::new(),
        out: String::new(),
    };
    // A text is parsed by rules that no other rule uses.
    let entries = all.iter().filter(|rule| !used.contains(&rule.name) && rule.name != "WHITESPACE");
    let mut arms = String::new();
    for rule in entries {
        let call = writer.call(&rule.name, Mode::Pairs);
        let _ = writeln!(arms, "        Rule::{} => {call},", rule.name);
    }
    // The parser asks for it between the parts of rules.
    writer.call("WHITESPACE", Mode::Token);
    while let Some((name, mode)) = writer.wanted.pop() {
        writer.rule(&name, mode);
    }
    format!(
        "/// Parses by a rule that no other rule uses; by others it does not.\n\
         pub(super) fn entry(p: &mut Parser<'_>, rule: Rule) -> bool {{\n    match rule {{\n{arms}        \
         _ => false,\n    }}\n}}\n{}",
        writer.out
    )
}

/// The names in an expression.
fn names(expr: &Expr, into: &mut BTreeSet<String>) {
    for part in expr.iter_top_down() {
        match part {
            Expr::Ident(name) => {
                into.insert(name);
            }
            // The iterator of pest_meta stops here.
            Expr::RestoreOnErr(inner) => names(&inner, into),
            _ => {}
        }
    }
}

impl Writer<'_> {
    fn rule(&mut self, name: &str, mode: Mode) {
        let rule = self.rules[name];
        let inside = if rule.ty == RuleType::Atomic { Mode::Token } else { mode };
        let body = self.expr(&rule.expr, inside);
        let first = self.first.bytes(&Expr::Ident(name.to_owned()), mode);
        let guard = match first.is_all() {
            true => String::new(),
            false => format!("    if !({}) {{ return false; }}\n", is_in(&first)),
        };
        let gives = mode == Mode::Pairs && rule.ty != RuleType::Silent;
        let body = if gives && self.is_recursive(name) {
            format!("p.nested(|p| p.pair(Rule::{name}, |p| {body}))")
        } else if gives {
            format!("p.pair(Rule::{name}, |p| {body})")
        } else {
            body
        };
        let prefix = mode.prefix();
        let _ = write!(
            self.out,
            "pub(super) fn {prefix}_{name}(p: &mut Parser<'_>) -> bool {{\n{guard}    {body}\n}}\n"
        );
    }

    /// Whether a rule can be met within itself.
    fn is_recursive(&self, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut wanted = vec![name.to_owned()];
        while let Some(next) = wanted.pop() {
            let Some(rule) = self.rules.get(next.as_str()) else { continue };
            let mut inside = BTreeSet::new();
            names(&rule.expr, &mut inside);
            if inside.contains(name) {
                return true;
            }
            wanted.extend(inside.into_iter().filter(|name| seen.insert(name.clone())));
        }
        false
    }

    /// A call of the function for a rule, which will be written.
    fn call(&mut self, name: &str, mode: Mode) -> String {
        let is = |what: &str| format!("p.byte_is(|byte| byte.is_ascii_{what}())");
        match name {
            "ANY" => "p.any()".to_owned(),
            "SOI" => "p.is_at_start()".to_owned(),
            "EOI" if mode == Mode::Pairs => {
                "(p.is_at_end() && p.pair(Rule::EOI, |_| true))".to_owned()
            }
            "EOI" => "p.is_at_end()".to_owned(),
            "ASCII_DIGIT" => is("digit"),
            "ASCII_HEX_DIGIT" => is("hexdigit"),
            "ASCII_ALPHA" => is("alphabetic"),
            "ASCII_ALPHA_UPPER" => is("uppercase"),
            "ASCII_ALPHANUMERIC" => is("alphanumeric"),
            "XID_START" => "p.starts_word()".to_owned(),
            "XID_CONTINUE" => "p.continues_word()".to_owned(),
            _ => {
                let rule = self.rules.get(name);
                let rule = rule.unwrap_or_else(|| panic!("`{name}` of pest is not known here"));
                // An atomic rule is the same in a look ahead and within another.
                let mode = match (rule.ty, mode) {
                    (RuleType::Normal | RuleType::Silent, mode) => mode,
                    (RuleType::Atomic, Mode::Pairs) => Mode::Pairs,
                    (RuleType::Atomic, _) => Mode::Token,
                    _ => panic!("`{name}`: rules with `$` and `!` are not known here"),
                };
                let wanted = (name.to_owned(), mode);
                if self.seen.insert(wanted.clone()) {
                    self.wanted.push(wanted);
                }
                format!("{}_{name}(p)", mode.prefix())
            }
        }
    }

    /// An expression of Rust that matches `expr`.
    fn expr(&mut self, expr: &Expr, mode: Mode) -> String {
        match expr {
            Expr::Str(text) if text.len() == 1 => format!("p.byte({})", text.as_bytes()[0]),
            Expr::Str(text) => format!("p.text({text:?})"),
            Expr::Range(from, to) => {
                let ends = (from.as_bytes(), to.as_bytes());
                let ([from], [to]) = ends else { panic!("only ASCII has ranges here") };
                format!("p.byte_is(|byte| ({from}..={to}).contains(&byte))")
            }
            Expr::Ident(name) => self.call(name, mode),
            Expr::PosPred(inner) => self.ahead(inner, mode, ""),
            Expr::NegPred(inner) => self.ahead(inner, mode, "!"),
            Expr::Seq(..) => {
                let space = if mode == Mode::Token { "" } else { " && p.space()" };
                let joint = format!("{space} && ");
                let parts: Vec<String> =
                    parts(expr).into_iter().map(|part| self.expr(part, mode)).collect();
                let parts = parts.join(&joint);
                format!("{{ let mark = p.mark(); ({parts}) || p.back(mark) }}")
            }
            Expr::Choice(..) => self.choice(expr, mode),
            Expr::Opt(inner) => format!("{{ let _ = {}; true }}", self.expr(inner, mode)),
            Expr::Rep(inner) if mode == Mode::Token => {
                format!("{{ while {} {{}} true }}", self.expr(inner, mode))
            }
            // White space stays unread unless one more follows it.
            Expr::Rep(inner) => format!(
                "{{ let mut mark = p.mark(); while {} {{ mark = p.mark(); p.space(); }} \
                 let _ = p.back(mark); true }}",
                self.expr(inner, mode)
            ),
            Expr::Skip(until) => format!("p.until(&{until:?})"),
            Expr::RestoreOnErr(inner) => self.expr(inner, mode),
            other => panic!("`{other}` is not known here"),
        }
    }

    fn ahead(&mut self, inner: &Expr, mode: Mode, not: &str) -> String {
        let mode = if mode == Mode::Pairs { Mode::Look } else { mode };
        let inner = self.expr(inner, mode);
        format!("{{ let mark = p.mark(); let found = {inner}; let _ = p.back(mark); {not}found }}")
    }

    /// The alternatives that can begin with the next byte, in turn.
    fn choice(&mut self, expr: &Expr, mode: Mode) -> String {
        let mut alternatives = Vec::new();
        let mut rest = expr;
        while let Expr::Choice(left, right) = rest {
            alternatives.push(left.as_ref());
            rest = right;
        }
        alternatives.push(rest);
        let written: Vec<String> =
            alternatives.iter().map(|alternative| self.expr(alternative, mode)).collect();
        if written.len() > MAX_CHOICE {
            return format!("({})", written.join(" || "));
        }
        let firsts: Vec<Bytes> =
            alternatives.iter().map(|alternative| self.first.bytes(alternative, mode)).collect();
        if alternatives.iter().all(|one| matches!(one, Expr::Str(text) if text.len() == 1)) {
            let mut any = Bytes::none();
            for first in &firsts {
                any.add(first);
            }
            return format!("({} && p.skip_byte())", is_in(&any));
        }
        let masks = (0..=END).map(|byte| {
            let bits = firsts.iter().enumerate().filter(|(_, first)| first.has(byte));
            bits.map(|(index, _)| 1_u32 << index).sum::<u32>()
        });
        let mut by_mask: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (byte, mask) in masks.enumerate() {
            by_mask.entry(mask).or_default().push(byte);
        }
        // The most frequent answer needs no list.
        let usual =
            by_mask.iter().max_by_key(|(_, bytes)| bytes.len()).map_or(0, |(mask, _)| *mask);
        let mut arms = String::new();
        for (mask, bytes) in by_mask.iter().filter(|(mask, _)| **mask != usual) {
            let _ = write!(arms, "{} => {mask}, ", ranges(bytes.iter().copied()));
        }
        let tries: Vec<String> = written
            .iter()
            .enumerate()
            .map(|(index, one)| format!("(may & {} != 0 && {one})", 1_u32 << index))
            .collect();
        let _ = write!(arms, "_ => {usual}");
        format!("{{ let may: u32 = match p.peek() {{ {arms} }}; {} }}", tries.join(" || "))
    }
}

/// The parts of a sequence.
fn parts(expr: &Expr) -> Vec<&Expr> {
    let mut parts = Vec::new();
    let mut rest = expr;
    while let Expr::Seq(left, right) = rest {
        parts.push(left.as_ref());
        rest = right;
    }
    parts.push(rest);
    parts
}

/// A condition that the next byte, or the end, is one of these.
fn is_in(bytes: &Bytes) -> String {
    format!("matches!(p.peek(), {})", ranges((0..=END).filter(|byte| bytes.has(*byte))))
}

/// Numbers as a pattern.
fn ranges(numbers: impl Iterator<Item = usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => ranges.push((number, number)),
        }
    }
    let texts = ranges.into_iter().map(|(start, end)| {
        if start == end { start.to_string() } else { format!("{start}..={end}") }
    });
    texts.collect::<Vec<_>>().join(" | ")
}
