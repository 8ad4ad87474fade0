/** Keys that one side renamed while the other edited what is below them. */
import type { Entry, KeyPath } from '../doc/index.js';
import { similarity } from '../diff/index.js';
import { sameMeaning } from './equality.js';
import { keyId, type EntryLists } from './identity.js';
import { nodeValue } from './node-value.js';
import type { Session } from './session.js';

/** Share of leaves that a renamed key keeps. */
const leastSimilarity = 0.7;

/**
 * For the base's and the editing side's entry of a renamed key: the id of the entry under its new name. A key counts as renamed when
 * one side lacks it and has exactly one new key of nearly the same content, and the other side edited it.
 */
export function findKeyRenames(
  session: Session,
  lists: EntryLists,
  path: KeyPath,
): ReadonlyMap<Entry, string> {
  const renames = new Map<Entry, string>();
  for (const [renaming, editing] of [
    [lists.ours, lists.theirs],
    [lists.theirs, lists.ours],
  ] as const) {
    const fresh = newEntries(renaming, [lists.base, editing]);
    if (fresh.length === 0) continue;
    const taken = new Set<Entry>();
    for (const { from, edited } of editedButGone(lists.base, renaming, editing)) {
      session.step(fresh.length);
      const [to, ...others] = fresh.filter((entry) => !taken.has(entry) && isSimilar(from, entry));
      if (to === undefined || others.length > 0) continue;
      taken.add(to);
      renames.set(from, keyId(to));
      renames.set(edited, keyId(to));
      session.note(
        'rename',
        [...path, to.key?.name ?? ''],
        `taken for '${from.key?.name ?? ''}' under a new name`,
      );
    }
  }
  return renames;
}

/** Only collections of two leaves or more, and texts of several lines, have enough content to be known by it. */
function newEntries(side: readonly Entry[], others: readonly (readonly Entry[])[]): readonly Entry[] {
  const large = side.filter((entry) => leafCount(entry) > 1);
  if (large.length === 0) return [];
  const known = new Set(others.flatMap((entries) => entries.map(keyId)));
  return large.filter((entry) => !known.has(keyId(entry)));
}

function editedButGone(
  base: readonly Entry[],
  renaming: readonly Entry[],
  editing: readonly Entry[],
): readonly { readonly from: Entry; readonly edited: Entry }[] {
  const there = new Set(renaming.map(keyId));
  const gone = base.filter((entry) => leafCount(entry) > 1 && !there.has(keyId(entry)));
  if (gone.length === 0) return [];
  const edits = new Map(editing.map((entry) => [keyId(entry), entry]));
  return gone.flatMap((from) => {
    const edited = edits.get(keyId(from));
    return edited === undefined || sameMeaning(from.value, edited.value) ? [] : [{ from, edited }];
  });
}

function isSimilar(from: Entry, to: Entry): boolean {
  return (
    from.value.kind === to.value.kind &&
    similarity(nodeValue(from.value), nodeValue(to.value)) >= leastSimilarity
  );
}

/** Up to two leaves are counted; the lines of a text are some. */
function leafCount({ value }: Entry): number {
  if (value.kind === 'scalar') return value.text.trim().includes('\n') ? 2 : 1;
  let count = 0;
  for (const entry of value.entries) {
    count += leafCount(entry);
    if (count > 1) break;
  }
  return count;
}
