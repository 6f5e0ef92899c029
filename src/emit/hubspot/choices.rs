//! What the manifest chooses: objects, existing properties, pipeline labels.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level, closest, codes};
use crate::emit::crm::{
    TARGET_LOSS, ids, one_line, per_event, per_field, per_owner, per_record, per_score, per_stage,
};
use crate::emit::{Context, SettingValue};
use crate::model::{FieldId, Owner, RecordId, ScoreId, Stage, StageId};
use crate::source::Spanned;

use super::approvals::approver;
use super::scores::SCORED;

/// Name and meaning of each setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("objects", "the object that holds each record type: `{deal: deals, customer: p_customer}`"),
    ("fields", "the existing property that holds a field: `{deal.amount: amount}`"),
    ("pipelines", "the label of the pipeline of a record type: `{deal: Sales}`"),
    (
        "lifecycle",
        "the lifecycle stage of contacts when a record enters a stage: `{won: customer}`",
    ),
    (
        "lifecycle_stages",
        "lifecycle stages of your own that are made: `[Design partner]`; `lifecycle` may name them",
    ),
    (
        "approvers",
        "the ids of the users who approve what a role or team confirms: `{manager: [123]}`",
    ),
    ("scores", "the object whose records a score rates: `{interest: contacts}`"),
    (
        "score_fields",
        "the existing property of that object that holds a field a score reads: `{lead.email: email}`",
    ),
    ("events", "the id of the event of HubSpot that an event is: `{demo_watched: 4-1553675}`"),
    ("editors", "the ids of the teams that alone edit deals of a role or team: `{ae: [1001]}`"),
    (
        "closing_skips",
        "`false` if in your account a record may be closed from any stage, whatever may not be skipped",
    ),
];

/// Objects that HubSpot ships with pipelines.
const OBJECTS: &[&str] =
    &["deals", "tickets", "leads", "appointments", "courses", "listings", "orders", "services"];

/// The settings, read and checked.
#[derive(Debug)]
pub(super) struct Choices {
    /// The object of a record type.
    pub(super) objects: FxHashMap<RecordId, String>,
    /// The existing property that holds a field of a record type.
    pub(super) properties: FxHashMap<(RecordId, FieldId), String>,
    /// The label of a pipeline.
    pub(super) pipelines: FxHashMap<RecordId, String>,
    /// The lifecycle stage of contacts and companies, in the order of the manifest.
    pub(super) lifecycle: Vec<(StageId, Spanned<String>)>,
    /// Lifecycle stages that are made, by their labels.
    pub(super) lifecycle_stages: Vec<String>,
    /// The users who approve what an owner confirms.
    pub(super) approvers: FxHashMap<Owner, Vec<String>>,
    /// The teams that alone edit deals in the stages of an owner.
    pub(super) editors: FxHashMap<Owner, Vec<String>>,
    /// The object whose records a score rates.
    pub(super) scores: FxHashMap<ScoreId, String>,
    /// The existing property of scored records that holds a field.
    pub(super) scored: FxHashMap<FieldId, String>,
    /// The event of HubSpot that an event is.
    pub(super) events: FxHashMap<String, String>,
    /// Whether a record that is closed skips the stages before.
    pub(super) closing_skips: bool,
}

/// Reads the settings. Record types without a chosen object get one by their name: `lead` and
/// `deal`; the others get none.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    context.settings.reject_unknown("hubspot", &known, findings);

    let mut objects = FxHashMap::default();
    for (id, record) in context.process.records.iter() {
        match record.name.as_str() {
            "lead" => objects.insert(id, "leads".to_owned()),
            "deal" | "opportunity" => objects.insert(id, "deals".to_owned()),
            "ticket" => objects.insert(id, "tickets".to_owned()),
            _ => None,
        };
    }
    for (record, object) in per_record(context, "objects", findings) {
        if is_object(&object.value) {
            objects.insert(record, object.value);
            continue;
        }
        let message = format!("`{}` is no object with pipelines", object.value);
        let help = match closest(&object.value, OBJECTS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "use one of {}, or a custom object such as `p_customer`",
                OBJECTS.join(", ")
            ),
        };
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, object.span, message).help(help));
    }

    let properties = existing(context, "fields", findings).collect();
    let scored = existing(context, "score_fields", findings);
    let scored = scored.map(|((_, field), property)| (field, property)).collect();
    let (scores, events) = (scores(context, &objects, findings), events(context, findings));

    let pipelines = per_record(context, "pipelines", findings);
    let pipelines = pipelines.into_iter().map(|(record, label)| (record, label.value)).collect();
    let lifecycle_stages = lifecycle_stages(context, findings);
    let lifecycle = per_stage(context, "lifecycle", findings);
    let lifecycle =
        lifecycle.into_iter().filter(|(_, stage)| is_lifecycle(stage, &lifecycle_stages, findings));
    let lifecycle = lifecycle.collect();
    let mut per_owner = |setting: &str, what: &str| {
        let owners = per_owner(context, setting, findings);
        let owners = owners.into_iter().map(|(owner, all)| (owner, ids(all, what, findings)));
        owners.filter(|(_, ids)| !ids.is_empty()).collect()
    };
    let approvers = per_owner("approvers", "a user of HubSpot");
    let editors = per_owner("editors", "a team of HubSpot");
    without_deals(context, &objects, findings);
    without_stages(context, &objects, findings);
    let closing_skips = context.settings.boolean("closing_skips", findings).unwrap_or(true);
    Choices {
        objects,
        properties,
        pipelines,
        lifecycle,
        lifecycle_stages,
        approvers,
        editors,
        scores,
        scored,
        events,
        closing_skips,
    }
}

