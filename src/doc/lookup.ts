import { isList, isMap } from './equal.js';
import type { ConfigValue, KeyPath, KeySegment } from './types.js';

/** The value at a key path of a plain value; undefined when there is none. Only own keys count: `constructor` is data. */
export function lookup(value: ConfigValue, path: KeyPath): ConfigValue | undefined {
  let found: ConfigValue | undefined = value;
  for (const segment of path) {
    const key = keyOf(found, segment);
    found = key === undefined ? undefined : childValue(found, key);
  }
  return found;
}

/** The path in keys and indexes only, `containers[name=web].image` as `containers[0].image`; what does not exist stays as it is. */
export function entryPath(value: ConfigValue, path: KeyPath): KeyPath {
  let found: ConfigValue | undefined = value;
  return path.map((segment) => {
    const key = keyOf(found, segment);
    found = key === undefined ? undefined : childValue(found, key);
    return key ?? segment;
  });
}

/** The own key or index of `value` that a segment means; undefined when it has none such. */
export function keyOf(value: ConfigValue | undefined, segment: KeySegment): string | number | undefined {
  if (isList(value)) return indexOf(value, segment);
  if (!isMap(value) || typeof segment === 'object') return undefined;
  return Object.hasOwn(value, segment) ? String(segment) : undefined;
}

/** The value under a key or index that {@link keyOf} gave. */
export function childValue(value: ConfigValue | undefined, key: string | number): ConfigValue | undefined {
  if (isList(value)) return value[Number(key)];
  return isMap(value) ? value[String(key)] : undefined;
}

/** A JSON Pointer cannot tell indexes from keys, so a text of digits is an index too. */
function indexOf(list: readonly ConfigValue[], segment: KeySegment): number | undefined {
  if (typeof segment === 'object') {
    const index = list.findIndex((item) => hasFields(item, segment));
    return index < 0 ? undefined : index;
  }
  const index = /^(0|[1-9]\d*)$/.test(String(segment)) ? Number(segment) : -1;
  return index >= 0 && index < list.length ? index : undefined;
}

function hasFields(item: ConfigValue, fields: { readonly [field: string]: string }): boolean {
  if (!isMap(item)) return false;
  return Object.entries(fields).every(([name, text]) => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    return value !== undefined && typeof value !== 'object' && String(value) === text;
  });
}
