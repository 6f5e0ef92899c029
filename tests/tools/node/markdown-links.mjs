// markdown-links.mjs DIR  Every relative link and image of every .md file in DIR leads to a file inside DIR, and
// every #anchor to a heading (by GitHub's rule) or an explicit `<a id="…">` of the file it names.
// Links to the web are left alone.
import fs from 'node:fs';
import path from 'node:path';
import lib from './lib.cjs';

const { default: GithubSlugger } = await lib.load('github-slugger/index.js');
const MarkdownIt = lib.need('markdown-it');
const root = path.resolve(lib.args('DIR')[0]);

const markdown = new MarkdownIt({ html: true });
// The default drops links with schemes it distrusts, and with them our chance to complain.
markdown.validateLink = () => true;

/** A heading's text as GitHub sees it: code and emphasis without their marks, images left out. */
const plainText = (inline) =>
  inline.children.map((token) => (['text', 'code_inline'].includes(token.type) ? token.content : '')).join('');

const attributes = (html, names) =>
  [...html.matchAll(new RegExp(`\\s(?:${names})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'gi'))].map((m) => m[1] ?? m[2]);

/** The anchors a Markdown file offers and the links it holds, each with its line. */
function read(file) {
  const slugger = new GithubSlugger();
  const anchors = new Set();
  const links = [];
  const tokens = markdown.parse(fs.readFileSync(file, 'utf8'), {});
  tokens.forEach((token, at) => {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'heading_open') anchors.add(slugger.slug(plainText(tokens[at + 1])));
    const parts = token.type === 'inline' ? token.children : [token];
    for (const part of parts) {
      if (part.type === 'link_open') links.push({ line, target: part.attrGet('href') });
      if (part.type === 'image') links.push({ line, target: part.attrGet('src') });
      if (part.type === 'html_inline' || part.type === 'html_block') {
        for (const id of attributes(part.content, 'id|name')) anchors.add(id);
        for (const target of attributes(part.content, 'href|src')) links.push({ line, target });
      }
    }
    // Text such as [a][b] whose reference is not defined stays plain text, silently.
    if (token.type === 'inline') {
      for (const part of parts) {
        const broken = part.type === 'text' && /\[[^\[\]]+\]\[[^\[\]]*\]/.exec(part.content);
        if (broken) links.push({ line, undefinedReference: broken[0] });
      }
    }
  });
  return { anchors, links };
}

const files = lib.walk(root).filter((name) => name.endsWith('.md'));
const pages = new Map(files.map((file) => [file, read(file)]));

function fault(from, { line, target, undefinedReference }) {
  if (undefinedReference) return `line ${line}: ${undefinedReference} refers to nothing`;
  if (/^(https?|mailto):/i.test(target)) return null;
  if (target === '') return `line ${line}: empty link`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return `line ${line}: ${target}: unknown scheme`;
  if (target.startsWith('/')) return `line ${line}: ${target}: not relative`;

  let name, anchor;
  try {
    [name, anchor] = target.split(/#(.*)/s).map(decodeURIComponent);
  } catch {
    return `line ${line}: ${target}: wrong %-escape`;
  }
  const file = name === '' ? from : path.resolve(path.dirname(from), name);
  if (file !== root && !file.startsWith(root + path.sep)) return `line ${line}: ${target}: leads outside`;
  if (!fs.existsSync(file)) return `line ${line}: ${target}: no such file`;
  if (!anchor) return null;
  if (!pages.has(file)) return `line ${line}: ${target}: anchor into something that is no Markdown file`;
  return pages.get(file).anchors.has(anchor) ? null : `line ${line}: ${target}: no such anchor`;
}

const report = new lib.Report();
for (const [file, { links }] of pages) {
  report.file(path.relative(root, file), links.map((link) => fault(file, link)).filter(Boolean));
}
report.end('Markdown file');
