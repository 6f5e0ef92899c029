// Reading Salesforce source XML, shared by the salesforce-* checks.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { need, walk, fail } = require('./lib.cjs');
const { XMLParser } = need('fast-xml-parser');

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true, // also numeric references
});

/**
 * The root element of a file: `{name, attributes, children, text}`; `text` is null when there are
 * child elements. Well-formedness is not this parser's strong side: see `malformed`.
 */
function parse(file) {
  const roots = parser.parse(fs.readFileSync(file, 'utf8')).map(element).filter(Boolean);
  return roots.find(({ name }) => !name.startsWith('?'));
}

function element(node) {
  const { ':@': attributes = {}, ...rest } = node;
  const [[name, content]] = Object.entries(rest);
  if (name === '#text') return null;
  const children = content.map(element).filter(Boolean);
  const text = content.map((child) => child['#text'] ?? '').join('');
  return { name, attributes, children, text: children.length ? null : text, mixed: children.length > 0 && text.trim() !== '' };
}

/** What libxml2 finds malformed: file → messages. One process for all files. */
function malformed(files) {
  const faults = new Map();
  if (files.length === 0) return faults;
  const { error, stderr } = spawnSync('xmllint', ['--noout', '--nonet', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) fail('no xmllint; install it with: apt-get install libxml2-utils');
  for (const line of stderr.split('\n')) {
    const file = files.find((name) => line.startsWith(`${name}:`));
    if (file) faults.set(file, [...(faults.get(file) ?? []), line.slice(file.length + 1)]);
  }
  return faults;
}

/** The texts of the children of that name. */
const texts = (parent, name) => children(parent, name).map((child) => child.text ?? '');
/** The text of the first child of that name, or undefined. */
const text = (parent, name) => texts(parent, name)[0];
const children = (parent, name) => parent.children.filter((child) => child.name === name);

/** The project's folder that holds sfdx-project.json, its parsed content and its package folders. */
function project(dir) {
  const file = path.join(dir, 'sfdx-project.json');
  if (!fs.existsSync(file)) return { file, faults: ['missing'], packages: [] };
  let content;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    return { file, faults: [`not JSON: ${error.message}`], packages: [] };
  }
  const faults = [];
  const directories = Array.isArray(content.packageDirectories) ? content.packageDirectories : [];
  if (directories.length === 0) faults.push('no packageDirectories');
  if (directories.length > 0 && directories.filter(({ default: is }) => is === true).length !== 1) {
    faults.push('not exactly one default package directory');
  }
  const packages = directories.map(({ path: name }) => path.join(dir, String(name)));
  for (const folder of packages) if (!fs.existsSync(folder)) faults.push(`package directory ${folder} does not exist`);
  if (!/^\d{2}\.0$/.test(content.sourceApiVersion)) faults.push(`sourceApiVersion ${content.sourceApiVersion} is not like "64.0"`);
  const known = ['packageDirectories', 'name', 'namespace', 'sfdcLoginUrl', 'sourceApiVersion', 'sourceBehaviorOptions', 'plugins'];
  for (const key of Object.keys(content)) if (!known.includes(key)) faults.push(`unknown key ${key}`);
  return { file, content, faults, packages: packages.filter((folder) => fs.existsSync(folder)) };
}

/** All package.xml files of the project, wherever they lie. */
const manifests = (dir) => walk(dir).filter((file) => path.basename(file) === 'package.xml');

module.exports = { parse, malformed, texts, text, children, project, manifests };
