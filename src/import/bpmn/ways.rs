//! The moves of a diagram: ways from one stage to others, through gateways and events, to another pool,
//! and what happens when a timer on the border of a task strikes.

use rustc_hash::FxHashSet;

use super::super::report::code;
use super::super::xml::Element;
use super::super::{Move, Onward, title};
use super::text::{duration, words};
use super::{EVENTS, Node, Reader, called, place};

/// A way from a stage to another, or to an end.
struct Way<'a> {
    to: &'a str,
    /// What it is called.
    name: Option<String>,
    /// How long it is waited.
    after: Option<String>,
}

fn condition_of(condition: &str) -> String {
    format!("the condition of a flow, {}: write it behind `when`", code(condition))
}

impl<'a> Reader<'a> {
    /// How long a record may stay: a timer beside the work.
    pub(super) fn limit(&mut self, id: &str) -> Option<String> {
        let borders = self.nodes.get(id).map(|node| node.borders.clone()).unwrap_or_default();
        let mut limit = None;
        for border in borders {
            let Some(event) = self.nodes.get(border).map(|node| node.element) else { continue };
            if event.attribute("cancelActivity") != Some("false") {
                continue;
            }
            let timer = event.part("timerEventDefinition");
            let text = timer.and_then(|timer| timer.child("timeDuration")).unwrap_or("");
            let time = duration(text).or_else(|| event.attribute("name").and_then(words));
            match (time, &limit) {
                (Some(time), None) => limit = Some(time),
                _ => {
                    let text = format!("an event on the border of work: {}", code(called(event)));
                    self.report.dropped(place(event), text);
                }
            }
        }
        limit
    }

    /// What a frame around a task says that is read nowhere else.
    pub(super) fn inside(&mut self, id: &str) {
        let Some(node) = self.nodes.get(id) else { return };
        let (Some(work), frame) = (node.work, node.element) else { return };
        // What asks for several moves stands at each of them, too.
        let behind = match node.out.as_slice() {
            [way] => way.attribute("targetRef").and_then(|to| self.nodes.get(to)),
            _ => None,
        };
        let is_asked = |flow: &&Element| flow.part("conditionExpression").is_some();
        let repeats = behind.is_some_and(|node| node.out.iter().any(is_asked));
        for part in frame.children.iter().filter(|part| !std::ptr::eq(*part, work)) {
            match part.name.as_str() {
                "sequenceFlow" if !repeats => {
                    if let Some(condition) = part.child("conditionExpression") {
                        self.report.dropped(place(part), condition_of(condition));
                    }
                }
                name if name == "boundaryEvent" || name.starts_with("intermediate") => {
                    let text = format!("an event in a subprocess: {}", code(called(part)));
                    self.report.dropped(place(part), text);
                }
                _ => {}
            }
        }
    }

