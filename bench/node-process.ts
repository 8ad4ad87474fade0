/** A process of Node that is waited for. */
import { spawnSync } from 'node:child_process';
import { env } from './store/repository.js';

export interface NodeProcess {
  readonly cwd: string;
  /** Where cfg keeps what it remembers between runs. */
  readonly cache: string;
}

/** Throws when the process does not end with 0. */
export function runNode(words: readonly string[], { cwd, cache }: NodeProcess): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd,
    env: { ...env, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}${stdout.slice(-1000)}`);
}
