#!/usr/bin/env node
// SARIF files against the schema of SARIF 2.1.0 that Microsoft's test matchers carry.
import fs from 'node:fs';
import path from 'node:path';
import lib from './lib.cjs';

const files = lib.args('FILE…').flatMap((name) => lib.walk(name));
const Ajv = lib.need('ajv').default;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
lib.need('ajv-formats').default(ajv);
// The schema is in draft 04, whose only difference to later drafts here is how it names itself.
const kept = path.join(lib.modules, '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const { $schema: draft, id, ...schema } = JSON.parse(fs.readFileSync(kept, 'utf8'));
if (!draft.includes('draft-04') || !id.includes('sarif')) lib.fail(`${kept} is not the schema that was expected`);
const fits = ajv.compile(schema);

/** What the schema cannot say: indices lead to the thing they name. */
function dangling(log) {
  const faults = [];
  for (const run of log.runs) {
    const rules = run.tool.driver.rules ?? [];
    for (const [at, result] of run.results.entries()) {
      if (rules[result.ruleIndex]?.id !== result.ruleId) faults.push(`result ${at}: rule ${result.ruleIndex} is not ${result.ruleId}`);
      for (const { physicalLocation: place } of [...result.locations, ...(result.relatedLocations ?? [])]) {
        const artifact = run.artifacts[place.artifactLocation.index];
        if (artifact?.location.uri !== place.artifactLocation.uri) faults.push(`result ${at}: artifact ${place.artifactLocation.index} is not ${place.artifactLocation.uri}`);
      }
    }
  }
  return faults;
}

const report = new lib.Report();
for (const file of files) {
  const { data, fault } = lib.readJson(file);
  if (fault) report.file(file, [fault]);
  else if (!fits(data)) report.file(file, fits.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));
  else report.file(file, dangling(data));
}
report.end();
