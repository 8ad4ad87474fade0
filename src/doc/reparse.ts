/** The next version of a text that was read before. */
import { defaultLimits, parseDocument, type ConfigDocument } from './document.js';
import { isOneLine, plainMeaning, withNode } from './edit/one-scalar.js';
import type { DocumentTree, Node, ScalarNode } from './tree.js';

/** More lines than this are not worth a comparison. */
const mostLines = 8;

/**
 * What `parseDocument(text, previous.options)` returns, in a fraction of the time where the text differs from that of `previous` in scalars on
 * their lines only, as most versions of a file do.
 */
export function reparseDocument(previous: ConfigDocument, text: string): ConfigDocument {
  if (text === previous.text && previous.origin === undefined) return previous;
  return sameLines(previous, text) ?? parseDocument(text, { ...previous.options, format: previous.format });
}

function sameLines(previous: ConfigDocument, text: string): ConfigDocument | undefined {
  const { tree, diagnostics, options, format } = previous;
  if (tree === undefined || diagnostics.length > 0 || options.limits !== undefined || format === 'ini')
    return undefined;
  if (Math.max(text.length, previous.text.length) > defaultLimits.maxLength) return undefined;
  const lines = changedLines(previous.text, text);
  if (lines === undefined) return undefined;
  let changed: DocumentTree | undefined = tree;
  // From the last to the first, so that offsets still to be used stay as they are.
  for (const line of lines.toReversed()) changed = changed && withLine(changed, line);
  return changed && { format, text, diagnostics, valid: true, tree: changed, options };
}

interface ChangedLine {
  /** Where the line begins in the old text. */
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

/** The lines that differ; undefined where lines came or went, or there are too many. */
function changedLines(before: string, after: string): readonly ChangedLine[] | undefined {
  const start = before.lastIndexOf('\n', commonStart(before, after) - 1) + 1;
  const most = Math.min(before.length, after.length) - start;
  const tail = commonEnd(before, after, most);
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail];
  const rest = /^[^\n]*/.exec(before.slice(oldEnd))?.[0].length ?? 0;
  const old = before.slice(start, oldEnd + rest).split('\n');
  const now = after.slice(start, newEnd + rest).split('\n');
  if (old.length !== now.length || old.length > mostLines) return undefined;
  const lines: ChangedLine[] = [];
  let offset = start;
  for (const [at, line] of old.entries()) {
    const other = now[at] ?? '';
    if (line !== other) lines.push({ offset, before: line, after: other });
    offset += line.length + 1;
  }
  return lines;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function commonEnd(a: string, b: string, most: number): number {
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length += 1;
  return length;
}

/** The tree with the one scalar that a line changed; undefined when it changed anything else. */
function withLine(tree: DocumentTree, { offset, before, after }: ChangedLine): DocumentTree | undefined {
  const start = commonStart(before, after);
  const end = before.length - commonEnd(before, after, Math.min(before.length, after.length) - start);
  const old = leafAround(tree, offset + start, offset + end);
  if (old === undefined || !isOneLine(old)) return undefined;
  const from = old.offset - offset;
  if (from < 0) return undefined;
  const text = after.slice(from, from + old.text.length + after.length - before.length);
  const meaning = plainMeaning(text, tree.format);
  return meaning && withNode(tree, old, { ...old, ...meaning, text, end: old.offset + text.length });
}

/** The scalar of an entry that a range of the text lies in. */
function leafAround(tree: DocumentTree, start: number, end: number): ScalarNode | undefined {
  for (const { value } of tree.documents) {
    const leaf = value.kind === 'scalar' ? undefined : leafBelow(value, start, end);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

function leafBelow(node: Node, start: number, end: number): ScalarNode | undefined {
  if (node.kind === 'scalar') return node.offset <= start && end <= node.end ? node : undefined;
  const entry = node.entries.findLast((one) => one.offset <= start);
  return entry && leafBelow(entry.value, start, end);
}
