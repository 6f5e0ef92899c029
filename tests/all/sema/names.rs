//! Names that nothing bears: the nearest, the one of today, or what a title stands for.

use super::{analyze, finds};

#[test]
fn unknown_names_are_told_once_with_the_nearest() {
    finds(
        "stage s { record laed owner marketng advance to wrok }",
        &[
            ("unknown-name", "laed", "no record is called"),
            ("unknown-name", "marketng", "no team or role is called"),
            ("unknown-name", "wrok", "no stage is called"),
        ],
    );
}

/// Who writes YAML by heart writes what people read.
#[test]
fn a_title_in_place_of_a_name_is_understood() {
    finds(
        "team desk \"Harbour desk\" { role mate \"First mate\" }
         stage quay \"At the quay\" { record lead owner harbour_desk advance to work }
         stage sea { record lead owner first_mate advance to at_the_quay }
         record boat \"Small boat\" { }",
        &[
            ("unknown-name", "harbour_desk", "did you mean `desk`?"),
            ("unknown-name", "first_mate", "did you mean `mate`?"),
            ("unknown-name", "at_the_quay", "did you mean `quay`?"),
        ],
    );
}

/// What is called otherwise now is told by its name of today.
#[test]
fn a_former_name_leads_to_what_bears_another_now() {
    finds(
        "team desk { was [quayside]  role mate was [sailor] }
         record boat { was [ship]
           hull one of [wood, steel was [iron]]  length number was [breadth] }
         retired field boat.sail since 2026-01-01
         stage quay { was [harbour]  record boat owner quayside
           advance to work when hull = iron and breadth > 1 and sail is present }
         stage sea { record ship owner sailor advance to harbour }",
        &[
            ("unknown-name", "quayside", "it is called `desk` now"),
            ("unknown-name", "iron", "it is called `steel` now"),
            ("unknown-name", "breadth", "it is called `length` now"),
            ("unknown-name", "sail", "ask for something that is still there"),
            ("unknown-name", "ship", "it is called `boat` now"),
            ("unknown-name", "sailor", "it is called `mate` now"),
            ("unknown-name", "harbour", "it is called `quay` now"),
        ],
    );
}

/// A team that was called so is no stage.
#[test]
fn a_former_name_of_another_kind_is_no_name() {
    let (_, findings) = analyze(
        "team closing { was [nego] }\nrecord thing { }\nstage closing { record thing advance to nego }",
    );
    assert!(
        findings.iter().any(|line| line.contains("no stage is called `nego`")),
        "{findings:#?}"
    );
    assert!(!findings.iter().any(|line| line.contains("it is called")), "{findings:#?}");
}

#[test]
fn a_name_of_another_kind_is_told_apart() {
    finds("stage s { record lead owner work }", &[("wrong-kind", "work", "`work` is a stage")]);
}

#[test]
fn what_is_retired_is_told_as_such_with_its_successor() {
    finds(
        "retired role boss into ae  retired team hunters  retired record order into deal
         retired stage demo into work
         stage trial { record order owner boss advance to demo }
         stage test { record lead owner hunters advance to work }",
        &[
            ("unknown-name", "order", "record `order` is retired; help: use `deal`"),
            ("unknown-name", "boss", "role `boss` is retired; help: use `ae`"),
            ("unknown-name", "demo", "stage `demo` is retired; help: use `work`"),
            ("unknown-name", "hunters", "team `hunters` is retired"),
        ],
    );
}
