//! A small example: records that walk through the process by declared moves, always the same. With
//! it the project can be built before anybody has loaded anything.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::emit::sql::records::RecordTable;
use crate::emit::sql::schema::Cell;
use crate::model::{
    Field, FieldType, Id, Process, RecordId, StageId, TransitionId, TransitionKind, Value,
};

/// How many records come into the process.
const JOURNEYS: usize = 16;

/// The rows of the example.
pub(super) struct Example {
    /// For each record type, as its table has its columns.
    pub(super) records: Vec<Vec<Vec<Cell>>>,
    /// For each record type, its `many of` fields in order.
    pub(super) many: Vec<Vec<Vec<Vec<Cell>>>>,
    pub(super) history: Vec<Vec<Cell>>,
    /// A moment after everything.
    pub(super) ends: Timestamp,
}

/// Where a record is.
struct Place {
    /// The records it continues, nearest first.
    earlier: Vec<(RecordId, i64)>,
    stage: StageId,
    entered: Timestamp,
    left: Option<Timestamp>,
}

/// A move that was made.
struct Made {
    at: Timestamp,
    record: (RecordId, i64),
    from: Option<(RecordId, i64, StageId)>,
    to: StageId,
    transition: Option<TransitionId>,
}

struct Walk<'a> {
    process: &'a Process,
    places: Vec<Vec<Place>>,
    made: Vec<Made>,
}

/// Makes it up.
pub(super) fn example(process: &Process, tables: &[RecordTable<'_>]) -> Example {
    let begin = date(2025, 1, 6).to_zoned(TimeZone::UTC).map(|at| at.timestamp());
    let begin = begin.unwrap_or(Timestamp::UNIX_EPOCH);
    let places = process.records.ids().map(|_| Vec::new()).collect();
    let mut walk = Walk { process, places, made: Vec::new() };
    let mut starts: Vec<StageId> =
        process.stages.ids().filter(|id| process.stages[*id].entry.is_some()).collect();
    if starts.is_empty() {
        starts = process
            .stages
            .ids()
            .filter(|id| process.records[process.stages[*id].record].from.is_none())
            .take(1)
            .collect();
    }
    for (number, start) in
        starts.iter().cycle().take(if starts.is_empty() { 0 } else { JOURNEYS }).enumerate()
    {
        walk.journey(number, *start, later(begin, 31 * number));
    }
    walk.made.sort_by_key(|made| made.at);
    let ends = walk.made.last().map_or(begin, |made| later(made.at, 30));
    let keys: FxHashMap<TransitionId, String> = process.transition_keys().into_iter().collect();
    let name = |id: RecordId| Cell::from(process.records[id].name.as_str());
    let stage = |id: StageId| Cell::from(process.stages[id].name.as_str());
    let history = (1_i64..)
        .zip(&walk.made)
        .map(|(id, made)| {
            let from = made.from;
            vec![
                id.into(),
                name(made.record.0),
                made.record.1.into(),
                from.map_or(Cell::Null, |from| name(from.0)),
                from.map(|from| from.1).into(),
                from.map_or(Cell::Null, |from| stage(from.2)),
                stage(made.to),
                made.transition.and_then(|id| keys.get(&id)).map(String::as_str).into(),
                made.at.into(),
            ]
        })
        .collect();
    let (mut records, mut many) = (Vec::new(), Vec::new());
    for table in tables {
        let nothing = Vec::new();
        let places = walk.places.get(table.record.index()).unwrap_or(&nothing);
        let numbered = || (1_i64..).zip(places);
        records.push(numbered().map(|(id, place)| row(process, table, id, place)).collect());
        let fields = table.fields.iter().filter(|column| column.many.is_some());
        let chosen = |column: &crate::emit::sql::records::FieldColumn| -> Vec<Vec<Cell>> {
            let options = process.fields[column.field].ty.options();
            let pick =
                |id: i64| options.iter().cycle().skip(usize::try_from(id).unwrap_or(0)).take(1);
            numbered()
                .filter(|_| !options.is_empty())
                .flat_map(|(id, _)| {
                    pick(id)
                        .map(move |option| vec![Cell::from(id), Cell::from(option.name.as_str())])
                })
                .collect()
        };
        many.push(fields.map(chosen).collect());
    }
    Example { records, many, history, ends }
}

fn later(at: Timestamp, hours: usize) -> Timestamp {
    let hours = i64::try_from(hours).unwrap_or(0);
    at.checked_add(SignedDuration::from_hours(hours)).unwrap_or(at)
}

impl Walk<'_> {
    fn journey(&mut self, number: usize, start: StageId, at: Timestamp) {
        let process = self.process;
        let mut now = at;
        let mut record = self.begin(process.stages[start].record, Vec::new(), start, now);
        self.made.push(Made { at: now, record, from: None, to: start, transition: None });
        let mut stage = start;
        let mut seen = FxHashSet::from_iter([start]);
        let mut counts: FxHashMap<(StageId, StageId), u32> = FxHashMap::default();
        for step in 0..3 + number % 9 {
            let ways: Vec<TransitionId> = process.stages[stage]
                .outgoing
                .iter()
                .copied()
                .filter(|id| self.is_open(*id, record, &counts))
                .collect();
            let ahead = |id: &&TransitionId| {
                let way = &process.transitions[**id];
                way.kind == TransitionKind::Advance && !seen.contains(&way.to)
            };
            let next = ways.iter().find(ahead).filter(|_| (number + step) % 4 != 3);
            let Some(way) =
                next.or_else(|| ways.iter().cycle().nth((number + step) % ways.len().max(1)))
            else {
                break;
            };
            let to = process.transitions[*way].to;
            now = later(now, 1 + (17 * (number + 1) * (step + 2)) % 140);
            let alone = ways.iter().filter(|id| process.transitions[**id].to == to).count() == 1;
            let from = Some((record.0, record.1, stage));
            record = self.go(record, to, now);
            let transition = Some(*way).filter(|_| alone);
            self.made.push(Made { at: now, record, from, to, transition });
            *counts.entry((stage, to)).or_default() += 1;
            stage = to;
            seen.insert(to);
        }
    }

    /// Whether the example takes a move: not too often, and only within one line of record types.
    fn is_open(
        &self,
        id: TransitionId,
        record: (RecordId, i64),
        counts: &FxHashMap<(StageId, StageId), u32>,
    ) -> bool {
        let way = &self.process.transitions[id];
        let made = counts.get(&(way.from, way.to)).copied().unwrap_or_default();
        let to = self.process.stages[way.to].record;
        way.at_most.is_none_or(|most| made < most)
            && (self.process.lineage(to).any(|earlier| earlier == record.0)
                || self.process.lineage(record.0).any(|earlier| earlier == to))
    }

    fn begin(
        &mut self,
        of: RecordId,
        earlier: Vec<(RecordId, i64)>,
        stage: StageId,
        at: Timestamp,
    ) -> (RecordId, i64) {
        let Some(places) = self.places.get_mut(of.index()) else { return (of, 0) };
        places.push(Place { earlier, stage, entered: at, left: None });
        (of, i64::try_from(places.len()).unwrap_or(0))
    }

    fn place(&mut self, record: (RecordId, i64)) -> Option<&mut Place> {
        let at = usize::try_from(record.1).ok()?.checked_sub(1)?;
        self.places.get_mut(record.0.index())?.get_mut(at)
    }

    /// Moves a record, and gives what it is afterwards.
    fn go(&mut self, record: (RecordId, i64), to: StageId, at: Timestamp) -> (RecordId, i64) {
        let of = self.process.stages[to].record;
        let Some(place) = self.place(record) else { return record };
        if of == record.0 {
            (place.stage, place.entered) = (to, at);
            return record;
        }
        place.left = Some(at);
        let earlier = place.earlier.clone();
        if let Some(back) = earlier.iter().find(|(id, _)| *id == of).copied() {
            if let Some(place) = self.place(back) {
                (place.stage, place.entered, place.left) = (to, at, None);
            }
            return back;
        }
        let mut line = vec![record];
        line.extend(earlier);
        self.begin(of, line, to, at)
    }
}