    /// The stages that a node leads to, through gateways and events.
    fn onward(&mut self, id: &'a str) -> Vec<Way<'a>> {
        let mut found = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let Some(node) = self.nodes.get(id) else { return found };
        let default = |node: &Node<'a>, flow: &Element| {
            node.element.attribute("default") == flow.attribute("id")
                && node.element.attribute("default").is_some()
        };
        let first = |flow| (flow, None, None, default(node, flow));
        let mut open: Vec<(&'a Element, Option<String>, Option<String>, bool)> =
            node.out.iter().rev().map(|flow| first(*flow)).collect();
        while let Some((flow, before, mut after, by_default)) = open.pop() {
            let condition = flow.child("conditionExpression");
            let name = flow.attribute("name").or(condition.filter(|_| before.is_none()));
            let name = name.map(|name| title(name, &place(flow), &mut self.report));
            if let Some(condition) = condition {
                self.report.dropped(place(flow), condition_of(condition));
            }
            let mut name = before.or(name);
            let Some(to) = flow.attribute("targetRef") else { continue };
            let Some(next) = self.nodes.get(to) else { continue };
            let kind = next.element.name.as_str();
            if next.stage.is_some() || kind == "endEvent" {
                // What has nowhere to go stays.
                if !(by_default && to == id) {
                    found.push(Way { to, name, after });
                }
                continue;
            }
            if !seen.insert(flow.attribute("id").unwrap_or(to)) {
                continue;
            }
            if matches!(kind, "parallelGateway" | "inclusiveGateway") && next.out.len() > 1 {
                let text = format!(
                    "{} opens several ways at once; a record takes one",
                    code(called(next.element))
                );
                self.report.guessed(place(next.element), text);
            }
            let (event, out) = (next.element, next.out.clone());
            let by_default = |flow| by_default || default(next, flow);
            let out: Vec<_> = out.into_iter().rev().map(|flow| (flow, by_default(flow))).collect();
            if EVENTS.contains(&kind) {
                // Who waits on the way stands where it began.
                if after.is_none() && event.part("timerEventDefinition").is_some() {
                    after = self.timer(event);
                    if after.is_some() && name.is_none() {
                        let told = event.attribute("name").filter(|name| words(name).is_none());
                        name = told.map(|name| title(name, &place(event), &mut self.report));
                    }
                } else {
                    let text = format!("an event on a way: {}", code(called(event)));
                    self.report.dropped(place(event), text);
                }
            }
            for (flow, by_default) in out {
                open.push((flow, name.clone(), after.clone(), by_default));
            }
        }
        found
    }

    /// Where records come in.
    pub(super) fn entry(&mut self, id: &'a str) {
        // A record that comes from another pool does not come in.
        if self.messages.iter().any(|(from, to)| *to == id && self.nodes.contains_key(from)) {
            return;
        }
        for Way { to, after, .. } in self.onward(id) {
            self.waits(id, after);
            let Some((pool, Some(at))) = self.nodes.get(to).map(|node| (node.pool, node.stage))
            else {
                continue;
            };
            let stage = self.pipelines.get_mut(pool).and_then(|pool| pool.stages.get_mut(at));
            if let Some(stage) = stage {
                stage.entry = true;
            }
        }
    }

    /// The moves out of a stage; how many there are.
    pub(super) fn ways(&mut self, id: &'a str) -> usize {
        let Some((pool, Some(at))) = self.nodes.get(id).map(|node| (node.pool, node.stage)) else {
            return 0;
        };
        let onward = self.onward(id).into_iter();
        let mut ways: Vec<_> = onward.map(|way| (way.to, way.name, way.after)).collect();
        let borders = self.nodes.get(id).map(|node| node.borders.clone()).unwrap_or_default();
        for border in borders {
            let Some(event) = self.nodes.get(border).map(|node| node.element) else { continue };
            // What interrupts the work moves the record.
            if event.attribute("cancelActivity") != Some("false") {
                let name = title(called(event), &place(event), &mut self.report);
                let after = self.timer(event);
                for way in self.onward(border) {
                    // A second timer counts from the first.
                    let after = match &after {
                        Some(after) => {
                            self.waits(border, way.after);
                            Some(after.clone())
                        }
                        None => way.after,
                    };
                    ways.push((way.to, Some(name.clone()), after));
                }
            }
        }
        let mut count = 0;
        let mut seen = FxHashSet::default();
        for (to, name, after) in ways {
            if !seen.insert((to, name.clone(), after.clone())) {
                continue;
            }
            count += 1;
            match self.nodes.get(to).and_then(|node| node.stage) {
                Some(target) => {
                    // A name that is that of the stage says nothing.
                    let pipeline = self.pipelines.get_mut(pool);
                    let Some(pipeline) = pipeline else { continue };
                    let same = pipeline.stages.get(target).map(|stage| stage.title.as_str());
                    let title = name.filter(|name| Some(name.as_str()) != same);
                    let step = Move { from: at, to: target, title, word: None, when: None, after };
                    pipeline.moves.get_or_insert_default().push(step);
                }
                None => {
                    self.waits(id, after);
                    self.end((pool, at), to, name);
                }
            }
        }
        // Work that sends a message and goes on, or ends itself, stays what it is: another record begins.
        // Where nothing else leads out, it is this one that goes on.
        let is_end = self.nodes.get(id).is_some_and(|node| node.element.name == "endEvent");
        let begins_another = is_end || count > 0;
        for (from, to) in self.messages.clone() {
            if from == id && begins_another {
                self.begin((pool, at), to);
            } else if from == id {
                self.cross((pool, at), to, None);
            }
        }
        count
    }

    /// The stages to which a message to another pool leads, and that pool.
    fn arrives(&mut self, pool: usize, to: &'a str) -> Option<(usize, Vec<usize>)> {
        let node = self.nodes.get(to)?;
        let (target, stage) = (node.pool, node.stage);
        if target == pool {
            return None;
        }
        if let Some(stage) = stage {
            return Some((target, vec![stage]));
        }
        let mut stages = Vec::new();
        for Way { to: id, after, .. } in self.onward(to) {
            self.waits(to, after);
            stages.extend(self.nodes.get(id).and_then(|node| node.stage));
        }
        Some((target, stages))
    }

    /// A message to another pool of work that goes on: a new record begins there.
    fn begin(&mut self, (pool, at): (usize, usize), to: &'a str) {
        let Some(node) = self.nodes.get(to).filter(|node| node.pool != pool) else { return };
        if node.element.name != "startEvent" && node.incoming > 0 {
            let text =
                format!("a message to work that goes on already: {}", code(called(node.element)));
            self.report.dropped(place(node.element), text);
            return;
        }
        let Some((target, stages)) = self.arrives(pool, to) else { return };
        for to in stages {
            let there = self.pipelines.get_mut(target).and_then(|pool| {
                pool.started = true;
                pool.stages.get(to).map(|stage| code(&stage.title))
            });
            let here = self.pipelines.get_mut(pool).and_then(|pool| pool.stages.get_mut(at));
            let (Some(there), Some(stage)) = (there, here) else { continue };
            if stage.starts.contains(&(target, to)) {
                continue;
            }
            stage.starts.push((target, to));
            let text = format!(
                "{} starts a new record at {there}: it sends a message there and goes on itself",
                code(&stage.title)
            );
            self.report.guessed(&stage.place, text);
        }
    }

    /// Tells of a timer where no move can hold it.
    fn waits(&mut self, id: &str, after: Option<String>) {
        if let (Some(after), Some(node)) = (after, self.nodes.get(id)) {
            let text = format!("a timer on the way from {}: {after}", code(called(node.element)));
            self.report.dropped(place(node.element), text);
        }
    }

    /// After how long an event strikes, if it is a timer.
    fn timer(&mut self, event: &Element) -> Option<String> {
        let timer = event.part("timerEventDefinition")?;
        let text = timer.child("timeDuration").unwrap_or("");
        let time = duration(text).or_else(|| event.attribute("name").and_then(words));
        if time.is_none() {
            let text = format!("when the timer {} strikes", code(called(event)));
            self.report.dropped(place(event), text);
        }
        time
    }

    /// A way to an end that is no stage: it goes on in another pool, or says that it ends.
    fn end(&mut self, (pool, at): (usize, usize), end: &'a str, name: Option<String>) {
        let onward: Vec<&'a str> =
            self.messages.iter().filter(|(from, _)| *from == end).map(|(_, to)| *to).collect();
        if onward.is_empty() {
            let stage = self.pipelines.get_mut(pool).and_then(|pool| pool.stages.get_mut(at));
            if let Some(stage) = stage {
                stage.last = true;
            }
        }
        for to in onward {
            self.cross((pool, at), to, name.clone());
        }
    }

    /// A message to another pool: the record goes on there.
    fn cross(&mut self, (pool, at): (usize, usize), to: &'a str, name: Option<String>) {
        let Some((target, arrives)) = self.arrives(pool, to) else { return };
        // A pool goes on from the first that leads to it, unless that one goes on from it.
        let before: Vec<usize> = std::iter::successors(Some(pool), |at| {
            self.pipelines.get(*at).and_then(|pipeline| pipeline.from)
        })
        .take(self.pipelines.len())
        .collect();
        let back = before.contains(&target);
        if !back && let Some(pipeline) = self.pipelines.get_mut(target) {
            pipeline.from.get_or_insert(pool);
        }
        for to in arrives {
            let same = self.pipelines.get(target).and_then(|pool| pool.stages.get(to));
            let same = same.map(|stage| stage.title.clone());
            let title = name.clone().filter(|name| Some(name) != same.as_ref());
            let way = Onward { pipeline: target, stage: to, title, when: None, back };
            let stage = self.pipelines.get_mut(pool).and_then(|pool| pool.stages.get_mut(at));
            if let Some(stage) = stage.filter(|stage| !stage.onward.contains(&way)) {
                stage.onward.push(way);
            }
        }
    }
}
