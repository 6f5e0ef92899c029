//! The same condition, said shorter.

use rust_decimal::Decimal;

use super::condition::Cond;
use super::values::Value;
use crate::model::CompareOp;

/// The opposite, with `not` moved inside.
pub(super) fn negated(cond: Cond) -> Cond {
    match cond {
        Cond::Bool(value) => Cond::Bool(!value),
        Cond::Not(x) => *x,
        Cond::Present(api, present) => Cond::Present(api, !present),
        Cond::And(parts) => Cond::Or(parts.into_iter().map(negated).collect()),
        Cond::Or(parts) => Cond::And(parts.into_iter().map(negated).collect()),
        other => Cond::Not(Box::new(other)),
    }
}

/// The same condition, said shorter.
pub(super) fn simplified(cond: Cond) -> Cond {
    match cond {
        Cond::Not(x) => match simplified(*x) {
            simple @ (Cond::Bool(_) | Cond::Not(_) | Cond::Present(..)) => negated(simple),
            other => Cond::Not(Box::new(other)),
        },
        Cond::And(parts) => {
            let mut kept = flat(parts, true);
            if let Some(decided) = kept.iter().position(|part| *part == Cond::Bool(false)) {
                return kept.swap_remove(decided);
            }
            guarded(&mut kept);
            windows(&mut kept);
            one_or(kept, Cond::And, true)
        }
        Cond::Or(parts) => {
            let mut kept = flat(parts, false);
            if let Some(decided) = kept.iter().position(|part| *part == Cond::Bool(true)) {
                return kept.swap_remove(decided);
            }
            // `not (x > 5)` holds for a missing x already.
            let lone: Vec<String> = kept
                .iter()
                .filter_map(|part| match part {
                    Cond::Not(x) => match x.implied().as_slice() {
                        [] => None,
                        of => Some(of.iter().map(|api| (*api).to_owned()).collect::<Vec<_>>()),
                    },
                    _ => None,
                })
                .flatten()
                .collect();
            kept.retain(|part| !matches!(part, Cond::Present(api, false) if lone.contains(api)));
            one_or(gathered(kept), Cond::Or, false)
        }
        other => other,
    }
}

/// Parts simplified, in one level, each once, without what decides nothing.
fn flat(parts: Vec<Cond>, neutral: bool) -> Vec<Cond> {
    let mut kept: Vec<Cond> = Vec::new();
    for part in parts {
        let inner = match (simplified(part), neutral) {
            (Cond::And(inner), true) | (Cond::Or(inner), false) => inner,
            (other, _) => vec![other],
        };
        for part in inner {
            if part != Cond::Bool(neutral) && !kept.contains(&part) {
                kept.push(part);
            }
        }
    }
    kept
}

/// `x = a or x = b` is `x in [a, b]`.
fn gathered(kept: Vec<Cond>) -> Vec<Cond> {
    let mut out: Vec<Cond> = Vec::new();
    for part in kept {
        let Cond::Has(api, values) = &part else {
            out.push(part);
            continue;
        };
        let same = out.iter_mut().find_map(|other| match other {
            Cond::Has(of, known) if of == api => Some(known),
            _ => None,
        });
        match same {
            Some(known) => {
                for value in values {
                    if !known.contains(value) {
                        known.push(value.clone());
                    }
                }
            }
            None => out.push(part),
        }
    }
    out
}

fn one_or(mut kept: Vec<Cond>, many: impl Fn(Vec<Cond>) -> Cond, neutral: bool) -> Cond {
    match kept.len() {
        0 => Cond::Bool(neutral),
        1 => kept.pop().unwrap_or(Cond::Bool(neutral)),
        _ => many(kept),
    }
}

/// Among parts that all hold: a comparison asks for its values itself, so `is present` beside it is
/// said twice; and where the values are there, `not (x > 5)` is `x <= 5`.
fn guarded(kept: &mut Vec<Cond>) {
    let there: Vec<String> = kept
        .iter()
        .filter_map(|part| match part {
            Cond::Present(api, true) => Some(api.clone()),
            _ => None,
        })
        .collect();
    for part in kept.iter_mut() {
        let Cond::Not(inner) = part else { continue };
        let sure = inner.implied().iter().all(|api| there.iter().any(|one| one == api));
        if let (true, Cond::Compare(a, op, b)) = (sure, inner.as_ref()) {
            *part = Cond::Compare(a.clone(), opposite(*op), b.clone());
        }
    }
    let asked: Vec<String> = kept
        .iter()
        .filter(|part| !matches!(part, Cond::Present(..)))
        .flat_map(|part| part.implied().into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    kept.retain(|part| !matches!(part, Cond::Present(api, true) if asked.contains(api)));
}

/// `x >= now` with `x <= now + 3d` is a window.
fn windows(kept: &mut Vec<Cond>) {
    let mut at = 0;
    while let Some(first) = kept.get(at) {
        let near = first.edge().filter(|edge| edge.length.is_zero());
        let far = near.and_then(|near| {
            kept.iter().position(|other| {
                other.edge().is_some_and(|far| {
                    far.field == near.field
                        && far.after == near.after
                        && far.far
                        && !far.length.is_zero()
                })
            })
        });
        let window = far
            .and_then(|far| kept.get(far))
            .and_then(Cond::edge)
            .map(|edge| Cond::Within(edge.field.to_owned(), edge.after, edge.length));
        if let (Some(far), Some(window)) = (far, window) {
            let (first, second) = (at.min(far), at.max(far));
            kept.remove(second);
            if let Some(place) = kept.get_mut(first) {
                *place = window;
            }
        }
        at += 1;
    }
}

/// One end of a window.
struct Edge<'c> {
    field: &'c str,
    /// Whether the window opens at now and reaches into the future.
    after: bool,
    /// How far from now, in seconds.
    length: Decimal,
    /// Whether it is the far end.
    far: bool,
}

impl Cond {
    fn edge(&self) -> Option<Edge<'_>> {
        let Cond::Compare(a, op, b) = self else { return None };
        match (a, b) {
            // Seconds since or until.
            (Value::Elapsed { field, since, seconds, days: false }, Value::Number(length)) => {
                let length = length.checked_mul(*seconds)?;
                let far = match op {
                    CompareOp::Ge if length.is_zero() => false,
                    CompareOp::Le if length.is_sign_positive() && !length.is_zero() => true,
                    _ => return None,
                };
                Some(Edge { field, after: !since, length, far })
            }
            (Value::Field(field), Value::Today) => match op {
                CompareOp::Ge => {
                    Some(Edge { field, after: true, length: Decimal::ZERO, far: false })
                }
                CompareOp::Le => {
                    Some(Edge { field, after: false, length: Decimal::ZERO, far: false })
                }
                _ => None,
            },
            (Value::Field(field), Value::Moved(from, seconds)) if **from == Value::Today => {
                match (op, seconds.is_sign_positive()) {
                    (CompareOp::Le, true) | (CompareOp::Ge, false) => Some(Edge {
                        field,
                        after: seconds.is_sign_positive(),
                        length: seconds.abs(),
                        far: true,
                    }),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
/// The comparison that holds when this one does not, of values that are there.
fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Ne,
        CompareOp::Ne => CompareOp::Eq,
        CompareOp::Lt => CompareOp::Ge,
        CompareOp::Le => CompareOp::Gt,
        CompareOp::Gt => CompareOp::Le,
        CompareOp::Ge => CompareOp::Lt,
    }
}
