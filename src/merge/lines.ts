/** A collection merged as lines of text: what finds the place of items that nothing tells apart. */
import { parseDocument, printNode, type ListNode, type MapNode } from '../doc/index.js';
import { repeatsMore } from './check.js';
import { graftBetween, graftNode } from './graft.js';
import { losesLines, losesValue } from './loss.js';
import type { Session } from './session.js';
import { closedText, mergeLineParts } from './trivia.js';

type Collection = ListNode | MapNode;

export interface CollectionVersions {
  readonly base: Collection | undefined;
  readonly ours: Collection;
  readonly theirs: Collection;
}

/** The line merge of a collection's own text, read again; undefined when it conflicts or does not read as such a collection. */
export function mergeAsLines(session: Session, versions: CollectionVersions): Collection | undefined {
  const { base, ours, theirs } = versions;
  if (base === undefined || !ownsLines(base) || !ownsLines(ours) || !ownsLines(theirs)) return undefined;
  const texts = { base: bodyOf(base, ours), ours: bodyOf(ours, ours), theirs: bodyOf(theirs, ours) };
  session.step((texts.ours.length + texts.theirs.length) / 50);
  const parts = mergeLineParts(texts);
  const text = closedText(parts);
  if (text === undefined || losesLines(text, texts)) return undefined;
  const node = readBody(session, text, ours);
  if (node === undefined || repeatsMore(node.entries, [ours.entries, theirs.entries])) return undefined;
  if (node.kind === 'list' && losesValue({ base, ours, theirs, merged: node })) return undefined;
  return { ...node, open: ours.open, column: ours.column };
}

/** Whether the entries stand on lines of their own, so that their text can be read apart from the rest. */
function ownsLines(node: Collection): boolean {
  if (node.style === 'flow') return node.start.endsWith('\n') && node.close.trimEnd() === node.close;
  return node.column === 0 || node.open.includes('\n');
}

/** The collection as lines, indented as in `ours`. */
function bodyOf(node: Collection, ours: Collection): string {
  const grafted = graftNode(node, graftBetween(node, ours));
  return printNode({ ...grafted, open: '' }) + (node.style === 'flow' ? '\n' : '');
}

function readBody(session: Session, text: string, like: Collection): Collection | undefined {
  const { tree, diagnostics } = parseDocument(text, { path: session.file, format: session.format });
  if (tree === undefined || tree.documents.length !== 1) return undefined;
  if (diagnostics.some(({ rule, severity }) => severity === 'error' && rule !== 'unresolved-alias'))
    return undefined;
  const [document] = tree.documents;
  const node = document?.value;
  if (node === undefined || node.kind !== like.kind || node.style !== like.style || document?.head !== '')
    return undefined;
  return node;
}
