//! `ekiden import` of Salesforce: what an org enforces becomes criteria and moves, and what a build
//! writes comes back.

mod back;
mod births;
mod bounds;
mod built;
mod by_hand;
mod found;
mod kept;
mod long;
mod round;
mod types;
mod unsaid;

use std::fmt::Write;

use super::sandbox::{Run, Sandbox};

const ROOT: &str = "src/main/default";

/// A source folder.
pub(super) struct Org(pub(super) Sandbox);

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Org {
    /// An org with these stages of opportunities: title, `open`, `won` or `lost`, percent.
    pub(super) fn new(stages: &[(&str, &str, u32)]) -> Self {
        let org = Self(Sandbox::new());
        let mut values = String::new();
        for (title, state, percent) in stages {
            let title = escaped(title);
            let (closed, won) = (*state != "open", *state == "won");
            let forecast = match *state {
                "won" => "Closed",
                "lost" => "Omitted",
                _ => "Pipeline",
            };
            writeln!(
                values,
                "<standardValue><fullName>{title}</fullName><default>false</default><label>{title}</label>\
                 <closed>{closed}</closed><forecastCategory>{forecast}</forecastCategory>\
                 <probability>{percent}</probability><won>{won}</won></standardValue>"
            )
            .unwrap();
        }
        org.file(
            "standardValueSets/OpportunityStage.standardValueSet-meta.xml",
            "StandardValueSet",
            &values,
        );
        org
    }

    /// The stages of leads: title, and whether it is that of a converted lead.
    fn leads(&self, stages: &[(&str, bool)]) -> &Self {
        let value = |(title, converted): &(&str, bool)| {
            let title = escaped(title);
            format!(
                "<standardValue><fullName>{title}</fullName><default>false</default>\
                 <label>{title}</label><converted>{converted}</converted></standardValue>"
            )
        };
        let values: String = stages.iter().map(value).collect();
        let path = "standardValueSets/LeadStatus.standardValueSet-meta.xml";
        self.file(path, "StandardValueSet", &values)
    }

    fn file(&self, path: &str, root: &str, inside: &str) -> &Self {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{inside}\n</{root}>\n"
        );
        self.0.write(&format!("{ROOT}/{path}"), text);
        self
    }

    pub(super) fn field(&self, object: &str, name: &str, kind: &str, more: &str) -> &Self {
        let label = name.trim_end_matches("__c").replace('_', " ");
        let inside =
            format!("<fullName>{name}</fullName><label>{label}</label><type>{kind}</type>{more}");
        self.file(&format!("objects/{object}/fields/{name}.field-meta.xml"), "CustomField", &inside)
    }

    pub(super) fn rule(&self, object: &str, name: &str, formula: &str, message: &str) -> &Self {
        let inside = format!(
            "<fullName>{name}</fullName><active>true</active>\
             <errorConditionFormula>{}</errorConditionFormula><errorMessage>{}</errorMessage>",
            escaped(formula),
            escaped(message)
        );
        let path = format!("objects/{object}/validationRules/{name}.validationRule-meta.xml");
        self.file(&path, "ValidationRule", &inside)
    }

    /// Imports it into `p`, which must be laid out and sound.
    #[track_caller]
    pub(super) fn imported(&self, options: &[&str]) -> Run {
        let mut all = vec!["import", "src", "-o", "p"];
        all.extend(options);
        let run = self.0.run(&all).exits(0);
        self.0.run(&["fmt", "--check", "p"]).exits(0);
        self.0.run(&["check", "p"]).exits(0);
        run
    }

    /// The lines of a stage, without white space at their ends and runs of it within.
    #[track_caller]
    fn stage(&self, name: &str) -> Vec<String> {
        let text = self.0.read("p/stages.ekiden");
        let start = format!("stage {name} ");
        let lines = text.lines().skip_while(|line| !line.starts_with(&start)).skip(1);
        let lines = lines.take_while(|line| !line.starts_with("stage "));
        lines
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty() && line != "}" && !line.starts_with('#'))
            .filter(|line| !line.starts_with("record ") && !line.starts_with("forecast "))
            .collect()
    }

    fn report(&self) -> String {
        self.0.read("p/IMPORT.md")
    }

    /// Builds the process and imports what was built: nothing may have changed.
    #[track_caller]
    fn comes_back(&self, options: &[&str]) {
        self.0.run(&["build", "p", "--target", "salesforce"]).exits(0);
        let mut all = vec!["import", "p/build/salesforce", "-o", "again"];
        all.extend(options);
        self.0.run(&all).exits(0);
        for file in ["process.ekiden", "stages.ekiden", "ekiden.yaml"] {
            let (first, second) =
                (self.0.read(&format!("p/{file}")), self.0.read(&format!("again/{file}")));
            assert_eq!(second, first, "{file}");
        }
    }
}

