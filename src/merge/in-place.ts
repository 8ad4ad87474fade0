/** What is known by where it stands: entries of a list, documents of a stream. */
import { semanticKey, type Entry, type Node } from '../doc/index.js';

interface Valued {
  readonly value: Node;
}

interface Versions<T> {
  readonly base: readonly T[];
  readonly ours: readonly T[];
  readonly theirs: readonly T[];
}

interface Triple<T> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/**
 * The versions of each entry, in order, where one side changed entries where they stand and the other one only put new ones beside them,
 * or only took others out; undefined where the sides did anything else, or where both brought in the same value.
 */
export function pairInPlace<T extends Valued>(hunk: Versions<T>): readonly Triple<T>[] | undefined {
  return (
    pairChanged(hunk, 'ours', 'theirs') ??
    pairChanged(hunk, 'theirs', 'ours') ??
    pairLeft(hunk, 'ours', 'theirs') ??
    pairLeft(hunk, 'theirs', 'ours')
  );
}

/** Entries that were taken out must be known among those that stayed: no two may be alike, and none of these was changed. */
function pairLeft<T extends Valued>(
  { base, ...sides }: Versions<T>,
  changing: 'ours' | 'theirs',
  removing: 'ours' | 'theirs',
): readonly Triple<T>[] | undefined {
  const [changed, left] = [sides[changing], sides[removing]];
  if (changed.length !== base.length || left.length >= base.length) return undefined;
  if (new Set(base.map(meaning)).size < base.length) return undefined;
  const found = subsequence(base, left);
  return (
    found &&
    base.map((entry, at) => {
      const pair = { [changing]: changed[at], [removing]: found.get(entry) };
      return { base: entry, ours: pair['ours'], theirs: pair['theirs'] };
    })
  );
}

function pairChanged<T extends Valued>(
  hunk: Versions<T>,
  changing: 'ours' | 'theirs',
  adding: 'ours' | 'theirs',
): readonly Triple<T>[] | undefined {
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

function shareNew(changed: readonly Valued[], added: readonly Valued[], base: readonly Valued[]): boolean {
  const known = new Set(base.flatMap(({ value }) => leavesOf(value)));
  const made = new Set(changed.flatMap(({ value }) => leavesOf(value)));
  return added.some(({ value }) => leavesOf(value).some((leaf) => made.has(leaf) && !known.has(leaf)));
}

function leavesOf(node: Node): readonly string[] {
  return node.kind === 'scalar' ? [semanticKey(node)] : node.entries.flatMap(({ value }) => leavesOf(value));
}

/** For items of the longer list their equals in the shorter one, which has them all in this order; undefined where it has others. */
export function subsequence<T extends Valued>(
  longer: readonly T[],
  shorter: readonly T[],
): ReadonlyMap<T, T> | undefined {
  const pairs = new Map<T, T>();
  for (const entry of longer) {
    const next = shorter[pairs.size];
    if (next !== undefined && meaning(entry) === meaning(next)) pairs.set(entry, next);
  }
  return pairs.size === shorter.length ? pairs : undefined;
}

/** Whether the items of a list are collections that are alike at one index of all versions, and none is found at another one. */
export function keepTheirIndex(versions: readonly (readonly Entry[])[]): boolean {
  const [first = [], ...others] = versions;
  return (
    first.length > 0 &&
    others.every(
      (items) => items.length === first.length && first.every((item, at) => areAlike(item, items[at])),
    ) &&
    !isShifted(versions)
  );
}

/** Whether an item is found at another position of another version. */
function isShifted(versions: readonly (readonly Entry[])[]): boolean {
  const lists = versions.map((items) => items.map(meaning));
  return lists.some((second) => {
    const first = new Map(second.map((id, at) => [id, at] as const).toReversed());
    return lists.some((list) =>
      list.some((id, at) => {
        const found = first.get(id);
        return found !== undefined && found !== at && second[at] !== id;
      }),
    );
  });
}

/** Collections of one kind that share at least half of their keys. */
export function areAlike(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined || a.value.kind !== b.value.kind) return false;
  if (a.value.kind === 'list') return true;
  if (a.value.kind === 'scalar' || b.value.kind !== 'map')
    return a.value.kind === 'scalar' && meaning(a) === meaning(b);
  const names = new Set(a.value.entries.map((entry) => entry.key?.id));
  const shared = b.value.entries.filter((entry) => names.has(entry.key.id)).length;
  return shared * 2 >= Math.max(names.size, b.value.entries.length);
}

function meaning({ value }: Valued): string {
  return semanticKey(value);
}
