//! Formulas as people write them: what the import makes of them, natively evaluated, against the two
//! engines that run the formula itself.
//!
//! `EKIDEN_FORMULAS` sets the number of formulas, `EKIDEN_SEED` chooses others.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Money, Process};
use jiff::ToSpan;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value as Json, json};

use super::rules::{Random, engines_agree, fields, from_environment};
use crate::crm_support::processes;

const TYPES: &[(&str, &str)] = &[
    ("StageName", "Picklist"),
    ("Note__c", "Text"),
    ("Size__c", "Number"),
    ("Level__c", "Number"),
    ("Amount", "Currency"),
    ("Rate__c", "Percent"),
    ("Kind__c", "Picklist"),
    ("Tags__c", "MultiselectPicklist"),
    ("Due__c", "Date"),
    ("Done__c", "Checkbox"),
];

/// A formula: about the stage too, in ways that the stage decides.
fn formula(random: &mut Random, depth: u32) -> String {
    if depth > 0 && random.chance(60) {
        let (a, b) = (formula(random, depth - 1), formula(random, depth - 1));
        return match random.below(6) {
            0 => format!("NOT({a})"),
            1 => format!("AND({a}, {b})"),
            2 => format!("OR({a}, {b})"),
            3 => format!("IF({a}, {b}, FALSE)"),
            4 => format!("AND({a}, OR(FALSE, {b}), TRUE)"),
            _ => format!("OR(NOT({a}), {b})"),
        };
    }
    atom(random, 22)
}

/// A question; from the 20th on one that the stage answers.
fn atom(random: &mut Random, kinds: i64) -> String {
    let op = random.of(&["=", "<>", "<", "<=", ">", ">="]);
    let eq = random.of(&["=", "<>"]);
    let n = random.below(7) - 1;
    match random.below(kinds) {
        0 => format!("Size__c {op} {n}"),
        1 => format!("{n}.5 {op} Level__c"),
        2 => format!("Amount {op} {}", n * 10),
        3 => format!("Rate__c {op} {}", random.of(&["0", "0.25", "0.5", "1"])),
        4 => format!("AND(NOT(ISBLANK(Size__c)), Size__c {op} {n})"),
        5 => format!("OR(ISBLANK(Amount), Amount {op} {})", n * 10),
        6 => format!(
            "ISBLANK({})",
            random.of(&["Size__c", "Note__c", "Due__c", "Amount", "Rate__c"])
        ),
        7 => format!("ISPICKVAL(Kind__c, \"{}\")", random.of(&["a", "b", "c", ""])),
        8 => format!("TEXT(Kind__c) {eq} \"{}\"", random.of(&["a", "b"])),
        9 => format!("INCLUDES(Tags__c, \"{}\")", random.of(&["x", "y", "z"])),
        10 => format!("Note__c {eq} \"{}\"", random.of(&["x", "X", "한국어"])),
        11 => "Done__c".to_owned(),
        12 => format!("AND(NOT(ISBLANK(Due__c)), Due__c {op} TODAY() + {n})"),
        13 => format!("AND(NOT(ISBLANK(Due__c)), TODAY() - Due__c {op} {n})"),
        14 => format!("Due__c {op} DATE(2026, 3, {})", 6 + random.below(8)),
        15 => {
            format!("AND(NOT(ISBLANK(Due__c)), Due__c >= TODAY(), Due__c <= TODAY() + {})", n + 2)
        }
        16 => format!("Size__c * 2 + Level__c {op} {n}"),
        17 => format!("Amount * Level__c {op} {}", n * 10),
        18 => "Level__c < Size__c".to_owned(),
        19 => "ISPICKVAL(StageName, \"Won\")".to_owned(),
        20 => "ISPICKVAL(PRIORVALUE(StageName), \"B\")".to_owned(),
        _ => "CASE(StageName, \"A\", 1, \"Won\", 2, 0) > 1".to_owned(),
    }
}

