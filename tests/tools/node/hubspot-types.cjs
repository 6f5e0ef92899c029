// hubspot-types.cjs DIR  Checks the request bodies for HubSpot's API:
//
//   pipelines/OBJECT/NAME.json        POST /crm/v3/pipelines/OBJECT
//   properties/OBJECT/NAME.json       POST /crm/v3/properties/OBJECT
//   property-groups/OBJECT/NAME.json  POST /crm/v3/properties/OBJECT/groups
//   property-rules/OBJECT/NAME.KIND.json  PUT /crm/property-validations/2026-03/TYPE/NAME/rule-type/KIND
//   pipeline-rules/OBJECT/NAME.json   PUT /crm/pipelines-rules/2026-09/TYPE/PIPELINE
//   stage-permissions/OBJECT/NAME.json  PUT /crm/pipelines-rules/2026-09/TYPE/PIPELINE/stage-edit-permissions
//   lifecycle-stages/contacts/NAME.json  POST /crm/pipelines/2026-03/contacts/contacts-lifecycle-pipeline/stages
//   searches/OBJECT/NAME.json         POST /crm/v3/objects/OBJECT/search
//   scores/OBJECT/NAME.json           POST /marketing/lead-scoring/2027-03-beta/scores
//
// where DIR holds these folders, or holds them in `hubspot/`. First the TypeScript compiler reads each body as
// the type that HubSpot's own client gives it; then come the documented rules which types cannot express. The client
// has no types for rules of pipelines and properties, and none for scores: theirs are written here after the
// reference of the interface.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { modules, walk, Report, args, readJson } = require('./lib.cjs');
const { faultsOf } = require('./types.cjs');

const [given] = args('DIR');
const dir = fs.existsSync(path.join(given, 'hubspot')) ? path.join(given, 'hubspot') : given;

