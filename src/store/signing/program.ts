/** The programs that make and check signatures. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { ConfigError } from '../../errors.js';
import type { Environment } from '../config/load.js';
import { foreignEnvironment } from '../transport/process.js';

export interface SigningProgram {
  /** A program; a line for the shell where `args` is undefined. */
  readonly command: string;
  readonly args: readonly string[] | undefined;
  /** On stdin. */
  readonly input: Uint8Array;
  readonly env: Environment;
  /** What relative paths in its arguments are relative to. */
  readonly cwd: string;
}

/** How it ended; text as it came. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

/** Runs a program to its end. Throws E_SIGNATURE where it cannot be started. */
export async function runSigningProgram(program: SigningProgram): Promise<ProgramEnd> {
  const { command, args = [], input, cwd } = program;
  const shell = program.args === undefined;
  // times are given to ssh-keygen, and told by it, in the time zone that it runs in
  const env = { ...foreignEnvironment(program.env), TZ: 'UTC', LC_ALL: 'C' };
  const child = spawn(command, [...args], { cwd, env, shell, stdio: 'pipe' });
  const [out, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => void said.push(chunk));
  child.stdin.on('error', () => child.stdin.destroy()); // one that ends without reading says why on stderr
  child.stdin.end(input);
  try {
    const [code] = await once(child, 'close');
    return {
      code: typeof code === 'number' ? code : null,
      out: Buffer.concat(out).toString('utf8'),
      said: Buffer.concat(said).toString('utf8'),
    };
  } catch (cause) {
    throw cannotStart(command, cause);
  }
}

function cannotStart(command: string, cause: unknown): ConfigError {
  return new ConfigError('E_SIGNATURE', `cannot run '${command}', which makes and checks signatures`, {
    hint:
      command === 'ssh-keygen'
        ? 'install OpenSSH (8.8 or later), or say where it is: git config gpg.ssh.program PATH'
        : 'install it, or correct the program in the Git configuration: git config --get-regexp gpg',
    details: { program: command },
    cause,
  });
}

/** Hands a text to `use` as a file that only this user can read, and removes it again. */
export async function withTemporaryFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cfg-signature-'));
  try {
    const path = join(folder, 'file');
    await writeFile(path, text, { mode: 0o600 });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line in which a program says why it failed: the first, the others say that it did. */
export function whyFailed({ said }: ProgramEnd): string | undefined {
  const found = said
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(?:Signature verification failed|Couldn't verify signature): /, '').trim())
    .find((line) => line !== '' && line !== 'Signing data on standard input');
  return found?.replace(/^\[GNUPG:\] /, '');
}
