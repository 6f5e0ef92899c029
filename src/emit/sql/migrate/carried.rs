//! Which table of the old schema each table of the new one goes on from, and how its values change.

use rustc_hash::FxHashMap;

use crate::diff::pair::options;
use crate::emit::sql::names::Ident;
use crate::emit::sql::records::RecordTable;
use crate::emit::sql::reference;
use crate::model::StageId;

use super::judge::Change;
use super::parts::{Filled, Parts};

/// A table whose rows are kept.
pub(super) struct Carried<'a> {
    pub(super) old: &'a Filled,
    pub(super) new: &'a Filled,
    /// The columns that are kept: by their old name, and by the new one.
    pub(super) columns: Vec<(Ident, Ident)>,
    pub(super) values: Vec<Renamed>,
    /// Whether it is created in another way now, or its indexes are.
    pub(super) is_changed: bool,
}

/// Values that are called otherwise now, of one column.
pub(super) struct Renamed {
    /// Its old name, and its new one.
    pub(super) column: (Ident, Ident),
    /// Old value, new value.
    pub(super) names: Vec<(String, String)>,
}

/// Both schemas and what happens between them.
pub(super) struct Plan<'a> {
    pub(super) old: &'a Parts<'a>,
    pub(super) new: &'a Parts<'a>,
    pub(super) carried: Vec<Carried<'a>>,
    /// Record types that are no more, by their old names.
    pub(super) gone: Vec<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(
        change: &Change<'_>,
        old: &'a Parts<'a>,
        new: &'a Parts<'a>,
        prefix: &str,
    ) -> Self {
        let mut plan = Self { old, new, carried: Vec::new(), gone: Vec::new() };
        for table in &old.records {
            let now = change.pairs.records.new_of(table.record);
            match now.and_then(|id| new.records.iter().find(|table| table.record == id)) {
                Some(now) => plan.record(change, table, now),
                None => plan.gone.push(table.title.to_owned()),
            }
        }
        plan.history(change, prefix);
        plan
    }

    /// Adds a table that goes on as another, if both are there.
    fn carry(
        &mut self,
        names: (&Ident, &Ident),
        columns: Vec<(Ident, Ident)>,
        values: Vec<Renamed>,
    ) {
        let (Some(old), Some(new)) = (self.old.table(names.0), self.new.table(names.1)) else {
            return;
        };
        let is_changed = old.create != new.create
            || self.old.indexes_of(names.0) != self.new.indexes_of(names.1);
        let values = values.into_iter().filter(|renamed| !renamed.names.is_empty()).collect();
        self.carried.push(Carried { old, new, columns, values, is_changed });
    }

    fn record(&mut self, change: &Change<'_>, old: &RecordTable<'_>, new: &RecordTable<'_>) {
        let pairs = change.pairs;
        let mut columns = vec![(old.id.clone(), new.id.clone())];
        let mut values = Vec::new();
        for (earlier, column) in &old.links {
            let now = pairs.records.new_of(*earlier);
            let now = now.and_then(|id| new.links.iter().find(|(earlier, _)| *earlier == id));
            columns.extend(now.map(|(_, now)| (column.clone(), now.clone())));
        }
        if let (Some(then), Some(now)) = (&old.position, &new.position) {
            let stages = old.stages().iter().filter_map(|id| {
                let name = &change.old.stages[*id].name;
                let now = &change.new.stages[change.goes_to(*id)?].name;
                (name != now).then(|| (name.clone(), now.clone()))
            });
            let column = (then.stage.clone(), now.stage.clone());
            values.push(Renamed { column: column.clone(), names: stages.collect() });
            columns.push(column);
            columns.push((then.entered_at.clone(), now.entered_at.clone()));
            if let (Some(then), Some(now)) = (&then.left_at, &now.left_at) {
                columns.push((then.clone(), now.clone()));
            }
        }
        for then in &old.fields {
            let Some(id) = pairs.fields.new_of(then.field) else { continue };
            let Some(now) = new.fields.iter().find(|column| column.field == id) else { continue };
            let (was, is) = (&change.old.fields[then.field].ty, &change.new.fields[id].ty);
            let renamed = options(was, is).filter_map(|(was, is)| {
                let is = is.filter(|is| *is != was)?;
                Some((was.to_owned(), is.to_owned()))
            });
            let column = (then.name.clone(), now.name.clone());
            let renamed = Renamed { column: column.clone(), names: renamed.collect() };
            match (&then.many, &now.many) {
                (None, None) => {
                    columns.push(column);
                    values.push(renamed);
                }
                (Some(many), Some(many_now)) => {
                    let columns = vec![(many.owner().clone(), many_now.owner().clone()), column];
                    self.carry((&many.table, &many_now.table), columns, vec![renamed]);
                }
                _ => {}
            }
        }
        for (id, then) in &old.confirmations {
            let Some(id) = pairs.confirmations.new_of(*id) else { continue };
            let now = new.confirmations.iter().find(|(now, _)| *now == id);
            columns.extend(now.map(|(_, now)| (then.clone(), now.clone())));
        }
        self.carry((&old.name, &new.name), columns, values);
    }

    /// The history and the events. A name that lives on under another is a reference to it, and
    /// follows; the name of what is no more stays as it was written.
    fn history(&mut self, change: &Change<'_>, prefix: &str) {
        let dialect = self.new.dialect;
        let records: Vec<(String, String)> = change
            .old
            .records
            .iter()
            .filter_map(|(id, record)| {
                let now = &change.new.records[change.pairs.records.new_of(id)?].name;
                (record.name != *now).then(|| (record.name.clone(), now.clone()))
            })
            .collect();
        let stages: Vec<(String, String)> = change
            .old
            .stages
            .iter()
            .filter_map(|(id, stage)| {
                let now = &change.new.stages[change.pairs.stages.new_of(id)?].name;
                (stage.name != *now).then(|| (stage.name.clone(), now.clone()))
            })
            .collect();
        let transitions = transitions(change);
        for (table, named) in [
            (
                "stage_history",
                vec![
                    ("record", &records),
                    ("from_record", &records),
                    ("from_stage", &stages),
                    ("to_stage", &stages),
                    ("transition", &transitions),
                ],
            ),
            ("event", vec![("record", &records)]),
            ("handoff_answer", Vec::new()),
        ] {
            let name = reference::name(dialect, prefix, table);
            let Some(then) = self.old.table(&name) else { continue };
            let columns = then.table.columns.iter();
            let columns = columns.map(|c| (c.name.clone(), c.name.clone())).collect();
            let values = named.into_iter().map(|(column, names)| {
                let column = Ident::new(dialect, column);
                Renamed { column: (column.clone(), column), names: names.clone() }
            });
            let values = values.collect();
            self.carry((&name, &name), columns, values);
        }
    }
}

