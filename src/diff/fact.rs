//! Facts as the language writes them.

use crate::model::{Clock, Every, Expr, Measure, Owner, Process, Target, Value};

use super::change::Fact;

impl Fact<'_> {
    /// The fact as source; names without quotes or backticks.
    pub fn source(&self, process: &Process) -> String {
        match self {
            Fact::Name(text) | Fact::Plain(text) => text.clone(),
            Fact::Names(names) => names.join(", "),
            Fact::Text(text) => format!("\"{}\"", text.value),
            Fact::Translations(all) => {
                let all: Vec<String> =
                    all.iter().map(|(language, text)| format!("{language} \"{text}\"")).collect();
                all.join(" ")
            }
            Fact::Condition(expr) => process.expr_source(expr),
            Fact::Criterion(expr, applies) => criterion(process, expr, *applies),
            Fact::Duration(duration) => duration.to_string(),
            Fact::Clock(clock) => clock_source(process, clock),
            Fact::Every(every) => every_source(*every),
            Fact::Value(value) => process.value_source(value),
            Fact::Owner(owner) => owner_source(process, *owner).to_owned(),
            Fact::Measure(measure) => measure_source(process, measure),
            Fact::Target(target) => target_source(process, target),
        }
    }
}

fn criterion(process: &Process, expr: &Expr, applies: Option<&Expr>) -> String {
    let holds = process.expr_source(expr);
    match applies {
        Some(only) => format!("{holds} if {}", process.expr_source(only)),
        None => holds,
    }
}

fn clock_source(process: &Process, clock: &Clock) -> String {
    match clock.before {
        Some(field) => format!("{} before {}", clock.duration, process.fields[field].name),
        None => clock.duration.to_string(),
    }
}

fn every_source(every: Every) -> String {
    match every {
        Every::Period(period) => format!("every {}", period.word()),
        Every::Duration(duration) => format!("every {duration}"),
    }
}

fn owner_source(process: &Process, owner: Owner) -> &str {
    process.owner_name(owner).0
}

fn target_source(process: &Process, target: &Target) -> String {
    let bound = if target.at_least { "at least" } else { "at most" };
    // Every coverage is a multiple, and a plain number reads as one.
    let value = match &target.value {
        Value::Number(number) => number.normalize().to_string(),
        other => process.value_source(other),
    };
    match target.every {
        Some(every) => format!("{bound} {value} {}", every_source(every)),
        None => format!("{bound} {value}"),
    }
}

fn measure_source(process: &Process, measure: &Measure) -> String {
    let stage = |id| &process.stages[id].name;
    let only = |when: &Option<Expr>| {
        when.as_ref().map_or(String::new(), |when| format!(" when {}", process.expr_source(when)))
    };
    match measure {
        Measure::Conversion { from, to, within } => {
            let within = within.map_or(String::new(), |within| format!(" within {within}"));
            format!("conversion from {} to {}{within}", stage(*from), stage(*to))
        }
        Measure::Entries { into, when } => format!("entries into {}{}", stage(*into), only(when)),
        Measure::Balance { of } => format!("balance of {}", stage(*of)),
        Measure::Cycle { statistic, from, to } => {
            format!("{} time from {} to {}", statistic.word(), stage(*from), stage(*to))
        }
        Measure::Dwell { statistic, stage: of } => {
            format!("{} time in {}", statistic.word(), stage(*of))
        }
        Measure::Sum { field, entering, when } => {
            let field = &process.fields[*field].name;
            format!("sum of {field} entering {}{}", stage(*entering), only(when))
        }
        Measure::Share { of, when } => {
            format!("share of {} when {}", stage(*of), process.expr_source(when))
        }
        Measure::Coverage { goal, by, .. } => {
            let goal = &process.goals[*goal].name;
            format!("coverage of {goal} by {}", process.fields[*by].name)
        }
    }
}
