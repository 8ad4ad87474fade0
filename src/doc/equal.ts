/** Equality of values. */
import type { ConfigObject, ConfigScalar, ConfigValue } from './types.js';

/**
 * Whether two values are the same: scalars of the same type (`1` is not `"1"`; NaN is NaN; `-0` is `0`), lists item by item, maps by
 * key whatever the order.
 */
export function equalValues(a: ConfigValue, b: ConfigValue): boolean {
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return Number.isNaN(a) && Number.isNaN(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) return isList(a) && isList(b) && equalLists(a, b);
  return equalMaps(a, b);
}

/** `Array.isArray` that narrows readonly arrays. */
export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isMap(value: ConfigValue | undefined): value is ConfigObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Whether a value is no collection. */
export function isScalar(value: ConfigValue): value is ConfigScalar {
  return typeof value !== 'object' || value === null;
}

/** A property that is the object's own, `undefined` otherwise (`__proto__`, `constructor` are data). */
export function ownValue(map: ConfigObject, key: string): ConfigValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function equalLists(a: readonly ConfigValue[], b: readonly ConfigValue[]): boolean {
  return a.length === b.length && a.every((item, index) => equalValues(item, b[index] ?? null));
}

function equalMaps(a: ConfigObject, b: ConfigObject): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const other = ownValue(b, key);
      return other !== undefined && equalValues(a[key] ?? null, other);
    })
  );
}