pub(super) fn picklist(values: &[&str]) -> String {
    let value = |value: &&str| {
        let value = escaped(value);
        format!(
            "<value><fullName>{value}</fullName><default>false</default><label>{value}</label></value>"
        )
    };
    let values: String = values.iter().map(value).collect();
    format!(
        "<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>{values}\
         </valueSetDefinition></valueSet>"
    )
}

const STAGES: &[(&str, &str, u32)] = &[
    ("Discovery", "open", 20),
    ("Proposal", "open", 50),
    ("Negotiation", "open", 80),
    ("Closed Won", "won", 100),
    ("Closed Lost", "lost", 0),
];

/// A rule that is not used says why; nothing stops the import.
#[test]
fn what_is_not_understood_is_told_and_blocks_nobody() {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Legacy_Id__c", "Text", "")
        .field("Opportunity", "Total__c", "Currency", "<formula>Amount * 2</formula>")
        .field("Opportunity", "Kind__c", "Picklist", "");
    let deep = format!("{}TRUE{}", "NOT(".repeat(3_000), ")".repeat(3_000));
    let proposal = |rest: &str| format!("AND(ISPICKVAL(StageName, \"Proposal\"), {rest})");
    let told = [
        ("R01", deep, "nested too deep"),
        ("R02", "A".repeat(1_000_000), "it has more than 20000 characters"),
        ("R03", "Amount = \"x".to_owned(), "the text that begins at character 10 is never closed"),
        ("R04", "AND(ISBLANK(Amount)".to_owned(), "what opens at character 4 is never closed"),
        (
            "R05",
            proposal("$Profile.Name <> \"Admin\", ISBLANK(Amount)"),
            "it asks who saves the record, or where: `$Profile.Name`",
        ),
        ("R06", proposal("ISCHANGED(Amount)"), "it asks what a field was before"),
        (
            "R07",
            proposal("RecordType.DeveloperName = \"X\", ISBLANK(Amount)"),
            "it asks for the record type, and none is known here",
        ),
        ("R08", proposal("ISBLANK(Gone__c)"), "the field `Gone__c` is not in the source"),
        ("R09", proposal("Total__c > 5"), "`Total__c` is computed by a formula of its own"),
        (
            "R10",
            proposal("ISPICKVAL(Kind__c, \"a\")"),
            "the options of `Kind__c` are not in the source",
        ),
        ("R11", proposal("ISNULL(Legacy_Id__c)"), "it can never refuse a record"),
        (
            "R12",
            "ISPICKVAL(StageName, \"Elsewhere\") && ISBLANK(Amount)".to_owned(),
            "it refuses nothing that the stages here allow",
        ),
        ("R13", proposal("$Permission.Deals, ISBLANK(Amount)"), "it is for some people only"),
        (
            "R14",
            "Amount <= 0 && NOT(ISBLANK(Amount))".to_owned(),
            "it is about every save, not about a stage",
        ),
        (
            "R15",
            "AND(ISNEW(), ISBLANK(Amount))".to_owned(),
            "it refuses nothing that the stages here allow",
        ),
        ("R16", proposal("Amount + \"x\" > 3"), "it computes with the text `x`"),
        ("R17", proposal("CloseDate > 5"), "it compares values of different types"),
        ("R18", String::new(), "it ends where a value is missing"),
        // What lies beyond the record tells more than what is met first.
        (
            "R19",
            proposal("OwnerId <> $User.Id"),
            "it asks who saves the record, or where: `$User.Id`",
        ),
        (
            "R20",
            proposal("VLOOKUP(NextStep, NextStep, NextStep) <> \"X\""),
            "the function `VLOOKUP` is not read",
        ),
    ];
    for (name, formula, _) in &told {
        org.rule("Opportunity", name, formula, "No.");
    }
    org.imported(&[]);
    let report = org.report();
    for (name, _, why) in &told {
        let line = report.lines().find(|line| line.contains(&format!("the rule `{name}`: ")));
        let line = line.unwrap_or_else(|| panic!("{name}\n{report}"));
        assert!(line.contains(why), "{name}: {line}");
    }
    // Only guesses, and what somebody confirms; no condition on a field.
    let text = org.0.read("p/stages.ekiden");
    for line in text.lines().filter(|line| line.contains("\"No.\"")) {
        assert!(line.trim_end().ends_with("\"No.\" confirm \"No.\""), "{text}");
    }
    assert!(!text.contains("to proposal when") && !text.contains("any open of opportunity when"));
}

