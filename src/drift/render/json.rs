//! For programs: one object, described by `schemas/drift.schema.json`. Every key is always there.

use serde_json::{Value as Json, json};

use crate::drift::compare::{Drift, What};
use crate::drift::part::Weight;
use crate::drift::{Report, advice};
use crate::model::Process;
use crate::source::SourceMap;

use super::say;

/// Counts changes that break readers: a key gone, or with another meaning.
const FORMAT_VERSION: u32 = 1;

/// Renders a report.
pub(crate) fn render(report: &Report, process: &Process, sources: &SourceMap) -> String {
    let compared = &report.compared;
    let at = |weight: Weight| compared.drifts.iter().filter(|drift| drift.weight == weight).count();
    let count = |(kind, count): &(crate::drift::part::Kind, usize)| json!({ "kind": kind.word(), "count": count });
    let document = json!({
        "format": "ekiden-drift",
        "format_version": FORMAT_VERSION,
        "system": report.system.target(),
        "process": { "name": process.name, "version": process.version },
        "summary": {
            "drifts": compared.drifts.len(),
            "records": at(Weight::Records),
            "values": at(Weight::Values),
            "texts": at(Weight::Texts),
            "compared": compared.parts,
        },
        "drifts": compared.drifts.iter().map(|found| drift(report, sources, found)).collect::<Json>(),
        "none_in_export": compared.none.iter().map(count).collect::<Json>(),
        "not_compared": report.unread,
        "other_stages": compared.others,
        "beside": compared.beside.iter().map(count).collect::<Json>(),
    });
    format!("{document:#}\n")
}

fn drift(report: &Report, sources: &SourceMap, drift: &Drift) -> Json {
    let (message, _) = say(report, drift);
    let (what, property, crm, process) = match &drift.what {
        What::Missing => ("missing", Json::Null, Json::Null, Json::Null),
        What::Extra => ("extra", Json::Null, Json::Null, Json::Null),
        What::Off(why) => ("off", Json::Null, json!(why), Json::Null),
        What::Differs { word, crm, process, .. } => {
            ("differs", json!(word), json!(crm), json!(process))
        }
        What::Order { crm, process, .. } => ("order", json!("order"), json!(crm), json!(process)),
    };
    let export = drift
        .export
        .as_ref()
        .map(|place| json!({ "path": place.path, "line": place.line, "pointer": place.pointer }));
    let source = drift.source.map(|span| {
        let (path, at) = sources.locate(span);
        json!({ "path": path, "line": at.line, "column": at.column })
    });
    json!({
        "weight": drift.weight.word(),
        "what": what,
        "kind": drift.kind.word(),
        "part": drift.said,
        "property": property,
        "crm": crm,
        "process": process,
        "message": message,
        "place": { "export": export, "process": source },
        "help": advice(report.system, drift),
    })
}
