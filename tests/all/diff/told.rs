//! What a reviewer reads: each thing once, by the names people have for it.

use ekiden::diff::{Kind, Sources, render};

use super::{compare, read, told};

/// A desk that books seminars.
const OLD: &str = r#"
process seminar "Seminars" { currency EUR languages [en] }
team desk "Desk" { role agent "Agent" role clerk "Clerk" }
record booking "Booking" {
  seats integer "Seats"
  source one of [phone "By phone", fax "By fax", web "Web form"] "Source"
  room text "Room"
}
stage asked "Asked" { record booking owner agent entry collect [seats, source]
  advance to offered handoff within 2d carries [seats] }
stage offered "Offered" { record booking owner agent collect [room] advance to held
  recycle to asked when seats > 100 }
stage held "Held" { record booking owner agent advance to done }
stage done "Done" { record booking owner agent outcome won final }
stage dropped "Dropped" { record booking owner agent outcome lost final
  lose from any open of booking }
"#;

fn new(parts: &[(&str, &str)]) -> String {
    let mut new = OLD.to_owned();
    for (was, now) in parts {
        assert!(new.contains(was), "{was}");
        new = new.replace(was, now);
    }
    new
}

fn markdown(new: &str) -> String {
    let (old, new) = (read(OLD), read(new));
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    render::markdown::render(&difference, &sources)
}

#[test]
fn what_may_only_be_renamed_is_told_once() {
    let new = new(&[("stage offered", "stage quoted"), ("to offered", "to quoted")]);
    let text = told(&read(OLD), &read(&new));
    assert_eq!(text.matches("quoted").count(), 2, "the question and the fix:\n{text}");
    assert!(!text.contains("is new") && !text.contains("advancing"), "{text}");
    assert!(text.contains("is it called `quoted` now? Then write `was [offered]`"), "{text}");
    let brief = markdown(&new);
    assert!(brief.contains("**1 change; 1 of them breaks"), "{brief}");
    assert!(brief.contains("The stage “Offered” is gone: it may be what is called “Offered” now"));
    assert!(
        brief.contains("* Stage `offered` is gone, or is it called `quoted` now?\n"),
        "{brief}"
    );
    assert!(!brief.contains("is new"), "{brief}");
    // Programs are told everything.
    let (old, new) = (read(OLD), read(&new));
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    let kinds: Vec<Kind> = difference.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == Kind::Added).count(), 2);
}

#[test]
fn a_new_move_to_a_stage_that_may_be_renamed_is_told() {
    // `held` had no way to `offered`: that is no part of the renaming.
    let new = new(&[
        ("stage offered", "stage quoted"),
        ("to offered", "to quoted"),
        ("advance to done }", "advance to done recycle to quoted }"),
    ]);
    let text = told(&read(OLD), &read(&new));
    assert!(text.contains("recycling from `held` to `quoted` is new"), "{text}");
    assert!(!text.contains("advancing from"), "{text}");
}

#[test]
fn moves_from_any_open_stage_are_on_the_map() {
    let brief = markdown(&new(&[
        ("stage held \"Held\" {", "stage kept \"Kept\" { was [held]"),
        ("to held", "to kept"),
        ("  advance to offered", "  lose to dropped when seats is missing advance to offered"),
    ]));
    let node = "any_0([\"any open stage of Booking, except Asked\"])";
    assert!(brief.contains("any_0([\"any open stage of Booking\"])"), "{brief}");
    assert!(brief.contains(node) && brief.contains("any_0 -.-> s_dropped"), "{brief}");
}

#[test]
fn an_exception_takes_a_way() {
    let spared = new(&[("any open of booking", "any open of booking except [held]")]);
    let text = told(&read(OLD), &read(&spared));
    let said = "warning[move-removed] losing from any open stage of `booking` to `dropped` leaves out `held` now";
    assert!(text.contains(said), "{text}");
    assert!(markdown(&spared).contains("any_0([\"any open stage of Booking, except Held\"])"));
    // The other way round nobody loses a way.
    let text = told(&read(&spared), &read(OLD));
    assert!(!text.contains("move-removed") && text.contains("loses held"), "{text}");
    // A stage with a move of its own has lost nothing.
    let own = new(&[
        ("any open of booking", "any open of booking except [held]"),
        ("advance to done }", "advance to done lose to dropped }"),
    ]);
    let text = told(&read(OLD), &read(&own));
    assert!(!text.contains("move-removed") && text.contains("is new"), "{text}");
}

#[test]
fn people_are_told_by_titles() {
    let brief = markdown(&new(&[
        ("phone \"By phone\", fax \"By fax\"", "phone \"By phone or fax\" was [fax]"),
        ("room text \"Room\"", "place text \"Room\" was [room]"),
        ("collect [room]", "collect [place]"),
        ("stage offered \"Offered\" { record", "stage quoted \"Offered\" { was [offered] record"),
        ("to offered", "to quoted"),
        ("stage held \"Held\" {", "stage kept \"Taken place\" { was [held]"),
        ("to held", "to kept"),
        ("entry", "entry support [clerk]"),
    ]));
    let people = brief.split("### What changes for you").nth(1).unwrap();
    let people = people.split("### Who should agree").next().unwrap();
    assert!(people.contains("what was in it goes on as By phone or fax"), "{people}");
    // A title that has not changed is no news to those who do not read the source.
    assert!(!people.contains("“Offered” has another name"), "{people}");
    assert!(!people.contains("“Room” has another name"), "{people}");
    assert!(people.contains("“Taken place” has another name: Held → Taken place"), "{people}");
    assert!(people.contains("* You help in the stage “Asked” now"), "{people}");
    // Those who keep the CRM are told by the names.
    assert!(brief.contains("Field `booking.room` is called `place` now"), "{brief}");
}

