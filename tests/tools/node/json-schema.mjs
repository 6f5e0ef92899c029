// json-schema.mjs SCHEMA [DATA…]  Checks a JSON Schema (draft 2020-12) against the metaschema and in Ajv's strict
// mode, then each data file (JSON, or YAML 1.2) against it.
import fs from 'node:fs';
import lib from './lib.cjs';

const Ajv2020 = lib.need('ajv/dist/2020').default;
const addFormats = lib.need('ajv-formats').default;
const yaml = lib.need('yaml');
const [schemaFile, ...dataFiles] = lib.args('SCHEMA [DATA…]');

const explain = (errors) =>
  errors.map(({ instancePath, message, params }) => {
    const detail = params.additionalProperty ?? params.unevaluatedProperty ?? params.allowedValues;
    return `${instancePath || '/'} ${message}${detail ? ` (${JSON.stringify(detail)})` : ''}`;
  });

// Unions of types and tuples with open ends are lawful JSON Schema; a misspelt keyword is not.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, strictRequired: false, allErrors: true });
addFormats(ajv);

/** The compiled schema, or the faults of the schema itself. */
function compile() {
  const { data: schema, fault } = lib.readJson(schemaFile);
  if (fault) return { faults: [fault] };
  if (schema.$schema !== 'https://json-schema.org/draft/2020-12/schema') {
    return { faults: [`$schema is ${JSON.stringify(schema.$schema)}, not draft 2020-12`] };
  }
  if (!ajv.validateSchema(schema)) return { faults: explain(ajv.errors) };
  try {
    return { validate: ajv.compile(schema), faults: [] };
  } catch (error) {
    return { faults: [error.message] };
  }
}

function check(file, validate) {
  let data;
  try {
    const text = fs.readFileSync(file, 'utf8');
    data = /\.ya?ml$/.test(file) ? yaml.parse(text) : JSON.parse(text);
  } catch (error) {
    return [error.message];
  }
  return validate(data) ? [] : explain(validate.errors);
}

const report = new lib.Report();
const { validate, faults } = compile();
report.file(schemaFile, faults);
if (validate) for (const file of dataFiles) report.file(file, check(file, validate));
report.end();
