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
  let written = 0;
  while (reader.at < delta.length) {
    const step = readStep(reader);
    if (step === undefined) return undefined;
    const source = step.literal ? delta : base;
    const stop = step.start + step.length;
    if (stop > source.length || written + step.length > result.length) return undefined;
    source.copy(result, written, step.start, stop);
    written += step.length;
  }
  return written === result.length ? result : undefined;
}

interface Reader {
  readonly delta: Buffer;
  at: number;
}

interface Step {
  /** From the delta itself, otherwise from the base. */
  readonly literal: boolean;
  readonly start: number;
  readonly length: number;
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

function readStep(reader: Reader): Step | undefined {
  const op = reader.delta[reader.at++] ?? 0;
  if (op === 0) return undefined;
  if (op < 128) {
    const start = reader.at;
    reader.at += op;
    return { literal: true, start, length: op };
  }
  const start = readSparse(reader, op, 4);
  const length = readSparse(reader, op >> 4, 3);
  return { literal: false, start, length: length === 0 ? 0x10000 : length };
}

/** Only the bytes whose bit is set in `present` are there. */
function readSparse(reader: Reader, present: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1)
    if (present & (1 << index)) value += (reader.delta[reader.at++] ?? 0) * 256 ** index;
  return value;
}
