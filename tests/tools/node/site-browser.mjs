// site-browser.mjs DIR  Chromium opens every page of a site from its folder, at the width of a desk and of a phone, in light and
// in dark: nothing is written to the console, nothing is asked of a network, nothing overflows the page or a box of the map, no
// boxes overlap, every link leads to a file and an id, and axe finds no fault. Search, the menu and the quiz are used by keyboard alone.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import lib from './lib.cjs';

const { chromium } = lib.need('playwright-core');
const axe = fs.readFileSync(path.join(lib.modules, 'axe-core/axe.min.js'), 'utf8');
const root = path.resolve(lib.args('DIR')[0]);
const files = lib.walk(root).filter((name) => name.endsWith('.html'));
const known = new Set(lib.walk(root));
const url = (file) => pathToFileURL(file).href;
const inside = (address) => address.startsWith(`${pathToFileURL(root).href}/`);

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((it) => fs.existsSync(it));
if (!program) lib.fail('there is no chromium; run tests/setup');
const browser = await chromium.launch({
  executablePath: program,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const faults = new Map(files.map((file) => [file, []]));
const anchors = new Map();
const links = [];

/** A page of this kind that tells its faults to the file it shows. */
async function open(options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const tell = (text) => faults.get(page.shown)?.push(text);
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) tell(`console: ${message.text()}`); });
  page.on('pageerror', (error) => tell(`script: ${error.message}`));
  page.on('request', (request) => { if (!inside(request.url()) && request.url() !== 'data:,') tell(`asks for ${request.url()}`); });
  page.on('requestfailed', (request) => tell(`does not get ${request.url()}`));
  page.show = async (file) => {
    page.shown = file;
    await page.goto(url(file));
  };
  page.tell = tell;
  return page;
}

/** What can be seen on a page: run inside the browser. */
const look = () => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) {
    const wide = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > root.clientWidth + 1 && !it.closest('.scroll, .mapbox, pre'));
    found.push(`overflows: ${root.scrollWidth} > ${root.clientWidth} ${wide.slice(0, 3).map((it) => `${it.tagName}.${it.className}`)}`);
  }
  // Places are those within a map: boxes of two maps on one page cannot be compared.
  for (const map of document.querySelectorAll('svg')) {
    const boxes = [...map.querySelectorAll('.box')].map((box) => ({ box, at: box.querySelector('.shape').getBBox() }));
    for (const { box, at } of boxes) {
      for (const text of box.querySelectorAll('text')) {
        const of = text.getBBox();
        if (of.x < at.x - 1 || of.x + of.width > at.x + at.width + 1 || of.y < at.y - 1 || of.y + of.height > at.y + at.height + 1) found.push(`words leave their box: ${text.textContent}`);
      }
    }
    boxes.sort((a, b) => a.at.x - b.at.x);
    boxes.forEach(({ box, at }, index) => {
      for (const other of boxes.slice(index + 1)) {
        if (other.at.x >= at.x + at.width) break;
        if (other.at.y < at.y + at.height && at.y < other.at.y + other.at.height) found.push(`boxes overlap: ${box.textContent} | ${other.box.textContent}`);
      }
    });
  }
  return found;
};

/** What axe says of the page as it stands, by all of its rules or by some. */
async function judge(page, runOnly) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  // It would ask for the style sheets once more, which a browser refuses to a page that is a file.
  const options = { resultTypes: ['violations'], preload: false, ...(runOnly && { runOnly }) };
  const { violations } = await page.evaluate((how) => window.axe.run(document, how), options);
  for (const { id, nodes } of violations) page.tell(`axe ${id}: ${nodes[0].target} ${nodes[0].failureSummary.replace(/\s+/g, ' ')}`);
}

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const isRoot = (file) => path.dirname(file) === root;
const pages = files.filter((file) => !isRoot(file));
const kind = (file) => path.relative(root, file).split(path.sep).slice(1, -1).join('/') || path.basename(file);

