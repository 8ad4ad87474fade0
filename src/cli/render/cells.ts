import stringWidth from 'string-width';

/** The cells of a terminal that a text takes: two for a wide character, none for an accent of its own. */
export function cellsOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** The text with spaces behind it, in so many cells. */
export function padCells(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellsOf(text)));
}

/** At most `max` cells of a text; `…` stands for the rest. */
export function clipCells(text: string, max: number): string {
  if (text.length <= max && isPlain(text)) return text;
  if (cellsOf(text) <= max) return text;
  let [kept, width] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += cellsOf(segment);
    if (width > max - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
