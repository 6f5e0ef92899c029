// salesforce-xref.mjs DIR  Checks what no other tool here sees: names that cross files (stages, processes, record
// types, fields, picklist values, paths) and the documented lengths of names and texts.
import fs from 'node:fs';
import path from 'node:path';
import lib from './lib.cjs';
import xml from './salesforce-xml.cjs';

const { text, texts, children } = xml;
const [dir] = lib.args('DIR');

// The picklist behind the stage-like field of each object that has processes.
const STAGES = {
  Opportunity: { field: 'StageName', valueSet: 'OpportunityStage' },
  Lead: { field: 'Status', valueSet: 'LeadStatus' },
  Case: { field: 'Status', valueSet: 'CaseStatus' },
};

// --- Reading -----------------------------------------------------------------------------------

/** A component: `{file, type, name, object, root}`; `object` only for the parts of an object. */
function component(file) {
  const root = xml.parse(file);
  return {
    file,
    type: root?.name,
    name: path.basename(file).replace(/\.[a-zA-Z]+-meta\.xml$/, ''),
    object: /objects\/([^/]+)\//.exec(file)?.[1],
    root,
  };
}

const components = xml.project(dir).packages.flatMap(lib.walk).filter((file) => file.endsWith('-meta.xml')).map(component);

const all = (type) => components.filter((one) => one.type === type);
const find = (type, name, object) => all(type).find((one) => one.name === name && (!object || one.object === object));

/** The values of a standard value set or a custom picklist field; null when they are not in this project. */
function picklist(object, field) {
  const stage = STAGES[object];
  if (stage?.field === field) {
    const set = find('StandardValueSet', stage.valueSet);
    return set ? children(set.root, 'standardValue').map((value) => text(value, 'fullName')) : null;
  }
  const valueSet = children(find('CustomField', field, object)?.root ?? { children: [] }, 'valueSet')[0];
  const definition = valueSet && children(valueSet, 'valueSetDefinition')[0];
  if (definition) return children(definition, 'value').map((value) => text(value, 'fullName'));
  const global = valueSet && find('GlobalValueSet', text(valueSet, 'valueSetName'));
  return global ? children(global.root, 'customValue').map((value) => text(value, 'fullName')) : null;
}

/** The labels of the same values: what a translation names them by. */
function labels(object, field) {
  const of = (value) => text(value, 'label') ?? text(value, 'fullName');
  const stage = STAGES[object];
  const set = stage?.field === field && find('StandardValueSet', stage.valueSet);
  if (set) return children(set.root, 'standardValue').map(of);
  const valueSet = children(find('CustomField', field, object)?.root ?? { children: [] }, 'valueSet')[0];
  const definition = valueSet && children(valueSet, 'valueSetDefinition')[0];
  return definition ? children(definition, 'value').map(of) : [];
}

/** Record types write their picklist values %-escaped. */
function unescaped(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return `${value} (wrong %-escape)`;
  }
}

const isCustom = (name) => /__c$/.test(name);
const fieldExists = (object, name) => !isCustom(name) || Boolean(find('CustomField', name, object));

// --- Small checks ------------------------------------------------------------------------------

const duplicates = (list) => [...new Set(list.filter((one, at) => list.indexOf(one) !== at))];
const longer = (what, value, limit) => ((value?.length ?? 0) > limit ? [`${what} is longer than ${limit} characters`] : []);
const developerName = (value, limit) =>
  /^[A-Za-z](_?[A-Za-z0-9])*$/.test(value) && value.length <= limit ? [] : [`${value} is no API name of at most ${limit} characters`];
const when = (condition, ...faults) => (condition ? faults : []);

// --- One check for each type -------------------------------------------------------------------

