/** Keys that a map has more than once, where the sides have different numbers of them: told apart by their values. */
import { semanticKey, type Entry } from '../doc/index.js';
import { alignThree, type Region } from './align.js';
import type { EntryLists } from './identity.js';
import { pairInPlace } from './in-place.js';
import type { MergeSide } from './types.js';

const sides = ['base', 'ours', 'theirs'] as const;

/**
 * Ids for the entries of such keys, the same for entries that are versions of one; undefined when both sides changed some in a way that
 * leaves open which is which.
 */
export function pairDuplicates(lists: EntryLists): ReadonlyMap<Entry, string> | undefined {
  const [base, ours, theirs] = [byKey(lists.base), byKey(lists.ours), byKey(lists.theirs)];
  const ids = new Map<Entry, string>();
  for (const key of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const group = { base: base.get(key) ?? [], ours: ours.get(key) ?? [], theirs: theirs.get(key) ?? [] };
    const counts = [group.base.length, group.ours.length, group.theirs.length];
    if (Math.max(...counts) < 2 || Math.min(...counts) === Math.max(...counts)) continue;
    if (!pairGroup(key, group, ids)) return undefined;
  }
  return ids;
}

function byKey(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const id = entry.key?.id ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [entry]);
    else group.push(entry);
  }
  return groups;
}

function pairGroup(key: string, group: EntryLists, ids: Map<Entry, string>): boolean {
  const regions = alignThree(meanings(group.base), meanings(group.ours), meanings(group.theirs));
  return regions.every((region, index) => {
    const hunk = {
      base: group.base.slice(...region.base),
      ours: group.ours.slice(...region.ours),
      theirs: group.theirs.slice(...region.theirs),
    };
    const id = `${key}#${index}`;
    if (!isClear(region)) return pairedInPlace(id, hunk, ids);
    for (const side of sides)
      hunk[side].forEach((entry, at) => ids.set(entry, `${id}.${at}${suffix(region, side)}`));
    return true;
  });
}

function pairedInPlace(id: string, hunk: EntryLists, ids: Map<Entry, string>): boolean {
  const triples = pairInPlace(hunk);
  for (const [at, triple] of triples?.entries() ?? [])
    for (const side of sides) {
      const entry = triple[side];
      if (entry !== undefined) ids.set(entry, `${id}.${at}`);
    }
  return triples !== undefined;
}

function meanings(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ value }) => semanticKey(value));
}

function isClear({ kind, base }: Region): boolean {
  return kind !== 'conflict' || base[0] === base[1];
}

/** Sides with the same suffix have versions of one entry; where the numbers differ, a side that changed nothing goes with the base. */
function suffix(region: Region, side: MergeSide): string {
  const { kind, base, ours, theirs } = region;
  if (kind === 'conflict') return side;
  const isEven = new Set([base, ours, theirs].map(([from, to]) => to - from)).size === 1;
  if (isEven) return '';
  if (kind === 'both') return side === 'base' ? 'base' : 'new';
  return side === kind ? 'new' : 'base';
}
