/**
 * Reads a whole pack that nobody vouches for: every object is inflated, hashed and taken apart, so that what it says of itself does not
 * count (git: index-pack). Deltas are worked off from their bases downwards; no more than one chain is in memory at a time.
 */
import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import { ConfigError } from '../../errors.js';
import type { Fs } from '../fs.js';
import { applyDelta } from '../objects/delta.js';
import { bufferOf, objectOid } from '../objects/oid.js';
import { OidSet } from '../objects/oid-set.js';
import { headerBytes, type PackedEntry, parseEntry, typeNames } from '../objects/pack.js';
import { type DraftEntry, packHeaderBytes } from '../objects/pack-writer.js';
import type { Oid, RawObject } from '../types.js';
import { eachLinkAt } from './links.js';

export interface IndexOptions {
  readonly path: string;
  readonly bytes: number;
  /** Commits that come without their parents. */
  readonly shallow: ReadonlySet<Oid>;
  /** Told of every object, bases before what is made from them. */
  readonly onObject?: (oid: Oid, object: RawObject) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface IndexedPack {
  readonly entries: readonly DraftEntry[];
  readonly checksum: Buffer;
  /** What its objects lead to and is not in it, sorted. */
  readonly outside: readonly Oid[];
}

/** Throws E_CORRUPT for anything that is not as it should be, and the errors of the disk. */
export function indexPack(fs: Fs, options: IndexOptions): Promise<IndexedPack> {
  return new Indexer(fs, options).run();
}

/** What is kept of deltas in memory. */
const maxKeptBytes = 67_108_864;
/** A Buffer of its own costs that much besides its bytes. */
const bufferCost = 200;
/** After so many objects others get a turn: signals, a progress line. */
const turn = 1_000;

interface Frame {
  readonly object: RawObject;
  /** The entries that are deltas of it and were not worked off yet. */
  readonly waiting: number[];
}

class Indexer {
  private readonly fs: Fs;
  private readonly options: IndexOptions;
  private readonly window: Window;
  private readonly offsets: number[] = [];
  private readonly crcs: number[] = [];
  private readonly oids: (Oid | undefined)[] = [];
  /** Entries that are deltas, by the offset or the id of their base. */
  private readonly byOffset = new Map<number, number[]>();
  private readonly byOid = new Map<Oid, number[]>();
  private readonly links = new OidSet();
  private readonly present = new OidSet();
  private readonly link = (source: Buffer, at: number): void => void this.links.add(source, at);
  /** Inflated deltas until their base is there, as many as fit. */
  private readonly deltas = new Map<number, Buffer>();
  private keptBytes = 0;
  private done = 0;
  private total = 0;

  constructor(fs: Fs, options: IndexOptions) {
    this.fs = fs;
    this.options = options;
    this.window = new Window(fs, options.path, options.bytes);
  }

  async run(): Promise<IndexedPack> {
    const checksum = this.checkEnds();
    const bases = await this.scan();
    for (const at of bases) if (this.unfold(at)) await this.rest();
    if (this.done < this.total)
      throw damagedPack(`${this.total - this.done} objects are deltas of what is not in it`);
    const entries = this.offsets.map((offset, at) => {
      const oid = this.oids[at] ?? '';
      this.present.add(Buffer.from(oid, 'hex'), 0);
      return { oid, offset, crc: this.crcs[at] ?? 0 };
    });
    return { entries, checksum, outside: this.links.without(this.present) };
  }

  private checkEnds(): Buffer {
    const { path, bytes } = this.options;
    if (bytes < packHeaderBytes + 20) throw damagedPack('it is cut short');
    const head = this.fs.readRange(path, 0, packHeaderBytes);
    const version = head.readUInt32BE(4);
    if (head.toString('latin1', 0, 4) !== 'PACK' || version < 2 || version > 3)
      throw damagedPack('it is no pack');
    this.total = head.readUInt32BE(8);
    const sum = createHash('sha1');
    for (let at = 0; at < bytes - 20; at += windowBytes)
      sum.update(this.fs.readRange(path, at, Math.min(windowBytes, bytes - 20 - at)));
    const checksum = this.fs.readRange(path, bytes - 20, 20);
    if (!sum.digest().equals(checksum)) throw damagedPack('its content does not have its checksum');
    return checksum;
  }

  /** Goes through all entries; returns those that are whole and have deltas. The others are finished at once. */
  private async scan(): Promise<number[]> {
    const whole: number[] = [];
    let offset = packHeaderBytes;
    for (let at = 0; at < this.total; at += 1) {
      const entry = this.window.entry(offset);
      const { data, end } = this.window.inflate(entry);
      this.offsets.push(offset);
      this.crcs.push(this.window.checksum(offset, end));
      const type = typeNames[entry.type];
      if (type === undefined) this.putOff(entry, at, data);
      else {
        this.finish(at, { type, data });
        whole.push(at);
      }
      offset = end;
      if (at % turn === 0) await this.rest();
    }
    if (offset !== this.options.bytes - 20) throw damagedPack('something follows the last object');
    return whole;
  }

