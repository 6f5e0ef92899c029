//! Rules as people write them by hand.

use super::{Org, STAGES, picklist};

/// An org as people write them by hand.
fn by_hand() -> Org {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Loss_Reason__c", "Picklist", &picklist(&["Price", "Won't say"]))
        .field("Opportunity", "DiscountRate__c", "Percent", "<scale>2</scale>")
        .field("Opportunity", "Approved__c", "Checkbox", "")
        .field(
            "Opportunity",
            "Demo_Date__c",
            "Date",
            "<inlineHelpText>When they saw it.</inlineHelpText>",
        )
        .field("Opportunity", "Rivals__c", "MultiselectPicklist", &picklist(&["Acme", "Initech"]))
        .field("Opportunity", "Legacy_Id__c", "Text", "<length>20</length>")
        .field("Opportunity", "Contract_No__c", "Text", "<required>true</required>");
    let rules = [
        (
            "Amount_In_Proposal",
            "AND(ISPICKVAL(StageName, \"Proposal\"), ISBLANK(Amount) /* no quote without */)",
            "Enter an amount.",
        ),
        (
            "Demo_First",
            "ISCHANGED(StageName) && ISPICKVAL(PRIORVALUE(StageName), \"Discovery\") && \
             !ISPICKVAL(StageName, \"Closed Lost\") && (ISBLANK(Demo_Date__c) || Demo_Date__c > TODAY())",
            "Hold the demo first.",
        ),
        (
            "Loss_Reason",
            "AND(TEXT(StageName) = \"Closed Lost\", ISPICKVAL(Loss_Reason__c, \"\"))",
            "Say why.",
        ),
        (
            "Discount",
            "AND(OR(ISPICKVAL(StageName, \"Negotiation\"), IsWon), NOT(ISBLANK(DiscountRate__c)), DiscountRate__c > 0.2, NOT(Approved__c))",
            "Have it approved.",
        ),
        (
            "Rivals",
            "AND(ISPICKVAL(StageName, \"Negotiation\"), INCLUDES(Rivals__c, \"Acme\"), LEN(NextStep) = 0)",
            "Beat Acme.",
        ),
        (
            "No_Way_Back",
            "AND(ISCHANGED(StageName), CASE(StageName, \"Discovery\", 1, \"Proposal\", 2, \"Negotiation\", 3, \"Closed Won\", 4, \
             \"Closed Lost\", 4, 0) < CASE(PRIORVALUE(StageName), \"Discovery\", 1, \"Proposal\", 2, \"Negotiation\", 3, 9))",
            "Only forward.",
        ),
        ("Closed_Stays", "AND(ISCHANGED(StageName), PRIORVALUE(IsClosed))", "It is over."),
    ];
    for (name, formula, message) in rules {
        org.rule("Opportunity", name, formula, message);
    }
    org
}

#[test]
fn rules_by_hand_become_criteria_and_moves() {
    let org = by_hand();
    org.imported(&["--currency", "EUR"]);
    assert_eq!(
        org.stage("discovery"),
        [
            "entry",
            "probability 20%",
            "collect [demo_date]",
            "exit when {",
            "demo_first \"Hold the demo first.\" demo_date <= today",
            "advance to proposal",
            "advance to negotiation",
            "advance to closed_won",
        ]
    );
    assert_eq!(
        org.stage("proposal"),
        [
            "probability 50%",
            "enter when {",
            "amount_in_proposal \"Enter an amount.\" amount is present",
            "advance to negotiation",
            "advance to closed_won",
        ]
    );
    assert_eq!(
        org.stage("negotiation"),
        [
            "probability 80%",
            "enter when {",
            "discount \"Have it approved.\" approved if discount_rate > 20%",
            "rivals \"Beat Acme.\" next_step is present if rivals in [acme]",
            "advance to closed_won",
        ]
    );
    assert_eq!(
        org.stage("closed_lost"),
        [
            "outcome lost",
            "probability 0%",
            "from any open of opportunity when loss_reason is present"
        ]
    );
    let process = org.0.read("p/process.ekiden");
    for field in [
        "amount money \"Amount\"",
        "discount_rate percent \"DiscountRate\"",
        "demo_date date \"Demo Date\" help \"When they saw it.\"",
        "loss_reason one of [price \"Price\", wont_say \"Won't say\"] \"Loss Reason\"",
        "contract_no text \"Contract No\" required",
    ] {
        let flat = process.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(field), "{field}\n{process}");
    }
    assert!(!process.contains("legacy_id"), "{process}");
    let report = org.report();
    assert!(report.contains("1 field that no rule and no path asks for"), "{report}");
    // What the language does not ask: a rule is asked at every save, a criterion at moves.
    assert!(
        report
            .contains("a part of the rule `Loss_Reason`: that it also holds for records that stay"),
        "{report}"
    );
    let manifest = org.0.read("p/ekiden.yaml");
    assert!(manifest.contains("opportunity.discount_rate: DiscountRate__c"), "{manifest}");
    org.comes_back(&["--currency", "EUR"]);
}

#[test]
fn fields_that_nothing_asks_for_are_taken_on_demand() {
    let org = by_hand();
    org.imported(&["--all-fields"]);
    let process = org.0.read("p/process.ekiden");
    assert!(process.contains("legacy_id"), "{process}");
    // Without a currency there are no amounts.
    assert!(process.contains("amount        number"), "{process}");
    assert!(org.report().contains("say it with `--currency USD`"));
}

/// Of a list of options Salesforce cannot be asked whether it is blank: any of them may be asked for.
#[test]
fn a_list_of_options_is_required_when_any_of_them_is_asked_for() {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Rivals__c", "MultiselectPicklist", &picklist(&["A", "B"]));
    org.field("Opportunity", "Needs__c", "MultiselectPicklist", &picklist(&["A", "B"]));
    let any = "NOT(OR(INCLUDES(Rivals__c, \"A\"), INCLUDES(Rivals__c, \"B\")))";
    org.rule("Opportunity", "Rivals", any, "Which rivals?");
    org.rule("Opportunity", "Needs", "NOT(INCLUDES(Needs__c, \"A\"))", "A is always needed");
    org.imported(&[]);
    let process = org.0.read("p/process.ekiden");
    let flat = process.split_whitespace().collect::<Vec<_>>().join(" ");
    let rivals = "rivals many of [a_option \"A\", b \"B\"] \"Rivals\" required";
    assert!(flat.contains("\"Rivals\" required"), "{rivals}: {process}");
    let report = org.report();
    assert!(report.contains("the rule `Rivals` makes `Rivals__c` required"), "{report}");
    // One of several is not any of them.
    assert!(report.contains("the rule `Needs`: it is about every save"), "{report}");
}
