/** Git's credential helpers: programs that get and keep logins (git: gitcredentials, git-credential INPUT/OUTPUT FORMAT). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '../config/load.js';
import { booleanOf } from '../config/load.js';
import type { GitConfig } from '../types.js';
import type { Attempt } from './credentials.js';
import { foreignEnvironment } from './process.js';
import { urlSettings } from './url-config.js';

interface HelperOptions {
  readonly url: URL;
  readonly username: string | undefined;
  readonly config: GitConfig;
  readonly env: Environment;
}

/** What each configured helper knows, in order; none after one that says to stop. */
export async function* helperCredentials(options: HelperOptions): AsyncGenerator<Attempt, void, undefined> {
  const helpers = helpersFor(options);
  const asked = description(options);
  for (const helper of helpers) {
    const answer = await runHelper(helper, { action: 'get', fields: asked, env: options.env });
    if (answer.get('quit') === 'true' || answer.get('quit') === '1') return;
    const [username, password] = [answer.get('username') ?? options.username, answer.get('password')];
    if (username === undefined || password === undefined) continue;
    const fields = new Map([...asked, ['username', username], ['password', password]]);
    const tell = (action: 'store' | 'erase') => async (): Promise<void> => {
      for (const each of helpers) await runHelper(each, { action, fields, env: options.env });
    };
    yield { username, password, approve: tell('store'), reject: tell('erase') };
  }
}

/** An empty value drops what other files said before (git: gitcredentials, helper). */
function helpersFor({ config, url }: HelperOptions): readonly string[] {
  const values = urlSettings(config, 'credential', 'helper', url);
  return values.slice(values.lastIndexOf('') + 1);
}

function description({ url, username, config }: HelperOptions): ReadonlyMap<string, string> {
  const name = username ?? urlSettings(config, 'credential', 'username', url).at(-1);
  const withPath = booleanOf(urlSettings(config, 'credential', 'useHttpPath', url).at(-1) ?? 'false');
  return new Map([
    ['protocol', url.protocol.slice(0, -1)],
    ['host', url.host],
    ...(withPath ? [['path', decodeURIComponent(url.pathname).replace(/^\//, '')] as const] : []),
    ...(name === undefined ? [] : [['username', name] as const]),
  ]);
}

interface HelperRun {
  readonly action: 'get' | 'store' | 'erase';
  readonly fields: ReadonlyMap<string, string>;
  readonly env: Environment;
}

/** The name of a program `git credential-NAME`, an absolute path, or a line for the shell after `!`; the action is added. */
function commandOf(helper: string, action: string): string {
  if (helper.startsWith('!')) return `${helper.slice(1)} ${action}`;
  return /^([A-Za-z]:)?[/\\]/.test(helper) ? `${helper} ${action}` : `git credential-${helper} ${action}`;
}

/** What a helper answers; nothing where it fails: then the next one is asked, as Git does. */
async function runHelper(
  helper: string,
  { action, fields, env }: HelperRun,
): Promise<ReadonlyMap<string, string>> {
  const lines = [...fields]
    .filter(([, value]) => !/[\n\0]/.test(value))
    .map(([name, value]) => `${name}=${value}\n`);
  const child = spawn(commandOf(helper, action), {
    shell: true,
    env: foreignEnvironment(env),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => child.stdin.destroy()); // one that reads nothing
  child.stdin.end(`${lines.join('')}\n`);
  const [chunks, ended]: [Buffer[], Promise<unknown[]>] = [[], once(child, 'close')];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const [code] = await ended;
  return code === 0 ? parseFields(Buffer.concat(chunks).toString('utf8')) : new Map();
}

function parseFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
