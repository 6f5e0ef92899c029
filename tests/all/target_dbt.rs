//! dbt projects, built by dbt on real databases, without a warning.

use std::path::Path;
use std::process::Command;

use ekiden::emit::Context;
use ekiden::model::Process;

use crate::crm_support::{
    HOSTILE, WHOLE, emit, example, process, root, settings as crm_settings, target, text, told,
    written,
};
use crate::target_sql::engine::{Engine, postgres, settings};

/// The project of a process, in a folder, as it comes without settings.
fn project(process: &Process) -> tempfile::TempDir {
    project_with(process, &[])
}

/// The same, for a database of which the tests know the schema.
fn built(process: &Process) -> tempfile::TempDir {
    project_with(process, &[("schema", "built")])
}

fn project_with(process: &Process, settings: &[(&str, &str)]) -> tempfile::TempDir {
    let output = emit("dbt", process, settings);
    assert_eq!(told(&output.diagnostics), Vec::<String>::new());
    written(&output)
}

/// Runs dbt; gives what it printed.
fn dbt(
    command: &str,
    project: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
) -> String {
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    dbt.args([command, "--project", project.to_str().unwrap()]).args(arguments);
    dbt.envs(environment.iter().map(|(name, value)| (name, value)));
    let ran = dbt.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let cried = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(
        ran.status.success(),
        "dbt {command} (if it cannot run, run tests/setup):\n{said}\n{cried}"
    );
    said
}

/// The number that dbt gives for a result in its last line: `PASS=12`.
fn count(said: &str, result: &str) -> usize {
    let last = said.lines().rev().find(|line| line.contains("Done. PASS=")).unwrap();
    let mut words = last.split_whitespace();
    words.find_map(|word| word.strip_prefix(result)?.strip_prefix('=')).unwrap().parse().unwrap()
}

/// Everything dbt built must have passed.
fn all_passed(said: &str) {
    for result in ["WARN", "ERROR", "SKIP"] {
        assert_eq!(count(said, result), 0, "{said}");
    }
    assert!(count(said, "PASS") > 60, "{said}");
}

/// Unknown keys, which dbt reads over.
fn yaml_is_known(project: &Path) {
    let python = root().join("target/test-tools/sql/bin/python");
    let script = root().join("tests/tools/python/dbt-yaml.py");
    let ran = Command::new(python).arg(script).arg(project).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    // The form of metrics that dbt 1.11 reads is not in the schema that comes with it.
    let faults: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("ok ") && !line.contains("metrics.yml"))
        .collect();
    assert_eq!(faults, Vec::<&str>::new());
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= 6, "{said}");
}

#[test]
fn everything_is_built_on_duckdb() {
    let project = project(&process(WHOLE));
    yaml_is_known(project.path());
    all_passed(&dbt("build", project.path(), &[], &[]));
}

/// A process as small as can be, and of the tests of data only the one that asks the most: Spark takes seconds for each
/// of them, however few the rows are.
#[test]
fn everything_is_built_on_spark() {
    let small = r#"
process p { currency EUR  timezone "Europe/Berlin"  calendar mon-fri 09:00-17:00 except [2026-05-01] }
team sales { role rep }
record lead { email text  due date  seen datetime  amount money }
stage a { record lead owner sales entry  limit 2d  advance to b when amount > 0 EUR  lose to c }
stage b "It's \"won\" \\ ${x}; --" { record lead owner sales outcome won final }
stage c { record lead owner sales outcome lost final }
"#;
    let project = project(&process(small));
    let select = ["resource_type:seed", "resource_type:model", "resource_type:unit_test"];
    let mut arguments = vec!["--target", "spark", "--indirect-selection", "empty", "--select"];
    arguments.extend(select);
    arguments.push("undeclared_moves");
    all_passed(&dbt("build", project.path(), &arguments, &[]));
}

#[test]
fn texts_break_nothing() {
    let project = project(&process(HOSTILE));
    yaml_is_known(project.path());
    let said = dbt("build", project.path(), &[], &[]);
    assert_eq!((count(&said, "ERROR"), count(&said, "WARN")), (0, 0), "{said}");
}

