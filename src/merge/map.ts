/** The merge of maps: key by key. */
import type { Entry, MapEntry, MapNode } from '../doc/index.js';
import { assemble, layoutSide, mergeFrame, type CollectionTriple } from './collection.js';
import { commentText, sameMeaning } from './equality.js';
import type { EntryTriple } from './entry.js';
import { graftBetween } from './graft.js';
import { keyId, mergeByIdentity, type Identity } from './identity.js';
import { findKeyRenames } from './key-rename.js';
import { pairDuplicates } from './duplicates.js';
import { mergeAsLines } from './lines.js';
import type { NodeMerge, Place, Session } from './session.js';

export function mergeMaps(session: Session, triple: CollectionTriple<MapNode>, place: Place): NodeMerge {
  const { base, ours, theirs } = triple;
  const lists = { base: base?.entries ?? [], ours: ours.entries, theirs: theirs.entries };
  const paired = pairDuplicates(lists);
  if (paired === undefined) {
    const lines = mergeAsLines(session, triple);
    return lines === undefined ? { clash: 'duplicate-key' } : { node: lines, from: 'ours' };
  }
  const frame = mergeFrame(session, triple, place);
  if (frame === undefined) return { clash: 'modify' };
  const inner: Place = {
    path: place.path,
    grafts: { base: graftBetween(base ?? ours, ours), theirs: graftBetween(theirs, ours) },
  };
  const renames = findKeyRenames(session, lists, place.path);
  const twins = twinIds(session, triple, place);
  const identity: Identity = {
    idOf: (entry) => renames.get(entry) ?? twins.get(entry) ?? paired.get(entry) ?? keyId(entry),
    pathOf: (entries) => [...place.path, ...keyPathOf(entries)],
    sortKey: (entry) => entry.key?.name ?? '',
  };
  const pieces = mergeByIdentity(session, lists, { place: inner, identity });
  return { node: assemble(frame, pieces, ours), from: layoutSide(ours) };
}

function keyPathOf({ base, ours, theirs }: EntryTriple): readonly string[] {
  const key = (ours ?? theirs ?? base)?.key;
  return key === undefined ? [] : (key.path ?? [key.name]);
}

/** Both sides may have added one thing under two names: both stay, but somebody should look, or under `strict` decide. */
function twinIds(
  session: Session,
  triple: CollectionTriple<MapNode>,
  place: Place,
): ReadonlyMap<Entry, string> {
  const ids = new Map<Entry, string>();
  for (const [entry, other] of findTwins(triple)) {
    if (session.isStrict && !ids.has(other)) ids.set(other, keyId(entry));
    if (session.isStrict) continue;
    const message = `both sides added nearly the same here, the other one as '${other.key.name}'; both are kept`;
    session.note('twin-add', [...place.path, entry.key.name], message);
  }
  return ids;
}

function findTwins({
  base,
  ours,
  theirs,
}: CollectionTriple<MapNode>): readonly (readonly [MapEntry, MapEntry])[] {
  const known = new Set((base?.entries ?? []).map(keyId));
  const inOurs = new Set(ours.entries.map(keyId));
  const inTheirs = new Set(theirs.entries.map(keyId));
  const others = added(theirs, known, inOurs);
  if (others.size === 0) return [];
  return [...added(ours, known, inTheirs)].flatMap(([spot, entries]) =>
    entries.flatMap((entry) =>
      (others.get(spot) ?? []).flatMap((other) => (areTwins(entry, other) ? [[entry, other] as const] : [])),
    ),
  );
}

/** New entries of one side alone, by the entry of the base that they follow. */
function added(
  map: MapNode,
  known: ReadonlySet<string>,
  others: ReadonlySet<string>,
): ReadonlyMap<string, readonly MapEntry[]> {
  let spot = '';
  const found = new Map<string, MapEntry[]>();
  for (const entry of map.entries) {
    const id = keyId(entry);
    if (known.has(id)) spot = id;
    else if (!others.has(id)) found.set(spot, [...(found.get(spot) ?? []), entry]);
  }
  return found;
}

function areTwins(a: MapEntry, b: MapEntry): boolean {
  const comment = commentText(a.lead);
  if (comment !== '' && comment === commentText(b.lead)) return true;
  return isTelling(a) && sameMeaning(a.value, b.value);
}

/** Values that two unrelated keys rarely share. */
function isTelling({ value }: MapEntry): boolean {
  if (value.kind !== 'scalar') return value.entries.length > 1;
  return typeof value.value === 'string' && value.value.length > 8;
}
