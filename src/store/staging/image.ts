import type { FileMode, IndexEntry, Oid, RepoPath, Stage } from '../types.js';
import { ConfigError } from '../../errors.js';

/** Where the fields of an entry are, from its first byte (git: Documentation/gitformat-index, versions 2 and 3). */
export const field = {
  ctimeSeconds: 0,
  ctimeNanoseconds: 4,
  mtimeSeconds: 8,
  mtimeNanoseconds: 12,
  dev: 16,
  ino: 20,
  mode: 24,
  uid: 28,
  gid: 32,
  size: 36,
  oid: 40,
  flags: 60,
  extendedFlags: 62,
} as const;

export const flag = {
  assumeValid: 0x8000,
  extended: 0x4000,
  stage: 0x3000,
  nameLength: 0x0fff,
} as const;

export const extendedFlag = { skipWorktree: 0x4000, intentToAdd: 0x2000 } as const;

/** Bytes of an entry's fixed part: with the second pair of flag bytes, and without. */
export const fixedSize = (flags: number): number => ((flags & flag.extended) === 0 ? 62 : 64);

const stages: readonly Stage[] = [0, 1, 2, 3];
const modes: ReadonlyMap<number, IndexEntry['mode']> = new Map([
  [0o100644, '100644'],
  [0o100755, '100755'],
  [0o120000, '120000'],
  [0o160000, '160000'],
]);

/**
 * An index as its bytes in the layout of version 2/3 and the offset of each entry. Nothing is decoded before it is asked for: a
 * status of 100,000 files must not make 100,000 objects.
 */
export class IndexImage {
  /** The whole file; entries of version 4 are expanded first. */
  readonly bytes: Buffer;
  readonly view: DataView;
  /** First byte of each entry, and the end of the last one. */
  readonly offsets: Uint32Array;
  /** When the file was written, in ns; entries as young as this may have changed unseen. 0n when there is no file. */
  readonly mtimeNs: bigint;
  /** The same in whole seconds. */
  readonly mtimeSeconds: number;
  /** The body of the TREE extension. */
  readonly treeExtension: Buffer | undefined;

  constructor(parts: {
    readonly bytes: Buffer;
    readonly offsets: Uint32Array;
    readonly mtimeNs: bigint;
    readonly treeExtension?: Buffer | undefined;
  }) {
    this.bytes = parts.bytes;
    this.view = new DataView(parts.bytes.buffer, parts.bytes.byteOffset, parts.bytes.byteLength);
    this.offsets = parts.offsets;
    this.mtimeNs = parts.mtimeNs;
    this.mtimeSeconds = Number(parts.mtimeNs / 1_000_000_000n);
    this.treeExtension = parts.treeExtension;
  }

  get count(): number {
    return this.offsets.length - 1;
  }

  offset(at: number): number {
    return this.offsets[at] ?? 0;
  }

  flags(at: number): number {
    return this.view.getUint16(this.offset(at) + field.flags);
  }

  extendedFlags(at: number): number {
    const extended = (this.flags(at) & flag.extended) !== 0;
    return extended ? this.view.getUint16(this.offset(at) + field.extendedFlags) : 0;
  }

  stage(at: number): Stage {
    return stages[(this.flags(at) & flag.stage) >> 12] ?? 0;
  }

  modeBits(at: number): number {
    return this.view.getUint32(this.offset(at) + field.mode);
  }

  /** Throws E_CORRUPT for a mode that Git does not have. */
  mode(at: number): IndexEntry['mode'] {
    const bits = this.modeBits(at);
    const mode = modes.get(bits);
    if (mode) return mode;
    throw new ConfigError('E_CORRUPT', `the index has '${this.path(at)}' with mode ${bits.toString(8)}`);
  }

  oid(at: number): Oid {
    const start = this.offset(at) + field.oid;
    return this.bytes.toString('hex', start, start + 20);
  }

  nameStart(at: number): number {
    return this.offset(at) + fixedSize(this.flags(at));
  }

  nameEnd(at: number): number {
    return nameEnd(this.bytes, this.nameStart(at), this.flags(at));
  }

  /** Throws E_UNSUPPORTED_REPOSITORY for a name that is not UTF-8. */
  path(at: number): RepoPath {
    return this.text(this.nameStart(at), this.nameEnd(at));
  }

  /** Part of a name as text; see {@link path}. */
  text(start: number, end: number): string {
    const text = this.bytes.toString('utf8', start, end);
    if (text.includes('\uFFFD') && !Buffer.from(text).equals(this.bytes.subarray(start, end))) {
      throw new ConfigError('E_UNSUPPORTED_REPOSITORY', `file name '${text}' is not UTF-8`, {
        hint: 'rename the file with git to a name in UTF-8',
      });
    }
    return text;
  }

  entry(at: number): IndexEntry {
    return { path: this.path(at), mode: this.mode(at), oid: this.oid(at), stage: this.stage(at) };
  }

  /** The first entry that is not before (`name`, `stage`). */
  lowerBound(name: Buffer, stage: Stage = 0): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.bytes.compare(name, 0, name.length, this.nameStart(middle), this.nameEnd(middle));
      if (order < 0 || (order === 0 && this.stage(middle) < stage)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The entries of one path, all stages: from, and up to but not including. */
  range(name: Buffer): readonly [number, number] {
    const low = this.lowerBound(name);
    let high = low;
    while (high < this.count && this.named(high, name)) high += 1;
    return [low, high];
  }

  /** The entries below a folder, whose name ends in '/'. */
  below(folder: Buffer): readonly [number, number] {
    const next = Buffer.from(folder);
    next[next.length - 1] = 0x30; // the byte after '/'
    return [this.lowerBound(folder), this.lowerBound(next)];
  }

  private named(at: number, name: Buffer): boolean {
    return this.bytes.compare(name, 0, name.length, this.nameStart(at), this.nameEnd(at)) === 0;
  }
}

/** Where a name ends: at its length, or at the NUL where the length does not fit. */
export function nameEnd(bytes: Buffer, start: number, flags: number): number {
  const length = flags & flag.nameLength;
  return length < flag.nameLength ? start + length : bytes.indexOf(0, start + length);
}

/** The bits of a mode as trees and index entries have it. */
export const modeBits = (mode: FileMode): number => Number.parseInt(mode, 8);
