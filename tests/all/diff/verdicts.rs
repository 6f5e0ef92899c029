//! Single changes, and what is said of them.

use ekiden::diff::Sources;

use super::{changes, compare, read, told};

const OLD: &str = r#"
process p "P" { currency EUR }
team sales { role ae  role lead_of_sales }
team success { role csm }
record lead {
  email text
  size integer
  reason one of [price, timing, other]
}
stage new { record lead  entry  owner ae  limit 5d target 2d
  exit when { known "We know the e-mail" email is present }
  advance to demo when size > 10
  lose to lost when reason is present
}
stage demo { record lead  owner ae  probability 40%  advance to won handoff within 2d  recycle to new at most 2 times }
stage won { record lead  owner csm  outcome won  final }
stage lost { record lead  owner ae  outcome lost  final }
goal wins { shared by [sales, success]  measure conversion from new to won within 30d  target at least 20% every quarter }
"#;

/// What is said when a part of the process is written otherwise.
#[track_caller]
fn changed(parts: &[(&str, &str)]) -> String {
    let mut new = OLD.to_owned();
    for (was, now) in parts {
        assert_eq!(new.matches(was).count(), 1, "{was}");
        new = new.replace(was, now);
    }
    told(&read(OLD), &read(&new))
}

#[track_caller]
fn says(parts: &[(&str, &str)], lines: &[&str]) {
    let told = changed(parts);
    for line in lines {
        assert!(told.contains(line), "lacks {line:?}\n{told}");
    }
}

#[test]
fn a_tighter_condition_is_told_by_a_record() {
    says(
        &[("size > 10", "size > 10 and email is present and size < 20")],
        &[
            "Records in flight\n",
            "warning[guard-tightened] advancing from `new` to `demo` keeps back",
            "size > 10 → size > 10 and email is present and size < 20",
            "`size` is 20, a lead passed before, and does not now.",
        ],
    );
}

#[test]
fn what_another_condition_asks_already_tightens_nothing() {
    let told = changed(&[("size > 10", "size > 10 and email is present")]);
    assert!(told.contains("is tighter") && !told.contains("guard-tightened"), "{told}");
    // A criterion that goes over into the condition of the only move changes nothing for records.
    let told = changed(&[
        ("size > 10", "size > 10 and email is present"),
        ("  exit when { known \"We know the e-mail\" email is present }\n", ""),
    ]);
    assert!(!told.contains("guard-tightened"), "{told}");
}

#[test]
fn looser_shifted_and_reworded() {
    says(&[("size > 10", "size > 5")], &["is looser: size > 10 → size > 5"]);
    says(&[("size > 10", "size < 20")], &["guard-tightened"]);
    says(
        &[("size > 10", "size >= 11")],
        &["Words only\n", "is written differently, and means the same: size >"],
    );
    assert_eq!(changed(&[("size > 10", "(size > 10)")]), "");
}

#[test]
fn a_field_that_is_gone_is_still_compared() {
    let told =
        changed(&[("  size integer\n", ""), ("advance to demo when size > 10", "advance to demo")]);
    assert!(told.contains("field-removed"), "{told}");
    assert!(
        told.contains("condition of advancing from `new` to `demo` is looser: was size > 10"),
        "{told}"
    );
}

#[test]
fn a_field_of_another_type_is_not_compared() {
    says(
        &[("size integer", "size text"), ("size > 10", "size = \"big\"")],
        &["type-changed", "cannot be compared: `size` is of another type now."],
    );
}

#[test]
fn a_type_that_holds_every_value_breaks_nothing() {
    let told = changed(&[("size integer", "size number")]);
    assert!(told.contains("type of field `lead.size` is different: integer → number"), "{told}");
    assert!(!told.contains('['), "{told}");
    assert!(!told.contains("compared") && !told.contains("differently"), "{told}");
    let told = changed(&[("one of [price, timing, other]", "text")]);
    assert!(!told.contains("type-changed") && !told.contains("option-removed"), "{told}");
    // Between 10 and 11 there was nothing.
    says(
        &[("size integer", "size number"), ("size > 10", "size >= 11")],
        &["guard-tightened", "a lead passed before, and does not now."],
    );
}

#[test]
fn clocks_owners_and_targets() {
    says(&[("limit 5d", "limit 3d")], &["limit-shortened", "limit: 5d → 3d"]);
    assert_eq!(changed(&[("limit 5d", "limit 120h")]), "");
    says(&[("target 2d", "target 1d")], &["note[clock-changed]", "target: 2d → 1d"]);
    says(
        &[("stage demo { record lead  owner ae", "stage demo { record lead  owner csm")],
        &["owner-changed", "belongs to `csm` now, and belonged to `ae`"],
    );
    says(
        &[("20%", "25%")],
        &["target-changed", "at least 20% every quarter → at least 25% every quarter"],
    );
    says(&[("from new to won", "from demo to won")], &["measure-changed"]);
    says(&[("40%", "30%")], &["forecast-changed", "40% → 30%"]);
}