const checks = {
  StandardValueSet({ name, root }) {
    const values = children(root, 'standardValue');
    const names = values.map((value) => text(value, 'fullName'));
    const is = (value, flag) => text(value, flag) === 'true';
    return [
      ...when(values.length === 0, 'has no value'),
      ...when(values.length > 100, `has ${values.length} values, at most 100 are allowed`),
      ...duplicates(names.map((one) => one.toLowerCase())).map((one) => `value "${one}" stands twice`),
      ...names.flatMap((one) => longer(`value "${one}"`, one, 255)),
      ...when(values.filter((value) => is(value, 'default')).length > 1, 'has more than one default'),
      ...when(name === 'LeadStatus' && !values.some((value) => is(value, 'converted')), 'has no converted value'),
      ...when(name === 'LeadStatus' && !values.some((value) => is(value, 'default')), 'has no default'),
      ...values.flatMap((value) => (name === 'OpportunityStage' ? opportunityStage(value, is) : [])),
    ];
  },

  BusinessProcess({ name, object, root }) {
    const values = children(root, 'values').map((value) => text(value, 'fullName'));
    const known = STAGES[object] ? picklist(object, STAGES[object].field) : null;
    return [
      ...when(text(root, 'fullName') !== name, `fullName is ${text(root, 'fullName')}`),
      ...when(values.length === 0, 'has no value'),
      ...when(!STAGES[object], `${object} has no business processes`),
      ...when(STAGES[object] && !known, `value set ${STAGES[object]?.valueSet} is missing`),
      ...duplicates(values).map((one) => `value "${one}" stands twice`),
      ...values.filter((one) => known && !known.includes(one)).map((one) => `value "${one}" is not in ${STAGES[object].valueSet}`),
      ...longer('the name', name, 80),
      ...longer('the description', text(root, 'description'), 255),
    ];
  },

  RecordType({ name, object, root }) {
    const process = text(root, 'businessProcess');
    return [
      ...developerName(name, 80),
      ...when(text(root, 'fullName') !== name, `fullName is ${text(root, 'fullName')}`),
      ...when(STAGES[object] && !process, 'names no business process'),
      ...when(process && !find('BusinessProcess', process, object), `business process "${process}" does not exist`),
      ...longer('the description', text(root, 'description'), 255),
      ...children(root, 'picklistValues').flatMap((list) => {
        const field = text(list, 'picklist');
        if (!fieldExists(object, field)) return [`picklist ${field} does not exist`];
        const known = picklist(object, field);
        return children(list, 'values')
          .map((value) => text(value, 'fullName'))
          .filter((value) => known && !known.includes(unescaped(value)))
          .map((value) => `value "${value}" is not in picklist ${field}`);
      }),
    ];
  },

  PathAssistant({ root }) {
    const [object, field, recordType] = ['entityName', 'fieldName', 'recordTypeName'].map((key) => text(root, key));
    const rivals = all('PathAssistant').filter(
      (other) => text(other.root, 'entityName') === object && text(other.root, 'recordTypeName') === recordType,
    );
    const record = find('RecordType', recordType, object);
    const process = record && find('BusinessProcess', text(record.root, 'businessProcess'), object);
    const known = process ? children(process.root, 'values').map((value) => text(value, 'fullName')) : picklist(object, field);
    const steps = children(root, 'pathAssistantSteps');
    const stages = steps.map((step) => text(step, 'picklistValueName'));
    return [
      ...when(rivals.length > 1, `is not the only path of record type ${recordType}`),
      ...when(recordType !== '__Master__' && !record, `record type ${object}.${recordType} does not exist`),
      ...when(STAGES[object] && STAGES[object].field !== field, `the path of ${object} goes along ${STAGES[object]?.field}, not ${field}`),
      ...when(!fieldExists(object, field), `field ${field} does not exist`),
      ...duplicates(stages).map((one) => `step "${one}" stands twice`),
      ...stages.filter((one) => known && !known.includes(one)).map((one) => `step "${one}" is no value of the process`),
      ...steps
        .flatMap((step) => texts(step, 'fieldNames'))
        .filter((one) => !fieldExists(object, one))
        .map((one) => `field ${one} does not exist`),
    ];
  },

  ValidationRule({ name, object, root }) {
    const shownAt = text(root, 'errorDisplayField');
    return [
      ...developerName(name, 40),
      ...when(text(root, 'fullName') !== name, `fullName is ${text(root, 'fullName')}`),
      ...when(shownAt && !fieldExists(object, shownAt), `errorDisplayField ${shownAt} does not exist`),
      ...longer('the error message', text(root, 'errorMessage'), 255),
      ...longer('the description', text(root, 'description'), 255),
      ...formula(object, text(root, 'errorConditionFormula') ?? ''),
    ];
  },

  CustomField({ name, object, root }) {
    const base = name.replace(/__c$/, '');
    const [type, precision, scale, length] = ['type', 'precision', 'scale', 'length'].map((key) => text(root, key));
    const values = picklist(object, name) ?? [];
    return [
      ...when(!isCustom(name), `${name} does not end in __c`),
      ...developerName(base, 40),
      ...when(text(root, 'fullName') !== name, `fullName is ${text(root, 'fullName')}`),
      ...longer('the label', text(root, 'label'), 40),
      ...when(!text(root, 'label'), 'has no label'),
      ...when(type === 'Checkbox' && !text(root, 'formula') && !text(root, 'defaultValue'), 'a checkbox needs a defaultValue'),
      ...when(['Number', 'Currency', 'Percent'].includes(type) && !(scale >= 0 && precision <= 18 && Number(scale) <= Number(precision)), 'precision must be at most 18 and scale at most precision'),
      ...when(type === 'Text' && !text(root, 'formula') && !(length >= 1 && length <= 255), 'length must be 1 to 255'),
      ...when(/Picklist$/.test(type) && values.length === 0, 'has no picklist values'),
      ...when(values.length > 1000, `has ${values.length} values, at most 1000 are allowed`),
      ...duplicates(values.map((value) => value.toLowerCase())).map((one) => `value "${one}" stands twice`),
      ...values.flatMap((value) => longer(`value "${value}"`, value, 255)),
      ...(text(root, 'formula') ? formula(object, text(root, 'formula')) : []),
    ];
  },

  ListView({ name, object, root }) {
    const fields = [...texts(root, 'columns'), ...children(root, 'filters').map((node) => text(node, 'field'))];
    return [
      ...developerName(name, 40),
      ...when(text(root, 'fullName') !== name, `fullName is ${text(root, 'fullName')}`),
      ...when(texts(root, 'columns').length === 0, 'has no columns'),
      ...longer('the label', text(root, 'label'), 40),
      ...fields.filter((one) => !fieldExists(object, one)).map((one) => `field ${one} does not exist`),
    ];
  },

  CustomObjectTranslation({ name, root }) {
    const { of } = translated(name);
    const named = (element) => children(root, element).map((node) => text(node, 'name'));
    const there = (type, one) => Boolean(find(type, one, of));
    return [
      ...language(name),
      ...when(!components.some((one) => one.object === of), `object ${of} does not exist`),
      ...named('recordTypes').filter((one) => !there('RecordType', one)).map((one) => `record type ${one} does not exist`),
      ...named('validationRules').filter((one) => !there('ValidationRule', one)).map((one) => `validation rule ${one} does not exist`),
      ...children(root, 'validationRules').flatMap((node) => longer('an error message', text(node, 'errorMessage'), 255)),
      ...children(root, 'recordTypes').flatMap((node) => longer('the label of a record type', text(node, 'label'), 80)),
    ];
  },

  CustomFieldTranslation({ file, name, root }) {
    const { of } = translated(path.basename(path.dirname(file)));
    return [
      ...when(text(root, 'name') !== name, `name is ${text(root, 'name')}`),
      ...when(!find('CustomField', name, of), `field ${of}.${name} does not exist`),
      ...longer('the label', text(root, 'label'), 40),
      ...longer('the help text', text(root, 'help'), 255),
      ...values(children(root, 'picklistValues'), labels(of, name)),
    ];
  },

  StandardValueSetTranslation({ name, root }) {
    const { of } = translated(name);
    const [object, stage] = Object.entries(STAGES).find(([, one]) => one.valueSet === of) ?? [];
    return [
      ...language(name),
      ...when(!find('StandardValueSet', of), `value set ${of} does not exist`),
      ...values(children(root, 'valueTranslation'), object ? labels(object, stage.field) : []),
    ];
  },

  PermissionSet({ root }) {
    const known = (node, key, type) => {
      const [object, name] = text(node, key).split('.');
      return (type === 'CustomField' && !isCustom(name)) || find(type, name, object);
    };
    return [
      ...children(root, 'fieldPermissions').filter((node) => !known(node, 'field', 'CustomField')).map((node) => `field ${text(node, 'field')} does not exist`),
      ...children(root, 'customPermissions').filter((node) => !find('CustomPermission', text(node, 'name'))).map((node) => `custom permission ${text(node, 'name')} does not exist`),
      ...children(root, 'recordTypeVisibilities').filter((node) => !known(node, 'recordType', 'RecordType')).map((node) => `record type ${text(node, 'recordType')} does not exist`),
    ];
  },

  Flow({ root }) {
    const start = children(root, 'start')[0];
    const object = start && text(start, 'object');
    const deep = (node) => (node.text === null ? node.children.flatMap(deep) : [node.text]);
    const fields = deep(root).flatMap((value) => value.match(/\b[A-Za-z]\w*?__c\b/g) ?? []);
    return [...new Set(fields)].filter((field) => field !== object && !fieldExists(object, field)).map((field) => `field ${field} does not exist`);
  },
};

