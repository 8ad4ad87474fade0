import { isConfigError } from '../errors.js';
import {
  andThen,
  objectOid,
  readBlob,
  writeTree,
  type Awaitable,
  type FileEntry,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { patchesOf, treePatches, type TreePatch } from './index-changes.js';
import { writeBlob } from './write-commit.js';

/** The index as a tree in `store` (a draft's); of a file with conflicts our side. */
export async function indexTree(context: RepositoryContext, store: Store): Promise<Oid> {
  const { index, worktree } = checkedOut(context, 'look at what is staged');
  const head = await treeOf(store, (await readHead(store)).commit);
  const unmerged = await index.unmerged();
  const ours = (await index.find(unmerged)).filter(({ stage }) => stage === 2);
  const after = new Map(ours.map((entry) => [entry.path, entry]));
  const inConflict = await patchesOf(store, head, { after, paths: unmerged });
  return writeTree(store, head, [...treePatches(await worktree.staged(head)), ...inConflict]);
}

/** The worktree as a tree in `store` (a draft's): every file that is tracked, or new and not ignored. */
export async function worktreeTree(context: RepositoryContext, store: Store): Promise<Oid> {
  return (await worktreeSnapshot(context, store)).tree;
}

/** A tree, and all that is in it as {@link listFiles} has it. */
export interface Snapshot {
  readonly tree: Oid;
  readonly files: readonly FileEntry[];
  /** Reads one of them; default: from its object. */
  readonly read?: (entry: FileEntry) => Awaitable<Uint8Array>;
}

/** As {@link worktreeTree}, with its files: the index has nearly all of them in one place, which folder by folder are read one by one. */
export async function worktreeSnapshot(context: RepositoryContext, store: Store): Promise<Snapshot> {
  const { index, worktree } = checkedOut(context, 'look at files (name a revision)');
  const head = await treeOf(store, (await readHead(store)).commit);
  const { unstaged, untracked, conflicts } = await worktree.status(head);
  const patches: TreePatch[] = [];
  for (const path of new Set([...unstaged.map((change) => change.path), ...untracked, ...conflicts])) {
    const file = await worktree.read(path);
    const entry = file && { path, mode: file.mode, oid: await writeBlob(store, file.data) };
    patches.push({ path, entry: entry ?? null });
  }
  const tree = await writeTree(store, await indexTree(context, store), patches);
  const tracked = (await index.read()).entries.filter(({ stage }) => stage === 0);
  return { tree, files: patched(tracked, patches) };
}

/** Files sorted by path, with some of them replaced. */
function patched(files: readonly FileEntry[], patches: readonly TreePatch[]): readonly FileEntry[] {
  if (patches.length === 0) return files;
  const replaced = new Set(patches.map(({ path }) => path));
  const entries = patches.flatMap(({ entry }) => entry ?? []);
  return [...files.filter(({ path }) => !replaced.has(path)), ...entries].toSorted(byBytes);
}

function byBytes(a: FileEntry, b: FileEntry): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}

/** Reads files of a tree, from the worktree where it has them as they are in the tree: to unpack an object takes several times as long. */
export function worktreeFirst({ store }: RepositoryContext): NonNullable<Snapshot['read']> {
  const read = store.worktree?.reader();
  const present = (path: RepoPath): Awaitable<Uint8Array | undefined> => {
    try {
      const data = read?.(path);
      return data instanceof Promise ? data.catch(unreadable) : data;
    } catch (error) {
      return unreadable(error);
    }
  };
  return ({ path, oid }) =>
    andThen(present(path), (data) =>
      data !== undefined && objectOid('blob', data) === oid ? data : readBlob(store, oid),
    );
}

/** What cannot be read counts as unchanged, as in the status. Throws what is no such error. */
function unreadable(error: unknown): undefined {
  if (!isConfigError(error, 'E_IO', 'E_LIMIT', 'E_BAD_PATH')) throw error;
}
