//! Builds the silo report in one language.

use crate::emit::sentence::in_language;
use crate::graph::{Assign, StageGraph};
use crate::model::{FieldId, NodeRef, Owner, Process, StageId, TeamId};
use crate::report::silos::{Boundary, HandoffTerms, OtherMoves, PART, Silos, share};

use super::build::{Builder, Headings};
use super::facts::Facts;
use super::types::*;

/// The version of [`SiloReport`].
const VERSION: u32 = 1;

/// How many fields a clause names.
const MOST_FIELDS: usize = 3;

/// Shows `silos` in `language`, a BCP 47 tag.
pub fn silo_report<'a>(
    process: &'a Process,
    facts: &'a Facts,
    silos: &Silos,
    language: &'a str,
) -> SiloReport<'a> {
    Builder::new(process, facts, language).silos(silos)
}

impl<'a> Builder<'a> {
    fn silos(&self, silos: &Silos) -> SiloReport<'a> {
        let process = self.process;
        let known = Assign::new(process, &StageGraph::new(process), |_| false);
        let stages = |stages: &[StageId]| stages.iter().map(|id| self.stage_ref(*id)).collect();
        let mut headings = Headings::default();
        let boundaries: Vec<SiloBoundary<'a>> = silos
            .boundaries
            .iter()
            .map(|boundary| self.boundary(boundary, &known, &mut headings))
            .collect();
        let one_way = silos.boundaries.iter().filter(|boundary| boundary.is_one_way());
        SiloReport {
            version: VERSION,
            language: self.language,
            process: self.title(&process.title, &process.name),
            number: silos.number,
            teams: process.teams.ids().map(|team| self.silo_team(team)).collect(),
            boundaries,
            other_moves: silos.other_moves.iter().map(|way| self.other_move(way)).collect(),
            one_way: one_way
                .map(|boundary| SiloPair {
                    from: self.team_ref(boundary.from),
                    to: self.team_ref(boundary.to),
                })
                .collect(),
            own_fields: silos
                .own_fields
                .iter()
                .map(|(team, fields)| SiloFields {
                    team: self.team_ref(*team),
                    fields: fields.iter().map(|field| self.field_ref(*field)).collect(),
                })
                .collect(),
            people: silos
                .people
                .iter()
                .map(|(role, list)| SiloPerson {
                    role: self.node(NodeRef::Role(*role)),
                    stages: stages(list),
                })
                .collect(),
            bridges: silos.bridges.iter().map(|team| self.team_ref(*team)).collect(),
        }
    }

    fn team_ref(&self, team: TeamId) -> Ref<'a> {
        self.owner_ref(Owner::Team(team))
    }

    fn silo_team(&self, id: TeamId) -> SiloTeam<'a> {
        let roles = self.process.teams[id].roles.iter();
        let goals = self.facts.team_goals.get(id).iter();
        SiloTeam {
            team: self.team_ref(id),
            roles: roles
                .map(|role| SiloRole {
                    role: self.node(NodeRef::Role(*role)),
                    headcount: self.process.roles[*role].headcount,
                })
                .collect(),
            shared_goals: goals.filter(|goal| self.facts.is_shared(**goal)).count(),
        }
    }

    fn boundary(
        &self,
        boundary: &Boundary,
        known: &Assign,
        headings: &mut Headings,
    ) -> SiloBoundary<'a> {
        let (from, to) = (self.team_ref(boundary.from), self.team_ref(boundary.to));
        SiloBoundary {
            heading: headings.unique(&format!("{} → {}", from.title, to.title)),
            from,
            to,
            number: boundary.score.total(),
            parts: boundary.score,
            handoffs: boundary.handoffs.iter().map(|handoff| self.silo_handoff(handoff)).collect(),
            goals: boundary.goals.iter().map(|goal| self.node(NodeRef::Goal(*goal))).collect(),
            feedback: boundary
                .feedback
                .iter()
                .map(|id| SiloFeedback {
                    feedback: self.node(NodeRef::Feedback(*id)),
                    every: self.process.feedback[*id].every.map(|e| self.sentences.every(e)),
                })
                .collect(),
            returns: boundary.returns,
            gaps: self.gaps(boundary, known),
        }
    }

    fn silo_handoff(&self, handoff: &HandoffTerms) -> SiloHandoff<'a> {
        let transition = &self.process.transitions[handoff.transition];
        let receiver = &self.process.stages[transition.to];
        let agreed = transition.handoff.as_ref();
        let from = self.stage_ref(transition.from);
        SiloHandoff {
            handoff: self.handoff_ref(handoff.transition).unwrap_or_else(|| from.clone()),
            from,
            to: self.stage_ref(transition.to),
            clock: handoff.clock,
            within: agreed.and_then(|a| a.within).map(|d| self.sentences.duration(d)),
            limit: receiver.limit.as_ref().map(|limit| self.sentences.duration(limit.duration)),
            carries: agreed.map_or_else(Vec::new, |agreed| {
                agreed.carries.iter().map(|field| self.field_ref(field.value)).collect()
            }),
            accept: agreed
                .and_then(|agreed| agreed.accept.as_ref())
                .map(|accept| self.sentences.sentence(&accept.when)),
            enter: receiver
                .enter
                .iter()
                .map(|id| in_language(&self.process.criteria[*id].title, self.language))
                .collect(),
        }
    }

    fn other_move(&self, way: &OtherMoves) -> SiloOtherMoves<'a> {
        let moves = || way.moves.iter().map(|id| &self.process.transitions[*id]);
        let agreed = || moves().filter_map(|transition| transition.handoff.as_ref());
        let clocked = moves().filter(|transition| {
            self.process.stages[transition.to].limit.is_some()
                || transition.handoff.as_ref().is_some_and(|agreed| agreed.within.is_some())
        });
        SiloOtherMoves {
            from: self.team_ref(way.from),
            to: self.team_ref(way.to),
            moves: way.moves.len(),
            clocks: clocked.count(),
            parcels: agreed().filter(|agreed| !agreed.carries.is_empty()).count(),
        }
    }

    /// One line for everything that is missing, the points of a part shared out over its handoffs.
    fn gaps(&self, boundary: &Boundary, known: &Assign) -> Vec<SiloGap<'a>> {
        let (giver, taker) = (self.team_ref(boundary.from), self.team_ref(boundary.to));
        let mut gaps = Vec::new();
        for part in ["clock", "parcel", "terms"] {
            let holds = |handoff: &HandoffTerms| match part {
                "clock" => handoff.clock,
                "parcel" => handoff.parcel,
                _ => handoff.terms,
            };
            let of = boundary.handoffs.len();
            let have = boundary.handoffs.iter().filter(|handoff| holds(handoff)).count();
            let missing = boundary.handoffs.iter().filter(|handoff| !holds(handoff));
            for (have, handoff) in (have..).zip(missing) {
                let (team, other) = match part {
                    "parcel" => (giver.clone(), taker.clone()),
                    _ => (taker.clone(), giver.clone()),
                };
                let from = self.process.transitions[handoff.transition].from;
                gaps.push(SiloGap {
                    part,
                    points: share(have + 1, of) - share(have, of),
                    team,
                    other,
                    stage: Some(self.stage_ref(from)),
                    clause: self.clause(part, handoff, known),
                });
            }
        }
        let (from, to) =
            (&self.process.teams[boundary.from].name, &self.process.teams[boundary.to].name);
        if boundary.score.goal < PART {
            gaps.push(SiloGap {
                part: "goal",
                points: PART - boundary.score.goal,
                team: giver.clone(),
                other: taker.clone(),
                stage: None,
                clause: format!(
                    "goal … {{ shared by [{from}, {to}]  measure conversion from {} }}",
                    self.across(boundary)
                ),
            });
        }
        if boundary.score.feedback < PART {
            gaps.push(SiloGap {
                part: "feedback",
                points: PART - boundary.score.feedback,
                team: taker,
                other: giver,
                stage: None,
                clause: format!("feedback … {{ from {to}  to [{from}]  every 1w }}"),
            });
        }
        gaps
    }

    /// "`a to b`": the way across a boundary.
    fn across(&self, boundary: &Boundary) -> String {
        let Some(handoff) = boundary.handoffs.first() else { return "… to …".to_owned() };
        let transition = &self.process.transitions[handoff.transition];
        let name = |stage: StageId| &self.process.stages[stage].name;
        format!("{} to {}", name(transition.from), name(transition.to))
    }

    fn clause(&self, part: &str, handoff: &HandoffTerms, known: &Assign) -> String {
        let transition = &self.process.transitions[handoff.transition];
        let to = &self.process.stages[transition.to].name;
        let learnt = self.learnt(transition.from, known);
        let terms = match (part, learnt.as_slice()) {
            ("clock", _) => "within 4 business hours".to_owned(),
            ("parcel", []) => "carries […]".to_owned(),
            ("parcel", fields) => format!("carries [{}]", fields.join(", ")),
            (_, [first, ..]) => format!("accept when {first} is present"),
            (_, []) => "accept when …".to_owned(),
        };
        format!("advance to {to} … handoff {terms}")
    }

    /// What the sender fills in, else what can be known of its records by then: first what is their own,
    /// then what they bring from the records they continue.
    fn learnt(&self, stage: StageId, known: &Assign) -> Vec<&'a str> {
        let process = self.process;
        let of = &process.stages[stage];
        let collected = of.collect.iter().map(|field| field.value);
        let fields: Vec<FieldId> = match of.collect.is_empty() {
            false => collected.take(MOST_FIELDS).collect(),
            true => process
                .lineage(of.record)
                .flat_map(|record| process.records[record].fields.iter().copied())
                .filter(|field| known.possible_in(stage, *field))
                .take(MOST_FIELDS)
                .collect(),
        };
        fields.into_iter().map(|field| process.fields[field].name.as_str()).collect()
    }
}
