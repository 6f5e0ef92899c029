//! A formula in one situation: a record that moves from one stage to another, or is new. What the
//! situation decides becomes a constant; what is left asks for fields.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::formula::{Node, Op};

/// The field of the record type.
const RECORD_TYPE: &str = "RecordTypeId";

/// Whether a formula asks if the record gets another record type.
pub(super) fn asks_type_change(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |part| {
        found |= matches!(part, Node::Call(name, of) if name == "ISCHANGED"
            && matches!(of.as_slice(), [Node::Field(field)] if field.eq_ignore_ascii_case(RECORD_TYPE)));
    });
    found
}

/// What is left of a formula for a record that gets another record type, whatever its stage is and was.
pub(super) fn with_type_change(node: &Node) -> Node {
    let parts = |parts: &[Node]| parts.iter().map(with_type_change).collect::<Vec<_>>();
    match node {
        Node::Call(name, of) => match (name.as_str(), of.as_slice()) {
            ("ISNEW", []) => Node::Bool(false),
            ("ISCHANGED", [Node::Field(field)]) if field.eq_ignore_ascii_case(RECORD_TYPE) => {
                Node::Bool(true)
            }
            ("AND", of) => joined("AND", parts(of), true),
            ("OR", of) => joined("OR", parts(of), false),
            ("NOT", [x]) => not(with_type_change(x)),
            _ => Node::Call(name.clone(), parts(of)),
        },
        Node::Binary(op, a, b) => binary(*op, with_type_change(a), with_type_change(b)),
        _ => node.clone(),
    }
}

/// Which stages before make a difference to a formula, beside the one that the record has now: those that
/// it names. None when it may ask more of them than which one it is.
pub(super) fn named(node: &Node) -> Option<BTreeSet<String>> {
    let (mut texts, mut plain) = (BTreeSet::new(), true);
    node.walk(&mut |part| match part {
        Node::Call(name, _) => {
            plain &= matches!(
                name.as_str(),
                "AND"
                    | "OR"
                    | "NOT"
                    | "IF"
                    | "ISPICKVAL"
                    | "CASE"
                    | "TEXT"
                    | "PRIORVALUE"
                    | "ISCHANGED"
                    | "ISBLANK"
                    | "ISNULL"
            );
        }
        Node::Field(name) => {
            let flags = ["isclosed", "iswon", "isconverted"];
            plain &= !flags.contains(&name.trim_start_matches('$').to_ascii_lowercase().as_str());
        }
        Node::Text(text) | Node::Picked(text) => {
            texts.insert(text.clone());
        }
        Node::Binary(op, ..) => {
            plain &= matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge)
        }
        _ => {}
    });
    plain.then_some(texts)
}

/// What is known of the record that is saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation<'a> {
    /// The field of the stage.
    pub(super) stage_field: &'a str,
    /// The stage before; none for a new record.
    pub(super) from: Option<State<'a>>,
    /// The stage now.
    pub(super) to: State<'a>,
    /// Name and label of its record type, where they are known.
    pub(super) record_type: Option<(&'a str, &'a str)>,
    /// Whether the person has every permission, and every switch is on.
    pub(super) privileged: bool,
    /// Whether the record gets the record type with this save. It had another one before, so that the
    /// stage before is one of that type.
    pub(super) retyped: bool,
}

/// A stage, and what the object's own flags say in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State<'a> {
    pub(super) value: &'a str,
    pub(super) closed: bool,
    pub(super) won: bool,
    pub(super) converted: bool,
}

