import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isList, isMap, type ConfigValue, type KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { nodesAt } from './at.js';
import { addMultipleOf } from './multiple-of.js';
import { addNotes, Notes, refersToFiles, withReferenceKeyword } from './notes.js';
import { linearRegExp } from './pattern.js';
import { noteOf, problemsOf } from './problems.js';
import { collectSchemas, type SchemaFile } from './references.js';
import type { CompiledSchema, SchemaFindings, SchemaOptions } from './types.js';
import { addUniqueItems } from './unique-items.js';

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
  code: { regExp: linearRegExp },
};

/**
 * Compiles a JSON Schema of the dialect that its `$schema` names: 2020-12 (the default), 2019-09, draft-07 or draft-06.
 *
 * `$ref` reaches files of the repository through `resolve` and nothing else: no network, no other file. Throws E_INVALID for a schema
 * that is none, for a reference that leads nowhere or outside, and for a pattern that could take for ever; E_LIMIT for one too large to compile.
 */
export function compileSchema(
  schema: ConfigValue,
  { id, resolve = () => undefined }: SchemaOptions,
): CompiledSchema {
  const files = collectSchemas(id, schema, resolve);
  const notes = new Notes();
  const validate = compileFiles(files, notes);
  const inspect = (value: ConfigValue): SchemaFindings => findings(value, { validate, files, notes });
  return {
    id,
    files: files.map(({ path }) => path),
    refersToFiles: files.some(({ schema: part }) => refersToFiles(part)),
    inspect,
    check: (value) => inspect(value).problems,
    isWriteOnly: (path) => isWriteOnly(path, files),
  };
}

function isWriteOnly(path: KeyPath, files: readonly SchemaFile[]): boolean {
  const places = path.map((_, index) => path.slice(0, index + 1));
  return places.some((place) =>
    nodesAt(files, place).some(
      ({ schema }) => schema['writeOnly'] === true || schema['format'] === 'password',
    ),
  );
}

function compileFiles(files: readonly SchemaFile[], notes: Notes): ValidateFunction {
  const [root] = files;
  if (root === undefined) throw new ConfigError('E_INTERNAL', 'no schema to compile');
  try {
    const ajv = addNotes(engineFor(root), notes);
    for (const file of files) {
      const plainSchema = schemaOf(file);
      requireSchema(ajv, file, plainSchema);
      ajv.addSchema(plainSchema, file.uri, undefined, false);
    }
    const validate = ajv.getSchema(root.uri);
    if (validate !== undefined) return validate;
  } catch (cause) {
    throw refused(root.path, cause);
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
  if (engine === undefined)
    throw new ConfigError('E_INVALID', `schema '${path}' is of a dialect that cfg does not know`, {
      hint: 'use https://json-schema.org/draft/2020-12/schema, 2019-09 or draft-07',
    });
  addFormats.default(engine);
  return addMultipleOf(addUniqueItems(engine));
}

const latest = 'https://json-schema.org/draft/2020-12/schema';

function newEngine(dialect: string): Ajv | undefined {
  if (dialect.includes('draft/2020-12')) return new Ajv2020(options);
  if (dialect.includes('draft/2019-09')) return new Ajv2019(options);
  return /draft-0[67]/.test(dialect) ? new Ajv(options) : undefined;
}

/**
 * The schema as JSON, without `$schema`: the dialect of the first file is that of all. Always with an `$id`: without one, the references of
 * a file that is itself reached through a reference would be resolved against the wrong file.
 */
function schemaOf({ path, uri, schema }: SchemaFile): AnySchema {
  if (typeof schema === 'boolean') return schema;
  if (!isMap(schema)) throw new ConfigError('E_INVALID', `schema '${path}' must be a map`);
  const entries = Object.entries({ $id: uri, ...schema }).filter(([key]) => key !== '$schema');
  return Object.fromEntries(entries.map(([key, value]) => [key, plainSchemaPart(value)]));
}

interface Inspection {
  readonly validate: ValidateFunction;
  readonly files: readonly SchemaFile[];
  readonly notes: Notes;
}

function findings(value: ConfigValue, { validate, files, notes }: Inspection): SchemaFindings {
  const data = plain(value);
  notes.take();
  try {
    const valid = validate(data);
    const errors: readonly ErrorObject[] = valid ? [] : (validate.errors ?? []);
    return {
      problems: valid ? [] : problemsOf(errors, value, files),
      notes: notes.take().map((note) => noteOf(note, value)),
    };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ConfigError('E_LIMIT', `schema '${files[0]?.path ?? ''}' recurses too deeply`, { cause });
  }
}

/** The value with numbers for bigints, which JSON Schema does not know. */
function plain(value: ConfigValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child)]));
}

/** The same of a schema. */
function plainSchemaPart(value: ConfigValue): unknown {
  if (isList(value)) return value.map(plainSchemaPart);
  if (!isMap(value)) return plain(value);
  const part = withReferenceKeyword(value);
  return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, plainSchemaPart(child)]));
}

function refused(path: string, cause: unknown): ConfigError {
  if (cause instanceof ConfigError) return cause;
  if (cause instanceof RangeError)
    return new ConfigError('E_LIMIT', `schema '${path}' is too large to compile`, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError('E_INVALID', `schema '${path}' is not valid: ${reason}`, {
    hint: 'see https://json-schema.org/understanding-json-schema',
    cause,
  });
}
