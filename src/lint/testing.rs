//! Builds small processes by hand, for the tests of this crate's own passes.

use crate::model::*;
use crate::source::{FileId, Span, Spanned};

/// A process under construction. It has one record type, `lead`.
pub(crate) struct Builder {
    pub(crate) process: Process,
    pub(crate) lead: RecordId,
    /// Every place is a new one, so that findings can be told apart.
    next: usize,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let mut builder = Self { process: empty(), lead: RecordId::from_index(0), next: 0 };
        builder.lead = builder.record("lead");
        builder
    }

    pub(crate) fn span(&mut self) -> Span {
        self.next += 10;
        Span::new(FileId(0), self.next, self.next + 5)
    }

    pub(crate) fn text(&mut self, name: &str) -> Text {
        let span = self.span();
        Text::from_name(name, span)
    }

    pub(crate) fn record(&mut self, name: &str) -> RecordId {
        let (title, span) = (self.text(name), self.span());
        self.process.records.push(Record {
            name: name.to_owned(),
            title,
            from: None,
            about: None,
            fields: vec![],
            was: vec![],
            broken: false,
            span,
        })
    }

    pub(crate) fn field(&mut self, name: &str, ty: FieldType) -> FieldId {
        let (title, span, record) = (self.text(name), self.span(), self.lead);
        let id = self.process.fields.push(Field {
            name: name.to_owned(),
            title,
            record,
            ty,
            at_least: None,
            at_most: None,
            required: false,
            unique: false,
            help: None,
            was: vec![],
            span,
        });
        self.process.records[record].fields.push(id);
        id
    }

    pub(crate) fn options(&mut self, names: &[&str]) -> Vec<EnumOption> {
        names
            .iter()
            .map(|name| EnumOption {
                name: (*name).to_owned(),
                title: self.text(name),
                was: vec![],
                span: self.span(),
            })
            .collect()
    }

    pub(crate) fn team(&mut self, name: &str) -> TeamId {
        let (title, span) = (self.text(name), self.span());
        self.process.teams.push(Team {
            name: name.to_owned(),
            title,
            mission: None,
            roles: vec![],
            was: vec![],
            broken: false,
            span,
        })
    }

    /// An open stage without anything.
    pub(crate) fn stage(&mut self, name: &str) -> StageId {
        let (title, span, record) = (self.text(name), self.span(), self.lead);
        self.process.stages.push(Stage {
            name: name.to_owned(),
            title,
            record,
            entry: None,
            owner: None,
            owners: vec![],
            support: vec![],
            purpose: None,
            next: None,
            channels: vec![],
            content: vec![],
            collect: vec![],
            limit: None,
            exit: vec![],
            enter: vec![],
            outgoing: vec![],
            incoming: vec![],
            outcome: None,
            is_final: false,
            probability: None,
            forecast: None,
            forecasts: vec![],
            starts: vec![],
            draft: false,
            was: vec![],
            broken: false,
            span,
            body: span,
        })
    }

    /// An open stage in which records come into the process.
    pub(crate) fn entry(&mut self, name: &str) -> StageId {
        let stage = self.stage(name);
        self.process.stages[stage].entry = Some(vec![]);
        stage
    }

    /// A stage with an outcome.
    pub(crate) fn outcome(&mut self, name: &str, outcome: Outcome) -> StageId {
        let stage = self.stage(name);
        self.process.stages[stage].outcome = Some(outcome);
        stage
    }

    pub(crate) fn own(&mut self, stage: StageId, team: TeamId) {
        let span = self.span();
        let stage = &mut self.process.stages[stage];
        stage.owner = Some(Owner::Team(team));
        stage.owners.push(Spanned::new(Owner::Team(team), span));
    }

    pub(crate) fn edge(
        &mut self,
        kind: TransitionKind,
        from: StageId,
        to: StageId,
    ) -> TransitionId {
        let span = self.span();
        let id = self.process.transitions.push(Transition {
            kind,
            from,
            to,
            title: None,
            when: None,
            after: None,
            at_most: None,
            handoff: None,
            origin: Origin::Declared,
            span,
        });
        self.process.stages[from].outgoing.push(id);
        self.process.stages[to].incoming.push(id);
        id
    }

    pub(crate) fn advance(&mut self, from: StageId, to: StageId) -> TransitionId {
        self.edge(TransitionKind::Advance, from, to)
    }

    pub(crate) fn recycle(&mut self, from: StageId, to: StageId) -> TransitionId {
        self.edge(TransitionKind::Recycle, from, to)
    }

    pub(crate) fn goal(&mut self, name: &str, shared_by: &[TeamId]) -> GoalId {
        let (title, span) = (self.text(name), self.span());
        let shared_by =
            shared_by.iter().map(|team| Spanned::new(Owner::Team(*team), span)).collect();
        self.process.goals.push(Goal {
            name: name.to_owned(),
            title,
            shared_by,
            measure: None,
            target: None,
            why: None,
            was: vec![],
            broken: false,
            span,
        })
    }

    pub(crate) fn waive(&mut self, rule: &str, scope: Option<Span>, until: Option<&str>) -> Span {
        let (reason, span) = (self.text("reason"), self.span());
        self.process.waivers.push(Waiver {
            rule: Spanned::new(rule.to_owned(), span),
            reason,
            until: until.and_then(|date| date.parse().ok()),
            scope,
            span,
        });
        span
    }
}

/// An expression of this kind and type, from nowhere.
pub(crate) fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: Span::start_of(FileId(0)) }
}

fn empty() -> Process {
    let span = Span::start_of(FileId(0));
    Process {
        name: "sales".to_owned(),
        title: Text::from_name("sales", span),
        version: None,
        effective: None,
        currency: None,
        timezone: "UTC".to_owned(),
        calendar: Calendar::default(),
        languages: vec!["en".to_owned()],
        about: None,
        draft: false,
        broken: false,
        span,
        teams: Arena::new(),
        roles: Arena::new(),
        records: Arena::new(),
        fields: Arena::new(),
        stages: Arena::new(),
        criteria: Arena::new(),
        transitions: Arena::new(),
        confirmations: Arena::new(),
        goals: Arena::new(),
        feedback: Arena::new(),
        scores: Arena::new(),
        routes: Arena::new(),
        terms: Arena::new(),
        plays: Arena::new(),
        retired: vec![],
        waivers: vec![],
    }
}