fn record(random: &mut Random, process: &Process, full: bool) -> (RecordState, Map<String, Json>) {
    let now: DateTime = NOW.parse().unwrap();
    let mut state = RecordState::new(now);
    let mut held = Map::new();
    held.insert("StageName".to_owned(), "Won".into());
    for (api, _) in TYPES.iter().skip(1) {
        let name = api.trim_end_matches("__c").to_lowercase();
        let found = process.fields.iter().find(|(_, field)| field.name == name);
        let blank = !full && name != "done" && random.chance(35);
        let plain = |number: Decimal| json!(number.to_f64().unwrap());
        let (value, json) = match name.as_str() {
            "note" => {
                let text = random.of(&["x", "X", "y", "한국어"]);
                (Value::Text(text.to_owned()), json!(text))
            }
            "size" => {
                let n = Decimal::from(random.below(8));
                (Value::Number(n), plain(n))
            }
            "level" => {
                let n = Decimal::new((random.below(16) - 4) * 5, 1);
                (Value::Number(n), plain(n))
            }
            "amount" => {
                let amount = Decimal::from(random.below(8) * 10);
                (Value::Money(Money { amount, currency: process.currency.unwrap() }), plain(amount))
            }
            "rate" => {
                let n = Decimal::from(random.below(5) * 25);
                (Value::Percent(n), plain(n))
            }
            "kind" => {
                let at = usize::try_from(random.below(3)).unwrap();
                let id = found.map(|(id, _)| id);
                (
                    id.map_or(Value::Boolean(false), |id| Value::Option(id, at)),
                    json!(["a", "b", "c"][at]),
                )
            }
            "tags" => {
                let mut chosen: BTreeSet<usize> = (0..3).filter(|_| random.chance(50)).collect();
                chosen.insert(usize::try_from(random.below(3)).unwrap());
                let names: Vec<&str> = chosen.iter().map(|at| ["x", "y", "z"][*at]).collect();
                let json = json!(names.join(";"));
                let id = found.map(|(id, _)| id);
                (id.map_or(Value::Boolean(false), |id| Value::Options(id, chosen)), json)
            }
            "due" => {
                let day = now.date().checked_add((random.below(21) - 10).days()).unwrap();
                (Value::Date(day), json!(day.to_string()))
            }
            "done" => {
                let yes = random.chance(50);
                (Value::Boolean(yes), yes.into())
            }
            other => panic!("{other}"),
        };
        held.insert((*api).to_owned(), if blank { Json::Null } else { json });
        if let (Some((id, _)), false) = (found, blank) {
            state.values.insert(id, value);
        }
    }
    (state, held)
}

const NOW: &str = "2026-03-10T15:30:00";

