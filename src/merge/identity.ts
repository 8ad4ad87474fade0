/** The merge of the entries of a collection that can be told apart: keys of a map, items with key fields, items of a set. */
import type { Entry, KeyPath } from '../doc/index.js';
import { mergeEntry, type EntryTriple } from './entry.js';
import type { Piece } from './merged.js';
import { orderOf } from './order.js';
import type { Place, Session } from './session.js';

/** The entries of the three versions of a collection, or of a stretch of it. */
export interface EntryLists {
  readonly base: readonly Entry[];
  readonly ours: readonly Entry[];
  readonly theirs: readonly Entry[];
}

export interface Identity {
  /** Unique on each side. */
  readonly idOf: (entry: Entry) => string;
  readonly pathOf: (triple: EntryTriple) => KeyPath;
  /** What the entries may be sorted by. */
  readonly sortKey: (entry: Entry) => string;
}

/** Merges entry by entry, and puts the results in order. */
export function mergeByIdentity(
  session: Session,
  lists: EntryLists,
  { place, identity }: { readonly place: Place; readonly identity: Identity },
): readonly Piece[] {
  const [base, ours, theirs] = [lists.base, lists.ours, lists.theirs].map((entries) =>
    index(entries, identity),
  );
  if (base === undefined || ours === undefined || theirs === undefined) return [];
  session.step(base.size + ours.size + theirs.size);
  const pieces = new Map<string, readonly Piece[]>();
  for (const id of new Set([...ours.keys(), ...theirs.keys()])) {
    const triple = { base: base.get(id), ours: ours.get(id), theirs: theirs.get(id) };
    const merged = mergeEntry(session, triple, { ...place, path: identity.pathOf(triple) });
    if (merged.length > 0) pieces.set(id, merged);
  }
  const keyOf = (id: string): string => {
    const entry = ours.get(id) ?? theirs.get(id) ?? base.get(id);
    return entry === undefined ? id : identity.sortKey(entry);
  };
  const order = orderOf(
    { base: [...base.keys()], ours: [...ours.keys()], theirs: [...theirs.keys()] },
    new Set(pieces.keys()),
    { sortKey: keyOf, trunk: session.trunk },
  );
  if (order.isDisputed) session.note('reorder', place.path, "both sides changed the order; ours' is kept");
  return order.ids.flatMap((id) => pieces.get(id) ?? []);
}

function index(entries: readonly Entry[], { idOf }: Identity): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [idOf(entry), entry]));
}

/** What tells the entries of a map apart: the typed key, and which of its duplicates. */
export function keyId({ key }: Entry): string {
  return key === undefined ? '' : `${key.id}#${key.occurrence}`;
}
