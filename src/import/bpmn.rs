//! A diagram of BPMN 2.0: tasks are stages, lanes are teams, ways through gateways are moves.

mod order;
mod text;
mod ways;

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};

use self::text::first_paragraph;
use super::names::slug;
use super::report::{Report, code};
use super::xml::{self, Element};
use super::{
    Imported, MOST_MOVES, MOST_STAGES, Pipeline, Refused, Stage, outcome_by_title, settled, title,
    too_many, word,
};
use crate::model::Outcome;

/// What is work, and so a stage.
const WORK: &[&str] = &[
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "adHocSubProcess",
    "transaction",
];
const GATEWAYS: &[&str] = &[
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
    "complexGateway",
];
const EVENTS: &[&str] = &[
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
];
/// What is about the drawing, and parts that are read where they are used.
const QUIET: &[&str] = &[
    "laneSet",
    "documentation",
    "extensionElements",
    "sequenceFlow",
    "property",
    "ioSpecification",
];
/// Ends that say nothing but that it ends.
const PLAIN: &[&str] = &["end", "finish", "done", "stop", "끝", "종료", "終わり", "終了"];

/// Reads a diagram.
pub(crate) fn read(text: &str) -> Result<Imported, Refused> {
    let root = xml::parse_any(&(String::new(), text.to_owned())).map_err(|refused| Refused {
        message: refused.message.replace("`` ", "").replace(": ``", ""),
        help: "export it once more, as BPMN 2.0".to_owned(),
    })?;
    if root.name != "definitions" || root.children.iter().all(|child| child.name != "process") {
        let message = format!("is no diagram of BPMN: it holds {}", code(&root.name));
        return Err(Refused::new(message, "export it once more, as BPMN 2.0"));
    }
    Reader::of(&root).read()
}

/// A node of a diagram.
struct Node<'a> {
    element: &'a Element,
    /// Of a frame without a name around one task: the task, which it is.
    work: Option<&'a Element>,
    /// The pipeline it belongs to, by its place.
    pool: usize,
    /// The name of its lane.
    lane: Option<&'a str>,
    out: Vec<&'a Element>,
    incoming: usize,
    /// What stands on its border.
    borders: Vec<&'a str>,
    /// Its stage in the pipeline.
    stage: Option<usize>,
}

struct Reader<'a> {
    nodes: IndexMap<&'a str, Node<'a>>,
    pipelines: Vec<Pipeline>,
    /// Of each message flow: where it comes from and where it goes.
    messages: Vec<(&'a str, &'a str)>,
    /// The frame that each task in one stands in.
    frames: FxHashMap<&'a str, &'a str>,
    /// Ends whose name does not say how, by their pipeline and their place in it, and whether a build
    /// has written them.
    ends: Vec<(usize, usize, bool)>,
    report: Report,
}

/// What the identifiers of stages begin with that a build has written: their names follow. What others
/// draw has identifiers of its own, such as `Activity_0k3x9ab`.
const BUILT: &str = "Stage_";

fn is_built(id: &str) -> bool {
    id.strip_prefix(BUILT).is_some_and(|name| slug(name).as_deref() == Some(name))
}

/// What a stage may be called by its identifier: the name that a build has written there, or what somebody
/// has thought of. A tool makes up `Activity_0k3x9ab`, `sid-…` and `_…` by itself.
fn own_name(id: &str) -> Option<String> {
    if is_built(id) {
        return id.strip_prefix(BUILT).map(str::to_owned);
    }
    let tail = id.rsplit_once('_').map_or("", |(_, tail)| tail);
    let drawn = tail.len() == 7 && tail.starts_with(['0', '1']);
    let made_up = drawn || id.starts_with("sid-") || id.starts_with('_');
    (!made_up).then(|| id.to_owned())
}

fn place(element: &Element) -> String {
    format!("line {}", element.line)
}

/// The name of an element, or its identifier.
fn called(element: &Element) -> &str {
    element.attribute("name").or(element.attribute("id")).unwrap_or("")
}

