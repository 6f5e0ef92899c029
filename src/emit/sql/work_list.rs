//! A view for each stage: the records in it, which criteria they meet, and which moves are open to
//! them. What a person looks at in the morning, in every database.

use crate::emit::crm::one_line;
use crate::model::{Id, RecordId, StageId};

use super::expr::{Subject, World};
use super::gates::build::{self, Ends, Unasked};
use super::lookups::Lookups;
use super::names::{Ident, Scope};
use super::reference;
use super::writer::Sql;

/// Writes the views; tells what could not be said in them.
pub(super) fn write(
    sql: &mut Sql<'_>,
    world: &World<'_>,
    prefix: &str,
    relations: &mut Scope,
) -> Vec<Unasked> {
    let clock = now(world, prefix);
    let keys: Vec<String> =
        world.process.transition_keys().into_iter().map(|(_, key)| key).collect();
    let mut unasked = Vec::new();
    for id in world.process.stages.ids() {
        let lookups = Lookups::new(world.dialect);
        let ends = InTable { world, lookups: &lookups, now: &clock };
        let mut list = WorkList {
            world,
            ends: &ends,
            columns: Scope::of_columns(),
            lines: Vec::new(),
            unasked: Vec::new(),
        };
        if list.fill(id, &keys).is_none() {
            continue;
        }
        let WorkList { lines, unasked: unsaid, .. } = list;
        unasked.extend(unsaid);
        let stage = &world.process.stages[id];
        let name = relations.claim(world.dialect, &format!("{prefix}at_{}", stage.name));
        let title = one_line(&stage.title.value);
        sql.gap();
        sql.comment(&format!("Who is at {title}, which criteria are met, and where each may go."));
        let Some(table) = world.tables.get(stage.record.index()) else { continue };
        let Some(position) = &table.position else { continue };
        let mut query =
            format!("SELECT\n    {}\nFROM {} AS r\n", lines.join(",\n    "), table.name);
        for join in lookups.joins() {
            query.push_str(&format!("{join}\n"));
        }
        let here = world.dialect.text(&stage.name);
        let stayed = position
            .left_at
            .as_ref()
            .map_or(String::new(), |left| format!(" AND r.{left} IS NULL"));
        query.push_str(&format!("WHERE r.{} = {here}{stayed}", position.stage));
        sql.create_view(&name, &query);
    }
    unasked
}

/// The moment of the view `clock`, as a value that speaks of no row.
pub(super) fn now(world: &World<'_>, prefix: &str) -> String {
    format!("(SELECT c.now FROM {} AS c)", reference::name(world.dialect, prefix, "clock"))
}

/// The ends of a move that a record in its table might make now.
struct InTable<'a> {
    world: &'a World<'a>,
    lookups: &'a Lookups,
    now: &'a str,
}

impl<'a> Ends<'a> for InTable<'a> {
    fn leaving(&self, record: RecordId) -> Option<Subject<'a>> {
        Subject::in_table(self.world, self.lookups, record, "r", self.now)
    }

    /// Only a record of the same type is there before the move is made.
    fn entering(&self, record: RecordId) -> Option<Subject<'a>> {
        self.leaving(record)
    }
}

struct WorkList<'a, 'w> {
    world: &'w World<'w>,
    ends: &'a InTable<'w>,
    columns: Scope,
    lines: Vec<String>,
    unasked: Vec<Unasked>,
}

impl WorkList<'_, '_> {
    fn fill(&mut self, id: StageId, keys: &[String]) -> Option<()> {
        let World { process, dialect, tables, .. } = self.world;
        let stage = &process.stages[id];
        let table = tables.get(stage.record.index())?;
        let position = table.position.as_ref()?;
        let subject = self.ends.leaving(stage.record)?;
        let own = ["record_id", "entered_at"].map(|name| self.columns.claim(*dialect, name));
        let [record_id, entered_at] = own;
        self.lines.push(format!("r.{} AS {record_id}", table.id));
        self.lines.push(format!("r.{} AS {entered_at}", position.entered_at));
        for id in &stage.exit {
            let criterion = &process.criteria[*id];
            let name = self.columns.claim(*dialect, &criterion.name);
            match build::passes(process, &subject, *id) {
                Ok(holds) => self.lines.push(self.flag(&holds, &name)),
                Err(why) => {
                    let what =
                        format!("exit criterion `{}` of stage `{}`", criterion.name, stage.name);
                    self.unasked.push(Unasked { what, ask: None, why });
                }
            }
        }
        for id in &stage.outgoing {
            let transition = &process.transitions[*id];
            // What a record becomes that continues as another type is not known before it does.
            if process.stages[transition.to].record != stage.record {
                continue;
            }
            let key = keys.get(id.index())?;
            let name = self.columns.claim(*dialect, &format!("may_{key}"));
            match build::is_open(process, &subject, self.ends, *id) {
                Ok(parts) if parts.is_empty() => self.lines.push(self.flag("1 = 1", &name)),
                Ok(parts) => self.lines.push(self.flag(&parts.join(" AND "), &name)),
                Err(why) => {
                    let what = format!("the move `{key}`");
                    self.unasked.push(Unasked { what, ask: None, why });
                }
            }
        }
        Some(())
    }

    fn flag(&self, condition: &str, name: &Ident) -> String {
        let dialect = self.world.dialect;
        let [yes, no] = [true, false].map(|value| dialect.boolean(value));
        format!("CASE WHEN {condition} THEN {yes} ELSE {no} END AS {name}")
    }
}
