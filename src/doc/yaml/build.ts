/** The piece tree of one YAML document: offsets and meaning from its spans, text by slicing. */
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
import type { Anchors } from './anchors.js';
import { CommentLines } from './comment-lines.js';
import type {
  BlockContent,
  FlowContent,
  PairContent,
  Properties,
  Region,
  ScalarContent,
  Span,
} from './spans.js';

/** Builds the trees of the documents of one source. */
export class TreeBuilder {
  private readonly source: string;
  private readonly anchors: Anchors | undefined;
  private readonly comments: CommentLines;

  /** Without `anchors` for a source that has none. */
  constructor(source: string, anchors?: Anchors) {
    this.source = source;
    this.anchors = anchors;
    this.comments = new CommentLines(source);
  }

  document(span: Span, region: Region): DocumentNode {
    const { source } = this;
    const { content, properties } = span;
    if (content.kind === 'block') return this.blockDocument(span, content, region);
    const start = content.kind === 'pair' ? span.start : content.offset;
    const headTo = properties ? region.contentFrom : Math.max(start, region.contentFrom);
    const end = Math.max(span.end, headTo);
    const value = this.node({ ...span, headEnd: headTo, end }, end);
    return { head: source.slice(region.from, headTo), value, foot: source.slice(end, region.to) };
  }

