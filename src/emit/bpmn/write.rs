//! The diagram as BPMN 2.0 XML.

use crate::emit::xml::Element;

use super::graph::{Flow, Graph, Kind, Node, Pool};
use super::layout::{Layout, Line};
use super::place::Rect;

const FEEL: &str = "https://www.omg.org/spec/DMN/20191111/FEEL/";

/// The document.
pub(super) fn document(graph: &Graph, layout: &Layout, process: &Names<'_>) -> String {
    let mut root = Element::new("bpmn:definitions")
        .with("xmlns:bpmn", "http://www.omg.org/spec/BPMN/20100524/MODEL")
        .with("xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI")
        .with("xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC")
        .with("xmlns:di", "http://www.omg.org/spec/DD/20100524/DI")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with("id", format!("Definitions_{}", process.name))
        .with("name", process.title)
        .with("targetNamespace", format!("urn:ekiden:{}", process.name))
        .with("expressionLanguage", FEEL)
        .with("exporter", "Ekiden");
    let mut collaboration = Element::new("bpmn:collaboration")
        .with("id", format!("Collaboration_{}", process.name))
        .with("name", process.title);
    collaboration = docs(collaboration, process.docs);
    for (pool, record) in graph.pools.iter().zip(process.records) {
        collaboration.push(
            Element::new("bpmn:participant")
                .with("id", format!("Pool_{record}"))
                .with("name", pool.title.as_str())
                .with("processRef", format!("Process_{record}")),
        );
    }
    for message in &graph.messages {
        collaboration.push(
            Element::new("bpmn:messageFlow")
                .with("id", message.id.as_str())
                .with("sourceRef", id(graph, message.from))
                .with("targetRef", id(graph, message.to)),
        );
    }
    root.push(collaboration);
    let of = Sorted::of(graph);
    for (at, (pool, record)) in graph.pools.iter().zip(process.records).enumerate() {
        root.push(process_of(graph, &of, at, pool, record));
    }
    root.push(diagram(graph, layout, process));
    root.document()
}

/// What the parts are called after.
pub(super) struct Names<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) docs: &'a [String],
    /// The record type of each pool.
    pub(super) records: &'a [&'a str],
}

fn id(graph: &Graph, node: usize) -> String {
    graph.nodes.get(node).map_or_else(String::new, |node| node.id.clone())
}

fn docs(element: Element, docs: &[String]) -> Element {
    if docs.is_empty() {
        return element;
    }
    element.child(Element::of("bpmn:documentation", docs.join("\n\n")))
}

/// The nodes of each pool, the flows of each pool and of each node.
struct Sorted {
    nodes: Vec<Vec<usize>>,
    flows: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    outgoing: Vec<Vec<usize>>,
}

impl Sorted {
    fn of(graph: &Graph) -> Self {
        let mut sorted = Self {
            nodes: vec![Vec::new(); graph.pools.len()],
            flows: vec![Vec::new(); graph.pools.len()],
            incoming: vec![Vec::new(); graph.nodes.len()],
            outgoing: vec![Vec::new(); graph.nodes.len()],
        };
        let add = |lists: &mut Vec<Vec<usize>>, at: usize, item: usize| {
            if let Some(list) = lists.get_mut(at) {
                list.push(item);
            }
        };
        for (at, node) in graph.nodes.iter().enumerate() {
            add(&mut sorted.nodes, node.pool, at);
        }
        for (at, flow) in graph.flows.iter().enumerate() {
            let pool = graph.nodes.get(flow.from).map_or(0, |node| node.pool);
            add(&mut sorted.flows, pool, at);
            add(&mut sorted.outgoing, flow.from, at);
            add(&mut sorted.incoming, flow.to, at);
        }
        sorted
    }
}