impl<'a> Reader<'a> {
    fn of(root: &'a Element) -> Self {
        let mut reader = Self {
            nodes: IndexMap::new(),
            pipelines: Vec::new(),
            messages: Vec::new(),
            frames: FxHashMap::default(),
            ends: Vec::new(),
            report: Report::default(),
        };
        let mut pools: FxHashMap<&str, &str> = FxHashMap::default();
        for collaboration in root.children.iter().filter(|child| child.name == "collaboration") {
            for part in &collaboration.children {
                match (part.name.as_str(), part.attribute("processRef")) {
                    ("participant", Some(process)) => {
                        pools.insert(process, called(part));
                    }
                    ("participant", None) => {
                        let text = format!("the pool {} has no process", code(called(part)));
                        reader.report.dropped(place(part), text);
                    }
                    ("messageFlow", _) => {
                        let ends = part.attribute("sourceRef").zip(part.attribute("targetRef"));
                        reader.messages.extend(ends);
                    }
                    _ => {}
                }
            }
        }
        for process in root.children.iter().filter(|child| child.name == "process") {
            let id = process.attribute("id").unwrap_or("");
            let name = pools.get(id).copied().or(process.attribute("name")).unwrap_or("");
            let name = title(name, &place(process), &mut reader.report);
            reader.pipelines.push(Pipeline {
                named_by_title: !name.is_empty(),
                title: name,
                moves: Some(Vec::new()),
                no_entry: true,
                ..Pipeline::default()
            });
            reader.process(process, reader.pipelines.len() - 1);
        }
        // Who is no part of the process does not say where a record goes.
        for flow in root
            .children
            .iter()
            .filter(|child| child.name == "collaboration")
            .flat_map(|part| &part.children)
        {
            let ends = flow.attribute("sourceRef").zip(flow.attribute("targetRef"));
            let Some((from, to)) = ends.filter(|_| flow.name == "messageFlow") else { continue };
            let inside = |id| reader.nodes.contains_key(id) || reader.frames.contains_key(id);
            if !inside(from) || !inside(to) {
                let text = format!(
                    "the message {}: one of its ends is no work or event of a pool",
                    code(called(flow))
                );
                reader.report.dropped(place(flow), text);
            }
        }
        // A message of a task in a frame is one of the frame.
        let outer = |id: &mut &'a str| *id = reader.frames.get(id).copied().unwrap_or(id);
        for (from, to) in &mut reader.messages {
            outer(from);
            outer(to);
        }
        reader
    }

    /// The nodes of a process.
    fn process(&mut self, process: &'a Element, pool: usize) {
        let mut lanes: FxHashMap<&str, &str> = FxHashMap::default();
        for set in process.children.iter().filter(|child| child.name == "laneSet") {
            read_lanes(set, &mut lanes, 0);
        }
        for element in &process.children {
            let name = element.name.as_str();
            let known = [WORK, GATEWAYS, EVENTS].iter().any(|kinds| kinds.contains(&name));
            match element.attribute("id").filter(|_| known) {
                Some(id) => {
                    let work = framed(element);
                    let inner = work.and_then(|work| work.attribute("id"));
                    if let Some(inner) = inner {
                        self.frames.insert(inner, id);
                    }
                    let lane = lanes.get(id).or(inner.and_then(|inner| lanes.get(inner)));
                    let node = Node {
                        element,
                        work,
                        pool,
                        lane: lane.copied(),
                        out: Vec::new(),
                        incoming: 0,
                        borders: Vec::new(),
                        stage: None,
                    };
                    if self.nodes.insert(id, node).is_some() {
                        let text = format!("{} stands twice; the first is not read", code(id));
                        self.report.odd(place(element), text);
                    }
                }
                None if !QUIET.contains(&name) => {
                    // A note on the drawing has no name, but a text.
                    let said = element.child("text").unwrap_or(called(element));
                    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                    self.report.dropped(place(element), format!("{}: {}", code(name), code(&said)));
                }
                None => {}
            }
        }
        for flow in process.children.iter().filter(|child| child.name == "sequenceFlow") {
            let (Some(from), Some(to)) = (flow.attribute("sourceRef"), flow.attribute("targetRef"))
            else {
                self.report.dropped(place(flow), "a flow that joins nothing");
                continue;
            };
            if !self.nodes.contains_key(from) || !self.nodes.contains_key(to) {
                let text = format!("a flow from {} to {}: one is not there", code(from), code(to));
                self.report.dropped(place(flow), text);
                continue;
            }
            if let Some(node) = self.nodes.get_mut(from) {
                node.out.push(flow);
            }
            if let Some(node) = self.nodes.get_mut(to) {
                node.incoming += 1;
            }
        }
        let borders: Vec<(&str, &str)> = self
            .nodes
            .iter()
            .filter(|(_, node)| node.pool == pool && node.element.name == "boundaryEvent")
            .filter_map(|(id, node)| Some((*id, node.element.attribute("attachedToRef")?)))
            .collect();
        for (id, task) in borders {
            if let Some(node) = self.nodes.get_mut(task) {
                node.borders.push(id);
            }
        }
    }