/// The columns of a record's table, in their order.
fn row(process: &Process, table: &RecordTable<'_>, id: i64, place: &Place) -> Vec<Cell> {
    let mut row = vec![Cell::Integer(id)];
    for (earlier, _) in &table.links {
        let of = place.earlier.iter().find(|(record, _)| record == earlier);
        row.push(of.map(|(_, id)| *id).into());
    }
    if let Some(position) = &table.position {
        row.push(process.stages[place.stage].name.as_str().into());
        row.push(place.entered.into());
        if position.left_at.is_some() {
            row.push(place.left.into());
        }
    }
    for (at, column) in table.fields.iter().enumerate() {
        if column.many.is_none() {
            row.push(value(&process.fields[column.field], id, at));
        }
    }
    row.extend(table.confirmations.iter().map(|_| Cell::Boolean(id % 3 != 0)));
    row
}

/// A plausible value of a field.
fn value(field: &Field, id: i64, at: usize) -> Cell {
    let turn = usize::try_from(id).unwrap_or(0) + at;
    if !field.required && !field.unique && turn % 5 == 4 {
        return Cell::Null;
    }
    let bound = |bound: &Option<Value>| match bound {
        Some(Value::Number(number) | Value::Percent(number)) => Some(*number),
        Some(Value::Money(money)) => Some(money.amount),
        _ => None,
    };
    let (least, most) = (bound(&field.at_least), bound(&field.at_most));
    let number = |step: i64, most: Option<Decimal>| {
        let low = least.unwrap_or_default().ceil();
        let room = most
            .and_then(|most| most.checked_sub(low)?.to_i64())
            .map_or(i64::MAX, |room| room.max(0));
        let more = (id.saturating_mul(step)) % room.saturating_add(1).max(1);
        low.checked_add(Decimal::from(more)).unwrap_or(low)
    };
    match &field.ty {
        FieldType::Text if field.name.contains("mail") => format!("person{id}@example.com").into(),
        FieldType::Text => format!("{} {id}", field.title.value).into(),
        FieldType::User => format!("user{}", 1 + id % 3).into(),
        FieldType::Integer => number(1, most).to_i64().into(),
        FieldType::Number => number(3, most).into(),
        FieldType::Money => number(1250, most).into(),
        FieldType::Percent => number(13, most.or(Some(Decimal::ONE_HUNDRED))).into(),
        FieldType::Boolean => Cell::Boolean(turn.is_multiple_of(2)),
        FieldType::Date => match field.at_least {
            Some(Value::Date(date)) => date.into(),
            _ => date(2025, 3, 1).saturating_add(jiff::Span::new().days(id.clamp(0, 300))).into(),
        },
        FieldType::DateTime => {
            let at = date(2025, 3, 1).to_zoned(TimeZone::UTC).map(|at| later(at.timestamp(), turn));
            at.ok().into()
        }
        FieldType::OneOf(options) => {
            options.iter().cycle().nth(turn).map(|option| option.name.as_str()).into()
        }
        FieldType::ManyOf(_) => Cell::Null,
    }
}