// For each folder: where the client declares the body's type, what is imported from there, and the type itself.
const KINDS = {
  pipelines: {
    model: 'pipelines/models/PipelineInput',
    imports: 'PipelineInput',
    // HubSpot's API description lets the caller choose the ids; its client's types leave them out.
    type: "Omit<PipelineInput, 'stages'> & { pipelineId?: string; stages: (PipelineInput['stages'][number] & { stageId?: string })[] }",
    rules: pipelineRules,
  },
  properties: {
    model: 'properties/models/PropertyCreate',
    imports: 'PropertyCreate, PropertyCreateTypeEnum, PropertyCreateFieldTypeEnum',
    // An enum accepts no plain text in TypeScript; its texts as a union do. HubSpot's API description (2026-03) lets
    // a number be shown as money; its client's types leave that out.
    type: "Omit<PropertyCreate, 'type' | 'fieldType'> & { type: `${PropertyCreateTypeEnum}`; fieldType: `${PropertyCreateFieldTypeEnum}`; showCurrencySymbol?: boolean }",
    rules: propertyRules,
  },
  'property-groups': { model: 'properties/models/PropertyGroupCreate', imports: 'PropertyGroupCreate', type: 'PropertyGroupCreate', rules: groupRules },
  'property-rules': { declares: '', type: '{ ruleArguments: string[]; shouldApplyNormalization?: boolean }', rules: ruleOfProperty },
  'pipeline-rules': {
    declares: `
      type Stages = { enabledForAllStages: boolean; pipelineStageIds: string[] };
      type Approval = { pipelineStageId: string; approverUserIds: string[]; approvalMode: 'ALL' | 'ANY'; approvalComment?: string };`,
    type: '{ governanceValidationRules: { noBackwardsMovementRule: Stages; noSkippingStagesRule: Stages; objectCreationRule: { pipelineStageIds: string[] } }; approvalStageRules?: Approval[] }',
    rules: rulesOfPipeline,
  },
  'stage-permissions': {
    declares: '',
    type: "{ stages: { pipelineStageId: string; permissionMode: 'OPEN' | 'RESTRICTED'; teamIds?: string[]; userIds?: string[]; superAdmin?: boolean }[] }",
    rules: permissionRules,
  },
  'lifecycle-stages': { model: 'pipelines/models/PipelineStageInput', imports: 'PipelineStageInput', type: 'PipelineStageInput', rules: lifecycleRules },
  scores: {
    // What Ekiden uses of the schemas of HubSpot's API description, "Marketing Lead Scoring" 2027-03-beta.
    declares: `
      type Blank = { includeObjectsWithNoValueSet: boolean };
      type DatePoint = { timeType: 'DATE'; zoneId: string; timezoneSource?: string; year: number; month: number; day: number;
        hour?: number; minute?: number; second?: number; millisecond?: number };
      type Offset = { [unit in 'milliseconds' | 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'quarters' | 'years']?: number };
      type IndexedPoint = { timeType: 'INDEXED'; zoneId: string; timezoneSource?: string; indexReference: { referenceType: 'NOW' | 'TODAY' }; offset?: Offset };
      type Behavior = 'INCLUSIVE' | 'EXCLUSIVE';
      type Operation = Blank & (
        | { operationType: 'ALL_PROPERTY'; operator: 'IS_KNOWN' | 'IS_UNKNOWN' }
        | { operationType: 'BOOL'; operator: 'IS_EQUAL_TO' | 'IS_NOT_EQUAL_TO'; value: boolean }
        | { operationType: 'ENUMERATION'; operator: 'IS_ANY_OF' | 'IS_NONE_OF'; values: string[] }
        | { operationType: 'NUMBER'; operator: 'IS_EQUAL_TO' | 'IS_NOT_EQUAL_TO' | 'IS_LESS_THAN' | 'IS_LESS_THAN_OR_EQUAL_TO' | 'IS_GREATER_THAN' | 'IS_GREATER_THAN_OR_EQUAL_TO'; value: number }
        | { operationType: 'TIME_POINT'; type: 'TIME_POINT'; operator: 'IS_AFTER' | 'IS_BEFORE'; endpointBehavior?: Behavior; propertyParser?: string; timePoint: DatePoint | IndexedPoint }
        | { operationType: 'TIME_RANGED'; type: 'TIME_RANGED'; operator: 'IS_BETWEEN'; propertyParser?: string;
            lowerBoundEndpointBehavior?: Behavior; upperBoundEndpointBehavior?: Behavior;
            lowerBoundTimePoint: DatePoint | IndexedPoint; upperBoundTimePoint: DatePoint | IndexedPoint });
      type Condition = { type: 'SINGLE'; property: string; operation: Operation };
      type Constant = { type: 'CONSTANT'; value: number };
      type Conditional = { type: 'CONDITIONAL'; value: number; whereCondition: { type: 'COMPOSITE'; operator: 'AND'; conditions: Condition[] } };
      type Range = { type: 'AT_LEAST' | 'BETWEEN' | 'EXACTLY'; from: number; to?: number; value: number };
      type Event = { eventTypeId: string; recordCalculation: Constant; eventFrequencyCriteria?: { type: 'BETWEEN'; ranges: Range[] };
        eventTimeframe?: { eventFilterOperation: Operation } };
      type Events = { type: 'MULTI_UE'; eventCalculators: Event[] };
      type Rule = { enabled: boolean; minValue?: number; maxValue?: number; configuration: { calculation: Constant | Conditional | Events } };
      type Group = { groupName: string; groupCategory: 'FIT' | 'INTENT'; minValue?: number; maxValue?: number;
        groupDecay?: { decayIntervalDays: number; percentToDecayPerInterval: number }; ruleConfigurations: Rule[] };`,
    type: "{ name: string; objectTypeId: string; allowedGroupTypes: ('FIT' | 'INTENT')[]; maxScorePerCategory: number; groupConfigs: Group[] }",
    rules: scoreRules,
  },
  searches: {
    model: 'deals/models/PublicObjectSearchRequest',
    imports: 'PublicObjectSearchRequest',
    also: { 'deals/models/Filter': 'Filter, FilterOperatorEnum' },
    type: "Omit<PublicObjectSearchRequest, 'filterGroups'> & { filterGroups: { filters: (Omit<Filter, 'operator'> & { operator: `${FilterOperatorEnum}` })[] }[] }",
    rules: searchRules,
  },
};

// --- Types ---------------------------------------------------------------------------------------

/** What the compiler says of each body: file → messages. */
function typeFaults(bodies) {
  const client = path.join(modules, '@hubspot/api-client/lib/codegen/crm');
  return faultsOf(bodies.map(({ file, kind, source }) => {
    const { model, imports, also = {}, declares, type } = KINDS[kind];
    const imported = ([from, what]) => `import type { ${what} } from ${JSON.stringify(path.join(client, from))};`;
    const before = model ? Object.entries({ [model]: imports, ...also }).map(imported).join(' ') : declares;
    return { file, before, type, source };
  }));
}

// --- Rules ---------------------------------------------------------------------------------------

const duplicates = (list) => [...new Set(list.filter((one, at) => list.indexOf(one) !== at))];
const repeated = (what, list) => duplicates(list).map((one) => `${what} ${JSON.stringify(one)} stands twice`);
const when = (condition, fault) => (condition ? [fault] : []);

