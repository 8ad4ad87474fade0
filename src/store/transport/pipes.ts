/** Opens the pipe that an address needs: a program on this machine, ssh, or a socket to a Git daemon. */
import { connect } from 'node:net';
import { ConfigError, shellWord } from '../../errors.js';
import { isGitFolder } from '../discover.js';
import { nodeFileSystem } from '../fs.js';
import type { Environment } from '../config/load.js';
import type { GitConfig } from '../types.js';
import type { Address } from './address.js';
import { remoteError } from './failure.js';
import { packet } from './packets.js';
import type { Pipe } from './pipe.js';
import { startProgram } from './process.js';
import type { Service } from './types.js';

export interface PipeOptions {
  readonly url: string;
  readonly service: Service;
  readonly config: GitConfig;
  readonly env: Environment;
  /** The program at the other end (git: `remote.NAME.uploadpack`). Default `git-upload-pack`, `git-receive-pack`. */
  readonly program?: string;
}

const installGit = 'install git, or reach the repository over https';

/** Throws E_REMOTE. */
export function openPipe(address: Exclude<Address, { kind: 'http' }>, options: PipeOptions): Pipe {
  if (address.kind === 'local') return localPipe(address.path, options);
  return address.kind === 'ssh' ? sshPipe(address, options) : daemonPipe(address, options);
}

function localPipe(path: string, { url, service, env, program }: PipeOptions): Pipe {
  requireRepository(path, url);
  const [command, args] =
    program === undefined ? ['git', [service, path]] : [`${program} ${quoted(path)}`, undefined];
  return startProgram({ command, env, url, absentHint: installGit, ...(args === undefined ? {} : { args }) });
}

/** git would say the same in more words. */
function requireRepository(path: string, url: string): void {
  const fs = nodeFileSystem;
  if (fs.stat(path) === undefined)
    throw remoteError(url, 'is not there', { hint: 'see whether the path is right' });
  const candidates = [path, `${path}/.git`];
  if (candidates.some((folder) => isGitFolder(fs, folder)) || fs.stat(`${path}/.git`)?.kind === 'file')
    return;
  throw remoteError(url, 'is no repository', {
    hint: `make it one: cfg init ${shellWord(path)}, or name another`,
  });
}

function sshPipe({ host, port, path }: Extract<Address, { kind: 'ssh' }>, options: PipeOptions): Pipe {
  const { url, service, config, env, program = `git-${service}` } = options;
  const args = [...(port === '' ? [] : ['-p', port]), host, `${program} ${quoted(path)}`];
  const line = env['GIT_SSH_COMMAND'] || config.get('core.sshCommand');
  const absentHint = 'install ssh, or reach the repository over https';
  // Git's variable holds a line for the shell; what is added to it is quoted.
  if (line) return startProgram({ command: [line, ...args.map(quoted)].join(' '), env, url, absentHint });
  return startProgram({ command: env['GIT_SSH'] || 'ssh', args, env, url, absentHint });
}

/** A word for a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`).replaceAll('!', `'\\!'`)}'`;
}

function daemonPipe({ host, port, path }: Extract<Address, { kind: 'git' }>, options: PipeOptions): Pipe {
  const { url, service } = options;
  if (/\0|\n/.test(path + host)) throw new ConfigError('E_USAGE', `'${url}' is no address of a repository`);
  const socket = connect({ host, port });
  socket.setTimeout(idleMs, () => socket.destroy(new Error('nothing came for a minute')));
  socket.write(packet(`git-${service} ${path}\0host=${host}:${port}\0`));
  const outcome = new Promise<Error | undefined>((resolve) => {
    socket.once('error', (cause) => {
      resolve(
        remoteError(url, `cannot be reached: ${cause.message}`, {
          hint: 'see whether the host is right and serves git://',
          cause,
        }),
      );
    });
    socket.once('close', () => resolve(undefined));
  });
  return { input: socket, output: socket, outcome, kill: () => socket.destroy() };
}

/** After so long without a sign the other side is taken for dead, in milliseconds. */
const idleMs = 60_000;
