//! Roles, options, flags and moves as people write them out of habit.

use super::{BASE, says, told};

#[test]
fn a_role_is_called_without_its_team() {
    let text = "teams: {sales: {roles: {ae: {}}}}
records: {lead: {fields: {email: text}}}
stages: {a: {record: lead, owner: sales.ae}}";
    let (findings, _) = told("p.ekiden.yaml", text);
    let [one] = findings.as_slice() else { panic!("{findings:#?}") };
    let told = "a role is called by its own name, `ae`, without its team";
    assert!(one.starts_with("[invalid-name] `sales.ae`") && one.contains(told), "{one}");
}

#[test]
fn evidence_is_of_the_buyer_or_the_seller() {
    says("evidence buyer", "evidence byer", "byer", "did you mean `buyer`?");
    says("evidence buyer", "evidence customer", "customer", "did you mean `buyer`?");
    says("evidence buyer", "evidence sales", "sales", "did you mean `seller`?");
    says("evidence buyer", "evidence paper", "paper", "write `buyer` if it rests on");
}

#[test]
fn two_lines_of_grades_are_joined() {
    says(
        "at least 10, cold otherwise",
        "at least 10\n  grade cold otherwise",
        "grade cold otherwise",
        "join the grades by commas: `grade hot at least 10, cold otherwise`",
    );
}

#[test]
fn several_options_stand_in_a_list() {
    let right = "write `reason in [price, timing]`";
    let old = "amount is present";
    says(old, "reason = price or timing", "reason = price or timing", right);
    says(old, "reason = price or = timing", "=", right);
    says(
        old,
        "reason = price or timing or other",
        "reason = price or timing or other",
        "write `reason in [price, timing, other]`",
    );
    says(old, "count > 1 and < 10", "<", "say again what is compared: `count < …`");
    says(old, "amount > 5 EUR or = 2 EUR", "=", "say again what is compared: `amount = …`");
    // A field that is true or false is a condition, and a word that is unknown is told as ever.
    says(
        old,
        "reason = price or mystery",
        "reason = price or mystery",
        "reason in [price, mystery]",
    );
}

#[test]
fn a_stage_has_one_owner() {
    for new in ["owner rep, keeper", "owner rep and keeper"] {
        let under = new.strip_prefix("owner ").unwrap();
        says("owner rep", new, under, "`owner rep` and `support [keeper]`");
    }
    says(
        "shared by [sales, keepers]",
        "owner sales, keepers",
        "sales, keepers",
        "write `shared by [sales, keepers]`",
    );
    let mended = says(
        "[amount, reason, visit]",
        "amount, reason, visit",
        ",",
        "`collect [amount, reason, visit]`",
    );
    assert_eq!(mended.as_deref(), Some("[amount, reason, visit]"));
}

#[test]
fn options_are_asked_for_in_brackets() {
    let old = "amount is present";
    let right = Some("reason in [price, timing]");
    assert_eq!(
        says(old, "reason in (price, timing)", "(", "`in [price, timing]`").as_deref(),
        right
    );
    assert_eq!(says(old, "reason = [price, timing]", "[", "write `in […]`").as_deref(), right);
    says(old, "reason in price", "price", "write `= price`, or `in [price, …]`");
    let mended = says(old, "count is at least 3", "is at least", "write `>=`");
    assert_eq!(mended.as_deref(), Some("count >= 3"));
    let mended = says(old, "count is more than 3", "is more than", "write `>`");
    assert_eq!(mended.as_deref(), Some("count > 3"));
}

#[test]
fn flags_stand_alone() {
    for new in ["date required: yes", "date required yes", "date required = true"] {
        let text = BASE.replacen("visit  date", &format!("visit  {new}"), 1);
        let (findings, mended) = told("p.ekiden", &text);
        assert!(findings[0].contains("`required` stands alone; remove"), "{findings:#?}");
        assert!(mended.contains("visit  date required\n"), "{mended}");
    }
    let text = BASE.replacen("visit  date", "visit date required: no", 1);
    assert!(told("p.ekiden", &text).0[0].contains("leave `required` out"));
}

