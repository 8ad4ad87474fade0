import { ConfigError } from '../errors.js';
import type { RepoPath } from '../store/index.js';
import { commitIndex, requireDirectCommit, type IndexCommitOptions } from './commit-index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf, type Head } from './head.js';
import { requireMerged } from './index-changes.js';
import { readMergeState, refuseUnfinished } from './merge-state.js';
import { selectTracked } from './pathspec.js';
import type { CommitOptions } from './repository.js';
import { planStaging } from './staging.js';
import type { CommitAnswer } from './types.js';

/**
 * Commits the index; with `all` every change of tracked files, with `paths` just the present content of those (git: `--only`).
 * While a merge waits it makes the merge commit. Changed configuration files must parse and satisfy their schemas.
 * Throws E_NOTHING_TO_DO, E_GATE, E_PROTECTED, E_CONFLICT, E_NO_IDENTITY, E_USAGE, E_STALE, E_FILE_NOT_FOUND.
 */
export async function commit(context: RepositoryContext, options: CommitOptions): Promise<CommitAnswer> {
  checkedOut(context, 'commit');
  await refuseUnfinished(context);
  return commitWaiting(context, options);
}

/** {@link commit}, while a pick or revert of one commit may be waiting for it. */
export async function commitWaiting(
  context: RepositoryContext,
  options: IndexCommitOptions,
): Promise<CommitAnswer> {
  const head = await readHead(context.store);
  const merge = await readMergeState(context);
  if (merge === undefined) await requireDirectCommit(context, head); // a merge is judged by its result, later
  const paths = await pathsToStage(context, head, { ...options, merging: merge !== undefined });
  const staging = await planStaging(context, paths);
  const isPartial = options.paths !== undefined;
  const { unmerged, planned } = staging;
  requireMerged(isPartial ? unmerged : unmerged.filter((path) => !planned.has(path)), 'commit');
  const only = isPartial ? new Set(paths) : undefined;
  const decided = new Set(unmerged);
  try {
    return await commitIndex(context, { head, merge, staging, options, only, decided });
  } catch (error) {
    await staging.takeBack();
    throw error;
  }
}

async function pathsToStage(
  context: RepositoryContext,
  head: Head,
  options: Pick<CommitOptions, 'all' | 'paths'> & { readonly merging: boolean },
): Promise<readonly RepoPath[]> {
  const { worktree } = checkedOut(context, 'commit');
  const tree = await treeOf(context.store, head.commit);
  if (options.paths !== undefined) {
    if (options.all === true) throw new ConfigError('E_USAGE', 'give either -a or paths, not both');
    if (options.merging)
      throw new ConfigError('E_MERGE_IN_PROGRESS', 'a merge is committed as a whole, not by path', {
        hint: 'cfg merge --continue',
      });
    return selectTracked(context, tree, options.paths);
  }
  if (options.all !== true) return [];
  const { unstaged, conflicts } = await worktree.status(tree);
  return [...unstaged.map(({ path }) => path), ...conflicts];
}
