/** Deltas of packed objects: copy from the base or insert literally (git: gitformat-pack, patch-delta.c). */

/** What one Buffer can hold on every system; a larger size is taken for damage. */
const maxObjectBytes = 0x7fff_ffff;

/** Undefined when the delta does not fit its base. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer | undefined {
  const reader = { delta, at: 0 };
  if (readSize(reader) !== base.length) return undefined;
  const size = readSize(reader);
  if (size > maxObjectBytes) return undefined;
  const result = Buffer.allocUnsafe(size);
  return applySteps(reader, base, result) ? result : undefined;
}

interface Reader {
  readonly delta: Buffer;
  at: number;
}

/** The size of base or result: seven bits a byte, lowest first. */
function readSize(reader: Reader): number {
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.delta[reader.at++] ?? 0;
    size += (byte & 127) * factor;
    if (byte < 128) return size;
  }
}

/** Says whether the result is full at the end. */
function applySteps({ delta, at: start }: Reader, base: Buffer, result: Buffer): boolean {
  let [at, written] = [start, 0];
  while (at < delta.length) {
    const op = delta[at++] ?? 0;
    if (op === 0) return false;
    let [source, from, length] = [delta, at, op];
    if (op < 128) at += op;
    else {
      source = base;
      [from, length] = [0, 0];
      // Only the bytes whose bit is set are there.
      for (let bit = 0; bit < 4; bit += 1) if (op & (1 << bit)) from += (delta[at++] ?? 0) * 256 ** bit;
      for (let bit = 0; bit < 3; bit += 1) if (op & (16 << bit)) length |= (delta[at++] ?? 0) << (8 * bit);
      if (length === 0) length = 0x10000;
    }
    if (from + length > source.length || written + length > result.length) return false;
    copy(source, from, { into: result, at: written, length });
    written += length;
  }
  return written === result.length;
}

/** A few bytes are copied sooner than the native copy is called. */
const fewBytes = 48;

function copy(
  source: Buffer,
  from: number,
  { into, at, length }: { readonly into: Buffer; readonly at: number; readonly length: number },
): void {
  if (length > fewBytes) source.copy(into, at, from, from + length);
  else for (let done = 0; done < length; done += 1) into[at + done] = source[from + done] ?? 0;
}
