import type { ErrorObject, ValidateFunction } from 'ajv';
import type { ConfigValue, KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { nodesAt } from './at.js';
import { codeOf } from './code.js';
import { Notes, refersToFiles } from './notes.js';
import { plain } from './plain.js';
import { noteOf, problemsOf } from './problems.js';
import { collectSchemas, type SchemaFile } from './references.js';
import { runCode } from './runtime.js';
import type { CompiledSchema, SchemaCode, SchemaFindings, SchemaOptions } from './types.js';

/**
 * Compiles a JSON Schema of the dialect that its `$schema` names: 2020-12 (the default), 2019-09, draft-07 or draft-06.
 *
 * `$ref` reaches files of the repository through `resolve` and nothing else: no network, no other file. Throws E_INVALID for a schema
 * that is none, for a reference that leads nowhere or outside, and for a pattern that could take for ever; E_LIMIT for one too large to compile.
 */
export function compileSchema(
  schema: ConfigValue,
  { id, resolve = () => undefined, kept }: SchemaOptions,
): CompiledSchema {
  const files = collectSchemas(id, schema, resolve);
  const notes = new Notes();
  const validate = runCode(keptCode(files, kept), notes);
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

/** The code of some files depends on their paths and contents and nothing else. */
function keptCode(files: readonly SchemaFile[], kept: SchemaCode | undefined): string {
  if (kept === undefined) return codeOf(files);
  const key = JSON.stringify(files, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  const known = kept.read(key);
  const code = known ?? codeOf(files);
  if (known === undefined) kept.write(key, code);
  return code;
}

function isWriteOnly(path: KeyPath, files: readonly SchemaFile[]): boolean {
  const places = path.map((_, index) => path.slice(0, index + 1));
  return places.some((place) =>
    nodesAt(files, place).some(
      ({ schema }) => schema['writeOnly'] === true || schema['format'] === 'password',
    ),
  );
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
    const schema = files[0]?.path ?? '';
    throw new ConfigError('E_LIMIT', `schema '${schema}' recurses too deeply`, {
      hint: 'look for a $ref that leads back to itself',
      details: { schema },
      cause,
    });
  }
}
