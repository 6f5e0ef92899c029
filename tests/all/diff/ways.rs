//! Several moves between two stages: who can still go from the one to the other has lost nothing.

use super::{read, told};

const OLD: &str = r#"
process p "P" { currency EUR }
team sales { role ae }
record lease {
  volume money at least 0 EUR
  reason one of [small, poor, price, bank]
}
stage request { record lease  entry  owner ae  limit 5d
  advance to credit
  lose to dropped "Small" when reason = small
  lose to dropped "Poor" when reason = poor
}
stage credit { record lease  owner ae  limit 5d
  exit when { priced "It has a price" volume > 0 EUR }
  advance to won
  recycle to request when volume is missing
  recycle to request when volume > 9_000 EUR at most 2 times
}
stage won { record lease  owner ae  outcome won  final }
stage lost { record lease  owner ae  outcome lost  final  from any open of lease when reason is present }
stage dropped { record lease  owner ae  outcome lost  final }
"#;

const ANY: &str = "  from any open of lease when reason is present";
const TWO: &str = "  lose to dropped \"Small\" when reason = small\n  lose to dropped \"Poor\" when reason = poor\n";
const ONE: &str = "  lose to dropped when reason in [small, poor]\n";
const OWN: &str = "  lose to lost when reason is present\n";

/// The process with parts written otherwise.
#[track_caller]
fn written(parts: &[(&str, &str)]) -> String {
    let mut text = OLD.to_owned();
    for (was, now) in parts {
        assert_eq!(text.matches(was).count(), 1, "{was}");
        text = text.replace(was, now);
    }
    text
}

/// What is said of a change there, and of the change back.
#[track_caller]
fn there_and_back(parts: &[(&str, &str)]) -> [String; 2] {
    let new = written(parts);
    [told(&read(OLD), &read(&new)), told(&read(&new), &read(OLD))]
}

#[track_caller]
fn nobody_is_hurt(told: &str) {
    for word in ["warning", "not possible", "does not now", "Records in flight\n"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
}

#[test]
fn moves_that_are_joined_or_split_keep_nobody_back() {
    let [joined, split] = there_and_back(&[(TWO, ONE)]);
    nobody_is_hurt(&joined);
    assert!(joined.contains("is part of another move now"), "{joined}");
    assert!(joined.contains("is written differently, and means the same"), "{joined}");
    nobody_is_hurt(&split);
}

#[test]
fn moves_of_each_stage_are_those_of_any_open_stage() {
    let each = [
        (ANY, ""),
        ("  advance to credit\n", &format!("  advance to credit\n{OWN}")),
        ("  advance to won\n", &format!("  advance to won\n{OWN}")),
    ];
    for told in there_and_back(&each) {
        nobody_is_hurt(&told);
        assert!(told.contains("is part of another move now"), "{told}");
    }
}

#[test]
fn one_stage_that_is_left_out_is_told() {
    let [one, _] =
        there_and_back(&[(ANY, ""), ("  advance to won\n", &format!("  advance to won\n{OWN}"))]);
    assert!(one.contains("warning[move-removed]"), "{one}");
}

#[test]
fn half_of_two_moves_keeps_back_the_other_half() {
    let less = "  lose to dropped when reason = small\n";
    let [told, back] = there_and_back(&[(TWO, less)]);
    assert!(told.contains("warning[move-removed]"), "{told}");
    nobody_is_hurt(&back);
}

#[test]
fn a_move_in_the_place_of_one_from_any_open_stage_is_compared_with_it() {
    let own = "  advance to won\n  lose to lost when reason = price\n";
    let [tighter, looser] = there_and_back(&[("  advance to won\n", own)]);
    assert!(
        tighter.contains("warning[guard-tightened] losing from `credit` to `lost` keeps back"),
        "{tighter}"
    );
    let story = "a lease passed before, and does not now";
    assert!(tighter.contains(story), "{tighter}");
    assert!(!looser.contains("warning"), "{looser}");
}

#[test]
fn a_later_move_in_the_place_of_one_from_any_open_stage_makes_records_wait() {
    let own =
        |after: &str| format!("  advance to won\n  lose to lost when reason is present{after}\n");
    let [later, back] = there_and_back(&[("  advance to won\n", &own(" after 30d"))]);
    assert!(
        later.contains("warning[guard-tightened] losing from `credit` to `lost` keeps back"),
        "{later}"
    );
    assert!(later.contains("it opens later, or less often"), "{later}");
    assert!(!back.contains("guard-tightened"), "{back}");
    let [rarer, _] = there_and_back(&[("  advance to won\n", &own(" at most 2 times"))]);
    assert!(rarer.contains("warning[guard-tightened]"), "{rarer}");
    // Beside one that is open at once nobody waits.
    let two = format!("{}  lose to lost \"At once\" when reason is present\n", own(" after 30d"));
    let [told, _] = there_and_back(&[("  advance to won\n", &two)]);
    assert!(!told.contains("guard-tightened"), "{told}");
}

/// It is counted otherwise, and asks for other criteria.
#[test]
fn a_move_of_another_kind_is_no_word_for_the_same() {
    let also = "  advance to credit\n  recycle to credit when volume > 20 EUR\n";
    let [told, back] = there_and_back(&[("  advance to credit\n", also)]);
    for told in [told, back] {
        assert!(!told.contains("Words only"), "{told}");
        assert!(!told.contains("warning"), "{told}");
    }
}

#[test]
fn a_move_of_another_kind_that_is_tighter_is_told_once() {
    let only = ("  recycle to request when volume > 9_000 EUR at most 2 times\n", "");
    let was = written(&[only]);
    let now = was.replace(
        "recycle to request when volume is missing",
        "advance to request when volume is missing and reason = bank",
    );
    let told = told(&read(&was), &read(&now));
    assert_eq!(told.matches("warning[guard-tightened]").count(), 1, "{told}");
}

/// What stands for moves from many stages is not only that of the first, which has another way there.
#[test]
fn a_tighter_move_from_any_open_stage_is_told() {
    let also = ("  advance to credit\n", "  advance to credit\n  lose to lost \"Own\" after 1d\n");
    let was = written(&[also]);
    let now = was.replace("of lease when reason is present", "of lease when reason = price");
    let told = told(&read(&was), &read(&now));
    assert!(told.contains("warning[guard-tightened] losing from any open stage"), "{told}");
}

#[test]
fn a_move_of_another_kind_asks_for_the_criteria() {
    let only = ("  recycle to request when volume > 9_000 EUR at most 2 times\n", "");
    let was = written(&[only]);
    let now = was.replace("recycle to request when", "advance to request when");
    let told = told(&read(&was), &read(&now));
    // No lease without a volume satisfies the criterion.
    assert!(
        told.contains("warning[guard-tightened] advancing from `credit` to `request`"),
        "{told}"
    );
}

#[test]
fn a_move_that_comes_later_or_less_often_is_not_in_the_place_of_another() {
    let both = "  recycle to request \"Sure\" when volume > 9_000 EUR\n  recycle to request when volume is missing\n";
    let twice = "  recycle to request \"Sure\" when volume is missing or volume > 9_000 EUR at most 2 times\n";
    let (was, now) = (
        written(&[("  recycle to request when volume is missing\n", both)]),
        written(&[("  recycle to request when volume is missing\n", twice)]),
    );
    let often = told(&read(&was), &read(&now));
    assert!(often.contains("warning[move-removed]"), "{often}");
    let [told, _] = there_and_back(&[(TWO, "  lose to dropped after 30d\n")]);
    assert!(told.contains("warning[move-removed]"), "{told}");
}
