//! Stages and what hangs on them.

use super::{Builder, boolean, columns, decimal, duration, ordinal, ordinals, owner, row, text};
use crate::model::{Id, Label, Side};

impl Builder<'_> {
    pub(super) fn stages(&mut self) {
        self.stage_rows();
        self.stage_labels();
        self.stage_lists();
    }

    fn stage_rows(&mut self) {
        let process = self.process;
        let mut started = vec![false; process.stages.len()];
        for (_, at) in process.stages.values().flat_map(|stage| &stage.starts) {
            if let Some(started) = started.get_mut(at.index()) {
                *started = true;
            }
        }
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("record").required().refers("record"),
            ordinal(),
            owner("owner"),
            boolean("is_entry").about("records come into the process here"),
            boolean("is_start").about("another stage starts records here"),
            text("purpose"),
            text("next_step"),
            duration("limit"),
            duration("target"),
            owner("escalate_to"),
            text("outcome").one_of(&["won", "lost", "void"]).about("none while the stage is open"),
            boolean("is_final"),
            decimal("probability").about("40 is 40%"),
            text("forecast").one_of(&[
                "omitted",
                "pipeline",
                "best_case",
                "most_likely",
                "commit",
                "closed",
            ]),
            boolean("is_draft"),
        ];
        let mut rows = Vec::with_capacity(process.stages.len());
        for ((ordinal, stage), started) in ordinals().zip(process.stages.values()).zip(started) {
            let key = stage.name.as_str();
            let limit = stage.limit.as_ref();
            rows.push(row![
                key,
                self.say("stage", key, "title", &stage.title),
                process.records[stage.record].name.as_str(),
                ordinal,
                self.owner(stage.owner),
                stage.entry.is_some(),
                started,
                self.say_maybe("stage", key, "purpose", stage.purpose.as_ref()),
                self.say_maybe("stage", key, "next_step", stage.next.as_ref()),
                self.duration(limit.map(|limit| &limit.duration)),
                self.duration(limit.and_then(|limit| limit.target.as_ref())),
                self.owner(limit.and_then(|limit| limit.escalate_to)),
                stage.outcome.map(|outcome| outcome.word()),
                stage.is_final,
                stage.probability.map(|percent| percent.value),
                stage.forecast.map(|forecast| forecast.word()),
                stage.draft,
            ]);
        }
        self.table("stage", "Stages", specs, &["name"], rows);
    }

    fn stage_labels(&mut self) {
        let process = self.process;
        let specs = columns![
            text("stage").required().refers("stage"),
            text("kind").required().one_of(&["source", "channel", "content"]),
            text("name").about("when the process gives a word"),
            text("title").required(),
            ordinal(),
        ];
        let mut rows = Vec::new();
        for stage in process.stages.values() {
            let sources: &[Label] = stage.entry.as_deref().unwrap_or_default();
            let groups =
                [("source", sources), ("channel", &stage.channels), ("content", &stage.content)];
            for (kind, labels) in groups {
                for (number, label) in (1_usize..).zip(labels) {
                    let key = format!("{}.{kind}.{number}", stage.name);
                    rows.push(row![
                        stage.name.as_str(),
                        kind,
                        label.name.as_deref(),
                        self.say("stage_label", &key, "title", &label.title),
                        number,
                    ]);
                }
            }
        }
        let key = &["stage", "kind", "ordinal"];
        self.table("stage_label", "Sources, channels and content of stages", specs, key, rows);
    }

    fn stage_lists(&mut self) {
        let process = self.process;
        let specs = columns![text("stage").required().refers("stage"), ordinal(), owner("support")];
        let mut rows = Vec::new();
        for stage in process.stages.values() {
            for (ordinal, owner) in ordinals().zip(&stage.support) {
                rows.push(row![stage.name.as_str(), ordinal, self.owner(Some(*owner))]);
            }
        }
        self.table("stage_support", "Who helps in a stage", specs, &["stage", "ordinal"], rows);

        let specs = columns![
            text("stage").required().refers("stage"),
            ordinal(),
            text("record").required(),
            text("field").required(),
        ];
        let mut rows = Vec::new();
        for stage in process.stages.values() {
            for (ordinal, field) in ordinals().zip(&stage.collect) {
                rows.push(row![stage.name.as_str(), ordinal, self.field(field.value)]);
            }
        }
        let comment = "The fields that are filled in in a stage";
        self.table("stage_collect", comment, specs, &["stage", "ordinal"], rows);
        self.refers_to_field("record", "field");

        let specs = columns![
            text("stage").required().refers("stage"),
            ordinal(),
            text("record").required().refers("record"),
            text("at_stage").required().refers("stage"),
        ];
        let mut rows = Vec::new();
        for stage in process.stages.values() {
            for (ordinal, (record, at)) in ordinals().zip(&stage.starts) {
                rows.push(row![
                    stage.name.as_str(),
                    ordinal,
                    process.records[*record].name.as_str(),
                    process.stages[*at].name.as_str(),
                ]);
            }
        }
        let comment = "Records that are to be created when a record enters a stage";
        self.table("stage_start", comment, specs, &["stage", "ordinal"], rows);
    }

    /// After the transitions: criteria are rows of their own, for both sides of a stage.
    pub(super) fn criteria(&mut self) {
        let process = self.process;
        let specs = columns![
            text("stage").required().refers("stage"),
            text("side").required().one_of(&["enter", "exit"]),
            text("name").required(),
            text("title").required(),
            text("condition").required().about("in the language of the process"),
            text("applies_if").about("only for such records"),
            text("evidence").about("whose word it rests on"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.criteria.len());
        for stage in process.stages.values() {
            for (ordinal, id) in ordinals().zip(stage.enter.iter().chain(&stage.exit)) {
                let criterion = &process.criteria[*id];
                let side = match criterion.side {
                    Side::Enter => "enter",
                    Side::Exit => "exit",
                };
                let key = format!("{}.{side}.{}", stage.name, criterion.name);
                rows.push(row![
                    stage.name.as_str(),
                    side,
                    criterion.name.as_str(),
                    self.say("criterion", &key, "title", &criterion.title),
                    process.expr_source(&criterion.condition),
                    criterion.applies.as_ref().map(|applies| process.expr_source(applies)),
                    criterion.evidence.as_deref(),
                    ordinal,
                ]);
            }
        }
        let key = &["stage", "side", "name"];
        self.table("criterion", "Entry and exit criteria of stages", specs, key, rows);
    }
}