impl Situation<'_> {
    fn is_stage(&self, node: &Node) -> bool {
        matches!(node, Node::Field(name) if name.eq_ignore_ascii_case(self.stage_field))
    }

    fn field(&self, name: &str, state: State<'_>) -> Option<Node> {
        if name.eq_ignore_ascii_case(self.stage_field) {
            return Some(Node::Picked(state.value.to_owned()));
        }
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("$permission.") || lower.starts_with("$setup.") {
            return Some(Node::Bool(self.privileged));
        }
        Some(match (lower.trim_start_matches('$'), self.stage_field) {
            ("isclosed", "StageName") => Node::Bool(state.closed),
            ("iswon", "StageName") => Node::Bool(state.won),
            ("isconverted", "Status") => Node::Bool(state.converted),
            ("recordtype.developername", _) => Node::Text(self.record_type?.0.to_owned()),
            ("recordtype.name", _) => Node::Text(self.record_type?.1.to_owned()),
            _ => return None,
        })
    }

    /// The formula as far as the situation leaves it open.
    pub(super) fn reduce(&self, node: &Node) -> Node {
        match node {
            Node::Field(name) => self.field(name, self.to).unwrap_or_else(|| node.clone()),
            Node::Binary(op, a, b) => binary(*op, self.reduce(a), self.reduce(b)),
            Node::Call(name, arguments) => self.call(name, arguments),
            Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Picked(_) => node.clone(),
        }
    }

    fn call(&self, name: &str, arguments: &[Node]) -> Node {
        match (name, arguments) {
            ("ISNEW", []) => return Node::Bool(self.from.is_none()),
            ("ISCHANGED", [field]) if self.is_stage(field) => {
                return Node::Bool(self.from.is_some_and(|from| from.value != self.to.value));
            }
            ("ISCHANGED", [Node::Field(name)]) if name.eq_ignore_ascii_case(RECORD_TYPE) => {
                return Node::Bool(self.retyped);
            }
            // On a new record nothing has changed, and the value before is the one now.
            ("ISCHANGED", [Node::Field(_)]) if self.from.is_none() => return Node::Bool(false),
            ("PRIORVALUE", [field @ Node::Field(name)]) => {
                if let Some(known) = self.field(name, self.from.unwrap_or(self.to)) {
                    return known;
                }
                return match self.from {
                    None => field.clone(),
                    Some(_) => Node::call("PRIORVALUE", vec![field.clone()]),
                };
            }
            _ => {}
        }
        let parts: Vec<Node> = arguments.iter().map(|part| self.reduce(part)).collect();
        match (name, parts.as_slice()) {
            ("AND", _) => joined("AND", parts, true),
            ("OR", _) => joined("OR", parts, false),
            ("NOT", [x]) => not(x.clone()),
            ("IF", [Node::Bool(true), x, _] | [Node::Bool(false), _, x]) => x.clone(),
            ("IF", [_, x, same]) if x == same => x.clone(),
            ("ISPICKVAL", [Node::Picked(value), Node::Text(text)]) => Node::Bool(value == text),
            ("LEN", [Node::Text(text)]) => Node::Number(text.encode_utf16().count().into()),
            ("TEXT", [Node::Picked(value)]) => Node::Text(value.clone()),
            ("ISBLANK", [Node::Picked(value) | Node::Text(value)]) => Node::Bool(value.is_empty()),
            ("CONTAINS", [Node::Text(text), Node::Text(part) | Node::Picked(part)]) => {
                Node::Bool(text.contains(part.as_str()))
            }
            ("BEGINS", [Node::Text(text), Node::Text(part)]) => {
                Node::Bool(text.starts_with(part.as_str()))
            }
            ("CASE", [Node::Picked(value) | Node::Text(value), ways @ ..]) => {
                case(value, ways).unwrap_or(Node::Call(name.to_owned(), parts))
            }
            _ => Node::Call(name.to_owned(), parts),
        }
    }
}

/// The result that `CASE` gives for a text that is known.
fn case(value: &str, ways: &[Node]) -> Option<Node> {
    let mut rest = ways;
    loop {
        match rest {
            [Node::Text(text) | Node::Picked(text), result, more @ ..] if !more.is_empty() => {
                if text == value {
                    return Some(result.clone());
                }
                rest = more;
            }
            [otherwise] => return Some(otherwise.clone()),
            _ => return None,
        }
    }
}

pub(super) fn not(node: Node) -> Node {
    match node {
        Node::Bool(value) => Node::Bool(!value),
        Node::Call(name, mut parts) if name == "NOT" && parts.len() == 1 => {
            parts.pop().unwrap_or(Node::Bool(false))
        }
        node => Node::call("NOT", vec![node]),
    }
}

/// `AND` and `OR`, flat and without what decides nothing.
fn joined(name: &str, parts: Vec<Node>, neutral: bool) -> Node {
    let mut kept: Vec<Node> = Vec::new();
    for part in parts {
        match part {
            Node::Bool(value) if value == neutral => {}
            Node::Bool(value) => return Node::Bool(value),
            Node::Call(inner, more) if inner == name => kept.extend(more),
            part => kept.push(part),
        }
    }
    match kept.len() {
        0 => Node::Bool(neutral),
        1 => kept.pop().unwrap_or(Node::Bool(neutral)),
        _ => Node::call(name, kept),
    }
}

fn binary(op: Op, a: Node, b: Node) -> Node {
    let known = match (&a, &b) {
        (Node::Number(a), Node::Number(b)) => numbers(op, *a, *b),
        (Node::Text(a), Node::Text(b)) => match op {
            Op::Eq => Some(Node::Bool(a == b)),
            Op::Ne => Some(Node::Bool(a != b)),
            Op::Join => Some(Node::Text(format!("{a}{b}"))),
            _ => None,
        },
        (Node::Bool(a), Node::Bool(b)) => match op {
            Op::Eq => Some(Node::Bool(a == b)),
            Op::Ne => Some(Node::Bool(a != b)),
            _ => None,
        },
        _ => None,
    };
    known.unwrap_or_else(|| Node::Binary(op, Box::new(a), Box::new(b)))
}

