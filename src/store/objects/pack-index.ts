/** The index of a pack, searched in its bytes: fan-out, then binary search (git: gitformat-pack, versions 1 and 2). */
import { ConfigError } from '../../errors.js';
import { bufferOf } from './oid.js';
import type { Oid } from '../types.js';

const fanoutBytes = 1024;
/** Ids are spread evenly, so where one stands can be guessed; somebody may have made ids for which that is wrong. */
const mostGuesses = 6;
/** The id that is looked for. */
const sought = Buffer.alloc(20);

export class PackIndex {
  readonly count: number;
  /** The same memory twice. */
  private readonly data: Buffer;
  private readonly view: DataView;
  private readonly version: 1 | 2;
  private readonly fanoutAt: number;

  /** Throws E_CORRUPT when the sizes do not fit; ids are checked when an object is read. */
  constructor(data: Uint8Array, path: string) {
    this.data = bufferOf(data);
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.version = this.data.length > 8 && this.data.readUInt32BE(0) === 0xff744f63 ? 2 : 1;
    this.fanoutAt = this.version === 2 ? 8 : 0;
    const known = this.version === 1 || this.data.readUInt32BE(4) === 2;
    if (!known || this.data.length < this.fanoutAt + fanoutBytes + 40) throw damagedIndex(path);
    this.count = this.data.readUInt32BE(this.fanoutAt + fanoutBytes - 4);
    const least = this.fanoutAt + fanoutBytes + this.count * (this.version === 2 ? 28 : 24) + 40;
    if (this.data.length < least || !this.isFanoutSorted()) throw damagedIndex(path);
  }

  /** Where the object stands in the pack; undefined when it is not in it. */
  offsetOf(oid: Oid): number | undefined {
    sought.write(oid, 0, 'hex');
    const position = this.lowerBound(sought);
    return position < this.count && this.compare(position, sought) === 0
      ? this.offsetAt(position)
      : undefined;
  }

  findByPrefix(prefix: string): Oid[] {
    const found: Oid[] = [];
    const least = Buffer.from(prefix.padEnd(40, '0'), 'hex');
    for (let position = this.lowerBound(least); position < this.count; position += 1) {
      const oid = this.data.toString('hex', this.oidAt(position), this.oidAt(position) + 20);
      if (!oid.startsWith(prefix)) break;
      found.push(oid);
    }
    return found;
  }

  /** All objects, sorted by id. `crc` of the bytes in the pack; undefined in version 1. */
  *entries(): Generator<{ readonly oid: Oid; readonly offset: number; readonly crc: number | undefined }> {
    const crcsAt = this.fanoutAt + fanoutBytes + this.count * 20;
    for (let position = 0; position < this.count; position += 1) {
      const oid = this.data.toString('hex', this.oidAt(position), this.oidAt(position) + 20);
      const crc = this.version === 2 ? this.data.readUInt32BE(crcsAt + position * 4) : undefined;
      yield { oid, offset: this.offsetAt(position) ?? -1, crc };
    }
  }

  /** The checksum of the pack that this is the index of. */
  get packChecksum(): Buffer {
    return this.data.subarray(-40, -20);
  }

  private lowerBound(wanted: Buffer): number {
    const first = wanted[0] ?? 0;
    let low = first === 0 ? 0 : this.fanout(first - 1);
    let high = this.fanout(first);
    const head = wanted.readUInt32BE(0);
    let [floor, ceiling] = [first * 2 ** 24, (first + 1) * 2 ** 24];
    for (let guesses = 0; low < high; guesses += 1) {
      const share = guesses < mostGuesses ? (head - floor) / (ceiling - floor) : 0.5;
      const middle = Math.min(low + Math.floor((high - low) * share), high - 1);
      // The first four bytes nearly always decide.
      const found = this.view.getUint32(this.oidAt(middle));
      const order = found === head ? this.compare(middle, wanted) : found - head;
      if (order === 0) return middle;
      if (order < 0) {
        low = middle + 1;
        floor = found;
      } else {
        high = middle;
        ceiling = Math.max(found, floor + 1);
      }
    }
    return low;
  }

  private fanout(byte: number): number {
    return this.view.getUint32(this.fanoutAt + byte * 4);
  }

  private isFanoutSorted(): boolean {
    for (let byte = 1; byte < 256; byte += 1) if (this.fanout(byte) < this.fanout(byte - 1)) return false;
    return true;
  }

  private oidAt(position: number): number {
    const tableAt = this.fanoutAt + fanoutBytes;
    return this.version === 2 ? tableAt + position * 20 : tableAt + position * 24 + 4;
  }

  /** Sooner done here than the native comparison is called. */
  private compare(position: number, wanted: Buffer): number {
    const start = this.oidAt(position);
    for (let at = 0; at < 20; at += 1) {
      const order = (this.data[start + at] ?? 0) - (wanted[at] ?? 0);
      if (order !== 0) return order;
    }
    return 0;
  }

  private offsetAt(position: number): number | undefined {
    if (this.version === 1) return this.view.getUint32(this.oidAt(position) - 4);
    const offsetsAt = this.fanoutAt + fanoutBytes + this.count * 24;
    const offset = this.view.getUint32(offsetsAt + position * 4);
    if (offset < 0x8000_0000) return offset;
    const largeAt = offsetsAt + this.count * 4 + (offset - 0x8000_0000) * 8;
    return largeAt + 8 > this.data.length ? undefined : Number(this.data.readBigUInt64BE(largeAt));
  }
}

function damagedIndex(path: string): ConfigError {
  return new ConfigError('E_CORRUPT', `pack index '${path}' is damaged`, {
    hint: 'build it again from its pack: cfg fsck --repair',
    details: { path },
  });
}
