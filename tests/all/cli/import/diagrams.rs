//! State diagrams of Mermaid.

use super::*;

const MERMAID: &str = "---\ntitle: The funnel\n---\nstateDiagram-v2\n  %% drawn in March\n  direction LR\n\
  state \"First contact\" as contact\n  [*] --> contact\n  contact --> demo : they ask for it\n  demo : A demo\n\
  demo --> contact : not ready\n  demo --> won\n  demo --> lost\n  won --> [*]\n\
  note right of demo\n    bring the laptop\n  end note\n  class demo bold\n";

#[test]
fn a_state_diagram_becomes_a_process() {
    let sandbox = imported("funnel.mmd", MERMAID);
    let expected = [
        "# Deal",
        "stage contact \"First contact\" {",
        "record deal",
        "entry",
        "advance to demo \"they ask for it\"",
        "stage demo \"A demo\" {",
        "record deal",
        "recycle to contact \"not ready\"",
        "advance to won",
        "lose to lost",
        "stage won \"won\" {",
        "record deal",
        "outcome won",
        "final",
        "stage lost \"lost\" {",
        "record deal",
        "outcome lost",
    ];
    let found: Vec<String> = stages(&sandbox)
        .iter()
        .map(|line| line.replace("first_contact", "contact").replace("a_demo", "demo"))
        .collect();
    assert_eq!(found, expected);
    assert!(sandbox.read("p/process.ekiden").contains("process the_funnel \"The funnel\""));
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 5 | a comment: `%% drawn in March` |",
        "| line 15 | a note: `note right of demo: bring the laptop` |",
        "| line 18 | about looks: `class demo bold` |",
        "| line 13 | `lost` is lost, by its name |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
}

/// Mermaid draws the first text of a state as its head, and the others below it.
#[test]
fn what_is_said_further_of_a_state_is_its_purpose() {
    let text = "stateDiagram-v2\n  state \"First call\" as call\n  call : Within one day\n  call : By phone\n\
      call : First call\n  [*] --> call\n  call --> Won\n  Won: Contract signed\n  Won: Invoice sent\n\
      state Open {\n    [*] --> call\n  }\n  Open : In work\n  Open : Every day\n";
    let sandbox = imported("a.mmd", text);
    let expected = [
        "# Deal",
        "stage first_call \"First call\" {",
        "record deal",
        "entry",
        "purpose \"Within one day\\nBy phone\"",
        "advance to contract_signed",
        "stage contract_signed \"Contract signed\" {",
        "record deal",
        "purpose \"Invoice sent\"",
        "outcome won",
    ];
    assert_eq!(stages(&sandbox), expected);
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 3 | `Within one day`, which `First call` says further, is its purpose |",
        "| line 9 | `Invoice sent`, which `Contract signed` says further, is its purpose |",
        "| line 7 | `Contract signed` is won, by the name `Won` in the diagram |",
        "| line 10 | what `In work` says further: `Every day` |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
}

#[test]
fn the_whole_syntax_of_state_diagrams_is_read() {
    let text = "# Our funnel\n\n```mermaid\nstateDiagram\n  accTitle: The funnel\n  accDescr {\n    in words\n  }\n\
      [*] --> Open\n  state Open {\n    [*] --> call\n    call-->demo:::bold: yes\n    --\n    demo --> [*]\n  }\n\
      state fork <<choice>>\n  Open --> fork %% by size\n  fork --> 成約:::bold\n  fork --> lost : too small\n\
      fork --> lost : too small\n  classDef bold font-weight:bold\n  note left of lost : why?\n```\n\nThe end.\n";
    let sandbox = Sandbox::new();
    sandbox.write("funnel.md", text);
    sandbox.run(&["import", "funnel.md", "--from", "mermaid", "-o", "p"]).exits(0);
    sound(&sandbox, "p");
    let expected = [
        // A record that is in `Open` is in `call` or in `demo`, and leaves from the latter.
        "# Deal",
        "stage call \"call\" {",
        "record deal",
        "entry",
        "advance to demo \"yes\"",
        "stage demo \"demo\" {",
        "record deal",
        "advance to fork",
        "stage fork \"fork\" {",
        "record deal",
        "advance to stage_4",
        "lose to lost \"too small\"",
        "stage stage_4 \"成約\" {",
        "record deal",
        "outcome won",
        "stage lost \"lost\" {",
        "record deal",
        "outcome lost",
    ];
    assert_eq!(stages(&sandbox), expected);
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 6 | a description for screen readers: `accDescr {` |",
        "| line 17 | a comment: `by size` |",
        "| line 10 | `Open` is no stage, for it contains others: what goes to it goes to `call`, what leaves it leaves `demo` |",
        "| line 22 | a note: `note left of lost : why?` |",
        "| line 16 | the choice `fork` is kept as a stage of its own |",
        "| line 20 | a move that was there already |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
}

