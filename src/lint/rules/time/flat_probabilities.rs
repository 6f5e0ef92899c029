//! `flat-probabilities`: one probability for all open stages.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Id, Stage};
use crate::source::Spanned;

pub(crate) static RULE: Rule = Rule {
    name: "flat-probabilities",
    family: Family::Time,
    summary: "open stages that all have the same probability",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/flat-probabilities.md"),
    check: Check::Process(check),
};

/// Two stages may well be as likely as each other.
const LEAST: usize = 3;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut open: Vec<Vec<(&Stage, Spanned<Decimal>)>> = vec![Vec::new(); process.records.len()];
    for stage in process.stages.values().filter(|stage| stage.is_open()) {
        if let (Some(percent), Some(open)) = (stage.probability, open.get_mut(stage.record.index()))
        {
            open.push((stage, percent));
        }
    }
    for (record, stages) in process.records.values().zip(&open) {
        let [(first, percent), (second, other), .., (last, _)] = stages.as_slice() else {
            continue;
        };
        let equal = stages.iter().all(|(_, one)| one.value == percent.value);
        // Nothing and all of the value are said on purpose: of leads, and of what is won already.
        let weighs = percent.value > Decimal::ZERO && percent.value < Decimal::ONE_HUNDRED;
        if stages.len() < LEAST || !equal || !weighs {
            continue;
        }
        let record = story::a_record_named(&record.name);
        findings.push(
            RULE.finding(
                percent.span,
                format!("the open stages all have one probability, {}%, where they have any", percent.value),
            )
            .reason(format!("`{}` counts as much as `{}`", first.name, last.name))
            .label(other.span, format!("and so does `{}`", second.name))
            .story(format!(
                "{record} counts with {}% of its value in `{}`, and with no more when it has come as far as `{}`",
                percent.value, first.name, last.name
            ))
            .help("let the probability rise with every step, or leave it out where nobody weighs by it"),
        );
    }
}
