/** Entries taken out of a collection. */
import type { Step } from '../place.js';
import { printDocument, type Entry } from '../tree.js';
import { bracketed, withoutEntry } from './flow-edit.js';
import { overFlow } from './insert.js';
import type { Splice } from './splice.js';
import { documentOffset, entryEnd, headEnd, type Target } from './target.js';

/**
 * The ways to take the entry of a target out, the best one first: it goes with the comments that belong to it. The last entry of a block collection leaves ` {}` or ` []` behind the
 * indicator.
 */
export function removeEntry(target: Target): readonly Splice[] {
  const { last, steps, text } = target;
  if (!last) return [removeDocument(target)];
  const { parent, index, entry } = last;
  if (parent.style === 'flow') return [overFlow(parent, withoutEntry(bracketed(parent), index))];
  const outer = steps.at(-2)?.entry;
  if (parent.entries.length === 1) return [emptied(target, last, outer)];
  const next = parent.entries[index + 1];
  if (index === 0 && next && outer && !parent.open.endsWith('\n'))
    return [firstOfCompact(target, { entry, next, outer })];
  const alone = { start: entry.offset, end: entryEnd(entry), text: '' };
  return [withLineBreak(text, alone), alone, withBlankLines(text, alone)];
}

/** `- a: 1`: the entry after it comes up behind the dash, unless comments stand between them. */
function firstOfCompact(
  { tree }: Target,
  { entry, next, outer }: { readonly entry: Entry; readonly next: Entry; readonly outer: Entry },
): Splice {
  if (next.lead === '') return { start: entry.offset, end: next.offset + next.indent.length, text: '' };
  return { start: headEnd(outer), end: next.offset, text: tree.eol };
}

/** At the end of a file without a final line break, the one before the entry goes with it (unless it is part of a block scalar). */
function withLineBreak(text: string, { start, end }: Splice): Splice {
  const isLast = end === text.length && !text.endsWith('\n') && start > 0 && text[start - 1] === '\n';
  const before = text[start - 2] === '\r' ? 2 : 1;
  return { start: isLast ? start - before : start, end, text: '' };
}

function emptied({ tree, text }: Target, { parent, entry }: Step, outer: Entry | undefined): Splice {
  const brackets = parent.kind === 'map' ? '{}' : '[]';
  const end = entryEnd(entry);
  const lineBreak = text[end - 1] === '\n' ? tree.eol : '';
  if (!outer) return { start: entry.offset + entry.lead.length, end, text: brackets + lineBreak };
  const start = headEnd(outer);
  const line = parent.open.endsWith('\n') ? parent.open.replace(/\r?\n$/, '') : '';
  const properties = /^(?:[ \t]+[&!][^\s]*)*/.exec(line)?.[0] ?? '';
  const rest = line.slice(properties.length);
  return { start, end, text: `${properties} ${brackets}${rest}${lineBreak}` };
}

function removeDocument({ tree, document, documentIndex }: Target): Splice {
  const start = documentOffset(tree, documentIndex);
  return { start, end: start + printDocument(document).length, text: '' };
}

/** With the blank lines below the entry: a block scalar above it (`|+`) would take them in. */
function withBlankLines(text: string, splice: Splice): Splice {
  const blank = /(?:[ \t]*\r?\n)*/y;
  blank.lastIndex = splice.end;
  const length = blank.exec(text)?.[0].length ?? 0;
  return { ...splice, end: splice.end + length };
}
