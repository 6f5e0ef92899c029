//! `probability-outcome`: a probability that contradicts how the stage ends.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Edit, Level, Safety};
use crate::graph::{Edge, Reach};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Outcome, Stage, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "probability-outcome",
    family: Family::Time,
    summary: "a probability that contradicts the outcome: won is 100%, lost is 0%, open is neither",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/probability-outcome.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let behind = behind_a_win(context);
    for (id, stage) in process.stages.iter() {
        let Some(percent) = stage.probability else { continue };
        let name = &stage.name;
        let fault = match stage.outcome {
            Some(Outcome::Won) if percent.value < Decimal::ONE_HUNDRED => {
                Some((100, "what is won is certain", "a deal that is won still counts with"))
            }
            Some(Outcome::Lost) if percent.value > Decimal::ZERO => {
                Some((0, "what is lost brings nothing", "a deal that is lost still counts with"))
            }
            // A void stage from which records go on is a milestone of its own, no end.
            Some(Outcome::Void) if percent.value > Decimal::ZERO && !goes_on(context, stage) => {
                Some((0, "what is void brings nothing", "a deal that is void still counts with"))
            }
            _ => None,
        };
        if let Some((right, reason, counts)) = fault {
            let outcome = stage.outcome.map_or("open", Outcome::word);
            let record = story::a_record(process, id);
            let counts = counts.replacen("a deal", &record, 1);
            let edit = Edit { span: percent.span, replacement: format!("{right}%") };
            findings.push(
                RULE.finding(
                    percent.span,
                    format!("`{name}` is {outcome}, with a probability of {}%", percent.value),
                )
                .reason(reason)
                .story(format!("{counts} {}% of its value in the forecast", percent.value))
                .help(format!("write `probability {right}%`"))
                .fix(format!("write `{right}%`"), Safety::Safe, vec![edit]),
            );
            continue;
        }
        let certain = stage.is_open() && percent.value >= Decimal::ONE_HUNDRED;
        if !certain || behind.contains(id) {
            continue;
        }
        let Some(loss) = loss(context, stage) else { continue };
        let lost = &process.stages[process.transitions[loss].to].name;
        findings.push(
            RULE.finding(
                percent.span,
                format!("`{name}` is still open, with a probability of 100%"),
            )
            .reason("counts as if it were won")
            .label(process.transitions[loss].span, "and can be lost from here")
            .story(format!(
                "{}; its whole value counts as won, and then it {}",
                story::arrival(context, id),
                story::step(process, id, Edge::Move(loss), process.transitions[loss].to)
            ))
            .help(format!("leave room for `{lost}`: a probability below 100%")),
        );
    }
}

/// Where records go on once they are won. What is there may well be certain, and may still be lost
/// again later.
pub(super) fn behind_a_win(context: &Context<'_>) -> Reach {
    let process = context.process;
    let won = process.stages.iter().filter(|(_, stage)| stage.outcome == Some(Outcome::Won));
    context.stages.reach(won.map(|(id, _)| id), |_, edge, _| match edge {
        Edge::Move(id) => process.transitions[id].kind == TransitionKind::Advance,
        Edge::Starts => true,
    })
}

/// Whether records go on from the stage, as themselves or as others.
fn goes_on(context: &Context<'_>, stage: &Stage) -> bool {
    let is_advance =
        |id: &TransitionId| context.process.transitions[*id].kind == TransitionKind::Advance;
    !stage.starts.is_empty() || stage.outgoing.iter().any(is_advance)
}

/// A move to a lost outcome.
fn loss(context: &Context<'_>, stage: &Stage) -> Option<TransitionId> {
    let process = context.process;
    let lost = |id: &&TransitionId| {
        process.stages[process.transitions[**id].to].outcome == Some(Outcome::Lost)
    };
    stage.outgoing.iter().find(lost).copied()
}
