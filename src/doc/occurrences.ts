/** Numbers the keys of one map, so that duplicates can be told apart. */
import type { EntryKey } from './tree.js';

export class Occurrences {
  private readonly counts = new Map<string, number>();

  /** Adds its occurrence to a new key: 1, or more when the map had it already. */
  number(key: Omit<EntryKey, 'occurrence'>): EntryKey {
    const occurrence = (this.counts.get(key.id) ?? 0) + 1;
    this.counts.set(key.id, occurrence);
    const { name, id, text, offset, anchored, path } = key;
    // Written out: a spread, or a property that comes later, costs more than the rest of reading a key.
    if (path) return { name, id, occurrence, text, offset, path };
    return anchored
      ? { name, id, occurrence, text, offset, anchored }
      : { name, id, occurrence, text, offset };
  }
}
