import { basename, join } from 'node:path';
import { ownedPath, temporaryKey } from '../lock-owner.js';
import { statFile } from './content.js';
import type { WorktreeContext } from './context.js';

/**
 * A name for a file or folder on its way into the worktree. It stands with what else processes have open, where nobody takes it for a file of
 * the worktree and where it is cleared away when its process dies; only a worktree on a file system of its own has it in its top folder, as a
 * rename works within one. Throws E_IO.
 */
export function temporaryPath({ disk, root }: WorktreeContext): string {
  const path = ownedPath(disk, temporaryKey);
  const isNear = statFile(disk.fs, disk.ownersDir)?.dev === statFile(disk.fs, root)?.dev;
  return isNear ? path : join(root, `.cfg-${basename(path)}`);
}
