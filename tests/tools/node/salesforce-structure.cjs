// salesforce-structure.cjs DIR  Checks each *-meta.xml of a Salesforce DX project against the Metadata API's types
// (a JSON Schema made from @salesforce/types), and package.xml and sfdx-project.json for sanity.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { tools, need, walk, Report, args } = require('./lib.cjs');
const xml = require('./salesforce-xml.cjs');
const Ajv = need('ajv').default;

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const { definitions } = require(path.join(tools, 'salesforce-metadata.schema.json'));
for (const definition of Object.values(definitions)) {
  // In XML an empty list is an absent element, so a list can never be required.
  definition.required = definition.required?.filter((name) => resolve(definition.properties[name]).type !== 'array');
}

// Everything in XML is text: "true" and "10" are what a boolean and a number look like.
const ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true });
ajv.addSchema({ $id: 'metadata', definitions });

/** Follows references, and sees through "or null". */
function resolve(schema) {
  if (schema?.$ref) return resolve(definitions[decodeURIComponent(schema.$ref.replace('#/definitions/', ''))]);
  if (schema?.anyOf) return resolve(schema.anyOf.find(({ type }) => type !== 'null'));
  return schema ?? {};
}

/** The element as the object that the types describe; faults of shape go to `faults`. */
function toObject(node, schema, faults) {
  if (node.mixed) faults.push(`<${node.name}> mixes text and elements`);
  if (node.text !== null && schema.type !== 'object') return node.text;
  const object = {};
  let previous;
  for (const child of node.children) {
    const property = resolve(schema.properties?.[child.name]);
    const list = property.type === 'array';
    const value = toObject(child, list ? resolve(property.items) : property, faults);
    if (child.name in object && previous !== child.name) {
      faults.push(`<${child.name}> in <${node.name}> is not contiguous`);
    } else if (child.name in object && !list) {
      faults.push(`<${child.name}> stands twice in <${node.name}>`);
    }
    if (list) (object[child.name] ??= []).push(value);
    else object[child.name] = value;
    previous = child.name;
  }
  return object;
}

/** The marks of a file as Salesforce writes it, without which each retrieve from an org shows a difference. */
function style(text) {
  return [
    text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n') ? null : 'the first line is not <?xml version="1.0" encoding="UTF-8"?>',
    text.endsWith('>\n') ? null : 'the end of the last line is missing',
    text.includes('\r') ? 'has carriage returns' : null,
  ].filter(Boolean);
}

function check(file) {
  const root = xml.parse(file);
  if (!root) return ['no root element'];
  const faults = style(fs.readFileSync(file, 'utf8'));
  if (root.attributes.xmlns !== NAMESPACE) faults.push(`the namespace is not ${NAMESPACE}`);
  if (!definitions[root.name]) return [...faults, `unknown metadata type <${root.name}>`];
  // `New_Business.recordType-meta.xml` must hold a RecordType.
  const suffix = /\.([a-zA-Z]+)-meta\.xml$/.exec(file)?.[1];
  const suffixes = {
    object: 'CustomObject',
    field: 'CustomField',
    objectTranslation: 'CustomObjectTranslation',
    fieldTranslation: 'CustomFieldTranslation',
    translation: 'Translations',
  };
  const wanted = suffixes[suffix] ?? suffix;
  if (wanted && wanted.toLowerCase() !== root.name.toLowerCase()) faults.push(`holds <${root.name}>, its name says ${wanted}`);
  const object = toObject(root, definitions[root.name], faults);
  const valid = ajv.compile({ $ref: `metadata#/definitions/${root.name}` });
  if (!valid(object)) {
    for (const { instancePath, message, params } of valid.errors) {
      const detail = params.additionalProperty ?? params.allowedValues;
      faults.push(`${instancePath || '/'} ${message}${detail ? ` ${JSON.stringify(detail)}` : ''}`);
    }
  }
  return faults;
}

function checkManifest(file, version) {
  const root = xml.parse(file);
  if (root?.name !== 'Package') return ['the root is not <Package>'];
  const faults = check(file);
  const types = xml.children(root, 'types').map((node) => ({ name: xml.text(node, 'name'), members: xml.texts(node, 'members') }));
  if (types.length === 0) faults.push('names no type');
  if (new Set(types.map(({ name }) => name)).size < types.length) faults.push('names a type twice');
  for (const { name, members } of types) {
    if (!definitions[name]) faults.push(`unknown metadata type ${name}`);
    if (members.length === 0) faults.push(`${name} has no members`);
    if (new Set(members).size < members.length) faults.push(`${name} names a member twice`);
    // A wildcard would also fetch or overwrite what is none of ours, and value sets do not allow it at all.
    if (members.includes('*')) faults.push(`${name} has the wildcard *`);
  }
  if (xml.text(root, 'version') !== version) faults.push(`version ${xml.text(root, 'version')}, sfdx-project.json says ${version}`);
  return faults;
}

const [dir] = args('DIR');
const report = new Report();
const project = xml.project(dir);
report.file(project.file, project.faults);

const manifests = xml.manifests(dir);
const sources = project.packages.flatMap(walk).filter((file) => file.endsWith('-meta.xml'));
if (sources.length === 0) report.file(dir, ['no *-meta.xml in the package directories']);
const malformed = xml.malformed([...manifests, ...sources]);
for (const file of manifests) report.file(file, malformed.get(file) ?? checkManifest(file, project.content?.sourceApiVersion));
for (const file of sources) report.file(file, malformed.get(file) ?? check(file));
report.end();
