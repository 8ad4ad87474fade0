import { basename, resolve as resolvePath } from 'node:path';
import { closest, ConfigError } from '../errors.js';
import {
  initStore,
  loadGitConfig,
  nodeFileSystem,
  parseAddress,
  parseRefspec,
  publicAddress,
  reserveFolder,
  type Advertisement,
  type ConfigEdit,
  type Oid,
  type RefEdit,
  type Transport,
} from '../store/index.js';
import { exchangeOf, withTransport, type TransferOptions } from './connect.js';
import { reflogSignature } from './identity.js';
import type { RepositoryContext } from './context.js';
import { planFetch } from './fetch-plan.js';
import { branchRef, treeOf } from './head.js';
import type { Remote } from './remote-settings.js';
import type { CloneAnswer } from './remote-types.js';

/** What to clone, and to where. */
export interface CloneOptions extends TransferOptions {
  /** An address as Git has it, or a path. */
  readonly url: string;
  /** The new folder; default the last name of the address, in `cwd`. It must not exist, or be empty. */
  readonly dir?: string;
  /** What relative paths start from. Default `process.cwd()`. */
  readonly cwd?: string;
  /** The branch (or tag) to check out. Default the one that HEAD of the remote points at. */
  readonly branch?: string;
  /** So many commits of the history; then only one branch. */
  readonly depth?: number;
  readonly singleBranch?: boolean;
  /** Without a worktree, branches as branches. */
  readonly bare?: boolean;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => Date;
  /** Once it is aborted everything that was begun is removed. */
  readonly signal?: AbortSignal;
}

const remoteName = 'origin';

/** As `standalone.ts` says. */
export async function cloneRepository(options: CloneOptions): Promise<CloneAnswer> {
  const { env = process.env, cwd = process.cwd(), bare = false } = options;
  const config = loadGitConfig({ fs: nodeFileSystem, env });
  const url = absoluteAddress(cwd, options.url);
  const dir = resolvePath(cwd, options.dir ?? folderName(options.url, bare));
  const service = 'upload-pack';
  return withTransport({ ...options, url: url, service, config, env }, async (transport) => {
    const advertised = await transport.discover();
    const start = startOf(advertised, options);
    const folder = reserveFolder(nodeFileSystem, dir);
    const discard = (): void => folder.discard();
    options.signal?.addEventListener('abort', discard);
    try {
      const { store } = await initStore({ dir: folder.path, bare, env, branch: start.branch ?? 'main' });
      const now = options.now ?? ((): Date => new Date());
      const context = { store, prefix: '', env, now, settingsCache: new Map() };
      await fill(context, { transport, advertised, start, url, options });
      folder.publish();
    } finally {
      options.signal?.removeEventListener('abort', discard);
      discard();
    }
    const { branch, commit } = start;
    return { dir, remote: remoteName, url: publicAddress(url), branch, commit };
  });
}

function absoluteAddress(cwd: string, url: string): string {
  const address = parseAddress(url);
  return address.kind === 'local' && address.path === url ? resolvePath(cwd, url) : url;
}

