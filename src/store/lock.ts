/**
 * Git's lock protocol: whoever creates `<file>.lock` may change the file, writes the new content into the lock and renames it
 * (git: lockfile.h). On top of it the owner is recorded, so that a lock left by a process that died is taken over.
 */
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, isConfigError } from '../errors.js';
import { type Disk, ensureFolder, ioError, removeIfPresent, removeQuietly, syncFolder } from './disk.js';
import { errnoOf } from './fs.js';
import {
  currentOwner,
  isDead,
  isElsewhere,
  type LockOwner,
  ownerFileName,
  parseOwnerFileName,
} from './lock-owner.js';

/** A held lock on one file. */
export interface FileLock {
  readonly path: string;
  /** Writes the new content beside the file; nothing is visible yet. Throws E_IO. */
  stage(data: Uint8Array): void;
  /** Puts what was staged in the place of the file and gives the lock up. Throws E_IO. */
  commit(): void;
  /** Gives the lock up; what was staged is dropped. Does nothing after `commit`. */
  release(): void;
}

/** Times the patience with one holder that others are waited for who keep coming first. */
const mostHolders = 12;

/**
 * Waits for the lock of `path` with growing, jittered pauses: up to `disk.lockTimeoutMs` for one holder, and longer only while it goes from
 * hand to hand, so that each of many writers gets through.
 *
 * Throws E_LOCKED (details: {file, ageMs, owner}) and E_IO.
 */
export async function acquireLock(disk: Disk, path: string): Promise<FileLock> {
  const claim = claimFor(disk, `${path}.lock`);
  const startedAt = performance.now();
  let [holder, since] = ['', startedAt];
  try {
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      if (tryTake(claim)) return heldLock(claim, path);
      if (removeIfDead(claim)) continue;
      const [now, seen] = [performance.now(), stateOf(claim)];
      if (holder !== '' && seen !== holder) since = now;
      holder = seen;
      if (now - since > disk.lockTimeoutMs || now - startedAt > disk.lockTimeoutMs * mostHolders)
        throw lockedError(claim);
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  } catch (error) {
    dropOwner(claim);
    throw error;
  }
}

/** Another one when another holder has the lock, or this one has written. Throws E_IO. */
function stateOf({ disk, lockPath }: Claim): string {
  const stat = disk.fs.lstat(lockPath);
  return stat === undefined ? 'free' : `${stat.ino} ${stat.ctimeNs}`;
}

/** The lock if it is free now; undefined otherwise. Throws E_IO. */
export function tryLock(disk: Disk, path: string): FileLock | undefined {
  const claim = claimFor(disk, `${path}.lock`);
  try {
    if (tryTake(claim)) return heldLock(claim, path);
  } catch (error) {
    dropOwner(claim);
    throw error;
  }
  dropOwner(claim);
  return undefined;
}

/** Runs `use` while holding the lock of `path`; the lock is given up whatever happens. */
export async function withLock<T>(disk: Disk, path: string, use: (lock: FileLock) => T): Promise<T> {
  const lock = await acquireLock(disk, path);
  try {
    return use(lock);
  } finally {
    lock.release();
  }
}

interface Claim {
  readonly disk: Disk;
  readonly lockPath: string;
  readonly key: string;
  readonly self: LockOwner;
  /** Undefined on a file system without hard links: the lock then has no recorded owner and is never taken over. */
  ownerPath: string | undefined;
}

function claimFor(disk: Disk, lockPath: string): Claim {
  // Relative, so that a repository may be moved, and be mounted in several places.
  const name = relative(disk.ownersDir, lockPath);
  const key = createHash('sha1').update(name).digest('hex').slice(0, 16);
  const self = currentOwner(disk.fs);
  const ownerPath = join(disk.ownersDir, ownerFileName(key, self));
  try {
    ensureFolder(disk, disk.ownersDir);
    disk.fs.createFile(ownerPath, new Uint8Array());
  } catch (error) {
    removeQuietly(disk.fs, ownerPath);
    throw ioError('lock', lockPath, error);
  }
  return { disk, lockPath, key, self, ownerPath };
}

/** Locks of this process that the system would not remove, and their owner's files. */
const abandoned = new Map<string, string>();

/**
 * Gives a lock up. What was done under it is done, or has failed for another reason, so that a system that will not remove the file fails
 * nothing else: the lock stays ours, and goes when it is next asked for, or as that of a dead process.
 */
function removeLock(claim: Claim): void {
  try {
    removeIfPresent(claim.disk.fs, claim.lockPath);
  } catch (error) {
    if (!isConfigError(error, 'E_IO')) throw error;
    if (claim.ownerPath !== undefined) abandoned.set(claim.lockPath, claim.ownerPath);
    return;
  }
  dropOwner(claim);
}

