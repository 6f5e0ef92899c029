//! Moves to many stages, which a build says by several rules.

use std::fmt::Write;

use super::Org;
use super::built::dropped;
use crate::cli::sandbox::Sandbox;

/// A deal may go from the hub to 55 of 60 stages, and a customer brings it back to some of the others.
fn hub() -> String {
    let mut source = String::from(
        r#"process p "P" { currency EUR timezone "UTC" }
team t "T" { role r "R" }
record deal "Deal" { amount money "Amount" }
record customer "Customer" from deal { note text "Note" }
stage hub "Hub" { record deal owner r entry probability 10% limit 5d advance to live lose to lost
"#,
    );
    for n in (0..60).filter(|n| n % 12 != 5) {
        writeln!(source, "  recycle to s{n}").unwrap();
    }
    source.push_str("}\n");
    for n in 0..60 {
        let title = format!("S {n} x{}", "x".repeat(n * 7 % 200));
        writeln!(
            source,
            "stage s{n} \"{title}\" {{ record deal owner r probability 20% advance to hub }}"
        )
        .unwrap();
    }
    source.push_str(
        r#"stage lost "Lost" { record deal owner r outcome lost final }
stage live "Live" { record customer owner r collect [note] advance to gone recycle to s5 after 30d recycle to s41 after 30d }
stage gone "Gone" { record customer owner r final }
"#,
    );
    source
}

#[test]
fn moves_of_several_rules_come_back() {
    let sandbox = Sandbox::new();
    sandbox.write("source/p.ekiden", hub());
    sandbox.run(&["build", "source", "--target", "salesforce"]).exits(0);
    let folder =
        "source/build/salesforce/force-app/main/default/objects/Opportunity/validationRules";
    let rules = sandbox.list(folder);
    let own: Vec<&String> = rules.iter().filter(|name| name.starts_with("P_Hub_Moves_")).collect();
    assert!(own.len() > 1, "{rules:?}");
    sandbox.run(&["import", "source/build/salesforce", "-o", "p", "--currency", "EUR"]).exits(0);
    let org = Org(sandbox);
    let report = org.report();
    let rules: Vec<&str> =
        dropped(&report).lines().filter(|line| line.contains("the rule `")).collect();
    assert!(
        rules.iter().all(|line| line.contains("also lets go what is brought back to")),
        "{rules:?}"
    );
    for value in ["`S 5 ", "`S 41 "] {
        assert_eq!(rules.iter().filter(|line| line.contains(value)).count(), 1, "{rules:?}");
    }
    let hub = org.stage("hub").join("\n");
    // By hand: 60 stages less 5, 17, 29, 41, 53.
    assert_eq!(hub.matches(" to s").count(), 55, "{hub}");
    for n in 0..60 {
        let named = hub.contains(&format!(" to s_{n}_")) || hub.contains(&format!(" to s_{n}\n"));
        assert_eq!(named, n % 12 != 5, "{n}: {hub}");
    }
    org.comes_back(&["--currency", "EUR"]);
}
