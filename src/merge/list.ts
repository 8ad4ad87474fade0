/**
 * The merge of lists: a cascade of ways, the first clean one wins. By sequence first, because that keeps the order that people see
 * in a line merge; keys only where the sequence alone cannot decide, and the plain text of the list last.
 */
import type { ConfigValue, Entry, KeyPath, ListNode } from '../doc/index.js';
import { semanticKey } from '../doc/index.js';
import { alignThree, type Region } from './align.js';
import { assemble, layoutSide, mergeFrame, type CollectionTriple } from './collection.js';
import { repeatsMore } from './check.js';
import { mergeEntry, type EntryTriple } from './entry.js';
import { graftBetween, graftEntry } from './graft.js';
import { mergeByIdentity, type EntryLists } from './identity.js';
import { mergeAsLines } from './lines.js';
import {
  areTold,
  hasRivals,
  isReplaced,
  isSetLike,
  keyFieldsOf,
  keyIdentity,
  nameIdentity,
  setIdentity,
} from './list-keys.js';
import { mergeHunk, type ListContext } from './list-hunk.js';
import { resolvePiece, type Piece } from './merged.js';
import { nodeValue } from './node-value.js';
import type { Attempt, NodeMerge, Place, Session } from './session.js';

export function mergeLists(session: Session, triple: CollectionTriple<ListNode>, place: Place): NodeMerge {
  const rule = session.listRule(place.path);
  if (rule !== undefined && 'atomic' in rule) return { clash: 'list' };
  const frame = mergeFrame(session, triple, place);
  if (frame === undefined) return { clash: 'modify' };
  const wanted = rule !== undefined && 'key' in rule ? [rule.key].flat() : undefined;
  const context = contextOf(session, triple, place, wanted);
  const build = (pieces: readonly Piece[]): NodeMerge => ({
    node: assemble(frame, pieces, triple.ours),
    from: layoutSide(triple.ours),
  });
  if (rule !== undefined && 'set' in rule && Object.values(context.lists).every(isSetLike))
    return build(asSet(context));
  if (wanted !== undefined && context.fields !== undefined)
    return build(byKeys(context, context.fields.names));
  return cascade(session, { context, triple, build });
}

function contextOf(
  session: Session,
  { base, ours, theirs }: CollectionTriple<ListNode>,
  place: Place,
  wanted: readonly string[] | undefined,
): ListContext {
  const lists: EntryLists = { base: base?.entries ?? [], ours: ours.entries, theirs: theirs.entries };
  const positions = new Map<Entry, number>();
  for (const entries of [lists.base, lists.theirs, lists.ours])
    entries.forEach((entry, index) => positions.set(entry, index));
  const indexPath = ({ base: b, ours: o, theirs: t }: EntryTriple): KeyPath => {
    const entry = o ?? t ?? b;
    return [...place.path, entry === undefined ? 0 : (positions.get(entry) ?? 0)];
  };
  const isSet = [lists.base, lists.ours, lists.theirs].every(isSetLike);
  const values: Record<string, ConfigValue> = { ours: nodeValue(ours), theirs: nodeValue(theirs) };
  if (base !== undefined) values['base'] = nodeValue(base);
  return {
    session,
    lists,
    place: {
      path: place.path,
      grafts: { base: graftBetween(base ?? ours, ours), theirs: graftBetween(theirs, ours) },
    },
    fields: keyFieldsOf(lists, wanted),
    isSet: isSet && !hasRivals(lists),
    names: nameIdentity(lists, indexPath),
    indexPath,
    values,
  };
}

interface Cascade {
  readonly context: ListContext;
  readonly triple: CollectionTriple<ListNode>;
  readonly build: (pieces: readonly Piece[]) => NodeMerge;
}