/// Properties that are there already, by field.
fn existing(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> impl Iterator<Item = ((RecordId, FieldId), String)> + use<> {
    let mut known = Vec::new();
    for (field, property) in per_field(context, setting, findings) {
        if is_property(&property.value) {
            known.push((field, property.value));
            continue;
        }
        let message = format!("`{}` is no name of a property", property.value);
        let help = "give the internal name of an existing property: `closedate`";
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, property.span, message).help(help));
    }
    known.into_iter()
}

/// What scores rate. Deals are rated as deals only: nothing else of the process is told there.
fn scores(
    context: &Context<'_>,
    objects: &FxHashMap<RecordId, String>,
    findings: &mut Vec<Diagnostic>,
) -> FxHashMap<ScoreId, String> {
    let mut scores = FxHashMap::default();
    for (id, object) in per_score(context, "scores", findings) {
        let score = &context.process.scores[id];
        let name = object.value.as_str();
        let is_deal = objects.get(&score.record).is_some_and(|object| object == "deals");
        let (message, help) = if !SCORED.contains(&name) {
            let help = match closest(name, SCORED.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use `contacts` or `companies`, or `deals` for a score of deals".to_owned(),
            };
            (format!("HubSpot does not score `{name}`"), help)
        } else if name == "deals" && !is_deal {
            let record = &context.process.records[score.record].name;
            let help = format!(
                "use `contacts` or `companies`, or let `objects` keep `{record}` as `deals`"
            );
            (format!("score `{}` is of `{record}`, which does not become a deal", score.name), help)
        } else {
            scores.insert(id, object.value);
            continue;
        };
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, object.span, message).help(help));
    }
    scores
}

/// The ids of events: that of the kind of object, a hyphen, and a number.
fn events(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> FxHashMap<String, String> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let mut events = FxHashMap::default();
    for (event, id) in per_event(context, "events", findings) {
        if id.value.split_once('-').is_some_and(|(kind, number)| digits(kind) && digits(number)) {
            events.insert(event, id.value);
            continue;
        }
        let message = format!("`{}` is no id of an event of HubSpot", id.value);
        let finding = Diagnostic::new(codes::INVALID_MANIFEST, id.span, message);
        findings.push(finding.help("give the event type id, such as `4-1553675`"));
    }
    events
}

/// Settings that only deals have, where nothing becomes a deal.
fn without_deals(
    context: &Context<'_>,
    objects: &FxHashMap<RecordId, String>,
    findings: &mut Vec<Diagnostic>,
) {
    let is_deal = |record: RecordId| objects.get(&record).is_some_and(|object| object == "deals");
    if context.process.stages.values().any(|stage| is_deal(stage.record)) {
        return;
    }
    for (name, what) in [("approvers", "approvals"), ("editors", "permissions to edit by stage")] {
        let Some(setting) = context.settings.values.get(name) else { continue };
        let message = format!("`{name}` has no effect: no record type with stages becomes deals");
        findings.push(
            Diagnostic::new(TARGET_LOSS, setting.key, message)
                .level(Level::Warning)
                .reason(format!("{what} are written for deals only"))
                .help("take it out, or set a record type to `deals` in `objects`"),
        );
    }
}

