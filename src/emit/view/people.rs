//! Builds the view: teams and roles.

use crate::model::{FeedbackId, Id, NodeRef, Owner, RoleId, StageId, TeamId};

use super::build::{Builder, FEW};
use super::types::*;

/// How much of what a whole team has is repeated on the page of each of its roles.
const MANY: usize = 40;

impl<'a> Builder<'a> {
    pub(super) fn team(&self, id: TeamId) -> TeamView<'a> {
        let team = &self.process.teams[id];
        let everyone = self.everyone(id);
        let mut stages: Vec<StageId> =
            everyone.iter().flat_map(|owner| self.facts.owned.get(*owner)).copied().collect();
        stages.sort_by_key(|stage| self.facts.rank(*stage));
        let spoken = distinct(everyone.iter().map(|owner| self.facts.spoken.get(*owner)));
        let heard = distinct(everyone.iter().map(|owner| self.facts.heard.get(*owner)));
        let given = distinct(everyone.iter().map(|owner| self.facts.given.get(*owner)));
        let taken = distinct(everyone.iter().map(|owner| self.facts.taken.get(*owner)));
        let goals = self.facts.team_goals.get(id);
        let day = self.day(&[Owner::Team(id)]);
        TeamView {
            name: &team.name,
            title: self.title(&team.title, &team.name),
            mission: self.prose(&team.mission),
            roles: team.roles.iter().map(|role| self.team_role(*role)).collect(),
            stages: stages.into_iter().map(|stage| self.stage_brief(stage)).collect(),
            taken: taken.into_iter().filter_map(|index| self.handoff_brief(index, false)).collect(),
            given: given.into_iter().filter_map(|index| self.handoff_brief(index, true)).collect(),
            goals: goals.iter().map(|goal| self.goal_of(*goal, id)).collect(),
            is_alone: !goals.iter().any(|goal| self.facts.is_shared(*goal)),
            spoken: spoken.into_iter().map(|id| self.feedback_brief(id, true)).collect(),
            heard: heard.into_iter().map(|id| self.feedback_brief(id, false)).collect(),
            plays: self
                .facts
                .played
                .get(Owner::Team(id))
                .iter()
                .map(|play| self.play_brief(*play))
                .collect(),
            day,
        }
    }

    /// The team itself and its roles.
    fn everyone(&self, team: TeamId) -> Vec<Owner> {
        let roles = self.process.teams[team].roles.iter().map(|role| Owner::Role(*role));
        std::iter::once(Owner::Team(team)).chain(roles).collect()
    }

    fn team_role(&self, id: RoleId) -> TeamRoleView<'a> {
        let stages = self.facts.owned.get(Owner::Role(id));
        TeamRoleView {
            role: self.node(NodeRef::Role(id)),
            headcount: self.process.roles[id].headcount,
            stages: stages.iter().take(FEW).map(|stage| self.stage_ref(*stage)).collect(),
            more: stages.len().saturating_sub(FEW),
        }
    }

    fn stage_brief(&self, id: StageId) -> StageBrief<'a> {
        let stage = &self.process.stages[id];
        StageBrief {
            stage: self.stage_ref(id),
            owner: stage.owner.map(|owner| self.owner_ref(owner)),
            purpose: self.prose(&stage.purpose),
            limit: stage.limit.as_ref().map(|limit| self.sentences.duration(limit.duration)),
        }
    }

    /// A goal, with those who reach it besides this team.
    fn goal_of(&self, goal: crate::model::GoalId, team: TeamId) -> GoalBrief<'a> {
        let mut brief = self.goal_brief(goal);
        let others = self.facts.goal_teams.get(&goal).into_iter().flatten();
        brief.with = others
            .filter(|other| **other != team)
            .take(FEW)
            .map(|team| self.owner_ref(Owner::Team(*team)))
            .collect();
        brief
    }

    fn handoff_brief(&self, index: usize, given: bool) -> Option<HandoffBrief<'a>> {
        let fact = self.facts.handoffs.get(index)?;
        let transition = &self.process.transitions[fact.transition];
        let terms = transition.handoff.as_ref();
        let any_open = self.any_open_handoff(fact.transition);
        let partners = if given { std::slice::from_ref(&fact.to) } else { &fact.from };
        Some(HandoffBrief {
            handoff: self.handoff_at(index),
            title: self.move_title(fact.transition),
            kind: transition.kind.word(),
            from: any_open.is_none().then(|| self.stage_ref(transition.from)),
            any_open,
            to: self.stage_ref(transition.to),
            partners: partners.iter().map(|team| self.owner_ref(Owner::Team(*team))).collect(),
            within: terms.and_then(|t| t.within).map(|d| self.sentences.duration(d)),
            carries: terms.map_or_else(Vec::new, |terms| {
                terms.carries.iter().map(|field| self.field_ref(field.value)).collect()
            }),
            accept: terms
                .and_then(|terms| terms.accept.as_ref())
                .map(|accept| self.sentences.sentence(&accept.when)),
        })
    }

    fn feedback_brief(&self, id: FeedbackId, spoken: bool) -> FeedbackBrief<'a> {
        let feedback = &self.process.feedback[id];
        FeedbackBrief {
            feedback: self.node(NodeRef::Feedback(id)),
            partners: self.owner_refs(if spoken { &feedback.to } else { &feedback.from }),
            every: feedback.every.map(|every| self.sentences.every(every)),
        }
    }

    pub(super) fn role(&self, id: RoleId) -> RoleView<'a> {
        let role = &self.process.roles[id];
        let me = Owner::Role(id);
        let team = Owner::Team(role.team);
        let facts = self.facts;
        let stages = facts.owned.get(me);
        let team_stages = facts.owned.get(team);
        let mut worked = distinct([stages, first(team_stages, MANY)]);
        worked.sort_by_key(|stage| facts.rank(*stage));
        let (team_plays, team_goals) = (facts.played.get(team), facts.own_goals.get(team));
        let plays = ours(facts.played.get(me), team_plays);
        let mut goals = ours(facts.own_goals.get(me), team_goals);
        goals.sort_by_key(|goal| facts.goal_rank(*goal));
        RoleView {
            name: &role.name,
            title: self.title(&role.title, &role.name),
            team: self.owner_ref(team),
            mission: self.prose(&self.process.teams[role.team].mission),
            headcount: role.headcount,
            stages: self.stage_briefs(stages),
            team_stages: self.stage_briefs(first(team_stages, MANY)),
            team_stages_more: team_stages.len().saturating_sub(MANY),
            goals_more: team_goals.len().saturating_sub(MANY),
            goals: goals.into_iter().map(|goal| self.goal_of(goal, role.team)).collect(),
            plays_more: team_plays.len().saturating_sub(MANY),
            plays: plays.into_iter().map(|play| self.play_brief(play)).collect(),
            given_more: facts.given.get(team).len().saturating_sub(MANY),
            given: ours(facts.given.get(me), facts.given.get(team))
                .into_iter()
                .filter_map(|index| self.handoff_brief(index, true))
                .collect(),
            spoken: ours(facts.spoken.get(me), facts.spoken.get(team))
                .into_iter()
                .map(|id| self.feedback_brief(id, true))
                .collect(),
            heard: ours(facts.heard.get(me), facts.heard.get(team))
                .into_iter()
                .map(|id| self.feedback_brief(id, false))
                .collect(),
            terms: self.role_terms(id, &worked),
            day: self.day(&[me, team]),
        }
    }

    fn stage_briefs(&self, stages: &[StageId]) -> Vec<StageBrief<'a>> {
        stages.iter().map(|stage| self.stage_brief(*stage)).collect()
    }

    /// The work of a day: that of a role and, behind it, that of its whole team; or of a team alone.
    fn day(&self, who: &[Owner]) -> DayView<'a> {
        let facts = self.facts;
        let mut more = 0;
        let mut all = |of: &dyn Fn(Owner) -> &'a [StageId]| {
            let mut all = some(who, of, &mut more);
            all.sort_by_key(|stage| facts.rank(*stage));
            all
        };
        let stages = all(&|owner| facts.owned.get(owner));
        let supports = all(&|owner| facts.supported.get(owner));
        let escalations = all(&|owner| facts.escalations.get(owner));
        let routed = all(&|owner| facts.routed.get(owner));
        let confirms = some(who, &|owner| facts.confirmations.get(owner), &mut more);
        DayView {
            in_business_time: [&stages, &supports, &escalations]
                .into_iter()
                .flatten()
                .any(|stage| self.in_business_time(*stage)),
            inbox: stages.iter().filter_map(|stage| self.inbox(*stage)).collect(),
            fills: stages.iter().filter_map(|stage| self.role_fill(*stage)).collect(),
            starts: stages.iter().filter_map(|stage| self.stage_starts(*stage)).collect(),
            supports: self.stage_briefs(&supports),
            escalations: self.stage_briefs(&escalations),
            confirms: confirms
                .into_iter()
                .map(|confirmation| ConfirmView {
                    text: self.sentences.text(&self.process.confirmations[confirmation].text),
                    stage: facts
                        .confirmed_in
                        .get(&confirmation)
                        .map(|criterion| self.stage_ref(self.process.criteria[*criterion].stage)),
                })
                .collect(),
            routed: routed.iter().map(|stage| self.stage_ref(*stage)).collect(),
            more,
        }
    }

    /// What reaches a stage; nothing to say when nothing does.
    fn inbox(&self, id: StageId) -> Option<InboxView<'a>> {
        let stage = &self.process.stages[id];
        let mut arrivals = self.arrivals(id);
        if arrivals.is_empty() && stage.entry.is_none() {
            return None;
        }
        // Handoffs first: their clock runs against this person.
        arrivals.sort_by_key(|arrival| arrival.within.is_none());
        let more = arrivals.len().saturating_sub(FEW);
        arrivals.truncate(FEW);
        let limit = self.limit(stage);
        Some(InboxView {
            stage: self.stage_ref(id),
            sources: stage.entry.as_deref().map_or_else(Vec::new, |labels| self.labels(labels)),
            is_entry: stage.entry.is_some(),
            arrivals,
            more,
            target: limit.as_ref().and_then(|limit| limit.target.clone()),
            limit: limit.map(|limit| limit.longest),
        })
    }

    fn role_fill(&self, id: StageId) -> Option<RoleFillView<'a>> {
        let stage = &self.process.stages[id];
        (!stage.collect.is_empty()).then(|| RoleFillView {
            stage: self.stage_ref(id),
            fields: stage.collect.iter().map(|field| self.field_ref(field.value)).collect(),
        })
    }

    fn stage_starts(&self, id: StageId) -> Option<StageStartsView<'a>> {
        let starts = self.starts(&self.process.stages[id]);
        (!starts.is_empty()).then(|| StageStartsView { stage: self.stage_ref(id), starts })
    }

    /// The words that point at the role, its team, its stages, what is in them and what it fills.
    fn role_terms(&self, id: RoleId, stages: &[StageId]) -> Vec<TermBrief<'a>> {
        let mut nodes = vec![NodeRef::Role(id), NodeRef::Team(self.process.roles[id].team)];
        for stage_id in stages {
            let stage = &self.process.stages[*stage_id];
            nodes.push(NodeRef::Stage(*stage_id));
            nodes.push(NodeRef::Record(stage.record));
            nodes.extend(stage.collect.iter().map(|field| NodeRef::Field(field.value)));
        }
        nodes.sort_unstable_by_key(|node| match node {
            NodeRef::Role(id) => (0, id.index()),
            NodeRef::Team(id) => (1, id.index()),
            NodeRef::Stage(id) => (2, id.index()),
            NodeRef::Record(id) => (3, id.index()),
            NodeRef::Field(id) => (4, id.index()),
            _ => (5, 0),
        });
        nodes.dedup();
        self.terms_of(&nodes)
            .map(|term| TermBrief {
                term: self.node(NodeRef::Term(term)),
                means: self.prose(&self.process.terms[term].means),
            })
            .collect()
    }
}

/// What somebody has, and the first of what the whole team has.
fn ours<T: Copy + Ord>(mine: &[T], all: &[T]) -> Vec<T> {
    distinct([mine, first(all, MANY)])
}

/// What the first of `who` has, and the first of what the others have: what a whole team has is repeated
/// for each of its roles. Adds to `more` what is left out.
fn some<'l, T: Copy + Ord + 'l>(
    who: &[Owner],
    of: &dyn Fn(Owner) -> &'l [T],
    more: &mut usize,
) -> Vec<T> {
    let lists = who.iter().enumerate().map(|(at, owner)| {
        let all = of(*owner);
        let told = if at == 0 { all } else { first(all, MANY) };
        *more += all.len() - told.len();
        told
    });
    distinct(lists)
}

/// The first items of a list.
fn first<T>(list: &[T], count: usize) -> &[T] {
    list.get(..count).unwrap_or(list)
}

/// All items of the lists in order, each once.
fn distinct<'l, T: Copy + Ord + 'l>(lists: impl IntoIterator<Item = &'l [T]>) -> Vec<T> {
    let mut all: Vec<T> = lists.into_iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
