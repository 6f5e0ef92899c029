// bpmn-check.mjs DIR  Every `.bpmn` file below the folder: bpmn-moddle reads it without a warning, it fits the schema of BPMN
// 2.0 (xmllint), bpmnlint's recommended rules find nothing, and the drawing is sound: every element has a shape, shapes and
// labels do not lie on each other, labels are large enough for their words, nodes lie in their lanes and subprocesses, flows run level or
// upright, begin and end on the border of what they join, and cross no node and no label.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import lib from './lib.cjs';

const { BpmnModdle } = await lib.load('bpmn-moddle/dist/index.js');
const { Linter } = lib.need('bpmnlint');
const NodeResolver = lib.need('bpmnlint/lib/resolver/node-resolver');
const linter = new Linter({ resolver: new NodeResolver({ require: lib.need }), config: { extends: 'bpmnlint:recommended' } });
const schema = path.join(lib.modules, 'bpmn-moddle/resources/bpmn/xsd/BPMN20.xsd');
const [root] = lib.args('DIR');
const report = new lib.Report();

const box = ({ x, y, width, height }) => ({ left: x, top: y, right: x + width, bottom: y + height });
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const inside = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
const is = (element, type) => element.$instanceOf(type);
/** Whether one element stands in the other. */
const holds = (outer, inner) => Boolean(inner?.$parent) && (inner.$parent === outer || holds(outer, inner.$parent));
/** How wide words are at least: Latin letters half a square, others a whole one. */
const wide = (text, size) => [...text].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e80 ? size : size * 0.45), 0);

/** The least distance from the border of a shape to a point. */
function toBorder(element, at, point) {
  const [cx, cy] = [(at.left + at.right) / 2, (at.top + at.bottom) / 2];
  const [dx, dy] = [Math.abs(point.x - cx), Math.abs(point.y - cy)];
  const [w, h] = [(at.right - at.left) / 2, (at.bottom - at.top) / 2];
  if (is(element, 'bpmn:Gateway')) return Math.abs(dx / w + dy / h - 1) * w;
  if (is(element, 'bpmn:Event')) return Math.abs(Math.hypot(dx, dy) - w);
  const outside = Math.max(dx - w, dy - h);
  return Math.abs(outside);
}

