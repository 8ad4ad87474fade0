import { isRefName, mapRef, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { branchRef, realBranch, refCommit } from './head.js';
import { findRemote, remoteNames } from './remote-settings.js';

/** A branch of a remote, as it is known here. */
export interface RemoteBranch {
  readonly remote: string;
  /** Its name there. */
  readonly branch: string;
  /** What follows it here: `refs/remotes/origin/main`. */
  readonly ref: string;
  readonly commit: Oid;
}

/** The branch of that name, where exactly one remote has it (git: git-switch, --guess). */
export async function guessRemoteBranch(
  context: RepositoryContext,
  branch: string,
): Promise<RemoteBranch | undefined> {
  if (!isRefName(branchRef(branch))) return undefined;
  const found: RemoteBranch[] = [];
  for (const remote of remoteNames(context.store.config))
    for (const rule of findRemote(context, remote).fetch) {
      const ref = rule.negative ? undefined : mapRef(rule, branchRef(branch));
      const commit = ref === undefined ? null : await refCommit(context.store, ref);
      if (ref !== undefined && commit !== null) found.push({ remote, branch, ref, commit });
    }
  return found.length === 1 ? found[0] : undefined;
}

/** Makes a new branch that starts at a branch of a remote follow it (git: branch.autoSetupMerge). */
export async function followStart(context: RepositoryContext, branch: string, start: string): Promise<void> {
  const ref = start.startsWith('refs/') ? start : `refs/remotes/${start}`;
  if (!ref.startsWith('refs/remotes/')) return;
  for (const remote of remoteNames(context.store.config)) {
    const there = await nameThere(context, remote, ref);
    if (there === undefined) continue;
    const section = { section: 'branch', subsection: branch };
    await context.store.localConfig?.update([
      { ...section, key: 'remote', value: remote },
      { ...section, key: 'merge', value: there },
    ]);
    return;
  }
}

/** A branch whose history or rules are looked at, and where it is. */
export interface SeenBranch {
  /** The name that rules have for it. */
  readonly branch: string;
  /** Null: neither here nor at a remote. */
  readonly tip: Oid | null;
}

/** The branch here; or that of a remote as it was last fetched, `origin/main`, or `main` for the one of `origin`. */
export async function seenBranch(context: RepositoryContext, name: string): Promise<SeenBranch> {
  const { store } = context;
  if (!isRefName(branchRef(name))) return { branch: name, tip: null };
  const branch = await realBranch(store, name);
  const here = await refCommit(store, branchRef(branch));
  if (here !== null) return { branch, tip: here };
  for (const remote of remoteNames(store.config)) {
    const there = await nameThere(context, remote, `refs/remotes/${name}`);
    if (there !== undefined)
      return {
        branch: there.slice(branchRef('').length),
        tip: await refCommit(store, `refs/remotes/${name}`),
      };
  }
  return { branch, tip: await refCommit(store, `refs/remotes/origin/${branch}`) };
}

/** The name that a ref here has at the remote that it follows. */
async function nameThere(
  context: RepositoryContext,
  remote: string,
  ref: string,
): Promise<string | undefined> {
  if (!isRefName(ref) || (await refCommit(context.store, ref)) === null) return undefined;
  return findRemote(context, remote)
    .fetch.flatMap(({ from, to, negative, force }) =>
      to === undefined || negative ? [] : (mapRef({ from: to, to: from, negative, force }, ref) ?? []),
    )
    .find((name) => name.startsWith('refs/heads/'));
}
