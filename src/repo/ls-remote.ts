import { resolve as resolvePath } from 'node:path';
import { loadGitConfig, nodeFileSystem, parseAddress, type Advertisement } from '../store/index.js';
import { withTransport, type Connection, type TransferOptions } from './connect.js';
import type { RepositoryContext } from './context.js';
import { defaultRemote, findRemote, fullAddress, remoteNames } from './remote-settings.js';
import type { LsRemoteAnswer } from './remote-types.js';

/** What a remote, or any address, has; nothing is written. Throws E_REMOTE, E_USAGE. */
export async function lsRemote(
  context: RepositoryContext,
  name?: string,
  options: TransferOptions = {},
): Promise<LsRemoteAnswer> {
  const { config } = context.store;
  const chosen = name ?? (await defaultRemote(context));
  const isName = remoteNames(config).includes(chosen) || !/[/:]/.test(chosen);
  const { url, uploadPack: program } = isName
    ? findRemote(context, chosen)
    : { url: fullAddress(context.store, chosen), uploadPack: undefined };
  return ask({ ...options, url, program, service: 'upload-pack', config, env: context.env });
}

/** Which repository to ask, and for what. */
export interface ListRemoteOptions extends TransferOptions {
  /** An address as Git has it, or a path. */
  readonly url: string;
  /** What relative paths start from. Default `process.cwd()`. */
  readonly cwd?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** As `standalone.ts` says. */
export function listRemoteRefs(options: ListRemoteOptions): Promise<LsRemoteAnswer> {
  const { env = process.env, cwd = process.cwd(), url: given } = options;
  const address = parseAddress(given);
  const url = address.kind === 'local' && address.path === given ? resolvePath(cwd, given) : given;
  const config = loadGitConfig({ fs: nodeFileSystem, env });
  return ask({ ...options, url, service: 'upload-pack', config, env });
}

function ask(connection: Connection): Promise<LsRemoteAnswer> {
  return withTransport(connection, async (transport) => {
    const { refs, headTarget }: Advertisement = await transport.discover();
    return { url: transport.url, head: headTarget ?? null, refs };
  });
}
