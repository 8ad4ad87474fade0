import { ConfigError } from '../errors.js';
import type { Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { requireMerged } from './index-changes.js';
import { settleMerge } from './merge-leftover.js';
import { readMergeRecord } from './merge-record.js';
import { readPickState } from './pick-state.js';
import type { Waiting } from './types.js';

/** Git's own state of a merge that waits for decisions. */
export interface MergeState {
  /** MERGE_HEAD: what is being merged; more than one only in an octopus merge begun by git. */
  readonly heads: readonly Oid[];
  /** MERGE_MSG as it is, comments included. */
  readonly message: string;
}

/** The merge in progress, whichever tool began it. */
export async function readMergeState(context: RepositoryContext): Promise<MergeState | undefined> {
  const { state } = context.store;
  const head = await state.read('MERGE_HEAD');
  if (head === undefined) return undefined;
  const heads = head.split('\n').filter((line) => line !== '');
  if (heads.length === 0 || heads.some((line) => !/^[0-9a-f]{40}$/.test(line)))
    throw new ConfigError('E_CORRUPT', 'MERGE_HEAD is damaged', { hint: 'git merge --abort' });
  return { heads, message: (await state.read('MERGE_MSG')) ?? '' };
}

/** Records a merge that stopped; MERGE_HEAD last, so that the others are there when it is. */
export async function writeMergeState(
  context: RepositoryContext,
  state: { readonly head: Oid; readonly ours: Oid; readonly message: string },
): Promise<void> {
  const files = context.store.state;
  await files.write('ORIG_HEAD', `${state.ours}\n`);
  await files.write('MERGE_MSG', state.message);
  await files.write('MERGE_MODE', 'no-ff');
  await files.write('MERGE_HEAD', `${state.head}\n`);
}

const others: readonly (readonly [string, Waiting['verb']])[] = [
  ['rebase-merge/head-name', 'rebase'],
  ['rebase-apply/head-name', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
];

/** What waits to be continued or aborted, and which tool can; undefined when nothing does. */
export async function readWaiting(context: RepositoryContext): Promise<Waiting | undefined> {
  const pick = await readPickState(context);
  if (pick !== undefined) return { by: 'cfg', verb: pick.verb };
  const verb = await gitSequence(context);
  if (verb !== undefined) return { by: 'git', verb };
  return (await isMerging(context)) ? { by: 'cfg', verb: 'merge' } : undefined;
}

/** What only git can go on with, where no single pick or revert is under way. */
async function gitSequence({ store }: RepositoryContext): Promise<Waiting['verb'] | undefined> {
  for (const [file, verb] of others) if ((await store.state.read(file)) !== undefined) return verb;
  return undefined;
}

/** Whether a merge (or a pick or revert of one commit) waits for decisions, or was interrupted and waits to be aborted. */
export async function isMerging(context: RepositoryContext): Promise<boolean> {
  if (await isInterrupted(context)) return true;
  return ((await readMergeState(context)) ?? (await readPickState(context))) !== undefined;
}

/** Throws E_MERGE_IN_PROGRESS while something is under way that a commit would not finish: of git's, or a merge that was interrupted. */
export async function refuseUnfinished(context: RepositoryContext): Promise<void> {
  await settleMerge(context);
  if (await isInterrupted(context))
    throw new ConfigError('E_MERGE_IN_PROGRESS', 'a merge was interrupted while its files were written', {
      hint: 'cfg merge --abort, then merge again',
    });
  const pick = await readPickState(context);
  if (pick !== undefined)
    throw new ConfigError('E_MERGE_IN_PROGRESS', `a ${pick.verb} is in progress`, {
      hint: `cfg ${pick.verb} --continue, or cfg ${pick.verb} --abort`,
    });
  refuseVerb(await gitSequence(context));
}

/** Throws E_MERGE_IN_PROGRESS during a rebase, or a pick or revert of several commits: only git can go on with those. */
export async function refuseGitSequence(context: RepositoryContext): Promise<void> {
  if ((await readPickState(context)) === undefined) refuseVerb(await gitSequence(context));
}

function refuseVerb(verb: Waiting['verb'] | undefined): void {
  if (verb === undefined) return;
  throw new ConfigError('E_MERGE_IN_PROGRESS', `a ${verb} by git is in progress`, {
    hint: `git ${verb} --continue, or git ${verb} --abort`,
  });
}

/** Throws E_MERGE_IN_PROGRESS while a merge (or an operation of git) waits, E_CONFLICT while files have conflicts for another reason. */
export async function refuseWhileMerging(context: RepositoryContext, verb: string): Promise<void> {
  await refuseUnfinished(context);
  if ((await readMergeState(context)) !== undefined)
    throw new ConfigError('E_MERGE_IN_PROGRESS', `cannot ${verb}: a merge is in progress`, {
      hint: "finish it with 'cfg merge --continue', or drop it with 'cfg merge --abort'",
    });
  if (context.store.index !== undefined) requireMerged(await context.store.index.unmerged(), verb);
}

async function isInterrupted(context: RepositoryContext): Promise<boolean> {
  return (await readMergeRecord(context))?.complete === false;
}
