import { closest, ConfigError, shellWord } from '../errors.js';
import { checkBranchName, isAncestor, resolveCommit, type Oid, type RefEdit } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { branchRef, branchTip, readHead } from './head.js';
import { reflogSignature } from './identity.js';
import { protectionAt, requireAllowed } from './protection.js';
import type { BranchAnswer, BranchInfo } from './types.js';
import { followStart } from './upstream.js';
import { requireNotElsewhere } from './worktrees.js';

/** All branches by name, each with the protection that its own tip says. */
export async function listBranches(context: RepositoryContext): Promise<BranchAnswer> {
  const { store } = context;
  const head = await readHead(store);
  const branches: BranchInfo[] = [];
  for (const ref of await store.refs.list('refs/heads/')) {
    const name = ref.name.slice('refs/heads/'.length);
    const commit = 'oid' in ref ? ref.oid : await branchTip(store, name);
    if (commit === null) continue; // a symbolic ref to nothing
    const { level } = await protectionAt(context, name, commit);
    branches.push({ name, commit, current: name === head.branch, protection: level });
  }
  return { branches };
}

/** Creates a branch at a revision (default HEAD). Throws E_EXISTS, E_BAD_REF_NAME, E_REVISION_NOT_FOUND. */
export async function createBranch(
  context: RepositoryContext,
  name: string,
  start?: string,
): Promise<BranchAnswer> {
  const commit = await newBranchCommit(context, name, start);
  await context.store.refs.update([{ name: branchRef(name), expected: null, value: commit }], {
    committer: reflogSignature(context),
    message: createdLog(start),
  });
  if (start !== undefined) await followStart(context, name, start);
  return listBranches(context);
}

/** Checks a name for a new branch and finds where it starts. */
export async function newBranchCommit(
  context: RepositoryContext,
  name: string,
  start = 'HEAD',
): Promise<Oid> {
  checkBranchName(name);
  if ((await branchTip(context.store, name)) !== null)
    throw new ConfigError('E_EXISTS', `branch '${name}' exists already`, {
      hint: `cfg switch ${shellWord(name)}, or choose another name`,
    });
  return resolveCommit(context.store, start);
}

/** What the reflog of a new branch begins with (git: branch.c). */
export function createdLog(start = 'HEAD'): string {
  return `branch: Created from ${start}`;
}

/**
 * Deletes a branch that is merged into HEAD, or with `force` any. Throws E_PROTECTED for protected and unmerged ones, E_CHECKED_OUT for
 * one that a worktree is at, E_REVISION_NOT_FOUND.
 */
export async function deleteBranch(
  context: RepositoryContext,
  name: string,
  options: { readonly force?: boolean } = {},
): Promise<BranchAnswer> {
  const { store } = context;
  const tip = await existingTip(context, name);
  const head = await readHead(store);
  await requireRemovable(context, name, tip);
  if (head.branch === name)
    throw new ConfigError('E_CHECKED_OUT', `cannot delete branch '${name}': it is checked out`, {
      hint: 'cfg switch OTHER first',
    });
  await requireNotElsewhere(context, name, 'delete');
  if (options.force !== true && (head.commit === null || !(await isAncestor(store, tip, head.commit))))
    throw new ConfigError(
      'E_PROTECTED',
      `branch '${name}' has commits that are not in ${head.branch ?? 'HEAD'}`,
      {
        hint: `cfg merge ${shellWord(name)} first, or delete it for good: cfg branch -d ${shellWord(name)} --force`,
        details: { branch: name, commit: tip },
      },
    );
  await store.refs.update([{ name: branchRef(name), expected: tip, value: null }], {
    committer: reflogSignature(context),
    message: 'branch: deleted',
  });
  return listBranches(context);
}

/**
 * Renames a branch, null for the current one; HEAD follows. Throws E_PROTECTED, E_EXISTS, E_BAD_REF_NAME, E_REVISION_NOT_FOUND, E_USAGE
 * where HEAD is on no branch.
 */
export async function renameBranch(
  context: RepositoryContext,
  named: string | null,
  to: string,
): Promise<BranchAnswer> {
  const { store } = context;
  const head = await readHead(store);
  const from = named ?? head.branch;
  if (from === null)
    throw new ConfigError('E_USAGE', 'HEAD is on no branch to rename', { hint: 'cfg branch -m OLD NEW' });
  checkBranchName(to);
  const unborn = head.branch === from && head.commit === null;
  const tip = unborn ? null : await existingTip(context, from);
  if (from === to) return listBranches(context);
  if ((await branchTip(store, to)) !== null)
    throw new ConfigError('E_EXISTS', `branch '${to}' exists already`, {
      hint: `choose another name, or delete it first: cfg branch -d ${shellWord(to)}`,
    });
  await requireNotElsewhere(context, from, 'rename');
  if (tip !== null) await requireRemovable(context, from, tip);
  const moveHead: RefEdit[] =
    head.branch === from ? [{ name: 'HEAD', value: { target: branchRef(to) } }] : [];
  const edits = tip === null ? moveHead : [...renaming({ from, to, tip }), ...moveHead];
  const committer = reflogSignature(context);
  const message = `Branch: renamed ${branchRef(from)} to ${branchRef(to)}`;
  await withRenamedSettings(context, { from, to }, () => store.refs.update(edits, { committer, message }));
  return listBranches(context);
}

function renaming({ from, to, tip }: Rename & { readonly tip: Oid }): readonly RefEdit[] {
  return [
    { name: branchRef(to), expected: null, value: tip, renamedFrom: branchRef(from) },
    { name: branchRef(from), expected: tip, value: null },
  ];
}

interface Rename {
  readonly from: string;
  readonly to: string;
}

/** What Git's configuration says of the branch (its upstream) goes along, before the branch does; when that fails it goes back. */
async function withRenamedSettings(
  { store }: RepositoryContext,
  { from, to }: Rename,
  move: () => void | Promise<void>,
): Promise<void> {
  const section = 'branch';
  const isRenamed = await store.localConfig?.update([{ section, subsection: from, rename: to }]);
  try {
    await move();
  } catch (error) {
    if (isRenamed) await store.localConfig?.update([{ section, subsection: to, rename: from }]);
    throw error;
  }
}

/** The tip of a branch that must be there. Throws E_REVISION_NOT_FOUND with the closest name. */
export async function existingTip(context: RepositoryContext, name: string): Promise<Oid> {
  const tip = await branchTip(context.store, name);
  if (tip !== null) return tip;
  throw await noBranch(context, name, "see them with 'cfg branch'");
}

/** Names the closest branch, or else what the caller has to say. */
export async function noBranch(
  context: RepositoryContext,
  name: string,
  otherwise: string,
): Promise<ConfigError> {
  const names = (await context.store.refs.list('refs/heads/')).map((ref) =>
    ref.name.slice('refs/heads/'.length),
  );
  const similar = closest(name, names);
  return new ConfigError('E_REVISION_NOT_FOUND', `no branch '${name}'`, {
    hint: similar === undefined ? otherwise : `did you mean '${similar}'?`,
  });
}

async function requireRemovable(context: RepositoryContext, branch: string, tip: Oid): Promise<void> {
  const protection = await protectionAt(context, branch, tip);
  requireAllowed({ protection, branch, action: 'delete' });
}
