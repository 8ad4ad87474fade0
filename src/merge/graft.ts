/** Pieces of one document put into another: shifted to the indentation of their new place. */
import type { Entry, Node } from '../doc/index.js';

/** The indentation of a collection's entries in the document a piece comes from, and in the one it goes to. */
export interface Graft {
  readonly from: string;
  readonly to: string;
}

export const noGraft: Graft = { from: '', to: '' };

/** How entries of `from` move into `to`; a collection in one line has no indentation to give or take. */
export function graftBetween(from: Node, to: Node): Graft {
  const [source, target] = [indentOf(from), indentOf(to)];
  return source === undefined || target === undefined ? noGraft : { from: source, to: target };
}

/** The white space before the entries of a collection, where they stand on lines of their own. */
export function indentOf(node: Node): string | undefined {
  if (node.kind === 'scalar') return undefined;
  if (node.style === 'block') return ' '.repeat(node.column);
  return node.style === 'flow' && !node.start.endsWith('\n') ? undefined : node.entries[0]?.indent;
}

/**
 * Ours with the indentation that theirs alone gave to a collection; the grafts bring the other documents to where ours stands.
 */
export function reindented(
  versions: { readonly base: Node | undefined; readonly ours: Node; readonly theirs: Node },
  grafts: Readonly<Record<'base' | 'theirs', Graft>>,
): Node {
  const { base, ours, theirs } = versions;
  if (base === undefined || ![base, ours, theirs].every(hasOwnLines)) return ours;
  const from = indentOf(ours);
  const [before, to] = [moved(indentOf(base), grafts.base), moved(indentOf(theirs), grafts.theirs)];
  if (from === undefined || to === undefined || before !== from || to === from) return ours;
  return graftNode(ours, { from, to });
}

/** Whether the entries of a collection begin on lines of their own. */
function hasOwnLines(node: Node): boolean {
  if (node.kind === 'scalar' || node.style === 'section') return false;
  return node.style === 'flow' ? node.start.endsWith('\n') : node.column === 0 || node.open.includes('\n');
}

function moved(indent: string | undefined, { from, to }: Graft): string | undefined {
  return indent?.startsWith(from) === true ? to + indent.slice(from.length) : indent;
}

export function graftEntry(entry: Entry, graft: Graft): Entry {
  return graft.from === graft.to ? entry : new Shifter(graft, entry.lead + entry.indent !== '').entry(entry);
}

/** A node that begins in the middle of a line. */
export function graftNode<T extends Node>(node: T, graft: Graft): T {
  return graft.from === graft.to ? node : new Shifter(graft, false).node(node);
}

/** Whole lines. */
export function graftLines(text: string, graft: Graft): string {
  return graft.from === graft.to ? text : new Shifter(graft, true).text(text);
}

class Shifter {
  constructor(
    private readonly graft: Graft,
    private isLineStart: boolean,
  ) {}

  entry(entry: Entry): Entry {
    return {
      ...entry,
      lead: this.text(entry.lead),
      indent: this.text(entry.indent),
      head: this.text(entry.head),
      value: this.node(entry.value),
      tail: this.text(entry.tail),
      post: this.text(entry.post),
    };
  }

  node<T extends Node>(node: T): T {
    const open = this.text(node.open);
    if (node.kind === 'scalar') return { ...node, open, text: this.text(node.text) };
    return {
      ...node,
      open,
      start: this.text(node.start),
      entries: node.entries.map((entry) => this.entry(entry)),
      close: this.text(node.close),
      column: Math.max(0, node.column + this.graft.to.length - this.graft.from.length),
    };
  }

  /** The last line of a text is followed by other pieces, so white space there is an indentation; elsewhere it is a blank line. */
  text(text: string): string {
    if (text === '') return text;
    const { from, to } = this.graft;
    const lines = text.split('\n');
    const last = lines.length - 1;
    const shifted = lines.map((line, index) => {
      const isWhole = index > 0 || this.isLineStart;
      const isBlank = index === last ? line === '' : line.trim() === '';
      return isWhole && !isBlank && line.startsWith(from) ? to + line.slice(from.length) : line;
    });
    this.isLineStart = text.endsWith('\n');
    return shifted.join('\n');
  }
}
