//! The enforcement ledger: for everything that a process asks, how strictly each system holds people
//! to it, and what is left to set up by hand. What a system cannot carry is told here, not lost.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::crm::cell;
use super::enforcement::{Demand, Hold, System, demands, told};
use super::{Artifact, Context, Output, TARGETS, Target};
use crate::model::Process;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "ledger",
    summary: "what each system enforces, shows, lists or cannot carry; what to set up by hand",
    settings: &[],
    default: true,
    systems: None,
    validate: |context| settings(context).diagnostics,
    emit,
};

/// The version of the form of `ledger.json`; see `schemas/ledger.schema.json`.
const VERSION: u32 = 1;

fn settings(context: &Context<'_>) -> Output {
    let mut output = Output::default();
    context.settings.reject_unknown("ledger", &[], &mut output.diagnostics);
    output
}

fn emit(context: &Context<'_>) -> Output {
    let mut output = settings(context);
    let systems = systems(context);
    let demands = demands(context.process);
    output.artifacts = vec![
        Artifact::text("README.md", page(context.process, &demands, &systems)),
        Artifact::text("ledger.json", data(context.process, &demands, &systems)),
    ];
    output
}

/// The systems of the targets that are built.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let built = |target: &Target| match context.others {
        [] => target.default,
        named => named.iter().any(|(name, _)| *name == target.name),
    };
    let none = super::Settings::default();
    let mut systems = Vec::new();
    for target in TARGETS.iter().filter(|target| built(target)) {
        let Some(of) = target.systems else { continue };
        let settings = context.others.iter().find(|(name, _)| *name == target.name);
        let settings = settings.map_or(&none, |(_, settings)| *settings);
        systems.extend(of(&Context { settings, ..*context }));
    }
    systems
}

fn page(process: &Process, demands: &[Demand], systems: &[System]) -> String {
    let mut out = format!("# What {} is held to\n", cell(&process.title.value));
    out.push_str(
        "\nMade by Ekiden from the process. How strictly each system that is built from it holds people to what it asks:\n\n\
         | word | meaning |\n| --- | --- |\n\
         | enforced | what is against it is refused |\n\
         | executed | what is against it is refused, once an engine or a program runs the file |\n\
         | shown | it is shown where people work |\n\
         | listed | what was against it is told afterwards |\n\
         | documented | the handbook says it, and nothing else |\n",
    );
    counts(&mut out, demands, systems);
    ledger(&mut out, process, demands, systems);
    reasons(&mut out, process, demands, systems);
    by_hand(&mut out, systems);
    out
}

fn counts(out: &mut String, demands: &[Demand], systems: &[System]) {
    if systems.is_empty() {
        return;
    }
    out.push_str(
        "\n| system | enforced | executed | shown | listed | documented |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for system in systems {
        let count =
            |word: &str| demands.iter().filter(|demand| system.hold(demand).word() == word).count();
        let words = ["enforced", "executed", "shown", "listed", "documented"];
        let counts = words.map(|word| count(word).to_string()).join(" | ");
        let _ = writeln!(out, "| {} | {counts} |", system.title);
    }
}

fn ledger(out: &mut String, process: &Process, demands: &[Demand], systems: &[System]) {
    if demands.is_empty() {
        return;
    }
    out.push_str("\n## Ledger\n\n| what | of |");
    for system in systems {
        let _ = write!(out, " {} |", system.title);
    }
    out.push_str("\n| --- | --- |");
    out.push_str(&" --- |".repeat(systems.len()));
    out.push('\n');
    for demand in demands {
        let (kind, name) = told(process, demand);
        let _ = write!(out, "| {kind} | {} |", cell(&name));
        for system in systems {
            let _ = write!(out, " {} |", system.hold(demand).word());
        }
        out.push('\n');
    }
}

