//! Conditions on fields: what a formula asks, checked against the types of the fields, and said in
//! the language.
//!
//! In Salesforce nobody promises what a comparison with a blank number or date gives. So a formula
//! counts as exact only when its answer does not hang on that: own formulas ask `ISBLANK` first. Else
//! it is read so that it refuses less, never more: see `Read`.

use rust_decimal::Decimal;

use crate::model::CompareOp;
use crate::syntax::dsl::is_hidden;

use super::super::report::code;
use super::fields::{Field, Fields, Kind};
use super::formula::{Node, Op};
use super::simplify::{negated, simplified};
use super::values::{Value, compared, value};

/// The most different questions that are tried out with every answer.
const MOST_ATOMS: usize = 12;

/// A condition. Fields are known by their API names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cond {
    Bool(bool),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Present(String, bool),
    /// A checkbox that is set.
    Flag(String),
    /// False when a side is missing.
    Compare(Value, CompareOp, Value),
    /// A picklist or a list of options has one of these.
    Has(String, Vec<String>),
    /// A date or point in time lies within so many seconds, after now or before.
    Within(String, bool, Decimal),
}

/// A formula that is understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    /// What must hold for the formula not to fire.
    pub(super) passes: Cond,
    /// Whether it says so for every record; else a blank value that is compared passes.
    pub(super) exact: bool,
}

/// What must hold so that the formula does not fire; or why it is not understood.
pub(super) fn read(formula: &Node, fields: &Fields) -> Result<Read, String> {
    // Before anything is said shorter: a guard that seems to be said twice is what makes it exact.
    let fires = translated(formula, fields).map_err(|why| beyond(formula).unwrap_or(why))?;
    let exact = is_exact(&fires, fields);
    let fires = if exact { fires } else { surely(fires, fields, true) };
    Ok(Read { passes: simplified(negated(simplified(fires))), exact })
}

/// What lies beyond any record of the object: that tells more than which part could not be read first.
fn beyond(formula: &Node) -> Option<String> {
    let mut found: Option<String> = None;
    formula.walk(&mut |part| match part {
        Node::Field(name) => {
            let lower = name.to_ascii_lowercase();
            let people = ["$user.", "$userrole.", "$profile.", "$organization.", "$api."];
            if people.iter().any(|start| lower.starts_with(start)) {
                found.get_or_insert_with(|| {
                    format!("it asks who saves the record, or where: {}", code(name))
                });
            }
        }
        Node::Call(name, _) if matches!(name.as_str(), "REGEX" | "VLOOKUP") => {
            found.get_or_insert_with(|| format!("the function {} is not read", code(name)));
        }
        _ => {}
    });
    found
}

/// A formula as it is written.
pub(super) fn translated(node: &Node, fields: &Fields) -> Result<Cond, String> {
    let each = |parts: &[Node]| -> Result<Vec<Cond>, String> {
        parts.iter().map(|part| translated(part, fields)).collect()
    };
    match node {
        Node::Bool(value) => Ok(Cond::Bool(*value)),
        Node::Field(name) => {
            let field = fields.named(name)?;
            match field.kind {
                Kind::Boolean => Ok(Cond::Flag(field.api.clone())),
                _ => Err(format!("{} is no checkbox", code(name))),
            }
        }
        Node::Binary(op, a, b) => comparison(*op, a, b, fields),
        Node::Call(name, parts) => match (name.as_str(), parts.as_slice()) {
            ("AND", parts) => Ok(Cond::And(each(parts)?)),
            ("OR", parts) => Ok(Cond::Or(each(parts)?)),
            ("NOT", [x]) => Ok(Cond::Not(Box::new(translated(x, fields)?))),
            ("IF", [when, then, otherwise]) => {
                let when = translated(when, fields)?;
                let not = Cond::Not(Box::new(when.clone()));
                Ok(Cond::Or(vec![
                    Cond::And(vec![when, translated(then, fields)?]),
                    Cond::And(vec![not, translated(otherwise, fields)?]),
                ]))
            }
            ("ISPICKVAL", [Node::Field(name), Node::Text(value)]) => {
                let field = fields.named(name)?;
                match field.kind {
                    Kind::OneOf => option(field, value),
                    _ => Err(format!("{} is no picklist", code(name))),
                }
            }
            ("INCLUDES", [Node::Field(name), Node::Text(value)]) => {
                let field = fields.named(name)?;
                match field.kind {
                    Kind::ManyOf if field.has(value) => {
                        Ok(Cond::Has(field.api.clone(), vec![value.clone()]))
                    }
                    Kind::ManyOf => Err(no_option(field, value)),
                    _ => Err(format!("{} is no list of options", code(name))),
                }
            }
            ("ISBLANK" | "ISNULL", [x]) => blank(x, name == "ISNULL", fields),
            ("ISCHANGED" | "PRIORVALUE", _) => Err("it asks what a field was before".to_owned()),
            (name, _) => Err(format!("the function {} is not read", code(name))),
        },
        Node::Number(_) | Node::Text(_) => {
            Err("a value stands where a condition is wanted".to_owned())
        }
        Node::Picked(_) => Err(STAGE.to_owned()),
    }
}