fn process_of(graph: &Graph, of: &Sorted, at: usize, pool: &Pool, record: &str) -> Element {
    let mut process = Element::new("bpmn:process")
        .with("id", format!("Process_{record}"))
        .with("name", pool.title.as_str())
        .with("isExecutable", "true");
    process = docs(process, &pool.docs);
    let nodes = of.nodes.get(at).map_or(&[][..], Vec::as_slice);
    let mut set = Element::new("bpmn:laneSet").with("id", format!("Lanes_{record}"));
    for (index, lane) in pool.lanes.iter().enumerate() {
        let mut element = Element::new("bpmn:lane")
            .with("id", lane.id.as_str())
            .with("name", lane.title.as_str());
        for node in nodes {
            if let Some(node) =
                graph.nodes.get(*node).filter(|node| node.lane == index && node.frame.is_none())
            {
                element.push(Element::of("bpmn:flowNodeRef", node.id.as_str()));
            }
        }
        set.push(element);
    }
    process.push(set);
    held(process, graph, of, at, None)
}

/// An element with the nodes and flows of a pool that stand in it: in a frame, or in none.
fn held(
    mut element: Element,
    graph: &Graph,
    of: &Sorted,
    pool: usize,
    frame: Option<usize>,
) -> Element {
    let is_here = |node: usize| graph.nodes.get(node).is_some_and(|node| node.frame == frame);
    for node in of.nodes.get(pool).into_iter().flatten().filter(|node| is_here(**node)) {
        element.push(node_of(graph, of, *node));
    }
    let flows = of.flows.get(pool).into_iter().flatten().filter_map(|flow| graph.flows.get(*flow));
    for flow in flows.filter(|flow| is_here(flow.from)) {
        element.push(flow_of(graph, flow));
    }
    element
}

fn node_of(graph: &Graph, of: &Sorted, at: usize) -> Element {
    let Some(node) = graph.nodes.get(at) else { return Element::new("bpmn:endEvent") };
    let tag = match node.kind {
        Kind::Start | Kind::MessageStart => "bpmn:startEvent",
        Kind::Join | Kind::Choice => "bpmn:exclusiveGateway",
        Kind::Task => "bpmn:userTask",
        Kind::Frame => "bpmn:subProcess",
        Kind::Limit => "bpmn:boundaryEvent",
        Kind::End | Kind::MessageEnd => "bpmn:endEvent",
    };
    let mut element = Element::new(tag).with("id", node.id.as_str());
    if !node.name.is_empty() {
        element = element.with("name", node.name.as_str());
    }
    let out = of.outgoing.get(at).map_or(&[][..], Vec::as_slice);
    let flow = |at: &usize| graph.flows.get(*at);
    if let Some(default) = out.iter().filter_map(flow).find(|flow| flow.default) {
        element = element.with("default", default.id.as_str());
    }
    if node.kind == Kind::Limit {
        let cell = graph.cells.get(node.cell);
        let task = cell.and_then(|cell| cell.frame.map(|frame| frame.node).or(cell.body));
        let task = task.map(|task| id(graph, task));
        element =
            element.with("cancelActivity", "false").with("attachedToRef", task.unwrap_or_default());
    }
    element = docs(element, &node.docs);
    for flow in of.incoming.get(at).into_iter().flatten().filter_map(flow) {
        element.push(Element::of("bpmn:incoming", flow.id.as_str()));
    }
    for flow in out.iter().filter_map(flow) {
        element.push(Element::of("bpmn:outgoing", flow.id.as_str()));
    }
    match node.kind {
        Kind::Frame => held(element, graph, of, node.pool, Some(at)),
        _ => definition(element, node),
    }
}

/// What an event waits for or sends, and who does a task.
fn definition(element: Element, node: &Node) -> Element {
    let formal =
        |name, text: &str| Element::of(name, text).with("xsi:type", "bpmn:tFormalExpression");
    match node.kind {
        Kind::MessageStart | Kind::MessageEnd => element.child(
            Element::new("bpmn:messageEventDefinition").with("id", format!("Event_{}", node.id)),
        ),
        Kind::Limit => {
            let mut event =
                Element::new("bpmn:timerEventDefinition").with("id", format!("Event_{}", node.id));
            event.push(match &node.time {
                Some(time) => formal("bpmn:timeDuration", time),
                // How long that is depends on when it begins: the engine knows.
                None => {
                    let stage = node.id.trim_start_matches("Limit_");
                    formal("bpmn:timeDuration", &format!("limits.{stage}")).with("language", FEEL)
                }
            });
            element.child(event)
        }
        Kind::Task => match &node.owner {
            Some(owner) => {
                let who = Element::new("bpmn:resourceAssignmentExpression")
                    .with("id", format!("Who_{}", node.id))
                    .child(
                        Element::of("bpmn:formalExpression", format!("\"{owner}\""))
                            .with("id", format!("Whose_{}", node.id)),
                    );
                element.child(
                    Element::new("bpmn:potentialOwner")
                        .with("id", format!("Owner_{}", node.id))
                        .with("name", owner.as_str())
                        .child(who),
                )
            }
            None => element,
        },
        Kind::Start | Kind::Frame | Kind::Join | Kind::Choice | Kind::End => element,
    }
}