#[test]
fn the_model_is_built_on_postgres() {
    let process = example("the_model");
    let project = built(&process);
    let name = "dbt_the_model";
    let database = postgres(name);
    all_passed(&dbt("build", project.path(), &["--target", "postgres"], &settings(name)));
    let stages = process.stages.len().to_string();
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_stage"), [stages]);
    // Nothing that the example does is not declared.
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_undeclared_move"), ["0"]);
    assert_ne!(database.lines("SELECT count(*) FROM built.ekiden_stay"), ["0"]);
    // Every goal and period, once for each team.
    let by_hand = "SELECT g.goal, o.team, g.period_start, g.value, g.is_met FROM built.ekiden_goal_result AS g \
         JOIN (SELECT DISTINCT a.goal, coalesce(a.owner_team, p.team) AS team FROM built.ekiden_goal_owner AS a \
         LEFT JOIN built.ekiden_role AS p ON p.name = a.owner_role) AS o ON o.goal = g.goal ORDER BY 1, 2, 3";
    let by_hand = database.lines(by_hand);
    assert!(!by_hand.is_empty());
    assert_eq!(
        database.lines("SELECT goal, team, period_start, value, is_met FROM built.ekiden_team_goal ORDER BY 1, 2, 3"),
        by_hand
    );
}

#[test]
fn tables_of_the_sql_target_are_read() {
    let process = example("the_model");
    let name = "dbt_tables";
    let database = postgres(name);
    let schema = emit("sql", &process, &[]);
    database.accepts(text(&schema, "postgres/schema.sql"));
    let project = built(&process);
    let vars = r#"{"ekiden_source": "tables", "ekiden_source_schema": "public"}"#;
    let said =
        dbt("build", project.path(), &["--target", "postgres", "--vars", vars], &settings(name));
    all_passed(&said);
    assert_eq!(database.lines("SELECT count(*) FROM built.ekiden_stay"), ["0"]);
}

/// Leads are sampled within five days or are late; contracts follow them, and customers follow those. A
/// laboratory is in no stage.
const LABS: &str = r#"
process labs "Labs" { currency CHF  timezone "Europe/Zurich" }
team studio { role sampler }
record lab { city text }
record lead { mill one of [wet "Wet mill", dry "Dry mill"]  tests many of [cup "The taster's cup", moisture] }
record deal from lead { price money  signed date }
record customer from deal { bags integer }
stage found "Found" { record lead  entry  owner sampler  limit 5d
  advance to sampled  recycle to parked }
stage sampled "Sample sent" { record lead  owner sampler
  exit when { tasted "Tasted" confirm "They have tasted it" }  advance to offer }
stage parked "Parked" { record lead  owner sampler  advance to found after 90d }
stage offer "Offer" { record deal  owner sampler  limit 3w  advance to supplied when price > 0 CHF  lose to refused }
stage supplied "Supplied" { record deal  owner sampler  outcome won  advance to roasting }
stage refused "Refused" { record deal  owner sampler  outcome lost  final }
stage roasting "Roasting" { record customer  owner sampler  final }
"#;

/// What the manifest says of the CRMs themselves: the price is kept in the amount.
const LABS_IN_SALESFORCE: &[(&str, &str)] = &[("fields.deal.price", "Amount")];
const LABS_IN_HUBSPOT: &[(&str, &str)] = &[
    ("fields.deal.price", "amount"),
    ("objects.customer", "p_customer"),
    ("objects.lab", "p_lab"),
];

/// Labs as Fivetran lands them. Lead 1 took a sample after three days and became contract 1; 3 was parked
/// after eight; 4 was deleted. Contract 1 was won and became customer 7. Contract 2 came from nowhere, and
/// an earlier state of it is there as well. Of Salesforce one row tells each stage of a contract, and one
/// each change of any field of a lead.
const FIVETRAN: &str = "
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.lead (id text, status text, created_date timestamptz, is_deleted boolean, mill_c text, tests_c text,
  confirmed_sampled_tasted_c boolean, converted_opportunity_id text);
