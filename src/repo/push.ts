import { ConfigError, shellWord } from '../errors.js';
import {
  publicAddress,
  trackingRef,
  type Advertisement,
  type Oid,
  type PushReport,
  type RefEdit,
  type Transport,
} from '../store/index.js';
import { exchangeOf, withTransport, type TransferOptions } from './connect.js';
import { reflogSignature } from './identity.js';
import type { RepositoryContext } from './context.js';
import { isForward, requireForwardAllowed } from './forward.js';
import { branchRef, refCommit } from './head.js';
import { protectionAt, requireAllowed } from './protection.js';
import { pushFailure } from './push-failure.js';
import { planPush, type PlannedPush } from './push-plan.js';
import { localConfig } from './remote.js';
import type { PushAnswer, RefUpdate } from './remote-types.js';
import { defaultRemote, findRemote, type Remote } from './remote-settings.js';

/** What to send, and what must hold there before. */
export interface PushOptions extends TransferOptions {
  /** Default: that of the current branch, the only one, or `origin`. */
  readonly remote?: string;
  /** `NAME`, `SOURCE:TARGET` or full names. Default the current branch. */
  readonly refs?: readonly string[];
  /** The branch follows that of the remote from now on. */
  readonly setUpstream?: boolean;
  /** Every tag too. */
  readonly tags?: boolean;
  /** Also what is no step forward, as long as the remote is where it was when it was last fetched. */
  readonly forceWithLease?: boolean;
  /** The refs are to be gone there. */
  readonly delete?: boolean;
}

interface Push {
  readonly remote: Remote;
  readonly advertised: Advertisement;
  readonly transport: Transport;
  readonly options: PushOptions;
}

/**
 * Sends branches, tags and approvals. What the rules of a protected branch do not allow is not sent at all, and nothing else with it; the
 * server's own hook has the last word. Throws E_STALE (the remote has more), E_PROTECTED, E_EXISTS (a tag), E_REMOTE, E_USAGE.
 */
export async function push(context: RepositoryContext, options: PushOptions = {}): Promise<PushAnswer> {
  const remote = findRemote(context, options.remote ?? (await defaultRemote(context)));
  const { pushUrl: url, receivePack: program } = remote;
  const { config } = context.store;
  const connection = { ...options, url, program, service: 'receive-pack' as const, config, env: context.env };
  return withTransport(connection, async (transport) => {
    const advertised = await transport.discover();
    return pushTo(context, { remote, advertised, transport, options });
  });
}

async function pushTo(context: RepositoryContext, work: Push): Promise<PushAnswer> {
  const { remote, transport, options } = work;
  const refs = options.refs ?? [];
  if (options.delete === true && refs.length === 0)
    throw new ConfigError('E_USAGE', 'nothing says what to delete', {
      hint: `cfg push --delete ${shellWord(remote.name)} BRANCH`,
    });
  const planned = await planPush(context, work, {
    refs,
    tags: options.tags === true,
    isDelete: options.delete === true,
    isForced: options.forceWithLease === true,
  });
  const updates: RefUpdate[] = [];
  for (const each of planned) updates.push(await judge(context, each, work));
  const sent = updates.filter(({ result }) => result !== 'rejected');
  const report = sent.length === 0 ? nothingSaid : await send(context, sent, work);
  await followUp(
    context,
    remote,
    sent.filter(({ ref }) => report.results.get(ref) === null),
  );
  const failure = pushFailure(transport.url, sent, report);
  if (failure !== undefined) throw failure;
  const upstream = options.setUpstream === true ? await setUpstream(context, work) : null;
  return {
    remote: remote.name,
    url: publicAddress(transport.url),
    updates,
    upstream,
    messages: report.messages,
  };
}

const nothingSaid: PushReport = { results: new Map(), messages: [] };

/** Throws where what was asked for by name cannot go. */
async function judge(context: RepositoryContext, planned: PlannedPush, work: Push): Promise<RefUpdate> {
  const { ref, before, after } = planned;
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
  if (after === null) {
    await requireRemoteAllowed(context, { branch, tip: before, action: 'delete' });
    return { ref, before, after, result: 'deleted' };
  }
  if (before === null) return { ref, before, after, result: 'new' };
  if (await isForward(context.store, before, after)) {
    const hint = `bring it in by a merge: cfg push ${work.remote.name} ${branch}:refs/heads/OTHER, then merge that where the rules are kept`;
    if (branch !== null) await requireForwardAllowed(context, { branch, from: before, to: after }, hint);
    return { ref, before, after, result: 'fast-forward' };
  }
  if (planned.isExtra === true)
    return { ref, before, after, result: 'rejected', reason: 'both sides changed it' };
  if (ref.startsWith('refs/tags/')) throw movedTag(ref, work.remote);
  if (work.options.forceWithLease !== true) throw staleRemote(ref, work.remote);
  await requireLease(context, planned, work.remote);
  await requireRemoteAllowed(context, { branch, tip: before, action: 'rewrite' });
  return { ref, before, after, result: 'forced' };
}

