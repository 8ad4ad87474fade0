/** The merge of strings: by line inside the value, and by word inside a line. */
import { parseDocument, type Format, type Node, type ScalarNode } from '../doc/index.js';
import { graftNode } from './graft.js';
import type { TextPart } from './merged.js';
import { mergeLineLists } from './line-list.js';
import type { Decision, NodeMerge, NodeTriple, Place, Session } from './session.js';
import { linesOf } from './text.js';
import { closedText, mergeLineParts, type Trivia } from './trivia.js';
import type { MergeSide } from './types.js';
import { mergeWords } from './words.js';

/** Merges strings, as block scalars, INI values of several lines, lists of words; undefined when the value is none on all sides. */
export function mergeStrings(session: Session, triple: NodeTriple, place: Place): NodeMerge | undefined {
  const texts = multiLine(triple, place);
  if (texts !== undefined) return mergeScalarLines(session, triple, { texts, place });
  return mergeOneLine(session, triple, place) ?? mergeIniLists(session, triple, place);
}

function mergeScalarLines(
  session: Session,
  triple: NodeTriple,
  { texts, place }: { readonly texts: Texts; readonly place: Place },
): NodeMerge | undefined {
  const { base, ours, theirs } = texts;
  const open = pick(base.open, ours.open, theirs.open);
  if (open === undefined) return undefined;
  const parts = linesOfValue(session, texts, place);
  const build = (side: MergeSide): ScalarNode | undefined =>
    reparse(session, ours, open + textOf(parts, side));
  const versions = { base: build('base'), ours: build('ours'), theirs: build('theirs') };
  if (versions.base === undefined || versions.ours === undefined || versions.theirs === undefined)
    return undefined;
  if (parts.every((part) => typeof part === 'string')) return { node: versions.ours, from: 'ours' };
  const { base: b, ours: o, theirs: t } = versions;
  return openText(session, { open, parts, versions: { base: b, ours: o, theirs: t } }, { triple, place });
}

function linesOfValue(session: Session, { base, ours, theirs }: Texts, place: Place): readonly TextPart[] {
  const parts = mergeLineParts({
    base: `${base.text}\n`,
    ours: `${ours.text}\n`,
    theirs: `${theirs.text}\n`,
  });
  if (closedText(parts) !== undefined) return parts;
  const items =
    session.format === 'ini'
      ? mergeLineLists(session, { base, ours, theirs }, { like: ours, place })
      : undefined;
  if (items !== undefined) return [items];
  const joined = parts.map((part) => (typeof part === 'string' ? part : (mergeLinesByWord(part) ?? part)));
  if (closedText(joined) === undefined) return parts;
  session.note('words', place.path, wordsMessage);
  return joined;
}

/** Lines that both sides changed, paired by their position. */
function mergeLinesByWord(part: Readonly<Record<MergeSide, string>>): string | undefined {
  const [base, ours, theirs] = [linesOf(part.base), linesOf(part.ours), linesOf(part.theirs)];
  if (base.length !== ours.length || base.length !== theirs.length) return undefined;
  const lines = base.map((line, at) =>
    mergeWordsOf({ base: line, ours: ours[at] ?? '', theirs: theirs[at] ?? '' }),
  );
  return lines.includes(undefined) ? undefined : lines.join('');
}

/** The words of a line, between the white space that ours has around them. */
function mergeWordsOf({ base, ours, theirs }: Trivia): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  const text = mergeWords(base.trim(), ours.trim(), theirs.trim());
  return text === undefined ? undefined : ours.replace(/\S.*\S|\S/, () => text);
}

const wordsMessage = 'both sides put words in or took words out; both changes are in the text';

/** A value in one line: the words of both sides, or the quotes of one side around what the other one put there. */
function mergeOneLine(
  session: Session,
  { base, ours, theirs }: NodeTriple,
  place: Place,
): NodeMerge | undefined {
  if (!isOneLine(base) || !isOneLine(ours) || !isOneLine(theirs)) return undefined;
  if (typeof ours.value === typeof theirs.value && typeof base.value !== typeof ours.value) {
    if (contentOf(theirs) === contentOf(base)) return { node: ours, from: 'ours' };
    if (contentOf(ours) === contentOf(base)) return { node: theirs, from: 'theirs' };
  }
  const quote = quoteOf(ours);
  if (![base, theirs].every((node) => quoteOf(node) === quote && typeof node.value === 'string'))
    return undefined;
  const text = mergeWords(contentOf(base), contentOf(ours), contentOf(theirs));
  const node = text === undefined ? undefined : reparse(session, ours, ours.open + quote + text + quote);
  if (node === undefined) return undefined;
  session.note('words', place.path, wordsMessage);
  return { node, from: 'ours' };
}

