// xstate-moves.mjs DIR CASES.json  Runs the machines of a folder with XState itself. Every target, guard,
// action and delay must exist and every key be known, which XState does not ask; then each case
// `{machine, stage, context, moves: {EVENT: open}}` must be open or closed as it says.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import lib from './lib.cjs';

const [folder, cases] = lib.args('DIR CASES.json', 2);
// The machines import `xstate` as a program would: from where packages are installed.
const packages = path.join(folder, 'node_modules');
if (!fs.existsSync(packages)) fs.symlinkSync(lib.modules, packages);
const { configs, machines, faults } = await import(pathToFileURL(path.join(path.resolve(folder), 'index.mjs')));

const KEYS = {
  machine: ['id', 'initial', 'context', 'on', 'states'],
  state: ['type', 'tags', 'meta', 'on', 'after', 'always'],
  transition: ['target', 'guard', 'actions', 'meta'],
};
const report = new lib.Report();

function structure(name) {
  const [config, machine] = [configs[name], machines[name]];
  const found = [];
  const keys = (kind, object, at) => {
    const strange = Object.keys(object).filter((key) => !KEYS[kind].includes(key));
    found.push(...strange.map((key) => `${at}: unknown key ${key}`));
  };
  const named = (kind, what, at) => {
    const key = typeof what === 'string' ? what : what.type;
    if (!Object.hasOwn(machine.implementations[kind], key)) found.push(`${at}: no ${kind} ${key}`);
  };
  const targets = new Set([config.initial]);
  const ways = (list, at) => {
    for (const way of [list].flat()) {
      keys('transition', way, at);
      if (way.target) targets.add(way.target);
      if (way.guard) named('guards', way.guard, at);
      for (const action of [way.actions ?? []].flat()) named('actions', action, at);
    }
  };
  keys('machine', config, name);
  for (const [event, list] of Object.entries(config.on)) ways(list, event);
  for (const [id, state] of Object.entries(config.states)) {
    keys('state', state, id);
    if (state.type !== undefined && state.type !== 'final') found.push(`${id}: type ${state.type}`);
    if ((state.type === 'final') === (state.on !== undefined || state.always !== undefined)) {
      found.push(`${id}: final, and has ways out`);
    }
    for (const [event, list] of Object.entries(state.on ?? {})) ways(list, `${id} ${event}`);
    for (const [delay, list] of Object.entries(state.after ?? {})) {
      named('delays', delay, id);
      ways(list, `${id} ${delay}`);
    }
    ways(state.always ?? [], id);
  }
  for (const target of targets) {
    if (!Object.hasOwn(config.states, target)) found.push(`no state ${target}`);
  }
  const written = JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  if (JSON.stringify(written) !== JSON.stringify(config)) found.push(`${name}.json is another machine`);
  return found;
}

for (const name of Object.keys(machines)) report.file(name, structure(name));

const all = JSON.parse(fs.readFileSync(cases, 'utf8'));
const wrong = [];
let asked = 0;
for (const [at, { machine, stage, context, moves }] of all.entries()) {
  const start = configs[machine].context;
  const fields = structuredClone(start.fields);
  for (const [record, values] of Object.entries(context.fields ?? {})) Object.assign(fields[record] ?? {}, values);
  const whole = { ...structuredClone(start), ...context, fields };
  const unfit = faults(whole, whole);
  if (unfit.length > 0) wrong.push(`case ${at}: ${unfit.join('; ')}`);
  const snapshot = machines[machine].resolveState({ value: stage, context: whole });
  for (const [type, open] of Object.entries(moves)) {
    asked += 1;
    const can = snapshot.can({ type });
    if (can !== open) wrong.push(`case ${at}: ${type} from ${stage} is ${can}, not ${open}`);
  }
}
if (asked === 0) wrong.push('nothing was asked');
report.file(`${all.length} records, ${asked} moves`, wrong.slice(0, 20));
report.end('machine');
