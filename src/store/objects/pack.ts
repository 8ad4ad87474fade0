/** Objects of one pack, read by windows so that packs of any size fit (git: gitformat-pack, packfile.c). */
import { inflateSync } from 'node:zlib';
import type { Fs } from '../fs.js';
import type { ObjectType, Oid, RawObject } from '../types.js';
import type { ByteCache } from './byte-cache.js';
import { applyDelta } from './delta.js';
import { inflateSmall } from './inflate-small.js';
import { damagedObject } from './loose.js';
import { bufferOf } from './oid.js';
import type { PackIndex } from './pack-index.js';

/** Where something stands in one of the packs of a store; see {@link Pack.key}. */
type PlaceKey = number | string;

/** Shared by all packs of a store. */
export interface PackCaches {
  /** Undeltified objects that others may be deltas of. */
  readonly bases: ByteCache<PlaceKey, RawObject>;
  readonly windows: ByteCache<PlaceKey, Buffer>;
  /** How many packs were opened. */
  packs: number;
}

const windowBytes = 1_048_576;

/** The longest object header (size) plus the longest reference to a base. */
export const headerBytes = 48;

export const typeNames: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];
const offsetDelta = 6;
const referenceDelta = 7;

/** One object as it stands in the pack. */
export interface PackedEntry {
  readonly offset: number;
  /** 1 to 4 a whole object, 6 and 7 a delta. */
  readonly type: number;
  /** Inflated bytes. */
  readonly size: number;
  readonly dataAt: number;
  readonly baseOffset?: number;
  readonly baseOid?: Oid;
}

export class Pack {
  readonly path: string;
  readonly index: PackIndex;
  private readonly fs: Fs;
  private readonly caches: PackCaches;
  private readonly number: number;
  /** The window that was looked into last: the parts of an object are mostly in the same one. */
  private lastStart = -1;
  private lastWindow: Buffer = Buffer.alloc(0);

  constructor(fs: Fs, path: string, options: { readonly index: PackIndex; readonly caches: PackCaches }) {
    this.fs = fs;
    this.path = path;
    this.index = options.index;
    this.caches = options.caches;
    this.number = this.caches.packs;
    this.caches.packs += 1;
  }

  /**
   * The object at `offset`; its hash is for the caller to check. `readBase` finds a delta's base in another pack.
   * Throws E_CORRUPT, and the errors of the disk.
   */
  read(oid: Oid, offset: number, readBase: (oid: Oid) => RawObject): RawObject {
    const deltas: PackedEntry[] = [];
    let at = offset;
    let base = this.caches.bases.get(this.key(at));
    while (base === undefined) {
      const entry = this.entryAt(oid, at);
      if (!isDelta(entry)) {
        base = this.readWhole(oid, entry);
        if (deltas.length > 0) this.caches.bases.set(this.key(at), base);
        break;
      }
      deltas.push(entry);
      if (deltas.length > maxChain) throw damagedObject(oid);
      const next = entry.baseOffset ?? this.index.offsetOf(entry.baseOid ?? '');
      base = next === undefined ? readBase(entry.baseOid ?? '') : this.caches.bases.get(this.key(next));
      at = next ?? at;
    }
    return this.applyAll(oid, base, deltas);
  }

  /** A number as far as numbers are exact: they are looked up in a fraction of the time. */
  private key(offset: number): PlaceKey {
    return this.number < mostNumbered && offset < packSpan
      ? this.number * packSpan + offset
      : `${this.number}:${offset}`;
  }

  private readWhole(oid: Oid, entry: PackedEntry): RawObject {
    const type = typeNames[entry.type];
    if (type === undefined) throw damagedObject(oid);
    return { type, data: this.inflate(oid, entry) };
  }

