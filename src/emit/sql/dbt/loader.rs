//! How tools that load a CRM into a warehouse name what they land.
//!
//! The names were read in public sources, which the page of the target lists: those of Fivetran in its
//! own packages for both CRMs, those of Airbyte in the tables of its streams.

/// A tool that loads a CRM into a warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loader {
    /// Small letters and `_`: `opportunity_history`, `stage_name`, `property_amount`.
    Fivetran,
    /// As the CRM writes them: `OpportunityHistory`, `StageName`; `properties_amount`.
    Airbyte,
}

/// Where the history of a property of HubSpot lies.
pub(super) struct PropertyHistory {
    pub(super) table: &'static str,
    pub(super) id: &'static str,
    /// The column that names the property.
    pub(super) field: &'static str,
    /// The column that tells when it changed.
    pub(super) at: &'static str,
}

/// Where it is told which record of HubSpot goes with which.
pub(super) struct Association {
    pub(super) table: String,
    /// The column with the id of the later record, and the one with that of the earlier.
    pub(super) id: String,
    pub(super) from: String,
    /// Which of the two, `id` or `from`, lists several.
    pub(super) list: Option<&'static str>,
}

impl Loader {
    /// The words of the manifest.
    pub(super) const WORDS: &'static [(&'static str, Loader)] =
        &[("fivetran", Loader::Fivetran), ("airbyte", Loader::Airbyte)];

    /// A table or column of Salesforce by its API name.
    pub(super) fn name(self, api: &str) -> String {
        match self {
            Loader::Fivetran => snake(api),
            Loader::Airbyte => api.to_owned(),
        }
    }

    /// The column that tells which of several rows of a record holds now, where there may be several.
    pub(super) fn active(self) -> Option<&'static str> {
        (self == Loader::Fivetran).then_some("_fivetran_active")
    }

    /// The table of an object of HubSpot, and its id.
    pub(super) fn hubspot_object(self, object: &str) -> (String, String) {
        match self {
            Loader::Airbyte => (object.to_owned(), "id".to_owned()),
            Loader::Fivetran => {
                let one = one(object);
                let id = match object {
                    "contacts" | "companies" | "tickets" => "id".to_owned(),
                    _ if object.starts_with("p_") => "id".to_owned(),
                    _ => format!("{one}_id"),
                };
                (one, id)
            }
        }
    }

    /// Where the associations of objects may be, the likeliest first.
    pub(super) fn hubspot_associations(self, later: &str, earlier: &str) -> [Association; 2] {
        match self {
            // A table of pairs, called by both: `deal_contact`, `ticket_deal`.
            Loader::Fivetran => {
                let (later, earlier) = (one(later), one(earlier));
                [format!("{later}_{earlier}"), format!("{earlier}_{later}")].map(|table| {
                    Association {
                        table,
                        id: format!("{later}_id"),
                        from: format!("{earlier}_id"),
                        list: None,
                    }
                })
            }
            // A column of either object that lists the ids of the other: `contacts` of `deals`.
            Loader::Airbyte => {
                let place = |table: &str, id: &str, from: &str, list| Association {
                    table: table.to_owned(),
                    id: id.to_owned(),
                    from: from.to_owned(),
                    list: Some(list),
                };
                [place(later, "id", earlier, "from"), place(earlier, later, "id", "id")]
            }
        }
    }

    /// The column of a property of HubSpot.
    pub(super) fn hubspot_property(self, name: &str) -> String {
        match self {
            Loader::Fivetran => format!("property_{name}"),
            Loader::Airbyte => format!("properties_{name}"),
        }
    }

    /// The columns that tell of a record of HubSpot that it is gone. Fivetran has one for what HubSpot
    /// says, and one for what it does not find there any more.
    pub(super) fn hubspot_deleted(self) -> &'static [&'static str] {
        match self {
            Loader::Fivetran => &["is_deleted", "_fivetran_deleted"],
            Loader::Airbyte => &["archived"],
        }
    }

    /// The history of properties, of objects for which the tool lands one.
    pub(super) fn hubspot_history(self, object: &str) -> Option<PropertyHistory> {
        let (table, id, field, at) = match (self, object) {
            (Loader::Fivetran, "deals") => {
                ("deal_property_history", "deal_id", "name", "timestamp")
            }
            (Loader::Fivetran, "tickets") => {
                ("ticket_property_history", "ticket_id", "name", "timestamp_instant")
            }
            (Loader::Airbyte, "deals") => {
                ("deals_property_history", "dealId", "property", "timestamp")
            }
            _ => return None,
        };
        Some(PropertyHistory { table, id, field, at })
    }
}

/// What Fivetran calls an object of HubSpot: `deal`, `company`; one of your own without its `p_`.
fn one(object: &str) -> String {
    let own = object.strip_prefix("p_").map(str::to_ascii_lowercase);
    own.unwrap_or_else(|| match object.strip_suffix("ies") {
        Some(stem) => format!("{stem}y").to_ascii_lowercase(),
        None => object.strip_suffix('s').unwrap_or(object).to_ascii_lowercase(),
    })
}

/// `OpportunityFieldHistory` as `opportunity_field_history`, `Loss_Reason__c` as `loss_reason_c`.
fn snake(api: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in api.chars() {
        let word =
            c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if word || (c != '_' && before == '_' && !out.is_empty()) {
            out.push('_');
        }
        if c != '_' {
            out.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Loader, one, snake};

    #[test]
    fn names_become_small() {
        for (api, small) in [
            ("OpportunityFieldHistory", "opportunity_field_history"),
            ("Loss_Reason__c", "loss_reason_c"),
            ("Customer__History", "customer_history"),
            ("StageName", "stage_name"),
            ("Id", "id"),
            ("Stage__c", "stage_c"),
        ] {
            assert_eq!(snake(api), small);
        }
    }

    #[test]
    fn objects_of_hubspot_are_called_as_the_tools_call_them() {
        for (object, called) in [
            ("deals", "deal"),
            ("companies", "company"),
            ("contacts", "contact"),
            ("p_Machine", "machine"),
        ] {
            assert_eq!(one(object), called);
        }
        assert_eq!(Loader::Fivetran.hubspot_object("contacts"), ("contact".into(), "id".into()));
        assert_eq!(Loader::Fivetran.hubspot_object("deals"), ("deal".into(), "deal_id".into()));
        let [pairs, _] = Loader::Fivetran.hubspot_associations("deals", "contacts");
        assert_eq!(
            (pairs.table, pairs.id, pairs.from),
            ("deal_contact".into(), "deal_id".into(), "contact_id".into())
        );
    }
}
