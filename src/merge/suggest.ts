/** What a person would most likely take, with the reason; only ever shown, never applied. */
import type { Entry } from '../doc/index.js';
import type { Versions } from './merged.js';
import type { ConflictKind, MergeSuggestion } from './types.js';

export function suggest(kind: ConflictKind, versions: Versions): MergeSuggestion | undefined {
  switch (kind) {
    case 'modify/delete':
      return { take: 'theirs', reason: 'a deletion is kept in most merges' };
    case 'delete/modify':
      return { take: 'ours', reason: 'a deletion is kept in most merges' };
    case 'list-insert':
      return { take: 'both', reason: 'both sides only added items' };
    case 'add':
      return areTwins(versions)
        ? { take: 'both', reason: 'each side added a key of its own' }
        : higherVersion(versions.ours[0], versions.theirs[0]);
    case 'modify':
      return higherVersion(versions.ours[0], versions.theirs[0]);
    default:
      return undefined;
  }
}

/** Two keys that look like one thing under two names. */
function areTwins({ ours, theirs }: Versions): boolean {
  return ours[0]?.key?.id !== theirs[0]?.key?.id;
}

function higherVersion(ours: Entry | undefined, theirs: Entry | undefined): MergeSuggestion | undefined {
  const [mine, other] = [scalarText(ours), scalarText(theirs)];
  const order = mine === undefined || other === undefined ? undefined : compareVersionTexts(mine, other);
  if (order === undefined || order === 0) return undefined;
  return { take: order > 0 ? 'ours' : 'theirs', reason: 'the higher version' };
}

function scalarText(entry: Entry | undefined): string | undefined {
  return entry?.value.kind === 'scalar' ? String(entry.value.value ?? '') : undefined;
}

/**
 * Compares two texts that read as versions: with at least one dot and the same words around the numbers (`v1.2.3`, `img:1.9`).
 * Undefined when they do not.
 */
export function compareVersionTexts(a: string, b: string): number | undefined {
  if (!/\d+\.\d+/.test(a) || !/\d+\.\d+/.test(b) || words(a) !== words(b)) return undefined;
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Everything but the version; one word for it whatever its length. */
function words(text: string): string {
  return text.replaceAll(/\d+(?:\.\d+)+/g, '#').replaceAll(/\d+/g, '0');
}

function numbers(text: string): readonly number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
