//! What holds of every process: what is built has not drifted, and nothing that is built is passed over.

use super::{Pair, WHOLE, told};
use crate::drift::System;

/// Pieces of titles that mean something to XML, JSON, HTML, percent-encoding or formulas.
const TITLES: &[&str] = &[
    "Demo",
    "100%",
    "%2F",
    "a & b",
    "<b>bold</b>",
    "&amp;",
    "said “yes”",
    "it's",
    "리드",
    "提案",
    "a, b",
    "x/y.z",
    "  spaced   out ",
    "\\\"quoted\\\"",
    "🙂",
    "1.",
    "true",
    "-- no",
    "𝒳",
    "a\u{a0}b",
    "]]>",
    "`code`",
    "Ünïcode",
];

/// A process made of a number: the same number gives the same process.
fn random(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut text = String::from("process p { currency EUR languages [en] }\nteam t { role r }\n");
    let records = ["lead", "deal", "thing"];
    let types = [
        "text",
        "integer at least 0",
        "money at least 1 EUR",
        "percent",
        "boolean",
        "date",
        "datetime",
        "user",
        "number at least 0.125",
        "text required unique",
    ];
    let titled = |next: &mut dyn FnMut(usize) -> usize, at: usize| {
        let title = TITLES[next(TITLES.len())];
        if next(3) == 0 { format!("\"{title}\"") } else { format!("\"{title} {at}\"") }
    };
    let count = 1 + next(3);
    for (at, record) in records.iter().take(count).enumerate() {
        let from = if at > 0 { format!("from {}", records[at - 1]) } else { String::new() };
        text.push_str(&format!("record {record} {} {from} {{\n", titled(&mut next, at)));
        for field in 0..next(6) {
            let title = titled(&mut next, field);
            let ty = match next(3) {
                0 => {
                    let count = 1 + next(4);
                    let options: Vec<String> =
                        (0..count).map(|n| format!("o{n} {}", titled(&mut next, n))).collect();
                    let many = if next(2) == 0 { "one of" } else { "many of" };
                    format!("{many} [{}] {title}", options.join(", "))
                }
                _ => {
                    let ty = types[next(types.len())];
                    let (name, rest) = ty.split_once(' ').unwrap_or((ty, ""));
                    format!("{name} {title} {rest}")
                }
            };
            text.push_str(&format!("  f_{record}_{field} {ty}\n"));
        }
        text.push_str(&format!("  key_{record} text \"Key\" }}\n"));
    }
    for (at, record) in records.iter().take(count).enumerate() {
        let stages = 1 + next(4);
        for stage in 0..stages {
            let title = TITLES[next(TITLES.len())];
            let entry = if at == 0 && stage == 0 { "entry from web" } else { "" };
            let to = if stage + 1 < stages {
                format!("s_{record}_{}", stage + 1)
            } else {
                format!("won_{record}")
            };
            let percent = next(101);
            text.push_str(&format!(
                "stage s_{record}_{stage} \"{stage} {title}\" {{ record {record} owner r {entry} probability {percent}% purpose \"Why {title}\"\n  \
                 collect [key_{record}] exit when {{ known \"Known {title}\" key_{record} is present }} advance to {to} }}\n"
            ));
        }
        text.push_str(&format!(
            "stage won_{record} \"W\" {{ record {record} owner r outcome won final }}\n"
        ));
        text.push_str(&format!(
            "stage lost_{record} \"L\" {{ record {record} owner r outcome lost final from any open of {record} when key_{record} is missing }}\n"
        ));
    }
    text
}

fn has_none(pair: &Pair, what: &str) {
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new(), "{what}");
    let compared = &report.compared;
    assert!(compared.beside.is_empty() && compared.none.is_empty(), "{what}");
    assert!(compared.others.is_empty() && report.unread.is_empty(), "{what}");
    // A process of leads alone has next to nothing in Pipedrive.
    let least = if report.system == System::Pipedrive { 0 } else { 3 };
    assert!(compared.parts > least, "{what}");
}

