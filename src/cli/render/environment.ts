import type { ConfigValue } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import { formatJson } from '../json.js';
import { shellWord } from './text.js';

/**
 * A value as variables for a shell, one `NAME=VALUE` a line: `db.host` is `DB__HOST`, a list is JSON, null is empty.
 * Throws E_INVALID when it is no map, or two keys become one name.
 */
export function environmentText(value: ConfigValue): string {
  const variables = new Map<string, { readonly path: string; readonly text: string }>();
  for (const { keys, text } of variablesOf(value, [])) {
    const [path, name] = [keys.join('.'), keys.map(variableName).join('__')];
    const other = variables.get(name);
    if (name === '' || other !== undefined)
      throw new ConfigError(
        'E_INVALID',
        other === undefined
          ? 'only a map can be printed as variables'
          : `keys '${other.path}' and '${path}' would both be the variable '${name}'`,
        { hint: 'use --format json or yaml' },
      );
    variables.set(name, { path, text });
  }
  return [...variables].map(([name, { text }]) => `${name}=${text === '' ? '' : shellWord(text)}\n`).join('');
}

interface Variable {
  readonly keys: readonly string[];
  readonly text: string;
}

function variablesOf(value: ConfigValue, keys: readonly string[]): Variable[] {
  if (value === null) return [{ keys, text: '' }];
  if (typeof value === 'string') return [{ keys, text: value }];
  if (typeof value !== 'object' || Array.isArray(value)) return [{ keys, text: formatJson(value) }];
  return Object.entries(value).flatMap(([key, member]) => variablesOf(member, [...keys, key]));
}

function variableName(key: string): string {
  const name = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}
