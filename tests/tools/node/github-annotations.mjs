#!/usr/bin/env node
// Prints, for a file of findings (`--format json`), the annotations that GitHub's own toolkit writes for them.
import lib from './lib.cjs';

const [file] = lib.args('FINDINGS.json');
const { data, fault } = lib.readJson(file);
if (fault) lib.fail(`${file}: ${fault}`);
const core = lib.need('@actions/core');
const write = { error: core.error, warning: core.warning, note: core.notice };
for (const found of data.findings) {
  const parts = [found.message, found.reason, found.story && `story: ${found.story}`, found.help && `help: ${found.help}`];
  const one = found.line === found.end_line;
  write[found.level](parts.filter(Boolean).join('\n'), {
    title: `ekiden (${found.rule})`,
    file: found.path,
    startLine: found.line,
    endLine: found.end_line,
    startColumn: one ? found.column : undefined,
    endColumn: one ? found.end_column : undefined,
  });
}
