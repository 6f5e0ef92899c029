//! Bounds of fields: rules that refuse what lies beyond, judged by both formula engines.

use serde_json::{Value as Json, json};

use super::rules::{engines_agree, rules};
use super::{ROOT, read_by_every_tool};
use crate::crm_support::{emit, process, text};

/// A gym: the share of a discount, days on which a contract begins, weights.
const GYM: &str = r#"
process gym "Gym" { currency EUR languages [en, ko] timezone "Asia/Seoul" }
team desk { role r }
record deal "Member" {
  share    percent  "Discount" ko "할인율" at least 5% at most 12.5%
  visits   integer  "Visits"   ko "방문" at most 7
  weight   number   "Weight"   at least -0.5 at most 0.125
  fee      money    "Fee"      at least 10 EUR
  begins   date     "Begins"   at least 2026-01-01 at most 2026-12-31
  meets    datetime "Meets"    at least 2026-01-01T09:00
  note     text     "Note"
}
record card "Card" from deal { count integer "Count" at least 1 }
stage trial "Trial" { record deal owner r entry probability 10%
  exit when { paid "The fee is known" fee is present and share is present } advance to won }
stage won "Won" { record deal owner r outcome won advance to out handoff within 1d carries [share] }
stage lost "Lost" { record deal owner r outcome lost final from any open of deal }
stage out "Handed out" { record card owner r final }
"#;

const BYPASS: &str = "$Permission.Gym_Bypass";
const TYPE: &str = "RecordType.DeveloperName";

/// New with a value; changed to it; left as it is: whether each is refused.
fn cases(field: &str, value: &Json, beyond: bool) -> Vec<Json> {
    let values = |bypass: bool| json!({ BYPASS: bypass, TYPE: "Gym_Deal", field: value });
    let other = json!({ field: null });
    vec![
        json!({ "values": values(false), "isNew": true, "expect": beyond }),
        json!({ "values": values(false), "isNew": false, "prior": other, "expect": beyond && !value.is_null() }),
        // What an older record holds is nobody's business until it changes.
        json!({ "values": values(false), "isNew": false, "prior": {}, "expect": false }),
        json!({ "values": values(true), "isNew": true, "expect": false }),
    ]
}

#[test]
fn what_lies_beyond_is_refused_when_it_is_new() {
    let output = emit("salesforce", &process(GYM), &[]);
    let rules = rules(&output, "Opportunity");
    let fields = [
        (
            "Gym_Deal_Share_Bounds",
            "Share__c",
            "Percent",
            vec![
                (json!(4.99), true),
                (json!(5), false),
                (json!(12.5), false),
                (json!(12.51), true),
            ],
        ),
        (
            "Gym_Deal_Visits_Bounds",
            "Visits__c",
            "Number",
            vec![(json!(-3), false), (json!(7), false), (json!(8), true)],
        ),
        (
            "Gym_Deal_Weight_Bounds",
            "Weight__c",
            "Number",
            vec![
                (json!(-0.51), true),
                (json!(-0.5), false),
                (json!(0.125), false),
                (json!(0.126), true),
            ],
        ),
        (
            "Gym_Deal_Fee_Bounds",
            "Fee__c",
            "Currency",
            vec![(json!(9.99), true), (json!(10), false)],
        ),
        (
            "Gym_Deal_Begins_Bounds",
            "Begins__c",
            "Date",
            vec![
                (json!("2025-12-31"), true),
                (json!("2026-01-01"), false),
                (json!("2026-12-31"), false),
                (json!("2027-01-01"), true),
            ],
        ),
        // Nine o'clock in Seoul is midnight in Greenwich.
        (
            "Gym_Deal_Meets_Bounds",
            "Meets__c",
            "DateTime",
            vec![(json!("2025-12-31T23:59:59Z"), true), (json!("2026-01-01T00:00:00Z"), false)],
        ),
    ];
    let formulas: Vec<Json> = fields
        .into_iter()
        .map(|(name, field, kind, values)| {
            let rule = rules.get(name).unwrap_or_else(|| panic!("{name} in {:?}", rules.keys()));
            let mut all: Vec<Json> = cases(field, &Json::Null, false);
            all.extend(values.iter().flat_map(|(value, beyond)| cases(field, value, *beyond)));
            json!({ "name": name, "formula": rule.formula, "fields": { BYPASS: "Checkbox", TYPE: "Text", field: kind }, "cases": all })
        })
        .collect();
    engines_agree(&formulas);
    let bounds = rules.keys().filter(|name| name.ends_with("_Bounds")).count();
    assert_eq!(bounds, 6, "{:?}", rules.keys());
    assert_eq!(
        rules["Gym_Deal_Share_Bounds"].message,
        "Change the value so that this holds: Discount is from 5% to 12.5%"
    );
    assert_eq!(
        rules["Gym_Deal_Visits_Bounds"].message,
        "Change the value so that this holds: Visits is at most 7"
    );
}

#[test]
fn the_message_stands_at_the_field_and_a_copy_has_its_bounds() {
    let process = process(GYM);
    read_by_every_tool(&process, &[]);
    let output = emit("salesforce", &process, &[]);
    let file = format!(
        "{ROOT}/objects/Opportunity/validationRules/Gym_Deal_Share_Bounds.validationRule-meta.xml"
    );
    assert!(text(&output, &file).contains("<errorDisplayField>Share__c</errorDisplayField>"));
    let card: Vec<String> = rules(&output, "Card__c").into_keys().collect();
    assert!(card.contains(&"Gym_Card_Count_Bounds".to_owned()), "{card:?}");
    assert!(card.contains(&"Gym_Deal_Share_Bounds".to_owned()), "{card:?}");
    assert!(!card.contains(&"Gym_Deal_Fee_Bounds".to_owned()), "{card:?}");
    let korean = format!(
        "{ROOT}/objectTranslations/Opportunity-ko/Opportunity-ko.objectTranslation-meta.xml"
    );
    assert!(text(&output, &korean).contains("<name>Gym_Deal_Share_Bounds</name>"));
    let readme = text(&output, "README.md");
    assert!(!readme.contains("its bounds"), "{readme}");
}

/// A field that one object holds for two record types has the bounds of each, for its own records.
#[test]
fn a_shared_field_has_the_bounds_of_each_record_type() {
    let two = r#"
process p { currency EUR }
team t { role r }
record deal "Deal" { size integer at most 5 }
record tender "Tender" { size integer at most 9 }
stage a { record deal owner r entry probability 10% advance to b }
stage b { record deal owner r outcome won final }
stage c { record tender owner r entry probability 10% advance to d }
stage d { record tender owner r outcome won final }
"#;
    let output = emit("salesforce", &process(two), &[("objects.tender", "Opportunity")]);
    let rules = rules(&output, "Opportunity");
    let types = json!({ "$Permission.P_Bypass": "Checkbox", "RecordType.DeveloperName": "Text", "Size__c": "Number" });
    let formulas: Vec<Json> = [("P_Deal_Size_Bounds", "P_Deal", 5), ("P_Tender_Size_Bounds", "P_Tender", 9)]
        .into_iter()
        .map(|(name, record_type, most)| {
            let case = |of: &str, size: i32, refused: bool| {
                json!({ "values": { "$Permission.P_Bypass": false, "RecordType.DeveloperName": of, "Size__c": size },
                        "isNew": true, "expect": refused })
            };
            let all = [case(record_type, most, false), case(record_type, most + 1, true), case("Other", most + 1, false)];
            json!({ "name": name, "formula": rules[name].formula, "fields": types, "cases": all })
        })
        .collect();
    engines_agree(&formulas);
}
