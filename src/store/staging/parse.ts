import { hash } from 'node:crypto';
import { ConfigError } from '../../errors.js';
import { field, fixedSize, flag, IndexImage, nameEnd } from './image.js';

/** The SHA-1 of everything before it. */
export const trailerSize = 20;

/** In the place of the checksum: nobody computed one (git: index.skipHash). */
export const noSum: Buffer = Buffer.alloc(trailerSize);

const headerSize = 12;

/** What an absent index file is. */
export const emptyImage: IndexImage = new IndexImage({
  bytes: Buffer.alloc(headerSize),
  offsets: Uint32Array.of(headerSize),
  mtimeNs: 0n,
});

/**
 * Reads an index file of version 2, 3 or 4. Throws E_CORRUPT (checksum, torn file) and E_UNSUPPORTED_REPOSITORY (split or sparse
 * index, an extension that must be understood). Optional extensions but TREE are passed over. Source: git: Documentation/gitformat-index.
 */
export function parseIndex(file: Buffer, mtimeNs: bigint): IndexImage {
  checkSum(file);
  return parseWhole(file, mtimeNs);
}

/** {@link parseIndex} of bytes that are known to be whole. */
export function parseWhole(file: Buffer, mtimeNs: bigint): IndexImage {
  const version = checkedVersion(file);
  const count = file.readUInt32BE(8);
  const end = file.length - trailerSize;
  // An entry takes 62 bytes at least: a larger count is damage, and must not become an allocation.
  if (count > (end - headerSize) / 62) throw torn();
  const { bytes, offsets, next } = version === 4 ? expandEntries(file, count) : locateEntries(file, count);
  return new IndexImage({ bytes, offsets, mtimeNs, treeExtension: readExtensions(file, next) });
}

/** The checksum at the end of an index file. */
export function trailerOf(file: Buffer): Buffer {
  return file.subarray(file.length - trailerSize);
}

function checkSum(file: Buffer): void {
  if (file.length < headerSize + trailerSize || file.toString('latin1', 0, 4) !== 'DIRC') throw torn();
  const trailer = trailerOf(file);
  if (trailer.equals(noSum)) return;
  const sum = hash('sha1', file.subarray(0, file.length - trailerSize), 'buffer');
  if (!sum.equals(trailer)) throw torn();
}

function checkedVersion(file: Buffer): number {
  const version = file.readUInt32BE(4);
  if (version < 2 || version > 4) {
    throw unsupported(`index version ${version}`, "run 'git update-index --index-version 2'");
  }
  return version;
}

interface Entries {
  readonly bytes: Buffer;
  readonly offsets: Uint32Array;
  /** Where the extensions begin in the file. */
  readonly next: number;
}

function locateEntries(file: Buffer, count: number): Entries {
  const offsets = new Uint32Array(count + 1);
  const end = file.length - trailerSize;
  let offset = headerSize;
  for (let at = 0; at < count; at += 1) {
    offsets[at] = offset;
    if (offset + field.extendedFlags > end) throw torn();
    const flags = ((file[offset + field.flags] ?? 0) << 8) | (file[offset + field.flags + 1] ?? 0);
    const start = offset + fixedSize(flags);
    const stop = nameEnd(file, start, flags);
    if (stop < start || stop >= end) throw torn();
    if ((flags & flag.extended) !== 0) checkExtendedFlags(file, offset);
    offset += paddedSize(stop - offset);
  }
  if (offset > end) throw torn();
  offsets[count] = offset;
  return { bytes: file, offsets, next: offset };
}

/** An entry is followed by 1 to 8 NUL bytes, so that its size is a multiple of 8. */
export const paddedSize = (size: number): number => (size + 8) & ~7;

/** Version 4 leaves out the part of a name that it shares with the name before it, and all padding. */
function expandEntries(file: Buffer, count: number): Entries {
  const end = file.length - trailerSize;
  const offsets = new Uint32Array(count + 1);
  const chunks: Buffer[] = [Buffer.from(file.subarray(0, headerSize))];
  let [offset, size, name] = [headerSize, headerSize, Buffer.alloc(0)];
  for (let at = 0; at < count; at += 1) {
    offsets[at] = size;
    if (offset + field.extendedFlags > end) throw torn();
    const fixed = fixedSize(file.readUInt16BE(offset + field.flags));
    if (fixed === 64) checkExtendedFlags(file, offset);
    const strip = readVarint(file, offset + fixed, end);
    const stop = file.indexOf(0, strip.next);
    if (stop < 0 || stop >= end || strip.value > name.length) throw torn();
    name = Buffer.concat([name.subarray(0, name.length - strip.value), file.subarray(strip.next, stop)]);
    const entry = expandedEntry(file.subarray(offset, offset + fixed), name);
    chunks.push(entry);
    size += entry.length;
    offset = stop + 1;
  }
  offsets[count] = size;
  return { bytes: Buffer.concat(chunks), offsets, next: offset };
}

function expandedEntry(fixed: Buffer, name: Buffer): Buffer {
  const entry = Buffer.alloc(paddedSize(fixed.length + name.length));
  fixed.copy(entry);
  name.copy(entry, fixed.length);
  return entry;
}

/** The variable-length number of offset deltas: each further byte adds one to what is before it. */
function readVarint(file: Buffer, start: number, end: number): { value: number; next: number } {
  let byte = file[start] ?? 0;
  let value = byte & 0x7f;
  let next = start + 1;
  while ((byte & 0x80) !== 0) {
    if (next >= end || value > 0xffffff) throw torn();
    byte = file[next] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
    next += 1;
  }
  return { value, next };
}

function checkExtendedFlags(file: Buffer, offset: number): void {
  const flags = file.readUInt16BE(offset + field.extendedFlags);
  if ((flags & ~0x6000) !== 0) throw unsupported('an index entry with unknown flags', 'use git for it');
}

const waysOut: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['link', ['a split index', "run 'git update-index --no-split-index'"]],
  ['sdir', ['a sparse index', "run 'git sparse-checkout reapply --no-sparse-index'"]],
]);

/** The TREE extension. An extension whose name begins with a capital may be dropped, any other must be understood. */
function readExtensions(file: Buffer, start: number): Buffer | undefined {
  const end = file.length - trailerSize;
  let tree: Buffer | undefined;
  for (let offset = start; offset < end;) {
    if (offset + 8 > end) throw torn();
    const name = file.toString('latin1', offset, offset + 4);
    const stop = offset + 8 + file.readUInt32BE(offset + 4);
    if (stop > end) throw torn();
    if (name === 'TREE') tree = file.subarray(offset + 8, stop);
    else if (!/^[A-Z]/.test(name)) throw unsupported(...(waysOut.get(name) ?? unknownExtension(name)));
    offset = stop;
  }
  return tree;
}

const unknownExtension = (name: string): readonly [string, string] => [
  `the index extension '${name}'`,
  "run 'git read-tree HEAD' to write a plain index (this unstages what is staged)",
];

function unsupported(what: string, hint: string): ConfigError {
  return new ConfigError('E_UNSUPPORTED_REPOSITORY', `cfg cannot work with ${what}`, { hint });
}

function torn(): ConfigError {
  return new ConfigError('E_CORRUPT', 'the index is damaged', {
    hint: "run 'cfg fsck --repair' to rebuild it; the files in the worktree stay as they are",
  });
}