/** git: dir.c, git_url_basename: the last name, without `.git`. Throws E_USAGE where there is none. */
function folderName(url: string, bare: boolean): string {
  const path = publicAddress(url)
    .replace(/\/+(\.git)?\/*$/, '')
    .replace(/\.git$/, '')
    .replace(/\.bundle$/, '');
  const name = basename(path.slice(path.lastIndexOf(':') + 1));
  if (name === '' || name === '.' || name === '..')
    throw new ConfigError('E_USAGE', `'${publicAddress(url)}' does not say what to call the folder`, {
      hint: 'name it: cfg clone URL DIR',
    });
  return bare ? `${name}.git` : name;
}

/** What is checked out. */
interface Start {
  /** Null: HEAD stands at a tag, or at a commit that no branch is at. */
  readonly branch: string | null;
  readonly commit: Oid | null;
  /** The tag object that was asked for, which leads to the commit. */
  readonly tag?: Oid;
}

function startOf({ refs, head, headTarget }: Advertisement, { branch: asked }: CloneOptions): Start {
  const oidOf = (name: string): Oid | undefined => refs.find((ref) => ref.name === name)?.oid;
  if (asked !== undefined) {
    const tip = oidOf(branchRef(asked));
    if (tip !== undefined) return { branch: asked, commit: tip };
    const tag = refs.find(({ name }) => name === `refs/tags/${asked}`);
    if (tag === undefined)
      throw noSuchBranch(
        asked,
        refs.map(({ name }) => name),
      );
    return { branch: null, commit: tag.peeled ?? tag.oid, tag: tag.oid };
  }
  const named =
    headTarget?.startsWith('refs/heads/') === true ? headTarget.slice('refs/heads/'.length) : undefined;
  if (named !== undefined && oidOf(branchRef(named)) !== undefined)
    return { branch: named, commit: head ?? null };
  if (head === undefined) return { branch: named ?? 'main', commit: null };
  // An old server does not say which branch it is.
  const same = refs.filter(({ name, oid }) => oid === head && name.startsWith('refs/heads/'));
  const guess = same.find(({ name }) => /\/(main|master)$/.test(name)) ?? same[0];
  return { branch: guess?.name.slice('refs/heads/'.length) ?? null, commit: head };
}

function noSuchBranch(asked: string, names: readonly string[]): ConfigError {
  const short = names.flatMap((name) => /^refs\/(?:heads|tags)\/(.*)$/.exec(name)?.[1] ?? []);
  const near = closest(asked, short);
  return new ConfigError('E_REVISION_NOT_FOUND', `the remote has no branch or tag '${asked}'`, {
    hint: near === undefined ? 'see what it has: cfg ls-remote URL' : `did you mean '${near}'?`,
    details: { branch: asked },
  });
}

interface Filling {
  readonly transport: Transport;
  readonly advertised: Advertisement;
  readonly start: Start;
  readonly url: string;
  readonly options: CloneOptions;
}

async function fill(context: RepositoryContext, filling: Filling): Promise<void> {
  const { transport, advertised, start, url, options } = filling;
  const { store } = context;
  const { depth, onProgress } = options;
  const remote = remoteFor(filling);
  await store.localConfig?.update(configEdits(filling));
  const isPart = depth !== undefined || options.singleBranch === true;
  const planned = await planFetch(
    store,
    { remote, advertised },
    { prune: false, tags: isPart ? 'follow' : 'all' },
  );
  const tip = start.tag ?? start.commit;
  const tips = [...planned.refs.map(({ after }) => after), ...(tip === null ? [] : [tip])];
  const wants = [...new Set(tips)];
  if (wants.length > 0) {
    const haves = (): AsyncIterable<Oid> => nothing();
    const incoming = await transport.fetchPack({
      wants,
      haves,
      shallow: [],
      ...(depth === undefined ? {} : { depth }),
    });
    const shallow = [...incoming.shallow, ...(depth === undefined ? advertised.shallow : [])];
    await exchangeOf(context).receive(
      { ...incoming, shallow },
      { wants, url: transport.url, ...(onProgress && { onProgress }) },
    );
  }
  const followed: RefEdit[] = [];
  for (const { name, oid } of planned.followable)
    if ((await exchangeOf(context).missing([oid])).length === 0)
      followed.push({ name, expected: null, value: oid });
  const refs = planned.refs.map(({ ref, after }): RefEdit => ({ name: ref, expected: null, value: after }));
  await moveRefs(context, { edits: [...refs, ...followed, ...headEdits(filling)], url });
  if (start.commit !== null) await store.worktree?.checkout(null, (await treeOf(store, start.commit)) ?? '');
}

async function* nothing(): AsyncGenerator<Oid, void, undefined> {}

function isSingle({ options }: Filling): boolean {
  return options.singleBranch ?? options.depth !== undefined;
}

/** `+refs/heads/*:refs/remotes/origin/*`, or the one branch. */
function fetchRule({ start, options, ...rest }: Filling): string | undefined {
  const name = isSingle({ start, options, ...rest }) ? start.branch : '*';
  if (name === null) return undefined;
  return options.bare === true
    ? `+refs/heads/${name}:refs/heads/${name}`
    : `+refs/heads/${name}:refs/remotes/${remoteName}/${name}`;
}

function remoteFor(filling: Filling): Remote {
  const rule = fetchRule(filling);
  const fetch = rule === undefined ? [] : [parseRefspec(rule)];
  return { name: remoteName, url: filling.url, pushUrl: filling.url, fetch, tags: 'follow', prune: false };
}

function configEdits(filling: Filling): readonly ConfigEdit[] {
  const { url, start, options } = filling;
  const remote = { section: 'remote', subsection: remoteName };
  const rule = fetchRule(filling);
  const own = { ...remote, key: 'url', value: url };
  if (options.bare === true) return [own];
  const branch = { section: 'branch', subsection: start.branch ?? '' };
  return [
    own,
    ...(rule === undefined ? [] : [{ ...remote, key: 'fetch', value: rule }]),
    ...(start.branch === null
      ? []
      : [
          { ...branch, key: 'remote', value: remoteName },
          { ...branch, key: 'merge', value: branchRef(start.branch) },
        ]),
  ];
}

/** The branch here, what HEAD of the remote points at, and HEAD itself where it is at no branch. */
function headEdits({ start, advertised, options }: Filling): readonly RefEdit[] {
  const { branch, commit } = start;
  if (commit === null) return [];
  if (branch === null) return [{ name: 'HEAD', value: commit }];
  if (options.bare === true) return [];
  const { headTarget = '' } = advertised;
  const followed = headTarget.replace(/^refs\/heads\//, `refs/remotes/${remoteName}/`);
  const isThere = advertised.refs.some(({ name }) => name === headTarget) && followed !== headTarget;
  const isKept = isThere && (options.singleBranch !== true || headTarget === branchRef(branch));
  return [
    { name: branchRef(branch), expected: null, value: commit },
    ...(isKept ? [{ name: `refs/remotes/${remoteName}/HEAD`, value: { target: followed } }] : []),
  ];
}

async function moveRefs(
  context: RepositoryContext,
  { edits, url }: { readonly edits: readonly RefEdit[]; readonly url: string },
): Promise<void> {
  if (edits.length === 0) return;
  const committer = reflogSignature(context);
  await context.store.refs.update(edits, { committer, message: `clone: from ${publicAddress(url)}` });
}