/// Transitions have no names in the language; their keys are made of the names of stages. The only
/// one between two stages is the only one between what these are called now.
fn transitions(change: &Change<'_>) -> Vec<(String, String)> {
    let (old, new) = (change.old.transition_keys(), change.new.transition_keys());
    let mut before: FxHashMap<(StageId, StageId), usize> = FxHashMap::default();
    for transition in change.old.transitions.values() {
        *before.entry((transition.from, transition.to)).or_default() += 1;
    }
    let mut after: FxHashMap<(StageId, StageId), Vec<&str>> = FxHashMap::default();
    for (id, key) in &new {
        let transition = &change.new.transitions[*id];
        after.entry((transition.from, transition.to)).or_default().push(key);
    }
    let mut renamed = Vec::new();
    for (id, key) in &old {
        let transition = &change.old.transitions[*id];
        let (from, to) = (transition.from, transition.to);
        let ends = (change.pairs.stages.new_of(from), change.pairs.stages.new_of(to));
        let (Some(from_now), Some(to_now)) = ends else { continue };
        let Some([now]) = after.get(&(from_now, to_now)).map(Vec::as_slice) else { continue };
        if before.get(&(from, to)) == Some(&1) && key != now {
            renamed.push((key.clone(), (*now).to_owned()));
        }
    }
    renamed
}