#[test]
fn types_and_properties_are_listed() {
    says("count  integer", "count percentage", "percentage", "write `percent`; a type is one of");
    says("count  integer", "count string \"C\"", "string", "write `text`; a type is one of");
    says("limit 5d", "colour \"red\" limit 5d", "colour", "a stage has `record`, `entry`, `owner`");
    says("limit 5d", "sla 3d limit 5d", "sla", "write `limit …`");
    let hubspot = "languages [en] hubspot { objects [hive] }";
    says("languages [en]", hubspot, "hubspot", "`targets: {hubspot: {…}}`");
}

#[test]
fn moves_name_a_stage_and_have_when() {
    let old = "advance to won";
    let mended = says(old, "advance to won if count > 1", "if", "write `when`");
    assert_eq!(mended.as_deref(), Some("advance to won when count > 1"));
    // No safe fix makes a stage of a clause.
    assert_eq!(says(old, "advance when count > 1", "when", "`advance to STAGE when …`"), None);
    assert_eq!(
        says(old, "advance to \"Won\"", "\"Won\"", "without quotes, such as `to won`"),
        None
    );
    let mended = says("from open to won", "from open -> won", "->", "write `to`");
    assert_eq!(mended.as_deref(), Some("from open to won"));
}

/// What is told of a part of the text is not told of the other part, too.
#[test]
fn half_of_a_comparison_and_half_of_a_name_are_told_once() {
    let old = "amount is present";
    let mended = says(old, "amount => 4 EUR", "=>", "write `>=`");
    assert_eq!(mended.as_deref(), Some("amount >= 4 EUR"));
    assert_eq!(says(old, "Hive-Size > 4", "Hive-Size", "write `hive_size`"), None);
    let mended = says("\"We met\"", "“We met”", "“We met”", "write `\"` before and after");
    assert_eq!(mended.as_deref(), Some("\"We met\""));
}

/// Older YAML takes `no` for `false`.
#[test]
fn no_is_no_source_of_records() {
    let text = |entry: &str| {
        format!(
            "process: {{name: p}}\nteams: {{sales: {{}}}}\nrecords: {{lead: {{fields: {{email: text}}}}}}\nstages: {{a: {{record: lead, owner: sales, entry: {entry}}}}}"
        )
    };
    let (findings, _) = told("p.ekiden.yaml", &text("no"));
    let [one] = findings.as_slice() else { panic!("{findings:#?}") };
    assert!(one.contains("`no` is neither `true` nor `false`; write `false`"), "{one}");
    for sound in ["false", "true", "\"no\"", "fair", "[web, fair]"] {
        assert_eq!(told("p.ekiden.yaml", &text(sound)).0, Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn options_have_names_in_brackets() {
    let old = "one of [price, timing, other]";
    for (new, under, part) in [
        ("one of price, timing, other", "price", "write `one of [price \"Price\""),
        ("one of (price, timing, other)", "(", "write `one of [price \"Price\""),
        ("one of [\"Price\", \"Timing\"]", "\"Price\"", "`price \"Price\"`"),
    ] {
        let (findings, _) = told("p.ekiden", &BASE.replacen(old, new, 1));
        let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
        assert!(finding.contains(&format!("] `{under}` ")) && finding.contains(part), "{finding}");
    }
}

#[test]
fn other_words_of_conditions_are_known() {
    let old = "amount is present";
    let mended = says(old, "amount exists", "exists", "write `amount is present`");
    assert_eq!(mended.as_deref(), Some(old));
    says(old, "amount is known", "known", "did you mean `present`?");
    says(old, "reason contains price", "contains", "options are asked for by `=`");
    says(old, "visit > yesterday", "yesterday", "write `today - 1d`");
    says(old, "visit > today + 5", "today + 5", "give the number its unit, such as `5d`");
    says(old, "visit < 30d", "visit < 30d", "`today + 30d`");
    says(old, "amount > 5 EUR, count > 2", ",", "joined by `and` or `or`");
    says(
        "met \"We met\"",
        "\"We met\"",
        "\"We met\"",
        "a name before its title: `name \"We met\" …`",
    );
}

/// It stands right behind the measure, which takes none.
#[test]
fn measures_without_a_condition_say_so() {
    let new = "within 30d when count > 1 target";
    says(
        "within 30d target",
        new,
        "when",
        "`share of`, `entries into` and `sum of` take a condition",
    );
}
