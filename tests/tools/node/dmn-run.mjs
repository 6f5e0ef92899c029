// dmn-run.mjs FILE.dmn CASES.json  dmn-moddle reads the file without a warning, it fits the schema of DMN 1.3 (xmllint), what a
// decision needs is there and is all it reads, and each case `{variables, expect: {DECISION: value}}` gives what it says: feelin
// evaluates every expression and cell; hit policies FIRST and COLLECT SUM are applied here.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import lib from './lib.cjs';

const { DmnModdle } = await lib.load('dmn-moddle/dist/index.js');
const { evaluate, unaryTest } = await lib.load('feelin/dist/index.js');
const [file, given] = lib.args('FILE.dmn CASES.json', 2);
const schema = path.join(lib.modules, 'dmn-moddle/resources/dmn/xsd/DMN13.xsd');
const report = new lib.Report();

/** Dates and moments, as FEEL knows them. */
function feel(value) {
  if (Array.isArray(value)) return value.map(feel);
  if (value === null || typeof value !== 'object') return value;
  if (value['@date']) return evaluate(`date("${value['@date']}")`).value;
  if (value['@time']) return evaluate(`date and time("${value['@time']}")`).value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, feel(of)]));
}

const found = [];
const ran = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, file], { encoding: 'utf8' });
if (ran.status !== 0) found.push(...ran.stderr.split('\n').filter(Boolean).slice(0, 5));
const { rootElement, warnings } = await new DmnModdle().fromXML(fs.readFileSync(file, 'utf8')).catch((error) => ({ warnings: [error] }));
found.push(...warnings.map((warning) => `dmn-moddle: ${warning.message}`));
const elements = rootElement?.drgElement ?? [];
const byId = new Map(elements.map((element) => [element.id, element]));
const decisions = new Map(elements.filter((it) => it.$type === 'dmn:Decision').map((it) => [it.name, it]));
for (const decision of decisions.values()) {
  if (decision.variable?.name !== decision.name) found.push(`${decision.name}: its variable has another name`);
  for (const need of decision.informationRequirement ?? []) {
    const { href } = need.requiredInput ?? need.requiredDecision;
    if (!byId.has(href.slice(1))) found.push(`${decision.name}: needs ${href}, which is not there`);
  }
}
const shown = new Set((rootElement?.dmnDI?.diagrams ?? []).flatMap((diagram) => diagram.diagramElements).map((it) => it.dmnElementRef.id));
for (const { id } of elements) if (!shown.has(id)) found.push(`${id}: is not drawn`);
report.file(path.basename(file), found);

function value(name, variables, known, faults) {
  if (known.has(name)) return known.get(name);
  const decision = decisions.get(name);
  const scope = {};
  for (const need of decision.informationRequirement ?? []) {
    const of = byId.get((need.requiredInput ?? need.requiredDecision).href.slice(1)).name;
    scope[of] = need.requiredInput ? variables[of] : value(of, variables, known, faults);
  }
  const ask = (text) => {
    const answer = evaluate(text, scope);
    for (const { type, message } of answer.warnings) if (type === 'NO_VARIABLE_FOUND') faults.push(`${name}: ${message}`);
    return answer.value;
  };
  const logic = decision.decisionLogic;
  let result;
  if (logic.$type === 'dmn:LiteralExpression') result = ask(logic.text);
  else {
    const inputs = (logic.input ?? []).map((input) => ask(input.inputExpression.text));
    for (const [at, input] of (logic.input ?? []).entries()) {
      if (input.inputExpression.typeRef === 'boolean' && !input.label && typeof inputs[at] !== 'boolean') faults.push(`${name}: ${input.inputExpression.text} is ${inputs[at]}`);
    }
    const hits = logic.rule.filter((rule) => rule.inputEntry.every((entry, at) => entry.text === '-' || unaryTest(entry.text, { ...scope, '?': inputs[at] }).value === true));
    const outputs = hits.map((rule) => ask(rule.outputEntry[0].text));
    if (logic.hitPolicy === 'FIRST') result = outputs[0] ?? null;
    else if (logic.hitPolicy === 'COLLECT' && logic.aggregation === 'SUM') result = outputs.length === 0 ? null : outputs.reduce((sum, it) => sum + it, 0);
    else faults.push(`${name}: hit policy ${logic.hitPolicy}`);
  }
  known.set(name, result);
  return result;
}

const cases = JSON.parse(fs.readFileSync(given, 'utf8'));
for (const [at, { variables, expect }] of cases.entries()) {
  const known = new Map();
  const read = feel(variables);
  const faults = [];
  for (const [name, wanted] of Object.entries(expect)) {
    if (!decisions.has(name)) {
      faults.push(`no decision ${name}`);
      continue;
    }
    const is = value(name, read, known, faults);
    const same = typeof wanted === 'number' && typeof is === 'number' ? Math.abs(is - wanted) < 1e-6 : is === wanted;
    if (!same) faults.push(`${name}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)} for ${JSON.stringify(variables)}`);
  }
  report.file(`case ${at}`, faults);
}
report.end('case');
