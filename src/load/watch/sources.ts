/** The sources of a stack as the engine sees them: read whole, or only looked at. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isConfigError } from '../../errors.js';
import { readStack } from '../load.js';
import { absent, codeOf, markOf, type Mark } from '../mark.js';
import type { LookedAt } from '../source/types.js';
import type { Environment, LoadOptions } from '../types.js';
import type { Looked, Sources } from './ports.js';

/** A stack that is read with these options, each time from a folder with the same absolute path. */
export function stackSources({ dir = '.', env = process.env, ...rest }: LoadOptions): Sources {
  const options = { ...rest, dir: resolve(dir), env };
  // A folder that is gone has nothing to look at, and comes back with its settings.
  const always: Looked =
    rest.rev === undefined ? [{ kind: 'file', fsPath: join(options.dir, 'cfg.yaml') }] : [];
  let lock: Promise<string | undefined> | undefined;
  return {
    read: async (signal) => {
      const { result, looked } = await readStack(options, signal);
      return { result, looked: [...always, ...looked] };
    },
    look: async (looked) => {
      const byName = new Map<string, Mark>();
      for (const place of looked) await mark(place, byName, env);
      const lockPath = await (lock ??= findLock(options));
      return { byName, locked: lockPath !== undefined && existsSync(lockPath) };
    },
  };
}

/** Where Git's `index.lock` would be. The store is only loaded when a `.git` stands somewhere above, which it seldom does in production. */
async function findLock(place: {
  readonly dir: string;
  readonly env: Environment;
}): Promise<string | undefined> {
  if (!isBelowGit(place.dir)) return undefined;
  const { indexLockPath } = await import('../../store/index.js');
  try {
    return indexLockPath(place);
  } catch (error) {
    if (isConfigError(error)) return undefined;
    throw error;
  }
}

function isBelowGit(dir: string): boolean {
  for (let at = dir; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (at === dirname(at)) return false;
  }
}

async function mark(place: LookedAt, into: Map<string, Mark>, env: Environment): Promise<void> {
  if (place.kind === 'revision') into.set(place.revision, await markOfRevision(place, env));
  else if (place.kind !== 'remote') into.set(place.fsPath, markOf(place.fsPath));
}

async function markOfRevision(
  { dir, revision }: { readonly dir: string; readonly revision: string },
  env: Environment,
): Promise<Mark> {
  const { openStore, resolveCommit } = await import('../../store/index.js');
  try {
    return { identity: await resolveCommit(await openStore({ dir, env }), revision), size: 0, changedMs: 0 };
  } catch (error) {
    return { ...absent, identity: codeOf(error) };
  }
}
