import { isList, isMap, type ConfigObject, type ConfigValue, type KeyPath } from '../doc/index.js';
import { closest } from '../errors.js';

/** Something wrong at a key path; `part` is the token to point at. */
export interface SettingsProblem {
  readonly path: KeyPath;
  readonly part: 'key' | 'value';
  /** Begins with the key path, so that it can stand alone. */
  readonly message: string;
  readonly hint?: string;
}

/**
 * One value of the settings, with its path, while it is being read. Every reader reports what is wrong and returns what
 * it could read, so that one pass finds every problem.
 */
export interface Cursor {
  readonly value: ConfigValue;
  readonly path: KeyPath;
  readonly report: (problem: SettingsProblem) => void;
  /** The keys of the map at `path` in file order (JavaScript puts those that look like numbers first). */
  readonly keysOf: (path: KeyPath, map: ConfigObject) => readonly string[];
}

/** Reports a problem with the value itself. */
export function wrong(cursor: Cursor, message: string, hint?: string): undefined {
  cursor.report({ path: cursor.path, part: 'value', message, ...(hint === undefined ? {} : { hint }) });
  return undefined;
}

/** `true` or `false`. */
export function readBoolean(cursor: Cursor): boolean | undefined {
  return typeof cursor.value === 'boolean' ? cursor.value : wrong(cursor, 'must be true or false');
}

/** A text that is not empty. */
export function readText(cursor: Cursor): string | undefined {
  if (typeof cursor.value === 'string' && cursor.value !== '') return cursor.value;
  return wrong(cursor, 'must be a string that is not empty');
}

/** One of some words. */
export function readWord<Word extends string>(cursor: Cursor, words: readonly Word[]): Word | undefined {
  const found = words.find((word) => word === cursor.value);
  if (found !== undefined) return found;
  const meant = typeof cursor.value === 'string' ? closest(cursor.value, words) : undefined;
  return wrong(cursor, `must be one of ${words.join(', ')}`, meant && `did you mean '${meant}'?`);
}

/** Every item that could be read; a single item may stand for a list of one when `single` is set. */
export function readList<Item>(
  cursor: Cursor,
  readItem: (item: Cursor) => Item | undefined,
  options: { readonly single?: boolean } = {},
): readonly Item[] {
  const { value } = cursor;
  if (!isList(value)) {
    if (options.single !== true) return wrong(cursor, 'must be a list') ?? [];
    return present([readItem(cursor)]);
  }
  return present(
    value.map((item, index) => readItem({ ...cursor, value: item, path: [...cursor.path, index] })),
  );
}

/** The entries of a map, in file order. */
export function readEntries(cursor: Cursor): readonly (readonly [string, Cursor])[] {
  const { value, path } = cursor;
  if (!isMap(value)) return wrong(cursor, 'must be a map') ?? [];
  return cursor
    .keysOf(path, value)
    .map((key) => [key, { ...cursor, value: value[key] ?? null, path: [...path, key] }] as const);
}

/** The fields of a map that may have no others. */
export interface Fields<Name extends string> {
  readonly map: Cursor;
  readonly byName: ReadonlyMap<Name, Cursor>;
}

/** Takes a map apart, reporting the fields that are not `known`. */
export function readFields<Name extends string>(map: Cursor, known: readonly Name[]): Fields<Name> {
  const entries = new Map(readEntries(map));
  for (const [key, { path }] of entries) {
    if (known.some((name) => name === key)) continue;
    const meant = closest(
      key,
      known.filter((name) => !entries.has(name)),
    );
    const hint = meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean '${meant}'?`;
    map.report({ path, part: 'key', message: 'is not a setting that cfg knows', hint });
  }
  const byName = known.flatMap((name) => {
    const field = entries.get(name);
    return field === undefined ? [] : [[name, field] as const];
  });
  return { map, byName: new Map(byName) };
}

/** Reads a field that may be absent. */
export function optional<Name extends string, Value>(
  { byName }: Fields<Name>,
  name: NoInfer<Name>,
  read: (field: Cursor) => Value | undefined,
): Value | undefined {
  const field = byName.get(name);
  return field && read(field);
}

/** Reads a field that must be there. */
export function required<Name extends string, Value>(
  { map, byName }: Fields<Name>,
  name: NoInfer<Name>,
  read: (field: Cursor) => Value | undefined,
): Value | undefined {
  const field = byName.get(name);
  if (field !== undefined) return read(field);
  return isMap(map.value) ? wrong(map, `needs the key '${name}'`) : undefined; // what is no map is told already
}

function present<Item>(items: readonly (Item | undefined)[]): readonly Item[] {
  return items.filter((item) => item !== undefined);
}
