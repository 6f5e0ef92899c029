//! The life of each field: who fills it in, to whom it is handed over, who needs it, where it is kept.

use serde::Serialize;

use super::pages::Site;
use crate::emit::handbook::{FieldShown, KeptIn, RecordShown};
use crate::emit::view::{ChangedView, ChangesView, FieldView, RecordView, Ref};

/// A record type with the life of each field.
#[derive(Serialize)]
pub(super) struct Lives<'v, 'a> {
    record: &'v RecordView<'a>,
    fields: Vec<Life<'v, 'a>>,
    /// Whether some system keeps one of its fields.
    is_kept: bool,
    changed: Option<&'v ChangedView<'v>>,
}

#[derive(Serialize)]
struct Life<'v, 'a> {
    field: &'v FieldView<'a>,
    /// The stages whose owner gets it in a handoff; the first few.
    carried_to: Vec<&'v Ref<'a>>,
    carried_more: usize,
    kept_in: Vec<KeptIn>,
    changed: Option<&'v ChangedView<'v>>,
}

/// How many stages a field is said to land in before the rest is counted.
const FEW: usize = 6;

/// All record types. `marks` are the changes that are told beside the fields.
pub(super) fn lives<'v, 'a>(
    site: &'v Site<'_, 'a>,
    marks: Option<&'v ChangesView<'a>>,
) -> Vec<Lives<'v, 'a>> {
    let mut carried: rustc_hash::FxHashMap<&str, Vec<&Ref<'a>>> = Default::default();
    for handoff in &site.view.handoffs {
        for field in &handoff.carries {
            let to = carried.entry(&field.name).or_default();
            if !to.contains(&&handoff.to) {
                to.push(&handoff.to);
            }
        }
    }
    let life = |shown: FieldShown<'v, 'a>| {
        let FieldShown { field, kept_in, changed } = shown;
        let to = carried.get(field.field.name.as_str());
        let to = to.map_or(&[][..], Vec::as_slice);
        let carried_to = to.iter().take(FEW).copied().collect();
        let carried_more = to.len().saturating_sub(FEW);
        Life { field, carried_to, carried_more, kept_in, changed }
    };
    let records = RecordShown::all(site.process, &site.view.records, site.kept, marks);
    let lives = |RecordShown { record, fields, is_kept, changed }: RecordShown<'v, 'a>| {
        let fields = fields.into_iter().map(life).collect();
        Lives { record, fields, is_kept, changed }
    };
    records.into_iter().map(lives).collect()
}
