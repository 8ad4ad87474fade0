/** Huffman codes of deflate (RFC 1951, section 3.2). */

/** Codes of more bits are rare in little data. */
const mostBits = 10;
const reversed = Uint16Array.from({ length: 1 << mostBits }, (_, code) => {
  let result = 0;
  for (let bit = 0; bit < mostBits; bit += 1) result |= ((code >> bit) & 1) << (mostBits - 1 - bit);
  return result;
});
const counts = new Uint16Array(mostBits + 1);
const codes = new Uint16Array(mostBits + 1);

/** What the next bits of a stream mean. */
export class HuffmanCode {
  /** By as many bits as the longest code has: the number of bits that are used, shifted by nine, and the symbol. */
  readonly table: Uint16Array = new Uint16Array(1 << mostBits);
  /** Of the bits that the table is asked by. */
  mask = 0;

  /**
   * Makes the code of what each symbol takes in bits (section 3.2.2): those from `start` to `end`. False where some bits would mean nothing,
   * or two things, or codes are long.
   */
  assign(lengths: Uint8Array, start: number = 0, end: number = lengths.length): boolean {
    counts.fill(0);
    for (let at = start; at < end; at += 1) {
      const length = lengths[at] ?? 0;
      if (length > mostBits) return false;
      counts[length] = (counts[length] ?? 0) + 1;
    }
    counts[0] = 0;
    let bits = mostBits;
    while (bits > 0 && counts[bits] === 0) bits -= 1;
    let code = 0;
    for (let length = 1; length <= bits; length += 1) {
      code = (code + (counts[length - 1] ?? 0)) << 1;
      codes[length] = code;
    }
    if (bits === 0 || code + (counts[bits] ?? 0) !== 1 << bits) return false;
    this.mask = (1 << bits) - 1;
    const { table, mask } = this;
    for (let at = start; at < end; at += 1) {
      const length = lengths[at] ?? 0;
      if (length === 0) continue;
      const next = codes[length] ?? 0;
      codes[length] = next + 1;
      const entry = (length << 9) | (at - start);
      // Codes stand in the stream from their last bit to their first.
      const first = (reversed[next] ?? 0) >> (mostBits - length);
      for (let place = first; place <= mask; place += 1 << length) table[place] = entry;
    }
    return true;
  }
}