/// Why the stage has no place here.
pub(super) const STAGE: &str = "it reads the stage in a way that is not understood";

fn option(field: &Field, value: &str) -> Result<Cond, String> {
    if value.is_empty() {
        return Ok(Cond::Present(field.api.clone(), false));
    }
    if !field.has(value) {
        return Err(no_option(field, value));
    }
    Ok(Cond::Has(field.api.clone(), vec![value.to_owned()]))
}

fn no_option(field: &Field, value: &str) -> String {
    if field.options.is_empty() {
        return format!("the options of {} are not in the source", code(&field.api));
    }
    format!("{} is no option of {}", code(value), code(&field.api))
}

fn blank(x: &Node, null: bool, fields: &Fields) -> Result<Cond, String> {
    let (name, as_text) = match x {
        Node::Field(name) => (name, false),
        Node::Call(function, parts) if function == "TEXT" => match parts.as_slice() {
            [Node::Field(name)] => (name, true),
            _ => return Err("it asks whether something computed is blank".to_owned()),
        },
        _ => return Err("it asks whether something computed is blank".to_owned()),
    };
    let field = fields.named(name)?;
    match &field.kind {
        // A text is never null, and neither is a checkbox; so says Salesforce's own reference.
        Kind::Text if null => Ok(Cond::Bool(false)),
        Kind::OneOf if null && as_text => Ok(Cond::Bool(false)),
        Kind::Boolean => Ok(Cond::Bool(false)),
        // Whether a link is there can be asked, whatever it leads to.
        Kind::Other(kind) if !matches!(kind.as_str(), "Lookup" | "MasterDetail") => {
            Err(field.unread())
        }
        _ => Ok(Cond::Present(field.api.clone(), false)),
    }
}

fn comparison(op: Op, a: &Node, b: &Node, fields: &Fields) -> Result<Cond, String> {
    let Some(op) = compare_op(op) else {
        return Err("a value stands where a condition is wanted".to_owned());
    };
    // What is constant stands on the right.
    if matches!(a, Node::Text(_) | Node::Bool(_) | Node::Number(_))
        && !matches!(b, Node::Text(_) | Node::Bool(_) | Node::Number(_))
    {
        return comparison_of(turned(op), b, a, fields);
    }
    comparison_of(op, a, b, fields)
}

fn comparison_of(op: CompareOp, a: &Node, b: &Node, fields: &Fields) -> Result<Cond, String> {
    let not = |cond: Cond| Cond::Not(Box::new(cond));
    let equal = match op {
        CompareOp::Eq => Some(true),
        CompareOp::Ne => Some(false),
        _ => None,
    };
    match (a, b, equal) {
        (_, Node::Text(text), Some(equal)) => {
            let is = text_is(a, text, fields)?;
            Ok(if equal { is } else { not(is) })
        }
        (_, Node::Bool(value), Some(equal)) => {
            let holds = translated(a, fields)?;
            Ok(if *value == equal { holds } else { not(holds) })
        }
        (Node::Call(function, parts), Node::Number(number), _) if function == "LEN" => {
            length(parts, op, *number, fields)
        }
        _ => {
            let (a, b) = (value(a, fields)?, value(b, fields)?);
            compared(a, op, b).map(|(a, op, b)| Cond::Compare(a, op, b))
        }
    }
}

