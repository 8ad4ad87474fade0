/** Which documents of three versions of a stream are versions of one. */
import { semanticKey, type DocumentNode } from '../doc/index.js';
import { alignThree, type Region } from './align.js';
import { documentsById, type DocumentIndex } from './document-ids.js';
import { pairInPlace } from './in-place.js';
import { orderOf } from './order.js';

export interface DocumentLists {
  readonly base: readonly DocumentNode[];
  readonly ours: readonly DocumentNode[];
  readonly theirs: readonly DocumentNode[];
}

/** The versions of one document; at least one is there. */
export interface DocumentTriple {
  readonly base?: DocumentNode | undefined;
  readonly ours?: DocumentNode | undefined;
  readonly theirs?: DocumentNode | undefined;
}

/** The documents in the order of the result, those included that a side deleted; undefined where it is open which is which. */
export function pairDocuments(lists: DocumentLists): readonly DocumentTriple[] | undefined {
  if (isOneDocument(lists)) return pairByPlace(lists);
  const [base, ours, theirs] = [lists.base, lists.ours, lists.theirs].map(documentsById);
  if (base !== undefined && ours !== undefined && theirs !== undefined)
    return pairById({ base, ours, theirs });
  return pairByPlace(lists);
}

function pairById(indexes: Readonly<Record<keyof DocumentLists, DocumentIndex>>): readonly DocumentTriple[] {
  const ids = {
    base: [...indexes.base.keys()],
    ours: [...indexes.ours.keys()],
    theirs: [...indexes.theirs.keys()],
  };
  // Documents of a stream have no name that somebody would sort them by.
  const order = orderOf(ids, new Set([...ids.ours, ...ids.theirs]), { sortKey: () => '', trunk: 'ours' });
  return order.ids.map((id) => ({
    base: indexes.base.get(id),
    ours: indexes.ours.get(id),
    theirs: indexes.theirs.get(id),
  }));
}

/** By where they stand among those that a side left as they were. */
export function pairByPlace({ base, ours, theirs }: DocumentLists): readonly DocumentTriple[] | undefined {
  if (isOneDocument({ base, ours, theirs })) return [{ base: base[0], ours: ours[0], theirs: theirs[0] }];
  const regions = alignThree(base.map(meaning), ours.map(meaning), theirs.map(meaning));
  const pairs = regions.map((region) =>
    pairRegion(region.kind, {
      base: base.slice(...region.base),
      ours: ours.slice(...region.ours),
      theirs: theirs.slice(...region.theirs),
    }),
  );
  return pairs.every((found) => found !== undefined) ? pairs.flat() : undefined;
}

function isOneDocument({ base, ours, theirs }: DocumentLists): boolean {
  return base.length <= 1 && ours.length === 1 && theirs.length === 1;
}

function pairRegion(kind: Region['kind'], lists: DocumentLists): readonly DocumentTriple[] | undefined {
  const { base, ours, theirs } = lists;
  if (base.length > 0 && ours.length === base.length && theirs.length === base.length)
    return base.map((document, at) => ({ base: document, ours: ours[at], theirs: theirs[at] }));
  if (kind === 'both') return ours.map((document, at) => ({ ours: document, theirs: theirs[at] }));
  if (kind === 'conflict') return pairInPlace(lists);
  // One side put other documents here, of another number; those of the base are gone.
  return [
    ...base.map((document, at) =>
      kind === 'ours' ? { base: document, theirs: theirs[at] } : { base: document, ours: ours[at] },
    ),
    ...(kind === 'ours' ? ours.map((document) => ({ ours: document })) : []),
    ...(kind === 'theirs' ? theirs.map((document) => ({ theirs: document })) : []),
  ];
}

function meaning({ value }: DocumentNode): string {
  return semanticKey(value);
}
