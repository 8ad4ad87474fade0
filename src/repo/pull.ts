import { ConfigError, shellWord } from '../errors.js';
import { isAncestor, resolveCommit, trackingRef, type Oid } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { fetch, type FetchOptions } from './fetch.js';
import { requireForwardAllowed } from './forward.js';
import { branchRef, readHead, type Head } from './head.js';
import { merge } from './merge.js';
import { refuseWhileMerging } from './merge-state.js';
import { operate } from './operations/operate.js';
import { defaultRemote } from './remote-settings.js';
import type { PullAnswer } from './remote-types.js';
import type { MergeOptions } from './repository.js';

/** What to fetch and how to merge it. */
export interface PullOptions
  extends
    Pick<FetchOptions, 'ask' | 'onProgress' | 'remote' | 'prune'>,
    Pick<MergeOptions, 'fastForward' | 'strategy' | 'message' | 'author' | 'sign'> {
  /** A branch of the remote. Default the one that the current branch follows. */
  readonly branch?: string;
}

/**
 * Fetches, and merges the branch that the current one follows, by key. A protected branch moves forward over commits that were made
 * elsewhere when each of them meets its rules. Throws what `fetch` and `merge` throw; conflicts are an answer.
 */
export async function pull(context: RepositoryContext, options: PullOptions = {}): Promise<PullAnswer> {
  checkedOut(context, 'pull');
  await refuseWhileMerging(context, 'pull');
  const head = await readHead(context.store);
  const source = await sourceOf(context, head, options);
  const { remote, branch } = source;
  const { strategy, message, author, sign, fastForward = 'auto', ...rest } = options;
  const { fetched } = await fetch(context, { ...rest, remote, also: [branch] });
  const tracking =
    trackingRef(context.store, remote, branchRef(branch)) ?? `refs/remotes/${remote}/${branch}`;
  if ((await context.store.refs.read(tracking)) === undefined)
    throw new ConfigError('E_REVISION_NOT_FOUND', `'${remote}' has no branch '${branch}'`, {
      hint: `see what it has: cfg ls-remote ${shellWord(remote)}`,
    });
  const label = tracking.replace(/^refs\/(remotes|heads)\//, '');
  const verifiedForward = await verifyForward(context, { head, label });
  const merging = {
    fastForward,
    ...(verifiedForward && { verifiedForward }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(message === undefined ? {} : { message }),
    ...(author === undefined ? {} : { author }),
    ...(sign === undefined ? {} : { sign }),
  };
  // What was fetched stays when the merge is taken back.
  const merged = await operate(context, { command: 'pull' }, (inner) => merge(inner, label, merging));
  return { fetched, source: label, merge: merged };
}

interface Source {
  readonly remote: string;
  readonly branch: string;
}

async function sourceOf(
  context: RepositoryContext,
  head: Head,
  { remote, branch }: PullOptions,
): Promise<Source> {
  const { config } = context.store;
  const own = head.branch === null ? undefined : config.get(`branch.${head.branch}.merge`);
  const chosen = remote ?? (await defaultRemote(context));
  const follows = head.branch !== null && config.get(`branch.${head.branch}.remote`) === chosen;
  const name = branch ?? (follows ? own?.replace(/^refs\/heads\//, '') : undefined);
  if (name !== undefined) return { remote: chosen, branch: name };
  throw new ConfigError('E_USAGE', `branch '${head.branch ?? 'HEAD'}' follows no branch of '${chosen}'`, {
    hint: `say which one: cfg pull ${shellWord(chosen)} BRANCH; or let it follow: cfg push -u ${shellWord(chosen)} ${shellWord(head.branch ?? 'BRANCH')}`,
    details: { branch: head.branch, remote: chosen },
  });
}

/** The step forward, where the branch may just move although its protection asks for merges: they were made elsewhere. Throws E_PROTECTED. */
async function verifyForward(
  context: RepositoryContext,
  { head, label }: { readonly head: Head; readonly label: string },
): Promise<{ readonly from: Oid; readonly to: Oid } | undefined> {
  const { branch, commit: from } = head;
  const to = await resolveCommit(context.store, label);
  if (branch === null || from === null || from === to || !(await isAncestor(context.store, from, to)))
    return undefined;
  const hint = `look at them: cfg log ${label}; to bring them in by a merge that meets the rules: cfg merge ${label}`;
  await requireForwardAllowed(context, { branch, from, to }, hint);
  return { from, to };
}
