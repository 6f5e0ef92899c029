//! Goals and feedback.

use super::{
    Builder, boolean, columns, decimal, integer, minutes, ordinal, ordinals, owner, row, text,
};
use crate::emit::sql::schema::Cell;
use crate::model::{Every, Measure, Process, Target, Value};

impl Builder<'_> {
    pub(super) fn goals(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("measure").about("in the language of the process"),
            boolean("is_at_least").about("whether more is better"),
            text("target"),
            decimal("target_value").about("the target as a number; 60 is 60%"),
            text("target_unit").one_of(&["number", "percent", "money", "minutes"]),
            text("every"),
            text("why"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.goals.len());
        let mut owners = Vec::new();
        for (ordinal, goal) in ordinals().zip(process.goals.values()) {
            let target = goal.target.as_ref();
            let (value, unit) = target.map_or((Cell::Null, None), |target| self.target(target));
            rows.push(row![
                goal.name.as_str(),
                self.say("goal", &goal.name, "title", &goal.title),
                goal.measure.as_ref().map(|measure| measure_source(process, measure)),
                target.is_none_or(|target| target.at_least),
                target.map(|target| process.value_source(&target.value)),
                value,
                unit,
                target.and_then(|target| target.every).map(every),
                self.say_maybe("goal", &goal.name, "why", goal.why.as_ref()),
                ordinal,
            ]);
            for (ordinal, shared) in ordinals().zip(&goal.shared_by) {
                owners.push(row![goal.name.as_str(), ordinal, self.owner(Some(shared.value))]);
            }
        }
        self.table("goal", "Goals", specs, &["name"], rows);
        let specs = columns![text("goal").required().refers("goal"), ordinal(), owner("owner")];
        let key = &["goal", "ordinal"];
        self.table("goal_owner", "Who reaches a goal together", specs, key, owners);
        self.feedback();
    }

    /// The target as a number, and of what.
    fn target(&self, target: &Target) -> (Cell, Option<&'static str>) {
        match &target.value {
            Value::Number(number) => ((*number).into(), Some("number")),
            Value::Percent(number) => ((*number).into(), Some("percent")),
            Value::Money(money) => (money.amount.into(), Some("money")),
            Value::Duration(duration) => {
                let minutes = minutes(duration, self.process.calendar.minutes_per_day());
                (minutes.into(), Some("minutes"))
            }
            _ => (Cell::Null, None),
        }
    }

    fn feedback(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("every"),
            text("about"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.feedback.len());
        let mut parties = Vec::new();
        for (ordinal, feedback) in ordinals().zip(process.feedback.values()) {
            let key = feedback.name.as_str();
            rows.push(row![
                key,
                self.say("feedback", key, "title", &feedback.title),
                feedback.every.map(every),
                self.say_maybe("feedback", key, "about", feedback.about.as_ref()),
                ordinal,
            ]);
            for (side, owners) in [("from", &feedback.from), ("to", &feedback.to)] {
                for (ordinal, owner) in ordinals().zip(owners) {
                    parties.push(row![key, side, ordinal, self.owner(Some(*owner))]);
                }
            }
        }
        let comment = "Knowledge that flows against the stream";
        self.table("feedback", comment, specs, &["name"], rows);
        let specs = columns![
            text("feedback").required().refers("feedback"),
            text("side").required().one_of(&["from", "to"]),
            integer("ordinal").required(),
            owner("party"),
        ];
        let key = &["feedback", "side", "ordinal"];
        self.table("feedback_party", "Who speaks and who listens", specs, key, parties);
    }
}

fn every(every: Every) -> String {
    match every {
        Every::Period(period) => period.word().to_owned(),
        Every::Duration(duration) => duration.to_string(),
    }
}

/// The measure as it is written in the language.
fn measure_source(process: &Process, measure: &Measure) -> String {
    let stage = |id| process.stages[id].name.as_str();
    let when = |when: &Option<_>| {
        when.as_ref().map_or(String::new(), |when| format!(" when {}", process.expr_source(when)))
    };
    match measure {
        Measure::Conversion { from, to, within } => {
            let within = within.map_or(String::new(), |within| format!(" within {within}"));
            format!("conversion from {} to {}{within}", stage(*from), stage(*to))
        }
        Measure::Entries { into, when: only } => {
            format!("entries into {}{}", stage(*into), when(only))
        }
        Measure::Balance { of } => format!("balance of {}", stage(*of)),
        Measure::Cycle { statistic, from, to } => {
            format!("{} time from {} to {}", statistic.word(), stage(*from), stage(*to))
        }
        Measure::Dwell { statistic, stage: id } => {
            format!("{} time in {}", statistic.word(), stage(*id))
        }
        Measure::Sum { field, entering, when: only } => {
            let field = &process.fields[*field];
            let record = &process.records[field.record].name;
            format!("sum of {record}.{} entering {}{}", field.name, stage(*entering), when(only))
        }
        Measure::Share { of, when } => {
            format!("share of {} when {}", stage(*of), process.expr_source(when))
        }
        Measure::Coverage { goal, by, .. } => {
            let field = &process.fields[*by];
            let record = &process.records[field.record].name;
            format!("coverage of {} by {record}.{}", process.goals[*goal].name, field.name)
        }
    }
}
