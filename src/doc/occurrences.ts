/** Numbers the keys of one map, so that duplicates can be told apart. */
import type { EntryKey } from './tree.js';

export class Occurrences {
  private readonly counts = new Map<string, number>();

  /** Adds its occurrence to a new key: 1, or more when the map had it already. */
  number(key: Omit<EntryKey, 'occurrence'>): EntryKey {
    const occurrence = (this.counts.get(key.id) ?? 0) + 1;
    this.counts.set(key.id, occurrence);
    return Object.assign(key, { occurrence });
  }
}
