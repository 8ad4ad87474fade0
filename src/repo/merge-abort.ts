import { ConfigError } from '../errors.js';
import type { Oid, RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { restorableFiles, settleMerge } from './merge-leftover.js';
import { clearMergeState, readMergeRecord } from './merge-record.js';
import { readMergeState, refuseGitSequence } from './merge-state.js';
import { readPickState } from './pick-state.js';
import type { MergeAnswer } from './types.js';

/**
 * Goes back to before the merge: every file that it touched gets its bytes and mode of HEAD, everything else stays as it is.
 * Also ends one that git began or that was interrupted, and a pick or revert of one commit. Throws E_NOTHING_TO_DO.
 */
export async function abortMerge(context: RepositoryContext): Promise<MergeAnswer> {
  const { worktree } = checkedOut(context, 'abort a merge');
  await settleMerge(context);
  const record = await readMergeRecord(context);
  if (record?.complete !== false) await refuseGitSequence(context);
  if (record === undefined && !(await isUnderWay(context))) throw noMerge();
  const { commit } = await readHead(context.store);
  const tree = await treeOf(context.store, commit);
  if (commit === null || tree === null) throw noMerge();
  const touched = record?.files
    ? await restorableFiles(context, record, tree)
    : await differingPaths(context, tree);
  const files = touched.length === 0 ? [] : await worktree.restore(touched, tree);
  await clearMergeState(context);
  return { result: 'up-to-date', commit, conflicts: [], files };
}

async function isUnderWay(context: RepositoryContext): Promise<boolean> {
  return ((await readMergeState(context)) ?? (await readPickState(context))) !== undefined;
}

/** For a merge that git began: what its index has unlike HEAD (git: `reset --merge`). */
async function differingPaths(context: RepositoryContext, tree: Oid): Promise<readonly RepoPath[]> {
  const { index, worktree } = checkedOut(context, 'abort a merge');
  const changed = (await worktree.staged(tree)).map(({ path }) => path);
  return [...new Set([...changed, ...(await index.unmerged())])].toSorted();
}

/** Throws E_NOTHING_TO_DO. */
export function noMerge(): ConfigError {
  return new ConfigError('E_NOTHING_TO_DO', 'no merge, cherry-pick or revert is in progress', {
    hint: 'begin one: cfg merge REV, cfg cherry-pick REV or cfg revert REV',
  });
}