function pipelineRules({ data: { stages }, object }, others) {
  if (!Array.isArray(stages)) return [];
  const many = ['leads', 'appointments', 'courses', 'listings', 'orders', 'services'].includes(object) ? 30 : 100;
  return [
    ...when(stages.length === 0, 'has no stage'),
    ...when(stages.length > many, `has ${stages.length} stages, at most ${many} are allowed`),
    ...repeated('stage label', stages.map(({ label }) => String(label).toLowerCase())),
    ...repeated('displayOrder', stages.map(({ displayOrder }) => displayOrder)),
    ...repeated('pipeline label', others.map(({ data }) => data.label)),
    ...repeated('pipelineId', others.map(({ data }) => data.pipelineId).filter(Boolean)),
    // HubSpot makes properties such as hs_date_entered_STAGE for all pipelines of an object together.
    ...repeated('stageId', others.flatMap(({ data }) => (data.stages ?? []).map(({ stageId }) => stageId)).filter(Boolean)),
    ...stages.flatMap((stage) => [
      ...when(stage.stageId !== undefined && !/^[a-z0-9_]+$/.test(stage.stageId), `stageId ${JSON.stringify(stage.stageId)} is not lower case letters, digits and _`),
      ...(object === 'deals' ? dealStage(stage) : []),
      ...when(object === 'tickets' && !['OPEN', 'CLOSED'].includes(stage.metadata?.ticketState), `stage ${JSON.stringify(stage.label)}: ticketState is neither OPEN nor CLOSED`),
    ]),
  ];
}

function dealStage({ label, metadata = {} }) {
  const { probability, isClosed } = metadata;
  const here = `stage ${JSON.stringify(label)}:`;
  return [
    ...when(!/^(0(\.\d)?|1(\.0)?)$/.test(probability), `${here} probability ${JSON.stringify(probability)} is not "0.0" to "1.0" in steps of 0.1`),
    ...when(isClosed !== undefined && !['true', 'false'].includes(isClosed), `${here} isClosed is neither "true" nor "false"`),
    ...when(isClosed === 'true' && ![0, 1].includes(Number(probability)), `${here} closed, but its probability is ${probability}`),
  ];
}

