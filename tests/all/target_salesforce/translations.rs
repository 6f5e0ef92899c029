//! Texts in the other languages of the process.

use super::{at, elements, read_by_every_tool};
use crate::crm_support::{chain, emit, process, text, told, underlined};

const CLINIC: &str = r#"
process clinic "Clinic sales" ko "병원 영업" {
  currency EUR
  languages [en, ko, ja, pt-BR]
}
team sales "Sales" { role rep "Rep" }
record lead "Lead" ko "리드" {
  need text "Need" ko "필요" help "What hurts" ko "무엇이 아픈가"
  kind one of [clinic "Clinic" ko "병원" ja "病院", lab "Lab"] "Kind" pt-BR "Tipo"
  size number
}
record visit "Visit" ko "방문" pt-BR "Visita" from lead { place text "Place" ko "장소" }
score worth "Worth" ko "가치" of lead { fit +20 when size >= 3  grade hot "Hot" at least 20, cold otherwise }
stage new "New" ko "신규" ja "新規" {
  record lead entry owner sales
  exit when { known "The need is known" ko "필요를 안다"  need is present
              sized "The size is known" size > 0 }
  advance to met
  lose to gone
}
stage met "Met" { record lead owner sales advance to planned }
stage gone "Gone" { record lead owner sales outcome lost final }
stage planned "Planned" ko "예정" { record visit owner sales advance to done when place is present }
stage done "Done" ko "완료" { record visit owner sales outcome won final
  enter when { ok "They said so" confirm "They said so" ko "그렇게 말했다" } }
"#;

fn paths(output: &ekiden::emit::Output, part: &str) -> Vec<String> {
    let all = output.artifacts.iter().map(|artifact| artifact.path.as_str());
    let own = all.filter(|path| path.contains(part));
    let mut own: Vec<String> =
        own.map(|path| path.rsplit('/').next().unwrap().replace("-meta.xml", "")).collect();
    own.sort();
    own
}

#[test]
fn only_what_is_translated_is_written() {
    let process = process(CLINIC);
    read_by_every_tool(&process, &[]);
    let output = emit("salesforce", &process, &[]);
    assert_eq!(
        paths(&output, "ranslation"),
        [
            "Confirmed_Done_Ok__c.fieldTranslation",
            "Kind__c.fieldTranslation",
            "Kind__c.fieldTranslation",
            "Kind__c.fieldTranslation",
            "Lead-ja.objectTranslation",
            "Lead-ko.objectTranslation",
            "Lead-pt_BR.objectTranslation",
            "LeadStatus-ja.standardValueSetTranslation",
            "LeadStatus-ko.standardValueSetTranslation",
            "Lead__c.fieldTranslation",
            "Need__c.fieldTranslation",
            "Place__c.fieldTranslation",
            "Stage__c.fieldTranslation",
            "Stage__c.fieldTranslation",
            "Visit__c-ja.objectTranslation",
            "Visit__c-ko.objectTranslation",
            "Worth_Grade__c.fieldTranslation",
            "Worth__c.fieldTranslation",
        ]
    );
    let korean = |path: &str| at(&output, &format!("objectTranslations/{path}"));
    assert_eq!(
        elements(&korean("Lead-ko/Lead-ko.objectTranslation"), "recordTypes"),
        ["label=병원 영업: 리드 name=Clinic_Lead"]
    );
    // A criterion is told when its text is translated; moves always, for Ekiden speaks Korean.
    assert_eq!(
        elements(&korean("Lead-ko/Lead-ko.objectTranslation"), "validationRules"),
        [
            "errorMessage=“Gone”에서는 다른 단계로 옮길 수 없습니다 name=Clinic_Gone_Moves",
            "errorMessage=“리드” 레코드를 시작할 수 있는 단계를 고르세요: “신규” name=Clinic_Lead_Start",
            "errorMessage=“Met”에서는 다른 단계로 옮길 수 없습니다. 계속하려면 새 레코드를 만드세요: 방문의 “예정” name=Clinic_Met_Moves",
            "errorMessage=신규: 필요를 안다 name=Clinic_New_Exit_Known",
            "errorMessage=“신규”에서 옮길 수 있는 단계: “Met”, “Gone” name=Clinic_New_Moves",
        ]
    );
    assert_eq!(
        elements(&korean("Visit__c-ko/Visit__c-ko.objectTranslation"), "caseValues"),
        ["plural=false value=방문"]
    );
    // Portuguese has a plural and a gender, which the process does not know.
    let need = korean("Lead-ko/Need__c.fieldTranslation");
    assert!(
        need.contains(
            "    <help>무엇이 아픈가</help>\n    <label>필요</label>\n    <name>Need__c</name>\n"
        ),
        "{need}"
    );
    assert_eq!(
        elements(&korean("Lead-ja/Kind__c.fieldTranslation"), "picklistValues"),
        ["masterLabel=Clinic translation=病院"]
    );
    let grade = korean("Lead-ko/Worth_Grade__c.fieldTranslation");
    assert!(grade.contains("<label>가치: 등급</label>"), "{grade}");
    let stages =
        at(&output, "standardValueSetTranslations/LeadStatus-ko.standardValueSetTranslation");
    assert_eq!(elements(&stages, "valueTranslation"), ["masterLabel=New translation=신규"]);
    assert!(text(&output, "README.md").contains("add the languages `ko`, `ja`, `pt_BR`."));
}

#[test]
fn a_process_in_one_language_is_not_translated() {
    let output = emit("salesforce", &process(&chain("deal", 3)), &[]);
    assert_eq!(paths(&output, "ranslation"), Vec::<String>::new());
    assert!(!text(&output, "README.md").contains("add the languages"));
}

#[test]
fn languages_that_salesforce_does_not_have_are_told() {
    let source = CLINIC.replace("[en, ko, ja, pt-BR]", "[en, ko, ja, pt-BR, mn, en-US, ko-KR]");
    let output = emit("salesforce", &process(&source), &[]);
    let found: Vec<(&str, &str)> = underlined(&source, &output.diagnostics)
        .into_iter()
        .filter(|(message, _)| message.contains("language"))
        .collect();
    assert_eq!(
        found,
        [
            ("Salesforce has no language `mn`", "clinic"),
            ("`en` and `en-US` are one language in Salesforce, `en_US`", "clinic"),
            ("`ko` and `ko-KR` are one language in Salesforce, `ko`", "clinic"),
        ]
    );
    assert!(paths(&output, "-mn").is_empty() && !paths(&output, "-ko").is_empty());
}

#[test]
fn a_translation_that_is_too_long_is_cut_and_told() {
    let long = "아주 긴 이름 ".repeat(8);
    let source = CLINIC.replace("ko \"필요\"", &format!("ko \"{}\"", long.trim()));
    let process = process(&source);
    read_by_every_tool(&process, &[]);
    let output = emit("salesforce", &process, &[]);
    assert!(
        told(&output.diagnostics).contains(
            &"warning[name-not-portable]: the text of field `need` in `ko` is cut in Salesforce"
                .to_owned()
        ),
        "{:?}",
        told(&output.diagnostics)
    );
}
