import { formatKeyPath, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { readLayer, strategies } from './layer-object.js';
import {
  optional,
  readBoolean,
  readEntries,
  readFields,
  readList,
  readText,
  readWord,
  required,
  wrong,
  type Cursor,
  type SettingsProblem,
} from './reader.js';
import type { LayerListRule, LayerSpec, Stack } from './types.js';

/** Reads `stacks`. */
export function readStacks(cursor: Cursor): ReadonlyMap<string, Stack> {
  return new Map(readEntries(cursor).map(([name, stack]) => [name, readStack(name, stack)]));
}

const listUses = ['replace', 'append', 'union'] as const;

/**
 * Entries of `layers` that do not come from a `cfg.yaml`. Throws E_USAGE with the first that is wrong; its `details.problems` has all.
 */
export function parseLayers(layers: readonly ConfigValue[]): readonly LayerSpec[] {
  const problems: SettingsProblem[] = [];
  const specs = readList(
    {
      value: layers,
      path: ['layers'],
      report: (problem) => problems.push(problem),
      keysOf: (_, map) => Object.keys(map),
    },
    readLayer,
  );
  const [first] = problems;
  if (first === undefined) return specs;
  const messages = problems.map(({ path, message }) => `'${formatKeyPath(path)}' ${message}`);
  throw new ConfigError('E_USAGE', messages[0] ?? '', {
    ...(first.hint !== undefined && { hint: first.hint }),
    details: { problems: messages },
  });
}

function readStack(name: string, cursor: Cursor): Stack {
  const fields = readFields(cursor, ['layers', 'strategy', 'lists', 'interpolate', 'schema', 'matrix']);
  const schema = optional(fields, 'schema', readText);
  return {
    name,
    layers: required(fields, 'layers', (list) => readList(list, readLayer)) ?? [],
    strategy: optional(fields, 'strategy', (word) => readWord(word, strategies)) ?? 'merge',
    lists: optional(fields, 'lists', (list) => readList(list, readListRule)) ?? [],
    interpolate: optional(fields, 'interpolate', readBoolean) ?? false,
    matrix: optional(fields, 'matrix', readMatrix) ?? new Map(),
    ...(schema === undefined ? {} : { schema }),
  };
}

function readListRule(cursor: Cursor): LayerListRule | undefined {
  const fields = readFields(cursor, ['at', 'use', 'key']);
  const at = required(fields, 'at', readText);
  if (fields.byName.has('key') && fields.byName.has('use'))
    return wrong(cursor, "takes either 'use' or 'key'");
  const keys = optional(fields, 'key', (key) => readList(key, readText, { single: true }));
  if (keys !== undefined) return at === undefined ? undefined : { at, use: 'key', fields: keys };
  const use = required(fields, 'use', (word) => readWord(word, listUses));
  return at === undefined || use === undefined ? undefined : { at, use };
}

function readMatrix(cursor: Cursor): ReadonlyMap<string, readonly string[]> {
  return new Map(readEntries(cursor).map(([name, values]) => [name, readList(values, readScalar)]));
}

/** Variables are text; a number or boolean counts as written in YAML's core schema. */
function readScalar(cursor: Cursor): string | undefined {
  const { value } = cursor;
  if (value === null || typeof value === 'object' || value === '')
    return wrong(cursor, 'must be a string or number that is not empty');
  return String(value);
}
