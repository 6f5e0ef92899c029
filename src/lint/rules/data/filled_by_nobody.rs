//! `filled-by-nobody`: asked for everywhere, filled in nowhere.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Gap, Rule, Verdict};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "filled-by-nobody",
    family: Family::Data,
    summary: "a field that is asked for but that no stage collects",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/filled-by-nobody.md"),
    check: Check::Process(check),
};

/// So many places that ask for it are pointed at.
const MOST_LABELS: usize = 3;

/// Silent where the process does not say what is filled in: when no stage that sees the field
/// collects anything, and when records begin in a stage that collects nothing, for they may bring
/// the field along.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for gap in context.gaps().iter().filter(|gap| gap.verdict == Verdict::Nobody) {
        findings.push(finding(context, gap));
    }
}

fn finding(context: &Context<'_>, gap: &Gap) -> Diagnostic {
    let field = &context.process.fields[gap.field];
    let line = context.fields().of(gap.field);
    let verb = if line.read.is_empty() { "handed over" } else { "asked for" };
    let mut finding = RULE
        .finding(field.span, format!("`{}` is {verb}, but nobody fills it in", field.name))
        .reason("no stage collects it");
    let mut places: Vec<Span> = line.read.iter().map(|read| read.span).collect();
    if places.is_empty() {
        places.extend(line.carried.iter().map(|(_, span)| *span));
    }
    places.dedup();
    for place in places.into_iter().take(MOST_LABELS) {
        finding = finding.label(place, format!("{verb} here"));
    }
    if let Some(need) = gap.needs.first() {
        finding = finding.story(need.story(context));
    }
    finding.help(
        "`collect` it in the stage whose owner learns it, or say `required` if no record is without it",
    )
}
