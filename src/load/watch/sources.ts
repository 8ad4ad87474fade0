/** The sources of a stack as the engine sees them: read whole, or only looked at. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isConfigError } from '../../errors.js';
import { readStack } from '../load.js';
import type { LookedAt } from '../source/types.js';
import type { Environment, LoadOptions } from '../types.js';
import type { Looked, Mark, Sources } from './ports.js';

/** A stack that is read with these options, each time from a folder with the same absolute path. */
export function stackSources({ dir = '.', env = process.env, ...rest }: LoadOptions): Sources {
  const options = { ...rest, dir: resolve(dir), env };
  // A folder that is gone has nothing to look at, and comes back with its settings.
  const always: Looked =
    rest.rev === undefined ? [{ kind: 'file', fsPath: join(options.dir, 'cfg.yaml') }] : [];
  let lock: Promise<string | undefined> | undefined;
  return {
    read: async () => {
      const { result, looked } = await readStack(options);
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

const absent: Mark = { identity: 'absent', size: -1, changedMs: 0 };

/**
 * The mark of a file or folder, links followed: another identity means another inode, size or time of change. A folder is
 * marked by its entries, since the clocks of some file systems are too coarse to tell two of its states apart.
 */
function markOf(path: string): Mark {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return absent;
    const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stat;
    const changedMs = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
    if (!stat.isDirectory())
      return { identity: [dev, ino, size, mtimeNs, ctimeNs].join(), size: Number(size), changedMs };
    const names = readdirSync(path).toSorted();
    return { identity: [dev, ino, ...names].join('/'), size: names.length, changedMs };
  } catch (error) {
    return { ...absent, identity: codeOf(error) };
  }
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
