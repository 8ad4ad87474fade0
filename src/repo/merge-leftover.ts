import { isConfigError } from '../errors.js';
import { findFile, objectOid, type Oid, type RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { clearMergeState, headInProgress, readLastRecord, type MergeRecord } from './merge-record.js';

/**
 * Settles what a process that died left of a merge (pick, revert): one whose commit is made is forgotten; one whose files were still being
 * written is taken back, unless somebody has changed those files since. Anything else stays as it is.
 */
export async function settleMerge(context: RepositoryContext): Promise<void> {
  const record = await readLastRecord(context);
  if (record === undefined) return;
  const { commit } = await readHead(context.store);
  if (record.complete) {
    const isMade = record.result !== undefined && record.result === commit;
    if (isMade || (await headInProgress(context)) === undefined) await clearMergeState(context);
  } else if (record.writer !== undefined && context.store.state.isGone(record.writer))
    await takeBack(context, record);
}

/** Restores the files of a merge that was not written to its end. Does nothing where one of them is neither as before nor as the merge writes it. */
export async function takeBack(context: RepositoryContext, record: MergeRecord): Promise<void> {
  const { worktree } = checkedOut(context, 'merge');
  const tree = await treeOf(context.store, (await readHead(context.store)).commit);
  if (tree === null || !(await isUntouched(context, record, tree))) return;
  const files = await restorableFiles(context, record, tree);
  if (files.length > 0) await worktree.restore(files, tree);
  await clearMergeState(context);
}

async function isUntouched(context: RepositoryContext, record: MergeRecord, tree: Oid): Promise<boolean> {
  const { worktree } = checkedOut(context, 'merge');
  for (const [path, wrote] of record.wrote ?? []) {
    const found = await worktree.read(path);
    const now = found === undefined ? null : objectOid('blob', found.data);
    if (now !== wrote && now !== ((await findFile(context.store, tree, path))?.oid ?? null)) return false;
  }
  return record.wrote !== undefined;
}

/** Forgets a merge whose commit is made. What the system will not remove now is forgotten by the next command, as the record names the commit. */
export async function forgetMade(context: RepositoryContext): Promise<void> {
  try {
    await clearMergeState(context);
  } catch (error) {
    if (!isConfigError(error, 'E_IO')) throw error;
  }
}

/**
 * The files of the merge that HEAD or the index knows. One that a crash left in neither is staged first when it is as the merge wrote
 * it, so that it goes like the others; anything else there is somebody's own and stays.
 */
export async function restorableFiles(
  context: RepositoryContext,
  { files = [], wrote = [] }: MergeRecord,
  tree: Oid,
): Promise<readonly RepoPath[]> {
  const { index, worktree } = checkedOut(context, 'abort a merge');
  const staged = await index.find([...files, ...wrote.map(([path]) => path)]);
  const tracked = new Set(staged.map(({ path }) => path));
  for (const [path, oid] of wrote) {
    const found = tracked.has(path) || oid === null ? undefined : await worktree.read(path);
    if (found && objectOid('blob', found.data) === oid) {
      await worktree.stage([path]);
      tracked.add(path);
    }
  }
  const known: RepoPath[] = [];
  for (const path of files)
    if (tracked.has(path) || (await findFile(context.store, tree, path))) known.push(path);
  return known;
}