/// Where the stage is clear and the rest is not, somebody confirms it.
#[test]
fn what_is_clear_but_for_its_condition_is_confirmed() {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Legacy_Id__c", "Text", "").rule(
        "Opportunity",
        "Form",
        "AND(ISPICKVAL(StageName, \"Proposal\"), NOT(REGEX(Legacy_Id__c, \"[A-Z]+\")))",
        "The id has the right form",
    );
    org.imported(&[]);
    let text = "form \"The id has the right form\" confirm \"The id has the right form\"";
    assert_eq!(org.stage("proposal")[1..3], ["enter when {", text]);
    let report = org.report();
    assert!(report.contains("which somebody confirms: its formula is not understood"), "{report}");
    assert!(report.contains("the function `REGEX` is not read"), "{report}");
    org.comes_back(&[]);
}

/// Salesforce does not promise what `blank < 1000` gives: such a record is not refused here.
#[test]
fn a_blank_that_is_compared_passes() {
    let org = Org::new(STAGES);
    org.rule(
        "Opportunity",
        "Small",
        "ISPICKVAL(StageName, \"Proposal\") && Amount < 1000",
        "Too small.",
    )
    .rule(
        "Opportunity",
        "Guarded",
        "ISPICKVAL(StageName, \"Negotiation\") && (ISBLANK(Amount) || Amount < 1000)",
        "Too small.",
    )
    // It always has a value there.
    .rule(
        "Opportunity",
        "Late",
        "ISPICKVAL(StageName, \"Negotiation\") && CloseDate < TODAY()",
        "Late.",
    );
    org.imported(&["--currency", "USD"]);
    assert_eq!(org.stage("proposal")[2], "small \"Too small.\" not (amount < 1000 USD)");
    assert_eq!(org.stage("negotiation")[2], "guarded \"Too small.\" amount >= 1000 USD");
    assert_eq!(org.stage("negotiation")[3], "late \"Late.\" not (close_date < today)");
    let report = org.report();
    assert!(report.contains("`Small` compares values that may be blank"), "{report}");
    assert!(!report.contains("`Guarded` compares"), "{report}");
    assert!(!report.contains("`Late` compares"), "{report}");
    org.comes_back(&["--currency", "USD"]);
}

