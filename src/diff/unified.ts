import { compactLines } from './compact.js';
import { diffSequences } from './sequences.js';

/** How a line diff is labelled. */
export interface UnifiedDiffOptions {
  /** What stands after `---`: `a/FILE`, or `/dev/null`. */
  readonly from: string;
  /** What stands after `+++`. */
  readonly to: string;
  /** Unchanged lines around each change. Default 3. */
  readonly context?: number;
}

/**
 * The line diff of two texts as `git diff` prints it from `---` on, so that `git apply` and `patch` take it; '' when they are equal.
 *
 * Changes are placed where git places them, and hunks carry git's heading: the last line above that begins with a letter.
 */
export function unifiedDiff(before: string, after: string, options: UnifiedDiffOptions): string {
  if (before === after) return '';
  const [a, b] = [linesOf(before), linesOf(after)];
  const changed = changedLines(a, b);
  const hunks = hunksOf(editsOf(changed.before, changed.after), options.context ?? 3, a.length);
  let heading = '';
  let seen = 0;
  const texts = hunks.map((hunk) => {
    heading = headingAbove(a, hunk.before, seen) ?? heading;
    seen = hunk.before;
    return hunkText(hunk, { a, b, heading });
  });
  return `--- ${options.from}\n+++ ${options.to}\n${texts.join('')}`;
}

/** The lines of a text, each with its line break. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Which lines of each side are not in the other, moved to where a reader expects them. */
function changedLines(
  a: readonly string[],
  b: readonly string[],
): { readonly before: Uint8Array; readonly after: Uint8Array } {
  const [before, after] = [new Uint8Array(a.length).fill(1), new Uint8Array(b.length).fill(1)];
  for (const run of diffSequences(a, b, (line) => line)) {
    before.fill(0, run.before, run.before + run.length);
    after.fill(0, run.after, run.after + run.length);
  }
  compactLines({ lines: a, changed: before }, after);
  compactLines({ lines: b, changed: after }, before);
  return { before, after };
}

/** Lines `before..before+removed` of the first text became `after..after+added` of the second. */
interface Edit {
  readonly before: number;
  readonly removed: number;
  readonly after: number;
  readonly added: number;
}

function editsOf(before: Uint8Array, after: Uint8Array): readonly Edit[] {
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [startI, startJ] = [i, j];
    while (before[i] === 1) i++;
    while (after[j] === 1) j++;
    if (i > startI || j > startJ)
      edits.push({ before: startI, removed: i - startI, after: startJ, added: j - startJ });
    i++;
    j++;
  }
  return edits;
}

/** Edits that are printed together, with the first and last line of the first text that they show. */
interface Hunk {
  readonly before: number;
  readonly beforeEnd: number;
  readonly edits: readonly Edit[];
}

function hunksOf(edits: readonly Edit[], context: number, lineCount: number): readonly Hunk[] {
  const groups: Edit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && edit.before - (last.before + last.removed) <= 2 * context)
      groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0], group.at(-1)];
    return {
      before: Math.max(0, (first?.before ?? 0) - context),
      beforeEnd: Math.min(lineCount, (last?.before ?? 0) + (last?.removed ?? 0) + context),
      edits: group,
    };
  });
}

function hunkText(
  hunk: Hunk,
  {
    a,
    b,
    heading,
  }: { readonly a: readonly string[]; readonly b: readonly string[]; readonly heading: string },
): string {
  const first = hunk.edits[0];
  const lines: string[] = [];
  let at = hunk.before;
  for (const edit of hunk.edits) {
    lines.push(...a.slice(at, edit.before).map((line) => ` ${line}`));
    lines.push(...a.slice(edit.before, edit.before + edit.removed).map((line) => `-${line}`));
    lines.push(...b.slice(edit.after, edit.after + edit.added).map((line) => `+${line}`));
    at = edit.before + edit.removed;
  }
  lines.push(...a.slice(at, hunk.beforeEnd).map((line) => ` ${line}`));
  const grown = hunk.edits.reduce((sum, edit) => sum + edit.added - edit.removed, 0);
  const length = hunk.beforeEnd - hunk.before;
  const after = (first?.after ?? 0) - ((first?.before ?? 0) - hunk.before);
  const ranges = `-${rangeText(hunk.before, length)} +${rangeText(after, length + grown)}`;
  return `@@ ${ranges} @@${heading === '' ? '' : ` ${heading}`}\n${lines.map(withEnd).join('')}`;
}

/** `line,count` counting from 1; an empty range is named by the line above it, and a count of 1 is left out. */
function rangeText(start: number, length: number): string {
  const line = length === 0 ? start : start + 1;
  return length === 1 ? String(line) : `${line},${length}`;
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`;
}

/** git: xdiff's default rule for hunk headings, a line that begins with a letter, `_` or `$`; at most 80 bytes of it. */
function headingAbove(lines: readonly string[], from: number, until: number): string | undefined {
  for (let at = from - 1; at >= until; at--) {
    const line = lines[at] ?? '';
    if (/^[A-Za-z_$]/.test(line)) return cut(line, 80).trimEnd();
  }
  return undefined;
}

/** As many whole characters as fit into so many bytes of UTF-8. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