fn file(root: &str, inside: &str) -> String {
    format!("<{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">{inside}</{root}>")
}

#[test]
fn imported_formulas_mean_the_same() {
    let mut random = Random(from_environment("EKIDEN_SEED", 11));
    let count = from_environment("EKIDEN_FORMULAS", 150);
    let folder = org(&["A", "B"]);
    let mut all = Vec::new();
    for at in 0..count {
        // What the stage decides must not decide all.
        let [first, second] = [(); 2].map(|()| atom(&mut random, 19));
        let asked = format!("IF({}, {first}, {second})", formula(&mut random, 3));
        let whole = format!(
            "AND(ISCHANGED(StageName), ISPICKVAL(PRIORVALUE(StageName), \"B\"), ISPICKVAL(StageName, \"Won\"), {asked})"
        );
        rule(&folder, at, &whole);
        all.push(whole);
    }
    let (process, report) = imported(&folder);

    let (mut formulas, mut known, mut refused, mut asked) = (Vec::new(), 0, 0, 0);
    for (at, whole) in all.iter().enumerate() {
        let name = format!("r{at}");
        let found = process.criteria.iter().find(|(_, criterion)| criterion.name == name);
        let Some((criterion, _)) = found else {
            // A formula that the stage decides, or that fields never make true.
            let told =
                |why: &str| report.lines().any(|line| line.contains(&format!("`R{at}`: {why}")));
            let moves = report.contains(&format!("the rule `R{at}` says which moves are open"));
            let nothing =
                told("it refuses nothing") || told("it can never") || told("it refuses every");
            assert!(moves || nothing, "{whole}\n{report}");
            continue;
        };
        known += 1;
        let exact = !report.contains(&format!("`R{at}` compares values that may be blank"));
        let mut cases = Vec::new();
        for case in 0..10 {
            let (state, held) = record(&mut random, &process, case < 4 || !exact);
            let expected = !Evaluator::new(&process, &state).passes(criterion);
            refused += usize::from(expected);
            asked += 1;
            cases.push(json!({
                "values": held, "prior": { "StageName": "B" }, "now": format!("{NOW}Z"), "expect": expected,
            }));
        }
        formulas.push(json!({
            "name": format!("R{at}: {whole}"), "formula": whole, "fields": fields(whole, TYPES), "cases": cases,
        }));
    }
    assert!(known as u64 > count / 3, "{known} of {count}");
    assert!(refused > asked / 6 && refused < asked * 5 / 6, "{refused} of {asked}");
    engines_agree(&formulas);
}

/// An org with these open stages, `Won` and `Lost`, and a field of every type.
fn org(open: &[&str]) -> tempfile::TempDir {
    let ended = [("Won", true, true), ("Lost", true, false)];
    let stages = open.iter().map(|name| (*name, false, false)).chain(ended);
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: String| {
        let path = folder.path().join("src").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let mut values = String::new();
    for (name, closed, won) in stages {
        write!(
            values,
            "<standardValue><fullName>{name}</fullName><label>{name}</label><closed>{closed}</closed>\
             <forecastCategory>Pipeline</forecastCategory><probability>10</probability><won>{won}</won></standardValue>"
        )
        .unwrap();
    }
    write(
        "standardValueSets/OpportunityStage.standardValueSet-meta.xml",
        file("StandardValueSet", &values),
    );
    let list = |values: &[&str]| {
        let values: String = values
            .iter()
            .map(|v| format!("<value><fullName>{v}</fullName><label>{v}</label></value>"))
            .collect();
        format!("<valueSet><valueSetDefinition>{values}</valueSetDefinition></valueSet>")
    };
    for (api, kind) in TYPES.iter().filter(|(api, _)| api.ends_with("__c")) {
        let more = match *api {
            "Kind__c" => list(&["a", "b", "c"]),
            "Tags__c" => list(&["x", "y", "z"]),
            "Size__c" => "<scale>0</scale>".to_owned(),
            _ => "<scale>2</scale>".to_owned(),
        };
        let inside =
            format!("<fullName>{api}</fullName><label>{api}</label><type>{kind}</type>{more}");
        write(
            &format!("objects/Opportunity/fields/{api}.field-meta.xml"),
            file("CustomField", &inside),
        );
    }
    folder
}

fn rule(folder: &tempfile::TempDir, at: u64, formula: &str) {
    let escaped = formula.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let inside = format!(
        "<fullName>R{at}</fullName><active>true</active>\
         <errorConditionFormula>{escaped}</errorConditionFormula><errorMessage>No.</errorMessage>"
    );
    let path = folder.path().join("src/objects/Opportunity/validationRules");
    std::fs::create_dir_all(&path).unwrap();
    let path = path.join(format!("R{at}.validationRule-meta.xml"));
    std::fs::write(path, file("ValidationRule", &inside)).unwrap();
}

/// The process, and the report.
fn imported(folder: &tempfile::TempDir) -> (Process, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_ekiden"))
        .args(["import", "src", "-o", "p", "--currency", "EUR"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.path().join("p").join(name)).unwrap();
    let (head, stages) = (read("process.ekiden"), read("stages.ekiden"));
    (processes(&[("process.ekiden", &head), ("stages.ekiden", &stages)]), read("IMPORT.md"))
}

/// Whole rules, however they mix stages and fields: a move of the imported process is open exactly when
/// the formula does not fire.
#[test]
fn imported_moves_are_open_when_the_rule_does_not_fire() {
    let mut random = Random(from_environment("EKIDEN_SEED", 23));
    let count = from_environment("EKIDEN_FORMULAS", 150) / 3;
    let (mut formulas, mut closed, mut asked) = (Vec::new(), 0, 0);
    for at in 0..count {
        let mut whole = formula(&mut random, 3);
        for _ in 0..2 {
            let stage = random.of(&["A", "B", "C", "Won", "Lost"]);
            let about = match random.below(3) {
                0 => format!("ISPICKVAL(StageName, \"{stage}\")"),
                1 => format!("ISPICKVAL(PRIORVALUE(StageName), \"{stage}\")"),
                _ => format!("NOT(ISPICKVAL(StageName, \"{stage}\"))"),
            };
            let join = random.of(&["AND", "AND", "OR"]);
            whole = format!("{join}({about}, {whole})");
        }
        let folder = org(&["A", "B", "C"]);
        rule(&folder, at, &whole);
        let (process, report) = imported(&folder);
        // What is about every save is no matter of moves; what always refuses is told, not used.
        let told = ["it is about every save", "required", "it refuses every record"];
        if told.iter().any(|text| report.contains(text)) {
            continue;
        }
        let exact = !report.contains("compares values that may be blank");
        let mut cases = Vec::new();
        for (id, transition) in process.transitions.iter() {
            let title = |stage| process.stages[stage].title.value.clone();
            for case in 0..3 {
                let (state, mut held) = record(&mut random, &process, case == 0 || !exact);
                held.insert("StageName".to_owned(), title(transition.to).into());
                let open = Evaluator::new(&process, &state).is_open(id);
                asked += 1;
                closed += usize::from(!open);
                cases.push(json!({
                    "values": held, "prior": { "StageName": title(transition.from) },
                    "now": format!("{NOW}Z"), "expect": !open,
                }));
            }
        }
        if !cases.is_empty() {
            formulas.push(json!({
                "name": format!("R{at}: {whole}"), "formula": whole, "fields": fields(&whole, TYPES), "cases": cases,
            }));
        }
    }
    assert!(closed > asked / 20 && closed < asked * 9 / 10, "{closed} of {asked}");
    engines_agree(&formulas);
}