#[test]
fn a_renamed_stage_is_one_change() {
    let told = changed(&[
        ("stage demo {", "stage show { was [demo]"),
        ("advance to demo", "advance to show"),
    ]);
    assert!(told.contains("warning[name-changed] stage `demo` is called `show` now"), "{told}");
    assert_eq!(told.matches('[').count(), 1, "{told}");
}

#[test]
fn a_stage_that_is_gone_needs_a_successor() {
    let gone: &[(&str, &str)] = &[
        (
            "stage demo { record lead  owner ae  probability 40%  advance to won handoff within 2d  recycle to new at most 2 times }\n",
            "",
        ),
        ("advance to demo", "advance to won"),
    ];
    let told = changed(gone);
    assert!(told.contains("error[stage-removed] records in `demo` would stand nowhere"), "{told}");
    let retired = |hint: &str| {
        let end = ("stage won {", format!("retired stage demo {hint}\nstage won {{"));
        let mut all = gone.to_vec();
        all.push((end.0, &end.1));
        changed(&all)
    };
    let told = retired("into new");
    assert!(!told.contains("error") && told.contains("is retired, and goes on as `new`"), "{told}");
    let told = retired("into won when size > 10, new when size < 10");
    assert!(told.contains("stage-half-retired"), "{told}");
    assert!(told.contains("A lead is in `demo`"), "{told}");
}

#[test]
fn a_suspected_rename_is_proposed() {
    let told =
        changed(&[("stage demo {", "stage demos {"), ("advance to demo", "advance to demos")]);
    assert!(told.contains("is it called `demos` now? Then write `was [demo]` there"), "{told}");
}

#[test]
fn a_hint_that_matches_nothing_is_an_error() {
    let told = changed(&[("stage won {", "stage won { was [victory]")]);
    assert!(told.contains("error[useless-hint] stage `won` was never called `victory`"), "{told}");
    let told = changed(&[("stage won {", "retired stage victory into won\nstage won {")]);
    assert!(told.contains("error[useless-hint] `retired stage victory` retires"), "{told}");
    // Hints that were there before are history.
    let old = OLD.replace("stage won {", "retired stage victory into won\nstage won { was [wins]");
    assert_eq!(super::told(&read(&old), &read(&old)), "");
}

#[test]
fn options_and_lists() {
    says(
        &[("[price, timing, other]", "[price, other]")],
        &["error[option-removed] option `timing` of `lead.reason` is gone"],
    );
    says(
        &[("[price, timing, other]", "[price, time was [timing], other]")],
        &["warning[name-changed] option `timing` of `lead.reason` is called `time` now"],
    );
    says(
        &[("shared by [sales, success]", "shared by [sales]")],
        &["sharing teams of goal `wins` change: loses success"],
    );
}

#[test]
fn a_new_field_that_is_required_is_lacked_by_every_row() {
    let more = [("  email text\n", "  email text\n  vat_id text required\n")];
    says(&more, &["warning[field-narrowed] `vat_id` is new and required, and no row has it"]);
    let (old, new) = (read(OLD), read(&OLD.replace(more[0].0, more[0].1)));
    let flights = changes(&old.process, &new.process).flights;
    let what: Vec<&str> = flights.iter().map(|flight| flight.what.as_str()).collect();
    assert_eq!(what, ["records of `lead`, which all lack `vat_id`"]);
    let told = changed(&[("  email text\n", "  email text\n  vat_id text\n")]);
    assert!(!told.contains("field-narrowed"), "{told}");
    let told = changed(&[("stage new {", "record visit { day date required }\nstage new {")]);
    assert!(!told.contains("field-narrowed"), "{told}");
}

#[test]
fn a_stage_that_is_retired_into_one_of_another_record_leaves_its_records_nowhere() {
    let gone = "stage demo { record lead  owner ae  probability 40%  advance to won handoff within 2d  recycle to new at most 2 times }\n";
    let visit = "record visit { day date }\nstage planned { record visit  entry  owner ae  limit 5d  advance to done }\nstage done { record visit  owner ae  outcome won  final }\nretired stage demo into planned since 2026-10-01\n";
    says(
        &[(gone, visit), ("advance to demo when", "advance to won when")],
        &[
            "error[stage-half-retired] records in `demo` would stand nowhere: `planned` is a stage of `visit`, not of `lead`",
            "name a stage of `lead` where they go on",
        ],
    );
}

