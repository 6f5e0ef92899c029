// site-html.mjs DIR  Every .html file in DIR is valid HTML by the rules of html-validate that follow the standard.
import fs from 'node:fs';
import path from 'node:path';
import lib from './lib.cjs';

const { HtmlValidate, StaticConfigLoader } = lib.need('html-validate');
const root = path.resolve(lib.args('DIR')[0]);
const loader = new StaticConfigLoader({
  extends: ['html-validate:standard', 'html-validate:document'],
  rules: {
    // Ours must be readable by people, not short: long titles are those of the process.
    'long-title': 'off',
    // Everything comes from the folder itself.
    'require-sri': ['error', { target: 'crossorigin' }],
    'no-inline-style': 'error',
    'no-dup-id': 'error',
    'wcag/h32': 'off',
  },
});
const validate = new HtmlValidate(loader);

const report = new lib.Report();
for (const file of lib.walk(root).filter((name) => name.endsWith('.html'))) {
  const { results } = await validate.validateString(fs.readFileSync(file, 'utf8'), file);
  const faults = results.flatMap(({ messages }) => messages).map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`);
  report.file(path.relative(root, file), faults);
}
report.end('HTML file');
