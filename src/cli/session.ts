import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, isConfigError } from '../errors.js';
import type { Repository } from '../repo/index.js';
import type { ColorWhen } from './globals.js';
import type { Io } from './io.js';

/** Runs a command line (without `cfg`) and returns its exit code. */
export type CommandLine = (argv: readonly string[], io: Io) => Promise<number>;

/** What a command works with: the outside world, the folder it runs in, and the repository there. */
export interface Session {
  readonly io: Io;
  /** The absolute path of the folder that paths typed by the user are relative to. */
  readonly cwd: string;
  /** Opens the repository around the folder. Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY. */
  readonly open: () => Promise<Repository>;
  readonly color: ColorWhen;
  /** `--json` was given. Only for commands that print while they run. */
  readonly json: boolean;
  /** Runs another command line. */
  readonly run: CommandLine;
}

export interface SessionOptions {
  /** Folders of `-C` options, each from the one before. */
  readonly dirs: readonly string[];
  readonly color: ColorWhen;
  readonly json: boolean;
  readonly run: CommandLine;
}

/** A session in the current folder, or where `-C` options lead from there. Throws E_IO. */
export function startSession(io: Io, { dirs, ...rest }: SessionOptions): Session {
  const cwd = dirs.length === 0 ? io.cwd : folderAt(resolve(io.cwd, ...dirs));
  const open = async (): Promise<Repository> => {
    const { openRepository } = await import('../repo/index.js');
    return openRepository({ dir: cwd, env: io.env, now: io.now });
  };
  return { io, cwd, open, ...rest };
}

/** The repository around the folder of the session; undefined where there is none. Throws E_UNSUPPORTED_REPOSITORY. */
export async function openIfAny(session: Session): Promise<Repository | undefined> {
  try {
    return await session.open();
  } catch (error) {
    if (isConfigError(error, 'E_NOT_A_REPOSITORY')) return undefined;
    throw error;
  }
}

function folderAt(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch (error) {
    throw new ConfigError('E_IO', `cannot change to '${path}'`, { hint: 'give -C a folder', cause: error });
  }
  throw new ConfigError('E_IO', `'${path}' is not a folder`, { hint: 'give -C a folder' });
}
