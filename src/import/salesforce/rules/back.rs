//! What a rule lets go because records are brought back: those are moves of what they went on as, and
//! none of their own.

use rust_decimal::Decimal;

use super::super::super::report::{Report, code};
use super::super::formula::{Node, Op};
use super::Rule;

/// The formula without its last part, and the values that this part lets go; none when somebody has
/// changed it, so that the part names more than values of the stage.
pub(super) fn apart(node: &Node, stage_field: &str) -> Option<(Node, Vec<String>)> {
    let Node::Call(name, parts) = node else { return None };
    let (Node::Call(not, of), rest) = parts.split_last()? else { return None };
    let ([open], "AND", "NOT") = (of.as_slice(), name.as_str(), not.as_str()) else { return None };
    let is_stage =
        |node: &Node| matches!(node, Node::Field(field) if field.eq_ignore_ascii_case(stage_field));
    let values = match open {
        Node::Call(name, values) if name == "OR" => {
            values.iter().map(|one| value(one, &is_stage)).collect::<Option<Vec<_>>>()?
        }
        Node::Binary(Op::Eq, table, one) if **one == Node::Number(Decimal::ONE) => {
            listed(table, &is_stage)?
        }
        one => vec![value(one, &is_stage)?],
    };
    Some((Node::call("AND", rest.to_vec()), values))
}

/// The value, if this asks whether the stage is that.
fn value(node: &Node, is_stage: &dyn Fn(&Node) -> bool) -> Option<String> {
    match node {
        Node::Call(name, of) if name == "ISPICKVAL" => match of.as_slice() {
            [field, Node::Text(value)] if is_stage(field) => Some(value.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The values of a table that gives 1 for each of them and 0 for any other, as a build writes a long list.
fn listed(table: &Node, is_stage: &dyn Fn(&Node) -> bool) -> Option<Vec<String>> {
    let Node::Call(name, of) = table else { return None };
    let ([field, ways @ .., Node::Number(other)], "CASE") = (of.as_slice(), name.as_str()) else {
        return None;
    };
    let value = |way: &[Node]| match way {
        [Node::Text(value), Node::Number(one)] if *one == Decimal::ONE => Some(value.clone()),
        _ => None,
    };
    (is_stage(field) && other.is_zero()).then(|| ways.chunks(2).map(value).collect()).flatten()
}

/// Which moves those are is lost: the source does not say what leads back.
pub(super) fn tell(rule: &Rule, values: &[String], report: &mut Report) {
    let values: Vec<String> = values.iter().map(|value| code(value)).collect();
    let text = format!(
        "the rule {} also lets go what is brought back to {}: that is a move of the record which this one went on as, and the source does not say from which of its stages",
        code(&rule.name),
        values.join(", ")
    );
    report.dropped_once(&rule.place.to_string(), text);
}
