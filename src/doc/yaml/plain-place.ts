/** Where a scalar of plain YAML (`plain.ts`) is written, found by its lines alone: nothing is read but the keys on the way to it. */
import type { ScalarStyle } from '../tree.js';
import { doubleQuoted, isItemAt, plainKey, singleQuoted, spaceEnd } from './plain.js';

/** A scalar on one line of a block collection. */
export interface PlainScalar {
  /** As written. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Where it begins and ends, in UTF-16 code units. */
  readonly offset: number;
  readonly end: number;
}

/** The lines of a block collection, from the first character of its first entry. */
export interface Block {
  readonly from: number;
  readonly column: number;
}

/**
 * The scalar at a path of keys and indexes in a text that `readPlain` takes; undefined where none is there, and for what is more than a scalar on
 * its line: an empty value, a `|` text, and what stands in brackets.
 */
export function plainScalarAt(text: string, path: readonly (string | number)[]): PlainScalar | undefined {
  let block = firstBlock(text);
  for (const [depth, segment] of path.entries()) {
    const at = block && entryOf(text, block, segment);
    if (block === undefined || at === undefined) return undefined;
    if (depth === path.length - 1) return scalarAt(text, at);
    block = blockBehind(text, at, { column: block.column, isItem: typeof segment === 'number' });
  }
  return undefined;
}

export function firstBlock(text: string): Block | undefined {
  const first = blockFrom(text, 0);
  return first && isDocumentStart(text, first) ? blockFrom(text, lineAfter(text, first.from)) : first;
}

/** Whether a line is `---`. */
export function isDocumentStart(text: string, { from }: Block): boolean {
  return /^---(?:\n|$)/.test(text.slice(from, from + 4));
}

/** The first line from here on that is neither empty nor a comment. */
export function blockFrom(text: string, lineStart: number | undefined): Block | undefined {
  for (let line = lineStart; line !== undefined; line = lineAfter(text, line)) {
    const from = spaceEnd(text, line);
    if (!isRest(text, from)) return { from, column: from - line };
  }
  return undefined;
}

export function lineAfter(text: string, at: number): number | undefined {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? undefined : newline + 1;
}

/** Whether a line has nothing more from here on, or only a comment. */
export function isRest(text: string, at: number): boolean {
  const mark = text[at];
  return mark === undefined || mark === '\n' || mark === '#';
}

/** Where an entry of a block goes on behind its indicator and spaces. */
function entryOf(text: string, { from, column }: Block, segment: string | number): number | undefined {
  const isList = isItemAt(text, from);
  if (isList !== (typeof segment === 'number')) return undefined;
  const heads = isList ? ['-'] : headsOf(String(segment));
  let index = 0;
  for (let at: number | undefined = from; at !== undefined; at = entryAfter(text, at, { column, isList })) {
    const head = isList && index !== segment ? undefined : heads.find((one) => isHead(text, at, one));
    if (head !== undefined) return spaceEnd(text, at + head.length);
    index += 1;
  }
  return undefined;
}

/** The ways to write a key. */
function headsOf(name: string): readonly string[] {
  const quoted = [`"${name}":`, `'${name}':`];
  return plainKey.test(name) ? [`${name}:`, ...quoted] : quoted;
}

function isHead(text: string, at: number | undefined, head: string): boolean {
  if (at === undefined || !text.startsWith(head, at)) return false;
  const next = text[at + head.length];
  return next === undefined || next === ' ' || next === '\n';
}

/** The next entry of a block: what is deeper belongs to the one before, and so do the items of a list in the column of its key. */
function entryAfter(
  text: string,
  entry: number,
  { column, isList }: { readonly column: number; readonly isList: boolean },
): number | undefined {
  for (let line = lineAfter(text, entry); line !== undefined; line = lineAfter(text, line)) {
    const at = spaceEnd(text, line);
    if (at - line > column || isRest(text, at)) continue;
    if (at - line < column) return undefined;
    if (isItemAt(text, at) === isList) return at;
    if (isList) return undefined;
  }
  return undefined;
}

/** The collection that an entry has for its value: on the lines below it, or begun on its own (`- key: 1`). */
function blockBehind(
  text: string,
  at: number,
  { column, isItem }: { readonly column: number; readonly isItem: boolean },
): Block | undefined {
  if (!isRest(text, at)) {
    const isCompact = isItem && !/[[{|]/.test(text[at] ?? '');
    return isCompact ? { from: at, column: at - (text.lastIndexOf('\n', at) + 1) } : undefined;
  }
  const below = blockFrom(text, lineAfter(text, at));
  if (below === undefined || below.column < column) return undefined;
  return below.column > column || (!isItem && isItemAt(text, below.from)) ? below : undefined;
}

function scalarAt(text: string, offset: number): PlainScalar | undefined {
  const newline = text.indexOf('\n', offset);
  const line = text.slice(offset, newline < 0 ? text.length : newline);
  if (line === '' || /^[#|[{]/.test(line)) return undefined;
  const style = line.startsWith('"') ? 'double' : line.startsWith("'") ? 'single' : 'plain';
  const pattern = scalars[style];
  pattern.lastIndex = 0;
  const [written = ''] = pattern.exec(line) ?? [];
  const isAlone = /^ *(?: #.*)?$/.test(line.slice(written.length));
  return isAlone ? { text: written, style, offset, end: offset + written.length } : undefined;
}

const scalars = {
  double: doubleQuoted,
  single: singleQuoted,
  plain: /(?:(?! *$| +#|:(?: |$)).)+/y,
} as const;
