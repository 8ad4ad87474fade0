import { ConfigError, shellWord } from '../errors.js';
import {
  checkRemoteName,
  parseAddress,
  publicAddress,
  type ConfigEdit,
  type LocalConfig,
  type RefEdit,
} from '../store/index.js';
import { reflogSignature } from './identity.js';
import type { RepositoryContext } from './context.js';
import { findRemote, remoteNames } from './remote-settings.js';
import type { RemotesAnswer } from './remote-types.js';

/** All remotes by name. */
export async function listRemotes(context: RepositoryContext): Promise<RemotesAnswer> {
  const { config } = context.store;
  return {
    remotes: remoteNames(config).flatMap((name) => {
      if (config.get(`remote.${name}.url`) === undefined) return [];
      const { url, pushUrl } = findRemote(context, name);
      const fetch = config.getAll(`remote.${name}.fetch`);
      return [{ name, url: publicAddress(url), pushUrl: publicAddress(pushUrl), fetch }];
    }),
  };
}

/** Throws E_EXISTS, E_BAD_REF_NAME, E_USAGE (no address), E_LOCKED. */
export async function addRemote(
  context: RepositoryContext,
  name: string,
  url: string,
): Promise<RemotesAnswer> {
  checkRemoteName(name);
  parseAddress(url);
  if (remoteNames(context.store.config).includes(name)) throw taken(name);
  const section = sectionOf(name);
  await localConfig(context).update([
    { ...section, key: 'url', value: url },
    { ...section, key: 'fetch', value: `+refs/heads/*:refs/remotes/${name}/*` },
  ]);
  return listRemotes(context);
}

/** With the refs that follow it, and what branches follow of it. Throws E_USAGE, E_LOCKED. */
export async function removeRemote(context: RepositoryContext, name: string): Promise<RemotesAnswer> {
  findRemote(context, name);
  const followers = branchesOf(context, name).flatMap((branch): ConfigEdit[] => {
    const section = { section: 'branch', subsection: branch };
    return [
      { ...section, key: 'remote', value: null },
      { ...section, key: 'merge', value: null },
    ];
  });
  const edits = (await context.store.refs.list(`refs/remotes/${name}/`)).map((ref): RefEdit => ({
    name: ref.name,
    value: null,
  }));
  // The refs first: while the remote is there the command can be run again.
  await moveRefs(context, edits, `remote: removed ${name}`);
  await localConfig(context).update([...followers, { ...sectionOf(name), rename: null }]);
  return listRemotes(context);
}

/** Refs and branches that follow it go with it. Throws E_EXISTS, E_BAD_REF_NAME, E_USAGE, E_LOCKED. */
export async function renameRemote(
  context: RepositoryContext,
  from: string,
  to: string,
): Promise<RemotesAnswer> {
  findRemote(context, from);
  checkRemoteName(to);
  if (from === to) return listRemotes(context);
  if (remoteNames(context.store.config).includes(to)) throw taken(to);
  const rules = context.store.config.getAll(`remote.${from}.fetch`);
  await renameRefs(context, from, to); // first: while the remote is there the command can be run again
  await localConfig(context).update([
    ...rules.map((rule): ConfigEdit => {
      const value = rule.replaceAll(`:refs/remotes/${from}/`, () => `:refs/remotes/${to}/`);
      return { ...sectionOf(from), key: 'fetch', value, instead: rule };
    }),
    { ...sectionOf(from), rename: to },
    ...branchesOf(context, from).map((branch): ConfigEdit => {
      return { section: 'branch', subsection: branch, key: 'remote', value: to };
    }),
  ]);
  return listRemotes(context);
}

async function renameRefs(context: RepositoryContext, from: string, to: string): Promise<void> {
  const [before, after] = [`refs/remotes/${from}/`, `refs/remotes/${to}/`];
  const moved = (name: string): string =>
    name.startsWith(before) ? after + name.slice(before.length) : name;
  const refs = await context.store.refs.list(before);
  const message = `remote: renamed ${from} to ${to}`;
  const created = refs.map((ref): RefEdit => {
    return { name: moved(ref.name), value: 'oid' in ref ? ref.oid : { target: moved(ref.target) } };
  });
  const removed = refs.map((ref): RefEdit => ({ name: ref.name, value: null }));
  // A name that is a folder of the other cannot be there at the same time.
  if (`${to}/`.startsWith(`${from}/`) || `${from}/`.startsWith(`${to}/`)) {
    await moveRefs(context, removed, message);
    await moveRefs(context, created, message);
  } else await moveRefs(context, [...created, ...removed], message);
}

/** Throws E_USAGE, E_LOCKED. */
export async function setRemoteUrl(
  context: RepositoryContext,
  name: string,
  { url, push = false }: { readonly url: string; readonly push?: boolean },
): Promise<RemotesAnswer> {
  findRemote(context, name);
  parseAddress(url);
  await localConfig(context).update([{ ...sectionOf(name), key: push ? 'pushurl' : 'url', value: url }]);
  return listRemotes(context);
}

function sectionOf(name: string): { readonly section: string; readonly subsection: string } {
  return { section: 'remote', subsection: name };
}

/** The branches that follow one of the remote's. */
function branchesOf({ store }: RepositoryContext, remote: string): readonly string[] {
  return store.config
    .names()
    .flatMap((name) => /^branch\.(.+)\.remote$/s.exec(name)?.[1] ?? [])
    .filter((branch) => store.config.get(`branch.${branch}.remote`) === remote);
}

async function moveRefs(
  context: RepositoryContext,
  edits: readonly RefEdit[],
  message: string,
): Promise<void> {
  if (edits.length > 0)
    await context.store.refs.update(edits, { committer: reflogSignature(context), message });
}

/** Throws E_USAGE where the repository is not kept in files. */
export function localConfig({ store }: RepositoryContext): LocalConfig {
  if (store.localConfig !== undefined) return store.localConfig;
  throw new ConfigError('E_USAGE', 'this repository has no Git configuration file');
}

function taken(name: string): ConfigError {
  return new ConfigError('E_EXISTS', `remote '${name}' exists already`, {
    hint: `give it another address: cfg remote set-url ${shellWord(name)} URL`,
    details: { remote: name },
  });
}
