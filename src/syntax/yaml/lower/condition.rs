//! Conditions: as the DSL writes them, as a list, or as a mapping of `all`, `any` and `not`.

use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::dsl::fragment;

use super::super::reader::Reader;
use super::super::table::{EXPR, Shape};
use super::super::tree::NodeRef;

/// A condition.
pub(super) fn condition<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Expr> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::expr);
    }
    if node.items().is_some() {
        return joined(reader, node, ExprKind::And);
    }
    let span = node.target().span();
    let first = *reader.open(&EXPR, node, "this condition", node.span())?.first()?;
    match first.key.name {
        "all" => joined(reader, first.value, ExprKind::And),
        "any" => joined(reader, first.value, ExprKind::Or),
        _ => {
            let inner = condition(reader, first.value)?;
            Some(Expr { kind: ExprKind::Not(Box::new(inner)), span })
        }
    }
}

/// The conditions that a transition's `when` lists; each stands for itself.
pub(super) fn conditions<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Expr> {
    let nodes = reader.list(node, &Shape::Expr);
    nodes.into_iter().filter_map(|node| condition(reader, node)).collect()
}

fn joined<'t>(
    reader: &mut Reader<'t>,
    node: NodeRef<'t>,
    join: fn(Vec<Expr>) -> ExprKind,
) -> Option<Expr> {
    let faults = reader.faults;
    let mut parts = conditions(reader, node);
    match parts.len() {
        0 => {
            if reader.faults == faults {
                reader.wrong_shape(node.span(), "this list", "a list of conditions");
            }
            None
        }
        1 => parts.pop(),
        _ => {
            let span = node.target().span();
            Some(Expr { kind: join(parts), span })
        }
    }
}