/// Why what is documented only is no more than that, and for whom what is enforced is not: each
/// reason once, with what it is the reason of.
fn reasons(out: &mut String, process: &Process, demands: &[Demand], systems: &[System]) {
    for system in systems {
        let mut by_reason: indexmap::IndexMap<String, Vec<String>> = indexmap::IndexMap::new();
        let mut by_question: indexmap::IndexMap<String, Vec<String>> = indexmap::IndexMap::new();
        let mut except: indexmap::IndexMap<String, Vec<String>> = indexmap::IndexMap::new();
        let mut is_plain = false;
        for demand in demands {
            match system.hold(demand) {
                Hold::Documented(why) => {
                    let (kind, name) = told(process, demand);
                    by_reason.entry(why).or_default().push(format!("{kind} {}", cell(&name)));
                }
                Hold::Executed { asks } => {
                    let (kind, name) = told(process, demand);
                    for question in asks {
                        by_question
                            .entry(question)
                            .or_default()
                            .push(format!("{kind} {}", cell(&name)));
                    }
                }
                Hold::Enforced { except: Some(who) } => {
                    let (kind, name) = told(process, demand);
                    except.entry(who).or_default().push(format!("{kind} {}", cell(&name)));
                }
                Hold::Enforced { except: None } => is_plain = true,
                Hold::Shown | Hold::Listed => {}
            }
        }
        if by_reason.is_empty() && except.is_empty() && by_question.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {}\n", system.title);
        match except.first() {
            Some((who, _)) if except.len() == 1 && !is_plain => {
                let _ = writeln!(out, "What is enforced is not for {who}.");
                if !(by_reason.is_empty() && by_question.is_empty()) {
                    out.push('\n');
                }
            }
            // Of several exceptions each has its own things.
            _ => {
                for (who, what) in &except {
                    let _ = writeln!(out, "- Enforced, but not for {who}: {}", what.join(", "));
                }
            }
        }
        for (question, what) in by_question {
            let question = crate::emit::crm::code(&question);
            let _ = writeln!(out, "- Asked from outside, {question}: {}", what.join(", "));
        }
        for (why, what) in by_reason {
            let _ = writeln!(out, "- Documented only, because {why}: {}", what.join(", "));
        }
    }
}

fn by_hand(out: &mut String, systems: &[System]) {
    if systems.iter().all(|system| system.by_hand.is_empty()) {
        return;
    }
    out.push_str("\n## By hand\n\nWhat no file can set. Tick what is done.\n");
    for system in systems.iter().filter(|system| !system.by_hand.is_empty()) {
        let _ = writeln!(out, "\n### {}\n", system.title);
        for (at, step) in system.by_hand.iter().enumerate() {
            let _ = writeln!(out, "- [ ] {}. {step}", at + 1);
        }
    }
}

fn data(process: &Process, demands: &[Demand], systems: &[System]) -> String {
    let demands: Vec<Value> = demands
        .iter()
        .map(|demand| {
            let (kind, name) = told(process, demand);
            let holds: Map<String, Value> = systems
                .iter()
                .map(|system| {
                    let hold = system.hold(demand);
                    let word = hold.word();
                    let said = match &hold {
                        Hold::Enforced { except: Some(who) } => {
                            json!({ "hold": word, "except": who })
                        }
                        Hold::Documented(why) => json!({ "hold": word, "why": why }),
                        Hold::Executed { asks } if !asks.is_empty() => {
                            json!({ "hold": word, "asks": asks })
                        }
                        Hold::Enforced { except: None }
                        | Hold::Executed { .. }
                        | Hold::Shown
                        | Hold::Listed => json!({ "hold": word }),
                    };
                    (system.title.to_owned(), said)
                })
                .collect();
            json!({ "kind": kind, "name": name, "systems": holds })
        })
        .collect();
    let by_hand: Map<String, Value> = systems
        .iter()
        .filter(|system| !system.by_hand.is_empty())
        .map(|system| (system.title.to_owned(), json!(system.by_hand)))
        .collect();
    let ledger = json!({
        "version": VERSION,
        "process": process.name,
        "demands": demands,
        "byHand": by_hand,
    });
    format!("{ledger:#}\n")
}
