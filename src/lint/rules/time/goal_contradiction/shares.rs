//! Parts of one whole that add up to more than the whole.

use rust_decimal::Decimal;

use crate::diag::Diagnostic;
use crate::lint::{Context, story};
use crate::logic::prove::Answer;
use crate::model::{Expr, ExprKind, FieldId, Measure, StageId, Type, Value};

use super::{Claim, RULE, finding, number};

/// A goal that asks for a part of the records, and which part.
struct Part<'c, 'a> {
    claim: &'c Claim<'a>,
    percent: Decimal,
    when: &'a Expr,
    /// The part as options of an enumeration, when it is that simple.
    options: Option<(FieldId, Vec<usize>)>,
}

/// Shares of one stage, and conversions from one stage, that must be reached together.
pub(super) fn check(
    context: &Context<'_>,
    claims: &[Claim<'_>],
    searches: &mut usize,
    findings: &mut Vec<Diagnostic>,
) {
    let parts: Vec<Part<'_, '_>> = claims.iter().filter_map(part).collect();
    if !many(context, &parts, findings) {
        for (index, first) in parts.iter().enumerate() {
            for second in parts.iter().skip(index + 1) {
                findings.extend(two(context, first, second));
            }
        }
    }
    for (index, first) in claims.iter().enumerate() {
        for second in claims.iter().skip(index + 1) {
            findings.extend(parted(context, first, second, searches));
        }
    }
}

fn part<'c, 'a>(claim: &'c Claim<'a>) -> Option<Part<'c, 'a>> {
    let (Measure::Share { when, .. }, Value::Percent(percent), true) =
        (claim.measure, claim.value, claim.at_least)
    else {
        return None;
    };
    Some(Part { claim, percent: *percent, when, options: options(when) })
}

/// `field = option`, `field in [option, …]`: which options of which field.
fn options(when: &Expr) -> Option<(FieldId, Vec<usize>)> {
    let option = |expr: &Expr| match &expr.kind {
        ExprKind::Value(Value::Option(_, index)) => Some(*index),
        _ => None,
    };
    let (of, indices) = match &when.kind {
        ExprKind::Compare(left, crate::model::CompareOp::Eq, right) => (left, vec![option(right)?]),
        ExprKind::In(of, list) => (of, list.iter().map(option).collect::<Option<Vec<usize>>>()?),
        _ => return None,
    };
    match (&of.kind, of.ty) {
        (ExprKind::Field(field), Type::OneOf(_)) => Some((*field, indices)),
        _ => None,
    }
}

fn disjoint(one: &Part<'_, '_>, other: &Part<'_, '_>) -> bool {
    let (Some((a, first)), Some((b, second))) = (&one.options, &other.options) else {
        return false;
    };
    a == b && first.iter().all(|option| !second.contains(option))
}

/// Three parts or more of the options of one field that do not overlap. Whether it found some.
fn many(context: &Context<'_>, parts: &[Part<'_, '_>], findings: &mut Vec<Diagnostic>) -> bool {
    for first in parts {
        let mut apart: Vec<&Part<'_, '_>> = vec![first];
        for next in parts {
            if next.claim.every == first.claim.every
                && apart.iter().all(|part| disjoint(part, next))
            {
                apart.push(next);
            }
        }
        let total: Decimal = apart.iter().map(|part| part.percent).sum();
        let Some(last) = apart.iter().max_by_key(|part| part.claim.goal.span.key()) else {
            continue;
        };
        if apart.len() < 3 || total <= Decimal::ONE_HUNDRED {
            continue;
        }
        let told: Vec<String> = apart
            .iter()
            .map(|part| format!("{} {}", part.percent.normalize(), with(context, part.when)))
            .collect();
        let mut finding = RULE
            .finding(
                last.claim.span,
                format!("{} goals ask for {}% of one whole", apart.len(), total.normalize()),
            )
            .reason("no room is left for it");
        for part in apart.iter().filter(|part| part.claim.span.key() != last.claim.span.key()) {
            finding = finding.label(part.claim.span, "another part");
        }
        findings.push(
            finding
                .story(format!(
                    "of 100 records, {}: no record is in two of these parts, and {} are more than 100",
                    told.join(", "),
                    total.normalize()
                ))
                .help("let the parts leave room for each other"),
        );
        return true;
    }
    false
}

/// Two parts that no record belongs to at once.
fn two(context: &Context<'_>, first: &Part<'_, '_>, second: &Part<'_, '_>) -> Option<Diagnostic> {
    let total = first.percent.checked_add(second.percent)?;
    if first.claim.every != second.claim.every || total <= Decimal::ONE_HUNDRED {
        return None;
    }
    let apart = disjoint(first, second)
        || matches!(context.prover.overlap(first.when.into(), second.when.into()), Answer::No);
    apart.then(|| {
        let told = format!(
            "of 100 records, {} at least are to be {}, and {} at least {}; none is both, and {} are more than 100",
            first.percent.normalize(),
            with(context, first.when),
            second.percent.normalize(),
            with(context, second.when),
            total.normalize()
        );
        finding(first.claim, second.claim, told)
    })
}

fn with(context: &Context<'_>, when: &Expr) -> String {
    story::brief(context.process, when)
        .map_or_else(|| "of another kind".to_owned(), |text| format!("with `{text}`"))
}

/// Two conversions from one stage to two from which no way leads to the other.
fn parted(
    context: &Context<'_>,
    first: &Claim<'_>,
    second: &Claim<'_>,
    searches: &mut usize,
) -> Option<Diagnostic> {
    let (Measure::Conversion { from, to, .. }, Measure::Conversion { to: other, .. }) =
        (first.measure, second.measure)
    else {
        return None;
    };
    let (Value::Percent(a), Value::Percent(b)) = (first.value, second.value) else { return None };
    let total = a.checked_add(*b)?;
    let together = first.at_least && second.at_least && first.every == second.every;
    if !together || to == other || total <= Decimal::ONE_HUNDRED || context.any_unfinished() {
        return None;
    }
    *searches = searches.checked_sub(1)?;
    let leads =
        |from: StageId, to: StageId| context.stages.reach([from], |_, _, _| true).contains(to);
    // A record that starts others may be counted with them: what belongs to it is not clear then.
    let starts = context.process.stages.values().any(|stage| !stage.starts.is_empty());
    if starts || leads(*to, *other) || leads(*other, *to) {
        return None;
    }
    let name = |stage: StageId| context.process.stages[stage].name.as_str();
    let told = format!(
        "of 100 records that enter `{}`, {} at least are to reach `{}` and {} at least `{}`; none reaches both, and {} are more than 100",
        name(*from),
        number(first),
        name(*to),
        number(second),
        name(*other),
        total.normalize()
    );
    Some(finding(first, second, told))
}
