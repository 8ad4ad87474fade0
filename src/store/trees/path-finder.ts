import { andThen } from '../awaitable.js';
import { ByteCache } from '../objects/byte-cache.js';
import { type ObjectSource, readOnce } from '../objects/read.js';
import { placeOfName, TreeCursor } from '../objects/tree.js';
import type { Awaitable, FileMode, Oid, RepoPath } from '../types.js';

/** A file or folder at a path of a tree. */
export interface PathEntry {
  readonly mode: FileMode;
  readonly oid: Oid;
}

/** Finds the entry at one path in many trees; undefined where there is none. `''` is the tree itself. */
export type PathFinder = (tree: Oid) => Awaitable<PathEntry | undefined>;

/** Answers kept for folders that were looked into last: the folders of successive commits are mostly the same ones. */
const mostKept = 4_096;

const noName = Buffer.alloc(0);

/** Makes a finder that looks into each different folder once, and reads no more of it than where the name stands. */
export function pathFinder(store: ObjectSource, path: RepoPath): PathFinder {
  if (path === '') return (oid) => ({ mode: '040000', oid });
  const names = path.split('/').map((name) => Buffer.from(name, 'utf8'));
  // None for the root, which nearly every commit changes.
  const kept = names.map((_, depth) =>
    depth === 0 ? undefined : new ByteCache<Oid, PathEntry | null>(mostKept, () => 1),
  );
  const find = (folder: Oid, depth: number): Awaitable<PathEntry | undefined> => {
    const cache = kept[depth];
    const known = cache?.get(folder);
    if (known !== undefined) return known ?? undefined;
    const data = readOnce(store, folder, 'tree');
    const entry = data instanceof Promise ? data.then((read) => findIn(read, depth)) : findIn(data, depth);
    if (cache === undefined) return entry;
    return andThen(entry, (found) => {
      cache.set(folder, found ?? null);
      return found;
    });
  };
  const findIn = (data: Uint8Array, depth: number): Awaitable<PathEntry | undefined> => {
    const place = placeOfName(data, names[depth] ?? noName);
    if (place === undefined) return undefined;
    const cursor = new TreeCursor(data, place);
    if (depth === names.length - 1) return { mode: cursor.mode, oid: cursor.oid };
    return cursor.isFolder ? find(cursor.oid, depth + 1) : undefined;
  };
  return (tree) => find(tree, 0);
}
