//! Formulas of Salesforce: from text to a tree. What a formula means is not asked here.

use std::iter::Peekable;
use std::str::CharIndices;

use rust_decimal::Decimal;

/// The longest formula that is read, in characters. Salesforce takes 3900.
const LONGEST: usize = 20_000;
/// The deepest tree: everything that walks it walks it by recursion.
const DEEPEST: u32 = 100;

/// A formula, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Bool(bool),
    Number(Decimal),
    Text(String),
    /// `Amount`, `Account.Name`, `$Permission.Skip`
    Field(String),
    /// The stage, where it is known which one. No formula says it.
    Picked(String),
    /// The name in capitals; `&&`, `||` and `!` are calls of `AND`, `OR` and `NOT`.
    Call(String, Vec<Node>),
    Binary(Op, Box<Node>, Box<Node>),
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
    Join,
    Power,
}

impl Op {
    /// How tight it binds.
    fn rank(self) -> u8 {
        match self {
            Op::Eq | Op::Ne => 3,
            Op::Lt | Op::Le | Op::Gt | Op::Ge => 4,
            Op::Join | Op::Add | Op::Sub => 5,
            Op::Mul | Op::Div => 6,
            Op::Power => 7,
        }
    }
}

impl Node {
    pub(super) fn call(name: &str, arguments: Vec<Node>) -> Self {
        Node::Call(name.to_owned(), arguments)
    }

    /// Calls `visit` for the node and every one in it.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Node)) {
        visit(self);
        match self {
            Node::Call(_, arguments) => {
                for argument in arguments {
                    argument.walk(visit);
                }
            }
            Node::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            _ => {}
        }
    }
}

/// Reads a formula; or says what is wrong with it, as the end of a sentence.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(format!("it has more than {LONGEST} characters"));
    }
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0 };
    let (node, _) = parser.expression(0)?;
    match parser.tokens.next() {
        None => Ok(node),
        Some((at, token)) => Err(format!("{} at character {at} has no place", token.said())),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(Decimal),
    Text(String),
    Name(String),
    Op(Op),
    And,
    Or,
    Not,
    Open,
    Close,
    Comma,
}

impl Token {
    fn said(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number}"),
            Token::Text(_) => "a text".to_owned(),
            Token::Name(name) => super::code(name),
            Token::Op(_) | Token::And | Token::Or | Token::Not => "an operator".to_owned(),
            Token::Open => "`(`".to_owned(),
            Token::Close => "`)`".to_owned(),
            Token::Comma => "`,`".to_owned(),
        }
    }
}

/// The tokens, each with the number of its first character, from 1.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut count = 0;
    let mut seen = 0;
    while let Some((at, letter)) = chars.next() {
        // Places are told in characters; each is counted once.
        count += text.get(seen..at).unwrap_or("").chars().count();
        seen = at;
        let place = count + 1;
        let follows = |chars: &mut Peekable<CharIndices<'_>>, wanted: char| {
            chars.next_if(|(_, next)| *next == wanted).is_some()
        };
        let token = match letter {
            c if c.is_whitespace() => continue,
            '/' if follows(&mut chars, '*') => {
                let mut star = false;
                let closed = chars.by_ref().any(|(_, next)| {
                    let closes = star && next == '/';
                    star = next == '*';
                    closes
                });
                if closed {
                    continue;
                }
                return Err(format!("the comment at character {place} is never closed"));
            }
            '"' | '\'' => Token::Text(quoted(&mut chars, letter).ok_or_else(|| {
                format!("the text that begins at character {place} is never closed")
            })?),
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '+' => Token::Op(Op::Add),
            '-' => Token::Op(Op::Sub),
            '*' => Token::Op(Op::Mul),
            '/' => Token::Op(Op::Div),
            '^' => Token::Op(Op::Power),
            '&' if follows(&mut chars, '&') => Token::And,
            '&' => Token::Op(Op::Join),
            '|' if follows(&mut chars, '|') => Token::Or,
            '=' => {
                follows(&mut chars, '=');
                Token::Op(Op::Eq)
            }
            '!' if follows(&mut chars, '=') => Token::Op(Op::Ne),
            '!' => Token::Not,
            '<' if follows(&mut chars, '>') => Token::Op(Op::Ne),
            '<' if follows(&mut chars, '=') => Token::Op(Op::Le),
            '<' => Token::Op(Op::Lt),
            '>' if follows(&mut chars, '=') => Token::Op(Op::Ge),
            '>' => Token::Op(Op::Gt),
            c if c.is_ascii_digit() || c == '.' => {
                let word = word(letter, &mut chars, |c| c.is_ascii_digit() || c == '.');
                let number = word.parse::<Decimal>();
                let unread =
                    |_| format!("{} at character {place} is no number", super::code(&word));
                Token::Number(number.map_err(unread)?)
            }
            c if c.is_alphabetic() || c == '_' || c == '$' => {
                let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | ':');
                Token::Name(word(letter, &mut chars, inside))
            }
            other => {
                let shown = super::code(&other.to_string());
                return Err(format!("{shown} at character {place} means nothing in a formula"));
            }
        };
        out.push((place, token));
    }
    Ok(out)
}