    fn read(mut self) -> Result<Imported, Refused> {
        let told = self.told();
        let ids: Vec<&'a str> = self.nodes.keys().copied().collect();
        let mut count = 0;
        for id in &ids {
            if !told.contains(id) && self.stage(id) {
                count += 1;
            }
            if count > MOST_STAGES {
                return Err(too_many());
            }
        }
        self.outcomes(&told);
        let mut moves = 0;
        for id in &ids {
            let Some(node) = self.nodes.get(id) else { continue };
            let kind = node.element.name.as_str();
            if kind == "startEvent" {
                self.entry(id);
            } else if node.stage.is_some() {
                moves += self.ways(id);
            }
            if moves > MOST_MOVES {
                let message = format!("holds more than {MOST_MOVES} moves");
                return Err(Refused::new(message, "split the diagram"));
            }
        }
        for pipeline in &mut self.pipelines {
            // Without a beginning the first stage is one, which is told as a guess.
            let begins = pipeline.stages.iter().any(|stage| stage.entry);
            pipeline.no_entry = !begins && (pipeline.from.is_some() || pipeline.started);
        }
        order::order(&mut self.pipelines);
        settled(self.kept())
    }

    /// Without pipelines that have no stages, whose places others know.
    fn kept(mut self) -> Imported {
        let mut new = Vec::new();
        let mut count = 0;
        for pipeline in &self.pipelines {
            new.push((!pipeline.stages.is_empty()).then_some(count));
            count += usize::from(!pipeline.stages.is_empty());
        }
        let at = |old: usize| new.get(old).copied().flatten();
        for pipeline in &mut self.pipelines {
            pipeline.from = pipeline.from.and_then(at);
            for stage in &mut pipeline.stages {
                stage.onward.retain(|way| at(way.pipeline).is_some());
                for way in &mut stage.onward {
                    way.pipeline = at(way.pipeline).unwrap_or(way.pipeline);
                }
                stage.starts.retain(|(pipeline, _)| at(*pipeline).is_some());
                for (pipeline, _) in &mut stage.starts {
                    *pipeline = at(*pipeline).unwrap_or(*pipeline);
                }
            }
        }
        Imported { pipelines: self.pipelines, report: self.report, ..Imported::default() }
    }

