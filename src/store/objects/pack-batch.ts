/** Thousands of objects, most of them versions of each other, as one pack of deltas (git: gitformat-pack). */
import type { Disk } from '../disk.js';
import type { NamedObject, ObjectBatch, ObjectStore, Oid, RawObject } from '../types.js';
import { spliceDelta } from './encode-delta.js';
import { bufferOf, objectOid } from './oid.js';
import {
  addEntry,
  deflated,
  entryHeader,
  maxPackBytes,
  newDraft,
  type PackDraft,
  publishPack,
  typeNumbers,
} from './pack-writer.js';

export interface PackBatchOptions {
  readonly disk: Disk;
  /** The folder of the packs. */
  readonly dir: string;
  /** Fewer objects are written one by one. */
  readonly packFrom: number;
  readonly write: ObjectStore['write'];
  /** Called once the pack is there. */
  readonly published: () => void;
}

/** Where an object stands in the pack, and how many deltas lead to it. */
interface Packed {
  readonly offset: number;
  readonly depth: number;
}

/** Git reads chains of any length; longer ones save little and cost every reader (git: pack.depth is 50). */
const maxDepth = 50;

export class PackBatch implements ObjectBatch {
  private readonly options: PackBatchOptions;
  /** All but the last are full. */
  private readonly drafts: PackDraft[] = [newDraft()];
  private packed = new Map<Oid, Packed>();
  /** The objects as they are, until there are enough of them for a pack. */
  private few: RawObject[] = [];
  private readonly all = new Set<Oid>();

  constructor(options: PackBatchOptions) {
    this.options = options;
  }

  add(object: RawObject, like?: NamedObject): Oid {
    const oid = objectOid(object.type, object.data);
    if (this.all.has(oid)) return oid;
    this.all.add(oid);
    this.pack(oid, object, like);
    if (this.all.size < this.options.packFrom) this.few.push(object);
    else this.few = [];
    return oid;
  }

  async publish(): Promise<void> {
    const { disk, dir, packFrom, write, published } = this.options;
    if (this.all.size < packFrom) {
      await write(this.few);
      return;
    }
    for (const draft of this.drafts) if (draft.entries.length > 0) await publishPack(disk, dir, draft);
    published();
  }

  private pack(oid: Oid, { type, data }: RawObject, like: NamedObject | undefined): void {
    const draft = this.openDraft();
    const base = like && this.packed.get(like.oid);
    const delta =
      base === undefined || base.depth >= maxDepth
        ? undefined
        : spliceDelta(bufferOf(like?.data ?? data), bufferOf(data));
    this.packed.set(oid, { offset: draft.bytes, depth: delta === undefined ? 0 : (base?.depth ?? 0) + 1 });
    if (delta === undefined || base === undefined)
      addEntry(draft, oid, {
        header: entryHeader(typeNumbers[type], data.length),
        packed: deflated(data),
      });
    else
      addEntry(draft, oid, {
        header: Buffer.concat([
          entryHeader(offsetDelta, delta.length),
          distanceBytes(draft.bytes - base.offset),
        ]),
        packed: delta.length < storeBelow ? stored(delta) : deflated(delta),
      });
  }

  /** A delta can only be of an object in the same pack. */
  private openDraft(): PackDraft {
    let draft = this.drafts.at(-1) ?? newDraft();
    if (draft.bytes >= maxPackBytes) {
      draft = newDraft();
      this.drafts.push(draft);
      this.packed = new Map();
    }
    return draft;
  }
}

/** The type of an entry whose base is named by its distance. */
const offsetDelta = 6;

/** Seven bits a byte, highest first; each byte but the last stands for one more than it says. */
function distanceBytes(distance: number): Buffer {
  const bytes = [distance & 127];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift(128 | (rest & 127));
  }
  return Buffer.from(bytes);
}

/** Deflating so few bytes saves nothing, and takes longer than all the rest. */
const storeBelow = 100;

/** A zlib stream of one stored block (RFC 1950, RFC 1951 section 3.2.4). */
function stored(data: Buffer): Buffer {
  const out = Buffer.allocUnsafe(data.length + 11);
  out.writeUInt16BE(0x7801, 0);
  out.writeUInt8(1, 2);
  out.writeUInt16LE(data.length, 3);
  out.writeUInt16LE(~data.length & 0xffff, 5);
  data.copy(out, 7);
  out.writeUInt32BE(adler32(data), data.length + 7);
  return out;
}

function adler32(data: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
