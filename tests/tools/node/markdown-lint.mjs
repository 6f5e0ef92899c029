// markdown-lint.mjs FILE|DIR…  Runs markdownlint's rules, set up in markdownlint.json, over every .md file.
import fs from 'node:fs';
import lib from './lib.cjs';

const { lint } = await lib.load('markdownlint/lib/exports-promise.mjs');
const config = JSON.parse(fs.readFileSync(new URL('markdownlint.json', import.meta.url), 'utf8'));
const files = lib.args('FILE|DIR…').flatMap(lib.walk).filter((name) => name.endsWith('.md'));

// Comments that switch rules off would let generated text excuse itself.
const results = await lint({ files, config, noInlineConfig: true });
const report = new lib.Report();
for (const file of files) {
  report.file(
    file,
    results[file].map(({ lineNumber, ruleNames, ruleDescription, errorDetail, errorContext }) =>
      [`line ${lineNumber}: ${ruleNames[0]} ${ruleDescription}`, errorDetail, errorContext].filter(Boolean).join(' — '),
    ),
  );
}
report.end('Markdown file');
