/**
 * How much of a file is found in another, as Git estimates it for renames (git: diffcore-delta.c, diffcore-rename.c): both are cut into
 * lines of at most 64 bytes, equal pieces are counted by their length.
 */

/** What counts as "the same". */
export const maxScore = 60_000;
export const minimumScore: number = maxScore / 2;

/** Pieces of a file by hash: how many bytes each stands for. */
export interface Fingerprint {
  readonly size: number;
  readonly pieces: ReadonlyMap<number, number>;
}

const pieceLimit = 64;
const hashBase = 107_927;

export function fingerprint(data: Uint8Array): Fingerprint {
  const pieces = new Map<number, number>();
  const isText = !data.subarray(0, 8000).includes(0);
  let [first, second, length] = [0, 0, 0];
  const close = (): void => {
    const hash = ((first + Math.imul(second, 0x61)) >>> 0) % hashBase;
    pieces.set(hash, (pieces.get(hash) ?? 0) + length);
    [first, second, length] = [0, 0, 0];
  };
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at] ?? 0;
    if (isText && byte === 13 && data[at + 1] === 10) continue;
    const old = first;
    first = (((first << 7) ^ (second >>> 25)) + byte) >>> 0;
    second = ((second << 7) ^ (old >>> 25)) >>> 0;
    length += 1;
    if (length === pieceLimit || byte === 10) close();
  }
  if (length > 0) close();
  return { size: data.length, pieces };
}

/** 0 to {@link maxScore}. */
export function similarityScore(before: Fingerprint, after: Fingerprint): number {
  const larger = Math.max(before.size, after.size);
  const smaller = Math.min(before.size, after.size);
  if (after.size === 0 || larger * (maxScore - minimumScore) < (larger - smaller) * maxScore) return 0;
  let copied = 0;
  for (const [hash, size] of before.pieces) copied += Math.min(size, after.pieces.get(hash) ?? 0);
  return Math.floor((copied * maxScore) / larger);
}
