/** Object ids by number and the reverse, in a few bytes each: a map of strings would take ten times as long to fill. */
import type { Oid } from '../types.js';

const oidBytes = 20;

export class OidTable {
  /** How many ids there are; their numbers are below. */
  size: number;
  private bytes: Buffer;
  /** Open addressing: the number of an id and one, or 0. */
  private slots: Int32Array;

  /** `bytes`: the ids of a table as {@link OidTable.encoded} gave them. */
  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.size = Math.floor(bytes.length / oidBytes);
    this.bytes = Buffer.alloc(Math.max(64, this.size + (this.size >> 1)) * oidBytes);
    this.bytes.set(bytes.subarray(0, this.size * oidBytes));
    this.slots = new Int32Array(0);
    this.rehash();
  }

  /** All ids, one after the other. */
  get encoded(): Buffer {
    return this.bytes.subarray(0, this.size * oidBytes);
  }

  oid(number: number): Oid {
    return this.bytes.toString('hex', number * oidBytes, (number + 1) * oidBytes);
  }

  /** The number of an id; it gets the next one where it has none. */
  numberOf(oid: Oid): number {
    this.reserve();
    const at = this.size * oidBytes;
    this.bytes.write(oid, at, 'hex'); // past the end it is found at the latest
    const slot = this.slotOf(this.size);
    const known = this.slots[slot] ?? 0;
    if (known > 0) return known - 1;
    this.size += 1;
    this.slots[slot] = this.size;
    return this.size - 1;
  }

  private reserve(): void {
    if ((this.size + 1) * oidBytes > this.bytes.length) {
      const grown = Buffer.alloc(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    if ((this.size + 1) * 2 > this.slots.length) this.rehash();
  }

  private rehash(): void {
    let length = 128;
    while (length < this.size * 4) length *= 2;
    this.slots = new Int32Array(length);
    for (let number = 0; number < this.size; number += 1) this.slots[this.slotOf(number)] = number + 1;
  }

  /** Where the id at a place stands, or would stand. Ids are hashes already. */
  private slotOf(number: number): number {
    const mask = this.slots.length - 1;
    let slot = this.bytes.readUInt32LE(number * oidBytes) & mask;
    for (let known = this.slots[slot] ?? 0; known > 0 && !this.isSame(known - 1, number);) {
      slot = (slot + 1) & mask;
      known = this.slots[slot] ?? 0;
    }
    return slot;
  }

  private isSame(a: number, b: number): boolean {
    const [left, right] = [a * oidBytes, b * oidBytes];
    return (
      this.bytes.readUInt32LE(left) === this.bytes.readUInt32LE(right) &&
      this.bytes.compare(this.bytes, right, right + oidBytes, left, left + oidBytes) === 0
    );
  }
}
