/** The place that an edit concerns, with its offsets. */
import { findPlace, type Place, type Step } from '../place.js';
import { printDocument, printEntry, printNode, type DocumentTree, type Entry, type Node } from '../tree.js';
import type { KeyPath } from '../types.js';

export interface Target extends Place {
  readonly tree: DocumentTree;
  readonly text: string;
  /** The step to `node`; absent for the value of a document. */
  readonly last?: Step;
  /** After the indicator: where `open` of the node begins. */
  readonly openFrom: number;
  /** After everything of the node, and of its entry if it has one (`tail`, but no comma). */
  readonly regionEnd: number;
  /** The column of the entry that has the node; -1 for the value of a document. */
  readonly column: number;
  /** Whether the node is inside of brackets. */
  readonly inFlow: boolean;
}

/** The place of a key path as far as it leads, aliases not followed; `undefined` when there is no such document. */
export function targetOf(tree: DocumentTree, text: string, path: KeyPath): Target | undefined {
  const place = findPlace(tree, path, { follow: false });
  if (!place) return undefined;
  const last = place.steps.at(-1);
  if (!last)
    return { ...place, tree, text, ...rootOffsets(tree, place), column: -1, inFlow: tree.format === 'json' };
  const openFrom = headEnd(last.entry);
  return {
    ...place,
    tree,
    text,
    last,
    openFrom,
    regionEnd: openFrom + printNode(last.entry.value).length + last.entry.tail.length,
    column: last.parent.column,
    inFlow: tree.format === 'json' || last.parent.style === 'flow',
  };
}

function rootOffsets(tree: DocumentTree, place: Place): Pick<Target, 'openFrom' | 'regionEnd'> {
  const openFrom = documentOffset(tree, place.documentIndex) + place.document.head.length;
  return { openFrom, regionEnd: openFrom + printNode(place.document.value).length };
}

/** Where a document begins. */
export function documentOffset(tree: DocumentTree, index: number): number {
  return tree.documents
    .slice(0, index)
    .reduce((sum, document) => sum + printDocument(document).length, tree.bom.length);
}

/** Where the head of an entry ends. */
export function headEnd({ offset, lead, indent, head }: Entry): number {
  return offset + lead.length + indent.length + head.length;
}

/** The offset after an entry. */
export function entryEnd(entry: Entry): number {
  return entry.offset + printEntry(entry).length;
}

/** The white space that the line at an offset begins with. */
export function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** Whether a node has nothing in it that could be lost: null, or an empty collection. */
export function isEmptyNode(node: Node): boolean {
  if (node.kind === 'scalar') return node.value === null && node.style !== 'alias';
  return node.entries.length === 0;
}
