//! `stuck-record` where the ways out leave a gap between them.

use super::{findings, first, one};

#[test]
fn a_gap_between_the_ways_out() {
    let (found, stories) =
        findings(&first("advance to big when size >= 100  advance to small when size < 50"));
    assert_eq!(found, ["stuck-record first"]);
    assert_eq!(stories, ["a lead is in `first`, `size` is 50: it stays there for ever"]);
    one(
        "advance to big when country = de  advance to small when country = fr",
        &["stuck-record first"],
    );
    for ways in [
        "advance to big when size >= 50  advance to small when size < 50",
        "advance to big when growth >= 50  advance to small when growth < 50",
        "advance to big when size > 49  advance to small when size < 50",
        "advance to big when country = de  advance to small when country in [fr, it]",
        "advance to big when size >= 100  advance to small when size < 50  recycle to pool after 30d",
        "advance to big when size >= 100  advance to small when size < 50  lose to lost",
        // Something can still come.
        "advance to big when size >= 100  advance to small when need is present",
        "advance to big when interest >= 60  recycle to pool when interest < 30",
        "advance to big when fits  advance to small when fits and fits",
        "advance to big when event asked  recycle to pool when event visited at least 9 times",
        "advance to big when due within next 30d  recycle to pool when due < today",
        // What is neither yes nor no is waited for.
        "advance to big when check = genuine  lose to lost when check = spam",
    ] {
        let (found, _) = findings(&first(ways));
        let stuck = found.iter().any(|verdict| verdict.starts_with("stuck"));
        assert!(!stuck, "{ways}: {found:?}");
    }
}

#[test]
fn a_gap_between_dates() {
    let (found, stories) = findings(&first(
        "advance to big when due < 2026-07-01  advance to small when due > 2026-07-01",
    ));
    assert_eq!(found, ["stuck-record first"]);
    assert_eq!(stories, ["a lead is in `first`, `due` is 2026-07-01: it stays there for ever"]);
    one("advance to big when due < 2026-07-01  advance to small when due >= 2026-07-01", &[]);
    // Of lists there may come more.
    one(
        "advance to big when topics in [cost]  advance to small when topics in [cost] and need is present",
        &[],
    );
}

/// What the next stages ask for is what sorts, where no record is for both.
#[test]
fn a_gap_between_entry_criteria() {
    let stages = |big: &str, small: &str| {
        let (found, _) = findings(&format!(
            "stage first {{ record lead  entry  owner rep  limit 5d  advance to big  advance to small }}
             stage big   {{ record lead  owner rep  limit 5d  advance to won when need is present
               enter when {{ e \"E\" {big} }} }}
             stage small {{ record lead  owner rep  limit 5d  advance to won when need is present
               enter when {{ e \"E\" {small} }} }}"
        ));
        found.into_iter().filter(|found| found.starts_with("stuck")).collect::<Vec<_>>()
    };
    assert_eq!(stages("size >= 100", "size < 50"), ["stuck-record first"]);
    assert_eq!(stages("country = de", "country = fr"), ["stuck-record first"]);
    let sound: [&str; 0] = [];
    assert_eq!(stages("size >= 100", "size < 100"), sound);
    // More is asked for here than there: a size may still grow.
    assert_eq!(stages("size >= 100", "size >= 50"), sound);
    assert_eq!(stages("need is present", "size < 50"), sound);
    assert_eq!(stages("confirm \"It is large\"", "confirm \"It is small\""), sound);
    // Most records are for neither, and each is asked in its own way.
    assert_eq!(stages("size >= 100 if country = de", "size < 50 if country = fr"), sound);
}

/// Whatever the next stages ask for besides, what the conditions leave out is left out.
#[test]
fn a_gap_between_conditions_with_entry_criteria_behind_them() {
    let stages = |condition: &str, criterion: &str| {
        let (found, _) = findings(&format!(
            "stage first {{ record lead  entry  owner rep  limit 5d
               advance to big when size >= 100  advance to small when size < {condition} }}
             stage big   {{ record lead  owner rep  limit 5d  advance to won when due is present
               enter when {{ e \"E\" {criterion} }} }}
             stage small {{ record lead  owner rep  limit 5d  advance to won when due is present }}"
        ));
        found.into_iter().filter(|found| found.starts_with("stuck")).collect::<Vec<_>>()
    };
    assert_eq!(stages("50", "need is present"), ["stuck-record first"]);
    assert_eq!(stages("50", "size >= 200"), ["stuck-record first"]);
    let sound: [&str; 0] = [];
    assert_eq!(stages("100", "need is present"), sound);
}
