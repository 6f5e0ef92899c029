//! Approvals: which confirmations of a process HubSpot asks for before a deal moves on.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{TARGET_LOSS, one_line};
use crate::model::{CriterionId, Expr, ExprKind, Outcome, Owner, Process, StageId, TransitionKind};

use super::choices::Choices;
use super::pipelines::Pipeline;
use super::rules::Approval;

/// An approval, and what is confirmed without one.
pub(super) type Approved = (Vec<Approval>, Vec<Unapproved>);

/// What is confirmed without an approval, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unapproved {
    pub(super) criterion: CriterionId,
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// It would stop moves that do not ask for it.
    StopsOthers,
    /// No later stage of the pipeline is next.
    NothingNext,
}

impl Unapproved {
    /// Why it is no approval, as the end of a sentence.
    pub(super) fn why(&self) -> &'static str {
        match self.why {
            Why::StopsOthers => "an approval would also stop moves that do not ask for it",
            Why::NothingNext => {
                "an approval stands before a later stage of the pipeline, and no move that asks for it leads to one"
            }
        }
    }

    fn help(&self) -> &'static str {
        match self.why {
            Why::StopsOthers => {
                "let every move to the next stage and beyond ask for it, without `if`; or leave its approval to people"
            }
            Why::NothingNext => "leave its approval to people",
        }
    }
}

/// An exit criterion that somebody else confirms is an approval of the stage that comes next: of
/// those for whom `approvers` names users.
///
/// HubSpot lets no record go on from the stages before to it or beyond without an approval, but to a
/// lost stage, nor begin there. So there is one only where the process asks for it each time.
pub(super) fn approvals(
    process: &Process,
    choices: &Choices,
    pipeline: &Pipeline,
    stages: &[StageId],
    begins: &[usize],
) -> Approved {
    let (mut approvals, mut unapproved): Approved = Default::default();
    if pipeline.object != "deals" {
        return (approvals, unapproved);
    }
    let asked: Vec<Vec<Asked<'_>>> =
        stages.iter().map(|stage| asked(process, choices, *stage)).collect();
    let place = |stage: StageId| stages.iter().position(|other| *other == stage);
    let ways: Vec<(usize, usize, TransitionKind)> = stages
        .iter()
        .enumerate()
        .flat_map(|(from, stage)| {
            process.stages[*stage].outgoing.iter().map(move |way| (from, *way))
        })
        .map(|(from, way)| (from, &process.transitions[way]))
        .filter_map(|(from, way)| Some((from, place(way.to)?, way.kind)))
        .collect();
    let mut seen: Vec<usize> = Vec::new();
    for (at, _) in asked.iter().enumerate().filter(|(_, asked)| !asked.is_empty()) {
        let advances =
            ways.iter().filter(|(from, _, kind)| *from == at && *kind == TransitionKind::Advance);
        // An approval stands before a later stage: one that leads back has none.
        let next = advances.map(|(_, to, _)| *to).filter(|to| *to > at).min();
        let Some(next) = next else {
            let here = asked.get(at).into_iter().flatten();
            unapproved.extend(here.map(|asked| asked.without(Why::NothingNext)));
            continue;
        };
        if seen.contains(&next) {
            continue;
        }
        seen.push(next);
        let is_lost = |to: usize| {
            let outcome = stages.get(to).and_then(|stage| process.stages[*stage].outcome);
            matches!(outcome, Some(Outcome::Lost | Outcome::Void))
        };
        let crosses =
            |from: usize, to: usize| to == next || from < next && to > next && !is_lost(to);
        let crossing: Vec<_> = ways.iter().filter(|(from, to, _)| crosses(*from, *to)).collect();
        let of = |from: usize| asked.get(from).map_or(&[][..], Vec::as_slice);
        let sources: BTreeSet<usize> = crossing.iter().map(|(from, ..)| *from).collect();
        let users =
            |from: usize| of(from).iter().flat_map(|asked| asked.users).collect::<BTreeSet<_>>();
        let all = |from: usize| {
            of(from).iter().any(|asked| asked.users.iter().collect::<BTreeSet<_>>() != users(from))
        };
        let same = |from: &usize| {
            let unconditional = of(*from).iter().all(|asked| !asked.is_conditional);
            unconditional && users(*from) == users(at) && all(*from) == all(at)
        };
        let each = crossing.iter().all(|(_, _, kind)| *kind == TransitionKind::Advance)
            && sources.iter().all(same)
            && begins.iter().all(|begin| *begin < next);
        let found: Vec<&Asked<'_>> = sources.iter().flat_map(|from| of(*from)).collect();
        if !each {
            unapproved.extend(found.iter().map(|asked| asked.without(Why::StopsOthers)));
            continue;
        }
        let mut approval = Approval {
            stage: next,
            users: Vec::new(),
            all: all(at),
            text: String::new(),
            criteria: Vec::new(),
        };
        let mut texts: Vec<String> = Vec::new();
        for asked in found {
            let new = asked.users.iter().filter(|user| !approval.users.contains(user));
            let new: Vec<String> = new.cloned().collect();
            approval.users.extend(new);
            let text = one_line(&process.criteria[asked.criterion].title.value);
            if !texts.contains(&text) {
                texts.push(text);
            }
            approval.criteria.push(asked.criterion);
        }
        approval.text = texts.join("; ");
        approvals.push(approval);
    }
    // An approval may ask for it all the same: that before a stage which another one leads on to.
    let approved = |one: &Unapproved| {
        approvals.iter().any(|approval| approval.criteria.contains(&one.criterion))
    };
    unapproved.retain(|one| !approved(one));
    unapproved.sort_unstable();
    unapproved.dedup();
    (approvals, unapproved)
}

/// What somebody confirms for whom there are users.
struct Asked<'a> {
    criterion: CriterionId,
    users: &'a [String],
    /// Whether it is asked of some records only.
    is_conditional: bool,
}

impl Asked<'_> {
    fn without(&self, why: Why) -> Unapproved {
        Unapproved { criterion: self.criterion, why }
    }
}

fn asked<'a>(process: &Process, choices: &'a Choices, stage: StageId) -> Vec<Asked<'a>> {
    let stage = &process.stages[stage];
    let asked = |id: &CriterionId| {
        let criterion = &process.criteria[*id];
        let by = approver(process, stage.owner, &criterion.condition)?;
        let users = choices.approvers.get(&by)?;
        let is_conditional = criterion.applies.is_some();
        Some(Asked { criterion: *id, users, is_conditional })
    };
    stage.exit.iter().filter_map(asked).collect()
}

/// Who approves what is a confirmation and nothing else: who is named, or who owns the stage.
pub(super) fn approver(process: &Process, owner: Option<Owner>, condition: &Expr) -> Option<Owner> {
    match condition.kind {
        ExprKind::Confirmed(id) => process.confirmations[id].by.or(owner),
        _ => None,
    }
}

/// Confirmations that are no approvals although `approvers` has users for them.
pub(super) fn told(process: &Process, unapproved: &[Unapproved], findings: &mut Vec<Diagnostic>) {
    for one in unapproved {
        let criterion = &process.criteria[one.criterion];
        let stage = &process.stages[criterion.stage].name;
        let message =
            format!("HubSpot asks nobody to approve `{stage}.{}`: {}", criterion.name, one.why());
        findings.push(
            Diagnostic::new(TARGET_LOSS, criterion.span, message)
                .level(Level::Warning)
                .help(one.help()),
        );
    }
}