INSERT INTO salesforce.lead VALUES
  ('1', 'Converted', '2026-03-02 08:00Z', false, 'wet', 'The taster''s cup;moisture', true, '1'),
  ('3', 'Parked', '2026-03-04 08:00Z', false, 'Dry mill', NULL, false, NULL),
  ('4', 'Found', '2026-03-04 08:00Z', true, NULL, 'cup', false, NULL);
CREATE TABLE salesforce.lead_history (lead_id text, field text, old_value text, new_value text, created_date timestamptz);
INSERT INTO salesforce.lead_history VALUES
  ('1', 'Status', 'Found', 'Sample sent', '2026-03-05 10:00Z'),
  ('1', 'Status', 'Sample sent', 'Converted', '2026-03-10 09:00Z'),
  ('1', 'Owner', 'Found', 'Parked', '2026-03-05 11:00Z'),
  ('3', 'Status', 'Found', 'Parked', '2026-03-12 08:00Z');
CREATE TABLE salesforce.opportunity (id text, stage_name text, created_date timestamptz, is_deleted boolean, amount double precision,
  signed_c timestamp, _fivetran_active boolean);
INSERT INTO salesforce.opportunity VALUES
  ('1', 'Supplied', '2026-03-10 09:00Z', false, 1200.5, '2026-03-20', true), ('2', 'Offer', '2026-03-11 09:00Z', false, 90, NULL, false),
  ('2', 'Offer', '2026-03-11 09:00Z', false, 80, NULL, true);
CREATE TABLE salesforce.opportunity_history (id text, opportunity_id text, stage_name text, amount double precision, created_date timestamptz);
INSERT INTO salesforce.opportunity_history VALUES
  ('a', '1', 'Offer', NULL, '2026-03-10 09:00Z'), ('b', '1', 'Offer', 1200.5, '2026-03-12 09:00Z'),
  ('c', '1', 'Supplied', 1200.5, '2026-03-20 09:00Z'), ('d', '2', 'Offer', 90, '2026-03-11 09:00Z');
CREATE TABLE salesforce.customer_c (id text, stage_c text, created_date timestamptz, is_deleted boolean, opportunity_c text, bags_c double precision);
INSERT INTO salesforce.customer_c VALUES ('7', 'roasting', '2026-03-21 09:00Z', false, '1', 12);
CREATE TABLE salesforce.customer_history (parent_id text, field text, old_value text, new_value text, created_date timestamptz);
CREATE TABLE salesforce.lab_c (id text, is_deleted boolean, city_c text);
INSERT INTO salesforce.lab_c VALUES ('9', false, 'Bern'), ('10', true, 'Basel');
CREATE SCHEMA hubspot;
CREATE TABLE hubspot.lead (lead_id bigint, is_deleted boolean, property_mill text, property_tests text, property_confirmed_sampled_tasted boolean,
  property_hs_v2_date_entered_labs_found timestamp, property_hs_v2_date_entered_labs_sampled timestamp,
  property_hs_v2_date_entered_labs_parked timestamp);
INSERT INTO hubspot.lead VALUES
  (1, false, 'wet', 'cup;moisture', true, '2026-03-02 08:00', '2026-03-05 10:00', NULL),
  (3, false, 'dry', NULL, false, '2026-03-04 08:00', NULL, '2026-03-12 08:00'),
  (4, true, NULL, 'cup', NULL, '2026-03-04 08:00', NULL, NULL);
CREATE TABLE hubspot.deal (deal_id bigint, is_deleted boolean, property_amount double precision, property_signed timestamp);
INSERT INTO hubspot.deal VALUES (1, false, 1200.5, '2026-03-20'), (2, false, 80, NULL);
CREATE TABLE hubspot.deal_property_history (deal_id bigint, name text, value text, timestamp timestamp);
INSERT INTO hubspot.deal_property_history VALUES
  (1, 'dealstage', 'labs_offer', '2026-03-10 09:00'), (1, 'amount', '1200.5', '2026-03-12 09:00'),
  (1, 'dealstage', 'labs_supplied', '2026-03-20 09:00'), (2, 'dealstage', 'labs_offer', '2026-03-11 09:00');
