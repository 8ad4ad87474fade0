/**
 * The result of a merge by key: a tree of the pieces of three documents in which some places are still open.
 *
 * It is turned into text twice: with one side taken at every open place (to check it), and with conflict markers (to show it).
 */
import type {
  DocumentNode,
  DocumentTree,
  Entry,
  ListNode,
  MapEntry,
  MapNode,
  Node,
  ScalarNode,
} from '../doc/index.js';
import type { Conflict, MergeSide } from './types.js';

/** Entries as they would stand at an open place; an empty list where that side has none. */
export type Versions = Readonly<Record<MergeSide, readonly Entry[]>>;

/** A place in a collection that somebody has to decide. */
export interface Choice {
  readonly kind: 'choice';
  readonly conflict: Conflict;
  readonly versions: Versions;
}

export interface MergedEntry extends Omit<Entry, 'value'> {
  readonly value: MergedNode;
}

export type Piece = MergedEntry | Choice;

export type MergedCollection = (Omit<MapNode, 'entries'> | Omit<ListNode, 'entries'>) & {
  readonly entries: readonly Piece[];
};

/** Lines of a text, some of them open. */
export type TextPart = string | Readonly<Record<MergeSide, string>>;

/** A multi-line string with open lines. */
export interface TextChoice {
  readonly kind: 'text-choice';
  readonly open: string;
  /** Whole lines: the line break that ends the scalar is here, and not in the tail of its entry. */
  readonly parts: readonly TextPart[];
  /** The whole scalar with one side taken at each open line. */
  readonly versions: Readonly<Record<MergeSide, ScalarNode>>;
}

export type MergedNode = Node | MergedCollection | TextChoice;

export interface MergedDocument extends Omit<DocumentNode, 'value'> {
  readonly value: MergedNode;
}

export interface MergedTree extends Omit<DocumentTree, 'documents'> {
  readonly documents: readonly MergedDocument[];
}

export function isChoice(piece: Piece): piece is Choice {
  return 'kind' in piece;
}

/** The tree with one side taken at every open place. */
export function resolveTree(tree: MergedTree, side: MergeSide): DocumentTree {
  return {
    ...tree,
    documents: tree.documents.map((document) => ({
      ...document,
      value: resolveNode(document.value, side),
    })),
  };
}

export function resolveNode(node: MergedNode, side: MergeSide): Node {
  if (node.kind === 'text-choice') return node.versions[side];
  if (node.kind === 'scalar') return node;
  const entries = node.entries.flatMap((piece) => resolvePiece(piece, side));
  if (node.kind === 'list') return { ...node, entries };
  return { ...node, entries: renumbered(entries) };
}

/** Which duplicate of its key an entry is, counted anew. */
function renumbered(entries: readonly Entry[]): readonly MapEntry[] {
  const counts = new Map<string, number>();
  return entries.flatMap((entry): readonly MapEntry[] => {
    if (entry.key === undefined) return [];
    const occurrence = (counts.get(entry.key.id) ?? 0) + 1;
    counts.set(entry.key.id, occurrence);
    return [{ ...entry, key: { ...entry.key, occurrence } }];
  });
}

export function resolvePiece(piece: Piece, side: MergeSide): readonly Entry[] {
  if (isChoice(piece)) return piece.versions[side];
  return [{ ...piece, value: resolveNode(piece.value, side) }];
}
