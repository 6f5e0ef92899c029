//! Round and round: what an import makes of a build is what the next import makes of the next build.

use std::path::Path;

use super::built::{copied, dropped};
use crate::cli::sandbox::Sandbox;

/// Builds the process in `source` and goes round twice; the third import has to be the first, and so the
/// second. What was dropped the first time has no rule in it.
#[track_caller]
fn goes_round(sandbox: &Sandbox, currency: &str) {
    sandbox.run(&["build", "source", "--target", "salesforce"]).exits(0);
    let mut from = "source/build/salesforce".to_owned();
    for to in ["p", "again", "third"] {
        sandbox.run(&["import", &from, "-o", to, "--currency", currency]).exits(0);
        sandbox.run(&["check", to]).exits(0);
        sandbox.run(&["build", to, "--target", "salesforce"]).exits(0);
        from = format!("{to}/build/salesforce");
        for file in ["process.ekiden", "stages.ekiden", "ekiden.yaml"] {
            let read = |folder: &str| sandbox.read(&format!("{folder}/{file}"));
            assert_eq!(read(to), read("p"), "{to} {file}");
        }
    }
    let report = sandbox.read("p/IMPORT.md");
    assert!(!dropped(&report).contains("the rule `"), "{}", dropped(&report));
}

fn source(process: &str, manifest: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("source/p.ekiden", process);
    sandbox.write("source/ekiden.yaml", format!("output: build\ntargets: {{{manifest}}}\n"));
    sandbox
}

/// The lines of a stage, each with single blanks.
#[track_caller]
fn stage(sandbox: &Sandbox, name: &str) -> String {
    let text = sandbox.read("p/stages.ekiden");
    let start = format!("stage {name} ");
    let lines = text.lines().skip_while(|line| !line.starts_with(&start));
    let lines = lines.take_while(|line| *line != "}");
    let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn says(sandbox: &Sandbox, name: &str, wanted: &[&str]) {
    let found = stage(sandbox, name);
    for line in wanted {
        assert!(found.lines().any(|found| found == *line), "{line}: {found}");
    }
}

/// Leads convert from two stages, one of them in two ways, and are lost in stages whose names say nothing;
/// nothing but the description of the rules tells a lost one from one that is void or only the last.
const LEADS: &str = r#"
process gifts "Gifts" { currency USD }
team g "G" { role asker "Asker" }
record lead "Prospect" { size integer "Size"  why one of [no, never] "Why"  major boolean "Major" }
record deal "Gift" from lead { amount money "Amount" }
stage met "Met" {
  record lead owner asker entry collect [size, why]
  exit when { s "Size known" size is present }
  advance to qualified
  advance to large when major
  lose to unfit when why = never
}
stage qualified "Qualified" {
  record lead owner asker
  advance to asked
  advance to large
  lose to unfit
  lose to gone
  advance to kept
}
stage unfit "Unsuitable" { record lead owner asker outcome lost final }
stage gone "Moved" { record lead owner asker outcome void recycle to met }
stage kept "Kept by a rejected friend" { record lead owner asker final }
stage asked "Asked" { record deal owner asker entry collect [amount] advance to given lose to refused }
stage large "Large" { record deal owner asker collect [amount] advance to given lose to refused }
stage given "Given" { record deal owner asker outcome won final }
stage refused "Refused" { record deal owner asker outcome lost final }
"#;

#[test]
fn lost_leads_stay_lost() {
    let sandbox = source(LEADS, "salesforce: {}");
    goes_round(&sandbox, "USD");
    says(&sandbox, "unsuitable", &["outcome lost"]);
    says(&sandbox, "moved", &["outcome void", "recycle to met"]);
    // Its name has a word of those that are lost.
    says(&sandbox, "kept_by_a_rejected_friend", &["final"]);
    says(
        &sandbox,
        "met",
        &[
            "s \"Size known\" size is present",
            "lose to unsuitable when why = never",
            "advance to qualified",
            "advance to converted when major",
        ],
    );
    says(&sandbox, "qualified", &["lose to unsuitable", "lose to moved", "advance to converted"]);
}

const CUSTOMERS: &str = r#"
process c "C" { currency USD }
team g "G" { role keeper "Keeper" }
record customer "Customer" { size integer "Size" }
stage begun "Begun" { record customer owner keeper entry collect [size] advance to live when size > 1 lose to left lose to merged }
stage live "Live" { record customer owner keeper outcome won final }
stage left "Left us" { record customer owner keeper outcome lost recycle to begun }
stage merged "Merged" { record customer owner keeper outcome void final }
"#;

/// So it is on other objects, which hold no outcome at all.
#[test]
fn outcomes_on_other_objects_stay() {
    let sandbox = source(CUSTOMERS, "salesforce: {}");
    goes_round(&sandbox, "USD");
    says(&sandbox, "live", &["outcome won"]);
    says(&sandbox, "left", &["outcome lost", "recycle to begun"]);
    says(&sandbox, "merged", &["outcome void"]);
    let report = sandbox.read("p/IMPORT.md");
    assert!(!report.contains("is lost: no move leaves it"), "{report}");
    assert!(report.contains("`Merged` is void: the description of the rule"), "{report}");
}

#[test]
fn the_model_goes_round_with_objects_and_without() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/the_model");
    for manifest in ["{}", "{objects: {customer: Account}}"] {
        let sandbox = Sandbox::new();
        copied(&root, &sandbox, "source");
        let manifest = format!("output: build\ntargets: {{salesforce: {manifest}}}\n");
        sandbox.write("source/ekiden.yaml", manifest);
        goes_round(&sandbox, "JPY");
    }
}

