/** Who we are to a server, from where Git and its users keep it; never in a message, a reflog or an answer. */
import { join } from 'node:path';
import type { Environment } from '../config/load.js';
import { readIfPresent } from '../disk.js';
import { nodeFileSystem } from '../fs.js';
import type { GitConfig } from '../types.js';
import { helperCredentials } from './credential-helper.js';
import { findInNetrc } from './netrc.js';
import type { Credentials } from './types.js';

/** Credentials to try, and whom to tell how it went. */
export interface Attempt extends Credentials {
  readonly approve?: () => Promise<void>;
  readonly reject?: () => Promise<void>;
}

export interface CredentialSources {
  /** With the user, and maybe the password, that the address has. */
  readonly url: URL;
  /** Whether it is the server that was asked for, not one that another redirected to. */
  readonly isAskedFor: boolean;
  readonly config: GitConfig;
  readonly env: Environment;
  readonly ask?: (url: string, username: string | undefined) => Promise<Credentials | undefined>;
}

/** One attempt after the other: the address itself, CFG_TOKEN, ~/.netrc, Git's credential helpers, a person. */
export async function* credentialsFor(sources: CredentialSources): AsyncGenerator<Attempt, void, undefined> {
  const { url, env, ask } = sources;
  const username = url.username === '' ? undefined : decodeURIComponent(url.username);
  if (username !== undefined && url.password !== '')
    yield { username, password: decodeURIComponent(url.password) };
  const token = env['CFG_TOKEN'];
  // Hosts take a token as the password of any user; a name has to be there.
  if (token && sources.isAskedFor && isPrivate(url))
    yield { username: username ?? 'x-access-token', password: token };
  const listed = netrcEntry(env, url, username);
  if (listed !== undefined) yield listed;
  yield* helperCredentials({ ...sources, username });
  const typed = await ask?.(`${url.protocol}//${url.host}`, username);
  if (typed !== undefined) yield typed;
}

/** Whether nobody on the way can read along. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function netrcEntry(
  env: Environment,
  { hostname }: URL,
  username: string | undefined,
): Credentials | undefined {
  const home = env['HOME'];
  if (!home) return undefined;
  for (const name of ['.netrc', '_netrc']) {
    const text = readIfPresent(nodeFileSystem, join(home, name))?.toString('utf8');
    if (text !== undefined) return findInNetrc(text, hostname, username);
  }
  return undefined;
}
