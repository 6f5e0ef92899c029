// salesforce-convert.cjs DIR  Converts a Salesforce DX project to the metadata format and back with the library behind
// `sf project convert source`. The files that come back must be the same ones, byte for byte. A package.xml
// must name exactly the components that are there.
'use strict';
// Set before the library is loaded: it would write a log into the home folder.
process.env.SF_DISABLE_LOG_FILE = 'true';
process.env.SF_DISABLE_TELEMETRY = 'true';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { need, walk, Report, args } = require('./lib.cjs');
const xml = require('./salesforce-xml.cjs');
const { ComponentSet, MetadataConverter } = need('@salesforce/source-deploy-retrieve');

const [dir] = args('DIR');
const report = new Report();

/** Source → metadata format → source, under `work`; gives the folder that came back. */
async function roundTrip(components, apiVersion, work) {
  components.sourceApiVersion = apiVersion;
  const converter = new MetadataConverter();
  const there = await converter.convert(components, 'metadata', { type: 'directory', outputDirectory: work, packageName: 'mdapi' });
  const back = await converter.convert(ComponentSet.fromSource(there.packagePath), 'source', {
    type: 'directory',
    outputDirectory: work,
    packageName: 'source',
    genUniqueDir: false,
  });
  return back.packagePath;
}

/** Compares the two trees; the library puts everything under main/default. */
function compare(original, returned) {
  const relative = (folder) => {
    const base = fs.existsSync(path.join(folder, 'main/default')) ? path.join(folder, 'main/default') : folder;
    return new Map(walk(base).map((file) => [path.relative(base, file), file]));
  };
  const before = relative(original);
  const after = relative(returned);
  for (const [name, file] of before) {
    if (!after.has(name)) report.file(file, ['did not come back']);
    else report.file(file, difference(fs.readFileSync(file, 'utf8'), fs.readFileSync(after.get(name), 'utf8')));
  }
  for (const [name, file] of after) {
    // The way back gives every object a file, an empty one when only parts of the object were there.
    const empty = name.endsWith('.object-meta.xml') && xml.parse(file).children.length === 0;
    if (!before.has(name) && !empty) report.file(name, ['came back, but was not there']);
  }
}

function difference(before, after) {
  if (before === after) return [];
  const [a, b] = [before.split('\n'), after.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return [`came back different, first at line ${at + 1}: ${JSON.stringify(a[at])} became ${JSON.stringify(b[at])}`];
}

/** What the manifest names and what is there, as `Type:Member`. */
function checkManifest(file, components) {
  const there = new Set(components.getSourceComponents().toArray().map(({ type, fullName }) => `${type.name}:${fullName}`));
  // Children such as fields lie inside their object, but are named on their own.
  for (const parent of components.getSourceComponents().toArray()) {
    // Those of translations cannot be: they are part of the translation of their object.
    const children = parent.getChildren().filter(({ type }) => type.isAddressable !== false);
    for (const child of children) there.add(`${child.type.name}:${child.fullName}`);
  }
  const named = new Set(
    xml.children(xml.parse(file), 'types').flatMap((node) => xml.texts(node, 'members').map((member) => `${xml.text(node, 'name')}:${member}`)),
  );
  return [
    ...[...named].filter((one) => !there.has(one)).map((one) => `names ${one}, which is not there`),
    // A standard object needs no mention when only parts of it are deployed.
    ...[...there].filter((one) => !named.has(one) && !one.startsWith('CustomObject:')).map((one) => `does not name ${one}`),
  ];
}

async function main() {
  const project = xml.project(dir);
  if (project.faults.length) report.file(project.file, project.faults);
  for (const folder of project.packages) {
    const work = fs.mkdtempSync(path.join(os.tmpdir(), 'ekiden-salesforce-'));
    try {
      const components = ComponentSet.fromSource(path.resolve(folder));
      compare(folder, await roundTrip(components, project.content.sourceApiVersion, work));
      for (const manifest of xml.manifests(dir)) report.file(manifest, checkManifest(manifest, components));
    } catch (error) {
      report.file(folder, [`${error.name}: ${error.message}`]);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  }
  report.end('component');
}

main();
