//! Builds the view: the process, its stages and the moves between them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::emit::sentence::{Sentences, grouped, in_language};
use crate::model::{
    CriterionId, FieldId, FieldType, GoalId, Label, NodeRef, Origin, Owner, PlayId, Process,
    RecordId, Stage, StageId, TermId, Text, TransitionId,
};

use super::facts::{Facts, Need};
use super::types::*;

/// How many things a list inside another list names before it says how many more there are.
pub(super) const FEW: usize = 6;

/// Builds views of one process in one language.
pub(super) struct Builder<'a> {
    pub(super) process: &'a Process,
    pub(super) facts: &'a Facts,
    pub(super) language: &'a str,
    pub(super) sentences: Sentences<'a>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(process: &'a Process, facts: &'a Facts, language: &'a str) -> Self {
        Self { process, facts, language, sentences: Sentences::new(process, language) }
    }

    pub(super) fn view(&self) -> View<'a> {
        let process = self.process;
        View {
            view_version: super::VIEW_VERSION,
            language: self.language,
            process: self.process_view(),
            calendar: self.calendar(),
            teams: process.teams.ids().map(|id| self.team(id)).collect(),
            roles: process.roles.ids().map(|id| self.role(id)).collect(),
            records: self.records(),
            stages: process.stages.ids().map(|id| self.stage(id)).collect(),
            handoffs: self.handoffs(),
            feedback: self.feedback(),
            goals: self.goals(),
            scores: self.scores(),
            routes: self.routes(),
            terms: self.terms(),
            plays: self.plays(),
        }
    }

    fn process_view(&self) -> ProcessView<'a> {
        let process = self.process;
        let shared = |goal: &GoalId| self.facts.is_shared(*goal);
        ProcessView {
            name: &process.name,
            title: self.title(&process.title, &process.name),
            version: process.version.as_deref(),
            about: self.prose(&process.about),
            draft: process.draft,
            stage_count: process.stages.len(),
            handoff_count: self.facts.handoffs.len(),
            shared_goal_count: process.goals.ids().filter(shared).count(),
            teams_alone: self
                .facts
                .teams_alone(process)
                .into_iter()
                .map(|team| self.owner_ref(Owner::Team(team)))
                .collect(),
            several_records: process.records.len() > 1,
        }
    }

    /// A title in this language; the name when it is blank, for a link needs something to click.
    pub(super) fn title(&self, title: &'a Text, name: &'a str) -> &'a str {
        let text = in_language(title, self.language);
        if text.trim().is_empty() { name } else { text }
    }

    /// A longer text in this language, unless it is blank.
    pub(super) fn prose(&self, text: &'a Option<Text>) -> Option<&'a str> {
        let text = in_language(text.as_ref()?, self.language);
        (!text.trim().is_empty()).then_some(text)
    }

    pub(super) fn labels(&self, labels: &'a [Label]) -> Vec<&'a str> {
        labels.iter().map(|label| in_language(&label.title, self.language)).collect()
    }

    /// A reference to anything that has a name.
    pub(super) fn node(&self, node: NodeRef) -> Ref<'a> {
        let (name, title) = self.process.node_name(node);
        let kind = match node {
            NodeRef::Team(_) => "team",
            NodeRef::Role(_) => "role",
            NodeRef::Record(_) => "record",
            NodeRef::Field(_) => "field",
            NodeRef::Stage(_) => "stage",
            NodeRef::Goal(_) => "goal",
            NodeRef::Feedback(_) => "feedback",
            NodeRef::Score(_) => "score",
            NodeRef::Term(_) => "term",
            NodeRef::Play(_) => "play",
        };
        let full_name = match node {
            NodeRef::Field(field) => {
                let record = &self.process.records[self.process.fields[field].record].name;
                format!("{record}.{name}")
            }
            _ => name.to_owned(),
        };
        Ref { kind, name: full_name, title: self.title(title, name) }
    }

    pub(super) fn stage_ref(&self, stage: StageId) -> Ref<'a> {
        self.node(NodeRef::Stage(stage))
    }

    pub(super) fn field_ref(&self, field: FieldId) -> Ref<'a> {
        self.node(NodeRef::Field(field))
    }

    pub(super) fn owner_ref(&self, owner: Owner) -> Ref<'a> {
        match owner {
            Owner::Team(team) => self.node(NodeRef::Team(team)),
            Owner::Role(role) => self.node(NodeRef::Role(role)),
        }
    }

    pub(super) fn owner_view(&self, owner: Owner) -> OwnerView<'a> {
        let team = match owner {
            Owner::Team(_) => None,
            Owner::Role(role) => Some(self.node(NodeRef::Team(self.process.roles[role].team))),
        };
        OwnerView { who: self.owner_ref(owner), team }
    }

    pub(super) fn owner_refs(&self, owners: &[Owner]) -> Vec<Ref<'a>> {
        owners.iter().map(|owner| self.owner_ref(*owner)).collect()
    }

    fn stage(&self, id: StageId) -> StageView<'a> {
        let stage = &self.process.stages[id];
        let is_handoff = |id: &TransitionId| self.facts.handoff_of.contains_key(id);
        StageView {
            name: &stage.name,
            title: self.title(&stage.title, &stage.name),
            record: self.node(NodeRef::Record(stage.record)),
            draft: stage.draft,
            purpose: self.prose(&stage.purpose),
            next: self.prose(&stage.next),
            owner: stage.owner.map(|owner| self.owner_view(owner)),
            support: self.owner_refs(&stage.support),
            is_entry: stage.entry.is_some(),
            sources: stage.entry.as_deref().map_or_else(Vec::new, |labels| self.labels(labels)),
            receives_handoffs: stage.incoming.iter().any(is_handoff),
            arrivals: self.arrivals(id),
            enter: self.criteria(&stage.enter),
            exit: self.criteria(&stage.exit),
            collect: stage.collect.iter().map(|field| self.fill(field.value)).collect(),
            channels: self.labels(&stage.channels),
            content: self.labels(&stage.content),
            limit: self.limit(stage),
            in_business_time: self.in_business_time(id),
            gives_handoffs: stage.outgoing.iter().any(is_handoff),
            moves: stage.outgoing.iter().map(|id| self.movement(stage, *id)).collect(),
            probability: stage.probability.map(|percent| format!("{}%", grouped(percent.value))),
            forecast: stage.forecast.map(|forecast| forecast.word()),
            outcome: stage.outcome.map(|outcome| outcome.word()),
            is_final: stage.is_final,
            starts: self.starts(stage),
            route: self.facts.routes.get(&id).map(|route| {
                let route = &self.process.routes[*route];
                Ref {
                    kind: "route",
                    name: stage.name.clone(),
                    title: self.title(&route.title, &stage.name),
                }
            }),
            plays: self.facts.stage_plays.get(id).iter().map(|id| self.play_brief(*id)).collect(),
            goals: self.facts.stage_goals.get(id).iter().map(|id| self.goal_brief(*id)).collect(),
            terms: self
                .terms_of(&[NodeRef::Stage(id)])
                .map(|id| self.node(NodeRef::Term(id)))
                .collect(),
        }
    }

    /// The words that point at one of these things, each once.
    pub(super) fn terms_of(&self, nodes: &[NodeRef]) -> impl Iterator<Item = TermId> + use<'a> {
        let mut seen = FxHashSet::default();
        let mut found: Vec<TermId> = nodes
            .iter()
            .filter_map(|node| self.facts.terms.get(node))
            .flatten()
            .copied()
            .filter(|term| seen.insert(*term))
            .collect();
        found.sort_unstable();
        found.into_iter()
    }

    pub(super) fn limit(&self, stage: &'a Stage) -> Option<LimitView<'a>> {
        let limit = stage.limit.as_ref()?;
        Some(LimitView {
            longest: self.sentences.duration(limit.duration),
            target: limit.target.map(|target| self.sentences.duration(target)),
            escalate_to: limit.escalate_to.map(|owner| self.owner_ref(owner)),
        })
    }

    pub(super) fn criteria(&self, ids: &[CriterionId]) -> Vec<CriterionView<'a>> {
        ids.iter()
            .map(|id| {
                let criterion = &self.process.criteria[*id];
                let evidence = criterion.evidence.as_deref();
                CriterionView {
                    name: &criterion.name,
                    title: self.title(&criterion.title, &criterion.name),
                    sentence: self.sentences.sentence(&criterion.condition),
                    applies: criterion.applies.as_ref().map(|expr| self.sentences.condition(expr)),
                    evidence: evidence.map(|evidence| evidence.replace('_', " ")),
                    by_buyer: evidence == Some("buyer"),
                    by_seller: evidence == Some("seller"),
                }
            })
            .collect()
    }

    pub(super) fn arrivals(&self, id: StageId) -> Vec<ArrivalView<'a>> {
        let incoming = self.process.stages[id].incoming.iter();
        let moves = incoming.filter(|id| !self.facts.leader.contains_key(id));
        let started = self.facts.started_by.get(id).iter().map(|from| self.started(*from));
        moves.map(|id| self.arrival(*id)).chain(started).collect()
    }

    /// The records that entering a stage creates.
    pub(super) fn starts(&self, stage: &'a Stage) -> Vec<StartView<'a>> {
        let view = |(record, stage): &(RecordId, StageId)| StartView {
            record: self.node(NodeRef::Record(*record)),
            stage: self.stage_ref(*stage),
        };
        stage.starts.iter().map(view).collect()
    }

    /// A new record that another stage starts.
    fn started(&self, from: StageId) -> ArrivalView<'a> {
        ArrivalView {
            kind: "start",
            is_new: true,
            from: Some(self.stage_ref(from)),
            any_open: None,
            sender: self.process.stages[from].owner.map(|owner| self.owner_ref(owner)),
            title: None,
            when: None,
            after: None,
            handoff: None,
            within: None,
            carries: Vec::new(),
            refused: None,
        }
    }

    fn arrival(&self, id: TransitionId) -> ArrivalView<'a> {
        let transition = &self.process.transitions[id];
        let any_open = self.any_open(id);
        let sender = self.process.stages[transition.from].owner;
        let handoff = transition.handoff.as_ref();
        let refused = self.refused(id);
        // What is refused is so by the terms of the handoff.
        let when = transition.when.as_ref().filter(|_| refused.is_none());
        ArrivalView {
            kind: transition.kind.word(),
            is_new: false,
            from: any_open.is_none().then(|| self.stage_ref(transition.from)),
            sender: sender.filter(|_| any_open.is_none()).map(|owner| self.owner_ref(owner)),
            any_open,
            title: self.move_title(id),
            when: when.map(|when| self.sentences.sentence(when)),
            after: transition.after.as_ref().map(|clock| self.sentences.clock(clock)),
            handoff: self.handoff_ref(id),
            within: handoff.and_then(|h| h.within).map(|d| self.sentences.duration(d)),
            carries: handoff.map_or_else(Vec::new, |handoff| {
                handoff.carries.iter().map(|field| self.field_ref(field.value)).collect()
            }),
            refused,
        }
    }

    /// Set when the transition stands for one declared as `from any open of`.
    pub(super) fn any_open(&self, id: TransitionId) -> Option<AnyOpenView<'a>> {
        let group = self.facts.any_open.get(&id)?;
        Some(AnyOpenView {
            record: self.node(NodeRef::Record(group.record)),
            except: group.except.iter().map(|stage| self.stage_ref(*stage)).collect(),
        })
    }

    /// The same of a handoff: from stages of the team that takes nothing is handed over.
    pub(super) fn any_open_handoff(&self, id: TransitionId) -> Option<AnyOpenView<'a>> {
        let mut any_open = self.any_open(id)?;
        let process = self.process;
        let of = &process.transitions[id];
        let own = process.stages[of.to].incoming.iter().filter(|other| {
            let it = &process.transitions[**other];
            it.origin == Origin::AnyOpen
                && it.span.key() == of.span.key()
                && !process.is_handoff(**other)
        });
        any_open.except.extend(own.map(|other| self.stage_ref(process.transitions[*other].from)));
        Some(any_open)
    }

    /// The handoff whose refused records this transition carries away.
    fn refused(&self, id: TransitionId) -> Option<Ref<'a>> {
        match self.process.transitions[id].origin {
            Origin::Refusal(handoff) => self.handoff_ref(handoff),
            _ => None,
        }
    }

    /// What a move is called, unless that is just where it leads.
    pub(super) fn move_title(&self, id: TransitionId) -> Option<&'a str> {
        let transition = &self.process.transitions[id];
        let target = &self.process.stages[transition.to];
        let title = self.prose(&transition.title)?;
        (title != self.title(&target.title, &target.name)).then_some(title)
    }

    /// The handoff a transition is part of.
    pub(super) fn handoff_ref(&self, id: TransitionId) -> Option<Ref<'a>> {
        let index = *self.facts.handoff_of.get(&id)?;
        Some(self.handoff_at(index))
    }

    /// The handoff with this index in the facts. Its title is that of the team that takes.
    pub(super) fn handoff_at(&self, index: usize) -> Ref<'a> {
        let fact = self.facts.handoffs.get(index);
        let name = fact.and_then(|fact| self.facts.keys.get(&fact.transition)).cloned();
        let title = fact.map_or("", |fact| {
            let team = &self.process.teams[fact.to];
            self.title(&team.title, &team.name)
        });
        Ref { kind: "handoff", name: name.unwrap_or_default(), title }
    }

    fn movement(&self, stage: &'a Stage, id: TransitionId) -> MoveView<'a> {
        let transition = &self.process.transitions[id];
        let target = &self.process.stages[transition.to];
        let advances = transition.kind == crate::model::TransitionKind::Advance;
        let handoff = transition.handoff.as_ref();
        let exit_criteria = advances && !stage.exit.is_empty();
        let enter_criteria = advances && !target.enter.is_empty();
        let refused = self.refused(id);
        MoveView {
            kind: transition.kind.word(),
            to: self.stage_ref(transition.to),
            title: self.move_title(id),
            exit_criteria,
            enter_criteria,
            when: transition.when.as_ref().map(|expr| self.sentences.sentence(expr)),
            after: transition.after.as_ref().map(|clock| self.sentences.clock(clock)),
            at_most: transition.at_most,
            handoff: self.handoff_ref(id),
            receiver: self
                .process
                .is_handoff(id)
                .then_some(target.owner)
                .flatten()
                .map(|owner| self.owner_ref(owner)),
            within: handoff.and_then(|h| h.within).map(|d| self.sentences.duration(d)),
            is_free: !exit_criteria
                && !enter_criteria
                && transition.when.is_none()
                && transition.after.is_none()
                && refused.is_none(),
            refused,
        }
    }

    fn fill(&self, field: FieldId) -> FillView<'a> {
        let (needed_by, needed_by_more) = self.needed_by(field);
        FillView {
            field: self.field_ref(field),
            ty: self.field_type(field),
            help: self.prose(&self.process.fields[field].help),
            needed_by,
            needed_by_more,
        }
    }

    pub(super) fn needed_by(&self, field: FieldId) -> (Vec<Ref<'a>>, usize) {
        let needs = self.facts.needs.get(field);
        let refs = needs.iter().take(FEW).map(|need| match need {
            Need::Stage(stage) => self.stage_ref(*stage),
            Need::Score(score) => self.node(NodeRef::Score(*score)),
            Need::Goal(goal) => self.node(NodeRef::Goal(*goal)),
            Need::Play(play) => self.node(NodeRef::Play(*play)),
            Need::Route(stage) => {
                let name = &self.process.stages[*stage].name;
                let route = self.facts.routes.get(stage).map(|id| &self.process.routes[*id]);
                let title = route.map_or(name.as_str(), |route| self.title(&route.title, name));
                Ref { kind: "route", name: name.clone(), title }
            }
        });
        (refs.collect(), needs.len().saturating_sub(FEW))
    }

    pub(super) fn field_type(&self, id: FieldId) -> TypeView<'a> {
        let field = &self.process.fields[id];
        let kind = match field.ty {
            FieldType::Text => "text",
            FieldType::Number => "number",
            FieldType::Integer => "integer",
            FieldType::Money => "money",
            FieldType::Percent => "percent",
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::DateTime => "datetime",
            FieldType::User => "user",
            FieldType::OneOf(_) => "one_of",
            FieldType::ManyOf(_) => "many_of",
        };
        let currency = self.process.currency.as_ref().map(crate::model::Currency::code);
        TypeView {
            kind,
            currency: currency.filter(|_| field.ty == FieldType::Money),
            options: field
                .ty
                .options()
                .iter()
                .map(|option| self.title(&option.title, &option.name))
                .collect(),
            at_least: field.at_least.as_ref().map(|value| self.sentences.value(value)),
            at_most: field.at_most.as_ref().map(|value| self.sentences.value(value)),
            required: field.required,
            unique: field.unique,
        }
    }

    pub(super) fn play_brief(&self, id: PlayId) -> PlayBrief<'a> {
        let play = &self.process.plays[id];
        PlayBrief {
            play: self.node(NodeRef::Play(id)),
            by: self.owner_refs(&play.by),
            stages: play.stages.iter().take(FEW).map(|stage| self.stage_ref(*stage)).collect(),
            about: self.prose(&play.about),
        }
    }

    pub(super) fn goal_brief(&self, id: GoalId) -> GoalBrief<'a> {
        let goal = &self.process.goals[id];
        GoalBrief {
            goal: self.node(NodeRef::Goal(id)),
            measure: goal.measure.as_ref().map(|measure| self.sentences.measure(measure)),
            target: goal.target.as_ref().map(|target| self.sentences.target(target)),
            with: goal
                .shared_by
                .iter()
                .take(FEW)
                .map(|owner| self.owner_ref(owner.value))
                .collect(),
        }
    }

    pub(super) fn record_ref(&self, record: RecordId) -> Ref<'a> {
        self.node(NodeRef::Record(record))
    }
}

/// Gives out headings, each once: the second `Problem` on a page becomes `Problem (2)`.
#[derive(Default)]
pub(super) struct Headings {
    seen: FxHashMap<String, usize>,
}

impl Headings {
    pub(super) fn unique(&mut self, heading: &str) -> String {
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        let count = self.seen.entry(heading.clone()).or_insert(0);
        *count += 1;
        match *count {
            1 => heading,
            count => {
                let numbered = format!("{heading} ({count})");
                self.seen.insert(numbered.clone(), 1);
                numbered
            }
        }
    }
}
