import { ConfigError } from '../errors.js';
import {
  mapRef,
  parseRefspec,
  publicAddress,
  type Oid,
  type RemoteRef,
  type Transport,
} from '../store/index.js';
import { exchangeOf, withTransport, type TransferOptions } from './connect.js';
import { reflogSignature } from './identity.js';
import type { RepositoryContext } from './context.js';
import { planFetch, type FetchPlan, type PlannedRef } from './fetch-plan.js';
import { isForward } from './forward.js';
import { refSteps } from './ref-steps.js';
import { defaultRemote, findRemote, remoteNames, type Remote } from './remote-settings.js';
import type { FetchAnswer, FetchedRemote, RefUpdate } from './remote-types.js';

/** What to fetch, and from where. */
export interface FetchOptions extends TransferOptions {
  /** Default: that of the current branch, the only one, or `origin`. */
  readonly remote?: string;
  /** Every remote. */
  readonly all?: boolean;
  /** Drop refs of branches that are gone there. Default `remote.NAME.prune`, `fetch.prune`. */
  readonly prune?: boolean;
  /** Every tag, not only those that point at what is here then. */
  readonly tags?: boolean;
  /** So many commits of each history from its tip; makes it longer or shorter. */
  readonly depth?: number;
  /** The whole history of what was fetched with a depth. */
  readonly unshallow?: boolean;
}

interface InnerFetchOptions extends FetchOptions {
  /** Branches that are wanted even where the rules of the remote leave them out. */
  readonly also?: readonly string[];
}

/** The whole history (git: INFINITE_DEPTH). */
const wholeHistory = 0x7fff_ffff;

/** Brings what other repositories have, and moves the refs that follow them; never a branch. Throws E_REMOTE, E_USAGE, E_CORRUPT, E_STALE, E_IO. */
export async function fetch(
  context: RepositoryContext,
  options: InnerFetchOptions = {},
): Promise<FetchAnswer> {
  if (options.all === true && options.remote !== undefined)
    throw new ConfigError('E_USAGE', 'one remote and all of them exclude each other');
  const names =
    options.all === true
      ? remoteNames(context.store.config)
      : [options.remote ?? (await defaultRemote(context))];
  const remotes = names.map((name) => findRemote(context, name));
  const fetched: FetchedRemote[] = [];
  for (const remote of remotes)
    fetched.push(await fetchRemote(context, withBranches(remote, options.also ?? []), options));
  return { fetched };
}

function withBranches(remote: Remote, branches: readonly string[]): Remote {
  const rules = branches
    .filter((branch) => remote.fetch.every((rule) => mapRef(rule, `refs/heads/${branch}`) === undefined))
    .map((branch) => parseRefspec(`+refs/heads/${branch}:refs/remotes/${remote.name}/${branch}`));
  return { ...remote, fetch: [...remote.fetch, ...rules] };
}

async function fetchRemote(
  context: RepositoryContext,
  remote: Remote,
  options: FetchOptions,
): Promise<FetchedRemote> {
  const { url, uploadPack: program } = remote;
  const { config } = context.store;
  refuseBranches(remote);
  return withTransport(
    { ...options, url, program, service: 'upload-pack', config, env: context.env },
    async (transport) => {
      const advertised = await transport.discover();
      const plan = await planFetch(
        context.store,
        { remote, advertised },
        {
          prune: options.prune ?? remote.prune,
          tags: options.tags === true ? 'all' : remote.tags,
        },
      );
      await fetchObjects(context, { transport, plan, options });
      const updates = await applyPlan(context, { remote, plan });
      return { remote: remote.name, url: publicAddress(url), updates };
    },
  );
}

/** A rule that moves branches would go round their protection. */
function refuseBranches({ name, fetch: rules }: Remote): void {
  const rule = rules.find(({ to }) => to?.startsWith('refs/heads/'));
  if (rule === undefined) return;
  throw new ConfigError('E_USAGE', `remote '${name}' is set up to overwrite branches here`, {
    hint: `let it move refs of its own: git config remote.${name}.fetch '+refs/heads/*:refs/remotes/${name}/*'; then: cfg pull`,
    details: { remote: name },
  });
}

