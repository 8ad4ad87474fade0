/** Many ids, twenty bytes each and nothing more. */

const [idBytes, leastSlots] = [20, 1024];

export class OidSet {
  size = 0;
  private slots = leastSlots;
  private bytes = Buffer.alloc(leastSlots * idBytes);
  private used = new Uint8Array(leastSlots);

  /** The id that stands at `at` of `source`; says whether it is new. */
  add(source: Buffer, at: number): boolean {
    const slot = this.find(source, at);
    if (this.used[slot] === 1) return false;
    source.copy(this.bytes, slot * idBytes, at, at + idBytes);
    this.used[slot] = 1;
    this.size += 1;
    if (this.size * 2 > this.slots) this.grow();
    return true;
  }

  has(source: Buffer, at: number): boolean {
    return this.used[this.find(source, at)] === 1;
  }

  /** Those that are not in the other set, as hexadecimal digits. */
  without(other: OidSet): string[] {
    const found: string[] = [];
    for (let slot = 0; slot < this.slots; slot += 1) {
      const at = slot * idBytes;
      if (this.used[slot] === 1 && !other.has(this.bytes, at))
        found.push(this.bytes.toString('hex', at, at + idBytes));
    }
    return found.toSorted();
  }

  /** Where the id is, or would be. Ids are as good as random, so their first bytes do for a hash. */
  private find(source: Buffer, at: number): number {
    const mask = this.slots - 1;
    for (let slot = source.readUInt32LE(at) & mask; ; slot = (slot + 1) & mask) {
      if (this.used[slot] !== 1) return slot;
      const start = slot * idBytes;
      if (source.compare(this.bytes, start, start + idBytes, at, at + idBytes) === 0) return slot;
    }
  }

  private grow(): void {
    const [bytes, used, slots] = [this.bytes, this.used, this.slots];
    this.slots = slots * 2;
    this.size = 0;
    this.bytes = Buffer.alloc(this.slots * idBytes);
    this.used = new Uint8Array(this.slots);
    for (let slot = 0; slot < slots; slot += 1) if (used[slot] === 1) this.add(bytes, slot * idBytes);
  }
}
