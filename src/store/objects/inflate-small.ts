/**
 * Small zlib streams (RFC 1950, 1951) without the price of calling zlib, which is several times that of the work: most commits, trees and
 * deltas are one block.
 */
import { HuffmanCode } from './huffman.js';
import { bufferOf } from './oid.js';

const [stored, fixed, dynamic] = [0, 1, 2];
const endOfBlock = 256;
const [lengthBase, lengthExtra] = steps(3, 28, 4);
const [distanceBase, distanceExtra] = steps(1, 30, 2);
// The longest match has a code of its own.
lengthBase[28] = 258;
lengthExtra[28] = 0;

interface Codes {
  readonly symbols: HuffmanCode;
  readonly distances: HuffmanCode;
}

const fixedCodes = makeFixedCodes();
/** Made anew for each block that brings its own. */
const ownCodes: Codes = { symbols: new HuffmanCode(), distances: new HuffmanCode() };
const codeOfLengths = new HuffmanCode();
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const [mostSymbols, mostDistances] = [286, 30];
const [repeatLast, repeatZero] = [16, 17];
const lengths = new Uint8Array(mostSymbols + mostDistances);

/**
 * The `size` bytes of the stream at `at` of `source`; undefined for any other kind of stream, and for one that is damaged or of another
 * length. Its checksum is not looked at: objects have a better one.
 */
export function inflateSmall(source: Uint8Array, at: number, size: number): Buffer | undefined {
  const target = Buffer.allocUnsafe(size);
  return inflateInto(target, new BitReader(source, at)) === size ? target : undefined;
}

/**
 * A whole stream, checksum included, of content whose length is not known; undefined for more than 4,096 bytes, and where
 * {@link inflateSmall} gives nothing.
 */
export function inflateStream(stream: Uint8Array): Buffer | undefined {
  const bits = new BitReader(stream, 0);
  const size = inflateInto(room, bits);
  if (size === undefined || bits.at + 4 !== stream.length) return undefined;
  const content = Buffer.from(room.subarray(0, size));
  return bufferOf(stream).readUInt32BE(bits.at) === adler32(content) ? content : undefined;
}

/** For content of any length. */
const room = new Uint8Array(4096);

/** RFC 1950, section 8.2, of so few bytes that the sums stay exact. */
function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < data.length; at += 1) {
    a += data[at] ?? 0;
    b += a;
  }
  return (b % 65_521) * 0x10000 + (a % 65_521);
}

/** How many bytes the stream held, which then is read to its checksum; undefined when they could not be had. */
function inflateInto(target: Uint8Array, bits: BitReader): number | undefined {
  const { source, at } = bits;
  const method = source[at] ?? 0;
  const flags = source[at + 1] ?? 0;
  const isZlib = (method & 15) === 8 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
  if (!isZlib) return undefined;
  bits.at += 2;
  const isLast = bits.take(1) === 1;
  const kind = bits.take(2);
  if (!isLast || kind > dynamic) return undefined;
  if (kind === stored) return copyStored(bits, at + 3, target);
  const codes = kind === fixed ? fixedCodes : readCodes(bits);
  return codes && inflateBlock(bits, codes, target);
}

/** The bits of a stream, lowest first; zeros after its end. */
class BitReader {
  readonly source: Uint8Array;
  /** The next byte. */
  at: number;
  /** The bits that come before it, and how many they are. */
  held = 0;
  bits = 0;

  constructor(source: Uint8Array, at: number) {
    this.source = source;
    this.at = at;
  }

  /** As many bits as a small code or a number has, and more. */
  peek(): number {
    for (; this.bits < 16; this.bits += 8) this.held |= (this.source[this.at++] ?? 0) << this.bits;
    return this.held;
  }

  take(count: number): number {
    const taken = this.peek() & ((1 << count) - 1);
    this.held >>>= count;
    this.bits -= count;
    return taken;
  }
}

