//! What pages of many things say of each beyond the view: what has changed, and where fields are kept.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Kept, KeptIn};
use crate::emit::view::{ChangedView, ChangesView, FieldView, RecordView, Ref, View};
use crate::model::{Process, Record};

/// How many stages a field is said to be handed over to before the rest is counted.
const FEW: usize = 6;

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
    /// Whether one of its fields is handed over.
    pub(in crate::emit) is_carried: bool,
    /// Whether some system keeps one of its fields.
    pub(in crate::emit) is_kept: bool,
    pub(in crate::emit) changed: Option<&'v ChangedView<'v>>,
}

/// A field, where it is kept, and what has changed of it.
#[derive(Serialize)]
pub(in crate::emit) struct FieldShown<'v, 'a> {
    #[serde(flatten)]
    pub(in crate::emit) field: &'v FieldView<'a>,
    /// The stages whose owner gets it in a handoff; the first few.
    pub(in crate::emit) carried_to: Vec<&'v Ref<'a>>,
    pub(in crate::emit) carried_more: usize,
    pub(in crate::emit) kept_in: Vec<KeptIn>,
    pub(in crate::emit) changed: Option<&'v ChangedView<'v>>,
}

impl<'v, 'a> RecordShown<'v, 'a> {
    /// All record types, in the order of the view, which is that of the process.
    pub(in crate::emit) fn all(
        process: &Process,
        view: &'v View<'a>,
        kept: &Kept,
        changes: Option<&'v ChangesView<'v>>,
    ) -> Vec<Self> {
        let mark = |kind: &str, name: &str| changes.and_then(|all| all.mark(kind, name));
        let mut carried: FxHashMap<&str, Vec<&'v Ref<'a>>> = FxHashMap::default();
        for handoff in &view.handoffs {
            for field in &handoff.carries {
                let to = carried.entry(&field.name).or_default();
                if !to.contains(&&handoff.to) {
                    to.push(&handoff.to);
                }
            }
        }
        let shown = |(record, model): (&'v RecordView<'a>, &Record)| {
            let fields = record.fields.iter().zip(&model.fields).map(|(field, id)| {
                let to = carried.get(field.field.name.as_str());
                let to = to.map_or(&[][..], Vec::as_slice);
                FieldShown {
                    field,
                    carried_to: to.iter().take(FEW).copied().collect(),
                    carried_more: to.len().saturating_sub(FEW),
                    kept_in: kept.field(*id),
                    changed: mark("field", &field.field.name),
                }
            });
            let fields: Vec<FieldShown<'v, 'a>> = fields.collect();
            let is_carried = fields.iter().any(|field| !field.carried_to.is_empty());
            let is_kept = fields.iter().any(|field| !field.kept_in.is_empty());
            Self { record, fields, is_carried, is_kept, changed: mark("record", record.name) }
        };
        view.records.iter().zip(process.records.values()).map(shown).collect()
    }
}
