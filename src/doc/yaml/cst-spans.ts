/** The spans of any YAML: from concrete syntax tokens and the nodes composed of them, in step. */
import type { CST, Node as YamlNode, Pair } from 'yaml';
import { yaml } from '../../packages.js';
import { keyOf, scalarOf } from './scalar.js';
import type { BlockContent, Content, FlowContent, Properties, Region, Span, SpanKey } from './spans.js';
import { isTrivia, tokenEnd, type CollectionItem, type SourceToken, type Token } from './tokens.js';

type Composed = YamlNode | null | undefined;
type BlockToken = CST.BlockMap | CST.BlockSequence;

/** Reads the spans of the documents of one source. */
export class CstSpans {
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** The value of a document. */
  root(token: CST.Document, contents: Composed, region: Region): Span {
    const properties = propertiesOf(token.start, 0);
    const from = properties ? region.contentFrom : region.from;
    return this.span({ start: from, headEnd: from, properties, token: token.value, value: contents });
  }

  private span({ start, headEnd, properties, token, value, key }: Parts): Span {
    const end = token ? tokenEnd(token) : Math.max(headEnd, properties?.end ?? 0);
    return { start, headEnd, end, properties, content: this.content(token, value, end), key };
  }

  private content(token: Token | undefined, value: Composed, end: number): Content {
    if (isBlock(token)) return this.block(token, value);
    if (token?.type === 'flow-collection' && yaml().isCollection(value)) return this.flow(token, value);
    return { kind: 'scalar', offset: token?.offset ?? end, ...scalarOf(token, value) };
  }

  private block(token: BlockToken, value: Composed): BlockContent {
    const isMap = token.type === 'block-map';
    const spans = isMap ? () => this.mapSpans(value) : () => this.listSpans(token, value);
    return { kind: 'block', of: isMap ? 'map' : 'list', first: firstStart(token), spans };
  }

  private flow(token: CST.FlowCollection, value: Composed): FlowContent {
    const isMap = yaml().isMap(value);
    return {
      kind: 'flow',
      of: isMap ? 'map' : 'list',
      offset: token.offset,
      close: token.end[0]?.offset ?? token.offset,
      commas: commasOf(token),
      spans: isMap ? () => this.mapSpans(value) : () => this.flowListSpans(token, value),
    };
  }

  private mapSpans(node: Composed): Span[] {
    if (!yaml().isMap(node)) return [];
    return node.items.flatMap((pair) => {
      const item = pair.srcToken;
      return item ? [this.pairSpan(item, pair)] : [];
    });
  }

  private pairSpan(item: CollectionItem, { key: keyNode, value: valueNode }: Pair): Span {
    const { key, value } = item;
    const sep = item.sep ?? [];
    const colon = sep.findIndex(({ type }) => type === 'map-value-ind');
    const start = itemStart(item) ?? 0;
    const mark = item.start.findLast((token) => !isTrivia(token) && token.type !== 'comma');
    const keyEnd = key ? tokenEnd(key) : Math.max(start, endOf(mark));
    return this.span({
      start,
      headEnd: colon < 0 ? keyEnd : endOf(sep[colon]),
      properties: propertiesOf(sep, colon + 1),
      token: value,
      value: yaml().isNode(valueNode) ? valueNode : undefined,
      key: this.key(keyNode, key),
    });
  }

  private key(node: unknown, token: Token | null | undefined): SpanKey {
    const key = keyOf(node, token, this.source);
    const isSimple = yaml().isScalar(node) && node.anchor === undefined;
    return isSimple ? key : { ...key, node };
  }

  private listSpans(token: BlockToken, node: Composed): Span[] {
    const items = token.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'));
    return items.map((item, index) => {
      const dash = item.start.findIndex(({ type }) => type === 'seq-item-ind');
      return this.span({
        start: item.start[dash]?.offset ?? 0,
        headEnd: endOf(item.start[dash]),
        properties: propertiesOf(item.start, dash + 1),
        token: item.value,
        value: itemOf(node, index),
      });
    });
  }

  private flowListSpans(token: CST.FlowCollection, node: Composed): Span[] {
    const items = token.items.filter(
      ({ start, key, sep, value }) =>
        key || sep || value || start.some((mark) => !isTrivia(mark) && mark.type !== 'comma'),
    );
    return items.map((item, index) => {
      const value = itemOf(node, index);
      const pair = yaml().isMap(value) && value.items[0]?.srcToken === item ? value.items[0] : undefined;
      if (pair) return aroundPair(this.pairSpan(item, pair));
      const start = itemStart(item) ?? item.value?.offset ?? 0;
      const properties = propertiesOf(item.start, 0);
      return this.span({ start, headEnd: start, properties, token: item.value, value });
    });
  }
}

interface Parts extends Pick<Span, 'start' | 'headEnd' | 'properties' | 'key'> {
  readonly token: Token | undefined;
  readonly value: Composed;
}

function aroundPair(entry: Span): Span {
  const { start, end } = entry;
  return { start, headEnd: start, end, content: { kind: 'pair', entry } };
}

function isBlock(token: Token | undefined): token is BlockToken {
  return token?.type === 'block-map' || token?.type === 'block-seq';
}

function endOf(token: SourceToken | undefined): number {
  return token ? token.offset + token.source.length : 0;
}

/** Anchor and tag among the tokens from an index on. */
function propertiesOf(tokens: readonly SourceToken[], from: number): Properties | undefined {
  let anchor: SourceToken | undefined;
  let tag: SourceToken | undefined;
  let last: SourceToken | undefined;
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.type === 'anchor') anchor ??= last = token;
    else if (token?.type === 'tag') tag ??= last = token;
  }
  if (last === undefined) return undefined;
  return {
    end: endOf(last),
    ...(anchor && { anchor: anchor.source.slice(1) }),
    ...(tag && { tag: tag.source }),
  };
}

function firstStart({ items, offset }: BlockToken): number {
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

function commasOf(token: CST.FlowCollection): number[] {
  return token.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'comma').map(({ offset }) => offset),
  );
}

function itemOf(node: Composed, index: number): Composed {
  const item = yaml().isSeq(node) ? node.items[index] : undefined;
  return yaml().isNode(item) ? item : undefined;
}