function copyStored(bits: BitReader, at: number, target: Uint8Array): number | undefined {
  const { source } = bits;
  const length = (source[at] ?? 0) | ((source[at + 1] ?? 0) << 8);
  const check = (source[at + 2] ?? 0) | ((source[at + 3] ?? 0) << 8);
  const start = at + 4;
  if (length > target.length || (length ^ check) !== 0xffff || start + length > source.length)
    return undefined;
  for (let done = 0; done < length; done += 1) target[done] = source[start + done] ?? 0;
  bits.at = start + length;
  return length;
}

/** RFC 1951, section 3.2.7. */
function readCodes(bits: BitReader): Codes | undefined {
  const symbols = bits.take(5) + 257;
  const all = symbols + bits.take(5) + 1;
  if (symbols > mostSymbols || all - symbols > mostDistances || !readCodeOfLengths(bits)) return undefined;
  for (let at = 0; at < all;) {
    const found = codeOfLengths.table[bits.peek() & codeOfLengths.mask] ?? 0;
    bits.take(found >> 9);
    const symbol = found & 511;
    if (symbol < repeatLast) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === repeatLast && at === 0) return undefined;
    const value = symbol === repeatLast ? (lengths[at - 1] ?? 0) : 0;
    const end =
      at +
      (symbol === repeatLast
        ? 3 + bits.take(2)
        : symbol === repeatZero
          ? 3 + bits.take(3)
          : 11 + bits.take(7));
    if (end > all) return undefined;
    for (; at < end; at += 1) lengths[at] = value;
  }
  const isWhole =
    lengths[endOfBlock] !== 0 &&
    ownCodes.symbols.assign(lengths, 0, symbols) &&
    ownCodes.distances.assign(lengths, symbols, all);
  return isWhole ? ownCodes : undefined;
}

function readCodeOfLengths(bits: BitReader): boolean {
  const count = bits.take(4) + 4;
  lengths.fill(0, 0, orderOfLengths.length);
  for (let at = 0; at < count; at += 1) lengths[orderOfLengths[at] ?? 0] = bits.take(3);
  return codeOfLengths.assign(lengths, 0, orderOfLengths.length);
}

function inflateBlock(from: BitReader, codes: Codes, target: Uint8Array): number | undefined {
  const { source } = from;
  const { table: symbols, mask: symbolMask } = codes.symbols;
  const { table: distances, mask: distanceMask } = codes.distances;
  const size = target.length;
  let { at, held, bits } = from;
  for (let written = 0; ;) {
    // The longest symbol with its extra bits.
    for (; bits < 16; bits += 8) held |= (source[at++] ?? 0) << bits;
    const found = symbols[held & symbolMask] ?? 0;
    held >>>= found >> 9;
    bits -= found >> 9;
    const symbol = found & 511;
    if (symbol < endOfBlock) {
      if (written === size) return undefined;
      target[written++] = symbol;
      continue;
    }
    if (symbol === endOfBlock) {
      from.at = at - (bits >> 3);
      return at <= source.length ? written : undefined;
    }
    const extra = lengthExtra[symbol - 257] ?? 0;
    const length = (lengthBase[symbol - 257] ?? 0) + (held & ((1 << extra) - 1));
    held >>>= extra;
    bits -= extra;
    // The longest distance with its extra bits.
    for (; bits < 23; bits += 8) held |= (source[at++] ?? 0) << bits;
    const code = distances[held & distanceMask] ?? 0;
    held >>>= code >> 9;
    const more = distanceExtra[code & 511] ?? 0;
    const distance = (distanceBase[code & 511] ?? 0) + (held & ((1 << more) - 1));
    held >>>= more;
    bits -= (code >> 9) + more;
    if (length === 0 || distance === 0 || distance > written || written + length > size) return undefined;
    for (const end = written + length; written < end; written += 1)
      target[written] = target[written - distance] ?? 0;
  }
}

/** RFC 1951, section 3.2.6. */
function makeFixedCodes(): Codes {
  const codes = { symbols: new HuffmanCode(), distances: new HuffmanCode() };
  codes.symbols.assign(new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280));
  codes.distances.assign(new Uint8Array(32).fill(5));
  return codes;
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
