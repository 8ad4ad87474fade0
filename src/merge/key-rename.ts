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
    const taken = new Set<Entry>();
    for (const { from, edited } of editedButGone(lists.base, renaming, editing)) {
      const candidates = newEntries(renaming, [lists.base, editing]).filter(
        (entry) => !taken.has(entry) && isSimilar(from, entry),
      );
      session.step(candidates.length + 1);
      const [to] = candidates;
      if (to === undefined || candidates.length > 1 || leafCount(from) < 2) continue;
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

function editedButGone(
  base: readonly Entry[],
  renaming: readonly Entry[],
  editing: readonly Entry[],
): readonly { readonly from: Entry; readonly edited: Entry }[] {
  const there = new Set(renaming.map(keyId));
  const edits = new Map(editing.map((entry) => [keyId(entry), entry]));
  return base.flatMap((from) => {
    const edited = edits.get(keyId(from));
    if (edited === undefined || there.has(keyId(from)) || sameMeaning(from.value, edited.value)) return [];
    return [{ from, edited }];
  });
}

function newEntries(side: readonly Entry[], others: readonly (readonly Entry[])[]): readonly Entry[] {
  const known = new Set(others.flatMap((entries) => entries.map(keyId)));
  return side.filter((entry) => !known.has(keyId(entry)));
}

function isSimilar(from: Entry, to: Entry): boolean {
  return (
    from.value.kind === to.value.kind &&
    similarity(nodeValue(from.value), nodeValue(to.value)) >= leastSimilarity
  );
}

function leafCount({ value }: Entry): number {
  return value.kind === 'scalar' ? 1 : value.entries.reduce((sum, entry) => sum + leafCount(entry), 0);
}