#[test]
fn who_hears_when_time_is_up_is_told_and_a_fault_of_the_source_is_not() {
    let old =
        OLD.replace("stage held \"Held\" {", "stage held \"Held\" { limit 5d escalate to agent");
    let old = old.replace("role clerk \"Clerk\"", "role clerk \"Clerk\" role boss \"Boss\"");
    let new = old
        .replace("escalate to agent", "escalate to clerk")
        .replace("role boss \"Boss\"", "role boss \"Boss\" was [chief]");
    let (old, new) = (read(&old), read(&new));
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    let brief = render::markdown::render(&difference, &sources);
    let clerk = brief.split("**Clerk**").nth(1).unwrap().split("\n**").next().unwrap();
    assert!(clerk.contains("escalation is different: Agent → Clerk"), "{brief}");
    // It is told once, as what must be mended.
    assert_eq!(brief.lines().filter(|line| line.contains("chief")).count(), 1, "{brief}");
}

#[test]
fn how_often_a_move_is_possible_is_no_bound_of_a_field() {
    let new = new(&[("when seats > 100 }", "when seats > 100 at most 2 times }")]);
    let text = told(&read(OLD), &read(&new));
    let said = "number of times of recycling from `offered` to `asked` is new: 2";
    assert!(text.contains(said), "{text}");
    let brief = markdown(&new);
    assert!(brief.contains("The move “Offered → Asked”: how often at most is new: 2"), "{brief}");
}

/// Two record types, a route, terms of acceptance and a goal that covers another.
const CHAIN: &str = r#"
process chain "Chain" { currency EUR  timezone "Europe/Berlin"  calendar mon-fri 09:00-17:00 }
team desk "Desk" { role agent "Agent" }
team field "Field" { role seller "Seller" role boss "Boss" }
record lead "Lead" { need text "The need"  size integer "Employees" }
record deal "Deal" from lead { amount money "Amount" }
stage asked "Asked" { record lead owner agent entry collect [need, size] advance to met }
stage met "Met" { record deal owner agent collect [amount]
  advance to sold handoff within 2d carries [amount]
    accept when amount > 5 EUR else recycle to asked }
stage sold "Sold" { record deal owner seller advance to won }
stage won "Won" { record deal owner seller outcome won final }
route sold "Who sells" { when size >= 50 to boss  otherwise seller }
goal revenue "Revenue" { owner field measure sum of amount entering won target at least 100 EUR every month }
goal pipeline "Pipeline" { owner desk measure coverage of revenue by amount target at least 3 }
"#;

fn brief_of(parts: &[(&str, &str)]) -> (String, String) {
    let mut text = CHAIN.to_owned();
    for (was, now) in parts {
        assert!(text.contains(was), "{was}");
        text = text.replace(was, now);
    }
    let (old, new) = (read(CHAIN), read(&text));
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    (told(&old, &new), render::markdown::render(&difference, &sources))
}

/// What a deal goes on with from its lead is called by its title, too.
#[test]
fn fields_of_an_earlier_record_are_told_by_their_titles() {
    let (_, brief) = brief_of(&[("carries [amount]", "carries [amount, need]")]);
    assert!(brief.contains("what is handed over: The need added"), "{brief}");
}

#[test]
fn what_is_several_things_has_the_verb_of_several() {
    let (text, brief) = brief_of(&[
        ("when size >= 50", "when size >= 40"),
        ("when amount > 5 EUR", "when amount > 6 EUR"),
        ("mon-fri 09:00-17:00", "mon-fri 09:00-17:00 except [2026-12-25]"),
        ("mon-fri 09:00", "mon-fri 08:00"),
    ]);
    for says in ["rules are different", "terms of acceptance ask for more than before"] {
        assert!(brief.contains(says), "{says} in {brief}");
    }
    assert!(brief.contains("working hours are different"), "{brief}");
    assert!(text.contains("holidays of the process change"), "{text}");
    for wrong in ["rules is", "rules lets", "acceptance asks", "hours is", "holidays is"] {
        assert!(!brief.contains(wrong) && !text.contains(wrong), "{wrong} in {brief}{text}");
    }
}

/// Three times as much is more when that is more.
#[test]
fn who_covers_a_goal_hears_of_its_target() {
    let (_, brief) = brief_of(&[("at least 100 EUR", "at least 200 EUR")]);
    let desk = brief.split("**Desk**").nth(1).unwrap_or("").split("\n**").next().unwrap();
    assert!(desk.contains("The goal “Revenue”: target is higher"), "{brief}");
    // What else becomes of it is none of theirs.
    let (_, brief) = brief_of(&[("\"Revenue\" { owner", "\"Income\" { why \"To live.\" owner")]);
    assert!(!brief.contains("**Desk**"), "{brief}");
}
