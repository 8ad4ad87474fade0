/** Key paths to the nodes of a YAML or JSON tree. */
import { aliasTargets } from './aliases.js';
import type { DocumentNode, DocumentTree, Entry, MapNode, Node, ScalarNode } from './tree.js';
import type { KeyPath, KeySegment } from './types.js';
import { isMergeKey } from './value.js';

/** One entry on the way to a node. */
export interface Step {
  readonly parent: Exclude<Node, ScalarNode>;
  readonly index: number;
  readonly entry: Entry;
}

/** How far a key path leads. */
export interface Place {
  readonly document: DocumentNode;
  /** Index of the document in its stream. */
  readonly documentIndex: number;
  readonly steps: readonly Step[];
  /** The deepest node that is there. */
  readonly node: Node;
  /** What of the path is not there; empty when `node` is meant. */
  readonly rest: KeyPath;
}

export interface PlaceOptions {
  /** Whether aliases and merge keys are followed. They lead to where a value is written, which is not a place that may be edited. */
  readonly follow: boolean;
}

/** Follows a key path as far as it leads; `undefined` when the stream has no such document. */
export function findPlace(tree: DocumentTree, path: KeyPath, { follow }: PlaceOptions): Place | undefined {
  const several = tree.documents.length > 1;
  const documentIndex = several ? Number(path[0] ?? -1) : 0;
  const document = tree.documents[documentIndex];
  if (!document) return undefined;
  const steps: Step[] = [];
  const keys = several ? path.slice(1) : path;
  let node = document.value;
  for (const segment of keys) {
    const parent = follow ? resolved(document, node) : node;
    if (parent.kind === 'scalar') break;
    const step = stepTo(parent, segment) ?? (follow ? inheritedStep(document, parent, segment) : undefined);
    if (!step) break;
    steps.push(step);
    node = step.entry.value;
  }
  return { document, documentIndex, steps, node, rest: keys.slice(steps.length) };
}

/** The node that an alias stands for, any other node itself. */
export function resolved(document: DocumentNode, node: Node): Node {
  return aliasTargets(document).get(node) ?? node;
}

/** All entries of a list that a `[name=web]` means. */
export function matchingItems(
  entries: readonly Entry[],
  fields: Exclude<KeySegment, string | number>,
): number[] {
  return entries.flatMap(({ value }, index) => (matches(value, fields) ? [index] : []));
}

function stepTo(parent: Exclude<Node, ScalarNode>, segment: KeySegment): Step | undefined {
  const index = parent.kind === 'map' ? keyIndex(parent, segment) : itemIndex(parent.entries, segment);
  const entry = index === undefined ? undefined : parent.entries[index];
  return entry && index !== undefined ? { parent, index, entry } : undefined;
}

const keyIndexes = new WeakMap<MapNode, ReadonlyMap<string, number>>();
/** Below this many entries a search is cheaper than an index. */
const indexFrom = 16;

/** The last entry of that name: the one whose value counts. */
function keyIndex(map: MapNode, segment: KeySegment): number | undefined {
  if (typeof segment === 'object') return undefined;
  const name = String(segment);
  if (map.entries.length >= indexFrom) return indexOfKeys(map).get(name);
  const index = map.entries.findLastIndex(({ key }) => key.name === name);
  return index < 0 ? undefined : index;
}

function indexOfKeys(map: MapNode): ReadonlyMap<string, number> {
  let index = keyIndexes.get(map);
  if (!index) {
    index = new Map(map.entries.map(({ key }, at) => [key.name, at]));
    keyIndexes.set(map, index);
  }
  return index;
}

/** JSON Pointers have their indexes as strings. */
function itemIndex(entries: readonly Entry[], segment: KeySegment): number | undefined {
  if (typeof segment === 'number') return segment;
  if (typeof segment === 'object') return matchingItems(entries, segment)[0];
  return /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : undefined;
}

function matches(node: Node, fields: Exclude<KeySegment, string | number>): boolean {
  if (node.kind !== 'map') return false;
  return Object.entries(fields).every(([name, expected]) => {
    const field = node.entries.findLast(({ key }) => key.name === name)?.value;
    return field?.kind === 'scalar' && (String(field.value) === expected || field.text === expected);
  });
}

/** The entry that a merge key brings in. */
function inheritedStep(document: DocumentNode, parent: Node, segment: KeySegment): Step | undefined {
  if (parent.kind !== 'map') return undefined;
  for (const entry of parent.entries) {
    if (!isMergeKey(entry)) continue;
    const value = resolved(document, entry.value);
    const sources =
      value.kind === 'list' ? value.entries.map((item) => resolved(document, item.value)) : [value];
    for (const source of sources) {
      if (source.kind !== 'map') continue;
      const step = stepTo(source, segment) ?? inheritedStep(document, source, segment);
      if (step) return step;
    }
  }
  return undefined;
}
