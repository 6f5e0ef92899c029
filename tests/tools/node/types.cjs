// What the TypeScript compiler says of JSON bodies that are given a type.
'use strict';
const path = require('node:path');
const { modules, need } = require('./lib.cjs');
const ts = need('typescript');

/**
 * Reads each body as its type: { file, before: imports and declarations, type, source }. Gives file → messages, with lines
 * of the body. The sources exist in memory only.
 */
function faultsOf(bodies) {
  const sources = new Map();
  const owners = new Map();
  bodies.forEach(({ file, before, type, source }, at) => {
    const virtual = path.join(modules, `body-${at}.ts`);
    owners.set(virtual, file);
    // What comes before stands on one line, so that the lines of faults are those of the body.
    sources.set(virtual, `${before.replace(/\s+/g, ' ')}\nexport const body: ${type} =\n${source};\n`);
  });

  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022 };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) =>
    sources.has(name) ? ts.createSourceFile(name, sources.get(name), version) : getSourceFile(name, version, ...rest);

  const faults = new Map();
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host))) {
    const owner = owners.get(file?.fileName) ?? bodies[0].file;
    const line = file ? ts.getLineAndCharacterOfPosition(file, start).line - 1 : 0;
    faults.set(owner, [...(faults.get(owner) ?? []), `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`]);
  }
  return faults;
}

module.exports = { faultsOf };
