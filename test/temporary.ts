import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run may need at most: most of its files are gone within a second. */
const room = 4 * 2 ** 30;

/**
 * All temporary files of a run go into one folder, which goes with them when it ends: in memory where there is room, since thousands of
 * repositories are made there that wait for their disk at every commit. `TMPDIR` names another place.
 */
export function setup(): void {
  const parent = process.env['TMPDIR'] ?? (roomIn('/dev/shm') >= room ? '/dev/shm' : tmpdir());
  dir = mkdtempSync(join(parent, 'cfg-test-'));
  // As of any folder for temporary files: some tests run as another user.
  chmodSync(dir, 0o1777);
  process.env['TMPDIR'] = dir;
}

/** Removes it. */
export function teardown(): void {
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}

let dir: string | undefined;

/** Free bytes of the file system of a folder; 0 where there is none. */
function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
