/**
 * Small zlib streams (RFC 1950, 1951) without the price of calling zlib, which is several times that of the work: most trees and deltas
 * are one block that is stored or in the fixed Huffman code.
 */

const [stored, fixed] = [0, 1];
const endOfBlock = 256;
/** Literals and lengths by the next nine bits: the number of bits that are used, shifted by nine, and the symbol. */
const symbols = fixedSymbols();
/** Distance codes by the next five bits, which stand in the stream from the last to the first. */
const distances = Uint8Array.from({ length: 32 }, (_, code) => reversed(code, 5));
const [lengthBase, lengthExtra] = steps(3, 28, 4);
const [distanceBase, distanceExtra] = steps(1, 30, 2);
// The longest match has a code of its own.
lengthBase[28] = 258;
lengthExtra[28] = 0;

/**
 * The `size` bytes of the stream at `at` of `source`; undefined for any other kind of stream, and for one that is damaged or of another
 * length. Its checksum is not looked at: objects have a better one.
 */
export function inflateSmall(source: Uint8Array, at: number, size: number): Buffer | undefined {
  const method = source[at] ?? 0;
  const flags = source[at + 1] ?? 0;
  const first = source[at + 2] ?? 0;
  const isZlib = (method & 15) === 8 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
  const kind = (first >> 1) & 3;
  if (!isZlib || (first & 1) === 0 || kind > fixed) return undefined;
  const target = Buffer.allocUnsafe(size);
  const isWhole = kind === stored ? copyStored(source, at + 3, target) : inflateFixed(source, at + 2, target);
  return isWhole ? target : undefined;
}

function copyStored(source: Uint8Array, at: number, target: Uint8Array): boolean {
  const length = (source[at] ?? 0) | ((source[at + 1] ?? 0) << 8);
  const check = (source[at + 2] ?? 0) | ((source[at + 3] ?? 0) << 8);
  const start = at + 4;
  if (length !== target.length || (length ^ check) !== 0xffff || start + length > source.length) return false;
  for (let done = 0; done < length; done += 1) target[done] = source[start + done] ?? 0;
  return true;
}

function inflateFixed(source: Uint8Array, start: number, target: Uint8Array): boolean {
  const size = target.length;
  let [at, held, bits, written] = [start + 1, (source[start] ?? 0) >> 3, 5, 0];
  for (;;) {
    // The longest symbol with its extra bits.
    for (; bits < 14; bits += 8) held |= (source[at++] ?? 0) << bits;
    const found = symbols[held & 511] ?? 0;
    held >>>= found >> 9;
    bits -= found >> 9;
    const symbol = found & 511;
    if (symbol < endOfBlock) {
      if (written === size) return false;
      target[written++] = symbol;
      continue;
    }
    if (symbol === endOfBlock) return written === size && at <= source.length;
    const extra = lengthExtra[symbol - 257] ?? 0;
    const length = (lengthBase[symbol - 257] ?? 0) + (held & ((1 << extra) - 1));
    held >>>= extra;
    bits -= extra;
    // The longest distance with its extra bits.
    for (; bits < 18; bits += 8) held |= (source[at++] ?? 0) << bits;
    const code = distances[held & 31] ?? 0;
    const more = distanceExtra[code] ?? 0;
    const distance = (distanceBase[code] ?? 0) + ((held >>> 5) & ((1 << more) - 1));
    held >>>= 5 + more;
    bits -= 5 + more;
    if (length === 0 || distance === 0 || distance > written || written + length > size) return false;
    for (const end = written + length; written < end; written += 1)
      target[written] = target[written - distance] ?? 0;
  }
}

/** RFC 1951, section 3.2.6. */
function fixedSymbols(): Uint16Array {
  const table = new Uint16Array(512);
  for (let symbol = 0; symbol < 288; symbol += 1) {
    const [code, length] = fixedCode(symbol);
    for (let at = reversed(code, length); at < 512; at += 1 << length) table[at] = (length << 9) | symbol;
  }
  return table;
}

function fixedCode(symbol: number): readonly [code: number, bits: number] {
  if (symbol < 144) return [48 + symbol, 8];
  if (symbol < 256) return [400 + symbol - 144, 9];
  return symbol < 280 ? [symbol - 256, 7] : [192 + symbol - 280, 8];
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

/** The first value of each code and its extra bits, of which every `width` codes have one more (RFC 1951, section 3.2.5). */
function steps(first: number, count: number, width: number): readonly [Uint16Array, Uint8Array] {
  const [bases, extras] = [new Uint16Array(32), new Uint8Array(32)];
  let value = first;
  for (let code = 0; code < count; code += 1) {
    const extra = Math.max(0, Math.floor(code / width) - 1);
    bases[code] = value;
    extras[code] = extra;
    value += 1 << extra;
  }
  return [bases, extras];
}
