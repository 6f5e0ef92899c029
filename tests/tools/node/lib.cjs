// What every validator here shares: where the packages are, finding files, and the report.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const tools = path.resolve(__dirname, '../../../target/test-tools');
const modules = path.join(tools, 'node/node_modules');
if (!fs.existsSync(modules)) {
  console.error('the test tools are not installed; run tests/setup');
  process.exit(2);
}

// Packages live in target/, where Node does not look by itself.
const need = createRequire(path.join(tools, 'node/package.json'));
/** Imports a module that exists only as ESM: `load('github-slugger/index.js')`. */
const load = (file) => import(pathToFileURL(path.join(modules, file)).href);

/** All files under `start` (or `start` itself), sorted, without hidden folders. */
function walk(start) {
  if (!fs.existsSync(start)) fail(`${start}: no such file or folder`);
  if (fs.statSync(start).isFile()) return [start];
  return fs
    .readdirSync(start, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(start, entry.name);
      return entry.isDirectory() ? walk(file) : [file];
    });
}

/** Collects what was found and prints one line for each fault, or one `ok` line for each good file. */
class Report {
  #ok = 0;
  #failed = 0;

  file(name, faults) {
    if (faults.length === 0) {
      this.#ok++;
      console.log(`ok   ${name}`);
    }
    for (const fault of new Set(faults)) {
      this.#failed++;
      // A parser's message may have several lines; here one fault is one line.
      console.log(`FAIL ${name} ${String(fault).replace(/\s*\n\s*/g, ' | ')}`);
    }
  }

  /** Sets the exit code. A check that saw no file proves nothing, so that fails too. */
  end(what = 'file') {
    if (this.#ok + this.#failed === 0) this.file('.', [`no ${what} to check`]);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }
}

/** The command itself could not do its work. */
function fail(message) {
  console.error(message);
  process.exit(2);
}

/** The arguments; at least `least` of them, or the usage line. */
function args(usage, least = 1) {
  const given = process.argv.slice(2);
  if (given.length < least) fail(`usage: ${path.basename(process.argv[1])} ${usage}`);
  return given;
}

/** `{data}` or `{fault}`. */
function readJson(file) {
  try {
    return { data: JSON.parse(fs.readFileSync(file, 'utf8')) };
  } catch (error) {
    return { fault: `not JSON: ${error.message}` };
  }
}

module.exports = { tools, modules, need, load, walk, Report, fail, args, readJson };
