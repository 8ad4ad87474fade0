/** Whether a merge lost or doubled what a side did: looked at after a line merge, which knows nothing of the keys around a line. */
import { semanticKey, type DocumentTree, type Entry, type Node } from '../doc/index.js';
import { documentsById } from './document-ids.js';
import { pairByPlace, type DocumentLists, type DocumentTriple } from './document-pairs.js';
import { sameMeaning } from './equality.js';
import { keepTheirIndex } from './in-place.js';
import { keyId } from './identity.js';
import { itemIds } from './list-keys.js';

/**
 * Whether a value that one side alone changed, added or deleted is not as that side has it, or one that both changed differently was
 * decided without asking. Of a list that both changed only those items are looked at that can be told apart and that all versions have.
 */
export function losesChange(
  result: DocumentTree,
  sides: {
    readonly base: DocumentTree | undefined;
    readonly ours: DocumentTree;
    readonly theirs: DocumentTree;
  },
): boolean {
  const { base, ours, theirs } = sides;
  const lists = { base: base?.documents ?? [], ours: ours.documents, theirs: theirs.documents };
  return losesPlaced(result.documents, lists) || losesNamed(result.documents, lists);
}

/** A value in the three versions and in the result; absent where there is no such value. */
interface Versions {
  readonly base: Node | undefined;
  readonly ours: Node | undefined;
  readonly theirs: Node | undefined;
  readonly merged: Node | undefined;
}

/** Like {@link losesChange}, for the versions of one value. */
export function losesValue(versions: Versions): boolean {
  const { ours, theirs, merged } = versions;
  const areLists = ours?.kind === 'list' && theirs?.kind === 'list' && merged?.kind === 'list';
  if (isLost(versions, areLists) || losesEntry(entriesOf(versions, 'map'))) return true;
  return areLists && losesItem(entriesOf(versions, 'list'));
}

function entriesOf({ base, ours, theirs, merged }: Versions, kind: 'map' | 'list'): EntryVersions {
  const of = (node: Node | undefined): readonly Entry[] => (node?.kind === kind ? node.entries : []);
  return [of(base), of(ours), of(theirs), of(merged)];
}

function isLost({ base, ours, theirs, merged }: Versions, areLists: boolean): boolean {
  const [before, mine, other, now] = [base, ours, theirs, merged].map((node) => {
    // The entries of a map are looked at one by one, and of a list that one side has elsewhere only that it is there.
    if (node === undefined || node.kind === 'map') return undefined;
    return node.kind === 'list' && !areLists ? '[]' : semanticKey(node);
  });
  if (now === mine && now === other) return false;
  if (mine === other || before === other) return now !== mine;
  if (before === mine) return now !== other;
  // Both changed it: only lists, and the lines of a string, can be joined without anybody asking.
  return !areLists && ![before, mine, other].every(isMultiLine);
}

function isMultiLine(key: string | undefined): boolean {
  return key?.includes('\\n') ?? false;
}

/** The entries of the base, ours, theirs and the result. */
type EntryVersions = readonly [
  base: readonly Entry[],
  ours: readonly Entry[],
  theirs: readonly Entry[],
  merged: readonly Entry[],
];

function losesEntry(versions: EntryVersions): boolean {
  const [base, ours, theirs, merged] = indexesOf(versions, (entries) => entries.map(keyId));
  const keys = new Set([...base.keys(), ...ours.keys(), ...theirs.keys(), ...merged.keys()]);
  return [...keys].some((key) =>
    losesValue({
      base: base.get(key),
      ours: ours.get(key),
      theirs: theirs.get(key),
      merged: merged.get(key),
    }),
  );
}

/** Items by what tells them apart, or by their index where they kept it. */
function losesItem(versions: EntryVersions): boolean {
  const areTold = versions.every((items) => itemIds(items) !== undefined);
  if (!areTold && !keepTheirIndex(versions)) return false;
  const idsOf = (items: readonly Entry[]): readonly string[] =>
    (areTold ? itemIds(items) : undefined) ?? items.map((_, at) => String(at));
  const [base, ours, theirs, merged] = indexesOf(versions, idsOf);
  return [...base].some(([id, before]) => {
    const [mine, other, now] = [ours.get(id), theirs.get(id), merged.get(id)];
    if (mine === undefined || other === undefined || now === undefined) return false;
    return losesValue({ base: before, ours: mine, theirs: other, merged: now });
  });
}

type NodeIndex = ReadonlyMap<string, Node>;

function indexesOf(
  [base, ours, theirs, merged]: EntryVersions,
  idsOf: (entries: readonly Entry[]) => readonly string[],
): readonly [base: NodeIndex, ours: NodeIndex, theirs: NodeIndex, merged: NodeIndex] {
  const indexOf = (entries: readonly Entry[]): NodeIndex => {
    const ids = idsOf(entries);
    return new Map(entries.map(({ value }, at) => [ids[at] ?? '', value]));
  };
  return [indexOf(base), indexOf(ours), indexOf(theirs), indexOf(merged)];
}

/** By their places, where these tell which documents are versions of one: the result must have them all, in that order. */
function losesPlaced(merged: DocumentTree['documents'], lists: DocumentLists): boolean {
  const pairs = pairByPlace(lists);
  if (pairs === undefined) return false;
  const kept = pairs.filter((pair) => !isDeleted(pair));
  if (kept.length !== merged.length) return true;
  return kept.some(({ base, ours, theirs }, at) =>
    losesValue({
      base: base?.value,
      ours: ours?.value,
      theirs: theirs?.value,
      merged: merged[at]?.value,
    }),
  );
}

function isDeleted({ base, ours, theirs }: DocumentTriple): boolean {
  if (base === undefined || (ours !== undefined && theirs !== undefined)) return false;
  const kept = ours ?? theirs;
  return kept === undefined || sameMeaning(kept.value, base.value);
}

/** By what they are; only those count that all versions have, as a document may have a new name. */
function losesNamed(result: DocumentTree['documents'], lists: DocumentLists): boolean {
  const [before, mine, other, now] = [lists.base, lists.ours, lists.theirs, result].map(documentsById);
  if (before === undefined || mine === undefined || other === undefined || now === undefined) return false;
  return [...before].some(([id, { value }]) => {
    const [ours, theirs, merged] = [mine.get(id)?.value, other.get(id)?.value, now.get(id)?.value];
    if (ours === undefined || theirs === undefined || merged === undefined) return false;
    return losesValue({ base: value, ours, theirs, merged });
  });
}

/**
 * Whether a line stands in the result more or less often than the inputs justify, as when one side moved what the other one changed.
 * Indentation, a comma at the end and lines without a word do not count.
 */
export function losesLines(
  result: string,
  sides: { readonly base: string; readonly ours: string; readonly theirs: string },
): boolean {
  const counts = [sides.base, sides.ours, sides.theirs, result].map(lineCounts);
  const lines = new Set(counts.flatMap((known) => [...known.keys()]));
  return [...lines].some((line) => {
    const [base = 0, ours = 0, theirs = 0, now = 0] = counts.map((known) => known.get(line));
    const joined = Math.max(0, ours + theirs - base);
    return now < Math.min(ours, theirs, joined) || now > Math.max(ours, theirs, joined);
  });
}

function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const content = line.trim().replace(/,$/, '');
    if (/\w/.test(content)) counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}
