import type { ConfigDocument, ConfigValue } from '../doc/index.js';
import { listChanges, type Paths } from './list.js';
import { equalNodes, nodeOfDocument, nodeOfValue, type Node } from './node.js';
import type { Change } from './types.js';

/** Where two nodes stand, and whether scalars have types: in INI every one is text, so `true` and `maybe` are alike. */
interface Context {
  readonly paths: Paths;
  readonly types: boolean;
}

/** Whether a YAML file has several documents, so that its value is a list of theirs. */
function isStream(document: ConfigDocument | undefined): boolean {
  return (document?.tree?.documents.length ?? 0) > 1;
}

/** The one document of a file as a stream, to be compared with one of several. */
function streamOf(node: Node): Node {
  return { kind: 'list', value: [node.value], items: [node] };
}

/** A change with the paths of one side as they are read there: without the place in the stream that it does not have. */
function outOfStream(change: Change, side: 'before' | 'after'): Change {
  const { path, from } = change;
  const isOwn = (change.kind === 'removed') === (side === 'before');
  const moved = from !== undefined && side === 'before' ? { from: from.slice(1) } : {};
  return { ...change, path: isOwn ? path.slice(1) : path, ...moved };
}

const root: Paths = { before: [], after: [] };

/**
 * What differs by key between two values, keys in code-unit order and list items in the order of their list.
 *
 * A subtree that is on one side only is one change. The order of keys is no change. See {@link diffDocuments} for lists.
 */
export function diffValues(before: ConfigValue, after: ConfigValue): readonly Change[] {
  return nodeChanges(nodeOfValue(before), nodeOfValue(after), { paths: root, types: true });
}

/**
 * What differs by key between two documents; `undefined` stands for a file that is not there.
 *
 * Comments, layout and the order of keys are no changes. Items of a list are matched by their identity where all of both sides have
 * one (see `identityOf`), else by longest common subsequence; an item that both sides have but in another order is `moved`. Numbers
 * are compared as they are written: where only that differs (1.10 and 1.1) `before` and `after` are the written texts. A YAML file of one
 * document is compared with one of several as a stream of one.
 * Every path can be read in its document: `removed` and `from` in the one before, all others in the one after.
 * Throws E_INVALID when a document has no value.
 */
export function diffDocuments(
  before: ConfigDocument | undefined,
  after: ConfigDocument | undefined,
): readonly Change[] {
  const [from, to] = [before && nodeOfDocument(before), after && nodeOfDocument(after)];
  const types = (after ?? before)?.format !== 'ini';
  if (from !== undefined && to !== undefined) {
    const [streamBefore, streamAfter] = [isStream(before), isStream(after)];
    if (streamBefore === streamAfter) return nodeChanges(from, to, { paths: root, types });
    const [old, now] = [streamBefore ? from : streamOf(from), streamAfter ? to : streamOf(to)];
    const changes = nodeChanges(old, now, { paths: root, types });
    return changes.map((change) => outOfStream(change, streamBefore ? 'after' : 'before'));
  }
  const only = from ?? to;
  if (only === undefined) return [];
  const nothing: Node = { kind: 'map', value: {}, entries: new Map() };
  if (only.kind === 'map') return nodeChanges(from ?? nothing, to ?? nothing, { paths: root, types });
  return from === undefined
    ? [{ path: [], kind: 'added', after: only.value }]
    : [{ path: [], kind: 'removed', before: only.value }];
}

/** What differs between two nodes that stand at the same place. */
function nodeChanges(before: Node, after: Node, context: Context): readonly Change[] {
  if (before.entries !== undefined && after.entries !== undefined)
    return mapChanges(before.entries, after.entries, context);
  if (before.items !== undefined && after.items !== undefined)
    return listChanges(before.items, after.items, {
      paths: context.paths,
      inside: (old, item, paths) => nodeChanges(old, item, { ...context, paths }),
    });
  return equalNodes(before, after) ? [] : [replaced(before, after, context)];
}

function mapChanges(
  before: ReadonlyMap<string, Node>,
  after: ReadonlyMap<string, Node>,
  context: Context,
): readonly Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key): readonly Change[] => {
    const [from, to] = [before.get(key), after.get(key)];
    const paths = { before: [...context.paths.before, key], after: [...context.paths.after, key] };
    if (from !== undefined && to !== undefined) return nodeChanges(from, to, { ...context, paths });
    if (to !== undefined) return [{ path: paths.after, kind: 'added', after: to.value }];
    return from === undefined ? [] : [{ path: paths.before, kind: 'removed', before: from.value }];
  });
}

function replaced(before: Node, after: Node, { paths, types }: Context): Change {
  const scalars = before.entries === undefined && before.items === undefined && after.entries === undefined;
  const sameType = before.kind === after.kind || (!types && scalars && after.items === undefined);
  if (!sameType) return { path: paths.after, kind: 'type-changed', before: before.value, after: after.value };
  const written = before.value === after.value;
  return {
    path: paths.after,
    kind: 'changed',
    before: written ? (before.text ?? before.value) : before.value,
    after: written ? (after.text ?? after.value) : after.value,
  };
}
