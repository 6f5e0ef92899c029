//! What the export of a CRM tells of an operational table.

use super::dialect::kind;
use super::jinja::{call, model_name, string, template};
use super::staging::Staged;
use crate::emit::crm::one_line;
use crate::emit::sql::records::RecordTable;
use crate::emit::sql::schema::Column;
use crate::model::{EnumOption, FieldType, Id, Process};

/// What an export tells of a table.
pub(super) enum Told {
    /// Records: each with its row, the record it continues, and where it is.
    Records(Records),
    /// The chosen options of a `many of` field: each with its title, where that tells it.
    Chosen { record: String, owner: String, column: String, options: Vec<(String, Option<String>)> },
    /// The history of stages.
    History,
    /// What happened to records.
    Events,
    /// Nothing.
    Nothing,
}

/// The columns of a record's table, by what they hold.
pub(super) struct Records {
    record: String,
    id: String,
    /// The records it continues, nearest first: the column here, and the one in the model of the nearest.
    links: Vec<(String, Option<String>)>,
    /// The model of the nearest, and its id.
    nearest: Option<(String, String)>,
    place: Option<Place>,
    /// Title and name of the options of a field, where they differ.
    options: Vec<(String, Vec<(String, String)>)>,
}

struct Place {
    stage: String,
    entered: String,
    left: Option<String>,
}

impl Told {
    /// Of the table of a record type.
    pub(super) fn records(
        process: &Process,
        table: &RecordTable<'_>,
        all: &[RecordTable<'_>],
    ) -> Self {
        let nearest = table.links.first().and_then(|(of, _)| all.get(of.index()));
        let links = table.links.iter().map(|(of, column)| {
            let there = nearest.and_then(|near| near.links.iter().find(|(far, _)| far == of));
            (column.raw().to_owned(), there.map(|(_, column)| column.to_string()))
        });
        let options = table.fields.iter().filter_map(|column| {
            let FieldType::OneOf(options) = &process.fields[column.field].ty else { return None };
            let titled =
                options.iter().filter_map(|o| Some((title_of(o, options)?, o.name.clone())));
            Some((column.name.raw().to_owned(), titled.collect()))
        });
        Told::Records(Records {
            record: table.title.to_owned(),
            id: table.id.raw().to_owned(),
            links: links.collect(),
            nearest: nearest.map(|near| (format!("stg_{}", near.name.raw()), near.id.to_string())),
            place: table.position.as_ref().map(|position| Place {
                stage: position.stage.raw().to_owned(),
                entered: position.entered_at.raw().to_owned(),
                left: position.left_at.as_ref().map(|left| left.raw().to_owned()),
            }),
            options: options.collect(),
        })
    }

    /// Whether a column is told of every record: a test may ask for it.
    pub(super) fn always(&self, column: &Column) -> bool {
        match self {
            Told::Records(Records { place: Some(place), .. }) => {
                [&place.stage, &place.entered].into_iter().any(|name| name == column.name.raw())
            }
            Told::Records(_) => false,
            Told::Chosen { .. } | Told::History | Told::Events | Told::Nothing => column.required,
        }
    }
}

/// The title of an option, where it tells the option: it is neither its name nor another's.
pub(super) fn title_of(option: &EnumOption, all: &[EnumOption]) -> Option<String> {
    let title = one_line(&option.title.value);
    all.iter().all(|other| other.name != title).then_some(title)
}

/// The model of a table in front of an export.
pub(super) fn model(staged: &Staged) -> String {
    match &staged.told {
        Told::History => template(&call("ekiden_history", &[])),
        Told::Events => template(&call("ekiden_happened", &[])),
        Told::Records(records) => of_records(staged, records),
        Told::Chosen { record, owner, column, options } => {
            let select = staged.columns(|c| match c.name.raw() {
                name if name == owner => "p.owner".to_owned(),
                _ => "p.chosen".to_owned(),
            });
            let options: Vec<String> = options
                .iter()
                .map(|(name, title)| {
                    let spelled: Vec<String> = [Some(name), title.as_ref()]
                        .into_iter()
                        .flatten()
                        .map(|s| string(s))
                        .collect();
                    format!("{}: [{}]", string(name), spelled.join(", "))
                })
                .collect();
            let (record, column) = (string(record), string(column));
            format!(
                "SELECT\n{}\nFROM {{{{ ekiden_crm_chosen({record}, {column}, {{{}}}) }}}}",
                template(&select),
                options.join(", "),
            )
        }
        Told::Nothing => {
            let select = staged.columns(|column| nothing(staged, column));
            format!("SELECT\n{}\nFROM (SELECT 1 AS one) AS p\nWHERE 1 = 0", template(&select))
        }
    }
}

fn nothing(staged: &Staged, column: &Column) -> String {
    call("ekiden_cast", &["NULL", kind(&staged.staged_type(column))])
}

fn of_records(staged: &Staged, records: &Records) -> String {
    let record = string(&records.record);
    let mut lines = Vec::new();
    for column in &staged.table.columns {
        let value = of_record(staged, records, column, &record);
        lines.push(format!("    {value} AS {}", template(&column.name.to_string())));
    }
    let from = if records.place.is_some() { "ekiden_places" } else { "ekiden_things" };
    let further = records.links.iter().any(|(_, further)| further.is_some());
    let further = records.nearest.as_ref().filter(|_| further).map(|(model, id)| {
        let name = string(&model_name(model));
        format!(
            "\nLEFT JOIN {{{{ ref({name}) }}}} AS e ON {} = l.from_record_id",
            template(&format!("e.{id}"))
        )
    });
    format!(
        "{{%- set columns = ekiden_crm_row_columns({record}) -%}}\nSELECT\n{}\nFROM {{{{ {from}({record}, columns) }}}}{}{}",
        lines.join(",\n"),
        further.unwrap_or_default(),
        if records.place.is_some() { "\nWHERE p.latest = 1" } else { "" },
    )
}

/// The value of a column, as the text of a model.
fn of_record(staged: &Staged, records: &Records, column: &Column, record: &str) -> String {
    let raw = column.name.raw();
    if raw == records.id {
        return match records.place {
            Some(_) => "p.record_id".to_owned(),
            None => format!("{{{{ ekiden_thing_id({record}) }}}}"),
        };
    }
    if let Some(at) = records.links.iter().position(|(name, _)| name == raw) {
        let further = records.links.get(at).and_then(|(_, further)| further.as_ref());
        return match (at, further) {
            (0, _) => "l.from_record_id".to_owned(),
            (_, Some(further)) => template(&format!("e.{further}")),
            (_, None) => template(&nothing(staged, column)),
        };
    }
    if let Some(place) = &records.place {
        if raw == place.stage {
            return "p.stage".to_owned();
        } else if raw == place.entered {
            return "p.entered_at".to_owned();
        } else if place.left.as_deref() == Some(raw) {
            return "g.left_at".to_owned();
        }
    }
    let kind = kind(&staged.staged_type(column));
    let titled = records.options.iter().find(|(name, _)| name == raw);
    let options = titled.filter(|(_, titled)| !titled.is_empty()).map(|(_, titled)| {
        let each =
            titled.iter().map(|(title, name)| format!("{}: {}", string(title), string(name)));
        format!(", {{{}}}", each.collect::<Vec<_>>().join(", "))
    });
    let raw = string(raw);
    format!(
        "{{{{ ekiden_crm_field({record}, columns, {raw}, \"{kind}\"{}) }}}}",
        options.unwrap_or_default()
    )
}