interface ObjectFetch {
  readonly transport: Transport;
  readonly plan: FetchPlan;
  readonly options: FetchOptions;
}

async function fetchObjects(
  context: RepositoryContext,
  { transport, plan, options }: ObjectFetch,
): Promise<void> {
  const exchange = exchangeOf(context);
  const { unshallow, onProgress } = options;
  const depth = unshallow === true ? wholeHistory : options.depth;
  const tips = plan.refs.filter(({ before, after }) => before !== after).map(({ after }) => after);
  const tags = await reachedTags(context, plan.followable);
  const missing = await exchange.missing([...new Set([...tips, ...tags])]);
  const wants = depth === undefined ? missing : [...new Set(plan.refs.map(({ after }) => after))];
  if (wants.length === 0) return;
  const shallow = await exchange.shallow();
  const incoming = await transport.fetchPack({
    wants,
    haves: (common) => exchange.haves(common),
    shallow,
    ...(depth === undefined ? {} : { depth }),
  });
  await exchange.receive(incoming, { wants, url: transport.url, ...(onProgress && { onProgress }) });
}

/** Tags whose target is here already. */
async function reachedTags(
  { store }: RepositoryContext,
  tags: readonly RemoteRef[],
): Promise<readonly Oid[]> {
  const found: Oid[] = [];
  for (const { oid, peeled } of tags) if (await store.objects.has(peeled ?? oid)) found.push(oid);
  return found;
}

async function applyPlan(
  context: RepositoryContext,
  { remote, plan }: { readonly remote: Remote; readonly plan: FetchPlan },
): Promise<readonly RefUpdate[]> {
  const updates: RefUpdate[] = plan.gone.map(({ ref, before }) => ({
    ref,
    before,
    after: null,
    result: 'deleted',
  }));
  for (const planned of plan.refs)
    if (planned.before !== planned.after) updates.push(await judge(context, planned));
  for (const { name, oid } of plan.followable)
    if ((await exchangeOf(context).missing([oid])).length === 0)
      updates.push({ ref: name, before: null, after: oid, result: 'new' });
  await moveRefs(context, remote, updates);
  return updates.toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

async function judge(
  context: RepositoryContext,
  { ref, before, after, force }: PlannedRef,
): Promise<RefUpdate> {
  if (before === null) return { ref, before, after, result: 'new' };
  if (await isForward(context.store, before, after)) return { ref, before, after, result: 'fast-forward' };
  if (force) return { ref, before, after, result: 'forced' };
  // What is ahead here only waits to be pushed.
  if (await isForward(context.store, after, before)) return { ref, before, after, result: 'ahead' };
  const reason = ref.startsWith('refs/tags/') ? 'a tag never moves' : 'both sides changed it';
  return { ref, before, after, result: 'rejected', reason };
}

const words: Readonly<Partial<Record<RefUpdate['result'], string>>> = {
  new: 'storing head',
  'fast-forward': 'fast-forward',
  forced: 'forced-update',
  deleted: 'pruned',
};

/** All refs in one step; names that make room for others go first. */
async function moveRefs(
  context: RepositoryContext,
  remote: Remote,
  updates: readonly RefUpdate[],
): Promise<void> {
  const log = { committer: reflogSignature(context), message: `fetch ${remote.name}` };
  const edits = updates.flatMap(({ ref, before, after, result }) => {
    const word = words[result];
    return word === undefined ? [] : [{ name: ref, expected: before, value: after, word }];
  });
  for (const step of refSteps(edits)) {
    const kinds = new Set(step.map(({ word }) => word));
    const message = kinds.size === 1 ? `${log.message}: ${[...kinds].join('')}` : log.message;
    await context.store.refs.update(step, { ...log, message });
  }
}