    /// Ends that only say what happens when a time has passed beside the work: no record is there.
    fn told(&mut self) -> FxHashSet<&'a str> {
        let mut told = FxHashSet::default();
        for node in self.nodes.values() {
            let element = node.element;
            let beside = element.attribute("cancelActivity") == Some("false");
            if element.name != "boundaryEvent" || !beside {
                continue;
            }
            for flow in &node.out {
                let Some(to) = flow.attribute("targetRef") else { continue };
                let only = self.nodes.get(to).is_some_and(|to| to.incoming == 1);
                if only && told.insert(to) {
                    let name = self.nodes.get(to).map_or("", |to| called(to.element));
                    let text = format!("what is done beside the work: {}", code(name));
                    self.report.dropped(place(element), text);
                }
            }
        }
        told
    }

    /// Makes a stage of a node, if it is one.
    fn stage(&mut self, id: &'a str) -> bool {
        let Some(node) = self.nodes.get(id) else { return false };
        let node_id = id;
        let element = node.work.unwrap_or(node.element);
        let id = element.attribute("id").unwrap_or(id);
        let (pool, kind) = (node.pool, element.name.as_str());
        let name = element.attribute("name");
        let is_end = kind == "endEvent";
        let plain = |name: &str| PLAIN.contains(&name.to_lowercase().as_str());
        let goes_on =
            self.messages.iter().any(|(from, to)| *from == node_id && self.nodes.contains_key(to));
        let is_stage =
            WORK.contains(&kind) || (is_end && !goes_on && name.is_some_and(|n| !plain(n)));
        // An end that sends a message and is a stage all the same: others start there.
        let sends = is_end && goes_on && is_built(id);
        if !is_stage && !sends {
            return false;
        }
        let place = place(element);
        let shown = title(name.unwrap_or(id), &place, &mut self.report);
        if WORK.contains(&kind) && name.is_none() {
            self.report.guessed(&place, format!("a task without a name is {}", code(&shown)));
        }
        if kind.ends_with("ubProcess") {
            let inner = element.children.iter().filter(|part| WORK.contains(&part.name.as_str()));
            let inner: Vec<String> = inner.map(|part| code(called(part))).collect();
            let inner =
                if inner.is_empty() { String::new() } else { format!(": {}", inner.join(", ")) };
            self.report.dropped(&place, format!("what happens inside {}{inner}", code(&shown)));
        }
        let documentation = element.child("documentation").unwrap_or("");
        let said = text::outcome(documentation).filter(|_| is_built(id));
        let by_title = outcome_by_title(&shown).filter(|_| said.is_none());
        if let Some(outcome) = by_title {
            let text = format!("{} is {}, by its name", code(&shown), word(outcome));
            self.report.guessed(&place, text);
        }
        let outcome = said.or(by_title);
        let unnamed = is_end && outcome.is_none();
        let outcome = outcome.or(is_end.then_some(Outcome::Void));
        let purpose = first_paragraph(documentation);
        // What a build has written there stands elsewhere, too.
        if purpose.is_some() && !is_built(id) && documentation.trim().contains("\n\n") {
            let text = format!("what the documentation of {} says further", code(&shown));
            self.report.dropped(&place, text);
        }
        let lane = node.lane.map(str::to_owned);
        self.inside(node_id);
        let limit = self.limit(node_id);
        let Some(pipeline) = self.pipelines.get_mut(pool) else { return false };
        let at = pipeline.stages.len();
        if unnamed {
            self.ends.push((pool, at, is_built(id)));
        }
        pipeline.stages.push(Stage {
            title: shown,
            id: own_name(id),
            named: is_built(id),
            place,
            owner: lane,
            purpose,
            limit,
            outcome,
            ..Stage::default()
        });
        if let Some(node) = self.nodes.get_mut(node_id) {
            node.stage = Some(at);
        }
        true
    }

    /// What becomes of records at ends whose names do not say it.
    fn outcomes(&mut self, told: &FxHashSet<&'a str>) {
        for (pool, at, is_built) in self.ends.clone() {
            let of_pool = |end: &&(usize, usize, bool)| end.0 == pool;
            let is_only = self.ends.iter().filter(of_pool).count() == 1;
            // An end that is no stage is one at which all may be well, too.
            let others = self.nodes.iter().any(|(id, node)| {
                let is_end = node.element.name == "endEvent" && node.stage.is_none();
                node.pool == pool && is_end && node.incoming > 0 && !told.contains(id)
            });
            let Some(pipeline) = self.pipelines.get_mut(pool) else { continue };
            let has = |outcome| pipeline.stages.iter().any(|stage| stage.outcome == Some(outcome));
            // Somebody draws where it is lost, and where all is well.
            let is_won = !is_built && is_only && !others && !has(Outcome::Won);
            let is_alone = is_won
                && pipeline.stages.iter().filter(|stage| stage.outcome.is_some()).count() == 1;
            let Some(stage) = pipeline.stages.get_mut(at) else { continue };
            let why = match (is_won, is_alone) {
                (true, true) => "won: it is the only end",
                (true, false) => "won: of the ends it is the only one that is not lost or void",
                _ => "void: it ends, neither won nor lost by its name",
            };
            if is_won {
                stage.outcome = Some(Outcome::Won);
            }
            let text = format!("{} is {why}", code(&stage.title));
            self.report.guessed(&stage.place, text);
        }
    }
}

/// The one task in a subprocess without a name: a frame around it, for its timer or its way back.
fn framed(element: &Element) -> Option<&Element> {
    if element.name != "subProcess" || element.attribute("name").is_some() {
        return None;
    }
    let mut work = element.children.iter().filter(|child| WORK.contains(&child.name.as_str()));
    let one = work.next().filter(|one| !one.name.ends_with("ubProcess"))?;
    work.next().is_none().then_some(one)
}

/// The lane of each node; of lanes in lanes the innermost.
fn read_lanes<'a>(set: &'a Element, lanes: &mut FxHashMap<&'a str, &'a str>, depth: usize) {
    for lane in set.children.iter().filter(|child| child.name == "lane") {
        for node in lane.children.iter().filter(|child| child.name == "flowNodeRef") {
            // Who owns nothing stands in a lane of a build, too.
            let nobody = lane
                .attribute("id")
                .is_some_and(|id| id.starts_with("Lane_") && id.ends_with("_of_"));
            if let Some(name) = lane.attribute("name").filter(|_| !nobody) {
                lanes.insert(node.text.trim(), name);
            }
        }
        if let Some(inner) = lane.part("childLaneSet").filter(|_| depth < 8) {
            read_lanes(inner, lanes, depth + 1);
        }
    }
}
