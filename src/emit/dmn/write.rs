//! The decisions as DMN 1.3 XML.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use crate::emit::feel::{Feel, quoted};
use crate::emit::xml::Element;
use crate::model::{FieldType, RecordId};

use super::model::{Builder, Decision, Input, Logic, Need};

const FEEL: &str = "https://www.omg.org/spec/DMN/20191111/FEEL/";

/// The document.
pub(super) fn document(builder: &Builder<'_>, name: &str, title: &str) -> String {
    let mut root = Element::new("definitions")
        .with("xmlns", "https://www.omg.org/spec/DMN/20191111/MODEL/")
        .with("xmlns:dmndi", "https://www.omg.org/spec/DMN/20191111/DMNDI/")
        .with("xmlns:dc", "http://www.omg.org/spec/DMN/20180521/DC/")
        .with("xmlns:di", "http://www.omg.org/spec/DMN/20180521/DI/")
        .with("id", format!("Definitions_{name}"))
        .with("name", title)
        .with("namespace", format!("urn:ekiden:{name}"))
        .with("expressionLanguage", FEEL)
        .with("typeLanguage", FEEL)
        .with("exporter", "Ekiden");
    let inputs = inputs(builder);
    for input in &inputs {
        root.push(item(builder, *input));
    }
    for input in &inputs {
        let name = builder.input_name(*input);
        let mut element =
            Element::new("inputData").with("id", format!("Input_{name}")).with("name", name);
        if let Input::Record(id) = input {
            element = element.with("label", builder.text(&builder.process.records[*id].title));
        }
        let variable = variable(&format!("Input_{name}"), name, &type_name(name));
        root.push(element.child(variable));
    }
    for decision in &builder.decisions {
        root.push(decision_of(builder, decision));
    }
    root.push(diagram(builder, &inputs, name));
    root.document()
}

fn type_name(name: &str) -> String {
    format!("t_{name}")
}

fn variable(of: &str, name: &str, ty: &str) -> Element {
    Element::new("variable")
        .with("id", format!("Variable_{of}"))
        .with("name", name)
        .with("typeRef", ty)
}

/// What is given to any decision, each once.
fn inputs(builder: &Builder<'_>) -> IndexSet<Input> {
    let needs = builder.decisions.iter().flat_map(|decision| &decision.needs);
    needs
        .filter_map(|need| match need {
            Need::Input(input) => Some(*input),
            Need::Decision(_) => None,
        })
        .collect()
}

fn component(of: &str, name: &str, ty: &str) -> Element {
    Element::new("itemComponent")
        .with("id", format!("Part_{of}_{name}"))
        .with("name", name)
        .child(Element::of("typeRef", ty))
}

/// The type of something given.
fn item(builder: &Builder<'_>, input: Input) -> Element {
    let name = builder.input_name(input);
    let mut element = Element::new("itemDefinition")
        .with("id", format!("Type_{name}"))
        .with("name", type_name(name));
    match input {
        Input::Record(id) => return record(builder, id, name, element),
        Input::Clock => {
            element.push(component(name, "now", "dateTime"));
            element.push(component(name, "entered", "dateTime"));
        }
        Input::Events => {
            element = element.with("isCollection", "true");
            element.push(component(name, "type", "string"));
            element.push(component(name, "at", "dateTime"));
        }
        Input::Confirmed => {
            for confirmation in builder.process.confirmations.values() {
                element.push(component(name, &confirmation.key, "boolean"));
            }
        }
        Input::Answers => {
            for (question, answer) in builder.feel.asked() {
                let part = Element::new("itemComponent")
                    .with("id", format!("Part_{name}_{answer}"))
                    .with("name", answer)
                    .with("label", question)
                    .child(Element::of("typeRef", "boolean"));
                element.push(part);
            }
        }
    }
    element
}

fn record(builder: &Builder<'_>, id: RecordId, name: &str, mut element: Element) -> Element {
    for id in &builder.process.records[id].fields {
        let field = &builder.process.fields[*id];
        let mut part = Element::new("itemComponent")
            .with("id", format!("Part_{name}_{}", field.name))
            .with("name", field.name.as_str())
            .with("label", builder.text(&field.title));
        if matches!(field.ty, FieldType::ManyOf(_)) {
            part = part.with("isCollection", "true");
        }
        part.push(Element::of("typeRef", Feel::type_of(&field.ty)));
        let options: Vec<String> =
            field.ty.options().iter().map(|option| quoted(&option.name)).collect();
        if !options.is_empty() {
            part.push(
                Element::new("allowedValues")
                    .with("id", format!("Values_{name}_{}", field.name))
                    .child(Element::of("text", options.join(", "))),
            );
        }
        element.push(part);
    }
    element
}

fn requirement(builder: &Builder<'_>, of: &str, need: &Need) -> Element {
    let (kind, to) = match need {
        Need::Input(input) => ("requiredInput", format!("Input_{}", builder.input_name(*input))),
        Need::Decision(name) => ("requiredDecision", format!("Decision_{name}")),
    };
    Element::new("informationRequirement")
        .with("id", format!("Needs_{of}.{to}"))
        .child(Element::new(kind).with("href", format!("#{to}")))
}

fn decision_of(builder: &Builder<'_>, decision: &Decision) -> Element {
    let name = &decision.name;
    let mut element = Element::new("decision")
        .with("id", format!("Decision_{name}"))
        .with("name", name.as_str())
        .with("label", decision.label.as_str());
    if let Some(about) = &decision.about {
        element.push(Element::of("description", about.as_str()));
    }
    if let Some(question) = &decision.question {
        element.push(Element::of("question", question.as_str()));
    }
    element.push(variable(&format!("Decision_{name}"), name, decision.ty));
    for need in &decision.needs {
        element.push(requirement(builder, name, need));
    }
    element.push(match &decision.logic {
        Logic::Expression(text) => Element::new("literalExpression")
            .with("id", format!("Logic_{name}"))
            .with("typeRef", decision.ty)
            .child(Element::of("text", text.as_str())),
        Logic::Table { .. } => table(decision),
    });
    element
}

