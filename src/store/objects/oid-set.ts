/** Many ids, twenty bytes each and little more. */

const [words, wordBytes, leastSlots] = [5, 4, 1024];

export class OidSet {
  size = 0;
  private slots = leastSlots;
  private ids = new Int32Array(leastSlots * words);
  private used = new Uint8Array(leastSlots);

  /** The id that stands at `at` of `source`; says whether it is new. */
  add(source: Buffer, at: number): boolean {
    const slot = this.find(source, at);
    if (this.used[slot] === 1) return false;
    for (let word = 0; word < words; word += 1)
      this.ids[slot * words + word] = source.readInt32LE(at + word * wordBytes);
    this.used[slot] = 1;
    this.size += 1;
    if (this.size * 2 > this.slots) this.grow();
    return true;
  }

  has(source: Buffer, at: number): boolean {
    return this.used[this.find(source, at)] === 1;
  }

  /** Those that are not in the other set, as hexadecimal digits, sorted. */
  without(other: OidSet): string[] {
    const found: string[] = [];
    const id = Buffer.alloc(words * wordBytes);
    for (let slot = 0; slot < this.slots; slot += 1) {
      if (this.used[slot] !== 1) continue;
      this.copy(slot, id);
      if (!other.has(id, 0)) found.push(id.toString('hex'));
    }
    return found.toSorted();
  }

  /** Where the id is, or would be. Ids are as good as random, so their first bytes do for a hash. */
  private find(source: Buffer, at: number): number {
    const mask = this.slots - 1;
    const first = source.readInt32LE(at);
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      if (this.used[slot] !== 1) return slot;
      if (this.ids[slot * words] === first && this.isAt(slot, source, at)) return slot;
    }
  }

  private isAt(slot: number, source: Buffer, at: number): boolean {
    for (let word = 1; word < words; word += 1)
      if (this.ids[slot * words + word] !== source.readInt32LE(at + word * wordBytes)) return false;
    return true;
  }

  private copy(slot: number, into: Buffer): void {
    for (let word = 0; word < words; word += 1)
      into.writeInt32LE(this.ids[slot * words + word] ?? 0, word * wordBytes);
  }

  private grow(): void {
    const [ids, used, slots] = [this.ids, this.used, this.slots];
    this.slots = slots * 2;
    this.ids = new Int32Array(this.slots * words);
    this.used = new Uint8Array(this.slots);
    const mask = this.slots - 1;
    for (let old = 0; old < slots; old += 1) {
      if (used[old] !== 1) continue;
      let slot = (ids[old * words] ?? 0) & mask;
      while (this.used[slot] === 1) slot = (slot + 1) & mask;
      this.ids.set(ids.subarray(old * words, (old + 1) * words), slot * words);
      this.used[slot] = 1;
    }
  }
}