fn word(
    first: char,
    chars: &mut Peekable<CharIndices<'_>>,
    inside: impl Fn(char) -> bool,
) -> String {
    let mut word = first.to_string();
    while let Some((_, next)) = chars.next_if(|(_, next)| inside(*next)) {
        word.push(next);
    }
    word
}

/// The rest of a text in quotes; none when it is never closed.
fn quoted(chars: &mut Peekable<CharIndices<'_>>, quote: char) -> Option<String> {
    let mut out = String::new();
    loop {
        match chars.next()?.1 {
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                other => out.push(other),
            },
            letter if letter == quote => return Some(out),
            letter => out.push(letter),
        }
    }
}

struct Parser {
    tokens: Peekable<std::vec::IntoIter<(usize, Token)>>,
    depth: u32,
}

/// A node, and how deep it is.
type Parsed = Result<(Node, u32), String>;

const TOO_DEEP: &str = "it is nested too deep";

impl Parser {
    /// Everything that binds tighter than `least`: 1 is `||`, 2 is `&&`.
    fn expression(&mut self, least: u8) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(TOO_DEEP.to_owned());
        }
        let (mut left, mut height) = self.single()?;
        while let Some((_, token)) = self.tokens.peek() {
            let (rank, op) = match token {
                Token::Or => (1, None),
                Token::And => (2, None),
                Token::Op(op) => (op.rank(), Some(*op)),
                _ => break,
            };
            if rank <= least {
                break;
            }
            self.tokens.next();
            let (right, other) = self.expression(rank)?;
            left = match op {
                Some(op) => {
                    height += 1;
                    Node::Binary(op, Box::new(left), Box::new(right))
                }
                // A chain of these stays flat, however long it is.
                None => {
                    let name = if rank == 1 { "OR" } else { "AND" };
                    match left {
                        Node::Call(known, mut parts) if known == name => {
                            parts.push(right);
                            Node::Call(known, parts)
                        }
                        left => {
                            height += 1;
                            Node::call(name, vec![left, right])
                        }
                    }
                }
            };
            height = height.max(other + 1);
            if height > DEEPEST {
                return Err(TOO_DEEP.to_owned());
            }
        }
        self.depth -= 1;
        Ok((left, height))
    }

    fn single(&mut self) -> Parsed {
        let Some((at, token)) = self.tokens.next() else {
            return Err("it ends where a value is missing".to_owned());
        };
        match token {
            Token::Number(number) => Ok((Node::Number(number), 1)),
            Token::Text(text) => Ok((Node::Text(text), 1)),
            Token::Open => {
                let inner = self.expression(0)?;
                self.close(at)?;
                Ok(inner)
            }
            Token::Not => {
                // It binds tighter than anything but a call.
                let (inner, height) = self.expression(Op::Power.rank())?;
                Ok((Node::call("NOT", vec![inner]), height + 1))
            }
            Token::Op(Op::Add) => self.expression(Op::Power.rank()),
            Token::Op(Op::Sub) => {
                let (inner, height) = self.expression(Op::Power.rank())?;
                Ok(match inner {
                    Node::Number(number) => (Node::Number(-number), 1),
                    inner => {
                        let zero = Box::new(Node::Number(Decimal::ZERO));
                        (Node::Binary(Op::Sub, zero, Box::new(inner)), height + 1)
                    }
                })
            }
            Token::Name(name) => {
                if let Some((open, _)) = self.tokens.next_if(|(_, next)| *next == Token::Open) {
                    return self.arguments(&name, open);
                }
                Ok((
                    match name.to_ascii_uppercase().as_str() {
                        "TRUE" => Node::Bool(true),
                        "FALSE" => Node::Bool(false),
                        "NULL" => Node::Text(String::new()),
                        _ => Node::Field(name),
                    },
                    1,
                ))
            }
            other => {
                Err(format!("{} at character {at} stands where a value is missing", other.said()))
            }
        }
    }

    fn arguments(&mut self, name: &str, at: usize) -> Parsed {
        let mut arguments = Vec::new();
        let mut height = 0;
        if self.tokens.next_if(|(_, next)| *next == Token::Close).is_none() {
            loop {
                let (argument, other) = self.expression(0)?;
                arguments.push(argument);
                height = height.max(other);
                if self.tokens.next_if(|(_, next)| *next == Token::Comma).is_none() {
                    break;
                }
            }
            self.close(at)?;
        }
        Ok((Node::Call(name.to_ascii_uppercase(), arguments), height + 1))
    }

    fn close(&mut self, open: usize) -> Result<(), String> {
        match self.tokens.next() {
            Some((_, Token::Close)) => Ok(()),
            Some((at, other)) => Err(format!("{} at character {at} has no place", other.said())),
            None => Err(format!("what opens at character {open} is never closed")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::{Node, parse};

    fn shown(text: &str) -> String {
        fn show(node: &Node) -> String {
            match node {
                Node::Bool(value) => value.to_string(),
                Node::Number(number) => number.to_string(),
                Node::Text(text) => format!("{text:?}"),
                Node::Field(name) | Node::Picked(name) => name.clone(),
                Node::Call(name, parts) => {
                    format!("{name}({})", parts.iter().map(show).collect::<Vec<_>>().join(", "))
                }
                Node::Binary(op, a, b) => format!("[{} {op:?} {}]", show(a), show(b)),
            }
        }
        parse(text).map_or_else(|fault| format!("! {fault}"), |node| show(&node))
    }

    #[test]
    fn formulas_become_trees() {
        for (text, tree) in [
            ("and(IsBlank( Amount ),/* why */ TRUE)", "AND(ISBLANK(Amount), true)"),
            ("A && B && !C || D", "OR(AND(A, B, NOT(C)), D)"),
            ("A = 1 + 2 * 3", "[A Eq [1 Add [2 Mul 3]]]"),
            ("10 - 3 - 2 <> B^2", "[[[10 Sub 3] Sub 2] Ne [B Power 2]]"),
            ("(1 + 2) * -3 >= - A", "[[[1 Add 2] Mul -3] Ge [0 Sub A]]"),
            ("A == 'it\\'s \"x\"' & \"\\n\"", "[A Eq [\"it's \\\"x\\\"\" Join \"\\n\"]]"),
            (
                "NOT($Permission.X) && Account.Owner.Name != null",
                "AND(NOT($Permission.X), [Account.Owner.Name Ne \"\"])",
            ),
            ("TODAY()", "TODAY()"),
            ("F(a, (b), 1.50)", "F(a, b, 1.50)"),
            ("a/b", "[a Div b]"),
            ("商談__c = 1", "[商談__c Eq 1]"),
        ] {
            assert_eq!(shown(text), tree, "{text}");
        }
    }

    #[test]
    fn broken_formulas_are_told_with_their_place() {
        for (text, fault) in [
            ("", "it ends where a value is missing"),
            ("AND(A,", "it ends where a value is missing"),
            ("AND(A", "what opens at character 4 is never closed"),
            ("A = \"x", "the text that begins at character 5 is never closed"),
            ("A = \"x\\", "the text that begins at character 5 is never closed"),
            ("A /* x", "the comment at character 3 is never closed"),
            ("あ = ;", "`;` at character 5 means nothing in a formula"),
            ("A B", "`B` at character 3 has no place"),
            ("A = )", "`)` at character 5 stands where a value is missing"),
            ("1.2.3", "`1.2.3` at character 1 is no number"),
            ("{!Amount} > 1", "`{` at character 1 means nothing in a formula"),
        ] {
            assert_eq!(shown(text), format!("! {fault}"), "{text}");
        }
    }

    #[test]
    fn hostile_formulas_are_bounded() {
        let deep = format!("{}A{}", "NOT(".repeat(1_000), ")".repeat(1_000));
        assert_eq!(parse(&deep).unwrap_err(), "it is nested too deep");
        assert_eq!(parse(&"(".repeat(10_000)).unwrap_err(), "it is nested too deep");
        assert_eq!(parse(&"!".repeat(10_000)).unwrap_err(), "it is nested too deep");
        assert_eq!(parse(&"1-".repeat(9_000)).unwrap_err(), "it is nested too deep");
        assert_eq!(parse(&"A".repeat(1_000_000)).unwrap_err(), "it has more than 20000 characters");
        // Long, and flat.
        let flat = format!("{}A", "A && ".repeat(3_000));
        assert!(matches!(parse(&flat).unwrap(), Node::Call(_, parts) if parts.len() == 3_001));
    }
}
