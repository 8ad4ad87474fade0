import { formatKeyPath, isList, isMap, stringifyValue } from '../doc/index.js';
import type { ConfigValue, Format } from '../doc/index.js';
import { ConfigError } from '../errors.js';

/** How loaded configuration can be printed: a configuration format, or lines for a shell. */
export type OutputFormat = Format | 'env';

/**
 * Configuration as text that ends in a line break. `env` prints a `DB__POOL__MAX=10` for each leaf (as `env:` layers read it), quoted for a POSIX shell; lists (and empty
 * maps) as JSON, null as nothing.
 *
 * Throws E_INVALID when the format cannot hold the value: for `env` when two keys get the same name, or the value is no map.
 */
export function formatConfig(value: ConfigValue, format: OutputFormat): string {
  return format === 'env' ? formatEnvironment(value) : stringifyValue(value, format);
}

function formatEnvironment(value: ConfigValue): string {
  if (!isMap(value)) throw new ConfigError('E_INVALID', 'only a map can be printed as environment variables');
  const names = new Map<string, string>();
  const lines: string[] = [];
  for (const { path, text } of variablesOf(value, [])) {
    const name = variableName(path);
    const key = formatKeyPath(path);
    const other = names.get(name);
    if (other !== undefined)
      throw new ConfigError('E_INVALID', `'${other}' and '${key}' would both be the variable '${name}'`, {
        hint: 'print it with --format json or yaml',
      });
    names.set(name, key);
    lines.push(`${name}=${shellWord(text)}\n`);
  }
  return lines.join('');
}

interface Variable {
  readonly path: readonly string[];
  readonly text: string;
}

function variablesOf(value: ConfigValue, path: readonly string[]): readonly Variable[] {
  if (!isMap(value) || (Object.keys(value).length === 0 && path.length > 0))
    return [{ path, text: textOf(value) }];
  return Object.entries(value).flatMap(([key, child]) => variablesOf(child, [...path, key]));
}

function textOf(value: ConfigValue): string {
  if (isList(value) || isMap(value)) return json(value);
  return value === null ? '' : String(value);
}

/** JSON that keeps every digit of a bigint. */
function json(value: ConfigValue): string {
  if (isList(value)) return `[${value.map(json).join()}]`;
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, child]) => `${JSON.stringify(key)}:${json(child)}`)
      .join()}}`;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function variableName(path: readonly string[]): string {
  const name = path.map((key) => key.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()).join('__');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** POSIX.1-2017, Shell Command Language 2.2.2: inside of single quotes only the single quote is special. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+,=-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
