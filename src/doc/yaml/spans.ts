/** The structural offsets of YAML collections, whoever read them: `cst-spans.ts` of any text, `plain-spans.ts` of plain YAML. */
import type { EntryKey, ScalarStyle } from '../tree.js';
import type { ConfigScalar } from '../types.js';

/** The part of the source that a document has. */
export interface Region {
  readonly from: number;
  /** After `---`, or `from`. */
  readonly contentFrom: number;
  /** Where `...` or the next document begins. */
  readonly contentTo: number;
  readonly to: number;
}

/** Where one entry of a collection, or the value of a document, is, and what it consists of. */
export interface Span {
  /** Its first byte: the key's properties, `?`, the key, or `-`. */
  readonly start: number;
  /** After `:` or `-`, or after the key if it has none. */
  readonly headEnd: number;
  /** After its last byte that is neither space nor comment. */
  readonly end: number;
  /** Anchor and tag of the value; absent when it has neither. */
  readonly properties?: Properties | undefined;
  readonly content: Content;
  readonly key?: SpanKey | undefined;
}

/** The anchor and the tag of a value. */
export interface Properties {
  /** After the second of them. */
  readonly end: number;
  readonly anchor?: string;
  readonly tag?: string;
}

/** The key of an entry. */
export interface SpanKey extends Omit<EntryKey, 'occurrence'> {
  /** The composed node where the key has anchors or aliases in it. */
  readonly node?: unknown;
}

export type Content = ScalarContent | BlockContent | FlowContent | PairContent;

export interface ScalarContent {
  readonly kind: 'scalar';
  readonly offset: number;
  readonly style: ScalarStyle;
  readonly value: ConfigScalar;
}

/** A collection with an entry a line. */
export interface BlockContent {
  readonly kind: 'block';
  readonly of: 'map' | 'list';
  /** Where its first entry begins. */
  readonly first: number;
  readonly spans: () => readonly Span[];
}

/** A collection in brackets. */
export interface FlowContent {
  readonly kind: 'flow';
  readonly of: 'map' | 'list';
  readonly offset: number;
  /** Where the closing bracket is. */
  readonly close: number;
  readonly commas: readonly number[];
  readonly spans: () => readonly Span[];
}

/** `[a: 1]`: a map of one entry without brackets. */
export interface PairContent {
  readonly kind: 'pair';
  readonly entry: Span;
}