CREATE TABLE hubspot.deal_lead (deal_id bigint, lead_id bigint, category text, type_id bigint);
INSERT INTO hubspot.deal_lead VALUES (1, 1, 'HUBSPOT_DEFINED', 1), (1, 1, 'USER_DEFINED', 7);
CREATE TABLE hubspot.deal_customer (deal_id bigint, customer_id bigint, category text, type_id bigint);
INSERT INTO hubspot.deal_customer VALUES (1, 7, 'HUBSPOT_DEFINED', 1);
CREATE TABLE hubspot.customer (id bigint, property_bags double precision, property_hs_v2_date_entered_labs_roasting timestamp);
INSERT INTO hubspot.customer VALUES (7, 12, '2026-03-21 09:00');
CREATE TABLE hubspot.lab (id bigint, is_deleted boolean, property_city text);
INSERT INTO hubspot.lab VALUES (9, false, 'Bern'), (10, true, 'Basel');
";

/// The contracts of Salesforce and HubSpot as Airbyte lands them.
const AIRBYTE: &str = r#"
CREATE SCHEMA salesforce;
CREATE TABLE salesforce."Lead" ("Id" text, "Status" text, "CreatedDate" timestamptz, "IsDeleted" boolean, "Mill__c" text, "Tests__c" text,
  "Confirmed_Sampled_Tasted__c" boolean, "ConvertedOpportunityId" text);
INSERT INTO salesforce."Lead" VALUES
  ('1', 'Converted', '2026-03-02 08:00Z', false, 'wet', 'cup;moisture', true, '1'),
  ('3', 'Parked', '2026-03-04 08:00Z', false, 'dry', NULL, false, NULL);
CREATE TABLE salesforce."LeadHistory" ("LeadId" text, "Field" text, "OldValue" text, "NewValue" text, "CreatedDate" timestamptz);
INSERT INTO salesforce."LeadHistory" VALUES
  ('1', 'Status', 'Found', 'Sample sent', '2026-03-05 10:00Z'),
  ('1', 'Status', 'Sample sent', 'Converted', '2026-03-10 09:00Z'),
  ('3', 'Status', 'Found', 'Parked', '2026-03-12 08:00Z');
CREATE TABLE salesforce."Opportunity" ("Id" text, "StageName" text, "CreatedDate" timestamptz, "IsDeleted" boolean, "Amount" numeric, "Signed__c" date);
INSERT INTO salesforce."Opportunity" VALUES
  ('1', 'Supplied', '2026-03-10 09:00Z', false, 1200.5, '2026-03-20'), ('2', 'Offer', '2026-03-11 09:00Z', false, 80, NULL);
CREATE TABLE salesforce."OpportunityHistory" ("Id" text, "OpportunityId" text, "StageName" text, "CreatedDate" timestamptz);
INSERT INTO salesforce."OpportunityHistory" VALUES
  ('a', '1', 'Offer', '2026-03-10 09:00Z'), ('c', '1', 'Supplied', '2026-03-20 09:00Z'), ('d', '2', 'Offer', '2026-03-11 09:00Z');
CREATE TABLE salesforce."Customer__c" ("Id" text, "Stage__c" text, "CreatedDate" timestamptz, "IsDeleted" boolean, "Opportunity__c" text, "Bags__c" numeric);
INSERT INTO salesforce."Customer__c" VALUES ('7', 'roasting', '2026-03-21 09:00Z', false, '1', 12);
CREATE TABLE salesforce."Customer__History" ("ParentId" text, "Field" text, "OldValue" text, "NewValue" text, "CreatedDate" timestamptz);
CREATE TABLE salesforce."Lab__c" ("Id" text, "IsDeleted" boolean, "City__c" text);
INSERT INTO salesforce."Lab__c" VALUES ('9', false, 'Bern');
CREATE SCHEMA hubspot;
CREATE TABLE hubspot.leads (id text, archived boolean, properties_mill text, properties_tests text, properties_confirmed_sampled_tasted text,
  properties_hs_v2_date_entered_labs_found text, properties_hs_v2_date_entered_labs_sampled text,
  properties_hs_v2_date_entered_labs_parked text);