/** Throws E_IO. */
function removeAbandoned(claim: Claim): boolean {
  const ownerPath = abandoned.get(claim.lockPath);
  if (ownerPath === undefined || !isSameFile(claim, ownerPath)) return false;
  removeIfPresent(claim.disk.fs, claim.lockPath);
  removeIfPresent(claim.disk.fs, ownerPath);
  return abandoned.delete(claim.lockPath);
}

const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

function tryTake(claim: Claim): boolean {
  const { fs } = claim.disk;
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (claim.ownerPath === undefined) fs.createFile(claim.lockPath, new Uint8Array());
      else fs.link(claim.ownerPath, claim.lockPath);
      return true;
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (code === 'EEXIST') {
        if (removeAbandoned(claim)) continue;
        return false;
      }
      // Another process may remove an emptied folder between the two calls.
      if (code === 'ENOENT' && attempt < 5) ensureFolder(claim.disk, dirname(claim.lockPath));
      else if (noLinks.has(code) && claim.ownerPath !== undefined) dropOwner(claim);
      else throw ioError('lock', claim.lockPath, error);
    }
  }
}

/** An owner's file that stays does no harm: without its lock it says nothing. So a failure here fails nothing else. */
function dropOwner(claim: Claim): void {
  const { ownerPath } = claim;
  claim.ownerPath = undefined;
  if (ownerPath === undefined) return;
  try {
    claim.disk.fs.unlink(ownerPath);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function heldLock(claim: Claim, path: string): FileLock {
  const { fs, sync } = claim.disk;
  let held = true;
  return {
    path,
    stage: (data) => {
      try {
        fs.appendFile(claim.lockPath, data, { sync });
      } catch (error) {
        throw ioError('write', claim.lockPath, error);
      }
    },
    commit: () => {
      try {
        fs.rename(claim.lockPath, path);
      } catch (error) {
        throw ioError('write', path, error);
      }
      held = false;
      dropOwner(claim);
      if (sync) syncFolder(fs, dirname(path));
    },
    release: () => {
      if (!held) return;
      held = false;
      removeLock(claim);
    },
  };
}

/**
 * Takes a dead process's lock away. Renaming its owner file to a name of ours succeeds for one process only, and makes us the
 * owner of that very lock (same inode): from then on nobody else may remove it, so a live lock is never stolen.
 */
function removeIfDead(claim: Claim): boolean {
  const { fs } = claim.disk;
  let removed = false;
  for (const { name, owner } of recordedOwners(claim)) {
    if (!isDead(owner, claim.self, fs)) continue;
    const claimed = join(claim.disk.ownersDir, ownerFileName(claim.key, claim.self));
    if (!renameIfPresent(claim, join(claim.disk.ownersDir, name), claimed)) continue;
    if (isSameFile(claim, claimed)) removed = removeIfPresent(fs, claim.lockPath);
    removeIfPresent(fs, claimed);
  }
  return removed;
}

function recordedOwners(claim: Claim): { name: string; owner: LockOwner }[] {
  return claim.disk.fs.readdir(claim.disk.ownersDir).flatMap(({ name }) => {
    const parsed = parseOwnerFileName(name);
    return parsed?.key === claim.key ? [{ name, owner: parsed.owner }] : [];
  });
}

function renameIfPresent(claim: Claim, from: string, to: string): boolean {
  try {
    claim.disk.fs.rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw ioError('take over', claim.lockPath, error);
  }
}

function isSameFile(claim: Claim, ownerPath: string): boolean {
  const lock = claim.disk.fs.lstat(claim.lockPath);
  const owner = claim.disk.fs.lstat(ownerPath);
  return lock !== undefined && lock.ino === owner?.ino && lock.dev === owner.dev;
}

function lockedError(claim: Claim): ConfigError {
  const { fs } = claim.disk;
  const holder = recordedOwners(claim).find(({ name }) =>
    isSameFile(claim, join(claim.disk.ownersDir, name)),
  );
  const stat = fs.lstat(claim.lockPath);
  const ageMs = stat === undefined ? 0 : Math.max(0, Date.now() - Number(stat.mtimeNs / 1_000_000n));
  const who =
    holder === undefined ? 'another program' : `process ${holder.owner.pid} on ${holder.owner.host}`;
  return new ConfigError(
    'E_LOCKED',
    `'${claim.lockPath}' is held by ${who}, for ${Math.round(ageMs / 1000)} s`,
    {
      hint: wayOut(claim, holder?.owner),
      details: {
        file: claim.lockPath,
        ageMs,
        owner: holder === undefined ? null : { pid: holder.owner.pid, host: holder.owner.host },
      },
    },
  );
}

function wayOut({ lockPath, self }: Claim, owner: LockOwner | undefined): string {
  if (owner === undefined) return `if no git or cfg command is running, remove '${lockPath}'`;
  if (!isElsewhere(owner, self)) return 'wait for it to end, then run the command again';
  return 'wait for it to end; if it died, cfg fsck --repair removes a lock that is ten minutes old';
}
