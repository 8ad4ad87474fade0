import { writeTree, type Oid, type Store } from '../store/index.js';
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
  const { worktree } = checkedOut(context, 'look at files (name a revision)');
  const head = await treeOf(store, (await readHead(store)).commit);
  const { unstaged, untracked, conflicts } = await worktree.status(head);
  const patches: TreePatch[] = [];
  for (const path of new Set([...unstaged.map((change) => change.path), ...untracked, ...conflicts])) {
    const file = await worktree.read(path);
    const entry = file && { path, mode: file.mode, oid: await writeBlob(store, file.data) };
    patches.push({ path, entry: entry ?? null });
  }
  return writeTree(store, await indexTree(context, store), patches);
}