/// Texts are never unknown: a blank one is the empty text.
fn text_is(a: &Node, text: &str, fields: &Fields) -> Result<Cond, String> {
    if text.chars().any(is_hidden) {
        return Err("it compares with characters that nobody sees".to_owned());
    }
    let odd = || format!("it compares something else than a field with the text {}", code(text));
    let (name, as_text) = match a {
        Node::Field(name) => (name, false),
        Node::Call(function, parts) if function == "TEXT" => match parts.as_slice() {
            [Node::Field(name)] => (name, true),
            [Node::Picked(_)] => return Err(STAGE.to_owned()),
            _ => return Err(odd()),
        },
        Node::Picked(_) => return Err(STAGE.to_owned()),
        Node::Call(function, _) if function == "PRIORVALUE" => {
            return Err("it asks what a field was before".to_owned());
        }
        _ => return Err(odd()),
    };
    let field = fields.named(name)?;
    match (&field.kind, as_text) {
        (Kind::OneOf, true) => option(field, text),
        (Kind::Text, false) if text.is_empty() => Ok(Cond::Present(field.api.clone(), false)),
        (Kind::Text, false) => {
            let value = Value::Text(text.to_owned());
            Ok(Cond::Compare(Value::Field(field.api.clone()), CompareOp::Eq, value))
        }
        (Kind::Other(_), _) => Err(field.unread()),
        _ => Err(format!("{} is compared with a text", code(name))),
    }
}

/// `LEN(x) = 0` and its like ask whether a text is there.
fn length(parts: &[Node], op: CompareOp, number: Decimal, fields: &Fields) -> Result<Cond, String> {
    let name = match parts {
        [Node::Field(name)] => name,
        [Node::Call(text, inner)] if text == "TEXT" => match inner.as_slice() {
            [Node::Field(name)] => name,
            _ => return Err("it measures something else than a field".to_owned()),
        },
        _ => return Err("it measures something else than a field".to_owned()),
    };
    let field = fields.named(name)?;
    if !matches!(field.kind, Kind::Text | Kind::OneOf) {
        return Err(format!("it measures {}, which is no text", code(name)));
    }
    let (zero, one) = (number.is_zero(), number == Decimal::ONE);
    let present = match op {
        CompareOp::Eq | CompareOp::Le if zero => false,
        CompareOp::Lt if one => false,
        CompareOp::Ne | CompareOp::Gt if zero => true,
        CompareOp::Ge if one => true,
        _ => return Err(format!("it asks how long {} is", code(name))),
    };
    Ok(Cond::Present(field.api.clone(), present))
}

pub(super) fn compare_op(op: Op) -> Option<CompareOp> {
    Some(match op {
        Op::Eq => CompareOp::Eq,
        Op::Ne => CompareOp::Ne,
        Op::Lt => CompareOp::Lt,
        Op::Le => CompareOp::Le,
        Op::Gt => CompareOp::Gt,
        Op::Ge => CompareOp::Ge,
        _ => return None,
    })
}

/// The comparison from the other side.
pub(super) fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

/// The fields whose absence makes the answer of a comparison uncertain.
fn doubtful<'c>(cond: &'c Cond, fields: &Fields) -> Vec<&'c str> {
    let Cond::Compare(a, _, b) = cond else { return Vec::new() };
    let mut read = a.fields();
    read.extend(b.fields());
    read.retain(|api| {
        fields.get(api).is_some_and(|field| {
            !field.never_blank
                && !matches!(field.kind, Kind::Text | Kind::OneOf | Kind::Boolean | Kind::ManyOf)
        })
    });
    read
}

/// The questions of which a condition is made, each once; then presence of what is doubtful.
fn atoms(cond: &Cond, fields: &Fields, out: &mut Vec<Cond>) {
    let mut add = |atom: Cond| {
        if !out.contains(&atom) {
            out.push(atom);
        }
    };
    match cond {
        Cond::Bool(_) => {}
        Cond::And(parts) | Cond::Or(parts) => {
            for part in parts {
                atoms(part, fields, out);
            }
        }
        Cond::Not(x) => atoms(x, fields, out),
        Cond::Present(api, _) => add(Cond::Present(api.clone(), true)),
        Cond::Compare(..) => {
            for api in doubtful(cond, fields) {
                add(Cond::Present(api.to_owned(), true));
            }
            add(cond.clone());
        }
        Cond::Flag(_) | Cond::Has(..) | Cond::Within(..) => add(cond.clone()),
    }
}

