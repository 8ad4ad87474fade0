import { ConfigError } from '../errors.js';
import type { Protection } from '../policy/index.js';
import type { Oid } from '../store/index.js';
import { existingTip } from './branch.js';
import type { RepositoryContext } from './context.js';
import { branchRef, readHead, realBranch } from './head.js';
import { refuseWhileMerging } from './merge-state.js';
import { protectionAt } from './protection.js';
import { requireNotElsewhere } from './worktrees.js';

/** Where a merge goes. */
export interface MergeTarget {
  /** Null: a detached HEAD. */
  readonly branch: string | null;
  readonly ref: string;
  /** Null before the first commit. */
  readonly tip: Oid | null;
  readonly protection: Protection;
  /** Whether worktree and index follow. */
  readonly checkedOut: boolean;
}

/** The branch to merge into: the current one, or another that is checked out nowhere. */
export async function mergeTarget(
  context: RepositoryContext,
  into: string | undefined,
): Promise<MergeTarget> {
  const head = await readHead(context.store);
  const bare = context.store.worktree === undefined;
  if (into === undefined || into === head.branch) {
    if (!bare) await refuseWhileMerging(context, 'merge');
    const protection = await protectionAt(context, head.branch, head.commit);
    return { branch: head.branch, ref: head.ref, tip: head.commit, protection, checkedOut: !bare };
  }
  const branch = await realBranch(context.store, into);
  if (branch === head.branch) return mergeTarget(context, branch);
  const tip = await existingTip(context, branch);
  await requireNotElsewhere(context, branch, 'merge into');
  const protection = await protectionAt(context, branch, tip);
  return { branch, ref: branchRef(branch), tip, protection, checkedOut: false };
}

/** What the user calls the other side, for labels and messages: `feature`, `v1.2.0`, a commit id. */
export interface MergeSource {
  readonly commit: Oid;
  readonly label: string;
}

/** git: fmt-merge-msg, for one parent. The branch merged into is named unless it is `main` or `master`. */
export async function mergeMessage(
  context: RepositoryContext,
  { label }: MergeSource,
  into: string | null,
): Promise<string> {
  const where = into === null || into === 'main' || into === 'master' ? '' : ` into ${into}`;
  return `Merge ${await kindOf(context, label)} '${label}'${where}`;
}

async function kindOf(context: RepositoryContext, label: string): Promise<string> {
  const { refs } = context.store;
  const exists = async (name: string): Promise<boolean> => (await refs.read(name)) !== undefined;
  if (!/^[^\s~^:?*[\\@]+$/.test(label)) return 'commit';
  if (await exists(`refs/tags/${label}`)) return 'tag';
  if (await exists(`refs/heads/${label}`)) return 'branch';
  return (await exists(`refs/remotes/${label}`)) ? 'remote-tracking branch' : 'commit';
}

/** Throws E_USAGE for two histories without a common commit. */
export function unrelated(label: string): ConfigError {
  return new ConfigError('E_USAGE', `'${label}' shares no history with the branch it would be merged into`, {
    hint: 'to join two histories on purpose: allowUnrelated in the library, or git merge --allow-unrelated-histories',
  });
}
