/** Values as INI text. */
import { ConfigError } from '../../errors.js';
import { isList, isMap } from '../equal.js';
import { readName, readValue } from '../ini/scalar.js';
import type { ScalarStyle } from '../tree.js';
import type { ConfigObject, ConfigScalar, ConfigValue } from '../types.js';

export interface IniContext {
  readonly python: boolean;
  readonly eol: string;
  /** The white space that the line of the key begins with. */
  readonly indent?: string;
  /** The style to keep, if the value can be written in it. */
  readonly style?: ScalarStyle;
}

/**
 * A scalar as the text after `=`. Whatever is no boolean and not null is text in INI, so a number reads back as its digits.
 *
 * @throws ConfigError `E_INVALID` for a text that the dialect cannot hold.
 */
export function iniScalar(value: ConfigScalar, { python, eol, style, indent = '' }: IniContext): string {
  if (typeof value !== 'string') return String(value);
  const escaped = python ? value : value.replace(/([;#]|\\(?=[\\;#]|$))/g, '\\$1');
  const candidates = [
    ...(style === 'double' ? [JSON.stringify(value)] : []),
    ...(style === 'single' && !value.includes("'") ? [`'${value}'`] : []),
    ...(python && value.includes('\n') ? [value.split('\n').join(`${eol}${indent}\t`)] : [escaped]),
    JSON.stringify(value),
  ];
  const found = candidates.find((text) => readsAs(text, value, python));
  if (found === undefined) throw new ConfigError('E_INVALID', 'INI has no way to write this value');
  return found;
}

function readsAs(text: string, value: string, python: boolean): boolean {
  if (!isText(text)) return false;
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length === 1) return text.trim() === text && readValue(text, python).value === value;
  const continued = lines.slice(1).every((line) => /^\s+[^\s;#]/.test(line));
  return python && continued && lines.map((line) => line.trim()).join('\n') === value;
}

/** Whether a file can hold it as it is: a NUL would make the file binary, and half a surrogate pair has no bytes in UTF-8. */
function isText(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

/**
 * A key as the text before `=`.
 *
 * @throws ConfigError `E_BAD_PATH` for one that the format cannot hold.
 */
export function iniKey(name: string, python: boolean): string {
  const candidates = [name, name.replace(/([;#\\])/g, '\\$1'), JSON.stringify(name), `'${name}'`];
  const plain = /^[^\s[;#=:"'](?:[^=:\r\n]*[^=:\s])?$/;
  const found = candidates.find(
    (text) => (plain.test(text) || /^(?:"[^"\\]*"|'[^']*')$/.test(text)) && readName(text, python) === name,
  );
  if (found === undefined || !isText(found) || (name.length > 2 && name.endsWith('[]'))) {
    throw new ConfigError('E_BAD_PATH', `INI has no way to write the key ${JSON.stringify(name)}`);
  }
  return found;
}

/**
 * A section header for a key path.
 *
 * @throws ConfigError `E_BAD_PATH` for one that the format cannot hold.
 */
export function iniHeader(path: readonly string[], python: boolean): string {
  const name = path.map((part) => part.replaceAll('.', '\\.')).join('.');
  const text = [name, name.replace(/([;#])/g, '\\$1')].find(
    (candidate) => readName(candidate, python) === name,
  );
  if (text === undefined || !isText(text) || text.trim() !== text || /[\]\r\n]/.test(text) || text === '') {
    throw new ConfigError(
      'E_BAD_PATH',
      `INI has no way to write the section ${JSON.stringify(path.join('.'))}`,
    );
  }
  return `[${text}]`;
}

/**
 * The lines of a key: one, or for a list one for each item.
 *
 * @throws ConfigError `E_INVALID` for an empty list, and one with collections in it.
 */
export function iniLines(
  name: string,
  value: ConfigValue,
  options: IniContext & { readonly delimiter: string },
): string {
  const key = iniKey(name, options.python);
  if (isList(value) && value.length === 0)
    throw new ConfigError('E_INVALID', `INI has no way to write the empty list in ${JSON.stringify(name)}`);
  if (!isList(value))
    return `${key}${options.delimiter}${iniScalar(scalar(name, value), options)}${options.eol}`;
  return value
    .map((item) => `${key}[]${options.delimiter}${iniScalar(scalar(name, item), options)}${options.eol}`)
    .join('');
}

function scalar(name: string, value: ConfigValue): ConfigScalar {
  if (typeof value !== 'object' || value === null) return value;
  throw new ConfigError('E_INVALID', `INI has no way to write the collection in ${JSON.stringify(name)}`);
}

/**
 * A whole INI file: keys first, then a section for each map, nested ones as `[a.b]`.
 *
 * @throws ConfigError `E_INVALID` for what INI cannot hold: a list of collections, a value that is no map.
 */
export function iniDocument(value: ConfigValue): string {
  if (!isMap(value)) throw new ConfigError('E_INVALID', 'INI has no way to write a value that is not a map');
  const blocks: string[] = [];
  pushSection(value, [], blocks);
  return blocks.join('\n');
}

function pushSection(value: ConfigObject, path: readonly string[], blocks: string[]): void {
  const options = { python: false, eol: '\n', delimiter: ' = ' };
  const fields = Object.entries(value);
  const lines = fields.filter(([, item]) => !isMap(item)).map(([key, item]) => iniLines(key, item, options));
  if (path.length === 0 && lines.length > 0) blocks.push(lines.join(''));
  const header = path.length > 0 && (lines.length > 0 || fields.length === 0);
  if (header) blocks.push(`${iniHeader(path, false)}\n${lines.join('')}`);
  for (const [key, item] of fields) if (isMap(item)) pushSection(item, [...path, key], blocks);
}
