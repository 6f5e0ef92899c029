//! Moves, and the terms of handoffs.

use super::{Builder, boolean, columns, duration, integer, ordinal, ordinals, row, text};
use crate::emit::sql::schema::Cell;
use crate::model::{FieldId, Id, Origin};

impl Builder<'_> {
    /// Record and name of a field.
    pub(super) fn field(&self, id: FieldId) -> [Cell; 2] {
        let field = &self.process.fields[id];
        [self.process.records[field.record].name.as_str().into(), field.name.as_str().into()]
    }

    pub(super) fn transitions(&mut self) {
        let process = self.process;
        let keys = process.transition_keys();
        let specs = columns![
            text("name").required(),
            text("kind").required().one_of(&["advance", "recycle", "lose"]),
            text("from_stage").required().refers("stage"),
            text("to_stage").required().refers("stage"),
            text("title"),
            text("condition").about("in the language of the process; none when always open"),
            duration("after"),
            text("before_record"),
            text("before_field").about("count `after` backwards from this field"),
            integer("at_most").about("how often one record may take it"),
            boolean("is_handoff").about("whether another team takes over"),
            duration("within"),
            text("accept_condition").about("when the receiver takes the record"),
            text("origin").required().one_of(&["declared", "any_open", "refusal"]),
            text("refusal_of").refers("transition").about("the way of a record refused there"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(keys.len());
        let mut carries = Vec::new();
        for (ordinal, (id, key)) in ordinals().zip(&keys) {
            let transition = &process.transitions[*id];
            let after = transition.after.as_ref();
            let handoff = transition.handoff.as_ref();
            let accept = handoff.and_then(|handoff| handoff.accept.as_ref());
            let (origin, refusal_of) = match transition.origin {
                Origin::Declared => ("declared", None),
                Origin::AnyOpen => ("any_open", None),
                Origin::Refusal(of) => ("refusal", keys.get(of.index()).map(|(_, key)| key)),
            };
            rows.push(row![
                key.as_str(),
                transition.kind.word(),
                process.stages[transition.from].name.as_str(),
                process.stages[transition.to].name.as_str(),
                self.say_maybe("transition", key, "title", transition.title.as_ref()),
                transition.when.as_ref().map(|when| process.expr_source(when)),
                self.duration(after.map(|clock| &clock.duration)),
                after
                    .and_then(|clock| clock.before)
                    .map_or([Cell::Null, Cell::Null], |field| self.field(field)),
                transition.at_most,
                process.is_handoff(*id),
                self.duration(handoff.and_then(|handoff| handoff.within.as_ref())),
                accept.map(|accept| process.expr_source(&accept.when)),
                origin,
                refusal_of.map(String::as_str),
                ordinal,
            ]);
            for (ordinal, field) in ordinals().zip(handoff.iter().flat_map(|h| &h.carries)) {
                carries.push(row![key.as_str(), ordinal, self.field(field.value)]);
            }
        }
        self.table("transition", "Moves that are allowed", specs, &["name"], rows);
        self.refers_to_field("before_record", "before_field");

        let specs = columns![
            text("transition").required().refers("transition"),
            ordinal(),
            text("record").required(),
            text("field").required(),
        ];
        let key = &["transition", "ordinal"];
        self.table("transition_carry", "What a handoff carries", specs, key, carries);
        self.refers_to_field("record", "field");
        self.criteria();
    }
}
