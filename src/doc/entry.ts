import type { Entry, EntryKey, MapEntry, Node } from './tree.js';

/** The pieces around one entry. */
export type EntryPieces = Pick<Entry, 'lead' | 'indent' | 'tail' | 'post' | 'offset'>;

export function entryOf(around: EntryPieces, own: { head: string; value: Node; key: EntryKey }): MapEntry;
export function entryOf(
  around: EntryPieces,
  own: { head: string; value: Node; key?: EntryKey | undefined },
): Entry;
/** One entry. Files have thousands: every property is written out here, as an object that is spread takes several times as long to make. */
export function entryOf(
  { lead, indent, tail, post, offset }: EntryPieces,
  { head, value, key }: { head: string; value: Node; key?: EntryKey | undefined },
): Entry {
  return key === undefined
    ? { lead, indent, head, value, tail, post, offset }
    : { lead, indent, head, value, tail, post, offset, key };
}