// Which form fields a type may have (HubSpot's table of property types).
const FIELD_TYPES = {
  bool: ['booleancheckbox', 'calculation_equation'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  string: ['file', 'text', 'textarea', 'html', 'phonenumber', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
};

function propertyRules({ data, file, object }, others) {
  const { name, type, fieldType, options = [], groupName } = data;
  const groups = bodies.filter(({ kind, object: of }) => kind === 'property-groups' && of === object).map((one) => one.data.name);
  const builtIn = [`${object.replace(/ies$/, 'y').replace(/s$/, '')}information`];
  return [
    ...when(!/^[a-z][a-z0-9_]{0,99}$/.test(name), `name ${JSON.stringify(name)} is not a letter and then lower case letters, digits and _`),
    ...when(path.basename(file, '.json') !== name, `name ${JSON.stringify(name)} is not the file's name`),
    ...when(/^hs_/.test(name), 'names beginning with hs_ belong to HubSpot'),
    ...when(FIELD_TYPES[type] && !FIELD_TYPES[type].includes(fieldType), `type ${type} does not go with fieldType ${fieldType}`),
    ...when(type === 'enumeration' && options.length === 0, 'an enumeration needs options'),
    ...when(!['enumeration', 'bool'].includes(type) && options.length > 0, `type ${type} takes no options`),
    ...when(type === 'bool' && options.map(({ value }) => value).sort().join() !== 'false,true', 'a bool needs exactly the options "true" and "false"'),
    ...when(![...groups, ...builtIn].includes(groupName), `group ${JSON.stringify(groupName)} is defined nowhere`),
    ...repeated('option value', options.map(({ value }) => String(value).toLowerCase())),
    ...repeated('option label', options.map(({ label }) => String(label).toLowerCase())),
    ...repeated('property label', others.map(({ data: other }) => other.label)),
  ];
}

function groupRules({ data: { name }, file }, others) {
  return [
    ...when(!/^[a-z][a-z0-9_]*$/.test(name), `name ${JSON.stringify(name)} is not a letter and then lower case letters, digits and _`),
    ...when(path.basename(file, '.json') !== name, `name ${JSON.stringify(name)} is not the file's name`),
    ...repeated('group label', others.map(({ data }) => data.label)),
  ];
}

// Which kinds of rules a type of property may have, and what their one argument is (HubSpot's table of them).
const NUMBER = /^-?\d+(\.\d+)?$/;
const RULE_KINDS = {
  number: { MIN_NUMBER: NUMBER, MAX_NUMBER: NUMBER, DECIMAL: /^(1?\d|20)$/ },
  date: { START_DATE: /^-?\d+$/, END_DATE: /^-?\d+$/ },
  datetime: { START_DATETIME: /^-?\d+$/, END_DATETIME: /^-?\d+$/ },
};

function ruleOfProperty({ data: { ruleArguments = [] }, file, object }, others) {
  const [name, kind, ...rest] = path.basename(file, '.json').split('.');
  const property = bodies.find(({ kind: of, object: on, data }) => of === 'properties' && on === object && data.name === name);
  if (!property || rest.length > 0) return ['there is no such property'];
  const argument = RULE_KINDS[property.data.type]?.[kind];
  const numbers = (ends) => others.filter(({ file: other }) => ends.some((end) => path.basename(other) === `${name}.${end}.json`)).map(({ data }) => Number(data.ruleArguments[0]));
  const [least, most] = [numbers(['MIN_NUMBER', 'START_DATE', 'START_DATETIME']), numbers(['MAX_NUMBER', 'END_DATE', 'END_DATETIME'])];
  return [
    ...when(!argument, `a property of type ${property.data.type} takes no rule ${kind}`),
    ...when(ruleArguments.length !== 1, `has ${ruleArguments.length} arguments, not one`),
    ...when(argument && !argument.test(ruleArguments[0]), `${JSON.stringify(ruleArguments[0])} is no argument of ${kind}`),
    ...when(least[0] > most[0], 'no value is within the bounds'),
  ];
}

/** The ids of stages that an earlier answer gives: those of the pipeline of the same name. */
function stagesOf({ file, object }) {
  const pipeline = bodies.find(({ kind, object: of, file: other }) => kind === 'pipelines' && of === object && path.basename(other) === path.basename(file));
  return pipeline?.data.stages?.length ?? 0;
}

function placeholders(ids) {
  return [
    ...ids.filter((id) => !/^\{stage\.[A-Za-z0-9_]+\}$/.test(id)).map((id) => `${JSON.stringify(id)} is no placeholder of a stage`),
    ...repeated('stage', ids),
  ];
}

function rulesOfPipeline({ data, file, object }) {
  const rules = data.governanceValidationRules ?? {};
  const count = stagesOf({ file, object });
  return [
    ...when(count === 0, 'there is no such pipeline'),
    ...Object.entries(rules).flatMap(([name, { enabledForAllStages, pipelineStageIds = [] }]) => [
      ...placeholders(pipelineStageIds),
      ...when(enabledForAllStages === true && pipelineStageIds.length > 0, `${name} is for all stages and for some`),
      ...when(pipelineStageIds.length > count, `${name} names more stages than the pipeline has`),
    ]),
    ...when(data.approvalStageRules && object !== 'deals', 'only deals are approved'),
    ...placeholders((data.approvalStageRules ?? []).map(({ pipelineStageId }) => pipelineStageId)),
    ...(data.approvalStageRules ?? []).flatMap(({ approverUserIds = [] }) => [
      ...when(approverUserIds.length === 0, 'an approval has no approver'),
      ...when(approverUserIds.some((id) => !/^\d+$/.test(id)), 'an approver is no number'),
    ]),
  ];
}

function lifecycleRules({ data: { label } }, others) {
  const shipped = ['subscriber', 'lead', 'marketing qualified lead', 'sales qualified lead', 'opportunity', 'customer', 'evangelist', 'other'];
  return [
    ...when(shipped.includes(String(label).toLowerCase()), `HubSpot ships ${JSON.stringify(label)}`),
    ...repeated('label', others.map(({ data }) => String(data.label).toLowerCase())),
    ...repeated('displayOrder', others.map(({ data }) => data.displayOrder)),
  ];
}

function permissionRules({ data: { stages }, file, object }) {
  if (!Array.isArray(stages)) return [];
  return [
    ...when(stages.length !== stagesOf({ file, object }), 'does not name every stage of the pipeline'),
    ...placeholders(stages.map(({ pipelineStageId }) => pipelineStageId)),
    ...stages.flatMap(({ permissionMode, teamIds = [], userIds = [] }) => [
      ...when(permissionMode === 'OPEN' && teamIds.length + userIds.length > 0, 'an open stage names who edits it'),
      ...when(permissionMode === 'RESTRICTED' && teamIds.length + userIds.length === 0, 'a restricted stage names nobody'),
    ]),
  ];
}

function searchRules({ data: { filterGroups } }) {
  const filters = filterGroups.flatMap((group) => group.filters);
  return [
    ...when(filterGroups.length > 5, `has ${filterGroups.length} groups, at most 5 are allowed`),
    ...when(filterGroups.some((group) => group.filters.length > 6), 'has a group of more than 6 filters'),
    ...when(filters.length > 18, `has ${filters.length} filters, at most 18 are allowed`),
    ...filters.flatMap(({ operator, value, values }) => [
      ...when(['HAS_PROPERTY', 'NOT_HAS_PROPERTY'].includes(operator) !== (value === undefined && values === undefined), `${operator} with or without a value`),
      ...when(['IN', 'NOT_IN'].includes(operator) !== (values !== undefined), `${operator} with or without values`),
    ]),
  ];
}

// HubSpot's guide: what fades has no time within which, what asks how often has no limit of its own.
function scoreRules({ data, object }) {
  const { objectTypeId, allowedGroupTypes = [], groupConfigs = [], maxScorePerCategory } = data;
  const known = new Map(bodies.filter(({ kind, object: of }) => kind === 'properties' && of === object).map((one) => [one.data.name, one.data]));
  const fits = { NUMBER: ['number'], ENUMERATION: ['enumeration'], BOOL: ['bool'], TIME_POINT: ['date', 'datetime'] };
  return [
    ...when({ contacts: '0-1', companies: '0-2', deals: '0-3' }[object] !== objectTypeId, `objectTypeId ${objectTypeId} is not that of ${object}`),
    ...when(groupConfigs.length === 0, 'a score needs a group'),
    ...when(!Number.isInteger(maxScorePerCategory), 'maxScorePerCategory is not whole'),
    ...repeated('group', groupConfigs.map(({ groupName }) => groupName)),
    ...groupConfigs.flatMap(({ groupName, groupCategory, groupDecay, ruleConfigurations = [] }) => [
      ...when(!allowedGroupTypes.includes(groupCategory), `group ${groupName} is of a kind that is not allowed`),
      ...when(groupDecay && groupCategory !== 'INTENT', `group ${groupName} fades, and is not of engagement`),
      ...when(groupDecay && !(Number.isInteger(groupDecay.decayIntervalDays) && groupDecay.decayIntervalDays >= 1), `group ${groupName} fades by no whole days`),
      ...when(ruleConfigurations.length === 0, `group ${groupName} has no rule`),
      ...ruleConfigurations.flatMap(({ configuration: { calculation }, minValue, maxValue }) => [
        ...when((calculation.type === 'MULTI_UE') !== (groupCategory === 'INTENT'), `group ${groupName} of ${groupCategory} has a rule of ${calculation.type}`),
        ...(calculation.eventCalculators ?? []).flatMap((entry) => [
          ...when(!/^\d+-\d+$/.test(entry.eventTypeId), `${entry.eventTypeId} is no event`),
          ...when(groupDecay && entry.eventTimeframe, `group ${groupName} fades and has a time within which`),
          ...when(entry.eventFrequencyCriteria && (minValue ?? maxValue) !== undefined, 'a rule asks how often and has a limit'),
        ]),
        ...(calculation.whereCondition?.conditions ?? []).flatMap(({ property, operation: { operationType } }) => {
          const { type } = known.get(property) ?? {};
          return when(type && fits[operationType] && !fits[operationType].includes(type), `${operationType} does not go with ${property}, which is ${type}`);
        }),
      ]),
    ]),
  ];
}

// --- Files ---------------------------------------------------------------------------------------

const report = new Report();
const bodies = [];
for (const file of walk(dir).filter((name) => name.endsWith('.json'))) {
  const [kind, object, ...rest] = path.relative(dir, file).split(path.sep);
  const { data, fault } = readJson(file);
  if (fault) report.file(file, [fault]);
  // Other folders belong to other checks, but a misplaced file in these would go unread.
  else if (KINDS[kind] && rest.length !== 1) report.file(file, [`is not at ${kind}/OBJECT/NAME.json`]);
  else if (KINDS[kind] && (data === null || typeof data !== 'object' || Array.isArray(data))) report.file(file, ['is no JSON object']);
  else if (KINDS[kind]) bodies.push({ file, kind, object, data, source: fs.readFileSync(file, 'utf8') });
}

const types = bodies.length ? typeFaults(bodies) : new Map();
for (const body of bodies) {
  const siblings = bodies.filter(({ kind, object }) => kind === body.kind && object === body.object);
  report.file(body.file, [...(types.get(body.file) ?? []), ...KINDS[body.kind].rules(body, siblings)]);
}
report.end('request body');
