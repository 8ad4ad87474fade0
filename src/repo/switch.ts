import { ConfigError, isConfigError, shellWord } from '../errors.js';
import {
  checkBranchName,
  isAncestor,
  isRefName,
  previousBranch,
  resolveCommit,
  type Oid,
} from '../store/index.js';
import { createdLog, newBranchCommit, noBranch } from './branch.js';
import { peel } from './commit-info.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { branchRef, branchTip, readHead, treeOf, type Head } from './head.js';
import { reflogSignature } from './identity.js';
import { refuseWhileMerging } from './merge-state.js';
import type { SwitchAnswer } from './types.js';
import { followStart, guessRemoteBranch } from './upstream.js';
import { requireNotElsewhere } from './worktrees.js';

interface Target {
  readonly branch: string;
  readonly create?: boolean;
  readonly start?: string;
}

/** Where to go. */
interface Plan {
  readonly commit: Oid | null;
  /** The branch does not exist yet, and begins at `commit`. */
  readonly isNew: boolean;
  /** The branch of a remote that it begins at, where only its name was given. */
  readonly start?: string;
}

/**
 * Makes a branch the current one; `-` and `@{-1}` mean the one before, `@{-2}` that before it. Local changes are carried where the two branches agree on the file; otherwise nothing happens.
 * Throws E_LOCAL_CHANGES (details: paths), E_MERGE_IN_PROGRESS, E_REVISION_NOT_FOUND, E_EXISTS, E_BAD_REF_NAME, E_CHECKED_OUT (in another worktree).
 */
export async function switchBranch(
  context: RepositoryContext,
  named: string,
  options: Omit<Target, 'branch'> = {},
): Promise<SwitchAnswer> {
  checkedOut(context, 'switch');
  const branch = options.create === true ? named : await branchNamed(context, named);
  const head = await readHead(context.store);
  if (head.branch === branch && options.create !== true) return { branch, commit: head.commit };
  await refuseWhileMerging(context, 'switch');
  const plan = await planSwitch(context, head, { ...options, branch });
  const start = plan.start ?? options.start;
  const from = await treeOf(context.store, head.commit);
  const to = await treeOf(context.store, plan.commit);
  await withCheckout(context, { from, to }, () => moveHead(context, head, { ...options, ...plan, branch }));
  if (plan.isNew && start !== undefined) await followStart(context, branch, start);
  const left = await leftBehind(context, head);
  return { branch, commit: plan.commit, ...(left !== undefined && { left }) };
}

/** git: Documentation/git-switch, "<branch>". */
async function branchNamed({ store }: RepositoryContext, text: string): Promise<string> {
  const count = text === '-' ? 1 : Number(/^@\{-([1-9]\d{0,8})\}$/.exec(text)?.[1]);
  return Number.isNaN(count) ? text : previousBranch(store, count);
}

/** The commit that a detached HEAD was at, where no ref leads to it now. */
async function leftBehind({ store }: RepositoryContext, { branch, commit }: Head): Promise<Oid | undefined> {
  if (branch !== null || commit === null) return undefined;
  for (const ref of await store.refs.list('refs/')) {
    const tip = ref.name.startsWith('refs/cfg/') ? undefined : await peel(store, ref);
    if (tip === undefined || (await store.objects.read(tip)).type !== 'commit') continue;
    if (await isAncestor(store, commit, tip)) return undefined;
  }
  return commit;
}

async function planSwitch(context: RepositoryContext, head: Head, target: Target): Promise<Plan> {
  const { branch, start, create } = target;
  if (create !== true) {
    if (start !== undefined)
      throw new ConfigError('E_USAGE', 'a start is for a new branch', {
        hint: `cfg switch -c ${shellWord(branch)} ${shellWord(start)}`,
      });
    if (!isRefName(branchRef(branch)) && (await isRevision(context, branch)))
      throw await noBranch(context, branch, beginAt(branch));
    const commit = await branchTip(context.store, branch);
    const remote = commit === null ? await guessRemoteBranch(context, branch) : undefined;
    if (remote !== undefined)
      return { commit: remote.commit, isNew: true, start: remote.ref.slice('refs/remotes/'.length) };
    if (commit === null) throw await noBranch(context, branch, await waysToGo(context, branch));
    await requireNotElsewhere(context, branch, 'switch to');
    return { commit, isNew: false };
  }
  if (head.commit !== null || start !== undefined)
    return { commit: await newBranchCommit(context, branch, start), isNew: true };
  checkBranchName(branch); // before the first commit a branch is no more than what HEAD says
  return { commit: await branchTip(context.store, branch), isNew: false };
}

/** What to type where there is no such branch. */
async function waysToGo(context: RepositoryContext, text: string): Promise<string> {
  if (await isRevision(context, text)) return beginAt(text);
  return `see them with 'cfg branch', or create it: cfg switch -c ${shellWord(text)}`;
}

function beginAt(revision: string): string {
  return `it is a commit: a branch that begins there is made with: cfg switch -c NAME ${shellWord(revision)}`;
}

async function isRevision({ store }: RepositoryContext, text: string): Promise<boolean> {
  try {
    await resolveCommit(store, text);
    return true;
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return false;
  }
}

async function moveHead(context: RepositoryContext, head: Head, plan: Plan & Target): Promise<void> {
  const { refs } = context.store;
  const committer = reflogSignature(context);
  const name = branchRef(plan.branch);
  const message = `checkout: moving from ${head.branch ?? head.commit ?? 'nothing'} to ${plan.branch}`;
  const created = { name, expected: null, value: plan.commit, message: createdLog(plan.start) };
  const edits = [...(plan.isNew ? [created] : []), { name: 'HEAD', value: { target: name } }];
  await refs.update(edits, { committer, message });
}

/**
 * Moves worktree and index from one tree to another, then runs `move` (the ref update). The files go first, as git has it: a crash
 * between leaves what looks like staged changes, never a branch whose index would take back a commit. When `move` fails they go back.
 */
export async function withCheckout(
  context: RepositoryContext,
  { from, to }: { readonly from: Oid | null; readonly to: Oid | null },
  move: () => void | Promise<void>,
): Promise<void> {
  const { worktree } = checkedOut(context, 'switch');
  const differs = to !== null && from !== to;
  if (differs) await worktree.checkout(from, to);
  try {
    await move();
  } catch (error) {
    if (differs && from !== null) await worktree.checkout(to, from);
    throw error;
  }
}
