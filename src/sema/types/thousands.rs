//! Amounts in a list whose thousands are set apart by a comma: `in [1,000 EUR]` reads as two values.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::model::Type;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Literal};
use crate::syntax::habits::underscored;

/// The findings of a list of such values. Empty when every comma stands between two of them.
pub(super) fn in_list(list: &[Expr], ty: Type) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut rest = list;
    while let Some((_, behind)) = rest.split_first() {
        rest = match run(rest, ty) {
            Some((length, finding)) => {
                findings.push(finding);
                rest.get(length..).unwrap_or(&[])
            }
            None => behind,
        };
    }
    findings
}

/// An item of the list, as long as it may be digits of a longer number.
struct Digits {
    value: Decimal,
    /// How many are written.
    count: usize,
    span: Span,
    currency: Option<String>,
}

/// The number that begins a list and goes on behind its commas: of how many items it is made, and
/// what is to be said. Between values that people mean there is a space, or each has its currency;
/// of plain numbers only a zero in front, as in `1,000`, tells that they are one.
fn run(list: &[Expr], ty: Type) -> Option<(usize, Diagnostic)> {
    let first = digits(list.first()?).filter(|first| first.count <= 3)?;
    if first.currency.is_some() || first.value.is_zero() {
        return None;
    }
    let (mut value, mut span, mut length) = (first.value, first.span, 1);
    let mut written = first.value.to_string();
    let (mut currency, mut zero) = (None, false);
    for item in list.iter().skip(1) {
        let Some(next) = digits(item) else { break };
        let joins = next.span.start == span.end + 1 && next.count == 3;
        if !joins || currency.is_some() {
            break;
        }
        value = value.checked_mul(Decimal::ONE_THOUSAND)?.checked_add(next.value)?;
        written.push_str(&format!(",{:0>3}", next.value.to_string()));
        zero |= next.value < Decimal::ONE_HUNDRED;
        (span, length, currency) = (span.to(next.span), length + 1, next.currency);
    }
    let is_one = match ty {
        Type::Money => currency.is_some(),
        Type::Number | Type::Integer => zero && currency.is_none(),
        _ => false,
    };
    if length < 2 || !is_one {
        return None;
    }
    let unit = currency.map_or(String::new(), |code| format!(" {code}"));
    let right = format!("{}{unit}", underscored(value));
    let what = if unit.is_empty() { "number" } else { "amount" };
    let finding = Diagnostic::new(
        codes::TYPE_MISMATCH,
        span,
        format!("the {what} `{written}{unit}` is written `{right}`"),
    )
    .reason("in a list, a comma stands between two values")
    .help(format!("write `{right}`"));
    let edit = Edit { span, replacement: right.clone() };
    Some((length, finding.fix(format!("write `{right}`"), Safety::Unsafe, vec![edit])))
}

fn digits(item: &Expr) -> Option<Digits> {
    let (value, currency) = match &item.kind {
        ExprKind::Literal(Literal::Number(value)) => (*value, None),
        ExprKind::Literal(Literal::Money(money)) => {
            (money.amount, Some(money.currency.to_string()))
        }
        _ => return None,
    };
    let unit = currency.as_ref().map_or(0, |code| code.len() + 1);
    let count = item.span.len().checked_sub(unit)?;
    // Digits alone: no sign, no point, nothing that sets them apart already.
    let plain = value.scale() == 0 && value >= Decimal::ZERO;
    let fits = value.to_string().len() <= count && count <= 3;
    (plain && fits).then_some(Digits { value, count, span: item.span, currency })
}
