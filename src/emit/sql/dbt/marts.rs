//! Marts: working time, moves that are allowed, and the numbers of the process.

use serde_json::{Map, Value, json};

use super::dialect::JINJA;
use super::jinja::{call, inert, model, model_name, template};
use crate::emit::Artifact;
use crate::emit::sql::expr::World;
use crate::emit::sql::numbers::{self, Numbers};
use crate::emit::sql::records::RecordTable;
use crate::emit::sql::schema::View;
use crate::emit::sql::violations;
use crate::emit::sql::work::WorkTime;
use crate::model::Id;

/// A model.
pub(super) struct Mart {
    pub(super) name: String,
    about: String,
    columns: Vec<(String, String)>,
    query: String,
    /// Whether it is the calendar that metrics are told by.
    is_spine: bool,
}

impl Mart {
    fn new(name: &str, about: &str, query: String) -> Self {
        let (name, about) = (name.to_owned(), about.to_owned());
        Self { name, about, columns: Vec::new(), query, is_spine: false }
    }

    fn of(view: View) -> Self {
        Self {
            name: model_name(view.name.raw()),
            about: view.comment,
            columns: view
                .columns
                .iter()
                .map(|(name, about)| ((*name).to_owned(), (*about).to_owned()))
                .collect(),
            query: view.query,
            is_spine: false,
        }
    }

    pub(super) fn model(&self) -> Artifact {
        let sql = format!("{}\n", template(&self.query));
        Artifact::text(format!("models/marts/{}.sql", self.name), sql)
    }

    pub(super) fn properties(&self) -> Value {
        let mut said = Map::new();
        said.insert("name".to_owned(), self.name.as_str().into());
        said.insert("description".to_owned(), inert(&self.about).into());
        if self.is_spine {
            said.insert("time_spine".to_owned(), json!({ "standard_granularity_column": "day" }));
        }
        let columns: Vec<Value> = self
            .columns
            .iter()
            .map(|(name, about)| {
                let mut column = Map::new();
                column.insert("name".to_owned(), name.as_str().into());
                column.insert("description".to_owned(), inert(about).into());
                if self.is_spine && name == "day" {
                    column.insert("granularity".to_owned(), "day".into());
                }
                Value::Object(column)
            })
            .collect();
        if !columns.is_empty() {
            said.insert("columns".to_owned(), columns.into());
        }
        Value::Object(said)
    }
}

/// Every mart, in no order: dbt finds its own.
pub(super) fn all(world: &World<'_>, prefix: &str) -> Vec<Mart> {
    let mut marts = vec![calendar(world.work, prefix), moves(), undeclared()];
    marts.extend(world.tables.iter().map(|table| events(table, world.tables)));
    marts.extend(numbers::views(&Numbers::new(world, prefix)).into_iter().map(Mart::of));
    marts.push(Mart::of(violations::view(world, prefix).0));
    marts
}

fn calendar(work: &WorkTime<'_>, prefix: &str) -> Mart {
    let table = work.table();
    let each: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let name = &column.name;
            let kind = super::dialect::kind(&column.ty);
            format!("    {} AS {name}", call("ekiden_cast", &[&format!("q.{name}"), kind]))
        })
        .collect();
    let query = format!("SELECT\n{}\nFROM (\n{}\n) AS q", each.join(",\n"), work.query(prefix));
    let mut mart = Mart::new("ekiden_calendar", &table.comment, query);
    let about = |column: &crate::emit::sql::schema::Column| {
        (column.name.raw().to_owned(), column.comment.clone().unwrap_or_default())
    };
    mart.columns = table.columns.iter().map(about).collect();
    mart.is_spine = true;
    mart
}

fn moves() -> Mart {
    let query = format!(
        "SELECT t.from_stage AS from_stage, t.to_stage AS to_stage,
    CASE WHEN COUNT(*) = 1 THEN MIN(t.name) END AS transition,
    CASE WHEN COUNT(*) = COUNT(t.at_most) THEN SUM(t.at_most) END AS at_most
FROM {} AS t
GROUP BY t.from_stage, t.to_stage",
        model("ekiden_transition")
    );
    let about = "From where to where a record may move; by which transition, where there is only one; how often, where every one is limited";
    Mart::new("ekiden_move", about, query)
}

fn undeclared() -> Mart {
    let query = format!(
        "SELECT h.id AS id, h.record AS record, h.record_id AS record_id,
    h.from_stage AS from_stage, h.to_stage AS to_stage, h.entered_at AS entered_at
FROM {} AS h
LEFT JOIN (
    SELECT DISTINCT t.from_stage AS from_stage, t.to_stage AS to_stage
    FROM {} AS t
) AS m ON m.from_stage = h.from_stage AND m.to_stage = h.to_stage
WHERE h.from_stage IS NOT NULL AND m.to_stage IS NULL",
        model("ekiden_stage_history"),
        model("ekiden_transition")
    );
    Mart::new("ekiden_undeclared_move", "Moves that the process does not declare", query)
}

/// What happened to the records of a type, and to those they continue.
fn events(table: &RecordTable<'_>, tables: &[RecordTable<'_>]) -> Mart {
    let event = model("ekiden_event");
    let title = |title: &str| JINJA.text(title);
    let mut query = format!(
        "SELECT e.record_id AS record_id, e.name AS name, e.occurred_at AS occurred_at
FROM {event} AS e
WHERE e.record = {}",
        title(table.title)
    );
    for (earlier, link) in &table.links {
        let Some(earlier) = tables.get(earlier.index()) else { continue };
        query.push_str(&format!(
            "
UNION ALL
SELECT r.{} AS record_id, e.name AS name, e.occurred_at AS occurred_at
FROM {event} AS e
JOIN {} AS r ON r.{link} = e.record_id
WHERE e.record = {}",
            table.id,
            table.name,
            title(earlier.title)
        ));
    }
    let about = format!("What happened to each {}", table.title);
    Mart::new(&model_name(table.events.raw()), &about, query)
}
