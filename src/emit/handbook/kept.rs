//! Where fields are kept: the column in a database, the field of a CRM, by the names that the targets
//! for them give.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::emit::crm::{self, context_of};
use crate::emit::{Context, hubspot, pipedrive, salesforce, sql};
use crate::model::FieldId;

/// Where a system keeps each field that it keeps.
type Places = FxHashMap<FieldId, String>;

/// What a CRM is called, and how its target tells where it keeps what.
type Crm = (&'static str, &'static str, fn(&Context<'_>) -> Vec<crm::Held>);

/// The targets that write the fields of a CRM.
const CRMS: &[Crm] = &[
    ("salesforce", "Salesforce", salesforce::held),
    ("hubspot", "HubSpot", hubspot::held),
    ("pipedrive", "Pipedrive", pipedrive::held),
];

/// The systems that the manifest names, and where each keeps the fields.
#[derive(Debug, Default)]
pub(in crate::emit) struct Kept {
    databases: Vec<(&'static str, Places)>,
    others: Vec<(&'static str, Places)>,
}

/// Where one system keeps a field.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(in crate::emit) struct KeptIn {
    /// `SQL`, `PostgreSQL`, `Salesforce`
    system: &'static str,
    /// `lead.email`, `Lead.Email`
    place: String,
}

impl Kept {
    /// What the manifest names. What is built by default is not what people work in.
    pub(in crate::emit) fn of(context: &Context<'_>) -> Self {
        let named = |target: &str| context.others.iter().any(|(name, _)| *name == target);
        let mut kept = Self::default();
        if named("sql") {
            let all = sql::columns(&context_of(context, "sql"));
            kept.databases =
                all.into_iter().map(|(system, places)| (system, map(places))).collect();
        }
        if named("dbt") {
            kept.others.push(("dbt", map(sql::dbt::columns(context))));
        }
        for (target, system, held) in CRMS.iter().filter(|(target, ..)| named(target)) {
            let all = held(&context_of(context, target)).into_iter().flat_map(|held| {
                let place = move |(field, name)| (field, format!("{}.{name}", held.object));
                held.fields.into_iter().map(place)
            });
            kept.others.push((system, all.collect()));
        }
        kept
    }

    /// Where a field is kept, system by system.
    pub(in crate::emit) fn field(&self, field: FieldId) -> Vec<KeptIn> {
        let at = |(system, places): &(&'static str, Places)| {
            Some(KeptIn { system, place: places.get(&field)?.clone() })
        };
        let mut all: Vec<KeptIn> = self.databases.iter().filter_map(at).collect();
        // Several databases differ only where one of them takes no name so long.
        if let [first, rest @ ..] = all.as_mut_slice()
            && !rest.is_empty()
            && rest.iter().all(|other| other.place == first.place)
        {
            first.system = "SQL";
            all.truncate(1);
        }
        all.extend(self.others.iter().filter_map(at));
        all
    }
}

fn map(places: Vec<(FieldId, String)>) -> Places {
    places.into_iter().collect()
}