function drawing(definitions, found) {
  const shapes = new Map();
  const labels = [];
  const edges = [];
  for (const drawn of definitions.diagrams[0].plane.planeElement) {
    const of = drawn.bpmnElement;
    const text = drawn.label?.bounds && { of, id: of.id, at: box(drawn.label.bounds), name: of.name };
    if (text) labels.push(text);
    if (drawn.$type === 'bpmndi:BPMNShape') shapes.set(of.id, { of, at: box(drawn.bounds) });
    else edges.push({ of, points: drawn.waypoint });
    if (of.name && !text && (is(of, 'bpmn:SequenceFlow') || is(of, 'bpmn:Event') || is(of, 'bpmn:Gateway'))) found.push(`${of.id}: its name has no place`);
  }
  const nodes = [...shapes.values()].filter(({ of }) => is(of, 'bpmn:FlowNode'));
  const flows = [];
  for (const element of definitions.rootElements) {
    if (is(element, 'bpmn:Process')) {
      const drawn = (node) => {
        if (is(node, 'bpmn:SequenceFlow')) flows.push(node);
        else if (!shapes.has(node.id)) found.push(`${node.id}: is not drawn`);
        for (const inner of node.flowElements ?? []) {
          drawn(inner);
          if (is(inner, 'bpmn:FlowNode') && !inside(shapes.get(inner.id).at, shapes.get(node.id).at)) found.push(`${inner.id}: lies outside of ${node.id}`);
        }
      };
      element.flowElements.forEach(drawn);
      for (const lane of element.laneSets.flatMap((set) => set.lanes)) {
        for (const node of lane.flowNodeRef ?? []) {
          if (!inside(shapes.get(node.id).at, shapes.get(lane.id).at)) found.push(`${node.id}: lies outside of ${lane.id}`);
        }
      }
      const held = element.laneSets.flatMap((set) => set.lanes).flatMap((lane) => lane.flowNodeRef ?? []);
      for (const node of element.flowElements) {
        if (is(node, 'bpmn:FlowNode') && held.filter((it) => it === node).length !== 1) found.push(`${node.id}: is not in one lane`);
      }
    } else if (is(element, 'bpmn:Collaboration')) flows.push(...(element.messageFlows ?? []));
  }
  for (const flow of flows) if (!edges.some(({ of }) => of === flow)) found.push(`${flow.id}: is not drawn`);
  const pools = [...shapes.values()].filter(({ of }) => is(of, 'bpmn:Participant'));
  const bands = [...shapes.values()].filter(({ of }) => is(of, 'bpmn:Lane'));
  for (const group of [pools, bands]) {
    group.forEach((a, at) => group.slice(at + 1).forEach((b) => { if (meet(a.at, b.at)) found.push(`${a.of.id} lies on ${b.of.id}`); }));
  }
  nodes.forEach((a, at) => {
    for (const b of nodes.slice(at + 1)) {
      const attached = a.of.attachedToRef === b.of || b.of.attachedToRef === a.of;
      if (!attached && !holds(a.of, b.of) && !holds(b.of, a.of) && meet(a.at, b.at)) found.push(`${a.of.id} lies on ${b.of.id}`);
    }
  });
  labels.forEach((a, at) => {
    for (const b of labels.slice(at + 1)) if (meet(a.at, b.at)) found.push(`the labels of ${a.id} and ${b.id} lie on each other`);
    for (const b of nodes) if (meet(a.at, b.at) && !(holds(b.of, a.of) && inside(a.at, b.at))) found.push(`the label of ${a.id} lies on ${b.of.id}`);
    const lines = Math.floor((a.at.bottom - a.at.top) / 13);
    if (wide(a.name, 11) > (a.at.right - a.at.left) * lines) found.push(`the label of ${a.id} has no room for its words`);
  });
  for (const { of, at } of nodes.filter(({ of }) => is(of, 'bpmn:Task'))) {
    const lines = Math.floor((at.bottom - at.top - 10) / 14);
    if (wide(of.name, 12) > (at.right - at.left - 10) * lines) found.push(`${of.id} has no room for its words`);
  }
  const parts = edges.flatMap(({ of, points }) => points.slice(1).map((end, at) => {
    const start = points[at];
    return { of, start, end, at: { left: Math.min(start.x, end.x), right: Math.max(start.x, end.x), top: Math.min(start.y, end.y), bottom: Math.max(start.y, end.y) } };
  }));
  for (const { of, points } of edges) {
    for (const [node, point] of [[of.sourceRef, points[0]], [of.targetRef, points.at(-1)]]) {
      if (toBorder(node, shapes.get(node.id).at, point) > 1) found.push(`${of.id}: does not meet the border of ${node.id}`);
    }
  }
  for (const { of, start, end, at } of parts) {
    if (start.x !== end.x && start.y !== end.y) found.push(`${of.id}: runs aslant`);
    for (const node of nodes) {
      const own = holds(node.of, of) || node.of === of.sourceRef || node.of === of.targetRef || node.of.attachedToRef === of.targetRef || of.sourceRef.attachedToRef === node.of;
      if (!own && meet(at.left === at.right ? { ...at, left: at.left - 1, right: at.right + 1 } : { ...at, top: at.top - 1, bottom: at.bottom + 1 }, node.at)) found.push(`${of.id}: crosses ${node.of.id}`);
    }
    for (const label of labels) if (meet(at.left === at.right ? { ...at, right: at.right + 0.5 } : { ...at, bottom: at.bottom + 0.5 }, label.at)) found.push(`${of.id}: crosses the label of ${label.id}`);
  }
  // Two flows may lie on each other only where they leave the same node or lead to the same.
  parts.forEach((a, at) => {
    for (const b of parts.slice(at + 1)) {
      if (a.of === b.of || a.of.sourceRef === b.of.sourceRef || a.of.targetRef === b.of.targetRef) continue;
      const level = a.start.y === a.end.y && b.start.y === b.end.y && a.start.y === b.start.y && a.at.left < b.at.right && b.at.left < a.at.right;
      const upright = a.start.x === a.end.x && b.start.x === b.end.x && a.start.x === b.start.x && a.at.top < b.at.bottom && b.at.top < a.at.bottom;
      if (level || upright) found.push(`${a.of.id} and ${b.of.id} lie on each other`);
    }
  });
}

for (const file of lib.walk(root).filter((name) => name.endsWith('.bpmn'))) {
  const found = [];
  const xml = fs.readFileSync(file, 'utf8');
  const { rootElement, warnings } = await new BpmnModdle().fromXML(xml).catch((error) => ({ warnings: [error] }));
  found.push(...warnings.map((warning) => `bpmn-moddle: ${warning.message}`));
  const ran = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, file], { encoding: 'utf8' });
  if (ran.status !== 0) found.push(...ran.stderr.split('\n').filter(Boolean).slice(0, 5).map((line) => `xmllint: ${line.slice(line.indexOf(':') + 1)}`));
  if (rootElement) {
    for (const [rule, faults] of Object.entries(await linter.lint(rootElement))) found.push(...faults.map((fault) => `bpmnlint ${rule}: ${fault.id} ${fault.message}`));
    try {
      drawing(rootElement, found);
    } catch (error) {
      found.push(`the drawing: ${error.message}`);
    }
  }
  report.file(path.relative(root, file), found);
}
report.end('.bpmn file');
