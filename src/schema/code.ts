/** Schemas as code: what the engine makes of them, in the form in which it can be kept and run again without the engine. */
import { _, Ajv, type AnySchema, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { isList, isMap, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { culpritOf, type Culprit } from './culprit.js';
import { addKeywords, withReferenceKeyword } from './keywords.js';
import { linearRegExp } from './pattern.js';
import { plain } from './plain.js';
import { problemsOf } from './problems.js';
import type { SchemaFile } from './references.js';

/**
 * Rules for schemas that come with a repository: every error and not only the first; keys are own properties and nothing else; no
 * keyword that reads the document's values as code (`$data`); patterns in linear time; unknown keywords are annotations.
 */
const options: Options = {
  allErrors: true,
  strict: false,
  logger: false,
  messages: false,
  ownProperties: true,
  code: { regExp: linearRegExp, source: true, formats: _`runtime.formats` },
};

/** The code that checks values against the first of some files, for {@link runCode}. Throws E_INVALID, E_LIMIT. */
export function codeOf(files: readonly SchemaFile[]): string {
  const [root] = files;
  if (root === undefined) throw new ConfigError('E_INTERNAL', 'no schema to compile');
  try {
    const ajv = engineFor(root);
    for (const file of files) {
      const schema = schemaOf(file);
      requireSchema(ajv, file, schema);
      ajv.addSchema(schema, file.uri, undefined, false);
    }
    const validate = ajv.getSchema(root.uri);
    // the engine itself runs what it compiles as sloppy code, in which to set a property of `true` is no error
    if (validate !== undefined) return standalone.default(ajv, validate).replace(/^"use strict";/, '');
  } catch (cause) {
    throw refused(root.path, cause, culpritOf(cause, files));
  }
  throw new ConfigError('E_INTERNAL', `schema '${root.path}' was not compiled`);
}

/** Throws E_INVALID, with every problem in `details`, for what the dialect does not allow as a schema. */
function requireSchema(ajv: Ajv, { path, schema }: SchemaFile, plainSchema: AnySchema): void {
  if (ajv.validateSchema(plainSchema) === true) return;
  const problems = problemsOf(ajv.errors ?? [], schema, []);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new ConfigError('E_INVALID', `schema '${path}' is not valid: ${problems[0]?.message ?? ''}${more}`, {
    hint: 'see https://json-schema.org/understanding-json-schema',
    details: { schema: path, problems },
  });
}

function engineFor({ path, schema }: SchemaFile): Ajv {
  const { $schema: dialect = latest } = isMap(schema) ? schema : {};
  const engine = typeof dialect === 'string' ? newEngine(dialect) : undefined;
  if (engine === undefined) {
    const message = `schema '${path}' is of a dialect that cfg does not know`;
    throw new ConfigError('E_INVALID', message, {
      hint: 'use https://json-schema.org/draft/2020-12/schema, 2019-09 or draft-07',
      details: {
        schema: path,
        problems: [{ path: ['$schema'], part: 'value', rule: 'schema', message }],
      },
    });
  }
  addFormats.default(engine);
  return addKeywords(engine);
}

const latest = 'https://json-schema.org/draft/2020-12/schema';

function newEngine(dialect: string): Ajv | undefined {
  if (dialect.includes('draft/2020-12')) return new Ajv2020(options);
  if (dialect.includes('draft/2019-09')) return new Ajv2019(options);
  return /draft-0[67]/.test(dialect) ? new Ajv(options) : undefined;
}

/** Of the first file `$schema`, as the dialect of it is that of all; `$async` would make every answer a promise. */
const noKeywords = new Set(['$schema', '$async']);

/**
 * The schema as JSON, without what says how to read it. Always with an `$id`: without one, the references of a file that is itself
 * reached through a reference would be resolved against the wrong file.
 */
function schemaOf({ path, uri, schema }: SchemaFile): AnySchema {
  if (typeof schema === 'boolean') return schema;
  if (!isMap(schema)) throw new ConfigError('E_INVALID', `schema '${path}' must be a map`);
  const entries = Object.entries({ $id: uri, ...schema }).filter(([key]) => !noKeywords.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, plainSchemaPart(value)]));
}

function plainSchemaPart(value: ConfigValue): unknown {
  if (isList(value)) return value.map(plainSchemaPart);
  if (!isMap(value)) return plain(value);
  const part = withReferenceKeyword(value);
  return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, plainSchemaPart(child)]));
}

function refused(path: string, cause: unknown, culprit: Culprit | undefined): ConfigError {
  if (culprit !== undefined) return refusedAt(culprit, cause);
  if (cause instanceof ConfigError) return cause;
  if (cause instanceof RangeError)
    return new ConfigError('E_LIMIT', `schema '${path}' is too large to compile`, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError('E_INVALID', `schema '${path}' is not valid: ${reason}`, {
    hint: 'see https://json-schema.org/understanding-json-schema',
    cause,
  });
}

function refusedAt({ file, path, part, reason }: Culprit, cause: unknown): ConfigError {
  const { code, hint } =
    cause instanceof ConfigError ? cause : { code: 'E_INVALID' as const, hint: undefined };
  const message = `schema '${file.path}' ${reason}`;
  return new ConfigError(code, message, {
    ...(hint !== undefined && { hint }),
    details: { schema: file.path, problems: [{ path, part, rule: 'schema', message }] },
    cause,
  });
}
