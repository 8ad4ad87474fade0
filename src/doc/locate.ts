/** Where the parts of a document are written. */
import { aliasTargets, type AliasTargets } from './aliases.js';
import type { ConfigDocument } from './document.js';
import { findPart } from './ini/place.js';
import { iniView, type IniPart } from './ini/view.js';
import { findPlace } from './place.js';
import { rangeAt } from './position.js';
import { printEntry, type DocumentTree, type Entry, type MapEntry, type Node } from './tree.js';
import type { ConfigValue, KeyPath, SourceRange } from './types.js';
import { untakenScalar } from './untaken.js';
import { isMergeKey } from './value.js';

/** A scalar, or an empty collection. */
export interface Leaf {
  readonly path: KeyPath;
  readonly value: ConfigValue;
  /** Where the value is written. */
  readonly range: SourceRange;
}

/** The key with its quotes, the value without anchor and tag, or the whole entry with the comments that belong to it. */
export type Part = 'key' | 'value' | 'entry';

/**
 * Where a key path is written, `undefined` when nothing is there. What comes through an alias or a merge key is written where the anchor is.
 * List items have no key: the entry begins at its `-`.
 */
export function locate(doc: ConfigDocument, path: KeyPath, part: Part = 'value'): SourceRange | undefined {
  const { tree, text } = doc;
  const span = tree && (tree.format === 'ini' ? iniSpan(tree, path, part) : treeSpan(tree, path, part));
  return span && rangeAt(text, span[0], span[1]);
}

/**
 * Where a scalar is written, without taking a document of plain YAML apart; undefined where it takes `locate` to tell. For one value:
 * who asks for many is served better by the pieces.
 */
export function locateScalar(doc: ConfigDocument, path: KeyPath): SourceRange | undefined {
  const scalar = untakenScalar(doc, path);
  return scalar && rangeAt(doc.text, scalar.offset, scalar.end);
}

/** All leaves of a valid document in the order of the value, what comes through aliases and merge keys included. */
export function leaves(doc: ConfigDocument): readonly Leaf[] {
  const { tree, text } = doc;
  if (!tree || !doc.valid) return [];
  const found: Leaf[] = [];
  if (tree.format === 'ini') iniLeaves(iniView(tree), { path: [], text, found });
  else
    walkLeaves(tree, (path, { node, written }) => {
      const value = node.kind === 'scalar' ? node.value : node.kind === 'list' ? [] : {};
      found.push({ path, value, range: rangeAt(text, written.offset, written.end) });
    });
  return found;
}

/** The leaves of a valid document that are one in its text, since YAML aliases or merge keys lead there: their paths, for each. */
export function sharedLeaves({ tree, valid }: ConfigDocument): readonly (readonly KeyPath[])[] {
  if (!tree || !valid || tree.format !== 'yaml') return [];
  const byNode = new Map<Node, KeyPath[]>();
  walkLeaves(tree, (path, { node }) => {
    const paths = byNode.get(node) ?? [];
    paths.push(path);
    byNode.set(node, paths);
  });
  return [...byNode.values()].filter(({ length }) => length > 1);
}

/** What stands at a leaf, and what is written there: the same, or an alias of it. */
type OnLeaf = (path: KeyPath, leaf: { readonly node: Node; readonly written: Node }) => void;

function walkLeaves({ documents }: DocumentTree, onLeaf: OnLeaf): void {
  for (const [index, document] of documents.entries()) {
    const walker = new LeafWalker(aliasTargets(document), onLeaf);
    walker.walk(document.value, documents.length > 1 ? [index] : []);
  }
}

type Span = readonly [start: number, end: number];

function treeSpan(tree: DocumentTree, path: KeyPath, part: Part): Span | undefined {
  const place = findPlace(tree, path, { follow: true });
  if (!place || place.rest.length > 0) return undefined;
  const entry = place.steps.at(-1)?.entry;
  if (part === 'value' || !entry) return [place.node.offset, place.node.end];
  return entrySpan(entry, part);
}

function entrySpan(entry: Entry, part: Part): Span {
  const start = entry.offset + entry.lead.length + entry.indent.length;
  if (part === 'key' && entry.key) return [entry.key.offset, entry.key.offset + entry.key.text.length];
  if (part === 'key') return [start, start + entry.head.length];
  return part === 'value'
    ? [entry.value.offset, entry.value.end]
    : [entry.offset, entry.offset + printEntry(entry).length];
}

function iniSpan(tree: DocumentTree, path: KeyPath, part: Part): Span | undefined {
  const found = findPart(iniView(tree), path);
  if (!found) return undefined;
  const entry = firstEntry(found);
  const root = tree.documents[0]?.value;
  if (entry) return entrySpan(entry, part);
  return root && [root.offset, root.end];
}

function firstEntry(part: IniPart): MapEntry | undefined {
  if (part.kind === 'scalar') return part.entry;
  if (part.kind === 'list') return part.items[0]?.entry;
  if (part.headers[0]) return part.headers[0];
  for (const child of part.children.values()) {
    const entry = firstEntry(child);
    if (entry) return entry;
  }
  return undefined;
}

interface IniWalk {
  readonly path: KeyPath;
  readonly text: string;
  readonly found: Leaf[];
}

function iniLeaves(part: IniPart, { path, text, found }: IniWalk): void {
  if (part.kind === 'scalar') {
    const { value, offset, end } = part.node;
    found.push({ path, value, range: rangeAt(text, offset, end) });
  } else if (part.kind === 'list') {
    part.items.forEach((item, index) => iniLeaves(item, { path: [...path, index], text, found }));
  } else {
    const header = part.headers[0];
    if (part.children.size === 0 && header) {
      found.push({ path, value: {}, range: rangeAt(text, header.value.offset, header.value.end) });
    }
    for (const [name, child] of part.children) iniLeaves(child, { path: [...path, name], text, found });
  }
}

class LeafWalker {
  private readonly targets: AliasTargets;
  private readonly onLeaf: OnLeaf;

  constructor(targets: AliasTargets, onLeaf: OnLeaf) {
    this.targets = targets;
    this.onLeaf = onLeaf;
  }

  walk(written: Node, path: KeyPath): void {
    const node = this.targets.get(written) ?? written;
    if (node.kind === 'scalar' || node.entries.length === 0) this.onLeaf(path, { node, written });
    else if (node.kind === 'list')
      node.entries.forEach(({ value }, index) => this.walk(value, [...path, index]));
    else for (const [name, value] of this.fields(node.entries)) this.walk(value, [...path, name]);
  }

  /** The nodes that make the fields of a map: as the value has them. */
  private fields(entries: readonly MapEntry[]): Map<string, Node> {
    const own = new Set(entries.filter((entry) => !isMergeKey(entry)).map(({ key }) => key.name));
    const fields = new Map<string, Node>();
    for (const entry of entries) {
      const sources = isMergeKey(entry) ? this.sources(entry.value) : undefined;
      if (!sources) fields.set(entry.key.name, entry.value);
      for (const source of sources ?? []) {
        for (const [name, value] of this.fields(source)) {
          if (!own.has(name) && !fields.has(name)) fields.set(name, value);
        }
      }
    }
    return fields;
  }

  private sources(written: Node): readonly (readonly MapEntry[])[] | undefined {
    const node = this.targets.get(written) ?? written;
    const maps =
      node.kind === 'list' ? node.entries.map(({ value }) => this.targets.get(value) ?? value) : [node];
    const found = maps.flatMap((map) => (map.kind === 'map' ? [map.entries] : []));
    return found.length === maps.length ? found : undefined;
  }
}
