/** The merge of one entry of a map or list, of which each side has a version or none. */
import type { Entry } from '../doc/index.js';
import { sameMeaning } from './equality.js';
import { graftEntry } from './graft.js';
import type { Piece, Versions } from './merged.js';
import type { Dispute, Place, Session } from './session.js';
import { suggest } from './suggest.js';
import { mergeLead, mergeTail } from './trivia.js';
import type { ConflictKind } from './types.js';

/** The versions of an entry; at least one is there. */
export interface EntryTriple {
  readonly base: Entry | undefined;
  readonly ours: Entry | undefined;
  readonly theirs: Entry | undefined;
}

/** Merges an entry. The result has no piece when it is deleted, and an open one when somebody has to decide. */
export function mergeEntry(session: Session, triple: EntryTriple, place: Place): readonly Piece[] {
  session.step();
  const { base, ours, theirs } = triple;
  if (ours !== undefined && theirs !== undefined) return joinEntries(session, { base, ours, theirs }, place);
  const kept = ours ?? theirs;
  if (kept === undefined) return [];
  if (base === undefined) return [ours ?? graftEntry(kept, place.grafts.theirs)];
  if (sameMeaning(base.value, kept.value)) {
    if (!session.texts.same(base, kept))
      session.note(
        'comment-lost',
        place.path,
        'deleted by one side; the other side had only changed how it is written',
      );
    return [];
  }
  return session.choose(disputeOf(ours === undefined ? 'delete/modify' : 'modify/delete', triple, place));
}

interface Joined {
  readonly base: Entry | undefined;
  readonly ours: Entry;
  readonly theirs: Entry;
}

function joinEntries(session: Session, triple: Joined, place: Place): readonly Piece[] {
  const { base, ours, theirs } = triple;
  const areTwins = base === undefined && ours.key?.id !== theirs.key?.id;
  if (areTwins) return session.choose(disputeOf('add', triple, place));
  if (session.texts.same(ours, theirs) || session.texts.same(theirs, base)) return [ours];
  if (session.texts.same(ours, base)) return [graftEntry(theirs, place.grafts.theirs)];
  const value = session.mergeNode({ base: base?.value, ours: ours.value, theirs: theirs.value }, place);
  if ('clash' in value) return session.choose(disputeOf(value.clash, triple, place));
  const trivia = mergeTrivia(triple, place, value.from);
  if (trivia.isDisputed) {
    if (session.isStrict) return session.choose(disputeOf('comment', triple, place));
    session.note(
      'comment',
      place.path,
      'both sides changed a comment here; ours is kept, theirs where ours has none',
    );
  }
  return [{ ...ours, ...trivia.pieces, ...keyOf(triple), value: value.node }];
}

function mergeTrivia(
  { base, ours, theirs }: Joined,
  place: Place,
  from: 'ours' | 'theirs',
): { readonly pieces: Pick<Entry, 'lead' | 'tail' | 'post'>; readonly isDisputed: boolean } {
  const versions = (piece: 'lead' | 'tail' | 'post'): { base: string; ours: string; theirs: string } => ({
    base: base?.[piece] ?? '',
    ours: ours[piece],
    theirs: theirs[piece],
  });
  const lead = mergeLead(versions('lead'), place.grafts.theirs);
  const tail = mergeTail(versions('tail'), from);
  const post = mergeTail(versions('post'), 'ours');
  return {
    pieces: { lead: lead.text, tail: tail.text, post: post.text },
    isDisputed: lead.isDisputed || tail.isDisputed || post.isDisputed,
  };
}

/** The key, and how it is written; where both changed it, ours. */
function keyOf({ base, ours, theirs }: Joined): Pick<Entry, 'head' | 'key'> {
  const { head, key } = base !== undefined && ours.head === base.head ? theirs : ours;
  return key === undefined ? { head } : { head, key };
}

function disputeOf(kind: ConflictKind, triple: EntryTriple, place: Place): Dispute {
  const { base, ours, theirs } = triple;
  const originals: Versions = { base: only(base), ours: only(ours), theirs: only(theirs) };
  return {
    path: place.path,
    kind,
    originals,
    versions: graftVersions(originals, place),
    suggestion: suggest(kind, originals),
  };
}

/** Versions as they would stand in ours' document. */
export function graftVersions({ base, ours, theirs }: Versions, place: Place): Versions {
  return {
    base: base.map((entry) => graftEntry(entry, place.grafts.base)),
    ours,
    theirs: theirs.map((entry) => graftEntry(entry, place.grafts.theirs)),
  };
}

function only(entry: Entry | undefined): readonly Entry[] {
  return entry === undefined ? [] : [entry];
}
