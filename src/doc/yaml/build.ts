/** The piece tree of one YAML document: offsets from the tokens, meaning from the composed nodes, text by slicing. */
import type { CST } from 'yaml';
import { yaml } from '../../packages.js';
import { entryOf, type EntryPieces } from '../entry.js';
import { cutFlow, hashLineEnd } from '../flow.js';
import { Occurrences } from '../occurrences.js';
import type {
  DocumentNode,
  Entry,
  EntryKey,
  ListNode,
  MapEntry,
  MapNode,
  Node,
  ScalarNode,
} from '../tree.js';
import { Anchors } from './anchors.js';
import { CommentLines } from './comment-lines.js';
import { keyOf, scalarOf } from './scalar.js';
import {
  commasOf,
  endOf,
  firstStart,
  flowListSpans,
  isBlock,
  listSpans,
  mapSpans,
  propertiesOf,
  valueSpan,
  type BlockToken,
  type Composed,
  type Span,
} from './spans.js';

/** The part of the source that a document has. */
export interface Region {
  readonly from: number;
  /** After `---`, or `from`. */
  readonly contentFrom: number;
  /** Where `...` or the next document begins. */
  readonly contentTo: number;
  readonly to: number;
}

/** Builds the trees of the documents of one source. */
export class TreeBuilder {
  private readonly source: string;
  private readonly anchors: Anchors;
  private readonly comments: CommentLines;

  constructor(source: string, anchors: Anchors) {
    this.source = source;
    this.anchors = anchors;
    this.comments = new CommentLines(source);
  }

  document(token: CST.Document, contents: Composed, region: Region): DocumentNode {
    const { source } = this;
    const properties = propertiesOf(token.start, 0);
    const from = properties.length > 0 ? region.contentFrom : region.from;
    const span = valueSpan({ start: from, headEnd: from, properties, token: token.value, value: contents });
    if (isBlock(token.value)) return this.blockDocument(span, token.value, region);
    const start = token.value?.offset ?? span.end;
    const headTo = properties.length > 0 ? region.contentFrom : Math.max(start, region.contentFrom);
    const value = this.leafOrFlow({ ...span, headEnd: headTo, end: Math.max(span.end, headTo) });
    return {
      head: source.slice(region.from, headTo),
      value,
      foot: source.slice(Math.max(span.end, headTo), region.to),
    };
  }

  private blockDocument(span: Span, token: BlockToken, region: Region): DocumentNode {
    const { source } = this;
    const first = firstStart(token);
    const lastProperty = span.properties.at(-1);
    const openTo = lastProperty ? this.openEnd(endOf(lastProperty), first) : region.contentFrom;
    const headTo = lastProperty ? region.contentFrom : this.headerEnd(region.contentFrom, first);
    const from = lastProperty ? openTo : headTo;
    const value = this.block(span, token, {
      open: source.slice(headTo, from),
      from,
      to: region.contentTo,
    });
    return {
      head: source.slice(region.from, headTo),
      value,
      foot: source.slice(region.contentTo, region.to),
    };
  }

  /** The end of the last blank line above the first entry: what is above it describes the file, not the entry. */
  private headerEnd(contentFrom: number, first: number): number {
    const atLineStart = contentFrom === 0 || this.source[contentFrom - 1] === '\n' || contentFrom === 1;
    const from = atLineStart ? contentFrom : this.openEnd(contentFrom, first);
    return lastBlankLineEnd(this.source, from, this.lineStart(first, from)) ?? from;
  }

  private value(span: Span, to: number): { readonly value: Node; readonly tail: string } {
    if (isBlock(span.token)) {
      const first = firstStart(span.token);
      const from = this.openEnd(Math.max(span.headEnd, endOf(span.properties.at(-1))), first);
      const open = this.source.slice(span.headEnd, from);
      return { value: this.block(span, span.token, { open, from, to }), tail: '' };
    }
    return { value: this.leafOrFlow(span), tail: this.source.slice(span.end, to) };
  }

  private leafOrFlow(span: Span): Node {
    if (span.pair) return this.pairMap(span);
    const { token } = span;
    return token?.type === 'flow-collection' && yaml().isCollection(span.value)
      ? this.flow(span, token)
      : this.scalar(span);
  }

  private scalar(span: Span): ScalarNode {
    const { token } = span;
    const offset = token?.offset ?? span.end;
    const text = this.source.slice(offset, span.end);
    const { style, value } = scalarOf(token, span.value);
    const open = this.source.slice(span.headEnd, offset);
    const bare: ScalarNode = { kind: 'scalar', style, open, text, value, offset, end: span.end };
    const node = span.properties.length === 0 ? bare : { ...bare, ...this.nodeBase(span, offset) };
    if (yaml().isAlias(span.value)) this.anchors.use(span.value.source, offset, span.end);
    else this.anchors.leaf(node.anchor);
    return node;
  }

