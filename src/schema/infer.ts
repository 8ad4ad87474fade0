import { isList, isMap, type ConfigObject, type ConfigValue } from '../doc/index.js';

/**
 * A draft of a schema (2020-12) that all examples satisfy: types, keys, which keys are in every example, and the format of strings. Maps are closed
 * to other keys, so that a misspelt one is found, unless their keys look like data. No value of an example is in it.
 */
export function inferSchema(examples: readonly ConfigValue[]): ConfigObject {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...infer(examples) };
}

function infer(values: readonly ConfigValue[]): ConfigObject {
  const types = [...new Set(values.map(typeOf))].toSorted();
  const kinds = types.filter((type) => type !== 'integer' || !types.includes('number'));
  const [only] = kinds;
  return {
    ...(only !== undefined && { type: kinds.length === 1 ? only : kinds }),
    ...inferMap(values.filter(isMap)),
    ...inferList(values.filter(isList)),
    ...(kinds.includes('string') && inferFormat(values.filter((value) => typeof value === 'string'))),
  };
}

function typeOf(value: ConfigValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'bigint') return 'integer';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

function inferMap(maps: readonly ConfigObject[]): ConfigObject {
  if (maps.length === 0) return {};
  const keys = [...new Set(maps.flatMap((map) => Object.keys(map)))];
  if (keys.length === 0) return {};
  const valuesOf = (key: string): ConfigValue[] =>
    maps.flatMap((map) => (Object.hasOwn(map, key) ? [map[key] ?? null] : []));
  if (areData(keys, maps)) return { additionalProperties: infer(maps.flatMap((map) => Object.values(map))) };
  const required = keys.filter((key) => valuesOf(key).length === maps.length).toSorted();
  return {
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(keys.map((key) => [key, infer(valuesOf(key))])),
    additionalProperties: false,
  };
}

const fewMaps = 3;
const manyKeys = 30;

/** Names of things rather than of settings: labels, hosts by name. Values alike, and hardly a key that two maps share, or very many. */
function areData(keys: readonly string[], maps: readonly ConfigObject[]): boolean {
  const types = new Set(maps.flatMap((map) => Object.values(map).map(typeOf)));
  if (types.size !== 1) return false;
  const total = maps.reduce((sum, map) => sum + Object.keys(map).length, 0);
  return keys.length > manyKeys || (maps.length >= fewMaps && total / keys.length < 1.5);
}

function inferList(lists: readonly (readonly ConfigValue[])[]): ConfigObject {
  const items = lists.flat();
  return items.length === 0 ? {} : { items: infer(items) };
}

const formats: readonly (readonly [format: string, shape: RegExp])[] = [
  [
    'date-time',
    /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/,
  ],
  ['date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/],
  ['ipv4', /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ['uri', /^https?:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[\w./-]*)?$/],
];

function inferFormat(texts: readonly string[]): ConfigObject {
  const found = formats.find(([, shape]) => texts.every((text) => shape.test(text)));
  return found === undefined ? {} : { format: found[0] };
}