  private applyAll(oid: Oid, base: RawObject, deltas: readonly PackedEntry[]): RawObject {
    let object = base;
    for (const entry of deltas.toReversed()) {
      const data = applyDelta(bufferOf(object.data), this.inflate(oid, entry));
      if (data === undefined) throw damagedObject(oid);
      object = { type: object.type, data };
      this.caches.bases.set(this.key(entry.offset), object);
    }
    return object;
  }

  private entryAt(oid: Oid, offset: number): PackedEntry {
    const start = windowStart(offset);
    const entry = parseEntry(this.window(start), offset, offset - start);
    if (entry === undefined) throw damagedObject(oid);
    return entry;
  }

  private inflate(oid: Oid, entry: PackedEntry): Buffer {
    if (entry.size > maxObjectBytes) throw damagedObject(oid);
    const start = windowStart(entry.dataAt);
    const small =
      entry.size <= smallBytes && inflateSmall(this.window(start), entry.dataAt - start, entry.size);
    return small || this.inflateByZlib(oid, entry);
  }

  private inflateByZlib(oid: Oid, entry: PackedEntry): Buffer {
    // What deflate can need at most for that many bytes, with room for encoders that store in small blocks.
    const packed = this.bytes(entry.dataAt, entry.size + (entry.size >>> 7) + 128);
    try {
      const data = inflateSync(packed, {
        chunkSize: Math.max(64, entry.size + 1),
        maxOutputLength: Math.max(64, entry.size + 1),
      });
      if (data.length === entry.size) return bufferOf(data);
    } catch (error) {
      throw damagedObject(oid, error);
    }
    throw damagedObject(oid);
  }

  /** `length` bytes from `offset`, fewer at the end of the pack, out of a cached window where they lie in one. */
  private bytes(offset: number, length: number): Buffer {
    const start = windowStart(offset);
    if (offset + length > start + windowBytes) return this.fs.readRange(this.path, offset, length);
    return this.window(start).subarray(offset - start, offset - start + length);
  }

  /** The window that begins at `start`, with as much of the next one as the header of an entry may need. */
  private window(start: number): Buffer {
    if (start === this.lastStart) return this.lastWindow;
    const key = this.key(start);
    const known = this.caches.windows.get(key);
    const window = known ?? this.fs.readRange(this.path, start, windowBytes + headerBytes);
    if (known === undefined) this.caches.windows.set(key, window);
    this.lastStart = start;
    this.lastWindow = window;
    return window;
  }
}

/** From so many bytes on zlib is faster, with the price of calling it. */
const smallBytes = 640;
/** Together no more than what a number holds exactly. */
const [mostNumbered, packSpan] = [2 ** 11, 2 ** 42];

function windowStart(offset: number): number {
  return offset - (offset % windowBytes);
}

function isDelta(entry: PackedEntry): boolean {
  return entry.type === offsetDelta || entry.type === referenceDelta;
}

/**
 * Reads the header of the entry that begins at `offset` of a pack, out of bytes that have it at `start`; undefined when its base cannot be
 * where it says.
 */
export function parseEntry(header: Buffer, offset: number, start: number = 0): PackedEntry | undefined {
  let at = start;
  let byte = header[at++] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 128; factor *= 128) {
    byte = header[at++] ?? 0;
    size += (byte & 127) * factor;
  }
  if (type === referenceDelta)
    return {
      offset,
      type,
      size,
      dataAt: offset + at - start + 20,
      baseOid: header.toString('hex', at, at + 20),
    };
  if (type !== offsetDelta) return { offset, type, size, dataAt: offset + at - start };
  byte = header[at++] ?? 0;
  let distance = byte & 127;
  while (byte & 128) {
    byte = header[at++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 127);
  }
  if (distance <= 0 || distance > offset) return undefined;
  return { offset, type, size, dataAt: offset + at - start, baseOffset: offset - distance };
}

/** Git makes chains of 50 by default and 4,095 at most; a longer one is a loop. */
const maxChain = 5_000;
const maxObjectBytes = 0x7fff_ffff;
