import { ConfigError } from '../../errors.js';
import type { FileStat } from '../fs.js';
import { objectOid } from '../objects/oid.js';
import type { FileEntry, RepoPath } from '../types.js';
import { isFile, modeOf, readContent } from './content.js';
import type { WorktreeContext } from './context.js';
import type { Folders } from './folders.js';

/**
 * What must not be lost when a file is put at `path`: a file or symlink in the place of a folder above it, or the files in a folder that stands there; what is
 * in `removals` goes anyway. A file at the path itself is for the caller to judge. Throws E_IO.
 */
export function obstaclesOf(
  folders: Folders,
  path: RepoPath,
  removals: ReadonlySet<RepoPath>,
): readonly RepoPath[] {
  const obstacle = folders.obstacle(path);
  if (obstacle !== undefined) return removals.has(obstacle) ? [] : [obstacle];
  if (folders.stat(path)?.kind !== 'directory') return [];
  return folders.filesBelow(path).filter((file) => !removals.has(file));
}

/** Whether a file has this content and mode. */
export function holds(
  { disk, root, rules }: WorktreeContext,
  { path, mode, oid }: FileEntry,
  stat: FileStat,
): boolean {
  if (!isFile(stat) || modeOf(stat, rules, mode) !== mode) return false;
  return objectOid('blob', readContent(disk.fs, `${root}/${path}`, stat.kind)) === oid;
}

/** Throws E_LOCAL_CHANGES when there are any. */
export function refuseToOverwrite(paths: readonly RepoPath[]): void {
  if (paths.length === 0) return;
  const sorted = [...new Set(paths)].toSorted();
  const more = sorted.length > 1 ? ` and ${sorted.length - 1} more` : '';
  throw new ConfigError('E_LOCAL_CHANGES', `would overwrite what is not committed: '${sorted[0]}'${more}`, {
    hint: "commit the files, move them away, or drop the changes with 'cfg restore'",
    details: { paths: sorted },
  });
}