/// Whether the answer is certain for every record, however comparisons with blanks come out.
fn is_exact(cond: &Cond, fields: &Fields) -> bool {
    let mut questions = Vec::new();
    atoms(cond, fields, &mut questions);
    if !questions.iter().any(|atom| !doubtful(atom, fields).is_empty()) {
        return true;
    }
    if questions.len() > MOST_ATOMS {
        return false;
    }
    (0u32..1 << questions.len()).all(|answers| {
        let answer = |wanted: &Cond| {
            let at = questions.iter().position(|atom| atom == wanted);
            at.is_some_and(|at| answers & (1 << at) != 0)
        };
        known(cond, fields, &answer).is_some()
    })
}

/// The answer under certain answers to its questions; none when it is uncertain.
fn known(cond: &Cond, fields: &Fields, answer: &dyn Fn(&Cond) -> bool) -> Option<bool> {
    match cond {
        Cond::Bool(value) => Some(*value),
        Cond::Not(x) => known(x, fields, answer).map(|value| !value),
        Cond::And(parts) => among(parts, fields, answer, false),
        Cond::Or(parts) => among(parts, fields, answer, true),
        Cond::Present(api, present) => Some(answer(&Cond::Present(api.clone(), true)) == *present),
        Cond::Compare(..) => {
            let there = |api: &&str| answer(&Cond::Present((*api).to_owned(), true));
            doubtful(cond, fields).iter().all(there).then(|| answer(cond))
        }
        Cond::Flag(_) | Cond::Has(..) | Cond::Within(..) => Some(answer(cond)),
    }
}

fn among(
    parts: &[Cond],
    fields: &Fields,
    answer: &dyn Fn(&Cond) -> bool,
    decides: bool,
) -> Option<bool> {
    let mut certain = true;
    for part in parts {
        match known(part, fields, answer) {
            Some(value) if value == decides => return Some(decides),
            Some(_) => {}
            None => certain = false,
        }
    }
    certain.then_some(!decides)
}

/// The condition as it surely holds (`holds`), or surely does not: comparisons with blanks decide
/// against it.
fn surely(cond: Cond, fields: &Fields, holds: bool) -> Cond {
    match cond {
        Cond::And(parts) => {
            Cond::And(parts.into_iter().map(|part| surely(part, fields, holds)).collect())
        }
        Cond::Or(parts) => {
            Cond::Or(parts.into_iter().map(|part| surely(part, fields, holds)).collect())
        }
        Cond::Not(x) => Cond::Not(Box::new(surely(*x, fields, !holds))),
        compare @ Cond::Compare(..) if !holds => {
            let missing: Vec<Cond> = doubtful(&compare, fields)
                .into_iter()
                .map(|api| Cond::Present(api.to_owned(), false))
                .collect();
            if missing.is_empty() {
                return compare;
            }
            let mut parts = vec![compare];
            parts.extend(missing);
            Cond::Or(parts)
        }
        other => other,
    }
}

impl Cond {
    /// The fields that are surely there when the condition holds.
    pub(super) fn implied(&self) -> Vec<&str> {
        match self {
            Cond::Compare(a, _, b) => {
                let mut all = a.fields();
                all.extend(b.fields());
                all
            }
            Cond::Has(api, _) | Cond::Within(api, ..) => vec![api],
            Cond::Present(api, true) => vec![api],
            Cond::And(parts) => parts.iter().flat_map(Cond::implied).collect(),
            _ => Vec::new(),
        }
    }

    /// Every field it reads.
    pub(super) fn fields(&self) -> Vec<&str> {
        match self {
            Cond::Bool(_) => Vec::new(),
            Cond::And(parts) | Cond::Or(parts) => parts.iter().flat_map(Cond::fields).collect(),
            Cond::Not(x) => x.fields(),
            Cond::Present(api, _) | Cond::Flag(api) | Cond::Has(api, _) | Cond::Within(api, ..) => {
                vec![api]
            }
            Cond::Compare(a, _, b) => {
                let mut all = a.fields();
                all.extend(b.fields());
                all
            }
        }
    }
}
