/** Makes deltas: what a text has in common with an older version is copied from it by blocks (git: diff-delta.c). */

const blockBytes = 16;
/** The longest run that one copy can hold, and the longest one of inserted bytes. */
const [maxCopy, maxInsert] = [0xffff, 127];
/** A text that repeats itself would make every lookup walk a long list. */
const maxSameBlocks = 16;

/** The blocks of a base, to make any number of deltas from it. */
export interface DeltaBase {
  readonly data: Buffer;
  /** Places of each block, by the hash of its bytes. */
  readonly blocks: ReadonlyMap<number, readonly number[]>;
}

export function deltaBase(data: Buffer): DeltaBase {
  const blocks = new Map<number, number[]>();
  for (let at = 0; at + blockBytes <= data.length; at += blockBytes) {
    const key = blockHash(data, at);
    const places = blocks.get(key);
    if (places === undefined) blocks.set(key, [at]);
    else if (places.length < maxSameBlocks) places.push(at);
  }
  return { data, blocks };
}

/** A delta that makes `target` from the base; undefined as soon as it would be longer than `maxBytes`. */
export function encodeDelta(base: DeltaBase, target: Buffer, maxBytes: number): Buffer | undefined {
  const delta: number[] = [...sizeBytes(base.data.length), ...sizeBytes(target.length)];
  let inserted = 0;
  for (let at = 0; at < target.length && delta.length + at - inserted <= maxBytes;) {
    const match = longestMatch(base, target, { at, floor: inserted });
    if (match === undefined) {
      at += 1;
      continue;
    }
    pushInsert(delta, target.subarray(inserted, match.at));
    pushCopy(delta, match.from, match.length);
    at = match.at + match.length;
    inserted = at;
  }
  if (delta.length + target.length - inserted > maxBytes) return undefined;
  pushInsert(delta, target.subarray(inserted));
  return delta.length > maxBytes ? undefined : Buffer.from(delta);
}

/**
 * A delta for a target that is the base but for one place: what both begin with, what is new, what both end with. Undefined when they share
 * less than half of the target. Much cheaper than {@link encodeDelta}, and as small for an edit of one key or one entry.
 */
export function spliceDelta(base: Buffer, target: Buffer): Buffer | undefined {
  const head = commonPrefix(base, target);
  const tail = commonSuffix(base, target, Math.min(base.length, target.length) - head);
  if ((head + tail) * 2 < target.length) return undefined;
  const delta: number[] = [...sizeBytes(base.length), ...sizeBytes(target.length)];
  pushCopy(delta, 0, head);
  pushInsert(delta, target.subarray(head, target.length - tail));
  pushCopy(delta, base.length - tail, tail);
  return Buffer.from(delta);
}

/** Blocks are compared by the system, and only the one that differs byte by byte. */
const compareBytes = 512;

function commonPrefix(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at + compareBytes <= most && a.compare(b, at, at + compareBytes, at, at + compareBytes) === 0)
    at += compareBytes;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}

function commonSuffix(a: Buffer, b: Buffer, most: number): number {
  let length = 0;
  const isSameBlock = (): boolean => {
    const [endA, endB] = [a.length - length, b.length - length];
    return a.compare(b, endB - compareBytes, endB, endA - compareBytes, endA) === 0;
  };
  while (length + compareBytes <= most && isSameBlock()) length += compareBytes;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}

interface Match {
  /** In the target. */
  readonly at: number;
  /** In the base. */
  readonly from: number;
  readonly length: number;
}

/** The longest run that goes through the block at `at`, to both sides; not before `floor`, where the last one ended. */
function longestMatch(
  { data, blocks }: DeltaBase,
  target: Buffer,
  { at, floor }: { readonly at: number; readonly floor: number },
): Match | undefined {
  if (at + blockBytes > target.length) return undefined;
  let best: Match | undefined;
  for (const place of blocks.get(blockHash(target, at)) ?? []) {
    let end = 0;
    while (at + end < target.length && place + end < data.length && target[at + end] === data[place + end])
      end += 1;
    if (end < blockBytes) continue;
    let back = 0;
    while (at - back > floor && place - back > 0 && target[at - back - 1] === data[place - back - 1])
      back += 1;
    if (best === undefined || end + back > best.length)
      best = { at: at - back, from: place - back, length: end + back };
  }
  return best;
}

function blockHash(data: Buffer, at: number): number {
  let hash = 0;
  for (let offset = 0; offset < blockBytes; offset += 4)
    hash = (Math.imul(hash, 0x9e3779b1) ^ data.readInt32LE(at + offset)) | 0;
  return hash;
}

function pushInsert(delta: number[], bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += maxInsert) {
    const part = bytes.subarray(at, at + maxInsert);
    delta.push(part.length, ...part);
  }
}

function pushCopy(delta: number[], from: number, length: number): void {
  for (let done = 0; done < length; done += maxCopy) {
    const opAt = delta.push(0) - 1;
    const op =
      pushSparse(delta, from + done, 4) | (pushSparse(delta, Math.min(maxCopy, length - done), 2) << 4);
    delta[opAt] = 0x80 | op;
  }
}

/** Appends the bytes that are not zero, lowest first, and says which they are. */
function pushSparse(delta: number[], value: number, count: number): number {
  let present = 0;
  for (let index = 0; index < count; index += 1) {
    const byte = Math.floor(value / 256 ** index) & 255;
    if (byte === 0) continue;
    delta.push(byte);
    present |= 1 << index;
  }
  return present;
}

function sizeBytes(size: number): number[] {
  const bytes: number[] = [];
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