fn table(decision: &Decision) -> Element {
    let name = &decision.name;
    let Logic::Table { sum, inputs, rules, output } = &decision.logic else {
        return Element::new("decisionTable");
    };
    let mut table = Element::new("decisionTable").with("id", format!("Logic_{name}"));
    table = if *sum {
        table.with("hitPolicy", "COLLECT").with("aggregation", "SUM")
    } else {
        table.with("hitPolicy", "FIRST")
    };
    for (at, input) in inputs.iter().enumerate() {
        let mut element = Element::new("input").with("id", format!("Column_{name}.{at}"));
        if !input.label.is_empty() {
            element = element.with("label", input.label.as_str());
        }
        table.push(
            element.child(
                Element::new("inputExpression")
                    .with("id", format!("Asked_{name}.{at}"))
                    .with("typeRef", input.ty)
                    .child(Element::of("text", input.expression.as_str())),
            ),
        );
    }
    table.push(
        Element::new("output")
            .with("id", format!("Output_{name}"))
            .with("label", decision.label.as_str())
            .with("name", *output)
            .with("typeRef", decision.ty),
    );
    for (at, rule) in rules.iter().enumerate() {
        let mut element = Element::new("rule").with("id", format!("Rule_{name}.{at}"));
        if !rule.about.is_empty() {
            element.push(Element::of("description", rule.about.as_str()));
        }
        for (column, cell) in rule.cells.iter().enumerate() {
            element.push(
                Element::new("inputEntry")
                    .with("id", format!("Cell_{name}.{at}.{column}"))
                    .child(Element::of("text", cell.as_str())),
            );
        }
        element.push(
            Element::new("outputEntry")
                .with("id", format!("Result_{name}.{at}"))
                .child(Element::of("text", rule.output.as_str())),
        );
        table.push(element);
    }
    table
}

const WIDTH: i32 = 180;
const HEIGHT: i32 = 80;
const PITCH: i32 = 230;
const STEP: i32 = 150;

/// The requirements as a picture: what is given lies below, each decision above what it needs.
fn diagram(builder: &Builder<'_>, inputs: &IndexSet<Input>, name: &str) -> Element {
    let mut depth: FxHashMap<&str, i32> = FxHashMap::default();
    // What a decision needs may be declared behind it; a circle ends by itself.
    for _ in 0..builder.decisions.len().min(50) {
        let mut changed = false;
        for decision in &builder.decisions {
            let below = decision.needs.iter().filter_map(|need| match need {
                Need::Decision(name) => depth.get(name.as_str()).copied(),
                Need::Input(_) => None,
            });
            let own = below.max().unwrap_or(0) + 1;
            changed |= depth.insert(&decision.name, own) != Some(own);
        }
        if !changed {
            break;
        }
    }
    let highest = depth.values().copied().max().unwrap_or(0);
    let mut place: FxHashMap<String, (i32, i32)> = FxHashMap::default();
    let mut filled: FxHashMap<i32, i32> = FxHashMap::default();
    let mut put = |id: String, level: i32| {
        let at = filled.entry(level).or_insert(0);
        place.insert(id, (60 + *at * PITCH, 60 + (highest - level) * STEP));
        *at += 1;
    };
    for input in inputs {
        put(format!("Input_{}", builder.input_name(*input)), 0);
    }
    for decision in &builder.decisions {
        let level = depth.get(decision.name.as_str()).copied().unwrap_or(1);
        put(format!("Decision_{}", decision.name), level);
    }
    let mut diagram = Element::new("dmndi:DMNDiagram").with("id", format!("Diagram_{name}"));
    let shape = |id: &str, (x, y): (i32, i32), height: i32| {
        Element::new("dmndi:DMNShape")
            .with("id", format!("Shape_{id}"))
            .with("dmnElementRef", id)
            .child(
                Element::new("dc:Bounds")
                    .with("height", height.to_string())
                    .with("width", WIDTH.to_string())
                    .with("x", x.to_string())
                    .with("y", y.to_string()),
            )
    };
    let at = |id: &str| place.get(id).copied().unwrap_or((0, 0));
    for input in inputs {
        let id = format!("Input_{}", builder.input_name(*input));
        diagram.push(shape(&id, at(&id), 45));
    }
    for decision in &builder.decisions {
        let id = format!("Decision_{}", decision.name);
        diagram.push(shape(&id, at(&id), HEIGHT));
    }
    for decision in &builder.decisions {
        let (x, y) = at(&format!("Decision_{}", decision.name));
        for need in &decision.needs {
            let to = match need {
                Need::Input(input) => format!("Input_{}", builder.input_name(*input)),
                Need::Decision(name) => format!("Decision_{name}"),
            };
            let (below_x, below_y) = at(&to);
            let id = format!("Needs_{}.{to}", decision.name);
            let point = |x: i32, y: i32| {
                Element::new("di:waypoint").with("x", x.to_string()).with("y", y.to_string())
            };
            diagram.push(
                Element::new("dmndi:DMNEdge")
                    .with("id", format!("Edge_{id}"))
                    .with("dmnElementRef", id)
                    .child(point(below_x + WIDTH / 2, below_y))
                    .child(point(x + WIDTH / 2, y + HEIGHT)),
            );
        }
    }
    Element::new("dmndi:DMNDI").child(diagram)
}
