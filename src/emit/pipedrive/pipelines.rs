//! Pipelines: one for each record type that deals hold. Won and lost are no stages there.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};

use crate::diag::render::counted;
use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{Labels, TARGET_LOSS, Use, one_line};
use crate::model::{Duration, Process, RecordId, Stage, StageId, Text, Unit};

use super::choices::Choices;

/// A pipeline.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// Whose stages it has.
    pub(super) record: RecordId,
    /// What people see.
    pub(super) name: String,
    /// Its open stages, in order.
    pub(super) stages: Vec<PipelineStage>,
    /// Whether its stages have probabilities.
    pub(super) weighted: bool,
}

/// A stage of a pipeline.
#[derive(Debug)]
pub(super) struct PipelineStage {
    /// The stage.
    pub(super) stage: StageId,
    /// What people see.
    pub(super) name: String,
    /// In percent.
    pub(super) probability: Option<u32>,
    /// After how many days without a change a deal is shown as rotten.
    pub(super) rotten: Option<u32>,
}

/// Builds the pipeline of a record type; none when it has no open stage.
pub(super) fn pipeline(
    process: &Process,
    choices: &Choices,
    record: RecordId,
    stages: &[StageId],
    findings: &mut Vec<Diagnostic>,
) -> Option<Pipeline> {
    let declared = &process.records[record];
    let open: Vec<StageId> =
        stages.iter().copied().filter(|stage| process.stages[*stage].is_open()).collect();
    if open.is_empty() {
        if !stages.is_empty() {
            let message =
                format!("`{}` has no open stage, so Pipedrive gets no pipeline", declared.name);
            let finding = Diagnostic::new(TARGET_LOSS, declared.span, message);
            findings.push(finding.level(Level::Warning).help("give it a stage without `outcome`"));
        }
        return None;
    }
    let name = match choices.pipelines.get(&record) {
        Some(name) => one_line(name),
        None => {
            let title = one_line(&process.title.value);
            format!("{title}: {}", one_line(&declared.title.value))
        }
    };
    let weighted = open.iter().any(|stage| process.stages[*stage].probability.is_some());
    let mut labels = Labels::default();
    let mut built = Vec::new();
    for id in open {
        let stage = &process.stages[id];
        let name = match one_line(&stage.title.value) {
            title if title.is_empty() => Text::from_name(&stage.name, stage.span).value,
            title => title,
        };
        let name = labels.add((name, &stage.title, &stage.name), findings, |other| {
            format!("stages `{other}` and `{}` have one title in Pipedrive", stage.name)
        });
        built.push(PipelineStage {
            stage: id,
            name,
            probability: probability(stage, weighted, findings),
            rotten: rotten(stage, findings),
        });
    }
    Some(Pipeline { record, name, stages: built, weighted })
}

/// A whole number of percent; a stage without one counts in full there.
fn probability(stage: &Stage, weighted: bool, findings: &mut Vec<Diagnostic>) -> Option<u32> {
    let Some(declared) = &stage.probability else {
        if weighted {
            let message = format!("`{}` has no probability, Pipedrive counts 100%", stage.name);
            let finding = Diagnostic::new(TARGET_LOSS, stage.span, message).level(Level::Warning);
            findings.push(finding.help("give it a `probability`, or none of the others"));
        }
        return None;
    };
    let whole = declared.value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    if whole != declared.value {
        let message = format!(
            "`{}` has probability {}%, Pipedrive gets {}%",
            stage.name,
            declared.value.normalize(),
            whole.normalize()
        );
        let finding = Diagnostic::new(TARGET_LOSS, stage.span, message).level(Level::Warning);
        findings.push(finding.help("it takes whole numbers of percent"));
    }
    whole.to_u32()
}

/// The limit in days. Pipedrive knows neither hours nor working time.
fn rotten(stage: &Stage, findings: &mut Vec<Diagnostic>) -> Option<u32> {
    let limit = stage.limit.as_ref()?;
    let (days, exact) = days(limit.duration);
    if !exact {
        let shown = counted(days as usize, "day");
        let message = format!("the limit of `{}` is {shown} in Pipedrive", stage.name);
        findings.push(
            Diagnostic::new(TARGET_LOSS, limit.span, message)
                .level(Level::Warning)
                .reason("it counts whole days of the calendar")
                .help("give the limit in days or weeks"),
        );
    }
    Some(days)
}

/// A length of time in days of the calendar, at least one, rounded up; and whether it is just that.
/// Five working days are a week.
pub(super) fn days(duration: Duration) -> (u32, bool) {
    let (each, exact) = match duration.unit {
        Unit::Day => (Decimal::ONE, true),
        Unit::Week => (Decimal::from(7), true),
        Unit::Minute => (Decimal::ONE / Decimal::from(1440), false),
        Unit::Hour => (Decimal::ONE / Decimal::from(24), false),
        Unit::Month => (Decimal::from(30), false),
        Unit::Quarter => (Decimal::from(91), false),
        Unit::Year => (Decimal::from(365), false),
        Unit::BusinessMinute => (Decimal::new(14, 1) / Decimal::from(480), false),
        Unit::BusinessHour => (Decimal::new(14, 1) / Decimal::from(8), false),
        Unit::BusinessDay => (Decimal::new(14, 1), false),
    };
    // A part of a day that comes from dividing alone is none: 24 hours are one day.
    let days = (duration.amount * each).round_dp(6).ceil().max(Decimal::ONE);
    (days.to_u32().unwrap_or(u32::MAX), exact)
}

impl Pipeline {
    /// The body of the request that creates it.
    pub(super) fn body(&self) -> Value {
        json!({ "name": self.name, "is_deal_probability_enabled": self.weighted })
    }
}

impl PipelineStage {
    /// The body of the request that creates it, and where the id of the pipeline stands in it.
    pub(super) fn body(&self, record: &str) -> (Value, Vec<Use>) {
        let pipeline = Use::value(format!("pipeline.{record}"), "/pipeline_id".to_owned());
        let mut body = Map::new();
        body.insert("name".to_owned(), json!(self.name));
        body.insert("pipeline_id".to_owned(), json!(pipeline.text()));
        if let Some(probability) = self.probability {
            body.insert("deal_probability".to_owned(), json!(probability));
        }
        body.insert("is_deal_rot_enabled".to_owned(), json!(self.rotten.is_some()));
        if let Some(days) = self.rotten {
            body.insert("days_to_rotten".to_owned(), json!(days));
        }
        (Value::Object(body), vec![pipeline])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_days_of_the_calendar() {
        let of = |amount: i64, unit| days(Duration { amount: Decimal::from(amount), unit });
        assert_eq!(of(5, Unit::Day), (5, true));
        assert_eq!(of(2, Unit::Week), (14, true));
        assert_eq!(of(24, Unit::Hour), (1, false));
        assert_eq!(of(25, Unit::Hour), (2, false));
        assert_eq!(of(1, Unit::Minute), (1, false));
        assert_eq!(of(5, Unit::BusinessDay), (7, false));
        // 2.8 days.
        assert_eq!(of(2, Unit::BusinessDay), (3, false));
        assert_eq!(of(4, Unit::BusinessHour), (1, false));
        assert_eq!(of(1, Unit::Month), (30, false));
    }
}
