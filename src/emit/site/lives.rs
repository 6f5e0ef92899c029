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

/// All record types. `marks` are the changes that are told beside the fields.
pub(super) fn lives<'v, 'a>(
    site: &'v Site<'_, 'a>,
    marks: Option<&'v ChangesView<'a>>,
) -> Vec<Lives<'v, 'a>> {
    let life = |shown: FieldShown<'v, 'a>| {
        let FieldShown { field, carried_to, carried_more, kept_in, changed } = shown;
        Life { field, carried_to, carried_more, kept_in, changed }
    };
    let lives = |shown: RecordShown<'v, 'a>| {
        let RecordShown { record, fields, is_kept, changed, .. } = shown;
        let fields = fields.into_iter().map(life).collect();
        Lives { record, fields, is_kept, changed }
    };
    RecordShown::all(site.process, site.view, site.kept, marks).into_iter().map(lives).collect()
}
