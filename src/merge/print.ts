/** A merged tree as text, with markers around the lines of each open place and no others. */
import { printEntry, printNode, type Entry } from '../doc/index.js';
import { withMarkers, type MarkerStyle } from './markers.js';
import {
  isChoice,
  type Choice,
  type MergedCollection,
  type MergedNode,
  type MergedTree,
  type TextPart,
} from './merged.js';
import type { MergeSide } from './types.js';

/** Prints the tree; without open places no marker is written. */
export function printMerged(tree: MergedTree, style: MarkerStyle): string {
  const out: TextPart[] = [tree.bom];
  for (const document of tree.documents) {
    out.push(document.head);
    pushNode(document.value, out);
    out.push(document.foot);
  }
  return widenToLines(joinStrings(out))
    .map((part) => (typeof part === 'string' ? part : marked(part, style)))
    .join('');
}

function marked(part: Readonly<Record<MergeSide, string>>, style: MarkerStyle): string {
  return withMarkers(part, style);
}

function pushNode(node: MergedNode, out: TextPart[]): void {
  if (node.kind === 'text-choice') out.push(node.open, ...node.parts);
  else if (node.kind === 'scalar') out.push(printNode(node));
  else pushCollection(node, out);
}

function pushCollection(node: MergedCollection, out: TextPart[]): void {
  out.push(node.open, node.start);
  const last = node.entries.length - 1;
  node.entries.forEach((piece, index) => {
    const isLast = index === last;
    const comma = node.style === 'flow' && (!isLast || node.trailingComma) ? ',' : '';
    if (isChoice(piece)) pushChoice(piece, node.style === 'flow', { comma, out });
    else {
      out.push(piece.lead, piece.indent, piece.head);
      pushNode(piece.value, out);
      out.push(isOpenText(piece.value) ? piece.tail.replace('\n', '') : piece.tail, comma, piece.post);
    }
  });
  out.push(node.close);
}

function isOpenText(node: MergedNode): boolean {
  return node.kind === 'text-choice';
}

function pushChoice(
  { versions }: Choice,
  isFlow: boolean,
  { comma, out }: { readonly comma: string; readonly out: TextPart[] },
): void {
  const lead = commonLead(versions);
  const print = (side: MergeSide): string =>
    versions[side]
      .map((entry, index) => {
        const text = { ...entry, lead: index === 0 ? entry.lead.slice(lead.length) : entry.lead };
        const isInner = index < versions[side].length - 1;
        return withComma(text, isInner && isFlow ? ',' : comma);
      })
      .join('');
  out.push(lead, { base: print('base'), ours: print('ours'), theirs: print('theirs') });
}

function withComma(entry: Entry, comma: string): string {
  return printEntry({ ...entry, tail: entry.tail + comma });
}

/** A comment above the entry that is the same on all sides is no part of the conflict. */
function commonLead(versions: Choice['versions']): string {
  const leads = [versions.ours, versions.theirs, versions.base].map((entries) => entries[0]?.lead);
  const [ours, theirs, base] = leads;
  return ours !== undefined && ours === theirs && (base === ours || base === undefined) ? ours : '';
}

function joinStrings(parts: readonly TextPart[]): readonly TextPart[] {
  const out: TextPart[] = [];
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    out.push(text, part);
    text = '';
  }
  return [...out, text];
}

/** Markers stand on lines of their own: an open place takes in what else is on its first and last line. */
function widenToLines(parts: readonly TextPart[]): readonly TextPart[] {
  const out: TextPart[] = [];
  let open: Record<MergeSide, string> | undefined;
  for (const part of parts) {
    if (typeof part !== 'string') {
      open ??= startOpen(out);
      for (const side of sides) open[side] += part[side];
      continue;
    }
    if (open === undefined) {
      out.push(part);
      continue;
    }
    const end = endsLine(open) ? 0 : part.indexOf('\n') + 1;
    const isClosed = endsLine(open) || end > 0;
    for (const side of sides) open[side] += isClosed ? part.slice(0, end) : part;
    if (!isClosed) continue;
    out.push(open);
    open = undefined;
    out.push(part.slice(end));
  }
  return open === undefined ? out : [...out, open];
}

const sides: readonly MergeSide[] = ['base', 'ours', 'theirs'];

/** Takes the unfinished line off what is printed so far. */
function startOpen(out: TextPart[]): Record<MergeSide, string> {
  const before = out.at(-1);
  if (typeof before !== 'string') return { base: '', ours: '', theirs: '' };
  const lineStart = before.lastIndexOf('\n') + 1;
  const prefix = before.slice(lineStart);
  out[out.length - 1] = before.slice(0, lineStart);
  return { base: prefix, ours: prefix, theirs: prefix };
}

function endsLine(open: Readonly<Record<MergeSide, string>>): boolean {
  return sides.every((side) => open[side] === '' || open[side].endsWith('\n'));
}
