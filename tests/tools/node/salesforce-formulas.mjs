// salesforce-formulas.mjs [FILE]  Parses, type-checks and evaluates Salesforce formulas with two independent engines
// (formulon and sformula), which must agree with each other and with what is expected. Reads a JSON list from
// FILE or standard input:
//
//   [{ "name": "Exit_Discovery",                       // only for the report
//      "formula": "AND(NOT(ISNEW()), ISCHANGED(StageName), ISBLANK(Amount))",
//      "fields": { "StageName": "Picklist", "Amount": "Currency" },
//      "cases": [{ "values": { "StageName": "Proposal", "Amount": null },
//                  "prior":  { "StageName": "Discovery" },   // before the save; left out: unchanged
//                  "isNew": false, "now": "2026-04-01T09:00:00Z",
//                  "expect": true }] }]
//
// Types: Text, Picklist, MultiselectPicklist, Number, Currency, Percent, Checkbox, Date (2026-04-01), DateTime (ISO 8601).
// A null value is a blank field, and 60 percent is 60, as the record stores it. `"expect": "rejected"` in place of `cases` says that both engines must refuse
// the formula. One line per formula.
//
// Neither engine knows what only a save has: ISNEW, ISCHANGED, PRIORVALUE; and the clock must not stand in a
// test. So these become fields, whose values follow Salesforce's rules: on a new record ISCHANGED is false and
// PRIORVALUE gives the new value.
import fs from 'node:fs';
import lib from './lib.cjs';

const formulon = await lib.load('formulon/lib/formulon.js');
const sformula = lib.need('sformula');

// --- Rewriting -----------------------------------------------------------------------------------

/** The formula as `engine` can read it, and the fields it then has, each with how to get its value. */
function rewrite(engine, formula, fields) {
  const all = {};
  for (const [name, type] of Object.entries(fields)) {
    all[name] = { type, value: (one) => one.values?.[name] ?? null };
  }
  const prior = (name) => (one) => {
    const changed = !one.isNew && one.prior && name in one.prior;
    return (changed ? one.prior[name] : one.values?.[name]) ?? null;
  };
  const replace = (pattern, make) => (code) => code.replace(pattern, (_, name) => make(name));
  const define = (name, type, value) => {
    all[name] = { type, value };
    return name;
  };
  const steps = [
    replace(/\bISNEW\(\s*\)/g, () => define('IsNew__x', 'Checkbox', (one) => Boolean(one.isNew))),
    replace(/\bISCHANGED\(\s*(\w+)\s*\)/g, (name) =>
      define(`Changed_${name}__x`, 'Checkbox', (one) => JSON.stringify(prior(name)(one)) !== JSON.stringify(one.values?.[name] ?? null)),
    ),
    replace(/\bPRIORVALUE\(\s*(\w+)\s*\)/g, (name) => {
      if (!fields[name]) throw new Error(`PRIORVALUE(${name}): unknown field`);
      return define(`Prior_${name}__x`, fields[name], prior(name));
    }),
    replace(/\bTODAY\(\s*\)/g, () => define('Today__x', 'Date', (one) => clock(one).slice(0, 10))),
    replace(/\bNOW\(\s*\)/g, () => define('Now__x', 'DateTime', clock)),
  ];
  // Texts in quotes: formulon knows no \", so such a text becomes a field; sformula wants \' for a lone '.
  const quoted = (part, at) => {
    const value = part.slice(1, -1).replace(/\\n/g, '\n').replace(/\\(.)/gs, '$1');
    if (engine === 'formulon') return part.includes('\\') ? define(`Text_${at}__x`, 'Text', () => value) : part;
    return part.replace(/(^|[^\\])'/g, "$1\\'");
  };
  const rewritten = formula
    .split(/("(?:\\.|[^"\\])*")/s)
    .map((part, at) => (at % 2 === 1 ? quoted(part, at) : steps.reduce((code, step) => step(code), part)))
    .join('');
  return { formula: rewritten, fields: all };
}

function clock(one) {
  if (!one.now) throw new Error('the formula asks the clock; the case needs "now"');
  return new Date(one.now).toISOString();
}

// --- The engines ---------------------------------------------------------------------------------

const TYPES = {
  Text: { sformula: { type: 'string' }, formulon: 'text', sample: 'a' },
  Picklist: { sformula: { type: 'picklist' }, formulon: 'picklist', sample: 'a' },
  MultiselectPicklist: { sformula: { type: 'multipicklist' }, formulon: 'multipicklist', sample: 'a;b' },
  Number: { sformula: { type: 'number', precision: 18, scale: 6 }, formulon: 'number', sample: 1 },
  Currency: { sformula: { type: 'currency', precision: 18, scale: 2 }, formulon: 'number', sample: 1 },
  Percent: { sformula: { type: 'percent', precision: 18, scale: 2 }, formulon: 'number', sample: 1 },
  Checkbox: { sformula: { type: 'boolean' }, formulon: 'checkbox', sample: true },
  Date: { sformula: { type: 'date' }, formulon: 'date', sample: '2026-01-01' },
  DateTime: { sformula: { type: 'datetime' }, formulon: 'datetime', sample: '2026-01-01T00:00:00Z' },
};

const ABSTAINS = Symbol('no opinion');

/** An engine takes the formula once, and gives a function from a case to its answer; it throws on what it refuses. */
const engines = {
  sformula(formula, fields) {
    const inputTypes = {};
    for (const [name, { type }] of Object.entries(fields)) put(inputTypes, name, TYPES[type].sformula, (properties) => ({ type: 'object', properties }));
    const compiled = sformula.parseSync(formula, { inputTypes });
    return (one) => {
      const record = {};
      for (const [name, { type, value }] of Object.entries(fields)) {
        // A blank picklist equals "" in Salesforce; here only when it is given as "".
        put(record, name, value(one) ?? (type === 'Picklist' ? '' : null), (inner) => inner);
      }
      return compiled.evaluate(record);
    };
  },

  formulon(formula, fields) {
    const names = formulon.extract(formula);
    const unknown = names.filter((name) => !fields[name]);
    if (unknown.length) throw new Error(`unknown field ${unknown[0]}`);
    return (one) => {
      const literals = Object.entries(fields).map(([name, { type, value }]) => [name, literal(type, value(one))]);
      // It evaluates every branch, also the one that AND or IF guards against a blank, but cannot calculate with
      // blanks: then it has no opinion.
      const blank = literals.some(([, { dataType }]) => dataType === 'null');
      let result;
      try {
        result = formulon.parse(formula, Object.fromEntries(literals));
      } catch (error) {
        if (error instanceof TypeError && blank) return ABSTAINS;
        throw error;
      }
      // What it refuses is a result of type "error".
      if (result.type === 'error') {
        if (result.errorType === 'ArgumentError' && blank) return ABSTAINS;
        throw new Error(`${result.errorType}: ${result.message}`);
      }
      return plain(result);
    };
  },
};

/** Sets `Account.Owner.Name` in nested objects, as sformula wants it. */
function put(target, name, value, wrap) {
  const parts = name.split('.');
  const last = parts.pop();
  for (const part of parts) {
    target[part] ??= wrap({});
    target = target[part].properties ?? target[part];
  }
  target[last] = value;
}

function literal(type, value) {
  const dataType = TYPES[type].formulon;
  if (value === null && dataType === 'checkbox') return { type: 'literal', dataType, value: false, options: {} };
  // A blank text is an empty text to both Salesforce and this engine.
  if (value === null && ['text', 'picklist'].includes(dataType)) return { type: 'literal', dataType, value: '', options: { length: 0, values: [] } };
  if (value === null && dataType === 'multipicklist') return { type: 'literal', dataType, value: [], options: { values: [] } };
  if (value === null) return { type: 'literal', dataType: 'null', value: null, options: {} };
  // 60% is stored as 60, but is 0.6 in a formula; sformula knows that itself.
  if (type === 'Percent') value /= 100;
  if (dataType === 'number') return { type: 'literal', dataType, value, options: { length: 16, scale: 6 } };
  if (dataType === 'date' || dataType === 'datetime') return { type: 'literal', dataType, value: new Date(value), options: {} };
  if (dataType === 'multipicklist') return { type: 'literal', dataType, value: String(value).split(';'), options: { values: [] } };
  return { type: 'literal', dataType, value, options: { length: String(value).length, values: [value] } };
}

/** A result of formulon as plain JSON, dates as text. */
function plain({ dataType, value }) {
  if (value === null || value === undefined) return null;
  if (dataType === 'number') return Number(value);
  if (dataType === 'date') return value.toISOString().slice(0, 10);
  if (dataType === 'datetime') return value.toISOString();
  return value;
}

const same = (a, b) =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) : JSON.stringify(a) === JSON.stringify(b);

