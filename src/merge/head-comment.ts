/** A comment with a blank line below it reads as the head of its file when its entry comes first, and as the entry's own elsewhere. */
import type { DocumentNode, MapEntry } from '../doc/index.js';

/** The version with the last comment of its head given to its first entry, if that entry has it in one of the others. */
export function withOwnComment(
  version: DocumentNode,
  others: readonly (DocumentNode | undefined)[],
): DocumentNode {
  const root = version.value;
  if (root.kind !== 'map' || root.open + root.start !== '') return version;
  const [first, ...rest] = root.entries;
  if (first === undefined) return version;
  const at = lastBlock(version.head);
  const comment = version.head.slice(at);
  if (!others.some((other) => sharesLine(comment, leadIn(other, first)))) return version;
  const lead = comment + first.lead;
  const entries = [{ ...first, lead, offset: first.offset - comment.length }, ...rest];
  return { ...version, head: version.head.slice(0, at), value: { ...root, entries } };
}

/** Where the last comment of a head begins: behind the last blank line, or the `---`, that has something below it. */
function lastBlock(head: string): number {
  const last = [...head.trimEnd().matchAll(/^(?:---.*|[ \t]*)\n/gm)].at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}

/** The comment of the same entry in another version. */
function leadIn(other: DocumentNode | undefined, { key }: MapEntry): string {
  const entries = other?.value.kind === 'map' ? other.value.entries : [];
  return entries.find((entry) => entry.key.id === key.id)?.lead ?? '';
}

function sharesLine(a: string, b: string): boolean {
  const lines = new Set(commentLines(b));
  return commentLines(a).some((line) => lines.has(line));
}

function commentLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
}
