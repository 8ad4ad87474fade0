import { ConfigError } from '../errors.js';
import { diffTrees, readCommit } from '../store/index.js';
import { commit, commitWaiting } from './commit.js';
import type { RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { noMerge } from './merge-abort.js';
import { forgetMade, settleMerge } from './merge-leftover.js';
import { readMergeRecord } from './merge-record.js';
import { readMergeState, refuseGitSequence } from './merge-state.js';
import { withoutComments } from './message.js';
import { readPickState } from './pick-state.js';
import type { ContinueOptions } from './repository.js';
import type { CommitAnswer, MergeAnswer } from './types.js';

/**
 * Makes the commit of a merge, or of a pick or revert of one commit, that waited, whichever tool began it. Throws E_NOTHING_TO_DO, E_CONFLICT while something is
 * undecided or markers are left, E_GATE, E_PROTECTED.
 */
export async function continueMerge(
  context: RepositoryContext,
  options: ContinueOptions = {},
): Promise<MergeAnswer> {
  await settleMerge(context);
  const record = await readMergeRecord(context);
  if (record?.complete === false)
    throw new ConfigError('E_CONFLICT', 'the merge was interrupted before its files were written', {
      hint: 'cfg merge --abort, then merge again',
    });
  const before = await treeOf(context.store, (await readHead(context.store)).commit);
  const made = await commitState(context, options);
  const files = (await diffTrees(context.store, before, made.tree)).map(({ path }) => path);
  return { result: 'merged', commit: made.commit, conflicts: [], files };
}

async function commitState(
  context: RepositoryContext,
  { message, ...given }: ContinueOptions,
): Promise<CommitAnswer> {
  const merge = await readMergeState(context);
  if (merge !== undefined)
    return commit(context, { ...given, message: message ?? withoutComments(merge.message) });
  const pick = await readPickState(context);
  if (pick === undefined) {
    await refuseGitSequence(context);
    throw noMerge();
  }
  const { verb, commit: oid } = pick;
  const original = verb === 'cherry-pick' && { author: (await readCommit(context.store, oid)).author };
  const made = await commitWaiting(context, {
    ...original,
    ...given,
    message: message ?? withoutComments(pick.message),
  });
  await forgetMade(context);
  return made;
}
