import { ConfigError } from '../errors.js';
import { formatKeyPath } from './key-path.js';
import type { ConfigValue, KeyPath } from './types.js';

/** Deeper than any configuration, and not so deep that what holds itself ends in an overflow. */
const maxDepth = 500;

/**
 * What code gives as configuration: a copy, without the fields that are undefined. Throws what `unfit` makes of the place of something that
 * configuration cannot hold: a function, a date, a `Map`, what holds itself.
 */
export function givenValue(
  value: unknown,
  unfit: (path: KeyPath) => ConfigError,
  path: KeyPath = [],
): ConfigValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return exactInteger(value);
  if (typeof value !== 'object' || path.length > maxDepth) throw unfit(path);
  if (Array.isArray(value))
    return Array.from(value, (item: unknown, index) => givenValue(item ?? null, unfit, [...path, index]));
  if (!isPlain(value)) throw unfit(path);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, givenValue(field, unfit, [...path, key])]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** An integer as configuration has it: a number that holds it exactly, else itself. */
export function exactInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** What to do about a value that does not fit. */
export const fittingHint: string =
  'give texts, numbers, booleans, null, lists and maps; convert to others in the application';

/** Where in a value that is, as the end of a phrase; nothing for the value itself. */
export function placeIn(path: KeyPath): string {
  if (path.length > maxDepth) return ` more than ${maxDepth} levels deep`;
  return path.length === 0 ? '' : ` at '${formatKeyPath(path)}'`;
}

/** A value to be set at a key path. Throws E_INVALID for what no document can hold. */
export function settable(value: unknown, at: KeyPath): ConfigValue {
  return givenValue(value, (path) => {
    const message = `cannot set '${formatKeyPath(at)}': configuration cannot hold what is given${placeIn(path)}`;
    return new ConfigError('E_INVALID', message, { hint: fittingHint });
  });
}