#[test]
fn a_diagram_in_a_document_is_called_by_its_heading() {
    let diagram =
        "stateDiagram-v2\n  [*] --> 問い合わせ\n  問い合わせ --> 受注\n  問い合わせ --> 取消\n";
    let sandbox = Sandbox::new();
    sandbox.write("funnel.md", format!("# 法人営業\n\n```mermaid\n{diagram}```\n"));
    sandbox.run(&["import", "funnel.md", "--from", "mermaid", "-o", "p"]).exits(0);
    sound(&sandbox, "p");
    let process = sandbox.read("p/process.ekiden");
    assert!(
        process.contains("\"法人営業\" {") && process.contains("record deal \"商談\""),
        "{process}"
    );
    let lines = stages(&sandbox);
    assert!(lines.contains(&"outcome void".to_owned()), "{lines:#?}");
    // A title of its own wins.
    let titled = format!("# Around\n\n```mermaid\n---\ntitle: Funnel\n---\n{diagram}```\n");
    sandbox.write("titled.md", titled);
    sandbox.run(&["import", "titled.md", "--from", "mermaid", "-o", "q"]).exits(0);
    assert!(sandbox.read("q/process.ekiden").contains("process funnel \"Funnel\" {"));
}

#[test]
fn leads_of_hubspot_end_by_their_titles() {
    let text = r#"{"results": [{"id": "lead-pipeline-id", "label": "Leads", "stages": [
      {"id": "new-stage-id", "label": "New", "displayOrder": 0, "metadata": {}},
      {"id": "disqualified-stage-id", "label": "Disqualified", "displayOrder": 1, "metadata": {}},
      {"id": "12", "label": "Canceled", "displayOrder": 2, "metadata": {}}]}]}"#;
    let sandbox = Sandbox::new();
    sandbox.write("leads.json", text);
    import(&sandbox, "leads.json", "p").exits(0);
    sound(&sandbox, "p");
    let outcomes: Vec<String> =
        stages(&sandbox).into_iter().filter(|line| line.starts_with("outcome")).collect();
    assert_eq!(outcomes, ["outcome lost", "outcome void"]);
    assert!(sandbox.read("p/IMPORT.md").contains("`Disqualified` is lost, by its name"));
    // What a deal says of itself counts more than its name.
    let deal = r#"{"id": "d", "label": "Deals", "stages": [
      {"id": "a", "label": "Cancelled", "displayOrder": 0, "metadata": {"probability": "0.2", "isClosed": "false"}},
      {"id": "b", "label": "Cancelled late", "displayOrder": 1, "metadata": {"probability": "0.0", "isClosed": "true"}}]}"#;
    sandbox.write("deals.json", deal);
    import(&sandbox, "deals.json", "q").exits(0);
    let text = sandbox.read("q/stages.ekiden");
    assert_eq!(text.matches("outcome").collect::<Vec<_>>().len(), 1, "{text}");
    assert!(text.contains("lost"), "{text}");
}

/// The stages with the moves out of each: `draft > legal`.
fn ways(sandbox: &Sandbox) -> Vec<String> {
    let mut stage = String::new();
    let mut found = Vec::new();
    for line in stages(sandbox) {
        if let Some(rest) = line.strip_prefix("stage ") {
            stage = rest.split(' ').next().unwrap().to_owned();
        }
        for kind in ["advance to ", "recycle to ", "lose to "] {
            if let Some(to) = line.strip_prefix(kind) {
                found.push(format!("{stage} > {to}"));
            }
        }
    }
    found
}

