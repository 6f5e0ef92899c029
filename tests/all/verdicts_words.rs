//! What the rules about words say, and above all what they do not say.

use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

const RULES: [&str; 5] =
    ["undefined-term", "unused-term", "missing-translation", "missing-purpose", "missing-next"];

/// A process that can run, with a purpose to fill in.
fn process(purpose: &str, more: &str) -> String {
    format!(
        "team sales \"Sales\" {{ role ae \"Account executive\" }}
         record lead \"Lead\" {{ email text \"E-mail\" }}
         stage inquiry \"Inquiry\" {{ record lead  entry  owner sales  limit 5d  purpose \"{purpose}\"
           advance to won  lose to lost }}
         stage won \"Won\" {{ record lead  owner sales  outcome won  final }}
         stage lost \"Lost\" {{ record lead  owner sales  outcome lost  final }}
         {more}"
    )
}

/// Three terms, as a glossary has at least.
const GLOSSARY: &str = "
    term win \"Win\" { means \"Signed.\" see [won] }
    term loss \"Loss\" { means \"Not signed.\" see [lost] }
    term mql \"Marketing-qualified lead\" { means \"A lead to call.\" see [inquiry] }";

/// The messages of the rules about words.
fn said(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text));
    let parsed = syntax::dsl::parse(file, text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let analysis = sema::analyze(&[parsed.file], "p");
    assert_eq!(analysis.diagnostics, [], "{text}");
    let today = jiff::civil::date(2026, 6, 1);
    let findings = lint::check(&analysis.process, today, &Levels::default());
    let of_words = findings.iter().filter(|found| RULES.contains(&found.code.name()));
    of_words.map(|found| format!("{}: {}", found.code, found.message)).collect()
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    assert_eq!(said(text), expected, "{text}");
}

#[test]
fn an_abbreviation_is_explained_in_many_ways() {
    for purpose in [
        "Call the MQL.",                             // the initials of a term, and its name
        "Call two MQLs with the AE.",                // a role
        "Check BANT (budget, authority).",           // brackets behind
        "Budget and authority (BANT) first.",        // brackets around
        "BANT = budget, authority, need.",           // an equation
        "The CRM has the URL of the PDF.",           // everybody knows
        "Offer 5000 USD by Q1, B2B only.",           // currencies, digits
        "DO NOT CALL before noon.",                  // loud
        "It is IMPORTANT: call. An important call.", // stressed
        "Phase III, then phase IV.",                 // numbers
        "See README.md and `BANT` in {NAME}.",       // files, code, placeholders
        "Ask AT&T for R&D.",                         // companies
        "CALL THE BUYER",                            // a text in capitals
    ] {
        says(&process(purpose, GLOSSARY), &[]);
    }
}

#[test]
fn an_abbreviation_that_nothing_explains_is_told_once() {
    let play =
        "play call \"Call\" { for stage inquiry  by ae  steps \"Ask for BANT. BANT again.\" }";
    says(
        &process("Check BANT and the SAL.", &format!("{GLOSSARY} {play}")),
        &[
            "undefined-term: `BANT` stands in 2 texts and is explained nowhere",
            "undefined-term: `SAL` stands in 1 text and is explained nowhere",
        ],
    );
    // Without a glossary, or in a draft, nothing is missing from it.
    says(&process("Check BANT.", ""), &[]);
    says(&process("Check BANT.", &format!("{GLOSSARY} process p {{ status draft }}")), &[]);
}

/// Words explain the abbreviation beside them, in one sentence, and no other.
#[test]
fn initials_explain_what_stands_beside_them() {
    for sound in [
        "Ask for the annual contract value, or ACV.",
        "Ask for the ACV, annual contract value.",
        "Ask for the return on investment, called ROI for short.",
        "Annual contract value, e.g. the ACV of a deal.",
        "A proof of concept is agreed; the POC takes two weeks.",
        "A proof of concept is agreed. The POC takes two weeks.",
    ] {
        says(&process(sound, GLOSSARY), &[]);
    }
    says(
        &process(
            "Every visit counts for the deal owner. Ready for procurement? The DOR has an EV.",
            GLOSSARY,
        ),
        &[
            "undefined-term: `DOR` stands in 1 text and is explained nowhere",
            "undefined-term: `EV` stands in 1 text and is explained nowhere",
        ],
    );
}

#[test]
fn letters_of_other_scripts_end_a_word() {
    let text = process("x", GLOSSARY).replace("\"x\"", "\"리드의 BANT를 확인\"");
    says(&text, &["undefined-term: `BANT` stands in 1 text and is explained nowhere"]);
}

