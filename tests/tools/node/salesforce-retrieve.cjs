// salesforce-retrieve.cjs DIR OUT  Writes what a retrieve of a Salesforce DX project would be, with the library behind
// `sf project retrieve start`: OUT/mdapi in the metadata format, OUT/source in source format.
'use strict';
// Set before the library is loaded: it would write a log into the home folder.
process.env.SF_DISABLE_LOG_FILE = 'true';
process.env.SF_DISABLE_TELEMETRY = 'true';
const path = require('node:path');
const { need, Report, args } = require('./lib.cjs');
const xml = require('./salesforce-xml.cjs');
const { ComponentSet, MetadataConverter } = need('@salesforce/source-deploy-retrieve');

const [dir, out] = args('DIR OUT');
const report = new Report();

async function main() {
  const project = xml.project(dir);
  const converter = new MetadataConverter();
  for (const folder of project.packages) {
    const components = ComponentSet.fromSource(folder);
    components.sourceApiVersion = project.content.sourceApiVersion;
    const there = await converter.convert(components, 'metadata', { type: 'directory', outputDirectory: out, packageName: 'mdapi' });
    await converter.convert(ComponentSet.fromSource(there.packagePath), 'source', {
      type: 'directory',
      outputDirectory: out,
      packageName: 'source',
      genUniqueDir: false,
    });
    report.file(path.join(out, 'source'), []);
  }
  report.end('package');
}

main();
