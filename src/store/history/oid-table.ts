/** Object ids by number and the reverse, in a few bytes each: a map of strings would take ten times as long to fill. */
import type { Oid } from '../types.js';

const oidBytes = 20;
const words = 5;

export class OidTable {
  /** How many ids there are; their numbers are below. */
  size: number;
  /** The same memory twice. */
  private bytes: Buffer;
  private ids: Int32Array;
  /** Open addressing: the number of an id and one, or 0. */
  private slots: Int32Array;

  /** `encoded`: the ids of a table as {@link OidTable.encoded} gave them. */
  constructor(encoded: Uint8Array = Buffer.alloc(0)) {
    this.size = Math.floor(encoded.length / oidBytes);
    this.ids = new Int32Array(Math.max(64, this.size + (this.size >> 1)) * words);
    this.bytes = Buffer.from(this.ids.buffer);
    this.bytes.set(encoded.subarray(0, this.size * oidBytes));
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
    this.bytes.write(oid, this.size * oidBytes, 'hex');
    return this.numberOfLast();
  }

  /** The same for an id whose forty hexadecimal digits stand at `at`; undefined when it is none. */
  numberOfDigits(source: Uint8Array, at: number): number | undefined {
    this.reserve();
    return readDigits(source, at, { into: this.bytes, to: this.size * oidBytes })
      ? this.numberOfLast()
      : undefined;
  }

  /** Of the id that was put past the end, where it is found at the latest. */
  private numberOfLast(): number {
    const slot = this.slotOf(this.size);
    const known = this.slots[slot] ?? 0;
    if (known > 0) return known - 1;
    this.size += 1;
    this.slots[slot] = this.size;
    return this.size - 1;
  }

  private reserve(): void {
    if ((this.size + 1) * words > this.ids.length) {
      const grown = new Int32Array(this.ids.length * 2);
      grown.set(this.ids);
      this.ids = grown;
      this.bytes = Buffer.from(grown.buffer);
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
    let slot = (this.ids[number * words] ?? 0) & mask;
    for (let known = this.slots[slot] ?? 0; known > 0 && !this.isSame(known - 1, number);) {
      slot = (slot + 1) & mask;
      known = this.slots[slot] ?? 0;
    }
    return slot;
  }

  private isSame(a: number, b: number): boolean {
    const { ids } = this;
    for (let word = 0; word < words; word += 1)
      if (ids[a * words + word] !== ids[b * words + word]) return false;
    return true;
  }
}

/** The values of hexadecimal digits, as Git writes them; 255 for what is none. */
const digitValues = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/** Reads forty hexadecimal digits as twenty bytes; false where others stand among them. */
export function readDigits(
  source: Uint8Array,
  at: number,
  { into, to }: { readonly into: Uint8Array; readonly to: number },
): boolean {
  for (let byte = 0; byte < oidBytes; byte += 1) {
    const high = digitValues[source[at + 2 * byte] ?? 0] ?? 255;
    const low = digitValues[source[at + 2 * byte + 1] ?? 0] ?? 255;
    if (high > 15 || low > 15) return false;
    into[to + byte] = high * 16 + low;
  }
  return true;
}
