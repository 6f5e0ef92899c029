//! What FEEL calls the parts of a process.

use crate::model::{FieldId, Id as _, Process, RecordId, ScoreId};

/// What is asked about time: `now` and `entered`, moments without a zone.
pub(in crate::emit) const CLOCK: &str = "clock";
/// What people have confirmed.
pub(in crate::emit) const CONFIRMED: &str = "confirmed";
/// What happened to the record: a list of `type` and `at`.
pub(in crate::emit) const EVENTS: &str = "events";
/// What the caller answers.
pub(in crate::emit) const ANSWERS: &str = "answers";
/// The move that is chosen.
pub(super) const MOVE: &str = "move";
/// How often each move was made.
pub(super) const TAKEN: &str = "taken";

/// The words that FEEL reads as something else even behind a point.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "if",
    "then",
    "else",
    "for",
    "return",
    "some",
    "every",
    "satisfies",
    "between",
    "instance",
    "of",
    "function",
    "external",
    "true",
    "false",
    "null",
];

/// What else may not be the name of something.
const TAKEN_BEFORE: &[&str] = &[
    "date", "time", "duration", "string", "number", "boolean", "list", "context", "range", "item",
    "partial", "any", "day", "begin", CLOCK, CONFIRMED, EVENTS, ANSWERS, MOVE, TAKEN,
];

/// The names of records, of scores and of their grades: no two are the same.
#[derive(Debug)]
pub(in crate::emit) struct Names {
    records: Vec<String>,
    scores: Vec<String>,
    grades: Vec<String>,
    taken: Vec<String>,
}

impl Names {
    pub(super) fn of(process: &Process) -> Self {
        let words = WORDS.iter().chain(TAKEN_BEFORE);
        let mut taken: Vec<String> = words.map(|word| (*word).to_owned()).collect();
        let records = process.records.values().map(|r| free(&mut taken, &r.name, "record"));
        let records = records.collect();
        let scores = process.scores.values().map(|s| free(&mut taken, &s.name, "score")).collect();
        let grade = |name: &String| format!("{name}_grade");
        let grades =
            process.scores.values().map(|s| free(&mut taken, &grade(&s.name), "score")).collect();
        Self { records, scores, grades, taken }
    }

    /// A name that nothing has yet.
    pub(in crate::emit) fn take(&mut self, name: &str) -> String {
        free(&mut self.taken, name, "decision")
    }

    pub(in crate::emit) fn record(&self, id: RecordId) -> &str {
        self.records.get(id.index()).map_or("", String::as_str)
    }

    pub(in crate::emit) fn score(&self, id: ScoreId) -> &str {
        self.scores.get(id.index()).map_or("", String::as_str)
    }

    pub(in crate::emit) fn grade(&self, id: ScoreId) -> &str {
        self.grades.get(id.index()).map_or("", String::as_str)
    }

    pub(in crate::emit) fn field(&self, process: &Process, id: FieldId) -> String {
        let field = &process.fields[id];
        let record = self.record(field.record);
        if WORDS.contains(&field.name.as_str()) {
            return format!("get value({record}, \"{}\")", field.name);
        }
        format!("{record}.{}", field.name)
    }
}

fn free(taken: &mut Vec<String>, name: &str, kind: &str) -> String {
    let mut found = name.to_owned();
    let mut count = 1;
    while taken.contains(&found) {
        found = match count {
            1 => format!("{name}_{kind}"),
            count => format!("{name}_{kind}_{count}"),
        };
        count += 1;
    }
    taken.push(found.clone());
    found
}

/// A question as a name.
pub(super) fn slug(question: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = String::new();
    for c in question.chars().take(80) {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    let stem = format!("q_{}", name.trim_matches('_'));
    let mut found = stem.clone();
    let mut count = 1;
    while taken(&found) {
        count += 1;
        found = format!("{stem}_{count}");
    }
    found
}