/** `Lead-ko`: what is translated, and into which language. */
const translated = (name) => ({ of: name.slice(0, name.lastIndexOf('-')), language: name.slice(name.lastIndexOf('-') + 1) });
// Every language that the Metadata API knows.
const languages = fs
  .readFileSync(path.join(lib.tools, 'node/node_modules/@salesforce/types/lib/metadata.d.ts'), 'utf8')
  .match(/export type Language = (.*);/)[1]
  .match(/\w+/g);

function language(name) {
  const { language: code } = translated(name);
  return when(!languages.includes(code), `Salesforce has no language ${code}`);
}

/** Translations of values: each names one that is there, once, and says something. */
function values(list, known) {
  const named = list.map((value) => text(value, 'masterLabel'));
  return [
    ...duplicates(named).map((one) => `value "${one}" is translated twice`),
    ...named.filter((one) => !known.includes(one)).map((one) => `value "${one}" does not exist`),
    ...list.filter((value) => !text(value, 'translation')).map((value) => `value "${text(value, 'masterLabel')}" has no translation`),
    ...list.flatMap((value) => longer('the translation of a value', text(value, 'translation'), 255)),
  ];
}

function opportunityStage(value, is) {
  const name = text(value, 'fullName');
  const [closed, won, forecast] = [is(value, 'closed'), is(value, 'won'), text(value, 'forecastCategory')];
  const probability = Number(text(value, 'probability'));
  return [
    ...when(won && !closed, `"${name}" is won but not closed`),
    ...when(won && forecast !== 'Closed', `"${name}" is won, but its forecast category is ${forecast}`),
    ...when(won && probability !== 100, `"${name}" is won, but its probability is ${probability}`),
    ...when(closed && !won && forecast !== 'Omitted', `"${name}" is lost, but its forecast category is ${forecast}`),
    ...when(closed && !won && probability !== 0, `"${name}" is lost, but its probability is ${probability}`),
    ...when(!closed && forecast === 'Closed', `"${name}" is open, but its forecast category is Closed`),
    ...when(!Number.isInteger(probability) || probability < 0 || probability > 100, `"${name}" has probability ${text(value, 'probability')}`),
  ];
}

