/** Offsets of a text to lines and columns. */
import type { Position, SourceRange } from './types.js';

/**
 * Line and column (from 1, in UTF-16 code units, a byte order mark not counted) of an offset of `text`; an offset outside is moved to the
 * nearest end. A line ends with `\n`, `\r\n`, or a lone `\r`. The first call for a text costs its length, later ones are logarithmic.
 */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const at = Math.min(Math.max(Math.trunc(offset), 0), text.length);
  const line = lastNotAfter(starts, at);
  const bom = line === 0 && at > 0 && text.startsWith('\uFEFF') ? 1 : 0;
  return { offset: at, line: line + 1, column: at - (starts[line] ?? 0) + 1 - bom };
}

/** The range between two offsets. */
export function rangeAt(text: string, start: number, end: number): SourceRange {
  return { start: positionAt(text, start), end: positionAt(text, end) };
}

/** Line starts of the texts asked for last: positions are asked in runs over few texts. */
const remembered = new Map<string, readonly number[]>();
const maxRemembered = 4;

function lineStarts(text: string): readonly number[] {
  let starts = remembered.get(text);
  if (!starts) {
    starts = findLineStarts(text);
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= maxRemembered) remembered.delete(oldest);
    remembered.set(text, starts);
  }
  return starts;
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Index of the last element of the ascending `starts` that is not after `offset`. */
function lastNotAfter(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
