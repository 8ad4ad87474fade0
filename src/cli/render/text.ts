import { addressOf, type ConfigValue } from '../../doc/index.js';
import { formatJson } from '../json.js';
import { cellsOf, clipCells, padCells } from './cells.js';
import { visible } from './style.js';

/** A value on one line, as JSON so that `80` and `"80"` differ, cut to `max` cells; `(none)` when there is no value. */
export function inline(value: ConfigValue | undefined, max: number = Number.POSITIVE_INFINITY): string {
  if (value === undefined) return '(none)';
  return clipCells(visible(formatJson(value)), Math.max(max, 8));
}

/** `FILE#KEY` for people; the file alone for an empty path. */
export function address(file: string, path: string): string {
  return visible(addressOf(file, path));
}

/** The seven digits that people read of an object id. */
export function short(oid: string): string {
  return oid.slice(0, 7);
}

/** `1 file`, `2 files`. */
export function count(n: number, noun: string, plural: string = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** Lines as text; nothing for no lines. */
export function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join('');
}

/**
 * Cells of equal width, two spaces between columns; the last cell of a row is not padded, and what is wider than `widest` does not
 * move the other rows. Cells hold no colour.
 */
export function padded(
  rows: readonly (readonly string[])[],
  widest: number = Number.POSITIVE_INFINITY,
): string[][] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      const width = cellsOf(cell);
      widths[column] = Math.max(widths[column] ?? 0, width > widest ? 0 : width);
    });
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : padCells(cell, widths[column] ?? 0))),
  );
}

/** At most `limit` items, and how many more there are. */
export function firstFew(items: readonly string[], limit = 10): readonly string[] {
  if (items.length <= limit) return items;
  return [...items.slice(0, limit), `… and ${items.length - limit} more`];
}

/** Text without halves of surrogate pairs, which no encoding has. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
