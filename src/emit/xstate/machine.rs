//! The machines: stages as states, moves as events.

use serde_json::{Map, Value as Json, json};

use crate::emit::json::text;
use crate::model::{FieldType, Id, Owner, Process, RecordId, StageId};

use super::Names;
use super::expr::length;
use super::guards::{clock_timer, limit_timer};

/// A machine: the stages that moves connect, of one record type or of several.
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) stages: Vec<StageId>,
    /// Where records begin; never empty.
    pub(super) beginnings: Vec<StageId>,
}

/// The machines, in the order of the source. A record that a move turns into another type stays in
/// its machine.
pub(super) fn machines(process: &Process) -> Vec<Machine> {
    let mut group: Vec<usize> = (0..process.stages.len()).collect();
    for transition in process.transitions.values() {
        let of = |id: StageId| group.get(id.index()).copied();
        let (Some(a), Some(b)) = (of(transition.from), of(transition.to)) else { continue };
        let (low, high) = (a.min(b), a.max(b));
        for slot in &mut group {
            if *slot == high {
                *slot = low;
            }
        }
    }
    let started: Vec<StageId> =
        process.stages.values().flat_map(|s| s.starts.iter().map(|(_, stage)| *stage)).collect();
    let mut machines: Vec<Machine> = Vec::new();
    for root in 0..group.len() {
        let stages: Vec<StageId> =
            process.stages.ids().filter(|id| group.get(id.index()) == Some(&root)).collect();
        let Some(first) = stages.first() else { continue };
        let is_entry = |id: &&StageId| process.stages[**id].entry.is_some() || started.contains(id);
        let mut beginnings: Vec<StageId> = stages.iter().filter(is_entry).copied().collect();
        if beginnings.is_empty() {
            beginnings.push(*first);
        }
        let record = beginnings.first().unwrap_or(first);
        let stem = &process.records[process.stages[*record].record].name;
        let taken = |name: &str| machines.iter().any(|machine| machine.name == name);
        let mut name = stem.clone();
        let mut count = 1;
        while taken(&name) {
            count += 1;
            name = format!("{stem}_{count}");
        }
        machines.push(Machine { name, stages, beginnings });
    }
    machines
}

/// The configuration of a machine, as `createMachine` takes it.
pub(super) fn config(process: &Process, names: &Names, machine: &Machine) -> Json {
    let mut states = Map::new();
    let name = |id: StageId| process.stages[id].name.clone();
    let initial = match machine.beginnings.as_slice() {
        [only] => name(*only),
        several => {
            let always: Vec<Json> = several
                .iter()
                .map(|id| {
                    let guard = json!({ "type": "begins in", "params": { "stage": name(*id) } });
                    json!({ "target": name(*id), "guard": guard })
                })
                .collect();
            states.insert(BEGIN.to_owned(), json!({ "always": always }));
            BEGIN.to_owned()
        }
    };
    for id in &machine.stages {
        states.insert(name(*id), state(process, names, *id));
    }
    json!({
        "id": machine.name,
        "initial": initial,
        "context": {
            "fields": fields(process, machine),
            "confirmed": confirmed(process, machine),
            "events": [],
            "answers": {},
            "taken": {},
            "now": null,
            "enteredAt": null,
            "begin": machine.beginnings.first().map(|id| name(*id)),
        },
        "on": {
            "record.set": { "guard": "fits", "actions": "set" },
            "record.confirm": { "guard": "fits", "actions": "confirm" },
            "record.event": { "guard": "fits", "actions": "remember" },
            "record.answer": { "guard": "fits", "actions": "answer" },
        },
        "states": states,
    })
}

/// The state before the first stage, where records begin in several. No stage can be called so.
const BEGIN: &str = "(begin)";