INSERT INTO hubspot.leads VALUES
  ('1', false, 'wet', 'cup;moisture', 'true', '2026-03-02T08:00:00Z', '2026-03-05T10:00:00Z', NULL),
  ('3', false, 'dry', NULL, 'false', '2026-03-04T08:00:00Z', NULL, '2026-03-12T08:00:00Z');
CREATE TABLE hubspot.deals (id text, archived boolean, properties_amount text, properties_signed text, leads jsonb, p_customer jsonb);
INSERT INTO hubspot.deals VALUES ('1', false, '1200.5', '2026-03-20', '["1", "4"]', '["7"]'), ('2', false, '80', NULL, '[]', NULL);
CREATE TABLE hubspot.deals_property_history ("dealId" text, property text, value text, timestamp timestamptz);
INSERT INTO hubspot.deals_property_history VALUES
  ('1', 'dealstage', 'labs_offer', '2026-03-10 09:00Z'), ('1', 'dealstage', 'labs_supplied', '2026-03-20 09:00Z'),
  ('2', 'dealstage', 'labs_offer', '2026-03-11 09:00Z');
CREATE TABLE hubspot.p_customer (id text, properties_bags numeric, properties_hs_v2_date_entered_labs_roasting timestamptz);
INSERT INTO hubspot.p_customer VALUES ('7', 12, '2026-03-21 09:00Z');
CREATE TABLE hubspot.p_lab (id text, archived boolean, properties_city text);
INSERT INTO hubspot.p_lab VALUES ('9', false, 'Bern');
"#;

