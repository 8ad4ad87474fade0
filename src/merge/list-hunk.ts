/** A stretch of a list that both sides changed: more and more is assumed about its items until one reading has no conflict. */
import { semanticKey, type ConfigValue, type Entry, type KeyPath } from '../doc/index.js';
import { graftVersions, mergeEntry, type EntryTriple } from './entry.js';
import { mergeByIdentity, type EntryLists, type Identity } from './identity.js';
import { areAlike, keepTheirIndex, pairInPlace, subsequence } from './in-place.js';
import { addsCollection, isReplaced, keyIdentity, setIdentity, type KeyFields } from './list-keys.js';
import type { Piece } from './merged.js';
import type { Attempt, Place, Session } from './session.js';
import { suggest } from './suggest.js';
import type { ConflictKind, MergeSide } from './types.js';

/** The list that a hunk is part of. */
export interface ListContext {
  readonly session: Session;
  readonly lists: EntryLists;
  readonly place: Place;
  /** Fields that tell all items of all versions apart. */
  readonly fields: KeyFields | undefined;
  /** Whether all items of all versions are scalars, each once, and no name came in with two values. */
  readonly isSet: boolean;
  /** What tells items apart that have a name: scalars, and maps of one key. */
  readonly names: Identity | undefined;
  readonly indexPath: (triple: EntryTriple) => KeyPath;
  /** The whole list on each side, for reports. */
  readonly values: Readonly<Partial<Record<MergeSide, ConfigValue>>>;
}

type Reading = (context: ListContext, hunk: EntryLists) => readonly Piece[] | undefined;

export function mergeHunk(context: ListContext, hunk: EntryLists): readonly Piece[] {
  const { session } = context;
  let best: Attempt<readonly Piece[]> | undefined;
  for (const reading of readings) {
    const { value, ...found } = session.attempt(() => reading(context, hunk));
    if (value === undefined) continue;
    const attempt = { value, ...found };
    if (attempt.conflicts.length === 0) return session.accept(attempt);
    if (best === undefined || attempt.conflicts.length < best.conflicts.length) best = attempt;
  }
  return best === undefined ? openHunk(context, hunk) : session.accept(best);
}

/** No position was changed by both sides. */
const byPosition: Reading = (context, hunk) => {
  const triples = pairUp(hunk);
  if (triples === undefined) return undefined;
  const isDisputed = triples.some(
    ({ base, ours, theirs }) =>
      key(base) !== key(ours) && key(base) !== key(theirs) && key(ours) !== key(theirs),
  );
  return isDisputed ? undefined : triples.flatMap((triple) => mergeItem(context, triple));
};

/** An item whose key both sides changed, or that one of them moved besides, would come out twice. */
const byFields: Reading = ({ session, place, fields, lists }, hunk) => {
  if (fields === undefined) return undefined;
  const identity = keyIdentity(fields.names, () => place.path);
  return isReplaced({ ...lists, base: hunk.base }, identity.idOf)
    ? undefined
    : mergeByIdentity(session, hunk, { place, identity });
};

/** Texts of the form `NAME=value` and maps of one key, each name once in the list. */
const byName: Reading = ({ session, place, names, lists }, hunk) =>
  names === undefined ||
  hasMoved(hunk, lists) ||
  addsCollection(hunk) ||
  isReplaced({ ...lists, base: hunk.base }, names.idOf)
    ? undefined
    : mergeByIdentity(session, hunk, { place, identity: names });

/** One side only put items in, and the other one only took items out. */
const byMembership: Reading = (context, hunk) => {
  for (const [fuller, thinner] of [
    ['ours', 'theirs'],
    ['theirs', 'ours'],
  ] as const) {
    const kept = subsequence(hunk.base, hunk[thinner]);
    const found = subsequence(hunk[fuller], hunk.base);
    if (kept === undefined || found === undefined || hunk.base.length === 0) continue;
    return hunk[fuller].flatMap((entry) => {
      const base = found.get(entry);
      const other = base === undefined ? undefined : kept.get(base);
      return mergeItem(
        context,
        fuller === 'ours' ? { base, ours: entry, theirs: other } : { base, ours: other, theirs: entry },
      );
    });
  }
  return undefined;
};

/** Collections at one position, none of which is found at another one. */
const byIndex: Reading = (context, hunk) => {
  const { base, ours, theirs } = hunk;
  if (!keepTheirIndex([base, ours, theirs])) return undefined;
  return pairUp(hunk)?.flatMap((triple) => mergeItem(context, triple));
};

/** Collections that one side changed where they stand; the other one only put items beside them. */
const beside: Reading = (context, hunk) => {
  const triples = pairInPlace(hunk);
  const arePairs = triples?.every(
    ({ base, ours, theirs }) => base === undefined || (areAlike(base, ours) && areAlike(base, theirs)),
  );
  return arePairs ? triples?.flatMap((triple) => mergeItem(context, triple)) : undefined;
};

const asSet: Reading = ({ session, place, isSet, indexPath, lists }, hunk) =>
  isSet && !hasMoved(hunk, lists) && !isReplaced({ ...lists, base: hunk.base }, key)
    ? mergeByIdentity(session, hunk, { place, identity: setIdentity(indexPath) })
    : undefined;

/** Whether an item that a side took from here stands elsewhere in its list: it is not gone. */
function hasMoved(hunk: EntryLists, lists: EntryLists): boolean {
  return (['ours', 'theirs'] as const).some((side) => {
    const here = new Set(hunk[side].map(key));
    const gone = new Set(hunk.base.map(key).filter((id) => !here.has(id)));
    return gone.size > 0 && lists[side].some((entry) => gone.has(key(entry)));
  });
}

const readings: readonly Reading[] = [byPosition, byFields, byMembership, byName, byIndex, beside, asSet];

function mergeItem({ session, place, indexPath }: ListContext, triple: EntryTriple): readonly Piece[] {
  return mergeEntry(session, triple, { ...place, path: indexPath(triple) });
}

function pairUp({ base, ours, theirs }: EntryLists): readonly EntryTriple[] | undefined {
  if (base.length === 0 || base.length !== ours.length || base.length !== theirs.length) return undefined;
  return base.map((entry, index) => ({ base: entry, ours: ours[index], theirs: theirs[index] }));
}

function key(entry: Entry | undefined): string {
  return entry === undefined ? '' : semanticKey(entry.value);
}

function openHunk({ session, place, values }: ListContext, hunk: EntryLists): readonly Piece[] {
  const kind = kindOf(hunk);
  return session.choose({
    path: place.path,
    kind,
    originals: hunk,
    versions: graftVersions(hunk, place),
    values,
    suggestion: suggest(kind, hunk),
  });
}

function kindOf(hunk: EntryLists): ConflictKind {
  if (hunk.base.length === 0) return 'list-insert';
  return isReplaced(hunk, key) ? 'list-replace' : 'list';
}
