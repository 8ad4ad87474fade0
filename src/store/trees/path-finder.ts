import type { ObjectSource } from '../objects/read.js';
import type { FileMode, Oid, RepoPath } from '../types.js';
import { findEntry } from './read.js';

/** A file or folder at a path of a tree. */
export interface PathEntry {
  readonly mode: FileMode;
  readonly oid: Oid;
}

/** Finds the entry at one path in many trees; undefined where there is none. `''` is the tree itself. */
export type PathFinder = (tree: Oid) => Promise<PathEntry | undefined>;

/** Answers kept for folders that were looked into: the folders of successive commits are mostly the same ones. */
const mostKept = 100_000;

/** Makes a finder that looks into each different folder once. */
export function pathFinder(store: ObjectSource, path: RepoPath): PathFinder {
  const names = path === '' ? [] : path.split('/');
  const kept = names.map(() => new Map<Oid, PathEntry | null>());
  const find = async (folder: Oid, depth: number): Promise<PathEntry | undefined> => {
    const known = kept[depth]?.get(folder);
    if (known !== undefined) return known ?? undefined;
    const entry = await findEntry(store, folder, names[depth] ?? '');
    const isLast = depth === names.length - 1;
    const isFolder = entry?.mode === '040000';
    const found =
      entry === undefined || isLast ? entry : isFolder ? await find(entry.oid, depth + 1) : undefined;
    const answer = found && { mode: found.mode, oid: found.oid };
    const cache = kept[depth];
    if (cache !== undefined && cache.size < mostKept) cache.set(folder, answer ?? null);
    return answer;
  };
  return async (tree) => (names.length === 0 ? { mode: '040000', oid: tree } : find(tree, 0));
}