fn numbers(op: Op, a: Decimal, b: Decimal) -> Option<Node> {
    Some(match op {
        Op::Eq => Node::Bool(a == b),
        Op::Ne => Node::Bool(a != b),
        Op::Lt => Node::Bool(a < b),
        Op::Le => Node::Bool(a <= b),
        Op::Gt => Node::Bool(a > b),
        Op::Ge => Node::Bool(a >= b),
        Op::Add => Node::Number(a.checked_add(b)?),
        Op::Sub => Node::Number(a.checked_sub(b)?),
        Op::Mul => Node::Number(a.checked_mul(b)?),
        Op::Div | Op::Join | Op::Power => return None,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::super::formula::{Node, parse};
    use super::{Situation, State, named, with_type_change};

    fn state(value: &str) -> State<'_> {
        let closed = value.starts_with("Closed");
        State { value, closed, won: value == "Closed Won", converted: false }
    }

    fn reduced(formula: &str, from: Option<&str>, to: &str) -> Node {
        let situation = Situation {
            stage_field: "StageName",
            from: from.map(state),
            to: state(to),
            record_type: Some(("New_Business", "New business")),
            privileged: false,
            retyped: false,
        };
        situation.reduce(&parse(formula).unwrap())
    }

    #[test]
    fn a_change_of_the_record_type_decides_what_it_can() {
        let left = |formula: &str| with_type_change(&parse(formula).unwrap());
        let move_only = "AND(ISCHANGED(StageName), NOT(ISCHANGED(RecordTypeId)), ISBLANK(Amount))";
        assert_eq!(left(move_only), Node::Bool(false));
        assert_eq!(
            left("AND(OR(ISNEW(), ISCHANGED(recordtypeid)), ISBLANK(Amount))"),
            parse("ISBLANK(Amount)").unwrap()
        );
        assert_eq!(left("AND(ISNEW(), ISBLANK(Amount))"), Node::Bool(false));
        let of = |formula: &str| named(&parse(formula).unwrap());
        let names = |list: &[&str]| Some(list.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(of("ISPICKVAL(PRIORVALUE(StageName), \"A\")"), names(&["A"]));
        assert_eq!(of("TEXT(StageName) = TEXT(PRIORVALUE(StageName))"), names(&[]));
        assert_eq!(of("BEGINS(TEXT(PRIORVALUE(StageName)), \"A\")"), None);
        assert_eq!(of("PRIORVALUE(IsClosed)"), None);
    }

    #[test]
    fn what_the_situation_decides_is_a_constant() {
        let blank = parse("ISBLANK(Amount)").unwrap();
        let rule =
            "AND(ISCHANGED(StageName), ISPICKVAL(PRIORVALUE(stagename), \"A\"), ISBLANK(Amount))";
        assert_eq!(reduced(rule, Some("A"), "B"), blank);
        assert_eq!(reduced(rule, Some("A"), "A"), Node::Bool(false));
        assert_eq!(reduced(rule, Some("B"), "A"), Node::Bool(false));
        assert_eq!(reduced(rule, None, "A"), Node::Bool(false));
        let order = "CASE(StageName, \"A\", 1, \"B\", 2, 0) < CASE(TEXT(PRIORVALUE(StageName)), \"A\", 1, \"B\", 2, 0)";
        assert_eq!(reduced(order, Some("B"), "A"), Node::Bool(true));
        assert_eq!(reduced(order, Some("A"), "B"), Node::Bool(false));
        assert_eq!(reduced(order, None, "B"), Node::Bool(false));
        assert_eq!(
            reduced("CONTAINS(\"A:B\", TEXT(StageName)) && ISBLANK(Amount)", None, "B"),
            blank
        );
        assert_eq!(
            reduced("IsClosed && NOT(PRIORVALUE(IsClosed))", Some("A"), "Closed Won"),
            Node::Bool(true)
        );
        assert_eq!(
            reduced("IF(ISNEW(), FALSE, $RecordType.Name <> \"New business\")", Some("A"), "B"),
            Node::Bool(false)
        );
        // 𝄞 is two, as Salesforce counts.
        assert_eq!(reduced("LEN(TEXT(StageName)) = 3", None, "A𝄞"), Node::Bool(true));
        assert_eq!(reduced("LEN(TEXT(StageName)) > 3", None, "A𝄞"), Node::Bool(false));
        assert_eq!(reduced("ISCHANGED(Amount)", None, "A"), Node::Bool(false));
        assert_eq!(
            reduced("ISCHANGED(Amount)", Some("A"), "B"),
            parse("ISCHANGED(Amount)").unwrap()
        );
    }
}
