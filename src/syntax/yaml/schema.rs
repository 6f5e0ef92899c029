//! The JSON Schema (draft 2020-12) of the notation, printed from the tables.

use serde_json::{Map, Value, json};

use crate::source::FileId;

use super::table::{Clause, FILE, Key, Mode, Shape, Table};
use super::tree::{Kind, NodeRef, Style, Tree};

/// The JSON Schema of a `*.ekiden.yaml` file, for editors and other programs. It says what may
/// stand where; what a name or a condition means, only the compiler can tell.
pub fn schema() -> Value {
    document(&FILE, "ekiden.schema.json", "Ekiden process")
}

/// The JSON Schema of a file whose top is `root`.
pub(crate) fn document(root: &'static Table, id: &str, title: &str) -> Value {
    let mut printer = Printer { definitions: Map::new() };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".to_owned(), json!(id));
    schema.insert("title".to_owned(), json!(title));
    if let Value::Object(top) = printer.mapping(root) {
        schema.extend(top.into_iter().filter(|(key, _)| key != "title"));
    }
    // In the order in which they are first needed.
    schema.insert("$defs".to_owned(), Value::Object(printer.definitions));
    Value::Object(schema)
}

struct Printer {
    definitions: Map<String, Value>,
}

impl Printer {
    /// A reference to a definition, which is made when it is first needed.
    fn refer(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            // The place is taken first: a condition contains conditions.
            self.definitions.insert(name.to_owned(), Value::Null);
            let definition = make(self);
            self.definitions.insert(name.to_owned(), definition);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn mapping(&mut self, table: &'static Table) -> Value {
        let mut schema = Map::new();
        schema.insert("title".to_owned(), json!(table.noun()));
        schema.insert("description".to_owned(), json!(table.doc));
        schema.insert("type".to_owned(), json!("object"));
        let properties: Map<String, Value> =
            table.keys.iter().map(|key| (key.name.to_owned(), self.property(key))).collect();
        schema.insert("properties".to_owned(), Value::Object(properties));
        let required: Vec<&str> =
            table.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        let others = match table.mode {
            Mode::Open(shape) => self.shape(shape),
            Mode::Any => json!(false),
            Mode::One => {
                schema.insert("minProperties".to_owned(), json!(1));
                schema.insert("maxProperties".to_owned(), json!(1));
                json!(false)
            }
        };
        schema.insert("additionalProperties".to_owned(), others);
        Value::Object(schema)
    }

    fn property(&mut self, key: &'static Key) -> Value {
        let shape = self.shape(&key.shape);
        let mut schema = Map::new();
        schema.insert("description".to_owned(), json!(key.doc));
        if let Value::Object(shape) = shape {
            schema.extend(shape);
        }
        schema.insert("examples".to_owned(), json!([value_of(key.example)]));
        Value::Object(schema)
    }

    fn table(&mut self, table: &'static Table) -> Value {
        self.refer(table.id, |printer| printer.mapping(table))
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Text => self.refer("text", |_| text()),
            Shape::Path(_) => self.refer("field-path", |_| path()),
            Shape::Name(_) => self.refer("name", |_| name()),
            Shape::Names(_) => self.refer("names", |p| or_list(p.refer("name", |_| name()))),
            Shape::Paths => self.refer("fields", |p| or_list(p.refer("field-path", |_| path()))),
            Shape::Labels(_) => self.refer("labels", |p| {
                let text = p.refer("text", |_| text());
                let name = p.refer("name", |_| name());
                let titled = json!({
                    "type": "object",
                    "properties": { "name": name, "title": text.clone() },
                    "required": ["name", "title"],
                    "additionalProperties": false
                });
                or_list(json!({ "anyOf": [text, titled] }))
            }),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Whole => json!({ "type": "integer", "minimum": 0 }),
            Shape::Number => {
                json!({ "type": ["number", "string"], "pattern": "^[+-]?[0-9][0-9_]*(\\.[0-9]+)?$" })
            }
            Shape::Percent => self.refer("percent", |_| {
                json!({
                    "description": "A percentage: `40%`, or the number 40.",
                    "type": ["number", "string"],
                    "pattern": "^[0-9][0-9_]*(\\.[0-9]+)?%$",
                    "minimum": 0
                })
            }),
            Shape::Date => self.refer("date", |_| date()),
            Shape::Dates => self.refer("dates", |p| or_list(p.refer("date", |_| date()))),
            Shape::Verbatim(_) => json!({ "type": ["string", "number"] }),
            Shape::Languages => or_list(self.refer("language", |_| language())),
            Shape::Word(words) => json!({ "enum": words }),
            Shape::Rule => json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$" }),
            Shape::Expr => self.refer("expression", Self::expression),
            Shape::Clause(clause) => self.refer(clause.id, |printer| printer.clause(clause)),
            Shape::Table(table) if table.keys.iter().any(|key| key.required) => self.table(table),
            Shape::Table(table) => nullable(self.table(table)),
            Shape::List(_, item) => or_list(self.shape(item)),
            Shape::Or(one, other) => json!({ "anyOf": [self.shape(one), self.shape(other)] }),
            Shape::Options => self.refer("options", |printer| {
                let option = printer.shape(&super::table::OPTIONS);
                let names = json!({ "type": "array", "items": printer.refer("name", |_| name()) });
                json!({ "anyOf": [names, option] })
            }),
            Shape::Named(_, item) => {
                let value = match self.shape(item) {
                    // A name alone: a role without a title, for instance.
                    value if matches!(item, Shape::Clause(clause) if clause.titled) => {
                        nullable(value)
                    }
                    value => value,
                };
                json!({
                    "type": ["object", "null"],
                    "propertyNames": self.refer("name", |_| name()),
                    "additionalProperties": value
                })
            }
            Shape::Any => json!({}),
        }
    }

