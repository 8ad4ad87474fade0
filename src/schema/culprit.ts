/** What the engine stumbled over, where a schema says it. */
import { MissingRefError } from 'ajv';
import { isList, isMap, type ConfigValue, type KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { dataKeywords, type SchemaFile } from './references.js';

export interface Culprit {
  readonly file: SchemaFile;
  readonly path: KeyPath;
  readonly part: 'key' | 'value';
  /** What is wrong there: `refers to '#/x', which does not exist`. */
  readonly reason: string;
}

interface Keyword {
  readonly name: string;
  readonly value: ConfigValue;
  readonly path: KeyPath;
}

/** Undefined where an error does not tell. */
export function culpritOf(cause: unknown, files: readonly SchemaFile[]): Culprit | undefined {
  if (cause instanceof MissingRefError) return missingReference(cause, files);
  const pattern = cause instanceof ConfigError ? cause.details?.['pattern'] : undefined;
  if (!(cause instanceof ConfigError) || typeof pattern !== 'string') return undefined;
  const found = find(files, ({ name, value, path }) => {
    if (name === 'pattern' && value === pattern) return { path, part: 'value' };
    const isKey = name === 'patternProperties' && isMap(value) && Object.hasOwn(value, pattern);
    return isKey ? { path: [...path, pattern], part: 'key' } : undefined;
  });
  return found && { ...found, reason: `has a pattern that cannot be used: ${cause.message}` };
}

/** References are written in many ways, of which the engine tells the whole URI: the one that it ends with. */
function missingReference(
  { missingRef, missingSchema }: MissingRefError,
  files: readonly SchemaFile[],
): Culprit | undefined {
  let reference = '';
  const isIt = ({ name, value, path }: Keyword): Pick<Culprit, 'path' | 'part'> | undefined => {
    if (!/^\$(?:dynamicR|recursiveR|r)ef$/.test(name) || typeof value !== 'string') return undefined;
    if (!missingRef.endsWith(value.replace(/^(?:\.\.?\/)+/, ''))) return undefined;
    reference = value;
    return { path, part: 'value' };
  };
  const own = files.filter(({ uri }) => uri === missingSchema);
  const found = find([...own, ...files], isIt);
  return found && { ...found, reason: `refers to '${reference}', which does not exist` };
}

function find(
  files: readonly SchemaFile[],
  match: (keyword: Keyword) => Pick<Culprit, 'path' | 'part'> | undefined,
): Omit<Culprit, 'reason'> | undefined {
  for (const file of files)
    for (const keyword of keywordsOf(file.schema, [])) {
      const found = match(keyword);
      if (found !== undefined) return { file, ...found };
    }
  return undefined;
}

function* keywordsOf(value: ConfigValue, path: KeyPath): Generator<Keyword> {
  if (!isMap(value) && !isList(value)) return;
  for (const [name, child] of Object.entries(value)) {
    const at = [...path, isList(value) ? Number(name) : name];
    yield { name, value: child, path: at };
    if (!dataKeywords.has(name)) yield* keywordsOf(child, at);
  }
}
