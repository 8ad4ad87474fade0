import { trackingRef, walkCommits, type FileChange, type Oid, type Store } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, refCommit, treeOf, type Head } from './head.js';
import { isMerging } from './merge-state.js';
import { protectionAt } from './protection.js';
import type { PathChange, StatusAnswer } from './types.js';

/** Where HEAD is, what protects the branch, and what differs between HEAD, index and worktree. */
export async function status(context: RepositoryContext): Promise<StatusAnswer> {
  const { worktree } = checkedOut(context, 'show the status');
  const { store } = context;
  const head = await readHead(store);
  const found = await worktree.status(await treeOf(store, head.commit));
  return {
    branch: head.branch,
    head: head.commit,
    protection: (await protectionAt(context, head.branch, head.commit)).level,
    upstream: await upstreamOf(store, head),
    merging: await isMerging(context),
    staged: found.staged.map(pathChange),
    unstaged: found.unstaged.map(pathChange),
    untracked: [...found.untracked, ...found.repositories].toSorted(),
    ...(found.unreadable.length > 0 && { unreadable: found.unreadable }),
    conflicts: found.conflicts,
  };
}

function pathChange({ path, change, from }: FileChange): PathChange {
  return { path, change, ...(from !== undefined && { from }) };
}

/** The ref that the branch follows (git: `branch.NAME.remote` and `.merge`), where it exists. */
async function upstreamOf(store: Store, { branch, commit }: Head): Promise<StatusAnswer['upstream']> {
  const remote = branch === null ? undefined : store.config.get(`branch.${branch}.remote`);
  const merge = branch === null ? undefined : store.config.get(`branch.${branch}.merge`);
  if (remote === undefined || merge === undefined || commit === null) return null;
  const tracking = trackingRef(store, remote, merge);
  const theirs = tracking === undefined ? null : await refCommit(store, tracking);
  if (tracking === undefined || theirs === null) return null;
  const [ahead, behind] = [
    await countBetween(store, theirs, commit),
    await countBetween(store, commit, theirs),
  ];
  return { ref: tracking.replace(/^refs\/(?:heads|remotes)\//, ''), ahead, behind };
}

/** How many commits `to` has that `from` has not. */
async function countBetween(store: Store, from: Oid, to: Oid): Promise<number> {
  if (from === to) return 0;
  let count = 0;
  for await (const _ of walkCommits(store, [to], { exclude: [from] })) count++;
  return count;
}
