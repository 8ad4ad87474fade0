/** What stands around the entries of a collection, and the layout of entries that came from elsewhere. */
import type { Entry, ListNode, MapNode } from '../doc/index.js';
import { commentText } from './equality.js';
import { graftNode } from './graft.js';
import { isChoice, type MergedCollection, type MergedEntry, type Piece } from './merged.js';
import type { Place, Session } from './session.js';
import { mergeLead, mergeTail } from './trivia.js';

type Collection = MapNode | ListNode;

export interface CollectionTriple<T extends Collection> {
  readonly base: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

/** The collection without its entries; undefined when both sides gave it another anchor or tag. */
export type Frame = Omit<Collection, 'entries'>;

export function mergeFrame(
  session: Session,
  triple: CollectionTriple<Collection>,
  place: Place,
): Frame | undefined {
  const { base, ours, theirs } = triple;
  const named = mergeProperties(triple);
  if (named === undefined) return undefined;
  // An empty collection says nothing about how entries are laid out, and has nothing to be laid out with the other side's.
  if (layoutSide(ours) === 'theirs')
    return frameOf(graftNode(theirs, place.grafts.theirs), named === 'theirs' ? theirs : ours);
  if (ours.style !== theirs.style) return frameOf(ours, named === 'theirs' ? theirs : ours);
  const open = mergeTail(pieces(triple, 'open'), named);
  const close = mergeClose(triple, place);
  if (open.isDisputed || close.isDisputed)
    session.note(
      'comment',
      place.path,
      'both sides changed a comment here; ours is kept, theirs where ours has none',
    );
  return {
    ...frameOf(ours, named === 'ours' ? ours : theirs),
    open: open.text,
    close: close.text,
    trailingComma: (base?.trailingComma === ours.trailingComma ? theirs : ours).trailingComma,
  };
}

function frameOf(layout: Collection, { anchor, tag }: Collection): Frame {
  const { entries: _, anchor: __, tag: ___, ...frame } = layout;
  return { ...frame, ...(anchor === undefined ? {} : { anchor }), ...(tag === undefined ? {} : { tag }) };
}

/** The side whose anchor and tag are taken. */
function mergeProperties({
  base,
  ours,
  theirs,
}: CollectionTriple<Collection>): 'ours' | 'theirs' | undefined {
  const key = (node: Collection | undefined): string => JSON.stringify([node?.anchor, node?.tag]);
  if (key(ours) === key(theirs) || key(theirs) === key(base)) return 'ours';
  return key(ours) === key(base) ? 'theirs' : undefined;
}

function mergeClose(
  triple: CollectionTriple<Collection>,
  place: Place,
): { text: string; isDisputed: boolean } {
  const trivia = pieces(triple, 'close');
  return triple.ours.style === 'flow' ? mergeTail(trivia, 'ours') : mergeLead(trivia, place.grafts.theirs);
}

function pieces(
  { base, ours, theirs }: CollectionTriple<Collection>,
  piece: 'open' | 'close',
): { base: string; ours: string; theirs: string } {
  return { base: base?.[piece] ?? '', ours: ours[piece], theirs: theirs[piece] };
}

/** The side whose layout a merged collection has, and so the one whose entry ends as it must. */
export function layoutSide(ours: Collection): 'ours' | 'theirs' {
  return ours.entries.length === 0 ? 'theirs' : 'ours';
}

/** The collection with its entries, each laid out for its place. */
export function assemble(frame: Frame, entries: readonly Piece[], like: Collection): MergedCollection {
  if (entries.length === 0) return emptied(frame);
  return { ...frame, entries: layOut(frame, entries, like) };
}

/** YAML has no empty block collection: it becomes `{}` or `[]` on the line of its key. */
function emptied(frame: Frame): MergedCollection {
  const [open, close] = frame.kind === 'map' ? ['{', '}'] : ['[', ']'];
  if (frame.style === 'section') return { ...frame, entries: [] };
  if (frame.style === 'flow') {
    const hasComments = commentText(frame.start) !== open || commentText(frame.close) !== close;
    return hasComments ? { ...frame, entries: [] } : { ...frame, start: open, close, entries: [] };
  }
  const [, properties = '', comment = ''] = /^\s*([^#\n]*?)[ \t]*((?:#.*)?)\n?$/.exec(frame.open) ?? [];
  return {
    ...frame,
    style: 'flow',
    open: frame.open === '' && properties === '' ? '' : ` ${properties === '' ? '' : `${properties} `}`,
    start: open,
    close: `${close}${comment === '' ? '' : ` ${comment}`}\n${frame.close}`,
    trailingComma: false,
    entries: [],
  };
}

function layOut(frame: Frame, entries: readonly Piece[], like: Collection): readonly Piece[] {
  if (frame.style === 'section') return keysFirst(entries);
  return frame.style === 'flow' ? layOutFlow(entries, like) : layOutBlock(frame, entries);
}

/** In INI a key below a section would belong to it. */
function keysFirst(entries: readonly Piece[]): readonly Piece[] {
  return [...entries.filter((piece) => !isSection(piece)), ...entries.filter(isSection)];
}

function isSection(piece: Piece): boolean {
  const [entry] = isChoice(piece) ? Object.values(piece.versions).flat() : [piece];
  return entry?.value.kind === 'map';
}

/** The first entry of a compact collection begins in the line of its parent, every other one on its own line. */
function layOutBlock(frame: Frame, entries: readonly Piece[]): readonly Piece[] {
  const indent = ' '.repeat(frame.column);
  const isCompact = frame.column > 0 && !frame.open.includes('\n');
  return entries.map((piece, index) => {
    const first = isCompact && index === 0;
    return onEntries(piece, (entry, at) =>
      first && at === 0 ? withoutIndent(entry, indent) : { ...entry, indent },
    );
  });
}

function withoutIndent<T extends MergedEntry>(entry: T, indent: string): T {
  if (commentText(entry.lead) === '') return { ...entry, lead: '', indent: '' };
  return { ...entry, lead: entry.lead.trimStart(), indent };
}

/** An entry from a collection that is written in one line, put into one that is not, or the other way round. */
function layOutFlow(entries: readonly Piece[], like: Collection): readonly Piece[] {
  const isWide =
    like.entries.length > 0 && like.entries.every(({ post, lead }) => post === '' && lead === '');
  const sample = like.entries.find(({ post }) => post.endsWith('\n'));
  return entries.map((piece, index) =>
    onEntries(piece, (entry, at) => {
      if (isWide) return inLine(entry, like, index + at === 0);
      return sample === undefined || entry.post.endsWith('\n') ? entry : ownLine(entry, sample);
    }),
  );
}

function inLine<T extends MergedEntry>(entry: T, like: Collection, isFirst: boolean): T {
  if (commentText(entry.lead + entry.post) !== '') return entry;
  const sample = like.entries[isFirst ? 0 : 1];
  const indent = sample?.indent ?? (isFirst ? '' : ' ');
  return { ...entry, lead: '', indent, post: '' };
}

function ownLine<T extends MergedEntry>(entry: T, sample: Entry): T {
  return { ...entry, indent: sample.indent, tail: entry.tail.trimEnd(), post: '\n' };
}

function onEntries(piece: Piece, change: <T extends MergedEntry>(entry: T, at: number) => T): Piece {
  if (!isChoice(piece)) return change(piece, 0);
  const { base, ours, theirs } = piece.versions;
  return {
    ...piece,
    versions: {
      base: base.map((entry, at) => change(entry, at)),
      ours: ours.map((entry, at) => change(entry, at)),
      theirs: theirs.map((entry, at) => change(entry, at)),
    },
  };
}
