/** The merge of strings: by line inside the value, and apart from their quotes. */
import { parseDocument, type Format, type Node, type ScalarNode } from '../doc/index.js';
import { graftNode } from './graft.js';
import type { TextPart } from './merged.js';
import { mergeCommaLists, mergeLineLists } from './line-list.js';
import type { Decision, NodeMerge, NodeTriple, Place, Session } from './session.js';
import { closedText, mergeLineParts } from './trivia.js';
import type { MergeSide } from './types.js';

/** Merges strings, as block scalars, INI values of several lines; undefined when the value is none on all sides. */
export function mergeStrings(session: Session, triple: NodeTriple, place: Place): NodeMerge | undefined {
  const texts = multiLine(triple, place);
  if (texts !== undefined) return mergeScalarLines(session, triple, { texts, place });
  return mergeQuotes(triple) ?? mergeIniLists(session, triple, place);
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
  return items === undefined ? parts : [items];
}

/** The quotes of one side around what the other one put there. */
function mergeQuotes({ base, ours, theirs }: NodeTriple): NodeMerge | undefined {
  if (!isOneLine(base) || !isOneLine(ours) || !isOneLine(theirs)) return undefined;
  if (typeof ours.value !== typeof theirs.value || typeof base.value === typeof ours.value) return undefined;
  if (contentOf(theirs) === contentOf(base)) return { node: ours, from: 'ours' };
  return contentOf(ours) === contentOf(base) ? { node: theirs, from: 'theirs' } : undefined;
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

/** INI lists of which one version stands in one line, or that both sides added, or that all have in one line. */
function mergeIniLists(
  session: Session,
  { base, ours, theirs }: NodeTriple,
  place: Place,
): NodeMerge | undefined {
  if (session.format !== 'ini' || !isText(ours) || !isText(theirs)) return undefined;
  if (base !== undefined && !isText(base)) return undefined;
  const like = [ours, theirs].find(({ text }) => text.includes('\n')) ?? ours;
  const text = like.text.includes('\n')
    ? mergeLineLists(session, { base, ours, theirs }, { like, place })
    : mergeCommaLists(session, { base, ours, theirs }, place);
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