// --- One formula ---------------------------------------------------------------------------------

/** The engine's answers to the cases, or why it refuses: sformula sees type errors at once, formulon only while it evaluates. */
function ask(engine, { formula, fields }, cases) {
  try {
    const rewritten = rewrite(engine, formula, fields);
    return { answers: cases.map(engines[engine](rewritten.formula, rewritten.fields)) };
  } catch (error) {
    return { refusal: `${engine}: ${error.name}: ${error.message}` };
  }
}

function check(one) {
  const { fields, cases = [], expect } = one;
  const wrongType = Object.entries(fields).find(([, type]) => !TYPES[type]);
  if (wrongType) return [`field ${wrongType[0]} has unknown type ${wrongType[1]}`];

  return Object.keys(engines).flatMap((engine) => {
    if (expect === 'rejected') {
      const filled = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, TYPES[type].sample]));
      return ask(engine, one, [{ values: filled, now: '2026-01-01T00:00:00Z' }]).refusal ? [] : [`${engine} accepts it`];
    }
    if (cases.length === 0) return ['no cases'];
    const { refusal, answers } = ask(engine, one, cases);
    return refusal ? [refusal] : compare(engine, answers, cases);
  });
}

/** Where the engine's answers are not the expected ones. */
function compare(engine, answers, cases) {
  const judged = cases.map((one, at) => ({ one, got: answers[at] })).filter(({ got }) => got !== ABSTAINS);
  if (judged.length === 0) return [`${engine} has no opinion on any case; add one without blanks`];
  const wrong = judged.filter(({ one, got }) => !same(got, one.expect));
  if (wrong.length === 0) return [];
  const { expect, ...input } = wrong[0].one;
  return [
    `${engine} differs in ${wrong.length} of ${cases.length} cases; first ${JSON.stringify(input)}: ` +
      `expected ${JSON.stringify(expect)}, got ${JSON.stringify(wrong[0].got)}`,
  ];
}

let list;
try {
  list = JSON.parse(fs.readFileSync(process.argv[2] ?? 0, 'utf8'));
} catch (error) {
  lib.fail(`salesforce-formulas: ${error.message}`);
}
const report = new lib.Report();
list.forEach((one, at) => report.file(one.name ?? `formula ${at + 1}`, check(one)));
report.end('formula');
