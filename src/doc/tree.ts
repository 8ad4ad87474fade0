/**
 * The lossless tree of a document, the same for YAML, JSON and INI.
 *
 * Every byte of the source is in exactly one piece of the tree, and printing is the concatenation of the pieces in order. Whoever
 * puts a tree together from pieces of several documents therefore keeps every byte that it did not choose to change.
 */
import type { ConfigScalar, Format } from './types.js';

/** A whole file: `bom`, then every document. A file has one document, except a YAML stream, which may have several. */
export interface DocumentTree {
  readonly format: Format;
  /** The byte order mark, or nothing. */
  readonly bom: '' | '\uFEFF';
  /** The line break that new lines get: the one that most lines of the source have. */
  readonly eol: '\n' | '\r\n';
  /** At least one; an empty file has one whose value is an empty scalar. */
  readonly documents: readonly DocumentNode[];
}

/** One document of a file, printed as `head value foot`. */
export interface DocumentNode {
  /** Directives, `---`, and the comments of the file: those above the last blank line before the first entry. */
  readonly head: string;
  readonly value: Node;
  /** What follows the value: `...`, comments after a value that is no block collection. */
  readonly foot: string;
}

export type Node = MapNode | ListNode | ScalarNode;

interface NodePieces {
  /**
   * From the indicator (`key:`, `-`, `key =`, `[section]`) to the value proper: space, anchor, tag, and for a collection on the lines
   * below the rest of the indicator's line with its line break.
   */
  readonly open: string;
  /** Name of the YAML anchor in `open`. */
  readonly anchor?: string;
  /** YAML tag in `open`, as written. */
  readonly tag?: string;
  /** Where the value proper begins and ends in the source, in UTF-16 code units; meaningless after the tree was changed. */
  readonly offset: number;
  readonly end: number;
}

/** A leaf, printed as `open text`. */
export interface ScalarNode extends NodePieces {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** The value as written, without the line break that ends it. */
  readonly text: string;
  /** What it means; for an alias its text, `*name`. */
  readonly value: ConfigScalar;
}

/**
 * - `plain`: without quotes; `empty`: nothing is written (`key:`), `text` is empty;
 * - `literal`, `folded`: YAML block scalars;
 * - `alias`: YAML `*name`, never resolved in the tree;
 * - `flag`: an INI key without `=`.
 */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'alias' | 'empty' | 'flag';

interface CollectionPieces extends NodePieces {
  /**
   * `block`: one entry a line (YAML), `flow`: in brackets with commas (YAML, JSON), `section`: the file or a section of INI.
   */
  readonly style: 'block' | 'flow' | 'section';
  /** The opening bracket and the rest of its line when nothing else is on it; empty unless `flow`. */
  readonly start: string;
  readonly entries: readonly Entry[];
  /** Whether a comma follows the last entry; false unless `flow`. */
  readonly trailingComma: boolean;
  /** Comments after the last entry, then the closing bracket if there is one. */
  readonly close: string;
  /** The column of the entries of a block collection, from 0. */
  readonly column: number;
}

