//! Builds the view: handoffs, goals, feedback, records, scores, routes, words and plays.

use crate::emit::sentence::grouped;
use crate::model::{Category, FieldId, NodeRef, Owner, RouteTarget, Side};

use super::build::{Builder, FEW, Headings};
use super::facts::HandoffFact;
use super::types::*;

impl<'a> Builder<'a> {
    pub(super) fn handoffs(&self) -> Vec<HandoffView<'a>> {
        let mut headings = Headings::default();
        let facts = self.facts.handoffs.iter();
        facts.map(|fact| self.handoff(fact, &mut headings)).collect()
    }

    fn handoff(&self, fact: &'a HandoffFact, headings: &mut Headings) -> HandoffView<'a> {
        let transition = &self.process.transitions[fact.transition];
        let terms = transition.handoff.as_ref();
        let any_open = self.any_open_handoff(fact.transition);
        let (from, to) = (self.stage_ref(transition.from), self.stage_ref(transition.to));
        let giver = any_open.as_ref().map_or(from.title, |any| any.record.title);
        let entered = &self.process.stages[transition.to];
        let sender = self.process.stages[transition.from].owner.filter(|_| any_open.is_none());
        let receiver = entered.owner;
        let mut shared = Vec::new();
        let mut lacks_goal = false;
        for giver in &fact.from {
            let goals = self.facts.shared_goals(*giver, fact.to);
            lacks_goal |= goals.is_empty();
            shared.extend(goals);
        }
        shared.sort_unstable();
        shared.dedup();
        let accept = terms.and_then(|terms| terms.accept.as_ref());
        let advances = transition.kind == crate::model::TransitionKind::Advance;
        let exit: &[_] = match advances && any_open.is_none() {
            true => &self.process.stages[transition.from].exit,
            false => &[],
        };
        HandoffView {
            key: self.facts.keys.get(&fact.transition).map_or("", String::as_str),
            heading: headings.unique(&match self.move_title(fact.transition) {
                Some(title) => {
                    format!("{giver} → {}{}", to.title, self.sentences.aside(title))
                }
                None => format!("{giver} → {}", to.title),
            }),
            title: self.move_title(fact.transition),
            kind: transition.kind.word(),
            from: any_open.is_none().then_some(from),
            any_open,
            to,
            givers: fact.from.iter().map(|team| self.owner_ref(Owner::Team(*team))).collect(),
            sender: sender.map(|owner| self.owner_view(owner)),
            taker: self.owner_ref(Owner::Team(fact.to)),
            receiver: receiver.map(|owner| self.owner_view(owner)),
            within: terms.and_then(|terms| terms.within).map(|d| self.sentences.duration(d)),
            limit: entered.limit.as_ref().map(|limit| self.sentences.duration(limit.duration)),
            ends: entered.is_at_rest(),
            carries: terms.map_or_else(Vec::new, |terms| {
                terms.carries.iter().map(|field| self.field_ref(field.value)).collect()
            }),
            accept: accept.map(|accept| self.sentences.sentence(&accept.when)),
            otherwise: accept
                .and_then(|accept| accept.otherwise)
                .map(|id| self.stage_ref(self.process.transitions[id].to)),
            guarantees: exit
                .iter()
                .map(|id| &self.process.criteria[*id])
                .filter(|criterion| criterion.side == Side::Exit)
                .map(|criterion| self.title(&criterion.title, &criterion.name))
                .collect(),
            shared_goals: shared.into_iter().map(|goal| self.node(NodeRef::Goal(goal))).collect(),
            lacks_goal,
        }
    }

    pub(super) fn goals(&self) -> Vec<GoalView<'a>> {
        let mut headings = Headings::default();
        let goals = self.facts.goals.iter();
        goals
            .map(|id| {
                let (id, goal) = (*id, &self.process.goals[*id]);
                let title = self.title(&goal.title, &goal.name);
                GoalView {
                    name: &goal.name,
                    title,
                    heading: headings.unique(title),
                    owners: goal
                        .shared_by
                        .iter()
                        .map(|owner| self.owner_ref(owner.value))
                        .collect(),
                    shared: self.facts.is_shared(id),
                    measure: goal.measure.as_ref().map(|measure| self.sentences.measure(measure)),
                    target: goal.target.as_ref().map(|target| self.sentences.target(target)),
                    why: self.prose(&goal.why),
                    stages: goal
                        .measure
                        .iter()
                        .flat_map(|measure| super::facts::measured_stages(self.process, measure))
                        .map(|stage| self.stage_ref(stage))
                        .collect(),
                }
            })
            .collect()
    }

    pub(super) fn feedback(&self) -> Vec<FeedbackView<'a>> {
        let mut headings = Headings::default();
        let feedback = self.process.feedback.values();
        feedback
            .map(|feedback| {
                let title = self.title(&feedback.title, &feedback.name);
                FeedbackView {
                    name: &feedback.name,
                    title,
                    heading: headings.unique(title),
                    from: self.owner_refs(&feedback.from),
                    to: self.owner_refs(&feedback.to),
                    every: feedback.every.map(|every| self.sentences.every(every)),
                    about: self.prose(&feedback.about),
                }
            })
            .collect()
    }

    pub(super) fn records(&self) -> Vec<RecordView<'a>> {
        let mut continued = vec![Vec::new(); self.process.records.len()];
        for (id, record) in self.process.records.iter() {
            use crate::model::Id;
            let from = record.from.and_then(|from| continued.get_mut(from.index()));
            if let Some(list) = from {
                list.push(self.record_ref(id));
            }
        }
        let mut headings = Headings::default();
        let records = self.process.records.values().zip(continued);
        records
            .map(|(record, continued_by)| {
                let title = self.title(&record.title, &record.name);
                RecordView {
                    name: &record.name,
                    title,
                    heading: headings.unique(title),
                    about: self.prose(&record.about),
                    from: record.from.map(|from| self.record_ref(from)),
                    continued_by,
                    fields: record.fields.iter().map(|field| self.field_view(*field)).collect(),
                }
            })
            .collect()
    }

    fn field_view(&self, id: FieldId) -> FieldView<'a> {
        let fills = self.facts.fills.get(id);
        let (needed_by, needed_by_more) = self.needed_by(id);
        FieldView {
            field: self.field_ref(id),
            ty: self.field_type(id),
            help: self.prose(&self.process.fields[id].help),
            filled_in: fills.iter().take(FEW).map(|stage| self.stage_ref(*stage)).collect(),
            filled_in_more: fills.len().saturating_sub(FEW),
            needed_by,
            needed_by_more,
        }
    }

    pub(super) fn scores(&self) -> Vec<ScoreView<'a>> {
        let mut headings = Headings::default();
        let scores = self.process.scores.values();
        scores
            .map(|score| {
                let title = self.title(&score.title, &score.name);
                let value = |list: &[(Category, rust_decimal::Decimal)], category: Category| {
                    list.iter().find(|(of, _)| *of == category).map(|(_, value)| grouped(*value))
                };
                let categories = [Category::Fit, Category::Behavior].map(|category| CategoryView {
                    category: category.word(),
                    cap: value(&score.caps, category),
                    weight: value(&score.weights, category).map(|weight| format!("{weight}%")),
                });
                let categories = categories.into_iter();
                ScoreView {
                    name: &score.name,
                    title,
                    heading: headings.unique(title),
                    about: self.prose(&score.about),
                    record: self.record_ref(score.record),
                    points: score
                        .points
                        .iter()
                        .map(|points| PointsView {
                            category: points.category.word(),
                            points: signed(points.points),
                            title: self.prose(&points.title),
                            when: self.sentences.sentence(&points.when),
                            halves: points.halves_every.map(|d| self.sentences.duration(d)),
                            expires: points.expires_after.map(|d| self.sentences.duration(d)),
                        })
                        .collect(),
                    categories: categories
                        .filter(|c| c.cap.is_some() || c.weight.is_some())
                        .collect(),
                    total_cap: score.total_cap.map(grouped),
                    grades: score
                        .grades
                        .iter()
                        .map(|grade| GradeView {
                            title: self.title(&grade.title, &grade.name),
                            at_least: grade.at_least.map(grouped),
                        })
                        .collect(),
                }
            })
            .collect()
    }

    pub(super) fn routes(&self) -> Vec<RouteView<'a>> {
        let mut headings = Headings::default();
        let routes = self.process.routes.values();
        routes
            .map(|route| {
                let stage = self.stage_ref(route.stage);
                let title = self.title(&route.title, &self.process.stages[route.stage].name);
                RouteView {
                    stage,
                    title,
                    heading: headings.unique(title),
                    cases: route
                        .cases
                        .iter()
                        .map(|case| RouteCaseView {
                            when: self.sentences.sentence(&case.when),
                            to: self.route_target(&case.to),
                        })
                        .collect(),
                    otherwise: route.otherwise.as_ref().map(|target| self.route_target(target)),
                }
            })
            .collect()
    }

    fn route_target(&self, target: &'a RouteTarget) -> RouteTargetView<'a> {
        RouteTargetView {
            owner: target.owner.map(|owner| self.owner_ref(owner)),
            title: self.title(&target.title, &target.name),
        }
    }

    pub(super) fn terms(&self) -> Vec<TermView<'a>> {
        let mut terms: Vec<_> = self.process.terms.values().collect();
        terms.sort_by_cached_key(|term| self.title(&term.title, &term.name).to_lowercase());
        let mut headings = Headings::default();
        terms
            .into_iter()
            .map(|term| {
                let title = self.title(&term.title, &term.name);
                TermView {
                    name: &term.name,
                    title,
                    heading: headings.unique(title),
                    means: self.prose(&term.means),
                    also: self.labels(&term.also),
                    see: term.see.iter().map(|node| self.node(*node)).collect(),
                }
            })
            .collect()
    }

    pub(super) fn plays(&self) -> Vec<PlayView<'a>> {
        let mut headings = Headings::default();
        let plays = self.process.plays.values();
        plays
            .map(|play| {
                let title = self.title(&play.title, &play.name);
                PlayView {
                    name: &play.name,
                    title,
                    heading: headings.unique(title),
                    stages: play.stages.iter().map(|stage| self.stage_ref(*stage)).collect(),
                    by: self.owner_refs(&play.by),
                    when: play.when.as_ref().map(|expr| self.sentences.sentence(expr)),
                    about: self.prose(&play.about),
                    steps: self.prose(&play.steps),
                }
            })
            .collect()
    }
}

/// A number of points with its sign.
fn signed(points: rust_decimal::Decimal) -> String {
    match points.is_sign_negative() {
        true => grouped(points),
        false => format!("+{}", grouped(points)),
    }
}