/// What a rule asks at every save is asked of the field; and a link is there or not.
#[test]
fn a_rule_for_every_save_makes_a_field_required() {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Case_No__c", "Text", "")
        .field("Opportunity", "Sponsor__c", "Lookup", "<referenceTo>Contact</referenceTo>")
        .rule("Opportunity", "Case", "ISBLANK(Case_No__c)", "Which case?")
        .rule(
            "Opportunity",
            "Sponsor",
            "ISPICKVAL(StageName, \"Proposal\") && ISBLANK(Sponsor__c)",
            "Who?",
        );
    org.rule("Opportunity", "Date", "ISBLANK(CloseDate)", "When?");
    org.imported(&[]);
    let process = org.0.read("p/process.ekiden");
    assert!(process.contains("case_no text \"Case No\" required"), "{process}");
    assert_eq!(org.stage("proposal")[2], "sponsor \"Who?\" sponsor is present");
    assert!(org.report().contains("`Sponsor__c` is of the type `Lookup`: it is a text"));
    assert!(org.report().contains("the rule `Date`: `CloseDate` always has a value"));
    org.comes_back(&[]);
}

const SALES_PROCESS: &str = "<fullName>New</fullName><isActive>true</isActive>\
    <values><fullName>Discovery</fullName><default>true</default></values>\
    <values><fullName>Closed Won</fullName><default>false</default></values>\
    <values><fullName>Closed Lost</fullName><default>false</default></values>";

#[test]
fn leads_go_on_as_opportunities() {
    let org = Org::new(STAGES);
    org.leads(&[("New", false), ("Working", false), ("Unqualified", false), ("Qualified", true)])
        .field("Lead", "Need__c", "Text", "")
        .field("Opportunity", "Need__c", "Text", "")
        .field("Lead", "Size__c", "Number", "<scale>0</scale>")
        .field("Opportunity", "Size__c", "Text", "")
        .rule(
            "Lead",
            "Reach",
            "AND(ISPICKVAL(Status, \"Working\"), ISBLANK(Email), ISBLANK(Phone))",
            "How do we reach them?",
        )
        .rule("Lead", "Size", "AND(IsConverted, ISBLANK(Size__c))", "How large are they?")
        .rule(
            "Opportunity",
            "Need",
            "AND(ISPICKVAL(StageName, \"Proposal\"), ISBLANK(Need__c))",
            "What do they need?",
        )
        .rule(
            "Opportunity",
            "Size",
            "AND(ISPICKVAL(StageName, \"Proposal\"), ISBLANK(Size__c))",
            "How large?",
        )
        .rule(
            "Opportunity",
            "Typed",
            "AND(ISNEW(), NOT(ISPICKVAL(StageName, \"Discovery\")))",
            "Begin at the beginning.",
        );
    org.imported(&[]);
    let process = org.0.read("p/process.ekiden");
    // The same name and type is one field, which the lead brings along; another type is another one.
    assert_eq!(process.matches("need ").count(), 1, "{process}");
    assert!(process.contains("record opportunity \"Opportunity\" from lead {"), "{process}");
    assert!(process.contains("size_2 text"), "{process}");
    assert_eq!(
        org.stage("working"),
        [
            "enter when {",
            "reach \"How do we reach them?\" email is present or phone is present",
            "advance to qualified",
        ]
    );
    assert_eq!(org.stage("unqualified"), ["outcome lost", "from any open of lead"]);
    assert_eq!(
        org.stage("qualified"),
        [
            "outcome void",
            "enter when {",
            "size \"How large are they?\" size is present",
            "advance to discovery",
        ]
    );
    assert_eq!(org.stage("discovery")[0], "entry");
    assert_eq!(
        org.stage("proposal")[1..4],
        [
            "enter when {",
            "need \"What do they need?\" need is present",
            "size \"How large?\" size_2 is present"
        ]
    );
    let manifest = org.0.read("p/ekiden.yaml");
    assert!(manifest.contains("opportunity.size_2: Size__c"), "{manifest}");
    assert!(manifest.contains("converted_status: \"Qualified\""), "{manifest}");
    org.comes_back(&[]);
}

