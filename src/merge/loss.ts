/** Whether a merge lost or doubled what a side did: looked at after a line merge, which knows nothing of the keys around a line. */
import { semanticKey, type DocumentNode, type DocumentTree, type Node } from '../doc/index.js';
import { documentsById, type DocumentIndex } from './document-ids.js';
import { itemIds } from './list-keys.js';

/**
 * Whether a value that one side alone changed, added or deleted is not as that side has it, or one that both changed differently was
 * decided without asking. Of lists only those items are looked at that have a key and that all versions have.
 */
export function losesChange(
  result: DocumentTree,
  sides: {
    readonly base: DocumentTree | undefined;
    readonly ours: DocumentTree;
    readonly theirs: DocumentTree;
  },
): boolean {
  const versions = [sides.base, sides.ours, sides.theirs, result].map((tree) => tree?.documents ?? []);
  return pairings(versions).some(([base, ours, theirs, merged]) => losesLeaf(base, { ours, theirs, merged }));
}

/** Like {@link losesChange}, for the versions of one value. */
export function losesValue(
  result: Node,
  sides: { readonly base: Node; readonly ours: Node; readonly theirs: Node },
): boolean {
  const [base, ours, theirs, merged] = [sides.base, sides.ours, sides.theirs, result].map(
    (value): DocumentIndex => new Map([['', { head: '', value, foot: '' }]]),
  );
  return losesLeaf(leavesOf(base), {
    ours: leavesOf(ours),
    theirs: leavesOf(theirs),
    merged: leavesOf(merged),
  });
}

type Pairing = readonly [base: Leaves, ours: Leaves, theirs: Leaves, merged: Leaves];

interface Leaves {
  readonly values: ReadonlyMap<string, string>;
  /** The innermost item that a value is in, of a list whose items are told apart by a key. */
  readonly owners: ReadonlyMap<string, string>;
  readonly items: ReadonlySet<string>;
}

function losesLeaf(
  base: Leaves,
  { ours, theirs, merged }: Readonly<Record<'ours' | 'theirs' | 'merged', Leaves>>,
): boolean {
  const versions = [base, ours, theirs, merged];
  const isLost = (path: string): boolean => {
    const item = versions.map(({ owners }) => owners.get(path)).find((owner) => owner !== undefined);
    if (item !== undefined && !versions.every(({ items }) => items.has(item))) return false;
    const [before, mine, other, now] = versions.map(({ values }) => values.get(path));
    if (now === mine && now === other) return false;
    if (mine === other || before === other) return now !== mine;
    if (before === mine) return now !== other;
    // Both changed it: only the lines of a string can be joined without anybody asking.
    return ![before, mine, other].every(isMultiLine);
  };
  return versions.some(({ values }) => [...values.keys()].some(isLost));
}

function isMultiLine(key: string | undefined): boolean {
  return key?.includes('\\n') ?? false;
}

/**
 * The values of each version, documents paired by their number where all have as many, and by what they are; of the latter only those count
 * that all versions have, as a document may have a new name.
 */
function pairings(versions: readonly (readonly DocumentNode[])[]): readonly Pairing[] {
  const counts = new Set(versions.slice(1).map(({ length }) => length));
  const byNumber = versions.map(
    (documents): DocumentIndex => new Map(documents.map((document, at) => [String(at), document])),
  );
  if (counts.size === 1 && counts.has(1)) return [pairingOf(byNumber)];
  const byId = versions.flatMap((documents) => documentsById(documents) ?? []);
  const isKnown = (id: string): boolean => byId.every((index) => index.has(id));
  const shared = byId.map((index) => new Map([...index].filter(([id]) => isKnown(id))));
  return [
    ...(counts.size === 1 ? [pairingOf(byNumber)] : []),
    ...(byId.length === versions.length ? [pairingOf(shared)] : []),
  ];
}

function pairingOf([base, ours, theirs, merged]: readonly DocumentIndex[]): Pairing {
  return [leavesOf(base), leavesOf(ours), leavesOf(theirs), leavesOf(merged)];
}

function leavesOf(documents: DocumentIndex = new Map()): Leaves {
  const [values, owners, items] = [new Map<string, string>(), new Map<string, string>(), new Set<string>()];
  const visit = (node: Node, path: string, owner?: string): void => {
    if (node.kind === 'map') {
      for (const { key, value } of node.entries) visit(value, `${path}\0${key.id}#${key.occurrence}`, owner);
      return;
    }
    values.set(path, node.kind === 'list' ? '[]' : semanticKey(node));
    if (owner !== undefined) owners.set(path, owner);
    const ids = node.kind === 'list' ? itemIds(node.entries) : undefined;
    if (node.kind !== 'list' || ids === undefined) return;
    for (const [at, { value }] of node.entries.entries()) {
      const item = `${path}\0[${ids[at] ?? ''}]`;
      items.add(item);
      visit(value, item, item);
    }
  };
  for (const [id, { value }] of documents) visit(value, id);
  return { values, owners, items };
}

/**
 * Whether a line stands in the result more or less often than the inputs justify, as when one side moved what the other one changed.
 * Indentation, a comma at the end and lines without a word do not count.
 */
export function losesLines(
  result: string,
  sides: { readonly base: string; readonly ours: string; readonly theirs: string },
): boolean {
  const counts = [sides.base, sides.ours, sides.theirs, result].map(lineCounts);
  const lines = new Set(counts.flatMap((known) => [...known.keys()]));
  return [...lines].some((line) => {
    const [base = 0, ours = 0, theirs = 0, now = 0] = counts.map((known) => known.get(line));
    const joined = Math.max(0, ours + theirs - base);
    return now < Math.min(ours, theirs, joined) || now > Math.max(ours, theirs, joined);
  });
}

function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const content = line.trim().replace(/,$/, '');
    if (/\w/.test(content)) counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}
