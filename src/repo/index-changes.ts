import { ConfigError } from '../errors.js';
import {
  findFile,
  listFiles,
  type FileEntry,
  type Index,
  type IndexEntry,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';

/** One path of a tree that becomes another file, or (null) nothing. */
export interface TreePatch {
  readonly path: RepoPath;
  readonly entry: FileEntry | null;
}

/** Files of a tree by path; none for null. */
export async function filesOf(store: Store, tree: Oid | null): Promise<ReadonlyMap<RepoPath, FileEntry>> {
  const files = tree === null ? [] : await listFiles(store, tree);
  return new Map(files.map((file) => [file.path, file]));
}

/** What has to change in a tree to make it what the index says; sorted by path. */
export async function indexChanges(
  store: Store,
  tree: Oid | null,
  index: Index,
): Promise<readonly TreePatch[]> {
  const gone = new Map(await filesOf(store, tree));
  const changes: TreePatch[] = [];
  for (const { path, mode, oid } of index.entries) {
    const before = gone.get(path);
    gone.delete(path);
    if (before?.oid !== oid || before.mode !== mode) changes.push({ path, entry: { path, mode, oid } });
  }
  return [...changes, ...[...gone.keys()].map((path) => ({ path, entry: null }))].toSorted(byPath);
}

/** {@link indexChanges} of a few paths, without looking at any other. */
export async function indexChangesOf(
  store: Store,
  tree: Oid | null,
  { index, paths }: { readonly index: Index; readonly paths: ReadonlySet<RepoPath> },
): Promise<readonly TreePatch[]> {
  const staged = new Map(
    index.entries.filter(({ path }) => paths.has(path)).map((entry) => [entry.path, entry]),
  );
  const changes: TreePatch[] = [];
  for (const path of paths) {
    const before = tree === null ? undefined : await findFile(store, tree, path);
    const after = staged.get(path);
    if (before?.oid === after?.oid && before?.mode === after?.mode) continue;
    changes.push({ path, entry: after === undefined ? null : { path, mode: after.mode, oid: after.oid } });
  }
  return changes.toSorted(byPath);
}

/** Those of some changes that do not just take over what another tree has. */
export async function unlikeTree(
  store: Store,
  changes: readonly TreePatch[],
  tree: Oid | null,
): Promise<readonly TreePatch[]> {
  const files = await filesOf(store, tree);
  return changes.filter(({ path, entry }) => {
    const other = files.get(path);
    return entry === null ? other !== undefined : entry.oid !== other?.oid || entry.mode !== other.mode;
  });
}

/** Paths that still have entries of a conflict, sorted. */
export function unmergedPaths(index: Index): readonly RepoPath[] {
  const paths = index.entries.filter(({ stage }) => stage !== 0).map(({ path }) => path);
  return [...new Set(paths)];
}

/** Throws E_CONFLICT when the index has unmerged paths. */
export function requireMerged(index: Index, verb: string): void {
  const paths = unmergedPaths(index);
  if (paths.length === 0) return;
  throw new ConfigError(
    'E_CONFLICT',
    `cannot ${verb}: ${list(paths)} ${paths.length === 1 ? 'has' : 'have'} conflicts`,
    {
      hint: "see them with 'cfg conflicts', decide with 'cfg resolve FILE --ours|--theirs', or edit the file and 'cfg add' it",
      details: { paths },
    },
  );
}

/** Some paths for a message: the first three, then how many more. */
export function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map((path) => `'${path}'`);
  const more = paths.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** The entry of a path at stage 0. */
export function entryAt(index: Index, path: RepoPath): IndexEntry | undefined {
  return index.entries.find((entry) => entry.path === path && entry.stage === 0);
}

function byPath(a: TreePatch, b: TreePatch): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
