/** Offsets of a text to lines and columns. */
import type { Position, SourceRange } from './types.js';

/**
 * Line and column (from 1, in UTF-16 code units) of an offset of `text`; an offset outside is moved to the nearest end.
 * A line ends with `\n`, `\r\n`, or a lone `\r`. The first call for a text costs its length, later ones are logarithmic.
 */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const at = Math.min(Math.max(Math.trunc(offset), 0), text.length);
  const line = lastNotAfter(starts, at);
  return { offset: at, line: line + 1, column: at - (starts[line] ?? 0) + 1 };
}

/** The range between two offsets. */
export function rangeAt(text: string, start: number, end: number): SourceRange {
  return { start: positionAt(text, start), end: positionAt(text, end) };
}

/** The starts of the lines of the last text asked for: positions are asked in runs over one text. */
let remembered: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] };

function lineStarts(text: string): readonly number[] {
  if (remembered.text !== text) remembered = { text, starts: findLineStarts(text) };
  return remembered.starts;
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
