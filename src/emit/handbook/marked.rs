//! What pages of many things say of each beyond the view: what has changed, and where fields are kept.

use serde::Serialize;

use super::{Kept, KeptIn};
use crate::emit::view::{ChangedView, ChangesView, FieldView, RecordView};
use crate::model::{Process, Record};

/// Something, and what has changed of it since an earlier version.
#[derive(Serialize)]
pub(in crate::emit) struct Marked<'v, T> {
    #[serde(flatten)]
    it: &'v T,
    changed: Option<&'v ChangedView<'v>>,
}

/// Things of a kind, each with its mark.
pub(in crate::emit) fn marked<'v, T>(
    kind: &str,
    items: &'v [T],
    name: impl Fn(&'v T) -> &'v str,
    changes: Option<&'v ChangesView<'v>>,
) -> Vec<Marked<'v, T>> {
    let mark = |it| Marked { it, changed: changes.and_then(|all| all.mark(kind, name(it))) };
    items.iter().map(mark).collect()
}

/// A record type, with more of each field than the view has.
#[derive(Serialize)]
pub(in crate::emit) struct RecordShown<'v, 'a> {
    #[serde(flatten)]
    pub(in crate::emit) record: &'v RecordView<'a>,
    pub(in crate::emit) fields: Vec<FieldShown<'v, 'a>>,
    /// Whether some system keeps one of its fields.
    pub(in crate::emit) is_kept: bool,
    pub(in crate::emit) changed: Option<&'v ChangedView<'v>>,
}

/// A field, where it is kept, and what has changed of it.
#[derive(Serialize)]
pub(in crate::emit) struct FieldShown<'v, 'a> {
    #[serde(flatten)]
    pub(in crate::emit) field: &'v FieldView<'a>,
    pub(in crate::emit) kept_in: Vec<KeptIn>,
    pub(in crate::emit) changed: Option<&'v ChangedView<'v>>,
}

impl<'v, 'a> RecordShown<'v, 'a> {
    /// All record types, in the order of the view, which is that of the process.
    pub(in crate::emit) fn all(
        process: &Process,
        records: &'v [RecordView<'a>],
        kept: &Kept,
        changes: Option<&'v ChangesView<'v>>,
    ) -> Vec<Self> {
        let mark = |kind: &str, name: &str| changes.and_then(|all| all.mark(kind, name));
        let shown = |(record, model): (&'v RecordView<'a>, &Record)| {
            let fields = record.fields.iter().zip(&model.fields).map(|(field, id)| FieldShown {
                field,
                kept_in: kept.field(*id),
                changed: mark("field", &field.field.name),
            });
            let fields: Vec<FieldShown<'v, 'a>> = fields.collect();
            let is_kept = fields.iter().any(|field| !field.kept_in.is_empty());
            Self { record, fields, is_kept, changed: mark("record", record.name) }
        };
        records.iter().zip(process.records.values()).map(shown).collect()
    }
}