fn flow_of(graph: &Graph, flow: &Flow) -> Element {
    let mut element = Element::new("bpmn:sequenceFlow").with("id", flow.id.as_str());
    if !flow.name.is_empty() {
        element = element.with("name", flow.name.as_str());
    }
    element = element.with("sourceRef", id(graph, flow.from)).with("targetRef", id(graph, flow.to));
    element = docs(element, &flow.docs);
    if let Some(condition) = &flow.condition {
        element.push(
            Element::of("bpmn:conditionExpression", condition.as_str())
                .with("xsi:type", "bpmn:tFormalExpression")
                .with("language", FEEL),
        );
    }
    element
}

fn bounds(name: &'static str, rect: Rect) -> Element {
    Element::new(name)
        .with("x", rect.x.to_string())
        .with("y", rect.y.to_string())
        .with("width", rect.width.to_string())
        .with("height", rect.height.to_string())
}

fn diagram(graph: &Graph, layout: &Layout, process: &Names<'_>) -> Element {
    let plane_of = format!("Collaboration_{}", process.name);
    let mut plane = Element::new("bpmndi:BPMNPlane")
        .with("id", format!("Plane_{}", process.name))
        .with("bpmnElement", plane_of);
    let shape = |of: &str| {
        Element::new("bpmndi:BPMNShape").with("id", format!("Shape_{of}")).with("bpmnElement", of)
    };
    let lanes = graph.pools.iter().zip(process.records).zip(layout.pools.iter().zip(&layout.lanes));
    for ((pool, record), (rect, rects)) in lanes {
        let element = shape(&format!("Pool_{record}")).with("isHorizontal", "true");
        plane.push(element.child(bounds("dc:Bounds", *rect)));
        for (lane, rect) in pool.lanes.iter().zip(rects) {
            let element = shape(&lane.id).with("isHorizontal", "true");
            plane.push(element.child(bounds("dc:Bounds", *rect)));
        }
    }
    for (node, (rect, label)) in graph.nodes.iter().zip(&layout.nodes) {
        let mut element = shape(&node.id);
        if matches!(node.kind, Kind::Join | Kind::Choice) {
            element = element.with("isMarkerVisible", "true");
        }
        if node.kind == Kind::Frame {
            element = element.with("isExpanded", "true");
        }
        element.push(bounds("dc:Bounds", *rect));
        if let Some(label) = label {
            element.push(Element::new("bpmndi:BPMNLabel").child(bounds("dc:Bounds", *label)));
        }
        plane.push(element);
    }
    let edges = graph.flows.iter().map(|flow| &flow.id).zip(&layout.flows);
    let messages = graph.messages.iter().map(|message| &message.id).zip(&layout.messages);
    for (id, line) in edges.chain(messages) {
        plane.push(edge(id, line));
    }
    Element::new("bpmndi:BPMNDiagram").with("id", format!("Diagram_{}", process.name)).child(plane)
}

fn edge(id: &str, line: &Line) -> Element {
    let mut element =
        Element::new("bpmndi:BPMNEdge").with("id", format!("Edge_{id}")).with("bpmnElement", id);
    for (x, y) in &line.points {
        element.push(Element::new("di:waypoint").with("x", x.to_string()).with("y", y.to_string()));
    }
    if let Some(label) = line.label {
        element.push(Element::new("bpmndi:BPMNLabel").child(bounds("dc:Bounds", label)));
    }
    element
}
