// site-print.mjs DIR  Chromium prints the one page that holds everything, in each language, as PDF on A4 and on Letter: no page is empty, nothing
// is wider than the paper, every heading is in the outline of the PDF, and none stands alone at the foot of a page.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { pathToFileURL } from 'node:url';
import lib from './lib.cjs';

const { chromium } = lib.need('playwright-core');
const root = path.resolve(lib.args('DIR')[0]);
const files = lib.walk(root).filter((name) => path.basename(name) === 'print.html');
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((it) => fs.existsSync(it));
if (!program) lib.fail('there is no chromium; run tests/setup');
const browser = await chromium.launch({
  executablePath: program,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Points: 72 are an inch. The margins are those of the style sheet.
const MM = 72 / 25.4;
const FOOT = 18 * MM;
/** What a heading needs below its upper edge: itself and a line of what it is about. */
const ROOM = 30;

/** The objects of a PDF as Skia writes them: none is packed into another. */
function objects(bytes) {
  const text = bytes.toString('latin1');
  const found = new Map();
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length;
    found.set(Number(match[1]), { start, text: text.slice(start, text.indexOf('endobj', start)) });
  }
  return found;
}

/** What a page draws. */
function drawn(bytes, { start, text }) {
  const from = start + text.indexOf('stream\n') + 'stream\n'.length;
  const length = Number(/\/Length (\d+)/.exec(text)[1]);
  const stream = bytes.subarray(from, from + length);
  return (text.includes('/FlateDecode') ? zlib.inflateSync(stream) : stream).toString('latin1');
}

const report = new lib.Report();
for (const file of files) {
  const faults = [];
  const page = await (await browser.newContext({ viewport: { width: Math.floor((178 / 25.4) * 96), height: 986 } })).newPage();
  await page.goto(pathToFileURL(file).href);
  await page.emulateMedia({ media: 'print' });
  const { headings, wide } = await page.evaluate(() => {
    const all = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((it) => it.getClientRects().length > 0);
    const room = document.documentElement.clientWidth + 1;
    const over = [...document.querySelectorAll('main *')].filter((it) => it.getBoundingClientRect().right > room);
    return { headings: all.length, wide: over.slice(0, 3).map((it) => `${it.tagName} ${it.textContent.slice(0, 40)}`) };
  });
  wide.forEach((what) => faults.push(`wider than the paper: ${what}`));
  const pdfs = [];
  for (const format of ['A4', 'Letter']) pdfs.push({ format, pdf: await page.pdf({ preferCSSPageSize: true, format, outline: true, tagged: true }) });
  await page.context().close();

  for (const { format, pdf } of pdfs) {
    const all = objects(pdf);
    const pages = [...all].filter(([, { text }]) => /\/Type \/Page\s/.test(text));
    if (pages.length === 0) faults.push(`${format}: the PDF has no page`);
    pages.forEach(([, { text }], index) => {
      const contents = /\/Contents (\d+) 0 R/.exec(text);
      // What belongs to the document is marked; the number of the page is not.
      const words = /\/MCID \d+ >>BDC[\s\S]*?\bT[jJ]\b/;
      if (!contents || !words.test(drawn(pdf, all.get(Number(contents[1]))))) faults.push(`${format}: page ${index + 1} of ${pages.length} is empty`);
    });
    const entries = [...all.values()].filter(({ text }) => /\/Title/.test(text) && /\/Dest \[/.test(text));
    if (entries.length !== headings) faults.push(`${format}: ${headings} headings, but ${entries.length} in the outline`);
    const order = pages.map(([id]) => id);
    for (const { text } of entries) {
      const [, id, y] = /\/Dest \[(\d+) 0 R \/XYZ [\d.]+ ([\d.]+)/.exec(text) ?? [];
      if (Number(y) < FOOT + ROOM) {
        const title = /\/Title (<[^>]*>|\(.*\))/.exec(text)?.[1] ?? '';
        const hex = title.startsWith('<') ? Buffer.from(title.slice(5, -1), 'hex').swap16().toString('utf16le') : title;
        faults.push(`${format}: a heading stands alone at the foot of page ${order.indexOf(Number(id)) + 1}: ${hex}`);
      }
    }
  }
  report.file(path.relative(root, file), faults);
}
await browser.close();
report.end('print.html');
