import { lookup, type ConfigObject, type ConfigValue, type KeyPath } from '../doc/index.js';
import { changeValue, changeValues, readAs, type LayeredValue, type ValueChange } from '../layer/index.js';
import type { SchemaProblem } from '../schema/index.js';
import { givenLayer } from './given.js';
import { invalid, schemaProblem } from './invalid.js';
import { compileObject, readSchema } from './schema.js';
import { checkStandard, isStandardSchema, type StandardSchema } from './standard-schema.js';
import type { ConfigFiles } from './types.js';

/** What the merged value must satisfy: the repository path of a JSON Schema, a JSON Schema, or a validator of the standard. */
export type AnySchema = string | ConfigObject | StandardSchema;

interface Conforming {
  readonly layered: LayeredValue;
  readonly isWriteOnly: (path: KeyPath) => boolean;
}

interface ConformOptions {
  readonly stack: string;
  readonly files: ConfigFiles;
}

type Check = (
  value: ConfigValue,
) => Promise<{ readonly problems: readonly SchemaProblem[] } | { readonly output: unknown }>;

/**
 * A merged value that satisfies a schema. What a source of text says takes the type that the schema asks for, where it can be read as that.
 * Throws E_INVALID with every problem at the place that supplied the value, and for a schema that is none.
 */
export async function conform(
  layered: LayeredValue,
  schema: AnySchema,
  options: ConformOptions,
): Promise<Conforming> {
  if (typeof schema !== 'string' && isStandardSchema(schema)) {
    const check: Check = (value) => checkStandard(value, schema);
    return { layered: await conforming(layered, check, options), isWriteOnly: () => false };
  }
  const compiled =
    typeof schema === 'string' ? await readSchema(options.files, schema) : await compileObject(schema);
  const check: Check = async (value) => ({ problems: compiled.check(value) });
  return { layered: await conforming(layered, check, options), isWriteOnly: compiled.isWriteOnly };
}

async function conforming(
  given: LayeredValue,
  check: Check,
  { stack }: ConformOptions,
): Promise<LayeredValue> {
  let layered = given;
  for (;;) {
    const checked = await check(layered.value);
    if ('output' in checked) return withOutput(layered, checked.output);
    if (checked.problems.length === 0) return layered;
    const now = layered;
    const changes = checked.problems.flatMap((problem) => typed(problem, now) ?? []);
    if (changes.length === 0)
      throw invalid(
        `stack '${stack}'`,
        checked.problems.map((problem) => schemaProblem(problem, now)),
      );
    layered = changeValues(layered, changes);
  }
}

/** The value of a source of text as the type that the schema asks for. */
function typed({ path, types }: SchemaProblem, layered: LayeredValue): ValueChange | undefined {
  const value = lookup(layered.value, path);
  if (types === undefined || typeof value !== 'string' || !layered.isText(path)) return undefined;
  const read = readAs(value, types);
  return read === undefined ? undefined : { path, value: read };
}

/** A validator may add defaults and convert; what it gives must still be configuration. */
function withOutput(layered: LayeredValue, output: unknown): LayeredValue {
  return output === layered.value ? layered : changeValue(layered, givenLayer(output, 'schema'));
}
