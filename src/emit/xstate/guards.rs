//! `guards.mjs`: what must hold for every move, as functions.

use std::fmt::Write as _;

use crate::emit::sentence::{Sentences, primary_subtag};
use crate::model::{CriterionId, Process, TransitionId, TransitionKind};

use super::Names;
use super::expr::{Compiler, length, quoted};

/// The module, and for each move what the program has to answer.
pub(super) struct Guards {
    pub(super) text: String,
    pub(super) asked: Vec<(TransitionId, Vec<String>)>,
}

const HEAD: &str = "// What must hold for every move, compiled by Ekiden. Do not edit.
import {
  Unanswered, add, answer, date, dec, div, elapsed, eq, flag, ge, grade, gt, had, hasOneOf, le, local, lt,
  moment, mul, ne, neg, number, numbers, place, plain, plus, score, several, share, stay, struck, sub,
  text, texts, today, turned, wait, wall, within,
} from './runtime.mjs';
";

/// The functions over `moves`, the same for every process.
const TAIL: &str = include_str!("guards.mjs");

pub(super) fn guards(process: &Process, names: &Names, language: &str) -> Guards {
    let compiler = Compiler::new(process);
    let sentences = Sentences::new(process, language);
    let mut out = String::from(HEAD);
    let _ = writeln!(out, "\nexport const timezone = {};", quoted(&process.timezone));

    out.push_str("\n/** The fields, each as the conditions read it. */\nexport const fields = {\n");
    for record in process.records.values() {
        let _ = writeln!(out, "  {}: {{", quoted(&record.name));
        for id in &record.fields {
            let name = quoted(&process.fields[*id].name);
            let _ = writeln!(out, "    {name}: (c) => {},", compiler.field(*id));
        }
        out.push_str("  },\n");
    }
    out.push_str("};\n");
    out.push_str("\n/** The points of a record; a score that holds working time is not here. */\nexport const scores = {\n");
    for id in process.scores.ids() {
        out.extend(compiler.score_function(id));
    }
    out.push_str(
        "};\n\n/** What stages ask of those who leave or enter. */\nexport const criteria = {\n",
    );
    let mut asked_by = Vec::new();
    for (id, criterion) in process.criteria.iter() {
        let (holds, asked) = compiler.asking(|| {
            let condition = compiler.holds(&criterion.condition);
            match &criterion.applies {
                Some(only) => format!("!({}) || {condition}", compiler.holds(only)),
                None => condition,
            }
        });
        let _ = writeln!(
            out,
            "  {}: {{\n    title: {},\n    holds: (c) => {holds},\n  }},",
            quoted(&criterion_name(process, id)),
            quoted(criterion.title.get(language)),
        );
        asked_by.push(asked);
    }
    out.push_str("};\n\n/** The moves: the event that makes each, and what it asks. */\nexport const moves = {\n");
    let mut asked = Vec::new();
    for (id, transition) in process.transitions.iter() {
        let key = names.key(id);
        let mut asks = Vec::new();
        let mut questions = Vec::new();
        if let Some(when) = &transition.when {
            let (holds, more) = compiler.asking(|| compiler.holds(when));
            questions.extend(more);
            let title = quoted(&sentences.condition(when));
            asks.push(format!("{{ title: {title}, holds: (c) => {holds} }}"));
        }
        if let Some(clock) = &transition.after {
            let question = format!("clock {key}");
            let (holds, more) = compiler.asking(|| compiler.struck(clock, &question));
            questions.extend(more);
            let title = quoted(&sentences.clock(clock));
            asks.push(format!("{{ title: {title}, holds: (c) => {holds} }}"));
        }
        if transition.kind == TransitionKind::Advance {
            let exit = &process.stages[transition.from].exit;
            for id in exit.iter().chain(&process.stages[transition.to].enter) {
                use crate::model::Id as _;
                asks.push(format!("criteria[{}]", quoted(&criterion_name(process, *id))));
                questions.extend(asked_by.get(id.index()).into_iter().flatten().cloned());
            }
        }
        let at_most = transition.at_most.map_or("null".to_owned(), |most| most.to_string());
        let _ = writeln!(
            out,
            "  {}: {{\n    event: {}, from: {}, to: {}, atMost: {at_most},\n    asks: [{}],\n  }},",
            quoted(key),
            quoted(&names.event(process, id)),
            quoted(&process.stages[transition.from].name),
            quoted(&process.stages[transition.to].name),
            if asks.is_empty() {
                String::new()
            } else {
                format!("\n      {},\n    ", asks.join(",\n      "))
            },
        );
        if !questions.is_empty() {
            asked.push((id, questions));
        }
    }
    out.push_str("};\n\n/** How long the timers wait. */\nexport const delays = {\n");
    for (name, length) in timers(process, names) {
        let _ = writeln!(
            out,
            "  {}: ({{ context }}) => wait(local(context.enteredAt, timezone), {length}),",
            quoted(&name)
        );
    }
    out.push_str("};\n");
    let _ = write!(
        out,
        "\n/** What `missing` adds to the words of the process. */\n{}",
        words(language)
    );
    out.push_str(TAIL);
    Guards { text: out, asked }
}

/// The words of `missing` in a language.
fn words(language: &str) -> String {
    let (most, unanswered) = match primary_subtag(language).to_ascii_lowercase().as_str() {
        "ko" => ("최대 ${times}회", "답 없음: ${question}"),
        "ja" => ("最大${times}回", "未回答: ${question}"),
        _ => ("at most ${times} times", "not answered: ${question}"),
    };
    format!(
        "const words = {{\n  atMost: (times) => `{most}`,\n  unanswered: (title, question) => `${{title}} ({unanswered})`,\n}};\n"
    )
}

/// The name of a criterion among all.
fn criterion_name(process: &Process, id: CriterionId) -> String {
    let criterion = &process.criteria[id];
    let stage = &process.stages[criterion.stage].name;
    let side = match criterion.side {
        crate::model::Side::Exit => "exit",
        crate::model::Side::Enter => "enter",
    };
    format!("{stage}.{side}.{}", criterion.name)
}

/// The delays that count from entering a stage: limits, and clocks of moves.
fn timers(process: &Process, names: &Names) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for stage in process.stages.values() {
        let limit = stage.limit.as_ref().and_then(|limit| length(limit.duration, 1, false).ok());
        all.extend(limit.map(|length| (limit_timer(&stage.name), length)));
    }
    for (id, transition) in process.transitions.iter() {
        let clock = transition.after.as_ref().filter(|clock| clock.before.is_none());
        let length = clock.and_then(|clock| length(clock.duration, 1, false).ok());
        all.extend(length.map(|length| (clock_timer(names.key(id)), length)));
    }
    all
}

pub(super) fn limit_timer(stage: &str) -> String {
    format!("limit of {stage}")
}

pub(super) fn clock_timer(key: &str) -> String {
    format!("clock of {key}")
}
