// pipedrive-types.cjs DIR  Checks the request bodies for Pipedrive's API, and the plan that sends them:
//
//   pipelines/NAME.json        POST /api/v2/pipelines
//   stages/NAME/00N-STAGE.json POST /api/v2/stages
//   fields/OBJECT/NAME.json    POST /api/v2/dealFields, personFields, organizationFields
//   activity-types/NAME.json   POST /v1/activityTypes
//
// where DIR holds these folders and plan.json, or holds them in `pipedrive/`. Each body is sent once, after those whose ids
// it needs; ids take the places of placeholders, and the TypeScript compiler reads the result as the type that Pipedrive's
// own client gives it. Then come the documented rules which types cannot express.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { modules, walk, Report, args, readJson } = require('./lib.cjs');
const { faultsOf } = require('./types.cjs');

const [given] = args('DIR');
const dir = fs.existsSync(path.join(given, 'pipedrive')) ? path.join(given, 'pipedrive') : given;
const client = path.join(modules, 'pipedrive/dist/versions');

const KINDS = {
  '/api/v2/pipelines': { at: /^pipelines\/\w+\.json$/, model: 'v2/models/add-pipeline-request', type: 'AddPipelineRequest' },
  '/api/v2/stages': { at: /^stages\/\w+\/\d{3,}-\w+\.json$/, model: 'v2/models/add-stage-request', type: 'AddStageRequest' },
  '/api/v2/dealFields': { at: /^fields\/deals\/\w+\.json$/, model: 'v2/models/add-deal-field-request', type: 'AddDealFieldRequest' },
  '/api/v2/personFields': { at: /^fields\/persons\/\w+\.json$/, model: 'v2/models/add-person-field-request', type: 'AddPersonFieldRequest' },
  '/api/v2/organizationFields': { at: /^fields\/organizations\/\w+\.json$/, model: 'v2/models/add-organization-field-request', type: 'AddOrganizationFieldRequest' },
  '/v1/activityTypes': { at: /^activity-types\/\w+\.json$/, model: 'v1/models/add-activity-type-request', type: 'AddActivityTypeRequest' },
};
const when = (condition, fault) => (condition ? [fault] : []);
const duplicates = (list) => [...new Set(list.filter((one, at) => list.indexOf(one) !== at))];
const repeated = (what, list) => duplicates(list).map((one) => `${what} ${JSON.stringify(one)} stands twice`);
const known = (what, object, keys) => Object.keys(object ?? {}).filter((key) => !keys.includes(key)).map((key) => `${what} has no ${key}`);
const steps = (pointer) => pointer.split('/').slice(1);

const report = new Report();
const planFile = path.join(dir, 'plan.json');
const files = walk(dir).filter((name) => name.endsWith('.json') && name !== planFile);
if (files.length > 0) check();
report.end('request body');

function check() {
  const { data: plan, fault } = readJson(planFile);
  if (fault) return report.file(planFile, [fault]);
  const ids = new Map();
  const bodies = [];
  const planFaults = [...repeated('body', plan.calls.map(({ body }) => body)), ...repeated('makes', plan.calls.map(({ makes }) => makes))];
  plan.calls.forEach((call, at) => {
    const file = path.join(dir, call.body);
    const kind = KINDS[call.path];
    const { data, fault: unread } = readJson(file);
    const faults = [...when(call.step !== at + 1, `step ${call.step} is not ${at + 1}`), ...when(call.method !== 'POST', 'is no POST')];
    if (!kind || !kind.at.test(call.body)) faults.push(`is not at the place of ${call.path}`);
    if (unread) faults.push(unread);
    if (kind && !unread) {
      for (const use of call.uses) faults.push(...replace(data, use, ids));
      if (/"\{(stage|pipeline|field)\.\w+\}"/.test(JSON.stringify(data))) faults.push('holds a placeholder that the plan does not name');
      bodies.push({ file, kind, data, faults, path: call.path });
    } else report.file(file, faults);
    for (const { placeholder, pointer } of call.saves) {
      if (pointer !== (call.body.startsWith('fields/') ? '/data/field_code' : '/data/id')) faults.push(`saves ${pointer}`);
      ids.set(placeholder, ids.size + 101);
    }
  });
  const sent = new Set(plan.calls.map(({ body }) => path.join(dir, body)));
  planFaults.push(...files.filter((file) => !sent.has(file)).map((file) => `does not send ${path.relative(dir, file)}`));
  const types = faultsOf(bodies.map(({ file, kind, data }) => ({
    file, type: kind.type, source: JSON.stringify(data, null, 2),
    before: `import type { ${kind.type} } from ${JSON.stringify(path.join(client, kind.model))};`,
  })));
  const numbers = (part) => new Set([...ids].filter(([name]) => name.startsWith(part)).map(([, id]) => id));
  const stages = numbers('stage.');
  const pipelines = numbers('pipeline.');
  for (const body of bodies) {
    const others = bodies.filter((other) => other.path === body.path).map((other) => other.data);
    report.file(body.file, [...body.faults, ...(types.get(body.file) ?? []), ...rules(body, others, stages, pipelines)]);
  }
  report.file(planFile, planFaults);
}

