/** The core rule of the merge by key, applied to the three versions of a value. */

import type { ListNode, MapNode, Node } from '../doc/index.js';
import { sameMeaning } from './equality.js';
import { graftNode, indentOf, reindented } from './graft.js';
import { mergeLists } from './list.js';
import { mergeMaps } from './map.js';
import { mergeStrings } from './scalar.js';
import type { NodeMerge, NodeTriple, Place, Session } from './session.js';
import type { ConflictKind } from './types.js';

/** Merges three versions of a value, or says why it cannot. */
export function mergeNode(session: Session, versions: NodeTriple, place: Place): NodeMerge {
  session.step();
  const { base, theirs } = versions;
  const ours = reindented(versions, place.grafts);
  const triple = { base, ours, theirs };
  if (session.isForced(place.path)) return { node: ours, from: 'ours' };
  if (session.texts.same(ours, theirs) || session.texts.same(theirs, base))
    return { node: ours, from: 'ours' };
  if (session.texts.same(ours, base) && hasIndentOf(ours, base))
    return { node: graftNode(theirs, place.grafts.theirs), from: 'theirs' };
  const joined = mergeCollections(session, triple, place);
  if (joined !== undefined && !('clash' in joined)) return joined;
  if (sameMeaning(ours, theirs)) return { node: ours, from: 'ours' };
  if (sameMeaning(ours, base) || sameMeaning(theirs, base)) {
    session.note(
      'format-dropped',
      place.path,
      'one side only changed how it is written; the other side changed the value',
    );
    return sameMeaning(ours, base)
      ? { node: graftNode(theirs, place.grafts.theirs), from: 'theirs' }
      : { node: ours, from: 'ours' };
  }
  return joined ?? mergeStrings(session, triple, place) ?? { clash: clashOf(triple) };
}

/** A side that only moved a collection to the right has changed nothing else, but its indentation is kept. */
function hasIndentOf(ours: Node, base: Node | undefined): boolean {
  return base !== undefined && indentOf(ours) === indentOf(base);
}

function mergeCollections(session: Session, triple: NodeTriple, place: Place): NodeMerge | undefined {
  const { base, ours, theirs } = triple;
  if (ours.kind === 'map' && theirs.kind === 'map' && areJoinable(ours, theirs))
    return mergeMaps(session, { base: base?.kind === 'map' ? base : undefined, ours, theirs }, place);
  if (ours.kind === 'list' && theirs.kind === 'list' && areJoinable(ours, theirs))
    return mergeLists(session, { base: base?.kind === 'list' ? base : undefined, ours, theirs }, place);
  return undefined;
}

/** Entries of a block cannot be put into brackets; an empty collection has none. */
function areJoinable(ours: MapNode | ListNode, theirs: MapNode | ListNode): boolean {
  return ours.style === theirs.style || ours.entries.length === 0 || theirs.entries.length === 0;
}

function clashOf({ base, ours, theirs }: NodeTriple): ConflictKind {
  if (ours.kind !== theirs.kind) return 'type';
  if (ours.kind !== 'scalar') return 'style';
  return base === undefined ? 'add' : 'modify';
}
