import { ConfigError } from '../errors.js';
import {
  findFile,
  listFiles,
  type FileChange,
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

/** Changes of files as what has to change in the tree before them. */
export function treePatches(changes: readonly FileChange[]): readonly TreePatch[] {
  return changes.map(({ path, after }) => ({ path, entry: after ?? null }));
}

/** What has to change in a tree for `paths` to become what `after` says (nothing: no file), without looking at any other; sorted by path. */
export async function patchesOf(
  store: Store,
  tree: Oid | null,
  {
    after,
    paths,
  }: {
    readonly after: ReadonlyMap<RepoPath, Pick<IndexEntry, 'mode' | 'oid'> | null>;
    readonly paths: Iterable<RepoPath>;
  },
): Promise<readonly TreePatch[]> {
  const changes: TreePatch[] = [];
  for (const path of paths) {
    const before = tree === null ? undefined : await findFile(store, tree, path);
    const entry = after.get(path) ?? undefined;
    if (before?.oid === entry?.oid && before?.mode === entry?.mode) continue;
    changes.push({ path, entry: entry === undefined ? null : { path, mode: entry.mode, oid: entry.oid } });
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

/** Throws E_CONFLICT when paths are in conflict. */
export function requireMerged(paths: readonly RepoPath[], verb: string): void {
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
