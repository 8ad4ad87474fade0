/** Damaged files are never thrown away: they go to `cfg/lost-found` in the Git folder, where somebody may still learn from them. */
import { basename, join } from 'node:path';
import { ensureFolder, ioError, readIfPresent, temporaryName } from '../disk.js';
import type { Premises } from './premises.js';
import { moveIfPresent } from './remove.js';

/** Moves a file there. Throws E_IO. */
export function moveAside(premises: Premises, path: string): void {
  moveIfPresent(premises.disk, path, placeFor(premises, path));
}

/** Copies a file there, so that readers of the original are not disturbed. Throws E_IO. */
export function copyAside(premises: Premises, path: string): void {
  const data = readIfPresent(premises.disk.fs, path);
  if (data === undefined || data.length === 0) return;
  const place = placeFor(premises, path);
  try {
    premises.disk.fs.createFile(place, data);
  } catch (error) {
    throw ioError('write', place, error);
  }
}

function placeFor({ disk, layout }: Premises, path: string): string {
  const folder = join(layout.commonDir, 'cfg', 'lost-found');
  ensureFolder(disk, folder);
  const name = basename(path);
  return join(folder, temporaryName(/^[0-9a-f]{38}$/.test(name) ? path.slice(-41, -39) + name : name));
}
