import { ConfigError } from '../errors.js';
import { diffTrees } from '../store/index.js';
import { commit } from './commit.js';
import type { RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { noMerge } from './merge-abort.js';
import { readMergeRecord } from './merge-record.js';
import { readMergeState } from './merge-state.js';
import { withoutComments } from './message.js';
import type { MergeAnswer } from './types.js';

/**
 * Makes the merge commit of a merge that waited, whichever tool began it. Throws E_NOTHING_TO_DO, E_CONFLICT while something is
 * undecided or markers are left, E_INVALID, E_PROTECTED.
 */
export async function continueMerge(
  context: RepositoryContext,
  options: { readonly message?: string; readonly author?: string } = {},
): Promise<MergeAnswer> {
  const record = await readMergeRecord(context);
  if (record?.complete === false)
    throw new ConfigError('E_CONFLICT', 'the merge was interrupted before its files were written', {
      hint: 'cfg merge --abort, then merge again',
    });
  const state = await readMergeState(context);
  if (state === undefined) throw noMerge();
  const before = await treeOf(context.store, (await readHead(context.store)).commit);
  const made = await commit(context, {
    ...options,
    message: options.message ?? withoutComments(state.message),
  });
  const files = (await diffTrees(context.store, before, made.tree)).map(({ path }) => path);
  return { result: 'merged', commit: made.commit, conflicts: [], files };
}
