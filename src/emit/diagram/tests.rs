//! The text of small diagrams; whether the tools read them is tested in `tests/`.

use super::*;
use crate::source::FileId;
use crate::{sema, syntax};

const SMALL: &str = r##"
process p "P" { currency JPY languages [en, ko] }
team first "First & \"best\"" {}
team second "Second" {}
record lead "Lead" { need text }
stage end "End #1 <b>%%{x}" { record lead owner first entry
  advance to won "Go" handoff within 1d carries [need]
  advance to won after 30d
  recycle to end after 3d
  lose to lost }
stage won "Won" ko "수주" { record lead owner second outcome won }
stage lost "Lost" { record lead outcome lost final }
goal g "Shared" { shared by [first, second] measure balance of end }
"##;

fn process() -> Process {
    let parsed = syntax::dsl::parse(FileId(0), SMALL);
    assert_eq!(parsed.diagnostics, vec![]);
    let analysis = sema::analyze(&[parsed.file], "p");
    assert_eq!(analysis.diagnostics, vec![]);
    analysis.process
}

#[test]
fn stages_in_mermaid() {
    let expected = r##"flowchart TB
  subgraph t_first["First #amp; #quot;best#quot;"]
    e_end((" ")):::start
    s_end["End #35;1 #lt;b#gt;%#37;{x}"]
  end
  subgraph t_second["Second"]
    s_won(["Won"]):::won
  end
  s_lost[["Lost"]]:::lost
  e_end --> s_end
  s_end --> |"Go / after 30 days"| s_won
  s_end -.-> |"after 3 days"| s_end
  s_end -.-> s_lost
  linkStyle 2 stroke-dasharray:7 4
  linkStyle 3 stroke-dasharray:2 4
  classDef start fill:#444,stroke:#444,color:#fff
  classDef won fill:#d9f2e1,stroke:#2e7d4f,color:#10331f
  classDef lost fill:#f7dcdc,stroke:#a33a3a,color:#401313
  classDef void fill:#e8e8e8,stroke:#777,color:#333
  classDef draft stroke-dasharray:3 3
"##;
    assert_eq!(mermaid(&process(), "en"), expected);
}

#[test]
fn stages_in_dot() {
    let text = dot(&process(), "ko");
    for line in [
        r#"  subgraph "cluster_first" {"#,
        r#"    label="First &amp; \"best\"""#,
        r##"    "s_end" [label="End #1 <b>%%{x}"]"##,
        r##"    "s_won" [label="수주", fillcolor="#d9f2e1", color="#2e7d4f"]"##,
        r#"  "e_end" -> "s_end""#,
        r#"  "s_end" -> "s_won" [label="Go / 30일 후"]"#,
        r#"  "s_end" -> "s_end" [label="3일 후", style="dashed", constraint="false"]"#,
        r#"  "s_end" -> "s_lost" [style="dotted"]"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn teams_with_their_handoffs_and_shared_goals() {
    let process = process();
    let facts = Facts::of(&process);
    let text = teams_mermaid(&process, &facts, "en", true);
    assert!(text.contains("  t_first --> |\"within 1 day\"| t_second\n"), "{text}");
    assert!(text.contains("  t_first === |\"Shared\"| t_second\n"), "{text}");
    assert!(!teams_mermaid(&process, &facts, "en", false).contains("Shared"));
    let text = teams_dot(&process, &facts, "en");
    assert!(text.contains(r#""t_first" -> "t_second" [label="within 1 day"]"#), "{text}");
    assert!(text.contains(r#"[label="Shared", dir="none""#), "{text}");
}

#[test]
fn labels_are_one_short_line() {
    assert_eq!(short(" two\n words\t"), "two words");
    assert_eq!(short(&"가".repeat(81)), format!("{}…", "가".repeat(80)));
}

/// Mermaid before 12 takes them for lists, and shows "Unsupported markdown" in their place.
#[test]
fn labels_are_no_items_of_lists() {
    let label = super::mermaid::label;
    assert_eq!(label("1. First contact"), "1#46; First contact");
    assert_eq!(label("12) Offer"), "12#41; Offer");
    assert_eq!(label("- open"), "#45; open");
    assert_eq!(label("a *big* one"), "a #42;big#42; one");
    assert_eq!(label("1.5 days - or 2."), "1.5 days - or 2.");
    assert_eq!(label("2026-01-31"), "2026-01-31");
}
