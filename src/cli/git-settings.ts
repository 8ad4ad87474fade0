import { resolve } from 'node:path';
import type { GitConfig } from '../store/index.js';
import type { Globals } from './globals.js';
import type { Io } from './io.js';

/** Git's configuration where a command line runs, for what the user set once for all repositories. Throws E_CORRUPT, E_IO. */
export async function gitSettings(io: Io, { dirs }: Pick<Globals, 'dirs'>): Promise<GitConfig> {
  const { configAround, nodeFileSystem } = await import('../store/index.js');
  return configAround({ fs: nodeFileSystem, dir: resolve(io.cwd, ...dirs), env: io.env });
}
