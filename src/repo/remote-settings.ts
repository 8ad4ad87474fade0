import { resolve as resolvePath } from 'node:path';
import { closest, ConfigError } from '../errors.js';
import { parseAddress, parseRefspec, type GitConfig, type Refspec, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { readHead } from './head.js';

/** A repository elsewhere, as Git's configuration has it. */
export interface Remote {
  readonly name: string;
  /** With `insteadOf` applied, a path absolute. */
  readonly url: string;
  readonly pushUrl: string;
  readonly fetch: readonly Refspec[];
  /** Tags that point at what is fetched come along, all tags do, or none (git: `remote.NAME.tagOpt`). */
  readonly tags: 'follow' | 'all' | 'none';
  readonly prune: boolean;
  /** Programs at the other end. */
  readonly uploadPack?: string;
  readonly receivePack?: string;
}

/** The names of all remotes, sorted. */
export function remoteNames(config: GitConfig): readonly string[] {
  const names = config.names().flatMap((name) => /^remote\.(.+)\.(?:url|fetch)$/s.exec(name)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

/** Throws E_USAGE for a name that is no remote, with the one that may have been meant. */
export function findRemote(context: RepositoryContext, name: string): Remote {
  const { config } = context.store;
  const [url] = config.getAll(`remote.${name}.url`);
  if (url === undefined) throw unknownRemote(config, name);
  const get = (key: string): string | undefined => config.get(`remote.${name}.${key}`);
  const pushUrl = get('pushurl');
  const tagOpt = get('tagopt');
  const prune = get('prune') ?? config.get('fetch.prune') ?? 'false';
  const [uploadPack, receivePack] = [get('uploadpack'), get('receivepack')];
  return {
    name,
    url: fullAddress(context.store, url),
    pushUrl: pushUrl === undefined ? pushAddress(context.store, url) : fullAddress(context.store, pushUrl),
    fetch: config.getAll(`remote.${name}.fetch`).map(parseRefspec),
    tags: tagOpt === '--tags' ? 'all' : tagOpt === '--no-tags' ? 'none' : 'follow',
    prune: /^(true|yes|on|1)$/i.test(prune),
    ...(uploadPack === undefined ? {} : { uploadPack }),
    ...(receivePack === undefined ? {} : { receivePack }),
  };
}

function unknownRemote(config: GitConfig, name: string): ConfigError {
  const names = remoteNames(config);
  const near = closest(name, names);
  const looksLikeAddress = /[/:]/.test(name);
  const known =
    names.length === 0 ? 'add one: cfg remote add NAME URL' : `the remotes are ${names.join(', ')}`;
  return new ConfigError('E_USAGE', `no remote '${name}'`, {
    hint: looksLikeAddress
      ? `give it a name first: cfg remote add NAME ${name}`
      : near === undefined
        ? known
        : `did you mean '${near}'?`,
    details: { remote: name, remotes: names },
  });
}

/** An address as it is used: `insteadOf` applied, a path absolute. Throws E_USAGE. */
export function fullAddress(store: Store, url: string): string {
  return absolute(store, rewritten(store.config, url, 'insteadof') ?? url);
}

function pushAddress(store: Store, url: string): string {
  return absolute(
    store,
    rewritten(store.config, url, 'pushinsteadof') ?? rewritten(store.config, url, 'insteadof') ?? url,
  );
}

function absolute({ worktree, gitDir }: Store, url: string): string {
  const address = parseAddress(url);
  const isPath = address.kind === 'local' && address.path === url;
  return isPath ? resolvePath(worktree?.root ?? gitDir, url) : url;
}

/** git: url.<base>.insteadOf; the longest beginning wins. */
function rewritten(config: GitConfig, url: string, key: 'insteadof' | 'pushinsteadof'): string | undefined {
  let best: { readonly base: string; readonly prefix: string } | undefined;
  for (const name of config.names()) {
    if (!name.startsWith('url.') || !name.endsWith(`.${key}`)) continue;
    const base = name.slice('url.'.length, -(key.length + 1));
    for (const prefix of config.getAll(name))
      if (url.startsWith(prefix) && prefix.length > (best?.prefix.length ?? 0)) best = { base, prefix };
  }
  return best === undefined ? undefined : best.base + url.slice(best.prefix.length);
}

/** The remote that is meant where none is named: that of the current branch, the only one, or `origin`. */
export async function defaultRemote({ store }: RepositoryContext): Promise<string> {
  const { branch } = await readHead(store);
  const own = branch === null ? undefined : store.config.get(`branch.${branch}.remote`);
  if (own !== undefined && own !== '.') return own;
  const [only, ...others] = remoteNames(store.config);
  return only !== undefined && others.length === 0 ? only : 'origin';
}
