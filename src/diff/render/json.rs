//! For programs: one object, described by `schemas/diff.schema.json`. Every key is always there.

use serde_json::{Value as Json, json};

use super::say::headline;
use crate::diag::{Diagnostic, Fix, Level};
use crate::diff::{Change, Count, Difference, Fact, Flight, Sides, Sources};
use crate::emit::json::text;
use crate::model::Process;
use crate::source::Span;

/// Counts changes that break readers: a key gone, or with another meaning.
const FORMAT_VERSION: u32 = 1;

/// Renders a difference.
pub fn render(difference: &Difference<'_>, sources: &Sources) -> String {
    format!("{:#}\n", document(difference, sources))
}

fn document(difference: &Difference<'_>, sources: &Sources) -> Json {
    let process = |process: &Process| {
        json!({
            "name": process.name,
            "title": text(process, &process.title),
            "version": process.version,
            "effective": process.effective.map(|day| day.to_string()),
        })
    };
    let changes = difference.changes.iter().map(|found| change(difference, sources, found));
    json!({
        "format": "ekiden-diff",
        "format_version": FORMAT_VERSION,
        "old": process(difference.old),
        "new": process(difference.new),
        "summary": {
            "changes": difference.changes.len(),
            "errors": difference.at(Level::Error),
            "warnings": difference.at(Level::Warning),
            "notes": difference.at(Level::Note),
        },
        "changes": changes.collect::<Json>(),
        "in_flight": difference.flights.iter().map(flight).collect::<Json>(),
    })
}

fn change(difference: &Difference<'_>, sources: &Sources, change: &Change<'_>) -> Json {
    let (old, new) = (difference.old, difference.new);
    let named = |part: Option<crate::diff::Part>, process: &Process| {
        part.map(|part| {
            json!({
                "kind": part.word(process),
                "name": part.key(process),
                "title": part.title(process).map(|title| text(process, title)),
            })
        })
    };
    let fact = |fact: &Option<Fact<'_>>, process: &Process| match fact {
        Some(Fact::Names(names)) => json!(names),
        Some(fact) => json!(fact.source(process)),
        None => Json::Null,
    };
    let concerns = change.concerns.iter().map(|owner| new.owner_name(*owner).0);
    let breaks = change.breaks.iter().map(|found| finding(sources, found));
    let Sides { old: was_at, new: is_at } = change.place;
    json!({
        "kind": change.kind.word(),
        "who": change.who.word(),
        "message": headline(difference, change),
        "part": { "old": named(change.part.old, old), "new": named(change.part.new, new) },
        "aspect": change.aspect.word(),
        "old": fact(&change.old, old),
        "new": fact(&change.new, new),
        "place": {
            "old": was_at.map(|span| place(sources, sources.old(span))),
            "new": is_at.map(|span| place(sources, span)),
        },
        "reason": change.reason.as_deref(),
        "concerns": concerns.collect::<Json>(),
        "breaks": breaks.collect::<Json>(),
        "rename": change.rename.as_ref().map(|found| fix(sources, found)),
    })
}

/// Which records a change finds where they are, and the queries that count them.
fn flight(flight: &Flight) -> Json {
    let one = |count: &Count| {
        let query = count.query.as_ref();
        json!({
            "system": count.system,
            "request": query.ok().and_then(|query| query.request.as_ref()),
            "query": query.ok().map(|query| &query.text),
            "may_count_others": query.ok().map_or(&[][..], |query| query.wider.as_slice()),
            "reason": query.err(),
        })
    };
    // What is counted in the first system stands beside them too, as it did when there was one.
    let first = flight.counts.first();
    let query = first.map(|count| count.query.as_ref());
    json!({
        "records": flight.what,
        "goes": flight.goes,
        "system": first.map(|count| &count.system),
        "query": query.and_then(Result::ok).map(|query| &query.text),
        "reason": query.and_then(Result::err),
        "counts": flight.counts.iter().map(one).collect::<Json>(),
    })
}

fn finding(sources: &Sources, found: &Diagnostic) -> Json {
    json!({
        "rule": found.code.name(),
        "level": found.level,
        "message": found.message,
        "place": place(sources, found.primary.span),
        "story": found.story,
        "help": found.advice(sources.map()),
        "fix": found.fix.as_ref().map(|found| fix(sources, found)),
    })
}

fn fix(sources: &Sources, fix: &Fix) -> Json {
    let edits = fix.edits.iter().map(|edit| {
        let (path, from) = sources.map().locate(edit.span);
        let end = crate::source::Span { start: edit.span.end, ..edit.span };
        let (_, to) = sources.map().locate(end);
        json!({
            "path": path,
            "line": from.line,
            "column": from.column,
            "end_line": to.line,
            "end_column": to.column,
            "replacement": edit.replacement,
        })
    });
    json!({
        "title": fix.title,
        "safety": fix.safety,
        "edits": edits.collect::<Json>(),
    })
}

fn place(sources: &Sources, span: Span) -> Json {
    let (path, at) = sources.map().locate(span);
    json!({ "path": path, "line": at.line, "column": at.column })
}
