import { isList, isMap, parseDocument, valueOf, type ConfigValue } from '../doc/index.js';

const truthValues: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

/**
 * What a source that knows only text means by `value` where `below` stands: a number over a number, `true/false`, `yes/no`,
 * `on/off` or `1/0` (any case) over a boolean, `null` over null, JSON over a list or map, and text over a text. What
 * cannot be read as that type stays the text it is, for the schema to judge.
 */
export function coerceText(value: ConfigValue, below: ConfigValue): ConfigValue {
  if (isList(value)) return isList(below) ? coerceItems(value, below) : value;
  if (typeof value !== 'string') return typeof below === 'string' && !isMap(value) ? String(value) : value;
  if (typeof below === 'number' || typeof below === 'bigint') return readNumber(value) ?? value;
  if (typeof below === 'boolean') return truthValues.get(value.trim().toLowerCase()) ?? value;
  if (below === null) return value.trim() === 'null' ? null : value;
  return typeof below === 'string' ? value : (readJson(value, isList(below)) ?? value);
}

/**
 * A text as one of some JSON types: a number, `true/false`, `yes/no`, `on/off` or `1/0`, `null`, a JSON list or map, and for a list also
 * its items with commas between them. Undefined when it is none of them.
 */
export function readAs(text: string, types: readonly string[]): ConfigValue | undefined {
  const number = types.includes('number') || types.includes('integer') ? readNumber(text) : undefined;
  if (number !== undefined && (types.includes('number') || isInteger(number))) return number;
  const truth = types.includes('boolean') ? truthValues.get(text.trim().toLowerCase()) : undefined;
  if (truth !== undefined) return truth;
  if (types.includes('null') && /^(?:null)?$/.test(text.trim())) return null;
  const [list, map] = [types.includes('array'), types.includes('object')];
  const collection = list || map ? readCollection(text) : undefined;
  if (collection !== undefined && (isList(collection) ? list : map)) return collection;
  if (!list) return undefined;
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}

function isInteger(number: number | bigint): boolean {
  return typeof number === 'bigint' || Number.isInteger(number);
}

/** The items of a list take the type that all items of the list below have. */
function coerceItems(items: readonly ConfigValue[], below: readonly ConfigValue[]): ConfigValue {
  const [first = ''] = below;
  const uniform = typeof first !== 'object' && below.every((item) => typeof item === typeof first);
  return uniform ? items.map((item) => coerceText(item, first)) : items;
}

function readNumber(text: string): number | bigint | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return undefined;
  const number = Number(trimmed);
  if (Number.isInteger(number) && !Number.isSafeInteger(number) && /^[+-]?\d+$/.test(trimmed))
    return BigInt(trimmed.replace(/^\+/, ''));
  return Number.isFinite(number) ? number : undefined;
}

function readJson(text: string, list: boolean): ConfigValue | undefined {
  const value = readCollection(text);
  return value !== undefined && isList(value) === list ? value : undefined;
}

/** The list or map that a text is the JSON of; undefined for any other text. */
export function readCollection(text: string): ConfigValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const document = parseDocument(text, { format: 'json' });
  return document.valid ? valueOf(document) : undefined;
}
