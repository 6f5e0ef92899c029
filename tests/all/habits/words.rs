//! Words of other tools for units and types, in both notations.

use super::{says, told};

/// Units of working time, with what is right for two of them.
const WORKING: [(&str, &str); 12] = [
    ("businessday", "business days"),
    ("businessdays", "business days"),
    ("business_day", "business days"),
    ("business_days", "business days"),
    ("bd", "business days"),
    ("workdays", "business days"),
    ("working days", "business days"),
    ("weekdays", "business days"),
    ("business hrs", "business hours"),
    ("business hr", "business hours"),
    ("business_hours", "business hours"),
    ("business mins", "business minutes"),
];

#[test]
fn units_have_one_name() {
    let yaml = |limit: &str| {
        let text = format!(
            "teams: {{t: }}\nrecords: {{r: {{fields: {{a: text}}}}}}\nstages: {{s: {{record: r, owner: t, entry: true, outcome: won, limit: {limit}}}}}\n"
        );
        told("p.ekiden.yaml", &text).0
    };
    assert_eq!(yaml("2d"), [""; 0]);
    for (unit, right) in WORKING {
        let (written, right) = (format!("2 {unit}"), format!("2 {right}"));
        let help = format!("`{written}` is not a duration; write `{right}`");
        let mended = says("limit 5d", &format!("limit {written}"), &written, &help);
        assert_eq!(mended, Some(format!("limit {right}")), "{unit}");
        let found = yaml(&written);
        assert_eq!(found, [format!("[syntax-error] `{written}` {help}")], "{unit}");
    }
    for (unit, right) in
        [("hrs", "`2h`, or"), ("hr", "`2h`, or"), ("wk", "`2w`"), ("mths", "`2mo`")]
    {
        let help = format!("`2 {unit}` is not a duration; write {right}");
        says("limit 5d", &format!("limit 2 {unit}"), &format!("2 {unit}"), &help);
        let found = yaml(&format!("2 {unit}"));
        assert!(found.len() == 1 && found[0].contains(&help), "{found:#?}");
    }
    // One, and without a space.
    assert_eq!(yaml("1 businessday").len(), 1);
    assert!(yaml("1 businessday")[0].ends_with("write `1 business day`"));
    assert!(yaml("1business_day")[0].ends_with("write `1 business day`"));
}

/// Words for types, with what is right.
const TYPES: [(&str, &str); 18] = [
    ("string", "text"),
    ("textarea", "text"),
    ("bool", "boolean"),
    ("yes_no", "boolean"),
    ("float", "number"),
    ("decimal", "number"),
    ("int", "integer"),
    ("currency", "money"),
    ("percentage", "percent"),
    ("timestamp", "datetime"),
    ("date_time", "datetime"),
    ("one_of", "one of […]"),
    ("enum", "one of […]"),
    ("select", "one of […]"),
    ("picklist", "one of […]"),
    ("many_of", "many of […]"),
    ("multi_select", "many of […]"),
    ("tags", "many of […]"),
];

#[test]
fn types_have_one_name() {
    for (word, right) in TYPES {
        let help = format!("unknown type `{word}`; write `{right}`");
        says("count  integer", &format!("count {word}"), word, &help);
        // Behind a key of its own, and as the whole of a field.
        let text = |field: &str| {
            format!(
                "process: {{name: p, currency: EUR}}\nrecords: {{r: {{fields: {{a: {field}}}}}}}\n"
            )
        };
        let (found, _) = told("p.ekiden.yaml", &text(word));
        assert!(found.len() == 1 && found[0].contains(&help), "{word}: {found:#?}");
        let (found, _) = told("p.ekiden.yaml", &text(&format!("{{type: {word}}}")));
        let right = match right.strip_suffix(" of […]") {
            Some(kind) => format!("{kind}_of: [a, b]"),
            None => right.to_owned(),
        };
        let help = format!("[unknown-name] `{word}` unknown type `{word}`; write `{right}`");
        assert!(found.len() == 1 && found[0].starts_with(&help), "{word}: {found:#?}");
        let meant = text(&if right.contains(':') { format!("{{{right}}}") } else { right });
        assert_eq!(told("p.ekiden.yaml", &meant).0, [""; 0], "{meant}");
    }
}

#[test]
fn keys_of_a_field_are_told_as_yaml_has_them() {
    for (key, right) in [
        ("options", "one_of"),
        ("choices", "one_of"),
        ("values", "one_of"),
        ("label", "title"),
        ("description", "help"),
        ("min", "at_least"),
        ("max", "at_most"),
        ("mandatory", "required"),
    ] {
        let text = format!("records: {{r: {{fields: {{a: {{type: number, {key}: 1}}}}}}}}\n");
        let (found, _) = told("p.ekiden.yaml", &text);
        let expected =
            format!("[unknown-property] `{key}` a field has no key `{key}`; write `{right}`");
        assert_eq!(found, [expected]);
    }
}
