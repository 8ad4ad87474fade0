/** Where locks stand. */
import { join } from 'node:path';
import { listIfPresent } from './disk.js';
import type { Fs } from './fs.js';
import type { Layout } from './layout.js';

/**
 * Every lock file of a repository and of all its worktrees, its own or git's: anywhere in the Git folder but beside single objects, which
 * nobody locks, and in submodules, which are repositories of their own. Throws E_IO.
 */
export function lockFiles(fs: Fs, { gitDir, commonDir }: Layout): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const { name, kind } of listIfPresent(fs, folder)) {
      const path = join(folder, name);
      if (name.endsWith('.lock') && kind !== 'directory') found.push(path);
      else if (kind === 'directory' && !isPassedOver(folder, name)) visit(path);
    }
  };
  const isPassedOver = (folder: string, name: string): boolean =>
    (folder === commonDir && name === 'modules') ||
    (folder === join(commonDir, 'objects') && name.length === 2);
  visit(commonDir);
  if (gitDir !== commonDir && !gitDir.startsWith(`${commonDir}/`)) visit(gitDir);
  return found;
}