#[test]
fn a_move_between_stages_that_became_one_is_gone_with_them() {
    let told = changed(&[
        ("  advance to demo when size > 10\n", "  was [demo]\n  advance to won when size > 10\n"),
        (
            "stage demo { record lead  owner ae  probability 40%  advance to won handoff within 2d  recycle to new at most 2 times }\n",
            "",
        ),
    ]);
    assert!(told.contains("stage `demo` is part of `new` now"), "{told}");
    assert!(!told.contains("move-removed"), "{told}");
}

/// What is said where the project makes these targets.
fn told_for(targets: &[&str], parts: (&str, &str)) -> String {
    assert_eq!(OLD.matches(parts.0).count(), 1, "{}", parts.0);
    let (old, new) = (read(OLD), read(&OLD.replace(parts.0, parts.1)));
    let sources = Sources::new(&old.sources, &new.sources);
    let sources =
        sources.with_targets(Some(targets.iter().copied())).with_titled(vec!["demo".to_owned()]);
    let difference = compare(&old.process, &new.process, &sources);
    ekiden::diff::render::text::render(&difference, &sources, Default::default())
}

#[test]
fn names_and_titles_matter_where_a_crm_knows_by_them() {
    let name = ("[price, timing, other]", "[price, time was [timing], other]");
    assert!(told_for(&["docs", "hubspot"], name).contains("warning[name-changed]"));
    assert!(!told_for(&["docs", "sql"], name).contains("name-changed"));
    let title = ("stage demo {", "stage demo \"Show\" {");
    let told = told_for(&["salesforce"], title);
    assert!(told.contains("CRM configuration\n"), "{told}");
    assert!(told.contains("warning[name-changed] stage `demo` is read as `Show` now"), "{told}");
    assert!(!told_for(&["hubspot"], title).contains("name-changed"));
    // Where only Salesforce holds it, and knows it by its title, the name says nothing.
    let name = ("stage demo {", "stage demo \"Demo\" {");
    assert!(!told_for(&["salesforce"], name).contains("name-changed"));
    assert!(!changed(&[title]).contains("name-changed"));
}

/// Who gets the records is the same, whatever they are called.
#[test]
fn a_route_follows_who_is_renamed() {
    let route = "route demo { when size > 20 to ae otherwise lead_of_sales }\n";
    let old = format!("{OLD}{route}");
    let renamed = |text: &str| text.replace("role lead_of_sales", "role chief was [lead_of_sales]");
    let new = renamed(&old).replace("otherwise lead_of_sales", "otherwise chief");
    let told = told(&read(&old), &read(&new));
    assert!(told.contains("`lead_of_sales` is called `chief` now"), "{told}");
    for untrue in ["assignment", "recipients", "goes to"] {
        assert!(!told.contains(untrue), "{untrue}: {told}");
    }
    let other = renamed(&old).replace("otherwise lead_of_sales", "otherwise csm");
    let told = super::told(&read(&old), &read(&other));
    assert!(told.contains("went to `chief`, and now goes to `csm`"), "{told}");
}

/// What is refused has no way left: that is a move which is gone.
#[test]
fn a_way_of_refused_records_that_is_gone_is_told() {
    let was = "handoff within 2d accept when size > 3 else recycle to pool";
    let pool = "stage pool { record lead  owner ae  lose to lost }\n";
    let old = format!("{OLD}{pool}").replace("handoff within 2d", was);
    let new = old.replace(" else recycle to pool", "");
    let gone = told(&read(&old), &read(&new));
    let said = "warning[move-removed] records that are refused go from `demo` to `pool` no more";
    assert!(gone.contains(said), "{gone}");
    assert!(gone.contains("Records in flight\n"), "{gone}");
    // Nobody is refused any more.
    let all = old.replace(" accept when size > 3 else recycle to pool", "");
    let told = super::told(&read(&old), &read(&all));
    assert!(!told.contains("move-removed"), "{told}");
    // Another move leads there.
    let (old, new) = (
        old.replace("probability 40%", "probability 40%  recycle to pool \"By hand\""),
        new.replace("probability 40%", "probability 40%  recycle to pool \"By hand\""),
    );
    let told = super::told(&read(&old), &read(&new));
    assert!(!told.contains("move-removed"), "{told}");
}

/// Who is called in when a limit has passed is told that it is another one.
#[test]
fn a_limit_concerns_who_is_called_in() {
    let old = OLD.replace("limit 5d target 2d", "limit 5d escalate to lead_of_sales");
    let new = old.replace("limit 5d", "limit 4d");
    let (old, new) = (read(&old), read(&new));
    let difference = changes(&old.process, &new.process);
    let called: Vec<String> = difference
        .changes
        .iter()
        .filter(|change| change.aspect == ekiden::diff::Aspect::Of("limit"))
        .flat_map(|change| &change.concerns)
        .map(|owner| new.process.owner_name(*owner).0.to_owned())
        .collect();
    assert_eq!(called, ["ae", "lead_of_sales"]);
}