function cascade(session: Session, { context, triple, build }: Cascade): NodeMerge {
  const sequence = session.attempt(() => bySequence(context));
  if (isClean(sequence, context)) return build(session.accept(sequence));
  const whole = asWhole(context);
  if (whole !== undefined && isClean(whole, context)) return build(session.accept(whole));
  const lines = mergeAsLines(session, triple);
  if (lines !== undefined && areKept(lines.entries, context)) return { node: lines, from: 'ours' };
  const open = [sequence, ...(whole === undefined ? [] : [whole])].filter(
    ({ conflicts }) => conflicts.length > 0,
  );
  const [best] = open.toSorted((a, b) => a.conflicts.length - b.conflicts.length);
  return best === undefined ? { clash: 'list' } : build(session.accept(best));
}

/** The list as one, not by stretches: this finds items that moved. */
function asWhole(context: ListContext): Attempt<readonly Piece[]> | undefined {
  const { session, fields, lists, isSet } = context;
  if (fields !== undefined)
    return isReplaced(lists, keyIdentity(fields.names, () => []).idOf)
      ? undefined
      : session.attempt(() => byKeys(context, fields.names));
  return isSet && !isReplaced(lists, ({ value }) => semanticKey(value))
    ? session.attempt(() => asSet(context))
    : undefined;
}

function isClean({ value, conflicts }: Attempt<readonly Piece[]>, context: ListContext): boolean {
  return (
    conflicts.length === 0 &&
    areKept(
      value.flatMap((piece) => resolvePiece(piece, 'ours')),
      context,
    )
  );
}

/** Whether the items of a result are still told apart by the key fields, and none stands there more often than on either side. */
function areKept(items: readonly Entry[], { fields, lists }: ListContext): boolean {
  if (fields?.isGuess === false) return areTold(items, fields.names);
  return !repeatsMore(items, [lists.ours, lists.theirs]);
}

function bySequence(context: ListContext): readonly Piece[] {
  const { session, lists } = context;
  session.step(lists.base.length + lists.ours.length + lists.theirs.length);
  const regions = alignThree(meanings(lists.base), meanings(lists.ours), meanings(lists.theirs));
  const insertedByOurs = new Set(
    regions
      .filter((region) => isInsert(region, 'ours'))
      .flatMap(({ ours }) => meanings(lists.ours.slice(...ours))),
  );
  return regions.flatMap((region) => {
    const hunk: EntryLists = {
      base: lists.base.slice(...region.base),
      ours: lists.ours.slice(...region.ours),
      theirs: lists.theirs.slice(...region.theirs),
    };
    if (!isInsert(region, 'theirs')) return mergeRegion(context, region.kind, hunk);
    // An item that both sides added, each at its own place, comes once, where ours has it.
    const theirs = hunk.theirs.filter(({ value }) => !insertedByOurs.has(semanticKey(value)));
    return mergeRegion(context, region.kind, { ...hunk, theirs });
  });
}

function isInsert({ kind, base }: Region, side: 'ours' | 'theirs'): boolean {
  return kind === side && base[0] === base[1];
}

function mergeRegion(context: ListContext, kind: Region['kind'], hunk: EntryLists): readonly Piece[] {
  const { session, place } = context;
  if (kind === 'conflict') return mergeHunk(context, hunk);
  if (kind === 'ours') return hunk.ours;
  if (kind === 'theirs') return hunk.theirs.map((entry) => graftEntry(entry, place.grafts.theirs));
  return hunk.ours.flatMap((ours, index) => {
    const base = kind === 'same' ? hunk.base[index] : undefined;
    const triple = { base, ours, theirs: hunk.theirs[index] };
    return mergeEntry(session, triple, { ...place, path: context.indexPath(triple) });
  });
}

function byKeys({ session, lists, place }: ListContext, fields: readonly string[]): readonly Piece[] {
  return mergeByIdentity(session, lists, { place, identity: keyIdentity(fields, () => place.path) });
}

function asSet({ session, lists, place, indexPath }: ListContext): readonly Piece[] {
  return mergeByIdentity(session, lists, { place, identity: setIdentity(indexPath) });
}

function meanings(items: readonly Entry[]): readonly string[] {
  return items.map(({ value }) => semanticKey(value));
}