#[test]
fn a_term_is_used_by_a_text_a_reference_or_a_name() {
    let unused = "unused-term: no text uses the term `Parcel`";
    let term =
        |more: &str| format!("term parcel \"Parcel\" {{ means \"What is handed over.\" {more} }}");
    says(&process("Call.", &term("")), &[unused]);
    says(&process("Pack the parcels.", &term("")), &[]);
    says(&process("Call.", &term("see [inquiry]")), &[]);
    says(&process("Pack the bundle.", &term("also [\"Bundle\"]")), &[]);
    says(&process("Call.", &term("also [\"Sash\" ja \"たすき\"]")), &[unused]);
    says(&process("Call.", &term("").replace("parcel \"", "sales \"")), &[]);
    let other = "term sash \"Sash\" { means \"Worn by a runner.\" see [parcel] }";
    says(&process("Call.", &format!("{} {other}", term(""))), &[]);
    let draft = "stage later \"Later\" { record lead  status draft }";
    says(&process("Call.", &format!("{} {draft}", term(""))), &[]);
}

/// A process in two languages, with so many goals that have titles in both.
fn translated(goals: usize, more: &str) -> String {
    let mut text = String::from(
        "process p { languages [en, ko] }
         team sales \"Sales\" ko \"영업\" { }
         team ops \"Operations\" ko \"운영\" { }
         record lead \"Lead\" ko \"리드\" { email text \"E-mail\" ko \"메일\" }
         stage inquiry \"Inquiry\" ko \"문의\" { record lead  entry  owner sales  limit 5d
           channels [\"Trade fair\"]  advance to won  lose to lost }
         stage won \"Won\" ko \"수주\" { record lead  owner sales  outcome won  final }
         stage lost { record lead  owner sales  outcome lost  final }\n",
    );
    for n in 0..goals {
        text.push_str(&format!(
            "goal g{n} \"Fewer than {n}\" ko \"{n} 미만\" {{ owner sales  measure balance of inquiry  target at most {n} }}\n"
        ));
    }
    text + more
}

#[test]
fn a_gap_is_told_by_declaration_and_a_beginning_once() {
    says(&translated(5, ""), &[]);
    says(
        &translated(
            5,
            "feedback voice \"Voice\" { from sales to ops every 1w  about \"What they say\" }",
        ),
        &["missing-translation: 2 texts of feedback `voice` are not translated into `ko`"],
    );
    // An abbreviation is the same in both, a draft is not done, and what nobody wrote has no title.
    says(
        &translated(
            5,
            "goal x \"NPS\" { owner sales  measure balance of inquiry  target at most 9 }",
        ),
        &[],
    );
    says(&translated(5, "stage later \"Later\" { record lead  status draft }"), &[]);
    let many: String = (0..20)
        .map(|n| format!("goal h{n} \"Goal {n}\" {{ owner sales  measure balance of inquiry  target at most {n} }}\n"))
        .collect();
    says(
        &translated(0, &many),
        &["missing-translation: 20 of 26 texts are not translated into `ko`"],
    );
}

#[test]
fn a_purpose_is_missing_only_among_others() {
    let stage = |name: &str, with: &str| {
        format!(
            "stage {name} {{ record lead  owner sales  limit 5d  {with}  from any open of lead  advance to won }}\n"
        )
    };
    let both = "purpose \"Learn.\" next \"Call.\"";
    let missing = |names: &[&str]| {
        let text: String = names.iter().map(|name| stage(name, "")).collect();
        said(&process("Learn.", &format!("{}{text}", stage("second", both))))
    };
    assert_eq!(
        missing(&["third"]),
        ["missing-purpose: stage `third` does not say what it is for"],
        "`next` is in one stage only"
    );
    assert_eq!(missing(&["third", "fourth"]).len(), 2);
    assert_eq!(missing(&["third", "fourth", "fifth"]), [""; 0]);
    let two = format!(
        "{}{}{}",
        stage("second", both),
        stage("third", both),
        stage("fourth", "purpose \"x\"")
    );
    says(
        &process("Learn.", &two)
            .replace("purpose \"Learn.\"\n", "purpose \"Learn.\" next \"Call.\"\n"),
        &["missing-next: stage `fourth` does not say what to do next"],
    );
    let play = "play p \"Offer\" { for stage fourth  by sales  steps \"Write it.\" }";
    says(
        &process("Learn.", &format!("{two}{play}"))
            .replace("purpose \"Learn.\"\n", "purpose \"Learn.\" next \"Call.\"\n"),
        &[],
    );
}

/// Every text is read a bounded number of times.
#[test]
fn large_glossaries_are_read_in_linear_time() {
    let terms: String = (0..5_000)
        .map(|n| {
            format!("term t{n} \"引き継ぎ{n} of phase {n}\" {{ means \"The ABX of {n}.\" }}\n")
        })
        .collect();
    let found = said(&process("Call.", &terms));
    assert_eq!(found.len(), 5_001, "one for each term, one for the word");
}

#[test]
fn a_term_that_says_what_an_event_is_is_in_use() {
    let score = "score heat of lead { behavior +5 when event pricing_viewed  grade hot at least 5, cold otherwise }";
    let term = "term pricing_viewed \"A look at the prices\" { means \"They opened the page.\" }";
    let unused = "unused-term: no text uses the term `A look at the prices`";
    let has = |text: String| said(&text).iter().any(|message| message == unused);
    assert!(has(process("Learn.", &format!("{GLOSSARY} {term}"))));
    assert!(!has(process("Learn.", &format!("{GLOSSARY} {term} {score}"))));
}
