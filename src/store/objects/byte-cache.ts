/**
 * A cache of few and fixed slots: a look costs next to nothing, and what is in it is no burden to the garbage collector. Two keys of one slot
 * drive each other out; when there are too many bytes, whatever the hand points at goes.
 */
export class ByteCache<Key extends string | number, Value> {
  private readonly maxBytes: number;
  private readonly sizeOf: (value: Value) => number;
  private keys: (Key | undefined)[] = [];
  private values: (Value | undefined)[] = [];
  private sizes = new Float64Array();
  private bytes = 0;
  private hand = 0;

  constructor(maxBytes: number, sizeOf: (value: Value) => number) {
    this.maxBytes = maxBytes;
    this.sizeOf = sizeOf;
  }

  get(key: Key): Value | undefined {
    const slot = slotOf(key);
    return this.keys[slot] === key ? this.values[slot] : undefined;
  }

  /** A value of more than a quarter of the cache is not kept: it would drive out everything else. */
  set(key: Key, value: Value): void {
    const size = this.sizeOf(value);
    if (size > this.maxBytes / 4) return;
    if (this.keys.length === 0) this.allot();
    const slot = slotOf(key);
    this.drop(slot);
    this.keys[slot] = key;
    this.values[slot] = value;
    this.sizes[slot] = size;
    this.bytes += size;
    for (; this.bytes > this.maxBytes; this.hand = (this.hand + 1) % slots)
      if (this.hand !== slot) this.drop(this.hand);
  }

  private drop(slot: number): void {
    this.bytes -= this.sizes[slot] ?? 0;
    this.sizes[slot] = 0;
    this.keys[slot] = undefined;
    this.values[slot] = undefined;
  }

  private allot(): void {
    this.keys = Array<undefined>(slots).fill(undefined);
    this.values = Array<undefined>(slots).fill(undefined);
    this.sizes = new Float64Array(slots);
  }
}

const slotBits = 13;
const slots = 1 << slotBits;
/** Spreads what is evenly far apart (Knuth, The Art of Computer Programming, 6.4). */
const spread = 0x9e3779b1;

/** Of ids the first digits do, which are as good as random. */
function slotOf(key: string | number): number {
  let hash = 0;
  if (typeof key === 'number') hash = key | 0;
  else for (let at = 0; at < 8; at += 1) hash = (hash << 4) ^ (hash >>> 28) ^ key.charCodeAt(at);
  return Math.imul(hash, spread) >>> (32 - slotBits);
}
