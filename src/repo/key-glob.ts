import { matchKeyPath, type ConfigValue, type KeyPath } from '../doc/index.js';
import type { Change } from '../diff/index.js';
import {
  detectRenames,
  diffTrees,
  type FileChange,
  type FileEntry,
  type PathEntry,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { keyChanges, readChange } from './compare.js';

/** Keys that a glob names, in a file or below a folder (`''` the root). */
export interface KeyGlob {
  readonly path: RepoPath;
  readonly glob: string;
}

/** Whether a key that the glob names differs between two versions of its file or folder. */
export async function keysChanged(
  store: Store,
  { path, glob }: KeyGlob,
  entries: { readonly before: PathEntry | undefined; readonly after: PathEntry | undefined },
): Promise<boolean> {
  for (const change of await fileChanges(store, path, entries)) {
    const changes = keyChanges(await readChange(store, change));
    if (changes?.some((one) => concernsKey(glob, one)) === true) return true;
  }
  return false;
}

/** The files that differ below a path, renames detected. */
async function fileChanges(
  store: Store,
  path: RepoPath,
  { before, after }: { readonly before: PathEntry | undefined; readonly after: PathEntry | undefined },
): Promise<readonly FileChange[]> {
  const folder = path === '' ? '' : `${path}/`;
  const trees = [before, after].map((entry) => (entry?.mode === '040000' ? entry.oid : null));
  const below = await diffTrees(store, trees[0] ?? null, trees[1] ?? null);
  const placed = (entry: FileEntry | undefined): FileEntry | undefined =>
    entry && { ...entry, path: folder + entry.path };
  const [old, now] = [fileAt(path, before), fileAt(path, after)];
  return detectRenames(store.objects, [
    ...(old === undefined && now === undefined ? [] : [changeOf(path, old, now)]),
    ...below.map((change) => changeOf(folder + change.path, placed(change.before), placed(change.after))),
  ]);
}

function fileAt(path: RepoPath, entry: PathEntry | undefined): FileEntry | undefined {
  if (entry === undefined || entry.mode === '040000') return undefined;
  return { path, mode: entry.mode, oid: entry.oid };
}

function changeOf(path: RepoPath, before: FileEntry | undefined, after: FileEntry | undefined): FileChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
  return { path, change: kind, ...(before && { before }), ...(after && { after }) };
}

/**
 * Whether a change of a document concerns a key that a glob names: the key itself, one above it (its value changed with it), or, where a
 * whole subtree came or went, one below.
 */
export function concernsKey(glob: string, change: Change): boolean {
  const places = change.from === undefined ? [change.path] : [change.path, change.from];
  if (places.some((path) => path.some((_, at) => matchKeyPath(glob, path.slice(0, at + 1))))) return true;
  return [change.before, change.after].some(
    (value) => value !== undefined && hasMatch(glob, change.path, value),
  );
}

function hasMatch(glob: string, path: KeyPath, value: ConfigValue): boolean {
  if (matchKeyPath(glob, path)) return true;
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]: [string, ConfigValue]) =>
    hasMatch(glob, [...path, Array.isArray(value) ? Number(key) : key], inner),
  );
}
