/** The structural offsets of YAML collections: from tokens and the nodes composed of them, in step. */
import type { CST, Node as YamlNode, Pair } from 'yaml';
import { yaml } from '../../packages.js';
import { isTrivia, tokenEnd, type CollectionItem, type SourceToken, type Token } from './tokens.js';

export type Composed = YamlNode | null | undefined;
export type BlockToken = CST.BlockMap | CST.BlockSequence;

/** Where one entry of a collection is, and what it consists of. */
export interface Span {
  /** Its first byte: the key's properties, `?`, the key, or `-`. */
  readonly start: number;
  /** After `:` or `-`, or after the key if it has none. */
  readonly headEnd: number;
  /** After its last byte that is neither space nor comment. */
  readonly end: number;
  /** Anchor and tag of the value. */
  readonly properties: readonly SourceToken[];
  readonly token: Token | undefined;
  readonly value: Composed;
  readonly key?: { readonly token: Token | null | undefined; readonly node: unknown };
  /** `[a: 1]`: a map of one entry without brackets. */
  readonly pair?: boolean;
}

export function isBlock(token: Token | undefined): token is BlockToken {
  return token?.type === 'block-map' || token?.type === 'block-seq';
}

function isProperty({ type }: SourceToken): boolean {
  return type === 'anchor' || type === 'tag';
}

export function endOf(token: SourceToken | undefined): number {
  return token ? token.offset + token.source.length : 0;
}

export function valueSpan(span: Omit<Span, 'end'>): Span {
  const end = span.token ? tokenEnd(span.token) : Math.max(span.headEnd, endOf(span.properties.at(-1)));
  return Object.assign(span, { end });
}

const none: readonly SourceToken[] = [];

/** Anchor and tag among the tokens from an index on. */
export function propertiesOf(tokens: readonly SourceToken[], from: number): readonly SourceToken[] {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token && isProperty(token)) return tokens.slice(index).filter(isProperty);
  }
  return none;
}

export function firstStart({ items, offset }: BlockToken): number {
  for (const item of items) {
    const start = itemStart(item);
    if (start !== undefined) return start;
  }
  return offset;
}

function itemStart({ start, key, sep }: CollectionItem): number | undefined {
  const mark = start.find((token) => !isTrivia(token) && token.type !== 'comma');
  return mark?.offset ?? key?.offset ?? sep?.[0]?.offset;
}

export function mapSpans(node: Composed): Span[] {
  if (!yaml().isMap(node)) return [];
  return node.items.flatMap((pair) => {
    const item = pair.srcToken;
    return item ? [pairSpan(item, pair)] : [];
  });
}

function pairSpan(item: CollectionItem, { key: keyNode, value: valueNode }: Pair, pair = false): Span {
  const { key, value } = item;
  const sep = item.sep ?? [];
  const colon = sep.findIndex(({ type }) => type === 'map-value-ind');
  const start = itemStart(item) ?? 0;
  const mark = item.start.findLast((token) => !isTrivia(token) && token.type !== 'comma');
  const keyEnd = key ? tokenEnd(key) : Math.max(start, endOf(mark));
  return valueSpan({
    start,
    headEnd: colon < 0 ? keyEnd : endOf(sep[colon]),
    properties: propertiesOf(sep, colon + 1),
    token: value,
    value: yaml().isNode(valueNode) ? valueNode : undefined,
    key: { token: key, node: keyNode },
    pair,
  });
}

export function listSpans(token: BlockToken, node: Composed): Span[] {
  const items = token.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'));
  return items.map((item, index) => {
    const dash = item.start.findIndex(({ type }) => type === 'seq-item-ind');
    return valueSpan({
      start: item.start[dash]?.offset ?? 0,
      headEnd: endOf(item.start[dash]),
      properties: propertiesOf(item.start, dash + 1),
      token: item.value,
      value: itemOf(node, index),
    });
  });
}

export function flowListSpans(token: CST.FlowCollection, node: Composed): Span[] {
  const items = token.items.filter(
    ({ start, key, sep, value }) =>
      key || sep || value || start.some((mark) => !isTrivia(mark) && mark.type !== 'comma'),
  );
  return items.map((item, index) => {
    const value = itemOf(node, index);
    const pair = yaml().isMap(value) && value.items[0]?.srcToken === item ? value.items[0] : undefined;
    if (pair) return pairSpan(item, pair, true);
    const start = itemStart(item) ?? item.value?.offset ?? 0;
    return valueSpan({
      start,
      headEnd: start,
      properties: propertiesOf(item.start, 0),
      token: item.value,
      value,
    });
  });
}

export function commasOf(token: CST.FlowCollection): number[] {
  return token.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'comma').map(({ offset }) => offset),
  );
}

function itemOf(node: Composed, index: number): Composed {
  const item = yaml().isSeq(node) ? node.items[index] : undefined;
  return yaml().isNode(item) ? item : undefined;
}