function isOneLine(node: Node | undefined): node is ScalarNode {
  if (node?.kind !== 'scalar' || node.anchor !== undefined || node.tag !== undefined) return false;
  return node.style !== 'alias' && node.style !== 'flag' && !node.text.includes('\n');
}

/** What a scalar says, however it is quoted. */
function contentOf(node: ScalarNode): string {
  const width = quoteOf(node).length;
  return node.text.slice(width, node.text.length - width);
}

function quoteOf({ text }: ScalarNode): string {
  return /^["']/.exec(text)?.[0] ?? '';
}

/** INI lists of which one version stands in one line, or that both sides added. */
function mergeIniLists(
  session: Session,
  { base, ours, theirs }: NodeTriple,
  place: Place,
): NodeMerge | undefined {
  if (session.format !== 'ini' || !isText(ours) || !isText(theirs)) return undefined;
  if (base !== undefined && !isText(base)) return undefined;
  const like = [ours, theirs].find(({ text }) => text.includes('\n'));
  if (like === undefined) return undefined;
  const text = mergeLineLists(session, { base, ours, theirs }, { like, place });
  const node = text === undefined ? undefined : reparse(session, like, like.open + text);
  return node === undefined ? undefined : { node, from: 'ours' };
}

function isText(node: Node): node is ScalarNode {
  return node.kind === 'scalar' && typeof node.value === 'string' && quoteOf(node) === '';
}

function textOf(parts: readonly TextPart[], decision: Decision, trunk: 'ours' | 'theirs' = 'ours'): string {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    if (decision !== 'union') return part[decision];
    return trunk === 'ours' ? part.ours + part.theirs : part.theirs + part.ours;
  });
  return texts.join('');
}

function openText(
  session: Session,
  merged: {
    readonly open: string;
    readonly parts: readonly TextPart[];
    readonly versions: Readonly<Record<MergeSide, ScalarNode>>;
  },
  { triple, place }: { readonly triple: NodeTriple; readonly place: Place },
): NodeMerge {
  const decision = session.dispute({
    path: place.path,
    kind: 'text',
    originals: { base: [], ours: [], theirs: [] },
    versions: { base: [], ours: [], theirs: [] },
    nodes: triple,
  });
  if (decision === undefined) return { node: { kind: 'text-choice', ...merged }, from: 'ours' };
  const node = reparse(
    session,
    merged.versions.ours,
    merged.open + textOf(merged.parts, decision, session.trunk),
  );
  return node === undefined ? { clash: 'text' } : { node, from: 'ours' };
}

type Texts = Readonly<Record<MergeSide, ScalarNode>>;

function multiLine({ base, ours, theirs }: NodeTriple, place: Place): Texts | undefined {
  if (!isMultiLine(base) || !isMultiLine(ours) || !isMultiLine(theirs)) return undefined;
  if (ours.style !== theirs.style || ours.style !== base.style) return undefined;
  return {
    base: graftNode(base, place.grafts.base),
    ours,
    theirs: graftNode(theirs, place.grafts.theirs),
  };
}

function isMultiLine(node: Node | undefined): node is ScalarNode {
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.text.includes('\n');
}

function pick(base: string, ours: string, theirs: string): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

/** The scalar that some lines are read as, put in the place of `like`; its text is without the line break that ends it. */
function reparse(session: Session, like: ScalarNode, lines: string): ScalarNode | undefined {
  const text = lines.replace(/\n$/, '');
  session.step(1 + text.length / 100);
  const [head, foot] = frames[session.format];
  const { tree } = parseDocument(`${head}${text}${foot}\n`, { path: session.file, format: session.format });
  const root = tree?.documents.length === 1 ? tree.documents[0]?.value : undefined;
  const node = root?.kind === 'map' && root.entries.length === 1 ? root.entries[0]?.value : undefined;
  if (node?.kind !== 'scalar' || node.style !== like.style || node.open + node.text !== text)
    return undefined;
  return { ...node, offset: like.offset, end: like.end };
}

/** A document around a value. */
const frames: Readonly<Record<Format, readonly [string, string]>> = {
  yaml: ['k:', ''],
  json: ['{"k":', '}'],
  ini: ['k =', ''],
};