/// The project of the labs, with what the manifest says of the CRMs.
fn labs(loader: &str) -> tempfile::TempDir {
    let (process, target) = (process(LABS), target("dbt"));
    let (own, salesforce, hubspot) = (
        crm_settings(&[("schema", "built"), ("loader", loader)]),
        crm_settings(LABS_IN_SALESFORCE),
        crm_settings(LABS_IN_HUBSPOT),
    );
    let others = [("dbt", &own), ("salesforce", &salesforce), ("hubspot", &hubspot)];
    let languages = &process.languages;
    let context = Context {
        process: &process,
        languages,
        settings: &own,
        others: &others,
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    let output = (target.emit)(&context);
    assert_eq!(told(&output.diagnostics), Vec::<String>::new());
    written(&output)
}

/// Builds what is known of an export, up to the stays.
fn read_export(project: &Path, database: &str, crm: &str, more: &str) -> Result<String, String> {
    let vars = format!(
        r#"{{"ekiden_source": "{crm}", "ekiden_source_schema": "{crm}", "ekiden_now": "2026-04-01 00:00:00"{more}}}"#
    );
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    dbt.args(["build", "--project", project.to_str().unwrap(), "--target", "postgres"]);
    dbt.args(["--select", "+ekiden_stay", "path:models/staging", "unknown_crm_values"]);
    dbt.args(["--indirect-selection", "cautious", "--vars", &vars]).envs(settings(database));
    let ran = dbt.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    if ran.status.success() { Ok(said) } else { Err(said) }
}

#[test]
fn exports_of_crms_are_read() {
    for (loader, export) in [("fivetran", FIVETRAN), ("airbyte", AIRBYTE)] {
        let name = format!("dbt_{loader}");
        let database = postgres(&name);
        database.accepts(export);
        let project = labs(loader);
        for crm in ["salesforce", "hubspot"] {
            read_export(project.path(), &name, crm, "").unwrap();
            let of = format!("{crm} {loader}");
            let stays = "SELECT concat_ws(' ', record, record_id, coalesce(from_stage, '-'), stage, entered_at, to_stage, is_over_limit) \
                 FROM built.ekiden_stay ORDER BY entered_at, record";
            assert_eq!(
                database.lines(stays),
                [
                    "lead 1 - found 2026-03-02 08:00:00 sampled 0",
                    "lead 3 - found 2026-03-04 08:00:00 parked 1",
                    "lead 1 found sampled 2026-03-05 10:00:00 offer",
                    "deal 1 sampled offer 2026-03-10 09:00:00 supplied 0",
                    "deal 2 - offer 2026-03-11 09:00:00 0",
                    "lead 3 found parked 2026-03-12 08:00:00",
                    "deal 1 offer supplied 2026-03-20 09:00:00 roasting",
                    "customer 7 supplied roasting 2026-03-21 09:00:00",
                ],
                "{of}"
            );
            let rows = |sql: &str| database.lines(sql);
            assert_eq!(
                rows(
                    "SELECT concat_ws(' ', id, stage, stage_left_at, mill, confirmed_sampled_tasted) FROM built.stg_lead ORDER BY id"
                ),
                ["1 sampled 2026-03-10 09:00:00 wet t", "3 parked dry f"],
                "{of}"
            );
            assert_eq!(
                rows("SELECT lead_id || ' ' || tests FROM built.stg_lead_tests ORDER BY 1"),
                ["1 cup", "1 moisture"],
                "{of}"
            );
            assert_eq!(
                rows(
                    "SELECT concat_ws(' ', id, coalesce(lead_id, '-'), stage, round(price, 2), signed) FROM built.stg_deal ORDER BY id"
                ),
                ["1 1 supplied 1200.50 2026-03-20", "2 - offer 80.00"],
                "{of}"
            );
            assert_eq!(
                rows(
                    "SELECT concat_ws(' ', id, coalesce(deal_id, '-'), coalesce(lead_id, '-'), bags) FROM built.stg_customer"
                ),
                ["7 1 1 12"],
                "{of}"
            );
            assert_eq!(rows("SELECT id || ' ' || city FROM built.stg_lab"), ["9 Bern"], "{of}");
        }
        if loader == "fivetran" {
            what_is_not_known_is_told(&database, &name, project.path());
        }
    }
}

/// A status that the process does not know is told, not dropped in silence; and so is a column that is not
/// there.
fn what_is_not_known_is_told(database: &Engine, name: &str, project: &Path) {
    database
        .accepts("UPDATE salesforce.lead_history SET new_value = 'On hold' WHERE lead_id = '3';");
    let said = read_export(project, name, "salesforce", "").unwrap_err();
    assert!(said.contains("Got 1 result"), "{said}");
    database
        .accepts("UPDATE salesforce.lead_history SET new_value = 'Parked' WHERE lead_id = '3';");
    database.accepts("ALTER TABLE salesforce.opportunity DROP COLUMN amount CASCADE;");
    let said = read_export(project, name, "salesforce", "").unwrap_err();
    assert!(said.contains("no column amount: deal.price is empty"), "{said}");
    database.accepts("DROP TABLE hubspot.deal_lead CASCADE;");
    let said = read_export(project, name, "hubspot", "").unwrap_err();
    assert!(said.contains("does not tell which lead a deal continues"), "{said}");
}

/// Two record types of one object are told apart by the record type that Salesforce has for each.
#[test]
fn record_types_are_told_apart() {
    let process = process(
        r#"
process brew "Brew" {}
team bar { role barista }
record deal { }
record renewal { }
stage tasting "Tasting" { record deal  entry  owner barista  probability 20%  advance to bought }
stage bought "Bought" { record deal  owner barista  outcome won  final }
stage refused "Refused" { record deal  owner barista  outcome lost  from any open of deal  final }
stage due "Due" { record renewal  entry  owner barista  probability 80%  advance to renewed }
stage renewed "Renewed" { record renewal  owner barista  outcome won  final }
stage gone "Gone" { record renewal  owner barista  outcome lost  from any open of renewal  final }
"#,
    );
    let own = crm_settings(&[("schema", "built")]);
    let salesforce = crm_settings(&[("objects.renewal", "Opportunity")]);
    let others = [("dbt", &own), ("salesforce", &salesforce)];
    let languages = &process.languages;
    let context = Context {
        process: &process,
        languages,
        settings: &own,
        others: &others,
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    let project = written(&(target("dbt").emit)(&context));
    let name = "dbt_kinds";
    let database = postgres(name);
    database.accepts(
        "
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.record_type (id text, developer_name text);
INSERT INTO salesforce.record_type VALUES ('d', 'Brew_Deal'), ('r', 'Brew_Renewal');
CREATE TABLE salesforce.opportunity (id text, record_type_id text, is_deleted boolean);
INSERT INTO salesforce.opportunity VALUES ('1', 'd', false), ('2', 'r', false), ('3', 'd', true);
CREATE TABLE salesforce.opportunity_history (opportunity_id text, stage_name text, created_date timestamptz);
INSERT INTO salesforce.opportunity_history VALUES ('1', 'Tasting', '2026-03-10 09:00Z'), ('2', 'Due', '2026-03-11 09:00Z'),
  ('3', 'Tasting', '2026-03-12 09:00Z');
",
    );
    read_export(project.path(), name, "salesforce", "").unwrap();
    let stays =
        "SELECT concat_ws(' ', record, record_id, stage) FROM built.ekiden_stay ORDER BY record_id";
    assert_eq!(database.lines(stays), ["deal 1 tasting", "renewal 2 due"]);
}

/// The other shapes that the variable can describe: a column for each stage, and a change of a field; and
/// what happened to records: once, however often the two are associated.
#[test]
fn other_shapes_are_read() {
    let project = labs("fivetran");
    let name = "dbt_shapes";
    let database = postgres(name);
    database.accepts(
        "
CREATE SCHEMA hubspot;
CREATE TABLE hubspot.deal (deal_id bigint, hs_date_entered_labs_offer timestamp, hs_date_entered_labs_supplied timestamp);
INSERT INTO hubspot.deal VALUES (1, '2026-03-10 09:00', '2026-03-20 09:00');
CREATE TABLE hubspot.engagement_meeting (engagement_id bigint, property_hs_timestamp timestamp, _fivetran_deleted boolean);
INSERT INTO hubspot.engagement_meeting VALUES (5, '2026-03-12 10:00', false), (6, '2026-03-13 10:00', false), (7, NULL, false),
  (8, '2026-03-14 10:00', true);
CREATE TABLE hubspot.engagement_deal (engagement_id bigint, deal_id bigint, category text);
INSERT INTO hubspot.engagement_deal VALUES (5, 1, 'HUBSPOT_DEFINED'), (5, 1, 'USER_DEFINED'), (6, 99, 'HUBSPOT_DEFINED'),
  (7, 1, 'HUBSPOT_DEFINED'), (8, 1, 'HUBSPOT_DEFINED');
CREATE TABLE hubspot.engagements_emails (id text, properties_hs_timestamp text, properties_hs_email_direction text, deals jsonb, archived boolean);
INSERT INTO hubspot.engagements_emails VALUES
  ('a', '2026-03-16T07:30:00Z', 'INCOMING_EMAIL', '[\"1\", \"2\"]', false), ('b', '2026-03-16T08:00:00Z', 'EMAIL', '[\"1\"]', false),
  ('c', '2026-03-16T09:00:00Z', 'INCOMING_EMAIL', '[]', false), ('d', '2026-03-16T10:00:00Z', 'INCOMING_EMAIL', '[\"1\"]', true);
CREATE TABLE hubspot.lead (lead_id bigint, hs_date_entered_labs_found timestamp);
INSERT INTO hubspot.lead VALUES (3, '2026-03-01 09:00'), (5, '2026-03-02 09:00');
CREATE TABLE hubspot.deal_lead (deal_id bigint, lead_id bigint, category text, type_id bigint);
INSERT INTO hubspot.deal_lead VALUES (1, 3, 'HUBSPOT_DEFINED', 1), (1, 5, 'USER_DEFINED', 7), (1, 5, 'HUBSPOT_DEFINED', 1);
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.opportunity (id text, stage_name text, created_date timestamptz);
INSERT INTO salesforce.opportunity VALUES ('1', 'Supplied', '2026-03-10 09:00Z');
CREATE TABLE salesforce.opportunity_field_history
  (opportunity_id text, field text, old_value text, new_value text, created_date timestamptz);
INSERT INTO salesforce.opportunity_field_history VALUES ('1', 'StageName', 'Offer', 'Supplied', '2026-03-20 09:00Z');
CREATE TABLE salesforce.task (id text, what_id text, task_subtype text, completed_date_time timestamptz);
INSERT INTO salesforce.task VALUES ('a', '1', 'Call', '2026-03-15 09:00+01'), ('b', '1', 'Email', '2026-03-15 10:00Z'), ('c', '1', 'Call', NULL);
",
    );
    let hubspot = r#", "ekiden_hubspot": [{"record": "lead", "table": "lead", "id": "lead_id",
        "entered": "hs_date_entered_", "stages": ["labs_found"], "row": {"table": "lead", "id": "lead_id", "columns": {}}},
        {"record": "deal", "table": "deal", "id": "deal_id",
        "entered": "hs_date_entered_", "stages": ["labs_offer", "labs_supplied"],
        "row": {"table": "deal", "id": "deal_id", "columns": {}},
        "continues": {"record": "lead", "table": "deal_lead", "id": "deal_id", "from": "lead_id", "only": {"category": "USER_DEFINED", "type_id": 7}},
        "events": [{"name": "meeting_held", "table": "engagement_meeting", "id": "engagement_id", "at": "property_hs_timestamp",
          "deleted": "_fivetran_deleted", "through": {"table": "engagement_deal", "event": "engagement_id", "record": "deal_id"}},
          {"name": "answered", "table": "engagements_emails", "id": "id", "at": "properties_hs_timestamp", "record": "deals", "list": "record",
          "deleted": "archived", "only": {"properties_hs_email_direction": "INCOMING_EMAIL"}}]}]"#;
    let salesforce = r#", "ekiden_salesforce": [{"record": "deal", "table": "opportunity_field_history", "id": "opportunity_id",
        "field": "field", "property": "StageName", "old": "old_value", "value": "new_value", "at": "created_date",
        "began": {"table": "opportunity", "id": "id", "value": "stage_name", "at": "created_date"},
        "events": [{"name": "call_made", "table": "task", "id": "id", "at": "completed_date_time", "record": "what_id",
          "only": {"task_subtype": "Call"}}]}]"#;
    let meetings =
        &["deal 1 meeting_held 2026-03-12 10:00:00", "deal 1 answered 2026-03-16 07:30:00"];
    // Of the leads that a deal is associated with, the one with the label.
    for (crm, vars, happened, continued) in [
        ("hubspot", hubspot, meetings.as_slice(), ["deal 1 lead 5"].as_slice()),
        ("salesforce", salesforce, &["deal 1 call_made 2026-03-15 08:00:00"], &[]),
    ] {
        read_export(project.path(), name, crm, vars).unwrap();
        let stays = "SELECT concat_ws(' ', record_id, stage, entered_at, to_stage) \
             FROM built.ekiden_stay WHERE record = 'deal' ORDER BY entered_at";
        assert_eq!(
            database.lines(stays),
            ["1 offer 2026-03-10 09:00:00 supplied", "1 supplied 2026-03-20 09:00:00"],
            "{crm}"
        );
        let events = "SELECT concat_ws(' ', record, record_id, name, occurred_at) FROM built.stg_ekiden_event ORDER BY occurred_at";
        assert_eq!(database.lines(events), happened, "{crm}");
        let links = "SELECT concat_ws(' ', record, record_id, from_record, from_record_id) FROM built.stg_ekiden_link";
        assert_eq!(database.lines(links), continued, "{crm}");
    }
}

#[test]
fn undeclared_moves_are_found() {
    let project = project(&example("the_model"));
    let history = project.path().join("seeds/raw_ekiden_stage_history.csv");
    let rows = std::fs::read_to_string(&history).unwrap();
    // The first move of all comes from nowhere; said to come from the stage it enters, it is declared
    // by nothing.
    let (head, rest) = rows.split_once('\n').unwrap();
    let (first, rest) = rest.split_once('\n').unwrap();
    let cells: Vec<&str> = first.split(',').collect();
    let wrong =
        [cells[0], cells[1], cells[2], cells[1], cells[2], cells[6], cells[6], "", cells[8]]
            .join(",");
    std::fs::write(&history, format!("{head}\n{wrong}\n{rest}")).unwrap();
    let mut dbt = Command::new(root().join("tests/tools/dbt"));
    let select = ["--select", "+undeclared_moves"];
    let ran = dbt
        .args(["build", "--project", project.path().to_str().unwrap()])
        .args(select)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(!ran.status.success() && said.contains("undeclared_moves"), "{said}");
}
