/** When two pieces are equal: as text (layout included, indentation not), and in meaning. */
import { semanticKey, type Entry, type Node } from '../doc/index.js';

export function sameMeaning(a: Node | undefined, b: Node | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || semanticKey(a) === semanticKey(b);
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

/**
 * Numbers for pieces that are written alike: in every character but the indentation that they have from their place. One table serves the three versions of a file.
 */
export class TextIds {
  private readonly numbers = new Map<string, number>();
  private readonly known = new WeakMap<Node | Entry, number>();

  same(a: Node | Entry | undefined, b: Node | Entry | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    return a === b || this.idOf(a) === this.idOf(b);
  }

  private idOf(piece: Node | Entry): number {
    let id = this.known.get(piece);
    if (id !== undefined) return id;
    const key = 'kind' in piece ? this.nodeKey(piece) : this.entryKey(piece);
    id = this.numbers.get(key) ?? this.numbers.size;
    this.numbers.set(key, id);
    this.known.set(piece, id);
    return id;
  }

  private nodeKey(node: Node): string {
    if (node.kind === 'scalar') {
      const text = node.open + node.text;
      return text.includes('\n') ? `s${unindented(text)}\0${semanticKey(node)}` : `s${text}`;
    }
    const entries = node.entries.map((entry) => this.idOf(entry)).join(' ');
    const comma = node.trailingComma ? ',' : '';
    return `${node.kind}${node.style}${unindented(node.open + node.start)}\0${entries}${comma}\0${unindented(node.close)}`;
  }

  private entryKey(entry: Entry): string {
    const { lead, head, value, tail, post } = entry;
    return `e${unindented(lead)}${head}\0${this.idOf(value)}/${depthBelow(entry)}\0${tail}\0${post}`;
  }
}

/** How much deeper than an entry the entries of its value stand; 0 where that is no question. */
function depthBelow({ indent, value }: Entry): number {
  if (value.kind === 'scalar') return 0;
  if (value.style === 'block') return value.column - indent.length;
  return value.start.endsWith('\n') ? (value.entries[0]?.indent.length ?? 0) - indent.length : 0;
}

function unindented(text: string): string {
  return text.includes('\n') ? text.replace(/^[ \t]+/gm, '') : text;
}
