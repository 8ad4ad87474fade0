import { ConfigError } from '../errors.js';
import type { Oid, RefEdit } from '../store/index.js';
import { checkBranchName, createdLog, existingTip, newBranchCommit } from './branch.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { branchRef, branchTip, readHead, treeOf, type Head } from './head.js';
import { identify } from './identity.js';
import { refuseWhileMerging } from './merge-state.js';
import type { SwitchAnswer } from './types.js';
import { requireNotElsewhere } from './worktrees.js';

/** Where to go, and the ref edits that take HEAD there. */
interface Plan {
  readonly commit: Oid | null;
  readonly edits: readonly RefEdit[];
  readonly log: string;
}

/**
 * Makes a branch the current one. Local changes are carried where the two branches agree on the file; otherwise nothing happens.
 * Throws E_LOCAL_CHANGES (details: paths), E_MERGE_IN_PROGRESS, E_REVISION_NOT_FOUND, E_EXISTS, E_BAD_REF_NAME.
 */
export async function switchBranch(
  context: RepositoryContext,
  branch: string,
  options: { readonly create?: boolean; readonly start?: string } = {},
): Promise<SwitchAnswer> {
  checkedOut(context, 'switch');
  const head = await readHead(context.store);
  if (head.branch === branch && options.create !== true) return { branch, commit: head.commit };
  await refuseWhileMerging(context, 'switch');
  const plan = await planSwitch(context, head, { ...options, branch });
  await withCheckout(context, { from: head.commit, to: plan.commit }, () =>
    context.store.refs.update(plan.edits, { committer: identify(context).committer, message: plan.log }),
  );
  return { branch, commit: plan.commit };
}

async function planSwitch(
  context: RepositoryContext,
  head: Head,
  target: { readonly branch: string; readonly create?: boolean; readonly start?: string },
): Promise<Plan> {
  const { branch, start } = target;
  const moveHead: RefEdit = { name: 'HEAD', value: { target: branchRef(branch) } };
  const log = `checkout: moving from ${head.branch ?? head.commit ?? 'nothing'} to ${branch}`;
  if (target.create !== true) {
    if (start !== undefined)
      throw new ConfigError('E_USAGE', 'a start is for a new branch', {
        hint: `cfg switch ${branch} -c ${start}`,
      });
    const commit = await existingTip(context, branch);
    await requireNotElsewhere(context, branch, 'switch to');
    return { commit, edits: [moveHead], log };
  }
  if (head.commit === null && start === undefined) {
    checkBranchName(branch); // before the first commit a branch is no more than what HEAD says
    return { commit: await branchTip(context.store, branch), edits: [moveHead], log };
  }
  const commit = await newBranchCommit(context, branch, start);
  const create: RefEdit = { name: branchRef(branch), expected: null, value: commit };
  return {
    commit,
    edits: [create, moveHead],
    log: start === undefined ? log : `${createdLog(start)}; ${log}`,
  };
}

/**
 * Moves worktree and index to the tree of a commit, then runs `move` (the ref update). The files go first, as git has it: a crash
 * between leaves what looks like staged changes, never a branch whose index would take back a commit. When `move` fails the files go back.
 */
export async function withCheckout(
  context: RepositoryContext,
  step: { readonly from: Oid | null; readonly to: Oid | null },
  move: () => void | Promise<void>,
): Promise<void> {
  const { worktree } = checkedOut(context, 'switch');
  const [from, to] = [await treeOf(context.store, step.from), await treeOf(context.store, step.to)];
  const differs = to !== null && from !== to;
  if (differs) await worktree.checkout(from, to);
  try {
    await move();
  } catch (error) {
    if (differs && from !== null) await worktree.checkout(to, from);
    throw error;
  }
}