/** Names and picklist literals in a formula. That it is a formula at all is for salesforce-formulas to say. */
/** The lookup in front of a field of another record: `Parent__c` for `Parent__r.`. */
const lookupOf = (before) => before.match(/^(\w+)__r\.$/)?.[1].concat('__c');

/** The object that such a lookup leads to; undefined when there is none, or it is not in this project. */
function seenFrom(object, before) {
  const lookup = lookupOf(before) && find('CustomField', lookupOf(before), object);
  return lookup ? text(lookup.root, 'referenceTo') : undefined;
}

function formula(object, source) {
  const faults = [];
  const withoutTexts = source.replace(/"(\\.|[^"\\])*"/g, '""');
  // A field of another record is defined there (Parent__r.Tier__c); that of a standard lookup (Account.Tier__c) elsewhere.
  for (const [, before, field] of withoutTexts.matchAll(/([\w.]*?)\b([A-Za-z]\w*__c)\b/g)) {
    const lookup = lookupOf(before);
    const parent = seenFrom(object, before);
    if (lookup && !parent) faults.push(`lookup ${lookup} does not exist`);
    if (parent && !fieldExists(parent, field)) faults.push(`field ${parent}.${field} does not exist`);
    if (!before.endsWith('.') && !fieldExists(object, field)) faults.push(`field ${field} does not exist`);
  }
  const literal = '"((?:\\\\.|[^"\\\\])*)"';
  const field = '(?:PRIORVALUE\\(\\s*)?(\\w+)\\s*\\)?';
  const comparisons = [
    new RegExp(`\\bISPICKVAL\\(\\s*${field}\\s*,\\s*${literal}`, 'g'),
    new RegExp(`\\bTEXT\\(\\s*${field}\\s*\\)\\s*(?:=|<>|!=)\\s*${literal}`, 'g'),
  ];
  for (const [, name, value] of comparisons.flatMap((pattern) => [...source.matchAll(pattern)])) {
    const plain = value.replace(/\\(.)/g, '$1');
    const known = picklist(object, name);
    if (known && plain !== '' && !known.includes(plain)) faults.push(`"${plain}" is no value of ${name}`);
  }
  for (const [, before, name] of source.matchAll(new RegExp(`([\\w.]*?)\\bRecordType\\.DeveloperName\\s*(?:=|<>|!=)\\s*${literal}`, 'g'))) {
    if (!find('RecordType', name, seenFrom(object, before) ?? object)) faults.push(`record type "${name}" does not exist`);
  }
  for (const [, name] of withoutTexts.matchAll(/\$Permission\.(\w+)/g)) {
    if (!find('CustomPermission', name)) faults.push(`custom permission ${name} does not exist`);
  }
  return faults;
}

const report = new lib.Report();
for (const one of components) {
  report.file(one.file, one.root ? (checks[one.type]?.(one) ?? []) : ['no root element']);
}
report.end('component');
