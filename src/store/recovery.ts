/**
 * Clears away what processes that died left behind: their locks (git would wait for them forever), their temporary files, and what they had
 * begun to do to several refs, which is finished or taken back. All of it stands in one folder, under the names of its owners.
 */
import { join } from 'node:path';
import { isConfigError } from '../errors.js';
import { type Disk, errnoOf, ioError, listIfPresent, removeIfPresent } from './disk.js';
import type { Layout } from './layout.js';
import { acquireLock } from './lock.js';
import { lockFiles } from './lock-files.js';
import { currentOwner, isDead, ownedPath, parseOwnerFileName } from './lock-owner.js';
import { FileRefs } from './refs/file-refs.js';
import { journalKey, layoutOf, readJournal, remainingEdits } from './refs/journal.js';
import { dropStrayLogs, transact } from './refs/transaction.js';

/**
 * Looks into one folder, which is empty unless others are at work or have died. A repository that cannot be written is left as it is: it can
 * be read all the same. Throws E_CORRUPT.
 */
export async function recover(disk: Disk, layout: Layout): Promise<void> {
  try {
    const dead = leftovers(disk);
    if (dead.length === 0) return;
    await removeLocks(disk, layout, dead);
    for (const { key, path } of dead)
      if (key === journalKey) await settleJournal(disk, layout, path);
      else removeAll(disk, path);
  } catch (error) {
    if (!isConfigError(error, 'E_IO', 'E_LOCKED', 'E_STALE')) throw error;
  }
}

interface Leftover {
  readonly key: string;
  readonly path: string;
}

function leftovers({ fs, ownersDir }: Disk): Leftover[] {
  const entries = listIfPresent(fs, ownersDir);
  if (entries.length === 0) return [];
  const self = currentOwner(fs);
  return entries.flatMap(({ name }) => {
    const parsed = parseOwnerFileName(name);
    if (parsed === undefined || !isDead(parsed.owner, self, fs)) return [];
    return [{ key: parsed.key, path: join(ownersDir, name) }];
  });
}

/**
 * A lock is its owner's file under a second name. The lock protocol itself takes it over, so that a live one is never touched. Wherever it
 * stands: its owner's file goes now, and nobody could take it over any more.
 */
async function removeLocks(disk: Disk, layout: Layout, dead: readonly Leftover[]): Promise<void> {
  const inodes = new Set(dead.flatMap(({ path }) => disk.fs.lstat(path)?.ino ?? []));
  for (const path of lockFiles(disk.fs, layout)) {
    if (!inodes.has(disk.fs.lstat(path)?.ino ?? -1)) continue;
    (await acquireLock({ ...disk, lockTimeoutMs: 0 }, path.slice(0, -'.lock'.length))).release();
  }
}

/**
 * Only one process can take a journal over by renaming it to a name of its own. What cannot be settled now goes back under the name of the
 * dead one: nobody else would look at it as long as this process lives.
 */
async function settleJournal(disk: Disk, layout: Layout, path: string): Promise<void> {
  const own = ownedPath(disk, journalKey);
  if (!takeOver(disk, path, own)) return;
  try {
    await settle(disk, layout, own);
  } catch (error) {
    takeOver(disk, own, path);
    throw error;
  }
  removeIfPresent(disk.fs, own);
}

/** Whether it was still there. */
function takeOver({ fs }: Disk, from: string, to: string): boolean {
  try {
    fs.rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw ioError('take over', from, error);
  }
}

async function settle(disk: Disk, layout: Layout, path: string): Promise<void> {
  const journal = readJournal(disk, path);
  if (journal === undefined) return;
  const refs = new FileRefs(disk, layoutOf(journal, layout), true);
  const edits = remainingEdits(refs, journal).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const reflogs = new Map(
    Object.entries(journal.reflogs).map(([name, text]) => [name, Buffer.from(text, 'latin1')]),
  );
  dropStrayLogs(
    refs,
    journal.changes.map(({ name, after }) => ({ name, value: after })),
  );
  // Removed before they are made again: one name may be a folder of the other.
  const gone = edits.filter(({ value }) => value === null);
  const back = edits.filter(({ value }) => value !== null);
  for (const phase of [gone, back]) if (phase.length > 0) await transact(refs, phase, journal.log, reflogs);
}

/** A file, or a folder of files. */
function removeAll({ fs }: Disk, path: string): void {
  if (fs.lstat(path)?.kind !== 'directory') {
    removeIfPresent(fs, path);
    return;
  }
  for (const { name } of listIfPresent(fs, path)) removeIfPresent(fs, join(path, name));
  try {
    fs.rmdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw ioError('remove', path, error);
  }
}