  private blockDocument(span: Span, content: BlockContent, region: Region): DocumentNode {
    const { source } = this;
    const { properties } = span;
    const { first } = content;
    const openTo = properties ? this.openEnd(properties.end, first) : region.contentFrom;
    const headTo = properties ? region.contentFrom : this.headerEnd(region.contentFrom, first);
    const from = properties ? openTo : headTo;
    const open = source.slice(headTo, from);
    const value = this.block(span, content, { open, from, to: region.contentTo });
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

  /** The node of a span; of a block collection with what stands before `to`. */
  private node(span: Span, to: number): Node {
    const { content, headEnd, properties } = span;
    if (content.kind === 'scalar') return this.scalar(span, content);
    if (content.kind === 'flow') return this.flow(span, content);
    if (content.kind === 'pair') return this.pairMap(content);
    const from = this.openEnd(Math.max(headEnd, properties?.end ?? 0), content.first);
    return this.block(span, content, { open: this.source.slice(headEnd, from), from, to });
  }

  private scalar(span: Span, content: ScalarContent): ScalarNode {
    const { headEnd, end, properties } = span;
    const { style, value } = content;
    const offset = Math.max(content.offset, headEnd);
    const text = this.source.slice(offset, end);
    const open = this.source.slice(headEnd, offset);
    const bare: ScalarNode = { kind: 'scalar', style, open, text, value, offset, end };
    if (style === 'alias') this.anchors?.use(text.slice(1), offset, end);
    else this.anchors?.leaf(properties?.anchor);
    return properties ? { ...bare, ...named(properties) } : bare;
  }

  private block(
    span: Span,
    content: BlockContent,
    { open, from, to }: { open: string; from: number; to: number },
  ): MapNode | ListNode {
    const spans = content.spans();
    const first = spans[0]?.start ?? from;
    const column = first - this.lineStart(first, this.source.startsWith('\uFEFF') ? 1 : 0);
    this.anchors?.enter(span.properties?.anchor);
    const occurrences = new Occurrences();
    let at = from;
    const entries = spans.map((entry, index): Entry => {
      const offset = at;
      at = this.comments.entryEnd(entry.end, { column, to: spans[index + 1]?.start ?? to });
      return this.entry(entry, { offset, to: at, occurrences });
    });
    this.anchors?.leave(span.properties?.anchor);
    const close = this.source.slice(at, to);
    const pieces: Pieces = { style: 'block', open, start: '', entries, trailingComma: false, close, column };
    return collectionOf(span, { of: content.of, offset: first }, pieces);
  }

  private entry(
    span: Span,
    { offset, to, occurrences }: { offset: number; to: number; occurrences: Occurrences },
  ): Entry {
    const lineStart = this.lineStart(span.start, offset);
    const key = this.key(span, occurrences);
    const lead = this.source.slice(offset, lineStart);
    const indent = this.source.slice(lineStart, span.start);
    const head = this.source.slice(span.start, span.headEnd);
    const value = this.node(span, to);
    const tail = span.content.kind === 'block' ? '' : this.source.slice(span.end, to);
    return entryOf({ lead, indent, tail, post: '', offset }, { head, value, key });
  }

  private key({ key }: Span, occurrences: Occurrences): EntryKey | undefined {
    if (!key) return undefined;
    if (key.node !== undefined) this.anchors?.key(key.node);
    return occurrences.number(key);
  }

  private flow(span: Span, content: FlowContent): MapNode | ListNode {
    const spans = content.spans();
    const { offset, close, commas } = content;
    const from = offset + 1;
    const cut = cutFlow({
      source: this.source,
      from,
      to: close,
      entries: spans,
      commas,
      lineEnd: hashLineEnd,
    });
    this.anchors?.enter(span.properties?.anchor);
    const occurrences = new Occurrences();
    const entries = spans.map((entry, index) => this.flowEntry(entry, occurrences, cut.entries[index]));
    this.anchors?.leave(span.properties?.anchor);
    const open = this.source.slice(span.headEnd, offset);
    const start = this.source.slice(offset, from) + cut.startRest;
    const end = cut.closeLead + this.source.slice(close, close + 1);
    const { trailingComma } = cut;
    const pieces: Pieces = { style: 'flow', open, start, entries, trailingComma, close: end, column: 0 };
    return collectionOf(span, { of: content.of, offset }, pieces);
  }

  private flowEntry(span: Span, occurrences: Occurrences, pieces: EntryPieces = flat): Entry {
    const key = this.key(span, occurrences);
    const head = this.source.slice(span.start, span.headEnd);
    return entryOf(pieces, { head, value: this.node(span, span.end), key });
  }

  private pairMap({ entry: span }: PairContent): MapNode | ListNode {
    const entry = this.flowEntry(span, new Occurrences(), { ...flat, offset: span.start });
    const pieces = { style: 'flow', open: '', start: '', entries: [entry], trailingComma: false } as const;
    const place = { of: 'map', offset: span.start } as const;
    return collectionOf({ end: span.end }, place, { ...pieces, close: '', column: 0 });
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

type Pieces = Omit<ListNode, 'kind' | 'offset' | 'end' | 'anchor' | 'tag'>;

/** A collection. Files have thousands: every property is written out here, as in `entryOf`. */
function collectionOf(
  { end, properties }: Pick<Span, 'end' | 'properties'>,
  { of, offset }: { readonly of: 'map' | 'list'; readonly offset: number },
  { style, open, start, entries, trailingComma, close, column }: Pieces,
): MapNode | ListNode {
  const node: MapNode | ListNode =
    of === 'list'
      ? { kind: of, style, open, start, entries, trailingComma, close, column, offset, end }
      : {
          kind: of,
          style,
          open,
          start,
          entries: entries.filter(isMapEntry),
          trailingComma,
          close,
          column,
          offset,
          end,
        };
  return properties ? { ...node, ...named(properties) } : node;
}

function named({ anchor, tag }: Properties): Pick<Node, 'anchor' | 'tag'> {
  return { ...(anchor === undefined ? {} : { anchor }), ...(tag === undefined ? {} : { tag }) };
}

function isMapEntry(entry: Entry): entry is MapEntry {
  return entry.key !== undefined;
}

/** The end of the last blank line between two line starts. */
export function lastBlankLineEnd(source: string, from: number, to: number): number | undefined {
  const text = source.slice(from, to);
  const blank = [...text.matchAll(/^[ \t]*\r?\n/gm)].at(-1);
  return blank && from + blank.index + blank[0].length;
}