  private nodeBase(span: Span, offset: number): Pick<Node, 'open' | 'offset' | 'end' | 'anchor' | 'tag'> {
    const anchor = span.properties.find(({ type }) => type === 'anchor')?.source.slice(1);
    const tag = span.properties.find(({ type }) => type === 'tag')?.source;
    return {
      open: this.source.slice(span.headEnd, offset),
      offset,
      end: span.end,
      ...(anchor === undefined ? {} : { anchor }),
      ...(tag === undefined ? {} : { tag }),
    };
  }

  private block(
    span: Span,
    token: BlockToken,
    { open, from, to }: { open: string; from: number; to: number },
  ): MapNode | ListNode {
    const spans = token.type === 'block-map' ? mapSpans(span.value) : listSpans(token, span.value);
    const first = spans[0]?.start ?? from;
    const column = first - this.lineStart(first, this.source.startsWith('\uFEFF') ? 1 : 0);
    const base = {
      ...this.nodeBase(span, first),
      open,
      style: 'block' as const,
      start: '',
      trailingComma: false,
    };
    this.anchors.enter(base.anchor);
    const occurrences = new Occurrences();
    let at = from;
    const entries = spans.map((entry, index): Entry => {
      const offset = at;
      at = this.comments.entryEnd(entry.end, { column, to: spans[index + 1]?.start ?? to });
      return this.entry(entry, { offset, to: at, occurrences });
    });
    this.anchors.leave(base.anchor);
    const close = this.source.slice(at, to);
    const list = { ...base, kind: 'list' as const, entries, close, column };
    return token.type === 'block-map' ? { ...list, kind: 'map', entries: entries.filter(isMapEntry) } : list;
  }

  private entry(
    span: Span,
    { offset, to, occurrences }: { offset: number; to: number; occurrences: Occurrences },
  ): Entry {
    const lineStart = this.lineStart(span.start, offset);
    const key = this.key(span);
    const lead = this.source.slice(offset, lineStart);
    const indent = this.source.slice(lineStart, span.start);
    const head = this.source.slice(span.start, span.headEnd);
    const { value, tail } = this.value(span, to);
    const numbered = key && occurrences.number(key);
    return entryOf({ lead, indent, tail, post: '', offset }, { head, value, key: numbered });
  }

  private key({ key }: Span): Omit<EntryKey, 'occurrence'> | undefined {
    if (!key) return undefined;
    this.anchors.key(key.node);
    return keyOf(key.node, key.token, this.source);
  }

  private flow(span: Span, token: CST.FlowCollection): MapNode | ListNode {
    const spans = yaml().isMap(span.value) ? mapSpans(span.value) : flowListSpans(token, span.value);
    const to = token.end[0]?.offset ?? token.offset;
    const from = token.offset + token.start.source.length;
    const cut = cutFlow({
      source: this.source,
      from,
      to,
      entries: spans,
      commas: commasOf(token),
      lineEnd: hashLineEnd,
    });
    const base = this.nodeBase(span, token.offset);
    this.anchors.enter(base.anchor);
    const occurrences = new Occurrences();
    const entries = spans.map((entry, index) => this.flowEntry(entry, occurrences, cut.entries[index]));
    this.anchors.leave(base.anchor);
    const list: ListNode = {
      ...base,
      kind: 'list',
      style: 'flow',
      start: token.start.source + cut.startRest,
      entries,
      trailingComma: cut.trailingComma,
      close: cut.closeLead + this.source.slice(to, to + 1),
      column: 0,
    };
    return yaml().isMap(span.value) ? { ...list, kind: 'map', entries: entries.filter(isMapEntry) } : list;
  }

  private flowEntry(span: Span, occurrences: Occurrences, pieces: EntryPieces = flat): Entry {
    const key = span.pair ? undefined : this.key(span);
    const head = span.pair ? '' : this.source.slice(span.start, span.headEnd);
    const value = this.leafOrFlow(span);
    return entryOf(pieces, { head, value, key: key && occurrences.number(key) });
  }

  private pairMap(pair: Span): MapNode {
    const span = { ...pair, pair: false };
    const entry = this.flowEntry(span, new Occurrences(), { ...flat, offset: span.start });
    return {
      kind: 'map',
      style: 'flow',
      open: '',
      start: '',
      close: '',
      entries: [entry].filter(isMapEntry),
      trailingComma: false,
      column: 0,
      offset: span.start,
      end: span.end,
    };
  }

  /** After the line break that follows `at`, if it is before `first`; otherwise `first` (`- key: 1`). */
  private openEnd(at: number, first: number): number {
    const newline = this.source.indexOf('\n', at);
    return newline >= 0 && newline < first ? newline + 1 : first;
  }

  private lineStart(offset: number, from: number): number {
    return Math.max(from, this.source.lastIndexOf('\n', offset - 1) + 1);
  }
}

const flat = { lead: '', indent: '', tail: '', post: '', offset: 0 };

function isMapEntry(entry: Entry): entry is MapEntry {
  return entry.key !== undefined;
}

/** The end of the last blank line between two line starts. */
export function lastBlankLineEnd(source: string, from: number, to: number): number | undefined {
  const text = source.slice(from, to);
  const blank = [...text.matchAll(/^[ \t]*\r?\n/gm)].at(-1);
  return blank && from + blank.index + blank[0].length;
}
