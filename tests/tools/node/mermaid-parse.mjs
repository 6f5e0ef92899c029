// mermaid-parse.mjs FILE|DIR…  Parses diagrams with Mermaid itself: `.mmd` files as they are, and in
// Markdown each fence marked `mermaid`. All in one process, because loading Mermaid takes longest.
import fs from 'node:fs';
import lib from './lib.cjs';

const { JSDOM } = lib.need('jsdom');
const MarkdownIt = lib.need('markdown-it');
const paths = lib.args('FILE|DIR…');

// Mermaid looks for a browser while it is being imported.
const { window } = new JSDOM('<!doctype html><body></body>');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await lib.load('mermaid/dist/mermaid.core.mjs');
mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });

const markdown = new MarkdownIt();

/** The diagrams of a file, each with the line on which it starts. */
function diagrams(file) {
  const text = fs.readFileSync(file, 'utf8');
  if (file.endsWith('.mmd')) return [{ line: 1, text }];
  return markdown
    .parse(text, {})
    .filter((token) => token.type === 'fence' && token.info.trim().split(/\s+/)[0] === 'mermaid')
    .map((token) => ({ line: token.map[0] + 2, text: token.content }));
}

async function faults({ line, text }) {
  try {
    await mermaid.parse(text);
    // Flowcharts swallow this, and then show the backslash.
    return text.includes('\\"') ? [`diagram at line ${line}: \\" is no escape, #quot; is`] : [];
  } catch (error) {
    return [`diagram at line ${line}: ${error.message}`];
  }
}

const report = new lib.Report();
for (const file of paths.flatMap(lib.walk).filter((name) => /\.(mmd|md)$/.test(name))) {
  const found = diagrams(file);
  // Markdown without a diagram is none of our business; an empty .mmd is Mermaid's own error.
  if (found.length > 0) report.file(file, (await Promise.all(found.map(faults))).flat());
}
report.end('diagram');
