/** What YAML scalars and keys mean, in the vocabulary of the tree. */
import type { Scalar } from 'yaml';
import { yaml } from '../../packages.js';
import { exactInteger } from '../given.js';
import type { EntryKey, ScalarNode, ScalarStyle } from '../tree.js';
import type { ConfigScalar } from '../types.js';
import { tokenEnd, type Token } from './tokens.js';

/** Style and value of a leaf. */
export function scalarOf(token: Token | undefined, node: unknown): Pick<ScalarNode, 'style' | 'value'> {
  if (yaml().isAlias(node)) return { style: 'alias', value: `*${node.source}` };
  return { style: styleOf(token), value: yaml().isScalar(node) ? configScalar(node.value) : null };
}

function styleOf(token: Token | undefined): ScalarStyle {
  switch (token?.type) {
    case 'single-quoted-scalar':
      return 'single';
    case 'double-quoted-scalar':
      return 'double';
    case 'block-scalar':
      return 'source' in (token.props[0] ?? {}) && sourceOf(token.props[0]).startsWith('>')
        ? 'folded'
        : 'literal';
    default:
      return sourceOf(token) === '' ? 'empty' : 'plain';
  }
}

function sourceOf(token: Token | undefined): string {
  return token && 'source' in token ? token.source : '';
}

/** Integers are read as bigint so that no digit is lost; those that a number holds exactly become one. */
export function configScalar(value: unknown): ConfigScalar {
  switch (typeof value) {
    case 'bigint':
      return exactInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return null;
  }
}

/**
 * The identity of a key: typed, so that `1` and `"1"` differ, and by value, so that `a` and `"a"` do not. The name of a key that is no
 * string is its source: `1.10` stays `1.10`.
 */
export function keyOf(
  node: unknown,
  token: Token | null | undefined,
  source: string,
): Omit<EntryKey, 'occurrence'> {
  const offset = token?.offset ?? 0;
  const text = token ? source.slice(offset, tokenEnd(token)) : '';
  if (!yaml().isScalar(node)) return { name: text, id: `?${text}`, text, offset };
  const value = configScalar(node.value);
  const base = { text, offset, ...anchoredKey(node, text, offset) };
  if (typeof value === 'string') return { name: value, id: `=${value}`, ...base };
  return { name: text === '' ? 'null' : text, id: `!${String(value)}`, ...base };
}

function anchoredKey(node: Scalar, text: string, offset: number): Pick<EntryKey, 'anchored'> {
  if (node.anchor === undefined) return {};
  const value = configScalar(node.value);
  const end = offset + text.length;
  return {
    anchored: { kind: 'scalar', style: 'plain', open: '', text, value, anchor: node.anchor, offset, end },
  };
}
