import { isList, isMap, type ConfigValue } from '../doc/index.js';

/** The value with numbers for bigints, which JSON Schema does not know; itself where it has none, as almost every one. */
export function plain(value: ConfigValue): unknown {
  return hasBigint(value) ? withNumbers(value) : value;
}

function hasBigint(value: ConfigValue): boolean {
  if (isList(value)) return value.some(hasBigint);
  return isMap(value) ? Object.values(value).some(hasBigint) : typeof value === 'bigint';
}

function withNumbers(value: ConfigValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(withNumbers);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withNumbers(child)]));
}
