/** What keys and values of INI mean; as in the `ini` package (version 6) but for what docs/formats.md lists. */
import { ini } from '../../packages.js';
import type { ScalarStyle } from '../tree.js';
import type { ConfigScalar } from '../types.js';
import { closingQuote, commentStart } from './lines.js';

/** A value as it stands after the delimiter. */
export interface RawValue {
  /** Without the space around it and without the comment behind it. */
  readonly text: string;
  readonly style: ScalarStyle;
  readonly value: ConfigScalar;
}

/**
 * Reads what follows a delimiter on its line. A `;` or `#` that is neither quoted nor escaped begins a comment, except in Python's dialect.
 */
export function readValue(rest: string, python: boolean): RawValue {
  const trimmed = rest.trim();
  const text = python ? trimmed : withoutComment(trimmed);
  const style = quoteStyle(text);
  if (text === '') return { text, style: 'empty', value: '' };
  if (style === 'plain') return { text, style, value: wordValue(python ? text : meaning(text)) };
  return { text, style, value: unquote(text) };
}

/** The meaning of a name of a key or a section as written. */
export function readName(raw: string, python: boolean): string {
  const trimmed = raw.trim();
  if (quoteStyle(trimmed) !== 'plain') return unquote(trimmed);
  return python ? trimmed : meaning(withoutComment(trimmed));
}

function withoutComment(text: string): string {
  if (quoteStyle(text) !== 'plain') return text;
  const quoted = text[0] === '"' || text[0] === "'" ? closingQuote(text, 0) : undefined;
  if (quoted !== undefined && /^\s*[;#]/.test(text.slice(quoted))) return text.slice(0, quoted);
  return text.slice(0, commentStart(text)).trimEnd();
}

function quoteStyle(text: string): ScalarStyle {
  if (text.length < 2 || text[0] !== text.at(-1)) return 'plain';
  if (text[0] === '"') return 'double';
  return text[0] === "'" ? 'single' : 'plain';
}

/** `"a"` as a JSON string, and as it is when it is none; `'a'` without its quotes. */
function unquote(text: string): string {
  if (text[0] === "'") return text.slice(1, -1);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** Escapes resolved, as the package does it; a lone quote, which it takes for two, quotes nothing. */
function meaning(plain: string): string {
  return plain.length < 2 ? plain : ini().unsafe(plain);
}

function wordValue(text: string): ConfigScalar {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return text === 'null' ? null : text;
}

/** The key path of a section: `[a.b]` is `b` inside of `a`, `[a\.b]` is one key. */
export function sectionPath(name: string): string[] {
  return name.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
}
