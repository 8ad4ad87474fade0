/** Puts objects into one pack. Entries of older packs are copied as they are where they can be; versions of one file become deltas. */
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type DeltaBase, deltaBase, encodeDelta } from '../objects/encode-delta.js';
import { bufferOf } from '../objects/oid.js';
import { entryHeader, typeNumbers } from '../objects/pack-writer.js';
import type { Oid, RawObject } from '../types.js';
import type { Source } from './pack-source.js';
import { PackStream } from './pack-stream.js';
import type { PackPremises } from './premises.js';
import type { Reached } from './reach.js';

/** The longest chain that is made here; git's own chains are copied whatever their length is. */
const maxDepth = 50;
/** Below it a delta saves nothing, above it searching for one costs too much. */
const [leastDeltaBytes, mostDeltaBytes] = [64, 8_388_608];
const offsetDelta = 6;

export interface RepackPlan {
  readonly objects: ReadonlyMap<Oid, Reached>;
  /** Of those that stand in a pack. */
  readonly sources: ReadonlyMap<Oid, Source>;
}

/** Writes the pack and makes it durable and visible. Returns its path. Throws E_CORRUPT, E_OBJECT_MISSING, E_IO. */
export async function writeRepack(premises: PackPremises, plan: RepackPlan): Promise<string> {
  const stream = writeObjects(premises, plan);
  try {
    return await stream.finish();
  } catch (error) {
    stream.abandon();
    throw error;
  }
}

/** Writes the objects to a pack that nobody sees yet. Throws E_CORRUPT, E_OBJECT_MISSING, E_IO; then nothing is left of it. */
export function writeObjects(premises: PackPremises, plan: RepackPlan): PackStream {
  const stream = new PackStream(premises.disk, join(premises.objectsDir, 'pack'), plan.objects.size);
  try {
    const writer = new Writer(premises, plan, stream);
    for (const oid of orderOf(plan.objects)) writer.add(oid);
    return stream;
  } catch (error) {
    stream.abandon();
    throw error;
  }
}

/** Commits as they were met; then trees and then files, versions of one path side by side, the newest first. */
function orderOf(objects: ReadonlyMap<Oid, Reached>): Oid[] {
  const groups = new Map<string, Oid[]>([['', []]]);
  for (const [oid, { type, path }] of objects) {
    const key = type === 'tree' || type === 'blob' ? `${type}${path}` : '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [oid]);
    else group.push(oid);
  }
  const keys = [...groups.keys()].toSorted((a, b) => rank(a) - rank(b));
  return keys.flatMap((key) => {
    const group = groups.get(key) ?? [];
    return key === '' ? group : group.toReversed();
  });
}

function rank(key: string): number {
  return key === '' ? 0 : key.startsWith('tree') ? 1 : 2;
}

class Writer {
  private readonly premises: PackPremises;
  private readonly plan: RepackPlan;
  private readonly stream: PackStream;
  private readonly depths = new Map<Oid, number>();
  /** Their bases are being written; a base that leads back to one of them cannot be used. */
  private readonly open = new Set<Oid>();
  /** The last whole or small enough version of the path at hand. */
  private previous: { readonly oid: Oid; readonly key: string; readonly base: DeltaBase } | undefined;

  constructor(premises: PackPremises, plan: RepackPlan, stream: PackStream) {
    this.premises = premises;
    this.plan = plan;
    this.stream = stream;
  }

  add(oid: Oid): void {
    if (this.stream.offsets.has(oid)) return;
    const source = this.plan.sources.get(oid);
    if (source === undefined || !this.copy(oid, source)) this.compress(oid);
  }

  /** Takes the entry of an old pack over. A delta only with its base, and a whole one only when no delta could be better. */
  private copy(oid: Oid, { pack, offset }: Source): boolean {
    const { entry, bytes } = pack.read(offset);
    const body = bytes.subarray(entry.dataAt - offset);
    const baseOid =
      entry.baseOid ?? (entry.baseOffset === undefined ? undefined : pack.oids.get(entry.baseOffset));
    if (baseOid === undefined) {
      if (this.hasPrevious(oid) && isWorthDelta(entry.size)) return false;
      this.stream.add(oid, bytes);
      return true;
    }
    if (!this.plan.objects.has(baseOid) || this.open.has(baseOid)) return false;
    this.open.add(oid);
    this.add(baseOid);
    this.open.delete(oid);
    this.addDelta(oid, baseOid, { size: entry.size, body });
    return true;
  }

  private addDelta(oid: Oid, baseOid: Oid, delta: { readonly size: number; readonly body: Buffer }): void {
    const distance = this.stream.position - (this.stream.offsets.get(baseOid) ?? 0);
    this.depths.set(oid, this.depth(baseOid) + 1);
    const header = entryHeader(offsetDelta, delta.size);
    this.stream.add(oid, Buffer.concat([header, distanceBytes(distance), delta.body]));
  }

  private compress(oid: Oid): void {
    const object = this.premises.objects.read(oid);
    const data = bufferOf(object.data);
    const whole = deflateSync(data);
    const delta = this.deltaFor(oid, data, whole.length);
    if (delta === undefined)
      this.stream.add(oid, Buffer.concat([entryHeader(typeNumbers[object.type], data.length), whole]));
    else this.addDelta(oid, delta.baseOid, delta);
    this.remember(oid, object);
  }

  private deltaFor(
    oid: Oid,
    data: Buffer,
    wholeBytes: number,
  ): { readonly baseOid: Oid; readonly size: number; readonly body: Buffer } | undefined {
    const { previous } = this;
    if (previous === undefined || !this.hasPrevious(oid) || !isWorthDelta(data.length)) return undefined;
    const delta = encodeDelta(previous.base, data, Math.floor(data.length / 2));
    const body = delta && deflateSync(delta);
    if (delta === undefined || body === undefined || body.length + 4 >= wholeBytes) return undefined;
    return { baseOid: previous.oid, size: delta.length, body };
  }

  private remember(oid: Oid, { data }: RawObject): void {
    const key = this.key(oid);
    const fits = key !== '' && isWorthDelta(data.length) && this.depth(oid) < maxDepth;
    this.previous = fits ? { oid, key, base: deltaBase(bufferOf(data)) } : undefined;
  }

  private hasPrevious(oid: Oid): boolean {
    return (
      this.previous !== undefined && this.previous.key === this.key(oid) && !this.open.has(this.previous.oid)
    );
  }

  private key(oid: Oid): string {
    const { type = '', path = '' } = this.plan.objects.get(oid) ?? {};
    return path === '' && type !== 'tree' ? '' : `${type}${path}`;
  }

  private depth(oid: Oid): number {
    return this.depths.get(oid) ?? 0;
  }
}

function isWorthDelta(size: number): boolean {
  return size >= leastDeltaBytes && size <= mostDeltaBytes;
}

/** How far back the base of a delta stands: seven bits a byte, highest first, each further byte adding one. */
function distanceBytes(distance: number): Buffer {
  const bytes = [distance & 127];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest & 127) | 128);
  }
  return Buffer.from(bytes);
}
