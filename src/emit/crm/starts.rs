//! Records that entering a stage starts (`starts visit at planned`). No CRM target makes them: people, or
//! something that people set up, do.

use crate::emit::enforcement::{Demand, Hold};
use crate::model::{Process, StageId};

use super::text::cell;

/// Which stages start a record, and in which stage.
fn starts(process: &Process) -> impl Iterator<Item = (StageId, StageId)> {
    let of = |(id, stage): (StageId, &crate::model::Stage)| {
        stage.starts.iter().map(move |(_, at)| (id, *at)).collect::<Vec<_>>()
    };
    process.stages.iter().flat_map(of)
}

/// How a record that a stage starts is made: not at all by what is built. `maker` is what people can set
/// up: `a workflow`; `is_kept` tells whether the system keeps the records of a stage.
pub(in crate::emit) fn start_holds(
    process: &Process,
    maker: &str,
    is_kept: impl Fn(StageId) -> bool,
) -> Vec<(Demand, Hold)> {
    let held = |(from, at)| {
        let why = match is_kept(from) && is_kept(at) {
            true => format!("{maker} makes the record, which is a step by hand"),
            false => "not both record types are kept there".to_owned(),
        };
        (Demand::Starts(from, at), Hold::Documented(why))
    };
    starts(process).map(held).collect()
}

/// The steps that set them up. `with` tells what else the new record gets, as the end of a sentence; none
/// where the system does not keep both.
pub(in crate::emit) fn start_steps(
    process: &Process,
    maker: &str,
    with: impl Fn(StageId, StageId) -> Option<String>,
) -> Vec<String> {
    let titles = |id: StageId| {
        let stage = &process.stages[id];
        (cell(&process.records[stage.record].title.value), cell(&stage.title.value))
    };
    let step = |(from, at): (StageId, StageId)| {
        let with = with(from, at)?;
        let ((earlier, from), (record, at)) = (titles(from), titles(at));
        Some(format!(
            "Make {maker} that creates a record of “{record}” in “{at}” when a record of \
             “{earlier}” enters “{from}”{with}."
        ))
    };
    starts(process).filter_map(step).collect()
}
