import { resolve } from 'node:path';
import { checkStore, collectGarbage } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import type { FsckAnswer, GcAnswer } from './types.js';

/**
 * Packs what can be reached into one pack and removes what cannot be and is older than two weeks; safe beside other commands.
 * Throws E_CORRUPT and E_OBJECT_MISSING before anything is removed, E_UNSUPPORTED_REPOSITORY (a partial clone), E_LOCKED, E_IO.
 */
export function gc({ store, env }: RepositoryContext): Promise<GcAnswer> {
  return collectGarbage({ dir: store.worktree?.root ?? store.gitDir, env });
}

/** How a repository is checked. */
export interface FsckOptions {
  /** Mend what can be mended. Default false: nothing is written. */
  readonly repair?: boolean;
}

/** What {@link fsckRepository} does, for an open repository. */
export function fsck({ store, env }: RepositoryContext, options: FsckOptions = {}): Promise<FsckAnswer> {
  return fsckRepository({ ...options, dir: store.worktree?.root ?? store.gitDir, env });
}

/** Which repository to check, and whether to repair it. */
export interface FsckFolder extends FsckOptions {
  /** A folder in the repository. */
  readonly dir: string;
  /** Default `process.env`. */
  readonly env?: RepositoryContext['env'];
}

/** As `standalone.ts` says. */
export function fsckRepository(options: FsckFolder): Promise<FsckAnswer> {
  const { dir, env = process.env, repair = false } = options;
  return checkStore({ dir: resolve(dir), env, repair });
}
