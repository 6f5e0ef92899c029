//! The fields without which a condition cannot hold. Where one of them is empty, saying that the
//! condition does not hold would send people to look for what is wrong with its value.

use crate::emit::crm::one_line;
use crate::model::{Expr, ExprKind, FieldId, Process, RecordId, Type};

/// The fields, in the order in which the condition names them.
pub(super) fn needed(condition: &Expr) -> Vec<FieldId> {
    let mut found = Vec::new();
    match &condition.kind {
        ExprKind::And(all) => found.extend(all.iter().flat_map(needed)),
        ExprKind::Or(any) => {
            let mut each = any.iter().map(needed);
            found.extend(each.next().unwrap_or_default());
            for other in each {
                found.retain(|field| other.contains(field));
            }
        }
        // What is true of lengths of time is not told by one value alone.
        ExprKind::Compare(a, _, b) if a.ty != Type::Duration => {
            read(a, &mut found);
            read(b, &mut found);
        }
        ExprKind::Between(x, low, high) if x.ty != Type::Duration => {
            for part in [x, low, high] {
                read(part, &mut found);
            }
        }
        ExprKind::In(x, _) if x.ty != Type::Duration => read(x, &mut found),
        ExprKind::Presence(x, true) | ExprKind::Within(x, ..) => read(x, &mut found),
        ExprKind::Not(inner) => {
            if let ExprKind::Presence(x, false) = &inner.kind {
                read(x, &mut found);
            }
        }
        ExprKind::Field(field) => found.push(*field),
        _ => {}
    }
    let mut seen = Vec::new();
    found.retain(|field| {
        let is_new = !seen.contains(field);
        seen.push(*field);
        is_new
    });
    found
}

/// The fields without which a value is missing.
fn read(value: &Expr, found: &mut Vec<FieldId>) {
    match &value.kind {
        ExprKind::Field(field) | ExprKind::Elapsed { field, .. } => found.push(*field),
        ExprKind::Negate(x) => read(x, found),
        ExprKind::Arithmetic(a, _, b) => {
            read(a, found);
            read(b, found);
        }
        _ => {}
    }
}

/// Whether a condition asks for nothing but that fields are filled.
pub(super) fn only_presence(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::And(all) => all.iter().all(only_presence),
        ExprKind::Presence(x, true) => matches!(x.kind, ExprKind::Field(_)),
        _ => false,
    }
}

/// A field that is empty, as the end of a sentence about a record.
pub(super) fn told(process: &Process, field: FieldId, record: RecordId) -> String {
    let of = &process.fields[field];
    let title = one_line(&of.title.value);
    let known = if of.record == record {
        if title == of.name { String::new() } else { format!(" ({})", of.name) }
    } else {
        format!(" ({}.{})", process.records[of.record].name, of.name)
    };
    format!("\"{title}\"{known} is empty")
}