/// The record types of a machine, each after those it continues.
fn records(process: &Process, machine: &Machine) -> Vec<RecordId> {
    let mut records: Vec<RecordId> = Vec::new();
    for stage in &machine.stages {
        let mut lineage: Vec<RecordId> = process.lineage(process.stages[*stage].record).collect();
        lineage.reverse();
        for record in lineage {
            if !records.contains(&record) {
                records.push(record);
            }
        }
    }
    records
}

fn fields(process: &Process, machine: &Machine) -> Json {
    let of = |record: &RecordId| {
        let record = &process.records[*record];
        let blank = |id| match process.fields[id].ty {
            FieldType::ManyOf(_) => json!([]),
            _ => Json::Null,
        };
        let fields = record.fields.iter().map(|id| (process.fields[*id].name.clone(), blank(*id)));
        (record.name.clone(), Json::Object(fields.collect()))
    };
    Json::Object(records(process, machine).iter().map(of).collect())
}

fn confirmed(process: &Process, machine: &Machine) -> Json {
    let records = records(process, machine);
    let all = process.confirmations.values().filter(|c| records.contains(&c.record));
    Json::Object(all.map(|c| (c.key.clone(), json!(false))).collect())
}

fn owner(process: &Process, owner: Option<Owner>) -> Json {
    owner.map_or(Json::Null, |owner| json!(process.owner_name(owner).0))
}

fn state(process: &Process, names: &Names, id: StageId) -> Json {
    let stage = &process.stages[id];
    let mut state = Map::new();
    if stage.outgoing.is_empty() {
        state.insert("type".to_owned(), json!("final"));
    }
    let mut tags = vec![process.records[stage.record].name.clone()];
    tags.push(stage.outcome.map_or("open", |outcome| outcome.word()).to_owned());
    state.insert("tags".to_owned(), json!(tags));
    let mut meta = Map::new();
    meta.insert("title".to_owned(), text(process, &stage.title));
    meta.insert("record".to_owned(), json!(process.records[stage.record].name));
    meta.insert("owner".to_owned(), owner(process, stage.owner));
    if let Some(purpose) = &stage.purpose {
        meta.insert("purpose".to_owned(), text(process, purpose));
    }
    if let Some(probability) = &stage.probability {
        meta.insert("probability".to_owned(), json!(probability.value.normalize().to_string()));
    }
    state.insert("meta".to_owned(), Json::Object(meta));
    let mut on: Map<String, Json> = Map::new();
    let mut after = Map::new();
    if let Some(limit) = &stage.limit
        && length(limit.duration, 1, false).is_ok()
    {
        let params = json!({ "stage": stage.name, "to": owner(process, limit.escalate_to) });
        let action = json!({ "type": "escalate", "params": params });
        after.insert(limit_timer(&stage.name), json!({ "actions": [action] }));
    }
    for way in &stage.outgoing {
        let transition = &process.transitions[*way];
        let key = names.key(*way);
        let action = if transition.to == id { "stay" } else { "move" };
        let mut taken = json!({
            "target": process.stages[transition.to].name,
            "guard": key,
            "actions": [{ "type": action, "params": { "move": key } }],
        });
        if let (Some(title), Some(map)) = (&transition.title, taken.as_object_mut()) {
            map.insert("meta".to_owned(), json!({ "title": text(process, title) }));
        }
        let ways = on.entry(names.event(process, *way)).or_insert_with(|| json!([]));
        if let Some(ways) = ways.as_array_mut() {
            ways.push(taken);
        }
        if let Some(clock) = transition.after.as_ref().filter(|clock| clock.before.is_none())
            && length(clock.duration, 1, false).is_ok()
        {
            let action = json!({ "type": "opens", "params": { "move": key } });
            after.insert(clock_timer(key), json!({ "actions": [action] }));
        }
    }
    if !after.is_empty() {
        state.insert("after".to_owned(), Json::Object(after));
    }
    if !on.is_empty() {
        state.insert("on".to_owned(), Json::Object(on));
    }
    Json::Object(state)
}
