// actionlint.mjs WORKFLOW…  Checks workflows of GitHub Actions with actionlint: events, expressions, contexts, inputs
// of known actions, permissions, runners.
import fs from 'node:fs';
import lib from './lib.cjs';

const { createLinter } = lib.need('actionlint');
const files = lib.args('WORKFLOW…');

const lint = await createLinter();
const report = new lib.Report();
for (const file of files) {
  // It takes what lies in `.github/workflows` for a workflow.
  const found = lint(fs.readFileSync(file, 'utf8'), `.github/workflows/${file.replace(/.*\//, '')}`);
  report.file(file, found.map(({ line, column, message, kind }) => `${line}:${column} ${message} [${kind}]`));
}
report.end();