  private rest(): Promise<void> {
    this.options.onProgress?.(this.done, this.total);
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  private putOff({ baseOffset, baseOid }: PackedEntry, at: number, data: Buffer): void {
    if (this.keptBytes < maxKeptBytes) {
      this.deltas.set(at, data);
      this.keptBytes += data.length + bufferCost;
    }
    if (baseOffset !== undefined) append(this.byOffset, baseOffset, at);
    else if (baseOid !== undefined) append(this.byOid, baseOid, at);
    else throw damagedPack('an object has no type');
  }

  private finish(at: number, object: RawObject): void {
    const oid = objectOid(object.type, object.data);
    this.oids[at] = oid;
    const isShallow = object.type === 'commit' && this.options.shallow.has(oid);
    eachLinkAt(object, this.link, isShallow);
    this.options.onObject?.(oid, object);
    this.done += 1;
  }

  /** Works off all deltas of a whole object, and their deltas; says whether it was long enough to let others have a turn. */
  private unfold(root: number): boolean {
    const waiting = this.takeDeltas(root);
    if (waiting.length === 0) return false;
    const before = this.done;
    const frames: Frame[] = [{ object: this.readWhole(root), waiting }];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.waiting.pop();
      if (next === undefined) {
        frames.pop();
        continue;
      }
      const object = this.apply(frame.object, next);
      this.finish(next, object);
      frames.push({ object, waiting: this.takeDeltas(next) });
    }
    return Math.floor(before / turn) < Math.floor(this.done / turn);
  }

  private takeDeltas(at: number): number[] {
    const [offset, oid] = [this.offsets[at] ?? 0, this.oids[at] ?? ''];
    const found = [...(this.byOffset.get(offset) ?? []), ...(this.byOid.get(oid) ?? [])];
    this.byOffset.delete(offset);
    this.byOid.delete(oid);
    return found;
  }

  private readWhole(at: number): RawObject {
    const entry = this.window.entry(this.offsets[at] ?? 0);
    const type = typeNames[entry.type];
    if (type === undefined) throw damagedPack('an object has no type');
    return { type, data: this.window.inflate(entry).data };
  }

  private apply(base: RawObject, at: number): RawObject {
    const offset = this.offsets[at] ?? 0;
    const delta = this.deltas.get(at) ?? this.window.inflate(this.window.entry(offset)).data;
    if (this.deltas.delete(at)) this.keptBytes -= delta.length + bufferCost;
    const data = applyDelta(bufferOf(base.data), delta);
    if (data === undefined) throw damagedPack(`the delta at ${offset} does not fit its base`);
    return { type: base.type, data };
  }
}

function append<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const windowBytes = 4_194_304;

/** Bytes of the pack, read in large pieces as they are asked for in turn. */
class Window {
  private readonly fs: Fs;
  private readonly path: string;
  private readonly limit: number;
  private start = 0;
  private data: Buffer = Buffer.alloc(0);

  constructor(fs: Fs, path: string, bytes: number) {
    this.fs = fs;
    this.path = path;
    this.limit = bytes - 20;
  }

  entry(offset: number): PackedEntry {
    // Short at the end of the pack: what is not there counts as zeros.
    const entry = parseEntry(this.bytes(offset, headerBytes), offset);
    if (entry === undefined || entry.dataAt >= this.limit)
      throw damagedPack(`the object at ${offset} is cut short`);
    return entry;
  }

  /** The content of an entry, and where the next one begins. */
  inflate({ offset, dataAt, size }: PackedEntry): { readonly data: Buffer; readonly end: number } {
    // What deflate can need at most for that many bytes; an encoder that needs more gets the rest of the pack.
    for (let length = size + (size >>> 7) + 128; ; length *= 4) {
      const packed = this.bytes(dataAt, length);
      const isAll = dataAt + packed.length >= this.limit;
      const found = inflateOne(packed, size);
      if (found !== undefined) return { data: found.data, end: dataAt + found.used };
      if (isAll) throw damagedPack(`the object at ${offset} is damaged`);
    }
  }

  checksum(start: number, end: number): number {
    let crc = 0;
    for (let at = start; at < end; at += windowBytes)
      crc = crc32(this.bytes(at, Math.min(windowBytes, end - at)), crc);
    return crc;
  }

  /** Fewer at the end of the pack. */
  private bytes(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.limit - offset));
    const from = offset - this.start;
    if (from >= 0 && from + wanted <= this.data.length) return this.data.subarray(from, from + wanted);
    this.data = this.fs.readRange(
      this.path,
      offset,
      Math.min(Math.max(wanted, windowBytes), this.limit - offset),
    );
    this.start = offset;
    return this.data.subarray(0, wanted);
  }
}

/** Undefined when the stream does not end within `packed`, or holds something else than `size` bytes. */
function inflateOne(
  packed: Buffer,
  size: number,
): { readonly data: Buffer; readonly used: number } | undefined {
  try {
    const result: unknown = inflateSync(packed, {
      info: true,
      chunkSize: Math.max(64, Math.min(size + 1, windowBytes)),
      maxOutputLength: Math.max(64, size + 1),
    });
    if (!isInfo(result) || result.buffer.length !== size) return undefined;
    return { data: bufferOf(result.buffer), used: result.engine.bytesWritten };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

interface InflateInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function isInfo(value: unknown): value is InflateInfo {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value;
}

function damagedPack(what: string): ConfigError {
  return new ConfigError('E_CORRUPT', `the pack that was received is damaged: ${what}`, {
    hint: 'nothing was changed here: run the command again; if it stays so, the other repository needs: git fsck',
  });
}
