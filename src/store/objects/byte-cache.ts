/** A cache that forgets what was used longest ago once it holds too many bytes. */
export class ByteCache<Key, Value> {
  private readonly maxBytes: number;
  private readonly sizeOf: (value: Value) => number;
  private readonly values = new Map<Key, Value>();
  private bytes = 0;

  constructor(maxBytes: number, sizeOf: (value: Value) => number) {
    this.maxBytes = maxBytes;
    this.sizeOf = sizeOf;
  }

  get(key: Key): Value | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  /** A value of more than a quarter of the cache is not kept: it would drive out everything else. */
  set(key: Key, value: Value): void {
    const size = this.sizeOf(value);
    if (size > this.maxBytes / 4 || this.values.has(key)) return;
    this.values.set(key, value);
    this.bytes += size;
    for (const [oldest, old] of this.values) {
      if (this.bytes <= this.maxBytes) break;
      this.values.delete(oldest);
      this.bytes -= this.sizeOf(old);
    }
  }
}
