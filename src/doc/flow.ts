/** How the text of a bracketed collection is cut into pieces; YAML flow collections and JSON alike. */
import type { EntryPieces } from './entry.js';

/** The structural offsets of a bracketed collection. */
export interface FlowSpans {
  readonly source: string;
  /** Just after the opening bracket. */
  readonly from: number;
  /** The closing bracket. */
  readonly to: number;
  /** Where each entry begins and ends, comments and space around it left out. */
  readonly entries: readonly { readonly start: number; readonly end: number }[];
  readonly commas: readonly number[];
  /** The end of the line at an offset where only space and comments stand, or -1 when the line does not end before `limit`. */
  readonly lineEnd: (source: string, from: number, limit: number) => number;
}

export interface FlowPieces {
  /** The rest of the line of the opening bracket. */
  readonly startRest: string;
  readonly entries: readonly EntryPieces[];
  readonly trailingComma: boolean;
  /** What stands before the closing bracket. */
  readonly closeLead: string;
}

/** Cuts all text between the brackets into pieces; their concatenation, entries and commas put back, is that text. */
export function cutFlow(spans: FlowSpans): FlowPieces {
  const { source, from, to, entries, commas } = spans;
  let at = afterLine(spans, from, entries[0]?.start ?? to);
  const startRest = source.slice(from, at);
  const pieces = entries.map(({ start, end }, index): EntryPieces => {
    const offset = at;
    const lineStart = at + source.slice(at, start).lastIndexOf('\n') + 1;
    const comma = commas[index];
    const afterComma = comma === undefined ? end : comma + 1;
    at = afterLine(spans, afterComma, entries[index + 1]?.start ?? to);
    return {
      offset,
      lead: source.slice(offset, lineStart),
      indent: source.slice(lineStart, start),
      tail: comma === undefined ? '' : source.slice(end, comma),
      post: source.slice(afterComma, at),
    };
  });
  return {
    startRest,
    entries: pieces,
    trailingComma: entries.length > 0 && commas.length === entries.length,
    closeLead: source.slice(at, to),
  };
}

/** The offset after the line break at `from` when nothing but trivia stands before it, else `from`. */
function afterLine({ source, lineEnd }: FlowSpans, from: number, limit: number): number {
  const end = lineEnd(source, from, limit);
  return end < 0 ? from : end;
}

/** Line ends where comments begin with `#`. */
export function hashLineEnd(source: string, from: number, limit: number): number {
  const newline = source.slice(from, limit).indexOf('\n');
  return newline < 0 ? -1 : from + newline + 1;
}
