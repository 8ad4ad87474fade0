/** Entries that one side changed where they stand, while the other side only put new ones beside them. */
import { semanticKey, type Entry, type Node } from '../doc/index.js';
import type { EntryTriple } from './entry.js';
import type { EntryLists } from './identity.js';

/** The versions of each entry, in order; undefined where the sides did anything else, or where both brought in the same value. */
export function pairInPlace(hunk: EntryLists): readonly EntryTriple[] | undefined {
  return pairChanged(hunk, 'ours', 'theirs') ?? pairChanged(hunk, 'theirs', 'ours');
}

function pairChanged(
  hunk: EntryLists,
  changing: 'ours' | 'theirs',
  adding: 'ours' | 'theirs',
): readonly EntryTriple[] | undefined {
  const { base } = hunk;
  if (base.length === 0 || hunk[changing].length !== base.length) return undefined;
  const kept = subsequence(hunk[adding], base);
  if (kept === undefined) return undefined;
  const changed = new Map(base.map((entry, index) => [entry, hunk[changing][index]]));
  const added = hunk[adding].filter((entry) => !kept.has(entry));
  if (shareNew(hunk[changing], added, base)) return undefined;
  return hunk[adding].map((entry) => {
    const before = kept.get(entry);
    const other = before === undefined ? undefined : changed.get(before);
    return adding === 'ours'
      ? { base: before, ours: entry, theirs: other }
      : { base: before, ours: other, theirs: entry };
  });
}

function shareNew(changed: readonly Entry[], added: readonly Entry[], base: readonly Entry[]): boolean {
  const known = new Set(base.flatMap(({ value }) => leavesOf(value)));
  const made = new Set(changed.flatMap(({ value }) => leavesOf(value)));
  return added.some(({ value }) => leavesOf(value).some((leaf) => made.has(leaf) && !known.has(leaf)));
}

function leavesOf(node: Node): readonly string[] {
  return node.kind === 'scalar' ? [semanticKey(node)] : node.entries.flatMap(({ value }) => leavesOf(value));
}

/** For items of the longer list their equals in the shorter one, which has them all in this order; undefined where it has others. */
export function subsequence(
  longer: readonly Entry[],
  shorter: readonly Entry[],
): ReadonlyMap<Entry, Entry> | undefined {
  const pairs = new Map<Entry, Entry>();
  for (const entry of longer) {
    const next = shorter[pairs.size];
    if (next !== undefined && meaning(entry) === meaning(next)) pairs.set(entry, next);
  }
  return pairs.size === shorter.length ? pairs : undefined;
}

function meaning({ value }: Entry): string {
  return semanticKey(value);
}
