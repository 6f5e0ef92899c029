//! With which bytes a text can begin that an expression matches.

use std::collections::BTreeMap;

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr as Expr, OptimizedRule};

use crate::write::Mode;

/// What stands for the end of the text among the bytes.
pub(crate) const END: usize = 256;

/// A set of bytes and perhaps the end of the text.
#[derive(Clone, PartialEq)]
pub(crate) struct Bytes([bool; END + 1]);

impl Bytes {
    pub(crate) fn none() -> Self {
        Self([false; END + 1])
    }

    fn all() -> Self {
        Self([true; END + 1])
    }

    fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut set = Self::none();
        for byte in bytes {
            set.0[usize::from(byte)] = true;
        }
        set
    }

    pub(crate) fn has(&self, byte: usize) -> bool {
        self.0[byte]
    }

    pub(crate) fn is_all(&self) -> bool {
        self.0.iter().all(|has| *has)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, other) in self.0.iter_mut().zip(other.0) {
            *mine |= other;
        }
    }
}

/// Where an expression can begin. One that may match nothing begins everywhere.
#[derive(Clone)]
struct Begin {
    bytes: Bytes,
    empty: bool,
}

/// Answers for the rules of a grammar.
pub(crate) struct First<'g> {
    rules: &'g BTreeMap<&'g str, &'g OptimizedRule>,
    known: BTreeMap<(String, bool), Begin>,
}

impl<'g> First<'g> {
    pub(crate) fn new(rules: &'g BTreeMap<&'g str, &'g OptimizedRule>) -> Self {
        Self { rules, known: BTreeMap::new() }
    }

    /// The bytes without which `expr` does not match.
    pub(crate) fn bytes(&mut self, expr: &Expr, mode: Mode) -> Bytes {
        let begin = self.begin(expr, mode);
        if begin.empty { Bytes::all() } else { begin.bytes }
    }

    fn begin(&mut self, expr: &Expr, mode: Mode) -> Begin {
        let some = |bytes: Bytes| Begin { bytes, empty: false };
        match expr {
            Expr::Str(text) => match text.bytes().next() {
                Some(byte) => some(Bytes::of([byte])),
                None => Begin { bytes: Bytes::none(), empty: true },
            },
            Expr::Range(from, to) => {
                let byte = |text: &str| text.bytes().next().expect("a range has ends");
                some(Bytes::of(byte(from)..=byte(to)))
            }
            Expr::Ident(name) => self.rule(name, mode),
            // What they ask for does not narrow what follows them: that is asked for as well.
            Expr::PosPred(_) | Expr::NegPred(_) => Begin { bytes: Bytes::none(), empty: true },
            Expr::Seq(left, right) => {
                let mut begin = self.begin(left, mode);
                if begin.empty {
                    let after = self.begin(right, mode);
                    begin.bytes.add(&after.bytes);
                    begin.empty = after.empty;
                    if mode != Mode::Token {
                        let space = self.rule("WHITESPACE", Mode::Token);
                        begin.bytes.add(&space.bytes);
                    }
                }
                begin
            }
            Expr::Choice(left, right) => {
                let (mut begin, other) = (self.begin(left, mode), self.begin(right, mode));
                begin.bytes.add(&other.bytes);
                begin.empty |= other.empty;
                begin
            }
            Expr::Opt(inner) | Expr::Rep(inner) => Begin { empty: true, ..self.begin(inner, mode) },
            Expr::RestoreOnErr(inner) => self.begin(inner, mode),
            _ => Begin { bytes: Bytes::all(), empty: true },
        }
    }

    fn rule(&mut self, name: &str, mode: Mode) -> Begin {
        if let Some(bytes) = builtin(name) {
            return Begin { bytes, empty: name == "SOI" };
        }
        let Some(rule) = self.rules.get(name).copied() else {
            return Begin { bytes: Bytes::all(), empty: true };
        };
        let mode = if rule.ty == RuleType::Atomic { Mode::Token } else { mode };
        let key = (name.to_owned(), mode == Mode::Token);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        // pest refuses rules that begin with themselves, so this ends.
        let begin = self.begin(&rule.expr, mode);
        self.known.insert(key, begin.clone());
        begin
    }
}

/// The first bytes of what pest has built in.
fn builtin(name: &str) -> Option<Bytes> {
    let ascii = |is: fn(&u8) -> bool| Bytes::of((0..=127).filter(is));
    Some(match name {
        "ANY" => Bytes::of(0..=255),
        "SOI" => Bytes::none(),
        "EOI" => {
            let mut end = Bytes::none();
            end.0[END] = true;
            end
        }
        "ASCII_DIGIT" => ascii(u8::is_ascii_digit),
        "ASCII_HEX_DIGIT" => ascii(u8::is_ascii_hexdigit),
        "ASCII_ALPHA" => ascii(u8::is_ascii_alphabetic),
        "ASCII_ALPHA_UPPER" => ascii(u8::is_ascii_uppercase),
        "ASCII_ALPHANUMERIC" => ascii(u8::is_ascii_alphanumeric),
        // Every letter beyond ASCII begins with a byte from 128 on.
        "XID_START" => {
            Bytes::of((0..=255).filter(|byte: &u8| byte.is_ascii_alphabetic() || *byte > 127))
        }
        "XID_CONTINUE" => Bytes::of(
            (0..=255)
                .filter(|byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte > 127),
        ),
        _ => return None,
    })
}