#[test]
fn blocks_in_blocks_are_left_from_where_they_end() {
    let text = "stateDiagram-v2\n  [*] --> Ask\n  Ask --> Deal : fits\n  state Deal {\n    [*] --> Terms\n\
      state Terms {\n      [*] --> draft\n      draft --> legal\n      legal --> [*]\n    }\n\
      Terms --> signing\n    signing --> draft : again\n  }\n  Deal --> won\n  Deal --> lost : no\n  won --> [*]\n";
    let sandbox = imported("deal.mmd", text);
    // Nothing in `Deal` says that it ends: it may be left from everywhere inside.
    assert_eq!(
        ways(&sandbox),
        [
            "ask > draft_stage \"fits\"",
            "draft_stage > legal",
            "draft_stage > won",
            "draft_stage > lost \"no\"",
            "legal > signing",
            "legal > won",
            "legal > lost \"no\"",
            "signing > draft_stage \"again\"",
            "signing > won",
            "signing > lost \"no\"",
        ]
    );
    let report = sandbox.read("p/IMPORT.md");
    let told = "`Deal` is no stage, for it contains others: what goes to it goes to `Terms`, what leaves it leaves any stage inside it";
    assert!(report.contains(told), "{report}");
}

#[test]
fn a_block_that_does_not_say_where_it_begins_stays_a_stage() {
    let text = "stateDiagram-v2\n  [*] --> Ask\n  Ask --> Deal\n  state Deal\n  {\n    draft --> legal\n  }\n\
      state Loop {\n    [*] --> Loop\n  }\n  Deal --> won\n";
    let sandbox = imported("deal.mmd", text);
    assert_eq!(ways(&sandbox), ["ask > deal", "deal > won", "draft_stage > legal"]);
    let report = sandbox.read("p/IMPORT.md");
    for name in ["Deal", "Loop"] {
        let told = format!("`{name}` is a stage beside those inside it");
        assert!(report.contains(&told), "{told}\n{report}");
    }
}

#[test]
fn a_state_that_was_named_before_its_block_is_inside_it() {
    let text = "stateDiagram-v2\n  [*] --> call\n  call --> demo\n  demo --> won\n  state Active {\n\
      [*] --> call\n    call --> demo\n  }\n  Active --> lost\n";
    let sandbox = imported("a.mmd", text);
    assert_eq!(ways(&sandbox), ["call > demo", "call > lost", "demo > won", "demo > lost"]);
    // What a block has named first stays in that block.
    let text = "stateDiagram-v2\n  [*] --> A\n  state A {\n    [*] --> x\n    x --> y\n  }\n\
      state B {\n    [*] --> z\n    y --> z\n  }\n  A --> lost\n  B --> won\n";
    let sandbox = imported("b.mmd", text);
    assert_eq!(ways(&sandbox), ["x > y", "x > lost", "y > z", "y > lost", "z > won"]);
}

#[test]
fn a_block_that_ends_only_in_itself_is_left_from_everywhere_inside() {
    let text = "stateDiagram-v2\n  [*] --> A\n  state A {\n    [*] --> x\n    x --> A\n    x --> y\n\
      A --> [*]\n  }\n  A --> won\n";
    let sandbox = imported("c.mmd", text);
    assert_eq!(ways(&sandbox), ["x > y", "x > won", "y > won"]);
    let report = sandbox.read("p/IMPORT.md");
    let told = "what goes to it goes to `x`, what leaves it leaves any stage inside it";
    assert!(report.contains(told), "{report}");
}

#[test]
fn the_parts_of_a_block_that_is_opened_twice_are_one() {
    let text = "stateDiagram-v2\n  [*] --> A\n  state A {\n    [*] --> x\n  }\n  state A {\n    x --> y\n  }\n  A --> won\n";
    let sandbox = imported("d.mmd", text);
    assert_eq!(ways(&sandbox), ["x > y", "x > won", "y > won"]);
}

#[test]
fn moves_out_of_a_block_are_counted_while_they_are_multiplied() {
    // 900 states inside, 8000 moves out: more than seven million, of which few are made.
    let mut text = "stateDiagram-v2\n  state A {\n  [*] --> s0\n".to_owned();
    for at in 1..900 {
        text.push_str(&format!("  s0 --> s{at}\n"));
    }
    text.push_str("  }\n");
    for at in 0..8000 {
        text.push_str(&format!("  A --> won : way {at}\n"));
    }
    let start = std::time::Instant::now();
    let message = refused("big.mmd", text);
    assert!(message.contains("holds more than 10000 moves"), "{message}");
    assert!(start.elapsed().as_secs() < 4, "{:?}", start.elapsed());
}