/** By the rules at the tip of the remote; where that was never fetched only the server can tell. */
async function requireRemoteAllowed(
  context: RepositoryContext,
  {
    branch,
    tip,
    action,
  }: { readonly branch: string | null; readonly tip: Oid | null; readonly action: 'delete' | 'rewrite' },
): Promise<void> {
  if (branch === null || tip === null || !(await context.store.objects.has(tip))) return;
  requireAllowed({ protection: await protectionAt(context, branch, tip), branch, action });
}

/** The remote must be where it was seen last (git: push --force-with-lease). */
async function requireLease(
  { store }: RepositoryContext,
  { ref, before }: PlannedPush,
  remote: Remote,
): Promise<void> {
  const tracking = trackingRef(store, remote.name, ref);
  const seen = tracking === undefined ? null : await refCommit(store, tracking);
  if (seen === before) return;
  throw new ConfigError('E_STALE', `'${shortName(ref)}' is not where it was last seen at '${remote.name}'`, {
    hint: `look at what came first: cfg fetch ${shellWord(remote.name)}`,
    details: { ref, expected: seen, actual: before },
  });
}

async function send(
  context: RepositoryContext,
  updates: readonly RefUpdate[],
  work: Push,
): Promise<PushReport> {
  const { transport, advertised } = work;
  const commands = updates.map(({ ref, before, after }) => ({ ref, before, after }));
  const wanted = updates.flatMap(({ after }) => after ?? []);
  if (wanted.length === 0) return transport.sendPack(commands, undefined);
  const had = advertised.refs.map(({ oid }) => oid);
  return exchangeOf(context).send({ wanted, had }, (pack) => transport.sendPack(commands, pack));
}

/** What is known of the remote now, as if it had been fetched. */
async function followUp(
  context: RepositoryContext,
  remote: Remote,
  done: readonly RefUpdate[],
): Promise<void> {
  const { store } = context;
  const edits: RefEdit[] = [];
  for (const { ref, after } of done) {
    const name = ref.startsWith('refs/heads/') ? trackingRef(store, remote.name, ref) : undefined;
    if (name === undefined || name === ref) continue;
    if (after !== null || (await store.refs.read(name)) !== undefined) edits.push({ name, value: after });
  }
  if (edits.length === 0) return;
  await store.refs.update(edits, { committer: reflogSignature(context), message: 'update by push' });
}

/** Also for what was there already. */
async function setUpstream(context: RepositoryContext, { remote, options }: Push): Promise<string | null> {
  const all = await planPush(
    context,
    { remote, advertised: { refs: [], capabilities: new Map(), shallow: [] } },
    { refs: options.refs ?? [], tags: false, isDelete: false, isForced: false },
  );
  const branches = all.flatMap(({ source, ref }) =>
    source !== undefined && ref.startsWith('refs/heads/') ? [{ source, ref }] : [],
  );
  await localConfig(context).update(
    branches.flatMap(({ source, ref }) => [
      { section: 'branch', subsection: source, key: 'remote', value: remote.name },
      { section: 'branch', subsection: source, key: 'merge', value: ref },
    ]),
  );
  const [first] = branches;
  return first === undefined ? null : `${remote.name}/${first.ref.slice(branchRef('').length)}`;
}

function staleRemote(ref: string, { name }: Remote): ConfigError {
  return new ConfigError('E_STALE', `'${name}' has commits on '${shortName(ref)}' that are not here`, {
    hint: `bring them in first: cfg pull ${shellWord(name)} ${shellWord(shortName(ref))}`,
    details: { ref, remote: name },
  });
}

function movedTag(ref: string, { name }: Remote): ConfigError {
  return new ConfigError(
    'E_EXISTS',
    `tag '${shortName(ref)}' is something else at '${name}', and a version never moves`,
    {
      hint: 'make a new version: cfg tag --bump patch',
      details: { ref, remote: name },
    },
  );
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