/// Roles and teams for which these settings say something that no stage of deals asks for.
fn without_stages(
    context: &Context<'_>,
    objects: &FxHashMap<RecordId, String>,
    findings: &mut Vec<Diagnostic>,
) {
    let process = context.process;
    let is_deal = |record: RecordId| objects.get(&record).is_some_and(|object| object == "deals");
    let stages: Vec<&Stage> =
        process.stages.values().filter(|stage| is_deal(stage.record)).collect();
    let owners: FxHashSet<Owner> = stages.iter().filter_map(|stage| stage.owner).collect();
    let asked = stages.iter().flat_map(|stage| stage.exit.iter().map(|id| (stage.owner, *id)));
    let approvers: FxHashSet<Owner> = asked
        .filter_map(|(owner, id)| approver(process, owner, &process.criteria[id].condition))
        .collect();
    for (name, known, why) in [
        ("approvers", approvers, "confirms an exit criterion of a stage of deals"),
        ("editors", owners, "owns a stage of deals"),
    ] {
        let Some(setting) = context.settings.values.get(name) else { continue };
        let SettingValue::Map(map) = &setting.value.value else { continue };
        let is_known =
            |given: &str| known.iter().any(|owner| process.owner_name(*owner).0 == given);
        let none = |given: &&String| !is_known(given) && !stages.is_empty();
        for given in map.values.keys().filter(none) {
            // What is no role or team has been told.
            let roles = process.roles.values().any(|role| role.name == *given);
            if !roles && !process.teams.values().any(|team| team.name == *given) {
                continue;
            }
            let Some(entry) = map.values.get(given) else { continue };
            let message = format!("`{name}` of `{given}` have no effect: `{given}` nowhere {why}");
            findings.push(
                Diagnostic::new(TARGET_LOSS, entry.key, message)
                    .level(Level::Warning)
                    .help("take it out, or name who does"),
            );
        }
    }
}

/// The lifecycle stages that HubSpot ships, in their order.
pub(super) const LIFECYCLE: &[&str] = &[
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
];

/// The lifecycle stages that are made. HubSpot tells them apart by their labels.
fn lifecycle_stages(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in context.settings.texts("lifecycle_stages", findings).into_iter().flatten() {
        let text = one_line(&label.value);
        // The ids of those that are shipped are their labels in small letters, without blanks.
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let same = |known: &str| plain(known) == plain(&text);
        let (message, help) = if text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty() {
            let help = "a number is the id of one that the account has: give `lifecycle` that";
            (format!("`{text}` is no label of a lifecycle stage"), help)
        } else if plain(&text).is_empty() {
            ("a lifecycle stage needs a label".to_owned(), "write what people see of it")
        } else if labels.iter().any(|known| same(known)) {
            (format!("the lifecycle stage `{text}` stands twice"), "take one of them out")
        } else if LIFECYCLE.iter().any(|known| same(known)) {
            let help = "use it in `lifecycle` as it is, and take it out here";
            (format!("HubSpot ships the lifecycle stage `{text}`"), help)
        } else {
            labels.push(text);
            continue;
        };
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, label.span, message).help(help));
    }
    labels
}

/// A shipped lifecycle stage, one that is made, or the id of one of the account: a number.
fn is_lifecycle(stage: &Spanned<String>, made: &[String], findings: &mut Vec<Diagnostic>) -> bool {
    let name = stage.value.as_str();
    if made.iter().any(|label| label == name)
        || LIFECYCLE.contains(&name)
        || (!name.is_empty() && name.chars().all(|c| c.is_ascii_digit()))
    {
        return true;
    }
    let known = made.iter().map(String::as_str).chain(LIFECYCLE.iter().copied());
    let help = match closest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "use one of {}, one that `lifecycle_stages` makes, or the id of one of your account, a number",
            LIFECYCLE.join(", ")
        ),
    };
    let message = format!("`{name}` is no lifecycle stage of HubSpot");
    findings.push(Diagnostic::new(codes::INVALID_MANIFEST, stage.span, message).help(help));
    false
}

/// A shipped object, a custom one by its name (`p_customer`) or by its id (`2-1234567`).
fn is_object(name: &str) -> bool {
    let custom = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let digits = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
    OBJECTS.contains(&name)
        || name.strip_prefix("p_").is_some_and(custom)
        || name.strip_prefix("2-").is_some_and(digits)
}

/// A letter, then lower-case letters, digits and underscores, at most 100 in all.
pub(super) fn is_property(name: &str) -> bool {
    name.len() <= 100
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
