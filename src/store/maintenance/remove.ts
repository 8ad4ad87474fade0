/**
 * Takes objects away while others may be writing. A writer that finds an object in place makes its file young and relies on it; so a
 * file first gets another name, and only when it is still as old as it was it goes for good. A writer that comes later finds nothing
 * there and writes the object again.
 */
import { dirname, join } from 'node:path';
import { type Disk, ioError, removeIfPresent, temporaryName } from '../disk.js';
import { errnoOf } from '../fs.js';
import type { PackFile, StoredFile } from './inventory.js';

/** Removes a file unless it was used since `stat` was taken; says whether it is gone. Throws E_IO. */
export function removeUnused(disk: Disk, { path, stat }: StoredFile): boolean {
  const aside = join(dirname(path), temporaryName('tmp_obj'));
  if (!moveIfPresent(disk, path, aside)) return true;
  if (disk.fs.lstat(aside)?.mtimeNs === stat.mtimeNs) {
    removeIfPresent(disk.fs, aside);
    return true;
  }
  moveIfPresent(disk, aside, path);
  return false;
}

/** Removes a pack unless it was used since `stat` was taken: its index first, so that nobody opens it any more. Throws E_IO. */
export function removeUnusedPack(disk: Disk, pack: PackFile): boolean {
  const aside = join(dirname(pack.path), temporaryName('tmp_idx'));
  if (!moveIfPresent(disk, pack.indexPath, aside)) return true;
  let isGone = false;
  try {
    isGone = removeUnused(disk, pack);
  } finally {
    // Also when it could not be moved: a pack that stays is one that is seen.
    if (!isGone && disk.fs.lstat(pack.path) !== undefined) moveIfPresent(disk, aside, pack.indexPath);
  }
  if (!isGone) return false;
  for (const path of [aside, ...pack.companions]) removeIfPresent(disk.fs, path);
  return true;
}

/** Says whether the file was there. Throws E_IO. */
export function moveIfPresent({ fs }: Disk, from: string, to: string): boolean {
  try {
    fs.rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw ioError('move', from, error);
  }
}