/** Printed as `open start entries close`. */
export interface MapNode extends CollectionPieces {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

/** Printed as `open start entries close`. */
export interface ListNode extends CollectionPieces {
  readonly kind: 'list';
}

/** One entry of a collection, printed as `lead indent head value tail comma post`, the comma only between entries of a flow collection. */
export interface Entry {
  /** The whole lines above the entry that belong to it: comments and blank lines. */
  readonly lead: string;
  /** White space before the entry on its line; empty for what begins in the line of its parent (`- key: 1`). */
  readonly indent: string;
  /** `key:`, `-`, `key =`, `[section]`, `"key":`, with the key's own anchor and tag; empty in a flow list. */
  readonly head: string;
  readonly value: Node;
  /** What follows the value on its line, line break included; in a flow collection what stands before the comma. */
  readonly tail: string;
  /** In a flow collection: what follows the entry (and its comma) on the same line, line break included, if nothing else does. */
  readonly post: string;
  /** Where the entry (its lead) begins in the source; meaningless after the tree was changed. */
  readonly offset: number;
  /** Absent in lists. */
  readonly key?: EntryKey;
}

/** An entry of a map. */
export interface MapEntry extends Entry {
  readonly key: EntryKey;
}

/** The key of a map entry. */
export interface EntryKey {
  /** The property name of the value: the string, or for another scalar its source text (`1.10` stays `1.10`). */
  readonly name: string;
  /**
   * Equal for equal keys, and typed: in YAML `1` and `"1"` differ. In INI a section (`[name]`) differs from a key, and `k[]` from `k`.
   * A string key of YAML and JSON is `=` and the string.
   */
  readonly id: string;
  /** 1 for the first entry of the map with this id, 2 for its first duplicate, ... (`k[]` in INI repeats by design). */
  readonly occurrence: number;
  /** The key as written. */
  readonly text: string;
  /** Where `text` begins in the source. */
  readonly offset: number;
  /** YAML: the key as a node when it has an anchor, for the aliases of it. */
  readonly anchored?: ScalarNode;
  /** INI: the key path of the section (`[a.b]` is `a`, `b`), or of the key. Absent elsewhere. */
  readonly path?: readonly string[];
}

/** The text of a tree; of a freshly parsed one exactly its source. */
export function printTree(tree: DocumentTree): string {
  const out: string[] = [tree.bom];
  for (const document of tree.documents) out.push(printDocument(document));
  return out.join('');
}

/** The text of one document of a file. */
export function printDocument({ head, value, foot }: DocumentNode): string {
  return head + printNode(value) + foot;
}

/** The text of a node with its `open`. */
export function printNode(node: Node): string {
  const out: string[] = [];
  pushNode(node, out);
  return out.join('');
}

/** The text of an entry without the comma of a flow collection. */
export function printEntry(entry: Entry): string {
  const out: string[] = [];
  pushEntry(entry, '', out);
  return out.join('');
}

function pushNode(node: Node, out: string[]): void {
  out.push(node.open);
  if (node.kind === 'scalar') {
    out.push(node.text);
    return;
  }
  out.push(node.start);
  const last = node.entries.length - 1;
  node.entries.forEach((entry, index) => {
    const comma = node.style === 'flow' && (index < last || node.trailingComma) ? ',' : '';
    pushEntry(entry, comma, out);
  });
  out.push(node.close);
}

function pushEntry(entry: Entry, comma: string, out: string[]): void {
  out.push(entry.lead, entry.indent, entry.head);
  pushNode(entry.value, out);
  out.push(entry.tail, comma, entry.post);
}

const semanticKeys = new WeakMap<Node, string>();

/**
 * A string that is equal for two nodes exactly when they mean the same: comments, quotes, layout and the order of keys do not
 * count; tag and anchor do, and a scalar that is no string counts as written (`1.10` is not `1.1`, `0x1F` is not `31`).
 */
export function semanticKey(node: Node): string {
  let known = semanticKeys.get(node);
  if (known === undefined) {
    known = properties(node) + semanticBody(node);
    semanticKeys.set(node, known);
  }
  return known;
}

function properties(node: Node): string {
  const anchor = node.anchor === undefined ? '' : `&${node.anchor} `;
  return node.tag === undefined ? anchor : `${anchor}${node.tag} `;
}

function semanticBody(node: Node): string {
  if (node.kind === 'list') return `[${node.entries.map((entry) => semanticKey(entry.value)).join(',')}]`;
  if (node.kind === 'scalar') return semanticScalar(node);
  const fields = node.entries.map(
    ({ key, value }) => `${JSON.stringify(key.id)}#${key.occurrence}:${semanticKey(value)}`,
  );
  return `{${fields.toSorted().join(',')}}`;
}

function semanticScalar({ style, value, text }: ScalarNode): string {
  if (style === 'alias') return text;
  if (style === 'flag') return 'flag';
  if (value === null) return 'null';
  return typeof value === 'string' ? JSON.stringify(value) : text;
}
