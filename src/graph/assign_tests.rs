//! What is assigned, against every record there can be.

#![expect(clippy::indexing_slicing, reason = "a test may fail by panicking")]

use std::collections::BTreeSet;

use crate::lint::testing::{Builder, expr};
use crate::model::{Expr, ExprKind, FieldId, FieldType, Process, StageId, TransitionKind, Type};
use crate::source::Spanned;

use super::{Assign, StageGraph};

fn present(field: FieldId) -> Expr {
    let value = expr(ExprKind::Field(field), Type::Text);
    expr(ExprKind::Presence(Box::new(value), true), Type::Boolean)
}

/// Every record there can be: the stage it is in, and the fields it came with. An owner fills in
/// any of what the stage collects, and a record leaves that has what the move asks for.
fn every_record(process: &Process) -> BTreeSet<(StageId, Vec<FieldId>)> {
    records_asked_for(process, &|_| true)
}

/// The same, where moves ask for some fields only.
fn records_asked_for(
    process: &Process,
    counts: &dyn Fn(FieldId) -> bool,
) -> BTreeSet<(StageId, Vec<FieldId>)> {
    let mut found = BTreeSet::new();
    let entries = process.stages.iter().filter(|(_, stage)| stage.entry.is_some());
    let mut waiting: Vec<(StageId, Vec<FieldId>)> =
        entries.map(|(id, _)| (id, Vec::new())).collect();
    while let Some((stage, fields)) = waiting.pop() {
        if !found.insert((stage, fields.clone())) {
            continue;
        }
        let collect = &process.stages[stage].collect;
        for chosen in 0..1 << collect.len() {
            let filled = collect.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1);
            let mut fields = fields.clone();
            fields.extend(filled.map(|(_, field)| field.value));
            fields.sort_unstable();
            fields.dedup();
            for id in &process.stages[stage].outgoing {
                let of = &process.transitions[*id];
                let asked = of.when.as_ref().map(Expr::fields);
                let opens = |fields: &[FieldId]| {
                    let mut asked = asked.iter().flatten().filter(|field| counts(**field));
                    asked.all(|field| fields.contains(field))
                };
                if opens(&fields) {
                    waiting.push((of.to, fields.clone()));
                }
            }
        }
    }
    found
}

#[test]
fn what_is_assigned_is_what_every_record_shows() {
    let mut seed: u64 = 1;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..2_000 {
        let mut b = Builder::new();
        let fields = ["x", "y", "z"].map(|name| b.field(name, FieldType::Text));
        let stages: Vec<StageId> = (0..5).map(|n| b.stage(&format!("s{n}"))).collect();
        for (n, stage) in stages.iter().enumerate() {
            if n == 0 || random(6) == 0 {
                b.process.stages[*stage].entry = Some(vec![]);
            }
            for field in fields {
                if random(3) == 0 || b.process.stages[*stage].entry.is_some() && field == fields[0]
                {
                    let span = b.span();
                    b.process.stages[*stage].collect.push(Spanned::new(field, span));
                }
            }
        }
        for _ in 0..7 {
            let id = b.advance(stages[random(5)], stages[random(5)]);
            if random(3) == 0 {
                b.process.transitions[id].when = Some(present(fields[random(3)]));
            }
        }
        let graph = StageGraph::new(&b.process);
        let assign = Assign::new(&b.process, &graph, |_| false);
        let records = every_record(&b.process);
        for stage in stages {
            let here: Vec<&Vec<FieldId>> =
                records.iter().filter(|(of, _)| *of == stage).map(|(_, f)| f).collect();
            for field in fields {
                let some = here.iter().any(|fields| fields.contains(&field));
                let all = here.iter().all(|fields| fields.contains(&field));
                assert!(!some || assign.possible(stage, field), "{:#?}", b.process.stages);
                // What a move asks for besides may be missing for a reason of its own.
                let may = records_asked_for(&b.process, &|other| other == field);
                let some = may.iter().any(|(of, f)| *of == stage && f.contains(&field));
                assert_eq!(some, assign.possible(stage, field), "{:#?}", b.process.stages);
                assert!(
                    here.is_empty() || !assign.definite(stage, field) || all,
                    "{:#?}",
                    b.process.stages
                );
            }
        }
    }
}

#[test]
fn fields_go_along_a_line_of_record_types_and_back() {
    let mut b = Builder::new();
    let need = b.field("need", FieldType::Text);
    let deal = b.record("deal");
    b.process.records[deal].from = Some(b.lead);
    let (lead, first) = (b.lead, b.entry("first"));
    b.lead = deal;
    let amount = b.field("amount", FieldType::Money);
    let (talk, won) = (b.stage("talk"), b.stage("won"));
    b.lead = lead;
    let pool = b.stage("pool");
    let span = b.span();
    b.process.stages[first].collect.push(Spanned::new(need, span));
    b.process.stages[talk].collect.push(Spanned::new(amount, span));
    let handoff = b.advance(first, talk);
    b.process.transitions[handoff].when = Some(present(need));
    b.advance(talk, won);
    b.recycle(won, pool);
    let again = b.advance(pool, won);
    let graph = StageGraph::new(&b.process);
    let assign = Assign::new(&b.process, &graph, |_| false);
    assert!(assign.definite(talk, need) && assign.definite(won, need));
    assert!(assign.definite(pool, need) && !assign.definite(first, need));
    assert!(assign.possible(won, amount) && !assign.definite(won, amount));
    assert!(!assign.possible(talk, amount) && assign.possible_in(talk, amount));
    assert!(!assign.possible(pool, amount) && !assign.offered(won, amount));
    b.process.transitions[again].kind = TransitionKind::Recycle;
    let assign = Assign::new(&b.process, &graph, |_| false);
    assert!(assign.offered(won, amount));
}

/// Were it quadratic, this would run for hours.
#[test]
fn large_processes_take_linear_time() {
    let mut b = Builder::new();
    let fields: Vec<FieldId> =
        (0..100).map(|n| b.field(&format!("f{n}"), FieldType::Text)).collect();
    let mut chain = vec![b.entry("s0")];
    chain.extend((1..10_000).map(|n| b.stage(&format!("s{n}"))));
    let last = chain[chain.len() - 1];
    for (n, pair) in chain.windows(2).enumerate() {
        b.advance(pair[0], pair[1]);
        b.recycle(pair[1], pair[0]);
        b.edge(TransitionKind::Lose, pair[0], last);
        let span = b.span();
        b.process.stages[pair[0]].collect.push(Spanned::new(fields[n % 100], span));
    }
    let graph = StageGraph::new(&b.process);
    let assign = Assign::new(&b.process, &graph, |_| false);
    assert!(assign.possible(last, fields[0]) && !assign.definite(last, fields[0]));
}