#[test]
fn rules_are_for_the_record_types_they_name() {
    let org = Org::new(STAGES);
    let renewal = SALES_PROCESS.replace(">New<", ">Renewal<").replace("Discovery", "Negotiation");
    for (name, process) in [("New", SALES_PROCESS), ("Renewal", renewal.as_str())] {
        let path = format!("objects/Opportunity/businessProcesses/{name}.businessProcess-meta.xml");
        org.file(&path, "BusinessProcess", process);
        let path = format!("objects/Opportunity/recordTypes/{name}_Type.recordType-meta.xml");
        let inside = format!(
            "<fullName>{name}_Type</fullName><active>true</active>\
             <businessProcess>{name}</businessProcess><label>{name}!</label>"
        );
        org.file(&path, "RecordType", &inside);
    }
    let only = |kind: &str, field: &str| {
        format!(
            "AND(RecordType.DeveloperName = \"{kind}\", ISPICKVAL(StageName, \"Closed Won\"), ISBLANK({field}))"
        )
    };
    org.rule("Opportunity", "One", &only("New_Type", "Amount"), "An amount.")
        .rule("Opportunity", "Other", &only("Renewal_Type", "NextStep"), "A next step.")
        // Both ask for the one amount that an opportunity has.
        .rule("Opportunity", "Too", &only("Renewal_Type", "Amount"), "An amount, too.")
        .rule("Opportunity", "Nobody", &only("Old_Type", "Amount"), "Never.");
    org.imported(&["--currency", "USD"]);
    assert_eq!(
        org.stage("closed_won")[2..4],
        ["enter when {", "one \"An amount.\" amount is present"]
    );
    assert_eq!(
        org.stage("closed_won_2")[2..4],
        ["enter when {", "other \"A next step.\" next_step is present"]
    );
    assert!(org.report().contains("the rule `Nobody`: it refuses nothing"), "{}", org.report());
    org.comes_back(&["--currency", "USD"]);
    let built = "p/build/salesforce/force-app/main/default/objects/Opportunity/fields";
    assert!(!org.0.path(&format!("{built}/Amount__c.field-meta.xml")).exists());
}

#[test]
fn paths_tell_what_stages_are_for() {
    let org = Org::new(STAGES);
    let step = |stage: &str, fields: &str, info: &str| {
        let fields: String =
            fields.split_whitespace().map(|f| format!("<fieldNames>{f}</fieldNames>")).collect();
        let info = escaped(info);
        format!(
            "<pathAssistantSteps>{fields}<info>{info}</info>\
             <picklistValueName>{stage}</picklistValueName></pathAssistantSteps>"
        )
    };
    let inside = format!(
        "<active>true</active><entityName>Opportunity</entityName><fieldName>StageName</fieldName>\
         <masterLabel>Path</masterLabel>{}{}{}{}<recordTypeName>__Master__</recordTypeName>",
        step(
            "Discovery",
            "Amount NextStep",
            "<p>Listen &amp; learn.</p><p>Ask <b>why</b> now.</p>"
        ),
        step("Proposal", "StageName Gone__c", "Write it down"),
        step(
            "Negotiation",
            "",
            "<p>Close the gap.</p><ul><li>Ask for the budget</li><li>Who signs?</li><li>By when</li></ul>"
        ),
        step("Elsewhere", "Amount", "?"),
    );
    org.file("pathAssistants/Sales.pathAssistant-meta.xml", "PathAssistant", &inside);
    org.imported(&[]);
    let stage = org.stage("discovery");
    for line in
        ["purpose \"Listen & learn.\"", "next \"Ask why now.\"", "collect [amount, next_step]"]
    {
        assert!(stage.contains(&line.to_owned()), "{line}\n{stage:?}");
    }
    assert!(org.stage("proposal").contains(&"purpose \"Write it down\"".to_owned()));
    // Items of a list stay apart.
    let next = "next \"Ask for the budget; Who signs? By when\"".to_owned();
    assert!(org.stage("negotiation").contains(&next), "{:?}", org.stage("negotiation"));
    let report = org.report();
    assert!(report.contains("the field `Gone__c` of the path is not in the source"), "{report}");
    assert!(report.contains("`Elsewhere` is no stage of the path's pipeline"), "{report}");
    org.comes_back(&[]);
}
