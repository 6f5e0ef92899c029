//! Scores as formulas, evaluated by two engines that are independent of each other, against the
//! native evaluator.

use std::collections::BTreeMap;

use ekiden::emit::Output;
use ekiden::logic::Evaluator;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::rules::{
    NOW, Random, TYPES, condition, engines_agree, fields, from_environment, record,
};
use super::{at, elements, read_by_every_tool};
use crate::crm_support::{WHOLE, emit, process, text};

/// The formula of a field.
pub(super) fn formula(output: &Output, field: &str) -> String {
    let xml = at(output, &format!("objects/{field}.field"));
    let raw = xml.split_once("<formula>").unwrap().1.split_once("</formula>").unwrap().0;
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    escapes.iter().fold(raw.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A process whose deals are rated by these conditions, three a score.
fn rated(conditions: &[String], random: &mut Random) -> String {
    let mut out = String::from(
        r#"process p { currency EUR  timezone "UTC" }
         team sales { role rep }
         record deal {
           note text  size integer  level number  amount money  rate percent
           kind one of [a, b, c]  tags many of [x, y, z]  boss user
           due date  meeting datetime  seen datetime  done boolean  vip boolean
         }
         stage won { record deal owner sales outcome won final }
         stage a { record deal owner sales entry  advance to won
           exit when { s "S" sure_0 >= 10  g "G" sure_0 is hot  h "H" sure_0 is warm } }
"#,
    );
    for (at, three) in conditions.chunks(3).enumerate() {
        let category = random.of(&["fit", "behavior"]);
        out.push_str(&format!("score sure_{at} \"Sure\" of deal {{\n"));
        let points = ["+20", "+12.5", "-7"];
        for (points, when) in points.iter().zip(three) {
            out.push_str(&format!("  {category} {points} when {when}\n"));
        }
        out.push_str("  fit +3 when size >= 2\n");
        if random.chance(50) {
            out.push_str("  cap fit at 21.5\n");
        }
        if random.chance(50) {
            out.push_str("  cap total at 30\n");
        }
        if random.chance(50) {
            out.push_str("  weight fit 40%\n  weight behavior 60%\n");
        }
        out.push_str(
            "  grade hot \"Hot \\\"one\\\"\" at least 15, warm at least 4.5, cold otherwise\n}\n",
        );
    }
    out
}

#[test]
fn scores_mean_the_same_in_salesforce() {
    let mut random = Random(from_environment("EKIDEN_SEED", 11));
    // A confirmation would need a field of its own name; the others are enough here.
    let mut conditions = Vec::new();
    while conditions.len() < 90 {
        let one = condition(&mut random, 1);
        if !one.contains("confirm") {
            conditions.push(one);
        }
    }
    let source = rated(&conditions, &mut random);
    let process = process(&source);
    let output = emit("salesforce", &process, &[]);
    assert!(!text(&output, "README.md").contains("## What is not rated"));
    let mut formulas = Vec::new();
    let mut grades: BTreeMap<String, usize> = BTreeMap::new();
    for (id, score) in process.scores.iter() {
        let api = format!("Opportunity/fields/Sure_{}", &score.name[5..]);
        let points = formula(&output, &format!("{api}__c"));
        let graded = formula(&output, &format!("{api}_Grade__c"));
        let own = format!("Sure_{}__c", &score.name[5..]);
        let (mut cases, mut grade_cases) = (Vec::new(), Vec::new());
        for case in 0..12 {
            let (state, held) = record(&mut random, &process, case < 4);
            let now = format!("{NOW}Z");
            let expected = Evaluator::new(&process, &state).score(id).unwrap();
            let number = expected.to_f64().unwrap();
            cases.push(json!({ "values": held, "now": now, "expect": number }));
            // By hand: the first threshold that is reached.
            let grade = match number {
                n if n >= 15.0 => "Hot \"one\"",
                n if n >= 4.5 => "Warm",
                _ => "Cold",
            };
            *grades.entry(grade.to_owned()).or_default() += 1;
            grade_cases.push(json!({ "values": { &own: number }, "expect": grade }));
        }
        formulas.push(json!({
            "name": own, "formula": points, "fields": fields(&points, TYPES), "cases": cases,
        }));
        formulas.push(json!({
            "name": format!("{own} grade"), "formula": graded, "fields": { &own: "Number" }, "cases": grade_cases,
        }));
    }
    assert_eq!(formulas.len(), 60);
    assert!(grades.len() == 3 && grades.values().all(|count| *count > 20), "{grades:?}");
    engines_agree(&formulas);

    // Rules read the points.
    let rules = super::rules::rules(&output, "Opportunity");
    let refuses = |name: &str| rules[name].formula.lines().nth(7).unwrap().trim().to_owned();
    assert_eq!(refuses("P_A_Exit_S"), "NOT(Sure_0__c >= 10)");
    assert_eq!(refuses("P_A_Exit_G"), "NOT(Sure_0__c >= 15)");
    assert_eq!(refuses("P_A_Exit_H"), "NOT(AND(Sure_0__c >= 4.5, Sure_0__c < 15))");
}

#[test]
fn points_for_events_are_left_to_others() {
    let output = emit("salesforce", &process(WHOLE), &[]);
    // Capped and weighted, as the total counts them.
    assert_eq!(
        formula(&output, "Lead/fields/Interest_Fit__c"),
        "(MIN(IF(AND(NOT(ISBLANK(Company_Size__c)), Company_Size__c >= 100), 20, 0), 35)) * 40 / 100"
    );
    let field = at(&output, "objects/Lead/fields/Interest_Fit__c.field");
    for wanted in [
        "<formulaTreatBlanksAs>BlankAsBlank</formulaTreatBlanksAs>",
        "<label>Interest: fit</label>",
        "<scale>2</scale>",
    ] {
        assert!(field.contains(wanted), "{field}");
    }
    let paths: Vec<&str> = output.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert!(!paths.iter().any(|path| path.contains("Interest__c") || path.contains("Grade__c")));
    let readme = text(&output, "README.md");
    for wanted in [
        "- score `interest`, all points and the grade: a part of them is not known",
        "- score `interest`, the points for behavior: it asks for events",
        "| `Interest_Fit__c` | the points of the score `interest` for fit | computed by a formula |",
        "rate the score `interest` on `Lead`",
    ] {
        assert!(readme.contains(wanted), "{wanted}: {readme}");
    }
    // People read what a formula computes, and nobody can change it.
    let users = at(&output, "permissionsets/Relay.permissionset");
    assert!(
        elements(&users, "fieldPermissions")
            .contains(&"editable=false field=Lead.Interest_Fit__c readable=true".to_owned()),
        "{users}"
    );
}

#[test]
fn a_score_that_is_called_like_a_field_gets_another_name() {
    let source = r#"process p { }
        team sales { role rep }
        record deal { heat_grade integer  note text }
        score heat "Heat" of deal { fit +5 when note is present  grade hot at least 5, cold otherwise }
        stage won { record deal owner sales outcome won final }
        stage a { record deal owner sales entry advance to won when heat_grade >= 3 }
    "#;
    let process = process(source);
    read_by_every_tool(&process, &[]);
    let output = emit("salesforce", &process, &[]);
    assert_eq!(
        formula(&output, "Opportunity/fields/Heat_Grade_Score__c"),
        "IF(Heat__c >= 5, \"Hot\", \"Cold\")"
    );
}

#[test]
fn a_score_whose_formula_is_too_long_is_told() {
    let rules: String =
        (0..150).map(|n| format!("fit +1 when note = \"text number {n}\"\n")).collect();
    let source = format!(
        "process p {{ }} team sales {{ role rep }} record deal {{ note text }}\n\
         score long of deal {{ {rules} }}\n\
         stage won {{ record deal owner sales outcome won final }}\n\
         stage a {{ record deal owner sales entry advance to won }}"
    );
    let output = emit("salesforce", &process(&source), &[]);
    assert!(
        text(&output, "README.md").contains(
            "- score `long`, the points for fit: its formula has more than 3900 characters or 4000 bytes"
        )
    );
}
