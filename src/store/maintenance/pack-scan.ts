/** Makes the index of a pack from the pack itself (git: index-pack). */
import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import { publishFiles } from '../disk.js';
import { applyDelta } from '../objects/delta.js';
import { damagedObject } from '../objects/loose.js';
import { bufferOf, objectOid } from '../objects/oid.js';
import { headerBytes, type PackedEntry, parseEntry, typeNames } from '../objects/pack.js';
import { type DraftEntry, encodeIndex, packHeaderBytes } from '../objects/pack-writer.js';
import type { Oid, RawObject } from '../types.js';
import type { Premises } from './premises.js';

interface Scanned {
  readonly entry: PackedEntry;
  readonly data: Buffer;
  readonly crc: number;
}

/** Writes the index beside the pack. Throws E_CORRUPT when the pack is not whole, E_IO. */
export async function rebuildPackIndex({ disk, objects }: Premises, packPath: string): Promise<void> {
  const file = disk.fs.readFile(packPath);
  const checksum = file.subarray(-20);
  const sum = createHash('sha1').update(file.subarray(0, -20)).digest();
  if (!sum.equals(checksum)) throw damagedObject(packPath);
  const entries = identify(scan(file, packPath), (oid) => objects.read(oid));
  const path = packPath.replace(/pack$/, 'idx');
  await publishFiles(disk, [{ path, data: encodeIndex(entries, checksum), prefix: 'tmp_idx' }]);
}

function scan(file: Buffer, packPath: string): Scanned[] {
  const count = file.readUInt32BE(8);
  const scanned: Scanned[] = [];
  for (let offset = packHeaderBytes; scanned.length < count;) {
    const header = Buffer.concat([file.subarray(offset, offset + headerBytes), Buffer.alloc(headerBytes)]);
    const entry = parseEntry(header, offset);
    if (entry === undefined) throw damagedObject(packPath);
    const { data, end } = inflateAt(file, entry);
    scanned.push({ entry, data, crc: crc32(file.subarray(offset, end)) });
    offset = end;
  }
  return scanned;
}

function inflateAt(file: Buffer, { dataAt }: PackedEntry): { readonly data: Buffer; readonly end: number } {
  // With `info` the answer says how much of the input was used; the declared type does not.
  const result: unknown = inflateSync(file.subarray(dataAt), { info: true });
  if (!isInfo(result)) throw damagedObject('pack');
  return { data: bufferOf(result.buffer), end: dataAt + result.engine.bytesWritten };
}

interface InflateInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function isInfo(value: unknown): value is InflateInfo {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value;
}

function identify(scanned: readonly Scanned[], readOther: (oid: Oid) => RawObject): DraftEntry[] {
  const done = new Map<number, { readonly oid: Oid; readonly object: RawObject }>();
  const byOid = new Map<Oid, RawObject>();
  let waiting = [...scanned];
  for (let isLast = false; waiting.length > 0;) {
    const left = waiting.filter((one) => {
      const object = resolve(one, { done, byOid, readOther: isLast ? readOther : undefined });
      if (object === undefined) return true;
      const oid = objectOid(object.type, object.data);
      done.set(one.entry.offset, { oid, object });
      byOid.set(oid, object);
      return false;
    });
    if (left.length === waiting.length && isLast) throw damagedObject('pack');
    isLast = left.length === waiting.length;
    waiting = left;
  }
  return scanned.map(({ entry: { offset }, crc }) => ({ oid: done.get(offset)?.oid ?? '', offset, crc }));
}

interface Known {
  readonly done: ReadonlyMap<number, { readonly object: RawObject }>;
  readonly byOid: ReadonlyMap<Oid, RawObject>;
  /** For bases in other packs, once everything else is known. */
  readonly readOther: ((oid: Oid) => RawObject) | undefined;
}

function resolve({ entry, data }: Scanned, known: Known): RawObject | undefined {
  const type = typeNames[entry.type];
  if (type !== undefined) return { type, data };
  const base =
    entry.baseOid === undefined
      ? known.done.get(entry.baseOffset ?? -1)?.object
      : (known.byOid.get(entry.baseOid) ?? known.readOther?.(entry.baseOid));
  const applied = base && applyDelta(bufferOf(base.data), data);
  return base && applied && { type: base.type, data: applied };
}
