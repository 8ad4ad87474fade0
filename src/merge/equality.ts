/** When two pieces are equal: as text (layout included, indentation not), and in meaning. */
import { semanticKey, type Entry, type Node } from '../doc/index.js';

export function sameMeaning(a: Node | undefined, b: Node | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || semanticKey(a) === semanticKey(b);
}

/** Equal in every character but the indentation of whole lines. */
export function sameText(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || entryTextKey(a) === entryTextKey(b);
}

export function sameNodeText(a: Node | undefined, b: Node | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || textKey(a) === textKey(b);
}

/** Equal but for white space at the ends of lines and blank lines. */
export function sameComment(a: string, b: string): boolean {
  return a === b || commentText(a) === commentText(b);
}

/** The words of a comment. */
export function commentText(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

const textKeys = new WeakMap<Node | Entry, string>();

/** Equal for nodes that are written alike. What indents a line does not count, but what that means (in a block scalar) does. */
function textKey(node: Node): string {
  const known = textKeys.get(node);
  if (known !== undefined) return known;
  const key = node.kind === 'scalar' ? scalarKey(node.open + node.text, node) : collectionKey(node);
  textKeys.set(node, key);
  return key;
}

function scalarKey(text: string, node: Node): string {
  return text.includes('\n') ? `${dedented(text)}\0${semanticKey(node)}` : text;
}

function collectionKey(node: Exclude<Node, { kind: 'scalar' }>): string {
  const entries = node.entries.map(entryTextKey).join('\u0001');
  const comma = node.trailingComma ? ',' : '';
  return `${node.kind}${node.style}${dedented(node.open + node.start)}\u0002${entries}\u0003${comma}${dedented(node.close)}`;
}

function entryTextKey(entry: Entry): string {
  const known = textKeys.get(entry);
  if (known !== undefined) return known;
  const { lead, head, value, tail, post } = entry;
  const key = `${dedented(lead)}${head}${textKey(value)}${tail}\u0001${post}`;
  textKeys.set(entry, key);
  return key;
}

function dedented(text: string): string {
  return text.includes('\n') ? text.replace(/^[ \t]+/gm, '') : text;
}
