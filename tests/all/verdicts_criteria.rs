//! What the rules about criteria say of sound and of faulty processes.

mod gaps;

use ekiden::lint::{self, Family, Levels, RULES};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// A team of two roles, a record with a field of each kind, and the usual ends.
const BASE: &str = r#"
process p { currency EUR }
team sales { role rep  role manager }
record lead {
  company  text required
  need     text
  size     integer at least 1
  growth   number
  amount   money at least 0 EUR
  discount percent at least 0% at most 40%
  fits     boolean
  seen     datetime
  due      date
  country  one of [de, fr, it]
  topics   many of [cost, growth_topic]
  reason   one of [price, timing, fit, silence]
  check    one of [genuine, spam, copy]
}
score interest of lead {
  behavior +40 when event visited halves every 30d
  behavior +40 when event asked
  grade hot at least 60, warm at least 30, cold otherwise
}
stage won  { record lead  owner rep  outcome won   final }
stage lost { record lead  owner rep  outcome lost  final }
stage pool { record lead  owner rep  recycle to first after 90d }
"#;

/// What the rules of the family say, each finding with the text it underlines, sorted by place; and
/// the stories they tell.
fn findings(stages: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("{BASE}{stages}");
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    let mut findings = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    findings.extend(analysis.diagnostics);
    assert!(findings.is_empty(), "{stages}: {findings:?}");
    let today = jiff::civil::date(2026, 6, 1);
    findings.extend(lint::check(&analysis.process, today, &Levels::default()));
    findings.retain(|finding| {
        let rule = RULES.iter().find(|rule| rule.code() == finding.code);
        rule.is_some_and(|rule| rule.family == Family::Criteria)
    });
    let verdicts = findings
        .iter()
        .map(|d| {
            let words: Vec<&str> = sources.slice(d.primary.span).split_whitespace().collect();
            format!("{} {}", d.code, words.join(" "))
        })
        .collect();
    (verdicts, findings.into_iter().filter_map(|finding| finding.story).collect())
}

#[track_caller]
fn says(stages: &str, expected: &[&str]) {
    assert_eq!(findings(stages).0, expected, "{stages}");
}

/// A stage with these ways out and the stages they may lead to, every one guarded.
fn first(inside: &str) -> String {
    format!(
        "stage first {{ record lead  entry  owner rep  limit 5d  {inside} }}
         stage big   {{ record lead  owner rep  limit 5d  advance to won when due is present }}
         stage small {{ record lead  owner rep  limit 5d  advance to won when due is present }}"
    )
}

#[track_caller]
fn one(inside: &str, expected: &[&str]) {
    says(&first(inside), expected);
}

/// With these exit criteria before the one way on.
#[track_caller]
fn exit(criteria: &str, expected: &[&str]) {
    one(&format!("exit when {{ {criteria} }}  advance to won  lose to lost"), expected);
}

#[test]
fn conditions_that_contradict_themselves_or_their_fields() {
    for (condition, underlined) in [
        ("size > 500 and size < 50", "size > 500"),
        ("size < 1", "size < 1"),
        ("discount > 40%", "discount > 40%"),
        ("company is missing", "company is missing"),
        ("need is present and need is missing", "need is present"),
        ("country = de and country in [fr, it]", "country = de"),
        ("interest is hot and interest is cold", "interest is hot"),
        ("false", "false"),
    ] {
        exit(
            &format!("c \"Something\" {condition}"),
            &[&format!("impossible-criterion {underlined}")],
        );
    }
}

#[test]
fn conditions_that_some_record_meets() {
    for condition in [
        "size > 50 and size < 500",
        "size > 1 and size < 3",
        "growth > 1 and growth < 2",
        "discount >= 40%",
        "not need is present and country = de",
        "topics in [cost] and topics in [growth_topic]",
        "seen within last 14d",
        "due > today and due within next 30d",
        "event visited at least 2 times within last 30d and not event asked",
        "interest >= 60 and interest is hot",
        "confirm \"They signed\"",
        "amount > 0 EUR and amount * 2 < 100 EUR",
    ] {
        let (found, _) = findings(&first(&format!(
            "exit when {{ c \"Something\" {condition} }}  advance to won  lose to lost"
        )));
        let impossible = found.iter().any(|verdict| verdict.starts_with("impossible"));
        assert!(!impossible, "{condition}: {found:?}");
    }
}