/** The id of an earlier answer takes the place of its placeholder. */
function replace(data, { placeholder, pointer, key }, ids) {
  if (!ids.has(placeholder)) return [`needs ${placeholder}, which no earlier answer holds`];
  const way = steps(pointer);
  const last = key ? null : way.pop();
  const holder = way.reduce((value, step) => value?.[step], data);
  const text = `{${placeholder}}`;
  if (key) {
    if (!(text in (holder ?? {}))) return [`has no entry ${text} at ${pointer}`];
    holder[ids.get(placeholder)] = holder[text];
    delete holder[text];
    return [];
  }
  if (holder?.[last] !== text) return [`has no ${text} at ${pointer}`];
  holder[last] = ids.get(placeholder);
  return [];
}

function rules({ data, path: at }, others, stages, pipelines) {
  if (at.endsWith('/stages')) return stageRules(data, others, pipelines);
  if (at.endsWith('Fields')) return fieldRules(data, at, others, stages, pipelines);
  if (at.endsWith('/pipelines')) return repeated('pipeline', others.map(({ name }) => name));
  return [];
}

function stageRules({ name, pipeline_id, deal_probability: percent, is_deal_rot_enabled: rots, days_to_rotten: days }, others, pipelines) {
  const same = others.filter((other) => other.pipeline_id === pipeline_id).map((other) => other.name.toLowerCase());
  return [
    ...when(!name?.trim(), 'has no name'),
    ...when(!pipelines.has(pipeline_id), 'is of no pipeline of the plan'),
    ...when(percent !== undefined && !(Number.isInteger(percent) && percent >= 0 && percent <= 100), `probability ${percent} is no whole number from 0 to 100`),
    ...when(rots === true && !(Number.isInteger(days) && days > 0), 'rots after no whole number of days'),
    ...when(rots !== true && days !== undefined, 'has days to rot, and does not rot'),
    ...repeated('stage', same),
  ];
}

function fieldRules(data, at, others, stages, pipelines) {
  const { field_name: name, field_type: type, options, required_fields: required, important_fields: important, ui_visibility: shown } = data;
  const ofDeals = at.endsWith('dealFields');
  const all = (what, list = [], ids) => [...when(list.some((id) => !ids.has(id)), `${what} names what the plan does not make`), ...repeated(what, list)];
  return [
    ...when(!name?.trim(), 'has no name'),
    ...repeated('field', others.map((other) => other.field_name.toLowerCase())),
    ...when(['enum', 'set'].includes(type) !== Boolean(options?.length), `type ${type} and options do not go together`),
    ...repeated('option', (options ?? []).map(({ label }) => label.toLowerCase())),
    ...known('required_fields', required, ofDeals ? ['enabled', 'stage_ids', 'statuses'] : ['enabled']),
    ...known('important_fields', important, ['enabled', 'stage_ids']),
    ...known('ui_visibility', shown, ['show_in_pipelines']),
    ...when(!ofDeals && (important || shown), 'only fields of deals know stages and pipelines'),
    ...when(required && required.enabled !== true, 'is required, and is not'),
    // With no stages it would be required everywhere: fine for a field that is never missing, an accident for others.
    ...when(required && required.statuses && !required.stage_ids?.length, 'statuses without stages would ask for it everywhere'),
    ...all('required_fields', required?.stage_ids, stages),
    ...all('important_fields', important?.stage_ids, stages),
    ...all('show_in_pipelines', shown?.show_in_pipelines?.pipeline_ids, pipelines),
    ...Object.entries(required?.statuses ?? {}).flatMap(([id, words]) => [
      ...when(!pipelines.has(Number(id)), `status of pipeline ${id}, which the plan does not make`),
      ...when(words.length === 0 || words.some((word) => !['won', 'lost'].includes(word)), 'a status is neither won nor lost'),
    ]),
  ];
}