const desk = await open({ viewport: DESK, colorScheme: 'light' });
const judged = new Set();
for (const file of pages) {
  await desk.show(file);
  (await desk.evaluate(look)).forEach(desk.tell);
  const { ids, targets } = await desk.evaluate(() => ({
    ids: [...document.querySelectorAll('[id]')].map((it) => it.id),
    targets: [...document.querySelectorAll('a[href]')].map((it) => it.href.baseVal ? new URL(it.href.baseVal, location.href).href : it.href),
  }));
  anchors.set(file, new Set(ids));
  links.push(...targets.map((target) => ({ file, target })));
  // Axe is slow: each kind of page once. What a small screen and the dark change, it looks at again.
  const isNew = judged.size < judged.add(kind(file)).size;
  if (isNew) await judge(desk);
  await desk.setViewportSize(PHONE);
  (await desk.evaluate(look)).forEach(desk.tell);
  if (isNew) {
    await desk.emulateMedia({ colorScheme: 'dark' });
    await judge(desk, ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block']);
    await desk.emulateMedia({ colorScheme: 'light' });
  }
  await desk.setViewportSize(DESK);
}
for (const { file, target } of links) {
  if (/^(https?|mailto):/.test(target)) continue;
  const [address, id] = target.split('#');
  const to = decodeURIComponent(new URL(address).pathname);
  if (!inside(address) || !known.has(to)) faults.get(file).push(`${target} leads to no file`);
  else if (id && to.endsWith('.html') && !anchors.get(to)?.has(decodeURIComponent(id))) faults.get(file).push(`${target} leads to no id`);
}

// --- By keyboard alone -----------------------------------------------------------------------------------------

const phone = await open({ viewport: PHONE, colorScheme: 'dark', hasTouch: true });
const home = pages.find((file) => path.basename(file) === 'index.html');
if (home) {
  await desk.show(home);
  const title = await desk.evaluate(() => document.querySelector('#site-nav a:not([aria-current])')?.textContent ?? '');
  await desk.keyboard.press('/');
  await desk.keyboard.type(title);
  await desk.waitForSelector('#site-found li a', { timeout: 30_000 }).catch(() => desk.tell(`search does not find ${title}`));
  await desk.keyboard.press('ArrowDown');
  const focused = await desk.evaluate(() => document.activeElement.closest('#site-found') !== null);
  if (!focused) desk.tell('search: the arrow does not lead to what was found');
  await desk.keyboard.press('Escape');
  if (!(await desk.evaluate(() => document.getElementById('site-found').hidden))) desk.tell('search: Escape does not close it');
  await desk.keyboard.press('Tab');
  await desk.evaluate(() => document.querySelector('.search input').focus());
  await desk.keyboard.press('Enter');
  await desk.waitForURL((to) => to.href !== url(home), { timeout: 30_000 }).catch(() => desk.tell('search: Enter leads nowhere'));

  await phone.show(home);
  await phone.focus('button.menu');
  if (await phone.isVisible('#site-nav')) phone.tell('the menu is open before anybody opens it');
  await phone.keyboard.press('Enter');
  if (!(await phone.isVisible('#site-nav'))) phone.tell('the menu does not open by keyboard');
  await phone.focus('#site-nav a');
  await phone.keyboard.press('Escape');
  if (await phone.isVisible('#site-nav')) phone.tell('Escape does not close the menu');

  await desk.show(home);
  const scheme = () => desk.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await scheme();
  await desk.focus('button.theme');
  await desk.keyboard.press('Space');
  if ((await scheme()) === before) desk.tell('the scheme cannot be switched');
  await desk.keyboard.press('Space');

  if (await desk.$('button.run')) {
    await desk.focus('button.run');
    await desk.keyboard.press('Enter');
    if (!(await desk.$('svg .on'))) desk.tell('the way of a record is not shown');
  }
}
const quiz = pages.find((file) => path.basename(path.dirname(file)) === 'quiz');
if (quiz) {
  await desk.show(quiz);
  const answers = await desk.$$eval('fieldset', (all) => all.map((it) => Number(it.dataset.answer)));
  for (const [index, answer] of answers.entries()) {
    // A group of choices is one stop: into it by Tab, through it by arrows. Space chooses the first one.
    await desk.focus(`input[name="q${index + 1}"]`);
    await desk.keyboard.press('Space');
    for (let step = 0; step < answer; step += 1) await desk.keyboard.press('ArrowDown');
    const right = await desk.evaluate((at) => document.querySelectorAll('fieldset')[at].querySelector('details').open, index);
    if (!right) desk.tell(`question ${index + 1}: the right answer is not accepted`);
  }
  const score = await desk.textContent('.score');
  if (!/\d/.test(score)) desk.tell(`the quiz has no score: ${score}`);
}

// --- Without scripts ---------------------------------------------------------------------------------------------

const bare = await open({ javaScriptEnabled: false, viewport: PHONE });
for (const file of [home, quiz].filter(Boolean)) {
  await bare.show(file);
  if (!(await bare.isVisible('#site-nav'))) bare.tell('without scripts there is no navigation');
  if (await bare.isVisible('.search')) bare.tell('without scripts there is a search that does nothing');
  if (file === quiz && !(await bare.isVisible('details'))) bare.tell('without scripts the quiz has no answers');
}
const chooser = files.find((file) => isRoot(file));
if (chooser) {
  await bare.show(chooser);
  const tags = await bare.$$eval('.choices a', (links) => links.map((link) => link.hreflang));
  if (tags.length === 0) bare.tell('there is no language to choose');
  // Who reads one of the languages, here the last, gets there without a choice.
  const reader = await open({ locale: tags.at(-1) || 'en' });
  await reader.show(chooser);
  const inLanguage = (to) => to.href.startsWith(`${pathToFileURL(root).href}/${tags.at(-1)}/`);
  await reader.waitForURL(inLanguage, { timeout: 30_000 }).catch(() => reader.tell(`a reader of ${tags.at(-1)} is not led there`));
}

await browser.close();
const report = new lib.Report();
for (const [file, told] of faults) report.file(path.relative(root, file), told);
report.end('HTML file');
