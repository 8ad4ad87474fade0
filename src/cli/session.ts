import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import type { Repository } from '../repo/index.js';
import type { Io } from './io.js';

/** Runs a command line (without `cfg`) and returns its exit code. */
export type CommandLine = (argv: readonly string[], io: Io) => Promise<number>;

/** What a command works with: the outside world, the folder it runs in, and the repository there. */
export interface Session {
  readonly io: Io;
  /** The absolute path of the folder that paths typed by the user are relative to. */
  readonly cwd: string;
  /** Opens the repository around the folder (`dir`: around another one). Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY. */
  readonly open: (dir?: string) => Promise<Repository>;
  /** Whether colour is ruled out, by `--json` or `--no-color`. */
  readonly colorless: boolean;
  /** Runs another command line. */
  readonly run: CommandLine;
}

export interface SessionOptions {
  /** Folders of `-C` options, each from the one before. */
  readonly dirs: readonly string[];
  readonly colorless: boolean;
  readonly run: CommandLine;
}

/** A session in the current folder, or where `-C` options lead from there. Throws E_IO. */
export function startSession(io: Io, { dirs, colorless, run }: SessionOptions): Session {
  const cwd = dirs.length === 0 ? io.cwd : folderAt(resolve(io.cwd, ...dirs));
  const open = async (dir: string = cwd): Promise<Repository> => {
    const { openRepository } = await import('../repo/index.js');
    return openRepository({ dir, env: io.env, now: io.now });
  };
  return { io, cwd, open, colorless, run };
}

function folderAt(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch (error) {
    throw new ConfigError('E_IO', `cannot change to '${path}'`, { hint: 'give -C a folder', cause: error });
  }
  throw new ConfigError('E_IO', `'${path}' is not a folder`, { hint: 'give -C a folder' });
}