    fn clause(&mut self, clause: &'static Clause) -> Value {
        let mut forms = vec![json!({
            "description": format!("As the DSL writes it: {}.", clause.what),
            "type": ["string", "number"],
            "examples": [value_of_text(clause.example)]
        })];
        if clause.flag {
            forms.push(json!({ "type": "boolean" }));
        }
        if clause.titled {
            forms.push(self.refer("text", |_| text()));
        }
        if let Some(table) = clause.table {
            forms.push(self.table(table));
        }
        json!({ "anyOf": forms })
    }

    fn expression(&mut self) -> Value {
        let mapping = self.table(&super::table::EXPR);
        json!({
            "description": "A condition: as the DSL writes it, a list of conditions that must all hold, or a mapping.",
            "anyOf": [
                { "type": ["string", "boolean"], "examples": ["amount > 0 JPY and email is present"] },
                { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/expression" } },
                mapping
            ]
        })
    }
}

fn text() -> Value {
    json!({
        "description": "A text for people: one, or a mapping from languages to texts whose first is the main one.",
        "anyOf": [
            { "type": ["string", "number", "boolean"] },
            {
                "type": "object",
                "propertyNames": language(),
                "additionalProperties": { "type": ["string", "number", "boolean"] },
                "minProperties": 1
            }
        ]
    })
}

fn name() -> Value {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]*$" })
}

fn path() -> Value {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$" })
}

fn date() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn language() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z]{2}(-[A-Za-z0-9]{2,8})*$" })
}

/// One of these, or a list of them.
fn or_list(item: Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

fn nullable(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn value_of_text(text: &str) -> Value {
    json!(text)
}

/// An example of a table as JSON.
fn value_of(example: &str) -> Value {
    let mut findings = Vec::new();
    let tree = Tree::read(FileId(0), example, &mut findings);
    let root = tree.roots().next();
    root.map_or(Value::Null, json_of)
}

/// A YAML value as JSON, by the rules of YAML 1.2. Recursion is bounded: the tree is.
fn json_of(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Scalar(scalar) if scalar.style == Style::Plain => {
            let value = scalar.value.as_ref();
            match value {
                "true" => json!(true),
                "false" => json!(false),
                _ => match value.parse::<i64>() {
                    Ok(number) => json!(number),
                    Err(_) => json!(value),
                },
            }
        }
        Kind::Scalar(scalar) => json!(scalar.value),
        Kind::Sequence(_) => node.items().into_iter().flatten().map(json_of).collect(),
        Kind::Mapping(_) => Value::Object(
            node.entries()
                .into_iter()
                .flatten()
                .filter_map(|(key, value)| Some((key.scalar()?.value.to_string(), json_of(value))))
                .collect(),
        ),
        Kind::Null | Kind::Alias(_) | Kind::Broken => Value::Null,
    }
}