#[test]
fn what_is_built_has_not_drifted() {
    for system in [System::Salesforce, System::Hubspot, System::Pipedrive] {
        has_none(&Pair::of(system, WHOLE), "whole");
        for seed in 1..=60 {
            let text = random(seed);
            has_none(&Pair::of(system, &text), &format!("{seed}: {text}"));
        }
    }
}

/// Elements that say what is there, not how it is: another name is another thing.
#[test]
fn nothing_that_is_built_for_salesforce_is_passed_over() {
    let whole = Pair::of(System::Salesforce, WHOLE);
    let mut count = 0;
    for (at, (path, text)) in whole.files.iter().enumerate() {
        for (number, line) in text.lines().enumerate() {
            let Some((open, rest)) = line.split_once('>') else { continue };
            let Some((value, close)) = rest.rsplit_once("</") else { continue };
            let other = match value {
                "true" => "false".to_owned(),
                "false" => "true".to_owned(),
                value => match value.parse::<u32>() {
                    Ok(n) => (n + 1).to_string(),
                    Err(_) => format!("{value}x"),
                },
            };
            let changed: Vec<String> =
                text.lines()
                    .enumerate()
                    .map(|(n, line)| {
                        if n == number {
                            format!("{open}>{other}</{close}")
                        } else {
                            line.to_owned()
                        }
                    })
                    .collect();
            let mut pair = whole.clone();
            pair.files[at].1 = changed.join("\n");
            let found = told(&pair.report());
            assert!(!found.is_empty(), "{path}:{} {line}", number + 1);
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn nothing_that_is_built_for_hubspot_is_passed_over() {
    let whole = Pair::of(System::Hubspot, WHOLE);
    let mut count = 0;
    for (at, (path, text)) in whole.files.iter().enumerate() {
        // Scores and lifecycle stages are not compared, and the page says so.
        if path.starts_with("scores/") || path.starts_with("lifecycle-stages/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            // A stage in a list of rules, or a key and its value.
            let (key, value) = match line.split_once("\": ") {
                Some(pair) => pair,
                None if line.trim_start().starts_with('"') => ("", line.trim_start()),
                None => continue,
            };
            let (value, comma) = value.strip_suffix(',').map_or((value, ""), |value| (value, ","));
            let other = match value {
                "true" => "false".to_owned(),
                "false" => "true".to_owned(),
                "[" | "{" | "[]" => continue,
                // The place of a pipeline among others, and of a group, is for people to choose.
                _ if key.contains("displayOrder") => continue,
                text => format!("{}x\"", text.strip_suffix('"').unwrap()),
            };
            let changed: Vec<String> = text
                .lines()
                .enumerate()
                .map(|(n, line)| {
                    if n == number && key.is_empty() {
                        format!("{other}{comma}")
                    } else if n == number {
                        format!("{key}\": {other}{comma}")
                    } else {
                        line.to_owned()
                    }
                })
                .collect();
            let mut pair = whole.clone();
            pair.files[at].1 = changed.join("\n");
            // Identifiers may be HubSpot's own.
            let is_id = key.ends_with("stageId") || key.ends_with("pipelineId");
            let found = told(&pair.report());
            assert_eq!(found.is_empty(), is_id, "{path}:{} {line}: {found:?}", number + 1);
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn the_order_of_elements_has_no_meaning() {
    // The values of a list have one; what else stands in a file has none.
    let mut pair = Pair::of(System::Salesforce, WHOLE);
    pair.files.reverse();
    for (path, text) in &mut pair.files {
        if !path.contains("validationRule") {
            continue;
        }
        let (head, rest) = text.split_once("metadata\">\n").unwrap();
        let (body, tail) = rest.rsplit_once("</").unwrap();
        let mut parts: Vec<&str> = body.split("\n    <").collect();
        parts.reverse();
        *text = format!(
            "{head}metadata\">{}</{tail}",
            parts
                .iter()
                .map(|part| format!("<{}", part.trim_start_matches(['<', ' '])))
                .collect::<String>()
        );
    }
    assert_eq!(told(&pair.report()), Vec::<String>::new());
}
