/** What an edit is expected to make of a value. */
import { isList, isMap, ownValue } from '../equal.js';
import type { ConfigValue, KeyPath } from '../types.js';
import { objectOf } from '../value.js';

/** The value with what a path of keys and indexes leads to replaced, added, or removed where `value` is undefined. Keys may change places. */
export function withChange(
  old: ConfigValue | undefined,
  path: KeyPath,
  value: ConfigValue | undefined,
): ConfigValue {
  const [first, ...rest] = path;
  if (first === undefined) return value ?? null;
  const changed = (child: ConfigValue | undefined): ConfigValue[] =>
    value === undefined && rest.length === 0 ? [] : [withChange(child, rest, value)];
  if (old !== undefined && isList(old))
    return old.flatMap((item, index) => (index === Number(first) ? changed(item) : [item]));
  const name = typeof first === 'object' ? '' : String(first);
  const map = old !== undefined && isMap(old) ? old : {};
  const others = Object.entries(map).filter(([key]) => key !== name);
  return objectOf([...others, ...changed(ownValue(map, name)).map((child) => [name, child] as const)]);
}
