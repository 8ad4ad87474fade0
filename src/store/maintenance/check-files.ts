/** The other files of the Git folder: configuration, state of a merge, locks, leftovers. */
import { basename, join } from 'node:path';
import { isConfigError } from '../../errors.js';
import { readConfigFile } from '../config/load.js';
import { readIfPresent, removeIfPresent } from '../disk.js';
import type { FileStat } from '../fs.js';
import { acquireLock } from '../lock.js';
import { currentOwner, isDead, isElsewhere, type LockOwner, parseOwnerFileName } from '../lock-owner.js';
import { lockFiles } from '../lock-files.js';
import { alternates } from '../objects/file-objects.js';
import { recover } from '../recovery.js';
import { replaceFile } from './check-refs.js';
import { type Finding, isStale, shownPath } from './finding.js';
import { fileNames, type Inventory } from './inventory.js';
import type { Premises } from './premises.js';
import { moveAside } from './set-aside.js';

/** Throws E_IO. */
export function checkConfig(premises: Premises): Finding[] {
  const { disk, env, layout } = premises;
  const path = join(layout.commonDir, 'config');
  const problem = { kind: 'config', path: shownPath(premises, path) } as const;
  if ((readIfPresent(disk.fs, path)?.length ?? 0) === 0) {
    const bare = basename(layout.commonDir) !== '.git';
    const message = 'is empty or not there';
    const content = `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n`;
    const repair = 'write the standard one; remotes and identity are to be set again';
    return [{ problem: { ...problem, message, repair }, mend: () => replaceFile(premises, path, content) }];
  }
  try {
    readConfigFile({ fs: disk.fs, env, layout }, path);
    return [];
  } catch (error) {
    if (!isConfigError(error, 'E_CORRUPT')) throw error;
    return [{ problem: { ...problem, message: error.message } }];
  }
}

/** Folders of objects elsewhere that are named and not there. Throws E_IO. */
export function checkAlternates(premises: Premises): Finding[] {
  const { disk, objectsDir } = premises;
  const path = shownPath(premises, join(objectsDir, 'info/alternates'));
  return alternates(disk, objectsDir)
    .filter((folder) => disk.fs.stat(folder)?.kind !== 'directory')
    .map((folder) => {
      const message = `leads to '${folder}', which is not there: bring it back, or take the line out if no object of it is wanted`;
      return { problem: { kind: 'layout', path, message } };
    });
}

const heads = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'shallow'];

/** Files of one id a line, and cfg's own, which are JSON. */
export function checkState(premises: Premises): Finding[] {
  const { disk, worktrees } = premises;
  const paths = worktrees.flatMap(({ gitDir }) =>
    heads
      .map((name) => join(gitDir, name))
      .concat(fileNames(disk.fs, join(gitDir, 'cfg')).filter((path) => path.endsWith('.json'))),
  );
  return paths.flatMap((path): Finding[] => {
    const text = readIfPresent(disk.fs, path)?.toString('utf8');
    if (text === undefined || (path.endsWith('.json') ? isJson(text) : isIdList(text))) return [];
    const problem = { kind: 'state', path: shownPath(premises, path), message: 'is damaged' } as const;
    if (basename(path) === 'shallow') return [{ problem }]; // where the history ends stands nowhere else
    const repair = 'set it aside: files stay as they are, and what was being merged can be merged again';
    return [{ problem: { ...problem, repair }, mend: () => moveAside(premises, path) }];
  });
}

function isIdList(text: string): boolean {
  return /^([0-9a-f]{40}\n)+$/.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Locks of processes that are gone, and old ones of owners who are unknown or elsewhere; a lock that is in use is no problem. */
export function checkLocks(premises: Premises): Finding[] {
  const { disk } = premises;
  const owners = recordedOwners(premises);
  const self = currentOwner(disk.fs);
  const paths = lockFiles(disk.fs, premises.layout);
  const locks = paths.flatMap((path): Finding[] => {
    const stat = disk.fs.lstat(path);
    if (stat === undefined) return [];
    const holder = owners.find((one) => one.stat.ino === stat.ino && one.stat.dev === stat.dev);
    const canTell = holder !== undefined && !isElsewhere(holder.owner, self);
    if (canTell ? !isDead(holder.owner, self, disk.fs) : !isStale(stat)) return [];
    const problem = {
      kind: 'lock',
      path: shownPath(premises, path),
      message: `is held by ${whoIs(holder?.owner, canTell)}`,
      repair: 'remove it',
    } as const;
    const old = [path, ...(holder === undefined ? [] : [holder.path])];
    return [{ problem, mend: () => (canTell ? takeOver(premises, path) : removeAll(premises, old)) }];
  });
  const held = new Set(paths.flatMap((path) => disk.fs.lstat(path)?.ino ?? []));
  const leftovers = owners
    .filter(({ owner, stat }) => isDead(owner, self, disk.fs) && !held.has(stat.ino))
    .map(({ path }): Finding => {
      const { problem } = leftover(premises, path, 'belongs to a process that is gone');
      return { problem, mend: () => recover(disk, premises.layout) };
    });
  return [...locks, ...leftovers];
}

function whoIs(owner: LockOwner | undefined, isGone: boolean): string {
  if (owner === undefined) return 'nobody known';
  return `process ${owner.pid}${isGone ? ', which is gone' : ` on '${owner.host}', for more than ten minutes`}`;
}

interface RecordedOwner {
  readonly path: string;
  readonly stat: FileStat;
  readonly owner: LockOwner;
}

function recordedOwners({ disk }: Premises): RecordedOwner[] {
  return fileNames(disk.fs, disk.ownersDir).flatMap((path) => {
    const [stat, parsed] = [disk.fs.lstat(path), parseOwnerFileName(basename(path))];
    return stat === undefined || parsed === undefined ? [] : [{ path, stat, owner: parsed.owner }];
  });
}

function foldersBelow(premises: Premises, folder: string): string[] {
  if (premises.disk.fs.stat(folder)?.kind !== 'directory') return [];
  const below = premises.disk.fs.readdir(folder).filter(({ kind }) => kind === 'directory');
  return [folder, ...below.flatMap(({ name }) => foldersBelow(premises, join(folder, name)))];
}

/** The lock protocol itself takes over what a dead process holds; for others there is only their age. */
async function takeOver({ disk }: Premises, path: string): Promise<void> {
  const lock = await acquireLock({ ...disk, lockTimeoutMs: 0 }, path.slice(0, -'.lock'.length));
  lock.release();
}

function removeAll({ disk }: Premises, paths: readonly string[]): void {
  for (const path of paths) removeIfPresent(disk.fs, path);
}

/** Files that were being written a while ago. */
export function checkTemporary(premises: Premises, inventory: Inventory): Finding[] {
  const { disk, layout, worktrees } = premises;
  const folders = [
    ...worktrees.map(({ gitDir }) => gitDir),
    ...foldersBelow(premises, join(layout.commonDir, 'cfg')),
  ];
  const others = folders
    .flatMap((folder) => fileNames(disk.fs, folder))
    .filter((path) => basename(path).startsWith('tmp_cfg_'))
    .flatMap((path) => ({ path, stat: disk.fs.lstat(path) }));
  return [...inventory.temporary, ...others]
    .filter(({ stat }) => stat !== undefined && isStale(stat))
    .map(({ path }) => leftover(premises, path, 'was never finished'));
}

function leftover(premises: Premises, path: string, message: string): Finding {
  return {
    problem: { kind: 'temporary', path: shownPath(premises, path), message, repair: 'remove it' },
    mend: () => void removeIfPresent(premises.disk.fs, path),
  };
}