const TYPES: &str = r#"
process b "B" { currency EUR }
team g "G" { role broker "Broker" }
record deal "Deal" { amount money "Amount"  why text "Why" required }
record renewal "Renewal" { amount money "Amount"  due date "Due" }
stage quote "Quote" { record deal owner broker entry collect [amount] exit when { sum "The sum" amount is present } advance to placed lose to away }
stage placed "Placed" { record deal owner broker outcome won final }
stage away "Away" { record deal owner broker outcome lost final }
stage offered "Offered" { record renewal owner broker entry collect [due] advance to renewed when due is present lose to lapsed }
stage renewed "Renewed" { record renewal owner broker outcome won final }
stage lapsed "Lapsed" { record renewal owner broker outcome lost recycle to offered }
"#;

#[test]
fn two_record_types_of_one_object_go_round() {
    let sandbox = source(TYPES, "salesforce: {objects: {deal: Opportunity, renewal: Opportunity}}");
    goes_round(&sandbox, "EUR");
    says(&sandbox, "quote", &["sum \"The sum\" amount is present", "advance to placed"]);
    says(&sandbox, "away", &["outcome lost", "from any open of b_deal"]);
    says(&sandbox, "lapsed", &["recycle to offered"]);
    // Nothing of leads and opportunities: the outcomes come from the descriptions.
    let sandbox = source(TYPES, "salesforce: {objects: {deal: Case, renewal: Case}}");
    goes_round(&sandbox, "EUR");
    says(&sandbox, "placed", &["outcome won"]);
    says(&sandbox, "away", &["outcome lost"]);
}

/// Opportunities of one record type continue contacts, by a lookup; those of another have none.
const GIFTS: &str = r#"
process donors "Donors" { currency USD }
team dev "Development" { role officer "Officer" }
record person "Prospect" { wealth one of [low, high] "Capacity"  no_contact boolean "Do not contact" }
record gift "Gift" from person { amount money "Amount" }
record plan "Recurring gift" from gift { monthly money "Monthly" }
stage seen "Seen" {
  record person owner officer entry collect [wealth, no_contact]
  exit when { ok "May be contacted" not no_contact }
  advance to asked
  advance to asked_big when wealth = high
  lose to out
}
stage out "Out" { record person owner officer outcome void final }
stage asked "Asked" { record gift owner officer collect [amount] advance to given }
stage asked_big "Major ask" { record gift owner officer collect [amount] advance to given }
stage given "Given" { record gift owner officer outcome won advance to active when amount > 1 USD }
stage active "Active" { record plan owner officer collect [monthly] recycle to failing }
stage failing "Failing" { record plan owner officer recycle to active }
"#;

#[test]
fn opportunities_that_continue_contacts_go_round() {
    let objects = "{person: Contact, gift: Opportunity, plan: Opportunity}";
    let sandbox = source(GIFTS, &format!("salesforce: {{objects: {objects}}}"));
    goes_round(&sandbox, "USD");
    let process = sandbox.read("p/process.ekiden");
    assert!(process.contains("record donors_gift \"Donors Gift\" from contact"), "{process}");
    assert!(!process.contains("record donors_plan \"Donors Plan\" from"), "{process}");
    says(
        &sandbox,
        "seen",
        &[
            "ok \"May be contacted\" not no_contact",
            "advance to asked",
            "advance to major_ask when wealth = high",
        ],
    );
    says(&sandbox, "out", &["outcome void", "from any open of contact"]);
    // The lookup is there in the second build, too.
    let lookup = "p/build/salesforce/force-app/main/default/objects/Opportunity/fields/Contact__c.field-meta.xml";
    assert!(sandbox.read(lookup).contains("that this record continues"));
}
