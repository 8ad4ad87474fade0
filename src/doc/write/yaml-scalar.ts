/** Scalars as YAML text that YAML 1.1 and 1.2 readers understand alike. */
import { ConfigError } from '../../errors.js';
import type { ScalarStyle } from '../tree.js';
import type { ConfigScalar } from '../types.js';
import { numberText } from './number.js';

export interface ScalarContext {
  /** Inside of brackets, where more characters mean something. */
  readonly flow: boolean;
  /** The style to keep, if the value can be written in it; default `plain`. */
  readonly style?: ScalarStyle;
}

/** A scalar on one line: plain where every reader would read it back, otherwise in quotes. */
export function yamlScalar(value: ConfigScalar, { flow, style = 'plain' }: ScalarContext): string {
  if (typeof value === 'number') return yamlNumber(value);
  if (typeof value !== 'string') return String(value);
  if (style === 'single' && isPrintable(value)) return singleQuoted(value);
  if (style === 'double') return doubleQuoted(value);
  return isPlainSafe(value, flow) ? value : quoted(value);
}

/**
 * A key: plain, or in quotes.
 *
 * @throws ConfigError `E_BAD_PATH` for one that is too long to be read back (YAML 1.2.2 section 7.4: 1024 characters).
 */
export function yamlKey(name: string, flow: boolean): string {
  const text = isPlainSafe(name, flow) ? name : quoted(name);
  if (text.length <= 1024) return text;
  throw new ConfigError(
    'E_BAD_PATH',
    `YAML has no way to write the key '${name.slice(0, 20)}…': it is too long`,
  );
}

/** In double quotes, unless that would need escapes that single quotes do not need. */
function quoted(value: string): string {
  return /["\\]/.test(value) && isPrintable(value) ? singleQuoted(value) : doubleQuoted(value);
}

function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A JSON string is a YAML string, once the characters that YAML does not print are escaped as well. */
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** YAML 1.1 reads a float only where it has a point. */
function yamlNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return numberText(value).replace(/^(-?\d+)e/, '$1.0e');
}

const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u;

/** Whether a text has no line break, tab or other control character in it, and is well formed. */
export function isPrintable(value: string): boolean {
  return !unprintable.test(value);
}

/** What YAML 1.1 or 1.2 reads as something else than a string (yaml.org/type, YAML 1.2.2 section 10.3). */
const otherTypes = [
  /^(?:~|null)$/i,
  /^(?:y|yes|n|no|true|false|on|off)$/i,
  /^[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)$/,
  /^[-+]?(?:[0-9][0-9_]*)?\.?[0-9_]*(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*(?::[0-9_]+)+(?:\.[0-9_]*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt \t])/,
  /^(?:=|<<)$/,
];

function isPlainSafe(value: string, flow: boolean): boolean {
  if (value === '' || value.trim() !== value || !isPrintable(value)) return false;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)/.test(value)) return false;
  if (/:(?:\s|$)|\s#/.test(value)) return false;
  if (flow && (/[,[\]{}]/.test(value) || /^[-?:]|:["']/.test(value))) return false;
  return !otherTypes.some((pattern) => pattern.test(value));
}
