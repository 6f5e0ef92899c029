//! What a rule lets go because records are brought back: those are moves of what they went on as, and
//! none of their own.

use super::super::super::report::{Report, code};
use super::super::formula::Node;
use super::Rule;

/// The formula without its last part, and the values that this part lets go; none when somebody has
/// changed it, so that the part names more than values of the stage.
pub(super) fn apart(node: &Node, stage_field: &str) -> Option<(Node, Vec<String>)> {
    let Node::Call(name, parts) = node else { return None };
    let (Node::Call(not, of), rest) = parts.split_last()? else { return None };
    let ([open], "AND", "NOT") = (of.as_slice(), name.as_str(), not.as_str()) else { return None };
    let values = match open {
        Node::Call(name, values) if name == "OR" => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    let value = |node: &Node| match node {
        Node::Call(name, of) if name == "ISPICKVAL" => match of.as_slice() {
            [Node::Field(field), Node::Text(value)] if field.eq_ignore_ascii_case(stage_field) => {
                Some(value.clone())
            }
            _ => None,
        },
        _ => None,
    };
    let values = values.iter().map(value).collect::<Option<Vec<_>>>()?;
    Some((Node::call("AND", rest.to_vec()), values))
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
