import { formatKeyPath, type ConfigValue, type KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';

/** Deeper than any configuration, and not so deep that what holds itself ends in an overflow. */
const maxDepth = 500;

/**
 * What code gives as configuration: a copy, without the fields that are undefined. Throws E_INVALID for what configuration cannot hold (a
 * function, a date, a `Map`, what holds itself).
 *
 * @param giver what the message calls it: `overrides`
 */
export function givenValue(value: unknown, giver: string, path: KeyPath = []): ConfigValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value;
  if (path.length > maxDepth) throw unfit(giver, path);
  if (Array.isArray(value))
    return Array.from(value, (item: unknown, index) => givenValue(item, giver, [...path, index]));
  if (typeof value !== 'object' || !isPlain(value)) throw unfit(giver, path);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, givenValue(field, giver, [...path, key])]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function unfit(giver: string, path: KeyPath): ConfigError {
  const name = formatKeyPath(path.slice(0, maxDepth));
  const where = path.length > maxDepth ? `more than ${maxDepth} levels deep` : `at '${name}'`;
  const message = `'${giver}' gives something ${where} that configuration cannot hold`;
  const problem = { file: giver, line: 1, column: 1, path: name, rule: 'value', severity: 'error', message };
  return new ConfigError('E_INVALID', message, {
    hint: 'give texts, numbers, booleans, null, lists and maps; convert to others in the application',
    details: { problems: [problem] },
  });
}