#[test]
fn criteria_that_exclude_each_other() {
    exit("a \"Small\" size < 10  b \"Large\" size > 20", &["impossible-criterion size < 10"]);
    // Each is for records of its own.
    exit("a \"Small\" size < 10 if country = de  b \"Large\" size > 20 if country = fr", &[]);
    exit("a \"Cleared\" size < 10 if size > 20", &["impossible-criterion size < 10"]);
}

#[test]
fn a_move_that_its_guards_exclude() {
    one(
        "exit when { a \"Small\" size < 10 }  advance to won when size > 20  lose to lost",
        &["impossible-criterion size > 20"],
    );
    // Only `advance` is guarded by the criteria.
    one("exit when { a \"Small\" size < 10 }  advance to won  lose to lost when size > 20", &[]);
    let next = |enter: &str| {
        format!(
            "stage first {{ record lead  entry  owner rep  limit 5d
               exit when {{ a \"Small\" size < 10 }}  advance to offer  lose to lost }}
             stage offer {{ record lead  owner rep  limit 5d  enter when {{ b \"Worth it\" {enter} }}
               advance to won when due is present  lose to lost }}"
        )
    };
    says(&next("size > 20"), &["impossible-criterion size < 10"]);
    says(&next("size > 5"), &[]);
    says(&next("amount > 20 EUR"), &[]);
}

#[test]
fn conditions_outside_of_stages() {
    let goal = "goal g { owner sales  measure share of first when size < 1  target at least 60% }";
    let play = "play call { for stage first  by rep  when size > 9 and size < 5  steps \"Call.\" }";
    let stage = first("advance to won when need is present  lose to lost");
    says(&format!("{goal} {stage}"), &["impossible-criterion size < 1"]);
    says(&format!("{play} {stage}"), &["impossible-criterion size > 9"]);
}

#[test]
fn criteria_that_stop_nobody() {
    for (criteria, underlined) in [
        ("c \"Known\" company is present", "company is present"),
        ("c \"Known\" size > 5 or not size > 5", "size > 5 or not size > 5"),
        ("c \"Priced\" amount > 5 EUR if amount > 10 EUR", "amount > 5 EUR"),
        ("c \"Known\" need is present if company is present", "company is present"),
        ("c \"Size\" size > 5 and size > 3", "size > 3"),
        ("c \"Size\" size > 5 or size > 3", "size > 5"),
        ("c \"Where\" country in [de, fr] and country != it", "country != it"),
        ("a \"Large\" size > 50  b \"Not tiny\" size > 10", "size > 10"),
        ("a \"Need\" need is present  b \"Pain\" need is present", "need is present"),
    ] {
        exit(criteria, &[&format!("idle-criterion {underlined}")]);
    }
}

#[test]
fn criteria_that_stop_somebody() {
    for criteria in [
        "c \"Priced\" amount is present and amount > 0 EUR",
        "c \"Priced\" amount >= 0 EUR",
        "c \"Low\" discount <= 40%",
        "c \"Signer\" need is present if amount >= 3_000 EUR",
        "a \"Large\" size > 50  b \"Where\" country = de",
        "a \"Large\" size > 50 if country = de  b \"Not tiny\" size > 10",
        "c \"Size\" size > 5 and size < 30",
        "c \"Size\" size > 50 or size < 30",
        "c \"Warm\" interest is hot or event asked within last 30d",
        "c \"Fresh\" seen within last 14d and need is present",
    ] {
        exit(criteria, &[]);
    }
}

#[test]
fn ways_that_sort_by_the_same_and_overlap() {
    one(
        "advance to big when interest >= 50  advance to small when interest >= 30  lose to lost",
        &["ambiguous-exit interest >= 30"],
    );
    one(
        "advance to big when size >= 50  advance to small when size >= 30  recycle to pool after 30d",
        &["ambiguous-exit size >= 30"],
    );
    one(
        "advance to big when size >= 50  advance to small when size <= 50  recycle to pool after 30d",
        &["ambiguous-exit size <= 50"],
    );
    one(
        "advance to won  exit when { n \"Need\" need is present }
         recycle to pool when reason in [price, timing]  lose to lost when reason in [timing, fit, silence]",
        &["ambiguous-exit reason in [timing, fit, silence]"],
    );
    one(
        "advance to big when country in [de, fr] and need is present
         advance to small when country in [fr, it] and need is present  lose to lost",
        &["ambiguous-exit country in [fr, it] and need is present"],
    );
}

#[test]
fn ways_between_which_something_or_somebody_decides() {
    for ways in [
        // A person's choice.
        "advance to big  advance to small  enter when { a \"N\" need is present }  lose to lost",
        "advance to big when need is present  advance to small when need is present  lose to lost",
        "advance to big when confirm \"They chose the large one\"  advance to small when need is present  lose to lost",
        // Bands that meet.
        "advance to big when size >= 50  advance to small when size < 50  lose to lost",
        "advance to big when interest is hot  advance to small when interest is warm  lose to lost",
        "advance to big when interest is hot  recycle to pool when interest is not hot",
        "advance to big when country = de  advance to small when country in [fr, it]  lose to lost",
        // An exception to the rule.
        "advance to big when size >= 50  advance to small when need is present  lose to lost",
        "advance to big when size >= 50 and country = de  advance to small when country = de  lose to lost",
        // What is lost is lost for a reason of its own.
        "advance to big when size >= 50  lose to lost when reason is present",
        "advance to big when size >= 50 and reason is missing  lose to lost when reason is present",
        // Time and counters give way.
        "advance to big when size >= 50  recycle to pool when size < 80 after 30d",
        "recycle to pool when reason in [price, timing] at most 3 times
         lose to lost when reason in [timing, fit, silence]  advance to big when need is present",
        // The same place.
        "recycle to pool \"One\" when reason in [price, timing]
         recycle to pool \"Two\" when reason in [timing, fit]  lose to lost when reason = silence
         advance to big when need is present",
    ] {
        let (found, _) = findings(&first(ways));
        let ambiguous: Vec<&String> =
            found.iter().filter(|verdict| verdict.starts_with("ambiguous")).collect();
        assert!(ambiguous.is_empty(), "{ways}: {ambiguous:?}");
    }
}

#[test]
fn the_exit_criteria_decide_too() {
    // What the criteria shut out cannot be ambiguous.
    one(
        "exit when { c \"Genuine\" check = genuine }  advance to won when check != copy
         lose to lost when check in [spam, copy]  recycle to pool after 30d",
        &[],
    );
}

#[test]
fn a_reason_that_no_way_is_for() {
    let inside = "exit when { n \"Need\" need is present }  advance to won
        recycle to pool when reason in [price, timing]  lose to lost when reason = fit";
    let (found, stories) = findings(&first(inside));
    assert_eq!(found, ["stuck-record first"]);
    assert_eq!(
        stories,
        [
            "a lead is in `first`, `need` is missing and `reason` is `silence`: it stays there for ever"
        ]
    );
    // A reason shuts the way on.
    one(
        "advance to won when reason is missing and need is present
         recycle to pool when reason in [price, timing]  lose to lost when reason = fit",
        &["stuck-record first"],
    );
}

/// A reason that is given in another stage has decided what it was given for: that the record comes here.
#[test]
fn a_reason_given_elsewhere_keeps_nothing_here() {
    let text = |here: &str| {
        format!(
            "stage first {{ record lead  entry  owner rep  limit 5d  collect [need{here}]
               exit when {{ n \"Need\" need is present }}  advance to talk
               lose to lost when reason in [price, timing, silence] }}
             stage talk {{ record lead  owner rep  limit 5d  collect [reason]  advance to won when due is present
               recycle to first \"Smaller\" when reason = fit  lose to lost when reason is present }}"
        )
    };
    let stuck = |here: &str| {
        let (found, _) = findings(&text(here));
        found.into_iter().filter(|found| found.starts_with("stuck")).collect::<Vec<_>>()
    };
    assert_eq!(stuck(""), Vec::<String>::new());
    assert_eq!(stuck(", reason"), ["stuck-record first"]);
    // Where the way on asks that there be none, it keeps the record wherever it was given.
    let shut = text("").replace(
        "exit when { n \"Need\" need is present }  advance to talk",
        "advance to talk when reason is missing",
    );
    let (found, _) = findings(&shut);
    assert!(found.contains(&"stuck-record first".to_owned()), "{found:?}");
}

#[test]
fn records_that_get_out_after_all() {
    let guarded = "exit when { n \"Need\" need is present }  advance to won";
    for ways in [
        "recycle to pool when reason in [price, timing, silence]  lose to lost when reason = fit",
        // By the clock.
        "recycle to pool when reason in [price, timing]  lose to lost when reason = fit  recycle to pool after 30d",
        "recycle to pool when reason in [price, timing]  lose to lost when time in stage > 30d",
        // By another fact.
        "recycle to pool when reason in [price, timing]  lose to lost when due is present",
        // By any reason.
        "recycle to pool when reason = price  lose to lost when reason != price",
        // A check is no reason: what is genuine goes on.
        "lose to lost when check in [spam, copy]",
        "lose to lost when check in [spam, copy]  recycle to pool when reason = price",
    ] {
        one(&format!("{guarded}  {ways}"), &[]);
    }
    // From every stage at once.
    says(
        &first(&format!("{guarded}  recycle to pool when reason in [price, timing]"))
            .replace("stage big", "stage gone { record lead  owner rep  outcome lost  final  from any open of lead when reason is present } stage big"),
        &[],
    );
}

#[test]
fn only_what_comes_in_can_get_stuck() {
    let two = |when: &str| {
        format!(
            "stage first {{ record lead  entry  owner rep  limit 5d  advance to triage when {when}  lose to lost }}
             stage triage {{ record lead  owner rep  limit 5d
               advance to big when size >= 100  advance to small when size < 50 }}
             stage big   {{ record lead  owner rep  limit 5d  advance to won when due is present }}
             stage small {{ record lead  owner rep  limit 5d  advance to won when due is present }}"
        )
    };
    says(&two("size >= 100 or size < 50"), &[]);
    says(&two("need is present"), &["stuck-record triage"]);
}

#[test]
fn moves_behind_others() {
    let guarded = "exit when { n \"Need\" need is present }  advance to won
        lose to lost when due is present";
    for (ways, underlined) in [
        (
            "recycle to pool when reason = fit and need is present  recycle to pool when need is present and reason = fit",
            "recycle to pool when need is present and reason = fit",
        ),
        ("recycle to pool  recycle to pool when reason = fit", "recycle to pool when reason = fit"),
        (
            "recycle to pool when reason = fit  recycle to pool when reason is present",
            "recycle to pool when reason = fit",
        ),
        ("recycle to pool after 30d  recycle to pool after 60d", "recycle to pool after 60d"),
        // A title of its own does not help a clock that strikes too late.
        (
            "recycle to pool after 4w  recycle to pool \"Late\" after 29d",
            "recycle to pool \"Late\" after 29d",
        ),
    ] {
        one(&format!("{guarded}  {ways}"), &[&format!("shadowed-transition {underlined}")]);
    }
}

#[test]
fn moves_beside_others() {
    let guarded = "exit when { n \"Need\" need is present }  advance to won";
    for ways in [
        "recycle to pool \"Not now\"  recycle to pool \"Not us\" when reason = fit  lose to lost",
        "recycle to pool at most 3 times  recycle to pool when reason = fit  lose to lost",
        "recycle to pool after 30d  lose to lost",
        "recycle to pool when need is missing after 30d  lose to lost after 60d",
        "recycle to pool after 30d at most 2 times  lose to lost after 60d",
        "recycle to pool after 30d  lose to lost after 10d before due",
        "recycle to pool after 30d  recycle to pool when reason = fit  lose to lost",
        "recycle to pool when reason = fit  recycle to pool when reason = price  lose to lost when reason in [timing, silence]",
        "recycle to pool  recycle to pool after 30d  lose to lost",
        "recycle to pool after 1mo  lose to lost after 30d",
    ] {
        let (found, _) = findings(&first(&format!("{guarded}  {ways}")));
        let shadowed = found.iter().any(|verdict| verdict.starts_with("shadowed"));
        // A month may be shorter than thirty days: neither is certainly first.
        assert!(!shadowed, "{ways}: {found:?}");
    }
}

#[test]
fn stages_that_ask_for_nothing() {
    let chain = |offer: &str| {
        format!(
            "stage first {{ record lead  entry  owner rep  limit 5d  advance to offer when need is present  lose to lost }}
             stage offer {{ record lead  owner rep  limit 5d  {offer}  lose to lost }}
             stage sign  {{ record lead  owner rep  limit 5d  advance to won when due is present  lose to lost }}"
        )
    };
    says(&chain("advance to sign"), &["no-exit-criteria offer"]);
    for offer in [
        "advance to sign when need is present",
        "advance to sign after 3d",
        "exit when { s \"Seen\" seen is present }  advance to sign",
        "status draft  advance to sign",
    ] {
        says(&chain(offer), &[]);
    }
    says(
        &chain("advance to sign")
            .replace("stage sign  {", "stage sign { enter when { s \"Seen\" seen is present } "),
        &[],
    );
}

#[test]
fn a_process_that_asks_for_nothing_hears_it_once() {
    let chain = |stages: usize| {
        let mut text = String::from(
            "stage first { record lead  entry  owner rep  limit 5d  advance to s1  lose to lost }",
        );
        for n in 1..stages {
            let next = if n + 1 == stages { "won".to_owned() } else { format!("s{}", n + 1) };
            text.push_str(&format!(" stage s{n} {{ record lead  owner rep  limit 5d  advance to {next}  lose to lost }}"));
        }
        text
    };
    says(&chain(4), &[]);
    says(&chain(6), &["no-exit-criteria first"]);
}

#[test]
fn placeholders_in_any_place() {
    exit("c \"n/a\" need is present", &["placeholder-criterion \"n/a\""]);
    exit("c \"Need is known\" 1 = 1", &["placeholder-criterion 1 = 1"]);
    exit("c \"Need\" confirm \"???\"", &["placeholder-criterion confirm \"???\""]);
    exit("c \"Need\" ko \"미정\" need is present", &["placeholder-criterion \"Need\" ko \"미정\""]);
    one(
        "next \"TODO: ask marketing\"  advance to won when need is present  lose to lost",
        &["placeholder-criterion \"TODO: ask marketing\""],
    );
    // Being written.
    one("status draft  purpose \"TBD\"  advance to won when need is present  lose to lost", &[]);
}

#[test]
fn opinions_and_facts() {
    exit("c \"Good fit\" fits", &["subjective-criterion \"Good fit\""]);
    exit("c \"Fit\" confirm \"They seem to like us\"", &["subjective-criterion \"Fit\""]);
    exit(
        "c \"담당자가 관심이 있다\" fits = true",
        &["subjective-criterion \"담당자가 관심이 있다\""],
    );
    exit(
        "c \"担当者は前向きである\" confirm \"前向き\"",
        &["subjective-criterion \"担当者は前向きである\""],
    );
    for criteria in [
        "c \"Good fit\" size between 50 and 500",
        "c \"Interested\" need is present",
        "c \"Good fit\" fits and country = de",
        "c \"Champion\" confirm \"The champion introduced us to the economic buyer\"",
        "c \"They are convinced\" confirm \"The buyer said yes\"",
        "c \"They are interested\" fits evidence buyer",
        "c \"The contract is ready\" fits",
    ] {
        exit(criteria, &[]);
    }
}

#[test]
fn the_word_of_the_seller() {
    let chain = |offer: &str| {
        format!(
            "stage first {{ record lead  entry  owner rep  limit 5d
               exit when {{ tried \"We tried eight times\" seen is present evidence seller }}
               advance to talk  lose to lost }}
             stage talk {{ record lead  owner rep  limit 5d
               exit when {{ need \"They told us\" need is present evidence buyer }}
               advance to offer  lose to lost }}
             stage offer {{ record lead  owner rep  limit 5d  {offer}  lose to lost }}"
        )
    };
    says(
        &chain("exit when { sent \"Sent\" due is present evidence seller }  advance to won"),
        &["seller-only-evidence offer"],
    );
    for offer in [
        "exit when { sent \"Sent\" due is present evidence seller  got \"Got\" seen is present evidence buyer }  advance to won",
        "exit when { sent \"Sent\" due is present }  advance to won",
        "exit when { sent \"Sent\" due is present evidence seller }  advance to won when amount > 0 EUR",
        "exit when { ok \"Cleared\" confirm \"The price is cleared\" by manager evidence seller }  advance to won",
    ] {
        says(&chain(offer), &[]);
    }
}
